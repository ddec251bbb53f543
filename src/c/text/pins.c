/*
 * The model as a plugin of LTSmin, over packed words: a slot of LTSmin is half a word.
 *
 *     cc -std=gnu11 -O2 -shared -fPIC -I$LTSMIN/include pins.c model.c -o model.so
 *
 * A group is a thread. The label of an edge is the kind of transition. There are two labels of states for each watch:
 * `w3` is 1 if the state shows the watch with the number 3, 2 if one of its transitions does; `f3` is the same, but 0
 * again once it was asked for and was not 0. So `-i 'w3 == 0'` ends at the first state that shows the watch.
 *
 * Each process says on standard error which watches it has met, and at its end what it has expanded. Lines for programs
 * begin with `hmmcheck:` and end with `;`. SIGUSR1 ends a search early: from then on no state has successors.
 */
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ltsmin/dlopen-api.h>
#include <ltsmin/lts-type.h>
#include <ltsmin/pins-util.h>
#include <ltsmin/pins.h>

#include "model.h"

/* LTSmin has one initial state. Where the model has several, one more leads to them: its last word is 1. */
#define PACKED (WORDS + (INITIAL > 1))
#define SLOTS (2 * PACKED)

char pins_plugin_name[] = MODEL;

static u64 expanded_states, expanded_transitions;
static unsigned char is_met[WATCHES], is_asked[WATCHES];
static volatile sig_atomic_t is_ended;

static int is_before_all(const u64 *state) { return INITIAL > 1 && state[PACKED - 1] == 1; }

/* A line in one piece: no other process can write into it. */
static void say(const char *line, size_t length) {
  if (write(2, line, length) < 0) return;
}

static void meet(u32 watch) {
  char line[64];
  is_met[watch] = 1;
  say(line, (size_t)snprintf(line, sizeof line, "hmmcheck: met %u;\n", watch));
}

/* The expansion of a state. LTSmin asks for the labels of a state, and then for its transitions. */
static const struct expansion *expansion_of(const u64 *state) {
  static u64 last[WORDS];
  static const struct expansion *all;
  if (all != NULL && memcmp(last, state, sizeof last) == 0) return all;
  memcpy(last, state, sizeof last);
  all = model_expand(state);
  for (u32 watch = 0; watch < WATCHES; watch++)
    if (all->found[watch] != NOT_FOUND && !is_met[watch]) meet(watch);
  return all;
}

static void tell(const u64 *state, u32 edge, u32 group, TransitionCB callback, void *context) {
  u64 copy[PACKED] = {0};
  int label = (int)edge;
  transition_info_t info = GB_TI(&label, (int)group);
  memcpy(copy, state, sizeof(u64) * WORDS);
  callback(context, &info, (int *)copy, NULL);
}

static int successors(const int *slots, int group, TransitionCB callback, void *context) {
  u64 state[PACKED];
  int told = 0;
  memcpy(state, slots, sizeof state);
  if (is_ended) return 0;
  if (is_before_all(state)) {
    for (u32 n = 0; group <= 0 && n < INITIAL; n++, told++) tell(model_initial[n], EDGES, 0, callback, context);
    return told;
  }
  const struct expansion *all = expansion_of(state);
  for (u32 n = 0; n < all->successors; n++) {
    if (group >= 0 && all->threads[n] != (u32)group) continue;
    tell(all->states + n * WORDS, all->edges[n], all->threads[n], callback, context);
    told++;
  }
  if (group <= 0) expanded_states++;
  expanded_transitions += (u64)told;
  return told;
}

static int next_all(model_t model, int *slots, TransitionCB callback, void *context) {
  (void)model;
  return successors(slots, -1, callback, context);
}

static int next_of_group(model_t model, int group, int *slots, TransitionCB callback, void *context) {
  (void)model;
  return successors(slots, group, callback, context);
}

static int is_shown(model_t model, int label, int *slots) {
  u64 state[PACKED];
  const int watch = label % WATCHES;
  (void)model;
  memcpy(state, slots, sizeof state);
  if (is_ended || is_before_all(state)) return 0;
  const int shown = (int)expansion_of(state)->found[watch];
  if (label < WATCHES || shown == NOT_FOUND) return shown;
  if (is_asked[watch]) return 0;
  is_asked[watch] = 1;
  return shown;
}

/* Bytes of memory that this process takes, with its share of what it has in common with others. */
static u64 bytes(void) {
  struct rusage usage;
  char line[256];
  u64 kilobytes = 0;
  FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
  while (rollup != NULL && fgets(line, sizeof line, rollup) != NULL)
    if (sscanf(line, "Pss: %" SCNu64, &kilobytes) == 1) break;
  if (rollup != NULL) fclose(rollup);
  if (kilobytes == 0 && getrusage(RUSAGE_SELF, &usage) == 0) kilobytes = (u64)usage.ru_maxrss;
  return 1024 * kilobytes;
}

/* Milliseconds of processor time that this process has taken. */
static u64 milliseconds(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return 1000 * (u64)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (u64)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* Truth values as hexadecimal digits, four to a digit: the first is the least bit of the first digit. */
static char *digits(char *to, const unsigned char *truths, u32 count) {
  for (u32 n = 0; n < count; n += 4) {
    u32 digit = 0;
    for (u32 k = 0; k < 4 && n + k < count; k++) digit |= (u32)(truths[n + k] != 0) << k;
    *to++ = "0123456789abcdef"[digit];
  }
  *to = 0;
  return to;
}

static void say_end(void) {
  static int is_said;
  char line[256 + WATCHES / 4 + (EDGES + BRANCHES) / 4], *at = line;
  if (is_said++) return;
  at += sprintf(at, "hmmcheck: rank %" PRIu64 " states %" PRIu64 " transitions %" PRIu64 " bytes %" PRIu64
                    " milliseconds ended %d met ",
                expanded_states, expanded_transitions, bytes(), milliseconds(), (int)is_ended);
  at = digits(at, is_met, WATCHES);
  at += sprintf(at, " taken ");
  at = digits(at, model_taken, EDGES + BRANCHES);
  at += sprintf(at, ";\n");
  say(line, (size_t)(at - line));
}

static void at_end_of_model(model_t model) {
  (void)model;
  say_end();
}

static void end(int signal) {
  (void)signal;
  is_ended = 1;
}

static void name_labels(lts_type_t type, int number) {
  char name[32];
  lts_type_set_state_label_count(type, 2 * WATCHES);
  for (int n = 0; n < 2 * WATCHES; n++) {
    snprintf(name, sizeof name, "%c%d", n < WATCHES ? 'w' : 'f', n % WATCHES);
    lts_type_set_state_label_name(type, n, name);
    lts_type_set_state_label_typeno(type, n, number);
  }
}

void pins_model_init(model_t model) {
  static matrix_t everything, labels;
  char name[32];
  u64 initial[PACKED] = {0};
  lts_type_t type = lts_type_create();
  lts_type_set_state_length(type, SLOTS);
  const int number = lts_type_put_type(type, "int", LTStypeSInt32, NULL);
  const int action = lts_type_put_type(type, "action", LTStypeEnum, NULL);
  for (int n = 0; n < SLOTS; n++) {
    snprintf(name, sizeof name, "s%d", n);
    lts_type_set_state_name(type, n, name);
    lts_type_set_state_typeno(type, n, number);
  }
  lts_type_set_edge_label_count(type, 1);
  lts_type_set_edge_label_name(type, 0, "action");
  lts_type_set_edge_label_typeno(type, 0, action);
  name_labels(type, number);
  lts_type_validate(type);
  GBsetLTStype(model, type);
  for (int n = 0; n <= EDGES; n++) {
    snprintf(name, sizeof name, "e%d", n);
    pins_chunk_put_at(model, action, chunk_str(name), n);
  }
  dm_create(&everything, THREADS, SLOTS);
  for (int group = 0; group < THREADS; group++)
    for (int n = 0; n < SLOTS; n++) dm_set(&everything, group, n);
  GBsetDMInfo(model, &everything);
  dm_create(&labels, 2 * WATCHES, SLOTS);
  for (int label = 0; label < 2 * WATCHES; label++)
    for (int n = 0; n < SLOTS; n++) dm_set(&labels, label, n);
  GBsetStateLabelInfo(model, &labels);
  GBsetStateLabelLong(model, is_shown);
  GBsetNextStateLong(model, next_of_group);
  GBsetNextStateAll(model, next_all);
  GBsetExit(model, at_end_of_model);
  atexit(say_end);
  signal(SIGUSR1, end);
  if (INITIAL > 1) initial[PACKED - 1] = 1;
  else memcpy(initial, model_initial[0], sizeof(u64) * WORDS);
  GBsetInitialState(model, (int *)initial);
}
