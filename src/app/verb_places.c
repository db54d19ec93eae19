// SPDX-License-Identifier: Apache-2.0
// places: brings lists of administrative units into the node. `import FILE` takes the official list as it stood on a
// day, `history FILE` units that stood once and what became of them. The files are read here and journaled by the
// commands of the same names, through the running node if there is one.
#include "app/verb_store.h"
#include "core/control.h"

enum { FILE_MAX = 1 << 20 };

static void option(const vg_cli *cli, vg_jw *w, const char *name, const char *member)
{
    vg_jw_kz(w, member, vg_cli_get(cli, name));
}

static void import_args(const vg_cli *cli, vg_jw *w, vg_str file)
{
    vg_jw_kstr(w, "content", file);
    option(cli, w, "as-of", "as_of");
    option(cli, w, "since", "since");
    option(cli, w, "title", "title");
    if (vg_cli_get(cli, "complete")) {
        vg_jw_kbool(w, "complete", true);
    }
}

static void history_args(const vg_cli *cli, vg_jw *w, vg_str file)
{
    vg_jw_kraw(w, "units", vg_str_trim(file));
    vg_jw_kz(w, "title", vg_cli_get(cli, "title") ? vg_cli_get(cli, "title") : cli->word[1]);
}

static const struct {
    const char *word, *command;
    void (*args)(const vg_cli *cli, vg_jw *w, vg_str file);
} WORDS[] = {{"import", "places.import", import_args}, {"history", "places.history", history_args}};

static vg_status send(const vg_cli *cli, size_t which, vg_str file, vg_err *err)
{
    vg_buf args, reply;
    vg_buf_init(&args, 4 << 20);
    vg_buf_init(&reply, 1 << 20);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    WORDS[which].args(cli, &w, file);
    vg_jw_close(&w, '}');
    const vg_status st =
        vg_control_run(cli->data, WORDS[which].command, vg_buf_str(&args), &reply, err);
    if (st == VG_OK) {
        vg_say_json(&reply);
    }
    vg_buf_done(&args);
    vg_buf_done(&reply);
    return st;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    for (size_t i = 0; i < VG_LEN(WORDS) && cli->n_words == 2; i++) {
        if (strcmp(WORDS[i].word, cli->word[0]) == 0) {
            vg_buf file;
            vg_buf_init(&file, FILE_MAX);
            vg_status st = app_slurp(cli->word[1], &file, err);
            st = st == VG_OK ? send(cli, i, vg_buf_str(&file), err) : st;
            vg_buf_done(&file);
            return st;
        }
    }
    return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "places %s",
                   cli->n_words ? cli->word[0] : "");
}

static const vg_option OPTIONS[] = {{"as-of", false, "DATE"},
                                    {"since", false, "DATE"},
                                    {"title", false, "TEXT"},
                                    {"complete", true, NULL},
                                    {0}};

const vg_verb vg_verb_places = {"places", OPTIONS, "import|history FILE", run};
