// SPDX-License-Identifier: Apache-2.0
// Terminals of a gate that go on without a connection: what they take with them, and what they bring back.
#pragma once

#include "domain/gate/gate.h"

enum { GATE_HASH_TEXT = 65, GATE_MERGE_MAX = 100 };

// terminal.c
typedef struct gate_terminal {
    const char *id, *site, *agency;  // agency: the site's
    int32_t label;
    int64_t seq;  // the highest of its queue that came, 0: none
    vg_str head;  // hash of that one
} gate_terminal;
// VG_EDENIED: whoever asks is no terminal.
vg_status gate_terminal_at(vg_cx *cx, gate_terminal *ret, vg_err *err) VG_USE_RESULT;
extern const vg_field gate_hello_fields[];
VG_HANDLER(gate_hello);
VG_FOLDER(gate_on_queue_merged);
VG_FOLDER(gate_on_queue_broken);

// sealkey.c: what a terminal knows the node's snapshots by, ECDSA on P-256 as its own key is (core/device.h)
enum { GATE_SEAL_KEY = 32 + 65 };  // private, then the point
typedef struct gate_seal_key {
    unsigned char bytes[GATE_SEAL_KEY];
} gate_seal_key;
// Makes one if there is none.
vg_status gate_seal_key_of(vg_cx *cx, gate_seal_key *ret, vg_err *err) VG_USE_RESULT;
vg_status gate_seal_key_read(vg_core *core, vg_db *db, vg_arena *a, gate_seal_key *ret,
                             vg_err *err) VG_USE_RESULT;
// r and s, 64 bytes.
bool gate_seal(const gate_seal_key *key, vg_str bytes, unsigned char out[64]);
vg_str gate_base64url(vg_arena *a, const void *p, size_t n);

// snapshot.c
vg_status gate_snapshot(vg_read *rd, const vg_args *args, vg_err *err);

// merge.c
extern const vg_field gate_merge_fields[], gate_resolve_fields[];
VG_HANDLER(gate_merge);
VG_HANDLER(gate_resolve);
VG_FOLDER(gate_on_resolved);

// miss.c
extern const vg_field gate_miss_due_fields[], gate_miss_settle_fields[];
// Of a passage just merged: a->ban is what the list says now. ret_said false: he is looked for already, by the same entries.
vg_status gate_say_missed(vg_cx *cx, const gate_at *at, const gate_advice *a, const char *passage,
                          bool *ret_said, vg_err *err) VG_USE_RESULT;
VG_HANDLER(gate_miss_due);
VG_HANDLER(gate_miss_settle);
VG_FOLDER(gate_on_ban_missed);
VG_FOLDER(gate_on_miss_settled);

// entry.c: one entry of a queue, as the terminal signed it
typedef struct gate_entry {
    vg_str text, sig;  // the signed bytes and the signature
    char hash[GATE_HASH_TEXT];
    int64_t seq, told_us, mono_us;
    vg_str prev, run, act, point, holder, shown, paper, advice, why, by;
    int way;
    vg_str reasons;  // checked and written anew: a JSON array
    vg_str badge;    // found at the merge: whose code was shown; none: of no badge
    bool asked_ban;  // among the reasons was an entry of the ban list
} gate_entry;
// Texts in a. VG_EINVALID (field "entries"): not of this form.
vg_status gate_entry_read(vg_arena *a, vg_str text, gate_entry *ret, vg_err *err) VG_USE_RESULT;
