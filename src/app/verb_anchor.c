// SPDX-License-Identifier: Apache-2.0
// anchor: 32 signed bytes over the whole journal, carried to a peer and back (core/anchor.h).
//   make             a card of this node, to standard output or --out
//   keep FILE        keeps a peer's card under the name --node; its key is remembered at the first one and shown
//   give             what is kept of --node, one card a line: for its `vonggac verify --anchors`
#include "app/cli.h"
#include "app/verb_store.h"
#include "core/anchor.h"
#include "core/control.h"
#include "core/keyring.h"

#include <unistd.h>

static vg_status put_out(const vg_cli *cli, vg_str text, vg_err *err)
{
    const char *out = vg_cli_get(cli, "out");
    if (!out) {
        return fwrite(text.p, 1, text.n, stdout) == text.n ? VG_OK
                                                           : vg_fail(err, VG_EIO, "out", NULL, "-");
    }
    if (access(out, F_OK) == 0) {
        return vg_fail(err, VG_ECONFLICT, "out", "cli.target_exists", "%s", out);
    }
    return vg_small_write(out, text, err);
}

static vg_status make(const vg_cli *cli, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(8192);
    vg_buf reply;
    vg_buf_init(&reply, 4096);
    vg_status s = vg_control_run(cli->data, "core.anchor", VG_S("{}"), &reply, err);
    if (s == VG_OK) {
        s = put_out(cli, vg_str_f(a, "%.*s\n", VG_FMT(vg_js_str(a, vg_buf_str(&reply), "card"))),
                    err);
    }
    vg_buf_done(&reply);
    return s;
}

static void say_kept(const vg_cli *cli, const char *node, vg_str reply)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(4096);
    vg_say_line(
        cli, vg_js_bool(reply, "first", false) ? "anchor.kept_first" : "anchor.kept",
        (const char *const[]){"node", node, "key", vg_str_z(a, vg_js_str(a, reply, "key")), NULL});
}

static vg_status keep_card(const vg_cli *cli, const char *node, vg_str card, vg_err *err)
{
    vg_buf args, reply;
    vg_buf_init(&args, 4096);
    vg_buf_init(&reply, 4096);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "node", node);
    vg_jw_kstr(&w, "card", vg_str_trim(card));
    vg_jw_kbool(&w, "new_key", vg_cli_get(cli, "new-key") != NULL);
    vg_jw_close(&w, '}');
    const vg_status s =
        vg_control_run(cli->data, "core.anchor_keep", vg_buf_str(&args), &reply, err);
    if (s == VG_OK) {
        say_kept(cli, node, vg_buf_str(&reply));
    }
    vg_buf_done(&args);
    vg_buf_done(&reply);
    return s;
}

static vg_status keep(const vg_cli *cli, const char *node, vg_err *err)
{
    char text[1024];
    vg_str card;
    if (cli->n_words != 2) {
        return vg_fail(err, VG_EINVALID, "file", "err.field_missing", "FILE");
    }
    VG_TRY(vg_small_read(cli->word[1], text, sizeof text, &card, err));
    return keep_card(cli, node, card, err);
}

static vg_status read_kept(vg_db *db, const char *node, vg_buf *out, vg_err *err)
{
    vg_rows *r;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(8192);
    VG_TRY(vg_rows_open(db,
                        "SELECT e.body FROM event e WHERE e.kind = 'core.anchor_kept' AND"
                        " json_extract(e.body, '$.node') = ? ORDER BY e.id",
                        VG_VALS(vg_z(node)), &r, err));
    while (vg_rows_next(r)) {
        vg_arena_reset(a);
        vg_buf_f(out, "%.*s\n", VG_FMT(vg_js_str(a, vg_row_str(r, 0), "card")));
    }
    VG_TRY(vg_rows_close(r, err));
    return out->n ? VG_OK : vg_fail(err, VG_ENOTFOUND, "node", "anchor.none_of", "%s", node);
}

static vg_status give(const vg_cli *cli, const char *node, vg_err *err)
{
    char path[440];
    vg_db *db;
    vg_buf text;
    VG_TRY(app_db_path(cli, path, err));
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    vg_buf_init(&text, 16 << 20);
    vg_status s = read_kept(db, node, &text, err);
    vg_db_close(db);
    s = s == VG_OK ? put_out(cli, vg_buf_str(&text), err) : s;
    vg_buf_done(&text);
    return s;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    const char *word = cli->n_words ? cli->word[0] : "", *node = vg_cli_get(cli, "node");
    VG_TRY(vg_cli_need_data(cli, err));
    if (strcmp(word, "make") == 0) {
        return make(cli, err);
    }
    if (strcmp(word, "keep") != 0 && strcmp(word, "give") != 0) {
        return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "anchor %s", word);
    }
    if (!node) {
        return vg_fail(err, VG_EINVALID, "node", "err.field_missing", "--node");
    }
    return strcmp(word, "keep") == 0 ? keep(cli, node, err) : give(cli, node, err);
}

static const vg_option OPTIONS[] = {
    {"out", false, "FILE"}, {"node", false, "NAME"}, {"new-key", true, NULL}, {0}};
const vg_verb vg_verb_anchor = {"anchor", OPTIONS, "make|keep FILE|give", run};
