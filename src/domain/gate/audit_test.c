// SPDX-License-Identifier: Apache-2.0
// What let somebody through, judged afterwards as it was then: badges, visits, the list of vehicles.
#include "domain/gate/terminal_kit_test.h"

#include "domain/gate/audit.h"

typedef struct told {
    char code[8][24];
    size_t n;
} told;

static void found(void *ctx, const gate_finding *f)
{
    told *t = ctx;
    assert_true(f->evidence.n > 0 && t->n < VG_LEN(t->code));
    snprintf(t->code[t->n++], sizeof t->code[0], "%s", f->code);
}

// The codes found, in order, joined.
static const char *audited(const world *w)
{
    static char all[256];
    vg_db *db;
    vg_err err = {0};
    told t = {.n = 0};
    gate_audit_sum sum;
    assert_int_equal(vg_inner_take(w->k->core, &db, &err), VG_OK);
    const gate_audit q = {.db = db,
                          .site = vg_str_c(w->k->site),
                          .from_us = INT64_MIN,
                          .until_us = INT64_MAX,
                          .found = found,
                          .ctx = &t};
    assert_int_equal(gate_audit_run(&q, &sum, &err), VG_OK);
    vg_inner_give(w->k->core, db);
    assert_int_equal(sum.findings, t.n);
    all[0] = '\0';
    for (size_t i = 0, n = 0; i < t.n; i++) {
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? " " : "", t.code[i]);
    }
    return all;
}

static const char *when(int64_t us)
{
    static char text[4][VG_TIME_TEXT];
    static int n;
    char *t = text[n++ % 4];
    vg_time_rfc3339(us, t);
    return t;
}

static void through(const world *w, const char *shown, const char *way, int64_t at_us)
{
    assert_int_equal(kit_try(w->k, w->guard, "gate.record",
                             "{\"id\":\"%s\",%s,\"way\":\"%s\",\"moved\":\"%s\"}", w->gate, shown,
                             way, when(at_us)),
                     VG_OK);
}

static void badges_are_judged_as_they_were(void **state)
{
    (void)state;
    world *w = open_world();
    kit *k = w->k;
    char an[VG_ID_TEXT], badge[VG_ID_TEXT];
    piece v;
    const int64_t base = vg_now_us() - 60 * MIN;
    holder(w, "Nguyễn Văn An", "T-01", an);
    kit_do(k, "gate.badge_issue",
           "{\"holder\":\"%s\",\"code\":\"T-02\",\"kind\":\"card\",\"valid_until\":\"%s\"}", an,
           when(base + 10 * MIN));
    through(w, "\"badge\":\"T-02\"", "in", base);
    through(w, "\"badge\":\"T-02\"", "out", base + 20 * MIN);  // expired
    // Lost since: what it opened before was right. After it, by a terminal that had not heard: not.
    through(w, "\"badge\":\"T-01\"", "in", base + 30 * MIN);
    snprintf(badge, sizeof badge, "%s", kit_text(k, "SELECT id FROM badge WHERE code = 'T-01'"));
    kit_do(k, "gate.badge_end", "{\"id\":\"%s\",\"state\":\"lost\"}", badge);
    assert_string_equal(audited(w), "badge_expired");
    usleep(2000);
    put(w, &w->t[0], &(wrote){an, "T-01", "out", vg_now_us(), 0}, &v);
    assert_int_equal(merge(w, &w->t[0], &v, 1, vg_now_us()), VG_OK);
    assert_string_equal(audited(w), "badge_expired badge_lost");
    close_world(w);
}

static void guest_of(const world *w, int n, int64_t starts, int64_t ends, char shown[100])
{
    char visit[VG_ID_TEXT], id[VG_ID_TEXT];
    kit_do(w->k, "visits.plan",
           "{\"site\":\"%s\",\"purpose\":\"Kiểm kê\",\"starts\":\"%s\",\"ends\":\"%s\"}",
           w->k->site, when(starts), when(ends));
    kit_id(w->k, visit);
    kit_do(w->k, "visits.guest_add",
           "{\"id\":\"%s\",\"name\":\"Lê Khách\",\"doc_kind\":\"id_card\",\"doc_number\":"
           "\"00109001234%d\"}",
           visit, n);
    kit_member(w->k, "holder", id, sizeof id);
    snprintf(shown, 100, "\"holder\":\"%s\"", id);
}

static void visits_are_judged_as_they_were(void **state)
{
    (void)state;
    world *w = open_world();
    kit *k = w->k;
    char good[100], early[100], waits[100], none[VG_ID_TEXT], shown[100];
    vg_principal *chief = kit_user(k, "truong", k->bank, "site_commander", k->site);
    guest_of(w, 1, vg_now_us() - MIN, vg_now_us() + 60 * MIN, good);
    guest_of(w, 2, vg_now_us() + 300 * MIN, vg_now_us() + 360 * MIN, early);
    kit_do(k, "visits.approval_set", "{\"site\":\"%s\",\"need\":\"supervisor\"}", k->site);
    guest_of(w, 3, vg_now_us() - MIN, vg_now_us() + 60 * MIN, waits);
    kit_do(k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"visitor\",\"name\":\"Khách Lạ\"}",
           k->site);
    kit_id(k, none);
    snprintf(shown, sizeof shown, "\"holder\":\"%s\"", none);
    through(w, good, "in", vg_now_us());
    through(w, early, "in", vg_now_us());
    through(w, shown, "in", vg_now_us());
    assert_string_equal(audited(w), "visit_hours visit_none");
    // He came before it was agreed to, which is told only when it has been.
    const int64_t before = vg_now_us();
    char id[VG_ID_TEXT];
    usleep(2000);
    snprintf(id, sizeof id, "%s", kit_text(k, "SELECT id FROM visit WHERE state = 'planned'"));
    assert_int_equal(
        kit_try(k, chief, "visits.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", id), VG_OK);
    through(w, waits, "in", before);
    assert_string_equal(audited(w), "visit_hours visit_none visit_unapproved");
    through(w, waits, "out", vg_now_us());
    through(w, waits, "in", vg_now_us());
    assert_string_equal(audited(w), "visit_hours visit_none visit_unapproved");
    close_world(w);
}

static void vehicles_must_be_on_the_list_if_there_is_one(void **state)
{
    (void)state;
    world *w = open_world();
    kit *k = w->k;
    const int64_t base = vg_now_us() - 20 * MIN;
    kit_do(k, "gate.point_update", "{\"id\":\"%s\",\"lane\":\"both\"}", w->gate);
    through(w, "\"plate\":\"30A-999.99\"", "in", base);
    assert_string_equal(audited(w), "");  // no list is kept here
    kit_do(k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"29C-123.45\",\"starts\":\"%s\",\"ends\":\"%s\"}", k->site,
           when(vg_now_us() - 5 * MIN), when(vg_now_us() + 30 * MIN));
    through(w, "\"plate\":\"29C-123.45\"", "in", vg_now_us());
    assert_string_equal(audited(w), "vehicle_unlisted");
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(badges_are_judged_as_they_were),
        cmocka_unit_test(visits_are_judged_as_they_were),
        cmocka_unit_test(vehicles_must_be_on_the_list_if_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
