// SPDX-License-Identifier: Apache-2.0
// A table put into the folder of a link of kind csv.
#pragma once

#include "http/http.h"

void table_route(void *core, vg_http_raw_call *call);
