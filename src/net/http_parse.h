// SPDX-License-Identifier: Apache-2.0
// The parts of an HTTP request we read ourselves: the target (path and query) and cookies. Pure
// functions over bytes from outside; results live in the arena.
#pragma once

#include "base/str.h"

enum { VG_HTTP_MAX_PAIRS = 32, VG_HTTP_MAX_TARGET = 4096 };

typedef struct vg_http_pair {
    vg_str name, value;
} vg_http_pair;

typedef struct vg_http_target {
    vg_str path;  // decoded; starts with '/', no empty, "." or ".." segment
    size_t n_query;
    vg_http_pair *query;  // decoded, in the order they came
} vg_http_target;

// Errors: VG_EINVALID (not UTF-8, control characters, bad escapes, an escaped slash, dot segments, a
// parameter given twice), VG_ETOOBIG (too long, too many parameters).
vg_status vg_http_target_parse(vg_arena *a, vg_str raw, vg_http_target *ret,
                               vg_err *err) VG_USE_RESULT;
// The value of the first cookie of that name in a Cookie header; the empty view if there is none.
vg_str vg_http_cookie_find(vg_str header, const char *name);
// Is token one of the comma-separated parts of a header ("gzip, br;q=0.5")? Weights of 0 say no.
bool vg_http_list_has(vg_str header, const char *token);
// If-None-Match against one entity tag ("*" matches all; weak comparison).
bool vg_http_etag_matches(vg_str header, vg_str etag);
