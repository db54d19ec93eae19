// SPDX-License-Identifier: Apache-2.0
// Whose plate is this? Of a plate that was typed, or else the last one that the point's own camera read within two
// minutes: the vehicles known here and the expected ones with that plate; when there is none, those whose plate a
// camera could have taken it for. The guard is told of a reading at the point he keeps, whoever owns the camera, and of
// nothing else it reports. A vehicle that is only "maybe" is to be asked about, as is one that nobody knows.
#include "domain/vehicles/vehicles.h"

#include "ident/plate.h"

const vg_field vehicles_look_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"plate", VG_F_TEXT, .max = 24},
    {NULL},
};

enum { CANDIDATES_MAX = 20 };
#define READING_US (INT64_C(2) * 60000000)

typedef struct reading {
    vg_str plate;
    int64_t at_us;
} reading;

// Among the latest signals of the zone the camera looks at (its own, if it has none).
static const char LAST[] =
    "SELECT body, captured FROM (SELECT e.id, e.kind, e.source, e.recorded, e.captured, e.body FROM"
    " event e WHERE e.subject = COALESCE((SELECT zone FROM source WHERE id = ?1), ?1) ORDER BY e.id"
    " DESC LIMIT 500) WHERE kind = 'sites.signal' AND source = ?1 AND recorded > ?2 AND body LIKE"
    " '%\"kind\":\"plate_read\"%' ORDER BY id DESC LIMIT 1";

static vg_status last_reading(vg_cx *cx, const vehicles_at *at, reading *ret, vg_err *err)
{
    vg_rows *r;
    *ret = (reading){0};
    VG_TRY(vg_rows_open(cx->db, LAST, VG_VALS(vg_z(at->source), vg_i(cx->now_us - READING_US)), &r,
                        err));
    if (vg_rows_next(r)) {
        *ret = (reading){vg_str_dup(cx->arena, vg_js_str(cx->arena, vg_row_str(r, 0), "text")),
                         vg_row_i64(r, 1)};
    }
    return vg_rows_close(r, err);
}

// --- candidates -----------------------------------------------------------------------------------
static const char KNOWN[] =
    "SELECT c.find, c.name, h.id, '', h.class, p.area IS NOT NULL, h.valid_until, 0, '' FROM"
    " gate_holder h JOIN gate_card c ON c.holder = h.id LEFT JOIN presence p ON p.holder = h.id"
    " WHERE h.kind = 'vehicle' AND h.state = 'active' AND h.site = ?1 AND (?2 = '' OR c.find = ?2)"
    " UNION ALL SELECT v.find, v.plate, '', x.id, '', 0, x.ends, x.starts, x.goods FROM"
    " vehicle_expected x JOIN vehicle_plate v ON v.expected = x.id WHERE x.state = 'expected' AND"
    " x.site = ?1 AND x.ends > ?3 AND (?2 = '' OR v.find = ?2)";

static void write_candidate(vg_jw *w, vg_rows *r, bool same)
{
    vg_jw_open(w, '{');
    vg_jw_kz(w, "match", same ? "same" : "maybe");
    vg_jw_kstr(w, "plate", vg_row_str(r, 1));
    vg_jw_kstr(w, "holder", vg_row_str(r, 2));
    vg_jw_kstr(w, "expected", vg_row_str(r, 3));
    vg_jw_kstr(w, "class", vg_row_str(r, 4));
    vg_jw_kbool(w, "inside", vg_row_i64(r, 5) != 0);
    vg_jw_ktime(w, "until", vg_row_i64(r, 6));
    vg_jw_ktime(w, "starts", vg_row_i64(r, 7));
    vg_jw_kstr(w, "goods", vg_row_str(r, 8));
    vg_jw_close(w, '}');
}

// All, or only those of the very plate.
static vg_status write_candidates(vg_cx *cx, const vehicles_at *at, const vg_plate *plate,
                                  bool exact, int *n, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db, KNOWN,
                        VG_VALS(vg_z(at->site), vg_z(exact ? plate->key : ""), vg_i(cx->now_us)),
                        &r, err));
    while (*n < CANDIDATES_MAX && vg_rows_next(r)) {
        const char *find = vg_str_z(cx->arena, vg_row_str(r, 0));
        const vg_plate_match m = vg_plate_compare(plate->key, find);
        if (m != VG_PLATE_DIFFERENT) {
            write_candidate(&cx->reply, r, m == VG_PLATE_SAME);
            ++*n;
        }
    }
    return vg_rows_close(r, err);
}

VG_HANDLER(vehicles_look)
{
    vehicles_at at;
    reading read = {vg_arg_str(args, "plate"), 0};
    vg_plate plate;
    int n = 0;
    VG_TRY(vehicles_point(cx, vg_arg_str(args, "id"), "gate.pass", &at, err));
    if (!read.plate.n && *at.source) {
        VG_TRY(last_reading(cx, &at, &read, err));
    }
    if (!read.plate.n) {
        return vg_fail(err, VG_EINVALID, "plate", "vehicles.no_reading", "%s", "");
    }
    VG_TRY(vg_plate_parse(read.plate, &plate, err));
    vg_jw_kstr(&cx->reply, "plate", read.plate);
    vg_jw_ktime(&cx->reply, "read_at", read.at_us);
    vg_jw_key(&cx->reply, "candidates");
    vg_jw_open(&cx->reply, '[');
    VG_TRY(write_candidates(cx, &at, &plate, true, &n, err));
    const bool known = n > 0;
    if (!known) {
        VG_TRY(write_candidates(cx, &at, &plate, false, &n, err));
    }
    vg_jw_close(&cx->reply, ']');
    vg_jw_kz(&cx->reply, "say", known ? "green" : "ask");
    vg_jw_kz(&cx->reply, "why", known ? "known" : n ? "maybe" : "unknown");
    return VG_OK;
}
