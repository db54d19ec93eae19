// SPDX-License-Identifier: Apache-2.0
// Signatures, bodies good and bad, and the gate.
#include "ingest/webhook/webhook.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>
#include <cmocka.h>

#define NOW (INT64_C(1795000000) * VG_SECOND_US)

static const vg_source SOURCE = {.index = 7,
                                 .id = "hook",
                                 .proto = "webhook",
                                 .address = "bridge-1",
                                 .key = "secret",
                                 .key_len = 6};

typedef struct call {
    vg_webhook_request r;
    char hex[65];
    vg_arena *a;
    vg_signal v[VG_WEBHOOK_EVENTS_MAX];
    vg_webhook_events e;
    vg_err err;
} call;

static void sign(call *c, const char *timestamp, const char *body)
{
    char text[4096];
    unsigned char mac[32];
    crypto_auth_hmacsha256_state h;
    const size_t n = (size_t)snprintf(text, sizeof text, "%s.%s", timestamp, body);
    crypto_auth_hmacsha256_init(&h, SOURCE.key, SOURCE.key_len);
    crypto_auth_hmacsha256_update(&h, (unsigned char *)text, n);
    crypto_auth_hmacsha256_final(&h, mac);
    vg_hex(mac, sizeof mac, c->hex);
    c->r = (vg_webhook_request){.source = &SOURCE,
                                .timestamp = vg_str_c(timestamp),
                                .signature = vg_str_c(c->hex),
                                .body = vg_str_c(body),
                                .peer = "192.0.2.9",
                                .now_us = NOW};
}

static int setup(void **state)
{
    call *c = vg_alloc(sizeof *c);
    c->a = vg_arena_create(1 << 20);
    *state = c;
    return 0;
}

static int teardown(void **state)
{
    call *c = *state;
    vg_arena_destroy(c->a);
    free(c);
    return 0;
}

static vg_status parse(call *c, const char *body)
{
    sign(c, "1795000000", body);
    c->e = (vg_webhook_events){.v = c->v};
    return vg_webhook_parse(c->a, &c->r, &c->e, &c->err);
}

static void known_answer(void **state)
{
    call *c = *state;
    // printf '1795000000.{}' | openssl dgst -sha256 -hmac secret
    sign(c, "1795000000", "{}");
    c->r.signature = VG_S("6b4c7e66d3b69c810f27c4aa67ee370757d4dfdabf1fbb338ea7cf6aba9e0494");
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_OK);
}

static void signatures_are_checked(void **state)
{
    call *c = *state;
    sign(c, "1795000000", "{\"kind\":\"smoke\"}");
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_OK);
    char with[80];
    snprintf(with, sizeof with, "sha256=%s", c->hex);
    c->r.signature = vg_str_c(with);
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_OK);
    for (size_t i = 0; i < 64; i++) {
        sign(c, "1795000000", "{\"kind\":\"smoke\"}");
        c->hex[i] = c->hex[i] == '0' ? '1' : '0';
        assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
        assert_string_equal(c->err.key, "ingest.err.signature");
    }
    sign(c, "1795000000", "{\"kind\":\"smoke\"}");
    c->r.body.n--;
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
    sign(c, "1795000000", "{}");
    c->r.timestamp = VG_S("1795000001");
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
    sign(c, "1795000000", "{}");
    c->r.signature = VG_S("");
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
    sign(c, "1795000000", "{}");
    c->r.source = NULL;
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
    vg_source s = SOURCE;
    s.flags = VG_SRC_DISABLED;
    c->r.source = &s;
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EDENIED);
    s.key_len = 0;
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_EAUTH);
    c->r.body.n = VG_WEBHOOK_BODY_MAX + 1;
    assert_int_equal(vg_webhook_verify(&c->r, &c->err), VG_ETOOBIG);
}

static void the_time_is_part_of_it(void **state)
{
    call *c = *state;
    static const struct {
        const char *at;
        bool ok;
    } ROW[] = {{"1795000300", true}, {"1795000301", false},
               {"1794999700", true}, {"1794999699", false},
               {"-1", false},        {"1795000000.0", false},
               {"", false},          {"99999999999999999999", false}};
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        sign(c, ROW[i].at, "{}");
        assert_int_equal(vg_webhook_verify(&c->r, &c->err), ROW[i].ok ? VG_OK : VG_EAUTH);
        if (!ROW[i].ok) {
            assert_string_equal(c->err.key, "ingest.err.timestamp");
        }
    }
}

static void one_event(void **state)
{
    call *c = *state;
    assert_int_equal(parse(c, "{\"id\":\"a1\",\"kind\":\"door_forced\",\"zone\":\"3\",\"area\":"
                              "\"kho\",\"user\":\"u\","
                              "\"time\":\"2026-11-18T10:00:00+07:00\",\"text\":\"C\xE1\xBB\xAD"
                              "a phu\\u0323\",\"seq\":7,\"code\":\"DF\"}"),
                     VG_OK);
    const vg_signal *s = c->v;
    assert_int_equal(c->e.n, 1);
    assert_true(vg_str_eqc(c->e.id, "a1"));
    assert_int_equal(s->source, 7);
    assert_int_equal(s->verb, VG_SIG_RAISE);
    assert_int_equal(s->flags, VG_SIG_AUTHENTICATED);
    assert_string_equal(s->kind, "door_forced");
    assert_string_equal(s->point, "3");
    assert_string_equal(s->area, "kho");
    assert_string_equal(s->code, "DF");
    assert_string_equal(s->text, "C\xE1\xBB\xAD"
                                 "a ph\xE1\xBB\xA5");  // composed
    assert_string_equal(s->address, "bridge-1");
    assert_int_equal(s->source_seq, 7);
    assert_int_equal(s->captured_us, vg_time_civil(2026, 11, 18, 3, 0, 0));
    assert_int_equal(parse(c, "{\"verb\":\"poll\"}"), VG_OK);
    assert_int_equal(c->v[0].verb, VG_SIG_POLL);
    assert_int_equal(parse(c, "{\"verb\":\"arm\",\"area\":\"1\"}"), VG_OK);
    assert_string_equal(c->v[0].kind, "armed");
    assert_int_equal(parse(c, "{\"kind\":\"fire\",\"zone\":\"Kho 12\",\"point\":\"3\"}"), VG_OK);
    assert_string_equal(c->v[0].point, "3");  // one of the two, not the end of the other
    assert_int_equal(parse(c, "{\"kind\":\"fire\",\"point\":\"3\",\"zone\":\"Kho 12\"}"), VG_OK);
    assert_string_equal(c->v[0].point, "3");
}

static void many_events(void **state)
{
    call *c = *state;
    char body[VG_WEBHOOK_EVENTS_MAX * 24 + 64];
    for (int want = 1; want <= VG_WEBHOOK_EVENTS_MAX + 1; want += 50) {
        size_t n = (size_t)snprintf(body, sizeof body, "{\"id\":\"b\",\"events\":[");
        for (int i = 0; i < want; i++) {
            n +=
                (size_t)snprintf(body + n, sizeof body - n, "%s{\"kind\":\"smoke\"}", i ? "," : "");
        }
        snprintf(body + n, sizeof body - n, "]}");
        assert_int_equal(parse(c, body), want <= VG_WEBHOOK_EVENTS_MAX ? VG_OK : VG_EINVALID);
        assert_int_equal(c->e.n, want <= VG_WEBHOOK_EVENTS_MAX ? want : 0);
    }
}

static void errors_name_the_member(void **state)
{
    call *c = *state;
    static const struct {
        const char *body, *field, *key;
    } ROW[] = {
        {"{", "", "err.json"},
        {"{}", "kind", "ingest.err.kind"},
        {"{\"kind\":\"ufo\"}", "kind", "ingest.err.kind"},
        {"{\"kind\":3}", "kind", "ingest.err.kind"},
        {"{\"kind\":\"smoke\",\"verb\":\"shout\"}", "verb", "ingest.err.verb"},
        {"{\"kind\":\"smoke\",\"zonne\":\"1\"}", "zonne", "ingest.err.member"},
        {"{\"kind\":\"smoke\",\"point\":\"12345678901234567\"}", "point", "ingest.err.too_long"},
        {"{\"kind\":\"smoke\",\"point\":1}", "point", "ingest.err.not_text"},
        {"{\"kind\":\"smoke\",\"text\":\"a\\u0007\"}", "text", "err.control_character"},
        {"{\"kind\":\"smoke\",\"time\":\"yesterday\"}", "time", "err.time_format"},
        {"{\"kind\":\"smoke\",\"seq\":-1}", "seq", "err.not_a_number"},
        {"{\"kind\":\"smoke\",\"id\":\"\"}", "id", "ingest.err.id"},
        {"{\"events\":[]}", "events", "ingest.err.events"},
        {"{\"events\":{}}", "events", "ingest.err.events"},
        {"{\"events\":[{\"kind\":\"smoke\"}],\"kind\":\"smoke\"}", "events", "ingest.err.member"},
        {"{\"events\":[{\"kind\":\"smoke\"},{\"kind\":\"ufo\"}]}", "events[1].kind",
         "ingest.err.kind"},
        {"{\"events\":[[]]}", "events[0].", "ingest.err.not_object"},
    };
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        print_message("# %s\n", ROW[i].body);
        assert_int_equal(parse(c, ROW[i].body), VG_EINVALID);
        assert_string_equal(c->err.key, ROW[i].key);
        if (ROW[i].field[0]) {
            assert_string_equal(c->err.field, ROW[i].field);
        }
    }
    assert_int_not_equal(parse(c, "[]"), VG_OK);
    assert_int_not_equal(parse(c, "7"), VG_OK);
}

static void long_texts_are_cut_at_a_character(void **state)
{
    call *c = *state;
    char body[512] = "{\"kind\":\"smoke\",\"text\":\"";
    for (int i = 0; i < 60; i++) {
        snprintf(body + strlen(body), 4, "\xE1\xBB\xAD");
    }
    snprintf(body + strlen(body), 4, "\"}");
    assert_int_equal(parse(c, body), VG_OK);
    assert_int_equal(strlen(c->v[0].text), 111);
}

static void the_gate_lets_each_request_in_once(void **state)
{
    call *c = *state;
    vg_webhook_gate *g = vg_webhook_gate_create(SOURCE.key);
    sign(c, "1795000000", "{\"kind\":\"smoke\"}");
    const vg_ingest_identity a = vg_webhook_identity(g, &c->r, VG_S(""));
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW), VG_WEBHOOK_NEW);
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW), VG_WEBHOOK_PENDING);
    vg_webhook_settle(g, &a, false);
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW), VG_WEBHOOK_NEW);
    vg_webhook_settle(g, &a, true);
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW + 599 * VG_SECOND_US), VG_WEBHOOK_DONE);
    for (char *p = c->hex; *p; p++) {  // the same signature, spelt otherwise
        *p = (char)(*p >= 'a' ? *p - 32 : *p);
    }
    vg_ingest_identity b = vg_webhook_identity(g, &c->r, VG_S(""));
    assert_memory_equal(&a, &b, sizeof a);
    b = vg_webhook_identity(g, &c->r, VG_S("x1"));
    assert_memory_not_equal(&a, &b, sizeof a);
    sign(c, "1795000009", "{\"kind\":\"smoke\"}");  // signed anew, the same id
    const vg_ingest_identity again = vg_webhook_identity(g, &c->r, VG_S("x1"));
    assert_memory_equal(&again, &b, sizeof b);
    vg_webhook_gate_destroy(g);
}

static void the_gate_knows_what_was_on_disk_before_a_restart(void **state)
{
    call *c = *state;
    sign(c, "1795000000", "{\"id\":\"x1\",\"kind\":\"smoke\"}");
    vg_webhook_gate *g = vg_webhook_gate_create(SOURCE.key);
    const vg_ingest_identity before = vg_webhook_identity(g, &c->r, VG_S("x1"));
    vg_webhook_gate_destroy(g);
    g = vg_webhook_gate_create(SOURCE.key);
    const vg_ingest_identity a = vg_webhook_identity(g, &c->r, VG_S("x1"));
    assert_true(a == before);
    vg_webhook_learn(g, &before, NOW);
    vg_webhook_learn(g, &before, NOW - 300 * VG_SECOND_US);  // its second event, recorded earlier
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW + 600 * VG_SECOND_US), VG_WEBHOOK_DONE);
    assert_int_equal(vg_webhook_claim_it(g, &a, NOW + 602 * VG_SECOND_US), VG_WEBHOOK_NEW);
    vg_webhook_gate_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(known_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(signatures_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(the_time_is_part_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(one_event, setup, teardown),
        cmocka_unit_test_setup_teardown(many_events, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_the_member, setup, teardown),
        cmocka_unit_test_setup_teardown(long_texts_are_cut_at_a_character, setup, teardown),
        cmocka_unit_test_setup_teardown(the_gate_knows_what_was_on_disk_before_a_restart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_gate_lets_each_request_in_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
