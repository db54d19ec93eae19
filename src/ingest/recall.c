// SPDX-License-Identifier: Apache-2.0
// A frame that was committed, but whose acknowledgement died with the node, is sent again: it must be known.
// The journal itself remembers it: an event made by a command bears the command's id, an event made by a
// report bears the identities of its frame in the same 16 bytes, which were zeros. So nothing more is
// written for an event or a batch, what is known cannot differ from what is on disk, and a restart reads the
// ends of the logs. (A table of identities beside the journal would cost pages at every commit, and
// identities made anew from the decoded fields would not know an encrypted frame by its plain text.)
// Invariants: the key of the identities is the same at every start; the window is counted by the wall clock
// from the recording on, so time the node was down counts, and a restart makes no window longer.
#include "ingest/recall.h"

#include "base/clock.h"

typedef struct learner {
    const vg_driver_options *o;
    repeats *const *seen;
    int64_t now_us, mono_us;
    size_t n;
} learner;

static void learn(void *ctx, const vg_recent *r)
{
    learner *l = ctx;
    vg_ingest_identity id[VG_INGEST_IDENTITIES];
    const int64_t age = l->now_us > r->recorded_us ? l->now_us - r->recorded_us : 0;
    const int64_t left = l->o->proto->window_s(r->source) * VG_SECOND_US - age;
    if (!vg_str_eqc(r->proto, l->o->proto->name) || left <= 0) {
        return;
    }
    memcpy(id, r->frame, sizeof id);
    repeats *seen = l->seen[r->authenticated];
    for (size_t i = 0; i < VG_LEN(id); i++) {
        if (id[i] &&
            !repeats_find(seen, &id[i], l->mono_us)) {  // a frame may have made several events
            const repeat e = {.id = id[i], .until_us = l->mono_us + left};
            (void)repeats_add(seen, &e, l->mono_us);
            l->n++;
        }
    }
}

static int longest_window_s(const vg_driver_options *o)
{
    int longest = o->proto->window_s(NULL);
    const vg_register_snap *snap = vg_register_acquire(o->sources);
    for (uint32_t i = 0; i < vg_register_count(snap); i++) {
        const vg_source *s = vg_register_at(snap, i);
        const int w = s && strcmp(s->proto, o->proto->name) == 0 ? o->proto->window_s(s) : 0;
        longest = w > longest ? w : longest;
    }
    vg_register_release(o->sources, snap);
    return longest;
}

vg_status recall(const vg_driver_options *o, repeats *const seen[2], size_t *ret, vg_err *err)
{
    learner l = {.o = o, .seen = seen, .now_us = o->now_us(), .mono_us = vg_mono_us()};
    if (o->recall) {
        VG_TRY(o->recall(o->recall_ctx, l.now_us - longest_window_s(o) * VG_SECOND_US, learn, &l,
                         err));
    }
    *ret = l.n;
    return VG_OK;
}
