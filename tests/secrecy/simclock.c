// SPDX-License-Identifier: Apache-2.0
// A simulated clock for a program under test, preloaded by tests/secrecy/sim.py. Microseconds since 1970 stand in the
// file $SIMCLOCK, which the test steps; wall and monotonic time are both read from it, so that neither drifts from the
// other. What waits for a moment is woken when the test steps to it, or when the time left until it has passed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SLICE_NS = 10000000 };

static const volatile int64_t *shared;

static int real(clockid_t id, struct timespec *ts)
{
    return (int)syscall(SYS_clock_gettime, id, ts);
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("SIMCLOCK");
    const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *p = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *shared, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED) {
        abort();  // a test that believes in a clock that is not there
    }
    close(fd);
    shared = p;
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
    if (!shared || id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID) {
        return real(id, ts);
    }
    const int64_t us = *shared;
    ts->tv_sec = us / 1000000;
    ts->tv_nsec = us % 1000000 * 1000;
    return 0;
}

int gettimeofday(struct timeval *tv, void *zone)
{
    struct timespec ts;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &ts);
    tv->tv_sec = ts.tv_sec;
    tv->tv_usec = ts.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *ret)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    if (ret) {
        *ret = ts.tv_sec;
    }
    return ts.tv_sec;
}

static int64_t ns(clockid_t id, int (*read)(clockid_t, struct timespec *))
{
    struct timespec ts;
    read(id, &ts);
    return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

// Over when the simulated moment has come, seen within SLICE_NS, or when as much real time has passed.
int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
    const int64_t due = until->tv_sec * INT64_C(1000000000) + until->tv_nsec;
    const int64_t left = due - ns(CLOCK_MONOTONIC, clock_gettime);
    const int64_t end = ns(CLOCK_MONOTONIC, real) + (left > 0 ? left : 0);
    for (int64_t now;
         (now = ns(CLOCK_MONOTONIC, real)) < end && ns(CLOCK_MONOTONIC, clock_gettime) < due;) {
        const int64_t to = end - now < SLICE_NS ? end : now + SLICE_NS;
        const int rc = pthread_cond_clockwait(c, m, CLOCK_MONOTONIC,
                                              &(struct timespec){to / 1000000000, to % 1000000000});
        if (rc != ETIMEDOUT) {
            return rc;
        }
    }
    return ETIMEDOUT;
}
