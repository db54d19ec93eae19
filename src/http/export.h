// SPDX-License-Identifier: Apache-2.0
// Lists as files: GET /api/v1/<list>?format=csv|xlsx with the list's own filters, scope and permission.
#pragma once

#include "core/core.h"

typedef struct http_call http_call;
typedef struct http_exporter http_exporter;

vg_status http_exporter_start(vg_core *core, http_exporter **ret, vg_err *err) VG_USE_RESULT;
void http_exporter_stop(http_exporter *x);  // those under way get an answer; NULL is fine
// Takes over the answer of c. page: the filters of the query.
void http_export(http_call *c, http_exporter *x, const vg_resource *r, const vg_page *page,
                 bool xlsx);
