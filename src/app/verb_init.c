// SPDX-License-Identifier: Apache-2.0
// init: makes the data directory with its keys, database and the site's own certificate authority; with
// --demo also fills it with the invented province (app/demo.h).
#include "app/cli.h"
#include "app/demo.h"
#include "core/core.h"
#include "net/tls_ca.h"

static const vg_option OPTIONS[] = {
    {"demo", true, NULL}, {"profile", false, "federated|standalone"}, {0}};

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

static vg_status run(const vg_cli *cli, vg_err *err)
{
    char tls[440];
    VG_TRY(vg_cli_need_data(cli, err));
    VG_TRY(vg_core_create(cli->data, err));
    VG_TRY(write_conf(cli, err));
    snprintf(tls, sizeof tls, "%s/tls", cli->data);
    VG_TRY(vg_tls_ca_ensure(tls, NULL, NULL, err));
    if (vg_cli_get(cli, "demo")) {
        VG_TRY(vg_demo_fill(cli->data, err));
    }
    if (cli->json) {
        puts("{\"ok\":true}");
    } else {
        vg_say_line(cli, "cli.init_done", (const char *const[]){"data", cli->data, NULL});
    }
    return VG_OK;
}

const vg_verb vg_verb_init = {"init", OPTIONS, NULL, run};
