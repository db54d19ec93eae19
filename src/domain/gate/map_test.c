// SPDX-License-Identifier: Apache-2.0
// Reading maps and rows: what is written is understood, what is not is named.
#include "domain/gate/map.h"

#include "base/clock.h"

#include <setjmp.h>
#include <cmocka.h>

static const char MAP[] = "log: cong-cu\n"
                          "time: {column: Giờ, format: \"%d/%m/%Y %H:%M:%S\", zone: \"+07:00\"}\n"
                          "holder: Thẻ\n"
                          "kind: staff\n"
                          "class: Loại\n"
                          "point: Cửa\n"
                          "way: {column: Chiều, in: [VÀO, in], out: [RA, out]}\n"
                          "points:\n"
                          "  - {match: \"cổng*\", area: Khuôn viên, how: way}\n"
                          "  - {match: \"kho-?\", area: Kho, outer: Khuôn viên, how: turn}\n";

typedef struct read_map {
    vg_arena *a;
    gate_map *m;
    gate_map_at at;
    vg_err err;
} read_map;

static void open_map(read_map *r, const char *text)
{
    *r = (read_map){.a = vg_arena_create(1 << 20)};
    const vg_str head[] = {VG_S("Giờ"), VG_S("Thẻ"), VG_S("Loại"), VG_S("Cửa"), VG_S("Chiều")};
    assert_int_equal(gate_map_read("map", vg_str_c(text), r->a, &r->m, &r->err), VG_OK);
    assert_int_equal(gate_map_head(r->m, head, VG_LEN(head), &r->at, &r->err), VG_OK);
}

static vg_status take(read_map *r, const char *time, const char *point, const char *way,
                      gate_map_row *row)
{
    const vg_str cells[] = {vg_str_c(time), VG_S("T-01"), VG_S("cán bộ"), vg_str_c(point),
                            vg_str_c(way)};
    return gate_map_take(r->m, &r->at, cells, VG_LEN(cells), row, &r->err);
}

static void a_row_is_understood(void **state)
{
    (void)state;
    read_map r;
    gate_map_row row;
    open_map(&r, MAP);
    assert_int_equal(take(&r, "29/11/2026 07:30:05", "Cổng chính", "vào", &row), VG_OK);
    assert_int_equal(row.how, GATE_HOW_IN);
    assert_int_equal(row.moved_us, vg_time_civil(2026, 11, 29, 0, 30, 5));
    assert_int_equal(take(&r, "29/11/2026 07:30:05", "kho-2", "", &row), VG_OK);
    assert_int_equal(row.how, GATE_HOW_TURN);
    assert_int_equal(row.rule, 1);
    vg_arena_destroy(r.a);
}

static void a_wrong_row_is_named(void **state)
{
    (void)state;
    read_map r;
    gate_map_row row;
    open_map(&r, MAP);
    assert_int_equal(take(&r, "2026-11-29 07:30", "Cổng chính", "vào", &row), VG_EINVALID);
    assert_string_equal(r.err.field, "Giờ");
    assert_int_equal(take(&r, "29/11/2026 07:30:05", "Nhà xe", "vào", &row), VG_EINVALID);
    assert_string_equal(r.err.field, "Cửa");
    assert_int_equal(take(&r, "29/11/2026 07:30:05", "cổng 2", "lên", &row), VG_EINVALID);
    assert_string_equal(r.err.field, "Chiều");
    vg_arena_destroy(r.a);
}

// By a format that counts seconds a cell could mean a year that no moment of ours can hold.
static void a_year_is_one_of_ours(void **state)
{
    (void)state;
    read_map r;
    gate_map_row row;
    open_map(&r,
             "log: x\ntime: {column: Giờ, format: \"%s\"}\nholder: Thẻ\nkind: staff\npoint: Cửa\n"
             "points: [{match: a, area: b, how: in}]\n");
    assert_int_equal(take(&r, "1796022000", "a", "", &row), VG_OK);
    assert_int_equal(take(&r, "67768036191676799", "a", "", &row), VG_EINVALID);
    assert_string_equal(r.err.field, "Giờ");
    vg_arena_destroy(r.a);
}

static void a_wrong_map_is_named(void **state)
{
    (void)state;
    static const char *const maps[] = {
        "",
        "log: x\n",
        "log: x\nholder: y\ncolour: z\n",
        "log: x\ntime: {column: t, format: \"%Y\", zone: later}\nholder: h\nkind: staff\npoint: p\n"
        "points: [{match: a, area: b, how: in}]\n",
        "log: x\ntime: {column: t, format: \"%Y\"}\nholder: h\nkind: staff\npoint: p\n"
        "points: [{match: a, area: b, how: way}]\n",
        "log: x\ntime: {column: t, format: \"%Y\"}\nholder: h\nkind: robot\npoint: p\n"
        "points: [{match: a, area: b, how: in}]\n"};
    for (size_t i = 0; i < VG_LEN(maps); i++) {
        vg_err err = {0};
        gate_map *m = NULL;
        vg_arena *a = vg_arena_create(1 << 20);
        assert_int_equal(gate_map_read("map", vg_str_c(maps[i]), a, &m, &err), VG_EINVALID);
        vg_arena_destroy(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_understood),
        cmocka_unit_test(a_wrong_row_is_named),
        cmocka_unit_test(a_year_is_one_of_ours),
        cmocka_unit_test(a_wrong_map_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
