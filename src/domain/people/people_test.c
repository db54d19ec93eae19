// SPDX-License-Identifier: Apache-2.0
// The people module against the real core: personal data stays out of the journal's bodies, another agency sees
// nothing, erasing empties the card, what is in use cannot be withdrawn.
#include "domain/test_kit.h"

typedef struct team {
    char unit[VG_ID_TEXT], below[VG_ID_TEXT], person[VG_ID_TEXT];
} team;

static team make_team(kit *k)
{
    team t;
    kit_do(k, "people.unit_add",
           "{\"code\":\"BV\",\"name\":\"Đội bảo vệ\",\"force\":\"guard\",\"agency\":\"%s\"}",
           k->bank);
    kit_id(k, t.unit);
    kit_do(k, "people.unit_add",
           "{\"code\":\"BV1\",\"name\":\"Tổ "
           "1\",\"force\":\"guard\",\"agency\":\"%s\",\"parent\":\"%s\"}",
           k->bank, t.unit);
    kit_id(k, t.below);
    kit_do(k, "people.person_add",
           "{\"unit\":\"%s\",\"name\":\"Lê Văn Mẫu\",\"code\":\"007\",\"rank\":\"Tổ "
           "trưởng\",\"phone\":\"0912000001\",\"since\":\"2024-03-05T00:00:00+07:00\"}",
           t.below);
    kit_id(k, t.person);
    return t;
}

static void test_personal_part(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    kit_do(k, "people.person_update", "{\"id\":\"%s\",\"phone\":\"0912000002\",\"rank\":\"\"}",
           t.person);
    const char *list = kit_list(k, NULL, "persons");
    assert_non_null(strstr(list, "\"code\":\"007\",\"name\":\"Lê Văn Mẫu\",\"rank\":null"));
    assert_null(strstr(list, "0912 000 002"));
    assert_non_null(strstr(list, "\"unit_name\":\"Tổ 1\""));
    assert_string_equal(kit_text(k, "SELECT phone FROM person_card"), "0912 000 002");
    assert_int_equal(kit_int(k,
                             "SELECT count(*) FROM event WHERE body LIKE '%Lê Văn%' OR body LIKE "
                             "'%0912 000%' OR body LIKE '%\"007\"%'"),
                     0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE person IS NOT NULL"), 2);
    kit_do(k, "core.forget", "{\"person\":\"%s\",\"reason\":\"theo yêu cầu\"}", t.person);
    kit_wait(k, "SELECT count(*) FROM person WHERE state = 'forgotten'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person_card"), 0);
    assert_int_equal(
        kit_try(k, NULL, "people.person_update", "{\"id\":\"%s\",\"name\":\"B\"}", t.person),
        VG_ECONFLICT);
    assert_null(strstr(kit_list(k, NULL, "persons"), "Mẫu"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_secrecy(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *police = kit_user(k, "police", k->police, "staff_officer", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    static const char add[] = "{\"unit\":\"%s\",\"name\":\"Trần Thử\"}";
    assert_non_null(strstr(kit_list(k, bank, "persons"), "Lê Văn Mẫu"));
    assert_null(strstr(kit_list(k, police, "persons"), "Lê Văn Mẫu"));
    assert_null(strstr(kit_list(k, police, "units"), "Đội bảo vệ"));
    assert_null(strstr(kit_list(k, guard, "persons"), "Lê Văn Mẫu"));
    assert_int_equal(kit_try(k, police, "people.person_add", add, t.unit), VG_ENOTFOUND);
    assert_int_equal(kit_try(k, guard, "people.person_add", add, t.unit), VG_EDENIED);
    assert_int_equal(
        kit_try(k, police, "people.person_retire", "{\"id\":\"%s\",\"reason\":\"x\"}", t.person),
        VG_ENOTFOUND);
    kit_done(k);
}

static void test_rules(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    static const char twice[] = "{\"unit\":\"%s\",\"name\":\"Người khác\",\"code\":\"007\"}";
    assert_int_equal(kit_try(k, NULL, "people.person_add", twice, t.unit), VG_ECONFLICT);
    assert_string_equal(k->err.field, "code");
    assert_int_equal(kit_try(k, NULL, "people.unit_update", "{\"id\":\"%s\",\"parent\":\"%s\"}",
                             t.unit, t.below),
                     VG_EINVALID);
    assert_string_equal(k->err.key, "people.unit_circle");
    assert_int_equal(
        kit_try(k, NULL, "people.unit_add", "{\"code\":\"X\",\"name\":\"X\",\"force\":\"army\"}"),
        VG_EINVALID);
    assert_int_equal(kit_try(k, NULL, "people.unit_withdraw", "{\"id\":\"%s\"}", t.below),
                     VG_ECONFLICT);
    kit_do(k, "people.person_retire", "{\"id\":\"%s\",\"reason\":\"chuyển công tác\"}", t.person);
    assert_int_equal(
        kit_try(k, NULL, "people.person_retire", "{\"id\":\"%s\",\"reason\":\"x\"}", t.person),
        VG_ECONFLICT);
    kit_do(k, "people.person_return", "{\"id\":\"%s\"}", t.person);
    kit_do(k, "people.person_withdraw", "{\"id\":\"%s\"}", t.person);
    kit_do(k, "people.unit_withdraw", "{\"id\":\"%s\"}", t.below);
    assert_int_equal(kit_int(k, "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM "
                                "person_card) * 10 + (SELECT count(*) FROM unit) * 100"),
                     100);
    kit_do(k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Người mới\",\"code\":\"007\"}",
           t.unit);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// His own mistake of today is taken back by one; else it is an erasing.
static void test_taking_back_takes_two(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    char own[VG_ID_TEXT], id[VG_ID_TEXT];
    vg_principal *one = kit_user(k, "one", k->bank, "agency_officer", "");
    vg_principal *two = kit_user(k, "two", k->bank, "agency_officer", "");
    static const char THIS[] = "{\"id\":\"%s\"}";
    assert_int_equal(
        kit_try(k, one, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Nhập Nhầm\"}", t.unit),
        VG_OK);
    kit_id(k, own);
    assert_int_equal(kit_try(k, two, "people.person_withdraw", THIS, own), VG_OK);
    kit_member(k, "second_request", id, sizeof id);
    assert_int_equal(kit_try(k, two, "second.withdraw", THIS, id), VG_OK);
    assert_int_equal(kit_try(k, one, "people.person_withdraw", THIS, own), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person"), 1);
    assert_int_equal(kit_try(k, one, "people.person_withdraw", THIS, t.person), VG_OK);
    kit_member(k, "second_request", id, sizeof id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person"), 1);
    assert_int_equal(kit_try(k, two, "second.approve", THIS, id), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// --- look-ups -------------------------------------------------------------------------------------
static vg_status look(kit *k, vg_principal *who, const char *person, const char *more)
{
    return kit_try(k, who, "people.look", "{\"id\":\"%s\",%s}", person, more);
}

static int64_t looked(kit *k)
{
    return kit_int(k, "SELECT count(*) FROM event WHERE kind = 'people.looked'");
}

static const char INSPECTION[] =
    "\"purpose\":\"inspection\",\"note\":\"Kiểm tra quân số tháng 11\"";

static void the_personal_part_is_on_no_list(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    assert_int_equal(look(k, bank, t.person, INSPECTION), VG_OK);
    static const char *const lists[] = {"persons", "person-lookups", "units"};
    for (size_t i = 0; i < VG_LEN(lists); i++) {
        const char *list = kit_list(k, bank, lists[i]);
        assert_null(strstr(list, "0912"));
        assert_null(strstr(list, "2024-03-0"));
    }
    // A file, the stream and a page of a list have the same columns; a search must not find by the telephone.
    for (const vg_col *c = vg_core_resource("persons")->cols; c->name; c++) {
        assert_string_not_equal(c->name, "phone");
        assert_string_not_equal(c->name, "since");
    }
    assert_null(strstr(vg_core_resource("persons")->search->more, "phone"));
    kit_wait(k, "SELECT count(*) FROM search_word WHERE word = '007'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM search_word WHERE word LIKE '0912%'"), 0);
    kit_done(k);
}

static void a_look_is_journaled_with_its_purpose(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    assert_int_equal(look(k, bank, t.person, INSPECTION), VG_OK);
    assert_non_null(strstr(k->reply, "\"phone\":\"0912 000 001\",\"since\":\"2024-03-0"));
    assert_int_equal(looked(k), 1);
    assert_non_null(strstr(kit_text(k, "SELECT body FROM event WHERE kind = 'people.looked'"),
                           "\"purpose\":\"inspection\""));
    assert_null(strstr(k->text, "0912"));
    assert_null(strstr(k->text, "Mẫu"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM command WHERE reply LIKE '%0912%'"), 0);
    const char *list = kit_list(k, bank, "person-lookups");
    assert_non_null(strstr(list, "\"person_name\":\"Lê Văn Mẫu\""));
    assert_non_null(strstr(list, "\"looked_by_name\":\"bank\""));
    assert_non_null(strstr(list, "Kiểm tra quân số tháng 11"));
    kit_do(k, "core.forget", "{\"person\":\"%s\",\"reason\":\"theo yêu cầu\"}", t.person);
    kit_wait(k, "SELECT count(*) FROM person WHERE state = 'forgotten'", 1);
    assert_int_equal(look(k, bank, t.person, INSPECTION), VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void no_look_without_a_reason(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *lead = kit_user(k, "lead", k->bank, "shift_leader", k->site),
                 *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    static const struct {
        const char *more, *field;
    } wrong[] = {
        {"\"note\":\"x\"", "purpose"},
        {"\"purpose\":\"curiosity\",\"note\":\"x\"", "purpose"},
        {"\"purpose\":\"duty\"", "note"},
        {"\"purpose\":\"duty\",\"note\":\"  \"", "note"},
        {"\"purpose\":\"subject\"", "note"},
        {"\"purpose\":\"incident\",\"note\":\"x\"", "incident"},
        {"\"purpose\":\"edit\"", "purpose"},  // who may not edit does not edit
    };
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        assert_int_equal(look(k, lead, t.person, wrong[i].more), VG_EINVALID);
        assert_string_equal(k->err.field, wrong[i].field);
        assert_null(strstr(k->reply, "0912"));
    }
    assert_int_equal(looked(k), 0);
    assert_int_equal(look(k, bank, t.person, "\"purpose\":\"edit\""), VG_OK);
    assert_int_equal(looked(k), 1);
    kit_done(k);
}

static void an_incident_is_a_purpose_to_who_sees_it(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    char more[120], incident[VG_ID_TEXT];
    vg_principal *lead = kit_user(k, "lead", k->bank, "shift_leader", k->site);
    snprintf(more, sizeof more, "\"purpose\":\"incident\",\"incident\":\"%s\"", t.unit);
    assert_int_equal(look(k, lead, t.person, more), VG_ENOTFOUND);
    assert_string_equal(k->err.field, "incident");
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"illegal_entry\"}", k->site);
    kit_id(k, incident);
    snprintf(more, sizeof more, "\"purpose\":\"incident\",\"incident\":\"%s\"", incident);
    assert_int_equal(look(k, lead, t.person, more), VG_OK);
    assert_non_null(strstr(kit_list(k, NULL, "person-lookups"), incident));
    kit_done(k);
}

// The answer is lost: the same command again looks at nothing, so it tells nothing and is no second look-up.
static void a_retry_is_not_a_second_look(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    char args[200];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    snprintf(args, sizeof args, "{\"id\":\"%s\",%s}", t.person, INSPECTION);
    const vg_cmd_id id = vg_cmd_random();
    for (int i = 0; i < 2; i++) {
        vg_command_call call = {
            .name = "people.look", .args = vg_str_c(args), .who = bank, .id = id};
        vg_core_run(k->core, &call);
        assert_int_equal(call.st, VG_OK);
        assert_int_equal(call.repeated, i == 1);
        assert_int_equal(vg_str_eqc(vg_buf_str(&call.reply), "{}"), i == 1);
        vg_buf_done(&call.reply);
    }
    assert_int_equal(looked(k), 1);
    kit_done(k);
}

static void who_may_look_and_who_reads_the_register(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *police = kit_user(k, "police", k->police, "staff_officer", ""),
                 *keeper = kit_user(k, "keeper", k->bank, "custodian", ""),
                 *guard = kit_user(k, "guard", k->bank, "guard", k->site),
                 *chief = kit_user(k, "chief", k->bank, "site_commander", k->site),
                 *auditor = kit_user(k, "auditor", k->police, "auditor", "");
    assert_int_equal(look(k, police, t.person, INSPECTION), VG_ENOTFOUND);
    const vg_err unseen = k->err;
    assert_int_equal(look(k, police, "zy23456789abcdef", INSPECTION), VG_ENOTFOUND);
    assert_string_equal(k->err.field, unseen.field);
    assert_int_equal(look(k, keeper, t.person, INSPECTION), VG_EDENIED);
    assert_int_equal(look(k, guard, t.person, INSPECTION), VG_EDENIED);
    assert_int_equal(looked(k), 0);
    assert_int_equal(look(k, chief, t.person, INSPECTION), VG_OK);
    const char *permission = vg_core_resource("person-lookups")->permission;
    assert_true(vg_may(chief, permission, NULL) && vg_may(keeper, permission, NULL) &&
                vg_may(auditor, permission, NULL));
    assert_false(vg_may(police, permission, NULL) || vg_may(guard, permission, NULL));
    assert_non_null(strstr(kit_list(k, chief, "person-lookups"), t.person));
    assert_null(strstr(kit_list(k, auditor, "person-lookups"), t.person));  // of another agency
    kit_done(k);
}

static void very_many_in_an_hour_call_for_attention(void **state)
{
    (void)state;
    kit *k = kit_world();
    const team t = make_team(k);
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    for (int i = 0; i < 41; i++) {
        assert_int_equal(look(k, bank, t.person, INSPECTION), VG_OK);
    }
    assert_int_equal(look(k, NULL, t.person, INSPECTION), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person_lookup WHERE many"), 2);
    const vg_str kind = vg_str_c("people.looked");
    assert_null(vg_event_urgency(kind, vg_str_c("{\"many\":false}")));
    assert_string_equal(vg_event_urgency(kind, vg_str_c("{\"many\":true}")), "attention");
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_personal_part),
        cmocka_unit_test(test_secrecy),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_taking_back_takes_two),
        cmocka_unit_test(the_personal_part_is_on_no_list),
        cmocka_unit_test(a_look_is_journaled_with_its_purpose),
        cmocka_unit_test(no_look_without_a_reason),
        cmocka_unit_test(an_incident_is_a_purpose_to_who_sees_it),
        cmocka_unit_test(a_retry_is_not_a_second_look),
        cmocka_unit_test(who_may_look_and_who_reads_the_register),
        cmocka_unit_test(very_many_in_an_hour_call_for_attention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
