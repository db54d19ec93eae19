// SPDX-License-Identifier: Apache-2.0
// What visitors of a site are told: a text in two languages, in versions. A version is a draft until a person, not a
// token, confirms it for the site; from then on it takes the place of the one before. A confirmed text is never
// altered. Whatever of the shipped text was not filled in ({…}) cannot be confirmed, nor can a text that does not name
// the days the entry book is really kept for: the program deletes by that number (sweep.c).
//
// What is confirmed is said once more, under the gate's label: it is meant for every visitor, and the guard who hands it
// to him may see nothing else of this module. A draft never is.
#include "domain/privacy/privacy.h"

enum { TEXT_MAX = 6000 };

const vg_field privacy_notice_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"text_vi", VG_F_TEXT, VG_REQUIRED, .max = TEXT_MAX},
    {"text_en", VG_F_TEXT, VG_REQUIRED, .max = TEXT_MAX},
    {"contact", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {NULL},
};

VG_HANDLER(privacy_notice_draft)
{
    vg_site_ref site;
    int32_t label = 0;
    int64_t n = 0;
    char id[VG_ID_TEXT];
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "privacy.edit", &site, err));
    VG_TRY(vg_label_of(cx, site.agency, VG_C_PERSONAL, site.id, VG_S_NORMAL, &label, err));
    VG_TRY(vg_seen(cx, label, "site", err));
    VG_TRY(vg_one_i64(cx->db, "SELECT max(n) FROM visitor_notice WHERE site = ?",
                      VG_VALS(vg_z(site.id)), 0, &n, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    vg_jw_kz(&cx->body, "agency", site.agency);
    vg_jw_ki64(&cx->body, "n", n + 1);
    VG_TRY(vg_say(cx, &(vg_saying){"privacy.notice_drafted", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(privacy_on_notice_drafted)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE visitor_notice SET state = 'replaced' WHERE site = ? AND state = 'draft'",
                  "@site", err));
    return vg_put(ap, e,
                  "INSERT INTO visitor_notice (id, agency, site, n, text_vi, text_en, contact, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency @site n text_vi text_en contact @at @label @world", err);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

// The number stands in the text by itself, not as a part of another.
static bool names(vg_str text, vg_str number)
{
    for (size_t i = 0; i + number.n <= text.n; i++) {
        const size_t end = i + number.n;
        if (memcmp(text.p + i, number.p, number.n) == 0 && (i == 0 || !digit(text.p[i - 1])) &&
            (end == text.n || !digit(text.p[end]))) {
            return true;
        }
    }
    return false;
}

static vg_status days_told(vg_cx *cx, const char *agency, vg_str vi, vg_str en, vg_err *err)
{
    int64_t days = 0;
    VG_TRY(privacy_days(cx, agency, "visitor_log", &days, err));
    const vg_str number = vg_str_f(cx->arena, "%lld", (long long)days);
    return names(vi, number) && names(en, number)
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "privacy.notice_days", "%.*s", VG_FMT(number));
}

static vg_status post(vg_cx *cx, const char *id, const char *agency, const char *site, vg_err *err)
{
    vg_str c[4];
    int32_t label = 0;
    VG_TRY(vg_look(cx, "SELECT n, text_vi, text_en, contact FROM visitor_notice WHERE id = ?",
                   vg_str_c(id), c, 4, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_GATE, site, VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_ki64(&cx->body, "n", vg_int(c[0]));
    vg_jw_kstr(&cx->body, "text_vi", c[1]);
    vg_jw_kstr(&cx->body, "text_en", c[2]);
    vg_jw_kstr(&cx->body, "contact", c[3]);
    return vg_say(cx, &(vg_saying){"privacy.notice_posted", site, id, label}, err);
}

VG_FOLDER(privacy_on_notice_posted)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE posted_notice SET state = 'replaced' WHERE site = ? AND state = 'posted'",
                  "@site", err));
    return vg_put(ap, e,
                  "INSERT INTO posted_notice (id, agency, site, n, text_vi, text_en, contact, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency @site n text_vi text_en contact @at @label @world", err);
}

VG_HANDLER(privacy_notice_confirm)
{
    privacy_row row;
    vg_str c[3];
    VG_TRY(privacy_at(cx, "SELECT agency, state, label FROM visitor_notice WHERE id = ?",
                      vg_arg_str(args, "id"), &row, err));
    VG_TRY(vg_look(cx, "SELECT site, text_vi, text_en FROM visitor_notice WHERE id = ?",
                   vg_str_c(row.id), c, 3, err));
    if (cx->who->kind == VG_P_TOKEN) {
        return vg_fail(err, VG_EDENIED, "id", "privacy.person", "%s", "");
    }
    if (!vg_str_eqc(row.state, "draft")) {
        return vg_fail(err, VG_ECONFLICT, "id", "privacy.not_draft", "%s", "");
    }
    if (memchr(c[1].p, '{', c[1].n) || memchr(c[2].p, '{', c[2].n)) {
        return vg_fail(err, VG_ECONFLICT, "id", "privacy.not_filled", "%s", "");
    }
    VG_TRY(days_told(cx, row.agency, c[1], c[2], err));
    vg_body(cx);
    const char *site = vg_str_z(cx->arena, c[0]);
    VG_TRY(vg_say(cx, &(vg_saying){"privacy.notice_confirmed", site, row.id, row.label}, err));
    VG_TRY(post(cx, row.id, row.agency, site, err));
    vg_jw_kz(&cx->reply, "id", row.id);
    return VG_OK;
}

VG_FOLDER(privacy_on_notice_confirmed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE visitor_notice SET state = 'replaced' WHERE site = ? AND state ="
                  " 'confirmed'",
                  "@site", err));
    return vg_put(ap, e,
                  "UPDATE visitor_notice SET state = 'confirmed', confirmed_by = ?, confirmed_at ="
                  " ? WHERE id = ?",
                  "@actor @at @subject", err);
}
