// SPDX-License-Identifier: Apache-2.0
// Administrative units: old names resolve; a list is compared, not laid on top; and, on drawn histories, that the
// units in force on any day are those the model says, whatever the order of renaming, moving, ending and returning.
// With VG_PLACES_FILE (an official list) it is imported too.
#include "domain/test_kit.h"

#include "base/prop_test.h"

extern const vg_module vg_module_places;

static const char *find(kit *k, const char *name, const char *on)
{
    static const vg_principal everybody = {.kind = VG_P_LOCAL};
    const vg_query *q = vg_module_places.queries;
    vg_principal who = everybody;
    vg_read rd = {.core = k->core, .arena = vg_arena_create(1 << 20), .who = &who};
    vg_err err = {0};
    vg_args args;
    vg_buf b;
    json_t *tree = json_pack("{s:s, s:s*}", "name", name, "on", on);
    vg_buf_init(&b, sizeof k->text - 1);
    rd.out = vg_jw_on(&b);
    assert_int_equal(vg_args_parse(rd.arena, q->fields, tree, &args, &err), VG_OK);
    assert_int_equal(vg_reader_take(k->core, &who, &rd.db, &err), VG_OK);
    if (q->run(&rd, &args, &err) != VG_OK) {
        fail_msg("%s %s", err.key ? err.key : "", err.detail);
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    vg_arena_destroy(rd.arena);
    json_decref(tree);
    vg_principal_done(&who);
    return k->text;
}

// The first hit's name, and the names of what it is today.
static const char *today(kit *k, const char *name, const char *on)
{
    static char out[400];
    json_t *tree = NULL;
    vg_err err = {0};
    size_t i;
    json_t *t;
    assert_int_equal(vg_json_parse(vg_str_c(find(k, name, on)), 1 << 20, &tree, &err), VG_OK);
    const json_t *first = json_array_get(json_object_get(tree, "items"), 0);
    int n = snprintf(out, sizeof out, "%s", first ? "" : "nothing");
    json_array_foreach(json_object_get(first, "today"), i, t)
    {
        n += snprintf(out + n, sizeof out - (size_t)n, "%s%s", i ? ", " : "",
                      json_string_value(json_object_get(t, "name")));
    }
    json_decref(tree);
    return out;
}

static void old_provinces_resolve(void **state)
{
    (void)state;
    kit *k = kit_open();
    assert_int_equal(kit_int(k, "SELECT count(*) FROM place_unit WHERE valid_to IS NULL"), 34);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM place_unit WHERE '2025-06-30' BETWEEN"
                                " valid_from AND COALESCE(valid_to, '9999') AND (valid_to IS NOT"
                                " NULL OR valid_from = '')"),
                     63);
    assert_string_equal(today(k, "Vĩnh Phúc", "2022-06-30"), "Tỉnh Phú Thọ");
    assert_string_equal(today(k, "tinh thai binh", NULL), "Tỉnh Hưng Yên");
    assert_string_equal(today(k, "Tiền Giang", "2024-09-25"), "Tỉnh Đồng Tháp");
    assert_string_equal(today(k, "Ninh Bình", "2019-12-19"), "Tỉnh Ninh Bình");
    assert_string_equal(today(k, "Vĩnh Phúc", "2026-01-01"), "nothing");
    // the code of an old province is another's today: a name and a day decide, not the code
    assert_string_equal(today(k, "Tỉnh Kiên Giang", "2020-01-01"), "Tỉnh An Giang");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'places.history'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static const char LIST[] =
    "[{\\\"Code\\\":\\\"97\\\",\\\"FullName\\\":\\\"Tỉnh Mẫu\\\",\\\"Wards\\\":["
    "{\\\"Code\\\":\\\"97001\\\",\\\"FullName\\\":\\\"Phường Trung Tâm\\\"},"
    "{\\\"Code\\\":\\\"97002\\\",\\\"FullName\\\":\\\"%s\\\"}%s]}]";

static vg_status import(kit *k, const char *day, const char *second, const char *third)
{
    char content[2000], args[3000];
    snprintf(content, sizeof content, LIST, second, third);
    snprintf(args, sizeof args, "{\"content\":\"%s\",\"as_of\":\"%s\",\"since\":\"2025-07-01\"}",
             content, day);
    return kit_run_as(k, NULL, "places.import", args);
}

static void a_list_is_compared(void **state)
{
    (void)state;
    kit *k = kit_open();
    char n[32];
    assert_int_equal(import(k, "2026-01-10", "Xã Khánh Hoà", ""), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM place_unit WHERE parent = '97' AND"
                                " valid_from = '2025-07-01' AND exact = 1"),
                     2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'places.units'"), 1);
    assert_int_equal(import(k, "2026-01-11", "Xã Khánh Hòa", ""), VG_OK);  // only spelt otherwise
    kit_member(k, "changed", n, sizeof n);
    assert_int_equal(kit_int(k, "SELECT changed + added + ended FROM place_edition ORDER BY at "
                                "DESC, rowid DESC LIMIT 1"),
                     0);
    assert_int_equal(import(k, "2026-03-01", "Phường Khánh Hòa",
                            ",{\\\"Code\\\":\\\"97003\\\",\\\"FullName\\\":\\\"Xã Mới\\\"}"),
                     VG_OK);
    assert_string_equal(kit_text(k, "SELECT valid_to FROM place_unit WHERE id = "
                                    "'97002@2025-07-01'"),
                        "2026-02-28");
    assert_string_equal(today(k, "xã Khánh Hoà", "2026-02-28"), "Phường Khánh Hòa");
    assert_string_equal(kit_text(k, "SELECT id FROM place_unit WHERE code = '97003'"),
                        "97003@2025-07-01");
    assert_int_equal(import(k, "2026-02-01", "Xã Khánh Hòa", ""), VG_ECONFLICT);  // an older list
    assert_int_equal(import(k, "2026-05-01", "Phường Khánh Hòa", ""), VG_OK);
    assert_string_equal(kit_text(k, "SELECT valid_to FROM place_unit WHERE code = '97003'"),
                        "2026-04-30");
    assert_int_equal(kit_int(k, "SELECT count(*) FROM place_unit WHERE level = 1 AND valid_to IS "
                                "NULL"),
                     35);  // provinces the list leaves out are left alone
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void what_makes_no_list_is_refused(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *officer = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    assert_int_equal(import(k, "2026-02-30", "Xã A", ""), VG_EINVALID);
    assert_int_equal(import(k, "2199-01-01", "Xã A", ""), VG_EINVALID);
    assert_string_equal(k->err.field, "as_of");
    assert_int_equal(import(k, "2026-01-10", "", ""), VG_EINVALID);
    assert_int_equal(import(k, "2026-01-10", "Xã A",
                            ",{\\\"Code\\\":\\\"97002\\\",\\\"FullName\\\":\\\"B b\\\"}"),
                     VG_EINVALID);
    assert_string_equal(k->err.key, "places.code_twice");
    assert_int_equal(
        kit_try(k, NULL, "places.import", "{\"content\":\"{}\",\"as_of\":\"2026-01-01\"}"),
        VG_EINVALID);
    assert_int_equal(
        kit_try(k, officer, "places.import", "{\"content\":\"[]\",\"as_of\":\"2026-01-01\"}"),
        VG_EDENIED);
    static const char one[] =
        "{\"title\":\"x\",\"units\":[{\"code\":\"98\",\"name\":\"Tỉnh X\"%s}]}";
    assert_int_equal(kit_try(k, NULL, "places.history", one, ",\"into\":[\"97\"]"), VG_EINVALID);
    assert_int_equal(
        kit_try(k, NULL, "places.history", one, ",\"from\":\"2026-01-02\",\"to\":\"2026-01-01\""),
        VG_EINVALID);
    assert_int_equal(kit_try(k, NULL, "places.history", one, ",\"to\":\"2025-06-30\",\"into\":[7]"),
                     VG_EINVALID);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM place_edition"), 1);
    kit_done(k);
}

// --- drawn histories ----------------------------------------------------------------------------
enum { CODES = 8, EDITIONS = 10 };

// The name and parent of each code after each edition; name 0: it does not stand.
typedef struct model {
    int name[EDITIONS][CODES], parent[EDITIONS][CODES];
} model;

static void draw(vg_prop *p, model *m, int e)
{
    for (int c = 0; c < CODES; c++) {
        const bool keep = e > 0 && vg_prop_below(p, 3) > 0;
        m->name[e][c] = keep ? m->name[e - 1][c] : (int)vg_prop_below(p, 4);
        m->parent[e][c] = keep ? m->parent[e - 1][c] : (int)vg_prop_below(p, 2);
    }
}

static void day_of(int e, int more, char out[16])
{
    snprintf(out, 16, "2026-%02d-%02d", e + 1, 10 + more);
}

static vg_status import_drawn(kit *k, const model *m, int e)
{
    char day[16];
    vg_buf b;
    vg_buf_init(&b, 8000);
    day_of(e, 0, day);
    vg_buf_f(&b, "{\"as_of\":\"%s\",\"content\":\"[", day);
    for (int parent = 0; parent < 2; parent++) {
        vg_buf_f(&b, "%s{\\\"Code\\\":\\\"9%d\\\",\\\"FullName\\\":\\\"Tỉnh %c\\\",\\\"Wards\\\":[",
                 parent ? "," : "", 5 + parent, 'A' + parent);
        const char *comma = "";
        for (int c = 0; c < CODES; c++) {
            if (m->name[e][c] && m->parent[e][c] == parent) {
                vg_buf_f(&b, "%s{\\\"Code\\\":\\\"950%02d\\\",\\\"FullName\\\":\\\"Xã %d\\\"}",
                         comma, c, m->name[e][c]);
                comma = ",";
            }
        }
        vg_buf_c(&b, "]}");
    }
    vg_buf_c(&b, "]\"}");
    const vg_status st = kit_run_as(k, NULL, "places.import", vg_buf_z(&b));
    vg_buf_done(&b);
    return st;
}

static void check_day(kit *k, const model *m, int e, int more)
{
    char day[16], sql[300], want[64], got[64];
    day_of(e, more, day);
    for (int c = 0; c < CODES; c++) {
        snprintf(want, sizeof want, m->name[e][c] ? "1/Xã %d/9%d" : "0//", m->name[e][c],
                 5 + m->parent[e][c]);
        snprintf(sql, sizeof sql,
                 "SELECT count(*) || '/' || COALESCE(max(name), '') || '/' ||"
                 " COALESCE(max(parent), '') FROM place_unit WHERE code = '950%02d' AND '%s'"
                 " BETWEEN valid_from AND COALESCE(valid_to, '9999')",
                 c, day);
        snprintf(got, sizeof got, "%s", kit_text(k, sql));
        if (strcmp(got, want) != 0) {
            fail_msg("code 950%02d on %s: %s, not %s", c, day, got, want);
        }
    }
}

static void any_day_is_as_the_lists_said(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("places");
    for (int round = 0; round < 3; round++) {
        model m;
        kit *k = kit_open();
        for (int e = 0; e < EDITIONS; e++) {
            draw(&p, &m, e);
            assert_int_equal(import_drawn(k, &m, e), VG_OK);
        }
        for (int e = 0; e < EDITIONS; e++) {
            check_day(k, &m, e, 0);
            check_day(k, &m, e, 9);
        }
        // who only changed name or province is followed to what stands today
        assert_int_equal(kit_int(k,
                                 "SELECT count(*) FROM place_successor s WHERE NOT EXISTS (SELECT "
                                 "1 FROM place_unit u WHERE u.code = s.code AND u.valid_from > "
                                 "(SELECT o.valid_to FROM place_unit o WHERE o.id = s.unit))"),
                         0);
        kit_same_after_rebuild(k);
        kit_done(k);
    }
}

static void an_official_list_comes_in(void **state)
{
    (void)state;
    const char *path = getenv("VG_PLACES_FILE");
    FILE *f = path ? fopen(path, "r") : NULL;
    if (!f) {
        skip();
    }
    char *text = vg_alloc(1 << 20);
    text[fread(text, 1, (1 << 20) - 1, f)] = 0;
    fclose(f);
    kit *k = kit_open();
    json_t *tree = json_pack("{s:s, s:s, s:s, s:b}", "content", text, "as_of", "2026-07-25",
                             "since", "2025-07-01", "complete", 1);
    char *args = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    assert_int_equal(kit_run_as(k, NULL, "places.import", args), VG_OK);
    print_message("%s\n", k->reply);
    assert_int_equal(kit_int(k,
                             "SELECT count(*) FROM place_unit WHERE valid_to IS NULL AND level = "
                             "2"),
                     3321);
    assert_int_equal(kit_int(k,
                             "SELECT count(*) FROM place_unit WHERE valid_to IS NULL AND level = "
                             "1"),
                     34);
    assert_string_equal(today(k, "Tỉnh Bình Phước", "2024-01-01"), "Thành phố Đồng Nai");
    assert_true(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'places.units'") <= 34);
    assert_true(kit_int(k, "SELECT max(length(body)) FROM event WHERE kind = 'places.units'") <
                32768);
    kit_same_after_rebuild(k);
    kit_done(k);
    free(args);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_provinces_resolve),
        cmocka_unit_test(a_list_is_compared),
        cmocka_unit_test(what_makes_no_list_is_refused),
        cmocka_unit_test(any_day_is_as_the_lists_said),
        cmocka_unit_test(an_official_list_comes_in),
    };
    return cmocka_run_group_tests_name("domain.places", tests, NULL, NULL);
}
