// SPDX-License-Identifier: Apache-2.0
// A matcher's list for each site and for each agency, behind one lock: finding takes it shared, a change for the
// microseconds it takes. There are few scopes, so they are looked through in order.
#include "domain/banlist.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct scope {
    char key[VG_ID_TEXT];
    vg_match_list *list;
} scope;

struct vg_banlist {
    pthread_rwlock_t lock;
    scope *v;
    size_t n, cap;
};

vg_banlist *vg_banlist_create(void)
{
    vg_banlist *l = vg_alloc(sizeof *l);
    pthread_rwlock_init(&l->lock, NULL);
    return l;
}

void vg_banlist_destroy(vg_banlist *l)
{
    if (!l) {
        return;
    }
    for (size_t i = 0; i < l->n; i++) {
        vg_match_list_destroy(l->v[i].list);
    }
    free(l->v);
    pthread_rwlock_destroy(&l->lock);
    free(l);
}

static vg_match_list *find_scope(vg_banlist *l, const char *key)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->v[i].key, key) == 0) {
            return l->v[i].list;
        }
    }
    return NULL;
}

void vg_banlist_put(vg_banlist *l, const char *key, const vg_match_entry *e)
{
    pthread_rwlock_wrlock(&l->lock);
    vg_match_list *list = find_scope(l, key);
    if (!list) {
        if (l->n == l->cap) {
            l->cap = l->cap ? l->cap * 2 : 8;
            l->v = vg_realloc(l->v, l->cap * sizeof *l->v);
        }
        list = vg_match_list_create(0);
        l->v[l->n].list = list;
        snprintf(l->v[l->n++].key, VG_ID_TEXT, "%s", key);
    }
    vg_match_add(list, e);
    pthread_rwlock_unlock(&l->lock);
}

void vg_banlist_drop(vg_banlist *l, const char *ref)
{
    pthread_rwlock_wrlock(&l->lock);
    for (size_t i = 0; i < l->n; i++) {
        (void)vg_match_end(l->v[i].list, ref);
    }
    pthread_rwlock_unlock(&l->lock);
}

size_t vg_banlist_count(vg_banlist *l)
{
    size_t n = 0;
    pthread_rwlock_rdlock(&l->lock);
    for (size_t i = 0; i < l->n; i++) {
        n += vg_match_count(l->v[i].list);
    }
    pthread_rwlock_unlock(&l->lock);
    return n;
}

size_t vg_banlist_find(vg_banlist *l, const char *key, const vg_match_query *q,
                       vg_match_candidate out[VG_BAN_HITS])
{
    pthread_rwlock_rdlock(&l->lock);
    const vg_match_list *list = find_scope(l, key);
    const size_t n = list ? vg_match_find(list, q, out, VG_BAN_HITS) : 0;
    pthread_rwlock_unlock(&l->lock);
    return n;
}

uint8_t vg_ban_doc_kind(vg_str doc_kind, vg_str number)
{
    static const char *const kinds[] = {"id_card", "passport", "driving", "service"};
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        if (vg_str_eqc(doc_kind, kinds[i])) {
            return (uint8_t)(i + 1);
        }
    }
    if (doc_kind.n) {
        return VG_LEN(kinds) + 1;
    }
    return number.n == 12 ? 1 : 0;
}
