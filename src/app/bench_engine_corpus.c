// SPDX-License-Identifier: Apache-2.0
// The generator of the corpus: the same draws in the same order as the published one, so that the same seed
// gives the same events and the published counts of alerts hold here too (bench engine refuses to go on when
// they do not).
#include "app/bench_engine_corpus.h"

enum { SPAN_S = 6000, DARK_S = 2400 };
#define START_S INT64_C(1764000000)

static const char *const KINDS[] = {"heartbeat",    "badge_ok",    "badge_denied", "checkpoint",
                                    "motion_alarm", "fence_alarm", "door_forced"};
enum { HEARTBEAT, BADGE_OK, BADGE_DENIED, CHECKPOINT, MOTION, FENCE, DOOR };

typedef struct draw {  // splitmix64
    uint64_t s;
} draw;

static uint64_t next(draw *d)
{
    uint64_t z = (d->s += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static double share(draw *d)
{
    return (double)(next(d) >> 11) * (1.0 / 9007199254740992.0);
}

// With the given chance, the zone moves to one of the `width` that are hot in this minute.
static int hot(draw *d, int zone, int64_t minute, double chance, int stride, int width)
{
    return share(d) < chance
               ? (int)((minute * stride + (int64_t)(next(d) % (uint64_t)width)) % BENCH_ZONES)
               : zone;
}

typedef struct drawn {
    int kind, role, zone;
} drawn;

static drawn one(draw *d, int64_t since_s, const int *dark)
{
    const double p = share(d);
    const int64_t minute = since_s / 60;
    drawn e = {DOOR, 1, (int)(next(d) % BENCH_ZONES)};
    if (p < .40) {
        e.kind = HEARTBEAT;
        e.role = (int)(next(d) % BENCH_ROLES);
    } else if (p < .60) {
        e.kind = BADGE_OK;
        e.role = 2;
    } else if (p < .66) {  // somebody tries cards at 25 gates a minute
        e = (drawn){BADGE_DENIED, 2, hot(d, e.zone, minute, .6, 37, 25)};
    } else if (p < .76) {
        e.kind = CHECKPOINT;
        e.role = 3;
    } else if (p < .90) {  // sensors that chatter
        e = (drawn){MOTION, 4, hot(d, e.zone, minute, .8, 53, 60)};
    } else if (p < .98) {
        e.kind = FENCE;
        e.role = 0;
    }
    const int from = dark[e.zone];  // a point that nobody scans for 40 minutes: only its heartbeat
    if (e.kind == CHECKPOINT && from && since_s >= from && since_s < from + DARK_S) {
        e.kind = HEARTBEAT;
    }
    return e;
}

static uint32_t intern(const bench_corpus *c, vg_space space, int zone, int role)
{
    char name[32];
    int n = 0;
    if (space == VG_SITE) {
        n = snprintf(name, sizeof name, "S%03d", zone / 4);
    } else if (space == VG_ZONE) {
        n = snprintf(name, sizeof name, "S%03d-Z%d", zone / 4, zone % 4);
    } else {
        n = snprintf(name, sizeof name, "D%05d", zone * BENCH_ROLES + role);
    }
    return vg_intern_id(c->names.of[space], (vg_str){name, (size_t)n});
}

void bench_corpus_make(bench_corpus *c, size_t n, uint64_t seed)
{
    draw d = {seed};
    int dark[BENCH_ZONES];
    uint16_t kinds[VG_LEN(KINDS)];
    *c = (bench_corpus){.n = n, .v = vg_alloc((n + 1) * sizeof *c->v)};
    vg_names_init(&c->names);
    for (size_t i = 0; i < VG_LEN(KINDS); i++) {
        kinds[i] = (uint16_t)vg_intern_id(c->names.of[VG_KIND], vg_str_c(KINDS[i]));
    }
    for (int i = 0; i < BENCH_ZONES; i++) {
        dark[i] = share(&d) < .20 ? 1 + (int)(share(&d) * 3500) : 0;
    }
    for (size_t i = 0; i < n; i++) {
        const int64_t t = START_S + (int64_t)((double)i * SPAN_S / (double)n);
        const drawn e = one(&d, t - START_S, dark);
        c->v[i] = (vg_record){
            .t_event = t * VG_SECOND_US,
            .seq = (int64_t)i + 1,
            .source_seq = (int64_t)i + 1,
            .log = 2,
            .site = intern(c, VG_SITE, e.zone, 0),
            .zone = intern(c, VG_ZONE, e.zone, 0),
            .device = intern(c, VG_DEVICE, e.zone, e.role),
            .value = (int32_t)(next(&d) % 1000),
            .kind = kinds[e.kind],
            .flags = VG_REC_AUTHENTICATED,
        };
    }
}

void bench_corpus_done(bench_corpus *c)
{
    free(c->v);
    vg_names_done(&c->names);
    *c = (bench_corpus){0};
}

void bench_corpus_text(const bench_corpus *c, vg_buf *out)
{
    vg_intern *const *of = c->names.of;
    for (size_t i = 0; i < c->n; i++) {
        const vg_record *r = &c->v[i];
        vg_buf_f(out, "%lld.000 %.*s %.*s %.*s %.*s %d\n", (long long)(r->t_event / VG_SECOND_US),
                 VG_FMT(vg_intern_text(of[VG_SITE], r->site)),
                 VG_FMT(vg_intern_text(of[VG_ZONE], r->zone)),
                 VG_FMT(vg_intern_text(of[VG_DEVICE], r->device)),
                 VG_FMT(vg_intern_text(of[VG_KIND], r->kind)), r->value);
    }
}
