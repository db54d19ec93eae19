// SPDX-License-Identifier: Apache-2.0
// Inside of the engine's thread; all fields are that thread's own, but stop and what lock guards.
#pragma once

#include "core/core.h"
#include "domain/alerts/brain.h"

#include <pthread.h>

typedef struct log_cursor {
    uint32_t log;
    int64_t seq, across;  // how far its own engine read, and the one across sites
    char site[VG_ID_TEXT];
} log_cursor;

typedef struct finding {
    struct finding *next;
    alerts_found what;
    alerts_proof *proofs;
    size_t n_proofs, cap_proofs;
    int64_t shadow_n;  // of a rule on trial: how many of this batch at this site on this day
    vg_command_call call;
} finding;

typedef struct held {  // a finding that waits for the next whole second; malloc'd
    struct held *next;
    const char *command;
    vg_cmd_id id;
    size_t set, rule, n_key, n_args;
    char text[];  // key, arguments
} held;

typedef struct late_event {  // came too late for the confirm lane
    int64_t seq, t_event, t_arrival;
} late_event;

enum { WATCH_LATE_MAX = 400 };  // a batch

typedef struct watch {
    vg_core *core;    // NULL in a replay
    const char *dir;  // the data directory, borrowed
    alerts_on_found on;
    bool fixed;  // the rules stay as they are, whatever the journal says came into force
    alerts_brain *brain;
    vg_arena *arena;  // of one batch
    pthread_t thread;
    bool running;
    _Atomic bool stop;
    log_cursor *logs;
    size_t n_logs, cap_logs;
    const alerts_seen *now;  // the event being fed
    finding *found, **tail;
    size_t n_found;
    held *held, **held_tail;
    late_event late[WATCH_LATE_MAX];
    size_t n_late;
    size_t published;     // rulesets
    int64_t rules_known;  // row of the node's log up to which own rules are known
    bool failed;
    bool consistent;  // engine state and cursors belong together
    bool loaded;      // a saved state was found
    int64_t quiet_before;
    int64_t newest;  // the latest recording known: whatever was recorded before it is on disk
    int64_t saved_us;
    int64_t ticked;  // the second last told
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t waiting;
} watch;

// watch.c
vg_status watch_make_brain(watch *w, vg_err *err) VG_USE_RESULT;
void watch_know_rules(watch *w);                // the same, on a node that runs
void watch_rules_history(watch *w, vg_db *db);  // the own rules the journal has seen

// watch_late.c: what came too late even for the confirm lane is looked at again where it belongs
vg_status watch_recheck(watch *w, vg_db *db, uint32_t log, vg_err *err) VG_USE_RESULT;
// Reads and feeds one batch of a log; w->on (with w) hears what was found. ret_seq: the last event read.
vg_status watch_feed(watch *w, vg_db *db, const log_cursor *c, int64_t *ret_seq, bool *ret_more,
                     vg_err *err) VG_USE_RESULT;

// What the node's own log says to an engine (facts, rules in force), until a time of recording. ret_next: when more
// is to be had; INT64_MAX: not yet.
vg_status watch_node_events(watch *w, vg_db *db, uint32_t log, int64_t until, int64_t *ret_next,
                            vg_err *err) VG_USE_RESULT;
vg_status watch_take_fact(watch *w, uint32_t log, const vg_event *e, vg_err *err) VG_USE_RESULT;

// watch_across.c: one batch of all logs for the rules across sites
vg_status watch_feed_across(watch *w, vg_db *db, bool *ret_more, vg_err *err) VG_USE_RESULT;

// watch_out.c: findings to commands
int64_t watch_seq(const alerts_found *f, alerts_proof p);  // by which a finding names an event
vg_status watch_describe(watch *w, vg_db *db,
                         vg_err *err) VG_USE_RESULT;          // fills the call of every finding
vg_status watch_submit(watch *w, vg_err *err) VG_USE_RESULT;  // runs them, waits for all
// What a finding will submit; args are copied into the arena and are empty where it is full.
void watch_call(watch *w, finding *f, vg_cmd_id id, const char *command, vg_str args);
void watch_found_clear(watch *w);                                  // none, and the arena empty
vg_cmd_id watch_command(const alerts_found *f, int64_t last_seq);  // the id it is submitted under
void watch_run(watch *w, const char *command, vg_str args);  // an internal command; logs failure
void watch_publish_rules(watch *w);  // when they are others than the last time

// watch_hold.c: what only time made
vg_status watch_hold(watch *w, vg_err *err) VG_USE_RESULT;       // of the findings described
vg_status watch_tell_held(watch *w, vg_err *err) VG_USE_RESULT;  // submits what waits
void watch_drop_held(watch *w);

// watch_state.c: cursors and the saved state
void watch_cursor(watch *w, uint32_t log, vg_str site);  // adds the log if it is new
void watch_load(watch *w);
void watch_save(watch *w);
void watch_restart(watch *w);   // after a failure: back to what was saved
void watch_start_at(watch *w);  // what is old news, and how far the journal is
