// SPDX-License-Identifier: Apache-2.0
// Inside of the notices module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "core/outbox.h"
#include "domain/kit.h"

extern const vg_field notices_id_fields[], notices_due_fields[];

// rule.c
extern const vg_field notices_rule_add_fields[], notices_rule_update_fields[];
VG_HANDLER(notices_rule_add);
VG_HANDLER(notices_rule_update);
VG_HANDLER(notices_rule_remove);
VG_FOLDER(notices_on_rule_added);
VG_FOLDER(notices_on_rule_changed);
VG_FOLDER(notices_on_rule_removed);

// address.c
extern const vg_field notices_address_set_fields[];
VG_HANDLER(notices_address_set);
VG_HANDLER(notices_address_remove);
vg_status notices_own_addresses(vg_read *rd, const vg_args *args, vg_err *err);
VG_FOLDER(notices_on_address_set);
VG_FOLDER(notices_on_address_removed);

// tell.c: from an alert to parcels, at once, later or again
extern const vg_field notices_consider_fields[];
VG_HANDLER(notices_consider);
VG_HANDLER(notices_due);
VG_FOLDER(notices_on_scheduled);
VG_FOLDER(notices_on_told);
VG_FOLDER(notices_on_dropped);

// quiet.c
// When something that wants to go at t may go: t, or the end of the quiet hours that hold it. Minutes of Viet
// Nam's day; from > to passes midnight; from = -1 or from = to: never quiet.
int64_t notices_after_quiet(int64_t t_us, int from_min, int to_min);

// trial.c: the periodic test of a link
extern const vg_field notices_test_set_fields[], notices_outcome_fields[];
VG_HANDLER(notices_test_set);
VG_HANDLER(notices_test_run);
VG_HANDLER(notices_test_late);
VG_HANDLER(notices_test_outcome);
VG_FOLDER(notices_on_test_set);
VG_FOLDER(notices_on_test_sent);
VG_FOLDER(notices_on_test_passed);
VG_FOLDER(notices_on_test_failed);
