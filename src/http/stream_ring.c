// SPDX-License-Identifier: Apache-2.0
// A client that lost its line says how far it had come; it gets the present state of the rows that
// changed since, not their history. The place is sealed under a key of this boot and looks the same for
// everybody, so it tells nobody how much happened that he may not see; after a restart no token opens and
// clients reload.
#include "http/stream_ring.h"

#include <sodium.h>

void http_ring_init(http_ring *r)
{
    randombytes_buf(r->key, sizeof r->key);
}

void http_ring_add(http_ring *r, const vg_change *c)
{
    r->v[++r->last % HTTP_RING] = *c;
}

int http_change_order(const void *a, const void *b)
{
    const vg_change *x = a, *y = b;
    const uintptr_t rx = (uintptr_t)x->resource, ry = (uintptr_t)y->resource;
    return rx != ry ? (rx > ry) - (rx < ry) : (x->rowid > y->rowid) - (x->rowid < y->rowid);
}

bool http_ring_since(const http_ring *r, uint64_t after, vg_change out[HTTP_RESUME_MAX],
                     size_t *ret_n)
{
    if (after > r->last || r->last - after > HTTP_RING) {
        return false;
    }
    const size_t n = (size_t)(r->last - after);
    vg_change *all = vg_alloc((n ? n : 1) * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        all[i] = r->v[(after + 1 + i) % HTTP_RING];
    }
    qsort(all, n, sizeof *all, http_change_order);
    size_t distinct = 0;
    bool fits = true;
    for (size_t i = 0; i < n && fits; i++) {
        if (i && http_change_order(&all[i - 1], &all[i]) == 0) {
            continue;
        }
        fits = distinct < HTTP_RESUME_MAX;
        if (fits) {
            out[distinct++] = all[i];
        }
    }
    free(all);
    *ret_n = distinct;
    return fits;
}

void http_ring_seal(const http_ring *r, uint64_t number, char out[HTTP_TOKEN_B64])
{
    unsigned char b[HTTP_TOKEN_BYTES], plain[8];
    memcpy(plain, &number, sizeof plain);
    randombytes_buf(b, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(b + crypto_secretbox_NONCEBYTES, plain, sizeof plain, b, r->key);
    sodium_bin2base64(out, HTTP_TOKEN_B64, b, sizeof b, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool http_ring_open(const http_ring *r, vg_str token, uint64_t *ret_number)
{
    unsigned char b[HTTP_TOKEN_BYTES], plain[8];
    size_t n = 0;
    if (token.n != HTTP_TOKEN_B64 - 1 ||
        sodium_base642bin(b, sizeof b, token.p, token.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof b ||
        crypto_secretbox_open_easy(plain, b + crypto_secretbox_NONCEBYTES,
                                   sizeof b - crypto_secretbox_NONCEBYTES, b, r->key) != 0) {
        return false;
    }
    memcpy(ret_number, plain, sizeof plain);
    return true;
}
