// SPDX-License-Identifier: Apache-2.0
// A back-test over a file: the draft and the rules in force find what each of them should, a bad line is said with its
// number, what is too big is refused, and nothing of it stays.
#include "domain/alerts/rule_file.h"
#include "domain/test_kit.h"

typedef struct answer {
    vg_status st;
    vg_err err;
    char text[65536];
} answer;

static answer a;

static void try_text(kit *k, const char *id, vg_str file)
{
    static const atomic_bool never;
    vg_buf b;
    a.err = (vg_err){0};
    vg_buf_init(&b, 1 << 20);
    a.st = alerts_file_try(k->core, vg_str_c(id), file, &never, &b, &a.err);
    snprintf(a.text, sizeof a.text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
}

static void try_z(kit *k, const char *id, const char *file)
{
    try_text(k, id, vg_str_c(file));
}

static void has(const char *part)
{
    if (a.st != VG_OK || !strstr(a.text, part)) {
        fail_msg("%s: %s %s\n%s", part, a.err.key ? a.err.key : "", a.err.detail, a.text);
    }
}

// Three in place of five, counting anew each time.
static void draft(kit *k, char id[VG_ID_TEXT])
{
    kit_do(k, "alerts.rule_draft",
           "{\"text\":\"name: badge_denied_5\\ntitle: x\\nlevel: low\\ncorrelation: { type: "
           "event_count, rules: [badge_denied], group-by: [site, device], timespan: 120s, "
           "condition: { gte: 3 } }\\nx-vonggac: { refire: reset }\\n\"}");
    kit_id(k, id);
}

static void test_both_find_what_they_should(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    draft(k, id);
    // seven at one door of one site, three at the door of that name of another, a sign nobody knows
    try_z(k, id,
          "\xEF\xBB\xBFkind;time;site;device\r\n"
          "badge_denied;2026-11-22T07:00:00+07:00;Kho A;Cửa\r\n"
          "badge_denied;2026-11-22T07:00:01+07:00;Kho A;Cửa\r\n"
          "badge_denied;1795305602;Kho A;Cửa\r\n"
          "badge_denied;1795305603;Kho A;Cửa\r\n"
          "badge_denied;1795305604.5;Kho A;Cửa\r\n"
          "badge_denied;1795305605;Kho B;Cửa\r\n"
          "badge_denied;1795305606;Kho B;Cửa\r\n"
          "badge_denied;1795305606;Kho A;Cửa\r\n"
          "badge_denied;1795305607;Kho A;Cửa\r\n"
          "no_such_sign;1795305608;Kho A;Cửa\r\n"
          "badge_denied;1795305609;Kho B;Cửa");
    has("\"site\":\"Kho A\",\"only_draft\":1,\"only_active\":0,\"both\":1,\"weeks\":[[2,1]]");
    has("\"site\":\"Kho B\",\"only_draft\":1,\"only_active\":0,\"both\":0,\"weeks\":[[1,0]]");
    has("\"evidence\":[\"2\",\"3\",\"4\"]");  // line numbers
    has("\"evidence\":[\"7\",\"8\",\"12\"]");
    has("\"events\":11,\"late\":0,\"unknown\":1,\"from\":\"2026-11-22T07:00:00");
    // numbers of its own, no site at all, the rule in force alone
    try_z(k, id,
          "time,device,kind,seq\n1,d,badge_denied,901\n2,d,badge_denied,902\n"
          "3,d,badge_denied,903\n4,d,badge_denied,904\n");
    has("\"site\":\"\",\"only_draft\":1,\"only_active\":0,\"both\":0");
    has("\"evidence\":[\"901\",\"902\",\"903\"]");
    // it is no back-test of the text, and nothing was written
    assert_string_equal(kit_text(k, "SELECT trial_state FROM rule_text"), "");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind LIKE 'alerts.rule_t%'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE instr(body, 'Kho A') > 0"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM rule_trial_site"), 0);
    kit_done(k);
}

static void test_less_is_told_as_well(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    kit_do(k, "alerts.rule_draft",
           "{\"text\":\"name: badge_denied_5\\ntitle: x\\nlevel: low\\ncorrelation: { type: "
           "event_count, rules: [badge_denied], group-by: [site, device], timespan: 120s, "
           "condition: { gte: 6 } }\\nx-vonggac: { refire: reset }\\n\"}");
    kit_id(k, id);
    try_z(k, id,
          "time,site,device,kind\n1,S,d,badge_denied\n2,S,d,badge_denied\n3,S,d,badge_denied\n"
          "4,S,d,badge_denied\n5,S,d,badge_denied\n4000000000,S,d,badge_denied\n7,S,d,badge_"
          "denied\n");
    has("\"only_draft\":0,\"only_active\":1,\"both\":0");
    has("\"of\":\"active\"");
    has("\"late\":1");
    kit_done(k);
}

static void test_what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *file, *key, *detail;
    } bad[] = {
        {"", "engine.err.text_column_missing", "time"},
        {"time,site,kind", "alerts.file_empty", ""},
        {"time,site,kind\n", "alerts.file_empty", ""},
        {"site,kind\nS,fire\n", "engine.err.text_column_missing", "time"},
        {"time,site\n1,S\n", "engine.err.text_column_missing", "kind"},
        {"time,site,sort\n1,S,fire\n", "engine.err.text_column", "sort"},
        {"time,kind,time\n1,fire,2\n", "engine.err.text_column_twice", "time"},
        {"time,kind\n1,fire\nhôm qua,fire\n", "engine.err.text_time", "3"},
        {"time,kind\n2026-13-01T00:00:00Z,fire\n", "engine.err.text_time", "2"},
        {"time,kind\n1764000000250,fire\n", "engine.err.text_future", "2"},
        {"time,kind\n1,fire,more\n", "engine.err.text_line", "2"},
        {"time,site,kind\n1,S\n", "engine.err.text_line", "2"},
        {"time,kind\n1,\n", "engine.err.text_line", "2"},
        {"time,kind\n1,fire\n\n", "engine.err.text_time", "3"},
        {"time,kind,value\n1,fire,cao\n", "engine.err.text_value", "2"},
        {"time,kind,seq\n1,fire,\n", "engine.err.text_seq", "2"},
        {"time,kind,site\n1,fire,\"S\n", "engine.err.text_quote", "2"},
        {"time,kind,site\n1,fire,S\xff\n", "engine.err.text_utf8", "2"},
        {"time,kind,verb\n1,fire,shout\n", "engine.err.text_verb", "2"},
    };
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    draft(k, id);
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        try_z(k, id, bad[i].file);
        if (a.st != VG_EINVALID || !a.err.key || strcmp(a.err.key, bad[i].key) != 0 ||
            strcmp(a.err.detail, bad[i].detail) != 0) {
            fail_msg("%s: %s %s", bad[i].file, a.err.key ? a.err.key : "", a.err.detail);
        }
    }
    kit_done(k);
}

static void test_too_much_is_refused(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_buf b;
    draft(k, id);
    vg_buf_init(&b, ALERTS_FILE_BYTES);
    vg_buf_c(&b, "time,kind\n");
    for (int i = 0; i <= ALERTS_FILE_LINES; i++) {
        vg_buf_c(&b, "1,fire\n");
    }
    try_text(k, id, vg_buf_str(&b));
    assert_int_equal(a.st, VG_ETOOBIG);
    assert_string_equal(a.err.key, "alerts.file_lines");
    vg_buf_reset(&b);
    vg_buf_c(&b, "time,kind,site\n");
    for (int i = 0; i <= ALERTS_FILE_SITES; i++) {
        vg_buf_f(&b, "1,fire,S%d\n", i);
    }
    try_text(k, id, vg_buf_str(&b));
    assert_int_equal(a.st, VG_ETOOBIG);
    assert_string_equal(a.err.key, "alerts.file_sites");
    vg_buf_done(&b);
    // one that is told to end
    static const atomic_bool at_once = true;
    vg_buf_init(&b, 4096);
    assert_int_equal(
        alerts_file_try(k->core, vg_str_c(id), VG_S("time,kind\n1,fire\n"), &at_once, &b, &a.err),
        VG_EUNAVAIL);
    vg_buf_done(&b);
    kit_done(k);
}

static void test_who_may(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    vg_err err;
    assert_int_equal(kit_try(k, staff, "alerts.rule_draft",
                             "{\"text\":\"name: r\\ntitle: x\\nlevel: low\\ncorrelation: { type: "
                             "event, rules: [badge_denied], group-by: [site] }\\n\"}"),
                     VG_OK);
    kit_id(k, id);
    assert_int_equal(alerts_file_may(k->core, staff, vg_str_c(id), &err), VG_OK);
    assert_int_equal(alerts_file_may(k->core, bank, vg_str_c(id), &err), VG_EDENIED);
    assert_int_equal(alerts_file_may(k->core, duty, vg_str_c(id), &err), VG_EDENIED);
    assert_int_equal(alerts_file_may(k->core, staff, VG_S("none"), &err), VG_EINVALID);
    assert_int_equal(alerts_file_may(k->core, staff, vg_str_c(k->site), &err), VG_ENOTFOUND);
    assert_string_equal(kit_text(k, "SELECT trial_state FROM rule_text"), "");  // nothing asked
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_find_what_they_should),
        cmocka_unit_test(test_less_is_told_as_well),
        cmocka_unit_test(test_what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(test_too_much_is_refused),
        cmocka_unit_test(test_who_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
