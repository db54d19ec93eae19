// SPDX-License-Identifier: Apache-2.0
// A paper on its way between two nodes (.vgp) and the receipt for it (.vgr): bytes in, struct out; no SQL, no clock.
// Outside there is nothing but which of the two it is: all else is closed to the receiver's key. Inside: length and
// text of a JSON header in one fixed spelling, the sender's signature of it, the file. The header holds the file's size
// and digest and who it is for, so one signature covers all, and what is handed on to a third opens nowhere.
#pragma once

#include "base/id.h"
#include "base/json.h"

enum {
    PAPER_KEY = 32,
    PAPER_FILE_BYTES = 20 << 20,
    PAPER_HEAD_BYTES = 16 << 10,
    PAPER_BYTES = PAPER_FILE_BYTES + PAPER_HEAD_BYTES + 256,
    PAPER_FINGERPRINT = 36  // six groups of five digits
};

typedef struct paper_head {
    bool receipt;
    unsigned char from[PAPER_KEY], to[PAPER_KEY];  // signing keys
    unsigned char
        hash[VG_HASH_BYTES];  // of the file; in a receipt: of the header that was received
    vg_str sent;              // the sender's id of this sending
    vg_str agency;            // of who writes this header
    vg_str number;            // of the paper; in a receipt: of the receiver's register
    vg_str receiver;          // who it is for; in a receipt: who took it
    int64_t at_us;
    // of a paper only
    vg_str dated, subject, kind, until, term_ref, file_name;
    int64_t secrecy, bytes;
} paper_head;

typedef struct paper_keys {  // of one node
    unsigned char seed[32];  // signing
    unsigned char sign[PAPER_KEY], box[PAPER_KEY], box_secret[PAPER_KEY];
} paper_keys;
void paper_keys_from(const unsigned char seed[32], const unsigned char box_seed[32],
                     paper_keys *ret);
// Both keys as digits to be read aloud.
void paper_fingerprint(const unsigned char sign[PAPER_KEY], const unsigned char box[PAPER_KEY],
                       char out[PAPER_FINGERPRINT]);

void paper_head_write(const paper_head *h, vg_buf *out);
// Texts in a. VG_ECONFLICT "documents.damaged": not what paper_head_write gives for any header within the limits.
vg_status paper_head_read(vg_str text, vg_arena *a, paper_head *ret, vg_err *err) VG_USE_RESULT;
void paper_head_hash(vg_str header, unsigned char out[VG_HASH_BYTES]);

// Signs the header's text and closes all to box. VG_EINVALID: that is no key.
vg_status paper_close(bool receipt, vg_str header, vg_str file, const paper_keys *keys,
                      const unsigned char box[PAPER_KEY], vg_buf *ret, vg_err *err) VG_USE_RESULT;
// What is inside, on the heap. VG_ECONFLICT "documents.not_for_us": cut, changed, another's, or no such file.
vg_status paper_open(vg_str bytes, bool receipt, const paper_keys *keys, vg_buf *ret,
                     vg_err *err) VG_USE_RESULT;
// ret_header and ret_file are views of inside. VG_ECONFLICT with "documents.damaged" or "documents.bad_signature".
vg_status paper_read(vg_str inside, bool receipt, vg_arena *a, paper_head *ret, vg_str *ret_header,
                     vg_str *ret_file, vg_err *err) VG_USE_RESULT;
