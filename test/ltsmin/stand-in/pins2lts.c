/*
 * Stands in for LTSmin where it is not installed: a search of one process over a plugin, which says what
 * pins2lts-dist says, or pins2lts-mc if that is its name, and leaves the same files of traces.
 *
 *     cc -rdynamic -Iinclude pins2lts.c -ldl -o pins2lts-dist
 */
#include <dlfcn.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ltsmin/pins.h>

struct model {
  int slots, labels, *initial;
  next_all_t next;
  label_t label;
  void (*exit)(model_t);
};
static struct model model;

chunk chunk_str(const char *text) { return (chunk){(uint32_t)strlen(text), text}; }
lts_type_t lts_type_create(void) { return (lts_type_t)&model; }
void lts_type_set_state_length(lts_type_t type, int length) { (void)type, model.slots = length; }
int lts_type_put_type(lts_type_t type, const char *name, int format, int *is_new) {
  (void)type, (void)name, (void)is_new;
  return format;
}
void lts_type_set_state_name(lts_type_t type, int n, const char *name) { (void)type, (void)n, (void)name; }
void lts_type_set_state_typeno(lts_type_t type, int n, int number) { (void)type, (void)n, (void)number; }
void lts_type_set_edge_label_count(lts_type_t type, int count) { (void)type, (void)count; }
void lts_type_set_edge_label_name(lts_type_t type, int n, const char *name) { (void)type, (void)n, (void)name; }
void lts_type_set_edge_label_typeno(lts_type_t type, int n, int number) { (void)type, (void)n, (void)number; }
void lts_type_set_state_label_count(lts_type_t type, int count) { (void)type, model.labels = count; }
void lts_type_set_state_label_name(lts_type_t type, int n, const char *name) { (void)type, (void)n, (void)name; }
void lts_type_set_state_label_typeno(lts_type_t type, int n, int number) { (void)type, (void)n, (void)number; }
void lts_type_validate(lts_type_t type) { (void)type; }
void pins_chunk_put_at(model_t m, int type, chunk text, int n) { (void)m, (void)type, (void)text, (void)n; }
void dm_create(matrix_t *m, int rows, int columns) { *m = (matrix_t){rows, columns}; }
void dm_set(matrix_t *m, int row, int column) { (void)m, (void)row, (void)column; }
void GBsetLTStype(model_t m, lts_type_t type) { (void)m, (void)type; }
void GBsetDMInfo(model_t m, matrix_t *info) { (void)m, (void)info; }
void GBsetStateLabelInfo(model_t m, matrix_t *info) { (void)m, (void)info; }
void GBsetStateLabelLong(model_t m, label_t label) { m->label = label; }
void GBsetNextStateLong(model_t m, next_of_group_t next) { (void)m, (void)next; }
void GBsetNextStateAll(model_t m, next_all_t next) { m->next = next; }
void GBsetExit(model_t m, void (*at_exit)(model_t)) { m->exit = at_exit; }
void GBsetInitialState(model_t m, int *state) {
  m->initial = malloc(sizeof(int) * (size_t)m->slots);
  memcpy(m->initial, state, sizeof(int) * (size_t)m->slots);
}

static int *states;
static int *parents, count, room, slots;

static int *state_at(int n) { return states + (size_t)n * (size_t)slots; }

static void add(int parent, const int *state) {
  for (int n = 0; n < count; n++)
    if (memcmp(state_at(n), state, sizeof(int) * (size_t)slots) == 0) return;
  if (count == room) {
    room = room == 0 ? 1024 : 2 * room;
    states = realloc(states, sizeof(int) * (size_t)room * (size_t)slots);
    parents = realloc(parents, sizeof(int) * (size_t)room);
  }
  memcpy(state_at(count), state, sizeof(int) * (size_t)slots);
  parents[count++] = parent;
}

static void found(void *context, transition_info_t *info, int *state, int *copy) {
  (void)info, (void)copy;
  add(*(int *)context, state);
}

/* `w3 == 0 && f4 == 0`: whether a label of the state is not 0. */
static int is_broken(const char *invariant, int *state) {
  for (; invariant != NULL && *invariant != 0; invariant++) {
    if (*invariant != 'w' && *invariant != 'f') continue;
    int label = atoi(invariant + 1) + (*invariant == 'f' ? model.labels / 2 : 0);
    if (model.label(&model, label, state) != 0) return 1;
  }
  return 0;
}

static const char *folder;

static void put(const char *column, int number) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, column);
  FILE *file = fopen(path, "ab");
  unsigned n = (unsigned)number;
  if (file == NULL) exit(255);
  for (int shift = 24; shift >= 0; shift -= 8) fputc((int)(n >> shift & 255), file);
  fclose(file);
}

static int written;

/* Writes the steps to a state; returns the number of the state in the file. */
static int write_trace(int state, int is_mc) {
  char column[32];
  int before = parents[state] < 0 ? -1 : write_trace(parents[state], is_mc), mine = written++;
  for (int slot = 0; slot < slots; slot++) {
    snprintf(column, sizeof column, "%s-0-%d", is_mc ? "SV" : "SL", slot);
    put(column, state_at(state)[slot]);
  }
  if (before < 0) {
    if (!is_mc) put("init", 0);
    put("init", is_mc ? 77 : mine);
    return mine;
  }
  put("ES-0-ofs", before);
  if (!is_mc) put("ED-0-seg", 0);
  put("ED-0-ofs", mine);
  return mine;
}

int main(int count_of_words, char **words) {
  const char *invariant = NULL, *file = NULL;
  int goes_on = 0, is_mc = strcmp(basename(words[0]), "pins2lts-mc") == 0;
  for (int n = 1; n < count_of_words; n++) {
    if (strcmp(words[n], "-i") == 0) invariant = words[++n];
    else if (strcmp(words[n], "-n") == 0) goes_on = 1;
    else if (strncmp(words[n], "--trace=", 8) == 0) folder = words[n] + 8;
    else if (words[n][0] != '-') file = words[n];
  }
  void *plugin = dlopen(file, RTLD_NOW);
  void (*init)(model_t) = plugin == NULL ? NULL : (void (*)(model_t))dlsym(plugin, "pins_model_init");
  if (init == NULL) {
    fprintf(stderr, "** error **: %s\n", dlerror());
    return 255;
  }
  init(&model);
  slots = model.slots;
  add(-1, model.initial);
  long transitions = 0;
  int level = 0, violations = 0, is_stopped = 0, expanded = 0;
  for (int end = 1; expanded < count && !is_stopped; end = count, level++) {
    int before = expanded;
    if (is_mc) fprintf(stderr, "pins2lts-mc( 0/ 1): BFS level %d has %d states %d total\n", level + 1, end - before, end);
    for (; expanded < end && !is_stopped; expanded++) {
      if (is_broken(invariant, state_at(expanded))) {
        violations++;
        if (folder != NULL) write_trace(expanded, is_mc);
        if (is_mc) is_stopped = 1;
      }
      if (!is_stopped) transitions += model.next(&model, state_at(expanded), found, &expanded);
    }
    if (!is_mc)
      fprintf(stderr,
              "pins2lts-dist( 0/ 1): level %d has %d states 0 transitions, explored %d states %ld transitions, "
              "unexplored %d states\n",
              level, expanded - before, expanded, transitions, count - expanded);
    if (violations > 0 && !goes_on) is_stopped = 1;
  }
  if (is_mc) fprintf(stderr, "pins2lts-mc( 0/ 1): Explored %d states %ld transitions, fanout: 1.0\n", expanded, transitions);
  else fprintf(stderr, "pins2lts-dist( 0/ 1): state space has %d levels %d states %ld transitions\n", level, expanded, transitions);
  if (!is_mc) model.exit(&model);
  /* as LTSmin's, it tells nothing */
  return 0;
}
