// SPDX-License-Identifier: Apache-2.0
// BLAKE2b keyed by the source's key over its id, in lower-case Crockford base 32: no letter that is taken for
// another on a device's little keyboard. The key itself cannot be learned from it.
#include "core/source_token.h"

#include <sodium.h>

bool vg_source_token(const vg_source *s, char out[VG_SOURCE_TOKEN])
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char h[17], key[crypto_generichash_KEYBYTES] = "vonggac device token";
    if (s->key_len == 0) {
        return false;
    }
    crypto_generichash_state st;
    crypto_generichash_init(&st, key, sizeof key, sizeof h);
    crypto_generichash_update(&st, &s->key_len, 1);
    crypto_generichash_update(&st, s->key, s->key_len);
    crypto_generichash_update(&st, (const unsigned char *)s->id, strlen(s->id));
    crypto_generichash_final(&st, h, sizeof h);
    for (unsigned i = 0; i < VG_SOURCE_TOKEN - 1; i++) {
        const unsigned bit = i * 5;
        const unsigned two =
            (unsigned)h[bit / 8] << 8 | (bit / 8 + 1 < sizeof h ? h[bit / 8 + 1] : 0U);
        out[i] = digits[two >> (11 - bit % 8) & 31];
    }
    out[VG_SOURCE_TOKEN - 1] = 0;
    sodium_memzero(h, sizeof h);
    sodium_memzero(&st, sizeof st);
    return true;
}
