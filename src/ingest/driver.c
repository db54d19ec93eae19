// SPDX-License-Identifier: Apache-2.0
// Everything but the core's completion runs on the loop thread, so only counters are shared. A frame's
// way: limits, decode, (at once: NAK, DUH, answer to a committed repetition) or into the current batch;
// at the end of the turn the batch is handed over; when it comes back its answers are sent.
// Invariants: an ACK is sent only after VG_OK of the batch that holds the frame's signals; a refused or
// failed batch forgets its identities, so that the device's repetition is taken as new; what was committed
// before a crash is known again from the journal (recall.h).
#include "ingest/driver.h"

#include "base/clock.h"
#include "base/log.h"
#include "ingest/batch.h"
#include "ingest/recall.h"
#include "net/peers.h"
#include "net/tcp.h"
#include "net/udp.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum { LOG_GAP_S = 10, STRANGERS_PER_S = 50, IN_BYTES = 8192, OUT_BYTES = 8192, REPLY_BYTES = 512 };

typedef struct source_rate {
    vg_bucket clear, proven;  // apart: forged clear frames must not use up the real panel's share
} source_rate;

struct vg_driver {
    vg_driver_options o;
    vg_loop *loop;
    vg_tcp *tcp;
    vg_udp *udp;
    void *state;
    vg_peers *peers;
    repeats
        *seen[2];  // by authenticated: a flood in clear must not push out what protects the keys
    vg_bucket strangers;
    source_rate *rates;
    size_t n_rates;
    const vg_register_snap *snap;  // of this turn
    batch *now, *free;
    int batches;
    vg_signal decoded[VG_INGEST_EVENTS_MAX];
    int64_t logged_us[VG_INGEST_COUNTS];
    _Atomic uint64_t counts[VG_INGEST_COUNTS];
    pthread_mutex_t lock;  // guards away
    pthread_cond_t home;
    int away;  // batches the core has
};

static void add(vg_driver *d, vg_ingest_count c, uint64_t n)
{
    atomic_fetch_add_explicit(&d->counts[c], n, memory_order_relaxed);
}

static const vg_register_snap *sources(vg_driver *d)
{
    if (!d->snap) {
        d->snap = vg_register_acquire(d->o.sources);
    }
    return d->snap;
}

// One line per reason and LOG_GAP_S: a flood must not become a flood of lines.
static void log_verdict(vg_driver *d, const vg_ingest_out *o, const char *peer)
{
    const int64_t now = vg_mono_us();
    int64_t *last = &d->logged_us[o->verdict];
    if (*last && now - *last < LOG_GAP_S * VG_SECOND_US) {
        return;
    }
    *last = now;
    vg_log(VG_WARN, "ingest.frame.refused", "proto=%s why=%s source=%s peer=%s total=%llu",
           d->o.proto->name, vg_ingest_count_name(o->verdict), o->source ? o->source->id : "-",
           peer, (unsigned long long)vg_driver_count(d, o->verdict));
}

// --- answers --------------------------------------------------------------------------------------

static void send_answer(vg_driver *d, const answer *a)
{
    static const vg_ingest_count COUNT[] = {[VG_ANSWER_ACK] = VG_INGEST_acks,
                                            [VG_ANSWER_NAK] = VG_INGEST_naks,
                                            [VG_ANSWER_DUH] = VG_INGEST_duhs};
    char bytes[REPLY_BYTES];
    const vg_ingest_reply r = {a->kind, a->note, vg_register_at(sources(d), a->source),
                               d->o.now_us()};
    const size_t n = a->kind ? d->o.proto->encode_reply(d->state, &r, bytes, sizeof bytes) : 0;
    if (n == 0) {
        return;
    }
    const vg_str s = {bytes, n};
    const bool sent =
        a->to.udp ? vg_udp_send(d->udp, &a->to.peer, s) : vg_tcp_send(d->tcp, a->to.conn, s);
    add(d, sent ? COUNT[a->kind] : VG_INGEST_lost_answers, 1);
}

static void release(vg_driver *d, const answer *a)
{
    if (!a->to.udp) {
        vg_tcp_release(d->tcp, a->to.conn);
    }
}

static answer answer_of(const vg_ingest_out *o, const origin *from)
{
    answer a = {.to = *from,
                .kind = o->answer,
                .authenticated = o->authenticated,
                .source = o->source ? o->source->index : VG_SOURCE_NONE};
    memcpy(a.note, o->note, sizeof a.note);
    return a;
}

static answer *join(vg_driver *d, batch *b, const answer *a)
{
    if (b->n_answers == BATCH_ANSWERS) {
        return NULL;
    }
    if (!a->to.udp) {
        vg_tcp_hold(d->tcp, a->to.conn);
    }
    b->answers[b->n_answers] = *a;
    return &b->answers[b->n_answers++];
}

// --- batches --------------------------------------------------------------------------------------

static void settle(vg_driver *d, batch *b, bool committed)
{
    for (size_t i = 0; i < b->n_answers; i++) {
        const answer *a = &b->answers[i];
        for (int k = 0; k < a->identities; k++) {
            (committed ? repeats_commit : repeats_forget)(d->seen[a->authenticated],
                                                          &a->identity[k]);
        }
        if (committed) {
            send_answer(d, a);
        }
        release(d, a);
    }
    b->n_answers = 0;
    b->hand_over.n = 0;
    b->next_free = d->free;
    d->free = b;
}

static void on_back(void *ctx)
{
    batch *b = ctx;
    vg_driver *d = b->driver;
    if (b->st != VG_OK) {
        add(d, VG_INGEST_failed, b->hand_over.n);
        vg_log(VG_ERROR, "ingest.batch.failed", "proto=%s signals=%zu status=%s", d->o.proto->name,
               b->hand_over.n, vg_status_name(b->st));
    }
    settle(d, b, b->st == VG_OK);
    pthread_mutex_lock(&d->lock);
    d->away--;
    pthread_cond_signal(&d->home);
    pthread_mutex_unlock(&d->lock);
}

// The core's thread.
static void on_done(void *ctx, vg_status st)
{
    batch *b = ctx;
    b->st = st;
    vg_loop_post(b->driver->loop, &b->back);
}

static batch *batch_create(vg_driver *d)
{
    batch *b = vg_alloc(sizeof *b);
    b->driver = d;
    b->hand_over = (vg_signals){.v = b->v, .done = on_done, .ctx = b};
    b->back = (vg_task){.fn = on_back, .ctx = b};
    d->batches++;
    return b;
}

static batch *batch_get(vg_driver *d)
{
    batch *b = d->free;
    if (b) {
        d->free = b->next_free;
    } else if (d->batches < BATCHES_MAX) {
        b = batch_create(d);
    }
    return b;
}

static void hand_over(vg_driver *d)
{
    batch *b = d->now;
    d->now = NULL;
    if (!b) {
        return;
    }
    pthread_mutex_lock(&d->lock);
    d->away++;
    pthread_mutex_unlock(&d->lock);
    if (d->o.submit(d->o.submit_ctx, &b->hand_over)) {
        return;
    }
    add(d, VG_INGEST_busy, b->n_answers);
    settle(d, b, false);
    pthread_mutex_lock(&d->lock);
    d->away--;
    pthread_mutex_unlock(&d->lock);
}

// A batch with room for one more frame, or NULL: the core is behind.
static batch *batch_with_room(vg_driver *d)
{
    batch *b = d->now;
    if (b &&
        (b->hand_over.n + VG_INGEST_EVENTS_MAX > BATCH_SIGNALS || b->n_answers == BATCH_ANSWERS)) {
        hand_over(d);
    }
    if (!d->now) {
        d->now = batch_get(d);
    }
    return d->now;
}

// --- frames ---------------------------------------------------------------------------------------

// True: the frame was seen before and needs nothing more than perhaps an answer.
static bool repeated(vg_driver *d, const vg_ingest_out *o, const origin *from)
{
    const repeat *e = NULL;
    for (int i = 0; i < o->identities && !e; i++) {
        e = repeats_find(d->seen[o->authenticated], &o->identity[i], vg_mono_us());
    }
    if (!e) {
        return false;
    }
    add(d, VG_INGEST_duplicates, 1);
    const answer a = answer_of(o, from);
    if (!e->batch) {
        send_answer(d, &a);
    } else {
        (void)join(d, e->batch, &a);  // answered together with the first; no room: it repeats
    }
    return true;
}

static source_rate *rate_of(vg_driver *d, uint32_t index)
{
    if (index >= d->n_rates) {
        const size_t n = (size_t)index + 64;
        d->rates = vg_realloc(d->rates, n * sizeof *d->rates);
        memset(d->rates + d->n_rates, 0, (n - d->n_rates) * sizeof *d->rates);
        d->n_rates = n;
    }
    return &d->rates[index];
}

static bool within_rate(vg_driver *d, const vg_ingest_out *o)
{
    const int64_t now = vg_mono_us();
    if (!o->source) {
        return vg_bucket_take(&d->strangers, STRANGERS_PER_S, 2 * STRANGERS_PER_S, now);
    }
    const double rate = o->source->rate_per_s > 0 ? o->source->rate_per_s : d->o.source_rate;
    source_rate *r = rate_of(d, o->source->index);
    return vg_bucket_take(o->authenticated ? &r->proven : &r->clear, rate, 5 * rate, now);
}

static void remember(vg_driver *d, batch *b, answer *a, const vg_ingest_out *o)
{
    const int64_t now = vg_mono_us();
    const int window_s = d->o.proto->window_s(o->source);
    for (int i = 0; i < o->identities; i++) {
        const repeat e = {o->identity[i], now + window_s * VG_SECOND_US, b};
        add(d, VG_INGEST_forgotten, repeats_add(d->seen[o->authenticated], &e, now));
        a->identity[a->identities++] = o->identity[i];
    }
}

static void enqueue(vg_driver *d, const vg_ingest_out *o, const origin *from)
{
    batch *b = batch_with_room(d);
    if (!b) {
        add(d, VG_INGEST_busy, 1);
        return;
    }
    const answer a = answer_of(o, from);
    answer *kept = join(d, b, &a);
    assert(kept);
    remember(d, b, kept, o);
    for (size_t i = 0; i < o->n; i++) {
        vg_signal *s = &b->v[b->hand_over.n++];
        *s = o->v[i];
        memcpy(s->frame, kept->identity, sizeof s->frame);
        add(d, o->v[i].verb == VG_SIG_POLL ? VG_INGEST_polls : VG_INGEST_signals, 1);
    }
}

static void on_frame(vg_driver *d, const vg_ingest_out *o, const origin *from, const char *peer)
{
    add(d, o->verdict, 1);
    if (o->verdict != VG_INGEST_accepted) {
        log_verdict(d, o, peer);
    }
    if (o->n == 0) {
        const answer a = answer_of(o, from);
        send_answer(d, &a);
    } else if (!repeated(d, o, from)) {
        if (within_rate(d, o)) {
            enqueue(d, o, from);
        } else {
            add(d, VG_INGEST_rate_limited, 1);
        }
    }
}

// True: this connection ends, and its peer is in quarantine.
static bool judge_peer(vg_driver *d, const vg_ingest_out *o, vg_ingest_step step,
                       const origin *from)
{
    const uint64_t key = vg_addr_key(&from->peer);
    const int64_t now = vg_mono_us();
    if (from->udp) {
        return false;
    }
    if (step == VG_INGEST_DONE) {
        if (o->verdict == VG_INGEST_accepted) {
            vg_peers_good(d->peers, key, now);
        }
        return false;
    }
    if (vg_peers_quarantined(d->peers, key, now)) {
        return true;  // sound connections from that address go on, this one does not
    }
    if (!vg_peers_bad(d->peers, key, now)) {
        return false;
    }
    char peer[VG_PEER_TEXT];
    vg_addr_peer(&from->peer, peer);
    add(d, VG_INGEST_quarantines, 1);
    vg_log(VG_WARN, "ingest.peer.quarantined", "proto=%s peer=%s seconds=%d", d->o.proto->name,
           peer, d->o.quarantine_s);
    return true;
}

// Takes every whole frame. Returns the bytes used, or VG_TCP_CLOSE.
static size_t take_frames(vg_driver *d, vg_str bytes, const origin *from)
{
    char peer[VG_PEER_TEXT];
    vg_addr_peer(&from->peer, peer);
    size_t used = 0;
    while (used < bytes.n) {
        const vg_ingest_in in = {
            {bytes.p + used, bytes.n - used}, from->udp, d->o.now_us(), sources(d), peer};
        vg_ingest_out out = {.v = d->decoded};
        const vg_ingest_step step = d->o.proto->decode(d->state, &in, &out);
        used += out.consumed;
        if (step == VG_INGEST_NEED) {
            break;
        }
        on_frame(d, &out, from, peer);
        if (judge_peer(d, &out, step, from) || (!from->udp && out.verdict == VG_INGEST_oversize)) {
            return VG_TCP_CLOSE;
        }
        if (!vg_peers_take(d->peers, vg_addr_key(&from->peer), vg_mono_us())) {
            add(d, VG_INGEST_peer_limited, 1);
            return bytes.n;  // what else it sent is not looked at; it repeats
        }
    }
    return used;
}

// --- transports -----------------------------------------------------------------------------------

static bool on_admit(void *ctx, const vg_addr *peer)
{
    vg_driver *d = ctx;
    const uint64_t key = vg_addr_key(peer);
    const int64_t now = vg_mono_us();
    const bool welcome =
        !vg_peers_quarantined(d->peers, key, now) && vg_peers_take(d->peers, key, now);
    add(d, welcome ? VG_INGEST_connections : VG_INGEST_refused, 1);
    return welcome;
}

static size_t on_bytes(void *ctx, uint64_t id, const vg_addr *peer, vg_str bytes)
{
    const origin from = {.conn = id, .peer = *peer};
    return take_frames(ctx, bytes, &from);
}

static void on_closed(void *ctx, uint64_t id, const vg_addr *peer, vg_tcp_why why)
{
    (void)id;
    (void)peer;
    add(ctx, VG_INGEST_stuck, why == VG_TCP_STUCK);
}

static void on_datagram(void *ctx, const vg_addr *peer, vg_str bytes)
{
    vg_driver *d = ctx;
    const origin from = {.udp = true, .peer = *peer};
    add(d, VG_INGEST_datagrams, 1);
    (void)take_frames(d, bytes, &from);
}

static void on_turn(void *ctx)
{
    vg_driver *d = ctx;
    // With several hand-overs away the core is behind: gather on, instead of spending a batch on each turn
    // until none is left and frames are dropped. What comes back makes a turn of its own.
    pthread_mutex_lock(&d->lock);
    const bool behind = d->away >= AWAY_MAX;
    pthread_mutex_unlock(&d->lock);
    if (!behind) {
        hand_over(d);
    }
    if (d->snap) {
        vg_register_release(d->o.sources, d->snap);
        d->snap = NULL;
    }
}

// --- life -----------------------------------------------------------------------------------------

static void set_defaults(vg_driver_options *o)
{
    o->now_us = o->now_us ? o->now_us : vg_now_us;
    o->connections = o->connections ? o->connections : 1024;
    o->per_peer = o->per_peer ? o->per_peer : 64;
    o->idle_s = o->idle_s ? o->idle_s : 900;
    o->partial_s = o->partial_s ? o->partial_s : 10;
    o->peer_rate = o->peer_rate ? o->peer_rate : 500;
    o->source_rate = o->source_rate ? o->source_rate : 20;
    o->bad_max = o->bad_max ? o->bad_max : 20;
    o->quarantine_s = o->quarantine_s ? o->quarantine_s : 60;
}

static vg_status open_transports(vg_driver *d, vg_err *err)
{
    vg_addr at;
    if (d->o.tcp) {
        const vg_tcp_options t = {.in_bytes = IN_BYTES,
                                  .out_bytes = OUT_BYTES,
                                  .connections = d->o.connections,
                                  .per_peer = d->o.per_peer,
                                  .idle_s = d->o.idle_s,
                                  .partial_s = d->o.partial_s,
                                  .ctx = d,
                                  .admit = on_admit,
                                  .data = on_bytes,
                                  .closed = on_closed};
        VG_TRY(vg_addr_parse(vg_str_c(d->o.tcp), &at, err));
        VG_TRY(vg_tcp_listen(d->loop, &at, &t, &d->tcp, err));
    }
    if (d->o.udp) {
        VG_TRY(vg_addr_parse(vg_str_c(d->o.udp), &at, err));
        VG_TRY(vg_udp_open(d->loop, &at, on_datagram, d, &d->udp, err));
    }
    return VG_OK;
}

static void create_state(vg_driver *d)
{
    unsigned char key[VG_INGEST_KEY_BYTES];
    if (d->o.key) {
        memcpy(key, d->o.key, sizeof key);
    } else {
        randombytes_buf(key, sizeof key);
    }
    d->state = d->o.proto->create(key);
    sodium_memzero(key, sizeof key);
    d->o.key = NULL;  // the caller's
}

vg_status vg_driver_start(const vg_driver_options *o, vg_driver **ret, vg_err *err)
{
    vg_driver *d = vg_alloc(sizeof *d);
    d->o = *o;
    set_defaults(&d->o);
    const vg_peers_limits limits = {d->o.peer_rate, 2.0 * d->o.peer_rate, d->o.bad_max,
                                    d->o.quarantine_s * VG_SECOND_US};
    d->peers = vg_peers_create(&limits);
    d->seen[0] = repeats_create();
    d->seen[1] = repeats_create();
    create_state(d);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->home, NULL);
    size_t recalled = 0;
    vg_status st = recall(&d->o, d->seen, &recalled, err);
    add(d, VG_INGEST_recalled, recalled);
    st = st == VG_OK ? vg_loop_create(&d->loop, err) : st;
    st = st == VG_OK ? open_transports(d, err) : st;
    if (st == VG_OK) {
        vg_loop_each_turn(d->loop, on_turn, d);
        st = vg_loop_start(d->loop, o->proto->name, err);
    }
    if (st != VG_OK) {
        vg_driver_stop(d);
        return st;
    }
    *ret = d;
    return VG_OK;
}

static void go_quiet(void *ctx)
{
    vg_driver *d = ctx;
    if (d->tcp) {
        vg_tcp_quiet(d->tcp);
    }
    if (d->udp) {
        vg_udp_quiet(d->udp);
    }
    hand_over(d);
}

static void close_all(void *ctx)
{
    vg_driver *d = ctx;
    vg_tcp_destroy(d->tcp);
    vg_udp_destroy(d->udp);
    d->tcp = NULL;
    d->udp = NULL;
    on_turn(d);
}

static void wait_home(vg_driver *d)
{
    pthread_mutex_lock(&d->lock);
    while (d->away > 0) {
        pthread_cond_wait(&d->home, &d->lock);
    }
    pthread_mutex_unlock(&d->lock);
}

static void free_batches(batch *b)
{
    while (b) {
        batch *next = b->next_free;
        free(b);
        b = next;
    }
}

void vg_driver_stop(vg_driver *d)
{
    if (!d) {
        return;
    }
    if (d->loop) {
        vg_loop_call(d->loop, go_quiet, d);
        wait_home(d);
        vg_loop_call(d->loop, close_all, d);
    }
    vg_loop_destroy(d->loop);
    d->o.proto->destroy(d->state);
    free_batches(d->free);
    repeats_destroy(d->seen[0]);
    repeats_destroy(d->seen[1]);
    vg_peers_destroy(d->peers);
    free(d->rates);
    pthread_cond_destroy(&d->home);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

uint64_t vg_driver_count(const vg_driver *d, vg_ingest_count c)
{
    return atomic_load_explicit(&d->counts[c], memory_order_relaxed);
}

uint16_t vg_driver_port(const vg_driver *d, int transport)
{
    if (transport == VG_INGEST_TCP && d->tcp) {
        const vg_addr a = vg_tcp_local(d->tcp);
        return vg_addr_port(&a);
    }
    if (transport == VG_INGEST_UDP && d->udp) {
        const vg_addr a = vg_udp_local(d->udp);
        return vg_addr_port(&a);
    }
    return 0;
}
