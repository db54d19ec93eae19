// SPDX-License-Identifier: Apache-2.0
// TD1 of ICAO 9303 as the citizen's card has it: document number = the last nine of the twelve digits, the
// optional part of line 1 = all twelve, "<<" and a check digit of their own. Five check digits must hold.
// Letters read for digits (O for 0) fail their check: nothing is guessed.
#include "ident/id_card.h"

enum { LINE = 30, LINES = 3, DIGITS = 12 };

static int value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
}

// Goes on from *at in the weights 7 3 1.
static int weigh(const char *p, size_t n, size_t *at)
{
    static const int WEIGHT[] = {7, 3, 1};
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += value(p[i]) * WEIGHT[(*at)++ % 3];
    }
    return sum;
}

static vg_status check(const char *p, size_t n, char digit, const char *field, vg_err *err)
{
    size_t at = 0;
    if (digit - '0' != weigh(p, n, &at) % 10) {
        return vg_fail(err, VG_EINVALID, field, "ident.mrz_check", "%s", "");
    }
    return VG_OK;
}

static vg_status gather(vg_str s, char out[LINES * LINE + 1], vg_err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\n' || c == '\r' || c == ' ') {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c;
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '<')) {
            return vg_fail(err, VG_EINVALID, "mrz", "ident.mrz_character", "%s", "");
        }
        if (n == LINES * LINE) {
            return vg_fail(err, VG_EINVALID, "mrz", "ident.mrz_length", "%s", "");
        }
        out[n++] = c;
    }
    out[n] = '\0';
    return n == LINES * LINE ? VG_OK
                             : vg_fail(err, VG_EINVALID, "mrz", "ident.mrz_length", "%s", "");
}

static vg_status checks(const char *a, const char *b, vg_err *err)
{
    VG_TRY(check(a + 5, 9, a[14], "number", err));
    VG_TRY(check(a + 15, DIGITS, a[29], "id_number", err));
    VG_TRY(check(b, 6, b[6], "born", err));
    VG_TRY(check(b + 8, 6, b[14], "expires", err));
    size_t at = 0;
    int sum = weigh(a + 5, 25, &at);
    sum += weigh(b, 7, &at);
    sum += weigh(b + 8, 7, &at);
    sum += weigh(b + 18, 11, &at);
    if (b[29] - '0' != sum % 10) {
        return vg_fail(err, VG_EINVALID, "mrz", "ident.mrz_check", "%s", "");
    }
    return VG_OK;
}

static vg_status read_day(const char *p, int century, const char *field, vg_day *ret, vg_err *err)
{
    for (int i = 0; i < 6; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return vg_fail(err, VG_EINVALID, field, "ident.date", "%s", "");
        }
    }
    const int yy = value(p[0]) * 10 + value(p[1]);
    const int mm = value(p[2]) * 10 + value(p[3]), dd = value(p[4]) * 10 + value(p[5]);
    if (mm > 12 || dd > 31 || (mm == 0) != (dd == 0)) {
        return vg_fail(err, VG_EINVALID, field, "ident.date", "%s", "");
    }
    *ret = (vg_day){(int16_t)(century + yy), (int8_t)mm, (int8_t)dd};
    return VG_OK;
}

// "NGUYEN<<VAN<A<<<" becomes "NGUYEN VAN A".
static void read_name(const char *p, char out[LINE + 1])
{
    size_t n = 0;
    for (int i = 0; i < LINE; i++) {
        if (p[i] != '<') {
            out[n++] = p[i];
        } else if (n && out[n - 1] != ' ') {
            out[n++] = ' ';
        }
    }
    n -= n && out[n - 1] == ' ';
    out[n] = '\0';
}

vg_status vg_mrz_parse(vg_str s, vg_mrz *ret, vg_err *err)
{
    char all[LINES * LINE + 1] = {0};
    vg_mrz m = {0};
    VG_TRY(gather(s, all, err));
    const char *a = all, *b = all + LINE;
    if (memcmp(a, "IDVNM", 5) != 0 || memcmp(b + 15, "VNM", 3) != 0) {
        return vg_fail(err, VG_EINVALID, "mrz", "ident.mrz_country", "%s", "");
    }
    VG_TRY(checks(a, b, err));
    VG_TRY(vg_id_number_parse((vg_str){a + 15, DIGITS}, &m.id, err));
    if (memcmp(a + 5, m.id.digits + 3, 9) != 0) {
        return vg_fail(err, VG_EINVALID, "number", "ident.mrz_check", "%s", "");
    }
    // the century of birth is in the number; cards end in this one
    VG_TRY(read_day(b, m.id.birth_year / 100 * 100, "born", &m.born, err));
    if (memcmp(b + 8, "<<<<<<", 6) != 0) {
        VG_TRY(read_day(b + 8, 2000, "expires", &m.expires, err));
    }
    m.sex = b[7] == 'M' ? VG_SEX_MALE : b[7] == 'F' ? VG_SEX_FEMALE : VG_SEX_UNKNOWN;
    read_name(all + 2 * LINE, m.name);
    if (!*m.name) {
        return vg_fail(err, VG_EINVALID, "name", "ident.name_empty", "%s", "");
    }
    m.hints = vg_id_hints(&m.id, m.sex, m.born);
    *ret = m;
    return VG_OK;
}
