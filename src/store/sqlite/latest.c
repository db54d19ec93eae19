// SPDX-License-Identifier: Apache-2.0
// Writes of which only the latest counts, kept back until another statement could see the difference. One SQL
// text at a time; a row is its last value. Whatever else runs on the connection (a statement, a script, a
// commit) first writes what is kept, so nobody reads a row that is behind; a roll-back forgets it. What does
// not fit (a long text, a third value too many, a full table) is written at once.
#include "store/sqlite/db.h"

enum { ROWS = 1024, PROBES = 8, VALUES = 4, TEXT_BYTES = 64 };

typedef struct latest_row {
    bool set;
    vg_val v[VALUES];
    char text[VALUES][TEXT_BYTES];
} latest_row;

struct vg_latest {
    const char *sql;
    size_t n, n_values;
    uint16_t order[ROWS];
    latest_row row[ROWS];
};

static bool fits(const vg_val *v, size_t n)
{
    bool ok = n > 0 && n <= VALUES && v[n - 1].type == VG_V_TEXT;
    for (size_t i = 0; i < n && ok; i++) {
        ok = v[i].type == VG_V_I64 || v[i].type == VG_V_NULL || v[i].s.n <= TEXT_BYTES;
    }
    return ok;
}

static void copy(latest_row *to, const vg_val *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to->v[i] = v[i];
        if (v[i].type == VG_V_TEXT || v[i].type == VG_V_BLOB) {
            memcpy(to->text[i], v[i].s.p ? v[i].s.p : "", v[i].s.n);
            to->v[i].s.p = to->text[i];
        }
    }
    to->set = true;
}

// The row of this key, or a free one; NULL when its neighbourhood is full.
static latest_row *row_of(struct vg_latest *l, vg_str key, size_t at)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < key.n; i++) {
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(0x100000001b3);
    }
    for (size_t k = 0; k < PROBES; k++) {
        const size_t i = (h + k) % ROWS;
        if (!l->row[i].set) {
            l->order[l->n++] = (uint16_t)i;
            return &l->row[i];
        }
        if (vg_str_eq(l->row[i].v[at].s, key)) {
            return &l->row[i];
        }
    }
    return NULL;
}

vg_status vg_latest_write(vg_db *db, vg_err *err)
{
    struct vg_latest *l = db->latest;
    const size_t n = l->n;
    l->n = 0;  // first: writing is a statement, too
    db->kept_back = false;
    vg_status s = VG_OK;
    for (size_t i = 0; i < n; i++) {
        latest_row *row = &l->row[l->order[i]];
        row->set = false;
        if (s == VG_OK) {
            s = vg_exec(db, l->sql, row->v, l->n_values, err);
        }
    }
    return s;
}

void vg_latest_forget(vg_db *db)
{
    struct vg_latest *l = db->latest;
    for (size_t i = 0; l && i < l->n; i++) {
        l->row[l->order[i]].set = false;
    }
    if (l) {
        l->n = 0;
    }
    db->kept_back = false;
}

vg_status vg_exec_latest(vg_db *db, const char *sql, const vg_val *v, size_t n, vg_err *err)
{
    struct vg_latest *l = db->latest;
    if (!l || !fits(v, n)) {
        return vg_exec(db, sql, v, n, err);
    }
    if (l->n && (l->sql != sql || l->n_values != n)) {
        VG_TRY(vg_latest_write(db, err));
    }
    latest_row *row = row_of(l, v[n - 1].s, n - 1);
    if (!row) {
        return vg_exec(db, sql, v, n, err);
    }
    l->sql = sql;
    l->n_values = n;
    copy(row, v, n);
    db->kept_back = true;
    return VG_OK;
}

void vg_db_gather(vg_db *db)
{
    if (!db->latest) {
        db->latest = vg_alloc(sizeof *db->latest);
    }
}
