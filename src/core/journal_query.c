// SPDX-License-Identifier: Apache-2.0
// The journal as pages of people's screens. Every log is read backwards from its own position and the pages
// are merged by the time of recording; the cursor is the sealed list of positions. A principal sees what the scope
// shows; the numbers, whose gaps would tell him of the rest, are told to the custodian's people alone.
#include "core/journal_query.h"

#include "base/clock.h"
#include "core/core_impl.h"
#include "core/due.h"
#include "core/search.h"

enum { LIMIT_MAX = 200, LOGS_MAX = 4096, SCAN_MAX = 20000, PLACES = 16, PLACE_BYTES = 7 };

// Of "kind body", as the column below gives them.
static const char *urgency_of(vg_str both)
{
    const char *space = memchr(both.p, ' ', both.n);
    const size_t n = space ? (size_t)(space - both.p) : both.n;
    const vg_str body = {both.p + n, both.n - n};
    return vg_event_urgency((vg_str){both.p, n}, vg_str_trim(body));
}

const vg_col vg_event_cols[] = {
    {"id", VG_COL_EVENT, "(e.id >> 40) || '-' || (e.id & 1099511627775)"},
    {"kind", VG_COL_TEXT, "e.kind"},
    {"site", VG_COL_TEXT, "e.site"},
    {"subject", VG_COL_TEXT, "e.subject"},
    {"actor", VG_COL_TEXT, "e.actor"},
    {"at", VG_COL_TIME, "e.recorded"},
    {"received", VG_COL_TIME, "e.received"},
    {"captured", VG_COL_TIME, "e.captured"},
    {"source", VG_COL_TEXT, "e.source"},
    {"purpose", VG_COL_INT, "e.purpose"},
    {"urgency", VG_COL_TEXT, "e.kind || ' ' || e.body", urgency_of},
    {"world", VG_COL_INT, "e.world"},
    {"body", VG_COL_BODY, "e.kind || ' ' || e.body"},
    {0},
};

// How many bytes at i belong together: a number, what a backslash makes a letter, else one.
static size_t piece(vg_str json, size_t i, bool quoted)
{
    size_t n = 0;
    if (quoted) {
        return json.p[i] == '\\' && i + 1 < json.n ? 2 : 1;
    }
    while (i + n < json.n && json.p[i + n] >= '0' && json.p[i + n] <= '9') {
        n++;
    }
    return n ? n : 1;
}

// A moment in a body is told as times are (vg_time_told): every number that can be one, by its digits.
static void say_moments(vg_str json, vg_jw *out)
{
    enum { MOMENT_DIGITS = 16, BELOW_MS_DIGITS = 3 };
    vg_buf b;
    bool quoted = false;
    vg_buf_init(&b, json.n + 1);
    for (size_t i = 0, n; i < json.n; i += n) {
        n = piece(json, i, quoted);
        const bool moment = !quoted && n == MOMENT_DIGITS;
        quoted = json.p[i] == '"' ? !quoted : quoted;
        vg_buf_add(&b, json.p + i, moment ? n - BELOW_MS_DIGITS : n);
        vg_buf_add(&b, "000", moment ? BELOW_MS_DIGITS : 0);
    }
    vg_jw_raw(out, vg_buf_str(&b));
    vg_buf_done(&b);
}

void vg_event_body_say(const vg_opaque *o, vg_str kind, vg_str body, vg_jw *out)
{
    const vg_event_def *def = o->plain ? NULL : vg_core_event(kind);
    if (body.n && def && def->cites) {
        vg_cites_say(o, body, out);
    } else if (body.n && !o->plain) {
        say_moments(body, out);
    } else {
        vg_jw_raw(out, body.n ? body : VG_S("null"));
    }
}

// What counts, or could be counted with, is not for everybody (core/opaque.h). The command is the hash of what caused
// it, which may be an event's number.
static void say_place(const vg_opaque *o, const vg_event *e, bool whole, vg_jw *w)
{
    char hex[65], command[33];
    if (!o->plain) {
        return;
    }
    vg_hex(e->hash, VG_HASH_BYTES, hex);
    vg_hex(e->command.b, sizeof e->command.b, command);
    vg_jw_ki64(w, "log", e->log);
    vg_jw_ki64(w, "seq", e->seq);
    vg_jw_kstr(w, "hash", (vg_str){hex, whole ? 64 : 16});
    if (whole) {
        vg_jw_kz(w, "command", command);
        vg_jw_ki64(w, "source_seq", e->source_seq);
    }
}

static void event_json(const vg_opaque *o, const vg_event *e, bool whole, vg_jw *w)
{
    char name[VG_EVENT_NAME];
    vg_event_say(o, VG_EVENT_ROWID(e->log, e->seq), name);
    vg_jw_open(w, '{');
    vg_jw_kz(w, "id", name);
    say_place(o, e, whole, w);
    vg_jw_kstr(w, "kind", e->kind);
    vg_jw_kstr(w, "site", e->site);
    vg_jw_kstr(w, "subject", e->subject);
    vg_jw_kstr(w, "actor", e->actor);
    vg_jw_ktime_exact(w, "at", vg_time_told(o, e->recorded_us));
    vg_jw_ktime_exact(w, "received", vg_time_told(o, e->received_us));
    vg_jw_ktime_exact(w, "captured", vg_time_told(o, e->captured_us));
    vg_jw_kstr(w, "source", e->source);
    vg_jw_ki64(w, "purpose", e->purpose);
    vg_jw_kz(w, "urgency", vg_event_urgency(e->kind, e->body));
    vg_jw_ki64(w, "world", e->world);
    vg_jw_key(w, "body");
    vg_event_body_say(o, e->kind, e->body, w);
    if (whole) {
        vg_jw_ki64(w, "version", e->version);
        vg_jw_kbool(w, "personal", e->personal.n != 0);
        vg_jw_key(w, "cause");
        if (e->cause_seq) {
            vg_event_say(o, VG_EVENT_ROWID(e->cause_log, e->cause_seq), name);
            vg_jw_str(w, vg_str_c(name));
        } else {
            vg_jw_null(w);
        }
    }
    vg_jw_close(w, '}');
}

typedef struct item {
    struct item *next;  // newest first
    int64_t recorded_us, seq;
    uint32_t log;
    vg_str json;
} item;

// One log on this page. A read that looked at SCAN_MAX events without filling the page stops there, and the
// next page goes on from that place.
typedef struct log_at {
    uint32_t log;
    int64_t pos;   // the page begins before this
    int64_t stop;  // where looking stopped, 0 = at the log's beginning
    int64_t found, shown;
} log_at;

typedef struct list {
    vg_read *rd;
    const vg_args *args;
    int64_t limit, n;
    item *head;
} list;

static void insert(list *l, item *x)
{
    item **at = &l->head;
    while (*at && ((*at)->recorded_us > x->recorded_us ||
                   ((*at)->recorded_us == x->recorded_us &&
                    ((*at)->log > x->log || ((*at)->log == x->log && (*at)->seq > x->seq))))) {
        at = &(*at)->next;
    }
    x->next = *at;
    *at = x;
    l->n++;
}

static bool wanted(const list *l, const vg_event *e)
{
    const vg_str kind = vg_arg_str(l->args, "kind"), subject = vg_arg_str(l->args, "subject");
    const vg_str source = vg_arg_str(l->args, "source");
    const bool prefix = kind.n && kind.p[kind.n - 1] == '.';
    return (!kind.n || vg_str_eq(e->kind, kind) ||
            (prefix && e->kind.n > kind.n && memcmp(e->kind.p, kind.p, kind.n) == 0)) &&
           (!subject.n || vg_str_eq(e->subject, subject)) &&
           (!source.n || vg_str_eq(e->source, source));
}

static vg_status open_rows(list *l, uint32_t log, int64_t before, vg_rows **ret, vg_err *err)
{
    // A sum, not VG_EVENT_ROWID: the top of a log is one past what its number can hold.
    const vg_val lo = vg_i(VG_EVENT_ROWID(log, 0)), hi = vg_i(VG_EVENT_ROWID(log, 0) + before),
                 lim = vg_i(SCAN_MAX);
    const vg_str kind = vg_arg_str(l->args, "kind"), subject = vg_arg_str(l->args, "subject");
    if (subject.n) {
        return vg_rows_open(l->rd->db,
                            "SELECT " VG_EVENT_COLUMNS
                            " FROM v_event e WHERE e.subject = ? AND e.id > ? AND e.id < ?"
                            " ORDER BY e.id DESC LIMIT ?",
                            VG_VALS(vg_t(subject), lo, hi, lim), ret, err);
    }
    if (kind.n && kind.p[kind.n - 1] != '.') {
        return vg_rows_open(l->rd->db,
                            "SELECT " VG_EVENT_COLUMNS
                            " FROM v_event e WHERE e.kind = ? AND e.id > ? AND e.id < ?"
                            " ORDER BY e.id DESC LIMIT ?",
                            VG_VALS(vg_t(kind), lo, hi, lim), ret, err);
    }
    return vg_rows_open(l->rd->db,
                        "SELECT " VG_EVENT_COLUMNS " FROM v_event e WHERE e.id > ? AND e.id < ?"
                        " ORDER BY e.id DESC LIMIT ?",
                        VG_VALS(lo, hi, lim), ret, err);
}

static vg_status read_log(list *l, log_at *at, vg_err *err)
{
    vg_rows *r;
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    vg_status s = open_rows(l, at->log, at->pos, &r, err);
    if (s != VG_OK) {
        vg_buf_done(&b);
        return s;
    }
    for (int64_t looked = 1; at->found <= l->limit && vg_rows_next(r); looked++) {
        vg_event e;
        vg_event_read(r, &e);
        at->stop = looked == SCAN_MAX ? e.seq : 0;
        if (!wanted(l, &e)) {
            continue;
        }
        at->found++;
        vg_buf_reset(&b);
        vg_jw w = vg_jw_on(&b);
        event_json(vg_opaque_at(l->rd->db), &e, false, &w);
        item *x = vg_arena_get(l->rd->arena, sizeof *x);
        const vg_str json = x ? vg_str_dup(l->rd->arena, vg_buf_str(&b)) : (vg_str){0};
        if (!json.p) {
            break;
        }
        *x = (item){.recorded_us = e.recorded_us, .seq = e.seq, .log = e.log, .json = json};
        insert(l, x);
    }
    vg_buf_done(&b);
    return vg_rows_close(r, err);
}

// Places in logs as row numbers of events, in as few bytes as hold them: an address has room for some 400. Their number
// is rounded up, as the length of the text shows it.
typedef struct places {
    unsigned char *b;
    size_t n;
} places;

static int64_t place_at(const places *p, size_t i)
{
    uint64_t id = 0;
    for (int k = PLACE_BYTES - 1; k >= 0; k--) {
        id = id << 8 | p->b[i * PLACE_BYTES + (size_t)k];
    }
    return (int64_t)id;
}

static void place_put(places *p, int64_t id)
{
    for (size_t k = 0; k < PLACE_BYTES; k++) {
        p->b[p->n * PLACE_BYTES + k] = (unsigned char)((uint64_t)id >> (8 * k));
    }
    p->n++;
}

static vg_status read_places(const list *l, places *ret, vg_err *err)
{
    const vg_str cursor = vg_arg_str(l->args, "cursor");
    const size_t bytes = cursor.n * 3 / 4;
    ret->n = bytes > VG_SEALED_TAG ? (bytes - VG_SEALED_TAG) / PLACE_BYTES : 0;
    ret->b = vg_arena_get(l->rd->arena, ret->n * PLACE_BYTES + 1);
    return !cursor.n || (ret->b && vg_sealed_read(vg_opaque_at(l->rd->db), "journal", cursor,
                                                  ret->b, ret->n * PLACE_BYTES))
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "cursor", "err.cursor", "%s", "");
}

static int64_t position(const places *p, uint32_t log)
{
    for (size_t i = 0; i < p->n; i++) {
        const int64_t id = place_at(p, i);
        if (id >> VG_SEQ_BITS == log) {
            return id - VG_EVENT_ROWID(log, 0);
        }
    }
    return INT64_C(1) << VG_SEQ_BITS;
}

static vg_status read_logs(list *l, log_at *logs, size_t *n_logs, vg_err *err)
{
    vg_rows *r;
    const int64_t only = vg_arg_i64(l->args, "log", 0);
    const vg_str site = vg_arg_str(l->args, "site");
    places at;
    VG_TRY(read_places(l, &at, err));
    if (only && !vg_opaque_at(l->rd->db)->plain) {
        return VG_OK;  // he knows no log by its number
    }
    VG_TRY(vg_rows_open(l->rd->db, "SELECT log, site FROM v_log ORDER BY log", VG_NOVALS, &r, err));
    while (vg_rows_next(r) && *n_logs < LOGS_MAX) {
        const uint32_t log = (uint32_t)vg_row_i64(r, 0);
        if ((!only || only == log) && (!site.n || vg_str_eq(site, vg_row_str(r, 1)))) {
            logs[(*n_logs)++] = (log_at){.log = log, .pos = position(&at, log)};
        }
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < *n_logs; i++) {
        VG_TRY(read_log(l, &logs[i], err));
    }
    return VG_OK;
}

static void show_items(list *l, log_at *logs, size_t n_logs, vg_jw *w)
{
    int64_t n = 0;
    vg_jw_open(w, '[');
    for (const item *x = l->head; x && n < l->limit; x = x->next, n++) {
        vg_jw_raw(w, x->json);
        for (size_t i = 0; i < n_logs; i++) {
            if (logs[i].log == x->log) {
                logs[i].pos = x->seq;
                logs[i].shown++;
            }
        }
    }
    vg_jw_close(w, ']');
}

static void show_next(list *l, log_at *logs, size_t n_logs, vg_jw *w)
{
    bool more = l->n > l->limit;
    const size_t bytes = (n_logs + PLACES - 1) / PLACES * PLACES * PLACE_BYTES;
    places at = {.b = vg_alloc(bytes + 1)};
    for (size_t i = 0; i < n_logs; i++) {
        if (logs[i].stop && logs[i].shown == logs[i].found) {
            logs[i].pos = logs[i].stop;
            more = true;
        }
        if (logs[i].pos < INT64_C(1) << VG_SEQ_BITS) {  // a log nothing was shown of is not named
            place_put(&at, VG_EVENT_ROWID(logs[i].log, logs[i].pos));
        }
    }
    if (more) {
        char *text = vg_alloc(VG_SEALED(bytes));
        vg_sealed_say(vg_opaque_at(l->rd->db), "journal", at.b, bytes, text);
        vg_jw_str(w, vg_str_c(text));
        free(text);
    } else {
        vg_jw_null(w);
    }
    free(at.b);
}

static vg_status get_events(vg_read *rd, const vg_args *args, vg_err *err)
{
    list l = {.rd = rd, .args = args, .limit = vg_arg_i64(args, "limit", 50)};
    log_at *logs = vg_arena_get(rd->arena, LOGS_MAX * sizeof *logs);
    size_t n_logs = 0;
    if (!logs) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
    }
    VG_TRY(read_logs(&l, logs, &n_logs, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    show_items(&l, logs, n_logs, &rd->out);
    vg_jw_key(&rd->out, "next");
    show_next(&l, logs, n_logs, &rd->out);
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}

static vg_status rowid_of(const vg_db *db, vg_str name, int64_t *ret, vg_err *err)
{
    return vg_event_named(vg_opaque_at(db), name, ret)
               ? VG_OK
               : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", (int)(name.n > 40 ? 40 : name.n),
                         name.p);
}

vg_status vg_event_image(vg_db *scoped, vg_arena *a, vg_str id, vg_str *ret_name, vg_err *err)
{
    int64_t rowid = 0;
    vg_rows *r;
    vg_str name = {"", 0};
    VG_TRY(rowid_of(scoped, id, &rowid, err));
    VG_TRY(vg_rows_open(scoped, "SELECT e.body FROM v_event e WHERE e.id = ?", VG_VALS(vg_i(rowid)),
                        &r, err));
    if (vg_rows_next(r)) {
        name = vg_str_dup(a, vg_js_str(a, vg_row_str(r, 0), "image"));
    }
    VG_TRY(vg_rows_close(r, err));
    *ret_name = name;
    return name.n ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(id));
}

static vg_status get_event(vg_read *rd, const vg_args *args, vg_err *err)
{
    const vg_str name = vg_arg_str(args, "id");
    int64_t rowid = 0;
    VG_TRY(rowid_of(rd->db, name, &rowid, err));
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db, "SELECT " VG_EVENT_COLUMNS " FROM v_event e WHERE e.id = ?",
                        VG_VALS(vg_i(rowid)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        vg_event e;
        vg_event_read(r, &e);
        event_json(vg_opaque_at(rd->db), &e, true, &rd->out);
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(name));
}

static vg_status get_verification(vg_read *rd, const vg_args *args, vg_err *err)
{
    (void)args;
    (void)err;
    vg_core *c = rd->core;
    vg_jw *w = &rd->out;
    pthread_mutex_lock(&c->health_lock);
    const vg_verification v = c->verification;
    pthread_mutex_unlock(&c->health_lock);
    vg_jw_open(w, '{');
    vg_jw_ktime(w, "at", v.at_us);
    vg_jw_kbool(w, "running", v.running || v.requested);
    vg_jw_kbool(w, "ok", v.at_us && v.status == VG_OK);
    if (!vg_opaque_at(rd->db)->plain) {
        vg_jw_close(w, '}');  // whether it holds; not how much there is, nor where
        return VG_OK;
    }
    vg_jw_ki64(w, "events", v.report.events);
    vg_jw_ki64(w, "seals", v.report.seals);
    vg_jw_ki64(w, "logs", v.report.logs);
    vg_jw_key(w, "bad");
    if (v.at_us && v.status != VG_OK) {
        vg_jw_open(w, '{');
        vg_jw_ki64(w, "log", v.report.bad_log);
        vg_jw_ki64(w, "seq", v.report.bad_seq);
        vg_jw_kz(w, "why", v.report.why ? v.report.why : "verify.unreadable");
        vg_jw_close(w, '}');
    } else {
        vg_jw_null(w);
    }
    vg_jw_close(w, '}');
    return VG_OK;
}

void vg_request_verify(vg_core *c)
{
    pthread_mutex_lock(&c->health_lock);
    c->verification.requested = true;
    c->verification.asked_us = vg_now_us();
    pthread_mutex_unlock(&c->health_lock);
}

static const vg_field LIST[] = {
    {"site", VG_F_ID},
    {"kind", VG_F_TEXT},
    {"subject", VG_F_TEXT},
    {"source", VG_F_ID},
    {"log", VG_F_INT, 0, 1, UINT16_MAX},
    {"cursor", VG_F_TEXT, .max = 60000},
    {"limit", VG_F_INT, 0, 1, LIMIT_MAX},
    {0},
};
static const vg_field ONE[] = {{"id", VG_F_TEXT, VG_IN_PATH}, {0}};

const vg_query vg_journal_queries[] = {
    {"deadlines.due", "GET /due", "sites.read", vg_due_fields, vg_due_read},
    {"events.list", "GET /events", "journal.read", LIST, get_events},
    {"events.one", "GET /events/{id}", "journal.read", ONE, get_event},
    {"journal.verification", "GET /journal/verification", "journal.verify", NULL, get_verification},
    {"search", "GET /search", "see.shared", vg_search_fields, vg_search_read},
    {0},
};
