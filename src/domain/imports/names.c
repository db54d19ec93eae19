// SPDX-License-Identifier: Apache-2.0
// What people call things: ids by code or name, folded (case, tone marks and spaces do not matter). Two things of
// one name make that name useless; the file must then give the code. An open hash table of at most NAMES_MAX
// names: a file can name no more things than the node has.
#include "domain/imports/imports.h"

#include "base/text.h"

enum { NAMES_MAX = 400000, FOLD_BYTES = 64 << 10 };

typedef struct entry {
    vg_str called, id;
    bool several;
} entry;

struct imports_names {
    vg_arena *arena;
    entry *slot;
    size_t cap, n;
    bool exact;
};

static uint64_t hash_of(vg_str s)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    }
    return h;
}

static entry *slot_of(const imports_names *n, vg_str called)
{
    size_t i = (size_t)hash_of(called) & (n->cap - 1);
    while (n->slot[i].called.p && !vg_str_eq(n->slot[i].called, called)) {
        i = (i + 1) & (n->cap - 1);
    }
    return &n->slot[i];
}

static void grow(imports_names *n)
{
    const size_t was = n->cap;
    entry *old = n->slot;
    n->cap = was ? was * 2 : 64;
    n->slot = vg_alloc(n->cap * sizeof *n->slot);
    for (size_t i = 0; i < was; i++) {
        if (old[i].called.p) {
            *slot_of(n, old[i].called) = old[i];
        }
    }
    free(old);
}

void imports_names_add(imports_names *n, vg_arena *scratch, vg_str called, vg_str id)
{
    const vg_str folded = n->exact ? called : vg_fold(scratch, called);
    if (!folded.n || n->n == NAMES_MAX) {
        return;
    }
    if (n->n * 2 >= n->cap) {
        grow(n);
    }
    entry *e = slot_of(n, folded);
    if (e->called.p) {
        e->several = e->several || !vg_str_eq(e->id, id);
        return;
    }
    const vg_str kept = vg_str_dup(n->arena, folded), kept_id = vg_str_dup(n->arena, id);
    if (kept.p && kept_id.p) {
        *e = (entry){kept, kept_id, false};
        n->n++;
    }
}

imports_names *imports_names_new(bool exact)
{
    imports_names *n = vg_alloc(sizeof *n);
    n->exact = exact;
    n->arena = vg_arena_create(128 << 20);
    return n;
}

vg_status imports_names_load(vg_db *db, const char *sql, imports_names **ret, vg_err *err)
{
    vg_rows *r;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *scratch = vg_arena_create(FOLD_BYTES);
    VG_TRY(vg_rows_open(db, sql, VG_NOVALS, &r, err));
    imports_names *n = imports_names_new(false);
    while (vg_rows_next(r)) {
        for (int c = 1; c < vg_rows_columns(r); c++) {
            vg_arena_reset(scratch);
            imports_names_add(n, scratch, vg_row_str(r, c), vg_row_str(r, 0));
        }
    }
    const vg_status st = vg_rows_close(r, err);
    if (st != VG_OK) {
        imports_names_free(n);
        return st;
    }
    *ret = n;
    return VG_OK;
}

void imports_names_free(imports_names *n)
{
    if (n) {
        vg_arena_destroy(n->arena);
        free(n->slot);
        free(n);
    }
}

vg_status imports_names_find(const imports_names *n, vg_arena *scratch, vg_str called,
                             vg_str *ret_id)
{
    const vg_str folded = n->exact ? called : vg_fold(scratch, called);
    const entry *e = n->cap && folded.n ? slot_of(n, folded) : NULL;
    if (!e || !e->called.p) {
        return VG_ENOTFOUND;
    }
    *ret_id = e->id;
    return e->several ? VG_ECONFLICT : VG_OK;
}
