// SPDX-License-Identifier: Apache-2.0
// A clause that holds while something lasts: an incident, a posture or an event opens, its end and its giver seal; and
// "what they see" says what the partner really gets.
#include "domain/coord/coord_kit_test.h"
// after the kit: cmocka's names
#include "domain/coord/coord.h"

#include <unistd.h>

#include "base/prop_test.h"

extern const vg_module vg_module_coord;

static void shut(kit *k, const char *incident)
{
    kit_do(k, "desk.close",
           "{\"id\":\"%s\",\"first_sign\":\"Rung chấn\",\"found_by\":\"sensor\",\"surprise\":false,"
           "\"harm\":\"none\",\"summary\":\"Không mất gì\"}",
           incident);
}

static void close_and_reopen(kit *k, const char *incident)
{
    shut(k, incident);
    kit_do(k, "desk.reopen", "{\"id\":\"%s\",\"reason\":\"Có tin mới\"}", incident);
    kit_wait(k, "SELECT count(*) = 0 FROM reaction_due", 1);
}

static void an_incident_opens_and_its_closing_seals(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], incident[VG_ID_TEXT];
    in_force(&t, "\"condition\":\"incident\",\"situation\":\"vault_robbery\",\"minutes\":60", bank,
             police);
    assert_false(reads_source(&t, t.police[0]));
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"fire\"}", k->site);
    kit_wait(k, "SELECT count(*) = 0 FROM reaction_due", 1);
    assert_false(reads_source(&t, t.police[0]));  // another situation
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"vault_robbery\"}", k->site);
    kit_id(k, incident);
    kit_wait(k, "SELECT count(*) FROM opening", 2);
    assert_true(reads_source(&t, t.police[0]));
    assert_false(reads_source(&t, t.third));
    assert_non_null(strstr(kit_list(k, t.bank[1], "openings"), incident));
    assert_non_null(strstr(kit_list(k, t.police[1], "openings"), incident));
    assert_null(strstr(kit_list(k, t.third, "openings"), incident));
    shut(k, incident);
    kit_wait(k, "SELECT count(*) FROM opening WHERE sealed_why = 'incident_closed'", 2);
    assert_false(reads_source(&t, t.police[0]));
    kit_do(k, "desk.reopen", "{\"id\":\"%s\",\"reason\":\"Có tin mới\"}", incident);
    kit_wait(k, "SELECT count(*) FROM opening WHERE sealed_at IS NULL", 2);
    assert_true(reads_source(&t, t.police[0]));  // what was not sealed by hand opens anew
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void the_giver_seals_at_any_time(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], his[VG_ID_TEXT], mine[VG_ID_TEXT],
        incident[VG_ID_TEXT], sql[128];
    in_force(&t, "\"condition\":\"incident\",\"situation\":\"vault_robbery\",\"minutes\":60", bank,
             police);
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"vault_robbery\"}", k->site);
    kit_id(k, incident);
    kit_wait(k, "SELECT count(*) FROM opening", 2);
    snprintf(sql, sizeof sql, "SELECT id FROM opening WHERE agency = '%s'", k->police);
    snprintf(his, sizeof his, "%s", kit_text(k, sql));
    snprintf(sql, sizeof sql, "SELECT id FROM opening WHERE agency = '%s'", k->bank);
    snprintf(mine, sizeof mine, "%s", kit_text(k, sql));
    assert_int_equal(kit_try(k, t.police[0], "coord.seal", "{\"id\":\"%s\",\"reason\":\"x\"}", his),
                     VG_EDENIED);
    assert_int_equal(kit_try(k, t.third, "coord.seal", "{\"id\":\"%s\",\"reason\":\"x\"}", mine),
                     VG_ENOTFOUND);
    assert_int_equal(
        kit_try(k, t.bank[0], "coord.seal", "{\"id\":\"%s\",\"reason\":\"Báo nhầm\"}", mine),
        VG_OK);
    assert_false(reads_source(&t, t.police[0]));
    assert_non_null(strstr(kit_list(k, t.police[0], "openings"), "Báo nhầm"));
    close_and_reopen(k, incident);  // whoever does so: it stays shut
    assert_int_equal(kit_int(k, "SELECT count(*) FROM opening"), 2);
    assert_false(reads_source(&t, t.police[0]));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// --- posture ------------------------------------------------------------------------------------
static void a_posture_opens_and_its_end_seals(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], low[VG_ID_TEXT], high[VG_ID_TEXT], other[VG_ID_TEXT];
    kit_do(k, "sites.site_add",
           "{\"code\":\"NH2\",\"name\":\"Hai\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           k->bank);
    kit_id(k, other);
    in_force(&t, PEAK, bank, police);
    raise(&t, k->site, "tang_cuong", "", HOUR_US, low);
    raise(&t, other, "cao_diem", "", HOUR_US, high);
    settled(&t);
    assert_false(reads_source(&t, t.police[0]));  // lower, or elsewhere
    assert_int_equal(kit_int(k, "SELECT count(*) FROM opening"), 0);
    raise(&t, "", "cao_diem", "", HOUR_US, high);
    assert_true(reads_source(&t, t.police[0]));  // at the next read, whatever is journaled when
    assert_false(reads_source(&t, t.guard) || reads_source(&t, t.third));
    kit_wait(k, "SELECT count(*) FROM opening", 2);
    assert_non_null(strstr(kit_list(k, t.bank[1], "openings"), high));
    assert_non_null(strstr(kit_list(k, t.police[1], "openings"), high));
    assert_null(strstr(kit_list(k, t.third, "openings"), high));
    step_down(&t, high);
    assert_false(reads_source(&t, t.police[0]));
    kit_wait(k, "SELECT count(*) FROM opening WHERE sealed_why = 'posture_over'", 2);
    kit_same_after_rebuild(k);
    kit_close(k);
    kit_reopen(k);
    assert_false(reads_source(&t, t.police[0]));
    kit_done(k);
}

static void an_event_opens_and_what_its_giver_sealed_stays_shut(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], id[VG_ID_TEXT], mine[VG_ID_TEXT];
    raise(&t, k->site, "tang_cuong", "Đại hội", HOUR_US, id);
    in_force(&t, "\"condition\":\"posture\",\"event\":\"Đại hội\"", bank, police);
    assert_true(reads_source(&t, t.police[0]));  // agreed while it lasts
    kit_wait(k, "SELECT count(*) FROM opening", 2);
    snprintf(mine, sizeof mine, "%s", kit_text(k, "SELECT id FROM opening WHERE agency = giver"));
    assert_int_equal(kit_try(k, t.bank[0], "coord.seal", "{\"id\":\"%s\",\"reason\":\"x\"}", mine),
                     VG_OK);
    assert_false(reads_source(&t, t.police[0]));
    kit_do(k, "posture.prolong", "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", id, t.review);
    settled(&t);
    assert_false(reads_source(&t, t.police[0]));
    raise(&t, k->site, "dac_biet", "Lễ khác", HOUR_US, id);
    assert_false(reads_source(&t, t.police[0]));  // another event
    raise(&t, k->site, "tang_cuong", "Đại hội", HOUR_US, id);
    assert_true(reads_source(&t, t.police[0]));  // declared anew
    assert_int_equal(
        kit_try(k, t.bank[0], "coord.withdraw", "{\"id\":\"%s\",\"reason\":\"x\"}", bank), VG_OK);
    assert_false(reads_source(&t, t.police[0]));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM opening WHERE sealed_at IS NULL"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_posture_closes_at_its_time_and_prolonged_later(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], id[VG_ID_TEXT], until[VG_TIME_TEXT];
    in_force(&t, PEAK, bank, police);
    const int64_t first_us = vg_now_us() + 3 * VG_SECOND_US;
    raise(&t, k->site, "cao_diem", "", 3 * VG_SECOND_US, id);
    vg_time_rfc3339(first_us + 2 * VG_SECOND_US, until);
    kit_do(k, "posture.prolong", "{\"id\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}", id, until);
    while (vg_now_us() < first_us + VG_SECOND_US / 2) {
        usleep(50000);
    }
    assert_true(reads_source(&t, t.police[0]));
    kit_wait(k, "SELECT count(*) FROM opening WHERE sealed_why = 'posture_over'", 2);
    assert_false(reads_source(&t, t.police[0]));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Whatever is declared and stepped down: open is what the highest level says.
static void open_is_what_the_posture_says(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], id[VG_ID_TEXT];
    vg_prop p = vg_prop_seed("coord.posture");
    in_force(&t, PEAK, bank, police);
    for (int i = 0; i < 30; i++) {
        if (vg_prop_below(&p, 2)) {
            raise(&t, vg_prop_below(&p, 2) ? k->site : "",
                  vg_prop_below(&p, 2) ? "cao_diem" : "tang_cuong", "", HOUR_US, id);
        } else if (kit_int(k, "SELECT count(*) FROM posture_period WHERE state = 'in_force'")) {
            snprintf(id, sizeof id, "%s",
                     kit_text(k, "SELECT id FROM posture_period WHERE state = 'in_force' ORDER BY"
                                 " id LIMIT 1"));
            step_down(&t, id);
        }
        assert_int_equal(reads_source(&t, t.police[0]),
                         kit_int(k, "SELECT count(*) FROM posture_period WHERE state = 'in_force'"
                                    " AND rank >= 2") > 0);
    }
    settled(&t);  // and the journal of both sides says the same
    assert_int_equal(kit_int(k, "SELECT count(*) FROM opening WHERE sealed_at IS NULL"),
                     2 * kit_int(k, "SELECT count(*) FROM posture_period WHERE state = 'in_force'"
                                    " AND rank >= 2"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// --- what they see ------------------------------------------------------------------------------
static const vg_query *query_named(const char *name)
{
    const vg_query *q = vg_module_coord.queries;
    while (strcmp(q->name, name) != 0) {
        q++;
    }
    return q;
}

static const char *ask(table *t, vg_principal *who, const char *name, const char *args_text)
{
    kit *k = t->k;
    const vg_query *q = query_named(name);
    vg_err err = {0};
    vg_args args;
    vg_buf b;
    vg_arena *a = vg_arena_create(1 << 20);
    json_t *object = json_loads(args_text, 0, NULL);
    vg_buf_init(&b, sizeof k->text - 1);
    vg_read rd = {.core = k->core, .arena = a, .who = who, .out = vg_jw_on(&b)};
    assert_int_equal(vg_args_parse(a, q->fields, object, &args, &err), VG_OK);
    assert_int_equal(vg_reader_take(k->core, who, &rd.db, &err), VG_OK);
    if (q->run(&rd, &args, &err) != VG_OK) {
        print_error("%s %s\n", args_text, err.detail);
        fail();
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    json_decref(object);
    vg_buf_done(&b);
    vg_arena_destroy(a);
    return k->text;
}

static bool shown(table *t, const char *agency, const char *role, const char *at)
{
    char args[300];
    snprintf(args, sizeof args,
             "{\"resource\":\"sources\",\"agency\":\"%s\",\"role\":\"%s\",\"at\":\"%s\"}", agency,
             role, at);
    return strstr(ask(t, t->bank[0], "coord.view_rows", args), t->source) != NULL;
}

static void what_they_see_is_what_they_get(void **state)
{
    (void)state;
    table t = sit();
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], now[VG_TIME_TEXT], over[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us(), now);
    vg_time_rfc3339(vg_now_us() + 3 * 86400 * VG_SECOND_US, over);
    assert_false(shown(&t, t.k->police, "site_commander", now));
    in_force(&t, ALWAYS, bank, police);
    vg_time_rfc3339(vg_now_us() + VG_SECOND_US, now);
    assert_true(shown(&t, t.k->police, "site_commander", now) && reads_source(&t, t.police[0]));
    assert_false(shown(&t, t.k->police, "guard", now) || reads_source(&t, t.guard));
    assert_false(shown(&t, t.fire, "site_commander", now) || reads_source(&t, t.third));
    assert_false(shown(&t, t.k->police, "site_commander", over));
    kit_done(t.k);
}

static int64_t total_of(table *t, const char *resource, const char *more)
{
    char args[400], key[64];
    snprintf(args, sizeof args, "{\"agency\":\"%s\",\"role\":\"site_commander\"%s}", t->k->police,
             more);
    snprintf(key, sizeof key, "\"resource\":\"%s\",\"total\":", resource);
    const char *at = strstr(ask(t, t->bank[0], "coord.view", args), key);
    return at ? strtoll(at + strlen(key), NULL, 10) : 0;
}

// What was made after the moment is no part of it, in the count as in the rows; what keeps no time says so.
static void a_past_moment_shows_nothing_made_after_it(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], later[VG_ID_TEXT], past[VG_TIME_TEXT], more[80];
    in_force(&t, ALWAYS, bank, police);
    usleep(20000);
    vg_time_rfc3339(vg_now_us(), past);
    usleep(20000);
    kit_source(k, "0002", k->vault, false, later);
    snprintf(more, sizeof more, ",\"at\":\"%s\"", past);
    assert_true(shown(&t, k->police, "site_commander", past));
    assert_null(strstr(k->text, later));
    assert_int_equal(total_of(&t, "sources", more), 1);
    assert_int_equal(total_of(&t, "sources", ""), 2);
    static const char *const roles[] = {"agency_officer", "duty_officer",  "site_commander",
                                        "shift_leader",   "staff_officer", "guard",
                                        "auditor",        "custodian"};
    for (size_t i = 0; i < VG_LEN(roles); i++) {  // every list knows its way of being past
        char args[300];
        snprintf(args, sizeof args, "{\"agency\":\"%s\",\"role\":\"%s\",\"at\":\"%s\"}", k->police,
                 roles[i], past);
        assert_non_null(strstr(ask(&t, t.bank[0], "coord.view", args), "\"items\":["));
        assert_non_null(strstr(k->text, "\"of_today\":false"));
    }
    const vg_resource *r;
    static const char *const dateless[] = {"presence", "zone-conditions", "facts", "deadlines"};
    for (size_t i = 0; i < VG_LEN(dateless); i++) {
        r = vg_core_resource(dateless[i]);
        assert_true(r && coord_of_today(r));
    }
    assert_false(coord_of_today(vg_core_resource("sources")));
    kit_done(k);
}

// The tables say which of them keep the time a row was made; the list of those that do not is complete.
static void every_other_list_has_the_time_of_making(void **state)
{
    (void)state;
    table t = sit();
    const vg_module *m;
    int64_t n;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            char sql[200];
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s'", r->table,
                     strcmp(r->table, "event") == 0 ? "recorded" : "at");
            n = kit_int(t.k, sql);
            if (!n && !coord_of_today(r)) {
                print_error("%s keeps no time\n", r->name);
            }
            assert_true(n || coord_of_today(r));
        }
    }
    kit_done(t.k);
}

// Whoever asks says for which clearance: a secret paper shows to who is cleared for it.
static void what_they_see_depends_on_the_clearance_asked_for(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char path[128], bank[VG_ID_TEXT], police[VG_ID_TEXT];
    kit_close(k);
    snprintf(path, sizeof path, "%s/vonggac.ini", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("[node]\nprofile = standalone\n", f);
    fclose(f);
    kit_reopen(k);
    kit_do(k, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":3}", t.bank[0]->user);
    t.bank[0]->clearance = 3;
    in_force(&t, "\"condition\":\"always\",\"ceiling\":3", bank, police);
    assert_int_equal(
        kit_try(k, t.bank[0], "documents.add",
                "{\"number\":\"1\",\"dated\":\"2026-01-05\",\"subject\":\"x\",\"kind\":"
                "\"plan\",\"compartment\":\"means\",\"secrecy\":1,\"site\":\"%s\"}",
                k->site),
        VG_OK);
    assert_int_equal(total_of(&t, "documents", ",\"clearance\":0"), 0);
    assert_int_equal(total_of(&t, "documents", ",\"clearance\":1"), 1);
    assert_int_equal(total_of(&t, "documents", ""), 1);
    kit_done(k);
}

static void what_they_see_follows_the_posture(void **state)
{
    (void)state;
    table t = sit();
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], id[VG_ID_TEXT], during[VG_TIME_TEXT],
        after[VG_TIME_TEXT], now[VG_TIME_TEXT];
    in_force(&t, PEAK, bank, police);
    vg_time_rfc3339(vg_now_us() + HOUR_US / 2, during);
    vg_time_rfc3339(vg_now_us() + 2 * HOUR_US, after);
    assert_false(shown(&t, t.k->police, "site_commander", during));
    raise(&t, t.k->site, "cao_diem", "", HOUR_US, id);
    usleep(1100000);
    assert_true(shown(&t, t.k->police, "site_commander", during));
    assert_false(shown(&t, t.k->police, "site_commander", after));
    step_down(&t, id);
    assert_false(shown(&t, t.k->police, "site_commander", during));
    vg_time_rfc3339(vg_now_us() - VG_SECOND_US / 2, now);
    assert_true(shown(&t, t.k->police, "site_commander", now));  // then they saw it
    kit_done(t.k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incident_opens_and_its_closing_seals),
        cmocka_unit_test(the_giver_seals_at_any_time),
        cmocka_unit_test(a_posture_opens_and_its_end_seals),
        cmocka_unit_test(an_event_opens_and_what_its_giver_sealed_stays_shut),
        cmocka_unit_test(a_posture_closes_at_its_time_and_prolonged_later),
        cmocka_unit_test(open_is_what_the_posture_says),
        cmocka_unit_test(what_they_see_is_what_they_get),
        cmocka_unit_test(a_past_moment_shows_nothing_made_after_it),
        cmocka_unit_test(every_other_list_has_the_time_of_making),
        cmocka_unit_test(what_they_see_depends_on_the_clearance_asked_for),
        cmocka_unit_test(what_they_see_follows_the_posture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
