// SPDX-License-Identifier: Apache-2.0
// Commands that can wait (the rows of an import): a batch runs them after everything else, for some milliseconds,
// and leaves the rest to the next one. What bounds a signal's wait is therefore a time and not a number of rows: a
// batch that carries a signal or somebody's command gives them the short slice, and one that was begun without is
// cut to it as soon as somebody comes. The short one is not nothing, so that a steady stream of signals does not
// stop an import.
//
// A slice is one savepoint, as nearly always all of it succeeds: a savepoint a command copies each page it
// touches, and neighbours touch the same. When one fails the slice is undone and run again, a savepoint for each, so
// a refusal undoes its own command alone. Nobody has been answered by then.
#include "core/core_impl.h"

#include "base/clock.h"

// Of what the rows take; finding their words for the search follows and takes about half as long again.
static const int64_t SLICE_US = 4 * VG_MS_US, SHORT_US = VG_MS_US;
enum { LOOK_EVERY = 4 };

typedef struct slice {
    vg_core *c;
    int64_t from_us;
    bool hurried;
    int n;
} slice;

static bool over(slice *s)
{
    const int64_t took_us = vg_mono_us() - s->from_us;
    if (!s->hurried && ++s->n % LOOK_EVERY == 0) {
        s->hurried = vg_scribe_awaited(&s->c->scribe);
    }
    return took_us >= (s->hurried ? SHORT_US : SLICE_US);
}

// All in one; ret_rest: where time ran out. Not VG_OK: undone, and call is the one that failed.
static vg_status at_once(slice *s, vg_command_call *list, vg_command_call **ret_rest, vg_err *err)
{
    vg_cx_point p;
    vg_status st = VG_OK;
    vg_command_call *call = list;
    VG_TRY(vg_cx_open(s->c, &p, err));
    do {
        vg_call_run(s->c, call, vg_cx_run_in);
        st = call->st;
        if (st != VG_OK && err) {
            *err = call->err;
        }
        call = call->next;
    } while (st == VG_OK && call && !over(s));
    *ret_rest = call;
    return vg_cx_close(s->c, &p, st, err);
}

static vg_status one_by_one(slice *s, vg_command_call *list, vg_command_call **ret_rest,
                            vg_err *err)
{
    vg_command_call *call = list;
    do {
        vg_call_run(s->c, call, vg_cx_run);
        if (vg_store_failed(call->st)) {
            *err = call->err;
            return call->st;
        }
        call = call->next;
    } while (call && !over(s));
    *ret_rest = call;
    return VG_OK;
}

vg_status vg_slice_run(vg_core *c, vg_command_call *list, bool hurried, vg_command_call **ret_rest,
                       vg_err *err)
{
    slice s = {.c = c, .from_us = vg_mono_us(), .hurried = hurried};
    vg_err why = {0};
    *ret_rest = NULL;
    if (!list) {
        return VG_OK;
    }
    const int64_t commands = c->scribe.counts.commands, events = c->scribe.counts.events;
    const vg_status st = at_once(&s, list, ret_rest, &why);
    if (st == VG_OK) {
        return VG_OK;
    }
    if (vg_store_failed(st)) {
        *err = why;
        return st;
    }
    c->scribe.counts.commands = commands;
    c->scribe.counts.events = events;
    s.from_us = vg_mono_us();
    return one_by_one(&s, list, ret_rest, err);
}
