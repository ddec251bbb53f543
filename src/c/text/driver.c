/*
 * Searches a model breadth first, and keeps every state whole. It is written to be obviously right, not to be fast.
 *
 *     cc -std=c11 -O2 driver.c model.c -o search && ./search
 *
 * It prints the numbers of states, of transitions and of levels; a line for each property; and the steps to the first
 * violation. A transition that fails has no successor: then a property that was not shown is undecided.
 *
 * Exit codes: 0 no violation, 1 a violation, 2 out of memory. Read the lines, too: what is unsure, undecided or not
 * judged is no violation, and does not hold either.
 */
#include "model.h"

struct state {
  u64 words[WORDS];
  /* The state that it was first reached from, and the transition; an initial state is its own parent. */
  u64 parent;
  u32 edge, thread;
};

static struct state *states;
static u64 count, room;
/* Numbers of states and 1, by hash; 0 where there is none. A power of two. */
static u64 *table, slots;

static void *checked(void *memory) {
  if (memory == NULL) {
    fprintf(stderr, "out of memory at %" PRIu64 " states\n", count);
    exit(2);
  }
  return memory;
}

static u64 hash(const u64 *words) {
  u64 h = 0;
  for (u32 n = 0; n < WORDS; n++) {
    h = (h ^ words[n]) * 0x9e3779b97f4a7c15ull;
    h ^= h >> 32;
  }
  return h;
}

/* The slot of a state: where it stands, or the empty one where it belongs. */
static u64 slot_of(const u64 *words) {
  u64 slot = hash(words) & (slots - 1);
  while (table[slot] != 0 && memcmp(states[table[slot] - 1].words, words, sizeof(u64) * WORDS) != 0)
    slot = (slot + 1) & (slots - 1);
  return slot;
}

static void grow(void) {
  room = room == 0 ? 1024 : 2 * room;
  slots = 2 * room;
  states = checked(realloc(states, room * sizeof *states));
  free(table);
  table = checked(calloc(slots, sizeof *table));
  for (u64 n = 0; n < count; n++) table[slot_of(states[n].words)] = n + 1;
}

/* Keeps a state that was not met before. */
static void add(const u64 *words, u64 parent, u32 edge, u32 thread) {
  if (count == room) grow();
  u64 slot = slot_of(words);
  if (table[slot] != 0) return;
  struct state *one = &states[count];
  memcpy(one->words, words, sizeof one->words);
  one->parent = parent;
  one->edge = edge;
  one->thread = thread;
  table[slot] = ++count;
}

static void print_steps(u64 state) {
  if (states[state].parent == state) return;
  print_steps(states[state].parent);
  printf("  %s: %s\n", model_threads[states[state].thread], model_edges[states[state].edge]);
}

/* How a property was shown first, by which of its watches; role is NOT_JUDGED if it was not. */
struct shown {
  enum role role;
  u64 state, steps;
  u32 where, thread;
};

static int is_shown(const struct shown *one) { return one->role != NOT_JUDGED; }

/* Whether the one comes before the other; what leaves a property unsure comes before what breaks it as soon. */
static int is_before(const struct shown *one, const struct shown *other) {
  if (!is_shown(other) || one->steps != other->steps) return !is_shown(other) || one->steps < other->steps;
  return one->role == UNSURE && other->role != UNSURE;
}

static const char *verdict_of(const struct watch *property, const struct shown *shown, int is_cut) {
  if (property->role == NOT_JUDGED) return "not judged";
  if (!is_shown(shown)) return is_cut ? "undecided" : property->role == WITNESSES ? "violated" : "holds";
  return shown->role == WITNESSES ? "witnessed" : shown->role == UNSURE ? "unsure" : "violated";
}

int main(void) {
  struct shown shown[WATCHES];
  u64 transitions = 0, level_end, depth = 1;
  int first = -1, is_cut = 0, is_violated = 0;
  for (u32 w = 0; w < WATCHES; w++) shown[w].role = NOT_JUDGED;
  for (u32 n = 0; n < INITIAL; n++) add(model_initial[n], count, 0, 0);
  level_end = count;
  for (u64 n = 0; n < count; n++) {
    if (n == level_end) {
      depth++;
      level_end = count;
    }
    const struct expansion *all = model_expand(states[n].words);
    transitions += all->successors;
    for (u32 w = 0; w < WATCHES; w++) {
      if (all->found[w] == NOT_FOUND) continue;
      const struct watch *watch = &model_watches[w];
      u64 steps = depth - (all->found[w] == IN_STATE);
      struct shown now = {watch->role, n, steps, all->found[w], all->thread[w]};
      if (is_before(&now, &shown[watch->property])) shown[watch->property] = now;
      if (watch->role == FAILS) is_cut = 1;
    }
    for (u32 s = 0; s < all->successors; s++) add(all->states + s * WORDS, n, all->edges[s], all->threads[s]);
  }
  printf("model %s\nstates %" PRIu64 "\ntransitions %" PRIu64 "\ndepth %" PRIu64 "\n", MODEL, count, transitions, depth);
  for (u32 w = 0; w < WATCHES; w++) {
    const struct watch *property = &model_watches[w];
    if ((u32)property->property != w || property->role == PART) continue;
    const char *verdict = verdict_of(property, &shown[w], is_cut);
    printf("%s %s %s", verdict, property->kind, property->name);
    if (is_shown(&shown[w])) printf(" after %" PRIu64 " steps", shown[w].steps);
    printf("\n");
    if (strcmp(verdict, "violated") != 0) continue;
    is_violated = 1;
    if (is_shown(&shown[w]) && (first < 0 || is_before(&shown[w], &shown[first]))) first = (int)w;
  }
  if (first >= 0) {
    printf("the steps to %s\n", model_watches[first].name);
    print_steps(shown[first].state);
    if (shown[first].where == IN_TRANSITION) printf("  %s: in its next step\n", model_threads[shown[first].thread]);
  }
  return is_violated;
}
