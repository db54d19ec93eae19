// SPDX-License-Identifier: Apache-2.0
// For the tests of the simulator only: turns the lines of a fleet until nothing waits.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/simulate.h"
#include "base/clock.h"

#include <poll.h>

static inline bool sim_kit_busy(const sim_fleet *f)
{
    for (uint16_t i = 0; i < f->n; i++) {
        if (f->v[i].n_queue) {
            return true;
        }
    }
    return false;
}

// ahead_us is added to the clock: waiting and resting take no time in a test.
static inline void sim_kit_turn(sim_net *net, sim_fleet *f, int64_t ahead_us, int wait_ms)
{
    struct pollfd p[SIM_MAX_DEVICES];
    sim_device *of[SIM_MAX_DEVICES];
    nfds_t n = 0;
    for (uint16_t i = 0; i < f->n; i++) {
        sim_device *d = &f->v[i];
        (void)sim_line_step(net, d, vg_mono_us() + ahead_us);
        if (sim_line_events(d)) {
            p[n] = (struct pollfd){.fd = d->fd, .events = sim_line_events(d)};
            of[n++] = d;
        }
    }
    if (poll(p, n, wait_ms) <= 0) {
        return;
    }
    for (nfds_t i = 0; i < n; i++) {
        if (p[i].revents && of[i]->fd == p[i].fd) {
            sim_line_ready(net, of[i], p[i].revents, vg_mono_us() + ahead_us);
        }
    }
}

// hurry: each turn that finds nothing to read moves the clock on by a second.
static inline void sim_kit_drain(sim_net *net, sim_fleet *f, bool hurry)
{
    const int64_t end = vg_mono_us() + 20 * VG_SECOND_US;
    for (int64_t ahead = 0; sim_kit_busy(f) && vg_mono_us() < end;
         ahead += hurry ? VG_SECOND_US : 0) {
        sim_kit_turn(net, f, ahead, 20);
    }
    assert_false(sim_kit_busy(f));
}
