// SPDX-License-Identifier: Apache-2.0
// JSON three ways: jansson for what comes from outside (strict: duplicate keys, bad UTF-8, depth are
// refused), a writer that appends to a vg_buf, and a scanner that reads single members of our own
// compact bodies without building a tree (hot paths and apply()).
#pragma once

#include "base/str.h"

#include <jansson.h>

enum { VG_JSON_DEPTH = 32 };

// The tree is the caller's (json_decref). Errors: VG_EINVALID with line and column in the detail,
// VG_ETOOBIG past max_bytes.
vg_status vg_json_parse(vg_str text, size_t max_bytes, json_t **ret_tree,
                        vg_err *err) VG_USE_RESULT;

// --- writer -------------------------------------------------------------------------------------
typedef struct vg_jw {
    vg_buf *b;
    bool comma;  // a value stands before the next one at this level
} vg_jw;

static inline vg_jw vg_jw_on(vg_buf *b)
{
    return (vg_jw){b, false};
}
void vg_jw_open(vg_jw *w, char bracket);   // '{' or '['
void vg_jw_close(vg_jw *w, char bracket);  // '}' or ']'
void vg_jw_key(vg_jw *w, const char *key);
void vg_jw_str(vg_jw *w, vg_str s);  // escapes; bytes that are not UTF-8 become U+FFFD
void vg_jw_i64(vg_jw *w, int64_t v);
void vg_jw_f64(vg_jw *w, double v);  // %.6g; NaN and infinities become null
void vg_jw_bool(vg_jw *w, bool v);
void vg_jw_null(vg_jw *w);
void vg_jw_raw(vg_jw *w, vg_str json);  // trusted JSON text
// RFC 3339; 0 gives null. To the millisecond, since events of one moment stand a microsecond apart and so count what lies
// between them; exact only for the journal's own readers (core/opaque.h).
void vg_jw_time(vg_jw *w, int64_t us);
void vg_jw_time_exact(vg_jw *w, int64_t us);
// key and value in one call
void vg_jw_kstr(vg_jw *w, const char *key, vg_str s);
void vg_jw_kz(vg_jw *w, const char *key, const char *z);  // NULL is left out
void vg_jw_ki64(vg_jw *w, const char *key, int64_t v);
void vg_jw_kbool(vg_jw *w, const char *key, bool v);
void vg_jw_ktime(vg_jw *w, const char *key, int64_t us);
void vg_jw_ktime_exact(vg_jw *w, const char *key, int64_t us);
void vg_jw_kraw(vg_jw *w, const char *key, vg_str json);

// --- scanner ------------------------------------------------------------------------------------
// body is one JSON object that we wrote. A missing key is not an error: the functions say so.
bool vg_js_find(vg_str body, const char *key,
                vg_str *ret_raw);  // the raw text of the member's value
// Several members in one pass: ret_raws[i] is the raw text of keys[i], or the empty view.
void vg_js_pick(vg_str body, const char *const *keys, size_t n, vg_str *ret_raws);
// Decoded text; borrows from body when nothing is escaped, else copies into a. Missing, null or not a
// string: the empty view.
vg_str vg_js_str(vg_arena *a, vg_str body, const char *key);
int64_t vg_js_i64(vg_str body, const char *key, int64_t missing);
bool vg_js_bool(vg_str body, const char *key, bool missing);
vg_str vg_js_decode(vg_arena *a, vg_str raw);  // a raw string value to text
// Iterates an array's or object's raw members: start with *at = 0; false at the end. ret_key is set
// for objects (undecoded, without quotes) and may be NULL.
bool vg_js_each(vg_str raw, size_t *at, vg_str *ret_key, vg_str *ret_value);
