// SPDX-License-Identifier: Apache-2.0
// A regulation between the bank and the police: each side consents by two of its own, what is agreed is seen on the
// next read and nothing more is, a withdrawal is felt at once, and a third agency learns nothing.
#include "domain/coord/coord_kit_test.h"

static void what_is_agreed_is_seen_and_nothing_more(void **state)
{
    (void)state;
    table t = sit();
    char bank[VG_ID_TEXT], police[VG_ID_TEXT];
    assert_false(reads_source(&t, t.police[0]));
    assert_int_equal(draft(&t, clause(&t, ALWAYS), bank), VG_OK);
    assert_null(strstr(kit_list(t.k, t.police[0], "regulations"), "12/QCPH"));  // a draft is mine
    assert_int_equal(act(&t, t.bank[0], "coord.offer", bank), VG_OK);
    copy_of(&t, t.k->police, police);
    assert_non_null(strstr(kit_list(t.k, t.police[0], "regulations"), "12/QCPH"));
    assert_int_equal(act(&t, t.police[0], "coord.agree", bank), VG_ENOTFOUND);  // not for others
    vg_principal token = *t.bank[0];
    token.kind = VG_P_TOKEN;
    assert_int_equal(act(&t, &token, "coord.agree", bank), VG_EDENIED);
    assert_string_equal(t.k->err.key, "coord.person");
    sign(&t, t.bank, bank);
    assert_false(reads_source(&t, t.police[0]));  // one side alone opens nothing
    sign(&t, t.police, police);
    assert_true(reads_source(&t, t.police[0]));
    assert_true(reads_source(&t, t.police[1]));
    assert_false(reads_source(&t, t.guard));  // his role sees no means
    assert_false(reads_source(&t, t.third));
    assert_null(strstr(kit_list(t.k, t.third, "regulations"), "12/QCPH"));
    assert_null(strstr(kit_list(t.k, t.third, "clauses"), "means"));
    // To see is not to act.
    assert_int_equal(kit_try(t.k, t.police[0], "sites.source_update",
                             "{\"id\":\"%s\",\"name\":\"Khác\"}", t.source),
                     VG_ENOTFOUND);
    kit_same_after_rebuild(t.k);
    assert_true(reads_source(&t, t.police[0]));
    kit_done(t.k);
}

static void a_withdrawal_is_felt_at_the_next_read(void **state)
{
    (void)state;
    table t = sit();
    char bank[VG_ID_TEXT], police[VG_ID_TEXT];
    in_force(&t, ALWAYS, bank, police);
    assert_true(reads_source(&t, t.police[0]));
    assert_int_equal(kit_try(t.k, t.bank[0], "coord.withdraw",
                             "{\"id\":\"%s\",\"reason\":\"Rà soát lại\"}", bank),
                     VG_OK);
    assert_false(reads_source(&t, t.police[0]));
    assert_non_null(strstr(kit_list(t.k, t.police[0], "regulations"), "\"ended\""));
    assert_int_equal(
        kit_try(t.k, t.police[0], "coord.withdraw", "{\"id\":\"%s\",\"reason\":\"x\"}", police),
        VG_ECONFLICT);
    kit_close(t.k);
    kit_reopen(t.k);
    assert_false(reads_source(&t, t.police[0]));
    kit_done(t.k);
}

static vg_status confirm(table *t, const vg_principal *who, const char *change)
{
    return kit_try(t->k, who, "accounts.change_confirm", "{\"id\":\"%s\"}", change);
}

// Each side's consent stands open with that side until one looks who neither proposed nor agreed; leaving does not.
static void a_consent_is_looked_at_by_a_third(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], change[VG_ID_TEXT];
    vg_principal *third = kit_user(k, "nh3", k->bank, "auditor", "");
    vg_principal *theirs = kit_user(k, "ca4", k->police, "auditor", "");
    static const char OPEN[] = "SELECT count(*) FROM permission_change WHERE state = 'open'";
    assert_int_equal(draft(&t, clause(&t, ALWAYS), bank), VG_OK);
    assert_int_equal(act(&t, t.bank[0], "coord.offer", bank), VG_OK);
    assert_int_equal(act(&t, t.bank[0], "coord.agree", bank), VG_OK);
    assert_int_equal(kit_int(k, OPEN), 0);  // proposed, not agreed
    assert_int_equal(act(&t, t.bank[1], "coord.agree", bank), VG_OK);
    assert_int_equal(kit_int(k, OPEN), 1);  // one, though both copies were told
    snprintf(change, sizeof change, "%s", kit_text(k, "SELECT id FROM permission_change"));
    copy_of(&t, k->police, police);
    sign(&t, t.police, police);
    assert_int_equal(kit_int(k, OPEN), 2);
    assert_true(reads_source(&t, t.police[0]));  // it waits for nobody
    // who proposed and who agreed may both confirm changes, but not this one
    for (int i = 0; i < 2; i++) {
        vg_principal p = *t.bank[i];
        memcpy(&p.assignments[0], &third->assignments[0], sizeof p.assignments[0]);
        p.scope_bits = NULL;
        p.scope_labels = 0;
        assert_int_equal(confirm(&t, &p, change), VG_EDENIED);
        assert_string_equal(k->err.key, "accounts.confirm_other");
        vg_principal_done(&p);
    }
    assert_int_equal(confirm(&t, theirs, change), VG_ENOTFOUND);
    assert_null(strstr(kit_list(k, theirs, "permission_changes"), change));
    assert_non_null(strstr(kit_list(k, third, "permission_changes"), "12/QCPH"));
    assert_int_equal(confirm(&t, third, change), VG_OK);
    assert_int_equal(kit_int(k, OPEN), 1);
    assert_int_equal(
        kit_try(k, t.bank[0], "coord.withdraw", "{\"id\":\"%s\",\"reason\":\"Rà soát lại\"}", bank),
        VG_OK);
    assert_int_equal(kit_int(k, OPEN), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A term, a review and an opening end by themselves, at their time.
static void each_ends_at_its_time(void **state)
{
    (void)state;
    table t = sit();
    char bank[VG_ID_TEXT], police[VG_ID_TEXT];
    vg_time_rfc3339(vg_now_us() + 4 * VG_SECOND_US, t.review);
    vg_time_rfc3339(vg_now_us() + 6 * VG_SECOND_US, t.until);
    in_force(&t, ALWAYS, bank, police);
    assert_true(reads_source(&t, t.police[0]));
    kit_wait(t.k, "SELECT count(*) FROM regulation WHERE review_late = 1", 2);
    kit_wait(t.k, "SELECT count(*) FROM regulation WHERE state = 'ended'", 2);
    assert_false(reads_source(&t, t.police[0]));
    kit_done(t.k);
}

static void bad_drafts_are_refused_in_words(void **state)
{
    (void)state;
    table t = sit();
    char id[VG_ID_TEXT];
    static const char *const wrong[][2] = {
        {"\"condition\":\"incident\",\"situation\":\"nothing\",\"minutes\":5", "situation"},
        {"\"condition\":\"incident\",\"situation\":\"fire\"", "minutes"},
        {"\"condition\":\"period\"", "ends"},
        {"\"condition\":\"posture\"", "posture"},
        {"\"condition\":\"posture\",\"posture\":\"thuong_xuyen\"", "posture"},
        {"\"condition\":\"posture\",\"posture\":\"cao\"", "posture"},
        {"\"condition\":\"whenever\"", "condition"},
        {"\"condition\":\"always\",\"names\":true", "names"},
        {"\"condition\":\"always\",\"ceiling\":9", "ceiling"},
        {"\"condition\":\"always\",\"view\":\"people\"", "view"},
        {"\"condition\":\"always\",\"view\":\"sensors\"", "compartment"},  // one or the other
    };
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        assert_int_equal(draft(&t, clause(&t, wrong[i][0]), id), VG_EINVALID);
        assert_string_equal(t.k->err.field, wrong[i][1]);
    }
    assert_int_equal(draft(&t, "[]", id), VG_EINVALID);
    assert_int_equal(draft(&t, "{", id), VG_EINVALID);
    char personal[400];
    snprintf(personal, sizeof personal,
             "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"personal\","
             "\"condition\":\"always\"}]",
             t.k->bank, t.k->police);
    assert_int_equal(draft(&t, personal, id), VG_EINVALID);
    snprintf(personal, sizeof personal,
             "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"means\",\"condition\":\"always\"}]",
             t.fire, t.k->police);  // no party
    assert_int_equal(draft(&t, personal, id), VG_EINVALID);
    assert_string_equal(t.k->err.key, "coord.clause_parties");
    vg_time_rfc3339(vg_now_us() + 3600 * VG_SECOND_US, t.signed_on);
    assert_int_equal(draft(&t, clause(&t, ALWAYS), id), VG_EINVALID);
    assert_string_equal(t.k->err.field, "signed");
    assert_int_equal(kit_int(t.k, "SELECT count(*) FROM regulation"), 0);
    kit_done(t.k);
}

// The name opens what it stands for, and each party reads the name, and what was signed on paper.
static void a_clause_goes_by_a_name(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], text[300];
    static const char BY_NAME[] =
        "[{\"from\":\"%s\",\"to\":\"%s\",\"view\":\"%s\",\"condition\":\"always\"%s}]";
    snprintf(text, sizeof text, BY_NAME, k->bank, k->police, "sensors", ",\"ceiling\":1");
    assert_int_equal(draft(&t, text, bank), VG_EINVALID);
    snprintf(text, sizeof text, BY_NAME, k->bank, k->police, "sensors", "");
    assert_int_equal(draft(&t, text, bank), VG_OK);
    assert_int_equal(act(&t, t.bank[0], "coord.offer", bank), VG_OK);
    copy_of(&t, k->police, police);
    sign(&t, t.bank, bank);
    sign(&t, t.police, police);
    assert_true(reads_source(&t, t.police[0]));
    assert_non_null(strstr(kit_list(k, t.police[0], "clauses"),
                           "\"view\":\"sensors\",\"compartment\":\"means\""));
    const char *list = kit_list(k, t.police[0], "regulations");
    assert_true(strstr(list, "\"signer\":\"Hai thủ trưởng\"") && strstr(list, "9/QC") &&
                !strstr(list, "\"signed\":null"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void offered_is_not_changed_any_more(void **state)
{
    (void)state;
    table t = sit();
    char id[VG_ID_TEXT];
    assert_int_equal(draft(&t, clause(&t, ALWAYS), id), VG_OK);
    assert_int_equal(act(&t, t.bank[1], "coord.agree", id), VG_ECONFLICT);
    assert_int_equal(act(&t, t.bank[0], "coord.offer", id), VG_OK);
    assert_int_equal(act(&t, t.bank[0], "coord.offer", id), VG_ECONFLICT);
    assert_int_equal(kit_try(t.k, t.bank[0], "coord.redraft",
                             "{\"id\":\"%s\",\"number\":\"1\",\"title\":\"x\",\"parties\":[],"
                             "\"clauses\":[],\"valid_from\":\"%s\",\"valid_until\":\"%s\","
                             "\"review_due\":\"%s\"}",
                             id, t.from, t.until, t.review),
                     VG_ECONFLICT);
    kit_done(t.k);
}

// --- capability ---------------------------------------------------------------------------------
static void a_partner_reads_the_capability_and_not_the_force(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char id[VG_ID_TEXT];
    assert_int_equal(kit_try(k, t.police[0], "coord.capability_offer",
                             "{\"site\":\"%s\",\"kind\":\"reaction\",\"class\":\"B\",\"groups\":1,"
                             "\"minutes\":6,\"until\":\"%s\"}",
                             k->site, t.until),
                     VG_OK);
    kit_id(k, id);
    assert_non_null(strstr(kit_list(k, t.bank[0], "capabilities"), "\"minutes\":6"));
    assert_int_equal(act(&t, t.bank[0], "coord.capability_end", id), VG_EDENIED);
    assert_int_equal(kit_try(k, t.police[0], "coord.capability_offer",
                             "{\"site\":\"%s\",\"kind\":\"reaction\",\"class\":\"B\",\"groups\":1,"
                             "\"minutes\":6,\"until\":\"%s\",\"names\":\"A\"}",
                             k->site, t.until),
                     VG_EINVALID);  // there is no place for more
    assert_int_equal(act(&t, t.police[0], "coord.capability_end", id), VG_OK);
    assert_string_equal(kit_text(k, "SELECT state FROM capability"), "ended");
    vg_time_rfc3339(vg_now_us() + VG_SECOND_US, t.until);
    kit_do(k, "coord.capability_offer",
           "{\"agency\":\"%s\",\"site\":\"%s\",\"kind\":\"fire\",\"class\":\"A\",\"groups\":2,"
           "\"minutes\":9,\"until\":\"%s\"}",
           k->police, k->site, t.until);
    kit_wait(k, "SELECT count(*) FROM capability WHERE kind = 'fire' AND state = 'ended'", 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void contacts_are_called_again(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], sql[200];
    const int64_t day = 86400 * VG_SECOND_US, now = vg_now_us();
    in_force(&t, ALWAYS, bank, police);
    static const char ANSWERED[] = "{\"id\":\"%s\",\"party\":\"%s\"}";
    assert_int_equal(kit_try(k, t.police[0], "coord.answered", ANSWERED, police, k->bank),
                     VG_EINVALID);  // there is nobody to call
    assert_int_equal(kit_try(k, t.bank[0], "coord.contact",
                             "{\"id\":\"%s\",\"contact\":\"Trực ban\",\"phone\":\"0912345678\"}",
                             bank),
                     VG_OK);
    static const char DUE[] = "SELECT due FROM deadline WHERE kind = 'coord.contact'";
    snprintf(sql, sizeof sql, "SELECT subject FROM deadline WHERE kind = 'coord.contact'");
    assert_string_equal(kit_text(k, sql), police);  // the partner's business, and only his
    const int64_t first = kit_int(k, DUE);
    assert_in_range(first, now + 89 * day, now + 91 * day);
    // It is the other party that calls.
    assert_int_equal(kit_try(k, t.bank[0], "coord.answered", ANSWERED, bank, k->bank), VG_EINVALID);
    assert_string_equal(k->err.key, "coord.own_contact");
    assert_null(strstr(kit_list(k, t.police[0], "regulations"), "\"answered_at\":\"20"));
    assert_int_equal(kit_try(k, t.police[0], "coord.answered", ANSWERED, police, k->bank), VG_OK);
    assert_non_null(strstr(kit_list(k, t.police[0], "regulations"), "\"answered_at\":\"20"));
    assert_true(kit_int(k, DUE) > first);
    // A new number has not been called yet.
    assert_int_equal(kit_try(k, t.bank[0], "coord.contact",
                             "{\"id\":\"%s\",\"contact\":\"Trực ban\",\"phone\":\"0912345679\"}",
                             bank),
                     VG_OK);
    assert_null(strstr(kit_list(k, t.police[0], "regulations"), "\"answered_at\":\"20"));
    assert_int_equal(
        kit_try(k, t.bank[0], "coord.withdraw", "{\"id\":\"%s\",\"reason\":\"x\"}", bank), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'coord.contact'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void each_party_reviews_for_itself(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], sql[120], later[VG_TIME_TEXT];
    in_force(&t, ALWAYS, bank, police);
    snprintf(sql, sizeof sql, "SELECT review_due FROM regulation WHERE id = '%s'", police);
    const int64_t before = kit_int(k, sql);
    vg_time_rfc3339(vg_now_us() + 40 * INT64_C(3600) * VG_SECOND_US, later);
    assert_int_equal(
        kit_try(k, t.bank[0], "coord.review", "{\"id\":\"%s\",\"review_due\":\"%s\"}", bank, later),
        VG_OK);
    assert_int_equal(kit_int(k, sql), before);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM regulation WHERE reviewed_at IS NOT NULL"),
                     1);
    assert_int_equal(kit_int(k, "SELECT count(DISTINCT due) FROM deadline WHERE kind ="
                                " 'coord.review'"),
                     2);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Of another agency, hidden from him, or never there: a site in a clause is refused in the same words.
static void a_clause_tells_nothing_of_sites(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char hidden[VG_ID_TEXT], id[VG_ID_TEXT];
    kit_do(k, "sites.site_add",
           "{\"code\":\"X\",\"name\":\"Kho\",\"kind\":\"warehouse\",\"agency\":\"%s\"}", k->police);
    kit_id(k, hidden);
    vg_principal *local = kit_user(k, "nh3", k->bank, "agency_officer", k->site);
    t.bank[0] = local;
    const char *const sites[] = {hidden, "zy23456789abcdef"};
    for (size_t i = 0; i < VG_LEN(sites); i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"means\",\"site\":\"%s\","
                 "\"condition\":\"always\"}]",
                 k->bank, k->police, sites[i]);
        assert_int_equal(draft(&t, text, id), VG_EINVALID);
        assert_string_equal(k->err.key, "coord.no_site");
        assert_string_equal(k->err.detail, sites[i]);
    }
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_agreed_is_seen_and_nothing_more),
        cmocka_unit_test(a_withdrawal_is_felt_at_the_next_read),
        cmocka_unit_test(a_consent_is_looked_at_by_a_third),
        cmocka_unit_test(each_ends_at_its_time),
        cmocka_unit_test(bad_drafts_are_refused_in_words),
        cmocka_unit_test(a_clause_goes_by_a_name),
        cmocka_unit_test(offered_is_not_changed_any_more),
        cmocka_unit_test(a_partner_reads_the_capability_and_not_the_force),
        cmocka_unit_test(contacts_are_called_again),
        cmocka_unit_test(each_party_reviews_for_itself),
        cmocka_unit_test(a_clause_tells_nothing_of_sites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
