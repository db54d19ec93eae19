// SPDX-License-Identifier: Apache-2.0
// Inside of the core; for src/core only.
#pragma once

#include "core/core.h"
#include "core/object.h"
#include "core/search.h"

#include <pthread.h>

enum {
    POOL = 8,
    BATCH_MAX = 500,
    SLICE_MAX = 256,
    QUEUE_MAX = 16384,
    MAX_LISTENERS = 4,
    MAX_STATES = 32
};

// A timer of the scribe: a deadline of a module, or a source whose silence is watched.
typedef struct vg_timer {
    int64_t due_us;
    const vg_deadline_def *def;  // NULL: supervision of source `index`
    uint32_t index;
    char subject[VG_ID_TEXT];
} vg_timer;

typedef struct vg_timers {
    vg_timer *v;  // binary heap, earliest first
    size_t n, cap;
} vg_timers;
void vg_timers_push(vg_timers *t, const vg_timer *x);
bool vg_timers_pop(vg_timers *t, int64_t now_us, vg_timer *ret);
int64_t vg_timers_next(const vg_timers *t);  // INT64_MAX if none

// What the scribe knows of a source beyond the register; index = register index.
typedef struct vg_source_state {
    int64_t last_seen_us, skew_us;
    int64_t signals, polls;
    char peer[48];
    bool heard, silent, proven, dirty, watched;
    struct {                        // signals_clock.c
        int64_t since_us, skew_us;  // of the first of the run
        uint8_t sign, run;
        bool off;
    } clock;
} vg_source_state;

typedef struct vg_change_set {
    vg_change *v;
    size_t n, cap;
} vg_change_set;

struct vg_scribe {
    vg_core *core;
    pthread_t thread;
    bool running;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    vg_signals *signals_head, **signals_tail;
    vg_command_call *commands_head, **commands_tail;
    vg_command_call *later_head, **later_tail;
    size_t queued;
    bool stop;
    // the scribe thread's own
    vg_arena *arena;  // of one command or event
    vg_buf body;
    vg_timers timers;    // deadlines: terms, by vg_core_now
    vg_timers silences;  // of sources, by the clock their signs of life are noted by
    vg_source_state *sources;
    size_t n_sources, cap_sources;
    int64_t last_flush_us, last_tick_us, last_wall_us, last_prune_us;
    vg_change_set changes;
    int64_t reaction_depth;  // of the command that runs; 0 = not caused by a reaction
    size_t fed;              // feed rows in this batch
    struct {
        int64_t events, commands, signals, polls, clock_steps;
    } counts;         // of this batch: added to the health when it is on disk
    bool failed;      // the last batch: the scribe's own work waits for a tick before the next try
    bool careful;     // the batch is tried again with a savepoint for each signal
    int64_t refused;  // under lock
    bool sources_changed, links_changed, outbox_changed, grants_changed, reactions_due;
    size_t labels_at_begin;
};

typedef struct vg_verification {
    bool requested, running;
    int64_t asked_us;  // of the request that waits
    // When the one that was done was asked for, not when it ended: that would tell how long the journal is.
    int64_t at_us;
    vg_status status;
    vg_verify_report report;
} vg_verification;

struct vg_core {
    char dir[400], db_path[440];
    int lock_fd;
    unsigned char node_key[32];
    unsigned char naming[10][32], opening[VG_OLD_KEYS][32];  // vault.c
    size_t n_opening;
    vg_conf *conf;
    vg_db *db;
    vg_journal *journal;
    vg_labels *labels;
    vg_register *reg;
    vg_objects *objects;
    vg_scribe scribe;
    struct vg_search_index *search;

    pthread_mutex_t pool_lock;
    pthread_cond_t pool_cond;
    vg_db *scoped[POOL], *inner[POOL];
    size_t n_scoped, n_inner, readers_out;
    bool readers_held;

    pthread_mutex_t commit_lock;
    pthread_cond_t commit_cond;
    uint64_t commit_number;
    _Atomic bool stopping;
    _Atomic bool
        finish_wal;  // upkeep moved most of the WAL; the writer moves the rest, so that it can start anew

    pthread_mutex_t listen_lock;
    struct {
        void (*fn)(void *ctx, const vg_change *v, size_t n);
        void *ctx;
    } listeners[MAX_LISTENERS];
    size_t n_listeners;

    pthread_t upkeep;
    bool upkeep_running;

    pthread_mutex_t health_lock;
    vg_health health;
    int64_t sync_us[1024];
    size_t n_sync;
    vg_verification verification;  // under health_lock

    _Atomic uint64_t links_generation, outbox_generation;
    void *states[MAX_STATES];
    struct vg_control *control;
};

// cx.c
typedef vg_status vg_call_runner(vg_core *c, const vg_command *cmd, vg_command_call *call,
                                 vg_buf *reply, vg_err *err);
vg_call_runner vg_cx_run;  // in a savepoint of its own
vg_call_runner
    vg_cx_run_in;  // in the savepoint of vg_cx_open: whoever fails spoils it for all in it
typedef struct vg_cx_point {
    size_t labels;
    bool sources;
} vg_cx_point;
vg_status vg_cx_open(vg_core *c, vg_cx_point *ret, vg_err *err);
vg_status vg_cx_close(vg_core *c, const vg_cx_point *p, vg_status s,
                      vg_err *err);  // s not VG_OK: undoes it
// try.c: the handler's own checks; cx is spent with it, but for what it would have written
vg_status vg_cx_try(vg_cx *cx, const vg_command *cmd, const json_t *object,
                    vg_err *err) VG_USE_RESULT;
// queue.c
typedef struct vg_batch {
    vg_signals *signals;
    vg_command_call *commands;
    vg_command_call *later, *rest;  // rest: those of later that were not come to
    size_t n, n_now;                // all; without later
} vg_batch;
void vg_queue_take(vg_scribe *s, vg_batch *b);       // under the lock
void vg_queue_give_back(vg_scribe *s, vg_batch *b);  // rest comes first the next time
bool vg_scribe_awaited(vg_scribe *s);                // by a signal or command that came since
// scribe.c
void vg_call_run(vg_core *c, vg_command_call *call, vg_call_runner *run);
// slice.c
vg_status vg_slice_run(vg_core *c, vg_command_call *list, bool hurried, vg_command_call **ret_rest,
                       vg_err *err);
vg_status vg_append_event(vg_core *c, vg_event *e, int64_t now_us, vg_err *err);  // journal + apply
// signals.c
vg_status vg_fold_signals(vg_core *c, const vg_register_snap *snap, vg_signals *batch,
                          int64_t now_us, vg_err *err);
vg_status vg_flush_sources(vg_core *c, const vg_register_snap *snap, int64_t now_us, vg_err *err);
void vg_watch_sources(vg_core *c, int64_t now_us);  // after the register changed, and at start
vg_status vg_load_source_states(vg_core *c, vg_err *err);
vg_status vg_load_register(vg_core *c, vg_err *err);
// signals_clock.c: a report was heard, st->skew_us is its
vg_status vg_watch_clock(vg_core *c, const vg_source *s, vg_source_state *st, const vg_signal *g,
                         vg_err *err);
// deadline.c
vg_status vg_load_deadlines(vg_core *c, vg_err *err);
vg_status vg_fire_timers(vg_core *c, vg_err *err);
// reaction.c
vg_status vg_queue_reactions(vg_core *c, const vg_event *e, vg_err *err);
vg_status vg_run_reactions(vg_core *c, vg_err *err);
// outbox.c
extern const vg_field vg_outbox_settle_fields[];
vg_status vg_outbox_settle_run(vg_cx *cx, const vg_args *args, vg_err *err);
// witness.c
extern const vg_field vg_witness_keep_fields[];
vg_status vg_witness_keep_run(vg_cx *cx, const vg_args *args, vg_err *err);
// scribe.c
vg_status vg_scribe_init(vg_core *c, vg_err *err);
void vg_scribe_done(vg_core *c);
vg_status vg_scribe_start(vg_core *c, vg_err *err);
void vg_scribe_stop(vg_core *c);
vg_status vg_run_internal(vg_core *c, const char *command, vg_str args, const vg_cmd_id *id,
                          vg_err *err);
// The scribe's own commands (timers, first contact): a refusal is logged, it must not fail the batch of others.
vg_status vg_run_own(vg_core *c, const char *command, vg_str args, const vg_cmd_id *id,
                     vg_err *err);
bool vg_store_failed(vg_status s);                  // concerns the store, not the one who asked
void vg_feed_event(vg_core *c, const vg_event *e);  // a live row of the feed, bounded per batch
void vg_note_change(void *core, const char *table, int64_t rowid);
// upkeep.c
void *vg_upkeep_main(void *core);
// control.c
vg_status vg_control_start(vg_core *c, vg_err *err);
void vg_control_stop(vg_core *c);
// vault.c
vg_status vg_keys_load(vg_core *c, vg_err *err);
// In a transaction: every box from one vault key to another; what outlives the node key, under the new one.
vg_status vg_vault_reseal(vg_db *db, const unsigned char old[32], const unsigned char key[32],
                          vg_err *err);
vg_status vg_keys_keep(const vg_core *c, const unsigned char vault[32], vg_err *err);
// rotate.c: with the data lock held, what a rotation that was cut off left: finished, or removed.
vg_status vg_rotation_settle(const char *dir, vg_err *err);
vg_status vg_seal_key_fits(const vg_core *c, vg_err *err);  // the node key is that of this data
// core.c
vg_search_index *vg_core_search(vg_core *c);
vg_status vg_core_migrate(vg_db *db, vg_err *err);
// Scribe thread: lets no reader begin and waits for those at work, at most for_ms; false: some still read. The
// readers go on with vg_readers_let.
bool vg_readers_hold(vg_core *c, int for_ms);
void vg_readers_let(vg_core *c);
// builtin.c
extern const vg_module vg_module_core;
const vg_resource *vg_resource_of_table(const char *table);
