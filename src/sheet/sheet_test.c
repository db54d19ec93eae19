// SPDX-License-Identifier: Apache-2.0
// Tables as they come: separators, encodings, quotes, numbers and dates of spreadsheets; and those made to hurt.
// The XLSX files are made here with libzip, part by part, so that each fault is one line of the test.
#include "base/prop_test.h"
#include "base/text.h"
#include "sheet/sheet_impl.h"

#include <setjmp.h>
#include <zip.h>
#include <cmocka.h>

static vg_sheet *read_ok(vg_str file)
{
    vg_sheet *s = NULL;
    vg_err err = {0};
    if (vg_sheet_read(file, SIZE_MAX, &s, &err) != VG_OK) {
        print_error("%s: %s\n", err.key ? err.key : "", err.detail);
        fail();
    }
    return s;
}

static void refused(vg_str file, const char *key)
{
    vg_sheet *s = NULL;
    vg_err err = {0};
    assert_int_not_equal(vg_sheet_read(file, SIZE_MAX, &s, &err), VG_OK);
    assert_string_equal(err.key, key);
}

static void cell_is(const vg_sheet *s, size_t row, uint32_t col, const char *want)
{
    assert_true(row < s->n_rows && col < s->row[row].n);
    char got[200];
    snprintf(got, sizeof got, "%.*s", VG_FMT(s->row[row].cell[col].text));
    assert_string_equal(got, want);
}

// --- CSV ----------------------------------------------------------------------------------------
static void semicolons_mark_and_empty_lines(void **state)
{
    (void)state;
    vg_sheet *s =
        read_ok(VG_S("\xEF\xBB\xBF"
                     "DANH SÁCH;;\r\n\r\nTT;Họ tên;ĐT\r\n1;\"Lê \"\"Tư\"\" Mẫu\";0900, 1\r\n"
                     ";;\r\n2;\"hai\r\ndòng\";\r\n"));
    assert_int_equal(s->separator, ';');
    assert_int_equal(s->n_rows, 4);
    assert_int_equal(s->row[1].number, 3);
    cell_is(s, 2, 1, "Lê \"Tư\" Mẫu");
    cell_is(s, 2, 2, "0900, 1");
    assert_int_equal(s->row[3].number, 6);
    cell_is(s, 3, 1, "hai\r\ndòng");
    vg_sheet_destroy(s);
}

static void other_separators(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char separator;
    } T[] = {{"a\tb; c\td\n1\t2; 3\t4\n", '\t'},
             {"a,b,c\n1,2,3\n", ','},
             {"a|b|c\n1|2|3\n", '|'},
             {"sep=,\na,b;b,c;c\n1,2;3,4;5\n", ','}};
    for (size_t i = 0; i < VG_LEN(T); i++) {
        vg_sheet *s = read_ok(vg_str_c(T[i].text));
        assert_int_equal(s->separator, T[i].separator);
        assert_int_equal(s->n_columns, 3);
        vg_sheet_destroy(s);
    }
}

static void old_encodings(void **state)
{
    (void)state;
    // "Họ tên;Đơn vị" and "Nguyễn Văn Hùng;Đội bảo vệ" in TCVN3
    vg_sheet *s = read_ok(
        VG_S("H\xE4 t\xAAn;\xA7\xACn v\xDE\nNguy\xD4n V\xA8n H\xEFng;\xA7\xE9i b\xB6o v\xD6\n"));
    assert_string_equal(s->encoding, "tcvn3");
    cell_is(s, 0, 0, "Họ tên");
    cell_is(s, 1, 0, "Nguyễn Văn Hùng");
    vg_sheet_destroy(s);
    s = read_ok((vg_str){"\xFF\xFE"
                         "a\0\t\0\x11\x01\n\0"
                         "1\0\t\0"
                         "2\0",
                         16});
    assert_string_equal(s->encoding, "utf-16");
    cell_is(s, 0, 1, "đ");
    vg_sheet_destroy(s);
}

static void csv_limits(void **state)
{
    (void)state;
    char *wide = vg_alloc(3000000);
    memset(wide, ';', 2999990);
    memcpy(wide + 2999980, "x", 2);
    refused((vg_str){wide, 2999990}, "sheet.too_many_columns");
    memset(wide, 'a', 2999990);
    vg_sheet *s = read_ok((vg_str){wide, 2999990});
    assert_int_equal(s->row[0].cell[0].kind, VG_CELL_LONG);
    vg_sheet_destroy(s);
    for (size_t i = 0; i < 2999990; i += 2) {
        memcpy(wide + i, "a\n", 2);
    }
    refused((vg_str){wide, 2999990}, "sheet.too_many_rows");
    memset(wide, '\n', 2999990);
    refused((vg_str){wide, 2999990}, "sheet.empty");
    free(wide);
    refused(VG_S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "sheet.old_format");
    refused(VG_S(""), "sheet.empty");
    refused((vg_str){"MZ\0\0\0", 5}, "sheet.not_a_table");
}

// What is written is what is read, whatever stands in the cells.
static void written_is_read(void **state)
{
    (void)state;
    vg_prop seed = vg_prop_seed("written_is_read");
    static const char *const PIECES[] = {"a", "ễ", "\"", ";", "\n", " x", "0", ",", "\t", "đ"};
    for (int round = 0; round < 300; round++) {
        vg_buf file, cells[12];
        vg_buf_init(&file, 1 << 16);
        vg_buf_c(&file, "sep=;\n");
        for (size_t i = 0; i < 12; i++) {
            vg_buf_init(&cells[i], 256);
            vg_buf_c(&cells[i], "c");
            for (uint64_t k = vg_prop_next(&seed) % 6; k; k--) {
                vg_buf_c(&cells[i], PIECES[vg_prop_next(&seed) % VG_LEN(PIECES)]);
            }
            vg_buf_c(&cells[i], "c");
            vg_buf_ch(&file, '"');
            for (size_t k = 0; k < cells[i].n; k++) {
                vg_buf_c(&file, cells[i].p[k] == '"' ? "\"" : "");
                vg_buf_ch(&file, cells[i].p[k]);
            }
            vg_buf_c(&file, i % 3 == 2 ? "\"\r\n" : "\";");
        }
        vg_sheet *s = read_ok(vg_buf_str(&file));
        assert_int_equal(s->n_rows, 4);
        for (size_t i = 0; i < 12; i++) {
            cell_is(s, i / 3, (uint32_t)(i % 3), vg_buf_z(&cells[i]));
            vg_buf_done(&cells[i]);
        }
        vg_sheet_destroy(s);
        vg_buf_done(&file);
    }
}

// --- XLSX ---------------------------------------------------------------------------------------
typedef struct part {
    const char *name, *text;
    size_t n;  // 0: up to the NUL
} part;

#define BOOK                                                                                    \
    {"xl/workbook.xml",                                                                         \
     "<workbook xmlns:r='r'><workbookPr/><sheets><sheet name='Ẩn' state='hidden' r:id='r1'/>" \
     "<sheet name='DS' r:id='r2'/></sheets></workbook>"},                                       \
    {                                                                                           \
        "xl/_rels/workbook.xml.rels",                                                           \
            "<Relationships><Relationship Id='r1' Target='worksheets/no.xml'/>"                 \
            "<Relationship Id='r2' Target='/xl/worksheets/a.xml'/></Relationships>"             \
    }

static vg_str zipped(const part *parts, size_t n)
{
    zip_error_t ze;
    zip_error_init(&ze);
    zip_source_t *src = zip_source_buffer_create(NULL, 0, 0, &ze);
    zip_source_keep(src);
    zip_t *z = zip_open_from_source(src, ZIP_TRUNCATE, &ze);
    assert_non_null(z);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *one =
            zip_source_buffer(z, parts[i].text, parts[i].n ? parts[i].n : strlen(parts[i].text), 0);
        assert_true(zip_file_add(z, parts[i].name, one, 0) >= 0);
    }
    assert_int_equal(zip_close(z), 0);
    zip_stat_t st;
    assert_int_equal(zip_source_stat(src, &st), 0);
    char *out = vg_alloc((size_t)st.size);
    assert_int_equal(zip_source_open(src), 0);
    assert_int_equal(zip_source_read(src, out, st.size), (zip_int64_t)st.size);
    zip_source_close(src);
    zip_source_free(src);
    return (vg_str){out, (size_t)st.size};
}

static void free_str(vg_str s)
{
    union {
        const char *p;
        char *plain;
    } u = {s.p};
    free(u.plain);
}

static void cells_of_every_kind(void **state)
{
    (void)state;
    const part parts[] = {
        BOOK,
        {"xl/sharedStrings.xml", "<sst><si><t>Họ tên</t></si><si><r><t>Lê "
                                 "</t></r><r><t>Mẫu</t></r><rPh><t>x</t></rPh></si></sst>"},
        {"xl/styles.xml",
         "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='0000'/><numFmt numFmtId='171'"
         " formatCode='dd\\/mm\\/yyyy'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
         "<xf numFmtId='170'/><xf numFmtId='171'/></cellXfs></styleSheet>"},
        {"xl/worksheets/a.xml",
         "<worksheet><sheetData><row r='2'><c r='A2' t='s'><v>0</v></c></row><row r='4'>"
         "<c r='A4' t='s'><v>1</v></c><c r='B4'><v>912345678</v></c><c r='C4' "
         "s='1'><v>45292</v></c>"
         "<c r='D4' s='2'><v>7</v></c><c r='E4' t='str'><f>A1&amp;1</f><v>tính</v></c><c "
         "r='F4'><f>1+1</f></c>"
         "<c r='G4' t='b'><v>1</v></c><c r='H4' t='inlineStr'><is><t>trong ô</t></is></c>"
         "<c r='I4' t='e'><v>#N/A</v></c><c r='J4' s='3'><v>45292.5</v></c><c "
         "r='K4'><v>9.12345678E8</v></c>"
         "</row><row r='5'><c r='B5'><v>1</v></c></row></sheetData>"
         "<mergeCells><mergeCell ref='A4:A5'/><mergeCell ref='A2:K2'/></mergeCells></worksheet>"}};
    const vg_str file = zipped(parts, VG_LEN(parts));
    vg_sheet *s = read_ok(file);
    assert_int_equal(s->n_rows, 3);
    assert_int_equal(s->n_sheets, 2);
    assert_int_equal(s->sheet, 1);
    assert_int_equal(s->row[1].number, 4);
    static const struct {
        const char *text;
        vg_cell_kind kind;
    } WANT[] = {{"Lê Mẫu", VG_CELL_TEXT},     {"912345678", VG_CELL_NUMBER},
                {"01/01/2024", VG_CELL_DATE}, {"0007", VG_CELL_TEXT},
                {"tính", VG_CELL_TEXT},       {"", VG_CELL_FORMULA},
                {"1", VG_CELL_BOOL},          {"trong ô", VG_CELL_TEXT},
                {"#N/A", VG_CELL_ERROR},      {"01/01/2024 12:00:00", VG_CELL_DATE},
                {"912345678", VG_CELL_NUMBER}};
    for (uint32_t i = 0; i < VG_LEN(WANT); i++) {
        cell_is(s, 1, i, WANT[i].text);
        assert_int_equal(s->row[1].cell[i].kind, WANT[i].kind);
    }
    cell_is(s, 2, 0, "Lê Mẫu");  // merged downwards
    vg_sheet_destroy(s);
    free_str(file);
}

static void try_sheet(const char *xml, size_t n, const char *key)
{
    const part parts[] = {BOOK, {"xl/worksheets/a.xml", xml, n}};
    const vg_str file = zipped(parts, VG_LEN(parts));
    refused(file, key);
    free_str(file);
}

static void bombs(void **state)
{
    (void)state;
    try_sheet("<!DOCTYPE w [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><w>&b;</w>", 0,
              "sheet.damaged");
    try_sheet("<worksheet><sheetData><row><c r='A1'><v>1</v>", 0, "sheet.damaged");
    try_sheet(
        "<worksheet><sheetData><row r='1'><c r='ZZZ1'><v>1</v></c></row></sheetData></worksheet>",
        0, "sheet.too_many_columns");
    enum { BIG = 350 << 20 };
    char *big = vg_alloc(BIG);
    memset(big, ' ', BIG);
    memcpy(big, "<worksheet>", 11);
    try_sheet(big, BIG, "sheet.unpacks_too_big");
    memset(big, 'a', 4 << 20);  // an attribute that never ends
    memcpy(big, "<worksheet><c r='", 17);
    try_sheet(big, 4 << 20, "sheet.cell_too_long");
    for (size_t i = 0; i < 300; i += 3) {
        memcpy(big + i, "<a>", 3);
    }
    try_sheet(big, 300, "sheet.damaged");
    free(big);
    const part alone[] = {{"readme.txt", "no table"}};
    const vg_str file = zipped(alone, 1);
    refused(file, "sheet.damaged");
    free_str(file);
    refused(VG_S("PK\x03\x04 and nothing more"), "sheet.damaged");
}

// What is written comes back the same, and nothing of it can run.
static void lists_go_out_and_come_back(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"=1+1", "@x",        "+84 912", "-5",
                                        "a;b",  "hai\ndòng", "\"k\"",   "Nguyễn"};
    for (int xlsx = 0; xlsx < 2; xlsx++) {
        char path[64];
        vg_err err = {0};
        vg_sheet_writer *w;
        vg_buf file;
        snprintf(path, sizeof path, "/tmp/vg-sheet-%d", (int)getpid());
        assert_int_equal(vg_sheet_writer_open(path, xlsx, &w, &err), VG_OK);
        vg_sheet_put_text(w, VG_S("Tên"));
        vg_sheet_put_text(w, VG_S("Lúc"));
        vg_sheet_end_row(w);
        for (size_t i = 0; i < VG_LEN(TEXTS); i++) {
            vg_sheet_put_text(w, vg_str_c(TEXTS[i]));
            vg_sheet_put_time(w, INT64_C(1709571600000000));
            vg_sheet_put_i64(w, -7);
            vg_sheet_end_row(w);
        }
        assert_int_equal(vg_sheet_writer_close(w, &err), VG_OK);
        vg_buf_init(&file, 1 << 20);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        for (int c; (c = getc(f)) != EOF;) {
            vg_buf_ch(&file, (char)c);
        }
        fclose(f);
        unlink(path);
        vg_sheet *s = read_ok(vg_buf_str(&file));
        assert_int_equal(s->n_rows, VG_LEN(TEXTS) + 1);
        for (size_t i = 0; i < VG_LEN(TEXTS); i++) {
            char want[40];
            const bool risky = !xlsx && strchr("=+-@", TEXTS[i][0]);
            snprintf(want, sizeof want, "%s%s", risky ? "'" : "", TEXTS[i]);
            cell_is(s, i + 1, 0, want);
            cell_is(s, i + 1, 1, xlsx ? "05/03/2024" : "05/03/2024 00:00:00");
            cell_is(s, i + 1, 2, "-7");
        }
        vg_sheet_destroy(s);
        vg_buf_done(&file);
    }
}

static void column_names(void **state)
{
    (void)state;
    char z[8];
    vg_sheet_column_name(0, z);
    assert_string_equal(z, "A");
    vg_sheet_column_name(25, z);
    assert_string_equal(z, "Z");
    vg_sheet_column_name(26, z);
    assert_string_equal(z, "AA");
    vg_sheet_column_name(701, z);
    assert_string_equal(z, "ZZ");
    vg_sheet_column_name(702, z);
    assert_string_equal(z, "AAA");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semicolons_mark_and_empty_lines),
        cmocka_unit_test(other_separators),
        cmocka_unit_test(old_encodings),
        cmocka_unit_test(csv_limits),
        cmocka_unit_test(written_is_read),
        cmocka_unit_test(cells_of_every_kind),
        cmocka_unit_test(bombs),
        cmocka_unit_test(lists_go_out_and_come_back),
        cmocka_unit_test(column_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
