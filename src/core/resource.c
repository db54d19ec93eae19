// SPDX-License-Identifier: Apache-2.0
// Listing and showing rows. The SQL of a resource is built from its table of columns and filters and
// kept for the life of the process, one text per combination of filters, so that every connection can
// keep it prepared. Pages go by key (sort, row id), newest first; totals are counted, not guessed.
#include "core/core.h"

#include "base/clock.h"

#include <pthread.h>

enum { MAX_LIMIT = 500, KEPT_FIRST = 1024 };
enum { MADE_BY = 1u << 16 };  // in a mask, beside the filters: vg_page.made_until_us

// --- kept SQL texts: (resource, what, filter mask) → text ----------------------------------------
typedef enum sql_kind { SQL_LIST, SQL_NEXT, SQL_COUNT, SQL_BY_ID, SQL_BY_ROW, SQL_KINDS } sql_kind;

// At most resources x combinations of filters x kinds; grows, since how many are asked for is the callers' matter.
typedef struct kept_sql {
    const vg_resource *r;
    unsigned key;
    char *sql;
} kept_sql;

static struct {
    pthread_mutex_t lock;
    kept_sql *row;  // a power of two, at most half full
    size_t n, room;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void columns(vg_buf *b, const vg_resource *r)
{
    for (const vg_col *c = r->cols; c->name; c++) {
        vg_buf_f(b, "%s%s", c == r->cols ? "" : ", ", c->sql ? c->sql : c->name);
    }
}

static void where(vg_buf *b, const vg_resource *r, unsigned mask, const char *more)
{
    const char *word = " WHERE ";
    for (unsigned i = 0; r->filters && r->filters[i].param; i++) {
        if (mask >> i & 1) {
            vg_buf_f(b, "%s%s", word, r->filters[i].sql);
            word = " AND ";
        }
    }
    if (mask & MADE_BY) {
        vg_buf_f(b, "%s%s.%s <= ?", word, r->alias,
                 strcmp(r->table, "event") == 0 ? "recorded" : "at");
        word = " AND ";
    }
    if (more) {
        vg_buf_f(b, "%s%s", word, more);
    }
}

static char *finish(vg_buf *b)
{
    (void)vg_buf_z(b);
    return b->p;
}

// Does sql name another table than alias? ("t.state = ?" does not, "s.code = ?" does)
static bool names_other(const char *sql, const char *alias)
{
    const size_t n = strlen(alias);
    for (const char *dot = strchr(sql, '.'); dot; dot = strchr(dot + 1, '.')) {
        const char *from = dot;
        while (from > sql && ((from[-1] | 0x20) >= 'a' ? (from[-1] | 0x20) <= 'z' : false)) {
            from--;
        }
        if (dot > from && ((size_t)(dot - from) != n || memcmp(from, alias, n) != 0)) {
            return true;
        }
    }
    return false;
}

// How much of r->from the total needs: tables joined on the left by their key for a column to show neither add
// nor drop rows, and looking them up for each of ten thousand rows costs more than the page itself.
static size_t counted(const vg_resource *r, unsigned mask)
{
    const char *left = strstr(r->from, " LEFT JOIN ");
    const size_t n = left ? (size_t)(left - r->from) : strlen(r->from);
    bool whole = !left || memmem(r->from, n, " JOIN ", 6) || memchr(r->from, ',', n);
    for (const char *p = left; p && !whole;
         p = strstr(p + 1, " JOIN ")) {  // a later inner join may drop rows
        whole = p != left && memcmp(p - 5, " LEFT", 5) != 0;
    }
    for (unsigned i = 0; r->filters && r->filters[i].param && !whole; i++) {
        whole = (mask >> i & 1) &&
                (names_other(r->filters[i].sql, r->alias) || strstr(r->filters[i].sql, "SELECT"));
    }
    return whole ? strlen(r->from) : n;
}

static char *build(const vg_resource *r, sql_kind kind, unsigned mask)
{
    vg_buf b;
    vg_buf_init(&b, 16384);
    char more[200];
    if (kind == SQL_COUNT) {
        // A column, not *: SQLite asks the authorizer for an unfiltered base table of which no column is used.
        // The row's number, since every index has it: with state, label and world in one, no row is looked up.
        vg_buf_f(&b, "SELECT count(%s.row_id) FROM %.*s", r->alias, (int)counted(r, mask), r->from);
        where(&b, r, mask, NULL);
        return finish(&b);
    }
    vg_buf_c(&b, "SELECT ");
    columns(&b, r);
    vg_buf_f(&b, ", %s, %s.row_id", r->sort, r->alias);
    if (kind == SQL_BY_ROW) {
        vg_buf_f(&b, ", %s.label, %s.world", r->alias, r->alias);
    }
    vg_buf_f(&b, " FROM %s", r->from);
    if (kind == SQL_BY_ID || kind == SQL_BY_ROW) {
        if (kind == SQL_BY_ROW) {
            vg_buf_f(&b, " WHERE %s.row_id = ?", r->alias);
        } else {
            vg_buf_f(&b, " WHERE %s = ?", r->cols[0].sql ? r->cols[0].sql : r->cols[0].name);
        }
        return finish(&b);
    }
    snprintf(more, sizeof more, "(%s, %s.row_id) < (?, ?)", r->sort, r->alias);
    where(&b, r, mask, kind == SQL_NEXT ? more : NULL);
    vg_buf_f(&b, " ORDER BY %s DESC, %s.row_id DESC LIMIT ?", r->sort, r->alias);
    return finish(&b);
}

static kept_sql *kept_at(kept_sql *row, size_t room, const vg_resource *r, unsigned key)
{
    size_t i = ((uintptr_t)r / sizeof *r * 31 + key * 7919u) & (room - 1);
    while (row[i].r && (row[i].r != r || row[i].key != key)) {
        i = (i + 1) & (room - 1);
    }
    return &row[i];
}

static void kept_grow(void)
{
    const size_t room = kept.room ? kept.room * 2 : KEPT_FIRST;
    kept_sql *row = vg_alloc(room * sizeof *row);
    for (size_t i = 0; i < kept.room; i++) {
        if (kept.row[i].r) {
            *kept_at(row, room, kept.row[i].r, kept.row[i].key) = kept.row[i];
        }
    }
    free(kept.row);
    kept.row = row;
    kept.room = room;
}

static const char *sql_for(const vg_resource *r, sql_kind kind, unsigned mask)
{
    const unsigned key = mask * SQL_KINDS + kind;
    pthread_mutex_lock(&kept.lock);
    if (kept.n * 2 >= kept.room) {
        kept_grow();
    }
    kept_sql *k = kept_at(kept.row, kept.room, r, key);
    if (!k->r) {
        *k = (kept_sql){r, key, build(r, kind, mask)};
        kept.n++;
    }
    const char *sql = k->sql;
    pthread_mutex_unlock(&kept.lock);
    return sql;
}

// --- rows ---------------------------------------------------------------------------------------
// "kind body"
static void put_body(vg_jw *out, const vg_opaque *o, vg_str both)
{
    const char *space = memchr(both.p, ' ', both.n);
    const size_t n = space ? (size_t)(space - both.p) : both.n;
    const vg_str body = vg_str_trim((vg_str){both.p + n, both.n - n});
    vg_event_body_say(o, (vg_str){both.p, n}, body, out);
}

static void put(vg_jw *out, const vg_opaque *o, const vg_col *c, vg_rows *r, int i)
{
    char name[VG_EVENT_NAME];
    vg_jw_key(out, c->name);
    if (vg_row_null(r, i)) {
        vg_jw_null(out);
        return;
    }
    if (c->say) {
        const char *said = c->say(vg_row_str(r, i));
        said ? vg_jw_str(out, vg_str_c(said)) : vg_jw_null(out);
        return;
    }
    switch (c->type) {
    case VG_COL_INT:
        vg_jw_i64(out, vg_row_i64(r, i));
        break;
    case VG_COL_BOOL:
        vg_jw_bool(out, vg_row_i64(r, i) != 0);
        break;
    case VG_COL_TIME:
        vg_jw_time_exact(out, vg_time_told(o, vg_row_i64(r, i)));
        break;
    case VG_COL_EVENT:
        vg_event_say_stored(o, vg_row_str(r, i), name) ? vg_jw_str(out, vg_str_c(name))
                                                       : vg_jw_null(out);
        break;
    case VG_COL_BODY:
        put_body(out, o, vg_row_str(r, i));
        break;
    case VG_COL_JSON:
    case VG_COL_CITES: {
        const vg_str s = vg_row_str(r, i);
        s.n && c->type == VG_COL_CITES ? vg_cites_say(o, s, out)
                                       : vg_jw_raw(out, s.n ? s : VG_S("null"));
        break;
    }
    case VG_COL_TEXT:
    default:
        vg_jw_str(out, vg_row_str(r, i));
    }
}

static int row_json(const vg_resource *res, const vg_opaque *o, vg_rows *r, vg_jw *out)
{
    int i = 0;
    vg_jw_open(out, '{');
    for (const vg_col *c = res->cols; c->name; c++, i++) {
        put(out, o, c, r, i);
    }
    vg_jw_close(out, '}');
    return i;
}

// As tables keep it; what he was never told is the name of nothing.
static vg_str stored_name(const vg_opaque *o, vg_str told, char out[VG_EVENT_NAME])
{
    int64_t id;
    *out = 0;
    if (vg_event_named(o, told, &id)) {
        vg_event_say(&(vg_opaque){.plain = true}, id, out);
    }
    return vg_str_c(out);
}

vg_status vg_resource_row(const vg_resource *res, vg_db *db, vg_str id, int64_t rowid,
                          vg_row_where *ret, vg_jw *out, vg_err *err)
{
    vg_rows *r;
    char name[VG_EVENT_NAME];
    const vg_opaque *o = vg_opaque_at(db);
    if (id.p && res->cols[0].type == VG_COL_EVENT) {
        id = stored_name(o, id, name);
    }
    VG_TRY(id.p ? vg_rows_open(db, sql_for(res, SQL_BY_ID, 0), VG_VALS(vg_t(id)), &r, err)
                : vg_rows_open(db, sql_for(res, SQL_BY_ROW, 0), VG_VALS(vg_i(rowid)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        const int n = row_json(res, o, r, out);
        if (ret && !id.p) {
            *ret = (vg_row_where){(int32_t)vg_row_i64(r, n + 2), vg_row_i64(r, n + 3)};
        }
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%.*s", VG_FMT(id));
}

static unsigned bind_filters(const vg_resource *res, const vg_page *page, vg_val *v, size_t *n,
                             vg_err *err, vg_status *st)
{
    unsigned mask = 0;
    *st = VG_OK;
    for (unsigned i = 0; res->filters && res->filters[i].param; i++) {  // in the order of the SQL
        for (size_t k = 0; k < page->n_filters; k++) {
            if (page->filter[k].index != i || mask >> i & 1) {
                continue;
            }
            int64_t x = 0;
            if (res->filters[i].type == VG_F_BOOL) {
                x = vg_str_eqc(page->filter[k].value, "true") ||
                    vg_str_eqc(page->filter[k].value, "1");
                v[(*n)++] = vg_i(x);
            } else if (res->filters[i].type == VG_F_INT) {
                *st = vg_str_i64(page->filter[k].value, INT64_MIN, INT64_MAX, &x, err);
                v[(*n)++] = vg_i(x);
            } else if (res->filters[i].type == VG_F_TIME) {
                *st = vg_time_parse(page->filter[k].value, &x, err);
                v[(*n)++] = vg_i(x);
            } else {
                v[(*n)++] = vg_t(page->filter[k].value);
            }
            mask |= 1u << i;
        }
    }
    return mask;
}

// A place is (sort, row number): sealed, as both tell how much there is.
static void place_say(const vg_resource *res, vg_db *db, const int64_t at[2], char out[VG_CURSOR])
{
    vg_sealed_say(vg_opaque_at(db), res->name, at, 2 * sizeof *at, out);
}

static vg_status place_read(const vg_resource *res, vg_db *db, vg_str cursor, int64_t ret_at[2],
                            vg_err *err)
{
    return vg_sealed_read(vg_opaque_at(db), res->name, cursor, ret_at, 2 * sizeof *ret_at)
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "cursor", "err.cursor", "%s", "");
}

static void items(const vg_resource *res, vg_db *db, vg_rows *r, int limit, vg_jw *out,
                  char next[VG_CURSOR])
{
    int n = 0;
    vg_jw_key(out, "items");
    vg_jw_open(out, '[');
    int64_t last[2] = {0};
    *next = 0;
    while (vg_rows_next(r)) {
        if (n++ == limit) {
            place_say(res, db, last, next);
            break;
        }
        const int i = row_json(res, vg_opaque_at(db), r, out);
        last[0] = vg_row_i64(r, i);
        last[1] = vg_row_i64(r, i + 1);
    }
    vg_jw_close(out, ']');
}

vg_status vg_resource_total(const vg_resource *res, vg_db *db, int64_t made_until_us, int64_t *ret,
                            vg_err *err)
{
    return made_until_us ? vg_one_i64(db, sql_for(res, SQL_COUNT, MADE_BY),
                                      VG_VALS(vg_i(made_until_us)), 0, ret, err)
                         : vg_one_i64(db, sql_for(res, SQL_COUNT, 0), NULL, 0, 0, ret, err);
}

vg_status vg_resource_list(const vg_resource *res, vg_db *db, const vg_page *page, vg_jw *out,
                           vg_err *err)
{
    vg_val v[16];
    size_t n = 0;
    vg_status st;
    unsigned mask = bind_filters(res, page, v, &n, err, &st);
    VG_TRY(st);
    if (page->made_until_us) {
        mask |= MADE_BY;
        v[n++] = vg_i(page->made_until_us);
    }
    const int limit = page->limit < 1 ? 50 : page->limit > MAX_LIMIT ? MAX_LIMIT : page->limit;
    int64_t total, at[2];
    char next[VG_CURSOR];
    VG_TRY(vg_one_i64(db, sql_for(res, SQL_COUNT, mask), v, n, 0, &total, err));
    if (page->cursor.n) {
        VG_TRY(place_read(res, db, page->cursor, at, err));
        v[n++] = vg_i(at[0]);
        v[n++] = vg_i(at[1]);
    }
    v[n++] = vg_i(limit + 1);
    vg_rows *r;
    VG_TRY(
        vg_rows_open(db, sql_for(res, page->cursor.n ? SQL_NEXT : SQL_LIST, mask), v, n, &r, err));
    vg_jw_open(out, '{');
    items(res, db, r, limit, out, next);
    VG_TRY(vg_rows_close(r, err));
    vg_jw_ki64(out, "total", total);
    vg_jw_key(out, "next");
    if (*next) {
        vg_jw_str(out, vg_str_c(next));
    } else {
        vg_jw_null(out);
    }
    vg_jw_close(out, '}');
    return VG_OK;
}

vg_status vg_resource_each(const vg_resource *res, vg_db *db, const vg_page *page,
                           vg_resource_fn fn, void *ctx, char ret_next[VG_CURSOR], vg_err *err)
{
    vg_val v[16];
    size_t n = 0;
    vg_status st;
    int64_t at[2] = {0};
    unsigned mask = bind_filters(res, page, v, &n, err, &st);
    VG_TRY(st);
    if (page->made_until_us) {
        mask |= MADE_BY;
        v[n++] = vg_i(page->made_until_us);
    }
    if (page->cursor.n) {
        VG_TRY(place_read(res, db, page->cursor, at, err));
        v[n++] = vg_i(at[0]);
        v[n++] = vg_i(at[1]);
    }
    v[n++] = vg_i(page->limit);
    vg_rows *r;
    int columns = 0, rows = 0;
    while (res->cols[columns].name) {
        columns++;
    }
    VG_TRY(
        vg_rows_open(db, sql_for(res, page->cursor.n ? SQL_NEXT : SQL_LIST, mask), v, n, &r, err));
    for (; vg_rows_next(r); rows++) {
        at[0] = vg_row_i64(r, columns);
        at[1] = vg_row_i64(r, columns + 1);
        fn(ctx, r);
    }
    *ret_next = 0;
    if (rows == page->limit) {
        place_say(res, db, at, ret_next);
    }
    return vg_rows_close(r, err);
}
