// SPDX-License-Identifier: Apache-2.0
// The recent past of the stream: which rows changed, numbered; and the sealed tokens that name a place in it.
#pragma once

#include "core/core.h"

enum { HTTP_RING = 16384, HTTP_RESUME_MAX = 1000, HTTP_TOKEN_BYTES = 48, HTTP_TOKEN_B64 = 65 };

typedef struct http_ring {
    uint64_t last;  // number of the newest change; 0 = none yet
    vg_change v[HTTP_RING];
    unsigned char key[32];  // of this boot
} http_ring;

void http_ring_init(http_ring *r);
void http_ring_add(http_ring *r, const vg_change *c);
// The distinct rows changed after number `after`; false when that is too long ago, too many, or never was.
bool http_ring_since(const http_ring *r, uint64_t after, vg_change out[HTTP_RESUME_MAX],
                     size_t *ret_n);
// An opaque text of fixed length; only this boot can read it.
void http_ring_seal(const http_ring *r, uint64_t number, char out[HTTP_TOKEN_B64]);
bool http_ring_open(const http_ring *r, vg_str token, uint64_t *ret_number);
int http_change_order(const void *a, const void *b);  // for qsort: equal rows side by side
