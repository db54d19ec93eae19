// SPDX-License-Identifier: Apache-2.0
// Errors as people and programs read them: RFC 9457 documents in the reader's language.
#pragma once

#include "base/i18n.h"
#include "net/http_server.h"

// Fills the reply from err. Status from the error's code; Retry-After on 429 and 503.
void http_problem(vg_http_request *rq, vg_lang lang, const vg_err *err);
// The same with a status of HTTP's own (405 with Allow, 401 …) and a retry hint in seconds (0 = none).
void http_problem_as(vg_http_request *rq, vg_lang lang, const vg_err *err, int status, int retry_s);
// Accept-Language: the first of vi and en that is wanted; Vietnamese when nothing is said.
vg_lang http_accept_language(vg_str header);
