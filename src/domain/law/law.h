// SPDX-License-Identifier: Apache-2.0
// Inside of the law module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// ship.c: what the program brings along
extern const vg_field law_ship_fields[];
VG_HANDLER(law_ship);
VG_FOLDER(law_on_shipped);
vg_status law_start(vg_core *core, void **ret_state, vg_err *err);

// entry.c: what a node enters itself, and how a row of either kind becomes a row of a table
extern const vg_field law_act_put_fields[], law_article_put_fields[], law_term_put_fields[];
VG_HANDLER(law_act_put);
VG_HANDLER(law_article_put);
VG_HANDLER(law_term_put);
VG_FOLDER(law_on_act_put);
VG_FOLDER(law_on_article_put);
VG_FOLDER(law_on_term_put);
// Folds one row of e's body (an array's member) of the kind "acts", "articles", "terms" or "bases".
vg_status law_fold(vg_apply *ap, const vg_event *e, const char *kind, vg_str row, int rank,
                   const char *origin, vg_err *err) VG_USE_RESULT;
// The fault of a row's dates and words, or NULL: a catalogue key.
vg_status law_check(const char *kind, const json_t *row, vg_err *err) VG_USE_RESULT;

// basis.c: what stands on which article or number
vg_status law_basis(vg_read *rd, const vg_args *args, vg_err *err);
