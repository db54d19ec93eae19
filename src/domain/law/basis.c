// SPDX-License-Identifier: Apache-2.0
// What stands on which article: read off the command tables, where a field names its law, and off the terms. The
// console shows it beside the field ("căn cứ"); the API document says the same as x-law. Nothing is kept here.
#include "domain/law/law.h"

static void refs(vg_jw *w, const char *law)
{
    vg_jw_key(w, "refs");
    vg_jw_open(w, '[');
    for (const char *p = law; *p;) {
        const size_t n = strcspn(p, " ");
        vg_jw_str(w, (vg_str){p, n});
        p += n + strspn(p + n, " ");
    }
    vg_jw_close(w, ']');
}

static void fields(vg_jw *w, const vg_command *c)
{
    for (const vg_field *f = c->fields; f && f->name; f++) {
        if (f->law) {
            char of[120];
            snprintf(of, sizeof of, "%s.%s", c->name, f->name);
            vg_jw_open(w, '{');
            vg_jw_kz(w, "of", of);
            refs(w, f->law);
            vg_jw_close(w, '}');
        }
    }
}

vg_status law_basis(vg_read *rd, const vg_args *args, vg_err *err)
{
    (void)args;
    (void)err;
    const vg_module *m;
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_command *c = m->commands; c && c->name; c++) {
            fields(&rd->out, c);
        }
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
