// SPDX-License-Identifier: Apache-2.0
// A request whose answer takes a while: on a thread of its own, one of a kind at a time. The server's threads answer
// everybody else meanwhile.
#pragma once

#include "http/http.h"

#include <stdatomic.h>

// The first member of what such a request needs, which is made by vg_alloc and freed on landing.
typedef struct app_flight {
    vg_http_raw_call call;
    void (*answer)(struct app_flight *f);  // on that thread
    void (*done)(struct app_flight *f);    // gives back what it holds; NULL: nothing
    atomic_bool *busy;                     // of its kind
} app_flight;

// Takes f, whatever comes. VG_EBUSY with busy_key: another one is under way.
vg_status app_take_off(app_flight *f, const char *busy_key, vg_err *err) VG_USE_RESULT;
