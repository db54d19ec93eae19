// SPDX-License-Identifier: Apache-2.0
// The routes of /session and how logins reach the accounts module.
#pragma once

#include "http/http_impl.h"

extern const http_own_route http_session_routes[];
http_login_source http_login_from_core(vg_http *h);
