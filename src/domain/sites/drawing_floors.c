// SPDX-License-Identifier: Apache-2.0
// Floors joined by stairs and lifts. A plan says in which zone each of its stairs stands (a landing); the event
// sites.graph_drawn of that plan carries them. Whoever has the same kind and name on another plan of the site is the
// same stair: the zones are neighbours then. A stair passes every floor between, so it joins only the nearest ones
// that have it; a lift joins all it stops at. The links of a site are made anew in the fold, from this module's own
// tables alone, whenever a plan, a floor's order or a plan's being there changes.
#include "domain/sites/drawing.h"

#include "base/text.h"

void sites_write_landings(vg_jw *w, vg_arena *a, const plan *p)
{
    plan_landing *v = NULL;
    const size_t n = plan_landings(a, p, &v);
    vg_jw_open(w, '[');
    for (size_t i = 0; i < n; i++) {
        const plan_element *e = &p->v[v[i].element];
        vg_jw_open(w, '{');
        vg_jw_kz(w, "element", e->id);
        vg_jw_kz(w, "kind", e->kind->name);
        vg_jw_kstr(w, "name", vg_fold(a, e->label));
        vg_jw_kstr(w, "zone", p->v[v[i].zone].object);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

vg_status sites_kept_landings(vg_db *db, const char *drawing, vg_jw *w, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db,
                        "SELECT element, kind, name, zone FROM zone_landing WHERE drawing = ?"
                        " ORDER BY ord",
                        VG_VALS(vg_z(drawing)), &r, err));
    vg_jw_open(w, '[');
    while (vg_rows_next(r)) {
        static const char *const names[] = {"element", "kind", "name", "zone"};
        vg_jw_open(w, '{');
        for (int i = 0; i < 4; i++) {
            vg_jw_kstr(w, names[i], vg_row_str(r, i));
        }
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

vg_status sites_fold_landings(vg_apply *ap, const vg_event *e, vg_err *err)
{
    vg_str landings, one;
    size_t at = 0;
    VG_TRY(vg_put(ap, e, "DELETE FROM zone_landing WHERE drawing = ?", "@subject", err));
    if (!vg_js_find(e->body, "landings", &landings)) {
        return VG_OK;
    }
    for (int64_t row = 0; vg_js_each(landings, &at, NULL, &one); row++) {
        const vg_str element = vg_js_str(ap->arena, one, "element");
        VG_TRY(vg_exec(
            ap->db,
            "INSERT INTO zone_landing (id, site, drawing, element, kind, name, zone, ord, at,"
            " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            VG_VALS(vg_t(vg_str_f(ap->arena, "%.*s.%.*s", VG_FMT(e->subject), VG_FMT(element))),
                    vg_t(e->site), vg_t(e->subject), vg_t(element),
                    vg_t(vg_js_str(ap->arena, one, "kind")),
                    vg_t(vg_js_str(ap->arena, one, "name")),
                    vg_t(vg_js_str(ap->arena, one, "zone")), vg_i(row), vg_i(e->recorded_us),
                    vg_i(e->label), vg_i(e->world)),
            err));
    }
    return VG_OK;
}

#define BETWEEN                                                                               \
    "SELECT 1 FROM zone_landing c JOIN drawing dc ON dc.id = c.drawing WHERE c.site = a.site" \
    " AND c.kind = a.kind AND c.name = a.name AND ((dc.level > da.level AND dc.level <"       \
    " db.level) OR (dc.level < da.level AND dc.level > db.level))"

vg_status sites_join_floors(vg_apply *ap, const vg_event *e, vg_err *err)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE zone_link SET state = 'removed' WHERE site = ? AND drawing_b IS NOT NULL"
                  " AND state = 'active'",
                  "@site", err));
    return vg_put(
        ap, e,
        "INSERT INTO zone_link (id, site, drawing, drawing_b, element, kind, zone_a, zone_b, ord,"
        " at, label, world)"
        " SELECT a.id || '+' || b.id, a.site, a.drawing, b.drawing, a.element, a.kind, a.zone,"
        " b.zone, 0, ?, a.label, a.world FROM zone_landing a"
        " JOIN zone_landing b ON b.site = a.site AND b.kind = a.kind AND b.name = a.name"
        " AND b.drawing <> a.drawing AND b.zone <> a.zone AND b.id > a.id"
        " JOIN drawing da ON da.id = a.drawing JOIN drawing db ON db.id = b.drawing"
        " WHERE a.site = ? AND (a.kind = 'lift' OR NOT EXISTS (" BETWEEN "))"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, zone_a = excluded.zone_a,"
        " zone_b = excluded.zone_b, state = 'active', at = excluded.at",
        "@at @site", err);
}
