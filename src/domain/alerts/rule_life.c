// SPDX-License-Identifier: Apache-2.0
// What people do with a rule they wrote. A text is saved only if it loads together with all rules in force, and
// whoever saved it never approves it. Where a rule works it must be approved for: at every site by somebody of the
// whole node, else at each of its sites. alerts.rule_in_force is what the engine's thread follows: at most one
// active and one shadow version a name; a new one takes the place of the old, retired ends the version it names,
// and then the shipped rule of that name is back. Folds: rule_fold.c.
#include "domain/alerts/rule_life.h"

#include "domain/alerts/alerts.h"

#include "base/clock.h"

enum { TRIAL_DAYS = 28, TRIAL_DAYS_MAX = 400 };
#define DAY_US (INT64_C(86400) * VG_SECOND_US)

const vg_field alerts_draft_fields[] = {
    {"id", VG_F_ID},  // of a draft to change; without it a new one
    {"text", VG_F_TEXT, .max = ALERTS_TEXT_BYTES},
    {"from", VG_F_TEXT, .max = 64},  // without a text: that of this rule in force
    {"budget", VG_F_INT, .min = 0, .max = 10000},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field alerts_text_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field alerts_shadow_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field alerts_try_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, {"from", VG_F_TIME}, {"to", VG_F_TIME}, {NULL}};
const vg_field alerts_approve_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, {"reason", VG_F_TEXT, .max = 500}, {NULL}};
const vg_field alerts_retire_own_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH}, {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500}, {NULL}};

vg_status alerts_rule_row_at(vg_cx *cx, vg_str id, alerts_rule_row *ret, vg_err *err)
{
    vg_str c[11];
    VG_TRY(vg_look(cx,
                   "SELECT name, version, text, state, agency, authors, trial_state, sites,"
                   " COALESCE(trial_over, 0), COALESCE(trial_asked, 0), label FROM rule_text"
                   " WHERE id = ?",
                   id, c, 11, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[10]), "id", err));
    *ret = (alerts_rule_row){.id = vg_str_z(cx->arena, id),
                             .name = c[0],
                             .version = c[1],
                             .text = c[2],
                             .state = c[3],
                             .agency = c[4],
                             .authors = c[5],
                             .trial_state = c[6],
                             .sites = c[7],
                             .over = vg_int(c[8]),
                             .asked = vg_int(c[9]),
                             .label = (int32_t)vg_int(c[10])};
    return VG_OK;
}

static bool is(vg_str state, const char *words)
{
    const char *p = words;
    while (*p) {
        const size_t n = strcspn(p, " ");
        if (state.n == n && memcmp(state.p, p, n) == 0) {
            return true;
        }
        p += n + strspn(p + n, " ");
    }
    return false;
}

static vg_status need_state(const alerts_rule_row *r, const char *words, vg_err *err)
{
    return is(r->state, words)
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "alerts.rule_state", "%.*s", VG_FMT(r->name));
}

static vg_status row_in(vg_cx *cx, const vg_args *args, const char *states, alerts_rule_row *ret,
                        vg_err *err)
{
    VG_TRY(alerts_rule_row_at(cx, vg_arg_str(args, "id"), ret, err));
    return need_state(ret, states, err);
}

static vg_status say(vg_cx *cx, const alerts_rule_row *r, const char *kind, vg_err *err)
{
    return vg_say(cx, &(vg_saying){kind, "", r->id, r->label}, err);
}

// Opens the body of an event about r.
static void open_body(vg_cx *cx, const alerts_rule_row *r)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "name", r->name);
    vg_jw_kstr(&cx->body, "version", r->version);
    vg_jw_kz(&cx->body, "by", cx->who->user);
}

static vg_status in_force(vg_cx *cx, const alerts_rule_row *r, const char *state, vg_err *err)
{
    vg_body(cx);
    vg_jw_kstr(&cx->body, "name", r->name);
    vg_jw_kstr(&cx->body, "version", r->version);
    vg_jw_kz(&cx->body, "state", state);
    vg_jw_kstr(&cx->body, "text", strcmp(state, "retired") == 0 ? VG_S("") : r->text);
    VG_TRY(say(cx, r, "alerts.rule_in_force", err));
    vg_jw_kz(&cx->reply, "id", r->id);
    vg_jw_kstr(&cx->reply, "version", r->version);
    return VG_OK;
}

// --- writing ------------------------------------------------------------------------------------
// The text of a rule in force, to start from.
static vg_status text_from(vg_cx *cx, const char *name, vg_str *ret, vg_err *err)
{
    alerts_mix *m = NULL;
    alerts_files *f = NULL;
    VG_TRY(alerts_mix_load(cx->core, cx->db, cx->arena, "", &m, err));
    VG_TRY(alerts_files_create(&m->sources, &f, err));
    const vg_status st = alerts_files_text(f, name, cx->arena, ret, err);
    alerts_files_destroy(f);
    if (st == VG_ENOTFOUND) {
        return vg_fail(err, VG_ENOTFOUND, "from", "alerts.no_rule", "%s", name);
    }
    return st;
}

static int64_t budget_of(const char *level)
{
    static const int a_week[] = {70, 35, 14, 7};
    for (size_t i = 0; alerts_levels[i]; i++) {
        if (strcmp(level, alerts_levels[i]) == 0) {
            return a_week[i];
        }
    }
    return a_week[0];
}

static void say_drafted(vg_cx *cx, const vg_args *args, const alerts_look *l, vg_str text)
{
    vg_jw *w = vg_body(cx);
    vg_jw_kz(w, "name", l->name);
    vg_jw_kz(w, "version", l->version);
    vg_jw_kstr(w, "text", text);
    vg_jw_kz(w, "agency", cx->who->agency);
    vg_jw_kz(w, "type", l->type);
    vg_jw_kz(w, "level", l->level);
    vg_jw_kz(w, "title_vi", l->title_vi);
    vg_jw_kz(w, "title_en", l->title_en);
    vg_jw_kstr(w, "sentence_vi", l->sentence_vi);
    vg_jw_kstr(w, "sentence_en", l->sentence_en);
    vg_jw_kstr(w, "cancel_vi", l->cancel_vi);
    vg_jw_kstr(w, "cancel_en", l->cancel_en);
    vg_jw_kbool(w, "portable", l->portable);
    vg_jw_ki64(w, "stratum", l->stratum);
    vg_jw_ki64(w, "budget", vg_arg_i64(args, "budget", budget_of(l->level)));
    vg_jw_kstr(w, "note", vg_arg_str(args, "note"));
    vg_jw_kz(w, "by", cx->who->user);
    vg_jw_key(w, "sites");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < l->n_sites; i++) {
        vg_jw_str(w, vg_str_c(l->sites[i]));
    }
    vg_jw_close(w, ']');
}

// One's own agency's drafts only: another's would be approved in its name.
static vg_status own_text(vg_cx *cx, const alerts_rule_row *r, vg_err *err)
{
    return cx->who->kind == VG_P_LOCAL || vg_str_eqc(r->agency, cx->who->agency)
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "id", "alerts.rule_not_own", "%.*s", VG_FMT(r->name));
}

VG_HANDLER(alerts_rule_draft)
{
    char id[VG_ID_TEXT];
    alerts_rule_row old;
    alerts_look look;
    int32_t label = 0;
    vg_str text = vg_arg_str(args, "text");
    if (!text.n && !vg_arg_has(args, "from")) {
        return vg_fail(err, VG_EINVALID, "text", "yaml.key_missing", "%s", "text");
    }
    if (!text.n) {
        VG_TRY(text_from(cx, vg_str_z(cx->arena, vg_arg_str(args, "from")), &text, err));
    }
    VG_TRY(vg_label_of(cx, cx->who->agency, VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    if (vg_arg_has(args, "id")) {
        VG_TRY(row_in(cx, args, "draft", &old, err));
        VG_TRY(own_text(cx, &old, err));
        snprintf(id, sizeof id, "%s", old.id);
        label = old.label;
    } else {
        vg_new_id(cx, id);
    }
    VG_TRY(alerts_text_look(cx->core, cx->db, cx->arena, text, &look, err));
    say_drafted(cx, args, &look, text);
    VG_TRY(vg_say(cx, &(vg_saying){"alerts.rule_drafted", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "name", look.name);
    vg_jw_kz(&cx->reply, "version", look.version);
    return VG_OK;
}

// What it says today, together with the rules in force today.
static vg_status look_again(vg_cx *cx, alerts_rule_row *r, alerts_look *ret, vg_err *err)
{
    VG_TRY(alerts_text_look(cx->core, cx->db, cx->arena, r->text, ret, err));
    r->version = vg_str_c(ret->version);
    return VG_OK;
}

VG_HANDLER(alerts_rule_shadow)
{
    alerts_rule_row r;
    alerts_look look;
    VG_TRY(row_in(cx, args, "draft", &r, err));
    VG_TRY(own_text(cx, &r, err));
    VG_TRY(look_again(cx, &r, &look, err));
    open_body(cx, &r);
    VG_TRY(say(cx, &r, "alerts.rule_shadowed", err));
    return in_force(cx, &r, "shadow", err);
}

static vg_status may_decide(vg_cx *cx, const alerts_rule_row *r, vg_str sites, vg_err *err)
{
    size_t at = 0, n = 0;
    vg_str raw;
    while (sites.n > 2 && vg_js_each(sites, &at, NULL, &raw)) {
        vg_site_ref site;
        vg_err ignored;
        n++;
        if (vg_site_at(cx, vg_js_decode(cx->arena, raw), "rules.approve", &site, &ignored) !=
            VG_OK) {
            return vg_fail(err, VG_EDENIED, "id", "alerts.rule_not_here", "%.*s", VG_FMT(r->name));
        }
    }
    return n || vg_may(cx->who, "rules.approve", VG_EVERYWHERE)
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "id", "alerts.rule_not_everywhere", "%.*s",
                         VG_FMT(r->name));
}

// --- trying -------------------------------------------------------------------------------------
// For whoever wrote it, or will have to decide about it.
static vg_status may_try(vg_cx *cx, const alerts_rule_row *r, vg_err *err)
{
    return own_text(cx, r, NULL) == VG_OK ? VG_OK : may_decide(cx, r, r->sites, err);
}

VG_HANDLER(alerts_rule_try)
{
    alerts_rule_row r;
    VG_TRY(row_in(cx, args, "draft shadow active", &r, err));
    VG_TRY(may_try(cx, &r, err));
    const int64_t to = vg_arg_i64(args, "to", cx->now_us);
    const int64_t from = vg_arg_i64(args, "from", to - TRIAL_DAYS * DAY_US);
    if (from >= to || to - from > TRIAL_DAYS_MAX * DAY_US) {
        return vg_fail(err, VG_EINVALID, "from", "alerts.trial_period", "%d", (int)TRIAL_DAYS_MAX);
    }
    if (vg_str_eqc(r.trial_state, "asked")) {
        return vg_fail(err, VG_ECONFLICT, "id", "alerts.trial_runs", "%.*s", VG_FMT(r.name));
    }
    open_body(cx, &r);
    vg_jw_ki64(&cx->body, "from", from);
    vg_jw_ki64(&cx->body, "to", to);
    vg_jw_ki64(&cx->body, "asked", cx->now_us);
    VG_TRY(say(cx, &r, "alerts.rule_try_asked", err));
    vg_jw_kz(&cx->reply, "id", r.id);
    return VG_OK;
}

VG_HANDLER(alerts_rule_try_cancel)
{
    alerts_rule_row r;
    VG_TRY(alerts_rule_row_at(cx, vg_arg_str(args, "id"), &r, err));
    VG_TRY(may_try(cx, &r, err));
    if (!vg_str_eqc(r.trial_state, "asked")) {
        return VG_OK;
    }
    open_body(cx, &r);
    VG_TRY(say(cx, &r, "alerts.rule_try_cancelled", err));
    return vg_exec(cx->db, "DELETE FROM rule_progress WHERE text = ?", VG_VALS(vg_z(r.id)), err);
}

// --- approving and retiring -----------------------------------------------------------------------
static vg_status second_person(vg_cx *cx, const alerts_rule_row *r, vg_err *err)
{
    if (!*cx->who->user) {
        return vg_fail(err, VG_EDENIED, "id", "alerts.rule_person", "%.*s", VG_FMT(r->name));
    }
    return is(vg_str_c(cx->who->user), vg_str_z(cx->arena, r->authors))
               ? vg_fail(err, VG_EDENIED, "id", "alerts.rule_author", "%.*s", VG_FMT(r->name))
               : VG_OK;
}

static vg_str sites_json(vg_cx *cx, const alerts_look *l)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < l->n_sites; i++) {
        vg_jw_str(&w, vg_str_c(l->sites[i]));
    }
    vg_jw_close(&w, ']');
    const vg_str s = vg_str_dup(cx->arena, vg_buf_str(&b));
    vg_buf_done(&b);
    return s;
}

VG_HANDLER(alerts_rule_approve)
{
    alerts_rule_row r;
    alerts_look look;
    const vg_str reason = vg_str_trim(vg_arg_str(args, "reason"));
    VG_TRY(row_in(cx, args, "draft shadow", &r, err));
    VG_TRY(second_person(cx, &r, err));
    VG_TRY(look_again(cx, &r, &look, err));
    VG_TRY(may_decide(cx, &r, sites_json(cx, &look), err));
    const bool tried = vg_str_eqc(r.trial_state, "done");
    if ((!tried || r.over) && !reason.n) {
        return vg_fail(err, VG_EINVALID, "reason",
                       tried ? "alerts.rule_over_budget" : "alerts.rule_untried", "%.*s",
                       VG_FMT(r.name));
    }
    open_body(cx, &r);
    vg_jw_kstr(&cx->body, "reason", reason);
    vg_jw_kbool(&cx->body, "tried", tried);
    vg_jw_kbool(&cx->body, "over", r.over != 0);
    VG_TRY(say(cx, &r, "alerts.rule_approved", err));
    return in_force(cx, &r, "active", err);
}

// The others must go on without it.
static vg_status others_load(vg_cx *cx, const char *name, vg_err *err)
{
    alerts_mix *m = NULL;
    alerts_files *f = NULL;
    VG_TRY(alerts_mix_load(cx->core, cx->db, cx->arena, name, &m, err));
    VG_TRY(alerts_files_create(&m->sources, &f, err));
    alerts_files_destroy(f);
    return VG_OK;
}

// To end a rule in force takes two, as to begin one; a draft or a shadow is its author's.
VG_MARK(alerts_second_retire)
{
    int64_t active = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM rule_text WHERE id = ? AND state = 'active'",
                      VG_VALS(vg_t(vg_arg_str(args, "id"))), 0, &active, err));
    *ret = active != 0;
    return VG_OK;
}

VG_HANDLER(alerts_rule_retire_own)
{
    alerts_rule_row r;
    VG_TRY(row_in(cx, args, "draft shadow active", &r, err));
    const bool active = vg_str_eqc(r.state, "active");
    if (active) {
        VG_TRY(may_decide(cx, &r, r.sites, err));
        VG_TRY(others_load(cx, vg_str_z(cx->arena, r.name), err));
    } else {
        VG_TRY(own_text(cx, &r, err));
    }
    open_body(cx, &r);
    vg_jw_kstr(&cx->body, "was", r.state);
    vg_jw_kstr(&cx->body, "reason", vg_arg_str(args, "reason"));
    VG_TRY(say(cx, &r, "alerts.rule_own_retired", err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM rule_progress WHERE text = ?", VG_VALS(vg_z(r.id)), err));
    if (vg_str_eqc(r.state, "draft")) {
        vg_jw_kz(&cx->reply, "id", r.id);
        return VG_OK;
    }
    return in_force(cx, &r, "retired", err);
}
