// SPDX-License-Identifier: Apache-2.0
// The purpose of a look-up of a person: whether it was said, and whether there were very many.
#include "domain/purpose.h"

#include "base/clock.h"
#include "base/conf.h"
#include "core/core.h"

enum { PER_HOUR = 20 };  // ours
#define HOUR_US (3600 * VG_SECOND_US)

static vg_status incident_seen(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str label;
    if (vg_look(cx, "SELECT label FROM incident WHERE id = ?", id, &label, 1, err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "incident", NULL, "%s", "");
    }
    return vg_seen(cx, (int32_t)vg_int(label), "incident", err);
}

vg_status vg_purpose_said(vg_cx *cx, const vg_args *args, bool speaks, vg_err *err)
{
    const bool incident = vg_str_eqc(vg_arg_str(args, "purpose"), "incident");
    if (vg_arg_has(args, "incident")) {
        VG_TRY(incident_seen(cx, vg_arg_str(args, "incident"), err));
    } else if (incident) {
        return vg_fail(err, VG_EINVALID, "incident", "err.field_missing", "%s", "incident");
    }
    return speaks || incident || vg_str_trim(vg_arg_str(args, "note")).n
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "note", "err.field_missing", "%s", "note");
}

vg_status vg_purpose_many(vg_cx *cx, const char *count, bool *ret, vg_err *err)
{
    int64_t n = 0;
    const char *who = cx->who->kind == VG_P_LOCAL ? "local" : cx->who->user;
    const int64_t limit = vg_conf_i64(vg_core_conf(cx->core), "people.lookups_per_hour", PER_HOUR);
    VG_TRY(vg_one_i64(cx->db, count, VG_VALS(vg_z(who), vg_i(cx->now_us - HOUR_US)), 0, &n, err));
    *ret = limit > 0 && (n + 1) % limit == 0;
    return VG_OK;
}
