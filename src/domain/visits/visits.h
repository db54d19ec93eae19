// SPDX-License-Identifier: Apache-2.0
// Inside of the visits module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/holder.h"

enum { VISITS_AREAS_MAX = 20, VISITS_GUESTS_MAX = 500 };

extern const vg_field visits_id_fields[], visits_due_fields[];

typedef struct visits_visit {
    const char *id, *agency, *site;  // in the call's arena
    vg_str state, kind, host, host_user, planned_by, areas;
    int64_t starts_us, ends_us, release_us, released_us;
    int32_t label;
} visits_visit;
// VG_ENOTFOUND (field) for one not to be known of.
vg_status visits_at(vg_cx *cx, vg_str id, const char *field, visits_visit *ret,
                    vg_err *err) VG_USE_RESULT;
bool visits_open(const visits_visit *v);  // planned, approved or under way
// When a visit without an end ends: at closing time of that day.
vg_status visits_closing(vg_cx *cx, const char *site, int64_t from_us, int64_t *ret_us,
                         vg_err *err) VG_USE_RESULT;
// When those who are inside now are next told of as overdue: at closing time, of the day that the visit ends on by its
// end alone.
vg_status visits_evening(vg_cx *cx, const char *site, int64_t ends_us, int64_t *ret_us,
                         vg_err *err) VG_USE_RESULT;

// plan.c
extern const vg_field visits_plan_fields[], visits_cancel_fields[];
VG_HANDLER(visits_plan);
VG_HANDLER(visits_cancel);
VG_FOLDER(visits_on_planned);
VG_FOLDER(visits_on_cancelled);
typedef struct visits_new {
    const char *site, *agency;
    vg_str kind, host, host_user, office, purpose, areas;
    int64_t starts_us, ends_us, release_us;
    bool escort;
    int32_t label;
} visits_new;
vg_status visits_make(vg_cx *cx, const visits_new *n, char ret_id[VG_ID_TEXT],
                      vg_err *err) VG_USE_RESULT;

// approve.c
extern const vg_field visits_approval_fields[], visits_decide_fields[];
VG_HANDLER(visits_approval_set);
VG_HANDLER(visits_decide);
VG_FOLDER(visits_on_approval_set);
VG_FOLDER(visits_on_step_asked);
VG_FOLDER(visits_on_decided);
// Asks for what the site and the areas require; nothing: the visit stands as it is.
vg_status visits_ask_steps(vg_cx *cx, const visits_new *n, const char *visit,
                           vg_err *err) VG_USE_RESULT;

// guest.c
extern const vg_field visits_guest_add_fields[], visits_tell_fields[], visits_certificate_fields[],
    visits_read_fields[];
VG_HANDLER(visits_guest_add);
VG_HANDLER(visits_invite);
VG_HANDLER(visits_tell);
VG_HANDLER(visits_certificate_add);
VG_HANDLER(visits_read_card);
VG_FOLDER(visits_on_guest_added);
VG_FOLDER(visits_on_invited);
VG_FOLDER(visits_on_told);
VG_FOLDER(visits_on_certificate_added);
#define VISITS_WHO                                                                   \
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80}, {"company", VG_F_TEXT, .max = 120}, \
        {"born", VG_F_INT, .min = 1900, .max = 2100},                                \
        {"doc_kind", VG_F_ENUM, .values = visits_papers},                            \
    {                                                                                \
        "doc_number", VG_F_SECRET, .max = 32                                         \
    }
extern const char *const visits_papers[];
// Somebody of the arguments (VISITS_WHO) becomes a guest of the visit; told: he was told the rules by who writes it.
vg_status visits_add_guest(vg_cx *cx, const vg_args *args, const visits_visit *v, bool told,
                           const char *id, vg_err *err) VG_USE_RESULT;

// walk.c
extern const vg_field visits_walk_in_fields[], visits_expect_fields[];
VG_HANDLER(visits_walk_in);
VG_HANDLER(visits_expect);
extern const vg_import visits_imports[];

// move.c
extern const vg_field visits_moved_fields[], visits_forget_fields[];
VG_HANDLER(visits_moved);
VG_HANDLER(visits_over);
VG_HANDLER(visits_still_inside);
VG_HANDLER(visits_release);
VG_HANDLER(visits_guest_remove);
VG_HANDLER(visits_forget);
VG_FOLDER(visits_on_moved);
VG_FOLDER(visits_on_over);
VG_FOLDER(visits_on_released);
VG_FOLDER(visits_on_guest_removed);

// setting.c
extern const vg_field visits_setting_fields[], visits_rules_fields[];
VG_HANDLER(visits_setting_set);
VG_HANDLER(visits_rules_set);
VG_FOLDER(visits_on_setting_set);
VG_FOLDER(visits_on_rules_set);

extern const vg_resource visits_resources[];
