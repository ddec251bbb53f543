/*
 * Searches a model breadth first, and keeps every state whole. It is written to be obviously right, not to be fast.
 *
 *     cc -std=c11 -O2 driver.c model.c -o search && ./search
 *
 * Its depth is the number of levels: 1 if there are only initial states. It prints a line for each number, a line for each watch that was shown, with the number of steps to it, and the
 * steps to the first violation. Exit codes: 0 no violation, 1 a violation, 2 out of memory.
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

int main(void) {
  u64 transitions = 0, level_end, depth = 1;
  u64 found_at[WATCHES], steps_to[WATCHES];
  u32 found_where[WATCHES] = {0}, found_thread[WATCHES];
  int first = -1;
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
      if (all->found[w] == NOT_FOUND || found_where[w] != NOT_FOUND) continue;
      found_where[w] = all->found[w];
      found_thread[w] = all->thread[w];
      found_at[w] = n;
      steps_to[w] = depth - (all->found[w] == IN_STATE);
    }
    for (u32 s = 0; s < all->successors; s++) add(all->states + s * WORDS, n, all->edges[s], all->threads[s]);
  }
  printf("model %s\nstates %" PRIu64 "\ntransitions %" PRIu64 "\ndepth %" PRIu64 "\n", MODEL, count, transitions, depth);
  for (u32 w = 0; w < WATCHES; w++) {
    if (found_where[w] == NOT_FOUND) continue;
    printf("%s %s %s after %" PRIu64 " steps\n", model_watches[w].is_violation ? "violated" : "shown",
           model_watches[w].kind, model_watches[w].name, steps_to[w]);
    if (model_watches[w].is_violation && (first < 0 || steps_to[w] < steps_to[first])) first = (int)w;
  }
  if (first < 0) return 0;
  printf("the steps to %s\n", model_watches[first].name);
  print_steps(found_at[first]);
  if (found_where[first] == IN_TRANSITION) printf("  %s: in its next step\n", model_threads[found_thread[first]]);
  return 1;
}
