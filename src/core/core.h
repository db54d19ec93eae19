// SPDX-License-Identifier: Apache-2.0
// One opened data directory: the writer connection, the journal, labels, register, scribe and readers.
#pragma once

#include "base/conf.h"
#include "core/module.h"
#include "core/register.h"
#include "core/scribe.h"

// Creates DATA: directory 0700, node key, database with all migrations. VG_ECONFLICT if it has one.
vg_status vg_core_create(const char *dir, vg_err *err) VG_USE_RESULT;
// Takes the data lock (VG_ECONFLICT "in use" if a node or a verb has it), migrates, loads heads, labels,
// register, deadlines. Starts no thread.
vg_status vg_core_open(const char *dir, vg_core **ret, vg_err *err) VG_USE_RESULT;
vg_status vg_core_start(vg_core *c,
                        vg_err *err) VG_USE_RESULT;  // scribe, timers, reactions, modules
void vg_core_stop(vg_core *c);                       // answers what is queued, seals, joins
void vg_core_close(vg_core *c);                      // NULL is fine

const char *vg_core_dir(const vg_core *c);
const char *vg_core_db_path(const vg_core *c);
const vg_conf *vg_core_conf(const vg_core *c);
vg_scribe *vg_core_scribe(vg_core *c);
vg_register *vg_core_register(vg_core *c);
vg_labels *vg_core_labels(vg_core *c);
int64_t vg_core_now(vg_core *c);                 // by which terms are judged: vg_labels_now
struct vg_objects *vg_core_objects(vg_core *c);  // core/object.h
// The same derivation without an opened node (verbs).
void vg_key_derive(const unsigned char node_key[32], const char *purpose, unsigned char out[32]);
// The same for those that may outlive a change of the node key. db is unscoped.
vg_status vg_key_of(const unsigned char node_key[32], vg_db *db, const char *purpose,
                    unsigned char out[32], vg_err *err) VG_USE_RESULT;
// A 32-byte key for one purpose, derived from the node key. Never logged.
void vg_core_key(const vg_core *c, const char *purpose, unsigned char out[32]);
// Of uploaded lists written before the node key changed; newest first.
enum { VG_OLD_KEYS = 8 };
size_t vg_core_old_keys(const vg_core *c, unsigned char out[VG_OLD_KEYS][32]);

// A new node key, with the same pass phrase as the old one if that is sealed (core/keyring.h asks). The node must not
// run (VG_ECONFLICT). All or nothing, whenever the power goes. ret_key: the new public key of seals.
vg_status vg_core_rotate(const char *dir, unsigned char ret_key[32], vg_err *err) VG_USE_RESULT;
// Finishes, or removes, what a rotation left that was cut off. Nothing to do while a node runs.
vg_status vg_core_settle(const char *dir, vg_err *err) VG_USE_RESULT;

// Runs a command and waits for it (not on the scribe's thread). call->done and ctx are used.
void vg_core_run(vg_core *c, vg_command_call *call);
// Whoever gives a command to the scribe himself calls its prepare first: call->args are replaced, texts in a.
vg_status vg_command_prepare(vg_core *c, const vg_command *cmd, vg_arena *a, vg_command_call *call,
                             vg_err *err) VG_USE_RESULT;
// Runs the command's own checks and writes nothing: on any thread, with an unscoped reader (vg_inner_take). args
// is the object of its fields. VG_OK: it would have been done now.
vg_status vg_command_try(vg_core *c, vg_db *db, vg_arena *a, const vg_command_call *call,
                         const json_t *args, vg_err *err) VG_USE_RESULT;
const vg_command *vg_core_command(const char *name);  // NULL if there is none
const vg_import *vg_core_import(const char *name);    // NULL if there is none
const vg_event_def *vg_core_event(vg_str kind);       // NULL if there is none
// The body as the reader may be told it; "" is null.
void vg_event_body_say(const vg_opaque *o, vg_str kind, vg_str body, vg_jw *out);
const char *vg_event_urgency(vg_str kind,
                             vg_str body);  // "info", "attention", "act"; NULL: not in feeds
const vg_resource *vg_core_resource(const char *name);  // NULL if there is none
const vg_module *vg_module_at(size_t i);   // all modules, the core's own first; NULL ends
const vg_principal *vg_core_system(void);  // VG_P_SYSTEM
// What a module's start made, of one with a close and without a stop: it is there as long as commands run. NULL: not
// started (yet).
void *vg_core_state(vg_core *c, const char *module);

// Scoped readers: take, read, give back within 2 s. In between the connection is in one read
// transaction with the principal's scope set.
vg_status vg_reader_take(vg_core *c, vg_principal *who, vg_db **ret, vg_err *err) VG_USE_RESULT;
void vg_reader_give(vg_core *c, vg_db *db);
// Unscoped readers of the program itself (engine, stream, metrics, login).
vg_status vg_inner_take(vg_core *c, vg_db **ret, vg_err *err) VG_USE_RESULT;
void vg_inner_give(vg_core *c, vg_db *db);

// --- what was committed -------------------------------------------------------------------------
// Waits until a batch after number `after` was committed (or timeout_ms passed, or the node stops) and
// returns the newest number. Start with 0.
uint64_t vg_core_wait(vg_core *c, uint64_t after, int timeout_ms);
bool vg_core_stopping(const vg_core *c);

// Rows changed by committed batches, once per row and batch. fn runs on the scribe's thread: keep it short.
typedef struct vg_change {
    const vg_resource *resource;
    int64_t rowid;
} vg_change;
void vg_core_on_changes(vg_core *c, void (*fn)(void *ctx, const vg_change *v, size_t n), void *ctx);

// --- resources ----------------------------------------------------------------------------------
// One row as a JSON object, by "id" text, or by row number when id.p is NULL. VG_ENOTFOUND when the scope
// does not show it. ret_where (may be NULL) is filled for reads by row number.
typedef struct vg_row_where {
    int32_t label;
    int64_t world;
} vg_row_where;
vg_status vg_resource_row(const vg_resource *r, vg_db *db, vg_str id, int64_t rowid,
                          vg_row_where *ret_where, vg_jw *out, vg_err *err) VG_USE_RESULT;
enum { VG_CURSOR = VG_SEALED(16) };
typedef struct vg_page {
    int limit;      // 1..500
    vg_str cursor;  // of the same list, told to the same agency; "" = first page
    int64_t
        made_until_us;  // only what was made by then: by the column at (of the journal: recorded) of the resource's table, which must have it; 0: all
    size_t n_filters;   // indices into r->filters with their values
    struct {
        size_t index;
        vg_str value;
    } filter[8];
} vg_page;
// made_until_us as in vg_page.
vg_status vg_resource_total(const vg_resource *r, vg_db *db, int64_t made_until_us, int64_t *ret,
                            vg_err *err) VG_USE_RESULT;
// {"items":[…],"total":N,"next":"…"|null}
vg_status vg_resource_list(const vg_resource *r, vg_db *db, const vg_page *page, vg_jw *out,
                           vg_err *err) VG_USE_RESULT;

// One page, row by row, without a total: fn reads the columns in the order of r->cols. ret_next: cursor of the next
// page, "" after the last one.
typedef void (*vg_resource_fn)(void *ctx, vg_rows *row);
vg_status vg_resource_each(const vg_resource *r, vg_db *db, const vg_page *page, vg_resource_fn fn,
                           void *ctx, char ret_next[VG_CURSOR], vg_err *err) VG_USE_RESULT;

// --- health -------------------------------------------------------------------------------------
typedef struct vg_health {
    bool ready, disk_full, stopping;
    int64_t events, batches, commands, signals, polls, refused, queue_depth, wal_bytes;
    int64_t last_sync_us, sync_p99_us;  // commit time of the last batch; over the last 1,024
    int64_t clock_steps;
} vg_health;
void vg_core_health(vg_core *c, vg_health *ret);  // any thread
