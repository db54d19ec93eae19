// SPDX-License-Identifier: Apache-2.0
// utf8proc does the tables; what is ours is đ→d, which no Unicode decomposition gives.
#include "base/text.h"

#include <utf8proc.h>

size_t vg_utf8_prefix(vg_str s)
{
    size_t i = 0;
    while (i < s.n) {
        if ((unsigned char)s.p[i] < 0x80) {
            i++;
            continue;
        }
        utf8proc_int32_t c;
        const utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
        if (n <= 0) {
            return i;
        }
        i += (size_t)n;
    }
    return i;
}

bool vg_utf8_valid(vg_str s)
{
    return vg_utf8_prefix(s) == s.n;
}

size_t vg_utf8_count(vg_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    }
    return n;
}

static vg_status map(vg_arena *a, vg_str s, utf8proc_option_t opt, vg_str *ret, vg_err *err)
{
    utf8proc_uint8_t *out = NULL;
    const utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &out, opt);
    if (n < 0) {
        free(out);
        return vg_fail(err, VG_EINVALID, "", "err.not_utf8", "%s", "");
    }
    *ret = vg_str_dup(a, (vg_str){(const char *)out, (size_t)n});
    free(out);
    return ret->p ? VG_OK : vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", s.n);
}

vg_status vg_nfc(vg_arena *a, vg_str s, vg_str *ret, vg_err *err)
{
    bool ascii = true;
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) {
            return vg_fail(err, VG_EINVALID, "", "err.control_character", "0x%02x", c);
        }
        ascii = ascii && c < 0x80;
    }
    if (ascii) {
        *ret = s;
        return VG_OK;
    }
    return map(a, s, UTF8PROC_COMPOSE | UTF8PROC_STABLE, ret, err);
}

vg_str vg_fold(vg_arena *a, vg_str s)
{
    vg_str m = {0};
    const utf8proc_option_t opt = UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD;
    if (map(a, s, opt, &m, NULL) != VG_OK) {
        return (vg_str){"", 0};
    }
    char *o = vg_arena_get(a, m.n + 1);
    if (!o) {
        return (vg_str){"", 0};
    }
    size_t n = 0;
    for (size_t i = 0; i < m.n; i++) {
        const bool d_bar =
            i + 1 < m.n && (unsigned char)m.p[i] == 0xC4 && (unsigned char)m.p[i + 1] == 0x91;
        const char c = d_bar ? 'd' : m.p[i] == '\t' || m.p[i] == '\n' ? ' ' : m.p[i];
        i += d_bar;
        if (c != ' ' || (n && o[n - 1] != ' ')) {
            o[n++] = c;
        }
    }
    while (n && o[n - 1] == ' ') {
        n--;
    }
    return (vg_str){o, n};
}
