// SPDX-License-Identifier: Apache-2.0
// Checklists as people use them: what is shipped, a run over a lost network, conditions on answers and facts,
// signatures of two, findings, what is due, who may; and an agency's own template.
#include "domain/test_kit.h"

#include "domain/checklists/spec.h"
#include "domain/facts.h"

static void template_id(kit *k, const char *code, char out[VG_ID_TEXT])
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT id FROM checklist_template WHERE code = '%s' AND state = 'active'", code);
    snprintf(out, VG_ID_TEXT, "%s", kit_text(k, sql));
    assert_int_equal(strlen(out), VG_ID_TEXT - 1);
}

static vg_status answer(kit *k, const vg_principal *who, const char *id, const char *item,
                        const char *value)
{
    return kit_try(k, who, "checklists.answer", "{\"id\":\"%s\",\"item\":\"%s\",\"value\":\"%s\"}",
                   id, item, value);
}

static void test_shipped_once(void **state)
{
    (void)state;
    kit *k = kit_world();
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist_template"), 4);
    kit_close(k);
    kit_reopen(k);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist_template"), 4);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist_template WHERE version = 1"), 4);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_self_check(void **state)
{
    (void)state;
    static const char *const answers[][2] = {
        {"fence", "no"},          {"lights", "yes"},       {"parking", "no"},
        {"gate_records", "yes"},  {"visitors_told", "na"}, {"cameras", "yes"},
        {"silent", "2"},          {"vault", "yes"},        {"fire_exits", "yes"},
        {"extinguishers", "yes"}, {"plan_known", "older"},
    };
    kit *k = kit_world();
    char template[VG_ID_TEXT], id[VG_ID_TEXT];
    const vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    const vg_principal *lead = kit_user(k, "lead", k->bank, "shift_leader", k->site);
    template_id(k, "site_self_check", template);
    assert_int_equal(kit_try(k, guard, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}",
                             template, k->site),
                     VG_OK);
    kit_id(k, id);
    assert_string_equal(kit_text(k, "SELECT number FROM checklist"), "PK-NH-0001");
    assert_int_equal(kit_int(k, "SELECT items_n FROM checklist"),
                     12);  // a bank: the vault is asked
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'checklists.due'"), 1);
    assert_int_equal(answer(k, guard, id, "nothing", "yes"), VG_EINVALID);
    assert_int_equal(answer(k, guard, id, "fence", "maybe"), VG_EINVALID);
    assert_int_equal(answer(k, guard, id, "silent", "1,5"), VG_EINVALID);
    assert_int_equal(kit_try(k, lead, "checklists.sign", "{\"id\":\"%s\"}", id), VG_EINVALID);
    assert_string_equal(k->err.field, "fence");
    for (size_t i = 0; i < VG_LEN(answers); i++) {
        assert_int_equal(answer(k, guard, id, answers[i][0], answers[i][1]), VG_OK);
    }
    assert_int_equal(kit_int(k, "SELECT answered_n FROM checklist"), 11);
    assert_int_equal(kit_try(k, guard, "checklists.sign", "{\"id\":\"%s\"}", id), VG_EDENIED);
    assert_int_equal(kit_try(k, lead, "checklists.sign", "{\"id\":\"%s\"}", id), VG_OK);
    assert_non_null(strstr(k->reply, "\"findings\":3"));
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM checklist WHERE state = 'closed' AND findings_n = 3"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'checklists.finding'"), 3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist_finding WHERE item IN"
                                " ('fence', 'silent', 'plan_known')"),
                     3);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'checklists.due'"), 0);
    assert_int_equal(answer(k, guard, id, "fence", "yes"), VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_two_sign_a_handover(void **state)
{
    (void)state;
    static const char *const all[][2] = {
        {"strength", "6"},     {"all_present", "yes"},  {"arms_match", "no"},
        {"keys", "yes"},       {"radios", "yes"},       {"incidents", "Không"},
        {"bypassed", "Không"}, {"night_rounds", "yes"}, {"giver", "Tổ trưởng A"}};
    kit *k = kit_world();
    char template[VG_ID_TEXT], id[VG_ID_TEXT];
    const vg_principal *a = kit_user(k, "to.a", k->bank, "shift_leader", k->site);
    const vg_principal *b = kit_user(k, "to.b", k->bank, "shift_leader", k->site);
    template_id(k, "shift_handover", template);
    assert_int_equal(
        kit_try(k, a, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}", template, k->site),
        VG_OK);
    kit_id(k, id);
    for (size_t i = 0; i < VG_LEN(all); i++) {
        assert_int_equal(answer(k, a, id, all[i][0], all[i][1]), VG_OK);
    }
    // arms that do not agree ask for the reason; a complete shift asks for nobody missing
    assert_int_equal(kit_int(k,
                             "SELECT skipped LIKE '%absent%' AND skipped NOT LIKE '%arms_reason%'"
                             " FROM checklist"),
                     1);
    assert_int_equal(kit_try(k, a, "checklists.sign", "{\"id\":\"%s\"}", id), VG_EINVALID);
    assert_string_equal(k->err.field, "arms_reason");
    assert_int_equal(answer(k, a, id, "arms_reason", "Thiếu một hộp tiếp đạn, đang xác minh"),
                     VG_OK);
    assert_int_equal(kit_try(k, a, "checklists.sign", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(kit_try(k, a, "checklists.sign", "{\"id\":\"%s\"}", id), VG_ECONFLICT);
    assert_string_equal(k->err.key, "checklists.same_person");
    assert_int_equal(kit_try(k, b, "checklists.sign", "{\"id\":\"%s\",\"note\":\"Đã nhận\"}", id),
                     VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist WHERE state = 'closed' AND"
                                " second_note = 'Đã nhận' AND findings_n = 1"),
                     1);
    assert_string_equal(kit_text(k, "SELECT level FROM checklist_finding"), "critical");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_late_answer_does_not_undo_a_newer_one(void **state)
{
    (void)state;
    kit *k = kit_world();
    char template[VG_ID_TEXT], id[VG_ID_TEXT], early[VG_TIME_TEXT], old[VG_TIME_TEXT];
    template_id(k, "site_self_check", template);
    kit_do(k, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}", template, k->site);
    kit_id(k, id);
    vg_time_rfc3339(vg_now_us() - 30 * VG_SECOND_US, early);
    vg_time_rfc3339(vg_now_us() - 3600 * VG_SECOND_US, old);
    assert_int_equal(answer(k, NULL, id, "fence", "yes"), VG_OK);
    kit_do(k, "checklists.answer",
           "{\"id\":\"%s\",\"item\":\"fence\",\"value\":\"no\",\"answered_at\":\"%s\"}", id, early);
    assert_string_equal(kit_text(k, "SELECT value FROM checklist_answer"), "yes");
    assert_int_equal(
        kit_try(k, NULL, "checklists.answer",
                "{\"id\":\"%s\",\"item\":\"fence\",\"value\":\"no\",\"answered_at\":\"%s\"}", id,
                old),
        VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_overdue_and_who_sees(void **state)
{
    (void)state;
    kit *k = kit_world();
    char template[VG_ID_TEXT], id[VG_ID_TEXT], soon[VG_TIME_TEXT];
    vg_principal *duty = kit_user(k, "duty", k->bank, "duty_officer", "");
    vg_principal *police = kit_user(k, "police", k->police, "duty_officer", "");
    template_id(k, "site_self_check", template);
    vg_time_rfc3339(vg_now_us() + VG_SECOND_US / 4, soon);
    kit_do(k, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\",\"due_at\":\"%s\"}", template,
           k->site, soon);
    kit_id(k, id);
    kit_wait(k, "SELECT count(*) FROM checklist WHERE overdue = 1", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline"), 1);  // late is not done
    assert_non_null(strstr(kit_list(k, duty, "checklists"), "\"overdue\":true"));
    assert_non_null(strstr(kit_list(k, duty, "deadlines"), "checklists.due"));
    // the bank's own measures: another agency learns neither of the run nor of its date
    assert_non_null(strstr(kit_list(k, police, "checklists"), "\"total\":0"));
    assert_non_null(strstr(kit_list(k, police, "deadlines"), "\"total\":0"));
    assert_int_equal(answer(k, police, id, "fence", "yes"), VG_ENOTFOUND);
    kit_do(k, "checklists.cancel", "{\"id\":\"%s\",\"reason\":\"lập nhầm\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline"), 0);
    // what the police inspect at the bank is the police's
    assert_int_equal(kit_try(k, police, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}",
                             template, k->site),
                     VG_OK);
    kit_id(k, id);
    assert_int_equal(answer(k, police, id, "fence", "yes"), VG_OK);
    assert_int_equal(answer(k, duty, id, "fence", "no"), VG_ENOTFOUND);
    assert_non_null(strstr(kit_list(k, police, "checklists"), "\"number\":\"PK-CA-0001\""));
    assert_null(strstr(kit_list(k, duty, "checklists"), "PK-CA-0001"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

#define OWN(applies, code)                                                                   \
    "code: own\\ntitle: Riêng\\ntitle-en: Own\\nkind: inspection\\nplace: site\\nitems:\\n" \
    "  - { code: a, kind: yes_no, text: A, text-en: A }\\n"                                  \
    "  - { code: " code ", kind: number, text: B, text-en: B, applies-when: '" applies "' }\\n"

static void test_own_templates(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *key, *field;
    } bad[] = {
        {OWN("item.c", "b"), "expr.err.name_near", "item.c"},
        {OWN("item.b", "b"), "expr.err.want_bool", "item.b"},
        {OWN("source.alive", "b"), "expr.err.key_missing", "source.alive"},
        {OWN("true", "a"), "checklists.code_twice", "a"},
        {"code: own\\n", "yaml.key_missing", "title"},
        {"cod: own\\n", "yaml.unknown_key_near", "cod"},
    };
    kit *k = kit_world();
    char id[VG_ID_TEXT], source[VG_ID_TEXT];
    vg_principal *officer = kit_user(k, "officer", k->bank, "agency_officer", k->site);
    vg_principal *other = kit_user(k, "other", k->police, "agency_officer", k->site);
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_int_equal(
            kit_try(k, officer, "checklists.publish", "{\"yaml\":\"%s\"}", bad[i].yaml),
            VG_EINVALID);
        assert_string_equal(k->err.key, bad[i].key);
        assert_string_equal(k->err.field, bad[i].field);
    }
    kit_source(k, "1001", k->vault, true, source);
    char applies[100], yaml[1200];
    snprintf(applies, sizeof applies, "not source.alive[\\\"%s\\\"] and item.a", source);
    snprintf(yaml, sizeof yaml,
             "code: own\\ntitle: Riêng\\ntitle-en: Own\\nkind: inspection\\nplace: site\\nitems:\\n"
             "  - { code: a, kind: yes_no, text: A, text-en: A }\\n"
             "  - { code: b, kind: number, text: B, text-en: B, applies-when: '%s' }\\n",
             applies);
    assert_int_equal(kit_try(k, officer, "checklists.publish", "{\"yaml\":\"%s\"}", yaml), VG_OK);
    kit_id(k, id);
    assert_non_null(strstr(kit_text(k, "SELECT spec FROM checklist_template WHERE code = 'own'"),
                           "\"applies_vi\":"));
    assert_int_equal(kit_try(k, other, "checklists.retire", "{\"id\":\"%s\"}", id), VG_EDENIED);
    // the fact is not known: asked; known to be alive: not asked
    kit_do(k, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}", id, k->site);
    assert_int_equal(kit_int(k, "SELECT items_n FROM checklist WHERE number = 'PK-NH-0001'"), 2);
    kit_signal(k, "1001", "poll", VG_SIG_POLL, true);
    kit_do(k, "sites.source_silent", "{\"id\":\"%s\"}", source);
    kit_do(k, "sites.source_returned", "{\"id\":\"%s\",\"proven\":true}", source);
    kit_do(k, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}", id, k->site);
    assert_int_equal(kit_int(k, "SELECT items_n FROM checklist WHERE number = 'PK-NH-0002'"), 1);
    assert_int_equal(kit_try(k, officer, "checklists.publish", "{\"yaml\":\"%s\"}", yaml), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM checklist_template WHERE code = 'own' AND"
                                " (version = 2) = (state = 'active')"),
                     2);
    assert_int_equal(
        kit_try(k, NULL, "checklists.run", "{\"template\":\"%s\",\"site\":\"%s\"}", id, k->site),
        VG_ECONFLICT);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Whatever module a deadline is of: what it is called can be read by a person, and where its page is.
static void test_every_deadline_can_be_looked_up(void **state)
{
    (void)state;
    kit *k = kit_world();
    const vg_module *m;
    vg_err err = {0};
    vg_db *db;
    vg_rows *r;
    int seen = 0;
    assert_int_equal(
        vg_reader_take(k->core, kit_user(k, "duty", k->police, "duty_officer", ""), &db, &err),
        VG_OK);
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_deadline_def *d = m->deadlines; d && d->kind; d++) {
            assert_non_null(d->look);
            if (vg_rows_open(db, d->look, VG_VALS(vg_z("none")), &r, &err) != VG_OK) {
                print_error("%s: %s\n", d->kind, err.detail);
                fail();
            }
            assert_int_equal(vg_rows_columns(r), 2);
            assert_false(vg_rows_next(r));
            assert_int_equal(vg_rows_close(r, &err), VG_OK);
            char key[100];
            snprintf(key, sizeof key, "due.%s", d->kind);
            assert_non_null(vg_tr_known(key));
            seen++;
        }
    }
    vg_reader_give(k->core, db);
    assert_true(seen >= 4);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_once),
        cmocka_unit_test(test_a_self_check),
        cmocka_unit_test(test_two_sign_a_handover),
        cmocka_unit_test(test_a_late_answer_does_not_undo_a_newer_one),
        cmocka_unit_test(test_overdue_and_who_sees),
        cmocka_unit_test(test_own_templates),
        cmocka_unit_test(test_every_deadline_can_be_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
