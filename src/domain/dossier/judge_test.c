// SPDX-License-Identifier: Apache-2.0
// The score of a dossier, on drawn dossiers: its ends mean what they say, and it moves the right way.
#include "domain/dossier/judge.h"

#include "base/prop_test.h"

#include <setjmp.h>
#include <cmocka.h>

enum { ITEMS = 12, DRAWN = 20000 };

typedef struct drawn {
    dossier_want want[ITEMS];
    dossier_have have[ITEMS];
    size_t n;
} drawn;

static drawn draw(vg_prop *p)
{
    drawn d = {.n = 1 + vg_prop_below(p, ITEMS)};
    for (size_t i = 0; i < d.n; i++) {
        d.want[i] = (dossier_want){1 + (int)vg_prop_below(p, 5), (int)vg_prop_below(p, 3) * 200,
                                   vg_prop_below(p, 2) == 0};
        d.have[i] = (dossier_have){(int64_t)vg_prop_below(p, 3), (int64_t)vg_prop_below(p, 600),
                                   vg_prop_below(p, 2) == 0};
    }
    return d;
}

static int score(const drawn *d)
{
    dossier_verdict v[ITEMS];
    for (size_t i = 0; i < d->n; i++) {
        v[i] = dossier_judge(&d->want[i], &d->have[i]);
    }
    return dossier_score(d->want, v, d->n);
}

static void its_ends_mean_what_they_say(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("judge");
    for (int k = 0; k < DRAWN; k++) {
        const drawn d = draw(&p);
        size_t good = 0, missing = 0;
        for (size_t i = 0; i < d.n; i++) {
            const dossier_verdict v = dossier_judge(&d.want[i], &d.have[i]);
            good += v == DOSSIER_GOOD;
            missing += v == DOSSIER_MISSING;
            assert_int_equal(v == DOSSIER_MISSING, d.have[i].n == 0);
        }
        assert_in_range(score(&d), 0, 100);
        assert_int_equal(score(&d) == 100, good == d.n);
        assert_int_equal(score(&d) == 0, missing == d.n);
    }
    assert_int_equal(dossier_score(NULL, NULL, 0), 100);
}

static void it_moves_the_right_way(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("judge");
    for (int k = 0; k < DRAWN; k++) {
        const drawn d = draw(&p);
        const size_t i = vg_prop_below(&p, d.n);
        drawn more = d, older = d, confirmed = d, swapped = d;
        if (d.have[i].n == 0) {  // a fresh statement
            more.have[i] = (dossier_have){1, 0, false};
            assert_true(score(&more) >= score(&d));
        }
        older.have[i].age_days += (int64_t)vg_prop_below(&p, 500);
        assert_true(score(&older) <= score(&d));
        confirmed.have[i].verified = true;
        assert_true(score(&confirmed) >= score(&d));
        const size_t j = vg_prop_below(&p, d.n);  // the order of headings says nothing
        swapped.want[i] = d.want[j];
        swapped.have[i] = d.have[j];
        swapped.want[j] = d.want[i];
        swapped.have[j] = d.have[i];
        assert_int_equal(score(&swapped), score(&d));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_ends_mean_what_they_say),
        cmocka_unit_test(it_moves_the_right_way),
    };
    return cmocka_run_group_tests_name("domain.dossier.judge", tests, NULL, NULL);
}
