// SPDX-License-Identifier: Apache-2.0
// Papers as files: put in and read, carried to another node and taken in from one, receipts likewise.
#pragma once

#include "http/http.h"

enum { DOCUMENT_ROUTES = 6 };
// Fills out; returns how many.
size_t document_routes(vg_core *core, vg_http_raw out[DOCUMENT_ROUTES]);
