// SPDX-License-Identifier: Apache-2.0
// Condition variables with a time limit. The default ones of pthreads count on the wall clock, and a step
// of it backwards by an hour makes a wait of a second last an hour.
#include "base/wake.h"

#include <time.h>

void vg_wake_init(pthread_cond_t *c)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(c, &attr);
    pthread_condattr_destroy(&attr);
}

void vg_wake_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(c, lock, &until);
}
