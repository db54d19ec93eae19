// SPDX-License-Identifier: Apache-2.0
// Of a snapshot: vehicles that are known at the site and those that are expected (domain/plates.c). A plate is as easy to
// guess as a paper's number and goes as that does, as a hash under the key that terminals carry, then under the
// snapshot's; and once more with the characters that cameras confuse made equal. What a plate looks like goes along as the
// node has it. What an expected one brings and who waits for it stays in the locked part.
#include "domain/gate/snapshot_impl.h"

#include "base/clock.h"
#include "domain/plates.h"

static void put_plate(gate_shot *s, vg_str find)
{
    vg_plate p;
    if (vg_plate_parse(find, &p, NULL) != VG_OK) {  // an imported name that is none
        vg_jw_null(&s->w);
        vg_jw_null(&s->w);
        return;
    }
    gate_shot_guessed(s, vg_str_c(p.key));
    gate_shot_guessed(s, vg_str_c(p.loose));
}

static vg_status put_known(gate_shot *s, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(s->rd->db,
                        "SELECT c.find, h.id FROM v_gate_holder h JOIN v_gate_card c ON c.holder ="
                        " h.id WHERE h.site = ? AND h.kind = 'vehicle' AND h.state = 'active' ORDER"
                        " BY COALESCE(h.class, '') IN ('" VG_VEHICLE_UNKNOWN
                        "', '" VG_VEHICLE_EXPECTED "'), h.id",
                        VG_VALS(vg_z(s->site)), &r, err));
    vg_jw_key(&s->w, "plates");
    vg_jw_open(&s->w, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(&s->w, '[');
        put_plate(s, vg_row_str(r, 0));
        gate_shot_cell(s, &s->w, r, 1, 's');
        vg_jw_close(&s->w, ']');
    }
    vg_jw_close(&s->w, ']');
    return vg_rows_close(r, err);
}

static const char EXPECTED[] =
    "SELECT p.find, e.starts, e.ends, p.plate, e.goods, e.host FROM v_vehicle_expected e JOIN"
    " v_vehicle_plate p ON p.expected = e.id WHERE e.site = ? AND e.state = 'expected' AND e.ends >"
    " ? AND e.starts < ? ORDER BY e.starts, e.id";

static void put_cells(gate_shot *s, vg_jw *w, vg_rows *r, int i, const char *types)
{
    for (; *types; types++) {
        gate_shot_cell(s, w, r, i++, *types);
    }
}

// One row in each part, in the same order.
static vg_status put_expected(gate_shot *s, vg_err *err)
{
    vg_rows *r;
    const int64_t ahead_us = s->now_us + GATE_AHEAD_H * 3600 * VG_SECOND_US;
    VG_TRY(vg_rows_open(s->rd->db, EXPECTED,
                        VG_VALS(vg_z(s->site), vg_i(s->now_us), vg_i(ahead_us)), &r, err));
    vg_jw_key(&s->w, "expected");
    vg_jw_open(&s->w, '[');
    vg_jw_key(&s->names, "expected");
    vg_jw_open(&s->names, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(&s->w, '[');
        put_plate(s, vg_row_str(r, 0));
        put_cells(s, &s->w, r, 1, "ii");
        vg_jw_close(&s->w, ']');
        vg_jw_open(&s->names, '[');
        put_cells(s, &s->names, r, 3, "sss");
        vg_jw_close(&s->names, ']');
    }
    vg_jw_close(&s->w, ']');
    vg_jw_close(&s->names, ']');
    return vg_rows_close(r, err);
}

vg_status gate_shot_plates(gate_shot *s, vg_err *err)
{
    vg_jw_kstr(&s->w, "plate_forms", vg_plate_forms());
    VG_TRY(put_known(s, err));
    return put_expected(s, err);
}
