// SPDX-License-Identifier: Apache-2.0
// Telephone numbers: as people write them, as spreadsheets spoil them, and the table of patterns itself.
#include "ident/phone.h"

#include "ident/table.h"
#include "ident/table_kit_test.h"

static vg_phone good(const char *s)
{
    vg_phone p;
    vg_err err = {0};
    if (vg_phone_parse(vg_str_c(s), &p, &err) != VG_OK) {
        fail_msg("%s: %s %s", s, err.key, err.detail);
    }
    return p;
}

static void bad(const char *s, const char *key, const char *detail)
{
    vg_phone p;
    vg_err err = {0};
    assert_int_equal(vg_phone_parse(vg_str_c(s), &p, &err), VG_EINVALID);
    assert_string_equal(err.key, key);
    assert_string_equal(err.field, "phone");
    assert_string_equal(err.detail, detail);
}

static void all_ways_of_writing_give_one_key(void **state)
{
    (void)state;
    static const char *const WAYS[] = {"0912345678",         "0912 345 678", "+84 912 345 678",
                                       "0084912345678",      "84912345678",  "(091) 234-5678",
                                       "+84 (0) 912345678",  "091.234.5678", "912345678",
                                       " 0912\u00a0345 678 "};
    for (size_t i = 0; i < VG_LEN(WAYS); i++) {
        const vg_phone p = good(WAYS[i]);
        assert_string_equal(p.key, "+84912345678");
        assert_string_equal(p.text, "0912 345 678");
        assert_int_equal(p.cls, VG_PHONE_MOBILE);
        assert_int_equal(p.repaired, strcmp(WAYS[i], "912345678") == 0);
    }
}

static void lines_of_the_forces_are_numbers_too(void **state)
{
    (void)state;
    assert_string_equal(good("069.234.0000").key, "+84692340000");
    assert_int_equal(good("069.234.0000").cls, VG_PHONE_FORCE);
    assert_string_equal(good("0692340000").text, "069 234 0000");
    assert_true(good("692340000").repaired);
    assert_int_equal(good("069 551 200").cls, VG_PHONE_FORCE);
}

static void short_and_service_numbers_stay_as_dialled(void **state)
{
    (void)state;
    for (const char *const *p = (const char *const[]){"113", "114", "115", NULL}; *p; p++) {
        assert_string_equal(good(*p).key, *p);
        assert_int_equal(good(*p).cls, VG_PHONE_SHORT);
    }
    assert_string_equal(good("1900 1234").key, "19001234");
    assert_string_equal(good("024 3825 0000").text, "024 3825 0000");
}

static void extensions_are_kept_apart(void **state)
{
    (void)state;
    const vg_phone p = good("024 3825 0000 (máy lẻ 105)");
    assert_string_equal(p.key, "+842438250000");
    assert_string_equal(p.ext, "105");
    assert_string_equal(good("02438250000 ext. 7").ext, "7");
    assert_string_equal(good("02438250000#12").ext, "12");
    bad("02438250000 ext 12345678", "ident.phone_character", "8");
}

static void what_is_no_number_says_why(void **state)
{
    (void)state;
    bad("", "ident.phone_empty", "");
    bad("  -- ", "ident.phone_empty", "");
    bad("0912 34a 678", "ident.phone_character", "a");
    bad("091234567", "ident.phone_unknown", "");
    bad("0612345678", "ident.phone_unknown", "");
    bad("01234567890", "ident.phone_moved", "0834567890");
    bad("+84 166 123 4567", "ident.phone_moved", "0361234567");
    bad("+1", "ident.phone_unknown", "");
    bad("+12345678901234567", "ident.phone_unknown", "");
    bad("0912345678091234567809123456780912345678", "ident.phone_unknown", "");
    assert_int_equal(good("+44 7911 123456").cls, VG_PHONE_FOREIGN);
    assert_string_equal(good("+44 7911 123456").key, "+447911123456");
}

static void every_pattern_fits_its_example(void **state)
{
    (void)state;
    vg_str file = vg_ident_file("phones.txt");
    vg_ident_line l;
    int n = 0;
    assert_true(file.n > 0);
    while (vg_ident_next(&file, &l)) {
        if (vg_str_eqc(l.word[0], "moved")) {
            assert_int_equal(l.word[1].n, 4);
            assert_int_equal(l.rest.n, 3);
            continue;
        }
        char example[64];
        snprintf(example, sizeof example, "%.*s", VG_FMT(l.rest));
        const vg_phone p = good(example);
        assert_true(vg_str_eqc(l.word[0], vg_phone_class_name(p.cls)));
        assert_string_equal(p.text, example);
        n++;
    }
    assert_true(n > 10);
}

// A number written in any way gives the key of its digits: the naive rule is the list of ways.
static void random_numbers_in_random_clothes(void **state)
{
    (void)state;
    vg_prop r = vg_prop_seed("phone");
    for (int i = 0; i < 20000; i++) {
        char plain[16], dressed[64], want[24];
        const char first = "35789"[vg_prop_below(&r, 5)];
        snprintf(plain, sizeof plain, "%c%08llu", first,
                 (unsigned long long)vg_prop_below(&r, 100000000));
        snprintf(want, sizeof want, "+84%s", plain);
        const char *const head[] = {"0", "+84", "0084 ", "84", "+84 0", "0 ", ""};
        const uint64_t h = vg_prop_below(&r, VG_LEN(head));
        size_t n = (size_t)snprintf(dressed, sizeof dressed, "%s", head[h]);
        for (const char *p = plain; *p; p++) {
            dressed[n++] = *p;
            if (vg_prop_below(&r, 4) == 0) {
                dressed[n++] = " .-"[vg_prop_below(&r, 3)];
            }
        }
        dressed[n] = '\0';
        const vg_phone p = good(dressed);
        assert_string_equal(p.key, want);
        assert_int_equal(p.repaired, h == 6);
        assert_string_equal(good(p.text).key, want);  // what is shown can be typed again
    }
}

static void the_labelled_table_agrees(void **state)
{
    (void)state;
    char line[1024], *col[4];
    FILE *f = beside("phones.tsv");
    int n = 0;
    while (columns(f, line, col) >= 3) {
        vg_phone p;
        const vg_status s = vg_phone_parse(vg_str_c(col[0]), &p, NULL);
        if (strcmp(col[1], "-") == 0) {
            assert_int_equal(s, VG_EINVALID);
        } else {
            assert_int_equal(s, VG_OK);
            assert_string_equal(p.key, strcmp(col[1], "short") == 0 ? col[0] : col[1]);
        }
        n++;
    }
    fclose(f);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_of_writing_give_one_key),
        cmocka_unit_test(lines_of_the_forces_are_numbers_too),
        cmocka_unit_test(short_and_service_numbers_stay_as_dialled),
        cmocka_unit_test(extensions_are_kept_apart),
        cmocka_unit_test(what_is_no_number_says_why),
        cmocka_unit_test(every_pattern_fits_its_example),
        cmocka_unit_test(random_numbers_in_random_clothes),
        cmocka_unit_test(the_labelled_table_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
