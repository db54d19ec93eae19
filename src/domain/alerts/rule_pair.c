// SPDX-License-Identifier: Apache-2.0
// Time passes in both engines as it would have in the live one: a tick once a deadline is behind. Findings are
// counted; what an open alert would have taken in is counted, too. Floods count as the alerts they are.
#include "domain/alerts/rule_pair.h"

// --- rules --------------------------------------------------------------------------------------
vg_status alerts_pair_load(alerts_pair *p, vg_core *core, vg_arena *a, vg_str text, vg_err *err)
{
    vg_db *db;
    alerts_mix *m = NULL, *with = NULL;
    p->active.of = p->draft.of = p;
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status st = alerts_mix_load(core, db, a, "", &m, err);
    if (st == VG_OK) {
        st = alerts_mix_load(core, db, a, p->name, &with, err);
    }
    vg_inner_give(core, db);
    VG_TRY(st);
    with->own[with->sources.n_own++] = (alerts_text){"", text};
    p->facts = m->sources.facts;
    p->n_facts = m->sources.n_facts;
    VG_TRY(alerts_files_create(&m->sources, &p->active.files, err));
    return alerts_files_create(&with->sources, &p->draft.files, err);
}

void alerts_pair_done(alerts_pair *p)
{
    alerts_pair_close(p);
    alerts_files_destroy(p->active.files);
    alerts_files_destroy(p->draft.files);
    alerts_hits_done(&p->active.hits);
    alerts_hits_done(&p->draft.hits);
    *p = (alerts_pair){0};
}

// --- engines ------------------------------------------------------------------------------------
static size_t rule_in(const alerts_brain *b, const char *name)
{
    for (size_t i = 0; i < alerts_brain_rules(b, 0); i++) {
        alerts_rule r;
        alerts_brain_rule(b, 0, i, &r);
        if (strcmp(r.name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static vg_status open_side(alerts_side *s, vg_err *err)
{
    const alerts_brain_opts opts = {
        .shipped = alerts_files_list(s->files), .facts = s->of->facts, .n_facts = s->of->n_facts};
    VG_TRY(alerts_brain_create(&opts, &s->brain, err));
    s->rule = rule_in(s->brain, s->of->name);
    s->hits.n = 0;
    s->late = 0;
    return VG_OK;
}

// A back-test reads log by log, and a rule across sites none by itself: better no figure than a wrong one.
static vg_status fits(const alerts_side *s, vg_err *err)
{
    alerts_rule r = {0};
    if (s->rule != SIZE_MAX) {
        alerts_brain_rule(s->brain, 0, s->rule, &r);
    }
    return r.across ? vg_fail(err, VG_EINVALID, "across", "alerts.trial_across", "%s", r.name)
                    : VG_OK;
}

vg_status alerts_pair_open(alerts_pair *p, vg_err *err)
{
    alerts_pair_close(p);
    VG_TRY(open_side(&p->active, err));
    VG_TRY(open_side(&p->draft, err));
    return fits(&p->draft, err);
}

void alerts_pair_close(alerts_pair *p)
{
    alerts_brain_destroy(p->active.brain);
    alerts_brain_destroy(p->draft.brain);
    p->active.brain = p->draft.brain = NULL;
}

// --- events -------------------------------------------------------------------------------------
static void on_found(void *ctx, const alerts_found *f)
{
    alerts_side *s = ctx;
    const bool raises = f->what == FOUND_ALERT || f->what == FOUND_FLOOD;
    if (f->rule == s->rule && raises && !f->test && f->t >= s->of->from && f->t < s->of->to) {
        alerts_hits_add(&s->hits, f);
    }
}

static void on_late(void *ctx, const alerts_seen *x)
{
    (void)x;
    ((alerts_side *)ctx)->late++;
}

static vg_status feed(alerts_side *s, const alerts_seen *x, vg_err *err)
{
    if (s->rule == SIZE_MAX) {
        return VG_OK;  // nothing to find
    }
    const alerts_out out = {s, on_found, on_late};
    if (x->kind.n && alerts_brain_wants_tick(s->brain, x->log, x->t_arrival)) {
        const alerts_seen tick = {.log = x->log, .t_arrival = x->t_arrival};
        VG_TRY(alerts_brain_tick(s->brain, s->of->page, &tick, &out, err));
    }
    return x->kind.n ? alerts_brain_feed(s->brain, s->of->page, x, &out, err)
                     : alerts_brain_tick(s->brain, s->of->page, x, &out, err);
}

vg_status alerts_pair_feed(alerts_pair *p, const alerts_seen *x, vg_err *err)
{
    VG_TRY(feed(&p->active, x, err));
    return feed(&p->draft, x, err);
}

vg_status alerts_pair_end(alerts_pair *p, uint32_t log, vg_err *err)
{
    const alerts_seen end = {.log = log, .t_arrival = p->to};
    VG_TRY(alerts_pair_feed(p, &end, err));
    alerts_brain_flush(p->active.brain, p->page, &(alerts_out){&p->active, on_found, NULL});
    alerts_brain_flush(p->draft.brain, p->page, &(alerts_out){&p->draft, on_found, NULL});
    return VG_OK;
}

vg_status alerts_pair_compare(alerts_pair *p, alerts_tally *ret, vg_err *err)
{
    if (p->draft.hits.full || p->active.hits.full) {
        return vg_fail(err, VG_ETOOBIG, "", "alerts.trial_too_many", "%d", (int)ALERTS_HITS_MAX);
    }
    *ret = (alerts_tally){.from = p->from, .to = p->to};
    alerts_tally_compare(ret, &p->draft.hits, &p->active.hits);
    return VG_OK;
}
