// SPDX-License-Identifier: Apache-2.0
// The first byte chooses how the rest reaches the decoder: as it is, with a right CRC around it, or
// sealed under a source's key, so that the CRC does not keep the fuzzer out; or as a panel reads answers.
#include "base/clock.h"
#include "base/text.h"
#include "ingest/dc09/encode.h"
#include "ingest/dc09/wire.h"

#include <assert.h>

#define NOW (INT64_C(1795000000) * VG_SECOND_US)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct world {
    vg_register *reg;
    const vg_register_snap *snap;
    void *state;
    vg_dc09_crypt *crypt;
    vg_signal v[VG_INGEST_EVENTS_MAX];
} world;

static const unsigned char KEY[32] = "fuzz-key-of-sixteen-and-more-byt";

static void world_init(world *w)
{
    vg_source v[3] = {
        {.id = "a", .proto = "dc09", .address = "1234"},
        {.id = "b", .proto = "dc09", .address = "AB12", .key_len = 16},
        {.id = "c", .proto = "dc09", .address = "1E17", .flags = VG_SRC_LENIENT_LENGTH}};
    for (size_t i = 0; i < VG_LEN(v); i++) {
        memcpy(v[i].key, KEY, sizeof KEY);
    }
    w->reg = vg_register_create();
    vg_register_replace(w->reg, v, VG_LEN(v));
    w->snap = vg_register_acquire(w->reg);
    w->state = vg_ingest_dc09.create(KEY);
    w->crypt = vg_dc09_crypt_create();
}

static void check_text(const char *p, size_t cap)
{
    const size_t n = strnlen(p, cap);
    assert(n < cap);
    assert(vg_utf8_valid((vg_str){p, n}));
}

static void check(const world *w, const vg_ingest_out *o, bool sealed)
{
    assert(o->n <= VG_INGEST_EVENTS_MAX);
    assert(sealed || !o->authenticated);
    for (size_t i = 0; i < o->n; i++) {
        const vg_signal *s = &w->v[i];
        assert(s->verb <= VG_SIG_OTHER);
        assert(!(s->flags & VG_SIG_AUTHENTICATED) || o->authenticated);
        check_text(s->kind, sizeof s->kind);
        check_text(s->code, sizeof s->code);
        check_text(s->area, sizeof s->area);
        check_text(s->point, sizeof s->point);
        check_text(s->user, sizeof s->user);
        check_text(s->text, sizeof s->text);
        check_text(s->address, sizeof s->address);
    }
    char reply[512];
    const vg_ingest_reply r = {o->answer, o->note, o->source, NOW};
    if (o->answer) {
        assert(vg_ingest_dc09.encode_reply(w->state, &r, reply, sizeof reply) <= sizeof reply);
    }
}

static void stream(world *w, vg_str bytes, bool sealed)
{
    size_t at = 0;
    while (at < bytes.n) {
        const vg_ingest_in in = {{bytes.p + at, bytes.n - at}, false, NOW, w->snap, "192.0.2.1"};
        vg_ingest_out out = {.v = w->v};
        const vg_ingest_step step = vg_ingest_dc09.decode(w->state, &in, &out);
        assert(out.consumed <= bytes.n - at);
        at += out.consumed;
        if (step == VG_INGEST_NEED) {
            break;
        }
        assert(out.consumed > 0);
        check(w, &out, sealed);
    }
    const vg_ingest_in whole = {bytes, true, NOW, w->snap, NULL};
    vg_ingest_out out = {.v = w->v};
    (void)vg_ingest_dc09.decode(w->state, &whole, &out);
    check(w, &out, sealed);
}

static void sealed_frame(world *w, vg_str content)
{
    char body[DC09_FRAME_MAX], frame[DC09_FRAME_MAX + 16];
    const dc09_seal s = {w->crypt, {KEY, 16}, 0, 1};
    const int h = snprintf(body, sizeof body, "\"*SIA-DCS\"0001L0#AB12[");
    const size_t n = dc09_sealed(&s, content, body + h, sizeof body - (size_t)h);
    stream(w, (vg_str){frame, dc09_wrap((vg_str){body, (size_t)h + n}, false, frame, sizeof frame)},
           true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static world w;
    char frame[DC09_FRAME_MAX + 64];
    if (!w.reg) {
        world_init(&w);
    }
    if (size < 1 || size > DC09_FRAME_MAX) {
        return 0;
    }
    const vg_str rest = {(const char *)data + 1, size - 1};
    vg_dc09_reply reply;
    switch (data[0] % 4) {
    case 0:
        stream(&w, rest, true);  // may hold a frame sealed under the key: the corpus does
        break;
    case 1:
        stream(&w, (vg_str){frame, dc09_wrap(rest, data[0] & 4, frame, sizeof frame)}, true);
        break;
    case 2:
        sealed_frame(&w, rest);
        break;
    default:
        (void)vg_dc09_reply_parse(w.crypt, rest, (vg_str){(const char *)KEY, 16}, &reply);
        assert(reply.consumed <= rest.n);
        break;
    }
    return 0;
}
