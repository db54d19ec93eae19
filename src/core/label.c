// SPDX-License-Identifier: Apache-2.0
// The table of labels is small (agencies × sites × compartments in use) and only grows, so it is held in
// memory behind a lock and mirrored to the table `label` by core.label events.
#include "core/label.h"

#include <pthread.h>

struct vg_labels {
    pthread_rwlock_t lock;
    vg_label *v;
    size_t n, published, cap;  // published: committed, what scopes are made of
};

static void add(vg_labels *l, const vg_label *x)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->v = vg_realloc(l->v, l->cap * sizeof *l->v);
    }
    l->v[l->n++] = *x;
}

static void read_row(vg_rows *r, vg_label *x)
{
    *x = (vg_label){.compartment = (uint8_t)vg_row_i64(r, 2), .secrecy = (uint8_t)vg_row_i64(r, 3)};
    snprintf(x->agency, sizeof x->agency, "%.*s", VG_FMT(vg_row_str(r, 0)));
    snprintf(x->site, sizeof x->site, "%.*s", VG_FMT(vg_row_str(r, 1)));
}

vg_status vg_labels_load(vg_db *db, vg_labels **ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT agency, site, compartment, secrecy FROM label ORDER BY id",
                        VG_NOVALS, &r, err));
    vg_labels *l = vg_alloc(sizeof *l);
    pthread_rwlock_init(&l->lock, NULL);
    vg_label x;
    while (vg_rows_next(r)) {
        read_row(r, &x);
        add(l, &x);
    }
    const vg_status s = vg_rows_close(r, err);
    if (s != VG_OK) {
        vg_labels_destroy(l);
        return s;
    }
    l->published = l->n;
    *ret = l;
    return VG_OK;
}

void vg_labels_destroy(vg_labels *l)
{
    if (l) {
        pthread_rwlock_destroy(&l->lock);
        free(l->v);
        free(l);
    }
}

bool vg_label_find(vg_labels *l, const vg_label *want, int32_t *ret)
{
    bool found = false;
    pthread_rwlock_rdlock(&l->lock);
    for (size_t i = 0; i < l->n && !found; i++) {
        const vg_label *x = &l->v[i];
        if (x->compartment == want->compartment && x->secrecy == want->secrecy &&
            strcmp(x->agency, want->agency) == 0 && strcmp(x->site, want->site) == 0) {
            *ret = (int32_t)i;
            found = true;
        }
    }
    pthread_rwlock_unlock(&l->lock);
    return found;
}

int32_t vg_label_add(vg_labels *l, const vg_label *x)
{
    pthread_rwlock_wrlock(&l->lock);
    add(l, x);
    const int32_t id = (int32_t)(l->n - 1);
    pthread_rwlock_unlock(&l->lock);
    return id;
}

void vg_labels_cut(vg_labels *l, size_t n)
{
    pthread_rwlock_wrlock(&l->lock);
    l->n = n < l->n ? n : l->n;
    pthread_rwlock_unlock(&l->lock);
}

void vg_labels_publish(vg_labels *l)
{
    pthread_rwlock_wrlock(&l->lock);
    l->published = l->n;
    pthread_rwlock_unlock(&l->lock);
}

bool vg_label_get(vg_labels *l, int32_t id, vg_label *ret)
{
    pthread_rwlock_rdlock(&l->lock);
    const bool ok = id >= 0 && (size_t)id < l->n;
    if (ok) {
        *ret = l->v[id];
    }
    pthread_rwlock_unlock(&l->lock);
    return ok;
}

size_t vg_labels_count(vg_labels *l)
{
    pthread_rwlock_rdlock(&l->lock);
    const size_t n = l->n;
    pthread_rwlock_unlock(&l->lock);
    return n;
}

static bool compartment_open(const vg_principal *p, const vg_label *l, const char *site)
{
    static const char *const need[] = {
        [VG_C_SHARED] = "see.shared",     [VG_C_CAPABILITY] = "see.capability",
        [VG_C_FORCE] = "see.force",       [VG_C_MEANS] = "see.means",
        [VG_C_MEASURES] = "see.measures", [VG_C_PERSONAL] = "see.personal",
        [VG_C_REPORTER] = "see.reporter", [VG_C_VULNERABILITY] = "see.vulnerability",
        [VG_C_MOVEMENT] = "see.movement",
    };
    const bool foreign = *l->agency && strcmp(l->agency, p->agency) != 0;
    if (l->compartment >= VG_LEN(need) || (foreign && l->compartment > VG_C_CAPABILITY)) {
        return false;
    }
    return vg_may(p, need[l->compartment], site);
}

bool vg_label_visible(const vg_principal *p, const vg_label *l)
{
    if (p->kind == VG_P_SYSTEM || p->kind == VG_P_LOCAL) {
        return true;
    }
    if (l->secrecy > p->clearance) {
        return false;
    }
    if (!*l->agency && !*l->site) {  // the node's own: everybody's if shared, else its custodian's
        return l->compartment == VG_C_SHARED ||
               (p->custodian && (vg_may(p, "node.own", NULL) || compartment_open(p, l, NULL)));
    }
    return compartment_open(p, l, l->site);
}

void vg_scope_compute(vg_principal *p, vg_labels *l, vg_scope *ret)
{
    pthread_rwlock_rdlock(&l->lock);
    if (p->scope_labels < l->published) {
        const size_t words = (l->published + 63) / 64;
        p->scope_bits = vg_realloc(p->scope_bits, words * sizeof *p->scope_bits);
        memset(p->scope_bits, 0, words * sizeof *p->scope_bits);
        for (size_t i = 0; i < l->published; i++) {
            if (vg_label_visible(p, &l->v[i])) {
                p->scope_bits[i >> 6] |= UINT64_C(1) << (i & 63);
            }
        }
        p->scope_labels = l->published;
    }
    pthread_rwlock_unlock(&l->lock);
    *ret = (vg_scope){p->scope_bits, p->scope_labels, p->world};
}
