// SPDX-License-Identifier: Apache-2.0
// Drawings (floor plans) and the marks on them. The picture is cleaned by svg_clean before anything else sees
// it; the journal keeps its digest, the table drawing_image the picture itself (volatile: too big for events,
// proven by the digest). A drawing is shared with whoever works at the site; a mark is as secret as the thing
// it marks, so that a partner's view of the plan has no posts and no sources on it.
#include "domain/sites/sites.h"
#include "domain/sites/svg_clean.h"

enum { POINTS_MAX = 500, SHAPE_BYTES = 32768 };

static const char *const object_kinds[] = {"zone", "post", "gate", "source", "assembly", NULL};

const vg_field sites_drawing_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED},
    {"floor", VG_F_TEXT, .max = 40},
    {"svg", VG_F_JSON, VG_REQUIRED, .max = 2 * SVG_BYTES_MAX},
    {NULL},
};
const vg_field sites_drawing_remove_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT},
    {NULL},
};
const vg_field sites_mark_add_fields[] = {
    {"drawing", VG_F_ID, VG_REQUIRED},
    {"object_kind", VG_F_ENUM, VG_REQUIRED, .values = object_kinds},
    {"object", VG_F_ID},
    {"label", VG_F_TEXT, .max = 80},
    {"shape", VG_F_JSON, VG_REQUIRED, .max = SHAPE_BYTES},
    {NULL},
};

static vg_status clean_into(vg_cx *cx, vg_str svg, vg_buf *clean, svg_size *ret_size, vg_err *err)
{
    const vg_str decoded =
        svg.n && svg.p[0] == '"' ? vg_js_decode(cx->arena, svg) : (vg_str){"", 0};
    if (decoded.n == 0) {
        return vg_fail(err, VG_EINVALID, "svg", "sites.svg_syntax", "%d", 0);
    }
    return svg_clean(decoded, clean, ret_size, err);
}

static vg_status store_drawing(vg_cx *cx, const vg_args *args, const vg_site_ref *site,
                               vg_buf *clean, vg_err *err)
{
    svg_size size = {0};
    char id[VG_ID_TEXT], digest[2 * VG_HASH_BYTES + 1];
    unsigned char h[VG_HASH_BYTES];
    int32_t label = 0;
    VG_TRY(clean_into(cx, vg_arg_str(args, "svg"), clean, &size, err));
    vg_hash(clean->p, clean->n, h);
    vg_hex(h, sizeof h, digest);
    VG_TRY(vg_label_of(cx, site->agency, VG_C_SHARED, site->id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    VG_TRY(vg_exec(cx->db,
                   "INSERT INTO drawing_image (drawing, svg, label, world) VALUES (?, ?, ?, ?)",
                   VG_VALS(vg_z(id), vg_t(vg_buf_str(clean)), vg_i(label), vg_i(cx->world)), err));
    vg_body(cx);
    vg_body_args(cx, args, "site svg");
    vg_jw_ki64(&cx->body, "width", size.width);
    vg_jw_ki64(&cx->body, "height", size.height);
    vg_jw_kz(&cx->body, "digest", digest);
    vg_jw_ki64(&cx->body, "bytes", (int64_t)clean->n);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.drawing_added", site->id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(sites_drawing_add)
{
    vg_site_ref site;
    vg_buf clean;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    vg_buf_init(&clean, 2 * SVG_BYTES_MAX);
    const vg_status st = store_drawing(cx, args, &site, &clean, err);
    vg_buf_done(&clean);
    return st;
}

VG_FOLDER(sites_on_drawing_added)
{
    return vg_put(ap, e,
                  "INSERT INTO drawing (id, site, name, floor, width, height, digest, bytes, at, "
                  "label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site name floor width height digest bytes @at @label @world", err);
}

typedef struct row_ref {
    const char *id, *site;
    int32_t label;
} row_ref;

static vg_status row_at(vg_cx *cx, vg_str id, const char *sql, row_ref *ret, vg_err *err)
{
    vg_str c[2];
    vg_site_ref site;
    VG_TRY(vg_look(cx, sql, id, c, 2, err));
    *ret = (row_ref){vg_str_z(cx->arena, id), vg_str_z(cx->arena, c[0]), (int32_t)vg_int(c[1])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_site_at(cx, c[0], "sites.edit", &site, err);
}

VG_HANDLER(sites_drawing_remove)
{
    row_ref d;
    VG_TRY(row_at(cx, vg_arg_str(args, "id"), "SELECT site, label FROM drawing WHERE id = ?", &d,
                  err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    return vg_say(cx, &(vg_saying){"sites.drawing_removed", d.site, d.id, d.label}, err);
}

VG_FOLDER(sites_on_drawing_removed)
{
    return vg_put(ap, e, "UPDATE drawing SET state = 'removed' WHERE id = ?", "@subject", err);
}

// --- marks --------------------------------------------------------------------------------------
static bool pair_ok(const json_t *p)
{
    return json_array_size(p) == 2 && json_is_number(json_array_get(p, 0)) &&
           json_is_number(json_array_get(p, 1));
}

static bool shape_ok(vg_str text)
{
    json_t *shape = NULL;
    if (vg_json_parse(text, SHAPE_BYTES, &shape, NULL) != VG_OK) {
        return false;
    }
    const char *type = json_string_value(json_object_get(shape, "type"));
    const json_t *points = json_object_get(shape, "points");
    bool ok = false;
    if (type && strcmp(type, "point") == 0) {
        ok = json_is_number(json_object_get(shape, "x")) &&
             json_is_number(json_object_get(shape, "y"));
    } else if (type && (strcmp(type, "polygon") == 0 || strcmp(type, "line") == 0)) {
        const size_t n = json_array_size(points);
        ok = n >= 2 && n <= POINTS_MAX;
        for (size_t i = 0; ok && i < n; i++) {
            ok = pair_ok(json_array_get(points, i));
        }
    }
    json_decref(shape);
    return ok;
}

// The label of the marked thing; of none (an assembly point): the drawing's.
static vg_status object_label(vg_cx *cx, const vg_args *args, const row_ref *drawing, int32_t *ret,
                              vg_err *err)
{
    static const char *const sql[] = {"SELECT site, label FROM zone WHERE id = ?",
                                      "SELECT site, label FROM post WHERE id = ?",
                                      "SELECT site, label FROM gate WHERE id = ?",
                                      "SELECT site, label FROM source WHERE id = ?", NULL};
    const char *of = sql[vg_arg_i64(args, "object_kind", 0)];
    vg_str c[2];
    *ret = drawing->label;
    if (!of) {
        return VG_OK;
    }
    if (!vg_arg_has(args, "object") ||
        vg_look(cx, of, vg_arg_str(args, "object"), c, 2, err) != VG_OK ||
        !vg_str_eqc(c[0], drawing->site)) {
        return vg_fail(err, VG_EINVALID, "object", "sites.object_elsewhere", "%s", "");
    }
    *ret = (int32_t)vg_int(c[1]);
    return vg_seen(cx, *ret, "object", err);
}

VG_HANDLER(sites_mark_add)
{
    row_ref d;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(row_at(cx, vg_arg_str(args, "drawing"),
                  "SELECT site, label FROM drawing WHERE id = ? AND state = 'active'", &d, err));
    VG_TRY(object_label(cx, args, &d, &label, err));
    if (!shape_ok(vg_arg_str(args, "shape"))) {
        return vg_fail(err, VG_EINVALID, "shape", "sites.shape_format", "%s", "");
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"sites.mark_added", d.site, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(sites_on_mark_added)
{
    return vg_put(ap, e,
                  "INSERT INTO mark (id, drawing, site, object_kind, object, caption, shape, at, "
                  "label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject drawing @site object_kind object label shape @at @label @world", err);
}

VG_HANDLER(sites_mark_remove)
{
    row_ref m;
    VG_TRY(row_at(cx, vg_arg_str(args, "id"),
                  "SELECT site, label FROM mark WHERE id = ? AND state = 'active'", &m, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"sites.mark_removed", m.site, m.id, m.label}, err);
}

VG_FOLDER(sites_on_mark_removed)
{
    return vg_put(ap, e, "UPDATE mark SET state = 'removed' WHERE id = ?", "@subject", err);
}

// --- the picture --------------------------------------------------------------------------------
vg_status sites_drawing_content(vg_read *rd, const vg_args *args, vg_err *err)
{
    vg_rows *r;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_rows_open(
        rd->db,
        "SELECT i.svg, d.digest FROM v_drawing_image i JOIN v_drawing d ON d.id = i.drawing"
        " WHERE i.drawing = ? AND d.state = 'active'",
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
