// SPDX-License-Identifier: Apache-2.0
// A set-associative table: a thing has eight places; when they are taken, one that is at rest (a state that is
// off) goes first, then the oldest. A value is a hash of the episode with its lowest bit for "on"; 0 is none.
#include "ingest/mqtt/memory.h"

#include <sodium.h>

enum { SETS = 4096, WAYS = 8, CHANGES = 1024, TEXT_BYTES = 512 };

typedef struct place {
    uint64_t thing, value;
    int64_t at_us;
} place;

struct mqtt_memory {
    unsigned char key[crypto_shorthash_KEYBYTES];
    place v[SETS][WAYS];
    place before[CHANGES];  // for taking back
    size_t n_before;
    uint64_t forgotten;
};

mqtt_memory *mqtt_memory_create(const unsigned char key[16])
{
    mqtt_memory *m = vg_alloc(sizeof *m);
    memcpy(m->key, key, sizeof m->key);
    return m;
}

void mqtt_memory_destroy(mqtt_memory *m)
{
    free(m);
}

uint64_t mqtt_memory_forgotten(const mqtt_memory *m)
{
    return m->forgotten;
}

bool mqtt_memory_full(const mqtt_memory *m)
{
    return m->n_before >= CHANGES - MQTT_SAYINGS;
}

static uint64_t hash(const mqtt_memory *m, const vg_str *parts, size_t n)
{
    unsigned char text[TEXT_BYTES] = "";
    size_t used = 0;
    uint64_t h;
    for (size_t i = 0; i < n; i++) {
        const size_t take = parts[i].n < 150 ? parts[i].n : 150;
        if (used + take + 1 > sizeof text) {
            break;
        }
        text[used++] = (unsigned char)take;
        if (take) {
            memcpy(text + used, parts[i].p, take);
            used += take;
        }
    }
    crypto_shorthash((unsigned char *)&h, text, used, m->key);
    return h;
}

static place *find(mqtt_memory *m, uint64_t thing)
{
    place *set = m->v[thing % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].thing == thing && set[i].value) {
            return &set[i];
        }
    }
    return NULL;
}

static place *place_of(mqtt_memory *m, uint64_t thing)
{
    place *set = m->v[thing % SETS], *room = &set[0], *found = find(m, thing);
    if (found) {
        return found;
    }
    for (size_t i = 1; i < WAYS && room->value; i++) {
        const bool rests = !(set[i].value & 1), room_rests = !(room->value & 1);
        if (!set[i].value || (rests && !room_rests) ||
            (rests == room_rests && set[i].at_us < room->at_us)) {
            room = &set[i];
        }
    }
    m->forgotten += room->value != 0 ? 1 : 0;
    *room = (place){.thing = thing};
    return room;
}

void mqtt_memory_learn(mqtt_memory *m, uint64_t thing, uint64_t value, int64_t at_us)
{
    place *p = place_of(m, thing);
    p->value = value;
    p->at_us = at_us;
}

static void remember(mqtt_memory *m, uint64_t thing, uint64_t value, int64_t now_us)
{
    place *p = place_of(m, thing);
    if (m->n_before < CHANGES) {
        m->before[m->n_before++] = *p;
    }
    p->value = value;
    p->at_us = now_us;
}

void mqtt_memory_settle(mqtt_memory *m, bool committed)
{
    while (!committed && m->n_before > 0) {
        const place *b = &m->before[--m->n_before];
        place *p = place_of(m, b->thing);
        *p = *b;
    }
    m->n_before = 0;
}

static uint8_t opposite(uint8_t verb)
{
    return verb == VG_SIG_ARM      ? VG_SIG_DISARM
           : verb == VG_SIG_BYPASS ? VG_SIG_UNBYPASS
                                   : VG_SIG_RESTORE;
}

static void tell_state(mqtt_news *n, const mqtt_saying *s, uint64_t episode, uint64_t now_value)
{
    const bool same = (now_value | 1) == (episode | 1);
    const uint8_t off = opposite(s->verb);
    n->value = s->on ? episode | 1 : episode & ~UINT64_C(1);
    if (s->on) {
        // On already; or this very episode has ended: a late repetition.
        const bool over = same && s->episode.n;
        if (!(same && (now_value & 1)) && !over) {
            n->verb[n->n++] = s->verb;
        }
    } else if (s->began && !same) {
        n->verb[n->n++] = s->verb;
        n->verb[n->n++] = off;
    } else if ((same && (now_value & 1)) || (!now_value && s->verb != VG_SIG_RAISE)) {
        n->verb[n->n++] =
            off;  // whether something is armed must be known; that nothing is wrong, need not
    }
}

mqtt_news mqtt_memory_tell(mqtt_memory *m, const char *source, const mqtt_saying *s, int64_t now_us)
{
    static const char *const forms[] = {
        [MQTT_STATE] = "state", [MQTT_ONCE] = "once", [MQTT_ALIVE] = "alive"};
    mqtt_news n = {0};
    if (s->form == MQTT_ONCE && !s->episode.n) {
        n.verb[n.n++] = s->verb;
        return n;
    }
    const vg_str what[] = {vg_str_c(source), vg_str_c(forms[s->form]), vg_str_c(s->kind), s->point};
    n.thing = hash(m, what, VG_LEN(what));
    const uint64_t episode = hash(m, &s->episode, 1) | 2;
    const place *p = find(m, n.thing);
    const uint64_t was = p ? p->value : 0;
    if (s->form == MQTT_STATE) {
        tell_state(&n, s, episode, was);
    } else {
        n.value = episode | 1;
        if (was != n.value) {
            n.verb[n.n++] = s->verb;
        }
    }
    n.kept = n.n > 0;
    if (n.kept) {
        remember(m, n.thing, n.value, now_us);
    }
    return n;
}
