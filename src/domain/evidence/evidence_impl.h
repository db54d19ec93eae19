// SPDX-License-Identifier: Apache-2.0
// Inside of src/domain/evidence.
#pragma once

#include "core/anchor.h"
#include "domain/evidence/evidence.h"
#include "domain/kit.h"

// --- pack.c: the ZIP ------------------------------------------------------------------------------
#define EVIDENCE_MANIFEST "manifest.json"
#define EVIDENCE_SIGNATURE "manifest.sig"
#define EVIDENCE_README "README.txt"
#define EVIDENCE_LINES "events.jsonl"
#define EVIDENCE_CHAIN "chain.jsonl"
#define EVIDENCE_OBJECTS "objects.jsonl"
#define EVIDENCE_ANCHORS "anchors.jsonl"
#define EVIDENCE_FORMAT 2  // 1 had no anchors
enum {
    EVIDENCE_NAME = 64,
    EVIDENCE_FILES = EVIDENCE_PICTURES + 8,
    EVIDENCE_MANIFEST_BYTES = 1 << 20,
    EVIDENCE_PROOFS = 4000,  // of anchors
    EVIDENCE_ANCHOR_BYTES = 8 << 20
};

typedef struct evidence_file {
    char name[EVIDENCE_NAME];
    vg_buf bytes;
} evidence_file;

typedef struct evidence_files {
    evidence_file *v;
    size_t n, cap;
    size_t total;
} evidence_files;

// The next file, empty; NULL: too many. Valid until the next call.
evidence_file *evidence_add(evidence_files *f, const char *name, size_t max_bytes);
evidence_file *evidence_file_of(const evidence_files *f, vg_str name);  // NULL: there is none
void evidence_files_done(evidence_files *f);
vg_status evidence_write(const evidence_files *f, const char *path, vg_err *err) VG_USE_RESULT;
// Whole into memory, under the limits; names that no bundle has are refused.
vg_status evidence_read(const char *path, evidence_files *ret, vg_err *err) VG_USE_RESULT;
// What the signature signs.
size_t evidence_message(vg_str manifest, unsigned char out[64]);

// --- manifest.c: of a bundle that is checked -----------------------------------------------------------
typedef struct evidence_manifest {
    int64_t format;
    json_t *tree;
    unsigned char key[32];          // the node's public key
    struct vg_key_change *changes;  // of that key, oldest first
    size_t n_changes;
} evidence_manifest;
// VG_ECORRUPT, with the text of key and what it is about.
vg_status evidence_bad(vg_err *err, const char *key, const char *what);
// m: zeroed; to be ended by evidence_manifest_done whatever comes back. key: the one that is expected; NULL: any. Writes
// key, node and made of rep.
vg_status evidence_manifest_read(const evidence_files *files, const unsigned char *key,
                                 evidence_manifest *m, evidence_report *rep,
                                 vg_err *err) VG_USE_RESULT;
vg_status evidence_files_check(const evidence_files *files, const evidence_manifest *m,
                               vg_err *err) VG_USE_RESULT;
void evidence_manifest_done(evidence_manifest *m);

// --- pick.c: which events -------------------------------------------------------------------------
typedef struct evidence_pick {
    int64_t *
        ids;  // row ids, ascending, each once: all that is shown came through the asker's own scope
    size_t n, cap;
    char number[112], site[VG_ID_TEXT], agency[VG_ID_TEXT];
} evidence_pick;
vg_status evidence_choose(evidence_from *f, const evidence_ask *ask, evidence_pick *ret,
                          vg_err *err) VG_USE_RESULT;
// Only the head of it: number, site, agency. VG_ENOTFOUND.
vg_status evidence_head(evidence_from *f, const evidence_ask *ask, evidence_pick *ret,
                        vg_err *err) VG_USE_RESULT;
// Readers: scoped to who, or of everything. give is to be called within two seconds.
vg_status evidence_take(evidence_from *f, bool scoped, vg_db **ret, vg_err *err) VG_USE_RESULT;
void evidence_give(evidence_from *f, bool scoped, vg_db *db);

// --- walk.c: events, chains, seals ----------------------------------------------------------------
typedef struct evidence_text {
    evidence_files files;
    vg_buf events, chain, objects, anchors, logs;  // logs: an array for the manifest
    int64_t made_us;                               // begun: every anchor made before is in it
    int64_t first_us;                              // recorded, of what is shown; 0: nothing is
    int64_t anchors_until_us;  // of the last anchor there was room for; 0: of all
    evidence_made made;
    size_t picture_bytes;
    int64_t steps;
    bool old_keys;  // a seal is by a key that was changed since
} evidence_text;
vg_status evidence_walk(evidence_from *f, const evidence_pick *p, evidence_text *t,
                        vg_err *err) VG_USE_RESULT;
// line.c: one event as a line that holds exactly what is hashed; read back into an event. proof: of the personal part,
// NULL when it is not shown.
typedef struct evidence_line {
    vg_event e;
    unsigned char leaf[VG_HASH_BYTES];
    bool has_personal, shown, erased;
    vg_str clear;  // when shown
} evidence_line;
void evidence_line_write(const vg_event *e, const unsigned char *proof, vg_str clear, bool erased,
                         vg_buf *out);
// Texts in a. VG_ECORRUPT: not such a line, or the personal part is not what the proof opens.
vg_status evidence_line_read(vg_str text, vg_arena *a, evidence_line *ret,
                             vg_err *err) VG_USE_RESULT;
// One JSON object of a line, by jansson. VG_ECORRUPT names the file and the line.
vg_status evidence_object(vg_str line, json_t **ret, vg_err *err) VG_USE_RESULT;
// Lower-case hexadecimal and nothing else.
bool evidence_unhex(const json_t *o, const char *member, void *out, size_t n);
bool evidence_i64(const json_t *o, const char *member, int64_t min, int64_t max, int64_t *ret);

// --- anchors.c: that the logs stood so when cards were made for others -------------------------------
// The first seq from `last` on that an anchor notes of this log, and not further than `most`; 0: there is none.
vg_status evidence_anchor_after(vg_db *db, uint32_t log, int64_t last, int64_t most, int64_t *ret,
                                vg_err *err) VG_USE_RESULT;
// Of each anchor since the first event shown: where it saw the logs of the bundle.
vg_status evidence_put_anchors(evidence_from *f, const evidence_pick *p, evidence_text *t,
                               vg_err *err) VG_USE_RESULT;
typedef struct evidence_proof {
    vg_anchor_proof p;
    unsigned char digest[VG_HASH_BYTES];
    bool proven, carded;  // the bundle's chain goes through it; somebody kept a card of it
} evidence_proof;
// A line read back. VG_ECORRUPT.
vg_status evidence_proof_read(vg_str line, evidence_proof *ret, vg_err *err) VG_USE_RESULT;

// cards.c: every card in a file, or in the files of a folder, by name. unread counts lines that begin like one and are none.
typedef vg_status (*evidence_card_fn)(void *me, const vg_anchor *card, const char *file,
                                      vg_err *err);
vg_status evidence_cards(const char *path, evidence_card_fn each, void *me, int64_t *unread,
                         vg_err *err) VG_USE_RESULT;

// --- note.c: what was made, in the journal --------------------------------------------------------
extern const vg_field evidence_note_fields[];
VG_HANDLER(evidence_note_run);
VG_FOLDER(evidence_on_made);
