// SPDX-License-Identifier: Apache-2.0
// A plate that nobody knows is compared with every one that is known at the site, by the distance of what cameras take
// for one another: slow is what is rare.
#include "domain/plates.h"

static const char KNOWN[] =
    "SELECT c.find, c.name, h.id, '', h.class, p.area IS NOT NULL, h.valid_until, 0, '', '',"
    " COALESCE(h.class, '') NOT IN ('" VG_VEHICLE_UNKNOWN "', '" VG_VEHICLE_EXPECTED "') AS"
    " registered FROM gate_holder h JOIN gate_card c ON c.holder = h.id LEFT JOIN presence p ON"
    " p.holder = h.id WHERE h.kind = 'vehicle' AND h.state = 'active' AND h.site = ?1 AND"
    " (?2 = '' OR c.find = ?2) UNION ALL SELECT v.find, v.plate, '', x.id, '', 0, x.ends, x.starts,"
    " x.goods, x.host, 1 FROM vehicle_expected x JOIN vehicle_plate v ON v.expected = x.id WHERE"
    " x.state = 'expected' AND x.site = ?1 AND x.ends > ?3 AND (?2 = '' OR v.find = ?2)"
    " ORDER BY registered DESC, 8, 3, 4";

static void take(vg_arena *a, vg_rows *r, vg_plate_match match, vg_plate_known *k)
{
    *k = (vg_plate_known){.match = match,
                          .plate = vg_str_dup(a, vg_row_str(r, 1)),
                          .holder = vg_str_dup(a, vg_row_str(r, 2)),
                          .expected = vg_str_dup(a, vg_row_str(r, 3)),
                          .class = vg_str_dup(a, vg_row_str(r, 4)),
                          .inside = vg_row_i64(r, 5) != 0,
                          .until_us = vg_row_i64(r, 6),
                          .starts_us = vg_row_i64(r, 7),
                          .goods = vg_str_dup(a, vg_row_str(r, 8)),
                          .host = vg_str_dup(a, vg_row_str(r, 9)),
                          .registered = vg_row_i64(r, 10) != 0};
}

// All, or only those of the very plate.
static vg_status find(vg_cx *cx, const char *site, const vg_plate *plate, bool exact,
                      vg_plate_known *ret, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    char key[VG_PLATE_KEY];
    VG_TRY(vg_rows_open(cx->db, KNOWN,
                        VG_VALS(vg_z(site), vg_z(exact ? plate->key : ""), vg_i(vg_time_known(cx))),
                        &r, err));
    while (*ret_n < VG_PLATES_MAX && vg_rows_next(r)) {
        const vg_str kept = vg_row_str(r, 0);
        if (kept.n >= sizeof key) {
            continue;
        }
        snprintf(key, sizeof key, "%.*s", VG_FMT(kept));
        const vg_plate_match m = vg_plate_compare(plate->key, key);
        if (m != VG_PLATE_DIFFERENT) {
            take(cx->arena, r, m, &ret[(*ret_n)++]);
        }
    }
    return vg_rows_close(r, err);
}

vg_status vg_plates_find(vg_cx *cx, const char *site, const vg_plate *plate, vg_plate_known *ret,
                         size_t *ret_n, vg_err *err)
{
    *ret_n = 0;
    VG_TRY(find(cx, site, plate, true, ret, ret_n, err));
    return *ret_n ? VG_OK : find(cx, site, plate, false, ret, ret_n, err);
}

void vg_plates_json(vg_jw *w, const char *key, const vg_plate_known *v, size_t n)
{
    vg_jw_key(w, key);
    vg_jw_open(w, '[');
    for (size_t i = 0; i < n; i++) {
        vg_jw_open(w, '{');
        vg_jw_kz(w, "match", v[i].match == VG_PLATE_SAME ? "same" : "maybe");
        vg_jw_kstr(w, "plate", v[i].plate);
        vg_jw_kstr(w, "holder", v[i].holder);
        vg_jw_kstr(w, "expected", v[i].expected);
        vg_jw_kstr(w, "class", v[i].class);
        vg_jw_kbool(w, "inside", v[i].inside);
        vg_jw_ktime(w, "until", v[i].until_us);
        vg_jw_ktime(w, "starts", v[i].starts_us);
        vg_jw_kstr(w, "goods", v[i].goods);
        vg_jw_kstr(w, "host", v[i].host);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}
