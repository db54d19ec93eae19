// SPDX-License-Identifier: Apache-2.0
// The twelve digits are: three of the place of registration, one of century and sex (even male, 0 and 1 the
// twentieth century), two of the year, six at random. The QR code is fields between bars; six, seven and
// eleven have been seen, and from the eighth on nothing is read, because those are parents' names.
// Dates are checked against the calendar and not against today: there is no clock here.
#include "ident/id_card.h"

#include "base/text.h"

enum { DIGITS = 12, MAX_FIELDS = 16, MAX_QR = 1024, FEW_WORDS = 2 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int number(const char *p, size_t n)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

vg_status vg_id_number_parse(vg_str s, vg_id_number *ret, vg_err *err)
{
    vg_id_number id = {0};
    char d[DIGITS + 1] = "";
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || s.p[i] == '.') {
            continue;
        }
        if (!is_digit(s.p[i])) {
            return vg_fail(err, VG_EINVALID, "id_number", "ident.id_character", "%s", "");
        }
        if (n == DIGITS) {
            return vg_fail(err, VG_EINVALID, "id_number", "ident.id_length", "%s", "");
        }
        d[n++] = s.p[i];
    }
    // of the first three digits one or two may be zeros, and no more are ever dropped
    if (n < DIGITS - 2 || (n < DIGITS && d[0] == '0')) {
        return vg_fail(err, VG_EINVALID, "id_number", "ident.id_length", "%s", "");
    }
    id.repaired = n < DIGITS;
    memset(id.digits, '0', DIGITS - n);
    memcpy(id.digits + DIGITS - n, d, n);
    id.province = (int16_t)number(id.digits, 3);
    if (id.province == 0) {
        return vg_fail(err, VG_EINVALID, "id_number", "ident.id_province", "%.3s", id.digits);
    }
    const int century = id.digits[3] - '0';
    id.birth_year = (int16_t)(1900 + century / 2 * 100 + number(id.digits + 4, 2));
    id.sex = century % 2 ? VG_SEX_FEMALE : VG_SEX_MALE;
    *ret = id;
    return VG_OK;
}

uint32_t vg_id_hints(const vg_id_number *id, vg_sex sex, vg_day born)
{
    const bool bad_sex = sex != VG_SEX_UNKNOWN && sex != id->sex;
    const bool bad_year = born.year && born.year != id->birth_year;
    return (bad_sex ? VG_ID_HINT_SEX : 0U) | (bad_year ? VG_ID_HINT_YEAR : 0U);
}

static bool day_exists(int y, int m, int d)
{
    static const int8_t DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m >= 1 && m <= 12 && d >= 1 && d <= DAYS[m - 1] + (m == 2 && leap);
}

// --- QR -----------------------------------------------------------------------------------------
static vg_status read_date(vg_str s, const char *field, vg_day *ret, vg_err *err)
{
    bool ok = s.n == 8;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = is_digit(s.p[i]);
    }
    if (ok) {
        const int d = number(s.p, 2), m = number(s.p + 2, 2), y = number(s.p + 4, 4);
        const bool year_only = d == 0 && m == 0;
        ok = y >= 1850 && (year_only || day_exists(y, m, d));
        *ret = (vg_day){(int16_t)y, (int8_t)m, (int8_t)d};
    }
    return ok ? VG_OK : vg_fail(err, VG_EINVALID, field, "ident.date", "%s", "");
}

static vg_status read_sex(vg_str s, vg_sex *ret, vg_err *err)
{
    char folded[16];
    const vg_str f = {folded, vg_fold_to(s, folded, sizeof folded)};
    *ret = vg_str_eqc(f, "nam")  ? VG_SEX_MALE
           : vg_str_eqc(f, "nu") ? VG_SEX_FEMALE
                                 : VG_SEX_UNKNOWN;
    return *ret ? VG_OK : vg_fail(err, VG_EINVALID, "sex", "ident.sex", "%s", "");
}

static vg_status read_old(vg_str s, char out[13], vg_err *err)
{
    bool ok = s.n == 0 || s.n == 9 || s.n == DIGITS;
    for (size_t i = 0; ok && i < s.n; i++) {
        ok = is_digit(s.p[i]);
        out[i] = s.p[i];
    }
    out[ok ? s.n : 0] = '\0';
    return ok ? VG_OK : vg_fail(err, VG_EINVALID, "old_id", "ident.id_length", "%s", "");
}

// Two words or more and not one letter outside ASCII: possible ("Le Hoa Lan"), and worth a look.
static bool without_marks(vg_str name)
{
    size_t blanks = 0;
    for (size_t i = 0; i < name.n; i++) {
        if ((unsigned char)name.p[i] >= 0x80) {
            return false;
        }
        blanks += name.p[i] == ' ';
    }
    return blanks + 1 >= FEW_WORDS;
}

static size_t split(vg_str s, vg_str f[MAX_FIELDS])
{
    size_t n = 0;
    f[0] = (vg_str){s.p, 0};
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '|') {
            f[n].n++;
        } else if (++n == MAX_FIELDS) {
            return MAX_FIELDS + 1;
        } else {
            f[n] = (vg_str){s.p + i + 1, 0};
        }
    }
    return n + 1;
}

static vg_status read_fields(const vg_str *f, bool old, vg_card_qr *q, vg_err *err)
{
    static const vg_str none = {"", 0};
    const vg_str *g = f + (old ? 2 : 1);
    VG_TRY(vg_id_number_parse(f[0], &q->id, err));
    VG_TRY(read_old(old ? f[1] : none, q->old_id, err));
    q->name = vg_str_trim(g[0]);
    if (!q->name.n) {
        return vg_fail(err, VG_EINVALID, "name", "ident.name_empty", "%s", "");
    }
    VG_TRY(read_date(g[1], "born", &q->born, err));
    VG_TRY(read_sex(g[2], &q->sex, err));
    q->home = vg_str_trim(g[3]);
    VG_TRY(read_date(g[4], "issued", &q->issued, err));
    if (q->issued.year < q->born.year) {
        return vg_fail(err, VG_EINVALID, "issued", "ident.date", "%s", "");
    }
    q->hints = vg_id_hints(&q->id, q->sex, q->born);
    q->hints |= without_marks(q->name) ? VG_ID_HINT_NO_MARKS : 0U;
    return VG_OK;
}

vg_status vg_card_qr_parse(vg_str s, vg_card_qr *ret, vg_err *err)
{
    vg_str f[MAX_FIELDS];
    vg_card_qr q = {0};
    s = vg_str_trim(s);
    if (s.n > MAX_QR || !vg_utf8_valid(s)) {
        return vg_fail(err, VG_EINVALID, "qr", "ident.qr_text", "%s", "");
    }
    const size_t n = split(s, f);
    if (n < 6 || n > MAX_FIELDS) {
        return vg_fail(err, VG_EINVALID, "qr", "ident.qr_fields", "%zu", n);
    }
    q.fields = (int)n;
    VG_TRY(read_fields(f, n > 6, &q, err));
    *ret = q;
    return VG_OK;
}
