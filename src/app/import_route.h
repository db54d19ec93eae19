// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/imports?target=persons&file=name.xlsx with the file as the body: keeps it and begins a job.
#pragma once

#include "http/http.h"

void import_route(void *core, vg_http_raw_call *call);
