// SPDX-License-Identifier: Apache-2.0
// Sessions in memory; a stolen database holds none that can be used (only hashes of tokens, encrypted). Expiry slides with
// use and ends absolutely after twelve hours. The principal is read again, outside the lock, with the next request after
// rights have changed, and every few seconds of use. When the table is full the session used longest ago goes.
#include "http/session.h"

#include "base/clock.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum { BUCKETS = 1024 };

typedef struct entry {
    struct entry *next;
    http_caller c;    // who: the table's own, with its scope cache
    int64_t used_us;  // for people; what is over is told by the clock that nobody sets
    int64_t used_mono_us, checked_mono_us, ends_mono_us;
    uint64_t round;  // of which the principal was read
    char id[VG_ID_TEXT];
} entry;

struct http_sessions {
    http_auth_source source;
    vg_labels *labels;
    pthread_mutex_t lock;
    entry *bucket[BUCKETS];
    size_t n;
    // Rises with every change of rights: who was read before is read anew.
    _Atomic uint64_t round;
};

http_sessions *http_sessions_create(const http_auth_source *source, vg_labels *labels)
{
    http_sessions *s = vg_alloc(sizeof *s);
    s->source = *source;
    s->labels = labels;
    s->round = 1;  // an entry's is 0 until it was read within one
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static void entry_free(entry *e)
{
    vg_principal_done(&e->c.who);
    sodium_memzero(e, sizeof *e);
    free(e);
}

void http_sessions_destroy(http_sessions *s)
{
    if (!s) {
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        for (entry *e = s->bucket[i], *next; e; e = next) {
            next = e->next;
            entry_free(e);
        }
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

http_session_key http_session_hash(vg_str token)
{
    http_session_key k = {0};
    vg_hash(token.p, token.n, k.b);
    return k;
}

// --- under the lock -----------------------------------------------------------------------------
static entry **slot_of(http_sessions *s, const http_session_key *key)
{
    uint32_t h;
    memcpy(&h, key->b, sizeof h);
    entry **at = &s->bucket[h % BUCKETS];
    while (*at && memcmp((*at)->c.key.b, key->b, sizeof key->b) != 0) {
        at = &(*at)->next;
    }
    return at;
}

static void drop(http_sessions *s, entry **at)
{
    entry *e = *at;
    if (e) {
        *at = e->next;
        entry_free(e);
        s->n--;
    }
}

typedef struct moment {
    int64_t now_us, mono_us;
} moment;

static moment moment_of(http_sessions *s)
{
    return (moment){vg_labels_now(s->labels), vg_mono_us()};
}

static bool expired(const entry *e, moment m)
{
    return m.now_us >= e->c.expires_us || m.mono_us >= e->ends_mono_us ||
           m.mono_us - e->used_mono_us > HTTP_SESSION_IDLE_S * VG_SECOND_US;
}

// Drops what has expired, and the one used longest ago when that was not enough.
static void make_room(http_sessions *s, moment now)
{
    if (s->n < HTTP_SESSIONS_MAX) {
        return;
    }
    entry **oldest = NULL;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (entry **at = &s->bucket[i]; *at;) {
            if (expired(*at, now)) {
                drop(s, at);
                continue;
            }
            at = &(*at)->next;
        }
    }
    for (size_t i = 0; i < BUCKETS && s->n >= HTTP_SESSIONS_MAX; i++) {
        for (entry **at = &s->bucket[i]; *at; at = &(*at)->next) {
            if (!oldest || (*at)->used_mono_us < (*oldest)->used_mono_us) {
                oldest = at;
            }
        }
    }
    if (oldest) {
        drop(s, oldest);
    }
}

static void copy_principal(vg_principal *to, const vg_principal *from)
{
    *to = *from;
    to->scope_bits = NULL;
    to->scope_labels = 0;
}

// The caller's own copy; its scope is taken from the table's cache instead of being computed again.
static void give(http_sessions *s, entry *e, http_caller *ret)
{
    vg_scope scope;
    vg_scope_compute(&e->c.who, s->labels, &scope);
    *ret = e->c;
    const size_t bytes = (scope.n_labels + 63) / 64 * sizeof(uint64_t);
    ret->who.scope_bits = vg_alloc(bytes);
    if (bytes) {
        memcpy(ret->who.scope_bits, scope.bits, bytes);
    }
}

static void name_of(const http_session_key *key, char out[VG_ID_TEXT])
{
    static const char tag[] = "session";
    unsigned char in[sizeof tag + VG_HASH_BYTES], hash[VG_HASH_BYTES];
    memcpy(in, tag, sizeof tag);
    memcpy(in + sizeof tag, key->b, VG_HASH_BYTES);
    vg_hash(in, sizeof in, hash);
    vg_hex(hash, (VG_ID_TEXT - 1) / 2, out);
}

static entry *add(http_sessions *s, http_session_kind kind, const http_session_key *key,
                  const vg_principal *who)
{
    const moment now = moment_of(s);
    make_room(s, now);
    entry *e = vg_alloc(sizeof *e);
    e->c.kind = kind;
    e->c.key = *key;
    copy_principal(&e->c.who, who);
    name_of(key, e->id);
    e->c.begun_us = e->used_us = now.now_us;
    e->c.expires_us = now.now_us + HTTP_SESSION_MAX_S * VG_SECOND_US;
    e->ends_mono_us = now.mono_us + HTTP_SESSION_MAX_S * VG_SECOND_US;
    e->used_mono_us = e->checked_mono_us = now.mono_us;
    entry **at = slot_of(s, key);
    drop(s, at);
    e->next = *at;
    *at = e;
    s->n++;
    return e;
}

// --- use ----------------------------------------------------------------------------------------
static void random_token(char out[HTTP_TOKEN_TEXT])
{
    unsigned char b[32];
    randombytes_buf(b, sizeof b);
    vg_hex(b, sizeof b, out);
    sodium_memzero(b, sizeof b);
}

void http_session_open(http_sessions *s, const vg_principal *who, const http_begun *from,
                       char ret_token[HTTP_TOKEN_TEXT], http_caller *ret)
{
    random_token(ret_token);
    const http_session_key key = http_session_hash((vg_str){ret_token, HTTP_TOKEN_TEXT - 1});
    pthread_mutex_lock(&s->lock);
    entry *e = add(s, HTTP_BY_COOKIE, &key, who);
    snprintf(e->c.login, sizeof e->c.login, "%s", from->login);
    snprintf(e->c.peer, sizeof e->c.peer, "%s", from->peer);
    snprintf(e->c.device, sizeof e->c.device, "%s", from->device);
    random_token(e->c.csrf);
    give(s, e, ret);
    pthread_mutex_unlock(&s->lock);
}

bool http_session_restore(http_sessions *s, const http_session_key *key, const http_kept *kept)
{
    vg_principal p = {0};
    if (kept->csrf.n != HTTP_TOKEN_TEXT - 1 ||
        s->source.by_id(s->source.ctx, kept->user, &p, NULL) != VG_OK) {
        return false;
    }
    if (p.secret_us != kept->secret_us) {  // begun with another password
        vg_principal_done(&p);
        return false;
    }
    p.kind = VG_P_USER;
    p.lang = kept->lang;
    p.world = kept->world;
    pthread_mutex_lock(&s->lock);
    entry *e = add(s, HTTP_BY_COOKIE, key, &p);
    snprintf(e->c.login, sizeof e->c.login, "%.*s", VG_FMT(kept->login));
    snprintf(e->c.peer, sizeof e->c.peer, "%.*s", VG_FMT(kept->peer));
    snprintf(e->c.device, sizeof e->c.device, "%.*s", VG_FMT(kept->device));
    memcpy(e->c.csrf, kept->csrf.p, kept->csrf.n);
    e->c.begun_us = kept->begun_us;
    if (kept->expires_us < e->c.expires_us) {
        e->ends_mono_us -= e->c.expires_us - kept->expires_us;
        e->c.expires_us = kept->expires_us;
    }
    pthread_mutex_unlock(&s->lock);
    vg_principal_done(&p);
    return true;
}

static vg_status ask_source(http_sessions *s, const http_caller *c, vg_principal *ret, vg_err *err)
{
    return c->kind == HTTP_BY_COOKIE
               ? s->source.by_id(s->source.ctx, vg_str_c(c->who.user), ret, err)
               : s->source.by_token(s->source.ctx, &c->key, ret, err);
}

static bool is_gone(vg_status st)
{
    return st == VG_ENOTFOUND || st == VG_EDENIED || st == VG_EAUTH;
}

static vg_status no_session(vg_err *err)
{
    return vg_fail(err, VG_EAUTH, "", NULL, "%s", "");
}

// Reads the principal anew; the caller's copy and the table's entry are both replaced.
// current: no rights have changed since it was read.
static vg_status refresh(http_sessions *s, http_caller *c, bool current, vg_err *err)
{
    vg_principal fresh = {0};
    const uint64_t round = atomic_load(&s->round);
    const vg_status st = ask_source(s, c, &fresh, err);
    if (st != VG_OK && !is_gone(st)) {
        // The store is busy. What we know is seconds old, and what has ended is out of it (give); but rights have changed.
        return current ? VG_OK : st;
    }
    const bool good = st == VG_OK && fresh.secret_us == c->who.secret_us;  // else: a new password
    pthread_mutex_lock(&s->lock);
    entry **at = slot_of(s, &c->key);
    entry *e = *at;
    if (e && good) {
        const vg_lang lang = e->c.who.lang;
        const int64_t world = e->c.who.world;
        vg_principal_done(&e->c.who);
        copy_principal(&e->c.who, &fresh);
        e->round = round;
        e->c.who.world = world;
        e->c.who.lang = e->c.kind == HTTP_BY_COOKIE ? lang : fresh.lang;
        http_caller_done(c);
        give(s, e, c);
    } else {
        drop(s, at);
    }
    pthread_mutex_unlock(&s->lock);
    vg_principal_done(&fresh);
    return e && good ? VG_OK : no_session(err);
}

static vg_status first_use(http_sessions *s, const http_session_key *key, http_caller *ret,
                           vg_err *err)
{
    vg_principal p = {0};
    const vg_status st = s->source.by_token(s->source.ctx, key, &p, err);
    if (is_gone(st)) {
        return no_session(err);
    }
    VG_TRY(st);
    p.kind = VG_P_TOKEN;
    pthread_mutex_lock(&s->lock);
    give(s, add(s, HTTP_BY_BEARER, key, &p), ret);
    pthread_mutex_unlock(&s->lock);
    vg_principal_done(&p);
    return VG_OK;
}

vg_status http_session_find(http_sessions *s, const http_session_key *key, http_session_kind kind,
                            http_caller *ret, vg_err *err)
{
    const moment now = moment_of(s);
    bool found = false, stale = false, current = false;
    pthread_mutex_lock(&s->lock);
    entry **at = slot_of(s, key);
    if (*at && expired(*at, now)) {
        drop(s, at);
    }
    entry *e = *slot_of(s, key);
    if (e && e->c.kind == kind) {
        found = true;
        e->used_us = now.now_us;
        e->used_mono_us = now.mono_us;
        current = e->round == atomic_load(&s->round);
        stale = !current || now.mono_us - e->checked_mono_us > HTTP_REFRESH_S * VG_SECOND_US;
        e->checked_mono_us = stale ? now.mono_us : e->checked_mono_us;
        give(s, e, ret);
    }
    pthread_mutex_unlock(&s->lock);
    if (!found) {
        return kind == HTTP_BY_BEARER && !e ? first_use(s, key, ret, err) : no_session(err);
    }
    if (!stale) {
        return VG_OK;
    }
    const vg_status st = refresh(s, ret, current, err);
    if (st != VG_OK) {
        http_caller_done(ret);
    }
    return st;
}

void http_sessions_rights_changed(http_sessions *s)
{
    atomic_fetch_add(&s->round, 1);
}

bool http_session_close(http_sessions *s, const http_session_key *key)
{
    pthread_mutex_lock(&s->lock);
    entry **at = slot_of(s, key);
    const bool found = *at != NULL;
    drop(s, at);
    pthread_mutex_unlock(&s->lock);
    return found;
}

void http_session_lang(http_sessions *s, const http_session_key *key, vg_lang lang)
{
    pthread_mutex_lock(&s->lock);
    entry *e = *slot_of(s, key);
    if (e) {
        e->c.who.lang = lang;
    }
    pthread_mutex_unlock(&s->lock);
}

void http_session_world(http_sessions *s, const http_session_key *key, int64_t world)
{
    pthread_mutex_lock(&s->lock);
    entry *e = *slot_of(s, key);
    if (e) {
        e->c.who.world = world;
    }
    pthread_mutex_unlock(&s->lock);
}

void http_session_secret(http_sessions *s, const http_session_key *key, int64_t secret_us)
{
    pthread_mutex_lock(&s->lock);
    entry *e = *slot_of(s, key);
    if (e) {
        e->c.who.secret_us = secret_us;
    }
    pthread_mutex_unlock(&s->lock);
}

static void show(const entry *e, http_session_row *ret)
{
    *ret = (http_session_row){.begun_us = e->c.begun_us,
                              .used_us = e->used_us,
                              .expires_us = e->c.expires_us,
                              .key = e->c.key};
    snprintf(ret->id, sizeof ret->id, "%s", e->id);
    snprintf(ret->user, sizeof ret->user, "%s", e->c.who.user);
    snprintf(ret->peer, sizeof ret->peer, "%s", e->c.peer);
    snprintf(ret->device, sizeof ret->device, "%s", e->c.device);
}

static bool is_session(const entry *e, moment now)
{
    return e->c.kind == HTTP_BY_COOKIE && !expired(e, now);
}

size_t http_sessions_of(http_sessions *s, const char *user, http_session_row *ret, size_t max)
{
    const moment now = moment_of(s);
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (const entry *e = s->bucket[i]; e && n < max; e = e->next) {
            if (is_session(e, now) && strcmp(e->c.who.user, user) == 0) {
                show(e, &ret[n++]);
            }
        }
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

bool http_session_named(http_sessions *s, vg_str id, http_session_row *ret)
{
    const moment now = moment_of(s);
    bool found = false;
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < BUCKETS && !found; i++) {
        for (const entry *e = s->bucket[i]; e && !found; e = e->next) {
            found = is_session(e, now) && vg_str_eqc(id, e->id);
            if (found) {
                show(e, ret);
            }
        }
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

size_t http_sessions_count(http_sessions *s)
{
    pthread_mutex_lock(&s->lock);
    const size_t n = s->n;
    pthread_mutex_unlock(&s->lock);
    return n;
}

bool http_csrf_ok(const http_caller *c, vg_str header)
{
    return c->kind == HTTP_BY_BEARER ||
           (header.n == HTTP_TOKEN_TEXT - 1 && sodium_memcmp(header.p, c->csrf, header.n) == 0);
}

void http_caller_done(http_caller *c)
{
    vg_principal_done(&c->who);
    sodium_memzero(c->csrf, sizeof c->csrf);
}
