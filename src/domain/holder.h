// SPDX-License-Identifier: Apache-2.0
// Who may be let through, as more than one module needs it: what a scan or a typed number says, what of a paper is kept,
// and how somebody becomes a holder of the gate (gate.holder_added) with his card beside the journal.
#pragma once

#include "domain/kit.h"
#include "ident/name.h"

// What is kept of a paper's number: a keyed hash and the last four.
typedef struct vg_paper {
    unsigned char hash[32];
    char last[5];  // "": none was given
} vg_paper;
vg_status vg_paper_of(vg_cx *cx, vg_str number, vg_paper *ret, vg_err *err) VG_USE_RESULT;
vg_val vg_paper_val(const vg_paper *p);  // NULL if there is none

// What a reader typed: the QR code of a citizen's card, its machine readable zone, or a number by hand. It fills a form
// and proves nothing.
typedef struct vg_scan {
    vg_str number;     // as it is written on the paper
    vg_str name;       // "": the scan does not tell
    int born;          // year; 0: not told
    const char *kind;  // "id_card", or NULL: a number by hand
    uint32_t hints;    // VG_ID_HINT_… of ident/id_card.h
} vg_scan;
vg_status vg_scan_read(vg_arena *a, vg_str text, vg_scan *ret, vg_err *err) VG_USE_RESULT;

// What somebody is found by: the folded name, or the plate without its dots and strokes.
vg_status vg_holder_find(vg_str kind, vg_str name, char out[VG_NAME_KEY],
                         vg_err *err) VG_USE_RESULT;

typedef struct vg_holder_new {
    const char *id;  // NULL: a new one
    const char *agency, *site;
    vg_str kind, class, person, name, company, phone, doc_kind;
    int64_t born, valid_until_us;  // 0: not known, no end
    const vg_paper *paper;
    int32_t label;
} vg_holder_new;
// Writes the card and journals the holder, his personal part under his own key.
vg_status vg_holder_make(vg_cx *cx, const vg_holder_new *h, char ret_id[VG_ID_TEXT],
                         vg_err *err) VG_USE_RESULT;
