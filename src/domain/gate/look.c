// SPDX-License-Identifier: Apache-2.0
// A look-up: when and where one holder went in and out is given to somebody who says what for (ADR 0025). The register of
// a gate is read as it is written, by all who keep that gate; the way of one person through weeks is another matter, and
// is in no list by who it was. Journaled is who looked at whose and why, never what he saw; the answer is not kept. Many
// look-ups in an hour call for attention and stop nobody. What the guard needs to decide, the last passage, stands with
// the holder.
#include "domain/gate/gate.h"

#include "domain/purpose.h"

enum { SHOWN = 500, READ = 5000 };

static const char *const purposes[] = {VG_PURPOSES, NULL};

const vg_field gate_look_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"purpose", VG_F_ENUM, VG_REQUIRED, .values = purposes},
    {"note", VG_F_TEXT, .max = 300},
    {"incident", VG_F_ID},
    {"from", VG_F_TIME},
    {"until", VG_F_TIME},
    {NULL},
};

static void put_passage(vg_jw *w, vg_rows *r)
{
    static const char *const texts[] = {"id",    "site",       "kind",   "way",
                                        "point", "point_name", "to_name"};
    vg_jw_open(w, '{');
    for (size_t i = 0; i < VG_LEN(texts); i++) {
        const vg_str v = vg_row_str(r, (int)i);
        vg_jw_key(w, texts[i]);
        v.n ? vg_jw_str(w, v) : vg_jw_null(w);
    }
    vg_jw_key(w, "moved");
    vg_jw_time(w, vg_row_i64(r, 7));
    vg_jw_ki64(w, "flags", vg_row_i64(r, 8));
    vg_jw_close(w, '}');
}

// The newest of those he may see, at whatever gate.
static vg_status answer(vg_cx *cx, const vg_args *args, const gate_holder *h, vg_err *err)
{
    vg_rows *r;
    vg_err hidden;
    int64_t n = 0, read = 0;
    const int64_t until = vg_arg_i64(args, "until", cx->now_us);
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT t.id, t.site, t.kind, t.way, t.point, p.name, o.name, t.moved,"
                        " t.flags, t.label FROM passage t LEFT JOIN gate_point p ON p.id = t.point"
                        " LEFT JOIN gate_area o ON o.id = t.to_area WHERE t.holder = ? AND t.moved"
                        " >= ? AND t.moved <= ? AND t.world = ? ORDER BY t.moved DESC, t.id DESC"
                        " LIMIT ?",
                        VG_VALS(vg_z(h->id), vg_i(vg_arg_i64(args, "from", 0)), vg_i(until),
                                vg_i(cx->world), vg_i(READ)),
                        &r, err));
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "id", h->id);
    vg_jw_key(&cx->reply, "items");
    vg_jw_open(&cx->reply, '[');
    while (n < SHOWN && vg_rows_next(r)) {
        read++;
        if (vg_seen(cx, (int32_t)vg_row_i64(r, 9), "", &hidden) == VG_OK) {
            put_passage(&cx->reply, r);
            n++;
        }
    }
    vg_jw_close(&cx->reply, ']');
    vg_jw_kbool(&cx->reply, "more", n == SHOWN || read == READ);
    return vg_rows_close(r, err);
}

VG_HANDLER(gate_look)
{
    gate_holder h = {0};
    char id[VG_ID_TEXT];
    bool many = false;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), &h, err));
    VG_TRY(vg_purpose_said(cx, args, false, err));
    VG_TRY(vg_purpose_many(cx, "SELECT count(*) FROM gate_lookup WHERE looked_by = ? AND at > ?",
                           &many, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "from until");
    vg_jw_kz(&cx->body, "lookup", id);
    vg_jw_kz(&cx->body, "agency", h.agency);
    vg_jw_kbool(&cx->body, "many", many);
    VG_TRY(
        vg_say(cx, &(vg_saying){"gate.looked", vg_str_z(cx->arena, h.site), h.id, h.label}, err));
    return answer(cx, args, &h, err);
}

VG_FOLDER(gate_on_looked)
{
    return vg_put(
        ap, e,
        "INSERT INTO gate_lookup (id, holder, site, agency, purpose, note, incident,"
        " looked_by, many, at, label, world)"
        " VALUES (?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?)",
        "lookup @subject @site agency purpose note incident @actor many @at @label @world", err);
}

const char *gate_weigh_look(vg_str body)
{
    return vg_js_bool(body, "many", false) ? "attention" : NULL;
}
