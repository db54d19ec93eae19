// SPDX-License-Identifier: Apache-2.0
// Views, buffers, numbers, ids, the arena and folding: the small things everything else leans on.
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

#include <setjmp.h>
#include <cmocka.h>

static void test_views(void **state)
{
    (void)state;
    assert_true(vg_str_eqc(vg_str_trim(VG_S(" \t a b \n")), "a b"));
    assert_int_equal(vg_str_trim(VG_S("  \n")).n, 0);
    assert_true(vg_str_starts(VG_S("sites.signal"), "sites."));
    assert_false(vg_str_starts(VG_S("sit"), "sites."));
    assert_true(vg_str_eq((vg_str){NULL, 0}, VG_S("")));
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;  // 0: its length
        bool ok;
        int64_t v;
    } cases[] = {
        {"0", 0, true, 0},
        {"-9223372036854775808", 0, true, INT64_MIN},
        {"9223372036854775807", 0, true, INT64_MAX},
        {"9223372036854775808", 0, false, 0},
        {"", 0, false, 0},
        {" 1", 0, false, 0},
        {"1 ", 0, false, 0},
        {"1x", 0, false, 0},
        {"0x10", 0, false, 0},
        {"-", 0, false, 0},
        {"1\0002", 3, false, 0},  // an embedded NUL is no end
        {"123456789012345678901234567890", 0, false, 0},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        int64_t v = 0;
        const vg_str s = {cases[i].text, cases[i].n ? cases[i].n : strlen(cases[i].text)};
        const bool ok = vg_str_i64(s, INT64_MIN, INT64_MAX, &v, NULL) == VG_OK;
        assert_int_equal(ok, cases[i].ok);
        assert_true(v == (ok ? cases[i].v : 0));
    }
    int64_t v;
    vg_err err;
    assert_int_equal(vg_str_i64(VG_S("11"), 0, 10, &v, &err), VG_EINVALID);
    assert_string_equal(err.key, "err.out_of_range");
}

static void test_hex(void **state)
{
    (void)state;
    unsigned char b[3] = {0x00, 0xAF, 0xFF}, back[3];
    char hex[7];
    vg_hex(b, 3, hex);
    assert_string_equal(hex, "00afff");
    assert_true(vg_unhex(VG_S("00AFff"), back, 3));
    assert_memory_equal(b, back, 3);
    assert_false(vg_unhex(VG_S("00afg0"), back, 3));
    assert_false(vg_unhex(VG_S("00af"), back, 3));
}

static void test_buffer(void **state)
{
    (void)state;
    vg_buf b;
    vg_buf_init(&b, 10);
    vg_buf_c(&b, "12345");
    vg_buf_i64(&b, -78);
    assert_string_equal(vg_buf_z(&b), "12345-78");
    vg_buf_f(&b, "%d", 999);  // would pass the limit: nothing of it enters, and it stays failed
    assert_true(b.failed);
    vg_buf_ch(&b, 'x');
    assert_string_equal(vg_buf_z(&b), "12345-78");
    vg_buf_reset(&b);
    vg_buf_i64(&b, INT64_MIN);
    assert_true(b.failed);
    vg_buf_done(&b);
    vg_buf zero = {0};
    assert_string_equal(vg_buf_z(&zero), "");
    vg_buf_done(&zero);
    vg_buf_init(&b, 1 << 20);
    for (int i = 0; i < 5000; i++) {
        vg_buf_c(&b, "0123456789");
    }
    assert_int_equal(b.n, 50000);
    vg_buf_done(&b);
}

static void test_arena(void **state)
{
    (void)state;
    vg_arena *a = vg_arena_create(100000);
    for (int round = 0; round < 3; round++) {
        size_t sum = 0;
        for (size_t n = 1; n < 300; n++) {
            unsigned char *p = vg_arena_get(a, n);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < n; i++) {
                sum += p[i];  // zeroed, also after a reset
            }
            memset(p, 0xAA, n);
        }
        assert_int_equal(sum, 0);
        assert_null(vg_arena_get(a, 60000));
        assert_non_null(vg_arena_get(a, 20000));
        vg_arena_reset(a);
        assert_int_equal(vg_arena_used(a), 0);
    }
    assert_null(vg_arena_get(a, SIZE_MAX));
    assert_null(vg_str_dup(a, (vg_str){"", 200000}).p);
    vg_arena_destroy(a);
    vg_arena_destroy(NULL);
}

static void test_ids(void **state)
{
    (void)state;
    vg_cmd_id a = vg_cmd_derive("t", VG_S("ab"), VG_S("c")),
              b = vg_cmd_derive("t", VG_S("a"), VG_S("bc"));
    assert_memory_not_equal(a.b, b.b, sizeof a.b);  // parts do not run together
    b = vg_cmd_derive("t", VG_S("ab"), VG_S("c"));
    assert_memory_equal(a.b, b.b, sizeof a.b);
    char x[VG_ID_TEXT], y[VG_ID_TEXT];
    vg_id_derive(&a, 0, x);
    vg_id_derive(&a, 1, y);
    assert_string_not_equal(x, y);
    vg_id_derive(&a, 0, y);
    assert_string_equal(x, y);
    assert_int_equal(strspn(x, "0123456789abcdefghjkmnpqrstvwxyz"), 16);
}

// Ids of a list stand in its order; a number that differs only far to the left is another row all the same.
static void ids_of_a_list_are_in_order(void **state)
{
    (void)state;
    char before[VG_ID_TEXT] = "", id[VG_ID_TEXT];
    vg_cmd_id last = {{0}};
    for (int64_t n = 1; n < 70000; n += 1 + n / 50) {
        const vg_cmd_id cmd = vg_cmd_derive_row("t", VG_S("list"), n);
        assert_true(memcmp(cmd.b, last.b, sizeof last.b) > 0);
        vg_id_derive_row(&cmd, 0, id);
        assert_true(strcmp(id, before) > 0 && strncmp(id, before[0] ? before : id, 3) == 0);
        memcpy(before, id, sizeof before);
        last = cmd;
    }
    const vg_cmd_id one = vg_cmd_derive_row("t", VG_S("list"), 1),
                    far = vg_cmd_derive_row("t", VG_S("list"), 1 + (INT64_C(1) << 40));
    assert_memory_not_equal(one.b, far.b, sizeof one.b);
}

static void test_folding(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"Nguyễn  Đức", "nguyen duc"},
        {"ĐỒNG ĐĂNG", "dong dang"},
        {"Trường Sa – Hoàng Sa", "truong sa – hoang sa"},
        {"  ưỡn ƠI\t\nwY ", "uon oi wy"},
        {"", ""},
        {"kho bạc", "kho bac"},
    };
    vg_arena *a = vg_arena_create(1 << 16);
    for (size_t i = 0; i < VG_LEN(pairs); i++) {
        const vg_str f = vg_fold(a, vg_str_c(pairs[i][0]));
        assert_true(vg_str_eqc(f, pairs[i][1]));
        assert_true(vg_str_eq(vg_fold(a, f), f));
    }
    assert_int_equal(vg_fold(a, VG_S("\xFF\xFE")).n, 0);
    vg_str nfc;
    assert_int_equal(vg_nfc(a, VG_S("o\xCC\x82\xCC\x81"), &nfc, NULL),
                     VG_OK);  // o, circumflex, acute
    assert_true(vg_str_eqc(nfc, "ố"));
    assert_int_equal(vg_nfc(a, VG_S("a\x01"), &nfc, NULL), VG_EINVALID);
    assert_int_equal(vg_nfc(a, VG_S("\xC3\x28\xC3\xA9"), &nfc, NULL), VG_EINVALID);
    assert_int_equal(vg_utf8_prefix(VG_S("ab\xC3\xA9\xED\xA0\x80")), 4);  // a surrogate is no UTF-8
    assert_int_equal(vg_utf8_count(VG_S("đồng")), 4);
    vg_arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_buffer),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(ids_of_a_list_are_in_order),
        cmocka_unit_test(test_folding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
