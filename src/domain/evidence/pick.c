// SPDX-License-Identifier: Apache-2.0
// Which events a bundle shows. Every one is found through the asker's own scope, so that none can be shown that he may
// not read; what lies between is another matter (walk.c). Of an incident: what was said of it, of its tasks and alerts,
// and the reports its alerts stand on.
#include "core/keyring.h"
#include "domain/evidence/evidence_impl.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

enum { PAGE = 5000, SUBJECTS_MAX = 2000 };

// --- where from -----------------------------------------------------------------------------------
vg_status evidence_from_core(vg_core *core, vg_principal *who, evidence_from *ret, vg_err *err)
{
    (void)err;
    *ret = (evidence_from){.core = core, .dir = vg_core_dir(core), .who = who};
    ret->node = vg_conf_get(vg_core_conf(core), "node.name", "");
    vg_core_key(core, "seal", ret->seed);
    vg_core_key(core, "vault", ret->vault);
    vg_core_key(core, "objects", ret->objects);
    return VG_OK;
}

vg_status evidence_from_data(const char *dir, evidence_from *ret, vg_err *err)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    const vg_module *m;
    char path[440];
    unsigned char key[32];
    *ret = (evidence_from){.dir = dir, .who = &local, .node = ""};
    snprintf(path, sizeof path, "%s/vonggac.db", dir);
    if (access(path, R_OK) != 0) {
        return vg_fail(err, VG_ENOTFOUND, "data", "err.no_data", "%s", dir);
    }
    VG_TRY(vg_db_open(path, VG_DB_READER, &ret->db, err));
    VG_TRY(vg_journal_readable(ret->db, err));
    VG_TRY(vg_node_key_read(dir, key, err));
    vg_key_derive(key, "seal", ret->seed);
    vg_key_derive(key, "vault", ret->vault);
    const vg_status s = vg_key_of(key, ret->db, "objects", ret->objects, err);
    sodium_memzero(key, sizeof key);
    VG_TRY(s);
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        VG_TRY(vg_db_views(ret->db, m->tables, err));
    }
    vg_db_see_all(ret->db);
    return VG_OK;
}

void evidence_from_done(evidence_from *f)
{
    vg_db_close(f->db);
    sodium_memzero(f, sizeof *f);
}

vg_status evidence_take(evidence_from *f, bool scoped, vg_db **ret, vg_err *err)
{
    if (!f->core) {
        *ret = f->db;
        return VG_OK;
    }
    return scoped ? vg_reader_take(f->core, f->who, ret, err) : vg_inner_take(f->core, ret, err);
}

void evidence_give(evidence_from *f, bool scoped, vg_db *db)
{
    if (f->core) {
        (scoped ? vg_reader_give : vg_inner_give)(f->core, db);
    }
}

// --- what of --------------------------------------------------------------------------------------
static vg_status read_head(vg_db *db, const evidence_ask *ask, evidence_pick *ret, vg_err *err)
{
    vg_rows *r;
    const char *id = ask->incident ? ask->incident : ask->alert;
    VG_TRY(vg_rows_open(db,
                        ask->incident ? "SELECT number, site, agency FROM v_incident WHERE id = ?"
                                      : "SELECT number, site, agency FROM v_alert WHERE id = ?",
                        VG_VALS(vg_z(id)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        snprintf(ret->number, sizeof ret->number, "%.*s", VG_FMT(vg_row_str(r, 0)));
        snprintf(ret->site, sizeof ret->site, "%.*s", VG_FMT(vg_row_str(r, 1)));
        snprintf(ret->agency, sizeof ret->agency, "%.*s", VG_FMT(vg_row_str(r, 2)));
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", id);
}

vg_status evidence_head(evidence_from *f, const evidence_ask *ask, evidence_pick *ret, vg_err *err)
{
    vg_db *db;
    VG_TRY(evidence_take(f, true, &db, err));
    const vg_status s = read_head(db, ask, ret, err);
    evidence_give(f, true, db);
    return s;
}

vg_status evidence_may(vg_core *core, vg_principal *who, const evidence_ask *ask, vg_err *err)
{
    evidence_from f = {.core = core, .who = who};
    evidence_pick p = {0};
    VG_TRY(evidence_head(&f, ask, &p, err));
    if (vg_may(who, "evidence.make", p.site) ||
        (vg_may(who, "evidence.make_own", p.site) && strcmp(who->agency, p.agency) == 0)) {
        return VG_OK;
    }
    return vg_fail(err, VG_EDENIED, "id", "evidence.not_own", "%s", "");
}

// --- which events ---------------------------------------------------------------------------------
static vg_status keep(evidence_pick *p, int64_t id, vg_err *err)
{
    if (p->n == 2 * (size_t)EVIDENCE_EVENTS) {  // what is named twice is thrown out at the end
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_many", "%d", EVIDENCE_EVENTS);
    }
    if (p->n == p->cap) {
        p->cap = p->cap ? p->cap * 2 : 256;
        p->ids = vg_realloc(p->ids, p->cap * sizeof *p->ids);
    }
    p->ids[p->n++] = id;
    return VG_OK;
}

static vg_status keep_rows(vg_db *db, const char *sql, const vg_val *v, size_t n, evidence_pick *p,
                           vg_err *err)
{
    vg_rows *r;
    vg_status s = VG_OK;
    VG_TRY(vg_rows_open(db, sql, v, n, &r, err));
    while (s == VG_OK && vg_rows_next(r)) {
        s = keep(p, vg_row_i64(r, 0), err);
    }
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

// What an alert stands on is told by the events that raised it and added to it.
static vg_status keep_cited(vg_db *db, vg_str body, evidence_pick *p, vg_err *err)
{
    vg_str list, item;
    size_t at = 0;
    if (!vg_js_find(body, "evidence", &list) || list.n < 2 || *list.p != '[') {
        return VG_OK;
    }
    while (vg_js_each(list, &at, NULL, &item)) {
        const int64_t log = vg_js_i64(item, "log", 0), seq = vg_js_i64(item, "seq", 0);
        if (log > 0 && seq > 0) {
            VG_TRY(keep_rows(db, "SELECT e.id FROM v_event e WHERE e.id = ?",
                             VG_VALS(vg_i(VG_EVENT_ROWID(log, seq))), p, err));
        }
    }
    return VG_OK;
}

static vg_status keep_alert(vg_db *db, const char *alert, evidence_pick *p, vg_err *err)
{
    vg_rows *r;
    vg_status s = VG_OK;
    VG_TRY(keep_rows(db, "SELECT e.id FROM v_event e WHERE e.subject = ? LIMIT 50001",
                     VG_VALS(vg_z(alert)), p, err));
    VG_TRY(vg_rows_open(db,
                        "SELECT e.body FROM v_event e WHERE e.subject = ? AND e.kind IN"
                        " ('alerts.raised', 'alerts.more') LIMIT 50001",
                        VG_VALS(vg_z(alert)), &r, err));
    while (s == VG_OK && vg_rows_next(r)) {
        s = keep_cited(db, vg_row_str(r, 0), p, err);
    }
    const vg_status closed = vg_rows_close(r, s == VG_OK ? err : NULL);
    return s == VG_OK ? closed : s;
}

static vg_status keep_incident(vg_db *db, vg_arena *a, const char *incident, evidence_pick *p,
                               vg_err *err)
{
    vg_rows *r;
    const char *alerts[SUBJECTS_MAX];
    size_t n = 0;
    VG_TRY(keep_rows(db, "SELECT e.id FROM v_event e WHERE e.subject = ? LIMIT 50001",
                     VG_VALS(vg_z(incident)), p, err));
    VG_TRY(keep_rows(db,
                     "SELECT e.id FROM v_task t JOIN v_event e ON e.subject = t.id"
                     " WHERE t.incident = ? LIMIT 50001",
                     VG_VALS(vg_z(incident)), p, err));
    VG_TRY(vg_rows_open(db, "SELECT alert FROM v_incident_alert WHERE incident = ? LIMIT 2000",
                        VG_VALS(vg_z(incident)), &r, err));
    while (n < SUBJECTS_MAX && vg_rows_next(r) && (alerts[n] = vg_str_z(a, vg_row_str(r, 0)))) {
        n++;
    }
    VG_TRY(vg_rows_close(r, err));
    if (n == SUBJECTS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_many", "%d", SUBJECTS_MAX);
    }
    for (size_t i = 0; i < n; i++) {
        VG_TRY(keep_alert(db, alerts[i], p, err));
    }
    return VG_OK;
}

// A stretch of a log in pages, so that no reader holds the WAL for long.
static vg_status keep_stretch(evidence_from *f, const evidence_ask *ask, evidence_pick *p,
                              vg_err *err)
{
    int64_t after = VG_EVENT_ROWID(ask->log, ask->from) - 1;
    const int64_t end = VG_EVENT_ROWID(ask->log, ask->to);
    size_t before;
    do {
        vg_db *db;
        before = p->n;
        VG_TRY(evidence_take(f, true, &db, err));
        const vg_status s = keep_rows(
            db, "SELECT e.id FROM v_event e WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?",
            VG_VALS(vg_i(after), vg_i(end), vg_i(PAGE)), p, err);
        evidence_give(f, true, db);
        VG_TRY(s);
        after = p->n > before ? p->ids[p->n - 1] : after;
    } while (p->n == before + PAGE);
    return VG_OK;
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static vg_status in_order(evidence_pick *p, vg_err *err)
{
    size_t n = 0;
    if (!p->n) {
        return vg_fail(err, VG_ENOTFOUND, "", "evidence.nothing", "%s", "");
    }
    qsort(p->ids, p->n, sizeof *p->ids, by_id);
    for (size_t i = 0; i < p->n; i++) {
        if (!n || p->ids[n - 1] != p->ids[i]) {
            p->ids[n++] = p->ids[i];
        }
    }
    p->n = n;
    return n <= EVIDENCE_EVENTS
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "", "evidence.too_many", "%d", EVIDENCE_EVENTS);
}

static vg_status choose_of(evidence_from *f, const evidence_ask *ask, evidence_pick *p, vg_err *err)
{
    vg_db *db;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(64 << 20);
    VG_TRY(evidence_take(f, true, &db, err));
    vg_status s = read_head(db, ask, p, err);
    if (s == VG_OK) {
        s = ask->incident ? keep_incident(db, a, ask->incident, p, err)
                          : keep_alert(db, ask->alert, p, err);
    }
    evidence_give(f, true, db);
    return s;
}

vg_status evidence_choose(evidence_from *f, const evidence_ask *ask, evidence_pick *ret,
                          vg_err *err)
{
    VG_TRY(ask->log ? keep_stretch(f, ask, ret, err) : choose_of(f, ask, ret, err));
    return in_order(ret, err);
}
