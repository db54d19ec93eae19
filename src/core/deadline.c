// SPDX-License-Identifier: Apache-2.0
// Deadlines: rows that fold from events (so a rebuild makes them again) and a heap in the scribe's memory.
// A heap entry is only a hint: when it fires, the row must still stand with the same due time. The row goes
// when the command's event clears it; a command that did not clear it is not repeated, because its id is
// H(timer, due).
#include "core/core_impl.h"

#include "base/clock.h"

static bool earlier(const vg_timer *a, const vg_timer *b)
{
    return a->due_us < b->due_us;
}

void vg_timers_push(vg_timers *t, const vg_timer *x)
{
    if (t->n == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 64;
        t->v = vg_realloc(t->v, t->cap * sizeof *t->v);
    }
    size_t i = t->n++;
    for (; i > 0 && earlier(x, &t->v[(i - 1) / 2]); i = (i - 1) / 2) {
        t->v[i] = t->v[(i - 1) / 2];
    }
    t->v[i] = *x;
}

bool vg_timers_pop(vg_timers *t, int64_t now_us, vg_timer *ret)
{
    if (t->n == 0 || t->v[0].due_us > now_us) {
        return false;
    }
    *ret = t->v[0];
    const vg_timer last = t->v[--t->n];
    size_t i = 0;
    for (;;) {
        size_t k = 2 * i + 1;
        if (k >= t->n) {
            break;
        }
        k += k + 1 < t->n && earlier(&t->v[k + 1], &t->v[k]);
        if (!earlier(&t->v[k], &last)) {
            break;
        }
        t->v[i] = t->v[k];
        i = k;
    }
    t->v[i] = last;
    return true;
}

int64_t vg_timers_next(const vg_timers *t)
{
    return t->n ? t->v[0].due_us : INT64_MAX;
}

static const vg_deadline_def *find_def(const char *kind)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_deadline_def *d = m->deadlines; d && d->kind; d++) {
            if (strcmp(d->kind, kind) == 0) {
                return d;
            }
        }
    }
    return NULL;
}

static void remember(vg_core *c, const char *kind, vg_str subject, int64_t due_us)
{
    vg_timer t = {.due_us = due_us, .def = find_def(kind)};
    if (t.def) {
        snprintf(t.subject, sizeof t.subject, "%.*s", VG_FMT(subject));
        vg_timers_push(&c->scribe.timers, &t);
    }
}

vg_status vg_deadline_set(vg_apply *ap, const char *kind, const char *subject, const char *site,
                          int64_t due_us, vg_err *err)
{
    VG_TRY(vg_exec(
        ap->db,
        "INSERT INTO deadline (kind, subject, site, due, label, world) VALUES (?,?,?,?,?,?) "
        "ON CONFLICT (kind, subject) DO UPDATE SET due = excluded.due, site = excluded.site,"
        " label = excluded.label, world = excluded.world",
        VG_VALS(vg_z(kind), vg_z(subject), vg_z(site ? site : ""), vg_i(due_us),
                vg_i(ap->event->label), vg_i(ap->event->world)),
        err));
    if (ap->core) {
        remember(ap->core, kind, vg_str_c(subject), due_us);
    }
    return VG_OK;
}

vg_status vg_deadline_clear(vg_apply *ap, const char *kind, const char *subject, vg_err *err)
{
    return vg_exec(ap->db, "DELETE FROM deadline WHERE kind = ? AND subject = ?",
                   VG_VALS(vg_z(kind), vg_z(subject)), err);
}

vg_status vg_load_deadlines(vg_core *c, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(c->db, "SELECT kind, subject, due FROM deadline", VG_NOVALS, &r, err));
    while (vg_rows_next(r)) {
        char kind[64];
        snprintf(kind, sizeof kind, "%.*s", VG_FMT(vg_row_str(r, 0)));
        remember(c, kind, vg_row_str(r, 1), vg_row_i64(r, 2));
    }
    return vg_rows_close(r, err);
}

static vg_status fire_deadline(vg_core *c, const vg_timer *t, vg_err *err)
{
    int64_t due;
    VG_TRY(vg_one_i64(c->db, "SELECT due FROM deadline WHERE kind = ? AND subject = ?",
                      VG_VALS(vg_z(t->def->kind), vg_z(t->subject)), INT64_MIN, &due, err));
    if (due != t->due_us) {
        return VG_OK;
    }
    char args[160], tag[40], when[VG_TIME_TEXT];
    vg_time_rfc3339(t->due_us, when);
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"due\":\"%s\"}", t->subject, when);
    snprintf(tag, sizeof tag, "%lld", (long long)t->due_us);
    vg_buf name;
    vg_buf_init(&name, 200);
    vg_buf_f(&name, "%s/%s", t->def->kind, t->subject);
    const vg_cmd_id id = vg_cmd_derive("timer", vg_buf_str(&name), vg_str_c(tag));
    vg_buf_done(&name);
    return vg_run_own(c, t->def->run, vg_str_c(args), &id, err);
}

static vg_status fire_source(vg_core *c, const vg_timer *t, int64_t now_us, vg_err *err)
{
    vg_source_state *st = &c->scribe.sources[t->index];
    const vg_register_snap *snap = vg_register_acquire(c->reg);
    const vg_source *src = vg_register_at(snap, t->index);
    vg_status s = VG_OK;
    st->watched = false;
    if (src && src->deadline_s > 0 && !(src->flags & VG_SRC_DISABLED) && !st->silent) {
        const int64_t due = st->last_seen_us + src->deadline_s * VG_SECOND_US;
        if (due > now_us) {
            const vg_timer again = {.due_us = due, .index = t->index};
            vg_timers_push(&c->scribe.silences,
                           &again);  // heard since: look again when it would be late
            st->watched = true;
        } else {
            char args[128], when[VG_TIME_TEXT], tag[40];
            vg_time_rfc3339(due, when);
            snprintf(args, sizeof args, "{\"id\":\"%s\",\"due\":\"%s\"}", src->id, when);
            snprintf(tag, sizeof tag, "%lld", (long long)due);
            const vg_cmd_id id = vg_cmd_derive("silent", vg_str_c(src->id), vg_str_c(tag));
            st->silent = true;
            s = vg_run_own(c, "sites.source_silent", vg_str_c(args), &id, err);
        }
    }
    vg_register_release(c->reg, snap);
    return s;
}

vg_status vg_fire_timers(vg_core *c, vg_err *err)
{
    vg_timer t;
    const int64_t now_us = vg_core_now(c), wall_us = vg_now_us();
    while (vg_timers_pop(&c->scribe.timers, now_us, &t)) {
        VG_TRY(fire_deadline(c, &t, err));
    }
    while (vg_timers_pop(&c->scribe.silences, wall_us, &t)) {
        VG_TRY(fire_source(c, &t, wall_us, err));
    }
    return VG_OK;
}
