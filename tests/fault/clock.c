// SPDX-License-Identifier: Apache-2.0
// Preloaded into a node by clock.py: its clocks are moved by what stands in the file CLOCK_SHIFT, two numbers of
// seconds: for the wall clock, and for the one that only goes forward.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *shift;

__attribute__((constructor)) static void look(void)
{
    const char *path = getenv("CLOCK_SHIFT");
    const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 16, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) {
        close(fd);
    }
    shift = at == MAP_FAILED ? NULL : at;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
    const int r = (int)syscall(SYS_clock_gettime, clock, t);
    if (r == 0 && shift && clock == CLOCK_REALTIME) {
        t->tv_sec += shift[0];
    } else if (r == 0 && shift && clock == CLOCK_MONOTONIC) {
        t->tv_sec += shift[1];
    }
    return r;
}
