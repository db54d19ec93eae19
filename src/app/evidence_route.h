// SPDX-License-Identifier: Apache-2.0
// POST /api/v1/incidents/{id}/evidence: an evidence bundle of an incident as a file.
#pragma once

#include "http/http.h"

typedef struct evidence_route evidence_route;

evidence_route *evidence_route_create(vg_core *core);
void evidence_route_destroy(evidence_route *r);  // after the server has stopped; NULL is fine
vg_http_raw evidence_raw(evidence_route *r);     // r NULL: for the API's description only
