// SPDX-License-Identifier: Apache-2.0
// Properties over random frames, the seed printed: what the encoder wrote the decoder reads; a frame with
// one bit turned over anywhere, or two in what the CRC covers, is never taken for another message. (One
// bit of a CRC digit as a character may be three bits of the CRC: 'C' and 'B'. With another in the body
// that is four, more than CRC-16 promises: about one in two million such pairs passes.) VG_SEED repeats
// a run.
#include "ingest/dc09/dc09_kit.h"

enum { FRAMES = 3000, FLIPPED_FRAMES = 150, BODY_AT = 9 };  // LF, CRC, length

typedef struct rng {
    uint64_t x;
} rng;

static uint64_t next(rng *r)
{
    r->x ^= r->x << 13;
    r->x ^= r->x >> 7;
    r->x ^= r->x << 17;
    return r->x * UINT64_C(0x2545F4914F6CDD1D) >> 16;
}

static unsigned below(rng *r, unsigned n)
{
    return (unsigned)(next(r) % n);
}

static rng seeded(void)
{
    const char *given = getenv("VG_SEED");
    const uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)vg_now_us();
    print_message("# VG_SEED=%llu\n", (unsigned long long)seed);
    return (rng){seed | 1};
}

typedef struct sample {
    vg_dc09_message m;
    char data[512], path[16], extended[64], account[17];
    unsigned events;
    char point[8][4], code[8][4];
} sample;

static void write_sia(rng *r, sample *s)
{
    static const char *const CODES[] = {"BA", "BR", "FA", "HA", "PA", "TA", "WA", "ZA"};
    size_t n = (size_t)snprintf(s->data, sizeof s->data, below(r, 3) ? "#%s|N" : "|N", s->account);
    s->events = 1 + below(r, 8);
    for (unsigned i = 0; i < s->events; i++) {
        snprintf(s->code[i], sizeof s->code[i], "%s", CODES[below(r, 8)]);
        snprintf(s->point[i], sizeof s->point[i], "%03u", below(r, 1000));
        n += (size_t)snprintf(s->data + n, sizeof s->data - n, "%sri%u/%s%s%s", i ? "/" : "",
                              below(r, 9), s->code[i], s->point[i],
                              below(r, 2) ? "^Door\xE9 7^" : "");
    }
}

static void write_cid(rng *r, sample *s)
{
    s->events = 1;
    snprintf(s->code[0], sizeof s->code[0], "%03u", 110 + below(r, 30));
    snprintf(s->point[0], sizeof s->point[0], "%03u", below(r, 1000));
    snprintf(s->data, sizeof s->data, "#%s|%c%s %02u %s", s->account, "136"[below(r, 3)],
             s -> code[0], below(r, 100), s -> point[0]);
}

static void draw(rng *r, sample *s)
{
    static const char *const ACCOUNTS[] = {"1234", "AB12", "AB24", "AB32"};
    memset(s, 0, sizeof *s);
    snprintf(s->account, sizeof s->account, "%s", ACCOUNTS[below(r, 4)]);
    const bool cid = below(r, 2);
    cid ? write_cid(r, s) : write_sia(r, s);
    if (below(r, 3)) {
        const size_t n = below(r, 2) ? (size_t)snprintf(s->path, 8, "R%X", below(r, 1 << 24)) : 0;
        snprintf(s->path + n, 8, "L%X", below(r, 1 << 24));
    }
    if (below(r, 2)) {
        snprintf(s->extended, sizeof s->extended, "[IText %u][L%u]", below(r, 100), below(r, 100));
    }
    s->m = kit_message(s->account, cid ? "ADM-CID" : "SIA-DCS", s->data);
    s->m.path = s->path;
    s->m.extended = vg_str_c(s->extended);
    s->m.seq = below(r, 10000);
    s->m.pad_seed = next(r);
    s->m.quirks = below(r, 16);
    s->m.time_us = KIT_NOW + ((int64_t)below(r, 59) - 39) * VG_SECOND_US;
}

static void what_was_written_is_read(void **state)
{
    kit *k = *state;
    rng r = seeded();
    for (int i = 0; i < FRAMES; i++) {
        sample s;
        draw(&r, &s);
        assert_int_equal(kit_send(k, &s.m), VG_INGEST_DONE);
        assert_int_equal(k->out.verdict, VG_INGEST_accepted);
        assert_int_equal(k->out.n, s.events);
        assert_int_equal(k->out.consumed, k->n);
        for (unsigned e = 0; e < s.events; e++) {
            assert_string_equal(k->v[e].code, s.code[e]);
            assert_string_equal(k->v[e].point, s.point[e]);
            assert_int_equal(k->v[e].source_seq, s.m.seq);
            assert_int_equal(k->v[e].captured_us, s.m.time_us);
            assert_int_equal(k->v[e].flags, s.m.key_len ? VG_SIG_AUTHENTICATED : 0);
        }
    }
}

typedef struct tally {
    long flipped, same, caught;
} tally;

// Accepted with other content: the failure this test is for.
static void judge_flip(kit *k, vg_str bytes, const vg_signal *v, size_t n, tally *t)
{
    t->flipped++;
    size_t at = 0;
    bool taken = false;
    while (at < bytes.n &&
           kit_decode(k, (vg_str){bytes.p + at, bytes.n - at}, false) != VG_INGEST_NEED) {
        at += k->out.consumed;
        if (k->step == VG_INGEST_DONE && k->out.verdict == VG_INGEST_accepted) {
            taken = true;
            assert_int_equal(k->out.n, n);
            assert_memory_equal(k->v, v, n * sizeof *v);
        } else {
            assert_int_equal(k->step, VG_INGEST_BAD);  // and nothing but silence
        }
    }
    t->same += taken;
    t->caught += !taken;
}

static void no_turned_bit_makes_another_message(void **state)
{
    kit *k = *state;
    rng r = seeded();
    tally one = {0}, two = {0};
    for (int i = 0; i < FLIPPED_FRAMES; i++) {
        sample s;
        draw(&r, &s);
        char f[DC09_FRAME_MAX];
        kit_send(k, &s.m);
        const size_t n = k->n, events = k->out.n;
        vg_signal v[VG_INGEST_EVENTS_MAX];
        memcpy(v, k->v, sizeof v);
        memcpy(f, k->frame, n);
        for (size_t bit = 0; bit < n * 8; bit++) {
            f[bit / 8] = (char)(f[bit / 8] ^ 1 << bit % 8);
            judge_flip(k, (vg_str){f, n}, v, events, &one);
            const size_t other = BODY_AT * 8 + below(&r, (unsigned)(n - BODY_AT - 1) * 8);
            if (other != bit && bit / 8 >= BODY_AT && bit / 8 < n - 1) {
                f[other / 8] = (char)(f[other / 8] ^ 1 << other % 8);
                judge_flip(k, (vg_str){f, n}, v, events, &two);
                f[other / 8] = (char)(f[other / 8] ^ 1 << other % 8);
            }
            f[bit / 8] = (char)(f[bit / 8] ^ 1 << bit % 8);
        }
    }
    print_message("# one bit: %ld flips, %ld caught, %ld same message; two: %ld, %ld, %ld\n",
                  one.flipped, one.caught, one.same, two.flipped, two.caught, two.same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(no_turned_bit_makes_another_message, kit_setup,
                                        kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
