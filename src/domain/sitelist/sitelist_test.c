// SPDX-License-Identifier: Apache-2.0
// The official list: the list as it stood on a day, on drawn chains of decisions; terms and what happens when they
// pass; what a partner sees of a list that is not his.
#include "domain/test_kit.h"

#include "base/prop_test.h"
#include "domain/day.h"

enum { SITES = 6, VERSIONS = 8 };

static void add_sites(kit *k, char id[SITES][VG_ID_TEXT])
{
    for (int i = 0; i < SITES; i++) {
        kit_do(k, "sites.site_add",
               "{\"code\":\"M%d\",\"name\":\"Mục tiêu %d\",\"kind\":\"other\",\"agency\":\"%s\","
               "\"ground\":\"head_office\",\"field\":\"politics\"}",
               i, i, i % 2 ? k->bank : k->police);
        kit_id(k, id[i]);
    }
}

static vg_status issue(kit *k, const vg_principal *who, const char *day, const char *more)
{
    return kit_try(k, who, "sitelist.issue",
                   "{\"number\":\"%s/QĐ\",\"dated\":\"%s\",\"authority\":\"UBND tỉnh Mẫu\",%s}",
                   day, day, more);
}

static void one_site(const char *member, const char *site, char out[200])
{
    snprintf(out, 200, "\"kind\":\"change\",\"%s\":[\"%s\"]", member, site);
}

static void any_day_has_the_list_of_its_time(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("sitelist");
    kit *k = kit_world();
    char id[SITES][VG_ID_TEXT], day[VERSIONS][16], more[200], sql[300];
    bool model[VERSIONS][SITES] = {0};
    add_sites(k, id);
    snprintf(day[0], 16, "2020-01-01");
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"%s\",\"%s\"]", id[0], id[1]);
    assert_int_equal(issue(k, NULL, day[0], more), VG_OK);
    model[0][0] = model[0][1] = true;
    for (int v = 1; v < VERSIONS; v++) {
        const int s = (int)vg_prop_below(&p, SITES);
        size_t n = 0;
        memcpy(model[v], model[v - 1], sizeof model[v]);
        snprintf(day[v], 16, "2020-%02d-%02d", v + 1, 1 + (int)vg_prop_below(&p, 28));
        one_site(model[v][s] ? "remove" : "add", id[s], more);
        model[v][s] = !model[v][s];
        for (int i = 0; i < SITES; i++) {
            n += model[v][i];
        }
        if (n == 0) {
            assert_int_equal(issue(k, NULL, day[v], more), VG_EINVALID);  // an empty list is none
            model[v][s] = true;
            one_site("add", id[(s + 1) % SITES], more);
            model[v][(s + 1) % SITES] = true;
        }
        assert_int_equal(issue(k, NULL, day[v], more), VG_OK);
    }
    for (int v = 0; v < VERSIONS; v++) {
        for (int i = 0; i < SITES; i++) {
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM site_list_entry WHERE site = '%s' AND '%s' BETWEEN"
                     " valid_from AND COALESCE(valid_to, '9999')",
                     id[i], day[v]);
            assert_int_equal(kit_int(k, sql), model[v][i]);
        }
    }
    assert_int_equal(kit_int(k, "SELECT count(*) FROM site_list WHERE valid_to IS NULL"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_list_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[SITES][VG_ID_TEXT], more[300];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", "");
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    add_sites(k, id);
    one_site("add", id[0], more);
    assert_int_equal(issue(k, NULL, "2024-01-01", more), VG_ECONFLICT);  // nothing to change yet
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"%s\",\"%s\"]", id[0], id[0]);
    assert_int_equal(issue(k, NULL, "2024-01-01", more), VG_EINVALID);
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"zy23456789abcdef\"]");
    assert_int_equal(issue(k, NULL, "2024-01-01", more), VG_EINVALID);
    assert_string_equal(k->err.key, "sitelist.no_site");
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"%s\"]", id[0]);
    assert_int_equal(issue(k, bank, "2024-01-01", more), VG_EDENIED);
    assert_int_equal(issue(k, staff, "2024-01-01", more), VG_OK);
    assert_int_equal(issue(k, staff, "2024-01-01", more), VG_ECONFLICT);  // not after the last one
    one_site("remove", id[3], more);
    assert_int_equal(issue(k, staff, "2024-02-01", more), VG_EINVALID);
    kit_done(k);
}

static void terms_come_from_the_law_of_the_day(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[SITES][VG_ID_TEXT], more[300], list[VG_ID_TEXT], today[VG_DAY_TEXT];
    add_sites(k, id);
    kit_do(k, "law.term_put",
           "{\"code\":\"site_list.review\",\"value\":6,\"unit\":\"month\",\"ref\":\"tt20-2010\","
           "\"from\":\"2024-06-01\",\"certainty\":\"A\"}");
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"%s\"]", id[0]);
    assert_int_equal(issue(k, NULL, "2024-03-31", more), VG_OK);
    kit_id(k, list);
    assert_string_equal(kit_text(k, "SELECT review_due || ' ' || review_ref FROM site_list"),
                        "2025-03-31 tt72-2009/danh-muc");
    // it is past: said once, and marked
    kit_wait(k, "SELECT review_late FROM site_list", 1);
    kit_do(k, "sitelist.review", "{\"id\":\"%s\",\"on\":\"2024-08-31\"}", list);
    assert_string_equal(kit_text(k, "SELECT review_due || ' ' || review_ref FROM site_list"),
                        "2025-02-28 tt20-2010");
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'sitelist.review_late'", 2);
    // a change does not put the review off
    one_site("add", id[1], more);
    vg_day_text(vg_day_of(vg_now_us()), today);
    assert_int_equal(issue(k, NULL, today, more), VG_OK);
    assert_string_equal(kit_text(k, "SELECT review_due FROM site_list WHERE valid_to IS NULL"),
                        "2025-02-28");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_case_has_its_day(void **state)
{
    (void)state;
    kit *k = kit_world();
    char late[VG_ID_TEXT], fresh[VG_ID_TEXT], today[VG_DAY_TEXT], due[VG_DAY_TEXT];
    vg_day_text(vg_day_of(vg_now_us()), today);
    vg_day_text(vg_day_of(vg_now_us()) + 60, due);
    kit_do(k, "sitelist.case_open",
           "{\"kind\":\"change\",\"site\":\"%s\",\"received\":\"2024-01-31\"}", k->site);
    kit_id(k, late);
    assert_string_equal(kit_text(k, "SELECT due FROM site_case"), "2024-03-01");
    assert_string_equal(kit_text(k, "SELECT name FROM site_case"), "Chi nhánh");
    kit_wait(k, "SELECT late FROM site_case", 1);
    kit_do(k, "sitelist.case_open",
           "{\"kind\":\"entry\",\"name\":\"Trạm phát sóng\",\"received\":\"%s\"}", today);
    kit_id(k, fresh);
    assert_string_equal(kit_text(k, "SELECT due FROM site_case WHERE kind = 'entry'"), due);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'sitelist.case'"), 1);
    assert_int_equal(
        kit_try(k, NULL, "sitelist.case_close", "{\"id\":\"%s\",\"outcome\":\"refused\"}", fresh),
        VG_EINVALID);
    kit_do(k, "sitelist.case_close",
           "{\"id\":\"%s\",\"outcome\":\"refused\",\"reason\":\"chưa đủ điều kiện\"}", fresh);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'sitelist.case'"), 0);
    assert_int_equal(
        kit_try(k, NULL, "sitelist.case_close", "{\"id\":\"%s\",\"outcome\":\"accepted\"}", fresh),
        VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_partner_reads_his_own_line(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[SITES][VG_ID_TEXT], more[300];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    add_sites(k, id);
    snprintf(more, sizeof more, "\"kind\":\"issue\",\"sites\":[\"%s\",\"%s\"]", id[0], k->site);
    assert_int_equal(issue(k, staff, "2024-03-31", more), VG_OK);
    assert_int_equal(kit_try(k, staff, "sitelist.case_open",
                             "{\"kind\":\"leave\",\"site\":\"%s\",\"received\":\"2024-05-01\"}",
                             k->site),
                     VG_OK);
    assert_non_null(strstr(kit_list(k, bank, "site-list-entries"), "Chi nhánh"));
    assert_null(strstr(kit_list(k, bank, "site-list-entries"), "Mục tiêu 0"));
    assert_null(strstr(kit_list(k, bank, "site-lists"), "2024-03-31/QĐ"));
    assert_null(strstr(kit_list(k, bank, "site-cases"), "leave"));
    assert_null(strstr(kit_list(k, bank, "events"), "\"kind\":\"sitelist."));
    assert_non_null(strstr(kit_list(k, staff, "site-lists"), "\"entries_n\":2"));
    assert_non_null(strstr(kit_list(k, staff, "site-cases"), "leave"));
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_day_has_the_list_of_its_time),
        cmocka_unit_test(a_list_that_makes_no_sense_is_refused),
        cmocka_unit_test(terms_come_from_the_law_of_the_day),
        cmocka_unit_test(a_case_has_its_day),
        cmocka_unit_test(a_partner_reads_his_own_line),
    };
    return cmocka_run_group_tests_name("domain.sitelist", tests, NULL, NULL);
}
