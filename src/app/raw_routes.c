// SPDX-License-Identifier: Apache-2.0
// One list of raw routes for the node and for the API's document.
#include "app/raw_routes.h"

#include "app/ca_page.h"
#include "app/document_route.h"
#include "app/exam.h"
#include "app/import_route.h"
#include "app/manual_route.h"
#include "app/table_route.h"
#include "sheet/sheet.h"

#include <assert.h>

void app_raw_routes(vg_core *core, vg_webhook_route *webhook, rule_file_route *rule_file,
                    evidence_route *evidence, vg_http_raw out[APP_RAW_ROUTES])
{
    size_t n = 0;
    vg_tiles_routes(core, vg_webhook_routes(webhook), out);
    while (out[n].route) {
        n++;
    }
    out[n++] =
        (vg_http_raw){"POST /api/v1/imports", "imports.use", VG_SHEET_BYTES, import_route, core};
    out[n++] = (vg_http_raw){"POST /api/v1/links/{id}/table", "links.edit_own", VG_SHEET_BYTES,
                             table_route, core};
    out[n++] = rule_file_raw(rule_file);
    out[n++] = evidence_raw(evidence);
    n += document_routes(core, out + n);
    out[n++] = vg_health_route(core);
    n += vg_ca_routes(core, out + n);
    n += vg_manual_routes(out + n);
    assert(n < APP_RAW_ROUTES);
    out[n] = (vg_http_raw){0};
}
