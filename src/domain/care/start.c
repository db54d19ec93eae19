// SPDX-License-Identifier: Apache-2.0
// From an empty node to a guarded site: a list of steps, each of them a count of what is there, through the views of
// who asks. Nothing is ticked off by hand and nothing is kept, so a step that is undone comes back. Means of
// detection are not the custodian's to see: that a source was heard he knows from the zones, which are shared.
#include "base/clock.h"
#include "core/core.h"
#include "domain/care/care.h"

// One parameter, the asking person's id. done: as many as this.
static const struct {
    const char *step, *page, *sql;
    int64_t done;
    bool federated;  // not asked of a node that may not speak to others
} steps[] = {
    {"agency", "/admin?view=agencies",
     "SELECT count(*) FROM v_agency WHERE custodian = 1 AND ? IS NOT NULL", 1, false},
    {"password", "/admin", "SELECT count(*) FROM v_user_account WHERE id = ? AND password_at > at",
     1, false},
    {"second_admin", "/admin",
     "SELECT count(DISTINCT u.id) FROM v_user_account u JOIN v_assignment s ON s.user_id = u.id"
     " WHERE u.disabled = 0 AND s.state = 'active' AND s.role = 'custodian' AND ? IS NOT NULL",
     2, false},
    {"site", "/sites", "SELECT count(*) FROM v_site WHERE state = 'active' AND ? IS NOT NULL", 1,
     false},
    {"zones", "/sites", "SELECT count(*) FROM v_zone WHERE state = 'active' AND ? IS NOT NULL", 1,
     false},
    {"source", "/sources",
     "SELECT count(*) FROM v_zone WHERE state = 'active' AND last_signal_at IS NOT NULL AND ? IS"
     " NOT NULL",
     1, false},
    {"plan", "/sites", "SELECT count(*) FROM v_drawing WHERE state = 'active' AND ? IS NOT NULL", 1,
     false},
    {"people", "/admin",
     "SELECT count(DISTINCT u.id) FROM v_user_account u JOIN v_assignment s ON s.user_id = u.id"
     " WHERE u.disabled = 0 AND s.state = 'active' AND s.role <> 'custodian' AND u.id <> ?",
     1, false},
    {"link", "/links", "SELECT count(*) FROM v_link WHERE enabled = 1 AND ? IS NOT NULL", 1, true},
    {"notice", "/notices", "SELECT count(*) FROM v_notice_rule WHERE ? IS NOT NULL", 1, true},
    {"phone", "/ca",
     "SELECT count(*) FROM v_event WHERE kind = 'accounts.logged_in' AND ? IS NOT NULL AND body"
     " LIKE '%\"peer\":\"%' AND body NOT LIKE '%\"peer\":\"127.%' AND body NOT LIKE"
     " '%\"peer\":\"::1\"%'",
     1, false},
    {"backup", "/manual?ch=sao-luu-va-khoi-phuc",
     "SELECT count(*) FROM v_cursor WHERE name = 'backup' AND ? IS NOT NULL", 1, false},
    {"verify", "/journal",
     "SELECT count(*) FROM v_cursor WHERE name = 'verified' AND position LIKE '% ok' AND ? IS NOT"
     " NULL",
     1, false},
};

vg_status care_start(vg_read *rd, const vg_args *args, vg_err *err)
{
    const char *profile = vg_conf_get(vg_core_conf(rd->core), "node.profile", "federated");
    const bool alone = strcmp(profile, "standalone") == 0;
    const vg_val me = vg_z(rd->who->user);
    int64_t total = 0, done = 0, n, dismissed = 0;
    vg_jw *w = &rd->out;
    (void)args;
    vg_jw_open(w, '{');
    vg_jw_key(w, "steps");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < VG_LEN(steps); i++) {
        if (steps[i].federated && alone) {
            continue;
        }
        VG_TRY(vg_one_i64(rd->db, steps[i].sql, &me, 1, 0, &n, err));
        total++;
        done += n >= steps[i].done;
        vg_jw_open(w, '{');
        vg_jw_kz(w, "step", steps[i].step);
        vg_jw_kbool(w, "done", n >= steps[i].done);
        vg_jw_ki64(w, "n", n);
        vg_jw_kz(w, "page", steps[i].page);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    VG_TRY(vg_one_i64(rd->db, "SELECT 1 FROM v_start_dismissal WHERE user_id = ?", &me, 1, 0,
                      &dismissed, err));
    vg_jw_ki64(w, "total", total);
    vg_jw_ki64(w, "done", done);
    vg_jw_kbool(w, "complete", done == total);
    vg_jw_kbool(w, "dismissed", dismissed != 0);
    vg_jw_close(w, '}');
    return VG_OK;
}

VG_HANDLER(care_start_dismiss)
{
    int32_t label;
    (void)args;
    if (!cx->who->user[0]) {
        return vg_fail(err, VG_EINVALID, "", NULL, "%s", "");
    }
    VG_TRY(vg_label_of(cx, cx->who->agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"care.start_dismissed", "", cx->who->user, label}, err);
}

VG_FOLDER(care_on_start_dismissed)
{
    return vg_put(ap, e,
                  "INSERT INTO start_dismissal (user_id, at, label, world) VALUES (?, ?, ?, ?) ON"
                  " CONFLICT (user_id) DO UPDATE SET at = excluded.at",
                  "@subject @at @label @world", err);
}
