// SPDX-License-Identifier: Apache-2.0
// The console's files, built into the program.
#pragma once

#include "base/embed.h"
#include "net/http_server.h"

// Answers from files; a path without an extension is one of the console's own pages and gets
// index.html. False when there is nothing to answer with (rq untouched).
bool http_static(const vg_embedded *files, vg_http_request *rq);
// The headers every answer carries: content security policy and the like; name, value, …, NULL.
extern const char *const http_security_headers[];
