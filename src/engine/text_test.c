// SPDX-License-Identifier: Apache-2.0
// The line reader: what a back-test cites must not depend on how the text was cut, and what is wrong with a
// line is said with its number or counted, never guessed.
#include "engine/text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static vg_status read_all(vg_text *t, const char *z, vg_record *v, size_t max, size_t *n,
                          vg_err *err)
{
    vg_str s = vg_str_c(z);
    return vg_text_read(t, &s, v, max, n, err);
}

static void the_corpus_form_needs_no_words(void **state)
{
    (void)state;
    vg_names names;
    vg_record v[4];
    size_t n = 0;
    vg_names_init(&names);
    vg_text t = {.names = &names};
    assert_int_equal(read_all(&t,
                              "1764000000.250 S1 S1-Z1 D1 fence_alarm -7\n"
                              "1764000001 S1 S1-Z1 D1 fence_alarm 8 77\r\nrest",
                              v, 4, &n, NULL),
                     VG_OK);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].t_event, INT64_C(1764000000250000));
    assert_int_equal(v[0].value, -7);
    assert_int_equal(v[0].seq, 1);
    assert_int_equal(v[1].seq, 77);
    assert_int_equal(v[1].source_seq, 77);
    assert_int_equal(v[0].device, v[1].device);
    vg_names_done(&names);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *line, *key;
    } bad[] = {
        {"1764000000.250 S Z D k", "engine.err.text_line"},
        {"1764000000.250 S Z D k 1 2 3", "engine.err.text_line"},
        {"1764000000.250  Z D k 1", "engine.err.text_line"},
        {"", "engine.err.text_time"},
        {"yesterday S Z D k 1", "engine.err.text_time"},
        {"1764000000.1234567 S Z D k 1", "engine.err.text_time"},
        {"1764000000250 S Z D k 1", "engine.err.text_future"},
        {"2199-01-01T00:00:00Z S Z D k 1", "engine.err.text_future"},
        {"1764000000 S Z D k 2147483648", "engine.err.text_value"},
        {"1764000000 S Z D k 1 -", "engine.err.text_seq"},
        {"1764000000 S Z D\xff k 1", "engine.err.text_utf8"},
        {"1764000000 S Z D\x01 k 1", "engine.err.text_utf8"},
        {"1764000000 S Z \"D k 1", "engine.err.text_quote"},
    };
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        vg_names names;
        vg_record v[4];
        vg_err err = {0};
        size_t n = 0;
        char text[200];
        vg_names_init(&names);
        vg_text t = {.names = &names};
        snprintf(text, sizeof text, "1764000000 S Z D k 1\n%s\n", bad[i].line);
        if (read_all(&t, text, v, 4, &n, &err) == VG_OK) {
            fail_msg("taken: %s", bad[i].line);
        }
        assert_string_equal(err.key ? err.key : "", bad[i].key);
        assert_string_equal(err.detail, "2");
        t = (vg_text){.names = &names, .skip = true};
        assert_int_equal(read_all(&t, text, v, 4, &n, &err), VG_OK);
        assert_int_equal(n, 1);
        assert_int_equal(t.skipped, 1);
        vg_names_done(&names);
    }
}

static void a_line_has_a_limit(void **state)
{
    (void)state;
    vg_names names;
    vg_record v[2];
    vg_err err = {0};
    size_t n = 0;
    static char text[VG_TEXT_LINE + 100];
    vg_names_init(&names);
    vg_text t = {.names = &names};
    memset(text, 'x', sizeof text - 2);
    text[sizeof text - 2] = '\n';
    assert_int_equal(read_all(&t, text, v, 2, &n, &err), VG_EINVALID);
    assert_string_equal(err.key, "engine.err.text_long");
    vg_names_done(&names);
}

static void one_name_has_one_id_however_it_is_composed(void **state)
{
    (void)state;
    vg_names names;
    vg_record v[2];
    size_t n = 0;
    vg_names_init(&names);
    vg_text t = {.names = &names};
    assert_int_equal(read_all(&t,
                              "1 C\xE1\xBB\x95ng Z D k 1\n"
                              "1 Co\xCC\x82\xCC\x89ng Z D k 1\n",
                              v, 2, &n, NULL),
                     VG_OK);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].site, v[1].site);
    vg_names_done(&names);
}

static void columns_come_in_any_order(void **state)
{
    (void)state;
    vg_names names;
    vg_record v[3];
    vg_err err = {0};
    size_t n = 0;
    vg_names_init(&names);
    vg_text t = {.names = &names};
    assert_int_equal(vg_text_header(VG_S("kind,-,verb,site,time\r"), &t.format, &err), VG_OK);
    assert_int_equal(
        read_all(&t, "k,whatever,restore,\"A, B\",2026-11-22T00:00:00Z\n", v, 3, &n, &err), VG_OK);
    assert_int_equal(v[0].verb, VG_VERB_RESTORE);
    const vg_str site = vg_intern_text(names.of[VG_SITE], v[0].site);
    assert_true(vg_str_eqc(site, "A, B"));
    // as a spreadsheet of a Vietnamese desk writes it
    assert_int_equal(vg_text_header(VG_S("\xEF\xBB\xBFtime;kind;site\r"), &t.format, &err), VG_OK);
    assert_int_equal(read_all(&t, "5;k;\"A; B\"\r\n6;k;A, B\n7;k;\n", v, 3, &n, &err), VG_OK);
    assert_true(vg_str_eqc(vg_intern_text(names.of[VG_SITE], v[0].site), "A; B"));
    assert_int_equal(v[1].site, vg_intern_find(names.of[VG_SITE], VG_S("A, B")));
    assert_int_equal(v[2].site, 0);
    assert_int_equal(vg_text_columns(VG_S("time,kind,place"), &t.format, &err), VG_EINVALID);
    assert_string_equal(err.field, "place");
    assert_int_equal(vg_text_columns(VG_S("time,time,kind"), &t.format, &err), VG_EINVALID);
    assert_int_equal(vg_text_columns(VG_S("time,site"), &t.format, &err), VG_EINVALID);
    assert_string_equal(err.field, "kind");
    vg_names_done(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_form_needs_no_words),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(a_line_has_a_limit),
        cmocka_unit_test(one_name_has_one_id_however_it_is_composed),
        cmocka_unit_test(columns_come_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
