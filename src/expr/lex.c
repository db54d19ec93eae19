// SPDX-License-Identifier: Apache-2.0
// Text to tokens. Everything that begins with a digit is a literal whose form says its type: 12, 3.5, 90s,
// 1h30m, 22:00, 2026-11-22. Days of the week and true, false are words, turned into literals by the parser.
// It does not know names.
#include "expr/expr_impl.h"

#include "base/text.h"

const char *const expr_days[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
const char *const expr_compares[C_N] = {"=", "!=", "<", "<=", ">", ">="};

bool expr_keyword(vg_str word)
{
    static const char *const words[] = {"and", "or", "not", "in", "known", "true", "false"};
    for (size_t i = 0; i < VG_LEN(words); i++) {
        if (vg_str_eqc(word, words[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < VG_LEN(expr_days); i++) {
        if (vg_str_eqc(word, expr_days[i])) {
            return true;
        }
    }
    return false;
}

void expr_fail(reader *r, const token *at, vg_str word, const char *key, const char *meant)
{
    char field[48], place[96];
    if (r->st != VG_OK) {
        return;
    }
    const size_t n = vg_utf8_prefix((vg_str){word.p, word.n < 40 ? word.n : 40});
    snprintf(field, sizeof field, "%.*s", (int)n, word.n ? word.p : "");
    const size_t line = at->line + (r->origin && r->origin->line ? r->origin->line - 1 : 0);
    const char *file = r->origin ? r->origin->file : NULL;
    snprintf(place, sizeof place, "%.60s%s%zu:%zu", file ? file : "", file ? ":" : "", line,
             at->column);
    r->st = meant ? vg_fail(r->err, VG_EINVALID, field, key, "%s (%s)", meant, place)
                  : vg_fail(r->err, VG_EINVALID, field, key, "%s", place);
}

static char peek(const reader *r, size_t ahead)
{
    return r->at + ahead < r->text.n ? r->text.p[r->at + ahead] : 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool wordly(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || digit(c);
}

static void step(reader *r)
{
    const char c = r->text.p[r->at++];
    if (c == '\n') {
        r->line++;
        r->column = 1;
    } else if ((c & 0xC0) != 0x80) {  // columns count characters
        r->column++;
    }
}

// Takes n bytes as the token's text.
static void take(reader *r, size_t n)
{
    r->now.text = (vg_str){r->text.p + r->at, n};
    for (size_t i = 0; i < n; i++) {
        step(r);
    }
}

static int64_t number_of(const char *p, size_t n)  // only digits, at most 15
{
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

static size_t digits(const reader *r, size_t ahead)
{
    size_t n = 0;
    while (digit(peek(r, ahead + n))) {
        n++;
    }
    return n;
}

static void bad_literal(reader *r, size_t n)
{
    while (wordly(peek(r, n))) {
        n++;
    }
    take(r, n);
    expr_fail(r, &r->now, r->now.text, "expr.err.literal", NULL);
}

static void literal(reader *r, size_t n, vg_xvalue v)
{
    if (wordly(peek(r, n))) {
        bad_literal(r, n);
        return;
    }
    take(r, n);
    r->now.kind = T_LITERAL;
    r->now.value = v;
}

static bool day_of_month(int64_t y, int64_t m, int64_t d)
{
    static const uint8_t days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return y >= 1970 && m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] &&
           (m != 2 || d < 29 || leap);
}

static void lex_date(reader *r)
{
    const char *p = r->text.p + r->at;
    const bool form = digits(r, 5) == 2 && peek(r, 7) == '-' && digits(r, 8) == 2;
    const int64_t y = number_of(p, 4), m = form ? number_of(p + 5, 2) : 0,
                  d = form ? number_of(p + 8, 2) : 0;
    if (!form || !day_of_month(y, m, d)) {
        bad_literal(r, 4);
        return;
    }
    literal(r, 10, vg_x_int(VG_X_DATE, vg_time_civil((int)y, (int)m, (int)d, 0, 0, 0) / DAY_US));
}

static void lex_clock(reader *r, size_t hours)
{
    const char *p = r->text.p + r->at;
    const bool seconds = peek(r, hours + 3) == ':' && digit(peek(r, hours + 4));
    const bool form =
        hours <= 2 && digits(r, hours + 1) == 2 && (!seconds || digits(r, hours + 4) == 2);
    const int64_t h = form ? number_of(p, hours) : 24, m = form ? number_of(p + hours + 1, 2) : 0,
                  s = form && seconds ? number_of(p + hours + 4, 2) : 0;
    if (h > 23 || m > 59 || s > 59) {
        bad_literal(r, hours);
        return;
    }
    literal(r, hours + (seconds ? 6 : 3), vg_x_int(VG_X_CLOCK, h * 3600 + m * 60 + s));
}

static void lex_duration(reader *r, size_t first)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    int64_t total = 0;
    size_t at = 0, next = 0;  // units only get smaller: 1h30m, never 30m1h
    for (size_t n = first; n; n = digits(r, at)) {
        size_t u = next;
        while (u < VG_LEN(units) && units[u].unit != peek(r, at + n)) {
            u++;
        }
        if (n > 9 || u == VG_LEN(units)) {
            bad_literal(r, at + n);
            return;
        }
        total += number_of(r->text.p + r->at + at, n) * units[u].seconds;
        next = u + 1;
        at += n + 1;
    }
    if (total > INT64_C(86400) * 36600) {
        bad_literal(r, at);
        return;
    }
    literal(r, at, vg_x_int(VG_X_DURATION, total * VG_SECOND_US));
}

static void lex_number(reader *r, size_t n)
{
    const size_t fraction = peek(r, n) == '.' && digit(peek(r, n + 1)) ? digits(r, n + 1) : 0;
    if (n > 12 || fraction > 3) {
        bad_literal(r, n + (fraction ? fraction + 1 : 0));
        return;
    }
    const char *p = r->text.p + r->at;
    double v = (double)number_of(p, n);
    if (fraction) {
        static const double scale[] = {1, 10, 100, 1000};
        v = ((double)number_of(p, n) * scale[fraction] + (double)number_of(p + n + 1, fraction)) /
            scale[fraction];
    }
    literal(r, n + (fraction ? fraction + 1 : 0), vg_x_number(v));
}

static void lex_digits(reader *r)
{
    const size_t n = digits(r, 0);
    if (n == 4 && peek(r, 4) == '-' && digit(peek(r, 5))) {
        lex_date(r);
    } else if (peek(r, n) == ':') {
        lex_clock(r, n);
    } else if (peek(r, n) && strchr("smhdw", peek(r, n))) {
        lex_duration(r, n);
    } else {
        lex_number(r, n);
    }
}

static void lex_text(reader *r)
{
    vg_buf b;
    vg_buf_init(&b, VG_X_BYTES);
    size_t n = 1;
    while (peek(r, n) && peek(r, n) != '"' && (unsigned char)peek(r, n) >= 32) {
        n += peek(r, n) == '\\' && (peek(r, n + 1) == '"' || peek(r, n + 1) == '\\');
        vg_buf_ch(&b, peek(r, n++));
    }
    if (peek(r, n) != '"') {
        take(r, 1);
        expr_fail(r, &r->now, VG_S("\""), "expr.err.text_end", NULL);
    } else {
        vg_str s = {"", 0};
        const bool ok = vg_nfc(r->arena, vg_buf_str(&b), &s, NULL) == VG_OK;
        take(r, n + 1);
        r->now.kind = T_LITERAL;
        r->now.value = vg_x_text(vg_str_dup(r->arena, s));
        if (!ok || !r->now.value.text.p) {
            expr_fail(r, &r->now, r->now.text, "expr.err.literal", NULL);
        }
    }
    vg_buf_done(&b);
}

static void lex_word(reader *r)
{
    size_t n = 1;
    while (wordly(peek(r, n)) || (peek(r, n) == '.' && wordly(peek(r, n + 1)))) {
        n++;
    }
    take(r, n);
    r->now.kind = T_WORD;
}

static void lex_sign(reader *r)
{
    static const char *const signs[] = {"..", "==", "!=", "<=", ">=", "&&", "||", "<>", "=", "<",
                                        ">",  "(",  ")",  "{",  "}",  "[",  "]",  ",",  "+", "-"};
    static const struct {
        const char *wrong, *right;
    } others[] = {{"==", "="}, {"&&", "and"}, {"||", "or"}, {"<>", "!="}};
    const vg_str rest = {r->text.p + r->at, r->text.n - r->at};
    for (size_t i = 0; i < VG_LEN(signs); i++) {
        if (vg_str_starts(rest, signs[i])) {
            take(r, strlen(signs[i]));
            r->now.kind = T_SIGN;
            for (size_t k = 0; k < VG_LEN(others); k++) {
                if (vg_str_eqc(r->now.text, others[k].wrong)) {
                    expr_fail(r, &r->now, r->now.text, "expr.err.sign_near", others[k].right);
                }
            }
            return;
        }
    }
    const size_t n = vg_utf8_prefix((vg_str){rest.p, rest.n < 4 ? rest.n : 4});
    size_t one = n ? 1 : 0;
    while (one < n && (rest.p[one] & 0xC0) == 0x80) {
        one++;
    }
    const token at = r->now;
    expr_fail(r, &at, (vg_str){rest.p, one}, "expr.err.sign", NULL);
}

void expr_next(reader *r)
{
    while (peek(r, 0) && strchr(" \t\r\n", peek(r, 0))) {
        step(r);
    }
    r->now = (token){.kind = T_END, .line = r->line, .column = r->column};
    if (r->st != VG_OK || r->at >= r->text.n) {
        return;
    }
    const char c = peek(r, 0);
    if (digit(c)) {
        lex_digits(r);
    } else if (c == '"') {
        lex_text(r);
    } else if (wordly(c)) {
        lex_word(r);
    } else {
        lex_sign(r);
    }
    if (r->st != VG_OK) {
        r->now.kind = T_END;
    }
}
