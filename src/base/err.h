// SPDX-License-Identifier: Apache-2.0
// Outcomes. Every function that can fail for a reason outside the program returns vg_status and fills
// a caller-owned vg_err (which may be NULL). The text a person reads is not here: an error carries a
// catalogue key and one detail, and is rendered in the reader's language at the edge (base/i18n.h).
#pragma once

#include "base/ban.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VG_USE_RESULT __attribute__((warn_unused_result))
#define VG_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define VG_CLEANUP(f) __attribute__((cleanup(f)))
#define VG_LEN(a) (sizeof(a) / sizeof((a)[0]))

typedef enum vg_status {
#define X(name, http, exit_code) VG_##name,
#include "base/status.def"
#undef X
} vg_status;

typedef struct vg_err {
    vg_status code;
    const char *where;  // function of the origin, static
    const char *key;    // catalogue key, static; NULL means "status.<name>"
    char field[48];     // the offending field as the caller named it, or ""
    char detail[160];   // one value for the text's {detail}; never a secret
} vg_err;

// Fills err (if not NULL) and returns code, so that callers write `return vg_fail(...)`. Callers
// above pass the error on unchanged. fmt renders the detail and may be "".
#define vg_fail(err, code, field, key, ...) vg_fail_at(err, code, __func__, field, key, __VA_ARGS__)
vg_status vg_fail_at(vg_err *err, vg_status code, const char *where, const char *field,
                     const char *key, const char *fmt, ...) VG_PRINTF(6, 7);

const char *vg_status_name(vg_status code);  // "EINVALID"
int vg_status_http(vg_status code);
int vg_status_exit(vg_status code);

// Returns from the calling function when expr is not VG_OK.
#define VG_TRY(expr)                        \
    do {                                    \
        const vg_status vg_try_st = (expr); \
        if (vg_try_st != VG_OK) {           \
            return vg_try_st;               \
        }                                   \
    } while (0)

// malloc family that never returns NULL: running out of memory ends the process after one log line
// (the journal makes a restart safe). Sizes from outside are limited before they come here.
void *vg_alloc(size_t n);  // zeroed
void *vg_realloc(void *p, size_t n);
char *vg_strdup(const char *s);
