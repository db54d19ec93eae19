// SPDX-License-Identifier: Apache-2.0
// The panel's side of DC-09: writes frames and reads answers. Used by the simulator, the tests and the
// bench; the receiver shares only the sealing.
#pragma once

#include "ingest/dc09/crypt.h"
#include "ingest/ingest.h"

enum {
    VG_DC09_BINARY_CRC = 1,  // as the LUPUS family
    VG_DC09_LOWER_HEX = 2,
    VG_DC09_NO_BAR = 4,   // pad directly before the content, as some diallers do for *NULL
    VG_DC09_LONG_PAD = 8  // 17 bytes where 1 would do
};

typedef struct vg_dc09_message {
    const char *id;       // "SIA-DCS", "ADM-CID", "NULL"; the asterisk is added with a key
    unsigned seq;         // 0-9999
    const char *path;     // "R1L2", "L0", ""
    const char *account;  // NULL: none outside the brackets
    vg_str data;          // all between the brackets: "#1234|Nri1/BA05"
    vg_str extended;      // "[I...][L...]"
    int64_t time_us;      // 0: none
    const unsigned char *key;
    size_t key_len;  // 0: clear
    unsigned quirks;
    uint64_t pad_seed;
} vg_dc09_message;

// Bytes written, 0 if cap is too small or the key has no AES size. c may be NULL for clear frames.
size_t vg_dc09_encode(vg_dc09_crypt *c, const vg_dc09_message *m, char *out, size_t cap);

typedef struct vg_dc09_reply {
    vg_ingest_answer answer;
    bool encrypted;
    int seq;  // -1 if it has none
    char account[17];
    int64_t time_us;  // 0 if it has none
    size_t consumed;
} vg_dc09_reply;

// BAD: not an answer, wrong CRC or length, or not readable with this key. consumed is always set.
vg_ingest_step vg_dc09_reply_parse(vg_dc09_crypt *c, vg_str bytes, vg_str key, vg_dc09_reply *ret);

// "content" is "data]...[_time"; out receives hex digits of pad, bar, content. 0: too small, bad key.
typedef struct dc09_seal {
    vg_dc09_crypt *crypt;
    dc09_key key;
    unsigned quirks;
    uint64_t pad_seed;
} dc09_seal;
size_t dc09_sealed(const dc09_seal *s, vg_str content, char *out, size_t cap);
