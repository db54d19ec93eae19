// SPDX-License-Identifier: Apache-2.0
// The first steps: an empty node has them all before it, doing one ticks it and undoing brings it back, a custodian
// sees only his own dismissal. Findings: what is wrong in the data is found, with a remedy in both languages.
#include "domain/care/exam.h"
#include "domain/test_kit.h"

#include "base/i18n.h"

extern const vg_module vg_module_care;

static const char *start(kit *k, vg_principal *who)
{
    vg_principal local = {.kind = VG_P_LOCAL};
    vg_principal *p = who ? who : &local;
    vg_read rd = {.core = k->core, .arena = vg_arena_create(1 << 20), .who = p};
    vg_err err = {0};
    vg_buf b;
    vg_args none = {0};
    vg_buf_init(&b, sizeof k->text - 1);
    rd.out = vg_jw_on(&b);
    assert_int_equal(vg_reader_take(k->core, p, &rd.db, &err), VG_OK);
    if (vg_module_care.queries->run(&rd, &none, &err) != VG_OK) {
        fail_msg("%s %s", err.key ? err.key : "", err.detail);
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    vg_arena_destroy(rd.arena);
    vg_principal_done(&local);
    return k->text;
}

static bool done(kit *k, vg_principal *who, const char *step)
{
    char want[80];
    snprintf(want, sizeof want, "{\"step\":\"%s\",\"done\":true", step);
    return strstr(start(k, who), want) != NULL;
}

static void steps_follow_what_is_there(void **state)
{
    (void)state;
    kit *k = kit_open();
    char agency[VG_ID_TEXT], site[VG_ID_TEXT];
    kit_do(k, "accounts.agency_add", "{\"code\":\"CQ\",\"name\":\"Cơ quan\",\"custodian\":true}");
    kit_id(k, agency);
    vg_principal *admin = kit_user(k, "quantri", agency, "custodian", "");
    assert_true(done(k, admin, "agency"));
    for (const char *const *s =
             (const char *const[]){"password", "second_admin", "site", "zones", "source", "plan",
                                   "people", "link", "notice", "phone", "backup", "verify", NULL};
         *s; s++) {
        assert_false(done(k, admin, *s));
    }
    kit_do(k, "accounts.user_password", "{\"id\":\"%s\",\"password\":\"mat khau moi 2026\"}",
           admin->user);
    assert_true(done(k, admin, "password"));
    kit_user(k, "quantri2", agency, "custodian", "");
    assert_true(done(k, admin, "second_admin"));
    assert_false(done(k, admin, "people"));
    kit_user(k, "truc", agency, "duty_officer", "");
    assert_true(done(k, admin, "people"));
    kit_do(k, "sites.site_add",
           "{\"code\":\"NH\",\"name\":\"Ngân hàng\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           agency);
    kit_id(k, site);
    assert_true(done(k, admin, "site"));
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true,\"peer\":\"127.0.0.1\"}",
           admin->user);
    assert_false(done(k, admin, "phone"));
    kit_do(k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true,\"peer\":\"192.0.2.7\"}",
           admin->user);
    assert_true(done(k, admin, "phone"));
    kit_do(k, "core.set_cursor", "{\"name\":\"verified\",\"position\":\"%lld bad\"}",
           (long long)vg_now_us());
    assert_false(done(k, admin, "verify"));
    kit_do(k, "core.set_cursor", "{\"name\":\"verified\",\"position\":\"%lld ok\"}",
           (long long)vg_now_us());
    assert_true(done(k, admin, "verify"));
    kit_done(k);
}

static void dismissed_for_oneself(void **state)
{
    (void)state;
    kit *k = kit_open();
    char agency[VG_ID_TEXT];
    kit_do(k, "accounts.agency_add", "{\"code\":\"CQ\",\"name\":\"Cơ quan\",\"custodian\":true}");
    kit_id(k, agency);
    vg_principal *one = kit_user(k, "quantri", agency, "custodian", "");
    vg_principal *two = kit_user(k, "quantri2", agency, "custodian", "");
    assert_int_equal(kit_try(k, one, "care.start_dismiss", "{}"), VG_OK);
    assert_int_equal(kit_try(k, one, "care.start_dismiss", "{}"), VG_OK);
    assert_non_null(strstr(start(k, one), "\"dismissed\":true"));
    assert_non_null(strstr(start(k, two), "\"dismissed\":false"));
    vg_principal *desk = kit_user(k, "truc", agency, "duty_officer", "");
    assert_int_equal(kit_try(k, desk, "care.start_dismiss", "{}"), VG_EDENIED);
    kit_done(k);
}

static const vg_finding *found(const vg_exam *x, const char *what)
{
    for (size_t i = 0; i < x->n; i++) {
        if (strcmp(x->v[i].what, what) == 0) {
            return &x->v[i];
        }
    }
    return NULL;
}

static void look(kit *k, int64_t now_us, vg_exam *x)
{
    vg_db *db;
    vg_err err = {0};
    *x = (vg_exam){0};
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    vg_exam_data(db, false, now_us, x);
    vg_exam_schema(db, x);
    vg_inner_give(k->core, db);
}

static void what_is_wrong_is_found(void **state)
{
    (void)state;
    kit *k = kit_open();
    vg_exam x;
    const int64_t now = vg_now_us(), day = 86400 * VG_SECOND_US;
    look(k, now, &x);
    assert_string_equal(found(&x, "verify")->state, "never");
    assert_string_equal(found(&x, "backup")->state, "never");
    assert_string_equal(found(&x, "schema")->state, "ok");
    assert_string_equal(found(&x, "future")->state, "ok");
    assert_int_equal(vg_exam_count(&x, VG_GRADE_MUST), 0);
    kit_do(k, "core.set_cursor", "{\"name\":\"verified\",\"position\":\"%lld ok\"}",
           (long long)now);
    kit_do(k, "core.set_cursor", "{\"name\":\"backup\",\"position\":\"%lld ok\"}", (long long)now);
    kit_do(k, "core.note_clock", "{\"step_ms\":90000}");
    look(k, now, &x);
    assert_string_equal(found(&x, "verify")->state, "ok");
    assert_string_equal(found(&x, "backup")->state, "ok");
    assert_string_equal(found(&x, "steps")->state, "bad");
    look(k, now + 3 * day, &x);
    assert_int_equal(found(&x, "backup")->grade, VG_GRADE_SOON);
    assert_string_equal(found(&x, "steps")->state, "ok");
    look(k, now + 20 * day, &x);
    assert_int_equal(found(&x, "backup")->grade, VG_GRADE_MUST);
    assert_string_equal(found(&x, "verify")->state, "old");
    look(k, now - day, &x);
    assert_int_equal(found(&x, "future")->grade, VG_GRADE_MUST);
    kit_do(k, "core.set_cursor", "{\"name\":\"verified\",\"position\":\"%lld bad\"}",
           (long long)now);
    look(k, now, &x);
    assert_int_equal(found(&x, "verify")->grade, VG_GRADE_MUST);
    kit_done(k);
}

// Every word a finding of this file can need.
static void every_finding_has_words(void **state)
{
    (void)state;
    vg_exam x = {0};
    vg_finding *f = vg_exam_add(&x, "link", "down", VG_GRADE_MUST, "%s", "Thư");
    snprintf(f->why, sizeof f->why, "%s", "status.EUNAVAIL");
    for (int lang = VG_VI; lang <= VG_EN; lang++) {
        vg_buf b;
        vg_buf_init(&b, 4096);
        vg_finding_text(f, (vg_lang)lang, &b);
        assert_non_null(strstr(vg_buf_z(&b), "Thư: "));
        assert_null(strstr(vg_buf_z(&b), "status."));
        assert_null(strstr(vg_buf_z(&b), "doctor."));
        vg_buf_reset(&b);
        vg_finding_remedy(f, (vg_lang)lang, &b);
        assert_true(b.n > 10);
        assert_null(strstr(vg_buf_z(&b), "doctor."));
        vg_buf_done(&b);
    }
    for (int i = 0; i < 2 * VG_FINDINGS_MAX; i++) {
        vg_exam_add(&x, "link", "ok", VG_GRADE_FINE, "%d", i);
    }
    assert_int_equal(x.n, VG_FINDINGS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_follow_what_is_there),
        cmocka_unit_test(dismissed_for_oneself),
        cmocka_unit_test(what_is_wrong_is_found),
        cmocka_unit_test(every_finding_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
