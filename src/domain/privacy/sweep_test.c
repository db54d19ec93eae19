// SPDX-License-Identifier: Apache-2.0
// What is kept no longer: of every class one that is due is cleared and one that is not stays; the agency's number goes
// before the default; nobody but the system's clock can bring it forward; the chain still verifies and the tables fold
// again to the same; and a notice that tells another number than the program goes by is not confirmed.
#include "core/object.h"
#include "domain/test_kit.h"

static const int64_t DAY_US = INT64_C(86400) * VG_SECOND_US;

static vg_status sweep_in(kit *k, const vg_principal *who, int days)
{
    char when[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + days * DAY_US, when);
    const vg_status st = kit_try(k, who, "privacy.sweep", "{\"at\":\"%s\"}", when);
    // Reactions run in the batches after it.
    kit_wait(k, "SELECT NOT EXISTS (SELECT 1 FROM reaction_due)", 1);
    return st;
}

static void swept(kit *k, int days)
{
    assert_int_equal(sweep_in(k, vg_core_system(), days), VG_OK);
}

static void whole(kit *k)
{
    kit_same_after_rebuild(k);
    unsigned char seed[32], key[32];
    vg_verify_report report = {0};
    vg_err err = {0};
    vg_db *db;
    vg_core_key(k->core, "seal", seed);
    vg_journal_public_key(seed, key);
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_journal_verify(db, key, &report, &err), VG_OK);
    vg_inner_give(k->core, db);
}

#define keys(k, id) keys_of((k), (id))
static int64_t keys_of(kit *k, const char *id)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM vault WHERE space = 'person' AND name = '%s'",
             id);
    return kit_int(k, sql);
}

static void visitor(kit *k, const char *kind, const char *more, char out[VG_ID_TEXT])
{
    kit_do(k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"%s\",\"name\":\"Lê Văn Khách\"%s}",
           k->site, kind, more);
    kit_id(k, out);
}

static void visitors_go_and_passages_stay(void **state)
{
    (void)state;
    kit *k = kit_world();
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT], khach[VG_ID_TEXT], tho[VG_ID_TEXT], xe[VG_ID_TEXT],
        staff[VG_ID_TEXT];
    kit_do(k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", k->site);
    kit_id(k, yard);
    kit_do(k, "gate.point_add",
           "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\",\"lane\":\"both\"}", k->site, yard);
    kit_id(k, gate);
    visitor(k, "visitor", "", khach);
    visitor(k, "contractor", "", tho);
    visitor(k, "staff", "", staff);
    kit_do(k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"vehicle\",\"name\":\"51F-123.45\"}",
           k->site);
    kit_id(k, xe);
    kit_do(k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"K-1\",\"kind\":\"pass\"}", khach);
    kit_do(k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"T-1\",\"kind\":\"card\"}", tho);
    kit_do(k, "gate.pass", "{\"id\":\"%s\",\"badge\":\"K-1\",\"way\":\"in\",\"why\":\"khách\"}",
           gate);
    swept(k, 364);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_card"), 4);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'privacy.swept'"), 0);
    swept(k, 366);
    assert_int_equal(keys(k, khach), 0);
    assert_int_equal(keys(k, tho), 1);  // his card is good
    assert_int_equal(keys(k, xe), 1);
    assert_int_equal(keys(k, staff), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_card"), 3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM passage"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_holder WHERE state = 'forgotten'"), 1);
    assert_string_equal(kit_text(k, "SELECT state FROM badge WHERE code = 'K-1'"), "revoked");
    assert_non_null(strstr(kit_text(k, "SELECT body FROM event WHERE kind = 'privacy.swept'"),
                           "\"visitor_log\":1"));
    kit_do(k, "gate.holder_end", "{\"id\":\"%s\",\"reason\":\"hết việc\"}", tho);
    kit_do(k, "gate.holder_end", "{\"id\":\"%s\",\"reason\":\"bán xe\"}", xe);
    kit_do(k, "privacy.retention_set",
           "{\"agency\":\"%s\",\"class\":\"visitor_log\",\"days\":30,\"reason\":\"ít khách\"}",
           k->bank);
    swept(k, 29);
    assert_int_equal(keys(k, tho) + keys(k, xe), 2);
    swept(k, 31);
    assert_int_equal(keys(k, tho) + keys(k, xe), 0);
    assert_int_equal(keys(k, staff), 1);
    whole(k);
    kit_done(k);
}

// A plate that was expected, an owner of goods and a name on an evacuation's list, in a drill's world too.
static void plates_owners_and_lists_of_evacuations_go(void **state)
{
    (void)state;
    kit *k = kit_world();
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT], plate[VG_ID_TEXT], goods[VG_ID_TEXT], real[VG_ID_TEXT],
        muster[VG_ID_TEXT], staged[VG_ID_TEXT], soon[VG_TIME_TEXT], later[VG_TIME_TEXT];
    vg_principal chief = *kit_user(k, "nh.truong", k->bank, "site_commander", "");
    chief.scope_bits = NULL;
    vg_time_rfc3339(vg_now_us() + DAY_US, soon);
    vg_time_rfc3339(vg_now_us() + 10 * DAY_US, later);
    kit_do(k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", k->site);
    kit_id(k, yard);
    kit_do(k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}", k->site,
           yard);
    kit_id(k, gate);
    kit_do(k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"30F-888.88\",\"driver\":\"Lê Văn Lái\",\"starts\":\"%s\","
           "\"ends\":\"%s\"}",
           k->site, soon, later);
    kit_id(k, plate);
    kit_do(k, "vehicles.goods",
           "{\"point\":\"%s\",\"way\":\"in\",\"what\":\"máy in\",\"owner\":\"Lê Văn Hàng\"}", gate);
    kit_id(k, goods);
    for (int world = 0; world < 2; world++) {
        chief.world = world * 7;
        assert_int_equal(kit_try(k, &chief, "muster.declare",
                                 "{\"site\":\"%s\",\"kind\":\"real\",\"reason\":\"x\"}", k->site),
                         VG_OK);
        kit_id(k, muster);
        assert_int_equal(
            kit_try(k, &chief, "muster.mark",
                    "{\"id\":\"%s\",\"key\":\"k\",\"name\":\"Lê Văn Thêm\",\"state\":\"safe\"}",
                    muster),
            VG_OK);
        kit_id(k, world ? staged : real);
    }
    swept(k, 364);
    assert_int_equal(keys(k, plate) + keys(k, goods) + keys(k, real) + keys(k, staged), 4);
    swept(k, 366);
    assert_int_equal(keys(k, goods) + keys(k, real) + keys(k, staged), 0);
    assert_int_equal(keys(k, plate), 1);  // it was expected for ten days
    assert_int_equal(kit_int(k, "SELECT count(*) FROM muster_name"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM muster_person WHERE key IS NULL"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM goods_owner"), 0);
    assert_non_null(strstr(kit_text(k, "SELECT body FROM event WHERE kind = 'privacy.swept'"),
                           "\"visitor_log\":1,\"muster_lists\":2"));
    swept(k, 376);
    assert_int_equal(keys(k, plate), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM vehicle_plate"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM vehicle_expected"), 1);
    whole(k);
    kit_done(k);
}

static void people_that_left_requests_and_contacts_go(void **state)
{
    (void)state;
    kit *k = kit_world();
    char unit[VG_ID_TEXT], left[VG_ID_TEXT], here[VG_ID_TEXT], asked[VG_ID_TEXT], open[VG_ID_TEXT],
        own[VG_ID_TEXT], contact[VG_ID_TEXT];
    kit_do(k, "people.unit_add",
           "{\"code\":\"D1\",\"name\":\"Đội 1\",\"force\":\"guard\",\"agency\":\"%s\"}", k->bank);
    kit_id(k, unit);
    kit_do(k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Trần Thị Nghỉ\"}", unit);
    kit_id(k, left);
    kit_do(k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Trần Thị Còn\"}", unit);
    kit_id(k, here);
    kit_do(k, "people.person_retire", "{\"id\":\"%s\",\"reason\":\"nghỉ hưu\"}", left);
#define ASK(more, out)                                                                        \
    kit_do(k, "privacy.request_open",                                                         \
           "{\"agency\":\"%s\",\"kind\":\"access\",\"received_at\":\"2026-11-02T08:00:00Z\"," \
           "\"name\":\"Phạm Thị Hỏi\"%s}",                                                    \
           k->bank, more);                                                                    \
    kit_id(k, out)
    char of[64];
    snprintf(of, sizeof of, ",\"person\":\"%s\"", here);
    ASK("", asked);
    ASK("", open);
    ASK(of, own);
    kit_do(k, "privacy.request_close",
           "{\"id\":\"%s\",\"outcome\":\"answered\",\"reason\":\"chậm\"}", asked);
    kit_do(k, "privacy.request_close",
           "{\"id\":\"%s\",\"outcome\":\"answered\",\"reason\":\"chậm\"}", own);
    kit_do(k, "sites.contact_add",
           "{\"site\":\"%s\",\"name\":\"Võ Văn Mối\",\"role\":\"trực\",\"phone\":\"0900 000 111\"}",
           k->site);
    kit_id(k, contact);
    swept(k, 200);
    assert_int_equal(keys(k, contact), 1);  // the site is there
    kit_do(k, "sites.site_update", "{\"id\":\"%s\",\"state\":\"left\"}", k->site);
    swept(k, 89);
    assert_int_equal(keys(k, contact), 1);
    swept(k, 91);
    assert_int_equal(keys(k, contact), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM contact_card"), 0);
    swept(k, 729);
    assert_int_equal(keys(k, asked), 1);
    swept(k, 731);
    assert_int_equal(keys(k, asked), 0);
    assert_int_equal(keys(k, open), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM subject_request_card"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM subject_request WHERE forgotten = 1"), 2);
    assert_int_equal(keys(k, left) + keys(k, here), 2);
    swept(k, 1824);
    assert_int_equal(keys(k, left), 1);
    swept(k, 1826);
    assert_int_equal(keys(k, left), 0);
    assert_int_equal(keys(k, here), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM person WHERE state = 'forgotten'"), 1);
    whole(k);
    kit_done(k);
}

static void an_account_disabled_long_ago_loses_its_name(void **state)
{
    (void)state;
    kit *k = kit_world();
    const vg_principal *gone = kit_user(k, "nh1", k->bank, "guard", ""),
                       *here = kit_user(k, "nh2", k->bank, "guard", "");
    kit_do(k, "accounts.user_disable", "{\"id\":\"%s\"}", gone->user);
    swept(k, 729);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM user_account WHERE login LIKE '~%'"), 0);
    swept(k, 731);
    kit_wait(k, "SELECT count(*) FROM user_account WHERE login LIKE '~%'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM vault WHERE space = 'password'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM user_account WHERE name = 'nh1'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM user_account WHERE login = 'nh2'"), 1);
    assert_int_equal(kit_try(k, NULL, "accounts.user_enable", "{\"id\":\"%s\"}", gone->user),
                     VG_ECONFLICT);
    assert_string_equal(k->err.key, "accounts.user_forgotten");
    (void)here;
    swept(k, 800);  // once is enough
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'privacy.swept'"), 1);
    whole(k);
    kit_done(k);
}

static void nobody_brings_the_end_forward(void **state)
{
    (void)state;
    kit *k = kit_world();
    char khach[VG_ID_TEXT];
    visitor(k, "visitor", "", khach);
    assert_int_equal(sweep_in(k, NULL, 9999), VG_OK);  // runs by the clock
    assert_int_equal(keys(k, khach), 1);
    const vg_principal *admin = kit_user(k, "ca1", k->police, "custodian", "");
    assert_int_not_equal(sweep_in(k, admin, 9999) == VG_OK && keys(k, khach) == 0, 1);
    assert_int_equal(keys(k, khach), 1);
    kit_done(k);
}

static void many_go_in_bounded_runs(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    for (int i = 0; i < 60; i++) {
        visitor(k, "visitor", "", id);
    }
    swept(k, 400);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_card"), 10);
    swept(k, 400);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_card"), 0);
    whole(k);
    kit_done(k);
}

static int64_t days_of_the_source(kit *k)
{
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(k->core));
    const vg_source *s = vg_register_at(snap, 0);
    const int64_t days = s ? s->image_days : -1;
    vg_register_release(vg_core_register(k->core), snap);
    return days;
}

static void set_pictures(kit *k, int days)
{
    kit_do(k, "privacy.retention_set",
           "{\"agency\":\"%s\",\"class\":\"pictures\",\"days\":%d,\"reason\":\"quy định\"}",
           k->bank, days);
}

static void the_agencys_number_rules_pictures(void **state)
{
    (void)state;
    kit *k = kit_world();
    char source[VG_ID_TEXT], name[VG_OBJECT_NAME];
    vg_err err = {0};
    vg_buf b;
    kit_source(k, "A1", k->fence, false, source);
    assert_int_equal(days_of_the_source(k), 0);  // the node's
    set_pictures(k, 20);
    assert_int_equal(days_of_the_source(k), 20);
    kit_do(k, "sites.source_update", "{\"id\":\"%s\",\"image_days\":7}", source);
    assert_int_equal(days_of_the_source(k), 7);
    kit_do(k, "sites.source_update", "{\"id\":\"%s\",\"image_days\":90}", source);
    assert_int_equal(days_of_the_source(k), 20);
    // What is there already: kept for a year when it came, now for two days.
    vg_objects *o = vg_core_objects(k->core);
    const int64_t now_us = vg_now_us();
    assert_int_equal(vg_object_put(o, VG_S("ảnh"), now_us + 365 * DAY_US, name, &err), VG_OK);
    set_pictures(k, 2);
    swept(k, 0);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 256; i++) {
            vg_objects_sweep(o, now_us + (round ? 3 : 1) * DAY_US);
        }
        vg_buf_init(&b, 1024);
        assert_int_equal(vg_object_get(o, vg_str_c(name), &b, &err), round ? VG_EGONE : VG_OK);
        vg_buf_done(&b);
    }
    kit_done(k);
}

static void a_notice_tells_the_days_that_are_kept(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT];
    const vg_principal *officer = kit_user(k, "nh1", k->bank, "agency_officer", "");
    static const struct {
        const char *vi, *en;
        int set;
        vg_status st;
    } cases[] = {
        {"giữ 365 ngày", "kept 365 days", 0, VG_OK},
        {"giữ 365 ngày", "kept 36 days", 0, VG_ECONFLICT},
        {"giữ 1365 ngày", "kept 365 days", 0, VG_ECONFLICT},
        {"giữ 365 ngày", "kept 365 days", 90, VG_ECONFLICT},
        {"giữ 90 ngày", "kept 90 days", 90, VG_OK},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        if (cases[i].set) {
            kit_do(k, "privacy.retention_set",
                   "{\"agency\":\"%s\",\"class\":\"visitor_log\",\"days\":%d,\"reason\":\"x\"}",
                   k->bank, cases[i].set);
        }
        kit_do(k, "privacy.notice_draft",
               "{\"site\":\"%s\",\"text_vi\":\"%s\",\"text_en\":\"%s\",\"contact\":\"A\"}", k->site,
               cases[i].vi, cases[i].en);
        kit_id(k, id);
        assert_int_equal(kit_try(k, officer, "privacy.notice_confirm", "{\"id\":\"%s\"}", id),
                         cases[i].st);
        if (cases[i].st != VG_OK) {
            assert_string_equal(k->err.key, "privacy.notice_days");
        }
    }
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visitors_go_and_passages_stay),
        cmocka_unit_test(plates_owners_and_lists_of_evacuations_go),
        cmocka_unit_test(people_that_left_requests_and_contacts_go),
        cmocka_unit_test(an_account_disabled_long_ago_loses_its_name),
        cmocka_unit_test(nobody_brings_the_end_forward),
        cmocka_unit_test(many_go_in_bounded_runs),
        cmocka_unit_test(the_agencys_number_rules_pictures),
        cmocka_unit_test(a_notice_tells_the_days_that_are_kept),
    };
    return cmocka_run_group_tests_name("domain.privacy.sweep", tests, NULL, NULL);
}
