// SPDX-License-Identifier: Apache-2.0
// One hash at a time in the whole process, each on a thread of its own that gives way (ADR 0037). The thread shares no
// lock with anybody but those who wait for a hash, so that it cannot hold up the node when the machine is busy. It is
// nice and not idle: an idle thread on a busy machine never gets its turn, and whoever changes the guard waits for it.
// The turn is the module's only state: it is the process's memory that it guards.
#include "core/pwhash.h"

#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { NICE = 10 };

typedef struct work {
    const char *is;  // the hash to compare with, or NULL: make one
    char *make;
    vg_str password;
    bool ok;
} work;

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *compute(void *arg)
{
    work *w = arg;
    setpriority(PRIO_PROCESS, 0, NICE);  // on Linux: of this thread
    w->ok = (w->is ? crypto_pwhash_str_verify(w->is, w->password.p, w->password.n)
                   : crypto_pwhash_str(w->make, w->password.p, w->password.n,
                                       crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                       crypto_pwhash_MEMLIMIT_INTERACTIVE)) == 0;
    return NULL;
}

static bool take_turn(work *w)
{
    pthread_t thread;
    pthread_mutex_lock(&turn);
    if (pthread_create(&thread, NULL, compute, w) != 0) {
        vg_log(VG_ERROR, "password.no_thread", "what=hash");
        abort();
    }
    pthread_join(thread, NULL);
    pthread_mutex_unlock(&turn);
    return w->ok;
}

bool vg_pwhash_is(const char *hash, vg_str password)
{
    return vg_str_starts(vg_str_c(hash), crypto_pwhash_STRPREFIX) &&
           take_turn(&(work){.is = hash, .password = password});
}

bool vg_pwhash_make(vg_str password, char ret_hash[crypto_pwhash_STRBYTES])
{
    return take_turn(&(work){.make = ret_hash, .password = password});
}
