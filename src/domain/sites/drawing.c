// SPDX-License-Identifier: Apache-2.0
// Drawings: the floors of a site, each with a frame in metres and, if there is one, a picture under it. The
// picture is cleaned by svg_clean before anything else sees it; the journal keeps its digest, the table
// drawing_image the picture itself (volatile: too big for events, proven by the digest). A drawing is shared with
// whoever works at the site. What is drawn on it, and who sees that, is drawing_save.c's.
#include "domain/sites/drawing.h"

#include "domain/sites/svg_clean.h"

enum { DEFAULT_WIDTH_CM = 6000, DEFAULT_HEIGHT_CM = 4000, LEVEL_MIN = -20, LEVEL_MAX = 200 };

const vg_field sites_drawing_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"floor", VG_F_TEXT, .max = 40},
    {"level", VG_F_INT, .min = LEVEL_MIN, .max = LEVEL_MAX},
    {"frame", VG_F_JSON, .max = PLAN_FRAME_BYTES},
    {"svg", VG_F_JSON, .max = 2 * SVG_BYTES_MAX},
    {NULL},
};
const vg_field sites_drawing_picture_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"svg", VG_F_JSON, .max = 2 * SVG_BYTES_MAX},
    {NULL},
};
const vg_field sites_drawing_remove_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT},
    {NULL},
};

vg_status sites_drawing_at(vg_cx *cx, vg_str id, sites_drawing_ref *ret, vg_err *err)
{
    vg_str c[4];
    vg_site_ref site;
    VG_TRY(vg_look(
        cx, "SELECT site, label, version, frame FROM drawing WHERE id = ? AND state = 'active'", id,
        c, 4, err));
    *ret = (sites_drawing_ref){vg_str_z(cx->arena, id), vg_str_z(cx->arena, c[0]),
                               (int32_t)vg_int(c[1]), vg_int(c[2]), c[3]};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_site_at(cx, c[0], "sites.edit", &site, err);
}

// --- the picture ----------------------------------------------------------------------------------
typedef struct picture {
    vg_buf clean;
    svg_size size;
    char digest[2 * VG_HASH_BYTES + 1];
} picture;

static vg_status clean_into(vg_cx *cx, vg_str svg, picture *p, vg_err *err)
{
    unsigned char h[VG_HASH_BYTES];
    const vg_str decoded =
        svg.n && svg.p[0] == '"' ? vg_js_decode(cx->arena, svg) : (vg_str){"", 0};
    if (decoded.n == 0) {
        return vg_fail(err, VG_EINVALID, "svg", "sites.svg_syntax", "%d", 0);
    }
    VG_TRY(svg_clean(decoded, &p->clean, &p->size, err));
    vg_hash(p->clean.p, p->clean.n, h);
    vg_hex(h, sizeof h, p->digest);
    return VG_OK;
}

static vg_status keep_picture(vg_cx *cx, const char *drawing, int32_t label, const picture *p,
                              vg_err *err)
{
    return vg_exec(
        cx->db,
        "INSERT INTO drawing_image (drawing, svg, label, world) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (drawing) DO UPDATE SET svg = excluded.svg",
        VG_VALS(vg_z(drawing), vg_t(vg_buf_str(&p->clean)), vg_i(label), vg_i(cx->world)), err);
}

static void say_picture(vg_cx *cx, const picture *p)
{
    vg_jw_ki64(&cx->body, "picture_width", p->size.width);
    vg_jw_ki64(&cx->body, "picture_height", p->size.height);
    vg_jw_kz(&cx->body, "digest", p->digest);
    vg_jw_ki64(&cx->body, "bytes", (int64_t)p->clean.n);
}

// The picture as wide as the frame; the frame as high as the picture when nobody gave it another height.
static void lay_under(plan_frame *f, const picture *p, bool own_height)
{
    if (!f->picture) {
        f->picture = true;
        f->picture_width_cm = f->width_cm;
        f->picture_percent = 100;
    }
    const int64_t high = (int64_t)f->width_cm * p->size.height / p->size.width;
    if (!own_height && high >= 100 && high <= SHAPE_LIMIT_CM) {
        f->height_cm = (int32_t)high;
    }
}

static void say_frame(vg_cx *cx, const plan_frame *f)
{
    vg_jw_key(&cx->body, "frame");
    plan_write_frame(&cx->body, f);
}

// --- add, exchange the picture, remove ------------------------------------------------------------
static vg_status add_drawing(vg_cx *cx, const vg_args *args, picture *p, vg_err *err)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    plan_frame frame = {DEFAULT_WIDTH_CM, DEFAULT_HEIGHT_CM, .grid_cm = 50};
    const bool framed = vg_arg_has(args, "frame"), svg = vg_arg_has(args, "svg");
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.edit", &site, err));
    if (framed) {
        VG_TRY(plan_read_frame(vg_arg_str(args, "frame"), &frame, err));
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_SHARED, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    if (svg) {
        VG_TRY(clean_into(cx, vg_arg_str(args, "svg"), p, err));
        VG_TRY(keep_picture(cx, id, label, p, err));
        lay_under(&frame, p, framed);
    }
    vg_body(cx);
    vg_body_args(cx, args, "site svg frame");
    say_frame(cx, &frame);
    if (svg) {
        say_picture(cx, p);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"sites.drawing_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_HANDLER(sites_drawing_add)
{
    picture p = {0};
    vg_buf_init(&p.clean, 2 * SVG_BYTES_MAX);
    const vg_status st = add_drawing(cx, args, &p, err);
    vg_buf_done(&p.clean);
    return st;
}

VG_FOLDER(sites_on_drawing_added)
{
    return vg_put(ap, e,
                  "INSERT INTO drawing (id, site, name, floor, level, frame, picture_width,"
                  " picture_height, digest, bytes, at, label, world)"
                  " VALUES (?, ?, ?, ?, COALESCE(?, 0), ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site name floor level frame picture_width picture_height digest bytes"
                  " @at @label @world",
                  err);
}

static vg_status change_picture(vg_cx *cx, const vg_args *args, picture *p, vg_err *err)
{
    sites_drawing_ref d;
    plan_frame frame;
    const bool svg = vg_arg_has(args, "svg");
    VG_TRY(sites_drawing_at(cx, vg_arg_str(args, "id"), &d, err));
    VG_TRY(plan_read_frame(d.frame, &frame, err));
    if (svg) {
        VG_TRY(clean_into(cx, vg_arg_str(args, "svg"), p, err));
        VG_TRY(keep_picture(cx, d.id, d.label, p, err));
        lay_under(&frame, p, true);
    }
    vg_body(cx);
    say_frame(cx, &frame);
    if (svg) {
        say_picture(cx, p);
    }
    VG_TRY(vg_say(cx, &(vg_saying){"sites.picture_changed", d.site, d.id, d.label}, err));
    vg_jw_kz(&cx->reply, "id", d.id);
    return VG_OK;
}

VG_HANDLER(sites_drawing_picture)
{
    picture p = {0};
    vg_buf_init(&p.clean, 2 * SVG_BYTES_MAX);
    const vg_status st = change_picture(cx, args, &p, err);
    vg_buf_done(&p.clean);
    return st;
}

VG_FOLDER(sites_on_picture_changed)
{
    return vg_put(ap, e,
                  "UPDATE drawing SET frame = ?, picture_width = ?, picture_height = ?, digest = ?,"
                  " bytes = ?, version = version + 1 WHERE id = ?",
                  "frame picture_width picture_height digest bytes @subject", err);
}

VG_HANDLER(sites_drawing_remove)
{
    sites_drawing_ref d;
    VG_TRY(sites_drawing_at(cx, vg_arg_str(args, "id"), &d, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(vg_say(cx, &(vg_saying){"sites.drawing_removed", d.site, d.id, d.label}, err));
    vg_jw_kz(&cx->reply, "id", d.id);
    return VG_OK;
}

VG_FOLDER(sites_on_drawing_removed)
{
    VG_TRY(vg_put(ap, e, "UPDATE drawing SET state = 'removed', version = version + 1 WHERE id = ?",
                  "@subject", err));
    VG_TRY(
        vg_put(ap, e, "UPDATE zone_link SET state = 'removed' WHERE drawing = ?", "@subject", err));
    VG_TRY(vg_put(ap, e, "DELETE FROM zone_landing WHERE drawing = ?", "@subject", err));
    return sites_join_floors(ap, e, err);
}
