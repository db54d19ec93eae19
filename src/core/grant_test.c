// SPDX-License-Identifier: Apache-2.0
// Grants by halving against grants by looking at each, on random ones; and what a scope makes of them: no wider than
// role and clearance, gone when their time is over, also for who has his scope already, also when the clock steps back.
#include "core/grant.h"

#include "base/clock.h"
#include "base/prop_test.h"
#include "core/label.h"

#include <setjmp.h>
#include <cmocka.h>

enum { AGENCIES = 4, SITES = 3, COMPARTMENTS = 9, TIMES = 20 };

static void name(char out[VG_ID_TEXT], char c, uint64_t i)
{
    snprintf(out, VG_ID_TEXT, "%c%015llu", c, (unsigned long long)i);
}

static vg_grant random_grant(vg_prop *p)
{
    vg_grant g = {.compartment = (uint8_t)vg_prop_below(p, COMPARTMENTS),
                  .ceiling = (uint8_t)vg_prop_below(p, 4),
                  .from_us = (int64_t)vg_prop_below(p, TIMES),
                  .until_us = (int64_t)vg_prop_below(p, TIMES)};
    name(g.from, 'a', vg_prop_below(p, AGENCIES));
    name(g.to, 'a', vg_prop_below(p, AGENCIES));
    if (vg_prop_below(p, 3)) {
        name(g.site, 's', vg_prop_below(p, SITES));
    }
    return g;
}

static bool naive(const vg_grant *v, size_t n, const vg_grant *x, int64_t t)
{
    for (size_t i = 0; i < n; i++) {
        const bool site = !*v[i].site || strcmp(v[i].site, x->site) == 0;
        const bool time = t >= v[i].from_us && (!v[i].until_us || t < v[i].until_us);
        if (site && time && strcmp(v[i].to, x->to) == 0 && strcmp(v[i].from, x->from) == 0 &&
            v[i].compartment == x->compartment && x->ceiling <= v[i].ceiling) {
            return true;
        }
    }
    return false;
}

static void halving_finds_what_looking_finds(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("grants");
    for (int round = 0; round < 200; round++) {
        vg_grant v[40];
        const size_t n = vg_prop_below(&p, VG_LEN(v) + 1);
        for (size_t i = 0; i < n; i++) {
            v[i] = random_grant(&p);
        }
        vg_grants *g = vg_grants_create(v, n);
        for (int i = 0; i < 50; i++) {
            const vg_grant x = random_grant(&p);
            const int64_t t = (int64_t)vg_prop_below(&p, TIMES + 2);
            const vg_granted got = vg_grants_to(g, x.to, t);
            assert_int_equal(vg_granted_has(&got, &x), naive(v, n, &x, t));
            // Until the moment told nothing changes.
            for (int64_t later = t; later < got.until_us && later < TIMES + 2; later++) {
                assert_int_equal(naive(v, n, &x, later), naive(v, n, &x, t));
            }
        }
        vg_grants_destroy(g);
    }
}

// --- scopes -------------------------------------------------------------------------------------
typedef struct world {
    vg_labels *labels;
    vg_db *db;
    vg_principal p;
    int32_t means, other_site, secret, personal;
} world;

static int32_t add(world *w, vg_compartment c, const char *site, vg_secrecy s)
{
    vg_label l = {.compartment = (uint8_t)c, .secrecy = (uint8_t)s};
    name(l.agency, 'a', 1);
    snprintf(l.site, sizeof l.site, "%s", site);
    return vg_label_add(w->labels, &l);
}

static void world_open(world *w)
{
    char s0[VG_ID_TEXT], s1[VG_ID_TEXT];
    vg_err err = {0};
    memset(w, 0, sizeof *w);
    assert_int_equal(vg_db_open(":memory:", VG_DB_WRITER, &w->db, &err), VG_OK);
    assert_int_equal(vg_exec(w->db,
                             "CREATE TABLE label (id INTEGER PRIMARY KEY, agency TEXT, site TEXT,"
                             " compartment INTEGER, secrecy INTEGER)",
                             NULL, 0, &err),
                     VG_OK);
    assert_int_equal(vg_labels_load(w->db, &w->labels, &err), VG_OK);
    name(s0, 's', 0);
    name(s1, 's', 1);
    w->means = add(w, VG_C_MEANS, s0, VG_S_NORMAL);
    w->other_site = add(w, VG_C_MEANS, s1, VG_S_NORMAL);
    w->secret = add(w, VG_C_MEANS, s0, VG_S_TOI_MAT);
    w->personal = add(w, VG_C_PERSONAL, s0, VG_S_NORMAL);
    vg_labels_publish(w->labels, 0);
    w->p = (vg_principal){.kind = VG_P_USER, .clearance = VG_S_MAT, .n_assignments = 1};
    name(w->p.agency, 'a', 0);
    snprintf(w->p.assignments[0].role, sizeof w->p.assignments[0].role, "duty_officer");
}

static void world_close(world *w)
{
    vg_principal_done(&w->p);
    vg_labels_destroy(w->labels);
    vg_db_close(w->db);
}

static vg_grant to_him(vg_compartment c, const char *site)
{
    vg_grant g = {.compartment = (uint8_t)c, .ceiling = VG_S_TUYET_MAT};
    name(g.from, 'a', 1);
    name(g.to, 'a', 0);
    snprintf(g.site, sizeof g.site, "%s", site);
    return g;
}

static bool sees(world *w, int32_t label)
{
    vg_scope s;
    vg_scope_compute(&w->p, w->labels, &s);
    return s.bits[label >> 6] >> (label & 63) & 1;
}

static void a_grant_opens_what_it_names_and_no_more(void **state)
{
    (void)state;
    world w;
    char s0[VG_ID_TEXT];
    world_open(&w);
    name(s0, 's', 0);
    assert_false(sees(&w, w.means));
    const vg_grant v[] = {to_him(VG_C_MEANS, s0), to_him(VG_C_PERSONAL, s0)};
    vg_labels_grant(w.labels, v, 2);
    assert_true(sees(&w, w.means));
    assert_false(sees(&w, w.other_site));
    assert_false(sees(&w, w.secret));    // his clearance
    assert_false(sees(&w, w.personal));  // no regulation opens persons
    snprintf(w.p.assignments[0].role, sizeof w.p.assignments[0].role, "guard");  // sees no means
    w.p.scope_labels = 0;
    assert_false(sees(&w, w.means));
    world_close(&w);
}

static void it_ends_by_itself_and_by_withdrawal(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    vg_grant g = to_him(VG_C_MEANS, "");
    g.until_us = vg_now_us() + VG_SECOND_US;
    vg_labels_grant(w.labels, &g, 1);
    assert_true(sees(&w, w.means));
    for (int i = 0; i < 10000 && sees(&w, w.means); i++) {
        usleep(1000);
    }
    assert_false(sees(&w, w.means));
    assert_true(vg_now_us() >= g.until_us);
    g.until_us = 0;
    vg_labels_grant(w.labels, &g, 1);
    assert_true(sees(&w, w.means));
    vg_labels_grant(w.labels, NULL, 0);
    assert_false(sees(&w, w.means));
    world_close(&w);
}

static void a_clock_that_steps_back_extends_nothing(void **state)
{
    (void)state;
    world w;
    world_open(&w);
    vg_grant g = to_him(VG_C_MEANS, "");
    g.until_us = vg_now_us() + 3600 * VG_SECOND_US;
    vg_labels_grant(w.labels, &g, 1);
    assert_true(sees(&w, w.means));
    vg_labels_publish(w.labels, g.until_us);  // something was recorded when it was over
    w.p.scope_labels = 0;
    assert_false(sees(&w, w.means));
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halving_finds_what_looking_finds),
        cmocka_unit_test(a_grant_opens_what_it_names_and_no_more),
        cmocka_unit_test(it_ends_by_itself_and_by_withdrawal),
        cmocka_unit_test(a_clock_that_steps_back_extends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
