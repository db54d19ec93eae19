// SPDX-License-Identifier: Apache-2.0
// Legal bases: what is shipped is sound and is journaled once; every field that names its law names one on record;
// a node's own entry outlives the next edition; which number is in force on a day.
#include "domain/test_kit.h"

extern const vg_module vg_module_law;

static void what_is_shipped_is_journaled_once(void **state)
{
    (void)state;
    kit *k = kit_open();
    assert_true(kit_int(k, "SELECT count(*) FROM law_act") > 40);
    assert_int_equal(kit_int(k, "SELECT acts FROM law_edition"),
                     kit_int(k, "SELECT count(*) FROM law_act"));
    kit_close(k);
    kit_reopen(k);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'law.shipped'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void what_is_shipped_hangs_together(void **state)
{
    (void)state;
    kit *k = kit_open();
    static const char *const none[] = {
        "SELECT count(*) FROM law_article WHERE act NOT IN (SELECT code FROM law_act)",
        "SELECT count(*) FROM law_term WHERE ref NOT IN (SELECT code FROM law_act)"
        " AND ref NOT IN (SELECT id FROM law_article)",
        "SELECT count(*) FROM law_act WHERE replaced_by NOT IN (SELECT code FROM law_act)",
        "SELECT count(*) FROM law_act WHERE valid_to < valid_from",
        // what replaces another takes over on the next day
        "SELECT count(*) FROM law_act o JOIN law_act n ON n.code = o.replaced_by"
        " WHERE julianday(n.valid_from) - julianday(o.valid_to) <> 1",
        // what nobody verified says so in words
        "SELECT count(*) FROM law_act WHERE certainty = 'C' AND note IS NULL AND code NOT IN"
        " ('ct03-2014', 'nd149-2024')",
    };
    for (size_t i = 0; i < VG_LEN(none); i++) {
        if (kit_int(k, none[i]) != 0) {
            print_error("%s\n", none[i]);
        }
        assert_int_equal(kit_int(k, none[i]), 0);
    }
    kit_done(k);
}

static bool on_record(kit *k, const char *ref)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT (SELECT count(*) FROM law_act WHERE code = '%s')"
             " + (SELECT count(*) FROM law_article WHERE id = '%s')",
             ref, ref);
    return kit_int(k, sql) == 1;
}

static void every_named_law_is_on_record(void **state)
{
    (void)state;
    kit *k = kit_open();
    const vg_module *m;
    size_t named = 0;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_command *c = m->commands; c && c->name; c++) {
            for (const vg_field *f = c->fields; f && f->name; f++) {
                char ref[64];
                int n = 0;
                for (const char *p = f->law; p && sscanf(p, "%63s%n", ref, &n) == 1; p += n) {
                    if (!on_record(k, ref)) {
                        fail_msg("%s.%s names %s, which is not on record", c->name, f->name, ref);
                    }
                    named++;
                }
            }
        }
    }
    assert_true(named > 20);
    kit_done(k);
}

static void an_own_entry_outlives_an_edition(void **state)
{
    (void)state;
    kit *k = kit_world();
    kit_do(k, "law.act_put",
           "{\"code\":\"tt01-2011\",\"kind\":\"circular\",\"title_vi\":\"TT 01\",\"about\":\"x\","
           "\"to\":\"2026-12-31\",\"certainty\":\"A\"}");
    kit_do(k, "law.ship",
           "{\"digest\":\"d2\",\"content\":{\"acts\":[{\"code\":\"tt01-2011\",\"kind\":"
           "\"circular\",\"title_vi\":\"khác\",\"about\":\"y\",\"certainty\":\"B\"},"
           "{\"code\":\"tt58-2015\",\"kind\":\"circular\",\"title_vi\":\"mới\",\"about\":\"y\","
           "\"certainty\":\"B\"}],\"articles\":[],\"terms\":[]}}");
    assert_string_equal(kit_text(k, "SELECT title_vi FROM law_act WHERE code = 'tt01-2011'"),
                        "TT 01");
    assert_string_equal(kit_text(k, "SELECT title_vi FROM law_act WHERE code = 'tt58-2015'"),
                        "mới");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *officer = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    static const char act[] = "{\"code\":\"x1\",\"kind\":\"law\",\"title_vi\":\"X\",\"about\":"
                              "\"x\",\"certainty\":\"A\",\"from\":\"%s\",\"to\":\"%s\"}";
    assert_int_equal(kit_try(k, staff, "law.act_put", act, "2026-02-30", "2026-03-01"),
                     VG_EINVALID);
    assert_string_equal(k->err.field, "from");
    assert_int_equal(kit_try(k, staff, "law.act_put", act, "2026-03-01", "2026-02-28"),
                     VG_EINVALID);
    assert_string_equal(k->err.field, "to");
    assert_int_equal(kit_try(k, officer, "law.act_put", act, "2026-03-01", "2026-03-28"),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, staff, "law.act_put", act, "2026-03-01", "2026-03-28"), VG_OK);
    assert_int_equal(kit_try(k, staff, "law.article_put",
                             "{\"id\":\"nosuch/1\",\"heading\":\"x\",\"certainty\":\"A\"}"),
                     VG_EINVALID);
    assert_int_equal(kit_try(k, staff, "law.article_put",
                             "{\"id\":\"x1/1\",\"heading\":\"x\",\"certainty\":\"A\"}"),
                     VG_OK);
    assert_string_equal(kit_text(k, "SELECT act FROM law_article WHERE id = 'x1/1'"), "x1");
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shipped_is_journaled_once),
        cmocka_unit_test(what_is_shipped_hangs_together),
        cmocka_unit_test(every_named_law_is_on_record),
        cmocka_unit_test(an_own_entry_outlives_an_edition),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("domain.law", tests, NULL, NULL);
}
