// SPDX-License-Identifier: Apache-2.0
// user, source, run: commands for the person at the node's console. They speak to the running node through
// its control socket, or open the data themselves; the journal says "local" did it. `run NAME JSON` runs any
// command; user and source are the same with the JSON made from options.
#include "app/cli.h"
#include "core/control.h"

#include <unistd.h>

static vg_status send(const vg_cli *cli, const char *command, vg_str args, vg_err *err)
{
    vg_buf reply;
    vg_buf_init(&reply, 16 << 20);
    const vg_status s = vg_control_run(cli->data, command, args, &reply, err);
    if (s == VG_OK) {
        vg_say_json(&reply);
    }
    vg_buf_done(&reply);
    return s;
}

// Every option of the verb that was given becomes a member; '-' in names becomes '_'.
static void members(const vg_cli *cli, vg_jw *w)
{
    for (size_t i = 0; cli->options && cli->options[i].name; i++) {
        char name[48];
        if (!cli->value[i]) {
            continue;
        }
        snprintf(name, sizeof name, "%s", cli->options[i].name);
        for (char *p = name; *p; p++) {
            *p = (char)(*p == '-' ? '_' : *p);
        }
        if (cli->options[i].flag) {
            vg_jw_kbool(w, name, true);
        } else {
            vg_jw_kz(w, name, cli->value[i]);
        }
    }
}

// A password never stands on the command line: it is read from standard input.
static vg_status secret(vg_jw *w, const char *name, vg_err *err)
{
    char line[512];
    if (isatty(STDIN_FILENO)) {
        fputs("password: ", stderr);
    }
    if (!fgets(line, sizeof line, stdin)) {
        return vg_fail(err, VG_EINVALID, name, "cli.secret_stdin", "%s", name);
    }
    line[strcspn(line, "\r\n")] = 0;
    vg_jw_kz(w, name, line);
    memset(line, 0, sizeof line);
    return VG_OK;
}

static const struct {
    const char *verb, *word, *command;
    bool password;
} ROUTES[] = {
    {"user", "add", "accounts.user_add", true},
    {"user", "password", "accounts.user_password", true},
    {"user", "role", "accounts.role_grant", false},
    {"user", "disable", "accounts.user_disable", false},
    {"source", "add", "sites.source_add", false},
    {"source", "point", "sites.point_add", false},
    {"source", "disable", "sites.source_disable", false},
    {"source", "enable", "sites.source_enable", false},
};

static vg_status run_routed(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    const char *word = cli->n_words ? cli->word[0] : "";
    for (size_t i = 0; i < VG_LEN(ROUTES); i++) {
        if (strcmp(ROUTES[i].verb, cli->verb) != 0 || strcmp(ROUTES[i].word, word) != 0) {
            continue;
        }
        vg_buf args;
        vg_buf_init(&args, 65536);
        vg_jw w = vg_jw_on(&args);
        vg_jw_open(&w, '{');
        members(cli, &w);
        vg_status s = ROUTES[i].password ? secret(&w, "password", err) : VG_OK;
        vg_jw_close(&w, '}');
        if (s == VG_OK) {
            s = send(cli, ROUTES[i].command, vg_buf_str(&args), err);
        }
        vg_buf_done(&args);
        return s;
    }
    return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "%s %s", cli->verb, word);
}

static vg_status run_any(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    if (cli->n_words < 1) {
        return vg_fail(err, VG_EINVALID, "", "cli.word_unknown", "run");
    }
    return send(cli, cli->word[0], cli->n_words > 1 ? vg_str_c(cli->word[1]) : VG_S("{}"), err);
}

static const vg_option USER[] = {{"id", false, "ID"},         {"login", false, "NAME"},
                                 {"name", false, "TEXT"},     {"agency", false, "ID"},
                                 {"role", false, "ROLE"},     {"site", false, "ID"},
                                 {"clearance", false, "0-3"}, {0}};
static const vg_option SOURCE[] = {{"id", false, "ID"},
                                   {"site", false, "ID"},
                                   {"name", false, "TEXT"},
                                   {"proto", false, "dc09"},
                                   {"address", false, "ACCOUNT"},
                                   {"zone", false, "ID"},
                                   {"kind", false, "KIND"},
                                   {"deadline_s", false, "SECONDS"},
                                   {"key", false, "HEX"},
                                   {"area", false, "AREA"},
                                   {"point", false, "POINT"},
                                   {"reason", false, "TEXT"},
                                   {"until", false, "TIME"},
                                   {"encrypted_required", true, NULL},
                                   {"lenient_length", true, NULL},
                                   {0}};

const vg_verb vg_verb_user = {"user", USER, "add|password|role|disable", run_routed};
const vg_verb vg_verb_source = {"source", SOURCE, "add|point|disable|enable", run_routed};
const vg_verb vg_verb_run = {"run", NULL, "COMMAND [JSON]", run_any};
