// SPDX-License-Identifier: Apache-2.0
// A position is a row of the cursor table, "witness:<name>:<log>" → the seq of the last seal that was sent;
// events go with the seal that covers them, so one number stands for both. Nothing is journaled: what is told
// to a witness must not itself be something to tell. In a storm of more than LINES_MAX events under one seal
// the last are not told one by one; the seal covers them like the others.
#include "core/witness.h"

#include "core/core_impl.h"

enum { LOGS_MAX = 4096, LINES_MAX = VG_WITNESS_LINES + 2048 };

typedef struct log_position {
    uint32_t log;
    int64_t seq;  // -1: none is kept
} log_position;

typedef struct reading {
    vg_core *core;
    vg_db *db;
    const char *name, *agency;
    log_position *logs;
    size_t n_logs, n, cap;
    vg_witness_line *v;
} reading;

static vg_status read_positions(reading *r, vg_err *err)
{
    vg_rows *rows;
    bool known = false;
    VG_TRY(vg_rows_open(
        r->db,
        "SELECT l.log, COALESCE(CAST(c.position AS INTEGER), -1) FROM log l LEFT JOIN cursor c"
        " ON c.name = 'witness:' || ? || ':' || l.log ORDER BY l.log LIMIT ?",
        VG_VALS(vg_z(r->name), vg_i(LOGS_MAX)), &rows, err));
    while (vg_rows_next(rows)) {
        const int64_t seq = vg_row_i64(rows, 1);
        r->logs[r->n_logs++] = (log_position){(uint32_t)vg_row_i64(rows, 0), seq};
        known = known || seq >= 0;
    }
    VG_TRY(vg_rows_close(rows, err));
    for (size_t i = 0; i < r->n_logs; i++) {
        log_position *p = &r->logs[i];
        if (p->seq < 0 && known) {
            p->seq = 0;  // a log that came since
        } else if (p->seq < 0) {
            int64_t last = 0;
            VG_TRY(vg_one_i64(
                r->db, "SELECT COALESCE(max(id), 0) FROM seal WHERE id > ? AND id < ?",
                VG_VALS(vg_i(VG_EVENT_ROWID(p->log, 0)), vg_i(VG_EVENT_ROWID(p->log + 1, 0))), 0,
                &last, err));
            p->seq = last ? (last & (VG_EVENT_ROWID(1, 0) - 1)) - 1 : 0;
        }
    }
    return VG_OK;
}

static bool may_tell(const reading *r, int32_t label)
{
    vg_label l;
    return vg_label_get(vg_core_labels(r->core), label, &l) && l.secrecy == VG_S_NORMAL &&
           (!*l.agency || l.compartment == VG_C_SHARED || strcmp(l.agency, r->agency) == 0);
}

static vg_witness_line *add(reading *r, int64_t id)
{
    vg_witness_line *w = &r->v[r->n++];
    w->log = (uint32_t)(id >> VG_SEQ_BITS);
    w->seq = id & (VG_EVENT_ROWID(1, 0) - 1);
    return w;
}

static vg_status read_events(reading *r, int64_t after, int64_t to, vg_err *err)
{
    vg_rows *rows;
    VG_TRY(vg_rows_open(r->db,
                        "SELECT id, kind, label, recorded, hash, body FROM event"
                        " WHERE id > ? AND id <= ? AND world = 0 AND purpose = 0 ORDER BY id",
                        VG_VALS(vg_i(after), vg_i(to)), &rows, err));
    while (vg_rows_next(rows)) {
        const vg_event_def *def = vg_core_event(vg_row_str(rows, 1));
        const char *u = !def || !def->urgency ? NULL
                        : def->weigh          ? def->weigh(vg_row_str(rows, 5))
                                              : def->urgency;
        const vg_str hash = vg_row_str(rows, 4);
        if (!u || strcmp(u, "info") == 0 || !may_tell(r, (int32_t)vg_row_i64(rows, 2)) ||
            hash.n != VG_HASH_BYTES || r->n + 1 == r->cap) {  // the last is the seal's
            continue;
        }
        vg_witness_line *w = add(r, vg_row_i64(rows, 0));
        w->kind = def->kind;
        w->urgency = u;
        w->at_us = vg_row_i64(rows, 3);
        memcpy(w->hash, hash.p, sizeof w->hash);
    }
    return vg_rows_close(rows, err);
}

static vg_status read_seal(reading *r, vg_rows *rows, int64_t *after, vg_err *err)
{
    const int64_t id = vg_row_i64(rows, 0);
    const vg_str hash = vg_row_str(rows, 1), key = vg_row_str(rows, 3),
                 signature = vg_row_str(rows, 4);
    VG_TRY(read_events(r, *after, id, err));
    *after = id;
    vg_witness_line *w = add(r, id);
    if (hash.n != sizeof w->hash || key.n != sizeof w->key || signature.n != sizeof w->signature) {
        return vg_fail(err, VG_ECORRUPT, "", NULL, "seal %lld", (long long)id);
    }
    w->at_us = vg_row_i64(rows, 2);
    memcpy(w->hash, hash.p, sizeof w->hash);
    memcpy(w->key, key.p, sizeof w->key);
    memcpy(w->signature, signature.p, sizeof w->signature);
    return VG_OK;
}

static vg_status read_log(reading *r, const log_position *p, vg_err *err)
{
    vg_rows *rows;
    int64_t after = VG_EVENT_ROWID(p->log, p->seq);
    vg_status s = VG_OK;
    VG_TRY(vg_rows_open(
        r->db,
        "SELECT id, hash, sealed, key, signature FROM seal WHERE id > ? AND id < ?"
        " ORDER BY id LIMIT ?",
        VG_VALS(vg_i(after), vg_i(VG_EVENT_ROWID(p->log + 1, 0)), vg_i(VG_WITNESS_LINES)), &rows,
        err));
    while (s == VG_OK && r->n < VG_WITNESS_LINES && vg_rows_next(rows)) {
        s = read_seal(r, rows, &after, err);
    }
    const vg_status closed = vg_rows_close(rows, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

vg_status vg_witness_read(vg_core *c, const char *name, const char *agency, vg_arena *a,
                          vg_witness_line **ret, size_t *n, vg_err *err)
{
    reading r = {.core = c, .name = name, .agency = agency, .cap = LINES_MAX};
    r.logs = vg_arena_get(a, LOGS_MAX * sizeof *r.logs);
    r.v = vg_arena_get(a, r.cap * sizeof *r.v);
    if (!r.logs || !r.v) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "witness");
    }
    VG_TRY(vg_inner_take(c, &r.db, err));
    vg_status s = read_positions(&r, err);
    for (size_t i = 0; s == VG_OK && i < r.n_logs && r.n < VG_WITNESS_LINES; i++) {
        s = read_log(&r, &r.logs[i], err);
    }
    vg_inner_give(c, r.db);
    *ret = r.v;
    *n = r.n;
    return s;
}

// --- positions ----------------------------------------------------------------------------------
vg_status vg_witness_keep(vg_core *c, const char *name, const vg_witness_line *v, size_t n,
                          vg_err *err)
{
    vg_buf args;
    vg_buf_init(&args, 262144);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "name", name);
    vg_jw_key(&w, "logs");
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < n; i++) {
        if (!v[i].kind && (i + 1 == n || v[i + 1].log != v[i].log)) {
            vg_jw_open(&w, '{');
            vg_jw_ki64(&w, "log", v[i].log);
            vg_jw_ki64(&w, "seq", v[i].seq);
            vg_jw_close(&w, '}');
        }
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = "core.witness_keep",
                            .args = vg_buf_str(&args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(c, &call);
    vg_buf_done(&call.reply);
    vg_buf_done(&args);
    if (err) {
        *err = call.err;
    }
    return call.st;
}

const vg_field vg_witness_keep_fields[] = {{"name", VG_F_TEXT, VG_REQUIRED, .max = 40},
                                           {"logs", VG_F_JSON, VG_REQUIRED, .max = 131072},
                                           {NULL}};

vg_status vg_witness_keep_run(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_str one;
    for (size_t at = 0; vg_js_each(vg_arg_str(args, "logs"), &at, NULL, &one);) {
        char name[96], seq[24];
        snprintf(name, sizeof name, "witness:%.*s:%lld", VG_FMT(vg_arg_str(args, "name")),
                 (long long)vg_js_i64(one, "log", 0));
        snprintf(seq, sizeof seq, "%lld", (long long)vg_js_i64(one, "seq", 0));
        VG_TRY(vg_exec(cx->db,
                       "INSERT INTO cursor (name, position) VALUES (?,?)"
                       " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                       VG_VALS(vg_z(name), vg_z(seq)), err));
    }
    return VG_OK;
}
