// SPDX-License-Identifier: Apache-2.0
// The core's own module: labels, facts, the clock, start and stop of the node, and reading the journal.
// Also the index of all modules, their commands, events and resources.
#include "core/core_impl.h"

#include "base/clock.h"
#include "core/anchor.h"
#include "core/due.h"
#include "core/journal_query.h"
#include "core/person.h"
#include "core/search.h"
#include "core/second.h"

static const char SCHEMA[] =
    "CREATE TABLE label (id INTEGER PRIMARY KEY, agency TEXT NOT NULL, site TEXT NOT NULL,"
    " compartment INTEGER NOT NULL, secrecy INTEGER NOT NULL);"
    "INSERT INTO label (id, agency, site, compartment, secrecy) VALUES (0, '', '', 0, 0);"
    "CREATE TABLE command (id BLOB PRIMARY KEY, at BIGINT NOT NULL, reply TEXT NOT NULL);"
    "CREATE INDEX command_at ON command (at);"
    "CREATE TABLE deadline (kind TEXT NOT NULL, subject TEXT NOT NULL, site TEXT NOT NULL,"
    " due BIGINT NOT NULL, PRIMARY KEY (kind, subject));"
    "CREATE TABLE fact (id TEXT PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT "
    "NULL,"
    " since BIGINT NOT NULL, valid_until BIGINT NOT NULL, evidence TEXT, site TEXT NOT NULL,"
    " label INTEGER NOT NULL, world BIGINT NOT NULL);"
    "CREATE UNIQUE INDEX fact_key ON fact (name, key);"
    "CREATE TABLE reaction_due (id INTEGER PRIMARY KEY, event BIGINT NOT NULL, run TEXT NOT NULL,"
    " args TEXT NOT NULL, depth INTEGER NOT NULL DEFAULT 1);"
    "CREATE TABLE cursor (name TEXT PRIMARY KEY, position TEXT NOT NULL);"
    "CREATE TABLE vault (space TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,"
    " PRIMARY KEY (space, name));";

static const char OUTBOX[] =
    "CREATE TABLE outbox (number BIGINT PRIMARY KEY, link TEXT NOT NULL, subject TEXT NOT NULL,"
    " kind TEXT NOT NULL, recipients TEXT NOT NULL, body TEXT NOT NULL, label INTEGER NOT NULL,"
    " world BIGINT NOT NULL, created BIGINT NOT NULL, due BIGINT NOT NULL,"
    " attempts INTEGER NOT NULL, urgent INTEGER NOT NULL);"
    "CREATE INDEX outbox_due ON outbox (link, due);"
    "CREATE INDEX outbox_order ON outbox (link, urgent DESC, number);"
    "CREATE TABLE outbox_number (last BIGINT NOT NULL);"
    "INSERT INTO outbox_number (last) VALUES (0);";

// A deadline set before this is nobody's to see (label -1) until it is set again.
static const char LABELLED[] = "ALTER TABLE deadline ADD COLUMN label INTEGER NOT NULL DEFAULT -1;"
                               "ALTER TABLE deadline ADD COLUMN world BIGINT NOT NULL DEFAULT 0;"
                               "CREATE INDEX deadline_due ON deadline (due);";

static const char SEARCH[] = VG_SEARCH_SQL;
// Both are only ever asked by their key, which as a table of its own costs one B-tree and not two.
static const char KEYED[] =
    "ALTER TABLE command RENAME TO command_was; DROP INDEX command_at;"
    "CREATE TABLE command (id BLOB PRIMARY KEY, at BIGINT NOT NULL, reply TEXT NOT NULL)"
    " WITHOUT ROWID;"
    "INSERT INTO command (id, at, reply) SELECT id, at, reply FROM command_was;"
    "DROP TABLE command_was; CREATE INDEX command_at ON command (at);"
    "ALTER TABLE vault RENAME TO vault_was;"
    "CREATE TABLE vault (space TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL,"
    " PRIMARY KEY (space, name)) WITHOUT ROWID;"
    "INSERT INTO vault (space, name, value) SELECT space, name, value FROM vault_was;"
    "DROP TABLE vault_was;";
static const char SEARCH_AGAIN[] = VG_SEARCH_AGAIN_SQL;

// What went into an anchor (core/anchor.h).
static const char ANCHOR[] = "CREATE TABLE anchor (digest BLOB PRIMARY KEY, heads TEXT NOT NULL);";

// Notes from before there was a salt were of another making: no card can be held against them.
static const char SALTED[] = "ALTER TABLE anchor ADD COLUMN salt BLOB NOT NULL DEFAULT x'';"
                             "ALTER TABLE anchor ADD COLUMN at BIGINT NOT NULL DEFAULT 0;"
                             "CREATE INDEX anchor_at ON anchor (at);";

static const vg_embedded SQL[] = {
    {"0001.sql", (const unsigned char *)SCHEMA, sizeof SCHEMA - 1},
    {"0002.sql", (const unsigned char *)OUTBOX, sizeof OUTBOX - 1},
    {"0003.sql", (const unsigned char *)LABELLED, sizeof LABELLED - 1},
    {"0004.sql", (const unsigned char *)SEARCH, sizeof SEARCH - 1},
    {"0005.sql", (const unsigned char *)SEARCH_AGAIN, sizeof SEARCH_AGAIN - 1},
    {"0006.sql", (const unsigned char *)KEYED, sizeof KEYED - 1},
    {"0007.sql", (const unsigned char *)ANCHOR, sizeof ANCHOR - 1},
    {"0008.sql", (const unsigned char *)SALTED, sizeof SALTED - 1},
    {0},
};

static const vg_table TABLES[] = {
    {"label", VG_PROJECTION, true},     {"command", VG_VAULT, false},
    {"deadline", VG_PROJECTION, false}, {"fact", VG_PROJECTION, false},
    {"event", VG_VOLATILE, false},      {"log", VG_VOLATILE, true},
    {"reaction_due", VG_VAULT, false},  {"cursor", VG_VOLATILE, true},
    {"vault", VG_VAULT, false},         {"anchor", VG_VAULT, false},
    {"outbox", VG_VAULT, false},        {"outbox_number", VG_VAULT, true},
    {"search_doc", VG_VOLATILE, false}, {"search_word", VG_VOLATILE, false, .keyed = true},
    {"search_state", VG_VAULT, false},  {0},
};

static vg_status apply_label(vg_apply *ap, const vg_event *e, vg_err *err)
{
    return vg_exec(
        ap->db, "INSERT INTO label (id, agency, site, compartment, secrecy) VALUES (?,?,?,?,?)",
        VG_VALS(vg_i(vg_js_i64(e->body, "id", -1)), vg_t(vg_js_str(ap->arena, e->body, "agency")),
                vg_t(vg_js_str(ap->arena, e->body, "site")),
                vg_i(vg_js_i64(e->body, "compartment", 0)), vg_i(vg_js_i64(e->body, "secrecy", 0))),
        err);
}

static vg_status apply_fact(vg_apply *ap, const vg_event *e, vg_err *err)
{
    vg_str evidence = VG_S("null");
    (void)vg_js_find(e->body, "evidence", &evidence);
    const vg_str name = vg_js_str(ap->arena, e->body, "name"),
                 key = vg_js_str(ap->arena, e->body, "key");
    const vg_str id = vg_str_f(ap->arena, "%.*s:%.*s", VG_FMT(name), VG_FMT(key));
    return vg_exec(
        ap->db,
        "INSERT INTO fact (id, name, key, value, since, valid_until, evidence, site, label, world)"
        " VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET value = excluded.value,"
        " since = excluded.since, valid_until = excluded.valid_until, evidence = excluded.evidence",
        VG_VALS(vg_t(id), vg_t(name), vg_t(key), vg_t(vg_js_str(ap->arena, e->body, "value")),
                vg_i(e->recorded_us), vg_i(vg_js_i64(e->body, "valid_until", 0)), vg_t(evidence),
                vg_t(e->site), vg_i(e->label), vg_i(e->world)),
        err);
}

static const vg_event_def EVENTS[] = {
    {"core.label", 1, apply_label, .in_drill = true, .cites = true},
    {"core.fact", 1, apply_fact, NULL},
    {"core.clock", 1, NULL, "attention"},
    {"core.started", 1, NULL, "info"},
    {"core.stopped", 1, NULL, "info"},
    {"core.journal_read", 1, NULL, NULL},
    {"core.forgotten", 1, NULL, "info"},
    {"core.person_erased", 1, NULL, NULL},
    {"core.key_rotated", 1, NULL, "attention"},
    {"core.key_act", 1, NULL, "attention"},
    {"core.anchored", 1, NULL, "info"},
    {"core.anchor_kept", 1, NULL, "info"},
    {"core.unfolded_signal", 1, NULL, "attention"},
    {"core.sent", 1, NULL, NULL},
    {"core.send_failed", 1, NULL, "attention"},
    {0},
};

static vg_status note_clock(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_jw_ki64(vg_body(cx), "step_ms", vg_arg_i64(args, "step_ms", 0));
    return vg_emit(cx, &(vg_draft){.kind = "core.clock", .subject = "clock"}, NULL, err);
}

static vg_status note_node(vg_cx *cx, const vg_args *args, vg_err *err)
{
    const bool started = vg_arg_i64(args, "started", 0) != 0;
    vg_jw_kstr(vg_body(cx), "version", VG_S(VG_VERSION));
    return vg_emit(
        cx, &(vg_draft){.kind = started ? "core.started" : "core.stopped", .subject = "node"}, NULL,
        err);
}

static vg_status note_reading(vg_cx *cx, const vg_args *args, vg_err *err)
{
    const char *user = vg_str_z(cx->arena, vg_arg_str(args, "user"));
    vg_jw_kstr(vg_body(cx), "permission", vg_arg_str(args, "permission"));
    return vg_emit(cx, &(vg_draft){.kind = "core.journal_read", .subject = user}, NULL, err);
}

// What the machine's owner does with keys, by the program's verbs. Never a key, never a pass phrase.
static vg_status note_key(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_jw_kstr(vg_body(cx), "act", vg_arg_str(args, "act"));
    return vg_emit(cx, &(vg_draft){.kind = "core.key_act", .subject = "node"}, NULL, err);
}

// The keys of certificates (app/tls_keys.c); taken: the authority's lay in a file until now.
static vg_status tls_keep(vg_cx *cx, const vg_args *args, vg_err *err)
{
    VG_TRY(vg_vault_put(cx, "tls", "ca", vg_arg_str(args, "ca"), err));
    VG_TRY(vg_vault_put(cx, "tls", "server", vg_arg_str(args, "server"), err));
    if (!vg_arg_i64(args, "taken", 0)) {
        return VG_OK;
    }
    vg_jw_kz(vg_body(cx), "act", "authority");
    return vg_emit(cx, &(vg_draft){.kind = "core.key_act", .subject = "node"}, NULL, err);
}

static vg_status set_cursor(vg_cx *cx, const vg_args *args, vg_err *err)
{
    return vg_exec(cx->db,
                   "INSERT INTO cursor (name, position) VALUES (?,?)"
                   " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                   VG_VALS(vg_t(vg_arg_str(args, "name")), vg_t(vg_arg_str(args, "position"))),
                   err);
}

// Erasure asked for by hand: core.person_erased says what was done, core.forgotten why.
static vg_status forget(vg_cx *cx, const vg_args *args, vg_err *err)
{
    const char *person = vg_str_z(cx->arena, vg_arg_str(args, "person"));
    VG_TRY(vg_person_erase(cx, person, err));
    vg_jw_kstr(vg_body(cx), "reason", vg_arg_str(args, "reason"));
    return vg_emit(cx, &(vg_draft){.kind = "core.forgotten", .subject = person}, NULL, err);
}

// Browser sessions, kept for the HTTP layer over a restart; never journaled.
static vg_status session_keep(vg_cx *cx, const vg_args *args, vg_err *err)
{
    return vg_vault_put(cx, "session", vg_str_z(cx->arena, vg_arg_str(args, "key")),
                        vg_arg_str(args, "value"), err);
}

static vg_status session_drop(vg_cx *cx, const vg_args *args, vg_err *err)
{
    return vg_vault_drop(cx, "session", vg_str_z(cx->arena, vg_arg_str(args, "key")), err);
}

static vg_status verify_now(vg_cx *cx, const vg_args *args, vg_err *err)
{
    (void)args;
    (void)err;
    vg_request_verify(cx->core);
    vg_jw_kbool(&cx->reply, "started", true);
    return VG_OK;
}

static const vg_field STEP[] = {{"step_ms", VG_F_INT, VG_REQUIRED}, {0}};
static const vg_field STARTED[] = {{"started", VG_F_BOOL, VG_REQUIRED}, {0}};
static const vg_field READING[] = {
    {"user", VG_F_ID, VG_REQUIRED}, {"permission", VG_F_TEXT, VG_REQUIRED, .max = 64}, {0}};
static const char *const KEY_ACTS[] = {"seal",    "open",          "recovery", "backup_plain",
                                       "restore", "restore_plain", NULL};
static const vg_field KEY_ACT[] = {{"act", VG_F_ENUM, VG_REQUIRED, .values = KEY_ACTS}, {0}};
static const vg_field TLS[] = {{"ca", VG_F_SECRET, VG_REQUIRED, .max = 12000},
                               {"server", VG_F_SECRET, VG_REQUIRED, .max = 12000},
                               {"taken", VG_F_BOOL, VG_REQUIRED},
                               {0}};
static const vg_field CURSOR[] = {
    {"name", VG_F_TEXT, VG_REQUIRED}, {"position", VG_F_TEXT, VG_REQUIRED, .max = 4000}, {0}};
static const vg_field FORGET[] = {
    {"person", VG_F_ID, VG_REQUIRED}, {"reason", VG_F_TEXT, VG_REQUIRED}, {0}};

static const vg_field SESSION[] = {
    {"key", VG_F_TEXT, VG_REQUIRED}, {"value", VG_F_JSON, VG_REQUIRED, .max = 2048}, {0}};
static const vg_field SESSION_KEY[] = {{"key", VG_F_TEXT, VG_REQUIRED}, {0}};

static const vg_command COMMANDS[] = {
    {"core.session_keep", NULL, "core.internal", SESSION, session_keep},
    {"core.session_drop", NULL, "core.internal", SESSION_KEY, session_drop},
    {"core.note_clock", NULL, "core.internal", STEP, note_clock},
    {"core.note_node", NULL, "core.internal", STARTED, note_node},
    {"core.anchor", NULL, "core.internal", NULL, vg_anchor_run},
    {"core.anchor_keep", NULL, "core.internal", vg_anchor_keep_fields, vg_anchor_keep_run},
    {"core.note_reading", NULL, "core.internal", READING, note_reading},
    {"core.note_key", NULL, "core.internal", KEY_ACT, note_key},
    {"core.tls_keep", NULL, "core.internal", TLS, tls_keep},
    {"core.outbox_settle", NULL, "core.internal", vg_outbox_settle_fields, vg_outbox_settle_run},
    {"core.set_cursor", NULL, "core.internal", CURSOR, set_cursor},
    {"core.witness_keep", NULL, "core.internal", vg_witness_keep_fields, vg_witness_keep_run},
    {"core.forget", "POST /privacy/forget", "core.forget", FORGET, forget,
     .second = vg_second_always},
    {"core.verify", "POST /journal/verify", "journal.verify", NULL, verify_now},
    {0},
};

static const vg_col FACT_COLS[] = {
    {"id", VG_COL_TEXT, "f.id"},       {"name", VG_COL_TEXT, "f.name"},
    {"key", VG_COL_TEXT, "f.key"},     {"value", VG_COL_TEXT, "f.value"},
    {"since", VG_COL_TIME, "f.since"}, {"valid_until", VG_COL_TIME, "f.valid_until"},
    {"site", VG_COL_TEXT, "f.site"},   {0},
};
static const vg_filter FACT_FILTERS[] = {{"name", "f.name = ?", VG_F_TEXT},
                                         {"key", "f.key = ?", VG_F_TEXT},
                                         {"site", "f.site = ?", VG_F_ID},
                                         {0}};

static const vg_resource RESOURCES[] = {
    {"deadlines", "/deadlines", "sites.read", "deadline", "v_deadline t", "t", vg_due_cols,
     vg_due_filters, "t.due"},
    {"facts", "/facts", "facts.read", "fact", "v_fact f", "f", FACT_COLS, FACT_FILTERS, "f.since"},
    {"events", NULL, "journal.read", "event", "v_event e", "e", vg_event_cols, NULL, "e.id"},
    {0},
};

const vg_module vg_module_core = {
    .name = "core",
    .sql = SQL,
    .tables = TABLES,
    .events = EVENTS,
    .commands = COMMANDS,
    .resources = RESOURCES,
    .queries = vg_journal_queries,
};

// --- the index of modules -----------------------------------------------------------------------
const vg_module *vg_module_at(size_t i)
{
    return i == 0 ? &vg_module_core : vg_modules[i - 1];
}

const vg_command *vg_core_command(const char *name)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_command *c = m->commands; c && c->name; c++) {
            if (strcmp(c->name, name) == 0) {
                return c;
            }
        }
    }
    return NULL;
}

const vg_import *vg_core_import(const char *name)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_import *t = m->imports; t && t->name; t++) {
            if (strcmp(t->name, name) == 0) {
                return t;
            }
        }
    }
    return NULL;
}

const vg_event_def *vg_core_event(vg_str kind)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        const size_t n = strlen(m->name);
        if (kind.n <= n || memcmp(kind.p, m->name, n) != 0 || kind.p[n] != '.') {
            continue;
        }
        for (const vg_event_def *e = m->events; e && e->kind; e++) {
            if (vg_str_eqc(kind, e->kind)) {
                return e;
            }
        }
    }
    return NULL;
}

const char *vg_event_urgency(vg_str kind, vg_str body)
{
    const vg_event_def *def = vg_core_event(kind);
    return !def || !def->urgency ? NULL : def->weigh ? def->weigh(body) : def->urgency;
}

const vg_resource *vg_core_resource(const char *name)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            if (strcmp(r->name, name) == 0) {
                return r;
            }
        }
    }
    return NULL;
}

const vg_resource *vg_resource_of_table(const char *table)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            if ((r->path || r->on_request) && strcmp(r->table, table) == 0) {
                return r;
            }
        }
    }
    return NULL;
}
