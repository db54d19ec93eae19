// SPDX-License-Identifier: Apache-2.0
// BLAKE2b from libsodium throughout; sodium_init() is called by whoever owns main().
#include "base/id.h"

#include <sodium.h>

enum { ID_BYTES = 10 };

void vg_hash(const void *p, size_t n, unsigned char out[VG_HASH_BYTES])
{
    crypto_generichash(out, VG_HASH_BYTES, p, n, NULL, 0);
}

vg_cmd_id vg_cmd_random(void)
{
    vg_cmd_id id;
    randombytes_buf(id.b, sizeof id.b);
    return id;
}

static void part(crypto_generichash_state *st, vg_str s)
{
    unsigned char len[8];
    for (int i = 0; i < 8; i++) {
        len[i] = (unsigned char)((uint64_t)s.n >> (8 * i));
    }
    crypto_generichash_update(st, len, sizeof len);
    if (s.n) {
        crypto_generichash_update(st, (const unsigned char *)s.p, s.n);
    }
}

vg_cmd_id vg_cmd_derive(const char *tag, vg_str a, vg_str b)
{
    vg_cmd_id id;
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, sizeof id.b);
    part(&st, vg_str_c(tag));
    part(&st, a);
    part(&st, b);
    crypto_generichash_final(&st, id.b, sizeof id.b);
    return id;
}

// Five bytes of the list, three of the row, eight of both.
enum { LIST_BYTES = 5, ROW_BYTES = 3 };

vg_cmd_id vg_cmd_derive_row(const char *tag, vg_str list, int64_t number)
{
    unsigned char row[8];
    for (int i = 0; i < 8; i++) {
        row[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
    }
    const vg_cmd_id of_list = vg_cmd_derive(tag, list, (vg_str){"", 0});
    vg_cmd_id id = vg_cmd_derive(tag, list, (vg_str){(const char *)row, sizeof row});
    memcpy(id.b, of_list.b, LIST_BYTES);
    memcpy(id.b + LIST_BYTES, row + sizeof row - ROW_BYTES, ROW_BYTES);
    return id;
}

static const char ALPHABET[] = "0123456789abcdefghjkmnpqrstvwxyz";

void vg_base32(const unsigned char *b, size_t fives, char *out)
{
    for (size_t k = 0; k < fives; k++) {
        uint64_t v = 0;
        for (size_t i = 0; i < 5; i++) {
            v = v << 8 | b[k * 5 + i];
        }
        for (size_t i = 8; i-- > 0; v >>= 5) {
            out[k * 8 + i] = ALPHABET[v & 31];
        }
    }
    out[fives * 8] = 0;
}

bool vg_unbase32(vg_str text, size_t fives, unsigned char *out)
{
    if (text.n != fives * 8) {
        return false;
    }
    for (size_t k = 0; k < fives; k++) {
        uint64_t v = 0;
        for (size_t i = 0; i < 8; i++) {
            const char *at = memchr(ALPHABET, text.p[k * 8 + i], sizeof ALPHABET - 1);
            if (!at) {
                return false;
            }
            v = v << 5 | (uint64_t)(at - ALPHABET);
        }
        for (size_t i = 5; i-- > 0; v >>= 8) {
            out[k * 5 + i] = (unsigned char)v;
        }
    }
    return true;
}

static void base32(const unsigned char b[ID_BYTES], char out[VG_ID_TEXT])
{
    vg_base32(b, ID_BYTES / 5, out);
}

static void id_bytes(const vg_cmd_id *cmd, uint32_t index,
                     unsigned char b[crypto_generichash_BYTES_MIN])
{
    unsigned char in[20];
    memcpy(in, cmd->b, 16);
    for (int i = 0; i < 4; i++) {
        in[16 + i] = (unsigned char)(index >> (8 * i));
    }
    crypto_generichash(b, crypto_generichash_BYTES_MIN, in, sizeof in, NULL, 0);
}

void vg_id_derive(const vg_cmd_id *cmd, uint32_t index, char out[VG_ID_TEXT])
{
    unsigned char b[crypto_generichash_BYTES_MIN];
    id_bytes(cmd, index, b);
    base32(b, out);
}

// Two bytes of the list, three of the row, and five that nobody guesses.
void vg_id_derive_row(const vg_cmd_id *cmd, uint32_t index, char out[VG_ID_TEXT])
{
    unsigned char b[crypto_generichash_BYTES_MIN];
    id_bytes(cmd, index, b);
    memcpy(b, cmd->b, 2);
    memcpy(b + 2, cmd->b + LIST_BYTES, ROW_BYTES);
    base32(b, out);
}

void vg_id_random(char out[VG_ID_TEXT])
{
    unsigned char b[ID_BYTES];
    randombytes_buf(b, sizeof b);
    base32(b, out);
}
