// SPDX-License-Identifier: Apache-2.0
// Whether a link works. Who serves it reports each try; only a change becomes an event, so that a host that
// is down for a week is two events and not a million. A link that goes down is for the desk to know of.
#include "domain/links/links.h"

enum { LINKS_MAX = 256 };

const vg_field links_report_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"problem", VG_F_TEXT, .max = 80},
    {NULL},
};

VG_HANDLER(links_report)
{
    vg_str c[5];
    const vg_str id = vg_arg_str(args, "id"), problem = vg_arg_str(args, "problem");
    VG_TRY(vg_look(cx, "SELECT site, label, state, problem, kind FROM link WHERE id = ?", id, c, 5,
                   err));
    const bool down = problem.n > 0;
    if (vg_str_eqc(c[2], down ? "down" : "up") && vg_str_eq(c[3], problem)) {
        return VG_OK;
    }
    vg_body(cx);
    vg_jw_kstr(&cx->body, "kind", c[4]);
    if (down) {
        vg_jw_kstr(&cx->body, "problem", problem);
    }
    return vg_say(cx,
                  &(vg_saying){down ? "links.down" : "links.up", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, id), (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(links_on_up)
{
    return vg_put(ap, e, "UPDATE link SET state = 'up', state_since = ?, problem = '' WHERE id = ?",
                  "@at @subject", err);
}

VG_FOLDER(links_on_down)
{
    return vg_put(ap, e,
                  "UPDATE link SET state = 'down', state_since = CASE WHEN state = 'down' THEN"
                  " state_since ELSE ? END, problem = ? WHERE id = ?",
                  "@at problem @subject", err);
}

vg_status links_load(vg_db *db, vg_arena *a, const char *kind, vg_link **ret, size_t *n,
                     vg_err *err)
{
    vg_rows *r;
    size_t i = 0;
    vg_link *v = vg_arena_get(a, LINKS_MAX * sizeof *v);
    VG_TRY(vg_rows_open(db,
                        "SELECT id, site, label, name, address, login, options, version FROM link"
                        " WHERE kind = ? AND enabled = 1 AND world = 0 ORDER BY id LIMIT ?",
                        VG_VALS(vg_z(kind), vg_i(v ? LINKS_MAX : 0)), &r, err));
    while (vg_rows_next(r)) {
        vg_link *l = &v[i++];
        snprintf(l->id, sizeof l->id, "%.*s", VG_FMT(vg_row_str(r, 0)));
        snprintf(l->site, sizeof l->site, "%.*s", VG_FMT(vg_row_str(r, 1)));
        l->label = (int32_t)vg_row_i64(r, 2);
        l->name = vg_str_z(a, vg_row_str(r, 3));
        l->address = vg_str_z(a, vg_row_str(r, 4));
        l->user = vg_str_z(a, vg_row_str(r, 5));
        l->options = vg_str_z(a, vg_row_str(r, 6));
        l->version = vg_row_i64(r, 7);
    }
    VG_TRY(vg_rows_close(r, err));
    *ret = v;
    *n = i;
    return VG_OK;
}
