// SPDX-License-Identifier: Apache-2.0
// The chain's hash. Headers are small, so they are laid into one stack buffer; a text longer than the
// buffer's share enters by its digest, which keeps the encoding bounded and still injective.
#include "journal/chain.h"

#include <sodium.h>

enum { TEXT_INLINE = 64 };

typedef struct out {
    unsigned char *p;
} out;

static void put_u(out *o, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        *o->p++ = (unsigned char)(v >> (8 * i));
    }
}

static void put_text(out *o, vg_str s)
{
    put_u(o, s.n, 4);
    if (s.n <= TEXT_INLINE) {
        if (s.n) {
            memcpy(o->p, s.p, s.n);
        }
        o->p += s.n;
    } else {
        vg_hash(s.p, s.n, o->p);
        o->p += VG_HASH_BYTES;
    }
}

void vg_chain_digest(vg_str s, unsigned char out_digest[VG_HASH_BYTES])
{
    if (s.n) {
        vg_hash(s.p, s.n, out_digest);
    } else {
        memset(out_digest, 0, VG_HASH_BYTES);
    }
}

void vg_chain_leaf(const vg_event *e, unsigned char out_leaf[VG_HASH_BYTES])
{
    unsigned char personal[VG_HASH_BYTES];
    vg_chain_digest(e->personal, personal);
    vg_chain_leaf_without(e, personal, out_leaf);
}

void vg_chain_leaf_without(const vg_event *e, const unsigned char personal[VG_HASH_BYTES],
                           unsigned char out_leaf[VG_HASH_BYTES])
{
    unsigned char buf[2 * VG_HASH_BYTES + VG_SALT_BYTES + 16 + 12 * 8 + 6 * (4 + TEXT_INLINE) + 64];
    out o = {buf};
    put_u(&o, e->log, 4);
    put_u(&o, (uint64_t)e->seq, 8);
    put_text(&o, e->kind);
    put_u(&o, (uint32_t)e->version, 4);
    put_u(&o, (uint32_t)e->label, 4);
    put_u(&o, (uint32_t)e->purpose, 4);
    put_u(&o, (uint64_t)e->world, 8);
    put_text(&o, e->site);
    put_text(&o, e->subject);
    put_text(&o, e->actor);
    memcpy(o.p, e->command.b, sizeof e->command.b);
    o.p += sizeof e->command.b;
    put_u(&o, e->cause_log, 4);
    put_u(&o, (uint64_t)e->cause_seq, 8);
    put_u(&o, (uint64_t)e->captured_us, 8);
    put_u(&o, (uint64_t)e->received_us, 8);
    put_u(&o, (uint64_t)e->recorded_us, 8);
    put_text(&o, e->source);
    put_u(&o, (uint64_t)e->source_seq, 8);
    put_text(&o, e->person);
    memcpy(o.p, e->salt, VG_SALT_BYTES);
    o.p += VG_SALT_BYTES;
    vg_chain_digest(e->body, o.p);
    o.p += VG_HASH_BYTES;
    memcpy(o.p, personal, VG_HASH_BYTES);
    o.p += VG_HASH_BYTES;
    vg_hash(buf, (size_t)(o.p - buf), out_leaf);
}

void vg_chain_step(const unsigned char prev[VG_HASH_BYTES], const unsigned char leaf[VG_HASH_BYTES],
                   unsigned char out_hash[VG_HASH_BYTES])
{
    unsigned char both[2 * VG_HASH_BYTES];
    memcpy(both, prev, VG_HASH_BYTES);
    memcpy(both + VG_HASH_BYTES, leaf, VG_HASH_BYTES);
    vg_hash(both, sizeof both, out_hash);
}

void vg_chain_hash(const unsigned char prev[VG_HASH_BYTES], const vg_event *e,
                   unsigned char out_hash[VG_HASH_BYTES])
{
    unsigned char leaf[VG_HASH_BYTES];
    vg_chain_leaf(e, leaf);
    vg_chain_step(prev, leaf, out_hash);
}

size_t vg_seal_message(uint32_t log, int64_t seq, int64_t sealed_us,
                       const unsigned char hash[VG_HASH_BYTES], unsigned char out_msg[64])
{
    out o = {out_msg};
    memcpy(o.p, "vgseal2", 7);
    o.p += 7;
    put_u(&o, log, 4);
    put_u(&o, (uint64_t)seq, 8);
    put_u(&o, (uint64_t)sealed_us, 8);
    memcpy(o.p, hash, VG_HASH_BYTES);
    o.p += VG_HASH_BYTES;
    return (size_t)(o.p - out_msg);
}
