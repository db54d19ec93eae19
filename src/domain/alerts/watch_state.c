// SPDX-License-Identifier: Apache-2.0
// Where the engine's thread stands: a cursor per log, and the file DATA/engine.state that keeps cursors and
// engine states together (magic, then per log: number, sequence, length, bytes; BLAKE2b of all at the end). The
// engine across sites stands last, under the number of the node's log, its cursors before its state.
// The file is replaced by rename. A damaged or foreign file is ignored; a state made by other rules is
// dropped but its cursor kept, so that new rules look forward and not back.
#include "domain/alerts/watch_impl.h"

#include "base/log.h"

#include <unistd.h>

enum { STATE_MAX = 512 << 20, RETRY_US = 200000 };
#define QUIET_US (INT64_C(600) * 1000000)
static const char magic[8] = "vgeng03";

static void state_path(const watch *w, const char *end, char out[480])
{
    snprintf(out, 480, "%s/engine.state%s", w->dir, end);
}

static log_cursor *add_cursor(watch *w, uint32_t log)
{
    for (size_t i = 0; i < w->n_logs; i++) {
        if (w->logs[i].log == log) {
            return &w->logs[i];
        }
    }
    if (w->n_logs == w->cap_logs) {
        w->cap_logs = w->cap_logs ? w->cap_logs * 2 : 16;
        w->logs = vg_realloc(w->logs, w->cap_logs * sizeof *w->logs);
    }
    w->logs[w->n_logs] = (log_cursor){.log = log};
    return &w->logs[w->n_logs++];
}

void watch_cursor(watch *w, uint32_t log, vg_str site)
{
    log_cursor *c = add_cursor(w, log);
    snprintf(c->site, sizeof c->site, "%.*s", VG_FMT(site));
}

// --- saving -------------------------------------------------------------------------------------
typedef struct head {
    int64_t seq;
    uint64_t bytes;
    uint32_t log, reserved;
} head;

typedef struct across_at {
    int64_t log, seq;
} across_at;

static bool write_file(const watch *w, vg_str body)
{
    char part[480], path[480];
    unsigned char hash[VG_HASH_BYTES];
    state_path(w, ".part", part);
    state_path(w, "", path);
    FILE *f = fopen(part, "we");
    if (!f) {
        return false;
    }
    vg_hash(body.p, body.n, hash);
    bool ok =
        fwrite(body.p, 1, body.n, f) == body.n && fwrite(hash, 1, sizeof hash, f) == sizeof hash;
    ok = fflush(f) == 0 && fdatasync(fileno(f)) == 0 && ok;
    ok = fclose(f) == 0 && ok;
    return ok && rename(part, path) == 0;
}

static void put_one(vg_buf *all, uint32_t log, int64_t seq, vg_str state)
{
    const head h = {.seq = seq, .bytes = state.n, .log = log};
    vg_buf_add(all, &h, sizeof h);
    vg_buf_s(all, state);
}

static void put_across(const watch *w, vg_buf *all, vg_buf *one)
{
    vg_buf_reset(one);
    const uint64_t n = w->n_logs;
    vg_buf_add(one, &n, sizeof n);
    for (size_t i = 0; i < w->n_logs; i++) {
        const across_at at = {w->logs[i].log, w->logs[i].across};
        vg_buf_add(one, &at, sizeof at);
    }
    alerts_brain_save(w->brain, ALERTS_ACROSS, one);
    put_one(all, ALERTS_ACROSS, 0, vg_buf_str(one));
    all->failed |= one->failed;
}

void watch_save(watch *w)
{
    vg_buf all, one;
    if (!w->consistent) {
        return;
    }
    vg_buf_init(&all, STATE_MAX);
    vg_buf_init(&one, STATE_MAX);
    vg_buf_add(&all, magic, sizeof magic);
    for (size_t i = 0; i < w->n_logs; i++) {
        vg_buf_reset(&one);
        alerts_brain_save(w->brain, w->logs[i].log, &one);
        put_one(&all, w->logs[i].log, w->logs[i].seq, vg_buf_str(&one));
    }
    put_across(w, &all, &one);
    if (all.failed || !write_file(w, vg_buf_str(&all))) {
        vg_log(VG_WARN, "alerts.state_not_saved", "bytes=%zu", all.n);
    }
    vg_buf_done(&one);
    vg_buf_done(&all);
}

// --- loading ------------------------------------------------------------------------------------
static bool read_file(const watch *w, vg_buf *out)
{
    char path[480], piece[65536];
    state_path(w, "", path);
    FILE *f = fopen(path, "re");
    if (!f) {
        return false;
    }
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        vg_buf_add(out, piece, n);
    }
    const bool ok = !ferror(f) && !out->failed;
    fclose(f);
    unsigned char hash[VG_HASH_BYTES];
    if (!ok || out->n < sizeof magic + sizeof hash || memcmp(out->p, magic, sizeof magic) != 0) {
        return false;
    }
    out->n -= sizeof hash;
    vg_hash(out->p, out->n, hash);
    return memcmp(hash, out->p + out->n, sizeof hash) == 0;
}

// Takes the cursors off the front of the state.
static void restore_across(watch *w, vg_str *state)
{
    uint64_t n = 0;
    across_at at;
    if (state->n >= sizeof n) {
        memcpy(&n, state->p, sizeof n);
        *state = (vg_str){state->p + sizeof n, state->n - sizeof n};
    }
    for (; n && state->n >= sizeof at; n--) {
        memcpy(&at, state->p, sizeof at);
        *state = (vg_str){state->p + sizeof at, state->n - sizeof at};
        add_cursor(w, (uint32_t)at.log)->across = at.seq;
    }
}

static void restore_one(watch *w, const head *h, vg_str state)
{
    vg_err err = {0};
    if (h->log == ALERTS_ACROSS) {
        restore_across(w, &state);
    } else {
        log_cursor *c = add_cursor(w, h->log);
        c->seq = c->across =
            h->seq;  // a state of before there were rules across sites: they look forward
    }
    const vg_status st = alerts_brain_restore(w->brain, h->log, state, &err);
    if (st != VG_OK) {
        vg_log(VG_INFO, "alerts.state_dropped", "log=%u status=%s", h->log, vg_status_name(st));
    }
}

void watch_load(watch *w)
{
    vg_buf all;
    vg_buf_init(&all, STATE_MAX);
    w->loaded = read_file(w, &all);
    for (size_t at = sizeof magic; w->loaded && all.n - at >= sizeof(head);) {
        head h;
        memcpy(&h, all.p + at, sizeof h);
        at += sizeof h;
        if (h.bytes > all.n - at) {
            break;
        }
        restore_one(w, &h, (vg_str){all.p + at, (size_t)h.bytes});
        at += (size_t)h.bytes;
    }
    vg_buf_done(&all);
}

void watch_restart(watch *w)
{
    alerts_brain *old = w->brain;
    vg_err err = {0};
    usleep(RETRY_US);
    watch_drop_held(w);
    if (watch_make_brain(w, &err) != VG_OK) {
        w->brain = old;
        return;
    }
    alerts_brain_destroy(old);
    w->rules_known = 0;
    watch_know_rules(w);
    w->published = 0;
    w->n_logs = 0;
    watch_load(w);
    watch_start_at(w);
    w->consistent = true;
}

static void say_quiet(watch *w, int64_t oldest)
{
    if (oldest < w->quiet_before) {
        char args[48];
        snprintf(args, sizeof args, "{\"before\":%lld}", (long long)w->quiet_before);
        watch_run(w, "alerts.reread", vg_str_c(args));
    }
}

// Without a saved state the journal is read again from its beginning: only what is recent is raised, and the
// journal says from when.
void watch_start_at(watch *w)
{
    vg_db *db;
    vg_err err = {0};
    int64_t newest = 0, oldest = 0;
    if (vg_inner_take(w->core, &db, &err) != VG_OK) {
        return;
    }
    vg_status st =
        vg_one_i64(db,
                   "SELECT max(x.recorded) FROM log l JOIN event x ON x.id ="
                   " (SELECT max(e.id) FROM event e WHERE e.id < (l.log + 1) * 1099511627776)",
                   VG_NOVALS, 0, &newest, &err);
    if (st == VG_OK) {
        st = vg_one_i64(db,
                        "SELECT min(x.recorded) FROM log l JOIN event x ON x.id ="
                        " l.log * 1099511627776 + 1 WHERE l.log > 1",
                        VG_NOVALS, INT64_MAX, &oldest, &err);
    }
    vg_inner_give(w->core, db);
    if (st == VG_OK) {
        w->newest = newest;
        if (!w->loaded) {
            w->quiet_before = newest - QUIET_US;
            say_quiet(w, oldest);
        }
    }
}
