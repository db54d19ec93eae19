// SPDX-License-Identifier: Apache-2.0
// Which zones are next to each other, as one log's engine has seen them drawn. One thread.
#pragma once

#include "base/json.h"

typedef struct alerts_graph alerts_graph;

alerts_graph *alerts_graph_create(void);
void alerts_graph_destroy(alerts_graph *g);  // NULL is fine
// The links of a drawing, in place of those it had: [{"a": zone, "b": zone, …}, …].
void alerts_graph_set(alerts_graph *g, vg_arena *a, vg_str drawing, vg_str links);
// The zones next to this one in the order of their names, each once; the texts live until the next set.
size_t alerts_graph_near(const alerts_graph *g, vg_str zone, vg_str *ret, size_t max);
void alerts_graph_save(const alerts_graph *g, vg_buf *out);
// Takes its part from the front of saved.
vg_status alerts_graph_restore(alerts_graph *g, vg_str *saved, vg_err *err) VG_USE_RESULT;
