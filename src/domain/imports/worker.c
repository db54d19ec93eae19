// SPDX-License-Identifier: Apache-2.0
// The thread that does what jobs ask for, one job at a time, oldest first. Everything it knows it reads from the
// jobs' rows and files, and everything it finds it says by commands; so a crash anywhere is a job that is found
// again in the state it was in: read again, checked again, applied further, taken back further.
#include "domain/imports/imports.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <unistd.h>

enum { WAIT_MS = 400, PATIENCE_MS = 1000, KEEP_DAYS = 7, PURGE_EVERY_S = 3600 };

typedef struct worker {
    vg_core *core;
    pthread_t thread;
    _Atomic bool stop;
    int64_t purged_us;
    // the job at hand
    vg_arena *arena;
    imports_job job;
    vg_principal who;
    char digest[65];
} worker;

vg_status imports_tell(vg_core *c, const char *command, vg_str args, const vg_principal *who,
                       vg_err *err)
{
    vg_command_call call = {
        .name = command, .args = args, .who = who ? who : vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(c, &call);
    vg_buf_done(&call.reply);
    if (call.st != VG_OK && err) {
        *err = call.err;
    }
    return call.st;
}

// --- telling --------------------------------------------------------------------------------------
static void add_problem(vg_jw *w, const char *member, vg_lang lang, const vg_err *err, int64_t row)
{
    vg_buf b, whole;
    vg_buf_init(&b, 1024);
    vg_buf_init(&whole, 2048);
    vg_tr_err(&b, lang, err);
    if (row) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)row);
        vg_tr_add(&whole, lang, "imports.at_row",
                  (const char *const[]){"row", number, "text", vg_buf_z(&b), NULL});
    } else {
        vg_buf_s(&whole, vg_buf_str(&b));
    }
    vg_jw_kstr(w, member, vg_buf_str(&whole));
    vg_buf_done(&b);
    vg_buf_done(&whole);
}

static vg_status tell_state(worker *k, const char *command, const char *state,
                            const imports_result *r)
{
    vg_buf b;
    vg_err err = {0};
    vg_buf_init(&b, 1 << 16);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", k->job.id);
    vg_jw_kz(&w, "state", state);
    vg_jw_ki64(&w, "done", (int64_t)r->done);
    vg_jw_ki64(&w, "kept", (int64_t)r->kept);
    if (r->err.code != VG_OK) {
        add_problem(&w, "problem_vi", VG_VI, &r->err, r->row);
        add_problem(&w, "problem_en", VG_EN, &r->err, r->row);
    }
    vg_jw_close(&w, '}');
    const vg_status st = imports_tell(k->core, command, vg_buf_str(&b), NULL, &err);
    if (st != VG_OK) {
        vg_log(VG_WARN, "imports.untold", "job=%s state=%s detail=%s", k->job.id, state,
               err.detail);
    }
    vg_buf_done(&b);
    return st;
}

// --- reading and checking ---------------------------------------------------------------------------
static void hex_digest(vg_str s, char out[65])
{
    unsigned char h[VG_HASH_BYTES];
    vg_hash(s.p ? s.p : "", s.n, h);
    vg_hex(h, sizeof h, out);
}

// How a file of this shape was read the last time, if the user has not said otherwise.
static vg_status remembered(worker *k, const imports_table *t, vg_str *ret, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    *ret = (vg_str){0};
    VG_TRY(vg_inner_take(k->core, &db, err));
    vg_status st = vg_rows_open(
        db, "SELECT mapping FROM import_shape WHERE agency = ? AND target = ? AND shape = ?",
        VG_VALS(vg_z(k->job.agency), vg_z(k->job.target), vg_z(t->plan.shape)), &r, err);
    if (st == VG_OK) {
        if (vg_rows_next(r)) {
            *ret = vg_str_dup(k->arena, vg_row_str(r, 0));
        }
        st = vg_rows_close(r, err);
    }
    vg_inner_give(k->core, db);
    return st;
}

// The table of the uploaded file, and its rows as they would be staged.
static vg_status read_table(worker *k, vg_sheet **ret_sheet, imports_table **ret, vg_buf *staged,
                            vg_err *err)
{
    vg_buf file = {0};
    VG_TRY(imports_file_read(k->core, k->job.id, IMPORTS_UPLOAD, &file, err));
    vg_status st =
        vg_sheet_read(vg_buf_str(&file), imports_asked_sheet(k->job.mapping), ret_sheet, err);
    vg_buf_done(&file);
    if (st == VG_OK) {
        st = imports_table_make(&k->job, *ret_sheet, ret, err);
    }
    vg_str known;
    if (st == VG_OK && !k->job.mapping.n && remembered(k, *ret, &known, err) == VG_OK && known.n) {
        imports_table_free(*ret);
        *ret = NULL;
        k->job.mapping = known;
        st = imports_table_make(&k->job, *ret_sheet, ret, err);
    }
    if (st == VG_OK) {
        imports_stage_write(*ret, staged);
        st = staged->failed ? vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", 0) : VG_OK;
        hex_digest(vg_buf_str(staged), k->digest);
    }
    return st;
}

static vg_status tell_preview(worker *k, const imports_table *t, const vg_sheet *s, vg_err *err)
{
    static const struct {
        const char *member;
        imports_act act;
    } COUNTS[] = {{"added", IMPORTS_ADD},
                  {"changed", IMPORTS_SET},
                  {"same", IMPORTS_SAME},
                  {"wrong", IMPORTS_WRONG}};
    vg_buf b, preview;
    vg_buf_init(&b, 4 << 20);
    vg_buf_init(&preview, 2 << 20);
    imports_preview_write(t, s, &preview);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", k->job.id);
    vg_jw_kz(&w, "state", "ready");
    vg_jw_ki64(&w, "rows", (int64_t)t->n_rows);
    for (size_t i = 0; i < VG_LEN(COUNTS); i++) {
        vg_jw_ki64(&w, COUNTS[i].member, (int64_t)t->count[COUNTS[i].act]);
    }
    vg_jw_kz(&w, "digest", k->digest);
    vg_jw_kraw(&w, "preview", vg_buf_str(&preview));
    vg_jw_close(&w, '}');
    const vg_status st = preview.failed
                             ? vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", 2)
                             : imports_tell(k->core, "imports.note", vg_buf_str(&b), NULL, err);
    vg_buf_done(&preview);
    vg_buf_done(&b);
    return st;
}

static void keep_shape(worker *k, const imports_table *t)
{
    vg_buf b;
    vg_buf_init(&b, 1 << 17);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", k->job.id);
    vg_jw_kz(&w, "shape", t->plan.shape);
    vg_jw_key(&w, "mapping");
    vg_jw_open(&w, '{');
    imports_plan_write(&t->plan, &w);
    vg_jw_close(&w, '}');
    vg_jw_close(&w, '}');
    const vg_status st = imports_tell(k->core, "imports.note", vg_buf_str(&b), NULL, NULL);
    if (st != VG_OK) {
        vg_log(VG_WARN, "imports.shape", "job=%s", k->job.id);
    }
    vg_buf_done(&b);
}

static vg_status decide(worker *k, vg_str staged, vg_err *err)
{
    char args[160];
    VG_TRY(imports_file_write(k->core, k->job.id, IMPORTS_STAGED, staged, err));
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"digest\":\"%s\"}", k->job.id, k->digest);
    return imports_tell(k->core, "imports.decide", vg_str_c(args), k->job.who, err);
}

static vg_status read_or_check(worker *k, const char *seen_digest, vg_err *err)
{
    vg_sheet *s = NULL;
    imports_table *t = NULL;
    vg_buf staged;
    vg_buf_init(&staged, 380 << 20);
    vg_status st = read_table(k, &s, &t, &staged, err);
    const bool checking = strcmp(k->job.state, "checking") == 0;
    if (st == VG_OK && checking && t->count[IMPORTS_WRONG] == 0 &&
        strcmp(seen_digest, k->digest) == 0) {
        keep_shape(k, t);
        st = decide(k, vg_buf_str(&staged), err);
    } else if (st == VG_OK) {
        st = tell_preview(k, t, s, err);
        if (st == VG_OK && checking) {  // what was shown is no longer what would happen
            imports_result r = {0};
            (void)!vg_fail(&r.err, VG_ECONFLICT, "", "imports.changed_meanwhile", "%s", "");
            st = tell_state(k, "imports.note", "ready", &r);
        }
    }
    imports_table_free(t);
    vg_sheet_destroy(s);
    vg_buf_done(&staged);
    return st;
}

static void do_read(worker *k, const char *seen_digest)
{
    imports_result r = {0};
    const vg_status st = read_or_check(k, seen_digest, &r.err);
    if (st != VG_OK && !k->stop) {
        r.err.code = st;
        (void)!tell_state(k, "imports.note", "unreadable", &r);
    }
}

// --- applying and taking back -----------------------------------------------------------------------
static vg_status staged_rows(worker *k, const char *decided, vg_buf *ret, vg_err *err)
{
    VG_TRY(imports_file_read(k->core, k->job.id, IMPORTS_STAGED, ret, err));
    hex_digest(vg_buf_str(ret), k->digest);
    return strcmp(k->digest, decided) == 0
               ? VG_OK
               : vg_fail(err, VG_ECORRUPT, "file", "imports.file_damaged", "%s", "");
}

static bool later(vg_status st)
{
    return st == VG_EUNAVAIL || st == VG_EFULL || st == VG_EIO || st == VG_EBUSY;
}

static void do_rows(worker *k, const char *decided)
{
    static const struct {
        const char *state, *well, *badly;
        bool back;
    } WORK[] = {{"applying", "applied", "failing", false},
                {"failing", "failed", NULL, true},
                {"undoing", "undone", NULL, true}};
    imports_result r = {0};
    vg_err err = {0};
    vg_buf staged = {0};
    vg_status st = staged_rows(k, decided, &staged, &err);
    for (size_t i = 0; i < VG_LEN(WORK); i++) {
        if (strcmp(WORK[i].state, k->job.state) != 0) {
            continue;
        }
        if (st == VG_OK) {
            st = WORK[i].back ? imports_run_back(&k->job, vg_buf_str(&staged), &r, &err)
                              : imports_run(&k->job, vg_buf_str(&staged), &r, &err);
        }
        if (later(st)) {  // the disk is full, the node stops: it goes on from here
            vg_log(VG_WARN, "imports.waiting", "job=%s status=%s", k->job.id, vg_status_name(st));
            usleep(PATIENCE_MS * 1000);
            break;
        }
        if (st != VG_OK) {
            r.err = err;
            r.err.code = st;
        }
        const bool refused = (r.row || st != VG_OK) && WORK[i].badly;
        (void)!tell_state(k, "imports.finish", refused ? WORK[i].badly : WORK[i].well, &r);
    }
    vg_buf_done(&staged);
}

// --- jobs -------------------------------------------------------------------------------------------
static vg_status find_who(worker *k, vg_db *db, vg_str user, vg_err *err)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "local", .clearance = VG_S_TUYET_MAT};
    const vg_module *m;
    k->job.who = &k->who;
    if (!user.n) {
        k->who = local;
        return VG_OK;
    }
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->auth) {
            return m->auth->by_id(k->core, db, user, &k->who, err);
        }
    }
    return vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "auth");
}

// The oldest job with work to be done. ret_found false: none.
static vg_status next_job(worker *k, bool *ret_found, char digest[65], vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    VG_TRY(vg_inner_take(k->core, &db, err));
    vg_status st = vg_rows_open(
        db,
        "SELECT id, target, state, agency, by_user, COALESCE(mapping, ''), COALESCE(digest,"
        " '') FROM import_job WHERE state IN ('reading', 'checking', 'applying',"
        " 'failing', 'undoing') ORDER BY changed_at LIMIT 1",
        VG_NOVALS, &r, err);
    if (st == VG_OK) {
        *ret_found = vg_rows_next(r);
        if (*ret_found) {
            k->job = (imports_job){.core = k->core, .stop = &k->stop};
            snprintf(k->job.id, sizeof k->job.id, "%.*s", VG_FMT(vg_row_str(r, 0)));
            snprintf(k->job.target, sizeof k->job.target, "%.*s", VG_FMT(vg_row_str(r, 1)));
            snprintf(k->job.state, sizeof k->job.state, "%.*s", VG_FMT(vg_row_str(r, 2)));
            snprintf(k->job.agency, sizeof k->job.agency, "%.*s", VG_FMT(vg_row_str(r, 3)));
            k->job.mapping = vg_str_dup(k->arena, vg_row_str(r, 5));
            snprintf(digest, 65, "%.*s", VG_FMT(vg_row_str(r, 6)));
            st = find_who(k, db, vg_str_dup(k->arena, vg_row_str(r, 4)), err);
        }
        const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
        st = st == VG_OK ? closed : st;
    }
    vg_inner_give(k->core, db);
    return st;
}

// Whoever began it may no longer act: nothing new is done in his name, what was begun is taken back by the system.
static void without_who(worker *k, const char *digest, const vg_err *err)
{
    imports_result r = {.err = *err};
    k->who = *vg_core_system();
    if (strcmp(k->job.state, "failing") == 0 || strcmp(k->job.state, "undoing") == 0) {
        do_rows(k, digest);
    } else if (strcmp(k->job.state, "applying") == 0) {
        (void)!tell_state(k, "imports.finish", "failing", &r);
    } else {
        (void)!tell_state(k, "imports.note", "unreadable", &r);
    }
}

static bool do_one(worker *k)
{
    bool found = false;
    char digest[65] = "";
    vg_err err = {0};
    vg_arena_reset(k->arena);
    const vg_status st = next_job(k, &found, digest, &err);
    if (!found) {
        if (st != VG_OK) {
            vg_log(VG_WARN, "imports.jobs", "detail=%s", err.detail);
        }
        return false;
    }
    if (st != VG_OK) {
        without_who(k, digest, &err);
    } else if (strcmp(k->job.state, "reading") == 0 || strcmp(k->job.state, "checking") == 0) {
        do_read(k, digest);
    } else {
        do_rows(k, digest);
    }
    vg_principal_done(&k->who);
    k->purged_us = 0;
    return true;
}

// Files of jobs that are over go: what was uploaded at once, what undoing needs after a week.
static void purge(worker *k)
{
    vg_db *db;
    vg_rows *r;
    vg_err err = {0};
    const int64_t now = vg_now_us();
    if (k->purged_us && now - k->purged_us < PURGE_EVERY_S * VG_SECOND_US) {
        return;
    }
    k->purged_us = now;
    if (vg_inner_take(k->core, &db, &err) != VG_OK) {
        return;
    }
    vg_status st = vg_rows_open(
        db,
        "SELECT id, changed_at < ? FROM import_job WHERE state IN ('applied', 'failed',"
        " 'undone', 'cancelled', 'unreadable') ORDER BY at DESC LIMIT 5000",
        VG_VALS(vg_i(now - KEEP_DAYS * 86400 * VG_SECOND_US)), &r, &err);
    if (st == VG_OK) {
        while (vg_rows_next(r)) {
            char id[VG_ID_TEXT];
            snprintf(id, sizeof id, "%.*s", VG_FMT(vg_row_str(r, 0)));
            imports_file_remove(k->core, id, IMPORTS_UPLOAD);
            if (vg_row_i64(r, 1)) {
                imports_file_remove(k->core, id, IMPORTS_STAGED);
            }
        }
        st = vg_rows_close(r, &err);
    }
    vg_inner_give(k->core, db);
    if (st != VG_OK) {
        vg_log(VG_WARN, "imports.purge", "detail=%s", err.detail);
    }
}

static void *worker_main(void *arg)
{
    worker *k = arg;
    uint64_t commit = 0;
    while (!k->stop && !vg_core_stopping(k->core)) {
        if (!do_one(k)) {
            purge(k);
            commit = vg_core_wait(k->core, commit, WAIT_MS);
        }
    }
    return NULL;
}

vg_status imports_start(vg_core *core, void **ret_state, vg_err *err)
{
    worker *k = vg_alloc(sizeof *k);
    k->core = core;
    k->arena = vg_arena_create(4 << 20);
    const int e = pthread_create(&k->thread, NULL, worker_main, k);
    if (e) {
        vg_arena_destroy(k->arena);
        free(k);
        return vg_fail(err, VG_EINTERNAL, "", NULL, "thread: %s", strerror(e));
    }
    *ret_state = k;
    return VG_OK;
}

void imports_stop(void *state)
{
    worker *k = state;
    if (k) {
        k->stop = true;
        pthread_join(k->thread, NULL);
        vg_arena_destroy(k->arena);
        free(k);
    }
}
