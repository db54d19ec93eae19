// SPDX-License-Identifier: Apache-2.0
// The one writer's loop. A batch is whatever is queued when the last commit returned (at most 500 pieces
// of work): while the disk syncs, the next batch gathers, so the cost of durability is shared and nobody
// waits for a timer. Order inside a batch: signals, commands, a slice of what can wait (slice.c), timers,
// reactions, last-seen, seals.
//
// A command that fails is undone alone. A batch that fails (disk full, I/O) is undone whole: everybody in
// it is told, the journal's heads, labels and timers go back, and the next batch is tried afresh. A batch that
// one signal spoils (a fold that fails: our fault) is run again with a savepoint a signal, so that one device
// cannot silence the others. Nothing is acknowledged that is not on disk.
#include "core/core_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/signal_state.h"

#include <sys/statvfs.h>

enum { BUSY = 50, TICK_MS = 100, SHORT_TICK_MS = 10, ROOM_BYTES = 1 << 20, FEED_PER_BATCH = 50 };
enum { PRUNE_EVERY_S = 600, KEEP_ANSWERS_S = 7 * 86400, GRANTS_BYTES = 64 << 20 };

// --- one batch ----------------------------------------------------------------------------------
vg_status vg_run_internal(vg_core *c, const char *command, vg_str args, const vg_cmd_id *id,
                          vg_err *err)
{
    const vg_command *cmd = vg_core_command(command);
    if (!cmd) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "no command %s", command);
    }
    vg_command_call call = {.name = command, .args = args, .who = vg_core_system(), .id = *id};
    vg_buf reply;
    vg_buf_init(&reply, 1 << 20);
    const vg_status s = vg_cx_run(c, cmd, &call, &reply, err);
    vg_buf_done(&reply);
    return s;
}

bool vg_store_failed(vg_status s)
{
    return s == VG_EFULL || s == VG_EIO || s == VG_ECORRUPT;
}

vg_status vg_run_own(vg_core *c, const char *command, vg_str args, const vg_cmd_id *id, vg_err *err)
{
    vg_err why = {0};
    const vg_status s = vg_run_internal(c, command, args, id, &why);
    if (s == VG_OK) {
        return VG_OK;
    }
    if (!vg_store_failed(s)) {
        vg_log(VG_WARN, "own.refused", "run=%s status=%s key=%s detail=%s", command,
               vg_status_name(s), why.key ? why.key : "", why.detail);
        return VG_OK;
    }
    if (err) {
        *err = why;
    }
    return s;
}

void vg_call_run(vg_core *c, vg_command_call *call, vg_call_runner *run)
{
    const vg_command *cmd = vg_core_command(call->name);
    vg_buf_done(&call->reply);  // of a first try
    vg_buf_init(&call->reply, 8 << 20);
    call->err = (vg_err){0};
    call->st = cmd ? run(c, cmd, call, &call->reply, &call->err)
                   : vg_fail(&call->err, VG_ENOTFOUND, "", "err.no_such_command", "%s", call->name);
    c->scribe.counts.commands++;
}

static vg_status run_commands(vg_core *c, vg_command_call *list, vg_err *err)
{
    for (vg_command_call *call = list; call; call = call->next) {
        vg_call_run(c, call, vg_cx_run);
        if (vg_store_failed(call->st)) {
            *err = call->err;
            return call->st;
        }
    }
    return VG_OK;
}

static vg_status note_clock(vg_core *c, vg_err *err)
{
    vg_scribe *s = &c->scribe;
    const int64_t now_us = vg_now_us(),
                  mono = vg_mono_us();  // read together: waiting for the store is no step
    const int64_t drift =
        s->last_wall_us ? (now_us - s->last_wall_us) - (mono - s->last_tick_us) : 0;
    s->last_wall_us = now_us;
    s->last_tick_us = mono;
    if (drift < VG_SECOND_US && drift > -VG_SECOND_US) {
        return VG_OK;
    }
    char args[80];
    snprintf(args, sizeof args, "{\"step_ms\":%lld}", (long long)(drift / VG_MS_US));
    const vg_cmd_id id = vg_cmd_random();
    s->counts.clock_steps++;
    vg_log(VG_WARN, "clock.stepped", "ms=%lld", (long long)(drift / VG_MS_US));
    return vg_run_own(c, "core.note_clock", vg_str_c(args), &id, err);
}

// First answers are kept for a week: a retry later than that is a new request.
static vg_status forget_answers(vg_core *c, int64_t now_us, vg_err *err)
{
    if (now_us - c->scribe.last_prune_us < PRUNE_EVERY_S * VG_SECOND_US &&
        now_us >= c->scribe.last_prune_us) {
        return VG_OK;
    }
    c->scribe.last_prune_us = now_us;
    return vg_exec(c->db,
                   "DELETE FROM command WHERE id IN (SELECT id FROM command WHERE at < ? ORDER BY "
                   "at LIMIT 5000)",
                   VG_VALS(vg_i(now_us - KEEP_ANSWERS_S * VG_SECOND_US)), err);
}

static vg_status fold_batch(vg_core *c, vg_batch *b, int64_t now_us, vg_err *err)
{
    const vg_register_snap *snap = vg_register_acquire(c->reg);
    vg_status s = note_clock(c, err);
    for (vg_signals *g = b->signals; s == VG_OK && g; g = g->next) {
        s = vg_fold_signals(c, snap, g, now_us, err);
    }
    if (s == VG_OK) {
        s = run_commands(c, b->commands, err);
    }
    if (s == VG_OK) {
        s = vg_slice_run(c, b->later, b->n_now > 0, &b->rest, err);
    }
    if (s == VG_OK) {
        s = vg_fire_timers(c, err);
    }
    if (s == VG_OK && c->scribe.reactions_due) {
        s = vg_run_reactions(c, err);
    }
    if (s == VG_OK) {
        s = vg_flush_sources(c, snap, now_us, err);
    }
    if (s == VG_OK) {
        s = forget_answers(c, now_us, err);
    }
    if (s == VG_OK) {
        s = vg_journal_seal(c->journal, now_us, false, err);
    }
    vg_register_release(c->reg, snap);
    return s;
}

static void note_sync(vg_core *c, int64_t us)
{
    pthread_mutex_lock(&c->health_lock);
    c->sync_us[c->n_sync++ % VG_LEN(c->sync_us)] = us;
    c->health.last_sync_us = us;
    c->health.batches++;
    c->health.events += c->scribe.counts.events;
    c->health.commands += c->scribe.counts.commands;
    c->health.signals += c->scribe.counts.signals;
    c->health.polls += c->scribe.counts.polls;
    c->health.clock_steps += c->scribe.counts.clock_steps;
    pthread_mutex_unlock(&c->health_lock);
}

static void publish(vg_core *c)
{
    vg_change_set *set = &c->scribe.changes;
    if (set->n) {
        pthread_mutex_lock(&c->listen_lock);
        for (size_t i = 0; i < c->n_listeners; i++) {
            c->listeners[i].fn(c->listeners[i].ctx, set->v, set->n);
        }
        pthread_mutex_unlock(&c->listen_lock);
        set->n = 0;
    }
    pthread_mutex_lock(&c->commit_lock);
    c->commit_number++;
    pthread_cond_broadcast(&c->commit_cond);
    pthread_mutex_unlock(&c->commit_lock);
}

static void answer_calls(vg_command_call *list, vg_status batch_status, const vg_err *err)
{
    for (vg_command_call *call = list, *next; call; call = next) {
        next = call->next;
        if (batch_status != VG_OK) {
            call->st = batch_status;
            call->err = *err;
            vg_buf_reset(&call->reply);
        }
        call->done(call);
    }
}

static void answer(vg_batch *b, vg_status batch_status, const vg_err *err)
{
    for (vg_signals *g = b->signals, *next; g; g = next) {
        next = g->next;
        g->done(g->ctx, batch_status);
    }
    answer_calls(b->commands, batch_status, err);
    answer_calls(b->later, batch_status, err);
}

static void reload(vg_core *c)
{
    vg_scribe *sc = &c->scribe;
    vg_err err = {0};
    for (size_t i = 0; i < sc->n_sources; i++) {  // what was noted in this batch is not on disk
        vg_source_state *st = &sc->sources[i];
        st->heard = st->silent = st->proven = st->watched = false;
    }
    sc->timers.n = sc->silences.n = 0;  // those that fired in it must fire again
    vg_status s = vg_load_deadlines(c, &err);
    if (s == VG_OK) {
        s = vg_load_register(c, &err);
    }
    if (s != VG_OK) {
        vg_log(VG_ERROR, "register.failed", "detail=%s", err.detail);
    }
    vg_watch_sources(c, vg_now_us());
}

static void undo_batch(vg_core *c, vg_status s, const vg_err *err)
{
    vg_rollback(c->db);
    vg_journal_settle(c->journal, false);
    vg_labels_cut(c->labels, c->scribe.labels_at_begin);
    c->scribe.changes.n = 0;
    c->scribe.failed = true;
    c->scribe.reactions_due = true;
    reload(c);
    pthread_mutex_lock(&c->health_lock);
    if (s == VG_EFULL && !c->health.disk_full) {
        vg_log(VG_ERROR, "store.full", "detail=%s", err->detail);
    } else if (s != VG_EFULL) {
        vg_log(VG_ERROR, "batch.failed", "status=%s where=%s detail=%s", vg_status_name(s),
               err->where, err->detail);
    }
    c->health.disk_full = s == VG_EFULL || c->health.disk_full;
    pthread_mutex_unlock(&c->health_lock);
}

static vg_status commit_batch(vg_core *c, vg_batch *b, int64_t now_us, vg_err *err)
{
    c->scribe.fed = 0;
    b->rest = b->later;
    memset(&c->scribe.counts, 0, sizeof c->scribe.counts);
    c->scribe.labels_at_begin = vg_labels_count(c->labels);
    VG_TRY(vg_begin(c->db, err));
    VG_TRY(fold_batch(c, b, now_us, err));
    if (b->n_now < BUSY && vg_search_building(c->search)) {
        VG_TRY(vg_search_build(c->search, c->db, err));
    }
    VG_TRY(vg_search_flush(c->search, c->db, err));
    const int64_t t = vg_mono_us();
    VG_TRY(vg_commit(c->db, err));
    note_sync(c, vg_mono_us() - t);
    return VG_OK;
}

static bool room_again(const vg_core *c)
{
    struct statvfs fs;
    return statvfs(c->dir, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize > ROOM_BYTES;
}

// The WAL's rest, in a moment without readers: see upkeep.c.
static void finish_wal(vg_core *c)
{
    enum { PATIENCE_MS = 50, LONG_PATIENCE_MS = 1000, LARGE_BYTES = 192 << 20 };
    vg_err err = {0};
    int64_t left;
    c->finish_wal = false;
    const bool large = vg_db_wal_bytes(c->db_path) > LARGE_BYTES;
    if (vg_readers_hold(c, large ? LONG_PATIENCE_MS : PATIENCE_MS) &&
        vg_db_checkpoint(c->db, &left, &err) != VG_OK) {
        vg_log(VG_WARN, "checkpoint.failed", "detail=%s", err.detail);
    }
    vg_readers_let(c);
}

// Before the batch is answered: who was told of a withdrawal reads nothing of it any more. If they cannot be read
// nothing is granted.
static void load_grants(vg_core *c)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(GRANTS_BYTES);
    vg_err err = {0};
    vg_grant *v = NULL;
    size_t n = 0;
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->load_grants && m->load_grants(c->db, a, vg_core_now(c), &v, &n, &err) != VG_OK) {
            vg_log(VG_ERROR, "grants.failed", "detail=%s", err.detail);
            n = 0;
        }
    }
    vg_labels_grant(c->labels, v, n);
}

static void run_batch(vg_core *c, vg_batch *b)
{
    vg_err err = {0};
    const int64_t now_us = vg_now_us();
    vg_status s = commit_batch(c, b, now_us, &err);
    if (s != VG_OK && s != VG_EBUSY && !vg_store_failed(s) && b->signals) {
        undo_batch(c, s, &err);
        c->scribe.careful = true;
        s = commit_batch(c, b, now_us, &err);
        c->scribe.careful = false;
    }
    if (s != VG_OK) {
        undo_batch(c, s, &err);
        answer(b, s, &err);
        return;
    }
    vg_queue_give_back(&c->scribe, b);
    vg_journal_settle(c->journal, true);
    c->scribe.failed = false;
    const int64_t recorded_us = vg_journal_latest(c->journal);
    vg_labels_publish(c->labels, now_us > recorded_us ? now_us : recorded_us);
    if (c->scribe.sources_changed) {
        c->scribe.sources_changed = false;
        if (vg_load_register(c, &err) != VG_OK) {
            vg_log(VG_ERROR, "register.failed", "detail=%s", err.detail);
        }
        vg_watch_sources(c, now_us);
    }
    if (c->scribe.links_changed) {
        c->scribe.links_changed = false;
        c->links_generation++;
    }
    if (c->scribe.grants_changed) {
        c->scribe.grants_changed = false;
        load_grants(c);
    }
    if (c->scribe.outbox_changed) {
        c->scribe.outbox_changed = false;
        c->outbox_generation++;
    }
    pthread_mutex_lock(&c->health_lock);
    if (c->health.disk_full && (b->n || room_again(c))) {
        vg_log(VG_INFO, "store.recovered", "batches=%lld", (long long)c->health.batches);
        c->health.disk_full = false;
    }
    pthread_mutex_unlock(&c->health_lock);
    // First: whoever is answered finds what he changed, and nothing of what he took away.
    publish(c);
    answer(b, VG_OK, &err);
    if (c->finish_wal) {
        finish_wal(c);
    }
}

// Is there work of the scribe's own: timers due, reactions, last-seen, seals?
static bool own_work(vg_core *c)
{
    vg_scribe *s = &c->scribe;
    const int64_t now_us = vg_now_us();
    bool dirty = false;
    if (now_us - s->last_flush_us >= VG_SECOND_US) {
        for (size_t i = 0; i < s->n_sources && !dirty; i++) {
            dirty = s->sources[i].dirty;
        }
    }
    const int64_t mono = vg_mono_us();
    const int64_t drift =
        s->last_wall_us ? (now_us - s->last_wall_us) - (mono - s->last_tick_us) : 0;
    return dirty || s->reactions_due || vg_timers_next(&s->timers) <= vg_core_now(c) ||
           vg_timers_next(&s->silences) <= now_us || drift >= VG_SECOND_US ||
           drift <= -VG_SECOND_US || vg_journal_seal_due(c->journal, now_us) ||
           vg_search_building(c->search) || (c->health.disk_full && room_again(c));
}

// False: the node stops and nothing is left to answer.
static bool wait_for_work(vg_scribe *s, vg_batch *b)
{
    struct timespec until;
    const int tick_ms = vg_search_building(s->core->search) ? SHORT_TICK_MS : TICK_MS;
    pthread_mutex_lock(&s->lock);
    if (!s->queued && !s->stop && (!s->reactions_due || s->failed)) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += tick_ms * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
    }
    vg_queue_take(s, b);
    const bool go_on = b->n || !s->stop;
    pthread_mutex_unlock(&s->lock);
    return go_on;
}

static void *scribe_main(void *arg)
{
    vg_core *c = arg;
    vg_batch b;
    while (wait_for_work(&c->scribe, &b)) {
        if (b.n || own_work(c)) {
            run_batch(c, &b);
        }
    }
    return NULL;
}

// --- life ---------------------------------------------------------------------------------------
static void add_change(vg_change_set *set, const vg_resource *r, int64_t rowid)
{
    if (set->n == set->cap) {
        set->cap = set->cap ? set->cap * 2 : 256;
        set->v = vg_realloc(set->v, set->cap * sizeof *set->v);
    }
    set->v[set->n++] = (vg_change){r, rowid};
}

void vg_feed_event(vg_core *c, const vg_event *e)
{
    static const vg_resource *feed;
    if (!feed) {
        feed = vg_core_resource("events");
    }
    if (c->scribe.fed <
        FEED_PER_BATCH) {  // a storm reaches the screen as alerts, not as a flood of lines
        c->scribe.fed++;
        add_change(&c->scribe.changes, feed, VG_EVENT_ROWID(e->log, e->seq));
    }
}

void vg_note_change(void *core, const char *table, int64_t rowid)
{
    vg_core *c = core;
    const vg_resource *r = vg_resource_of_table(table);
    vg_change_set *set = &c->scribe.changes;
    if (!r) {
        return;
    }
    for (size_t i = set->n; i > 0 && set->n - i < 32; i--) {  // once per row among the latest
        if (set->v[i - 1].rowid == rowid && set->v[i - 1].resource == r) {
            return;
        }
    }
    add_change(set, r, rowid);
}

vg_status vg_scribe_init(vg_core *c, vg_err *err)
{
    vg_scribe *s = &c->scribe;
    pthread_condattr_t attr;
    s->core = c;
    s->signals_tail = &s->signals_head;
    s->commands_tail = &s->commands_head;
    s->later_tail = &s->later_head;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &attr);
    pthread_condattr_destroy(&attr);
    s->arena = vg_arena_create(16 << 20);
    vg_buf_init(&s->body, 1 << 16);
    s->reactions_due = true;
    vg_db_on_change(c->db, vg_note_change, c);
    VG_TRY(vg_search_open(c->db, &c->search, err));
    load_grants(c);
    VG_TRY(vg_load_register(c, err));
    VG_TRY(vg_load_source_states(c, err));
    VG_TRY(vg_signal_state_prune(c->db, err));
    return vg_load_deadlines(c, err);
}

void vg_scribe_done(vg_core *c)
{
    vg_scribe *s = &c->scribe;
    if (!s->core) {
        return;
    }
    vg_arena_destroy(s->arena);
    vg_buf_done(&s->body);
    free(s->timers.v);
    free(s->silences.v);
    free(s->sources);
    free(s->changes.v);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
}

vg_status vg_scribe_start(vg_core *c, vg_err *err)
{
    vg_watch_sources(c, vg_now_us());
    const int e = pthread_create(&c->scribe.thread, NULL, scribe_main, c);
    if (e) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "thread: %s", strerror(e));
    }
    c->scribe.running = true;
    return VG_OK;
}

static void seal_all(vg_core *c)
{
    vg_err err = {0};
    vg_status s = vg_begin(c->db, &err);
    if (s == VG_OK) {
        c->scribe.last_flush_us = 0;
        const vg_register_snap *snap = vg_register_acquire(c->reg);
        s = vg_flush_sources(c, snap, vg_now_us(), &err);
        vg_register_release(c->reg, snap);
    }
    if (s == VG_OK) {
        s = vg_journal_seal(c->journal, vg_now_us(), true, &err);
    }
    if (s == VG_OK) {
        s = vg_commit(c->db, &err);
    }
    vg_journal_settle(c->journal, s == VG_OK);
    if (s != VG_OK) {
        vg_rollback(c->db);
        vg_log(VG_WARN, "journal.unsealed", "detail=%s", err.detail);
    }
}

void vg_scribe_stop(vg_core *c)
{
    vg_scribe *s = &c->scribe;
    if (!s->running) {
        return;
    }
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    s->running = false;
    seal_all(c);
}
