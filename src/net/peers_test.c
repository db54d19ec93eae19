// SPDX-License-Identifier: Apache-2.0
// Buckets, quarantine, and a table that stays small.
#include "net/peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S INT64_C(1000000)

static void a_bucket_refills(void **state)
{
    (void)state;
    vg_bucket b = {0};
    for (int i = 0; i < 5; i++) {
        assert_true(vg_bucket_take(&b, 2, 5, 10 * S));
    }
    assert_false(vg_bucket_take(&b, 2, 5, 10 * S));
    assert_true(vg_bucket_take(&b, 2, 5, 10 * S + S / 2));
    assert_false(vg_bucket_take(&b, 2, 5, 10 * S + S / 2));
    assert_false(vg_bucket_take(&b, 2, 5, 9 * S));  // a clock that goes back gives nothing
    for (int i = 0; i < 5; i++) {
        assert_true(vg_bucket_take(&b, 2, 5, 1000 * S));
    }
    assert_false(vg_bucket_take(&b, 2, 5, 1000 * S));
}

static vg_peers *table(void)
{
    const vg_peers_limits limits = {10, 10, 3, 60 * S};
    return vg_peers_create(&limits);
}

static void bad_deeds_lead_to_quarantine(void **state)
{
    (void)state;
    vg_peers *p = table();
    assert_false(vg_peers_bad(p, 1, S));
    assert_false(vg_peers_bad(p, 1, S));
    vg_peers_good(p, 1, S);
    assert_false(vg_peers_bad(p, 1, S));
    assert_false(vg_peers_quarantined(p, 1, S));
    assert_true(vg_peers_bad(p, 1, S));
    assert_true(vg_peers_quarantined(p, 1, 60 * S));
    assert_false(vg_peers_quarantined(p, 2, 60 * S));
    assert_false(vg_peers_quarantined(p, 1, 61 * S));
    vg_peers_destroy(p);
}

static void a_flood_of_peers_does_not_free_the_quarantined(void **state)
{
    (void)state;
    vg_peers *p = table();
    for (int i = 0; i < 3; i++) {
        (void)vg_peers_bad(p, 7, S);
    }
    for (uint64_t k = 100; k < 200000; k++) {
        assert_true(vg_peers_take(p, k, 2 * S));
    }
    assert_true(vg_peers_quarantined(p, 7, 3 * S));
    vg_peers_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_refills),
        cmocka_unit_test(bad_deeds_lead_to_quarantine),
        cmocka_unit_test(a_flood_of_peers_does_not_free_the_quarantined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
