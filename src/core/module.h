// SPDX-License-Identifier: Apache-2.0
// A domain module is one `const vg_module vg_module_<name>` of tables. From them come the router, the
// OpenAPI document, the permission matrix, the event registry and the live stream: nothing is listed
// twice. Modules never call one another: they emit events, declare reactions, set facts, or read
// another module's table by SQL.
#pragma once

#include "core/command.h"
#include "core/label.h"
#include "core/register.h"
#include "journal/journal.h"

typedef struct vg_core vg_core;
struct vg_device_key;            // core/device.h
typedef struct vg_link vg_link;  // core/link.h

// --- inside a command ---------------------------------------------------------------------------
// Handlers run on the scribe's thread in a savepoint. They read by SQL (unscoped: to decide; but answer
// only what the principal may see), check, emit events, and write the reply. They may write volatile
// and vault tables themselves; projections only change in apply().
typedef struct vg_cx {
    vg_core *core;
    vg_db *db;
    vg_arena *arena;  // of this call
    const vg_principal *who;
    vg_cmd_id id;
    vg_str if_match;
    int64_t now_us;
    int64_t world;
    uint32_t n_ids;
    bool of_list;       // ids made are neighbours (vg_id_derive_row)
    vg_jw reply;        // an object is open: add members
    bool secret_reply;  // shown once: a retry of the command gets an empty object
    bool dry;           // tried, not run (vg_command_try): emits nothing, writes nothing
    // Of events that name no cause of their own: the second person's approval (core/second.h).
    uint32_t cause_log;
    int64_t cause_seq;
    struct {
        bool any;
        int32_t label;
        char site[VG_ID_TEXT];
    } would;  // dry: the first event that it would write
    vg_buf body_buf;
    vg_jw body;
} vg_cx;

typedef struct vg_draft {
    const char *kind;
    const char *site;     // "" or NULL: the node's log; else the site's log
    const char *subject;  // id of the thing it is about
    int32_t label;
    int64_t captured_us;  // 0 = now
    uint32_t cause_log;   // event that caused it, 0 = none
    int64_t cause_seq;
    const char *person;  // subject of personal data, "" = none
    vg_str personal;     // clear text of the personal part: encrypted under the person's key
} vg_draft;

vg_jw *vg_body(
    vg_cx *cx);  // starts the next event's body: an object is open; add members, then vg_emit
// Closes the body, journals the event and applies it (so later SQL in the handler sees it).
// ret_seq may be NULL. Errors of the module's apply pass up and undo the command.
vg_status vg_emit(vg_cx *cx, const vg_draft *d, int64_t *ret_seq, vg_err *err) VG_USE_RESULT;
void vg_new_id(vg_cx *cx, char out[VG_ID_TEXT]);
vg_status vg_label_of(vg_cx *cx, const char *agency, vg_compartment c, const char *site,
                      vg_secrecy s, int32_t *ret, vg_err *err) VG_USE_RESULT;
// Checks the handler's permission at a site once it knows the site; VG_ENOTFOUND (not EDENIED) if the
// principal may not even know of it.
vg_status vg_require(vg_cx *cx, const char *permission, const char *site,
                     vg_err *err) VG_USE_RESULT;
// Sets a fact (architecture §4); emits core.fact when the value changed. valid_until 0 = open.
typedef struct vg_fact {
    const char *name, *key, *value, *site;
    int64_t valid_until_us;
    int32_t label;
    vg_str evidence;  // JSON
} vg_fact;
vg_status vg_fact_set(vg_cx *cx, const vg_fact *f, vg_err *err) VG_USE_RESULT;
// Vault: values encrypted by the node key. Name is unique in a space. Never journaled.
vg_status vg_vault_put(vg_cx *cx, const char *space, const char *name, vg_str value,
                       vg_err *err) VG_USE_RESULT;
vg_status vg_vault_get(vg_core *core, vg_db *db, vg_arena *a, const char *space, const char *name,
                       vg_str *ret, vg_err *err) VG_USE_RESULT;
vg_status vg_vault_drop(vg_cx *cx, const char *space, const char *name, vg_err *err) VG_USE_RESULT;
// The same with the node's key for "vault" (vg_key_derive), for who works beside a running node.
vg_status vg_vault_open(const unsigned char key[32], vg_db *db, vg_arena *a, const char *space,
                        const char *name, vg_str *ret, vg_err *err) VG_USE_RESULT;
// Up to max names of a space, in a.
vg_status vg_vault_names(vg_db *db, vg_arena *a, const char *space, size_t max,
                         const char ***ret_names, size_t *ret_n, vg_err *err) VG_USE_RESULT;

// --- folding ------------------------------------------------------------------------------------
typedef struct vg_apply {
    vg_db *db;
    vg_arena *arena;        // of this event
    vg_core *core;          // NULL in a rebuild
    const vg_event *event;  // being folded
} vg_apply;

// One object for every agreed deadline. Set again to move, clear to end; fires once, late ones at once
// after a restart. It carries the label and world of the event being folded, and stays in the list of what is due
// until it is cleared: clear it when the thing is done, not when it is late. Runs the module's command with {"id": subject, "due": time} as the system, command id
// H(timer, due).
vg_status vg_deadline_set(vg_apply *ap, const char *kind, const char *subject, const char *site,
                          int64_t due_us, vg_err *err) VG_USE_RESULT;
vg_status vg_deadline_clear(vg_apply *ap, const char *kind, const char *subject,
                            vg_err *err) VG_USE_RESULT;

// --- the tables ---------------------------------------------------------------------------------
typedef struct vg_event_def {
    const char *kind;  // "sites.zone_armed"; NULL ends the array
    int32_t version;
    // Folds one event into its own module's tables: no clock, no randomness, reads the body only.
    vg_status (*apply)(vg_apply *ap, const vg_event *e, vg_err *err);
    const char *urgency;  // shown in feeds: NULL (not in feed), "info", "attention", "act"
    bool in_drill;        // run-like: may be written in a drill's world; all else is refused there
    const char *(*weigh)(vg_str body);  // where it depends on the body; NULL: always urgency
    bool
        cites;  // the body names other events, as core/opaque.h knows; only the program writes such ones
} vg_event_def;

typedef struct vg_command {
    const char *name;   // "alerts.acknowledge"; NULL ends the array
    const char *route;  // "POST /alerts/{id}/acknowledge"; NULL = internal (reactions, timers, CLI)
    const char *permission;  // checked at any site first; the handler narrows with vg_require
    const vg_field *fields;
    vg_status (*run)(vg_cx *cx, const vg_args *args, vg_err *err);
    // What is too slow for the scribe (Argon2id), done to the arguments on the caller's thread before the command
    // is queued. Not yet checked, nor is the caller allowed to: changes nothing but the arguments, may be NULL.
    vg_status (*prepare)(vg_core *core, const vg_principal *who, json_t *args, vg_err *err);
    // Marked: tells whether this call needs a second person (core/second.h). NULL: never. Runs in the command's
    // savepoint before its handler and writes nothing.
    vg_status (*second)(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err);
    bool
        proves;  // asks for a secret of the caller's: being denied for a field counts like a wrong log-in
} vg_command;

typedef enum vg_col_type {
    VG_COL_TEXT,
    VG_COL_INT,
    VG_COL_BOOL,
    VG_COL_TIME,
    VG_COL_EVENT,  // the name of an event, stored as "log-seq": told as the reader knows it (core/opaque.h)
    VG_COL_JSON,
    VG_COL_CITES,  // JSON that names events and is written by the program alone
    VG_COL_BODY    // an event's kind, a blank and its body; told as a body
} vg_col_type;

typedef struct vg_col {
    const char *name;  // JSON member; NULL ends the array
    vg_col_type type;
    const char *sql;                   // expression; NULL = the name
    const char *(*say)(vg_str value);  // shown instead of the value, NULL = null; may be NULL
} vg_col;

typedef struct vg_filter {
    const char *param;  // query parameter; NULL ends the array
    const char *sql;    // "a.state = ?" — one parameter, bound as text (or int)
    vg_field_type type;
} vg_filter;

// What of a resource is found by GET /search. Only what stands in the row itself or in a table that lives and is
// labelled with it: words of another row would tell of what somebody may not see. Expressions over `from`; the
// table has columns at, label, world.
typedef struct vg_search {
    const char *title;     // shown, and weighs most: "t.name"
    const char *title_en;  // NULL: the same
    const char *subtitle;  // shown below; NULL: none
    const char *more;      // found by, not shown; NULL: none
    const char *site;      // "t.site"; NULL: none
    const char
        *parent;  // what it is a part of, if it has no page of its own: "t.incident"; NULL: none
    const char *columns;   // of the table: words change only with these ("name code")
    const char *from;      // NULL: "v_<table> <alias>"; else that table LEFT JOIN the side table
    const char *side;      // the side table ("contact_card")
    const char *side_key;  // its column with the row's id ("contact")
    // NULL: the row's; "COALESCE(c.label, t.label)" where the side table is more secret
    const char *label;
} vg_search;

// A listable thing: gives GET <path> (page, total, filters), GET <path>/{id}, and live rows of the
// stream under `name`.
typedef struct vg_resource {
    const char *name;  // "alerts"; NULL ends the array
    const char *path;  // "/alerts"
    const char *permission;
    const char *table;  // base table whose changes make live rows
    const char *from;   // "v_alert a LEFT JOIN v_zone z ON z.id = a.zone"; first alias is the table
    const char *alias;  // "a"
    const vg_col *cols;  // first is "id"
    const vg_filter *filters;
    const char *sort;  // integer column expression, newest first: "a.raised"
    bool on_request;   // changes all the time: live rows only to a stream that asks for it by name
    const vg_search *search;  // NULL: not searched
} vg_resource;

// Other reads: the function writes the whole JSON answer. db is scoped to who.
typedef struct vg_read {
    vg_core *core;
    vg_db *db;
    vg_arena *arena;
    const vg_principal *who;
    vg_jw out;
} vg_read;
typedef struct vg_query {
    const char *name;   // NULL ends the array
    const char *route;  // "GET /desk/summary"
    const char *permission;
    const vg_field *fields;  // path and query parameters
    vg_status (*run)(vg_read *rd, const vg_args *args, vg_err *err);
} vg_query;

// Of signals (sites.signal) only those are told that somebody came by: kinds plate_read, badge_granted, badge_denied.
// After commit: `run` of the (other) module with command id H(event, reaction). map writes the arguments
// (an object is open) and returns false to do nothing.
typedef struct vg_reaction {
    const char *on;   // event kind; NULL ends the array
    const char *run;  // command name
    bool (*map)(vg_arena *a, const vg_event *e, vg_jw *args);
} vg_reaction;

typedef struct vg_deadline_def {
    const char *kind;  // NULL ends the array
    const char *run;   // command name
    // For the list of what is due: reads (title, page) of a subject through the views, one parameter; page is
    // the console's address of it, or empty. NULL: only the kind and the site are shown.
    const char *look;
} vg_deadline_def;

// A fact the module sets (vg_fact_set): its name and what its values are, so that rules, checklists and
// requirements can be checked against it before they run. Values are texts: "yes"/"no" (any other: unknown), a
// number, an RFC 3339 time, whole seconds, or a text (one of words, when given).
typedef enum vg_fact_type {
    VG_FACT_YESNO,
    VG_FACT_TEXT,
    VG_FACT_NUMBER,
    VG_FACT_TIME,
    VG_FACT_SECONDS
} vg_fact_type;
typedef struct vg_fact_def {
    const char
        *name;  // "post.manned"; what people call it is the catalogue's expr.name.<name>. NULL ends
    vg_fact_type type;
    bool single;               // has no key
    const char *const *words;  // NULL-terminated, or NULL
} vg_fact_def;

// --- import of lists ----------------------------------------------------------------------------
// What a file of rows can become: for each row the add command, or the update command of what the row names. A
// module declares it and has import: preview, mapping, all-or-nothing and undo are the imports module's. What
// columns are called in real files stands in the catalogue as "import.<target>.<field>", names by ';', the
// first being the one that is shown; values of an enum as "import.<target>.<field>.<value>".
enum {
    VG_IMP_OWNER = 1,     // an agency's id: the importer's own where the file says nothing
    VG_IMP_NEW_ONLY = 2,  // only for what is added: the update command has no such field
    VG_IMP_PHONE = 4,     // a telephone number: a zero that a spreadsheet took away comes back
    VG_IMP_SELF = 8,      // names another row of the same target, which may stand in the same file
    VG_IMP_LOOKED_UP =
        16,  // what stands there now is told by a look-up only: a preview does not show it
    VG_IMP_UNREAD = 32  // kept as a hash only: never compared with what stands there
};
typedef struct vg_import_field {
    const char *name;  // of the add command; NULL ends the array
    uint32_t flags;
    // What a text may name: id, then one or two columns people call it by (code, name). NULL: the text itself.
    const char *names;
} vg_import_field;

typedef struct vg_import_key {
    const char *fields;  // "agency code": all must have a value for this way to be tried; NULL ends
    const char *sql;     // their values to the id of what exists
} vg_import_key;

typedef struct vg_import {
    const char *name;  // "persons"; NULL ends the array
    const char *permission;
    const char *add, *update;  // update NULL: what exists is left as it is
    const char *withdraw;      // {"id"}: takes back what was added by mistake
    const vg_import_field *fields;
    vg_import_key keys[3];  // tried in this order
    const char *read;       // id to the present values, in the order of fields
    int max_rows;
} vg_import;

// Provided by accounts: how the HTTP layer turns names and tokens into principals. db is unscoped.
typedef struct vg_auth {
    vg_status (*user)(vg_core *core, vg_db *db, vg_str login, vg_principal *ret, char hash[128],
                      vg_err *err);
    vg_status (*by_id)(vg_core *core, vg_db *db, vg_str user, vg_principal *ret, vg_err *err);
    // A bearer token by the BLAKE2b-256 of its text (vg_hash). VG_ENOTFOUND: unknown, revoked or expired.
    // May be NULL: no tokens then.
    vg_status (*token)(vg_core *core, vg_db *db, const unsigned char hash[VG_HASH_BYTES],
                       vg_principal *ret, vg_err *err);
    // The ids of those who may log in and hold a role, at most max, in a.
    vg_status (*people)(vg_db *db, vg_arena *a, size_t max, const char ***ret, size_t *n,
                        vg_err *err);
    // Whether user got his account, a role or his password from by (who an event names), and nobody else has looked at
    // that yet: then he is no second person beside by.
    vg_status (*beholden)(vg_db *db, vg_str user, vg_str by, bool *ret, vg_err *err);
    // A device account that is bound and in force: who acts, and by which key. VG_ENOTFOUND: unknown, not bound,
    // revoked or over. May be NULL: no devices then.
    vg_status (*device)(vg_core *core, vg_db *db, vg_str account, vg_principal *ret,
                        struct vg_device_key *ret_key, vg_err *err);
    // Commands: {"code", "key", "name"} binds a device (VG_EAUTH: the code is none), {"id"} says that it was seen.
    const char *enrol, *seen;
    const char *
        second;  // command that checks {"user", "code"} and uses it up; VG_EDENIED: wrong. NULL: none
} vg_auth;

typedef struct vg_module {
    const char *name;
    const vg_embedded *sql;  // migrations, applied in name order
    const vg_table *tables;
    const vg_event_def *events;
    const vg_command *commands;
    const vg_resource *resources;
    const vg_query *queries;
    const vg_reaction *reactions;
    const vg_deadline_def *deadlines;
    const vg_fact_def *facts;
    const vg_import *imports;
    const vg_auth *auth;
    // sites: every source for the register, texts in a. Called at start and after a commit with an event
    // whose kind starts with "sites.source" (but not silent or returned) or is privacy.retention_set.
    vg_status (*load_sources)(vg_core *core, vg_db *db, vg_arena *a, vg_source **ret, size_t *n,
                              vg_err *err);
    // coord: what agencies let one another read, of all that is not over at since_us; in a. Called at start and
    // after a commit with an event coord.*.
    vg_status (*load_grants)(vg_db *db, vg_arena *a, int64_t since_us, vg_grant **ret, size_t *n,
                             vg_err *err);
    // links: see core/link.h. A change of what it tells is an event links.* (but not up or down).
    vg_status (*load_links)(vg_db *db, vg_arena *a, const char *kind, vg_link **ret, size_t *n,
                            vg_err *err);
    // A module with a thread of its own (alerts: the engine). After the scribe runs / before it stops.
    vg_status (*start)(vg_core *core, void **ret_state, vg_err *err);
    void (*stop)(void *state);
    // Frees what start made and handlers use (vg_core_state): the scribe has ended.
    void (*close)(void *state);
} vg_module;

// All modules, the core's built-in one first; NULL past the end. The router and OpenAPI walk these.
const vg_module *vg_module_at(size_t i);
extern const vg_module
    *const vg_modules[];  // NULL-terminated; generated from src/domain/meson.build
