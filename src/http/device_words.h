// SPDX-License-Identifier: Apache-2.0
// What a device puts into Authorization, and the text that its signature is over. Pure.
//   Device <account>;ts=<milliseconds>;nonce=<16 bytes>;body=<SHA-256 of the body>;sig=<r and s>
// in this order, the bytes as base64url without padding, nothing between and nothing after.
#pragma once

#include "base/id.h"
#include "core/device.h"

enum { HTTP_NONCE_BYTES = 16, HTTP_NONCE_TEXT = 22, HTTP_DIGEST_BYTES = 32, HTTP_DIGEST_TEXT = 43 };

typedef struct http_device_words {
    char account[VG_ID_TEXT];
    int64_t at_us;
    vg_str ts, nonce_text, body_text;  // as they came
    unsigned char nonce[HTTP_NONCE_BYTES], body[HTTP_DIGEST_BYTES], sig[VG_DEVICE_SIG];
} http_device_words;

// header: what follows "Device ". The views are into it. False: not that form.
bool http_device_parse(vg_str header, http_device_words *ret);
// method and target (path and query) as they were sent. The account's id is 80 random bits of the node that made it:
// what is signed for one node is nothing at another. Empty past the arena's limit.
vg_str http_device_text(vg_arena *a, const http_device_words *w, vg_str method, vg_str target);
