// SPDX-License-Identifier: Apache-2.0
// The official list: each decision makes a whole version, from the sites named, or from the version before with some
// added and some taken out. Versions follow one another: a later one begins after the one before, whose last day is
// the day before. A review is due a term after the list was issued or last reviewed; a mere change does not put it
// off. The term is the law's of that day and is kept with its basis. Past versions are never altered.
#include "domain/sitelist/sitelist.h"

#include "domain/day.h"
#include "domain/term.h"

enum { SITES_MAX = 400, JSON_MAX_BYTES = 16384 };

static const char *const kinds[] = {"issue", "change", NULL};

const vg_field sitelist_issue_fields[] = {
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"dated", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"valid_from", VG_F_TEXT, .max = 10},
    {"authority", VG_F_TEXT, VG_REQUIRED},
    {"title", VG_F_TEXT},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds, .law = "tt20-2010/danh-muc"},
    {"sites", VG_F_JSON, .max = JSON_MAX_BYTES, .law = "nd37-2009/dieu-kien nd39-2021/danh-muc"},
    {"add", VG_F_JSON, .max = JSON_MAX_BYTES},
    {"remove", VG_F_JSON, .max = JSON_MAX_BYTES},
    {NULL},
};
const vg_field sitelist_review_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"on", VG_F_TEXT, VG_REQUIRED, .max = 10, .law = "tt72-2009/danh-muc"},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field sitelist_due_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"due", VG_F_TIME},
    {NULL},
};

vg_status sitelist_keeper(vg_cx *cx, const char **ret, vg_err *err)
{
    vg_str found = vg_str_c(cx->who->agency);
    if (!found.n) {
        VG_TRY(vg_custodian(cx, &found, err));
    }
    *ret = vg_str_z(cx->arena, found);
    return VG_OK;
}

int64_t sitelist_after(vg_str day)
{
    int d = 0;
    return day.n && vg_day_parse(day, "", &d, NULL) == VG_OK ? vg_day_start_us(d + 1) : 0;
}

// --- the sites of a version ---------------------------------------------------------------------
typedef struct version {
    vg_cx *cx;
    const char *previous;  // id of the version before, or ""
    vg_str previous_from, previous_due, previous_ref;
    vg_str site[SITES_MAX];
    size_t n;
} version;

static size_t index_of(const version *v, vg_str site)
{
    size_t i = 0;
    while (i < v->n && !vg_str_eq(v->site[i], site)) {
        i++;
    }
    return i;
}

static vg_status put_site(version *v, vg_str site, vg_err *err)
{
    if (index_of(v, site) < v->n) {
        return vg_fail(err, VG_EINVALID, "sites", "sitelist.site_twice", "%.*s", VG_FMT(site));
    }
    if (v->n == SITES_MAX) {
        return vg_fail(err, VG_ETOOBIG, "sites", "sitelist.too_many", "%d", SITES_MAX);
    }
    v->site[v->n++] = site;
    return VG_OK;
}

static vg_status take_site(version *v, vg_str site, vg_err *err)
{
    const size_t i = index_of(v, site);
    if (i == v->n) {
        return vg_fail(err, VG_EINVALID, "remove", "sitelist.not_listed", "%.*s", VG_FMT(site));
    }
    memmove(&v->site[i], &v->site[i + 1], (v->n - i - 1) * sizeof *v->site);
    v->n--;
    return VG_OK;
}

static vg_status each(version *v, vg_str array, const char *field,
                      vg_status (*fn)(version *v, vg_str site, vg_err *err), vg_err *err)
{
    vg_str raw;
    size_t at = 0;
    if (array.n && array.p[0] != '[') {
        return vg_fail(err, VG_EINVALID, field, "sitelist.want_ids", "%s", field);
    }
    while (array.n && vg_js_each(array, &at, NULL, &raw)) {
        VG_TRY(fn(v, vg_js_decode(v->cx->arena, raw), err));
    }
    return VG_OK;
}

static vg_status from_previous(version *v, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(v->cx->db, "SELECT site FROM site_list_entry WHERE list = ? ORDER BY rank",
                        VG_VALS(vg_z(v->previous)), &r, err));
    while (vg_rows_next(r) && v->n < SITES_MAX) {
        v->site[v->n++] = vg_str_dup(v->cx->arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

static vg_status gather(version *v, const vg_args *args, vg_err *err)
{
    if (vg_arg_has(args, "sites")) {
        VG_TRY(each(v, vg_arg_str(args, "sites"), "sites", put_site, err));
    } else {
        VG_TRY(from_previous(v, err));
    }
    VG_TRY(each(v, vg_arg_str(args, "remove"), "remove", take_site, err));
    VG_TRY(each(v, vg_arg_str(args, "add"), "add", put_site, err));
    return v->n ? VG_OK : vg_fail(err, VG_EINVALID, "sites", "sitelist.empty", "%s", "");
}

static vg_status find_previous(version *v, vg_err *err)
{
    vg_str c[4];
    const vg_status st = vg_look(v->cx,
                                 "SELECT id, valid_from, COALESCE(review_due, ''),"
                                 " COALESCE(review_ref, '') FROM site_list WHERE valid_to IS NULL"
                                 " AND '' = ? ORDER BY valid_from DESC LIMIT 1",
                                 (vg_str){"", 0}, c, 4, err);
    if (st == VG_OK) {
        v->previous = vg_str_z(v->cx->arena, c[0]);
        v->previous_from = c[1];
        v->previous_due = c[2];
        v->previous_ref = c[3];
    }
    return st == VG_ENOTFOUND ? VG_OK : st;
}

// --- issuing ------------------------------------------------------------------------------------
static vg_status entry(vg_cx *cx, vg_str id, vg_err *err)
{
    vg_str c[6];
    vg_jw *b = &cx->body;
    const vg_status st = vg_look(cx,
                                 "SELECT label, code, name, COALESCE(ground, ''),"
                                 " COALESCE(field, ''), state FROM site WHERE id = ?",
                                 id, c, 6, err);
    if (st == VG_ENOTFOUND ||
        (st == VG_OK && (!vg_str_eqc(c[5], "active") ||
                         vg_seen(cx, (int32_t)vg_int(c[0]), "sites", NULL) != VG_OK))) {
        return vg_fail(err, VG_EINVALID, "sites", "sitelist.no_site", "%.*s", VG_FMT(id));
    }
    VG_TRY(st);
    vg_jw_open(b, '{');
    vg_jw_kstr(b, "site", id);
    vg_jw_ki64(b, "label", vg_int(c[0]));
    vg_jw_kstr(b, "code", c[1]);
    vg_jw_kstr(b, "name", c[2]);
    vg_jw_kz(b, "ground", c[3].n ? vg_str_z(cx->arena, c[3]) : NULL);
    vg_jw_kz(b, "field", c[4].n ? vg_str_z(cx->arena, c[4]) : NULL);
    vg_jw_close(b, '}');
    return VG_OK;
}

// Members review_due and review_ref: a term after `day`.
static vg_status put_review(vg_cx *cx, int day, vg_err *err)
{
    vg_term term;
    char due[VG_DAY_TEXT];
    VG_TRY(vg_term_on(cx, "site_list.review", day, &term, err));
    if (term.known) {
        vg_day_text(vg_term_ends(&term, day), due);
        vg_jw_kz(&cx->body, "review_due", due);
        vg_jw_kstr(&cx->body, "review_ref", term.ref);
    }
    return VG_OK;
}

static vg_status days(const vg_args *args, const version *v, int *ret_from, vg_err *err)
{
    int dated = 0;
    const vg_str from =
        vg_arg_has(args, "valid_from") ? vg_arg_str(args, "valid_from") : vg_arg_str(args, "dated");
    VG_TRY(vg_day_parse(vg_arg_str(args, "dated"), "dated", &dated, err));
    VG_TRY(vg_day_parse(from, "valid_from", ret_from, err));
    if (*ret_from < dated) {
        return vg_fail(err, VG_EINVALID, "valid_from", "sitelist.before_decision", "%.*s",
                       VG_FMT(from));
    }
    return v->previous_from.n && memcmp(from.p, v->previous_from.p, from.n) <= 0
               ? vg_fail(err, VG_ECONFLICT, "valid_from", "sitelist.not_later", "%.*s",
                         VG_FMT(v->previous_from))
               : VG_OK;
}

static vg_status write_version(version *v, const vg_args *args, int from, vg_err *err)
{
    char text[VG_DAY_TEXT], last[VG_DAY_TEXT];
    vg_cx *cx = v->cx;
    vg_day_text(from, text);
    vg_day_text(from - 1, last);
    vg_body(cx);
    vg_body_args(cx, args, "sites add remove valid_from");
    vg_jw_kz(&cx->body, "valid_from", text);
    vg_jw_kz(&cx->body, "last", last);
    vg_jw_kz(&cx->body, "previous", *v->previous ? v->previous : NULL);
    vg_jw_ki64(&cx->body, "n", (int64_t)v->n);
    if (vg_str_eqc(vg_arg_str(args, "kind"), "change") && v->previous_due.n) {
        vg_jw_kstr(&cx->body, "review_due", v->previous_due);
        vg_jw_kstr(&cx->body, "review_ref", v->previous_ref);
    } else {
        VG_TRY(put_review(cx, from, err));
    }
    vg_jw_key(&cx->body, "entries");
    vg_jw_open(&cx->body, '[');
    for (size_t i = 0; i < v->n; i++) {
        VG_TRY(entry(cx, v->site[i], err));
    }
    vg_jw_close(&cx->body, ']');
    return VG_OK;
}

VG_HANDLER(sitelist_issue)
{
    version v = {.cx = cx, .previous = ""};
    const char *keeper = NULL;
    char id[VG_ID_TEXT];
    int from = 0;
    int32_t label = 0;
    VG_TRY(vg_require(cx, "sites.edit_list", VG_EVERYWHERE, err));
    VG_TRY(sitelist_keeper(cx, &keeper, err));
    // The whole list is the keeper's measure: a host agency reads its own line of it.
    VG_TRY(vg_label_of(cx, keeper, VG_C_MEASURES, "", VG_S_NORMAL, &label, err));
    VG_TRY(vg_seen(cx, label, "", err));
    VG_TRY(find_previous(&v, err));
    if (!*v.previous && vg_str_eqc(vg_arg_str(args, "kind"), "change")) {
        return vg_fail(err, VG_ECONFLICT, "kind", "sitelist.nothing_to_change", "%s", "");
    }
    VG_TRY(days(args, &v, &from, err));
    VG_TRY(gather(&v, args, err));
    vg_new_id(cx, id);
    VG_TRY(write_version(&v, args, from, err));
    VG_TRY(vg_say(cx, &(vg_saying){"sitelist.issued", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

static vg_status fold_entry(vg_apply *ap, const vg_event *e, vg_str row, int64_t rank, vg_err *err)
{
    const vg_str site = vg_js_str(ap->arena, row, "site");
    const vg_str ground = vg_js_str(ap->arena, row, "ground"),
                 field = vg_js_str(ap->arena, row, "field");
    return vg_exec(
        ap->db,
        "INSERT INTO site_list_entry (id, list, site, rank, code, name, ground, field, number,"
        " dated, valid_from, at, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        VG_VALS(vg_t(vg_str_f(ap->arena, "%.*s-%.*s", VG_FMT(e->subject), VG_FMT(site))),
                vg_t(e->subject), vg_t(site), vg_i(rank), vg_t(vg_js_str(ap->arena, row, "code")),
                vg_t(vg_js_str(ap->arena, row, "name")), ground.n ? vg_t(ground) : vg_nil(),
                field.n ? vg_t(field) : vg_nil(), vg_t(vg_js_str(ap->arena, e->body, "number")),
                vg_t(vg_js_str(ap->arena, e->body, "dated")),
                vg_t(vg_js_str(ap->arena, e->body, "valid_from")), vg_i(e->recorded_us),
                vg_i(vg_js_i64(row, "label", 0))),
        err);
}

static vg_status end_previous(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const vg_str previous = vg_js_str(ap->arena, e->body, "previous");
    if (!previous.n) {
        return VG_OK;
    }
    VG_TRY(vg_put(ap, e, "UPDATE site_list SET valid_to = ? WHERE id = ?", "last previous", err));
    VG_TRY(vg_put(ap, e, "UPDATE site_list_entry SET valid_to = ? WHERE list = ?", "last previous",
                  err));
    return vg_deadline_clear(ap, "sitelist.review", vg_str_z(ap->arena, previous), err);
}

static vg_status set_review(vg_apply *ap, const vg_event *e, vg_err *err)
{
    const int64_t due = sitelist_after(vg_js_str(ap->arena, e->body, "review_due"));
    const char *id = vg_str_z(ap->arena, e->subject);
    return due ? vg_deadline_set(ap, "sitelist.review", id, "", due, err)
               : vg_deadline_clear(ap, "sitelist.review", id, err);
}

VG_FOLDER(sitelist_on_issued)
{
    vg_str entries, row;
    size_t at = 0;
    int64_t rank = 0;
    VG_TRY(end_previous(ap, e, err));
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO site_list (id, number, dated, valid_from, authority, title, kind,"
                  " previous, review_due, review_ref, entries, at, label)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject number dated valid_from authority title kind previous review_due"
                  " review_ref n @at @label",
                  err));
    while (vg_js_find(e->body, "entries", &entries) && vg_js_each(entries, &at, NULL, &row)) {
        VG_TRY(fold_entry(ap, e, row, ++rank, err));
    }
    return set_review(ap, e, err);
}

// --- the yearly review --------------------------------------------------------------------------
static vg_status list_at(vg_cx *cx, vg_str id, vg_str c[3], vg_err *err)
{
    VG_TRY(vg_look(cx,
                   "SELECT label, valid_from, COALESCE(valid_to, '') FROM site_list WHERE id = ?",
                   id, c, 3, err));
    return vg_seen(cx, (int32_t)vg_int(c[0]), "id", err);
}

VG_HANDLER(sitelist_review)
{
    vg_str c[3];
    int on = 0;
    const vg_str id = vg_arg_str(args, "id"), text = vg_arg_str(args, "on");
    VG_TRY(vg_require(cx, "sites.edit_list", VG_EVERYWHERE, err));
    VG_TRY(list_at(cx, id, c, err));
    VG_TRY(vg_day_parse(text, "on", &on, err));
    if (c[2].n) {
        return vg_fail(err, VG_ECONFLICT, "id", "sitelist.superseded", "%.*s", VG_FMT(c[2]));
    }
    if (on > vg_day_of(cx->now_us) || memcmp(text.p, c[1].p, text.n) < 0) {
        return vg_fail(err, VG_EINVALID, "on", "sitelist.review_day", "%.*s", VG_FMT(text));
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    VG_TRY(put_review(cx, on, err));
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){"sitelist.reviewed", "", subject, (int32_t)vg_int(c[0])}, err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(sitelist_on_reviewed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE site_list SET reviewed_on = ?, review_due = ?, review_ref = ?,"
                  " review_late = 0 WHERE id = ?",
                  "on review_due review_ref @subject", err));
    return set_review(ap, e, err);
}

VG_HANDLER(sitelist_review_late)
{
    vg_str c[3];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(list_at(cx, id, c, err));
    vg_body(cx);
    return vg_say(
        cx,
        &(vg_saying){"sitelist.review_late", "", vg_str_z(cx->arena, id), (int32_t)vg_int(c[0])},
        err);
}

VG_FOLDER(sitelist_on_review_late)
{
    VG_TRY(vg_put(ap, e, "UPDATE site_list SET review_late = 1 WHERE id = ?", "@subject", err));
    return vg_deadline_clear(ap, "sitelist.review", vg_str_z(ap->arena, e->subject), err);
}
