// SPDX-License-Identifier: Apache-2.0
// A list holds the register's snapshot it was made from, so comparing pointers tells whether it is still true.
// Tokens are found by a keyed hash and then compared whole in constant time: nothing about a token can be learned
// from how long a wrong one took.
#include "ingest/device/who.h"

#include "core/source_token.h"

#include <ctype.h>
#include <pthread.h>
#include <sodium.h>

enum { DEFAULT_BODY_KB = 2048 };

typedef struct entry {
    uint64_t hash;  // 0: it has no token
    uint32_t index;
    bool known;  // by its networks or its certificate
} entry;

struct who_list {
    size_t refs;
    const vg_register_snap *snap;
    entry *v;  // by hash
    size_t n;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

struct who {
    pthread_mutex_t lock;
    vg_register *sources;
    who_list *now;
};

static bool speaks_http(const vg_source *s)
{
    return strcmp(s->proto, "hikvision") == 0 || strcmp(s->proto, "dahua") == 0 ||
           strcmp(s->proto, "zkteco") == 0 || strcmp(s->proto, "cap") == 0;
}

static uint64_t hash_of(const who_list *l, const char token[VG_SOURCE_TOKEN])
{
    uint64_t h;
    crypto_shorthash((unsigned char *)&h, (const unsigned char *)token, VG_SOURCE_TOKEN - 1,
                     l->key);
    return h | 1;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t x = ((const entry *)a)->hash, y = ((const entry *)b)->hash;
    return x < y ? -1 : x > y;
}

static who_list *list_create(const vg_register_snap *snap)
{
    char token[VG_SOURCE_TOKEN];
    who_list *l = vg_alloc(sizeof *l);
    const size_t n = vg_register_count(snap);
    l->refs = 1;
    l->snap = snap;
    l->v = vg_alloc((n + 1) * sizeof *l->v);
    randombytes_buf(l->key, sizeof l->key);
    for (uint32_t i = 0; i < n; i++) {
        const vg_source *s = vg_register_at(snap, i);
        if (s && speaks_http(s)) {
            const bool has = vg_source_token(s, token);
            l->v[l->n++] = (entry){has ? hash_of(l, token) : 0, i,
                                   s->peers[0] != 0 || (s->flags & VG_SRC_CERTIFICATE)};
        }
    }
    qsort(l->v, l->n, sizeof *l->v, by_hash);
    sodium_memzero(token, sizeof token);
    return l;
}

// With the lock.
static void drop(who *w, who_list *l)
{
    if (l && --l->refs == 0) {
        vg_register_release(w->sources, l->snap);
        free(l->v);
        free(l);
    }
}

who *who_create(vg_register *sources)
{
    who *w = vg_alloc(sizeof *w);
    w->sources = sources;
    pthread_mutex_init(&w->lock, NULL);
    return w;
}

void who_destroy(who *w)
{
    if (w) {
        drop(w, w->now);
        pthread_mutex_destroy(&w->lock);
        free(w);
    }
}

const who_list *who_acquire(who *w)
{
    const vg_register_snap *snap = vg_register_acquire(w->sources);
    pthread_mutex_lock(&w->lock);
    if (w->now && w->now->snap == snap) {
        vg_register_release(w->sources, snap);
    } else {
        drop(w, w->now);
        w->now = list_create(snap);
    }
    who_list *l = w->now;
    l->refs++;
    pthread_mutex_unlock(&w->lock);
    return l;
}

void who_release(who *w, const who_list *l)
{
    union {
        const who_list *borrowed;
        who_list *owned;
    } u = {l};  // handed out const, ours to count
    pthread_mutex_lock(&w->lock);
    drop(w, u.owned);
    pthread_mutex_unlock(&w->lock);
}

const vg_register_snap *who_snap(const who_list *l)
{
    return l->snap;
}

static size_t first_at(const who_list *l, uint64_t hash)
{
    size_t lo = 0, hi = l->n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (l->v[mid].hash < hash) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

const vg_source *who_by_token(const who_list *l, vg_str token)
{
    char given[VG_SOURCE_TOKEN] = "", right[VG_SOURCE_TOKEN];
    if (token.n != VG_SOURCE_TOKEN - 1) {
        return NULL;
    }
    for (size_t i = 0; i < token.n; i++) {  // devices with capital letters only
        given[i] = (char)tolower((unsigned char)token.p[i]);
    }
    const uint64_t h = hash_of(l, given);
    for (size_t i = first_at(l, h); i < l->n && l->v[i].hash == h; i++) {
        const vg_source *s = vg_register_at(l->snap, l->v[i].index);
        if (s && vg_source_token(s, right) && sodium_memcmp(given, right, sizeof right) == 0) {
            return s;
        }
    }
    return NULL;
}

const vg_source *who_by_address(const who_list *l, const char *proto, const char *address)
{
    char other[40];
    const vg_source *s = address[0] ? vg_register_find(l->snap, proto, address) : NULL;
    int (*const turn[])(int) = {tolower, toupper};
    for (size_t k = 0; !s && address[0] && k < VG_LEN(turn); k++) {
        size_t i = 0;
        for (; i < sizeof other - 1 && address[i]; i++) {
            other[i] = (char)turn[k]((unsigned char)address[i]);
        }
        other[i] = 0;
        s = vg_register_find(l->snap, proto, other);
    }
    return s;
}

size_t who_body(const vg_source *s)
{
    return (size_t)(s->body_kb > 0 ? s->body_kb : DEFAULT_BODY_KB) << 10;
}

static bool speaks_so(const vg_source *s, const char *peer, const unsigned char *certificate)
{
    return (s->peers[0] && vg_cidr_has(vg_str_c(s->peers), peer)) ||
           ((s->flags & VG_SRC_CERTIFICATE) && vg_source_shown(s, certificate));
}

size_t who_body_of_peer(const who_list *l, const char *peer, const unsigned char *certificate)
{
    size_t most = 0;
    for (size_t i = 0; i < l->n; i++) {
        const vg_source *s = l->v[i].known ? vg_register_at(l->snap, l->v[i].index) : NULL;
        if (s && who_body(s) > most && speaks_so(s, peer, certificate)) {
            most = who_body(s);
        }
    }
    return most;
}
