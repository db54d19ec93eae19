// SPDX-License-Identifier: Apache-2.0
// A regulation between the bank and the police: each side consents by two of its own, what is agreed is seen on the
// next read and nothing more is, a withdrawal is felt at once, an incident opens and its closing seals, and a third
// agency learns nothing. "What they see" says what the partner really gets.
#include "base/prop_test.h"
#include "domain/test_kit.h"

extern const vg_module vg_module_coord;

typedef struct table {  // who sits at it
    kit *k;
    char fire[VG_ID_TEXT];  // a third agency
    vg_principal *bank[2], *police[2], *third, *guard;
    char source[VG_ID_TEXT], until[VG_TIME_TEXT], review[VG_TIME_TEXT], from[VG_TIME_TEXT];
} table;

static table sit(void)
{
    table t = {.k = kit_world()};
    kit *k = t.k;
    kit_do(k, "accounts.agency_add", "{\"code\":\"PC\",\"name\":\"Phòng cháy\"}");
    kit_id(k, t.fire);
    t.bank[0] = kit_user(k, "nh1", k->bank, "agency_officer", "");
    t.bank[1] = kit_user(k, "nh2", k->bank, "agency_officer", "");
    t.police[0] = kit_user(k, "ca1", k->police, "site_commander", "");
    t.police[1] = kit_user(k, "ca2", k->police, "site_commander", "");
    t.third = kit_user(k, "pc1", t.fire, "site_commander", "");
    t.guard = kit_user(k, "ca3", k->police, "guard", "");
    kit_source(k, "0001", k->vault, false, t.source);  // the bank's means
    vg_time_rfc3339(vg_now_us() - VG_SECOND_US, t.from);
    vg_time_rfc3339(vg_now_us() + 86400 * VG_SECOND_US, t.review);
    vg_time_rfc3339(vg_now_us() + 2 * 86400 * VG_SECOND_US, t.until);
    return t;
}

static vg_status draft(table *t, const char *clauses, char id[VG_ID_TEXT])
{
    const vg_status st =
        kit_try(t->k, t->bank[0], "coord.draft",
                "{\"number\":\"12/QCPH\",\"title\":\"Phối hợp bảo vệ kho quỹ\",\"parties\":"
                "[\"%s\",\"%s\"],\"clauses\":%s,\"valid_from\":\"%s\",\"valid_until\":\"%s\","
                "\"review_due\":\"%s\"}",
                t->k->bank, t->k->police, clauses, t->from, t->until, t->review);
    if (st == VG_OK) {
        kit_id(t->k, id);
    }
    return st;
}

static const char *clause(table *t, const char *more)
{
    static char text[1024];
    snprintf(text, sizeof text,
             "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"means\",\"site\":\"%s\",%s}]",
             t->k->bank, t->k->police, t->k->site, more);
    return text;
}

static void copy_of(table *t, const char *agency, char out[VG_ID_TEXT])
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT id FROM regulation WHERE agency = '%s'", agency);
    snprintf(out, VG_ID_TEXT, "%s", kit_text(t->k, sql));
}

static vg_status act(table *t, vg_principal *who, const char *name, const char *id)
{
    return kit_try(t->k, who, name, "{\"id\":\"%s\"}", id);
}

static void sign(table *t, vg_principal *const who[2], const char *id)
{
    assert_int_equal(act(t, who[0], "coord.agree", id), VG_OK);
    assert_int_equal(act(t, who[0], "coord.agree", id), VG_EDENIED);  // he proposed it himself
    assert_int_equal(act(t, who[1], "coord.agree", id), VG_OK);
}

// Drafted, offered and agreed by all: the copies' ids.
static void in_force(table *t, const char *more, char bank[VG_ID_TEXT], char police[VG_ID_TEXT])
{
    assert_int_equal(draft(t, clause(t, more), bank), VG_OK);
    assert_int_equal(act(t, t->bank[0], "coord.offer", bank), VG_OK);
    copy_of(t, t->k->police, police);
    sign(t, t->bank, bank);
    sign(t, t->police, police);
}

static bool reads_source(table *t, vg_principal *who)
{
    return strstr(kit_list(t->k, who, "sources"), t->source) != NULL;
}

static const char ALWAYS[] = "\"condition\":\"always\"";

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
    kit_do(k, "desk.close",
           "{\"id\":\"%s\",\"first_sign\":\"Rung chấn\",\"found_by\":\"sensor\",\"surprise\":false,"
           "\"harm\":\"none\",\"summary\":\"Không mất gì\"}",
           incident);
    kit_wait(k, "SELECT count(*) FROM opening WHERE sealed_why = 'incident_closed'", 2);
    assert_false(reads_source(&t, t.police[0]));
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void the_giver_seals_at_any_time(void **state)
{
    (void)state;
    table t = sit();
    kit *k = t.k;
    char bank[VG_ID_TEXT], police[VG_ID_TEXT], his[VG_ID_TEXT], mine[VG_ID_TEXT], sql[128];
    in_force(&t, "\"condition\":\"incident\",\"situation\":\"vault_robbery\",\"minutes\":60", bank,
             police);
    kit_do(k, "desk.open", "{\"site\":\"%s\",\"situation\":\"vault_robbery\"}", k->site);
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
    kit_done(k);
}

// --- posture ------------------------------------------------------------------------------------
static const char PEAK[] = "\"condition\":\"posture\",\"posture\":\"cao_diem\"";

static void raise(table *t, const char *site, const char *level, const char *event,
                  int64_t until_us, char id[VG_ID_TEXT])
{
    char until[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + until_us, until);
    kit_do(t->k, "posture.declare",
           "{%s%s%s\"level\":\"%s\",\"event\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}",
           *site ? "\"site\":\"" : "", site, *site ? "\"," : "", level, event, until);
    kit_id(t->k, id);
}

static void step_down(table *t, const char *id)
{
    kit_do(t->k, "posture.step_down", "{\"id\":\"%s\",\"reason\":\"x\"}", id);
}

static void settled(table *t)
{
    kit_wait(t->k, "SELECT count(*) = 0 FROM reaction_due", 1);
}

static const int64_t HOUR_US = 3600 * VG_SECOND_US;

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

// --- several sites --------------------------------------------------------------------------------
enum { SITES = 4 };

typedef struct places {
    char site[SITES][VG_ID_TEXT], source[SITES][VG_ID_TEXT];
} places;

static void more_sites(table *t, places *p)
{
    kit *k = t->k;
    memcpy(p->site[0], k->site, VG_ID_TEXT);
    memcpy(p->source[0], t->source, VG_ID_TEXT);
    for (int i = 1; i < SITES; i++) {
        kit_do(k, "sites.site_add",
               "{\"code\":\"NH%d\",\"name\":\"Phòng giao dịch\",\"kind\":\"state_bank\",\"agency\":"
               "\"%s\"}",
               i + 1, k->bank);
        kit_id(k, p->site[i]);
        kit_do(k, "sites.source_add",
               "{\"site\":\"%s\",\"name\":\"x\",\"proto\":\"dc09\",\"address\":\"100%d\"}",
               p->site[i], i);
        kit_id(k, p->source[i]);
    }
}

static unsigned reads(table *t, const places *p)
{
    unsigned set = 0;
    const char *list = kit_list(t->k, t->police[0], "sources");
    for (int i = 0; i < SITES; i++) {
        set |= strstr(list, p->source[i]) ? 1U << i : 0;
    }
    return set;
}

// set: which sites the clause names; 0: none, so everywhere.
static const char *clause_at(table *t, const places *p, unsigned set, const char *more)
{
    static char text[1024];
    int n =
        snprintf(text, sizeof text, "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"means\",%s",
                 t->k->bank, t->k->police, more);
    if (set) {
        const char *sep = ",\"sites\":[";
        for (int i = 0; i < SITES; i++) {
            if (set & 1U << i) {
                n += snprintf(text + n, sizeof text - (size_t)n, "%s\"%s\"", sep, p->site[i]);
                sep = ",";
            }
        }
        n += snprintf(text + n, sizeof text - (size_t)n, "]");
    }
    snprintf(text + n, sizeof text - (size_t)n, "}]");
    return text;
}

static void agreed(table *t, const char *clauses, char bank[VG_ID_TEXT])
{
    char police[VG_ID_TEXT], sql[200];
    assert_int_equal(draft(t, clauses, bank), VG_OK);
    assert_int_equal(act(t, t->bank[0], "coord.offer", bank), VG_OK);
    snprintf(sql, sizeof sql,
             "SELECT id FROM regulation WHERE agency = '%s' AND state = 'offered' ORDER BY at DESC",
             t->k->police);
    snprintf(police, sizeof police, "%s", kit_text(t->k, sql));
    sign(t, t->bank, bank);
    sign(t, t->police, police);
}

// Whatever list a clause names: open are these sites and no other, always or where the posture is; and nothing after.
static void a_list_of_sites_opens_these_and_no_other(void **state)
{
    (void)state;
    table t = sit();
    places p = {0};
    char bank[VG_ID_TEXT], posture[VG_ID_TEXT];
    const unsigned all = (1U << SITES) - 1;
    vg_prop seed = vg_prop_seed("coord.sites");
    more_sites(&t, &p);
    assert_int_equal(reads(&t, &p), 0);
    for (int i = 0; i < 12; i++) {
        const unsigned set = (unsigned)vg_prop_below(&seed, all + 1), open = set ? set : all;
        const bool on_posture = vg_prop_below(&seed, 2);
        agreed(&t, clause_at(&t, &p, set, on_posture ? PEAK : ALWAYS), bank);
        if (on_posture) {
            const int where = (int)vg_prop_below(&seed, SITES + 1);  // the last: the whole node
            assert_int_equal(reads(&t, &p), 0);
            raise(&t, where < SITES ? p.site[where] : "", "cao_diem", "", HOUR_US, posture);
            assert_int_equal(reads(&t, &p), where < SITES ? open & 1U << where : open);
            step_down(&t, posture);
        } else {
            assert_int_equal(reads(&t, &p), open);
            assert_int_equal(kit_int(t.k, "SELECT count(*) FROM clause_site"),
                             kit_int(t.k, "SELECT count(*) FROM clause_site k JOIN clause c ON c.id"
                                          " = k.clause WHERE k.label = c.label"));
        }
        assert_int_equal(kit_try(t.k, t.bank[0], "coord.withdraw",
                                 "{\"id\":\"%s\",\"reason\":\"thử xong\"}", bank),
                         VG_OK);
        assert_int_equal(reads(&t, &p), 0);
    }
    settled(&t);
    kit_same_after_rebuild(t.k);
    kit_done(t.k);
}

static void a_bad_list_of_sites_is_refused(void **state)
{
    (void)state;
    table t = sit();
    char id[VG_ID_TEXT], more[200];
    static const char *const wrong[] = {"[]", "[\"%s\",\"%s\"]", "[\"0000000000000000\"]", "[7]",
                                        "\"%s\""};
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        char list[100];
        snprintf(list, sizeof list, "%s", wrong[i]);
        char *at;
        char filled[160] = "";
        size_t n = 0;
        for (at = list; *at; at++) {
            if (strncmp(at, "%s", 2) == 0) {
                n += (size_t)snprintf(filled + n, sizeof filled - n, "%s", t.k->site);
                at++;
            } else {
                filled[n++] = *at;
            }
        }
        snprintf(more, sizeof more, "\"sites\":%s,\"condition\":\"always\"", filled);
        places none = {0};
        assert_int_equal(draft(&t, clause_at(&t, &none, 0, more), id), VG_EINVALID);
        assert_string_equal(t.k->err.field, "sites");
    }
    snprintf(more, sizeof more, "\"sites\":[\"%s\"],\"condition\":\"always\"", t.k->site);
    assert_int_equal(draft(&t, clause(&t, more), id), VG_EINVALID);  // and site
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
    assert_int_equal(kit_int(t.k, "SELECT count(*) FROM regulation"), 0);
    kit_done(t.k);
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
    assert_int_equal(q->run(&rd, &args, &err), VG_OK);
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
        cmocka_unit_test(an_incident_opens_and_its_closing_seals),
        cmocka_unit_test(the_giver_seals_at_any_time),
        cmocka_unit_test(a_posture_opens_and_its_end_seals),
        cmocka_unit_test(an_event_opens_and_what_its_giver_sealed_stays_shut),
        cmocka_unit_test(a_posture_closes_at_its_time_and_prolonged_later),
        cmocka_unit_test(open_is_what_the_posture_says),
        cmocka_unit_test(a_list_of_sites_opens_these_and_no_other),
        cmocka_unit_test(a_bad_list_of_sites_is_refused),
        cmocka_unit_test(bad_drafts_are_refused_in_words),
        cmocka_unit_test(offered_is_not_changed_any_more),
        cmocka_unit_test(what_they_see_is_what_they_get),
        cmocka_unit_test(what_they_see_follows_the_posture),
        cmocka_unit_test(a_partner_reads_the_capability_and_not_the_force),
        cmocka_unit_test(contacts_are_called_again),
        cmocka_unit_test(each_party_reviews_for_itself),
        cmocka_unit_test(a_clause_tells_nothing_of_sites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
