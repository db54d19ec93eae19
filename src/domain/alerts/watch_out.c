// SPDX-License-Identifier: Apache-2.0
// From findings to commands: a readable line of evidence per journal event, the rule's sentences, and the
// submitting. All commands of a batch are given to the scribe at once, so that they share a commit.
#include "domain/alerts/watch_impl.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "domain/day.h"

enum { FIRST = 3, LAST = 5, TEXT_BYTES = 1400, SEQS_MAX = 800 };

// --- evidence -----------------------------------------------------------------------------------
// All with a role at the site read it: of a source whose owner did not say that it may be told there, only what, where
// and when.
static const char LINE[] =
    "SELECT e.kind, e.received, e.source, e.body, COALESCE(s.name, ''), e.site,"
    " COALESCE(w.name, ''),"
    " CASE WHEN s.id IS NULL THEN e.source = '' ELSE COALESCE(s.told_in_alerts, s.agency = "
    "w.agency, 0) END"
    " FROM event e LEFT JOIN source s ON s.id = CASE WHEN e.source = '' THEN e.subject ELSE "
    "e.source END LEFT JOIN site w ON w.id = e.site WHERE e.id = ?";

// The zone an event speaks of, else the one the rule found.
static vg_status zone_of(watch *w, vg_db *db, vg_jw *out, const finding *f, vg_str body,
                         vg_err *err)
{
    vg_rows *r;
    const vg_str own = vg_js_str(w->arena, body, "zone"), zone = own.n ? own : f->what.zone;
    VG_TRY(vg_rows_open(db, "SELECT name FROM zone WHERE id = ?", VG_VALS(vg_t(zone)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        vg_jw_kstr(out, "zone", zone);
    }
    vg_jw_kstr(out, "zone_name", found ? vg_row_str(r, 0) : VG_S(""));
    return vg_rows_close(r, err);
}

// The event's line; in ret_cites what its body names as its own records, "" if nothing.
static vg_status event_line(watch *w, vg_db *db, vg_jw *out, const finding *f, alerts_proof p,
                            vg_str *ret_cites, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    *ret_cites = (vg_str){"", 0};
    VG_TRY(vg_rows_open(db, LINE, VG_VALS(vg_i(VG_EVENT_ROWID(p.log, p.seq))), &r, err));
    if (vg_rows_next(r)) {
        const vg_str body = vg_row_str(r, 3);
        const vg_str kind = vg_js_str(w->arena, body, "kind");
        char name[40];
        snprintf(name, sizeof name, "%u-%lld", p.log, (long long)p.seq);
        vg_jw_open(out, '{');
        vg_jw_ki64(out, "log", p.log);
        vg_jw_ki64(out, "seq", p.seq);
        vg_jw_kz(out, "name", name);
        vg_jw_kstr(out, "kind", kind.n ? kind : vg_row_str(r, 0));
        vg_jw_kstr(out, "verb", vg_js_str(w->arena, body, "verb"));
        vg_jw_ktime(out, "at", vg_row_i64(r, 1));
        if (f->what.across) {
            vg_jw_kstr(out, "site", vg_row_str(r, 5));
            vg_jw_kstr(out, "site_name", vg_row_str(r, 6));
        }
        st = zone_of(w, db, out, f, body, err);
        if (vg_row_i64(r, 7)) {
            vg_jw_kstr(out, "source", vg_row_str(r, 2));
            vg_jw_kstr(out, "source_name", vg_row_str(r, 4));
            const vg_str title = vg_js_str(w->arena, body, "title_vi");  // an alert of a site
            vg_jw_kstr(out, "text", title.n ? title : vg_js_str(w->arena, body, "text"));
            vg_jw_kstr(out, "code", vg_js_str(w->arena, body, "code"));
            vg_jw_kbool(out, "authenticated", vg_js_bool(body, "auth", vg_row_str(r, 2).n == 0));
        }
        vg_jw_close(out, '}');
        vg_str cites;
        if (vg_str_starts(vg_row_str(r, 0), "gate.") && vg_js_find(body, "records", &cites)) {
            *ret_cites = vg_str_dup(w->arena, cites);
        }
    }
    const vg_status closed = vg_rows_close(r, err);
    return st != VG_OK ? st : closed;
}

static bool named(vg_str name, alerts_proof *ret)
{
    int64_t log = 0;
    size_t dash = 0;
    while (dash < name.n && name.p[dash] != '-') {
        dash++;
    }
    if (dash == name.n || vg_str_i64((vg_str){name.p, dash}, 0, UINT32_MAX, &log, NULL) != VG_OK) {
        return false;
    }
    ret->log = (uint32_t)log;
    return vg_str_i64((vg_str){name.p + dash + 1, name.n - dash - 1}, 1, INT64_MAX, &ret->seq,
                      NULL) == VG_OK;
}

// What a finding at the gate is about (two passages that contradict each other) stands beside it.
static vg_status evidence_line(watch *w, vg_db *db, vg_jw *out, const finding *f, alerts_proof p,
                               vg_err *err)
{
    vg_str cites, item, none;
    size_t at = 0;
    VG_TRY(event_line(w, db, out, f, p, &cites, err));
    while (cites.n > 2 && vg_js_each(cites, &at, NULL, &item)) {
        alerts_proof of;
        if (named(vg_js_decode(w->arena, item), &of)) {
            VG_TRY(event_line(w, db, out, f, of, &none, err));
        }
    }
    return VG_OK;
}

static vg_status evidence(watch *w, vg_db *db, vg_jw *out, const finding *f, vg_err *err)
{
    vg_jw_key(out, "evidence");
    vg_jw_open(out, '[');
    for (size_t i = 0; i < f->n_proofs; i++) {
        if (i < FIRST || i + LAST >= f->n_proofs) {
            VG_TRY(evidence_line(w, db, out, f, f->proofs[i], err));
        }
    }
    vg_jw_close(out, ']');
    return VG_OK;
}

// Numbers that grow with the events: within a log their sequence, over several the time of their recording.
static vg_status seqs(vg_db *db, vg_jw *out, const finding *f, vg_err *err)
{
    vg_jw_key(out, "seqs");
    vg_jw_open(out, '[');
    for (size_t i = f->n_proofs > SEQS_MAX ? f->n_proofs - SEQS_MAX : 0; i < f->n_proofs; i++) {
        const alerts_proof *p = &f->proofs[i];
        int64_t n = p->seq;
        if (f->what.across) {
            VG_TRY(vg_one_i64(db, "SELECT recorded FROM event WHERE id = ?",
                              VG_VALS(vg_i(VG_EVENT_ROWID(p->log, p->seq))), 0, &n, err));
        }
        vg_jw_i64(out, n);
    }
    vg_jw_close(out, ']');
    return VG_OK;
}

// --- texts of the rule --------------------------------------------------------------------------
typedef void (*tell)(const alerts_brain *b, size_t set, size_t rule, bool vietnamese, vg_buf *out);

typedef struct rule_place {  // a rule of a ruleset
    const alerts_brain *brain;
    size_t set, rule;
} rule_place;

static void rule_text(const rule_place *r, vg_jw *out, const char *key, bool vietnamese, tell fn)
{
    vg_buf text;
    vg_buf_init(&text, TEXT_BYTES);
    fn(r->brain, r->set, r->rule, vietnamese, &text);
    vg_jw_kstr(out, key, vg_buf_str(&text));
    vg_buf_done(&text);
}

static void sentences(const rule_place *r, vg_jw *out, const char *vi, const char *en)
{
    rule_text(r, out, vi, true, alerts_brain_sentence);
    rule_text(r, out, en, false, alerts_brain_sentence);
}

static void id_or_nothing(vg_jw *out, const char *key, vg_str id)
{
    if (id.n) {
        vg_jw_kstr(out, key, id);
    }
}

// What an alert about a rule itself is called: it gives too many alerts, or has no room.
static void own_words(const alerts_found *x, const alerts_rule *rule, vg_jw *out)
{
    const bool flood = x->what == FOUND_FLOOD;
    static const struct {
        const char *key, *flood, *full;
        vg_lang lang;
    } words[] = {{"title_vi", "alerts.flood.title", "alerts.full.title", VG_VI},
                 {"title_en", "alerts.flood.title", "alerts.full.title", VG_EN},
                 {"explain_vi", "alerts.flood.explain", "alerts.full.explain", VG_VI},
                 {"explain_en", "alerts.flood.explain", "alerts.full.explain", VG_EN},
                 {"cancel_vi", "alerts.own.cancel", "alerts.own.cancel", VG_VI},
                 {"cancel_en", "alerts.own.cancel", "alerts.own.cancel", VG_EN}};
    for (size_t i = 0; i < VG_LEN(words); i++) {
        vg_buf text;
        vg_buf_init(&text, TEXT_BYTES);
        vg_tr_add(&text, words[i].lang, flood ? words[i].flood : words[i].full,
                  (const char *const[]){
                      "rule", words[i].lang == VG_VI ? rule->title_vi : rule->title_en, NULL});
        vg_jw_kstr(out, words[i].key, vg_buf_str(&text));
        vg_buf_done(&text);
    }
}

static void rule_words(watch *w, const alerts_found *x, const alerts_rule *rule, vg_jw *out)
{
    const rule_place r = {w->brain, x->set, x->rule};
    vg_jw_kz(out, "title_vi", rule->title_vi);
    vg_jw_kz(out, "title_en", rule->title_en);
    vg_jw_kz(out, "situation", rule->situation);
    sentences(&r, out, "explain_vi", "explain_en");
    rule_text(&r, out, "cancel_vi", true, alerts_brain_cancel);
    rule_text(&r, out, "cancel_en", false, alerts_brain_cancel);
}

// Arguments of alerts.raise.
static vg_status describe_raise(watch *w, vg_db *db, const finding *f, vg_jw *out, vg_err *err)
{
    alerts_rule rule;
    const alerts_found *x = &f->what;
    const bool own = x->what == FOUND_FLOOD || x->what == FOUND_FULL;
    alerts_brain_rule(w->brain, x->set, x->rule, &rule);
    vg_jw_kz(out, "rule", !own ? rule.name : x->what == FOUND_FLOOD ? "rule_flood" : "rule_full");
    vg_jw_kz(out, "version", rule.version);
    vg_jw_kstr(out, "key", own ? vg_str_c(rule.name) : x->key);
    id_or_nothing(out, x->across ? "place" : "site", x->site);
    id_or_nothing(out, "zone", own || x->across ? VG_S("") : x->zone);
    id_or_nothing(out, "source", own || x->across ? VG_S("") : x->source);
    vg_jw_kstr(out, "kind", x->kind);
    vg_jw_kz(out, "level", own ? "high" : x->level);
    vg_jw_ki64(out, "at", x->t);
    vg_jw_kbool(out, "repeat", x->what == FOUND_REPEAT || own);
    vg_jw_kbool(out, "test", x->test);
    VG_TRY(seqs(db, out, f, err));
    VG_TRY(evidence(w, db, out, f, err));
    if (own) {
        own_words(x, &rule, out);
    } else {
        rule_words(w, x, &rule, out);
    }
    return VG_OK;
}

// Arguments of alerts.change.
static void describe_change(watch *w, const finding *f, vg_jw *out)
{
    alerts_rule rule;
    const alerts_found *x = &f->what;
    alerts_brain_rule(w->brain, x->set, x->rule, &rule);
    vg_jw_kz(out, "rule", rule.name);
    vg_jw_kstr(out, "key", x->key);
    id_or_nothing(out, "site", x->across ? VG_S("") : x->site);
    vg_jw_kz(out, "what",
             x->what == FOUND_ESCALATED   ? "escalated"
             : x->what == FOUND_RECOVERED ? "recovered"
                                          : "amended");
    vg_jw_kz(out, "level", x->level);
    vg_jw_ki64(out, "at", x->t);
    vg_jw_kbool(out, "test", x->test);
}

// Arguments of alerts.rule_shadow_seen: what a rule on trial would have raised, counted by site and day.
static void describe_shadow(watch *w, const finding *f, vg_jw *out)
{
    alerts_rule rule;
    const alerts_found *x = &f->what;
    char day[VG_DAY_TEXT], name[40];
    alerts_brain_rule(w->brain, x->set, x->rule, &rule);
    vg_day_text(vg_day_of(x->t), day);
    vg_jw_kz(out, "name", rule.name);
    vg_jw_kz(out, "version", rule.version);
    id_or_nothing(out, "site", x->site);
    vg_jw_kz(out, "day", day);
    vg_jw_ki64(out, "n", f->shadow_n);
    vg_jw_key(out, "examples");
    vg_jw_open(out, '[');
    vg_jw_open(out, '{');
    vg_jw_ki64(out, "at", x->t);
    vg_jw_kstr(out, "key", x->key);
    vg_jw_key(out, "evidence");
    vg_jw_open(out, '[');
    for (size_t i = 0; i < f->n_proofs && i < LAST; i++) {
        snprintf(name, sizeof name, "%u-%lld", f->proofs[i].log, (long long)f->proofs[i].seq);
        vg_jw_str(out, vg_str_c(name));
    }
    vg_jw_close(out, ']');
    vg_jw_close(out, '}');
    vg_jw_close(out, ']');
}

static bool is_change(const alerts_found *x)
{
    return x->what == FOUND_ESCALATED || x->what == FOUND_RECOVERED || x->what == FOUND_AMENDED;
}

static void on_done(vg_command_call *call)
{
    watch *w = call->ctx;
    pthread_mutex_lock(&w->lock);
    w->waiting--;
    pthread_cond_signal(&w->done);
    pthread_mutex_unlock(&w->lock);
}

void watch_call(watch *w, finding *f, vg_cmd_id id, const char *command, vg_str args)
{
    f->call = (vg_command_call){.name = command,
                                .args = vg_str_dup(w->arena, args),
                                .who = vg_core_system(),
                                .id = id,
                                .done = on_done,
                                .ctx = w};
}

int64_t watch_seq(const alerts_found *f, alerts_proof p)
{
    return f->across ? VG_EVENT_ROWID(p.log, p.seq) : p.seq;
}

// What happens once to an alert has an id of its own; more of the same is named by its last event.
vg_cmd_id watch_command(const alerts_found *f, int64_t last_seq)
{
    static const char *const names[] = {
        [FOUND_ALERT] = "alerts.raise",        [FOUND_REPEAT] = "alerts.more",
        [FOUND_ESCALATED] = "alerts.escalate", [FOUND_RECOVERED] = "alerts.recover",
        [FOUND_AMENDED] = "alerts.amend",      [FOUND_FLOOD] = "alerts.flood",
        [FOUND_FULL] = "alerts.full"};
    if (f->what == FOUND_ALERT && !f->shadow) {
        return f->id;
    }
    char last[64];
    snprintf(last, sizeof last, "%lld %lld%s", (long long)last_seq,
             is_change(f) ? (long long)f->t : 0, f->shadow ? " shadow" : "");
    return vg_cmd_derive(names[f->what], (vg_str){(const char *)f->id.b, sizeof f->id.b},
                         vg_str_c(last));
}

static vg_status describe(watch *w, vg_db *db, finding *f, vg_buf *b, vg_err *err)
{
    vg_jw out = vg_jw_on(b);
    vg_jw_open(&out, '{');
    if (f->what.shadow) {
        describe_shadow(w, f, &out);
    } else if (is_change(&f->what)) {
        describe_change(w, f, &out);
    } else {
        VG_TRY(describe_raise(w, db, f, &out, err));
    }
    vg_jw_close(&out, '}');
    const int64_t last = f->n_proofs ? watch_seq(&f->what, f->proofs[f->n_proofs - 1]) : 0;
    watch_call(w, f, watch_command(&f->what, last),
               f->what.shadow        ? "alerts.rule_shadow_seen"
               : is_change(&f->what) ? "alerts.change"
                                     : "alerts.raise",
               vg_buf_str(b));
    return b->failed || !f->call.args.p ? vg_fail(err, VG_ETOOBIG, "", NULL, "finding") : VG_OK;
}

vg_status watch_describe(watch *w, vg_db *db, vg_err *err)
{
    vg_buf b;
    vg_status st = VG_OK;
    vg_buf_init(&b, 200000);
    for (finding *f = w->found; f && st == VG_OK; f = f->next) {
        vg_buf_reset(&b);
        st = describe(w, db, f, &b, err);
    }
    vg_buf_done(&b);
    return st;
}

// --- submitting ---------------------------------------------------------------------------------
static void submit_one(watch *w, finding *f)
{
    pthread_mutex_lock(&w->lock);
    w->waiting++;
    pthread_mutex_unlock(&w->lock);
    if (!vg_scribe_command(vg_core_scribe(w->core), &f->call)) {
        f->call.st = VG_EBUSY;
        on_done(&f->call);
    }
}

// What can be cured by trying again stops the pass; what cannot (the site is gone) is logged and passed over.
static bool worth_retrying(vg_status st)
{
    return st == VG_EBUSY || st == VG_EFULL || st == VG_EIO || st == VG_EUNAVAIL;
}

void watch_found_clear(watch *w)
{
    vg_arena_reset(w->arena);
    w->found = NULL;
    w->tail = &w->found;
    w->n_found = 0;
}

vg_status watch_submit(watch *w, vg_err *err)
{
    vg_status ret = VG_OK;
    for (finding *f = w->found; f; f = f->next) {
        submit_one(w, f);
    }
    pthread_mutex_lock(&w->lock);
    while (w->waiting) {
        pthread_cond_wait(&w->done, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    for (finding *f = w->found; f; f = f->next) {
        const vg_status st = f->call.st;
        if (worth_retrying(st)) {
            ret = vg_fail(err, st, "", NULL, "%s", f->call.err.detail);
        } else if (st != VG_OK) {
            vg_log(VG_ERROR, "alerts.raise_refused", "status=%s field=%s detail=\"%s\"",
                   vg_status_name(st), f->call.err.field, f->call.err.detail);
        }
        vg_buf_done(&f->call.reply);
    }
    return ret;
}

void watch_run(watch *w, const char *command, vg_str args)
{
    vg_command_call call = {
        .name = command, .args = args, .who = vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(w->core, &call);
    if (call.st != VG_OK && !vg_core_stopping(w->core)) {
        vg_log(VG_WARN, "alerts.internal", "run=%s status=%s detail=\"%s\"", command,
               vg_status_name(call.st), call.err.detail);
    }
    vg_buf_done(&call.reply);
}

// --- the rules in force -------------------------------------------------------------------------
static void publish_one(watch *w, const rule_place *place, const alerts_rule *r, vg_buf *b)
{
    vg_buf_reset(b);
    vg_jw out = vg_jw_on(b);
    vg_jw_open(&out, '{');
    vg_jw_kz(&out, "name", r->name);
    vg_jw_kz(&out, "title_vi", r->title_vi);
    vg_jw_kz(&out, "title_en", r->title_en);
    vg_jw_kz(&out, "level", r->level);
    vg_jw_kz(&out, "version", r->version);
    vg_jw_kz(&out, "situation", r->situation);
    vg_jw_kz(&out, "file", r->file);
    sentences(place, &out, "sentence_vi", "sentence_en");
    vg_jw_close(&out, '}');
    watch_run(w, "alerts.rule_publish", vg_buf_str(b));
}

void watch_publish_rules(watch *w)
{
    vg_buf b, names;
    const size_t sets = alerts_brain_sets(w->brain);
    if (w->published == sets) {
        return;
    }
    w->published = sets;
    vg_buf_init(&b, 65536);
    vg_buf_init(&names, 65536);
    vg_jw out = vg_jw_on(&names);
    vg_jw_open(&out, '{');
    vg_jw_key(&out, "names");
    vg_jw_open(&out, '[');
    for (size_t i = 0; i < alerts_brain_rules(w->brain, sets - 1) && !vg_core_stopping(w->core);
         i++) {
        const rule_place place = {w->brain, sets - 1, i};
        alerts_rule r;
        alerts_brain_rule(w->brain, sets - 1, i, &r);
        if (!r.shadow) {
            vg_jw_str(&out, vg_str_c(r.name));
            publish_one(w, &place, &r, &b);
        }
    }
    vg_jw_close(&out, ']');
    vg_jw_close(&out, '}');
    if (!vg_core_stopping(w->core)) {
        watch_run(w, "alerts.rules_retire", vg_buf_str(&names));
    }
    vg_buf_done(&names);
    vg_buf_done(&b);
}
