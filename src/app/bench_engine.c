// SPDX-License-Identifier: Apache-2.0
// The engine by itself: no journal, no disk, one core. Floors of the same run: four rules written by hand
// over plain arrays (no keys to look up, no evidence, no versions), and counting the lines of the text. What the
// figures rest on is checked first: the corpus must give the published counts, and after every restart the same
// alerts; a figure of a wrong engine is not printed.
#include "app/bench.h"
#include "app/bench_engine_corpus.h"
#include "engine/text.h"

#include <time.h>

enum { N = 2000000, ROUNDS = 3, BATCH = 1024, SITES = 500, RESTARTS = 8, TEXT_MAX = 1 << 28 };

static const size_t PUBLISHED[] = {19919, 418, 2962, 209144};

// Four rules for one group of sites; sites and where stand in every event document.
static void rules_text(vg_buf *b, int group, const char *sites, const char *where)
{
    static const struct {
        const char *name, *kinds;
    } events[] = {{"fence", "fence_alarm"},
                  {"door", "door_forced"},
                  {"scan", "checkpoint"},
                  {"denied", "badge_denied"},
                  {"alarm", "[motion_alarm, fence_alarm, door_forced]"}};
    static const char *const rules[] = {
        "{ type: temporal_ordered, rules: [fence%d, door%d], group-by: [site, zone], timespan: 60s "
        "}\n"
        "x-vonggac: { pick: latest, consume: true }",
        "{ type: x-absence, rules: [scan%d], group-by: [device], timespan: 30m }\n"
        "x-vonggac: { fire: once-until-next }",
        "{ type: event_count, rules: [denied%d], group-by: [device], timespan: 120s, condition: { "
        "gte: "
        "5 } }\nx-vonggac: { refire: after-window }",
        "{ type: x-suppress, rules: [alarm%d], group-by: [device], timespan: 30s }\n"
        "x-vonggac: { window: from-first, keep-count: true }"};
    for (size_t i = 0; i < VG_LEN(events); i++) {
        vg_buf_f(
            b,
            "name: %s%d\ndetection: { selection: { kind: %s%s%s }, condition: selection }\n---\n",
            events[i].name, group, events[i].kinds, sites, where);
    }
    for (size_t i = 0; i < VG_LEN(rules); i++) {
        vg_buf_f(b, "name: R%zu.%d\ntitle: R\nlevel: low\ncorrelation: ", i + 1, group);
        for (const char *p = rules[i]; *p; p++) {
            if (p[0] == '%') {
                vg_buf_i64(b, group);
                p++;
            } else {
                vg_buf_ch(b, *p);
            }
        }
        vg_buf_c(b, "\n---\n");
    }
}

static vg_status make_rules(int groups, bool bound, const char *where, vg_ruleset **ret,
                            vg_err *err)
{
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    vg_status st = VG_OK;
    for (int g = 0; g < groups && st == VG_OK; g++) {
        vg_buf text, sites;
        vg_buf_init(&text, 1 << 20);
        vg_buf_init(&sites, 1 << 16);
        for (int s = g; bound && s < SITES; s += groups) {
            vg_buf_f(&sites, s == g ? ", site: [S%03d" : ", S%03d", s);
        }
        vg_buf_c(&sites, bound ? "]" : "");
        rules_text(&text, g, vg_buf_z(&sites), where);
        st = vg_ruleset_add(set, "bench", vg_buf_str(&text), err);
        vg_buf_done(&text);
        vg_buf_done(&sites);
    }
    st = st == VG_OK ? vg_ruleset_finish(set, err) : st;
    if (st != VG_OK) {
        vg_ruleset_destroy(set);
        return st;
    }
    *ret = set;
    return VG_OK;
}

// --- what is heard --------------------------------------------------------------------------------
typedef struct heard {
    size_t n, by_type[4];
    uint64_t sum;  // of rule, time and evidence, in order
} heard;

static void on_alert(void *ctx, const vg_alert *a)
{
    heard *h = ctx;
    h->n++;
    h->by_type[a->rule % 4]++;
    h->sum = (h->sum ^ (uint64_t)a->t ^ a->rule) * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < a->n_evidence; i++) {
        h->sum = (h->sum ^ (uint64_t)a->evidence[i].seq) * 0xBF58476D1CE4E5B9u;
    }
}

static vg_engine_sink sink_of(heard *h)
{
    return (vg_engine_sink){.ctx = h, .alert = on_alert};
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

// --- records --------------------------------------------------------------------------------------
// The least time of a few rounds for the whole corpus.
static vg_status feed_all(const vg_ruleset *set, bench_corpus *c, heard *ret, double *ret_ns,
                          vg_err *err)
{
    *ret_ns = 1e18;
    for (int i = 0; i < ROUNDS; i++) {
        vg_engine *e;
        heard h = {0};
        const vg_engine_sink sink = sink_of(&h);
        VG_TRY(vg_engine_create(set, &c->names, &(vg_engine_opts){0}, &e, err));
        const int64_t t = now_ns();
        vg_engine_feed(e, c->v, c->n, &sink);
        const double ns = (double)(now_ns() - t) / (double)c->n;
        *ret_ns = ns < *ret_ns ? ns : *ret_ns;
        *ret = h;
        vg_engine_destroy(e);
    }
    return VG_OK;
}

static vg_status rules_ns(bench_corpus *c, int groups, const char *where, double *ret_ns,
                          vg_err *err)
{
    vg_ruleset *set;
    heard h = {0};
    VG_TRY(make_rules(groups, groups > 1, where, &set, err));
    const vg_status st = feed_all(set, c, &h, ret_ns, err);
    vg_ruleset_destroy(set);
    VG_TRY(st);
    for (size_t i = 0; i < VG_LEN(PUBLISHED); i++) {
        if (h.by_type[i] != PUBLISHED[i]) {
            return vg_fail(err, VG_EINTERNAL, "engine", NULL, "R%zu: %zu", i + 1, h.by_type[i]);
        }
    }
    return VG_OK;
}

// The floor: what is left when rules are code and keys are array indices.
static double by_hand_ns(const bench_corpus *c)
{
    typedef struct hand {
        int64_t armed, quiet, until, denied[5];
        uint32_t n;
    } hand;
    const uint32_t n_devices = vg_intern_count(c->names.of[VG_DEVICE]) + 1;
    hand *v = vg_alloc(n_devices * sizeof *v);
    volatile size_t alerts = 0;
    size_t found = 0;
    const int64_t start = now_ns();
    for (size_t i = 0; i < c->n; i++) {
        const vg_record *r = &c->v[i];
        hand *d = &v[r->device], *z = &v[r->zone];
        const uint16_t k = r->kind;  // in the order of the corpus: 3 denied, 4 scan, 5 to 7 alarms
        if (k >= 5 && r->t_event > d->quiet) {
            d->quiet = r->t_event + 30 * VG_SECOND_US;
            found++;
        }
        if (k == 6) {
            z->armed = r->t_event + 60 * VG_SECOND_US;
        } else if (k == 7 && r->t_event <= z->armed) {
            z->armed = 0;
            found++;
        } else if (k == 4) {
            d->until = r->t_event + 1800 * VG_SECOND_US;
        } else if (k == 3) {
            const int64_t first = d->denied[d->n % 5];
            d->denied[d->n++ % 5] = r->t_event;
            found += first && r->t_event - first <= 120 * VG_SECOND_US;
        }
    }
    const double ns = (double)(now_ns() - start) / (double)c->n;
    alerts = found;
    (void)alerts;
    free(v);
    return ns;
}

static vg_status decoded(bench *b, bench_corpus *c, vg_err *err)
{
    double four = 0, bound = 0, where = 0;
    const double floor = 1e3 / by_hand_ns(c);
    VG_TRY(rules_ns(c, 1, "", &four, err));
    VG_TRY(rules_ns(c, 1, ", where: 'value >= 0'", &where, err));
    VG_TRY(rules_ns(c, SITES / 4, "", &bound, err));
    bench_note(b, &(bench_row){"engine.decoded", "M/s", 1e3 / four, .floor = floor, .goal = 25,
                               .kind = BENCH_LEAST, .note = "4 rules, evidence and versions"});
    bench_note(b, &(bench_row){"engine.decoded.where", "M/s", 1e3 / where, .floor = floor,
                               .goal = 25, .kind = BENCH_LEAST,
                               .note = "the same, a condition at every event document"});
    bench_row r = {"engine.rules500", "x", bound / four, .goal = 1.5, .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "%.0f ns an event, %.0f with 4 rules", bound, four);
    bench_note(b, &r);
    return VG_OK;
}

// --- text -----------------------------------------------------------------------------------------
static double lines_ns(vg_str text, size_t n)
{
    volatile size_t lines = 0;
    size_t seen = 0;
    const int64_t t = now_ns();
    for (const char *p = text.p, *end = p + text.n; p < end; seen++) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        p = eol ? eol + 1 : end;
    }
    lines = seen;
    (void)lines;
    return (double)(now_ns() - t) / (double)n;
}

static vg_status read_text(const vg_ruleset *set, vg_str text, heard *h, vg_err *err)
{
    vg_names names;
    vg_engine *e = NULL;
    vg_record v[BATCH];
    vg_names_init(&names);
    vg_text reader = {.names = &names};
    const vg_engine_sink sink = sink_of(h);
    vg_status st = vg_engine_create(set, &names, &(vg_engine_opts){0}, &e, err);
    for (size_t n = 1; st == VG_OK && n;) {
        st = vg_text_read(&reader, &text, v, BATCH, &n, err);
        if (st == VG_OK) {
            vg_engine_feed(e, v, n, &sink);
        }
    }
    vg_engine_destroy(e);
    vg_names_done(&names);
    return st;
}

static vg_status from_text(bench *b, const vg_ruleset *set, bench_corpus *c, vg_err *err)
{
    vg_buf text;
    vg_status st = VG_OK;
    int64_t best = INT64_MAX;
    heard h = {0};
    vg_buf_init(&text, TEXT_MAX);
    bench_corpus_text(c, &text);
    for (int i = 0; i < ROUNDS && st == VG_OK; i++) {
        h = (heard){0};
        const int64_t t = now_ns();
        st = read_text(set, vg_buf_str(&text), &h, err);
        best = now_ns() - t < best ? now_ns() - t : best;
    }
    const double lines = 1e3 / lines_ns(vg_buf_str(&text), c->n);
    vg_buf_done(&text);
    VG_TRY(st);
    bench_row r = {"engine.text",  "M/s",     (double)c->n * 1e3 / (double)best,
                   .floor = lines, .goal = 5, .kind = BENCH_LEAST};
    snprintf(r.note, sizeof r.note, "%zu alerts; floor: finding line ends", h.n);
    bench_note(b, &r);
    return VG_OK;
}

// --- one at a time --------------------------------------------------------------------------------
static vg_status latency(bench *b, const vg_ruleset *set, bench_corpus *c, vg_err *err)
{
    vg_engine *e;
    heard h = {0};
    bench_sample took = {0};
    const vg_engine_sink sink = sink_of(&h);
    VG_TRY(vg_engine_create(set, &c->names, &(vg_engine_opts){0}, &e, err));
    for (size_t i = 0; i < c->n; i++) {
        const int64_t t = now_ns();
        vg_engine_feed(e, &c->v[i], 1, &sink);
        bench_add(&took, now_ns() - t);
    }
    vg_engine_destroy(e);
    bench_row r = {"engine.latency.p999", "us", (double)bench_at(&took, .999) / 1e3, .goal = 10,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "p50 %.2f, most %.0f, with reading the clock",
             (double)bench_at(&took, .5) / 1e3, (double)bench_at(&took, 1) / 1e3);
    bench_note(b, &r);
    bench_sample_done(&took);
    return VG_OK;
}

// --- many keys ------------------------------------------------------------------------------------
typedef struct crowd {
    uint32_t devices;  // drawn at random of so many; 0: never one twice
    size_t events;
    int64_t step_us;
    uint32_t max_keys;
    // results
    double ns, peak_mb, after_mb;
    size_t keys;
} crowd;

// Somebody new now and then, long after all others: what the engine still holds of the crowd.
static double crowd_gone(vg_engine *e, const vg_record *last, const vg_engine_sink *sink)
{
    vg_record r = *last;
    for (int i = 0; i < 3; i++) {
        r.t_event += 600 * VG_SECOND_US;
        r.seq++;
        r.device++;
        vg_engine_feed(e, &r, 1, sink);
    }
    return bench_rss_mb(0);
}

static vg_status crowd_run(const vg_ruleset *set, bench_corpus *c, crowd *w, vg_err *err)
{
    enum { LOOK_EVERY = 100 };
    vg_engine *e;
    heard h = {0};
    vg_record v[BATCH];
    int64_t spent = 0;
    uint64_t s = 7;
    const vg_engine_sink sink = sink_of(&h);
    const uint16_t motion = (uint16_t)vg_intern_find(c->names.of[VG_KIND], VG_S("motion_alarm"));
    VG_TRY(vg_engine_create(set, &c->names, &(vg_engine_opts){.max_keys = w->max_keys}, &e, err));
    for (size_t i = 0; i < w->events; i += BATCH) {
        for (size_t k = 0; k < BATCH; k++) {
            s = s * 6364136223846793005u + 1442695040888963407u;
            v[k] = (vg_record){.t_event = VG_SECOND_US + (int64_t)(i + k) * w->step_us,
                               .seq = (int64_t)(i + k + 1),
                               .log = 2,
                               .site = 1,
                               .zone = 1,
                               .device = w->devices ? (uint32_t)((s >> 33) % w->devices) + 1
                                                    : (uint32_t)(i + k) + 1,
                               .kind = motion,
                               .flags = VG_REC_AUTHENTICATED};
        }
        const int64_t t = now_ns();
        vg_engine_feed(e, v, BATCH, &sink);
        spent += now_ns() - t;
        const double mb = i / BATCH % LOOK_EVERY ? 0 : bench_rss_mb(0);
        w->peak_mb = mb > w->peak_mb ? mb : w->peak_mb;
    }
    for (uint32_t i = 0; i < set->n_rules; i++) {
        w->keys += vg_engine_keys(e, i);
    }
    w->ns = (double)spent / (double)w->events;
    w->after_mb = crowd_gone(e, &v[BATCH - 1], &sink);
    vg_engine_destroy(e);
    return VG_OK;
}

// One rule with a window of 60 s, so that 10 M devices in 6,000 s are 100,000 at a time.
static vg_status distinct_keys(bench *b, bench_corpus *c, crowd *w, vg_err *err)
{
    static const char text[] =
        "name: m\ndetection: { selection: { kind: motion_alarm }, condition: selection }\n---\n"
        "name: R\ntitle: R\nlevel: low\ncorrelation: { type: x-suppress, rules: [m], group-by: "
        "[device], timespan: 60s }\nx-vonggac: { window: from-first, keep-count: true }\n";
    vg_ruleset *set = vg_ruleset_create((vg_texts){0});
    const double before = bench_rss_mb(0);
    vg_status st = vg_ruleset_add(set, "bench", vg_str_c(text), err);
    st = st == VG_OK ? vg_ruleset_finish(set, err) : st;
    st = st == VG_OK ? crowd_run(set, c, w, err) : st;
    vg_ruleset_destroy(set);
    VG_TRY(st);
    bench_row r = {"engine.keys.after10m", "", (double)w->keys, .goal = w->max_keys,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "window 60 s, %.0f ns an event", w->ns);
    bench_note(b, &r);
    r = (bench_row){"engine.memory.peak10m", "MB", w->peak_mb - before, .goal = 48,
                    .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "resident %.1f before, %.1f at most; bound: %u keys", before,
             w->peak_mb, w->max_keys);
    bench_note(b, &r);
    r = (bench_row){"engine.memory.after10m", "MB", w->after_mb - before, .goal = 8,
                    .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "resident %.1f when the crowd has gone", w->after_mb);
    bench_note(b, &r);
    return VG_OK;
}

static vg_status many(bench *b, const vg_ruleset *set, bench_corpus *c, vg_err *err)
{
    enum { BOUND = 1 << 18, DISTINCT = 10000000, SPREAD_US = 600 };  // 60 s: 100,000 keys alive
    crowd million = {.devices = 1000000, .events = 8000000, .step_us = 5, .max_keys = 1 << 21};
    crowd distinct = {.events = DISTINCT, .step_us = SPREAD_US, .max_keys = BOUND};
    VG_TRY(crowd_run(set, c, &million, err));
    bench_row r = {"engine.devices1m", "M/s", 1e3 / million.ns};
    snprintf(r.note, sizeof r.note, "%zu keys", million.keys);
    bench_note(b, &r);
    return distinct_keys(b, c, &distinct, err);
}

// --- restarts -------------------------------------------------------------------------------------
// Half of it, a snapshot, and the rest in an engine that was made from the snapshot.
static vg_status cut_at(const vg_ruleset *set, bench_corpus *c, size_t at, heard *h, int64_t *ns,
                        vg_err *err)
{
    vg_engine *e = NULL, *again = NULL;
    vg_buf saved;
    const vg_engine_sink sink = sink_of(h);
    vg_buf_init(&saved, 1 << 28);
    vg_status st = vg_engine_create(set, &c->names, &(vg_engine_opts){0}, &e, err);
    st = st == VG_OK ? vg_engine_create(set, &c->names, &(vg_engine_opts){0}, &again, err) : st;
    if (st == VG_OK) {
        vg_engine_feed(e, c->v, at, &sink);
        const int64_t t = now_ns();
        vg_engine_save(e, &saved);
        st = vg_engine_restore(again, vg_buf_str(&saved), err);
        *ns += now_ns() - t;
    }
    if (st == VG_OK) {
        vg_engine_feed(again, c->v + at, c->n - at, &sink);
    }
    vg_engine_destroy(e);
    vg_engine_destroy(again);
    vg_buf_done(&saved);
    return st;
}

static vg_status restarts(bench *b, const vg_ruleset *set, bench_corpus *c, vg_err *err)
{
    heard whole;
    double each;
    int64_t ns = 0;
    VG_TRY(feed_all(set, c, &whole, &each, err));
    for (size_t i = 0; i < RESTARTS; i++) {
        heard h = {0};
        const size_t at = (size_t)(((uint64_t)i * 2654435761u + 12345) % c->n);
        VG_TRY(cut_at(set, c, at, &h, &ns, err));
        if (h.n != whole.n || h.sum != whole.sum) {
            return vg_fail(err, VG_EINTERNAL, "engine", NULL, "restart at %zu", at);
        }
    }
    bench_row r = {"engine.restart", "ms", (double)ns / 1e6 / RESTARTS};
    snprintf(r.note, sizeof r.note, "save and load; %d cuts, the same %zu alerts", RESTARTS,
             whole.n);
    bench_note(b, &r);
    return VG_OK;
}

vg_status bench_engine(bench *b, vg_err *err)
{
    static vg_status (*const parts[])(bench * b, const vg_ruleset *set, bench_corpus *c,
                                      vg_err *err) = {from_text, latency, many, restarts};
    bench_corpus c;
    vg_ruleset *set = NULL;
    bench_corpus_make(&c, N, 7);
    vg_status st = make_rules(1, false, "", &set, err);
    st = st == VG_OK ? decoded(b, &c, err) : st;
    for (size_t i = 0; i < VG_LEN(parts) && st == VG_OK; i++) {
        st = parts[i](b, set, &c, err);
    }
    vg_ruleset_destroy(set);
    bench_corpus_done(&c);
    return st;
}
