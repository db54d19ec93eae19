// SPDX-License-Identifier: Apache-2.0
// For tests only: a device with a key of its own, signing as WebCrypto does.
#pragma once

#include "core/device.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <sodium.h>

typedef struct test_device {
    EVP_PKEY *pkey;
    vg_device_key key;
    char text[sodium_base64_ENCODED_LEN(VG_DEVICE_POINT, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
} test_device;

static inline void test_base64url(const void *p, size_t n, char *out, size_t max)
{
    sodium_bin2base64(out, max, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static inline void test_device_make(test_device *d)
{
    size_t n = 0;
    d->pkey = EVP_EC_gen("P-256");
    EVP_PKEY_get_octet_string_param(d->pkey, "pub", d->key.point, sizeof d->key.point, &n);
    test_base64url(d->key.point, n, d->text, sizeof d->text);
}

static inline void test_device_done(test_device *d)
{
    EVP_PKEY_free(d->pkey);
}

static inline void test_device_sign(const test_device *d, vg_str bytes,
                                    unsigned char out[VG_DEVICE_SIG])
{
    unsigned char der[128];
    const unsigned char *p = der;
    size_t n = sizeof der;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, d->pkey);
    EVP_DigestSign(ctx, der, &n, (const unsigned char *)bytes.p, bytes.n);
    EVP_MD_CTX_free(ctx);
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)n);
    BN_bn2binpad(ECDSA_SIG_get0_r(s), out, VG_DEVICE_SIG / 2);
    BN_bn2binpad(ECDSA_SIG_get0_s(s), out + VG_DEVICE_SIG / 2, VG_DEVICE_SIG / 2);
    ECDSA_SIG_free(s);
}

static inline void test_device_sign_text(const test_device *d, vg_str bytes,
                                         char out[VG_DEVICE_SIG_TEXT + 1])
{
    unsigned char raw[VG_DEVICE_SIG];
    test_device_sign(d, bytes, raw);
    test_base64url(raw, sizeof raw, out, VG_DEVICE_SIG_TEXT + 1);
}
