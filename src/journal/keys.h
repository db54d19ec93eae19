// SPDX-License-Identifier: Apache-2.0
// Which key sealed what. A node's sealing key changes with its node key (docs/adr/0027); each change is an event of the
// node's log, signed by the key that ends and the one that begins. Whoever knows the present key so knows all before it, and
// for each log the last event that an earlier one may have sealed.
#pragma once

#include "base/json.h"
#include "journal/journal.h"

#define VG_KEY_CHANGED "core.key_rotated"  // the kind of the event

typedef struct vg_key_change {
    unsigned char old_key[32], new_key[32];
    unsigned char
        digest[VG_HASH_BYTES];  // of where each log stood: salted, so that it tells nothing
    unsigned char by_old[64], by_new[64];
} vg_key_change;

// heads: the text that vg_journal_heads wrote.
void vg_key_change_make(const unsigned char old_seed[32], const unsigned char new_seed[32],
                        const unsigned char salt[VG_SALT_BYTES], vg_str heads, vg_key_change *ret);
void vg_key_change_write(vg_jw *w, const vg_key_change *c);  // as members of an open object
// False: not such an object, or one of the two did not sign it.
bool vg_key_change_read(vg_str object, vg_key_change *ret);

enum { VG_KEY_CHANGES = 256 };

typedef struct vg_seal_keys {
    unsigned char own[32];
    size_t n;  // oldest first
    struct {
        vg_key_change change;
        int64_t *heads;  // index log - 1
        size_t n_heads;
    } * v;
} vg_seal_keys;

// own: the present key. VG_ECORRUPT "verify.rotation": the changes do not lead to it, or one is not as it was signed;
// ret_seq (may be NULL) is then the event's.
vg_status vg_seal_keys_load(vg_db *db, const unsigned char own[32], vg_seal_keys *ret,
                            int64_t *ret_seq, vg_err *err) VG_USE_RESULT;
void vg_seal_keys_done(vg_seal_keys *k);
const unsigned char *vg_seal_key_at(const vg_seal_keys *k, uint32_t log, int64_t seq);
bool vg_seal_key_ours(const vg_seal_keys *k, const unsigned char key[32]);
