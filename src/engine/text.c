// SPDX-License-Identifier: Apache-2.0
// A line reader for back-tests and for the corpus. The caller keeps an unfinished last line for the
// next call, or ends the text with a line feed. Not for the live way in, which has no text.
#include "engine/text.h"

#include "base/clock.h"

static bool number(vg_str *s, int64_t *ret)
{
    int64_t v = 0;
    size_t i = 0;
    for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9' && i < 18; i++) {
        v = v * 10 + (s->p[i] - '0');
    }
    s->p += i;
    s->n -= i;
    *ret = v;
    return i > 0;
}

static bool skip(vg_str *s, char c)
{
    const bool here = s->n && *s->p == c;
    s->p += here;
    s->n -= here;
    return here;
}

static bool word(vg_str *s, vg_str *ret)
{
    const char *end = memchr(s->p, ' ', s->n);
    if (!end || end == s->p) {
        return false;
    }
    *ret = (vg_str){s->p, (size_t)(end - s->p)};
    s->n -= ret->n + 1;
    s->p = end + 1;
    return true;
}

static bool time_column(vg_str *s, int64_t *ret_us)
{
    int64_t sec, ms;
    if (!number(s, &sec) || sec > INT64_C(100000000000) || !skip(s, '.')) {
        return false;
    }
    const char *at = s->p;
    if (!number(s, &ms) || s->p - at != 3 || !skip(s, ' ')) {
        return false;
    }
    *ret_us = sec * VG_SECOND_US + ms * VG_MS_US;
    return true;
}

static bool columns(vg_str s, vg_record *r, vg_str name[4])
{
    int64_t value, seq = r->seq;
    if (!time_column(&s, &r->t_event)) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        if (!word(&s, &name[i])) {
            return false;
        }
    }
    const bool minus = skip(&s, '-');
    if (!number(&s, &value) || value > INT32_MAX || (skip(&s, ' ') && !number(&s, &seq)) || s.n) {
        return false;
    }
    r->value = (int32_t)(minus ? -value : value);
    r->source_seq = seq;
    return true;
}

static bool intern_all(vg_names *n, const vg_str name[4], vg_record *r)
{
    r->site = vg_intern_id(n->of[VG_SITE], name[0]);
    r->zone = vg_intern_id(n->of[VG_ZONE], name[1]);
    r->device = vg_intern_id(n->of[VG_DEVICE], name[2]);
    const uint32_t kind = vg_intern_id(n->of[VG_KIND], name[3]);
    r->kind = (uint16_t)kind;
    return r->site != VG_INTERN_FULL && r->zone != VG_INTERN_FULL && r->device != VG_INTERN_FULL &&
           kind != VG_INTERN_FULL;
}

vg_status vg_text_read(vg_text *t, vg_str *text, vg_record *ret_v, size_t max, size_t *ret_n,
                       vg_err *err)
{
    size_t n = 0;
    for (const char *end; n < max && text->n && (end = memchr(text->p, '\n', text->n)); n++) {
        vg_record r = {.seq = ++t->line, .flags = VG_REC_AUTHENTICATED};
        vg_str name[4];
        if (!columns((vg_str){text->p, (size_t)(end - text->p)}, &r, name)) {
            return vg_fail(err, VG_EINVALID, "", "engine.err.text_line", "%lld",
                           (long long)t->line);
        }
        if (!intern_all(t->names, name, &r)) {
            return vg_fail(err, VG_ETOOBIG, "", "engine.err.text_names", "%lld",
                           (long long)t->line);
        }
        text->n -= (size_t)(end + 1 - text->p);
        text->p = end + 1;
        ret_v[n] = r;
    }
    *ret_n = n;
    return VG_OK;
}
