// SPDX-License-Identifier: Apache-2.0
// A plate at the point, typed or read by its camera. Who has it is a vehicle of the gate like any other; one that is
// expected now may come in; one that cameras confuse with another is asked about, as is one that nobody knows. A vehicle
// that was let through once is not known for it: it may leave, but the next time it is asked about again.
#include "domain/gate/advice_impl.h"

#include "base/clock.h"

enum { EARLY_MIN = 30 };  // as long as an expected one is ticked off by itself (vehicles)

static const vg_plate_known *expected_of(const gate_advice *a)
{
    for (size_t i = 0; i < a->n_plates; i++) {
        if (a->plates[i].match == VG_PLATE_SAME && a->plates[i].expected.n) {
            return &a->plates[i];
        }
    }
    return NULL;
}

static const vg_plate_known *holder_of(const gate_advice *a)
{
    for (size_t i = 0; i < a->n_plates; i++) {
        if (a->plates[i].match == VG_PLATE_SAME && a->plates[i].holder.n) {
            return &a->plates[i];
        }
    }
    return NULL;
}

static void say_plate(gate_asking *q, const vg_plate_known *held)
{
    gate_advice *a = q->a;
    const vg_plate_known *x = a->expected;
    const bool from_street = !*q->at->from;
    if (!held && !x) {
        gate_reason_add(a, GATE_ASK, a->n_plates ? "plate_maybe" : "plate_unknown", (vg_str){0});
    } else if (x && q->cx->now_us < x->starts_us - EARLY_MIN * 60 * VG_SECOND_US) {
        gate_reason_add(a, held && held->registered ? GATE_GREEN : GATE_ASK, "plate_early",
                        gate_moment(q->cx->arena, x->starts_us));
    } else if (x) {
        gate_reason_add(a, GATE_GREEN, "plate_expected", gate_moment(q->cx->arena, x->until_us));
    } else if (!held->registered && from_street) {
        gate_reason_add(a, GATE_ASK, "plate_not_expected", (vg_str){0});
    }
}

vg_status gate_find_plate(gate_asking *q, vg_str text, bool tried, vg_str *ret_holder, vg_err *err)
{
    gate_advice *a = q->a;
    *ret_holder = (vg_str){0};
    const vg_status st = vg_plate_parse(text, &a->plate, tried ? NULL : err);
    if (st != VG_OK) {
        return tried ? VG_OK : st;
    }
    a->plates = vg_arena_get(q->cx->arena, VG_PLATES_MAX * sizeof *a->plates);
    if (!a->plates) {
        return vg_fail(err, VG_ETOOBIG, "plate", NULL, "%s", "");
    }
    VG_TRY(vg_plates_find(q->cx, q->at->site, &a->plate, a->plates, &a->n_plates, err));
    const bool same = a->n_plates && a->plates[0].match == VG_PLATE_SAME;
    const bool like_one = a->plate.classes || a->n_plates;
    if (tried && !same && (!like_one || vg_str_eqc(q->at->lane, "person"))) {
        a->n_plates = 0;
        return VG_OK;
    }
    const vg_plate_known *held = holder_of(a);
    a->by_plate = true;
    a->expected = expected_of(a);
    *ret_holder = held ? held->holder : (vg_str){0};
    say_plate(q, held);
    return VG_OK;
}

// As the list of the expected has it, else as its class prints it.
static vg_str plate_text(vg_cx *cx, const gate_advice *a)
{
    char text[24];
    if (a->expected) {
        return a->expected->plate;
    }
    for (int c = 0; c < VG_PLATE_CLASSES; c++) {
        if (a->plate.classes & (1u << c)) {
            vg_plate_print(&a->plate, (vg_plate_class)c, text);
            return vg_str_dup(cx->arena, vg_str_c(text));
        }
    }
    return vg_str_dup(cx->arena, vg_str_c(a->plate.key));
}

vg_status gate_plate_holder(vg_cx *cx, const gate_at *at, gate_advice *a, vg_err *err)
{
    char id[VG_ID_TEXT];
    const bool expected = a->expected && a->say == GATE_GREEN;
    const vg_holder_new h = {.agency = at->agency,
                             .site = at->site,
                             .kind = VG_S("vehicle"),
                             .class = expected ? VG_S(VG_VEHICLE_EXPECTED) : VG_S(GATE_UNKNOWN),
                             .name = plate_text(cx, a),
                             .label = at->label};
    VG_TRY(vg_holder_make(cx, &h, id, err));
    VG_TRY(gate_holder_at(cx, vg_str_dup(cx->arena, vg_str_c(id)), &a->holder, err));
    a->found = true;
    return VG_OK;
}

void gate_plates_json(const gate_advice *a, vg_jw *w)
{
    if (a->by_plate) {
        vg_jw_kz(w, "plate", a->plate.key);
        vg_plates_json(w, "plates", a->plates, a->n_plates);
    }
}
