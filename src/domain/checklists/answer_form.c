// SPDX-License-Identifier: Apache-2.0
// What an answer may be, what it means to a condition, when it is a shortcoming; and the template as JSON for
// screens. Numbers are decimal texts with a point, at most three places, as people wrote them.
#include "domain/checklists/spec.h"

enum { ANSWER_BYTES = 2000 };

const spec_item *spec_find(const spec *s, vg_str code)
{
    for (size_t i = 0; i < s->n_items; i++) {
        if (vg_str_eqc(code, s->items[i].code)) {
            return &s->items[i];
        }
    }
    return NULL;
}

static vg_xvalue number_of(vg_str v)
{
    double whole = 0, place = 1;
    size_t at = v.n && v.p[0] == '-', digits = 0, point = 0;
    const bool minus = at;
    for (; at < v.n; at++) {
        if (v.p[at] == '.' && !point && digits) {
            point = at;
        } else if (v.p[at] >= '0' && v.p[at] <= '9' && ++digits <= 12) {
            whole = whole * 10 + (v.p[at] - '0');
            place *= point ? 10 : 1;
        } else {
            return vg_x_unknown(VG_X_NUMBER);
        }
    }
    return digits && place <= 1000 && (!point || place > 1)
               ? vg_x_number((minus ? -whole : whole) / place)
               : vg_x_unknown(VG_X_NUMBER);
}

vg_xvalue spec_value(const spec_item *i, vg_str v)
{
    switch (i->kind) {
    case SPEC_YES_NO:  // "na" is unknown
        return vg_str_eqc(v, "yes")  ? vg_x_bool(true)
               : vg_str_eqc(v, "no") ? vg_x_bool(false)
                                     : vg_x_unknown(VG_X_BOOL);
    case SPEC_NUMBER:
        return number_of(v);
    default:
        return v.n ? vg_x_text(v) : vg_x_unknown(VG_X_TEXT);
    }
}

static const spec_choice *chosen(const spec_item *i, vg_str v)
{
    for (size_t k = 0; k < i->n_choices; k++) {
        if (vg_str_eqc(v, i->choices[k].code)) {
            return &i->choices[k];
        }
    }
    return NULL;
}

vg_status spec_check(const spec_item *i, vg_str v, vg_err *err)
{
    bool good = v.n > 0 && v.n <= ANSWER_BYTES;
    if (i->kind == SPEC_YES_NO) {
        good = vg_str_eqc(v, "yes") || vg_str_eqc(v, "no") || vg_str_eqc(v, "na");
    } else if (i->kind == SPEC_NUMBER) {
        good = number_of(v).known;
    } else if (i->kind == SPEC_CHOICE) {
        good = chosen(i, v) != NULL;
    }
    return good ? VG_OK
                : vg_fail(err, VG_EINVALID, "value", "checklists.not_an_answer", "%s", i->code);
}

bool spec_is_bad(const spec_item *i, vg_str v)
{
    const vg_xvalue n = i->kind == SPEC_NUMBER ? number_of(v) : vg_x_unknown(VG_X_NUMBER);
    switch (i->kind) {
    case SPEC_YES_NO:
        return vg_str_eqc(v, i->finding);
    case SPEC_NUMBER:
        return n.known && ((i->min && n.number < number_of(vg_str_c(i->min)).number) ||
                           (i->max && n.number > number_of(vg_str_c(i->max)).number));
    case SPEC_CHOICE:
        return chosen(i, v) && chosen(i, v)->finding;
    default:
        return false;
    }
}

// --- for screens --------------------------------------------------------------------------------
static void condition_json(const vg_expr *x, vg_jw *out)
{
    vg_buf b;
    vg_buf_init(&b, 8192);
    vg_expr_print(x, &b);
    vg_jw_kstr(out, "applies", vg_buf_str(&b));
    vg_buf_reset(&b);
    vg_expr_say(x, VG_VI, &b);
    vg_jw_kstr(out, "applies_vi", vg_buf_str(&b));
    vg_buf_reset(&b);
    vg_expr_say(x, VG_EN, &b);
    vg_jw_kstr(out, "applies_en", vg_buf_str(&b));
    vg_buf_done(&b);
}

static void choices_json(const spec_item *i, vg_jw *out)
{
    vg_jw_key(out, "choices");
    vg_jw_open(out, '[');
    for (size_t k = 0; k < i->n_choices; k++) {
        vg_jw_open(out, '{');
        vg_jw_kz(out, "code", i->choices[k].code);
        vg_jw_kz(out, "text_vi", i->choices[k].text);
        vg_jw_kz(out, "text_en", i->choices[k].text_en);
        vg_jw_kbool(out, "finding", i->choices[k].finding);
        vg_jw_close(out, '}');
    }
    vg_jw_close(out, ']');
}

static void item_json(const spec_item *i, vg_jw *out)
{
    static const char *const kinds[] = {"yes_no", "number", "text", "choice", "photo", "signature"};
    vg_jw_open(out, '{');
    vg_jw_kz(out, "code", i->code);
    vg_jw_kz(out, "kind", kinds[i->kind]);
    vg_jw_kz(out, "text_vi", i->text);
    vg_jw_kz(out, "text_en", i->text_en);
    vg_jw_kz(out, "section_vi", i->section);
    vg_jw_kz(out, "section_en", i->section_en ? i->section_en : i->section);
    vg_jw_kz(out, "law", i->law);
    vg_jw_kz(out, "unit", i->unit);
    vg_jw_kz(out, "unit_en", i->unit_en);
    vg_jw_kz(out, "min", i->min);
    vg_jw_kz(out, "max", i->max);
    vg_jw_kz(out, "level", i->level);
    vg_jw_kbool(out, "optional", i->optional);
    if (i->kind == SPEC_YES_NO) {
        vg_jw_kz(out, "finding", i->finding);
    }
    if (i->n_choices) {
        choices_json(i, out);
    }
    if (i->applies) {
        condition_json(i->applies, out);
    }
    vg_jw_close(out, '}');
}

void spec_json(const spec *s, vg_jw *out)
{
    vg_jw_open(out, '{');
    vg_jw_key(out, "law");
    vg_jw_open(out, '[');
    for (size_t i = 0; i < s->n_law; i++) {
        vg_jw_str(out, vg_str_c(s->law[i]));
    }
    vg_jw_close(out, ']');
    vg_jw_key(out, "items");
    vg_jw_open(out, '[');
    for (size_t i = 0; i < s->n_items; i++) {
        item_json(&s->items[i], out);
    }
    vg_jw_close(out, ']');
    vg_jw_close(out, '}');
}
