// SPDX-License-Identifier: Apache-2.0
// What the command line says about itself: a line a verb, one verb in full (`help VERB`, `VERB --help`), and
// everything as JSON in both languages, from which the manual pages are made (tools/man.py). All of it comes from
// the verbs' tables and the catalogue: "cli.verb.<verb>", and of an option "cli.opt.<verb>.<option>" or
// "cli.opt.<option>".
#include "app/cli.h"

static const vg_verb *const VERBS[] = {
#define X(name) &vg_verb_##name,
#include "app/verbs.def"
#undef X
};

const vg_verb *vg_verb_find(const char *name)
{
    for (size_t i = 0; i < VG_LEN(VERBS); i++) {
        if (strcmp(VERBS[i]->name, name) == 0) {
            return VERBS[i];
        }
    }
    return NULL;
}

static const vg_option COMMON[] = {{"data", false, "DIR"},
                                   {"json", true, NULL},
                                   {"lang", false, "vi|en"},
                                   {"help", true, NULL},
                                   {0}};

static const char *option_text(const vg_verb *v, const vg_option *o, vg_lang lang)
{
    char key[96];
    snprintf(key, sizeof key, "cli.opt.%s.%s", v->name, o->name);
    if (!vg_tr_known(key)) {
        snprintf(key, sizeof key, "cli.opt.%s", o->name);
    }
    const char *known = vg_tr_known(key);
    return known ? vg_tr(lang, known) : "";
}

static const char *verb_text(const vg_verb *v, vg_lang lang)
{
    char key[48];
    snprintf(key, sizeof key, "cli.verb.%s", v->name);
    const char *known = vg_tr_known(key);
    return known ? vg_tr(lang, known) : "";
}

static void usage(const vg_verb *v, FILE *out)
{
    fprintf(out, "vonggac %s --data DIR", v->name);
    for (const vg_option *o = v->options; o && o->name; o++) {
        fprintf(out, o->flag ? " [--%s]" : " [--%s %s]", o->name, o->value ? o->value : "");
    }
    fprintf(out, "%s%s\n", v->words ? " " : "", v->words ? v->words : "");
}

void vg_help_all(vg_lang lang, FILE *out)
{
    fprintf(out, "%s\n", vg_tr(lang, "cli.usage"));
    for (size_t i = 0; i < VG_LEN(VERBS); i++) {
        fprintf(out, "  %-9s %s\n            ", VERBS[i]->name, verb_text(VERBS[i], lang));
        usage(VERBS[i], out);
    }
}

static void option_lines(const vg_verb *v, const vg_option *o, vg_lang lang, FILE *out)
{
    for (; o && o->name; o++) {
        char head[80];
        snprintf(head, sizeof head, "--%s%s%s", o->name, o->flag ? "" : " ",
                 o->flag || !o->value ? "" : o->value);
        fprintf(out, "  %-30s %s\n", head, option_text(v, o, lang));
    }
}

void vg_help_verb(const vg_verb *v, vg_lang lang, FILE *out)
{
    fprintf(out, "vonggac %s: %s\n\n  ", v->name, verb_text(v, lang));
    usage(v, out);
    fputc('\n', out);
    option_lines(v, v->options, lang, out);
    option_lines(v, COMMON, lang, out);
}

static void option_json(const vg_verb *v, const vg_option *o, vg_jw *w)
{
    for (; o && o->name; o++) {
        vg_jw_open(w, '{');
        vg_jw_kz(w, "name", o->name);
        vg_jw_kz(w, "value", o->flag ? NULL : o->value ? o->value : "");
        vg_jw_kz(w, "vi", option_text(v, o, VG_VI));
        vg_jw_kz(w, "en", option_text(v, o, VG_EN));
        vg_jw_close(w, '}');
    }
}

void vg_help_json(vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < VG_LEN(VERBS); i++) {
        vg_jw_open(&w, '{');
        vg_jw_kz(&w, "name", VERBS[i]->name);
        vg_jw_kz(&w, "words", VERBS[i]->words);
        vg_jw_kz(&w, "vi", verb_text(VERBS[i], VG_VI));
        vg_jw_kz(&w, "en", verb_text(VERBS[i], VG_EN));
        vg_jw_key(&w, "options");
        vg_jw_open(&w, '[');
        option_json(VERBS[i], VERBS[i]->options, &w);
        option_json(VERBS[i], COMMON, &w);
        vg_jw_close(&w, ']');
        vg_jw_close(&w, '}');
    }
    vg_jw_close(&w, ']');
}
