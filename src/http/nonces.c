// SPDX-License-Identifier: Apache-2.0
// A ring of nonces an account, and of accounts those heard last. Whatever is forgotten, for want of room, leaves its time
// behind as a floor: nothing as old as that is taken again. So no replay passes however small the memory, whatever the
// clock does and over a restart; who signs much in parallel may be refused for being late and signs again.
#include "http/nonces.h"

#include "base/clock.h"

#include <pthread.h>

enum { NOTE_S = 60 };

typedef struct seen {
    unsigned char nonce[HTTP_NONCE_BYTES];
    int64_t at_us;
} seen;

typedef struct slot {
    char account[VG_ID_TEXT];
    int64_t floor_us, newest_us, used_us, noted_us;
    size_t n, next;
    seen ring[HTTP_NONCES];
} slot;

struct http_nonces {
    pthread_mutex_t lock;
    int64_t floor_us;
    slot *slots[HTTP_NONCE_ACCOUNTS];
};

http_nonces *http_nonces_create(int64_t since_us)
{
    http_nonces *m = vg_alloc(sizeof *m);
    m->floor_us = since_us;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void http_nonces_destroy(http_nonces *m)
{
    if (!m) {
        return;
    }
    for (size_t i = 0; i < HTTP_NONCE_ACCOUNTS; i++) {
        free(m->slots[i]);
    }
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static slot *slot_of(http_nonces *m, const char *account)
{
    size_t oldest = 0;
    for (size_t i = 0; i < HTTP_NONCE_ACCOUNTS; i++) {
        slot *s = m->slots[i];
        if (!s) {
            oldest = i;
            break;
        }
        if (strcmp(s->account, account) == 0) {
            return s;
        }
        if (s->used_us < m->slots[oldest]->used_us) {
            oldest = i;
        }
    }
    slot *s = m->slots[oldest];
    if (!s) {
        s = m->slots[oldest] = vg_alloc(sizeof *s);
    } else {
        m->floor_us = later(m->floor_us, s->newest_us);
        memset(s, 0, sizeof *s);
    }
    snprintf(s->account, sizeof s->account, "%s", account);
    return s;
}

static bool was_here(const slot *s, const unsigned char *nonce)
{
    for (size_t i = 0; i < s->n; i++) {
        if (memcmp(s->ring[i].nonce, nonce, HTTP_NONCE_BYTES) == 0) {
            return true;
        }
    }
    return false;
}

static void keep(slot *s, const http_device_words *w)
{
    seen *at = &s->ring[s->next];
    if (s->n == HTTP_NONCES) {
        s->floor_us = later(s->floor_us, at->at_us);
    } else {
        s->n++;
    }
    memcpy(at->nonce, w->nonce, sizeof at->nonce);
    at->at_us = w->at_us;
    s->next = (s->next + 1) % HTTP_NONCES;
    s->newest_us = later(s->newest_us, w->at_us);
}

http_nonce_answer http_nonces_take(http_nonces *m, const http_device_words *w, int64_t now_us,
                                   bool *ret_note)
{
    const int64_t off_us = w->at_us > now_us ? w->at_us - now_us : now_us - w->at_us;
    const int64_t mono_us = vg_mono_us();
    http_nonce_answer answer = HTTP_NONCE_STALE;
    *ret_note = false;
    pthread_mutex_lock(&m->lock);
    slot *s = off_us <= HTTP_NONCE_WINDOW_S * VG_SECOND_US && w->at_us > m->floor_us
                  ? slot_of(m, w->account)
                  : NULL;
    if (s && w->at_us > s->floor_us && w->at_us > m->floor_us) {
        answer = was_here(s, w->nonce) ? HTTP_NONCE_SEEN : HTTP_NONCE_NEW;
        s->used_us = mono_us;
    }
    if (answer == HTTP_NONCE_NEW) {
        keep(s, w);
        *ret_note = !s->noted_us || mono_us - s->noted_us > NOTE_S * VG_SECOND_US;
        s->noted_us = *ret_note ? mono_us : s->noted_us;
    }
    pthread_mutex_unlock(&m->lock);
    return answer;
}
