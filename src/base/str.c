// SPDX-License-Identifier: Apache-2.0
// Views never own; buffers own and grow by doubling up to a stated maximum.
#include "base/str.h"

#include <errno.h>

bool vg_str_starts(vg_str s, const char *prefix)
{
    const size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

vg_str vg_str_trim(vg_str s)
{
    while (s.n && blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n && blank(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

const char *vg_str_z(vg_arena *a, vg_str s)
{
    char *p = vg_arena_get(a, s.n + 1);
    if (p && s.n) {
        memcpy(p, s.p, s.n);
    }
    return p;
}

vg_str vg_str_dup(vg_arena *a, vg_str s)
{
    const char *p = vg_str_z(a, s);
    return (vg_str){p, p ? s.n : 0};
}

vg_str vg_str_f(vg_arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = vg_arena_get(a, (size_t)n + 1);
    if (p) {
        vsnprintf(p, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    return (vg_str){p, p ? (size_t)n : 0};
}

vg_status vg_str_i64(vg_str s, int64_t min, int64_t max, int64_t *ret_v, vg_err *err)
{
    char tmp[24];
    if (s.n == 0 || s.n >= sizeof tmp || blank(s.p[0])) {
        return vg_fail(err, VG_EINVALID, "", "err.not_a_number", "%.*s", (int)(s.n > 40 ? 40 : s.n),
                       s.p);
    }
    memcpy(tmp, s.p, s.n);
    tmp[s.n] = 0;
    char *end;
    errno = 0;
    const long long v = strtoll(tmp, &end, 10);
    if (errno || end != tmp + s.n) {
        return vg_fail(err, VG_EINVALID, "", "err.not_a_number", "%s", tmp);
    }
    if (v < min || v > max) {
        return vg_fail(err, VG_EINVALID, "", "err.out_of_range", "%s (%lld–%lld)", tmp,
                       (long long)min, (long long)max);
    }
    *ret_v = v;
    return VG_OK;
}

void vg_hex(const void *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *b = bytes;
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[b[i] >> 4];
        out[2 * i + 1] = digits[b[i] & 15];
    }
    out[2 * n] = 0;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool vg_unhex(vg_str hex, void *out, size_t n)
{
    if (hex.n != 2 * n) {
        return false;
    }
    unsigned char *o = out;
    for (size_t i = 0; i < n; i++) {
        const int hi = nibble(hex.p[2 * i]), lo = nibble(hex.p[2 * i + 1]);
        if (hi < 0 || lo < 0) {
            return false;
        }
        o[i] = (unsigned char)(hi << 4 | lo);
    }
    return true;
}

void vg_buf_init(vg_buf *b, size_t max_bytes)
{
    *b = (vg_buf){.max = max_bytes};
}

void vg_buf_done(vg_buf *b)
{
    free(b->p);
    *b = (vg_buf){.max = b->max};
}

void vg_buf_reset(vg_buf *b)
{
    b->n = 0;
    b->failed = false;
}

static bool room(vg_buf *b, size_t n)
{
    if (b->failed || n > b->max - b->n) {
        b->failed = true;
        return false;
    }
    if (b->cap - b->n < n + 1) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        while (cap - b->n < n + 1) {
            cap *= 2;
        }
        b->p = vg_realloc(b->p, cap);
        b->cap = cap;
    }
    return true;
}

void vg_buf_add(vg_buf *b, const void *p, size_t n)
{
    if (n && room(b, n)) {
        memcpy(b->p + b->n, p, n);
        b->n += n;
    }
}

void vg_buf_c(vg_buf *b, const char *z)
{
    vg_buf_add(b, z, strlen(z));
}

void vg_buf_s(vg_buf *b, vg_str s)
{
    vg_buf_add(b, s.p, s.n);
}

void vg_buf_ch(vg_buf *b, char c)
{
    vg_buf_add(b, &c, 1);
}

void vg_buf_i64(vg_buf *b, int64_t v)
{
    char tmp[24];
    size_t i = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do {
        tmp[--i] = (char)('0' + u % 10);
        u /= 10;
    } while (u);
    if (v < 0) {
        tmp[--i] = '-';
    }
    vg_buf_add(b, tmp + i, sizeof tmp - i);
}

void vg_buf_f(vg_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0 && room(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

const char *vg_buf_z(vg_buf *b)
{
    if (!b->p) {
        return "";
    }
    b->p[b->n] = 0;  // room() always leaves one byte
    return b->p;
}
