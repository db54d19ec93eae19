// SPDX-License-Identifier: Apache-2.0
// From an alert to parcels. Every alert that is raised is held against the rules once (a reaction); a rule
// that is to wait, because of its delay or of quiet hours, becomes a pending row with a deadline, and is asked
// again then: whoever has acknowledged by then has ended the escalation. A critical alert knows no quiet
// hours. Exercises and authorised tests are told by nobody but themselves. What leaves says the alert's number,
// its urgency, the site's code and the rule's title: no zone, no name, no number of anything.
#include "domain/notices/notices.h"

#include "base/clock.h"

enum { RULES_MAX = 64, PEOPLE_MAX = 32, CRITICAL = 3 };

const vg_field notices_consider_fields[] = {{"alert", VG_F_ID, VG_REQUIRED}, {NULL}};

typedef struct alert_row {
    const char *id, *site, *agency;
    vg_str number, title, kind, state;
    int64_t rank, raised_us;
    int32_t label;
    bool silent;  // of a drill or a test
} alert_row;

typedef struct rule_row {
    const char *id, *agency, *link, *role, *kind;
    int64_t min_rank, after_s, repeat_s, repeat_max;
    int quiet_from, quiet_to;
    int32_t label;
} rule_row;

static vg_status read_alert(vg_cx *cx, vg_str id, alert_row *ret, vg_err *err)
{
    vg_str c[11];
    VG_TRY(vg_look(cx,
                   "SELECT site, agency, number, title_vi, COALESCE(cause, ''), state, rank, label,"
                   " world, test, raised_at FROM alert WHERE id = ?",
                   id, c, VG_LEN(c), err));
    *ret = (alert_row){.id = vg_str_z(cx->arena, id),
                       .site = vg_str_z(cx->arena, c[0]),
                       .agency = vg_str_z(cx->arena, c[1]),
                       .number = c[2],
                       .title = c[3],
                       .kind = c[4],
                       .state = c[5],
                       .rank = vg_int(c[6]),
                       .label = (int32_t)vg_int(c[7]),
                       .raised_us = vg_int(c[10]),
                       .silent = vg_int(c[8]) != 0 || vg_int(c[9]) != 0};
    return VG_OK;
}

#define RULE_COLUMNS                                                                    \
    "r.id, r.agency, r.link, r.role, r.min_rank, r.after_s, r.repeat_s, r.repeat_max, " \
    "r.quiet_from,"                                                                     \
    " r.quiet_to, r.label, l.kind FROM notice_rule r JOIN link l ON l.id = r.link"

static rule_row read_rule(vg_cx *cx, vg_rows *r)
{
    return (rule_row){.id = vg_str_z(cx->arena, vg_row_str(r, 0)),
                      .agency = vg_str_z(cx->arena, vg_row_str(r, 1)),
                      .link = vg_str_z(cx->arena, vg_row_str(r, 2)),
                      .role = vg_str_z(cx->arena, vg_row_str(r, 3)),
                      .min_rank = vg_row_i64(r, 4),
                      .after_s = vg_row_i64(r, 5),
                      .repeat_s = vg_row_i64(r, 6),
                      .repeat_max = vg_row_i64(r, 7),
                      .quiet_from = (int)vg_row_i64(r, 8),
                      .quiet_to = (int)vg_row_i64(r, 9),
                      .label = (int32_t)vg_row_i64(r, 10),
                      .kind = vg_str_z(cx->arena, vg_row_str(r, 11))};
}

// An agency tells its own people of its own alerts and of those shared with all.
static bool may_tell(vg_cx *cx, const rule_row *r, const alert_row *a)
{
    vg_label l;
    return strcmp(r->agency, a->agency) == 0 ||
           (vg_label_get(vg_core_labels(cx->core), a->label, &l) && l.compartment == VG_C_SHARED);
}

// --- one message --------------------------------------------------------------------------------
static vg_status recipients(vg_cx *cx, const rule_row *r, const alert_row *a, vg_buf *to,
                            int *ret_n, vg_err *err)
{
    vg_rows *rows;
    *ret_n = 0;
    if (!*r->role) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(
        cx->db,
        "SELECT DISTINCT c.value FROM notice_address n JOIN notice_card c ON c.address = n.id"
        " JOIN user_account u ON u.id = n.user_id JOIN assignment s ON s.user_id = u.id"
        " WHERE n.kind = ? AND u.agency = ? AND u.disabled = 0 AND s.state = 'active'"
        " AND s.role = ? AND (s.site = '' OR s.site = ?) ORDER BY c.value LIMIT ?",
        VG_VALS(vg_z(r->kind), vg_z(r->agency), vg_z(r->role), vg_z(a->site), vg_i(PEOPLE_MAX)),
        &rows, err));
    while (vg_rows_next(rows)) {
        vg_buf_f(to, "%s%.*s", *ret_n ? "," : "", VG_FMT(vg_row_str(rows, 0)));
        ++*ret_n;
    }
    return vg_rows_close(rows, err);
}

static vg_status put(vg_cx *cx, const rule_row *r, const alert_row *a, const char *to, vg_err *err)
{
    vg_buf body;
    vg_str code = {"", 0};
    VG_TRY(vg_look(cx, "SELECT COALESCE((SELECT code FROM site WHERE id = ?), '')",
                   vg_str_c(a->site), &code, 1, err));
    vg_buf_init(&body, 4096);
    vg_jw w = vg_jw_on(&body);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "number", a->number);
    vg_jw_kstr(&w, "kind", a->kind);
    vg_jw_kz(&w, "verb", "raise");
    vg_jw_ki64(&w, "at", a->raised_us);
    vg_jw_ki64(&w, "urgency", a->rank);
    vg_jw_kstr(&w, "site", code);
    vg_jw_kstr(&w, "title", a->title);
    vg_jw_close(&w, '}');
    vg_parcel p = {.kind = "alert", .to = to, .body = vg_buf_str(&body), .label = a->label};
    snprintf(p.link, sizeof p.link, "%s", r->link);
    snprintf(p.subject, sizeof p.subject, "%s", a->id);
    const vg_status s = vg_outbox_put(cx, &p, a->rank >= CRITICAL, err);
    vg_buf_done(&body);
    return s;
}

typedef struct turn {
    const char *pending;  // "" = the first, at once
    int64_t times;        // told before
} turn;

static vg_status schedule(vg_cx *cx, const rule_row *r, const alert_row *a, int64_t due_us,
                          int64_t times, vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "rule", r->id);
    vg_jw_kz(&cx->body, "alert", a->id);
    vg_jw_ki64(&cx->body, "due", due_us);
    vg_jw_ki64(&cx->body, "times", times);
    return vg_say(cx, &(vg_saying){"notices.scheduled", a->site, id, r->label}, err);
}

static int64_t allowed_at(const rule_row *r, const alert_row *a, int64_t t_us)
{
    return a->rank >= CRITICAL ? t_us : notices_after_quiet(t_us, r->quiet_from, r->quiet_to);
}

static vg_status tell(vg_cx *cx, const rule_row *r, const alert_row *a, turn t, vg_err *err)
{
    vg_buf to;
    int n = 0;
    vg_buf_init(&to, 8192);
    vg_status s = recipients(cx, r, a, &to, &n, err);
    const bool nobody = *r->role && n == 0;
    if (s == VG_OK && !nobody) {
        s = put(cx, r, a, vg_buf_z(&to), err);
    }
    vg_buf_done(&to);
    VG_TRY(s);
    vg_body(cx);
    vg_jw_kz(&cx->body, "rule", r->id);
    vg_jw_kz(&cx->body, "link", r->link);
    vg_jw_ki64(&cx->body, "recipients", n);
    vg_jw_ki64(&cx->body, "times", t.times + 1);
    vg_jw_kz(&cx->body, "pending", t.pending);
    // That a rule reaches nobody is for the desk to see, louder than that it did.
    VG_TRY(vg_say(
        cx, &(vg_saying){nobody ? "notices.nobody" : "notices.told", a->site, a->id, r->label},
        err));
    return r->repeat_s && t.times < r->repeat_max
               ? schedule(cx, r, a, allowed_at(r, a, cx->now_us + r->repeat_s * VG_SECOND_US),
                          t.times + 1, err)
               : VG_OK;
}

VG_FOLDER(notices_on_told)
{
    const char *pending = vg_str_z(ap->arena, vg_js_str(ap->arena, e->body, "pending"));
    VG_TRY(vg_put(ap, e, "DELETE FROM notice_pending WHERE id = ?", "pending", err));
    return *pending ? vg_deadline_clear(ap, "notices.due", pending, err) : VG_OK;
}

// --- at once ------------------------------------------------------------------------------------
VG_HANDLER(notices_consider)
{
    alert_row a;
    vg_rows *rows;
    rule_row rules[RULES_MAX];
    size_t n = 0;
    VG_TRY(read_alert(cx, vg_arg_str(args, "alert"), &a, err));
    if (a.silent) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT " RULE_COLUMNS " WHERE (r.site = '' OR r.site = ?)"
                        " AND r.min_rank <= ? AND r.world = 0 ORDER BY r.after_s, r.id LIMIT ?",
                        VG_VALS(vg_z(a.site), vg_i(a.rank), vg_i(RULES_MAX)), &rows, err));
    while (vg_rows_next(rows)) {
        rules[n++] = read_rule(cx, rows);
    }
    VG_TRY(vg_rows_close(rows, err));
    for (size_t i = 0; i < n; i++) {
        const rule_row *r = &rules[i];
        const int64_t due_us = allowed_at(r, &a, cx->now_us + r->after_s * VG_SECOND_US);
        if (may_tell(cx, r, &a)) {
            VG_TRY(due_us <= cx->now_us ? tell(cx, r, &a, (turn){"", 0}, err)
                                        : schedule(cx, r, &a, due_us, 0, err));
        }
    }
    return VG_OK;
}

// --- later --------------------------------------------------------------------------------------
VG_FOLDER(notices_on_scheduled)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO notice_pending (id, rule, alert, site, due, times, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject rule alert @site due times @label @world", err));
    return vg_deadline_set(ap, "notices.due", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "due", 0), err);
}

static vg_status drop(vg_cx *cx, vg_str pending, const char *site, int32_t label, vg_err *err)
{
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"notices.dropped", site, vg_str_z(cx->arena, pending), label},
                  err);
}

VG_FOLDER(notices_on_dropped)
{
    VG_TRY(vg_put(ap, e, "DELETE FROM notice_pending WHERE id = ?", "@subject", err));
    return vg_deadline_clear(ap, "notices.due", vg_str_z(ap->arena, e->subject), err);
}

VG_HANDLER(notices_due)
{
    vg_str c[5];
    alert_row a;
    rule_row r = {0};
    vg_rows *rows;
    const vg_str id = vg_arg_str(args, "id");
    if (vg_look(cx, "SELECT rule, alert, site, label, times FROM notice_pending WHERE id = ?", id,
                c, 5, err) != VG_OK) {
        return VG_OK;  // gone meanwhile
    }
    VG_TRY(read_alert(cx, c[1], &a, err));
    VG_TRY(vg_rows_open(cx->db, "SELECT " RULE_COLUMNS " WHERE r.id = ?", VG_VALS(vg_t(c[0])),
                        &rows, err));
    if (vg_rows_next(rows)) {
        r = read_rule(cx, rows);
    }
    VG_TRY(vg_rows_close(rows, err));
    if (!r.id || !vg_str_eqc(a.state, "open")) {
        return drop(cx, id, a.site, (int32_t)vg_int(c[3]), err);
    }
    return tell(cx, &r, &a, (turn){vg_str_z(cx->arena, id), vg_int(c[4])}, err);
}
