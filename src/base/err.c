// SPDX-License-Identifier: Apache-2.0
// One table from status.def answers name, HTTP status and exit code; an error is written once, at its
// origin, and only passed on after that.
#include "base/err.h"

static const struct {
    const char *name;
    int http;
    int exit_code;
} STATUS[] = {
#define X(name, http, exit_code) {#name, http, exit_code},
#include "base/status.def"
#undef X
};

vg_status vg_fail_at(vg_err *err, vg_status code, const char *where, const char *field,
                     const char *key, const char *fmt, ...)
{
    if (!err) {
        return code;
    }
    err->code = code;
    err->where = where;
    err->key = key;
    snprintf(err->field, sizeof err->field, "%s", field ? field : "");
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->detail, sizeof err->detail, fmt, ap);
    va_end(ap);
    return code;
}

const char *vg_status_name(vg_status code)
{
    return STATUS[code].name;
}

int vg_status_http(vg_status code)
{
    return STATUS[code].http;
}

int vg_status_exit(vg_status code)
{
    return STATUS[code].exit_code;
}

static void *checked(void *p)
{
    if (!p) {
        fputs("level=error event=memory.exhausted\n", stderr);
        abort();
    }
    return p;
}

void *vg_alloc(size_t n)
{
    return checked(calloc(1, n ? n : 1));
}

void *vg_realloc(void *p, size_t n)
{
    return checked(realloc(p, n ? n : 1));
}

char *vg_strdup(const char *s)
{
    return checked(strdup(s));
}
