// SPDX-License-Identifier: Apache-2.0
// Whoever waits for the last answer before he takes the routes away is told by vg_http_complete: nothing of the route is
// touched after it.
#include "app/flight.h"

#include <pthread.h>

static void let_go(app_flight *f)
{
    if (f->done) {
        f->done(f);
    }
    free(f);
}

// After the last line the route may be gone.
static void land(app_flight *f)
{
    vg_http_request *rq = f->call.rq;
    *f->busy = false;
    let_go(f);
    vg_http_complete(rq);
}

static void *run(void *ctx)
{
    app_flight *f = ctx;
    f->answer(f);
    land(f);
    return NULL;
}

vg_status app_take_off(app_flight *f, const char *busy_key, vg_err *err)
{
    pthread_t thread;
    if (atomic_exchange(f->busy, true)) {
        let_go(f);
        return vg_fail(err, VG_EBUSY, "", busy_key, "%s", "");
    }
    f->call.who = NULL;  // the session's
    vg_http_later(f->call.rq);
    if (pthread_create(&thread, NULL, run, f) == 0) {
        pthread_detach(thread);
        return VG_OK;
    }
    (void)!vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "thread");
    vg_http_problem(&f->call, err);
    land(f);
    return VG_OK;
}
