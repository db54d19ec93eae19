// SPDX-License-Identifier: Apache-2.0
// Compiled tables and bsearch: a fresh Debian has no vi_VN locale, so gettext could not work here.
#include "base/i18n.h"

vg_lang vg_lang_parse(vg_str tag)
{
    return tag.n >= 2 && (tag.p[0] | 0x20) == 'e' && (tag.p[1] | 0x20) == 'n' ? VG_EN : VG_VI;
}

static int by_key(const void *key, const void *row)
{
    return strcmp(key, ((const vg_tr_row *)row)->key);
}

const char *vg_tr(vg_lang lang, const char *key)
{
    const vg_tr_row *r = bsearch(key, vg_tr_rows, vg_tr_n, sizeof *r, by_key);
    return r && r->text[lang] ? r->text[lang] : key;
}

const char *vg_tr_known(const char *key)
{
    const vg_tr_row *r = key ? bsearch(key, vg_tr_rows, vg_tr_n, sizeof *r, by_key) : NULL;
    return r ? r->key : NULL;
}

static const char *arg_value(const char *const *args, const char *name, size_t n)
{
    for (; args && args[0]; args += 2) {
        if (strlen(args[0]) == n && memcmp(args[0], name, n) == 0) {
            return args[1] ? args[1] : "";
        }
    }
    return NULL;
}

void vg_tr_add(vg_buf *out, vg_lang lang, const char *key, const char *const *args)
{
    const char *t = vg_tr(lang, key);
    while (*t) {
        const char *open = strchr(t, '{');
        const char *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            vg_buf_c(out, t);
            return;
        }
        vg_buf_add(out, t, (size_t)(open - t));
        const char *v = arg_value(args, open + 1, (size_t)(close - open - 1));
        if (v) {
            vg_buf_c(out, v);
        } else {
            vg_buf_add(out, open, (size_t)(close - open + 1));
        }
        t = close + 1;
    }
}

void vg_tr_err(vg_buf *out, vg_lang lang, const vg_err *err)
{
    char status_key[40];
    snprintf(status_key, sizeof status_key, "status.%s", vg_status_name(err->code));
    const char *const args[] = {"detail", err->detail, "field", err->field, NULL};
    vg_tr_add(out, lang, err->key ? err->key : status_key, args);
}
