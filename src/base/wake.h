// SPDX-License-Identifier: Apache-2.0
// Waiting for another thread at most so long. On the monotonic clock: somebody setting the time must not
// lengthen or end a wait.
#pragma once

#include <pthread.h>
#include <stdint.h>

void vg_wake_init(pthread_cond_t *c);  // destroyed with pthread_cond_destroy
// The lock is held before and after. Returns early when woken, and sometimes for no reason: wait in a loop.
void vg_wake_wait(pthread_cond_t *c, pthread_mutex_t *lock, int64_t ms);
