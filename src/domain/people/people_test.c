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
    assert_non_null(strstr(list, "0912 000 002"));
    assert_non_null(strstr(list, "\"unit_name\":\"Tổ 1\""));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_personal_part),
        cmocka_unit_test(test_secrecy),
        cmocka_unit_test(test_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
