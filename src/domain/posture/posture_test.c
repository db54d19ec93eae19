// SPDX-License-Identifier: Apache-2.0
// Posture from outside: who may declare where, two persons for the highest and for stepping down, the highest counts,
// each ends at its time, the fact follows, those elsewhere learn nothing, a drill declares nothing; and over random
// periods the fact is what looking at each says.
#include "base/prop_test.h"
#include "domain/test_kit.h"

typedef struct post {
    kit *k;
    vg_principal *chief, *deputy, *local, *duty, *away;
    char other[VG_ID_TEXT], id[VG_ID_TEXT];
} post;

static post man(void)
{
    post p = {.k = kit_world()};
    kit_do(p.k, "sites.site_add",
           "{\"code\":\"NH2\",\"name\":\"Chi nhánh 2\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           p.k->bank);
    kit_id(p.k, p.other);
    p.chief = kit_user(p.k, "chief", p.k->police, "site_commander", "");
    p.deputy = kit_user(p.k, "deputy", p.k->police, "site_commander", "");
    p.local = kit_user(p.k, "local", p.k->police, "site_commander", p.k->site);
    p.duty = kit_user(p.k, "duty", p.k->police, "duty_officer", "");
    p.away = kit_user(p.k, "away", p.k->bank, "agency_officer", p.other);
    return p;
}

static const char *in(int64_t us)
{
    static char text[4][VG_TIME_TEXT];
    static int turn;
    char *out = text[turn++ % 4];
    vg_time_rfc3339(vg_now_us() + us, out);
    return out;
}

static vg_status declare(post *p, const vg_principal *who, const char *site, const char *level,
                         int64_t until_us)
{
    const vg_status st =
        kit_try(p->k, who, "posture.declare",
                "{%s%s%s\"level\":\"%s\",\"reason\":\"Lễ lớn\",\"until\":\"%s\"}",
                *site ? "\"site\":\"" : "", site, *site ? "\"," : "", level, in(until_us));
    if (st == VG_OK) {
        kit_member(p->k, "id", p->id, sizeof p->id);
    }
    return st;
}

static const char *fact(post *p, const char *site)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT value FROM fact WHERE name = 'posture' AND key = '%s'", site);
    return kit_text(p->k, sql);
}

static vg_status act(post *p, const vg_principal *who, const char *name, const char *id)
{
    return kit_try(p->k, who, name, "{\"id\":\"%s\",\"reason\":\"Tình hình đã yên\"}", id);
}

static vg_status approve(post *p, const vg_principal *who)
{
    char request[VG_ID_TEXT];
    kit_member(p->k, "second_request", request, sizeof request);
    assert_int_equal(strlen(request), VG_ID_TEXT - 1);
    return kit_try(p->k, who, "second.approve", "{\"id\":\"%s\"}", request);
}

static const int64_t HOUR_US = 3600 * VG_SECOND_US;

static void a_commander_declares_where_he_commands(void **state)
{
    (void)state;
    post p = man();
    kit *k = p.k;
    vg_principal token = *p.chief;
    token.kind = VG_P_TOKEN;
    assert_int_equal(declare(&p, p.duty, k->site, "tang_cuong", HOUR_US), VG_EDENIED);
    assert_int_equal(declare(&p, p.local, p.other, "tang_cuong", HOUR_US), VG_ENOTFOUND);
    assert_int_equal(declare(&p, p.local, "", "tang_cuong", HOUR_US), VG_EDENIED);
    assert_int_equal(declare(&p, &token, k->site, "tang_cuong", HOUR_US), VG_EDENIED);
    assert_int_equal(declare(&p, p.local, k->site, "thuong_xuyen", HOUR_US), VG_EINVALID);
    assert_int_equal(declare(&p, p.local, k->site, "gi_do", HOUR_US), VG_EINVALID);
    assert_int_equal(declare(&p, p.local, k->site, "tang_cuong", -HOUR_US), VG_EINVALID);
    assert_int_equal(declare(&p, p.local, k->site, "tang_cuong", 91 * 24 * HOUR_US), VG_EINVALID);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM posture_period"), 0);
    assert_int_equal(declare(&p, p.local, k->site, "tang_cuong", HOUR_US), VG_OK);
    assert_string_equal(fact(&p, k->site), "tang_cuong");
    assert_string_equal(fact(&p, p.other), "");
    assert_non_null(strstr(kit_list(k, p.duty, "postures"), p.id));
    assert_null(strstr(kit_list(k, p.away, "postures"), p.id));  // not his site
    assert_int_equal(act(&p, p.away, "posture.step_down", p.id), VG_EDENIED);
    assert_int_equal(declare(&p, p.chief, "", "cao_diem", HOUR_US), VG_OK);
    assert_non_null(strstr(kit_list(k, p.away, "postures"), p.id));  // everybody's
    assert_string_equal(fact(&p, k->site), "cao_diem");
    assert_string_equal(fact(&p, p.other), "cao_diem");
    assert_int_equal(act(&p, p.local, "posture.step_down", p.id), VG_EDENIED);
    kit_do(k, "sites.site_add",
           "{\"code\":\"NH3\",\"name\":\"Mới\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           k->bank);
    kit_wait(k, "SELECT count(*) FROM fact WHERE name = 'posture'", 3);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void the_highest_and_an_early_end_take_two(void **state)
{
    (void)state;
    post p = man();
    kit *k = p.k;
    assert_int_equal(declare(&p, p.chief, k->site, "dac_biet", HOUR_US), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM posture_period"), 0);
    assert_int_equal(approve(&p, p.chief), VG_EDENIED);
    assert_int_equal(declare(&p, p.deputy, k->site, "dac_biet", 2 * HOUR_US), VG_OK);
    assert_int_equal(approve(&p, p.local), VG_OK);
    assert_string_equal(fact(&p, k->site), "dac_biet");
    char id[VG_ID_TEXT];
    snprintf(id, sizeof id, "%s", kit_text(k, "SELECT id FROM posture_period"));
    assert_int_equal(kit_try(k, p.chief, "posture.prolong",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", id, in(HOUR_US)),
                     VG_EINVALID);  // not later
    assert_int_equal(kit_try(k, p.chief, "posture.prolong",
                             "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", id,
                             in(3 * HOUR_US)),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT prolonged FROM posture_period"), 0);
    assert_int_equal(approve(&p, p.deputy), VG_OK);
    assert_int_equal(kit_int(k, "SELECT prolonged FROM posture_period"), 1);
    assert_int_equal(act(&p, p.chief, "posture.step_down", id), VG_OK);
    assert_string_equal(fact(&p, k->site), "dac_biet");
    assert_int_equal(approve(&p, p.deputy), VG_OK);
    assert_string_equal(fact(&p, k->site), "thuong_xuyen");
    assert_int_equal(act(&p, p.chief, "posture.step_down", id), VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void it_begins_and_ends_by_itself(void **state)
{
    (void)state;
    post p = man();
    kit *k = p.k;
    assert_int_equal(kit_try(k, p.chief, "posture.declare",
                             "{\"site\":\"%s\",\"level\":\"cao_diem\",\"event\":\"Đại hội\","
                             "\"reason\":\"x\",\"from\":\"%s\",\"until\":\"%s\"}",
                             k->site, in(2 * VG_SECOND_US), in(4 * VG_SECOND_US)),
                     VG_OK);
    assert_string_equal(fact(&p, k->site), "");
    assert_int_equal(declare(&p, p.chief, k->site, "tang_cuong", HOUR_US), VG_OK);
    kit_wait(k, "SELECT count(*) FROM fact WHERE value = 'cao_diem'", 1);
    kit_wait(k, "SELECT count(*) FROM posture_period WHERE state = 'over'", 1);
    assert_string_equal(fact(&p, k->site), "tang_cuong");  // the lower one that still lasts
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind LIKE 'posture.%'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_drill_declares_nothing(void **state)
{
    (void)state;
    post p = man();
    vg_principal drill = *p.chief;
    drill.world = 7;
    assert_int_equal(declare(&p, &drill, p.k->site, "cao_diem", HOUR_US), VG_EDENIED);
    assert_string_equal(p.k->err.key, "err.drill_register");
    kit_done(p.k);
}

static void the_fact_is_the_highest_of_all(void **state)
{
    (void)state;
    static const char *const levels[] = {"tang_cuong", "cao_diem"};
    static const char HIGHEST[] =
        "SELECT count(*) FROM site s JOIN fact f ON f.name = 'posture' AND f.key = s.id WHERE"
        " f.value <> COALESCE((SELECT CASE max(p.rank) WHEN 2 THEN 'cao_diem' WHEN 1 THEN"
        " 'tang_cuong' END FROM posture_period p WHERE p.state = 'in_force' AND p.site IN ('',"
        " s.id)), 'thuong_xuyen')";
    vg_prop r = vg_prop_seed("posture");
    post p = man();
    kit *k = p.k;
    for (int i = 0; i < 40; i++) {
        const char *const sites[] = {"", k->site, p.other};
        if (vg_prop_below(&r, 3) || !kit_int(k, "SELECT count(*) FROM posture_period")) {
            assert_int_equal(declare(&p, NULL, sites[vg_prop_below(&r, 3)],
                                     levels[vg_prop_below(&r, 2)], HOUR_US),
                             VG_OK);
        } else {
            char id[VG_ID_TEXT];
            snprintf(id, sizeof id, "%s",
                     kit_text(k, "SELECT id FROM posture_period ORDER BY state, id LIMIT 1"));
            const vg_status st = act(&p, NULL, "posture.step_down", id);
            assert_true(st == VG_OK || st == VG_ECONFLICT);
        }
        assert_int_equal(kit_int(k, HIGHEST), 0);
    }
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commander_declares_where_he_commands),
        cmocka_unit_test(the_highest_and_an_early_end_take_two),
        cmocka_unit_test(it_begins_and_ends_by_itself),
        cmocka_unit_test(a_drill_declares_nothing),
        cmocka_unit_test(the_fact_is_the_highest_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
