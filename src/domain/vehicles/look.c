// SPDX-License-Identifier: Apache-2.0
// Whose plate is this? Of a plate that was typed, or else the last one that the point's own camera read within two
// minutes: the vehicles known here and the expected ones with that plate; when there is none, those whose plate a
// camera could have taken it for. The guard is told of a reading at the point he keeps, whoever owns the camera, and of
// nothing else it reports. A vehicle that is only "maybe" is to be asked about, as is one that nobody knows.
#include "domain/vehicles/vehicles.h"

#include "base/clock.h"

#include "domain/plates.h"

const vg_field vehicles_look_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"plate", VG_F_TEXT, .max = 24},
    {NULL},
};

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

// Those that were let through once are not known for it.
static bool is_known(const vg_plate_known *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].match == VG_PLATE_SAME && (v[i].registered || v[i].inside)) {
            return true;
        }
    }
    return false;
}

VG_HANDLER(vehicles_look)
{
    vehicles_at at;
    reading read = {vg_arg_str(args, "plate"), 0};
    vg_plate plate;
    vg_plate_known v[VG_PLATES_MAX];
    size_t n = 0;
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
    VG_TRY(vg_plates_find(cx, at.site, &plate, v, &n, err));
    vg_plates_json(&cx->reply, "candidates", v, n);
    const bool known = is_known(v, n);
    const bool maybe = n && v[0].match == VG_PLATE_MAYBE;
    vg_jw_kz(&cx->reply, "say", known ? "green" : "ask");
    vg_jw_kz(&cx->reply, "why", known ? "known" : maybe ? "maybe" : "unknown");
    return VG_OK;
}
