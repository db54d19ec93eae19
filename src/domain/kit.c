// SPDX-License-Identifier: Apache-2.0
// The few things all domain modules share. It holds no state and knows one table of another module: `site`,
// which everything here happens at. Folding is by words: a fold names the members of the body in the order
// of the statement's parameters, so that adding a column is one word and one column, not ten lines.
// It does not check values: commands did that before the event was written.
#include "domain/kit.h"

#include "base/clock.h"
#include "core/core.h"
#include "ident/phone.h"

#include <assert.h>

enum { PUT_MAX = 40, OFFSET_MIN = 7 * 60 };

static vg_val of_raw(vg_arena *a, vg_str raw)
{
    int64_t number = 0;
    switch (raw.n ? raw.p[0] : 'n') {
    case '"':
        return vg_t(vg_js_decode(a, raw));
    case 't':
        return vg_i(1);
    case 'f':
        return vg_i(0);
    case '{':
    case '[':
        return vg_t(raw);
    case 'n':
        return vg_nil();
    default:
        return vg_str_i64(raw, INT64_MIN, INT64_MAX, &number, NULL) == VG_OK ? vg_i(number)
                                                                             : vg_nil();
    }
}

vg_str vg_event_name(vg_arena *a, uint32_t log, int64_t seq)
{
    return vg_str_f(a, "%u-%lld", log, (long long)seq);
}

static vg_val text_or_null(vg_str s)
{
    return s.n ? vg_t(s) : vg_nil();
}

static vg_val of_event(vg_arena *a, const vg_event *e, const char *word)
{
    const struct {
        const char *word;
        vg_val value;
    } members[] = {
        {"@subject", vg_t(e->subject)},     {"@site", vg_t(e->site)},
        {"@actor", text_or_null(e->actor)}, {"@label", vg_i(e->label)},
        {"@world", vg_i(e->world)},         {"@at", vg_i(e->recorded_us)},
        {"@test", vg_i(e->purpose)},        {"@received", vg_i(e->received_us)},
    };
    for (size_t i = 0; i < VG_LEN(members); i++) {
        if (strcmp(members[i].word, word) == 0) {
            return members[i].value;
        }
    }
    assert(strcmp(word, "@name") == 0);
    return vg_t(vg_event_name(a, e->log, e->seq));
}

vg_status vg_put(vg_apply *ap, const vg_event *e, const char *sql, const char *keys, vg_err *err)
{
    vg_val v[PUT_MAX];
    size_t n = 0;
    char word[32];
    for (const char *p = keys; *p;) {
        const size_t len = strcspn(p, " ");
        assert(len < sizeof word && n < PUT_MAX);
        memcpy(word, p, len);
        word[len] = 0;
        p += len + strspn(p + len, " ");
        vg_str raw = {"", 0};
        if (word[0] == '@') {
            v[n++] = of_event(ap->arena, e, word);
        } else {
            v[n++] = vg_js_find(e->body, word, &raw) ? of_raw(ap->arena, raw) : vg_nil();
        }
    }
    return vg_exec(ap->db, sql, v, n, err);
}

vg_status vg_look(vg_cx *cx, const char *sql, vg_str key, vg_str *ret_cols, size_t n, vg_err *err)
{
    vg_rows *rows = NULL;
    VG_TRY(vg_rows_open(cx->db, sql, VG_VALS(vg_t(key)), &rows, err));
    const bool found = vg_rows_next(rows);
    for (size_t i = 0; found && i < n; i++) {
        ret_cols[i] = vg_str_dup(cx->arena, vg_row_str(rows, (int)i));
    }
    VG_TRY(vg_rows_close(rows, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(key));
}

vg_status vg_custodian(vg_cx *cx, vg_str *ret, vg_err *err)
{
    return vg_look(cx, "SELECT id FROM agency WHERE custodian = ? ORDER BY at LIMIT 1", VG_S("1"),
                   ret, 1, err);
}

int64_t vg_int(vg_str column)
{
    int64_t v = 0;
    return vg_str_i64(column, INT64_MIN, INT64_MAX, &v, NULL) == VG_OK ? v : 0;
}

static bool among(const char *words, const char *word)
{
    const size_t n = strlen(word);
    for (const char *p = words; (p = strstr(p, word)); p += n) {
        if ((p == words || p[-1] == ' ') && (p[n] == 0 || p[n] == ' ')) {
            return true;
        }
    }
    return false;
}

void vg_body_args(vg_cx *cx, const vg_args *args, const char *skip)
{
    for (size_t i = 0; i < args->n; i++) {
        const vg_field *f = &args->fields[i];
        if (!args->v[i].present || strcmp(f->name, "id") == 0 || among(skip, f->name)) {
            continue;
        }
        switch (f->type) {
        case VG_F_SECRET:
            break;
        case VG_F_INT:
        case VG_F_TIME:
            vg_jw_ki64(&cx->body, f->name, args->v[i].i);
            break;
        case VG_F_BOOL:
            vg_jw_kbool(&cx->body, f->name, args->v[i].i != 0);
            break;
        case VG_F_JSON:
            vg_jw_kraw(&cx->body, f->name, args->v[i].s);
            break;
        case VG_F_TEXT:
        case VG_F_ID:
        case VG_F_ENUM:
            vg_jw_kstr(&cx->body, f->name, args->v[i].s);
            break;
        }
    }
}

int64_t vg_time_known(const vg_cx *cx)
{
    const int64_t known = vg_core_now(cx->core);
    return known > cx->now_us ? known : cx->now_us;
}

vg_status vg_arg_phone(vg_cx *cx, const vg_args *args, const char *name, vg_str *ret, vg_err *err)
{
    vg_phone p = {0};
    if (vg_str_trim(vg_arg_str(args, name)).n) {
        VG_TRY(vg_phone_parse(vg_arg_str(args, name), &p, err));
    }
    *ret = vg_str_f(cx->arena, "%s%s%s", p.text, *p.ext ? " #" : "", p.ext);
    return VG_OK;
}

vg_status vg_site_at(vg_cx *cx, vg_str id, const char *permission, vg_site_ref *ret, vg_err *err)
{
    vg_str cols[3] = {0};
    const vg_status st =
        vg_look(cx, "SELECT agency, code, name FROM site WHERE id = ?", id, cols, 3, err);
    if (st == VG_ENOTFOUND) {
        return vg_fail(err, VG_ENOTFOUND, "site", NULL, "%.*s", VG_FMT(id));
    }
    VG_TRY(st);
    const char *site = vg_str_z(cx->arena, id);
    *ret = (vg_site_ref){site, vg_str_z(cx->arena, cols[0]), cols[1], cols[2]};
    return vg_require_own(cx, permission, site, ret->agency, err);
}

vg_status vg_require_own(vg_cx *cx, const char *permission, const char *site, const char *agency,
                         vg_err *err)
{
    const char *own = vg_str_z(cx->arena, vg_str_f(cx->arena, "%s_own", permission));
    if (*cx->who->agency && strcmp(cx->who->agency, agency) == 0 && vg_may(cx->who, own, site)) {
        return VG_OK;
    }
    return vg_require(cx, permission, site, err);
}

vg_status vg_seen(vg_cx *cx, int32_t label, const char *field, vg_err *err)
{
    vg_label l;
    if (cx->who->kind == VG_P_SYSTEM || cx->who->kind == VG_P_LOCAL ||
        (vg_label_get(vg_core_labels(cx->core), label, &l) && vg_label_visible(cx->who, &l))) {
        return VG_OK;
    }
    return vg_fail(err, VG_ENOTFOUND, field, NULL, "%s", "");
}

vg_status vg_site_seen(vg_cx *cx, vg_str id, const char *field, const char *complaint, vg_err *err)
{
    vg_str label = {0};
    const vg_status st = vg_look(cx, "SELECT label FROM site WHERE id = ?", id, &label, 1, err);
    if (st == VG_ENOTFOUND ||
        (st == VG_OK && vg_seen(cx, (int32_t)vg_int(label), field, NULL) != VG_OK)) {
        return vg_fail(err, VG_EINVALID, field, complaint, "%.*s", VG_FMT(id));
    }
    return st;
}

vg_status vg_say(vg_cx *cx, const vg_saying *s, vg_err *err)
{
    return vg_emit(
        cx, &(vg_draft){.kind = s->kind, .site = s->site, .subject = s->subject, .label = s->label},
        NULL, err);
}

vg_status vg_number_next(vg_cx *cx, const char *sql, const char *agency, const char *prefix,
                         vg_number *ret, vg_err *err)
{
    int when[6];
    int64_t last = 0;
    vg_time_split(cx->now_us, OFFSET_MIN, when);
    VG_TRY(vg_one_i64(cx->db, sql, VG_VALS(vg_z(agency), vg_i(when[0])), 0, &last, err));
    *ret = (vg_number){.year = when[0], .n = last + 1};
    vg_rows *
        r;  // the agency's code makes the number one of a kind on a desk that sees several agencies
    VG_TRY(vg_rows_open(cx->db, "SELECT code FROM agency WHERE id = ?", VG_VALS(vg_z(agency)), &r,
                        err));
    const vg_str code = vg_rows_next(r) ? vg_row_str(r, 0) : (vg_str){"", 0};
    snprintf(ret->text, sizeof ret->text, "%s-%.*s%s%04lld", prefix, VG_FMT(code),
             code.n ? "-" : "", (long long)ret->n);
    return vg_rows_close(r, err);
}
