// SPDX-License-Identifier: Apache-2.0
// Text: vg_str is a borrowed view (not NUL-terminated), vg_buf a growing owned buffer with a sticky
// failure flag, so that long runs of appends are checked once at the end.
#pragma once

#include "base/arena.h"

typedef struct vg_str {
    const char *p;
    size_t n;
} vg_str;

#define VG_S(lit) ((vg_str){"" lit, sizeof(lit) - 1})
#define VG_FMT(s) (int)(s).n, (s).p  // for "%.*s"

static inline vg_str vg_str_c(const char *z)  // NULL gives the empty view
{
    return (vg_str){z ? z : "", z ? strlen(z) : 0};
}

static inline bool vg_str_eq(vg_str a, vg_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool vg_str_eqc(vg_str a, const char *z)
{
    return vg_str_eq(a, vg_str_c(z));
}

bool vg_str_starts(vg_str s, const char *prefix);
vg_str vg_str_trim(vg_str s);                 // ASCII blanks
vg_str vg_str_dup(vg_arena *a, vg_str s);     // {NULL,0} past the arena's limit
const char *vg_str_z(vg_arena *a, vg_str s);  // NUL-terminated copy; NULL past the limit
vg_str vg_str_f(vg_arena *a, const char *fmt, ...) VG_PRINTF(2, 3);
vg_status vg_str_i64(vg_str s, int64_t min, int64_t max, int64_t *ret_v, vg_err *err) VG_USE_RESULT;
void vg_hex(const void *bytes, size_t n, char *out);  // out has 2n+1 bytes, lower case
bool vg_unhex(vg_str hex, void *out, size_t n);       // exactly 2n digits, either case

typedef struct vg_buf {
    char *p;
    size_t n, cap, max;
    bool failed;  // an append would have passed max: content is what fitted before it
} vg_buf;

void vg_buf_init(vg_buf *b, size_t max_bytes);
void vg_buf_done(vg_buf *b);   // safe on a zeroed one
void vg_buf_reset(vg_buf *b);  // keeps the memory
void vg_buf_add(vg_buf *b, const void *p, size_t n);
void vg_buf_c(vg_buf *b, const char *z);
void vg_buf_s(vg_buf *b, vg_str s);
void vg_buf_ch(vg_buf *b, char c);
void vg_buf_i64(vg_buf *b, int64_t v);
void vg_buf_f(vg_buf *b, const char *fmt, ...) VG_PRINTF(2, 3);
const char *vg_buf_z(vg_buf *b);  // terminates and returns; borrowed

static inline vg_str vg_buf_str(const vg_buf *b)
{
    return (vg_str){b->p ? b->p : "", b->n};
}
