// SPDX-License-Identifier: Apache-2.0
// "What they see": of what my agency owns and I may see, that which a partner in a role sees at a moment, by the very
// function and lists that answer him. How high his people are cleared is his agency's affair and told to nobody: whoever
// asks says for which clearance. For a past moment the grants are that moment's; of the rows, what was made after it is
// left out, and the rest is as it stands today: changed since shows changed, removed since is not there. Tables that
// keep no time of a row's making (TODAYS) are shown as of today, and the answer says of which it is.
#include "domain/coord/coord.h"

#include "base/clock.h"
#include "core/core.h"

#define PARTNER                                                                                \
    {"agency", VG_F_ID, VG_REQUIRED}, {"role", VG_F_ENUM, .values = roles}, {"site", VG_F_ID}, \
        {"clearance", VG_F_INT, .min = VG_S_NORMAL, .max = VG_S_TUYET_MAT},                    \
    {                                                                                          \
        "at", VG_F_TIME                                                                        \
    }

static const char *const roles[] = {"agency_officer", "duty_officer",  "site_commander",
                                    "shift_leader",   "staff_officer", "guard",
                                    "auditor",        "custodian",     NULL};

const vg_field coord_view_fields[] = {PARTNER, {NULL}};
const vg_field coord_view_rows_fields[] = {
    {"resource", VG_F_TEXT, VG_IN_PATH}, PARTNER, {"cursor", VG_F_TEXT, .max = 64}, {NULL}};

typedef struct moment {
    vg_principal partner;
    uint64_t *bits;  // in the read's arena
    vg_scope scope;
    int64_t past_us;  // the moment asked for; 0: now or later
} moment;

// Projections of what is, one row a thing, or rows that are put anew: nothing in them says since when.
static const char *const TODAYS[] = {
    "alarm_budget",   "alert_counter",    "alert_day",       "alert_pace",     "alert_slot",
    "arrival",        "checklist_answer", "deadline",        "fact",           "gate_alone",
    "notice_address", "notice_pending",   "notice_test",     "presence",       "rule_progress",
    "rule_record",    "rule_shadow",      "rule_trial_site", "site_position",  "source_point",
    "source_seen",    "vehicle_limit",    "vehicle_stay",    "visit_approval", "visit_setting",
    "waiting_source", "zone_condition",   "zone_hour",       "zone_link"};

bool coord_of_today(const vg_resource *r)
{
    for (size_t i = 0; i < VG_LEN(TODAYS); i++) {
        if (strcmp(r->table, TODAYS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int64_t made_until(const moment *m, const vg_resource *r)
{
    return coord_of_today(r) ? 0 : m->past_us;
}

static void partner_of(const vg_args *args, vg_principal *p)
{
    *p = (vg_principal){.kind = VG_P_USER,
                        .clearance = (uint8_t)vg_arg_i64(args, "clearance", VG_S_TUYET_MAT),
                        .n_assignments = 1};
    snprintf(p->agency, sizeof p->agency, "%.*s", VG_FMT(vg_arg_str(args, "agency")));
    snprintf(p->assignments[0].role, sizeof p->assignments[0].role, "%s",
             roles[vg_arg_i64(args, "role", 0)]);
    snprintf(p->assignments[0].site, sizeof p->assignments[0].site, "%.*s",
             VG_FMT(vg_arg_str(args, "site")));
}

// Bits of labels that he sees, I see, and my agency owns.
static vg_status cut(vg_read *rd, const vg_scope *theirs, moment *m, vg_err *err)
{
    vg_labels *labels = vg_core_labels(rd->core);
    const size_t n =
        theirs->n_labels < rd->who->scope_labels ? theirs->n_labels : rd->who->scope_labels;
    m->bits = vg_arena_get(rd->arena, (n / 64 + 1) * sizeof *m->bits);
    if (!m->bits) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "labels");
    }
    memset(m->bits, 0, (n / 64 + 1) * sizeof *m->bits);
    for (size_t i = 0; i < n; i++) {
        vg_label l;
        const bool both =
            theirs->bits[i >> 6] & rd->who->scope_bits[i >> 6] & UINT64_C(1) << (i & 63);
        if (both && vg_label_get(labels, (int32_t)i, &l) && *l.agency &&
            strcmp(l.agency, rd->who->agency) == 0) {
            m->bits[i >> 6] |= UINT64_C(1) << (i & 63);
        }
    }
    m->scope = (vg_scope){m->bits, n, 0};
    return VG_OK;
}

static vg_status look(vg_read *rd, const vg_args *args, moment *m, vg_err *err)
{
    vg_grant *v = NULL;
    vg_scope theirs;
    size_t n = 0;
    const int64_t now_us = vg_core_now(rd->core), at_us = vg_arg_i64(args, "at", now_us);
    m->past_us = at_us < now_us ? at_us : 0;
    if (!*rd->who->agency || vg_str_eqc(vg_arg_str(args, "agency"), rd->who->agency)) {
        return vg_fail(err, VG_EINVALID, "agency", "coord.partner", "%s", "");
    }
    VG_TRY(coord_grants_seen(rd->db, rd->arena, at_us, &v, &n, err));
    partner_of(args, &m->partner);
    vg_grants *grants = vg_grants_create(v, n);
    vg_scope_at(&m->partner, vg_core_labels(rd->core), grants, at_us, &theirs);
    vg_grants_destroy(grants);
    const vg_status st = cut(rd, &theirs, m, err);
    vg_principal_done(&m->partner);
    VG_TRY(st);
    vg_db_scope(rd->db, &m->scope);
    return VG_OK;
}

// A catalogue has no labels: it is nobody's own.
static bool is_catalogue(const vg_resource *r)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_table *t = m->tables; t && t->name; t++) {
            if (strcmp(t->name, r->table) == 0) {
                return t->open;
            }
        }
    }
    return true;
}

// Both must be allowed to ask for it.
static bool asked_for(const vg_read *rd, const moment *m, const vg_resource *r)
{
    return !is_catalogue(r) && vg_may(&m->partner, r->permission, NULL) &&
           vg_may(rd->who, r->permission, NULL);
}

vg_status coord_view(vg_read *rd, const vg_args *args, vg_err *err)
{
    moment m;
    const vg_module *module;
    VG_TRY(look(rd, args, &m, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; (module = vg_module_at(i)); i++) {
        for (const vg_resource *r = module->resources; r && r->name; r++) {
            int64_t total = 0;
            if (!asked_for(rd, &m, r)) {
                continue;
            }
            VG_TRY(vg_resource_total(r, rd->db, made_until(&m, r), &total, err));
            if (total) {
                vg_jw_open(&rd->out, '{');
                vg_jw_kz(&rd->out, "resource", r->name);
                vg_jw_ki64(&rd->out, "total", total);
                vg_jw_kbool(&rd->out, "of_today", m.past_us && coord_of_today(r));
                vg_jw_close(&rd->out, '}');
            }
        }
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}

vg_status coord_view_rows(vg_read *rd, const vg_args *args, vg_err *err)
{
    moment m;
    const vg_resource *r = vg_core_resource(vg_str_z(rd->arena, vg_arg_str(args, "resource")));
    VG_TRY(look(rd, args, &m, err));
    if (!r || !asked_for(rd, &m, r)) {
        return vg_fail(err, VG_ENOTFOUND, "resource", NULL, "%s", "");
    }
    const vg_page page = {
        .limit = 50, .cursor = vg_arg_str(args, "cursor"), .made_until_us = made_until(&m, r)};
    return vg_resource_list(r, rd->db, &page, &rd->out, err);
}
