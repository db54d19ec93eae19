// SPDX-License-Identifier: Apache-2.0
// Who is believed, what is told once, and what each refusal looks like.
#include "ingest/device/device_kit_test.h"

#include <sodium.h>

#define ATT "POST /iclock/cdata?SN=TEST00000001&table=ATTLOG"
#define ROW "207\t2026-11-18 20:26:30\t0\t15\n"

static int hik(kit *k, const char *line, const char *type, const char *state)
{
    return kit_take(k, line, "application/xml", kit_hik(k, KIT_MAC, type, state));
}

// --- who is believed ------------------------------------------------------------------------------
static void a_token_is_proof_and_a_serial_number_is_not(void **state)
{
    kit *k = *state;
    assert_true(
        kit_say(k, kit_path(k, KIT_HIK, ""), "", kit_hik(k, "02:00:00:00:00:99", "VMD", "active")));
    assert_true(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
    assert_int_equal(k->call.v[0].source, KIT_HIK);
    assert_string_equal(k->call.v[0].address,
                        "02:00:5E:10:00:01");  // the register's, not the wire's
    assert_string_equal(k->call.v[0].proto, "hikvision");
    assert_string_equal(k->call.v[0].peer, "192.0.2.10");
    kit_done(k, VG_OK);
    assert_true(kit_say(k, "POST /hikvision", "", kit_hik(k, KIT_MAC, "VMD", "active")));
    assert_false(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
    assert_int_equal(k->call.v[0].source, KIT_HIK);
    kit_done(k, VG_OK);
}

static void a_wrong_token_is_refused_and_bad(void **state)
{
    kit *k = *state;
    const char *paths[] = {"POST /d/", "POST /d/00000000000000000000000000", "POST /d/x/y",
                           vg_str_f(k->a, "POST /d/%s0", k->token[KIT_HIK]).p,
                           vg_str_f(k->a, "POST /d/%.25s", k->token[KIT_HIK]).p};
    for (size_t i = 0; i < VG_LEN(paths); i++) {
        assert_int_equal(hik(k, paths[i], "VMD", "active"), -1);
        assert_int_equal(k->call.reply.status, 404);
        assert_true(k->bad);
    }
    assert_int_equal(kit_count(k, VG_DEVICE_bad_token), VG_LEN(paths));
}

static void a_token_follows_its_key(void **state)
{
    kit *k = *state;
    const char *old = kit_path(k, KIT_HIK, "");
    assert_int_equal(hik(k, old, "VMD", "active"), 1);
    k->src[KIT_HIK].key[0] ^= 1;
    kit_register(k);
    assert_int_equal(hik(k, old, "PIR", "active"), -1);
    char now[VG_SOURCE_TOKEN];
    assert_true(vg_source_token(&k->src[KIT_HIK], now));
    assert_int_equal(hik(k, vg_str_f(k->a, "POST /d/%s/x", now).p, "PIR", "active"), 1);
    for (size_t i = 0; now[i]; i++) {  // keyboards with capital letters only
        now[i] = now[i] >= 'a' ? (char)(now[i] - 32) : now[i];
    }
    assert_int_equal(hik(k, vg_str_f(k->a, "POST /d/%s", now).p, "IO", "active"), 1);
}

static void a_token_is_for_its_own_protocol(void **state)
{
    kit *k = *state;
    k->authorization =
        vg_str_f(k->a, "Digest username=\"%s\", realm=\"\", nonce=\"\", uri=\"/x\", qop=",
                 k->token[KIT_DAHUA])
            .p;
    const vg_str body = VG_S("{\"Picture\":{\"Plate\":{\"PlateNumber\":\"29A43374\"},"
                             "\"SnapInfo\":{\"DeviceID\":\"OTHER\"}}}");
    assert_true(kit_say(k, "POST /NotificationInfo/TollgateInfo", "", body));
    assert_true(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
    assert_int_equal(k->call.v[0].source, KIT_DAHUA);
    kit_done(k, VG_OK);
    k->authorization = vg_str_f(k->a, "Digest username=\"%s\"", k->token[KIT_HIK]).p;
    assert_true(kit_say(k, "POST /NotificationInfo/TollgateInfo", "", body));
    assert_int_equal(k->call.v[0].source, VG_SOURCE_NONE);
    kit_done(k, VG_OK);
}

// The cameras' Digest answers no challenge. Whatever stands in the header, it is read as a name or not at all, and
// never as proof, in JSON and in XML.
static void an_odd_digest_breaks_nothing(void **state)
{
    kit *k = *state;
    static const char *const odd[] = {
        "Digest username=\"admin\", realm=\"\", nonce=\"\", uri=\"\", qop=\"\", response=\"\"",
        "Digest username=\"\", realm=\"\", nonce=\"\"",
        "Digest username=\"",
        "Digest username=",
        "Digest username=\"\xff\xfe",
        "Digest realm=\"username=\"\"",
        "Digest",
        "Digest ",
        "Basic OjA=",
        "\"",
    };
    for (size_t i = 0; i < VG_LEN(odd); i++) {
        const vg_str body[] = {
            vg_str_f(k->a,
                     "{\"Picture\":{\"Plate\":{\"PlateNumber\":\"29A4%04zu\"},"
                     "\"SnapInfo\":{\"DeviceID\":\"TESTCAM01\"}}}",
                     i),
            vg_str_f(k->a,
                     "<A><Picture><Plate><PlateNumber>29A5%04zu</PlateNumber></Plate>"
                     "<SnapInfo><DeviceID>TESTCAM01</DeviceID></SnapInfo></Picture></A>",
                     i)};
        for (size_t j = 0; j < VG_LEN(body); j++) {
            k->authorization = odd[i];
            assert_true(kit_say(k, "POST /NotificationInfo/TollgateInfo", "", body[j]));
            assert_int_equal(k->call.v[0].source, KIT_DAHUA);
            assert_false(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
            assert_false(k->bad);
            kit_done(k, VG_OK);
            assert_int_equal(k->call.reply.status, 200);
        }
    }
}

static void a_registered_certificate_is_the_only_proof(void **state)
{
    kit *k = *state;
    unsigned char own[VG_SOURCE_PRINT] = "a camera's certificate",
                  other[VG_SOURCE_PRINT] = "another";
    const struct {
        const unsigned char *shown;
        bool token, proven;
    } cases[] = {{NULL, true, false},  {other, true, false},  {own, true, true},
                 {NULL, false, false}, {other, false, false}, {own, false, true}};
    memcpy(k->src[KIT_HIK].certificate, own, sizeof own);
    k->src[KIT_HIK].flags |= VG_SRC_CERTIFICATE;
    kit_register(k);
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        k->certificate = cases[i].shown;
        k->now_us += 3600 * VG_SECOND_US;  // each is news
        assert_true(kit_say(k, cases[i].token ? kit_path(k, KIT_HIK, "") : "POST /hikvision", "",
                            kit_hik(k, KIT_MAC, "VMD", "active")));
        assert_int_equal(k->call.v[0].source, KIT_HIK);
        assert_int_equal((k->call.v[0].flags & VG_SIG_AUTHENTICATED) != 0, cases[i].proven);
        kit_done(k, VG_OK);
    }
    assert_int_equal(kit_count(k, VG_DEVICE_uncertified), 4);
    // It proves its own source only.
    k->certificate = own;
    assert_true(
        kit_say(k, "POST /hikvision", "", kit_hik(k, "02:00:5e:10:00:02", "VMD", "active")));
    assert_int_equal(k->call.v[0].source, KIT_HIK_BARE);
    assert_false(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
    kit_done(k, VG_OK);
    // Where proof is required it is enough, and nothing else is.
    k->src[KIT_HIK].flags |= VG_SRC_ENCRYPTED_REQUIRED;
    kit_register(k);
    assert_int_equal(hik(k, "POST /hikvision", "PIR", "active"), 1);
    k->certificate = NULL;
    assert_int_equal(hik(k, kit_path(k, KIT_HIK, ""), "IO", "active"), -1);
    assert_int_equal(k->call.reply.status, 403);
}

static void a_signature_must_be_right(void **state)
{
    kit *k = *state;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char hex[65], signed_text[4096];
    const vg_str body = kit_hik(k, KIT_MAC, "VMD", "active");
    k->timestamp = "1795000000";
    const int n = snprintf(signed_text, sizeof signed_text, "%s.%.*s", k->timestamp, VG_FMT(body));
    crypto_auth_hmacsha256_state h;
    crypto_auth_hmacsha256_init(&h, k->src[KIT_HIK].key, 32);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)signed_text, (unsigned long long)n);
    crypto_auth_hmacsha256_final(&h, mac);
    vg_hex(mac, sizeof mac, hex);
    k->signature = hex;
    assert_true(kit_say(k, "POST /hikvision", "", body));
    assert_true(k->call.v[0].flags & VG_SIG_AUTHENTICATED);
    kit_done(k, VG_OK);
    hex[0] = hex[0] == '0' ? '1' : '0';
    assert_int_equal(kit_take(k, "POST /hikvision", "", body), -1);
    assert_int_equal(k->call.reply.status, 401);
    assert_int_equal(kit_take(k, kit_path(k, KIT_HIK, ""), "", body), -1);
}

static void networks_proof_and_switches_are_held(void **state)
{
    kit *k = *state;
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 1);
    k->peer = "192.0.2.16";
    assert_int_equal(kit_take(k, ATT, "", VG_S("208\t2026-11-18 20:26:30\t0\t1\n")), -1);
    assert_int_equal(k->call.reply.status, 403);
    assert_true(k->bad);
    assert_int_equal(kit_count(k, VG_DEVICE_wrong_peer), 1);
    k->peer = "192.0.2.10";
    assert_int_equal(kit_take(k, "GET /iclock/ping?SN=TEST00000002", "", VG_S("")), -1);
    assert_int_equal(kit_count(k, VG_DEVICE_unproven), 1);
    assert_int_equal(
        kit_take(k, vg_str_f(k->a, "GET /d/%s/iclock/ping", k->token[KIT_STRICT]).p, "", VG_S("")),
        0);
    assert_int_equal(k->call.reply.status, 200);
    assert_int_equal(kit_take(k, "GET /iclock/ping?SN=TEST00000003", "", VG_S("")), -1);
    assert_int_equal(kit_count(k, VG_DEVICE_disabled), 1);
}

// --- strangers ------------------------------------------------------------------------------------
static void a_stranger_goes_to_the_waiting_list(void **state)
{
    kit *k = *state;
    assert_true(kit_say(k, "POST /iclock/cdata?SN=NEW1&table=ATTLOG", "", VG_S(ROW)));
    assert_int_equal(k->call.v[0].source, VG_SOURCE_NONE);
    assert_string_equal(k->call.v[0].address, "NEW1");
    assert_string_equal(k->call.v[0].proto, "zkteco");
    assert_int_equal(k->call.image.n, 0);
    kit_done(k, VG_OK);
    assert_string_equal(k->call.reply.text, "OK");
    assert_int_equal(kit_count(k, VG_DEVICE_unknown), 1);
    assert_int_equal(kit_take(k, "POST /hikvision", "", kit_hik(k, "", "VMD", "active")),
                     -1);  // nameless
    assert_int_equal(k->call.reply.status, 400);
}

static void a_strangers_polls_are_told_once_a_minute(void **state)
{
    kit *k = *state;
    const char *poll = "GET /iclock/getrequest?SN=NEW2";
    assert_true(kit_say(k, poll, "", VG_S("")));
    assert_int_equal(k->call.n, 1);
    kit_done(k, VG_OK);
    assert_false(kit_say(k, poll, "", VG_S("")));
    assert_int_equal(k->call.reply.status, 200);  // polite
    k->now_us += 61 * VG_SECOND_US;
    assert_true(kit_say(k, poll, "", VG_S("")));
    kit_done(k, VG_OK);
}

static void strangers_share_a_rate(void **state)
{
    kit *k = *state;
    int refused = 0;
    for (int i = 0; i < 200; i++) {
        const char *line = vg_str_f(k->a, "POST /iclock/cdata?SN=NEW%d&table=ATTLOG%c", i, 0).p;
        refused += kit_take(k, line, "", VG_S(ROW)) < 0;
    }
    assert_in_range(refused, 140, 150);
    assert_int_equal(k->call.reply.status, 503);
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 1);  // the known one is not touched
}

// --- conditions that last -------------------------------------------------------------------------
static void still_active_is_told_once(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "/events");
    assert_int_equal(hik(k, path, "VMD", "active"), 1);
    for (int i = 0; i < 20; i++) {
        k->now_us += 2 * VG_SECOND_US;
        assert_true(kit_say(k, path, "", kit_hik(k, KIT_MAC, i % 2 ? "VMD" : "vmd", "active")));
        assert_int_equal(k->call.n, 1);
        assert_int_equal(k->call.v[0].verb, VG_SIG_POLL);
        assert_int_equal(k->call.n_real, 0);
        kit_done(k, VG_OK);
    }
    assert_int_equal(kit_count(k, VG_DEVICE_still), 20);
    assert_int_equal(hik(k, path, "VMD", "inactive"), 1);
    assert_int_equal(hik(k, path, "VMD", "inactive"), 0);
    assert_int_equal(hik(k, path, "VMD", "active"), 1);
    assert_int_equal(hik(k, path, "fielddetection", "active"), 1);  // another condition
    assert_int_equal(hik(k, path, "regionEntrance", "active"), 1);  // same kind, another code
}

static void after_a_long_silence_it_began_anew(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "");
    assert_int_equal(hik(k, path, "linedetection", "active"), 1);
    k->now_us += 59 * VG_SECOND_US;
    assert_int_equal(hik(k, path, "linedetection", "active"), 0);
    k->now_us += 61 * VG_SECOND_US;
    assert_int_equal(hik(k, path, "linedetection", "active"), 1);
}

static void a_heartbeat_of_the_maker_is_told_once(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "");
    assert_int_equal(hik(k, path, "videoloss", "inactive"), 1);  // nobody knows: could be an end
    for (int i = 0; i < 50; i++) {
        k->now_us += 10 * VG_SECOND_US;
        assert_int_equal(hik(k, path, "videoloss", "inactive"), 0);
    }
}

static void what_was_not_committed_is_told_again(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "");
    assert_true(kit_say(k, path, "", kit_hik(k, KIT_MAC, "VMD", "active")));
    vg_device_call first = k->call;
    assert_false(
        kit_say(k, path, "", kit_hik(k, KIT_MAC, "VMD", "active")));  // the first is on its way
    assert_int_equal(k->call.reply.status, 503);
    vg_device_end(k->port, &first, VG_EFULL);
    assert_int_equal(first.reply.status, 503);
    assert_int_equal(hik(k, path, "VMD", "active"), 1);
    assert_int_equal(kit_count(k, VG_DEVICE_failed), 1);
}

static void a_forger_hides_nothing(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "");
    assert_int_equal(hik(k, "POST /hikvision", "VMD", "active"), 1);  // unproven
    assert_int_equal(hik(k, path, "VMD", "active"), 1);               // the camera itself
    assert_int_equal(hik(k, "POST /hikvision", "VMD", "inactive"), 1);
    assert_int_equal(hik(k, path, "VMD", "inactive"), 1);
}

static void a_closed_door_ends_what_it_was_open_for(void **state)
{
    kit *k = *state;
    const char *path = "POST /iclock/cdata?SN=TEST00000001&table=OPERLOG";
#define OPLOG(value) VG_S("OPLOG 3\t0\t2026-11-18 20:26:30\t" value "\t0\t0\t0\n")
    assert_int_equal(kit_take(k, path, "", OPLOG("54")), 1);  // forced
    assert_true(kit_say(k, path, "", OPLOG("50")));           // closed
    assert_int_equal(k->call.n_real, 2);
    assert_string_equal(k->call.v[0].kind, "door_opened");
    assert_string_equal(k->call.v[1].kind, "door_forced");
    assert_int_equal(k->call.v[1].verb, VG_SIG_RESTORE);
    kit_done(k, VG_OK);
    assert_int_equal(kit_take(k, path, "", OPLOG("51")), 1);
    assert_int_equal(kit_take(k, path, "", OPLOG("50")), 1);
#undef OPLOG
}

// --- reports sent again ---------------------------------------------------------------------------
static void a_report_sent_again_is_answered_only(void **state)
{
    kit *k = *state;
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW "208\t2026-11-18 20:27:00\t0\t1\n")), 2);
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW "209\t2026-11-18 20:28:00\t0\t1\n")), 1);
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 0);
    assert_string_equal(k->call.reply.text, "OK");
    assert_int_equal(kit_count(k, VG_DEVICE_duplicates), 2);
    k->now_us += 25 * 3600 * VG_SECOND_US;
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 1);
}

static void a_restart_knows_what_the_journal_knows(void **state)
{
    kit *k = *state;
    const char *path = kit_path(k, KIT_HIK, "");
    vg_recent told[2] = {0};
    assert_true(kit_say(k, path, "", kit_hik(k, KIT_MAC, "VMD", "active")));
    memcpy(told[0].frame, k->call.v[0].frame, VG_SIG_FRAME_BYTES);
    told[0].proto = VG_S("hikvision");
    kit_done(k, VG_OK);
    assert_true(kit_say(k, ATT, "", VG_S(ROW)));
    memcpy(told[1].frame, k->call.v[0].frame, VG_SIG_FRAME_BYTES);
    told[1].proto = VG_S("zkteco");
    kit_done(k, VG_OK);
    vg_device_destroy(k->port);
    k->port = kit_port(k);
    for (size_t i = 0; i < VG_LEN(told); i++) {
        told[i].recorded_us = k->now_us;
        vg_device_learn(k->port, &told[i]);
    }
    k->now_us += 10 * VG_SECOND_US;
    assert_int_equal(hik(k, path, "VMD", "active"), 0);
    assert_int_equal(hik(k, path, "VMD", "inactive"), 1);
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 0);
    assert_int_equal(kit_count(k, VG_DEVICE_recalled), 2);
}

// --- limits ---------------------------------------------------------------------------------------
static size_t body_max(kit *k, const char *path, const char *peer)
{
    const vg_device_request rq = {.method = VG_S("POST"), .path = vg_str_c(path), .peer = peer};
    return vg_device_body_max(k->port, &rq);
}

static void a_body_is_as_large_as_its_sender_may(void **state)
{
    kit *k = *state;
    assert_int_equal(body_max(k, vg_str_f(k->a, "/d/%s/x", k->token[KIT_HIK]).p, "192.0.2.99"),
                     512 << 10);
    assert_int_equal(body_max(k, "/d/wrong", "192.0.2.10"), 0);
    assert_int_equal(body_max(k, "/nothing", "192.0.2.10"), 0);
    assert_int_equal(body_max(k, "/iclock/cdata", "192.0.2.10"), 2 << 20);  // its network is named
    assert_int_equal(body_max(k, "/iclock/cdata", "198.51.100.1"), VG_DEVICE_STRANGER_BYTES);
}

static void a_source_has_a_rate(void **state)
{
    kit *k = *state;
    int refused = 0;
    for (int i = 0; i < 150; i++) {
        refused += kit_take(k, "GET /iclock/ping?SN=TEST00000001", "", VG_S("")) < 0;
    }
    assert_in_range(refused, 45, 55);
    k->now_us += 10 * VG_SECOND_US;
    assert_int_equal(kit_take(k, ATT, "", VG_S(ROW)), 1);
}

static void too_many_records_are_refused_whole(void **state)
{
    kit *k = *state;
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    for (int i = 0; i <= DEVICE_REPORTS_MAX; i++) {
        vg_buf_f(&b, "%d\t2026-11-18 20:26:30\t0\t1\n", i);
    }
    assert_int_equal(kit_take(k, ATT, "", vg_buf_str(&b)), -1);
    assert_int_equal(k->call.reply.status, 413);
    vg_buf_done(&b);
}

static void the_greeting_asks_for_no_pictures(void **state)
{
    kit *k = *state;
    assert_int_equal(kit_take(k, "GET /iclock/cdata?SN=TEST00000001&options=all", "", VG_S("")), 0);
    assert_non_null(strstr(k->call.reply.text, "GET OPTION FROM: TEST00000001\r\n"));
    assert_non_null(strstr(k->call.reply.text, "TransFlag=TransData AttLog\tOpLog\r\n"));
    assert_null(strstr(k->call.reply.text, "AttPhoto\t"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, kit_make, kit_end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_token_is_proof_and_a_serial_number_is_not),
        T(a_wrong_token_is_refused_and_bad),
        T(a_token_follows_its_key),
        T(a_token_is_for_its_own_protocol),
        T(an_odd_digest_breaks_nothing),
        T(a_registered_certificate_is_the_only_proof),
        T(a_signature_must_be_right),
        T(networks_proof_and_switches_are_held),
        T(a_stranger_goes_to_the_waiting_list),
        T(a_strangers_polls_are_told_once_a_minute),
        T(strangers_share_a_rate),
        T(still_active_is_told_once),
        T(after_a_long_silence_it_began_anew),
        T(a_heartbeat_of_the_maker_is_told_once),
        T(what_was_not_committed_is_told_again),
        T(a_forger_hides_nothing),
        T(a_closed_door_ends_what_it_was_open_for),
        T(a_report_sent_again_is_answered_only),
        T(a_restart_knows_what_the_journal_knows),
        T(a_body_is_as_large_as_its_sender_may),
        T(a_source_has_a_rate),
        T(too_many_records_are_refused_whole),
        T(the_greeting_asks_for_no_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
