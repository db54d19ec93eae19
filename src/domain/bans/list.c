// SPDX-License-Identifier: Apache-2.0
// What is in force, in memory (domain/banlist.h). Made from the cards at start; after a commit the rows that changed are
// read again on the scribe's thread, before the next batch: so the list is never behind what was answered, and what was
// rolled back was never in it. Whether an entry still counts at this moment the gate checks again in the table.
#include "domain/bans/bans.h"

#include "base/log.h"
#include "core/core.h"
#include "domain/banlist.h"

#include <stdlib.h>

enum { ROW_ARENA = 65536 };

#define ENTRIES                                                                                \
    "SELECT e.id, COALESCE(e.site, e.agency), e.state, c.name, c.aliases, c.born, c.doc_kind," \
    " c.doc_key, c.doc_last FROM ban_entry e LEFT JOIN ban_card c ON c.entry = e.id"

static void put(vg_banlist *list, vg_rows *r, vg_arena *a)
{
    vg_str names[VG_MATCH_NAMES], raw;
    size_t n = 0, at = 0;
    vg_match_entry e = {.names = names, .birth_year = (int)vg_row_i64(r, 5)};
    snprintf(e.ref, sizeof e.ref, "%.*s", VG_FMT(vg_row_str(r, 0)));
    if (!vg_str_eqc(vg_row_str(r, 2), "in_force") || vg_row_null(r, 3)) {
        vg_banlist_drop(list, e.ref);
        return;
    }
    names[n++] = vg_str_dup(a, vg_row_str(r, 3));
    const vg_str aliases = vg_str_dup(a, vg_row_str(r, 4));
    while (n < VG_MATCH_NAMES && vg_js_each(aliases, &at, NULL, &raw)) {
        names[n++] = vg_js_decode(a, raw);
    }
    e.n_names = n;
    const vg_str key = vg_row_str(r, 7);
    if (key.n == VG_MATCH_HASH) {
        memcpy(e.doc.hash, key.p, VG_MATCH_HASH);
        e.doc.kind = vg_ban_doc_kind(vg_row_str(r, 6), (vg_str){0});
        snprintf(e.doc.last4, sizeof e.doc.last4, "%.*s", VG_FMT(vg_row_str(r, 8)));
    }
    vg_banlist_put(list, vg_str_z(a, vg_row_str(r, 1)), &e);
}

static vg_status load(vg_core *core, vg_banlist *list, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    vg_arena *a = vg_arena_create(ROW_ARENA);
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status st = vg_rows_open(db, ENTRIES " WHERE e.state = 'in_force'", VG_NOVALS, &r, err);
    if (st == VG_OK) {
        while (vg_rows_next(r)) {
            put(list, r, a);
            vg_arena_reset(a);
        }
        st = vg_rows_close(r, err);
    }
    vg_inner_give(core, db);
    vg_arena_destroy(a);
    return st;
}

static vg_status read_again(vg_bans *b, int64_t rowid, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    vg_arena *a = vg_arena_create(ROW_ARENA);
    vg_status st = vg_inner_take(b->core, &db, err);
    if (st == VG_OK) {
        st = vg_rows_open(db, ENTRIES " WHERE e.rowid = ?", VG_VALS(vg_i(rowid)), &r, err);
        if (st == VG_OK) {
            if (vg_rows_next(r)) {
                put(b->list, r, a);
            }
            st = vg_rows_close(r, err);
        }
        vg_inner_give(b->core, db);
    }
    vg_arena_destroy(a);
    return st;
}

// An entry that cannot be read again leaves the list unsure, and the gate says so from then on.
static void changed(void *ctx, const vg_change *v, size_t n)
{
    vg_bans *b = ctx;
    vg_err err;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(v[i].resource->name, "bans") == 0 && read_again(b, v[i].rowid, &err) != VG_OK) {
            b->unsure = true;
            vg_log(VG_ERROR, "bans.list.unsure", "error=%s", vg_status_name(err.code));
        }
    }
}

vg_status bans_start(vg_core *core, void **ret_state, vg_err *err)
{
    vg_bans *b = vg_alloc(sizeof *b);
    b->core = core;
    b->list = vg_banlist_create();
    // Heard of twice is as good as once; so nothing is missed between.
    vg_core_on_changes(core, changed, b);
    const vg_status st = load(core, b->list, err);
    if (st != VG_OK) {
        vg_core_on_changes(core, NULL, b);
        vg_banlist_destroy(b->list);
        free(b);
        return st;
    }
    *ret_state = b;
    return VG_OK;
}

void bans_close(void *state)
{
    vg_bans *b = state;
    vg_core_on_changes(b->core, NULL, b);
    vg_banlist_destroy(b->list);
    free(b);
}
