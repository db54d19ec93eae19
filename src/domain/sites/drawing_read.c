// SPDX-License-Identifier: Apache-2.0
// Reading drawings: the picture, and the plan as one person sees it: the frame, the elements of all layers that
// are his to see, and the version he must name to save it. Layers are put together here and nowhere kept together.
#include "domain/sites/drawing.h"

vg_status sites_drawing_content(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT i.svg, d.digest FROM v_drawing_image i JOIN v_drawing d ON d.id = i.drawing"
        " WHERE i.drawing = ? AND d.state = 'active' AND d.digest IS NOT NULL",
        VG_VALS(vg_t(id)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "id", id);
        vg_jw_kstr(&rd->out, "digest", vg_row_str(r, 1));
        vg_jw_kstr(&rd->out, "svg", vg_row_str(r, 0));
        vg_jw_close(&rd->out, '}');
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(id));
}

static void write_head(vg_rows *r, vg_jw *w)
{
    static const char *const texts[] = {"id", "site", "name", "floor"};
    for (int i = 0; i < 4; i++) {
        vg_jw_key(w, texts[i]);
        if (vg_row_null(r, i)) {
            vg_jw_null(w);
        } else {
            vg_jw_str(w, vg_row_str(r, i));
        }
    }
    vg_jw_ki64(w, "level", vg_row_i64(r, 4));
    vg_jw_kraw(w, "frame", vg_row_str(r, 5));
}

// The elements of the layers, one array; the newest save among them and the sum of versions.
static vg_status write_layers(vg_read *rd, vg_str drawing, int64_t version, vg_err *err)
{
    vg_rows *r;
    int64_t saved = 0;
    vg_str by = {"", 0}, note = {"", 0};
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT l.elements, l.version, l.saved_at, u.name, l.note FROM v_drawing_layer l"
        " LEFT JOIN v_user_account u ON u.id = l.saved_by"
        " WHERE l.drawing = ? ORDER BY l.at, l.id",
        VG_VALS(vg_t(drawing)), &r, err));
    vg_jw_key(&rd->out, "elements");
    vg_jw_open(&rd->out, '[');
    while (vg_rows_next(r)) {
        size_t at = 0;
        vg_str element;
        while (vg_js_each(vg_row_str(r, 0), &at, NULL, &element)) {
            vg_jw_raw(&rd->out, element);
        }
        version += vg_row_i64(r, 1);
        if (vg_row_i64(r, 2) >= saved) {
            saved = vg_row_i64(r, 2);
            by = vg_str_dup(rd->arena, vg_row_str(r, 3));
            note = vg_str_dup(rd->arena, vg_row_str(r, 4));
        }
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_ki64(&rd->out, "version", version);
    vg_jw_ktime(&rd->out, "saved_at", saved);
    vg_jw_kstr(&rd->out, "saved_by_name", by);
    vg_jw_kstr(&rd->out, "note", note);
    return vg_rows_close(r, err);
}

vg_status sites_plan(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    int64_t version = 0;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT id, site, name, floor, level, frame, version FROM v_drawing"
                        " WHERE id = ? AND state = 'active'",
                        VG_VALS(vg_t(id)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        vg_jw_open(&rd->out, '{');
        write_head(r, &rd->out);
        version = vg_row_i64(r, 6);
    }
    VG_TRY(vg_rows_close(r, err));
    if (!found) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(id));
    }
    VG_TRY(write_layers(rd, id, version, err));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
