/* The part of LTSmin's interface that the plugin of a model uses, as the stand-in in pins2lts.c has it. */
#ifndef STAND_IN_PINS_H
#define STAND_IN_PINS_H

#include <stdint.h>

struct model;
typedef struct model *model_t;
typedef struct { int rows, columns; } matrix_t;
typedef struct { int *labels, group; } transition_info_t;
#define GB_TI(labels, group) {labels, group}
typedef void (*TransitionCB)(void *context, transition_info_t *info, int *state, int *copy);
typedef int (*next_of_group_t)(model_t, int group, int *state, TransitionCB, void *context);
typedef int (*next_all_t)(model_t, int *state, TransitionCB, void *context);
typedef int (*label_t)(model_t, int label, int *state);

struct lts_type;
typedef struct lts_type *lts_type_t;
enum { LTStypeSInt32, LTStypeEnum };
typedef struct { uint32_t length; const char *text; } chunk;

chunk chunk_str(const char *text);
lts_type_t lts_type_create(void);
void lts_type_set_state_length(lts_type_t, int length);
int lts_type_put_type(lts_type_t, const char *name, int format, int *is_new);
void lts_type_set_state_name(lts_type_t, int n, const char *name);
void lts_type_set_state_typeno(lts_type_t, int n, int type);
void lts_type_set_edge_label_count(lts_type_t, int count);
void lts_type_set_edge_label_name(lts_type_t, int n, const char *name);
void lts_type_set_edge_label_typeno(lts_type_t, int n, int type);
void lts_type_set_state_label_count(lts_type_t, int count);
void lts_type_set_state_label_name(lts_type_t, int n, const char *name);
void lts_type_set_state_label_typeno(lts_type_t, int n, int type);
void lts_type_validate(lts_type_t);
void pins_chunk_put_at(model_t, int type, chunk, int n);
void dm_create(matrix_t *, int rows, int columns);
void dm_set(matrix_t *, int row, int column);
void GBsetLTStype(model_t, lts_type_t);
void GBsetDMInfo(model_t, matrix_t *);
void GBsetStateLabelInfo(model_t, matrix_t *);
void GBsetStateLabelLong(model_t, label_t);
void GBsetNextStateLong(model_t, next_of_group_t);
void GBsetNextStateAll(model_t, next_all_t);
void GBsetExit(model_t, void (*)(model_t));
void GBsetInitialState(model_t, int *state);

#endif
