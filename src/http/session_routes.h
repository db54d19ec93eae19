// SPDX-License-Identifier: Apache-2.0
// The routes of /session and how logins reach the accounts module.
#pragma once

#include "http/http_impl.h"

extern const http_own_route http_session_routes[];
// session_list.c
void http_get_sessions(http_call *c);
void http_end_session(http_call *c);
void http_end_others(http_call *c);
// Ends it here, in the store and, if it had a live stream, that.
void http_session_end(vg_http *h, const http_session_key *key);
// "Firefox, Windows" of a User-Agent; "" when it says nothing known.
void http_device_of(vg_str agent, char out[HTTP_DEVICE_TEXT]);
http_login_source http_login_from_core(vg_http *h);
