// SPDX-License-Identifier: Apache-2.0
// import: a list from a file into the node, as the page does it: preview, then all or nothing. It speaks to the
// running node, or opens the data itself; either way the same worker reads the file, which lies in the data
// directory until it has been taken. Without --apply nothing is changed. `import --undo ID` takes one back. The target
// may stand as a word before the file; logs of passages go their own way (verb_import_passages.c).
#include "app/verb_import_passages.h"
#include "core/control.h"
#include "core/core.h"
#include "domain/imports/imports.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { POLL_MS = 100 };

static const vg_option OPTIONS[] = {
    {"target", false, "persons|units|sites|sources|contacts|visits|vehicles"},
    {"mapping", false, "JSON"},
    {"apply", true, NULL},
    {"undo", false, "ID"},
    {"map", false, "MAP"},
    {"site", false, "CODE"},
    {0}};

typedef struct session {
    const vg_cli *cli;
    vg_core *core;  // NULL: a node runs
    vg_db *db;
    char id[VG_ID_TEXT], state[16];
    int64_t wrong, more;
} session;

static vg_status run_command(session *s, const char *name, vg_str args, vg_err *err)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "local", .clearance = VG_S_TUYET_MAT};
    vg_buf reply;
    vg_buf_init(&reply, 1 << 20);
    vg_status st;
    if (s->core) {
        vg_command_call call = {.name = name, .args = args, .who = &local, .id = vg_cmd_random()};
        vg_core_run(s->core, &call);
        st = call.st;
        if (st != VG_OK) {
            *err = call.err;
        }
        vg_buf_done(&call.reply);
    } else {
        st = vg_control_run(s->cli->data, name, args, &reply, err);
    }
    vg_buf_done(&reply);
    return st;
}

static vg_status on_job(session *s, const char *command, vg_err *err)
{
    char args[64];
    const int n = snprintf(args, sizeof args, "{\"id\":\"%s\"}", s->id);
    return run_command(s, command, (vg_str){args, (size_t)n}, err);
}

// The file into the node's data directory, where its worker takes it and encrypts it.
static vg_status place_file(session *s, const char *path, vg_err *err)
{
    char folder[480], to[520], piece[65536];
    snprintf(folder, sizeof folder, "%s/imports", s->cli->data);
    snprintf(to, sizeof to, "%s/%s.plain", folder, s->id);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return vg_fail(err, VG_EIO, "data", NULL, "%s", strerror(errno));
    }
    const int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        return vg_fail(err, VG_ENOTFOUND, "file", NULL, "%s: %s", path, strerror(errno));
    }
    const int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0;
    size_t all = 0;
    for (ssize_t n; ok && (n = read(from, piece, sizeof piece)) != 0; all += (size_t)n) {
        ok = n > 0 && write(fd, piece, (size_t)n) == n && all <= VG_SHEET_BYTES;
    }
    close(from);
    ok = fd >= 0 && close(fd) == 0 && ok;
    if (!ok) {
        (void)unlink(to);
        return all > VG_SHEET_BYTES
                   ? vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", VG_SHEET_BYTES >> 20)
                   : vg_fail(err, VG_EIO, "file", NULL, "%s", to);
    }
    return VG_OK;
}

// --- waiting and showing ----------------------------------------------------------------------------
static void show_problems(const vg_cli *cli, vg_str preview)
{
    vg_str all = {0}, one;
    size_t at = 0;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    while (vg_js_find(preview, "problems", &all) && vg_js_each(all, &at, NULL, &one)) {
        const vg_str cell = vg_js_str(a, one, "cell"),
                     text = vg_js_str(a, one, cli->lang == VG_VI ? "text_vi" : "text_en");
        printf("%.*s: %.*s\n", VG_FMT(cell), VG_FMT(text));
    }
}

static void show(session *s, vg_rows *r)
{
    static const char *const NAMES[] = {"rows",  "added", "changed", "same",
                                        "wrong", "done",  "kept"};
    const vg_str problem = vg_row_str(r, s->cli->lang == VG_VI ? 8 : 9);
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", s->id);
    vg_jw_kz(&w, "state", s->state);
    for (size_t i = 0; i < VG_LEN(NAMES); i++) {
        vg_jw_ki64(&w, NAMES[i], vg_row_i64(r, (int)i + 1));
    }
    if (problem.n) {
        vg_jw_kstr(&w, "problem", problem);
    }
    vg_jw_close(&w, '}');
    if (!s->cli->json) {
        show_problems(s->cli, vg_row_str(r, 10));
    }
    vg_say_json(&b);
    vg_buf_done(&b);
}

static bool at_rest(const char *state)
{
    static const char *const REST[] = {"ready",  "unreadable", "applied",
                                       "failed", "undone",     "cancelled"};
    for (size_t i = 0; i < VG_LEN(REST); i++) {
        if (strcmp(state, REST[i]) == 0) {
            return true;
        }
    }
    return false;
}

static vg_status wait_rest(session *s, vg_err *err)
{
    for (;;) {
        vg_rows *r;
        VG_TRY(imports_state_of(s->db, s->id, &r, err));
        const bool found = vg_rows_next(r);
        const vg_str state = found ? vg_row_str(r, 0) : VG_S("");
        snprintf(s->state, sizeof s->state, "%.*s", VG_FMT(state));
        const bool done = !found || at_rest(s->state);
        if (found && done) {
            s->more = vg_row_i64(r, 2) + vg_row_i64(r, 3);
            s->wrong = vg_row_i64(r, 5);
            show(s, r);
        }
        VG_TRY(vg_rows_close(r, err));
        if (!found) {
            return vg_fail(err, VG_ENOTFOUND, "undo", NULL, "%s", s->id);
        }
        if (done) {
            return VG_OK;
        }
        usleep(POLL_MS * 1000);
    }
}

static vg_status ended(const session *s, const char *well, vg_err *err)
{
    return strcmp(s->state, well) == 0
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "file", "imports.wrong_state", "%s", s->state);
}

// --- the two ways -------------------------------------------------------------------------------------
static vg_status bring(session *s, vg_err *err)
{
    const char *target = vg_cli_get(s->cli, "target"), *mapping = vg_cli_get(s->cli, "mapping");
    const int last = s->cli->n_words - 1;
    const char *path = last == 0 || last == 1 ? s->cli->word[last] : NULL;
    target = target || last != 1 ? target : s->cli->word[0];
    target = target && strcmp(target, "people") == 0 ? "persons" : target;
    if (!target || !path) {
        return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "%s", "import");
    }
    vg_buf args;
    vg_id_random(s->id);
    VG_TRY(place_file(s, path, err));
    vg_buf_init(&args, 128 << 10);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", s->id);
    vg_jw_kz(&w, "target", target);
    const char *slash = strrchr(path, '/');
    vg_jw_kz(&w, "file", slash ? slash + 1 : path);
    if (mapping) {
        vg_jw_kraw(&w, "mapping", vg_str_c(mapping));
    }
    vg_jw_close(&w, '}');
    vg_status st = run_command(s, "imports.begin", vg_buf_str(&args), err);
    vg_buf_done(&args);
    if (st != VG_OK) {
        char left[520];
        snprintf(left, sizeof left, "%s/imports/%s.plain", s->cli->data, s->id);
        (void)unlink(left);
        return st;
    }
    st = wait_rest(s, err);
    if (st != VG_OK || !vg_cli_get(s->cli, "apply")) {
        return st == VG_OK ? ended(s, "ready", err) : st;
    }
    VG_TRY(on_job(s, "imports.apply", err));
    VG_TRY(wait_rest(s, err));
    return ended(s, "applied", err);
}

static vg_status take_back(session *s, vg_err *err)
{
    snprintf(s->id, sizeof s->id, "%s", vg_cli_get(s->cli, "undo"));
    VG_TRY(on_job(s, "imports.undo", err));
    VG_TRY(wait_rest(s, err));
    return ended(s, "undone", err);
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    session s = {.cli = cli};
    char path[480];
    VG_TRY(vg_cli_need_data(cli, err));
    if (cli->n_words && strcmp(cli->word[0], "passages") == 0) {
        return app_import_passages(cli, cli->n_words == 2 ? cli->word[1] : "", err);
    }
    vg_status st = VG_OK;
    if (!vg_control_alive(cli->data)) {
        st = vg_core_open(cli->data, &s.core, err);
        st = st == VG_OK ? vg_core_start(s.core, err) : st;
    }
    snprintf(path, sizeof path, "%s/vonggac.db", cli->data);
    st = st == VG_OK ? vg_db_open(path, VG_DB_READER, &s.db, err) : st;
    if (st == VG_OK) {
        st = vg_cli_get(cli, "undo") ? take_back(&s, err) : bring(&s, err);
    }
    vg_db_close(s.db);
    if (s.core) {
        vg_core_stop(s.core);
        vg_core_close(s.core);
    }
    return st;
}

const vg_verb vg_verb_import = {"import", OPTIONS,
                                "[passages|people|units|sites|sources|contacts] FILE", run};
