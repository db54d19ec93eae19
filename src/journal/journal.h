// SPDX-License-Identifier: Apache-2.0
// The journal: append-only logs of events, each a hash chain closed by Ed25519 seals. One process holds
// many logs (a site each, and the node's own); an event's name is (log, seq). Appending runs on the
// scribe's thread inside its transaction; reading and verifying run on any reader connection.
#pragma once

#include "base/id.h"
#include "store/store.h"

#define VG_LOG_NODE 1u  // the node's own log
#define VG_SEQ_BITS 40  // rowid of an event: log << 40 | seq
#define VG_SEAL_AFTER_US INT64_C(1000000)
#define VG_JOURNAL_FORMAT 2  // 1: one hash over everything; neither reads the other
#define VG_SALT_BYTES 16
#define VG_EVENT_ROWID(log, seq) ((int64_t)((uint64_t)(log) << VG_SEQ_BITS | (uint64_t)(seq)))

typedef struct vg_event {
    uint32_t log;
    int64_t seq;
    vg_str kind;      // "sites.signal"
    int32_t version;  // of the kind's schema
    int32_t label;    // interned (core/label.h)
    int32_t purpose;  // 0 real, 1 authorised test
    int64_t world;    // 0 real, else a drill
    vg_str site, subject, actor;
    vg_cmd_id command;  // that made it; of a device's report: what its repetition is known by
    uint32_t cause_log;
    int64_t cause_seq;  // 0 = none
    int64_t captured_us, received_us, recorded_us;
    vg_str source;
    int64_t source_seq;
    vg_str body;              // compact JSON, never personal data
    vg_str personal, person;  // ciphertext and the id of its key; both empty mostly
    unsigned char hash[VG_HASH_BYTES];
    unsigned char salt[VG_SALT_BYTES];  // random: who sees the leaf alone cannot guess the event
} vg_event;

typedef struct vg_journal vg_journal;

// db is the writer; seed (32 bytes) makes the sealing key. Loads the heads of all logs (one seek each).
// VG_ECORRUPT with "verify.format": written in another format.
vg_status vg_journal_open(vg_db *db, const unsigned char seed[32], vg_journal **ret,
                          vg_err *err) VG_USE_RESULT;
void vg_journal_close(vg_journal *j);

// A new log for a site; its number is returned (existing: the same). Inside a transaction.
vg_status vg_journal_log(vg_journal *j, vg_str site, uint32_t *ret_log, vg_err *err) VG_USE_RESULT;

// Sets seq, recorded_us (never before the log's last one), salt and hash. Inside a transaction.
vg_status vg_journal_append(vg_journal *j, vg_event *e, int64_t now_us, vg_err *err) VG_USE_RESULT;
// Seals logs that have 256 unsealed events, or any for a second (all: every one). Inside a transaction.
vg_status vg_journal_seal(vg_journal *j, int64_t now_us, bool all, vg_err *err) VG_USE_RESULT;
// Forget (after ROLLBACK) or keep (after COMMIT) what was appended since the last call; mark/undo the
// same for one savepoint.
void vg_journal_settle(vg_journal *j, bool committed);
void vg_journal_mark(vg_journal *j);
void vg_journal_undo(vg_journal *j);  // back to the mark
bool vg_journal_seal_due(const vg_journal *j, int64_t now_us);
int64_t vg_journal_latest(const vg_journal *j);  // recorded_us of the last event of all logs
int64_t vg_journal_head(const vg_journal *j, uint32_t log);  // last seq, 0 = empty
// Where every log stands, as "[12,0,7]" from log 1; what is sealed from now on is sealed by another key. See keys.h.
void vg_journal_heads(const vg_journal *j, vg_buf *out);
void vg_journal_rekey(vg_journal *j, const unsigned char seed[32]);

// --- reading ------------------------------------------------------------------------------------
// For who reads without vg_journal_open: VG_ECORRUPT with "verify.format" unless it is of our format.
vg_status vg_journal_readable(vg_db *db, vg_err *err) VG_USE_RESULT;
#define VG_EVENT_COLUMNS                                                                       \
    "e.id, e.kind, e.version, e.label, e.purpose, e.world, e.site, e.subject, e.actor, "       \
    "e.command, e.cause, e.captured, e.received, e.recorded, e.source, e.source_seq, e.body, " \
    "e.personal, e.person, e.hash, e.salt"
void vg_event_read(vg_rows *r,
                   vg_event *e);  // a row of VG_EVENT_COLUMNS; texts borrowed until the next step

typedef struct vg_verify_report {
    int64_t events, seals, logs;
    uint32_t bad_log;  // first bad record: (bad_log, bad_seq), why = catalogue key
    int64_t bad_seq;
    const char *why;
} vg_verify_report;
// Recomputes every hash and seal. key: the node's own sealing key (32 bytes), or NULL to accept whatever
// key a seal names. VG_ECORRUPT with the report filled at the first bad record.
vg_status vg_journal_verify(vg_db *db, const unsigned char *key, vg_verify_report *ret,
                            vg_err *err) VG_USE_RESULT;
void vg_journal_public_key(const unsigned char seed[32], unsigned char out[32]);
