// SPDX-License-Identifier: Apache-2.0
// The list of findings: adding, counting, saying. A finding holds no words, only keys and a value, so that the
// same list is read in both languages. It does not decide what is bad: who adds does.
#include "domain/care/exam.h"

vg_finding *vg_exam_add(vg_exam *x, const char *what, const char *state, vg_grade grade,
                        const char *fmt, ...)
{
    vg_finding *f = &x->v[x->n < VG_LEN(x->v) ? x->n++ : VG_LEN(x->v) - 1];
    va_list ap;
    *f = (vg_finding){.what = what, .state = state, .grade = grade};
    va_start(ap, fmt);
    vsnprintf(f->value, sizeof f->value, fmt, ap);
    va_end(ap);
    return f;
}

size_t vg_exam_count(const vg_exam *x, vg_grade at_least)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) {
        n += x->v[i].grade >= at_least;
    }
    return n;
}

const char *vg_grade_name(vg_grade g)
{
    static const char *const names[] = {"fine", "note", "soon", "must"};
    return names[g];
}

static void say(const vg_finding *f, vg_lang lang, const char *tail, vg_buf *out)
{
    char key[96];
    vg_buf value;
    vg_buf_init(&value, 1024);
    if (f->why[0] && f->value[0]) {
        vg_buf_f(&value, "%s: %s", f->value, vg_tr(lang, f->why));
    } else {
        vg_buf_c(&value, f->why[0] ? vg_tr(lang, f->why) : f->value);
    }
    snprintf(key, sizeof key, "doctor.%s.%s%s", f->what, f->state, tail);
    vg_tr_add(out, lang, key, (const char *const[]){"value", vg_buf_z(&value), NULL});
    vg_buf_done(&value);
}

void vg_finding_text(const vg_finding *f, vg_lang lang, vg_buf *out)
{
    say(f, lang, "", out);
}

void vg_finding_remedy(const vg_finding *f, vg_lang lang, vg_buf *out)
{
    if (f->grade >= VG_GRADE_SOON) {
        say(f, lang, ".do", out);
    }
}

static void text_member(const vg_finding *f, vg_lang lang, const char *name, vg_jw *w,
                        void (*what)(const vg_finding *, vg_lang, vg_buf *))
{
    vg_buf text;
    vg_buf_init(&text, 4096);
    what(f, lang, &text);
    vg_jw_kstr(w, name, vg_buf_str(&text));
    vg_buf_done(&text);
}

void vg_exam_json(const vg_exam *x, vg_lang lang, vg_jw *w)
{
    const size_t must = vg_exam_count(x, VG_GRADE_MUST);
    vg_jw_open(w, '{');
    vg_jw_ki64(w, "must", (int64_t)must);
    vg_jw_ki64(w, "soon", (int64_t)(vg_exam_count(x, VG_GRADE_SOON) - must));
    vg_jw_key(w, "findings");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < x->n; i++) {
        const vg_finding *f = &x->v[i];
        vg_jw_open(w, '{');
        vg_jw_kz(w, "what", f->what);
        vg_jw_kz(w, "state", f->state);
        vg_jw_kz(w, "grade", vg_grade_name(f->grade));
        vg_jw_kz(w, "value", f->value);
        text_member(f, lang, "text", w, vg_finding_text);
        text_member(f, lang, "do", w, vg_finding_remedy);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
}
