// SPDX-License-Identifier: Apache-2.0
// Verifying by libcrypto, which wants a signature as DER; WebCrypto gives r and s side by side (IEEE P1363). libcrypto
// writes the DER itself, so leading zeros and high bits are its matter, and it refuses a point off the curve and an r or
// s out of range. Only verifying happens here: no private key of a device ever comes to the node.
#include "core/device.h"

#include "core/core.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <sodium.h>

static const char BYTES_TAG[] = "vonggac bytes 1\n";

// libsodium takes some bytes beyond ASCII for letters, so they are looked at first.
bool vg_base64url(vg_str text, void *out, size_t n)
{
    size_t got = 0;
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] > 0x7e) {
            return false;
        }
    }
    return sodium_base642bin(out, n, text.p ? text.p : "", text.n, NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == n;
}

static EVP_PKEY *key_of(const vg_device_key *key)
{
    char group[] = "P-256";
    unsigned char point[VG_DEVICE_POINT];
    memcpy(point, key->point, sizeof point);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end()};
    OSSL_PARAM in[VG_LEN(params)];
    memcpy(in, params, sizeof in);
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, in) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static bool on_curve(const vg_device_key *key)
{
    EVP_PKEY *pkey = key_of(key);
    EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    const bool good = ctx && EVP_PKEY_public_check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return good;
}

vg_status vg_device_key_read(vg_str text, vg_device_key *ret, vg_err *err)
{
    vg_device_key k = {0};
    if (!vg_base64url(text, k.point, sizeof k.point) || k.point[0] != 4 || !on_curve(&k)) {
        return vg_fail(err, VG_EINVALID, "key", "core.device_key", "%s", "");
    }
    *ret = k;
    return VG_OK;
}

void vg_device_print(const vg_device_key *key, char out[VG_DEVICE_PRINT])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    char hex[21];
    crypto_hash_sha256(h, key->point, sizeof key->point);
    vg_hex(h, 10, hex);
    snprintf(out, VG_DEVICE_PRINT, "%.4s %.4s %.4s %.4s %.4s", hex, hex + 4, hex + 8, hex + 12,
             hex + 16);
}

// As DER, malloc'ed by libcrypto; the length, or 0.
static int der_of(const unsigned char sig[VG_DEVICE_SIG], unsigned char **ret)
{
    ECDSA_SIG *s = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(sig, VG_DEVICE_SIG / 2, NULL),
           *t = BN_bin2bn(sig + VG_DEVICE_SIG / 2, VG_DEVICE_SIG / 2, NULL);
    int n = 0;
    if (s && r && t && ECDSA_SIG_set0(s, r, t) == 1) {
        n = i2d_ECDSA_SIG(s, ret);
    } else {
        BN_free(r);
        BN_free(t);
    }
    ECDSA_SIG_free(s);
    return n > 0 ? n : 0;
}

bool vg_device_sig_good(const vg_device_key *key, vg_str bytes,
                        const unsigned char sig[VG_DEVICE_SIG])
{
    unsigned char *der = NULL;
    const int n = der_of(sig, &der);
    EVP_PKEY *pkey = key_of(key);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const bool good =
        n && pkey && ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1 &&
        EVP_DigestVerify(ctx, der, (size_t)n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    OPENSSL_free(der);
    return good;
}

static const vg_auth *auth_of(void)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->auth && m->auth->device) {
            return m->auth;
        }
    }
    return NULL;
}

static vg_status not_signed(vg_err *err)
{
    return vg_fail(err, VG_EAUTH, "", NULL, "%s", "");
}

vg_status vg_device_verify(vg_core *core, vg_db *db, vg_str account, vg_str bytes, vg_str sig,
                           vg_err *err)
{
    vg_device_key key;
    vg_principal who = {0};
    unsigned char raw[VG_DEVICE_SIG];
    const vg_auth *auth = auth_of();
    if (!auth || !vg_base64url(sig, raw, sizeof raw)) {
        return not_signed(err);
    }
    const vg_status st = auth->device(core, db, account, &who, &key, err);
    vg_principal_done(&who);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? not_signed(err) : st;
    }
    vg_buf b;
    vg_buf_init(&b, sizeof BYTES_TAG + VG_ID_TEXT + bytes.n);
    vg_buf_f(&b, "%s%.*s\n", BYTES_TAG, VG_FMT(account));
    vg_buf_s(&b, bytes);
    const bool good = !b.failed && vg_device_sig_good(&key, vg_buf_str(&b), raw);
    vg_buf_done(&b);
    return good ? VG_OK : not_signed(err);
}
