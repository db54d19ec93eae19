// SPDX-License-Identifier: Apache-2.0
// For the tests of DC-09 only: a register of invented accounts, and frames to and from them.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/dc09/encode.h"
#include "ingest/dc09/wire.h"

#define KIT_NOW (INT64_C(1795000000) * 1000000)  // 2026-11-18

typedef struct kit_account {
    const char *address;
    uint8_t key_len;
    uint32_t flags;
} kit_account;

static const unsigned char KIT_KEY[32] = "vong-gac-test-key-0123456789abcd";

static const kit_account KIT_ACCOUNTS[] = {
    {"1234", 0, 0},
    {"AB12", 16, 0},
    {"AB24", 24, 0},
    {"AB32", 32, 0},
    {"0F0F", 16, VG_SRC_ENCRYPTED_REQUIRED},
    {"D15A", 16, VG_SRC_DISABLED},
    {"1E17", 0, VG_SRC_LENIENT_LENGTH},
    {"C10C", 16, VG_SRC_ACCEPT_CLOCK},
    {"006969XX", 0, 0},
};

static inline vg_register *kit_register(void)
{
    vg_source v[VG_LEN(KIT_ACCOUNTS)];
    memset(v, 0, sizeof v);
    for (size_t i = 0; i < VG_LEN(KIT_ACCOUNTS); i++) {
        const kit_account *a = &KIT_ACCOUNTS[i];
        snprintf(v[i].id, sizeof v[i].id, "src%zu", i);
        snprintf(v[i].proto, sizeof v[i].proto, "dc09");
        snprintf(v[i].address, sizeof v[i].address, "%s", a->address);
        v[i].flags = a->flags;
        v[i].key_len = a->key_len;
        memcpy(v[i].key, KIT_KEY, sizeof v[i].key);
    }
    vg_register *r = vg_register_create();
    vg_register_replace(r, v, VG_LEN(KIT_ACCOUNTS));
    return r;
}

typedef struct kit {
    vg_register *reg;
    const vg_register_snap *snap;
    void *state;
    vg_dc09_crypt *crypt;
    vg_signal v[VG_INGEST_EVENTS_MAX];
    vg_ingest_out out;
    vg_ingest_step step;
    int64_t now_us;
    char frame[DC09_FRAME_MAX];
    size_t n;
} kit;

static inline kit *kit_create(void)
{
    kit *k = vg_alloc(sizeof *k);
    k->reg = kit_register();
    k->snap = vg_register_acquire(k->reg);
    k->state = vg_ingest_dc09.create(KIT_KEY);
    k->crypt = vg_dc09_crypt_create();
    k->now_us = KIT_NOW;
    return k;
}

static inline void kit_destroy(kit *k)
{
    vg_dc09_crypt_destroy(k->crypt);
    vg_ingest_dc09.destroy(k->state);
    vg_register_release(k->reg, k->snap);
    vg_register_destroy(k->reg);
    free(k);
}

static inline int kit_setup(void **state)
{
    *state = kit_create();
    return 0;
}

static inline int kit_teardown(void **state)
{
    kit_destroy(*state);
    return 0;
}

// Decodes bytes from a heap copy of exact size, so that a sanitizer sees one byte too many.
static inline vg_ingest_step kit_decode(kit *k, vg_str bytes, bool whole)
{
    char *copy = vg_alloc(bytes.n);
    memcpy(copy, bytes.p, bytes.n);
    const vg_ingest_in in = {{copy, bytes.n}, whole, k->now_us, k->snap, "192.0.2.7"};
    k->out = (vg_ingest_out){.v = k->v};
    k->step = vg_ingest_dc09.decode(k->state, &in, &k->out);
    free(copy);
    return k->step;
}

// LF crc length body CR
static inline vg_str kit_wrap(kit *k, const char *body, bool binary)
{
    k->n = dc09_wrap(vg_str_c(body), binary, k->frame, sizeof k->frame);
    return (vg_str){k->frame, k->n};
}

static inline vg_ingest_step kit_body(kit *k, const char *body)
{
    return kit_decode(k, kit_wrap(k, body, false), false);
}

static inline size_t kit_key_len(const char *account)
{
    for (size_t i = 0; i < VG_LEN(KIT_ACCOUNTS); i++) {
        if (strcmp(KIT_ACCOUNTS[i].address, account) == 0) {
            return KIT_ACCOUNTS[i].key_len;
        }
    }
    return 0;
}

static inline vg_dc09_message kit_message(const char *account, const char *id, const char *data)
{
    return (vg_dc09_message){.id = id,
                             .seq = 42,
                             .path = "R1L2",
                             .account = account,
                             .data = vg_str_c(data),
                             .time_us = KIT_NOW,
                             .key = KIT_KEY,
                             .key_len = kit_key_len(account),
                             .pad_seed = 7};
}

static inline vg_str kit_encode(kit *k, const vg_dc09_message *m)
{
    k->n = vg_dc09_encode(k->crypt, m, k->frame, sizeof k->frame);
    assert_true(k->n > 0);
    return (vg_str){k->frame, k->n};
}

static inline vg_ingest_step kit_send(kit *k, const vg_dc09_message *m)
{
    return kit_decode(k, kit_encode(k, m), false);
}

static inline vg_str kit_reply(kit *k, char *out, size_t cap)
{
    const vg_ingest_reply r = {k->out.answer, k->out.note, k->out.source, k->now_us};
    return (vg_str){out, k->out.answer ? vg_ingest_dc09.encode_reply(k->state, &r, out, cap) : 0};
}
