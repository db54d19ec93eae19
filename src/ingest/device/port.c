// SPDX-License-Identifier: Apache-2.0
// The way of a request through the device port. First the path: a token (/d/<token>/…) is proof and names the source;
// without one the maker's own path names the protocol, and what the body says the device is. Then limits, then
// the decoder, then what is new: a condition that lasts is told when it begins and when it ends, a report sent
// again is answered and not told again. Claims are settled after the commit.
//
// What survives a restart: each signal bears in the journal what it is known by (its condition with its state, or
// its own identity); the last day of the journal is read at the start. Proven and unproven reports are kept
// apart, so that a forger can neither suppress an alarm nor hide its end.
#include "ingest/device/decode.h"
#include "ingest/device/states.h"
#include "ingest/device/who.h"
#include "ingest/repeats.h"
#include "ingest/webhook/webhook.h"

#include "base/clock.h"
#include "net/peers.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>

enum {
    KEEP_S = 86400,        // how long a report can be sent again
    STRANGERS = 4096,      // remembered by when they were last heard
    STRANGERS_RATE = 50,   // signals a second, all together
    STRANGER_POLL_S = 60,  // between two polls of one
    RATE = 20,
    RATES = 4096,     // requests a second of one source
    TOKEN_PREFIX = 3  // "/d/"
};

struct vg_device_port {
    who *who;
    unsigned char key[crypto_shorthash_KEYBYTES];
    pthread_mutex_t lock;  // all below
    states *states;
    repeats *seen;
    vg_bucket strangers, rate[RATES];
    int64_t heard[STRANGERS];
    _Atomic uint64_t counts[VG_DEVICE_COUNTS];
};

static const device_profile *const PROFILES[] = {&device_hikvision, &device_dahua, &device_zkteco,
                                                 &device_cap};

const char *vg_device_count_name(vg_device_count c)
{
    static const char *const names[] = {
#define X(name) #name,
#include "ingest/device/counters.def"
#undef X
    };
    return names[c];
}

vg_device_port *vg_device_create(const vg_device_options *o)
{
    vg_device_port *p = vg_alloc(sizeof *p);
    p->who = who_create(o->sources);
    memcpy(p->key, o->key, sizeof p->key);
    pthread_mutex_init(&p->lock, NULL);
    p->states = states_create();
    p->seen = repeats_create();
    return p;
}

void vg_device_destroy(vg_device_port *p)
{
    if (p) {
        who_destroy(p->who);
        states_destroy(p->states);
        repeats_destroy(p->seen);
        pthread_mutex_destroy(&p->lock);
        sodium_memzero(p->key, sizeof p->key);
        free(p);
    }
}

void vg_device_add(vg_device_port *p, vg_device_count c)
{
    p->counts[c]++;
}

static void count(vg_device_port *p, vg_device_count c, size_t n)
{
    p->counts[c] += n;
}

uint64_t vg_device_count_of(const vg_device_port *p, vg_device_count c)
{
    return p->counts[c];
}

// --- who ------------------------------------------------------------------------------------------
typedef struct asked {  // what path and headers say
    const device_profile *profile;
    const vg_source *source;  // by token
    vg_str tail;
    bool token;  // there was one, right or wrong
} asked;

static const device_profile *profile_of(const char *proto)
{
    for (size_t i = 0; i < VG_LEN(PROFILES); i++) {
        if (strcmp(PROFILES[i]->proto, proto) == 0) {
            return PROFILES[i];
        }
    }
    return NULL;
}

static const device_profile *by_path(vg_str path, vg_str *ret_tail)
{
    for (size_t i = 0; i < VG_LEN(PROFILES); i++) {
        const size_t n = strlen(PROFILES[i]->root);
        if (vg_str_starts(path, PROFILES[i]->root) && (path.n == n || path.p[n] == '/')) {
            *ret_tail = (vg_str){path.p + n, path.n - n};
            return PROFILES[i];
        }
    }
    return NULL;
}

// Dahua answers no challenge: its Digest has an empty realm and nonce. The user name it was given can be a token.
static vg_str user_of(vg_str authorization)
{
    static const char mark[] = "username=\"";
    const char *at = vg_str_starts(authorization, "Digest ")
                         ? memmem(authorization.p, authorization.n, mark, sizeof mark - 1)
                         : NULL;
    if (!at) {
        return VG_S("");
    }
    at += sizeof mark - 1;
    const size_t left = authorization.n - (size_t)(at - authorization.p);
    const char *end = memchr(at, '"', left);
    return (vg_str){at, end ? (size_t)(end - at) : 0};
}

static asked ask(const who_list *l, const vg_device_request *rq)
{
    asked q = {.tail = VG_S("")};
    if (vg_str_starts(rq->path, "/d/")) {
        const vg_str rest = {rq->path.p + TOKEN_PREFIX, rq->path.n - TOKEN_PREFIX};
        const char *slash = memchr(rest.p, '/', rest.n);
        const size_t n = slash ? (size_t)(slash - rest.p) : rest.n;
        q.token = true;
        q.source = who_by_token(l, (vg_str){rest.p, n});
        q.tail = (vg_str){rest.p + n, rest.n - n};
        q.profile = q.source ? profile_of(q.source->proto) : NULL;
        return q;
    }
    q.profile = by_path(rq->path, &q.tail);
    if (q.profile == &device_dahua) {
        q.source = who_by_token(l, user_of(rq->authorization));
        q.source = q.source && strcmp(q.source->proto, "dahua") == 0 ? q.source : NULL;
    }
    return q;
}

size_t vg_device_body_max(vg_device_port *p, const vg_device_request *rq)
{
    const who_list *l = who_acquire(p->who);
    const asked q = ask(l, rq);
    size_t max = q.source ? who_body(q.source) : 0;
    if (!q.source && q.profile) {
        max = who_body_of_peer(l, rq->peer, rq->certificate);
        max = max > VG_DEVICE_STRANGER_BYTES ? max : VG_DEVICE_STRANGER_BYTES;
    }
    who_release(p->who, l);
    return max;
}

// --- may it ---------------------------------------------------------------------------------------
typedef struct way {  // of one request
    vg_device_port *p;
    const vg_device_request *rq;
    const vg_source *source;  // NULL: a stranger
    bool proven;
    device_out out;
} way;

static bool refuse(way *w, vg_device_call *call, int status, vg_device_count why)
{
    vg_device_add(w->p, why);
    device_say(&call->reply, "text/plain", "%s", status == 503 ? "BUSY" : "ERROR");
    call->reply.status = status;
    return false;
}

// A signature in the headers must be right; without one nothing is said.
static vg_status signed_by(const vg_device_request *rq, const vg_source *s, bool *ret_signed)
{
    const vg_webhook_request h = {.source = s,
                                  .timestamp = rq->timestamp,
                                  .signature = rq->signature,
                                  .body = rq->body,
                                  .peer = rq->peer,
                                  .now_us = rq->now_us};
    *ret_signed = rq->signature.n > 0;
    return *ret_signed ? vg_webhook_verify(&h, NULL) : VG_OK;
}

// A certificate that is registered is the proof, and the only one.
static bool is_proven(const way *w, bool secret)
{
    if (!w->source || !(w->source->flags & VG_SRC_CERTIFICATE)) {
        return secret;
    }
    const bool shown = vg_source_shown(w->source, w->rq->certificate);
    count(w->p, VG_DEVICE_uncertified, !shown);
    return shown;
}

static bool stranger_may(way *w)
{
    uint64_t h = 0;
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)w->out.address,
                     sizeof w->out.address, w->p->key);
    const int64_t now_us = w->rq->now_us;
    bool all_polls = true, may = true;
    for (size_t i = 0; i < w->out.n; i++) {
        all_polls = all_polls && w->out.v[i].s.verb == VG_SIG_POLL;
    }
    pthread_mutex_lock(&w->p->lock);
    int64_t *heard = &w->p->heard[h % STRANGERS];
    if (all_polls && *heard > now_us - STRANGER_POLL_S * VG_SECOND_US && *heard <= now_us) {
        w->out.n = 0;  // heard a moment ago: answered, not told
    } else {
        may = vg_bucket_take(&w->p->strangers, STRANGERS_RATE, STRANGERS_RATE, now_us);
        *heard = may ? now_us : *heard;
    }
    pthread_mutex_unlock(&w->p->lock);
    return may;
}

static bool source_may(way *w)
{
    const vg_source *s = w->source;
    const double rate = s->rate_per_s > 0 ? s->rate_per_s : RATE;
    pthread_mutex_lock(&w->p->lock);
    vg_bucket *b = &w->p->rate[(s->index * 2 + w->proven) % RATES];
    const bool may = vg_bucket_take(b, rate, rate * 5, w->rq->now_us);
    pthread_mutex_unlock(&w->p->lock);
    return may;
}

static bool admit(way *w, vg_device_call *call, bool *bad)
{
    const vg_source *s = w->source;
    if (!s) {
        if (!w->out.address[0]) {
            *bad = true;
            return refuse(w, call, 400, VG_DEVICE_unparseable);
        }
        return stranger_may(w) || refuse(w, call, 503, VG_DEVICE_rate_limited);
    }
    if (!vg_cidr_has(vg_str_c(s->peers), w->rq->peer)) {
        *bad = true;
        return refuse(w, call, 403, VG_DEVICE_wrong_peer);
    }
    if (s->flags & VG_SRC_DISABLED) {
        return refuse(w, call, 403, VG_DEVICE_disabled);
    }
    if (!w->proven && (s->flags & VG_SRC_ENCRYPTED_REQUIRED)) {
        return refuse(w, call, 403, VG_DEVICE_unproven);
    }
    return source_may(w) || refuse(w, call, 503, VG_DEVICE_rate_limited);
}

// --- what of it is new ----------------------------------------------------------------------------
static uint64_t hash_parts(const vg_device_port *p, const vg_str *parts, size_t n)
{
    unsigned char text[512], h[8];
    size_t at = 0;
    uint64_t ret;
    for (size_t i = 0; i < n; i++) {
        const size_t len = parts[i].n < 120 ? parts[i].n : 120;
        text[at++] = (unsigned char)len;
        memcpy(text + at, parts[i].p, len);
        at += len;
    }
    crypto_shorthash(h, text, at, p->key);
    memcpy(&ret, h, sizeof ret);
    return ret ? ret : 1;
}

static vg_str bytes_of(const void *v, size_t n)
{
    return (vg_str){v, n};
}

static uint64_t condition_key(const way *w, const device_report *r, const vg_signal *s)
{
    const char proven = w->proven ? 'p' : 'u';
    const vg_str parts[] = {bytes_of(&proven, 1), vg_str_c(w->source ? w->source->id : s->address),
                            vg_str_c(s->kind),    vg_str_c(r->by_code ? s->code : ""),
                            vg_str_c(s->area),    vg_str_c(s->point)};
    return hash_parts(w->p, parts, VG_LEN(parts)) | 1;
}

static uint64_t pulse_key(const way *w, const vg_signal *s)
{
    const char proven = w->proven ? 'p' : 'u';
    const vg_str parts[] = {bytes_of(&proven, 1),
                            vg_str_c(w->source ? w->source->id : s->address),
                            vg_str_c(s->kind),
                            vg_str_c(s->code),
                            vg_str_c(s->area),
                            vg_str_c(s->point),
                            vg_str_c(s->user),
                            vg_str_c(s->text),
                            bytes_of(&s->captured_us, sizeof s->captured_us),
                            bytes_of(&s->source_seq, sizeof s->source_seq)};
    return hash_parts(w->p, parts, VG_LEN(parts)) & ~UINT64_C(1);
}

// In the journal: the key, and beside a condition's whether it lasts. An even key is a report's own.
static void mark(vg_signal *s, uint64_t key, bool active)
{
    const uint64_t beside = ((uint64_t)s->received_us << 1 | active) | UINT64_C(1) << 63;
    memcpy(s->frame, &key, sizeof key);
    if (key & 1) {
        memcpy(s->frame + sizeof key, &beside, sizeof beside);
    }
}

typedef enum news { NEWS, OLD, ON_ITS_WAY } news;

static news claim_pulse(way *w, vg_signal *s, vg_device_claim *c)
{
    const uint64_t key = pulse_key(w, s);
    const repeat *e = repeats_find(w->p->seen, &key, w->rq->now_us);
    if (e) {
        return e->batch ? ON_ITS_WAY : OLD;
    }
    // Any non-NULL mark makes it pending: there are no batches here.
    const repeat fresh = {key, w->rq->now_us + KEEP_S * VG_SECOND_US, (struct batch *)w->p};
    (void)repeats_add(w->p->seen, &fresh, w->rq->now_us);
    *c = (vg_device_claim){key, VG_DEVICE_PULSE};
    mark(s, key, false);
    return NEWS;
}

static news claim_state(way *w, const device_report *r, vg_signal *s, vg_device_claim *c)
{
    const uint64_t key = condition_key(w, r, s);
    const bool active = s->verb != VG_SIG_RESTORE;
    switch (states_take(w->p->states, key, active, r->life == DEVICE_ENDS, w->rq->now_us)) {
    case STATES_NEW:
        *c = (vg_device_claim){key, VG_DEVICE_STATE};
        mark(s, key, active);
        return NEWS;
    case STATES_SAME:
        return OLD;
    case STATES_PENDING:
    default:
        return ON_ITS_WAY;
    }
}

static void settle(vg_device_port *p, const vg_device_claim *c, bool committed)
{
    if (c->what == VG_DEVICE_STATE) {
        states_settle(p->states, c->key, committed);
    } else if (c->what == VG_DEVICE_PULSE) {
        (committed ? repeats_commit : repeats_forget)(p->seen, &c->key);
    }
}

static void settle_all(vg_device_port *p, const vg_device_call *call, bool committed)
{
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < call->n; i++) {
        settle(p, &call->claim[i], committed);
    }
    pthread_mutex_unlock(&p->lock);
}

static void sign(const way *w, const device_profile *profile, vg_signal *s)
{
    const char *address = w->source ? w->source->address : w->out.address;
    s->source = w->source ? w->source->index : VG_SOURCE_NONE;
    s->flags |= w->proven ? VG_SIG_AUTHENTICATED : 0;
    s->received_us = w->rq->now_us;
    snprintf(s->proto, sizeof s->proto, "%s", profile->proto);
    snprintf(s->address, sizeof s->address, "%s", address);
    snprintf(s->peer, sizeof s->peer, "%s", w->rq->peer);
}

static void count_old(vg_device_port *p, const device_report *r)
{
    vg_device_add(p, r->s.verb == VG_SIG_POLL  ? VG_DEVICE_polls
                     : r->life == DEVICE_PULSE ? VG_DEVICE_duplicates
                                               : VG_DEVICE_still);
}

// Old news become one poll: it still says that the device lives.
static bool sort_out(way *w, const device_profile *profile, vg_device_call *call)
{
    bool waiting = false;
    vg_signal alive = {.verb = VG_SIG_POLL, .source_seq = -1};
    pthread_mutex_lock(&w->p->lock);
    for (size_t i = 0; i < w->out.n && !waiting; i++) {
        const device_report *r = &w->out.v[i];
        vg_signal *s = &call->v[call->n];
        vg_device_claim *c = &call->claim[call->n];
        *s = r->s;
        sign(w, profile, s);
        const news n = s->verb == VG_SIG_POLL    ? OLD
                       : r->life == DEVICE_PULSE ? claim_pulse(w, s, c)
                                                 : claim_state(w, r, s, c);
        waiting = n == ON_ITS_WAY;
        call->n += n == NEWS;
        if (n == OLD) {
            alive = *s;
            alive.verb = VG_SIG_POLL;
            count_old(w->p, r);
        }
    }
    pthread_mutex_unlock(&w->p->lock);
    call->n_real = call->n;
    if (call->n == 0 && !waiting) {
        call->claim[0] = (vg_device_claim){0};
        call->v[call->n++] = alive;
    }
    return !waiting;
}

static void give_up(vg_device_call *call)
{
    free(call->v);
    free(call->claim);
    call->v = NULL;
    call->claim = NULL;
    call->n = call->n_real = 0;
}

static bool take(way *w, const device_profile *profile, vg_device_call *call)
{
    call->profile = profile;
    call->reply = w->out.reply.status ? w->out.reply : profile->well;
    vg_device_add(w->p, w->source ? VG_DEVICE_accepted : VG_DEVICE_unknown);
    count(w->p, VG_DEVICE_biometrics, w->out.biometrics);
    count(w->p, VG_DEVICE_personal, w->out.personal);
    if (w->out.n == 0) {
        return false;
    }
    call->v = vg_alloc(w->out.n * sizeof *call->v);
    call->claim = vg_alloc(w->out.n * sizeof *call->claim);
    if (!sort_out(w, profile, call)) {
        settle_all(w->p, call, false);
        give_up(call);
        return refuse(w, call, 503, VG_DEVICE_busy);
    }
    if (call->n_real > 0 && w->source) {
        call->image = w->out.image;
        call->image_days = w->source->image_days;
    }
    return true;
}

// --- all of it ------------------------------------------------------------------------------------
static bool go(way *w, const who_list *l, vg_device_call *call, bool *bad)
{
    const asked q = ask(l, w->rq);
    vg_err err = {0};
    bool is_signed = false;
    if (!q.profile) {
        *bad = q.token;
        return refuse(w, call, 404, q.token ? VG_DEVICE_bad_token : VG_DEVICE_no_route);
    }
    const vg_status st = q.profile->decode(w->rq, q.tail, &w->out, &err);
    if (st != VG_OK) {
        *bad = st != VG_ENOTFOUND;
        return refuse(w, call,
                      st == VG_ENOTFOUND ? 404
                      : st == VG_ETOOBIG ? 413
                                         : 400,
                      st == VG_ENOTFOUND ? VG_DEVICE_no_route
                      : st == VG_ETOOBIG ? VG_DEVICE_oversize
                                         : VG_DEVICE_unparseable);
    }
    w->source = q.source ? q.source : who_by_address(l, q.profile->proto, w->out.address);
    if (w->source && signed_by(w->rq, w->source, &is_signed) != VG_OK) {
        *bad = true;
        return refuse(w, call, 401, VG_DEVICE_bad_token);
    }
    w->proven = is_proven(w, q.source || is_signed);
    return admit(w, call, bad) && take(w, q.profile, call);
}

bool vg_device_begin(vg_device_port *p, vg_arena *a, const vg_device_request *rq,
                     vg_device_call *call, bool *ret_bad)
{
    way w = {.p = p, .rq = rq, .out = {.arena = a, .image = VG_S("")}};
    *call = (vg_device_call){.arena = a, .image = VG_S("")};
    *ret_bad = false;
    const who_list *l = who_acquire(p->who);
    const bool more = go(&w, l, call, ret_bad);
    who_release(p->who, l);
    return more;
}

void vg_device_end(vg_device_port *p, vg_device_call *call, vg_status committed)
{
    settle_all(p, call, committed == VG_OK);
    if (committed == VG_OK) {
        count(p, VG_DEVICE_signals, call->n_real);
    } else {
        vg_device_add(p, committed == VG_EUNAVAIL ? VG_DEVICE_busy : VG_DEVICE_failed);
        device_say(&call->reply, "text/plain", "%s", "BUSY");
        call->reply.status = 503;
    }
    give_up(call);
}

void vg_device_learn(void *port, const vg_recent *r)
{
    vg_device_port *p = port;
    uint64_t key, beside;
    char proto[12];
    snprintf(proto, sizeof proto, "%.*s", VG_FMT(r->proto));
    if (!profile_of(proto)) {
        return;
    }
    memcpy(&key, r->frame, sizeof key);
    memcpy(&beside, r->frame + sizeof key, sizeof beside);
    const repeat e = {.id = key, .until_us = r->recorded_us + KEEP_S * VG_SECOND_US};
    pthread_mutex_lock(&p->lock);
    if (key & 1) {
        states_learn(p->states, key, beside & 1, r->recorded_us);
    } else if (!repeats_find(p->seen, &key, r->recorded_us)) {
        (void)repeats_add(p->seen, &e, r->recorded_us);
    }
    pthread_mutex_unlock(&p->lock);
    vg_device_add(p, VG_DEVICE_recalled);
}
