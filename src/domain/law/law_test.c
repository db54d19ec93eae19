// SPDX-License-Identifier: Apache-2.0
// Legal bases: what is shipped is sound and is journaled once; every field that names its law names one on record;
// every value,
// deadline and item that is said to be law's exists and stands on law in force; a node's own entry outlives the next
// edition; which number is in force on a day.
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

// An act or article that has not ended, of an act that has not: what ended says so on the law's page, and nothing that
// is asked of an officer today may stand on it.
static bool in_force(kit *k, const char *ref)
{
    char sql[600];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM law_act a LEFT JOIN law_article x ON x.act = a.code AND x.id ="
             " '%s' WHERE a.code = substr('%s', 1, instr('%s/', '/') - 1)"
             " AND ('%s' = a.code OR x.id IS NOT NULL)"
             " AND date('now', '+7 hours') <= COALESCE(x.valid_to, a.valid_to, '9999')"
             " AND date('now', '+7 hours') <= COALESCE(a.valid_to, '9999')"
             " AND date('now', '+7 hours') >= COALESCE(x.valid_from, a.valid_from, '')",
             ref, ref, ref, ref);
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
                    if (!on_record(k, ref) || !in_force(k, ref)) {
                        fail_msg("%s.%s names %s, which is not on record or not in force", c->name,
                                 f->name, ref);
                    }
                    named++;
                }
            }
        }
    }
    assert_true(named > 20);
    kit_done(k);
}

static bool a_deadline(const char *kind)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_deadline_def *d = m->deadlines; d && d->kind; d++) {
            if (strcmp(d->kind, kind) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool a_value(const char *command, const char *field, const char *value)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_command *c = m->commands; c && c->name; c++) {
            for (const vg_field *f = c->fields; f && f->name; f++) {
                for (size_t v = 0; f->values && f->values[v]; v++) {
                    if (strcmp(c->name, command) == 0 && strcmp(f->name, field) == 0 &&
                        strcmp(f->values[v], value) == 0) {
                        return true;
                    }
                }
            }
        }
    }
    return false;
}

// "check.TEMPLATE" or "check.TEMPLATE.ITEM"
static bool a_check(kit *k, const char *what)
{
    char sql[300];
    const int n = (int)strcspn(what, ".");
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM checklist_template WHERE code = '%.*s' AND spec LIKE"
             " '%%\"code\":\"%s\"%%'",
             n, what, what[n] ? what + n + 1 : what);
    if (!what[n]) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM checklist_template WHERE code = '%s'",
                 what);
    }
    return kit_int(k, sql) > 0;
}

static bool a_situation(kit *k, const char *code)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM situation WHERE code = '%s'", code);
    return kit_int(k, sql) == 1;
}

static bool names_something(kit *k, const char *of)
{
    const char *what = strchr(of, '.') + 1;
    return strncmp(of, "situation.", 10) == 0 ? a_situation(k, what)
           : strncmp(of, "zone.", 5) == 0     ? a_value("sites.zone_add", "class", what)
           : strncmp(of, "asset.", 6) == 0    ? a_value("sites.site_add", "asset_class", what)
           : strncmp(of, "due.", 4) == 0      ? a_deadline(what)
           : strncmp(of, "check.", 6) == 0    ? a_check(k, what)
                                              : strncmp(of, "part.", 5) == 0;
}

static void every_basis_names_a_thing_and_law_in_force(void **state)
{
    (void)state;
    kit *k = kit_open();
    const int64_t n = kit_int(k, "SELECT count(*) FROM law_basis");
    assert_true(n > 40);
    // an own act is no more than a row: what is asked is whether the shipped list hangs together
    for (int64_t i = 1; i <= n; i++) {
        char sql[400], of[100], ref[100];
        snprintf(sql, sizeof sql, "SELECT thing FROM law_basis ORDER BY rank LIMIT 1 OFFSET %d",
                 (int)(i - 1));
        snprintf(of, sizeof of, "%s", kit_text(k, sql));
        snprintf(sql, sizeof sql,
                 "SELECT COALESCE(b.ref, (SELECT t.ref FROM law_term t WHERE t.code = b.term AND"
                 " date('now', '+7 hours') BETWEEN t.valid_from AND COALESCE(t.valid_to, '9999')),"
                 " '') FROM law_basis b ORDER BY rank LIMIT 1 OFFSET %d",
                 (int)(i - 1));
        snprintf(ref, sizeof ref, "%s", kit_text(k, sql));
        if (!in_force(k, ref)) {
            fail_msg("%s stands on \"%s\", which is not in force", of, ref);
        }
        if (!names_something(k, of)) {
            fail_msg("%s is nothing that the program knows", of);
        }
    }
    kit_done(k);
}

static void the_eleven_acts_all_have_their_basis(void **state)
{
    (void)state;
    kit *k = kit_open();
    assert_int_equal(kit_int(k, "SELECT count(DISTINCT s.code) FROM situation s JOIN law_basis b"
                                " ON b.thing = 'situation.' || s.code WHERE s.grp = 'act11'"),
                     11);
    kit_done(k);
}

static void an_edition_replaces_the_list_of_bases(void **state)
{
    (void)state;
    kit *k = kit_world();
    kit_do(k, "law.ship",
           "{\"digest\":\"d3\",\"content\":{\"acts\":[],\"articles\":[],\"terms\":[],"
           "\"bases\":[{\"of\":\"situation.fire\",\"ref\":\"l55-2024\"}]}}");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM law_basis"), 1);
    assert_int_equal(kit_try(k, NULL, "law.ship",
                             "{\"digest\":\"d4\",\"content\":{\"bases\":[{\"of\":\"x.y\","
                             "\"ref\":\"l55-2024\",\"term\":\"gate.stop_park\"}]}}"),
                     VG_EINVALID);
    kit_same_after_rebuild(k);
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
        cmocka_unit_test(every_basis_names_a_thing_and_law_in_force),
        cmocka_unit_test(the_eleven_acts_all_have_their_basis),
        cmocka_unit_test(an_edition_replaces_the_list_of_bases),
        cmocka_unit_test(an_own_entry_outlives_an_edition),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("domain.law", tests, NULL, NULL);
}
