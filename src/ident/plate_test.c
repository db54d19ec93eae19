// SPDX-License-Identifier: Apache-2.0
// Number plates: classes as sets, keys, what a camera may have meant.
#include "ident/plate.h"

#include "ident/table.h"
#include "ident/table_kit_test.h"

#include <regex.h>

#define BIT(name) (UINT32_C(1) << VG_PLATE_##name)

static vg_plate good(const char *s)
{
    vg_plate p;
    vg_err err = {0};
    if (vg_plate_parse(vg_str_c(s), &p, &err) != VG_OK) {
        fail_msg("%s: %s", s, err.key);
    }
    return p;
}

static void one_key_for_all_ways_of_writing(void **state)
{
    (void)state;
    static const char *const WAYS[] = {"29A-433.74", "29a 43374", "29-A4 3374", " 29A.433-74 "};
    for (size_t i = 0; i < VG_LEN(WAYS); i++) {
        assert_string_equal(good(WAYS[i]).key, "29A43374");
    }
    assert_string_equal(good("29-MĐ1 123.45").key, "29MD112345");
    assert_string_equal(good("29md112345").key, "29MD112345");
}

static void the_compact_form_is_ambiguous(void **state)
{
    (void)state;
    const vg_plate p = good("29A43374");
    char text[24];
    assert_int_equal(p.classes, BIT(car) | BIT(moto));
    vg_plate_print(&p, VG_PLATE_car, text);
    assert_string_equal(text, "29A-433.74");
    vg_plate_print(&p, VG_PLATE_moto, text);
    assert_string_equal(text, "29-A4-3374");
    vg_plate_print(&p, VG_PLATE_military, text);
    assert_string_equal(text, "29A43374");
}

static void colour_narrows_and_contradicts(void **state)
{
    (void)state;
    const uint32_t army = good("TM-12-34").classes, car = good("30A-123.45").classes;
    assert_int_equal(army, BIT(military));
    assert_int_equal(vg_plate_narrow(army, VG_COLOUR_RED), BIT(military));
    assert_int_equal(vg_plate_narrow(army, VG_COLOUR_YELLOW), 0);
    assert_int_equal(vg_plate_narrow(car, VG_COLOUR_RED), 0);
    assert_int_equal(vg_plate_narrow(car, VG_COLOUR_BLUE), car);
    assert_int_equal(vg_plate_narrow(car | army, VG_COLOUR_UNKNOWN), car | army);
}

static void unknown_plates_still_have_keys(void **state)
{
    (void)state;
    assert_int_equal(good("FL-AB 99").classes, 0);
    assert_string_equal(good("FL-AB 99").key, "FLAB99");
}

static void what_is_no_plate_says_why(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
    } CASES[] = {{"", "ident.plate_empty"},
                 {" - ", "ident.plate_empty"},
                 {"29A*433", "ident.plate_character"},
                 {"29А43374", "ident.plate_character"},  // Cyrillic А
                 {"29A4337412345678", "ident.plate_long"},
                 {"29A 29A 29A 29A 29A 29A 29A 29A 29A", "ident.plate_long"}};
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        vg_plate p;
        vg_err err = {0};
        assert_int_equal(vg_plate_parse(vg_str_c(CASES[i].text), &p, &err), VG_EINVALID);
        assert_string_equal(err.key, CASES[i].key);
    }
}

static void every_pattern_fits_its_example(void **state)
{
    (void)state;
    vg_str file = vg_ident_file("plates.txt");
    vg_ident_line l;
    uint32_t seen = 0;
    while (vg_ident_next(&file, &l)) {
        char example[64], text[24];
        snprintf(example, sizeof example, "%.*s", VG_FMT(l.rest));
        if (vg_str_eqc(l.word[0], "set") || vg_str_eqc(l.word[0], "alike")) {
            continue;
        }
        const vg_plate p = good(example);
        int cls = 0;
        while (cls < VG_PLATE_CLASSES &&
               !vg_str_eqc(l.word[0], vg_plate_class_name((vg_plate_class)cls))) {
            cls++;
        }
        assert_true(cls < VG_PLATE_CLASSES);
        assert_true(p.classes >> cls & 1);
        vg_ident_print(l.word[1], "-.", vg_str_c(p.key), text, sizeof text);
        assert_string_equal(text, example);
        seen |= UINT32_C(1) << cls;
    }
    assert_int_equal(seen, (UINT32_C(1) << VG_PLATE_CLASSES) - 1);
}

// The same patterns once more, as regular expressions by hand.
static void random_keys_agree_with_regular_expressions(void **state)
{
    (void)state;
    static const struct {
        vg_plate_class cls;
        const char *re;
    } RULES[] = {
        {VG_PLATE_car, "^[0-9]{2}[A-HK-NPS-VXYZ][0-9]{4,5}$"},
        {VG_PLATE_moto, "^[0-9]{2}([A-Z][1-9]|[A-HK-NPS-VXYZ][A-HK-NPR-VXYZ])[0-9]{4,5}$"},
        {VG_PLATE_special, "^[0-9]{2}(CD|KT|LD|DA|HC|MK[1-9]?)[0-9]{4,5}$"},
        {VG_PLATE_trailer, "^[0-9]{2}RM?[0-9]{4,5}$"},
        {VG_PLATE_temporary, "^T[0-9]{7}$"},
        {VG_PLATE_military, "^[A-Z]{2}[0-9]{3,4}(RM|BM)?$"},
        {VG_PLATE_diplomatic, "^[0-9]{2}([0-9]{3}NG|NG[0-9]{3})[0-9]{2,3}$"},
    };
    vg_prop r = vg_prop_seed("plate");
    for (size_t k = 0; k < VG_LEN(RULES); k++) {
        regex_t re;
        assert_int_equal(regcomp(&re, RULES[k].re, REG_EXTENDED | REG_NOSUB), 0);
        for (int i = 0; i < 3000; i++) {
            char key[16] = "";
            size_t n = 0;
            static const char *const HEADS[] = {"29", "", "14", "80"};
            static const char *const MIDS[] = {"A",  "F1", "AN", "CD", "MK3", "R",  "RM",   "NG",
                                               "I1", "TM", "T",  "W",  "MD",  "NN", "011NG"};
            n += (size_t)snprintf(key, sizeof key, "%s%s", HEADS[vg_prop_below(&r, 4)],
                                  MIDS[vg_prop_below(&r, VG_LEN(MIDS))]);
            for (uint64_t d = 1 + vg_prop_below(&r, 7); d && n < 14; d--) {
                key[n++] = (char)('0' + vg_prop_below(&r, 10));
            }
            key[n] = '\0';
            const bool want = regexec(&re, key, 0, NULL, 0) == 0;
            if (want != (good(key).classes >> RULES[k].cls & 1)) {
                fail_msg("%s as %s", key, vg_plate_class_name(RULES[k].cls));
            }
        }
        regfree(&re);
    }
}

static int naive(const char *a, const char *b)
{
    static const char *const ALIKE[] = {"0ODQ", "1I", "8B", "5S", "2Z"};
    if (!*a || !*b) {
        return 2 * (int)(strlen(a) + strlen(b));
    }
    int swap = *a == *b ? 0 : 3;
    for (size_t i = 0; i < VG_LEN(ALIKE) && swap == 3; i++) {
        swap = strchr(ALIKE[i], *a) && strchr(ALIKE[i], *b) ? 1 : 3;
    }
    const int x = swap + naive(a + 1, b + 1), y = 2 + naive(a + 1, b), z = 2 + naive(a, b + 1);
    return x < y ? (x < z ? x : z) : (y < z ? y : z);
}

static void distance_is_the_naive_one(void **state)
{
    (void)state;
    vg_prop r = vg_prop_seed("plate distance");
    for (int i = 0; i < 1500; i++) {
        char a[8], b[8];
        for (char **w = (char *[]){a, b, NULL}; *w; w++) {
            const size_t n = vg_prop_below(&r, 7);
            for (size_t k = 0; k < n; k++) {
                (*w)[k] = "0ODQ1I8B5S2ZA7"[vg_prop_below(&r, 14)];
            }
            (*w)[n] = '\0';
        }
        assert_int_equal(vg_plate_distance(a, b), naive(a, b));
        assert_int_equal(vg_plate_distance(a, b), vg_plate_distance(b, a));
        assert_int_equal(vg_plate_distance(a, a), 0);
    }
}

static void a_camera_may_have_meant(void **state)
{
    (void)state;
    assert_int_equal(vg_plate_compare("30A12345", "30A12345"), VG_PLATE_SAME);
    assert_int_equal(vg_plate_compare("30A12345", "3OA1234S"), VG_PLATE_MAYBE);
    assert_int_equal(vg_plate_compare("30A12345", "30A1234"), VG_PLATE_MAYBE);
    assert_int_equal(vg_plate_compare("30A12345", "30A12346"), VG_PLATE_DIFFERENT);
    assert_int_equal(vg_plate_compare("30A12345", "3OAI234S"), VG_PLATE_DIFFERENT);
    assert_string_equal(good("3OA-123.4S").loose, good("30A-123.45").loose);
    assert_string_not_equal(good("30A-123.46").loose, good("30A-123.45").loose);
}

static void the_labelled_table_agrees(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint32_t classes;
    } WORDS[] = {{"car", BIT(car)},
                 {"moto", BIT(moto)},
                 {"electric-moto", BIT(electric_moto)},
                 {"diplomatic", BIT(diplomatic)},
                 {"international", BIT(international)},
                 {"foreign-person", BIT(foreign)},
                 {"embassy", BIT(mission_staff)},
                 {"police-moto", BIT(special)},
                 {"army-", BIT(special)},
                 {"foreign-capital", BIT(special)},
                 {"project", BIT(special)},
                 {"limited", BIT(special)},
                 {"trailer", BIT(trailer)},
                 {"military", BIT(military)},
                 {"temporary", BIT(temporary)},
                 {"central", BIT(car)},
                 {"white", BIT(car)}};
    char line[1024], *col[4];
    FILE *f = beside("plates.tsv");
    int n = 0;
    while (columns(f, line, col) >= 3) {
        const vg_plate compact = good(col[0]), printed = good(col[1]);
        assert_string_equal(compact.key, printed.key);
        bool known = false;
        for (size_t i = 0; i < VG_LEN(WORDS); i++) {
            if (strncmp(col[2], WORDS[i].label, strlen(WORDS[i].label)) == 0) {
                known = true;
                if (!(compact.classes & WORDS[i].classes)) {
                    fail_msg("%s is no %s", col[0], col[2]);
                }
            }
        }
        assert_true(known);
        n++;
    }
    fclose(f);
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_key_for_all_ways_of_writing),
        cmocka_unit_test(the_compact_form_is_ambiguous),
        cmocka_unit_test(colour_narrows_and_contradicts),
        cmocka_unit_test(unknown_plates_still_have_keys),
        cmocka_unit_test(what_is_no_plate_says_why),
        cmocka_unit_test(every_pattern_fits_its_example),
        cmocka_unit_test(random_keys_agree_with_regular_expressions),
        cmocka_unit_test(distance_is_the_naive_one),
        cmocka_unit_test(a_camera_may_have_meant),
        cmocka_unit_test(the_labelled_table_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
