/*
 * The model as a plugin of LTSmin, over packed words: a slot of LTSmin is half a word.
 *
 *     cc -std=gnu11 -O2 -shared -fPIC -I$LTSMIN/include pins.c model.c -o model.so
 *
 * A group is a thread. The label of an edge is the kind of transition. There is a label of states for each watch: 1 if
 * the state shows it, 2 if one of its transitions does; so `-i 'w3 == 0'` ends at the first state that shows the watch with the number 3.
 */
#include <ltsmin/dlopen-api.h>
#include <ltsmin/lts-type.h>
#include <ltsmin/pins-util.h>
#include <ltsmin/pins.h>

#include "model.h"

/* LTSmin has one initial state. Where the model has several, one more leads to them: its last word is 1. */
#define PACKED (WORDS + (INITIAL > 1))
#define SLOTS (2 * PACKED)

char pins_plugin_name[] = MODEL;

static int is_before_all(const u64 *state) { return INITIAL > 1 && state[PACKED - 1] == 1; }

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
  if (is_before_all(state)) {
    for (u32 n = 0; group <= 0 && n < INITIAL; n++, told++) tell(model_initial[n], EDGES, 0, callback, context);
    return told;
  }
  const struct expansion *all = model_expand(state);
  for (u32 n = 0; n < all->successors; n++) {
    if (group >= 0 && all->threads[n] != (u32)group) continue;
    tell(all->states + n * WORDS, all->edges[n], all->threads[n], callback, context);
    told++;
  }
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

static int is_shown(model_t model, int watch, int *slots) {
  u64 state[PACKED];
  (void)model;
  memcpy(state, slots, sizeof state);
  return is_before_all(state) ? 0 : (int)model_expand(state)->found[watch];
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
  lts_type_set_state_label_count(type, WATCHES);
  for (int n = 0; n < WATCHES; n++) {
    snprintf(name, sizeof name, "w%d", n);
    lts_type_set_state_label_name(type, n, name);
    lts_type_set_state_label_typeno(type, n, number);
  }
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
  dm_create(&labels, WATCHES, SLOTS);
  for (int watch = 0; watch < WATCHES; watch++)
    for (int n = 0; n < SLOTS; n++) dm_set(&labels, watch, n);
  GBsetStateLabelInfo(model, &labels);
  GBsetStateLabelLong(model, is_shown);
  GBsetNextStateLong(model, next_of_group);
  GBsetNextStateAll(model, next_all);
  if (INITIAL > 1) initial[PACKED - 1] = 1;
  else memcpy(initial, model_initial[0], sizeof(u64) * WORDS);
  GBsetInitialState(model, (int *)initial);
}
