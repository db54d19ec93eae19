// SPDX-License-Identifier: Apache-2.0
// A clause of several sites opens these and no other.
#include "domain/coord/coord_kit_test.h"

#include "base/prop_test.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_sites_opens_these_and_no_other),
        cmocka_unit_test(a_bad_list_of_sites_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
