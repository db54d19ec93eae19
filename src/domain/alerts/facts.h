// SPDX-License-Identifier: Apache-2.0
// The facts as one log's engine has seen them. One thread.
#pragma once

#include "expr/expr.h"

typedef struct alerts_facts alerts_facts;

alerts_facts *alerts_facts_create(void);
void alerts_facts_destroy(alerts_facts *f);  // NULL is fine
void alerts_facts_set(alerts_facts *f, vg_str name, vg_str key, vg_str value, int64_t until_us);
vg_xvalue alerts_facts_get(const alerts_facts *f, const vg_xname *x, vg_str key, int64_t t);
int64_t *alerts_facts_node_seq(alerts_facts *f);  // how far the node's own log was taken in
void alerts_facts_save(const alerts_facts *f, vg_buf *out);
// Takes its part from the front of saved.
vg_status alerts_facts_restore(alerts_facts *f, vg_str *saved, vg_err *err) VG_USE_RESULT;
