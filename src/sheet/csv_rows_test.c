// SPDX-License-Identifier: Apache-2.0
// Rows one by one: what is quoted, what is wrong and where.
#include "sheet/csv_rows.h"

#include <setjmp.h>
#include <cmocka.h>

typedef struct reading {
    vg_arena *a;
    vg_csv_rows rows;
    vg_str cell[4];
    size_t n;
    bool more;
    vg_err err;
} reading;

static reading on(const char *text)
{
    return (reading){.a = vg_arena_create(1 << 16), .rows = vg_csv_rows_on(vg_str_c(text))};
}

static vg_status next(reading *r)
{
    return vg_csv_rows_next(&r->rows, r->a, r->cell, VG_LEN(r->cell), &r->n, &r->more, &r->err);
}

static void quotes_marks_and_empty_lines(void **state)
{
    (void)state;
    reading r = on("\xEF\xBB\xBFgiờ;thẻ\r\n\n \"a;\"\"b\"\"\";\n\"hai\ndòng\";x");
    assert_int_equal(next(&r), VG_OK);
    assert_int_equal(r.n, 2);
    assert_true(vg_str_eqc(r.cell[0], "giờ") && vg_str_eqc(r.cell[1], "thẻ"));
    assert_int_equal(next(&r), VG_OK);
    assert_int_equal(r.rows.line, 3);
    assert_int_equal(next(&r), VG_OK);
    assert_int_equal(r.rows.line, 4);
    assert_true(r.more && vg_str_eqc(r.cell[0], "hai\ndòng") && vg_str_eqc(r.cell[1], "x"));
    assert_int_equal(next(&r), VG_OK);
    assert_false(r.more);
    vg_arena_destroy(r.a);
}

static void a_doubled_quote_is_one(void **state)
{
    (void)state;
    reading r = on("\"a,\"\"b\"\"\",c");
    assert_int_equal(next(&r), VG_OK);
    assert_true(vg_str_eqc(r.cell[0], "a,\"b\"") && vg_str_eqc(r.cell[1], "c"));
    vg_arena_destroy(r.a);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        vg_status st;
    } wrong[] = {{"a,b\n\"never closed", VG_EINVALID},
                 {"a,b\n\xff\xfe,c", VG_EINVALID},
                 {"a,b\n1,2,3,4,5", VG_ETOOBIG}};
    for (size_t i = 0; i < VG_LEN(wrong); i++) {
        reading r = on(wrong[i].text);
        assert_int_equal(next(&r), VG_OK);
        assert_int_equal(next(&r), wrong[i].st);
        assert_string_equal(r.err.detail, "2");
        vg_arena_destroy(r.a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_marks_and_empty_lines),
        cmocka_unit_test(a_doubled_quote_is_one),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
