// SPDX-License-Identifier: Apache-2.0
// utf8proc does the tables; what is ours is đ→d, which no Unicode decomposition gives, and folding into the
// caller's memory, for it is done for every row that changes and every word that is looked for.
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

// Nothing but letters that are composed already and marks that are none: below U+0300, or Latin of Viet Nam
// (U+1E00 to U+1EFF). False says nothing.
static bool surely_composed(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char *p = (const unsigned char *)s.p + i;
        const size_t left = s.n - i;
        if (p[0] < 0x80) {
            continue;
        }
        if (left >= 2 && p[0] >= 0xC2 && p[0] <= 0xCB && (p[1] & 0xC0) == 0x80) {
            i += 1;
        } else if (left >= 3 && p[0] == 0xE1 && p[1] >= 0xB8 && p[1] <= 0xBB &&
                   (p[2] & 0xC0) == 0x80) {
            i += 2;
        } else {
            return false;
        }
    }
    return true;
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
    if (ascii || surely_composed(s)) {
        *ret = s;
        return VG_OK;
    }
    return map(a, s, UTF8PROC_COMPOSE | UTF8PROC_STABLE, ret, err);
}

// One letter of the folded text; blanks collapse. Returns how many bytes it took, 0 past the room.
static size_t fold_put(utf8proc_int32_t c, char *out, size_t n, size_t cap)
{
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0) {
        return n == 0 || out[n - 1] == ' ' ? n : (out[n] = ' ', n + 1);
    }
    utf8proc_uint8_t b[4];
    const size_t k = (size_t)utf8proc_encode_char(c == 0x111 ? 'd' : c, b);
    if (n + k >= cap) {
        return SIZE_MAX;
    }
    memcpy(out + n, b, k);
    return n + k;
}

// The letters one code point folds to, at most max.
static size_t fold_one(utf8proc_int32_t c, utf8proc_int32_t *to, size_t max)
{
    if (c < 0x80) {
        *to = c >= 'A' && c <= 'Z' ? c + 0x20 : c;
        return 1;
    }
    int last = 0;
    const utf8proc_ssize_t n =
        utf8proc_decompose_char(c, to, (utf8proc_ssize_t)max,
                                UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD, &last);
    return n > 0 && n <= (utf8proc_ssize_t)max ? (size_t)n : 0;
}

size_t vg_fold_to(vg_str s, char *out, size_t cap)
{
    utf8proc_int32_t c, to[20];
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        const utf8proc_ssize_t k =
            utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
        if (k <= 0) {
            return 0;
        }
        i += (size_t)k;
        const size_t m = fold_one(c, to, VG_LEN(to));
        for (size_t j = 0; j < m; j++) {
            const size_t next = n + 1 < cap ? fold_put(to[j], out, n, cap) : SIZE_MAX;
            if (next == SIZE_MAX) {
                return n - (n && out[n - 1] == ' ');
            }
            n = next;
        }
    }
    return n - (n && out[n - 1] == ' ');
}

vg_str vg_fold(vg_arena *a, vg_str s)
{
    const size_t cap = s.n * 4 + 2;
    char *o = vg_arena_get(a, cap);
    return o ? (vg_str){o, vg_fold_to(s, o, cap)} : (vg_str){"", 0};
}
