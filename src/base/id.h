// SPDX-License-Identifier: Apache-2.0
// Identities. A command has a 16-byte id; the ids of the things it creates derive from it, so a retry
// makes the same things. Text form: 16 characters of Crockford base 32 (80 bits), lower case.
#pragma once

#include "base/str.h"

#define VG_ID_TEXT 17  // with the NUL
#define VG_HASH_BYTES 32

typedef struct vg_cmd_id {
    unsigned char b[16];
} vg_cmd_id;

vg_cmd_id vg_cmd_random(void);
// H(tag, a, b): a command id from what caused it (idempotency key, timer and due time, event and
// reaction). Parts are length-prefixed, so no two different inputs concatenate alike.
vg_cmd_id vg_cmd_derive(const char *tag, vg_str a, vg_str b);
// The same for the rows of a list: ids of one (tag, list) stand together in the list's order, so that neighbours
// share the pages of an index (past 2^24 rows the order begins anew).
vg_cmd_id vg_cmd_derive_row(const char *tag, vg_str list, int64_t number);
void vg_id_derive_row(const vg_cmd_id *cmd, uint32_t index, char out[VG_ID_TEXT]);
void vg_id_derive(const vg_cmd_id *cmd, uint32_t index, char out[VG_ID_TEXT]);
void vg_id_random(char out[VG_ID_TEXT]);
// The same text for any whole number of 5 bytes, 8 characters each and a NUL; back only from exactly that.
void vg_base32(const unsigned char *b, size_t fives, char *out);
bool vg_unbase32(vg_str text, size_t fives, unsigned char *out);
void vg_hash(const void *p, size_t n, unsigned char out[VG_HASH_BYTES]);  // BLAKE2b-256
