// SPDX-License-Identifier: Apache-2.0
// The table of labels is small (agencies × sites × compartments in use) and only grows, so it is held in
// memory behind a lock and mirrored to the table `label` by core.label events.
#include "core/label.h"

#include "base/clock.h"

#include <pthread.h>

struct vg_labels {
    pthread_rwlock_t lock;
    vg_label *v;
    size_t n, published, cap;  // published: committed, what scopes are made of
    vg_grants *grants;
    uint64_t grants_generation;
    // A clock that steps back makes nothing last longer: the latest time known and when, by the clock that only goes
    // forward, it was that; and the latest on record.
    int64_t latest_us, latest_mono_us, recorded_us;
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
        vg_grants_destroy(l->grants);
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

static int64_t later(int64_t a_us, int64_t b_us)
{
    return a_us > b_us ? a_us : b_us;
}

static int64_t latest(const vg_labels *l, int64_t mono_us)  // under the lock
{
    const int64_t since_us = l->latest_us ? l->latest_us + mono_us - l->latest_mono_us : 0;
    return later(vg_now_us(), since_us);
}

void vg_labels_publish(vg_labels *l, int64_t now_us)
{
    const int64_t mono_us = vg_mono_us();
    pthread_rwlock_wrlock(&l->lock);
    l->published = l->n;
    l->latest_us = later(latest(l, mono_us), now_us);
    l->latest_mono_us = mono_us;
    l->recorded_us = later(l->recorded_us, now_us);
    pthread_rwlock_unlock(&l->lock);
}

int64_t vg_labels_now(vg_labels *l)
{
    pthread_rwlock_rdlock(&l->lock);
    const int64_t now_us = latest(l, vg_mono_us());
    pthread_rwlock_unlock(&l->lock);
    return now_us;
}

int64_t vg_labels_wall(vg_labels *l)
{
    pthread_rwlock_rdlock(&l->lock);
    const int64_t now_us = later(vg_now_us(), l->recorded_us);
    pthread_rwlock_unlock(&l->lock);
    return now_us;
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

void vg_labels_grant(vg_labels *l, const vg_grant *v, size_t n)
{
    vg_grants *fresh = vg_grants_create(v, n);
    pthread_rwlock_wrlock(&l->lock);
    vg_grants *old = l->grants;
    l->grants = fresh;
    l->grants_generation++;
    pthread_rwlock_unlock(&l->lock);
    vg_grants_destroy(old);
}

// --- who sees what ------------------------------------------------------------------------------
static const char *const need[] = {
    [VG_C_SHARED] = "see.shared",     [VG_C_CAPABILITY] = "see.capability",
    [VG_C_FORCE] = "see.force",       [VG_C_MEANS] = "see.means",
    [VG_C_MEASURES] = "see.measures", [VG_C_PERSONAL] = "see.personal",
    [VG_C_REPORTER] = "see.reporter", [VG_C_VULNERABILITY] = "see.vulnerability",
    [VG_C_MOVEMENT] = "see.movement", [VG_C_COORD] = "see.coord",
    [VG_C_GATE] = "see.gate",
};

// A principal's assignments as bits: what each lets him see, so that a label costs no comparing of words.
typedef struct view {
    const vg_principal *p;
    bool all, own_node;
    unsigned open[VG_MAX_ASSIGNMENTS];  // bit per compartment
    vg_granted granted;
} view;

static view view_of(const vg_principal *p)
{
    view v = {.p = p, .all = p->kind == VG_P_SYSTEM || p->kind == VG_P_LOCAL};
    if (v.all) {
        return v;
    }
    v.own_node = p->custodian && vg_may(p, "node.own", NULL);
    for (size_t i = 0; i < p->n_assignments; i++) {
        vg_principal one = {.kind = p->kind, .n_assignments = 1};
        one.assignments[0] = p->assignments[i];
        for (size_t c = 0; c < VG_LEN(need); c++) {
            v.open[i] |= vg_may(&one, need[c], NULL) ? 1U << c : 0;
        }
    }
    return v;
}

static bool role_opens(const view *v, const vg_label *l)
{
    for (size_t i = 0; i < v->p->n_assignments; i++) {
        const char *at = v->p->assignments[i].site;
        if (v->open[i] >> l->compartment & 1 && (!*l->site || !*at || strcmp(at, l->site) == 0)) {
            return true;
        }
    }
    return false;
}

static bool was_granted(const view *v, const vg_label *l)
{
    static const unsigned grantable = 1U << VG_C_FORCE | 1U << VG_C_MEANS | 1U << VG_C_MEASURES |
                                      1U << VG_C_VULNERABILITY | 1U << VG_C_MOVEMENT;
    vg_grant x = {.compartment = l->compartment, .ceiling = l->secrecy};
    if (!(grantable >> l->compartment & 1)) {
        return false;  // persons, reporters, what was agreed with others
    }
    memcpy(x.to, v->p->agency, sizeof x.to);
    memcpy(x.from, l->agency, sizeof x.from);
    memcpy(x.site, l->site, sizeof x.site);
    return vg_granted_has(&v->granted, &x);
}

static bool sees(const view *v, const vg_label *l)
{
    if (v->all) {
        return true;
    }
    if (l->secrecy > v->p->clearance || l->compartment >= VG_LEN(need)) {
        return false;
    }
    if (!*l->agency && !*l->site) {  // the node's own: everybody's if shared, else its custodian's
        return l->compartment == VG_C_SHARED ||
               (v->p->custodian && (v->own_node || role_opens(v, l)));
    }
    const bool foreign = *l->agency && strcmp(l->agency, v->p->agency) != 0;
    return role_opens(v, l) && (!foreign || l->compartment <= VG_C_CAPABILITY ||
                                (l->compartment == VG_C_GATE && *l->site) || was_granted(v, l));
}

bool vg_label_visible(const vg_principal *p, const vg_label *l)
{
    const view v = view_of(p);
    return sees(&v, l);
}

static void compute(vg_principal *p, const vg_labels *l, const view *v)
{
    const size_t words = (l->published + 63) / 64;
    p->scope_bits = vg_realloc(p->scope_bits, (words + 1) * sizeof *p->scope_bits);
    memset(p->scope_bits, 0, words * sizeof *p->scope_bits);
    for (size_t i = 0; i < l->published; i++) {
        p->scope_bits[i >> 6] |= (uint64_t)sees(v, &l->v[i]) << (i & 63);
    }
    p->scope_labels = l->published;
}

void vg_scope_compute(vg_principal *p, vg_labels *l, vg_scope *ret)
{
    pthread_rwlock_rdlock(&l->lock);
    const int64_t now_us = latest(l, vg_mono_us());
    if (vg_principal_lapse(p, now_us) || p->scope_labels < l->published ||
        p->scope_grants != l->grants_generation || now_us >= p->scope_until_us) {
        view v = view_of(p);
        v.granted = vg_grants_to(l->grants, p->agency, now_us);
        compute(p, l, &v);
        p->scope_grants = l->grants_generation;
        const int64_t until_us = vg_principal_until(p);
        p->scope_until_us = until_us < v.granted.until_us ? until_us : v.granted.until_us;
    }
    pthread_rwlock_unlock(&l->lock);
    *ret = (vg_scope){p->scope_bits, p->scope_labels, p->world};
}

void vg_scope_at(vg_principal *p, vg_labels *l, const vg_grants *g, int64_t at_us, vg_scope *ret)
{
    view v = view_of(p);
    v.granted = vg_grants_to(g, p->agency, at_us);
    pthread_rwlock_rdlock(&l->lock);
    compute(p, l, &v);
    pthread_rwlock_unlock(&l->lock);
    p->scope_until_us = 0;
    *ret = (vg_scope){p->scope_bits, p->scope_labels, p->world};
}
