// SPDX-License-Identifier: Apache-2.0
// Reads members of a JSON text in place. It is used on bodies that this program wrote, but never
// trusts them: any malformed text ends the scan as "not found", it cannot read past the view.
#include "base/json.h"

static size_t blanks(vg_str s, size_t i)
{
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t')) {
        i++;
    }
    return i;
}

// i at the opening quote; one past the closing, 0 if none. A quote after an odd number of backslashes is text.
static size_t string_end(vg_str s, size_t i)
{
    const char *const begin = s.p + i + 1, *const end = s.p + s.n;
    for (const char *at = begin; at < end;) {
        const char *quote = memchr(at, '"', (size_t)(end - at)), *slash = quote;
        while (slash && slash > begin && slash[-1] == '\\') {
            slash--;
        }
        if (!quote || (quote - slash) % 2 == 0) {
            return quote ? (size_t)(quote - s.p) + 1 : 0;
        }
        at = quote + 1;
    }
    return 0;
}

static size_t value_end(vg_str s, size_t i)  // one past the value starting at i; 0 if malformed
{
    if (i >= s.n) {
        return 0;
    }
    if (s.p[i] == '"') {
        return string_end(s, i);
    }
    if (s.p[i] != '{' && s.p[i] != '[') {
        const size_t from = i;
        while (i < s.n && s.p[i] != ',' && s.p[i] != '}' && s.p[i] != ']' && s.p[i] > ' ') {
            i++;
        }
        return i > from ? i : 0;
    }
    int depth = 0;
    while (i < s.n) {
        const char c = s.p[i];
        if (c == '"') {
            i = string_end(s, i);
            if (!i) {
                return 0;
            }
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        i++;
        if (depth == 0) {
            return i;
        }
    }
    return 0;
}

bool vg_js_each(vg_str raw, size_t *at, vg_str *ret_key, vg_str *ret_value)
{
    size_t i = *at;
    if (i == 0) {
        i = blanks(raw, 0);
        if (i >= raw.n || (raw.p[i] != '{' && raw.p[i] != '[')) {
            return false;
        }
        i++;
    }
    i = blanks(raw, i);
    if (i < raw.n && raw.p[i] == ',') {
        i = blanks(raw, i + 1);
    }
    if (i >= raw.n || raw.p[i] == '}' || raw.p[i] == ']') {
        return false;
    }
    if (raw.p[0] == '{' || raw.p[blanks(raw, 0)] == '{') {
        const size_t end = raw.p[i] == '"' ? string_end(raw, i) : 0;
        const size_t colon = end ? blanks(raw, end) : 0;
        if (!colon || colon >= raw.n || raw.p[colon] != ':') {
            return false;
        }
        if (ret_key) {
            *ret_key = (vg_str){raw.p + i + 1, end - i - 2};
        }
        i = blanks(raw, colon + 1);
    }
    const size_t end = value_end(raw, i);
    if (!end) {
        return false;
    }
    *ret_value = (vg_str){raw.p + i, end - i};
    *at = end;
    return true;
}

bool vg_js_find(vg_str body, const char *key, vg_str *ret_raw)
{
    vg_str k = {0}, v;
    const vg_str want = vg_str_c(key);
    for (size_t at = 0; vg_js_each(body, &at, &k, &v);) {
        if (vg_str_eq(k, want)) {
            *ret_raw = v;
            return true;
        }
    }
    return false;
}

void vg_js_pick(vg_str body, const char *const *keys, size_t n, vg_str *ret_raws)
{
    vg_str k = {0}, v;
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        ret_raws[i] = (vg_str){"", 0};
    }
    for (size_t at = 0; found < n && vg_js_each(body, &at, &k, &v);) {
        for (size_t i = 0; i < n; i++) {
            const char *key = keys[i];
            if (*key == *k.p && ret_raws[i].n == 0 && vg_str_eqc(k, key)) {
                ret_raws[i] = v;
                found++;
                break;
            }
        }
    }
}

static size_t put_utf8(char *o, uint32_t c)
{
    if (c < 0x80) {
        o[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        o[0] = (char)(0xC0 | c >> 6);
        o[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        o[0] = (char)(0xE0 | c >> 12);
        o[1] = (char)(0x80 | (c >> 6 & 63));
        o[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    o[0] = (char)(0xF0 | c >> 18);
    o[1] = (char)(0x80 | (c >> 12 & 63));
    o[2] = (char)(0x80 | (c >> 6 & 63));
    o[3] = (char)(0x80 | (c & 63));
    return 4;
}

static bool hex4(vg_str s, size_t i, uint32_t *ret)
{
    unsigned char b[2];
    if (i + 4 > s.n || !vg_unhex((vg_str){s.p + i, 4}, b, 2)) {
        return false;
    }
    *ret = (uint32_t)b[0] << 8 | b[1];
    return true;
}

static size_t unescape(vg_str s, size_t i, char *o,
                       size_t *n)  // i at the letter after the backslash
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *const f = s.p[i] ? strchr(from, s.p[i]) : NULL;
    if (f) {
        o[(*n)++] = to[f - from];
        return i + 1;
    }
    uint32_t c, low;
    if (s.p[i] != 'u' || !hex4(s, i + 1, &c)) {
        return i + 1;
    }
    i += 5;
    if (c >= 0xD800 && c < 0xDC00 && i + 6 <= s.n && s.p[i] == '\\' && s.p[i + 1] == 'u' &&
        hex4(s, i + 2, &low) && low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
    } else if (c >= 0xD800 && c < 0xE000) {
        c = 0xFFFD;
    }
    *n += put_utf8(o + *n, c);
    return i;
}

vg_str vg_js_decode(vg_arena *a, vg_str raw)
{
    if (raw.n < 2 || raw.p[0] != '"') {
        return (vg_str){"", 0};
    }
    const vg_str in = {raw.p + 1, raw.n - 2};
    if (!memchr(in.p, '\\', in.n)) {
        return in;
    }
    char *o = vg_arena_get(a, in.n + 4);
    if (!o) {
        return (vg_str){"", 0};
    }
    size_t n = 0;
    for (size_t i = 0; i < in.n;) {
        if (in.p[i] == '\\' && i + 1 < in.n) {
            i = unescape(in, i + 1, o, &n);
        } else {
            o[n++] = in.p[i++];
        }
    }
    return (vg_str){o, n};
}

vg_str vg_js_str(vg_arena *a, vg_str body, const char *key)
{
    vg_str raw;
    return vg_js_find(body, key, &raw) ? vg_js_decode(a, raw) : (vg_str){"", 0};
}

int64_t vg_js_i64(vg_str body, const char *key, int64_t missing)
{
    vg_str raw;
    int64_t v;
    if (!vg_js_find(body, key, &raw) || vg_str_i64(raw, INT64_MIN, INT64_MAX, &v, NULL) != VG_OK) {
        return missing;
    }
    return v;
}

bool vg_js_bool(vg_str body, const char *key, bool missing)
{
    vg_str raw;
    if (!vg_js_find(body, key, &raw)) {
        return missing;
    }
    return vg_str_eqc(raw, "true") ? true : vg_str_eqc(raw, "false") ? false : missing;
}
