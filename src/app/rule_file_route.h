// SPDX-License-Identifier: Apache-2.0
// A file of events given to try a rule on: POST /api/v1/rule-texts/{id}/try-file.
#pragma once

#include "http/http.h"

typedef struct rule_file_route rule_file_route;

rule_file_route *rule_file_route_create(vg_core *core);
void rule_file_route_stop(
    rule_file_route *r);  // before vg_http_stop: what runs ends soon; NULL is fine
void rule_file_route_destroy(rule_file_route *r);  // after it; NULL is fine
vg_http_raw rule_file_raw(rule_file_route *r);     // NULL r: for the API's description only
