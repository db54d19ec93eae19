// SPDX-License-Identifier: Apache-2.0
// openapi: prints the API's description, made from the modules' tables.
#include "app/cli.h"
#include "app/raw_routes.h"
#include "http/http.h"

static vg_status run(const vg_cli *cli, vg_err *err)
{
    (void)cli;
    (void)err;
    vg_buf b;
    vg_http_raw raw[APP_RAW_ROUTES];
    app_raw_routes(NULL, NULL, NULL, NULL, raw);
    vg_http_openapi(raw, &b);
    vg_say_json(&b);
    vg_buf_done(&b);
    return VG_OK;
}

const vg_verb vg_verb_openapi = {"openapi", NULL, NULL, run};
