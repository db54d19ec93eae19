// SPDX-License-Identifier: Apache-2.0
// For the checks that make an advice: what they are given and how they say what they found.
#pragma once

#include "domain/gate/gate.h"
#include "domain/holder.h"

typedef struct gate_asking {
    vg_cx *cx;
    const gate_at *at;
    gate_advice *a;
    vg_where where;  // of the holder, by record
    vg_str where_area, where_site;
    const vg_scan *scan;    // of a paper that was shown, or NULL
    const vg_paper *paper;  // its key
} gate_asking;

void gate_reason_add(gate_advice *a, gate_say say, const char *code, vg_str detail);

// advice_plate.c: ret_holder "": none has this plate. tried: it may be no plate at all, and then nothing is said.
vg_status gate_find_plate(gate_asking *q, vg_str text, bool tried, vg_str *ret_holder,
                          vg_err *err) VG_USE_RESULT;
vg_str gate_moment(vg_arena *arena, int64_t us);

// advice_visit.c: is a visitor expected, let in, told the rules, accompanied?
// The one whose paper or invitation was shown; "": nobody.
vg_status gate_find_paper(gate_asking *q, vg_str *ret_holder, vg_err *err) VG_USE_RESULT;
vg_status gate_find_invited(gate_asking *q, vg_str code, vg_str *ret_holder,
                            vg_err *err) VG_USE_RESULT;
vg_status gate_check_visit(gate_asking *q, vg_err *err) VG_USE_RESULT;

// escort.c: somebody of the house who leaves a visitor behind whom he or his host must accompany
vg_status gate_check_leaves_guest(gate_asking *q, vg_err *err) VG_USE_RESULT;

// advice_ban.c
vg_status gate_check_ban(gate_asking *q, vg_err *err) VG_USE_RESULT;
