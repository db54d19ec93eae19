// SPDX-License-Identifier: Apache-2.0
// One entry of a terminal's queue. It comes as the very text that was hashed and signed, so it is read strictly and
// nothing of it is passed on unread: reasons are written anew, member by member.
#include "domain/gate/terminal.h"

#include <sodium.h>

enum {
    ENTRY_MAX = 6144,
    WHY_MAX = 300,
    SHOWN_MAX = 64,
    PAPER_MAX = 600,
    CODE_MAX = 40,
    DETAIL_MAX = 120
};

static vg_status bad(vg_err *err)
{
    return vg_fail(err, VG_EINVALID, "entries", "gate.queue_form", "%s", "");
}

static bool text_of(vg_arena *a, const json_t *o, const char *key, size_t max, vg_str *ret)
{
    const json_t *v = json_object_get(o, key);
    *ret = (vg_str){"", 0};
    if (!v) {
        return true;
    }
    const size_t n = json_string_length(v);
    *ret = json_is_string(v) && n <= max ? vg_str_dup(a, (vg_str){json_string_value(v), n})
                                         : (vg_str){0};
    return ret->p != NULL;
}

static bool number_of(const json_t *o, const char *key, int64_t *ret)
{
    const json_t *v = json_object_get(o, key);
    *ret = json_is_integer(v) ? json_integer_value(v) : 0;
    return json_is_integer(v) && *ret >= 0;
}

static int word_of(vg_str s, const char *const *words)
{
    for (int i = 0; words[i]; i++) {
        if (vg_str_eqc(s, words[i])) {
            return i;
        }
    }
    return -1;
}

static bool is_code(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '_') {
            return false;
        }
    }
    return s.n > 0;
}

static bool reasons_of(vg_arena *a, const json_t *o, gate_entry *e)
{
    const json_t *all = json_object_get(o, "reasons");
    vg_buf b;
    bool good = json_is_array(all) && json_array_size(all) <= GATE_REASONS_MAX;
    vg_buf_init(&b, 8192);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; good && i < json_array_size(all); i++) {
        vg_str say, code, detail;
        const json_t *r = json_array_get(all, i);
        good = json_is_object(r) && text_of(a, r, "say", 8, &say) &&
               text_of(a, r, "code", CODE_MAX, &code) &&
               text_of(a, r, "detail", DETAIL_MAX, &detail) && word_of(say, gate_says) >= 0 &&
               is_code(code);
        if (good) {
            e->asked_ban =
                e->asked_ban || vg_str_eqc(code, "ban_paper") || vg_str_eqc(code, "ban_name");
            vg_jw_open(&w, '{');
            vg_jw_kstr(&w, "say", say);
            vg_jw_kstr(&w, "code", code);
            if (detail.n) {
                vg_jw_kstr(&w, "detail", detail);
            }
            vg_jw_close(&w, '}');
        }
    }
    vg_jw_close(&w, ']');
    e->reasons = vg_str_dup(a, vg_buf_str(&b));
    vg_buf_done(&b);
    return good && e->reasons.p;
}

static bool read(vg_arena *a, const json_t *o, gate_entry *e)
{
    static const char *const acts[] = {"pass", "refuse", NULL};
    vg_str way;
    const bool good =
        json_is_object(o) && number_of(o, "seq", &e->seq) && e->seq > 0 &&
        number_of(o, "told", &e->told_us) && number_of(o, "mono", &e->mono_us) &&
        text_of(a, o, "prev", GATE_HASH_TEXT - 1, &e->prev) && text_of(a, o, "run", 32, &e->run) &&
        text_of(a, o, "act", 8, &e->act) && text_of(a, o, "way", 4, &way) &&
        text_of(a, o, "point", VG_ID_TEXT, &e->point) &&
        text_of(a, o, "holder", VG_ID_TEXT, &e->holder) &&
        text_of(a, o, "shown", SHOWN_MAX, &e->shown) &&
        text_of(a, o, "paper", PAPER_MAX, &e->paper) && text_of(a, o, "say", 8, &e->advice) &&
        text_of(a, o, "why", WHY_MAX, &e->why) && text_of(a, o, "by", VG_ID_TEXT, &e->by) &&
        reasons_of(a, o, e);
    if (!good) {
        return false;
    }
    e->way = word_of(way, gate_ways);
    return e->way >= 0 && word_of(e->act, acts) >= 0 && word_of(e->advice, gate_says) >= 0;
}

vg_status gate_entry_read(vg_arena *a, vg_str text, gate_entry *ret, vg_err *err)
{
    json_t *o;
    unsigned char h[crypto_hash_sha256_BYTES];
    *ret = (gate_entry){.text = text};
    if (vg_json_parse(text, ENTRY_MAX, &o, NULL) != VG_OK) {
        return bad(err);
    }
    const bool good = read(a, o, ret);
    json_decref(o);
    crypto_hash_sha256(h, (const unsigned char *)text.p, text.n);
    vg_hex(h, sizeof h, ret->hash);
    return good ? VG_OK : bad(err);
}
