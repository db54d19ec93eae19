// SPDX-License-Identifier: Apache-2.0
// Evidence bundles: some events of the journal in a file that proves them to anybody, without the node. What a bundle
// holds is docs/adr/0021-evidence.md. Making reads beside the running node and writes one file; checking needs that
// file alone.
#pragma once

#include "core/core.h"

enum {
    EVIDENCE_EVENTS = 50000,  // shown in one bundle
    EVIDENCE_STEPS = 500000,  // of the chains, shown or not
    EVIDENCE_PICTURES = 2000,
    EVIDENCE_TEXT = 96 << 20,    // of one file of lines
    EVIDENCE_TOTAL = 256 << 20,  // of all files, unpacked; the bundle itself is smaller
    EVIDENCE_REASON = 300
};

// What is asked for: one incident, one alert, or a stretch of one log.
typedef struct evidence_ask {
    const char *incident, *alert;  // ids; NULL: not this
    uint32_t log;
    int64_t from, to;
    const char *reason;  // NULL: none was given
} evidence_ask;

// Where it is read: a node of this process (core), or its data beside a node or none (who is the local operator).
typedef struct evidence_from {
    vg_core *core;
    vg_db *db;  // ours, when core is NULL
    const char *dir;
    const char *node;   // its name
    vg_principal *who;  // sees what is shown
    unsigned char seed[32], vault[32], objects[32];
} evidence_from;

vg_status evidence_from_core(vg_core *core, vg_principal *who, evidence_from *ret,
                             vg_err *err) VG_USE_RESULT;
vg_status evidence_from_data(const char *dir, evidence_from *ret, vg_err *err) VG_USE_RESULT;
void evidence_from_done(evidence_from *f);

typedef struct evidence_made {
    int64_t events, withheld, seals, pictures, erased, bytes;
    char number[112];  // of the incident or alert; "" of a stretch
    char hash[2 * VG_HASH_BYTES + 1];
} evidence_made;

// May who take out this incident or alert? VG_ENOTFOUND for what he may not know of, VG_EDENIED for what is another
// agency's.
vg_status evidence_may(vg_core *core, vg_principal *who, const evidence_ask *ask,
                       vg_err *err) VG_USE_RESULT;
// Writes the bundle to path, which must not exist (a failure leaves nothing), and checks it as anybody would. Blocks up
// to some seconds for the seal that is to come. Not on the scribe's thread.
vg_status evidence_make(evidence_from *f, const evidence_ask *ask, const char *path,
                        evidence_made *ret, vg_err *err) VG_USE_RESULT;
// The arguments of the command evidence.note, which journals what was made.
void evidence_note(const evidence_ask *ask, const evidence_made *made, vg_buf *ret);

// --- checking -------------------------------------------------------------------------------------
typedef struct evidence_seal {
    uint32_t log;
    int64_t seq;
    char hash[2 * VG_HASH_BYTES + 1];
} evidence_seal;

typedef struct evidence_report {
    int64_t events, withheld, seals, pictures, personal, erased;
    int64_t first_us, last_us;  // recorded, of what is shown; 0: nothing is
    char node[200], made[40], key[65];
    size_t n_last;
    evidence_seal last[64];  // the last seal of each log, as far as there is room
    // Against cards that peers kept: of this node; those that hold and reach one event shown or more; such events; the time
    // of the last of those cards; cards of other nodes, and lines that are no whole card.
    int64_t cards, holding, covered, card_us, others, unread;
} evidence_report;

// Opens nothing but the file. key (32 bytes): what the node's key must be, known from elsewhere; NULL: whatever the
// bundle names. VG_ECORRUPT with a key "evidence.…" and what first does not fit; VG_ETOOBIG, VG_EIO.
vg_status evidence_check(const char *path, const unsigned char *key, evidence_report *ret,
                         vg_err *err) VG_USE_RESULT;
// The same, and against the cards in a file or in the files of a folder. VG_ECORRUPT with "evidence.anchor_lacks": the
// bundle's node made a card in that time of which the bundle's journal knows nothing: it was rewritten or cut.
vg_status evidence_check_anchors(const char *path, const unsigned char *key, const char *cards,
                                 evidence_report *ret, vg_err *err) VG_USE_RESULT;
