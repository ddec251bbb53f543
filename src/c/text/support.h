/* What the functions of model.c work with. Only model.c includes it. */
#ifndef SUPPORT_H
#define SUPPORT_H

/* The state that is expanded stands at address 0, its successors behind it. An address counts bytes. */
#define WORD(address, n) memory[(address) / 8 + (n)]
static u64 memory[(1 + FAN_OUT) * WORDS];

static struct expansion now;
/* The thread whose transitions are looked for. */
static u32 running;
/* By watch: whether a transition that changes nothing would break the property. */
static u32 unchanging[WATCHES];

unsigned char model_taken[EDGES + BRANCHES];

static inline u64 number_of_truth(u32 truth) { return truth; }

static inline u64 ones(u64 word) {
  u64 n = 0;
  for (; word != 0; word &= word - 1) n++;
  return n;
}

static inline u32 trailing_zeros(u32 word) {
  u32 n = 0;
  for (; n < 32 && (word >> n & 1) == 0; n++) {
  }
  return n;
}

/* A value that the analysis of the model had excluded. */
static inline void unreachable(void) {
  fprintf(stderr, MODEL ": a value was met that the search was not prepared for\n");
  abort();
}

static inline u32 number_of(u32 address) { return address / (8 * WORDS) - 1; }

/* A state or transition shows a watch: it breaks the property, or witnesses it. */
static inline void found(u32 watch, u32 is_shown, u32 where) {
  if (!is_shown || now.found[watch] != NOT_FOUND) return;
  now.found[watch] = where;
  now.thread[watch] = running;
}

static inline void found_in_state(u32 watch, u32 is_shown) { found(watch, is_shown, IN_STATE); }

static inline void found_in_transition(u32 watch, u32 is_shown) { found(watch, is_shown, IN_TRANSITION); }

/* A transition fails: it has no successor. */
static inline void fail(u32 watch) {
  found(watch, 1, IN_TRANSITION);
  now.failures++;
}

static inline u32 breaks_unchanged(u32 watch) { return unchanging[watch]; }

static inline void unchanged(u32 watch, u32 breaks) { unchanging[watch] = breaks; }

/* A transition of this kind was gone through; it may have failed. */
static inline void tried(u32 edge) { model_taken[edge] = 1; }

static inline void branch(u32 number) { model_taken[EDGES + number] = 1; }

/* The transition whose successor stands at the address is of this kind. */
static inline void take(u32 edge, u32 address) {
  tried(edge);
  now.edges[number_of(address)] = edge;
  now.threads[number_of(address)] = running;
}

#endif
