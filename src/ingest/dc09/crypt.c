// SPDX-License-Identifier: Apache-2.0
// CBC with a fixed IV and no MAC hides content; it proves little. What it is worth as proof is decided
// in decode.c (freshness, inner account) and in the driver (repetitions), not here.
#include "ingest/dc09/crypt.h"

#include <openssl/evp.h>

enum { SIZES = 3, WAYS = 2 };

struct vg_dc09_crypt {
    EVP_CIPHER *cipher[SIZES];
    EVP_CIPHER_CTX *ctx[SIZES][WAYS];
    bool ready;
};

vg_dc09_crypt *vg_dc09_crypt_create(void)
{
    static const char *const NAME[SIZES] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
    vg_dc09_crypt *c = vg_alloc(sizeof *c);
    c->ready = true;
    for (int i = 0; i < SIZES; i++) {
        c->cipher[i] = EVP_CIPHER_fetch(NULL, NAME[i], NULL);
        for (int way = 0; way < WAYS; way++) {
            c->ctx[i][way] = EVP_CIPHER_CTX_new();
            c->ready &=
                c->cipher[i] && c->ctx[i][way] &&
                EVP_CipherInit_ex2(c->ctx[i][way], c->cipher[i], NULL, NULL, way, NULL) == 1;
        }
    }
    return c;
}

void vg_dc09_crypt_destroy(vg_dc09_crypt *c)
{
    if (!c) {
        return;
    }
    for (int i = 0; i < SIZES; i++) {
        EVP_CIPHER_free(c->cipher[i]);
        for (int way = 0; way < WAYS; way++) {
            EVP_CIPHER_CTX_free(c->ctx[i][way]);
        }
    }
    free(c);
}

static bool run(vg_dc09_crypt *c, int encrypt, dc09_key key, const unsigned char *in, size_t n,
                unsigned char *out)
{
    static const unsigned char IV[16];
    const size_t size = key.n / 8 - 2;
    if ((key.n != 16 && key.n != 24 && key.n != 32) || n == 0 || n % 16 != 0 || n > 1 << 16) {
        return false;
    }
    EVP_CIPHER_CTX *x = c->ctx[size][encrypt];
    int got = 0;
    // No cipher is named here: naming it again would free and allocate its state for every frame.
    return c->ready && EVP_CipherInit_ex2(x, NULL, key.p, IV, encrypt, NULL) == 1 &&
           EVP_CIPHER_CTX_set_padding(x, 0) == 1 &&
           EVP_CipherUpdate(x, out, &got, in, (int)n) == 1 && got == (int)n;
}

bool dc09_decrypt(vg_dc09_crypt *c, dc09_key key, const unsigned char *in, size_t n,
                  unsigned char *out)
{
    return run(c, 0, key, in, n, out);
}

bool dc09_encrypt(vg_dc09_crypt *c, dc09_key key, const unsigned char *in, size_t n,
                  unsigned char *out)
{
    return run(c, 1, key, in, n, out);
}
