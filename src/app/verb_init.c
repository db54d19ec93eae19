// SPDX-License-Identifier: Apache-2.0
// init: makes the data directory with its keys, database and the site's own certificate authority; with
// --demo also fills it with the invented province (app/demo.h); without, a first administrator is made.
#include "app/cli.h"
#include "app/demo.h"
#include "app/passphrase.h"
#include "app/tls_keys.h"
#include "core/control.h"

static const vg_option OPTIONS[] = {{"demo", true, NULL},
                                    {"profile", false, "federated|standalone"},
                                    {"agency", false, "NAME"},
                                    {0}};

static vg_status write_conf(const vg_cli *cli, vg_err *err)
{
    char path[440];
    const char *profile = vg_cli_get(cli, "profile");
    if (profile && strcmp(profile, "federated") != 0 && strcmp(profile, "standalone") != 0) {
        return vg_fail(err, VG_EINVALID, "profile", "cli.profile", "%s", profile);
    }
    snprintf(path, sizeof path, "%s/vonggac.ini", cli->data);
    FILE *f = fopen(path, "wx");
    if (!f) {
        return vg_fail(err, VG_EIO, "data", NULL, "%s", path);
    }
    fprintf(f,
            "[node]\nname = %s\nprofile = %s\ndemo = %d\n\n[listen]\nhttp = 127.0.0.1:8080\n"
            "https = 127.0.0.1:8443\ndc09 = 127.0.0.1:9009\n",
            vg_cli_get(cli, "demo") ? "Trực ban tỉnh Mẫu" : "vọng gác",
            profile ? profile : "federated", vg_cli_get(cli, "demo") ? 1 : 0);
    return fclose(f) == 0 ? VG_OK : vg_fail(err, VG_EIO, "data", NULL, "%s", path);
}

static vg_status ask(const vg_cli *cli, const char *command, vg_buf *args, char ret_id[VG_ID_TEXT],
                     vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(65536);
    vg_buf reply;
    vg_buf_init(&reply, 65536);
    const vg_status s = vg_control_run(cli->data, command, vg_buf_str(args), &reply, err);
    if (s == VG_OK) {
        snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(a, vg_buf_str(&reply), "id")));
    }
    vg_buf_done(&reply);
    vg_buf_reset(args);
    return s;
}

// The node's own agency and its first administrator, whose pass phrase is shown once.
static vg_status first_people(const vg_cli *cli, char secret[VG_PASSPHRASE], vg_err *err)
{
    char agency[VG_ID_TEXT], user[VG_ID_TEXT];
    const char *name = vg_cli_get(cli, "agency");
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "code", "CQ");
    vg_jw_kz(&w, "name", name ? name : vg_tr(cli->lang, "cli.first_agency"));
    vg_jw_kbool(&w, "custodian", true);
    vg_jw_close(&w, '}');
    vg_status s = ask(cli, "accounts.agency_add", &b, agency, err);
    vg_passphrase(8, secret);
    w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "login", "quantri");
    vg_jw_kz(&w, "name", vg_tr(cli->lang, "cli.first_user"));
    vg_jw_kz(&w, "agency", agency);
    vg_jw_kz(&w, "password", secret);
    vg_jw_kz(&w, "role", "custodian");
    vg_jw_close(&w, '}');
    if (s == VG_OK) {
        s = ask(cli, "accounts.user_add", &b, user, err);
    }
    vg_buf_done(&b);
    return s;
}

static vg_status make_authority(const vg_cli *cli, vg_err *err)
{
    vg_core *core;
    vg_tls tls;
    VG_TRY(vg_core_open(cli->data, &core, err));
    vg_status s = vg_core_start(core, err);
    s = s == VG_OK ? app_tls_open(core, NULL, &tls, err) : s;
    if (s == VG_OK) {
        vg_tls_done(&tls);
    }
    vg_core_close(core);
    return s;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    VG_TRY(vg_cli_need_data(cli, err));
    VG_TRY(vg_core_create(cli->data, err));
    VG_TRY(write_conf(cli, err));
    VG_TRY(make_authority(cli, err));
    char secret[VG_PASSPHRASE] = "";
    if (vg_cli_get(cli, "demo")) {
        VG_TRY(vg_demo_fill(cli->data, err));
    } else {
        VG_TRY(first_people(cli, secret, err));
    }
    if (cli->json) {
        printf("{\"ok\":true,\"login\":\"quantri\",\"password\":\"%s\"}\n", secret);
        return VG_OK;
    }
    vg_say_line(cli, "cli.init_done", (const char *const[]){"data", cli->data, NULL});
    if (*secret) {
        vg_say_line(cli, "cli.first_login", (const char *const[]){"password", secret, NULL});
    }
    return VG_OK;
}

const vg_verb vg_verb_init = {"init", OPTIONS, NULL, run};
