// SPDX-License-Identifier: Apache-2.0
// Communication tests: a link that says nothing for weeks may have been dead for weeks. At its interval a
// trial goes through the outbox like any message; if it has not arrived within LATE_US, that is an event at
// the site whose desk answers for the link, and from there an alert. The next success ends it.
#include "domain/notices/notices.h"

#include "base/clock.h"

static const int64_t LATE_US = 300 * VG_SECOND_US;

const vg_field notices_test_set_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},  // the link
    {"site", VG_F_ID, VG_REQUIRED},
    {"every_s", VG_F_INT, VG_REQUIRED, .min = 0, .max = 2678400},  // 0 = no more tests
    {NULL},
};
const vg_field notices_outcome_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED}, {"ok", VG_F_BOOL, VG_REQUIRED}, {NULL}};

static vg_status link_label(vg_cx *cx, vg_str link, int32_t *ret, vg_err *err)
{
    vg_str label;
    VG_TRY(vg_look(cx, "SELECT label FROM link WHERE id = ?", link, &label, 1, err));
    *ret = (int32_t)vg_int(label);
    return VG_OK;
}

VG_HANDLER(notices_test_set)
{
    vg_site_ref site;
    int32_t label = 0;
    const vg_str link = vg_arg_str(args, "id");
    const int64_t every_s = vg_arg_i64(args, "every_s", 0);
    VG_TRY(link_label(cx, link, &label, err));
    VG_TRY(vg_seen(cx, label, "id", err));
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "notices.edit_own", &site, err));
    VG_TRY(vg_require_own(cx, "notices.edit", site.id, site.agency, err));
    if (every_s && every_s < 600) {
        return vg_fail(err, VG_EINVALID, "every_s", "notices.test_too_often", "%lld",
                       (long long)every_s);
    }
    vg_body(cx);
    vg_body_args(cx, args, "site");
    const char *subject = vg_str_z(cx->arena, link);
    vg_jw_kz(&cx->reply, "id", subject);
    return vg_say(cx, &(vg_saying){"notices.test_set", site.id, subject, label}, err);
}

VG_FOLDER(notices_on_test_set)
{
    const char *link = vg_str_z(ap->arena, e->subject);
    const int64_t every_s = vg_js_i64(e->body, "every_s", 0);
    VG_TRY(vg_deadline_clear(ap, "notices.test_late", link, err));
    VG_TRY(vg_put(ap, e, "DELETE FROM notice_test WHERE link = ?", "@subject", err));
    if (every_s == 0) {
        return vg_deadline_clear(ap, "notices.test", link, err);
    }
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO notice_test (link, site, every_s, state, last_at, label, world)"
                  " VALUES (?, ?, ?, 'new', ?, ?, ?)",
                  "@subject @site every_s @at @label @world", err));
    return vg_deadline_set(ap, "notices.test", link, vg_str_z(ap->arena, e->site), e->recorded_us,
                           err);
}

typedef struct test_row {
    const char *site;
    int64_t every_s;
    vg_str state;
    int32_t label;
} test_row;

// VG_ENOTFOUND: the test or its link is gone.
static vg_status test_at(vg_cx *cx, vg_str link, test_row *ret, vg_err *err)
{
    vg_str c[3];
    VG_TRY(vg_look(cx, "SELECT site, every_s, state FROM notice_test WHERE link = ?", link, c, 3,
                   err));
    *ret = (test_row){vg_str_z(cx->arena, c[0]), vg_int(c[1]), c[2], 0};
    return link_label(cx, link, &ret->label, err);
}

static vg_status test_say(vg_cx *cx, const test_row *t, vg_str link, const char *kind, vg_err *err)
{
    return vg_say(cx, &(vg_saying){kind, t->site, vg_str_z(cx->arena, link), t->label}, err);
}

VG_HANDLER(notices_test_run)
{
    test_row t;
    const vg_str link = vg_arg_str(args, "id");
    if (test_at(cx, link, &t, err) != VG_OK) {
        return VG_OK;
    }
    vg_parcel p = {.kind = "test", .to = "", .body = VG_S("{}"), .label = t.label};
    snprintf(p.link, sizeof p.link, "%.*s", VG_FMT(link));
    snprintf(p.subject, sizeof p.subject, "%.*s", VG_FMT(link));
    VG_TRY(vg_outbox_put(cx, &p, true, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "next", cx->now_us + t.every_s * VG_SECOND_US);
    vg_jw_ki64(&cx->body, "late", cx->now_us + LATE_US);
    return test_say(cx, &t, link, "notices.test_sent", err);
}

VG_FOLDER(notices_on_test_sent)
{
    const char *link = vg_str_z(ap->arena, e->subject), *site = vg_str_z(ap->arena, e->site);
    VG_TRY(vg_put(ap, e,
                  "UPDATE notice_test SET last_at = ?, state = CASE WHEN state = 'failed' THEN"
                  " 'failed' ELSE 'waiting' END WHERE link = ?",
                  "@at @subject", err));
    VG_TRY(
        vg_deadline_set(ap, "notices.test_late", link, site, vg_js_i64(e->body, "late", 0), err));
    return vg_deadline_set(ap, "notices.test", link, site, vg_js_i64(e->body, "next", 0), err);
}

VG_HANDLER(notices_test_late)
{
    test_row t;
    const vg_str link = vg_arg_str(args, "id");
    if (test_at(cx, link, &t, err) != VG_OK || vg_str_eqc(t.state, "passed") ||
        vg_str_eqc(t.state, "failed")) {
        return VG_OK;
    }
    vg_body(cx);
    return test_say(cx, &t, link, "notices.test_failed", err);
}

// A parcel of kind "test" was settled, perhaps a trial asked for by a person: both prove the line.
VG_HANDLER(notices_test_outcome)
{
    test_row t;
    const vg_str link = vg_arg_str(args, "id");
    const bool ok = vg_arg_i64(args, "ok", 0) != 0;
    if (test_at(cx, link, &t, err) != VG_OK || vg_str_eqc(t.state, ok ? "passed" : "failed")) {
        return VG_OK;
    }
    vg_body(cx);
    return test_say(cx, &t, link, ok ? "notices.test_passed" : "notices.test_failed", err);
}

VG_FOLDER(notices_on_test_passed)
{
    VG_TRY(
        vg_put(ap, e, "UPDATE notice_test SET state = 'passed' WHERE link = ?", "@subject", err));
    return vg_deadline_clear(ap, "notices.test_late", vg_str_z(ap->arena, e->subject), err);
}

VG_FOLDER(notices_on_test_failed)
{
    VG_TRY(
        vg_put(ap, e, "UPDATE notice_test SET state = 'failed' WHERE link = ?", "@subject", err));
    return vg_deadline_clear(ap, "notices.test_late", vg_str_z(ap->arena, e->subject), err);
}
