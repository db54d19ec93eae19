// SPDX-License-Identifier: Apache-2.0
// Who may be let through, as more than one module needs it: what a scan or a typed number says, what of a paper is kept,
// and how somebody becomes a holder of the gate (gate.holder_added) with his card beside the journal.
#pragma once

#include "domain/kit.h"
#include "ident/name.h"

// What is kept of a paper's number: two keyed hashes and the last four. `hash` is under a key that never leaves the node;
// `away` is HMAC-SHA-256 under another, which gate terminals carry, so that what a terminal gives away says nothing of
// the rest.
enum { VG_PAPER_HASH = 32 };
typedef struct vg_paper {
    unsigned char hash[VG_PAPER_HASH], away[VG_PAPER_HASH];
    char last[5];  // "": none was given
} vg_paper;
vg_status vg_paper_of(vg_cx *cx, vg_str number, vg_paper *ret, vg_err *err) VG_USE_RESULT;
vg_val vg_paper_val(const vg_paper *p);  // NULL if there is none
vg_val vg_paper_away(const vg_paper *p);
// The key of `away`; made if there is none yet.
vg_status vg_paper_away_key(vg_cx *cx, unsigned char ret[VG_PAPER_HASH], vg_err *err) VG_USE_RESULT;
#define VG_PAPER_SPACE "gate"  // where the keys lie in the vault
#define VG_PAPER_AWAY "paper_away"

// Of an invitation's code, as it is kept: hex of SHA-256, which a terminal reckons too.
enum { VG_INVITE_TEXT = 65 };
void vg_invite_hash(vg_str code, char out[VG_INVITE_TEXT]);

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
    bool as_is;  // a vehicle's name need be no plate: it is what somebody could make out
} vg_holder_new;
// Writes the card and journals the holder, his personal part under his own key.
vg_status vg_holder_make(vg_cx *cx, const vg_holder_new *h, char ret_id[VG_ID_TEXT],
                         vg_err *err) VG_USE_RESULT;
