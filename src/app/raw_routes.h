// SPDX-License-Identifier: Apache-2.0
// The routes of the program that are neither command nor list: bodies that are not JSON.
#pragma once

#include "app/evidence_route.h"
#include "app/rule_file_route.h"
#include "app/tiles_route.h"
#include "app/webhook_route.h"

enum { APP_RAW_ROUTES = VG_RAW_ROUTES + 18 };
// All NULL: for the API's description only. Ended by a NULL route.
void app_raw_routes(vg_core *core, vg_webhook_route *webhook, rule_file_route *rule_file,
                    evidence_route *evidence, vg_http_raw out[APP_RAW_ROUTES]);
