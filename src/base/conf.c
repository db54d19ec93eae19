// SPDX-License-Identifier: Apache-2.0
// The node's settings as one flat table of "section.key" rows, at most 256: read once, never written,
// never reloaded. What a key means is its reader's business; an unknown key is no fault.
#include "base/conf.h"

#include <ini.h>

struct vg_conf {
    size_t n;
    struct {
        char *key, *value;
    } row[256];
};

static int on_pair(void *user, const char *section, const char *name, const char *value)
{
    vg_conf *c = user;
    if (c->n == VG_LEN(c->row)) {
        return 0;
    }
    vg_buf key;
    vg_buf_init(&key, 256);
    vg_buf_f(&key, "%s.%s", section, name);
    c->row[c->n].key = vg_strdup(vg_buf_z(&key));
    c->row[c->n++].value = vg_strdup(value);
    vg_buf_done(&key);
    return 1;
}

vg_status vg_conf_load(const char *path, vg_conf **ret, vg_err *err)
{
    vg_conf *c = vg_alloc(sizeof *c);
    const int line = ini_parse(path, on_pair, c);
    if (line > 0) {
        vg_conf_destroy(c);
        return vg_fail(err, VG_EINVALID, "", "err.ini_line", "%s:%d", path, line);
    }
    *ret = c;
    return VG_OK;
}

void vg_conf_destroy(vg_conf *c)
{
    if (!c) {
        return;
    }
    for (size_t i = 0; i < c->n; i++) {
        free(c->row[i].key);
        free(c->row[i].value);
    }
    free(c);
}

const char *vg_conf_get(const vg_conf *c, const char *key, const char *missing)
{
    for (size_t i = c ? c->n : 0; i > 0; i--) {
        if (strcmp(c->row[i - 1].key, key) == 0) {
            return c->row[i - 1].value;
        }
    }
    return missing;
}

int64_t vg_conf_i64(const vg_conf *c, const char *key, int64_t missing)
{
    int64_t v;
    const char *s = vg_conf_get(c, key, NULL);
    return s && vg_str_i64(vg_str_c(s), INT64_MIN, INT64_MAX, &v, NULL) == VG_OK ? v : missing;
}
