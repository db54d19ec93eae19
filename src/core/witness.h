// SPDX-License-Identifier: Apache-2.0
// The journal as an outside witness keeps it: every seal, and of the events between them that call for
// attention the bare fact. Whoever sends these keeps his positions here, one a log, so that a witness who is
// away for a week costs a few numbers and no queue. A seal covers all before it: one that got lost on the way
// is made good by the next.
#pragma once

#include "core/core.h"

typedef struct vg_witness_line {
    uint32_t log;
    int64_t seq, at_us;  // recorded (event), sealed (seal)
    unsigned char hash[VG_HASH_BYTES];
    const char *kind;  // of the event; NULL: a seal
    const char *urgency;
    unsigned char key[32], signature[64];  // of a seal
} vg_witness_line;

enum { VG_WITNESS_LINES = 512 };

// Some VG_WITNESS_LINES (more when one seal covers many) after the positions kept under this name, in a,
// logs by number, each in its order; an event stands before the seal that covers it. The first time ever a name
// is asked for it begins with each log's last seal. Only events of labels that may leave, and that are the
// node's own, shared, or of agency. Any thread but the scribe's.
vg_status vg_witness_read(vg_core *c, const char *name, const char *agency, vg_arena *a,
                          vg_witness_line **ret, size_t *n, vg_err *err) VG_USE_RESULT;
// The positions move behind these lines. Waits for the commit.
vg_status vg_witness_keep(vg_core *c, const char *name, const vg_witness_line *v, size_t n,
                          vg_err *err) VG_USE_RESULT;

// --- held against the journal afterwards --------------------------------------------------------
typedef struct vg_witness_report {
    int64_t lines,
        others;        // seals of ours that stand in the journal; seals of other nodes, passed over
    uint32_t bad_log;  // the first that does not: why = catalogue key
    int64_t bad_seq;
    const char *why;
} vg_witness_report;
// Reads what a SIEM kept, one line each, other text around and lines of others between. key: this node's
// present sealing key; seals by earlier ones are ours, too. Errors: VG_ECORRUPT with the report filled (another hash, or the journal lacks it),
// VG_ENOTFOUND (no seal of ours in it).
vg_status vg_witness_compare(vg_db *db, const unsigned char key[32], const char *path,
                             vg_witness_report *ret, vg_err *err) VG_USE_RESULT;
