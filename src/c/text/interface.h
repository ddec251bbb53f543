
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

/* Where a watch was shown. */
enum { NOT_FOUND, IN_STATE, IN_TRANSITION };

/*
 * What it means that a watch is shown.
 * BREAKS: its property is violated. FAILS: so it is, and what is behind the transition is unknown. WITNESSES: its
 * property asks for that. UNSURE: nothing that is kept of the state changes; what was left out of it might. PART: one
 * step of a relation, which only all of them decide. NOT_JUDGED: it is never shown, since states do not decide it.
 */
enum role { BREAKS, FAILS, WITNESSES, UNSURE, PART, NOT_JUDGED };

/* What is looked for: a property of the model, or a mistake that ends a transition. */
struct watch {
  const char *name, *kind;
  enum role role;
  /* The first watch of the same property: itself, or one that shows it in another way. */
  int property;
};

/* A state's transitions, and what it shows. */
struct expansion {
  u32 successors, failures;
  /* The successors, WORDS each; for each the kind of transition, and the thread that takes it. */
  const u64 *states;
  u32 edges[FAN_OUT], threads[FAN_OUT];
  /* By watch: where it was shown first, and in which thread's transition. */
  u32 found[WATCHES], thread[WATCHES];
};

extern const u64 model_initial[INITIAL][WORDS];
extern const struct watch model_watches[WATCHES];
extern const char *const model_threads[THREADS];
/* By kind of transition, its label. */
extern const char *const model_edges[EDGES];
/* By kind of transition, and behind them by branch of a statement: 1 if it was gone through. */
extern unsigned char model_taken[EDGES + BRANCHES];

/* The expansion of a state; it is overwritten by the next. */
const struct expansion *model_expand(const u64 *state);

#endif
