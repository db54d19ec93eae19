// SPDX-License-Identifier: Apache-2.0
// The key that signs what a terminal takes with it. A terminal keeps the point from the first time that it was here, so a
// snapshot from anywhere else is none. ECDSA on P-256, because that is what browsers verify; the key is made once and
// lies in the vault, and nothing else is signed with it.
#include "domain/gate/terminal.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

static const char SPACE[] = "gate", NAME[] = "snapshot";
enum { PRIVATE = 32 };

static bool make(gate_seal_key *ret)
{
    size_t n = 0;
    BIGNUM *secret = NULL;
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    const bool good = pkey && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &secret) == 1 &&
                      BN_bn2binpad(secret, ret->bytes, PRIVATE) == PRIVATE &&
                      EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
                                                      ret->bytes + PRIVATE, 65, &n) == 1 &&
                      n == 65;
    BN_clear_free(secret);
    EVP_PKEY_free(pkey);
    return good;
}

vg_status gate_seal_key_read(vg_core *core, vg_db *db, vg_arena *a, gate_seal_key *ret, vg_err *err)
{
    vg_str kept;
    VG_TRY(vg_vault_get(core, db, a, SPACE, NAME, &kept, err));
    if (kept.n != sizeof ret->bytes) {
        return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
    }
    memcpy(ret->bytes, kept.p, sizeof ret->bytes);
    return VG_OK;
}

vg_status gate_seal_key_of(vg_cx *cx, gate_seal_key *ret, vg_err *err)
{
    const vg_status st = gate_seal_key_read(cx->core, cx->db, cx->arena, ret, err);
    if (st != VG_ENOTFOUND) {
        return st;
    }
    if (!make(ret)) {
        return vg_fail(err, VG_EIO, "", NULL, "%s", "P-256");
    }
    return vg_vault_put(cx, SPACE, NAME, (vg_str){(const char *)ret->bytes, sizeof ret->bytes},
                        err);
}

static EVP_PKEY *pkey_of(const gate_seal_key *key)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = NULL;
    BIGNUM *secret = BN_bin2bn(key->bytes, PRIVATE, NULL);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (b && secret && ctx &&
        OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
        OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, key->bytes + PRIVATE, 65) ==
            1 &&
        (params = OSSL_PARAM_BLD_to_param(b)) && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    BN_clear_free(secret);
    return pkey;
}

static bool side_by_side(const unsigned char *der, size_t n, unsigned char out[64])
{
    const unsigned char *p = der;
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)n);
    const bool good = s && BN_bn2binpad(ECDSA_SIG_get0_r(s), out, 32) == 32 &&
                      BN_bn2binpad(ECDSA_SIG_get0_s(s), out + 32, 32) == 32;
    ECDSA_SIG_free(s);
    return good;
}

bool gate_seal(const gate_seal_key *key, vg_str bytes, unsigned char out[64])
{
    unsigned char der[128];
    size_t n = sizeof der;
    EVP_PKEY *pkey = pkey_of(key);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const bool good = pkey && ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1 &&
                      EVP_DigestSign(ctx, der, &n, (const unsigned char *)bytes.p, bytes.n) == 1 &&
                      side_by_side(der, n, out);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return good;
}

vg_str gate_base64url(vg_arena *a, const void *p, size_t n)
{
    const size_t max = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = vg_arena_get(a, max);
    if (!out) {
        return (vg_str){0};
    }
    sodium_bin2base64(out, max, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return vg_str_c(out);
}
