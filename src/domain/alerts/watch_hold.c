// SPDX-License-Identifier: Apache-2.0
// What only time made (an absence, a recovery, an amendment) is told at the next whole second, not with the event
// that happened to move the engine's time: that may be another agency's, and the moment would tell that it came.
// Nothing is saved while something waits; after a crash it is found again, under the same command ids.
#include "domain/alerts/watch_impl.h"

enum { HELD_MAX = 1000 };  // of a journal read again: more are told at once

static vg_str key_of(const held *h)
{
    return (vg_str){h->text, h->n_key};
}

static vg_str args_of(const held *h)
{
    return (vg_str){h->text + h->n_key, h->n_args};
}

static void keep(watch *w, const finding *f)
{
    held *h = vg_alloc(sizeof *h + f->what.key.n + f->call.args.n);
    *h = (held){.command = f->call.name,
                .id = f->call.id,
                .set = f->what.set,
                .rule = f->what.rule,
                .n_key = f->what.key.n,
                .n_args = f->call.args.n};
    memcpy(h->text, f->what.key.p, h->n_key);
    memcpy(h->text + h->n_key, f->call.args.p, h->n_args);
    *w->held_tail = h;
    w->held_tail = &h->next;
}

// Into the findings at a place, which goes on behind it.
static vg_status put_back(watch *w, held *h, finding ***at, vg_err *err)
{
    finding *f = vg_arena_get(w->arena, sizeof *f);
    if (f) {
        watch_call(w, f, h->id, h->command, args_of(h));
    }
    if (!f || !f->call.args.p) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "held");
    }
    f->next = **at;
    **at = f;
    *at = &f->next;
    return VG_OK;
}

// What waits and is meant (of one rule and key; NULL: everything) comes before what stands at the place.
static vg_status recall(watch *w, const finding *of, finding ***at, vg_err *err)
{
    for (held **from = &w->held; *from;) {
        held *h = *from;
        if (of && (h->set != of->what.set || h->rule != of->what.rule ||
                   !vg_str_eq(key_of(h), of->what.key))) {
            from = &h->next;
            continue;
        }
        VG_TRY(put_back(w, h, at, err));
        *from = h->next;
        free(h);
    }
    w->held_tail = &w->held;
    while (*w->held_tail) {
        w->held_tail = &(*w->held_tail)->next;
    }
    return VG_OK;
}

vg_status watch_hold(watch *w, vg_err *err)
{
    size_t n = 0;
    for (const held *h = w->held; h; h = h->next) {
        n++;
    }
    for (finding **at = &w->found; *at;) {
        finding *f = *at;
        if (f->what.by_time && n < HELD_MAX) {
            keep(w, f);
            *at = f->next;
            n++;
            continue;
        }
        VG_TRY(recall(w, f, &at, err));  // what is told of one alert stays in its order
        at = &f->next;
    }
    return VG_OK;
}

vg_status watch_tell_held(watch *w, vg_err *err)
{
    if (!w->held) {
        return VG_OK;
    }
    watch_found_clear(w);
    finding **at = &w->found;
    vg_status st = recall(w, NULL, &at, err);
    if (st == VG_OK) {
        st = watch_submit(w, err);
    }
    w->consistent = w->consistent && st == VG_OK;
    return st;
}

void watch_drop_held(watch *w)
{
    while (w->held) {
        held *h = w->held;
        w->held = h->next;
        free(h);
    }
    w->held_tail = &w->held;
}
