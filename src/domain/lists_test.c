// SPDX-License-Identifier: Apache-2.0
// Every list there is, under every combination of its filters: whoever asks for many of them must not take the lists
// away from the others.
#include "domain/test_kit.h"

static vg_str value_of(vg_field_type type)
{
    return type == VG_F_INT    ? VG_S("0")
           : type == VG_F_BOOL ? VG_S("true")
           : type == VG_F_TIME ? VG_S("2026-11-29T07:00:00+07:00")
           : type == VG_F_ID   ? VG_S("0123456789abcdef")
                               : VG_S("x");
}

static size_t filters_of(const vg_resource *r)
{
    size_t n = 0;
    while (r->filters && r->filters[n].param) {
        n++;
    }
    return n;
}

static void ask(kit *k, vg_db *db, const vg_resource *r, unsigned mask)
{
    vg_err err = {0};
    vg_page page = {.limit = 1};
    vg_buf b;
    vg_buf_init(&b, 1 << 16);
    vg_jw w = vg_jw_on(&b);
    for (unsigned i = 0; mask >> i; i++) {
        if (mask >> i & 1) {
            page.filter[page.n_filters].index = i;
            page.filter[page.n_filters++].value = value_of(r->filters[i].type);
        }
    }
    if (vg_resource_list(r, db, &page, &w, &err) != VG_OK) {
        print_error("%s %u: %s %s\n", r->name, mask, err.key ? err.key : "", err.detail);
        fail();
    }
    vg_buf_done(&b);
    (void)k;
}

static void every_list_with_every_combination_of_filters(void **state)
{
    (void)state;
    static vg_principal local = {.kind = VG_P_LOCAL};
    kit *k = kit_open();
    vg_db *db;
    vg_err err = {0};
    size_t asked = 0;
    for (size_t i = 0; vg_module_at(i); i++) {
        for (const vg_resource *r = vg_module_at(i)->resources; r && r->name; r++) {
            assert_int_equal(vg_reader_take(k->core, &local, &db, &err), VG_OK);
            for (unsigned mask = 0; mask < 1U << filters_of(r); mask++, asked++) {
                ask(k, db, r, mask);
            }
            vg_reader_give(k->core, db);
        }
    }
    print_message("%zu lists\n", asked);
    assert_true(asked > 512);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_with_every_combination_of_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
