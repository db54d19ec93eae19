// SPDX-License-Identifier: Apache-2.0
// Card numbers, QR codes and machine readable zones of invented people; names.
#include "ident/id_card.h"

#include "ident/name.h"
#include "ident/table_kit_test.h"

static const char FULL[] =
    "036191000123|161234567|Trần Thị Mai|05021991|Nữ|Ấp 3, xã Hòa Bình|10052022";

static vg_status qr(const char *s, vg_card_qr *q, vg_err *err)
{
    *err = (vg_err){0};
    return vg_card_qr_parse(vg_str_c(s), q, err);
}

static void a_number_tells_century_sex_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int province, year;
        vg_sex sex;
        bool repaired;
    } CASES[] = {{"036191000123", 36, 1991, VG_SEX_FEMALE, false},
                 {"001 203 000 456", 1, 2003, VG_SEX_MALE, false},
                 {"079399000001", 79, 2099, VG_SEX_FEMALE, false},
                 {"36191000123", 36, 1991, VG_SEX_FEMALE, true},
                 {"1203000456", 1, 2003, VG_SEX_MALE, true}};
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        vg_id_number id;
        assert_int_equal(vg_id_number_parse(vg_str_c(CASES[i].text), &id, NULL), VG_OK);
        assert_int_equal(id.province, CASES[i].province);
        assert_int_equal(id.birth_year, CASES[i].year);
        assert_int_equal(id.sex, CASES[i].sex);
        assert_int_equal(id.repaired, CASES[i].repaired);
        assert_int_equal(strlen(id.digits), 12);
    }
}

static void numbers_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
    } CASES[] = {{"", "ident.id_length"},
                 {"161234567", "ident.id_length"},
                 {"0361910001234", "ident.id_length"},
                 {"0361910001", "ident.id_length"},
                 {"03619100012a", "ident.id_character"},
                 {"000191000123", "ident.id_province"}};
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        vg_id_number id;
        vg_err err = {0};
        assert_int_equal(vg_id_number_parse(vg_str_c(CASES[i].text), &id, &err), VG_EINVALID);
        assert_string_equal(err.key, CASES[i].key);
        assert_string_equal(err.field, "id_number");
    }
}

static void a_card_is_read(void **state)
{
    (void)state;
    vg_card_qr q;
    vg_err err;
    assert_int_equal(qr(FULL, &q, &err), VG_OK);
    assert_string_equal(q.id.digits, "036191000123");
    assert_string_equal(q.old_id, "161234567");
    assert_true(vg_str_eqc(q.name, "Trần Thị Mai"));
    assert_true(vg_str_eqc(q.home, "Ấp 3, xã Hòa Bình"));
    assert_int_equal(q.born.day * 1000000 + q.born.month * 10000 + q.born.year, 5021991);
    assert_int_equal(q.issued.year, 2022);
    assert_int_equal(q.sex, VG_SEX_FEMALE);
    assert_int_equal(q.hints, 0);
    assert_int_equal(q.fields, 7);
}

static void six_and_eleven_fields_are_cards_too(void **state)
{
    (void)state;
    vg_card_qr q;
    vg_err err;
    assert_int_equal(qr("036191000123|Trần Thị Mai|05021991|Nữ|Ấp 3|10052022\r\n", &q, &err),
                     VG_OK);
    assert_string_equal(q.old_id, "");
    assert_int_equal(q.fields, 6);
    assert_int_equal(
        qr("036191000123||Trần Thị Mai|05021991|Nữ|Ấp 3|10052022||Ông Bố|Bà Mẹ|", &q, &err), VG_OK);
    assert_int_equal(q.fields, 11);
    assert_true(vg_str_eqc(q.home, "Ấp 3"));
}

static void what_does_not_fit_is_hinted(void **state)
{
    (void)state;
    vg_card_qr q;
    vg_err err;
    assert_int_equal(qr("036191000123||Tran Thi Mai|05021992|Nam|Ap 3|10052022", &q, &err), VG_OK);
    assert_int_equal(q.hints, VG_ID_HINT_SEX | VG_ID_HINT_YEAR | VG_ID_HINT_NO_MARKS);
    assert_int_equal(qr("036191000123||Trần Thị Mai|00001991|nu|Ap 3|10052022", &q, &err), VG_OK);
    assert_int_equal(q.hints, 0);
    assert_int_equal(q.born.month, 0);
}

static void faults_name_their_field(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field, *key;
    } CASES[] = {
        {"xin chào", "qr", "ident.qr_fields"},
        {"a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q", "qr", "ident.qr_fields"},
        {"\xff|||||||", "qr", "ident.qr_text"},
        {"12|||||||", "id_number", "ident.id_length"},
        {"036191000123|12|A B|05021991|Nữ|Ấp 3|10052022", "old_id", "ident.id_length"},
        {"036191000123||  |05021991|Nữ|Ấp 3|10052022", "name", "ident.name_empty"},
        {"036191000123||A B|29021991|Nữ|Ấp 3|10052022", "born", "ident.date"},
        {"036191000123||A B|29022000|Nữ|Ấp 3|32052022", "issued", "ident.date"},
        {"036191000123||A B|05021991|Nữ|Ấp 3|10051990", "issued", "ident.date"},
        {"036191000123||A B|05021991|?|Ấp 3|10052022", "sex", "ident.sex"},
    };
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        vg_card_qr q;
        vg_err err;
        assert_int_equal(qr(CASES[i].text, &q, &err), VG_EINVALID);
        assert_string_equal(err.field, CASES[i].field);
        assert_string_equal(err.key, CASES[i].key);
    }
}

static void the_labelled_cards_agree(void **state)
{
    (void)state;
    char line[1024], *col[4];
    FILE *f = beside("cccd_qr_synthetic.tsv");
    int n = 0;
    while (columns(f, line, col) >= 2) {
        vg_card_qr q;
        const vg_status s = vg_card_qr_parse(vg_str_c(col[0]), &q, NULL);
        const bool bad = strcmp(col[1], "bad") == 0;
        assert_int_equal(s, bad ? VG_EINVALID : VG_OK);
        if (!bad) {
            const bool warns = (q.hints & (VG_ID_HINT_SEX | VG_ID_HINT_YEAR)) != 0;
            assert_int_equal(warns, strcmp(col[1], "warn") == 0);
        }
        n++;
    }
    fclose(f);
    assert_true(n > 5);
}

// --- machine readable zone ----------------------------------------------------------------------
// By the book, not by our code: values 0-9 A-Z < = 0-35 0, weights 7 3 1.
static int index_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
}

static char by_the_book(const char *p)
{
    static const int weight[] = {7, 3, 1};
    int sum = 0;
    for (int i = 0; p[i]; i++) {
        sum += index_of(p[i]) * weight[i % 3];
    }
    return (char)('0' + sum % 10);
}

static void write_mrz(const char *id, const char *born, char sex, const char *ends,
                      const char *name, char out[96])
{
    char a[31], b[31], all[80];
    snprintf(a, sizeof a, "IDVNM%s%c%s<<%c", id + 3, by_the_book(id + 3), id, by_the_book(id));
    snprintf(b, sizeof b, "%s%c%c%s%cVNM<<<<<<<<<<<", born, by_the_book(born), sex, ends,
             by_the_book(ends));
    snprintf(all, sizeof all, "%s%.7s%.7s%.11s", a + 5, b, b + 8, b + 18);
    const int n = snprintf(out, 96, "%s\n%s%c\n%s", a, b, by_the_book(all), name);
    for (int i = n; i < 92; i++) {
        out[i] = '<';
    }
    out[92] = '\0';
}

static void a_zone_is_read(void **state)
{
    (void)state;
    char text[96];
    vg_mrz m;
    vg_err err = {0};
    write_mrz("036191000123", "910205", 'F', "310205", "TRAN<<THI<MAI", text);
    assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, &err), VG_OK);
    assert_string_equal(m.name, "TRAN THI MAI");
    assert_int_equal(m.born.year, 1991);
    assert_int_equal(m.expires.year, 2031);
    assert_int_equal(m.hints, 0);
    write_mrz("036203000123", "030205", 'F', "<<<<<<", "TRAN<<THI<MAI", text);
    assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, &err), VG_OK);
    assert_int_equal(m.born.year, 2003);
    assert_int_equal(m.expires.year, 0);
    assert_int_equal(m.hints, VG_ID_HINT_SEX);
}

// Any one wrong character among the checked ones is found (weights and 10 have a common divisor only where
// the difference of the values is 10 or 20: digits alone never are).
static void any_wrong_digit_is_found(void **state)
{
    (void)state;
    char text[96];
    vg_mrz m;
    vg_prop r = vg_prop_seed("mrz");
    for (int i = 0; i < 300; i++) {
        char id[13], born[7];
        snprintf(
            id, sizeof id, "%03llu%llu%02llu%06llu", 1 + (unsigned long long)vg_prop_below(&r, 96),
            (unsigned long long)vg_prop_below(&r, 4), (unsigned long long)vg_prop_below(&r, 100),
            (unsigned long long)vg_prop_below(&r, 1000000));
        snprintf(born, sizeof born, "%.2s%02llu%02llu", id + 4,
                 1 + (unsigned long long)vg_prop_below(&r, 12),
                 1 + (unsigned long long)vg_prop_below(&r, 28));
        write_mrz(id, born, (id[3] - '0') % 2 ? 'F' : 'M', "350101", "LE<<VAN<AN", text);
        assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, NULL), VG_OK);
        assert_int_equal(m.hints, 0);
        for (size_t k = 5; k < 61; k++) {
            const char was = text[k];
            if (was < '0' || was > '9') {
                continue;
            }
            text[k] = (char)('0' + (was - '0' + 1 + (int)vg_prop_below(&r, 9)) % 10);
            assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, NULL), VG_EINVALID);
            text[k] = was;
        }
    }
}

static void zones_that_are_none(void **state)
{
    (void)state;
    vg_mrz m;
    vg_err err = {0};
    char text[96];
    assert_int_equal(vg_mrz_parse(VG_S("IDVNM"), &m, &err), VG_EINVALID);
    assert_string_equal(err.key, "ident.mrz_length");
    assert_int_equal(vg_mrz_parse(VG_S("ID*"), &m, &err), VG_EINVALID);
    assert_string_equal(err.key, "ident.mrz_character");
    write_mrz("036191000123", "910205", 'F', "310205", "TRAN<<THI<MAI", text);
    text[2] = 'U';
    assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, &err), VG_EINVALID);
    assert_string_equal(err.key, "ident.mrz_country");
    write_mrz("036191000123", "911305", 'F', "310205", "TRAN<<THI<MAI", text);
    assert_int_equal(vg_mrz_parse(vg_str_c(text), &m, &err), VG_EINVALID);
    assert_string_equal(err.field, "born");
}

static void the_synthetic_zones_agree(void **state)
{
    (void)state;
    char text[512];
    FILE *f = beside("mrz_td1_synthetic.txt");
    const size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    int zones = 0;
    for (char *p = text; *p;) {
        char *end = strstr(p, "\n\n");
        const size_t len = end ? (size_t)(end - p) : strlen(p);
        vg_mrz m;
        vg_err err = {0};
        if (len > 30 && vg_mrz_parse((vg_str){p, len}, &m, &err) != VG_OK) {
            fail_msg("%s %s", err.field, err.key);
        }
        zones += len > 30;
        p += len;
        p += strspn(p, "\n");
    }
    assert_true(zones >= 3);
}

// --- names --------------------------------------------------------------------------------------
static void names_are_compared_by_what_must_be_forgotten(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        vg_name_match want;
    } CASES[] = {
        {"Nguyễn Thị Đào", "NGUYỄN  THỊ ĐÀO", VG_NAME_SAME},
        {"Nguyễn Thị Đào", "Nguyê\u0303n Thi\u0323 Đa\u0300o", VG_NAME_SAME},
        {"Lê Thị Mận", "Lê Thị Mâ\u0323n", VG_NAME_SAME},
        {"Lê Thị Mận", "Lê Thị Ma\u0323\u0302n", VG_NAME_SAME},
        {"Nguyễn Thị Đào", "nguyen thi dao", VG_NAME_NO_MARKS},
        {"Nguyễn Thị Đào", "Nguyễn Thị Đảo", VG_NAME_NO_MARKS},
        {"Nguyễn Thị Đào", "DAO Nguyen Thi", VG_NAME_ANY_ORDER},
        {"Nguyễn Thị Đào", "Nguyễn Thị", VG_NAME_DIFFERENT},
        {"", "", VG_NAME_DIFFERENT},
        {"\xff", "\xff", VG_NAME_DIFFERENT},
    };
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        assert_int_equal(vg_name_compare(vg_str_c(CASES[i].a), vg_str_c(CASES[i].b)),
                         CASES[i].want);
        assert_int_equal(vg_name_compare(vg_str_c(CASES[i].b), vg_str_c(CASES[i].a)),
                         CASES[i].want);
    }
}

static void write_words(char *out, size_t cap, const char *const *words, const size_t *at, size_t n)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t k = 0; k < n; k++) {
        len += (size_t)snprintf(out + len, cap - len, "%s ", words[at[k]]);
    }
}

static void a_key_forgets_the_order_of_words(void **state)
{
    (void)state;
    static const char *const WORDS[] = {"Nguyễn", "Thị", "Đào", "Kim", "Văn", "Ánh"};
    vg_prop r = vg_prop_seed("name");
    for (int i = 0; i < 500; i++) {
        size_t at[6], n = 1 + vg_prop_below(&r, 6);
        char a[128], b[128], x[VG_NAME_KEY], y[VG_NAME_KEY];
        for (size_t k = 0; k < n; k++) {
            at[k] = vg_prop_below(&r, VG_LEN(WORDS));
        }
        write_words(a, sizeof a, WORDS, at, n);
        for (size_t k = n; k > 1; k--) {
            const size_t j = vg_prop_below(&r, k), t = at[k - 1];
            at[k - 1] = at[j];
            at[j] = t;
        }
        write_words(b, sizeof b, WORDS, at, n);
        assert_int_equal(vg_name_key(vg_str_c(a), x), vg_name_key(vg_str_c(b), y));
        assert_string_equal(x, y);
    }
    char long_name[2000], key[VG_NAME_KEY];
    memset(long_name, 'a', sizeof long_name);
    for (size_t i = 9; i < sizeof long_name; i += 10) {
        long_name[i] = ' ';
    }
    assert_true(vg_name_key((vg_str){long_name, sizeof long_name}, key) < VG_NAME_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_tells_century_sex_and_place),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(a_card_is_read),
        cmocka_unit_test(six_and_eleven_fields_are_cards_too),
        cmocka_unit_test(what_does_not_fit_is_hinted),
        cmocka_unit_test(faults_name_their_field),
        cmocka_unit_test(the_labelled_cards_agree),
        cmocka_unit_test(a_zone_is_read),
        cmocka_unit_test(any_wrong_digit_is_found),
        cmocka_unit_test(zones_that_are_none),
        cmocka_unit_test(the_synthetic_zones_agree),
        cmocka_unit_test(names_are_compared_by_what_must_be_forgotten),
        cmocka_unit_test(a_key_forgets_the_order_of_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
