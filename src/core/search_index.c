// SPDX-License-Identifier: Apache-2.0
// Keeping the index. Temporary triggers note (in a temporary table, so that a rollback forgets the note, too)
// which searched rows a transaction changed, and fire only when a searched column really changed: a device's
// report, which writes states and times, never comes near. Before the commit the noted rows are read again,
// folded, and written if their words differ from what is stored.
//
// A row's words stand in search_word, once each with the greatest weight (4 first word, 3 title, 2 subtitle, 1 more), beside
// the row's own label and world, in the order (label, word, newest first): a search walks only through what
// the reader may see, and what he may not costs him not even time. That order is the table itself: a word costs one
// B-tree. search_doc says which row it is and keeps its words in one text, by which further words are checked and
// old ones found again. Plain SQL but for WITHOUT ROWID (the other store needs the column collated "C").
//
// What is not indexed yet (a new database, a new version, after a rebuild) is done by the scribe in pieces of
// some rows between its batches; search_state says how far it is.
#include "core/search_impl.h"

#include "base/clock.h"
#include "base/text.h"

enum { FIRST_WEIGHT = 4, CHUNK = 200, DIRTY_MAX = 256, BUDGET_US = 8000 };

// --- words --------------------------------------------------------------------------------------
static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static size_t add_word(vg_str s, uint8_t weight, search_word *v, size_t n, size_t max)
{
    if (s.n >= SEARCH_WORD) {
        s.n = vg_utf8_prefix((vg_str){s.p, SEARCH_WORD - 1});
    }
    for (size_t i = 0; i < n; i++) {
        if (v[i].n == s.n && memcmp(v[i].w, s.p, s.n) == 0) {
            v[i].weight = weight > v[i].weight ? weight : v[i].weight;
            return n;
        }
    }
    if (n == max || !s.n) {
        return n;
    }
    v[n] = (search_word){.n = (uint8_t)s.n, .weight = weight};
    memcpy(v[n].w, s.p, s.n);
    return n + 1;
}

size_t search_words(vg_str s, uint8_t weight, search_word *v, size_t n, size_t max)
{
    char folded[SEARCH_TEXT];
    const size_t len = vg_fold_to(s, folded, sizeof folded);
    for (size_t i = 0; i < len;) {
        size_t k = i;
        while (k < len && in_word(folded[k])) {
            k++;
        }
        if (k > i) {
            n = add_word((vg_str){folded + i, k - i}, weight, v, n, max);
        }
        i = k + 1;
    }
    return n;
}

// FNV-1a: a name for a resource, and the form of its index. Nobody gains by a collision.
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    const unsigned char *b = p;
    for (size_t i = 0; i < n; i++) {
        h = (h ^ b[i]) * UINT64_C(0x100000001B3);
    }
    return h;
}

static uint64_t mix_text(uint64_t h, const char *z)
{
    return z ? mix(h, z, strlen(z) + 1) : h;
}

static const uint64_t FNV = UINT64_C(0xCBF29CE484222325);

// --- SQL from the tables ------------------------------------------------------------------------
// The text with each "v_" that begins a word left out: views become their tables.
static void add_based(vg_buf *b, const char *sql)
{
    for (const char *p = sql; *p; p++) {
        const bool begins = p == sql || p[-1] == ' ' || p[-1] == '(';
        if (begins && p[0] == 'v' && p[1] == '_') {
            p++;
        } else {
            vg_buf_ch(b, *p);
        }
    }
}

static void add_from(vg_buf *b, const vg_resource *r, bool views)
{
    char plain[160];
    snprintf(plain, sizeof plain, "v_%s %s", r->table, r->alias);
    vg_buf_c(b, " FROM ");
    if (views) {
        vg_buf_c(b, r->search->from ? r->search->from : plain);
    } else {
        add_based(b, r->search->from ? r->search->from : plain);
    }
}

static const char *or_null(const char *sql)
{
    return sql ? sql : "NULL";
}

static char *text_of(vg_buf *b)
{
    (void)vg_buf_z(b);
    return b->p;
}

enum { COL_ID, COL_LABEL, COL_WORLD, COL_AT, COL_TEXT, COL_ROW = COL_TEXT + 4 };

static char *read_sql(const vg_resource *r, bool chunk)
{
    vg_buf b;
    const vg_search *s = r->search;
    vg_buf_init(&b, 8192);
    vg_buf_f(&b, "SELECT %s, %s%s, %s.world, %s.at, %s, %s, %s, %s, %s.rowid", r->cols[0].sql,
             s->label ? s->label : r->alias, s->label ? "" : ".label", r->alias, r->alias, s->title,
             or_null(s->title_en), or_null(s->subtitle), or_null(s->more), r->alias);
    add_from(&b, r, false);
    if (chunk) {
        vg_buf_f(&b, " WHERE %s.rowid > ? ORDER BY %s.rowid LIMIT ?", r->alias, r->alias);
    } else {
        vg_buf_f(&b, " WHERE %s = ?", r->cols[0].sql);
    }
    return text_of(&b);
}

static char *show_sql(const vg_resource *r)
{
    vg_buf b;
    const vg_search *s = r->search;
    vg_buf_init(&b, 8192);
    vg_buf_f(&b, "SELECT %s, %s, %s, %s, %s", s->title, or_null(s->title_en), or_null(s->subtitle),
             or_null(s->site), or_null(s->parent));
    add_from(&b, r, true);
    vg_buf_f(&b, " WHERE %s = ?", r->cols[0].sql);
    return text_of(&b);
}

// The columns of a list: "a, b", or each compared with what it was.
static void each_column(vg_buf *b, const char *list, const char *sep, bool compared)
{
    const char *word = "";
    for (const char *p = list; *p;) {
        const int n = (int)strcspn(p, " ");
        vg_buf_c(b, word);
        if (compared) {
            vg_buf_f(b, "NEW.%.*s IS NOT OLD.%.*s", n, p, n, p);
        } else {
            vg_buf_f(b, "%.*s", n, p);
        }
        word = sep;
        p += n;
        p += strspn(p, " ");
    }
}

static void trigger(vg_buf *b, size_t i, const char *tag, const char *when, const char *id)
{
    vg_buf_f(b,
             "CREATE TEMP TRIGGER search_%zu_%s AFTER %s BEGIN INSERT OR IGNORE INTO"
             " search_dirty (n, id) VALUES (%zu, %s); END;",
             i, tag, when, i, id);
}

static const char *id_column(const vg_resource *r)
{
    const char *dot = strchr(r->cols[0].sql, '.');
    return dot ? dot + 1 : r->cols[0].sql;
}

static void table_triggers(vg_buf *b, size_t i, const vg_resource *r)
{
    char columns[256], when[2048], id[80];
    vg_buf w;
    snprintf(columns, sizeof columns, "%s label world", r->search->columns);
    vg_buf_init(&w, sizeof when - 1);
    vg_buf_c(&w, "UPDATE OF ");
    each_column(&w, columns, ", ", false);
    vg_buf_f(&w, " ON main.%s WHEN ", r->table);
    each_column(&w, columns, " OR ", true);
    snprintf(id, sizeof id, "NEW.%s", id_column(r));
    trigger(b, i, "u", vg_buf_z(&w), id);
    vg_buf_done(&w);
    snprintf(when, sizeof when, "INSERT ON main.%s", r->table);
    trigger(b, i, "i", when, id);
    snprintf(when, sizeof when, "DELETE ON main.%s", r->table);
    snprintf(id, sizeof id, "OLD.%s", id_column(r));
    trigger(b, i, "d", when, id);
}

static void side_triggers(vg_buf *b, size_t i, const vg_search *s)
{
    static const char *const acts[] = {"INSERT", "UPDATE", "DELETE"};
    for (size_t k = 0; k < VG_LEN(acts); k++) {
        char tag[8], when[160], id[80];
        snprintf(tag, sizeof tag, "s%zu", k);
        snprintf(when, sizeof when, "%s ON main.%s", acts[k], s->side);
        snprintf(id, sizeof id, "%s.%s", k == 2 ? "OLD" : "NEW", s->side_key);
        trigger(b, i, tag, when, id);
    }
}

static void make_source(search_source *s, size_t i, const vg_resource *r)
{
    vg_buf t;
    const uint64_t sig = mix_text(FNV, "4");  // the form of the index: another one is built anew
    s->r = r;
    s->kind = (int64_t)(mix_text(FNV, r->name) & 0x7FFFFFFF);
    s->one = read_sql(r, false);
    s->chunk = read_sql(r, true);
    s->show = show_sql(r);
    vg_buf_init(&t, 16384);
    table_triggers(&t, i, r);
    if (r->search->side) {
        side_triggers(&t, i, r->search);
    }
    s->triggers = text_of(&t);
    s->signature = (int64_t)(mix_text(sig, s->one) & INT64_MAX);
}

const search_source *search_of_kind(const vg_search_index *x, int64_t kind)
{
    for (size_t i = 0; i < x->n; i++) {
        if (x->v[i].kind == kind) {
            return &x->v[i];
        }
    }
    return NULL;
}

// --- life ---------------------------------------------------------------------------------------
static vg_status load_state(vg_search_index *x, vg_db *db, vg_err *err)
{
    bool building = false;
    for (size_t i = 0; i < x->n; i++) {
        int64_t done;
        VG_TRY(vg_one_i64(db, "SELECT done FROM search_state WHERE kind = ? AND signature = ?",
                          VG_VALS(vg_i(x->v[i].kind), vg_i(x->v[i].signature)), 0, &done, err));
        building = building || !done;
    }
    x->building = building;
    return vg_one_i64(db, "SELECT max(doc) FROM search_doc", VG_NOVALS, 0, &x->last_doc, err);
}

static vg_status watch(vg_search_index *x, vg_db *db, vg_err *err)
{
    VG_TRY(
        vg_script(db, "CREATE TEMP TABLE search_dirty (n INTEGER, id TEXT, UNIQUE (n, id))", err));
    for (size_t i = 0; i < x->n; i++) {
        VG_TRY(vg_script(db, x->v[i].triggers, err));
    }
    return VG_OK;
}

vg_status vg_search_open(vg_db *db, vg_search_index **ret, vg_err *err)
{
    vg_search_index *x = vg_alloc(sizeof *x);
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            if (r->search && x->n < SEARCH_RESOURCES) {
                make_source(&x->v[x->n], x->n, r);
                x->n++;
            }
        }
    }
    vg_status s = watch(x, db, err);
    if (s == VG_OK) {
        s = load_state(x, db, err);
    }
    if (s != VG_OK) {
        vg_search_close(x);
        return s;
    }
    *ret = x;
    return VG_OK;
}

void vg_search_close(vg_search_index *x)
{
    for (size_t i = 0; x && i < x->n; i++) {
        free(x->v[i].one);
        free(x->v[i].chunk);
        free(x->v[i].show);
        free(x->v[i].triggers);
    }
    free(x);
}

bool vg_search_building(const vg_search_index *x)
{
    return x->building;
}

vg_status vg_search_forget(vg_search_index *x, vg_db *db, vg_err *err)
{
    for (size_t i = 0; i < x->n; i++) {
        char sql[80];
        static const char *const tags[] = {"u", "i", "d", "s0", "s1", "s2"};
        for (size_t k = 0; k < VG_LEN(tags); k++) {
            snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS temp.search_%zu_%s", i, tags[k]);
            VG_TRY(vg_script(db, sql, err));
        }
    }
    return vg_script(db,
                     "DELETE FROM search_word; DELETE FROM search_doc;"
                     "DELETE FROM search_state; DELETE FROM temp.search_dirty;",
                     err);
}

// --- one row ------------------------------------------------------------------------------------
typedef struct row {
    int64_t kind;
    char id[64];
    int64_t label, world, at;
    size_t n;
    search_word w[SEARCH_WORDS];
} row;

static void read_row(const search_source *s, vg_rows *r, row *ret)
{
    static const uint8_t weight[] = {3, 3, 2, 1};
    const vg_str id = vg_row_str(r, COL_ID);
    *ret = (row){.kind = s->kind,
                 .label = vg_row_i64(r, COL_LABEL),
                 .world = vg_row_i64(r, COL_WORLD),
                 .at = vg_row_i64(r, COL_AT)};
    snprintf(ret->id, sizeof ret->id, "%.*s", VG_FMT(id));
    for (int i = 0; i < 4; i++) {
        ret->n = search_words(vg_row_str(r, COL_TEXT + i), weight[i], ret->w, ret->n, SEARCH_WORDS);
        ret->w[0].weight = FIRST_WEIGHT;
    }
}

// What search_doc keeps of the words.
static size_t words_text(const row *x, char out[SEARCH_WORDS_TEXT])
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) {
        out[n++] = (char)('0' + x->w[i].weight);
        memcpy(out + n, x->w[i].w, x->w[i].n);
        n += x->w[i].n;
        out[n++] = ' ';
    }
    return n;
}

bool search_next_word(vg_str *rest, vg_str *ret, int *ret_weight)
{
    const char *blank = rest->n ? memchr(rest->p, ' ', rest->n) : NULL;
    if (!blank || blank == rest->p) {
        return false;
    }
    const size_t n = (size_t)(blank - rest->p);
    *ret_weight = rest->p[0] - '0';
    *ret = (vg_str){rest->p + 1, n - 1};
    *rest = (vg_str){blank + 1, rest->n - n - 1};
    return true;
}

// What stands in the index of one row. doc 0: nothing.
typedef struct stored {
    int64_t doc, label, world, at;
    size_t n;
    char words[SEARCH_WORDS_TEXT];
} stored;

static vg_status stored_of(vg_db *db, int64_t kind, const char *id, stored *ret, vg_err *err)
{
    vg_rows *r;
    ret->doc = 0;
    VG_TRY(vg_rows_open(
        db, "SELECT doc, label, world, at, words FROM search_doc WHERE id = ? AND kind = ?",
        VG_VALS(vg_z(id), vg_i(kind)), &r, err));
    if (vg_rows_next(r)) {
        const vg_str words = vg_row_str(r, 4);
        ret->doc = vg_row_i64(r, 0);
        ret->label = vg_row_i64(r, 1);
        ret->world = vg_row_i64(r, 2);
        ret->at = vg_row_i64(r, 3);
        ret->n = words.n < sizeof ret->words ? words.n : sizeof ret->words;
        memcpy(ret->words, words.p, ret->n);
    }
    return vg_rows_close(r, err);
}

static vg_status drop(vg_db *db, const stored *d, vg_err *err)
{
    vg_str rest = {d->words, d->n}, word;
    int weight;
    while (search_next_word(&rest, &word, &weight)) {
        VG_TRY(vg_exec(
            db, "DELETE FROM search_word WHERE label = ? AND word = ? AND at = ? AND doc = ?",
            VG_VALS(vg_i(d->label), vg_t(word), vg_i(d->at), vg_i(d->doc)), err));
    }
    return vg_exec(db, "DELETE FROM search_doc WHERE doc = ?", VG_VALS(vg_i(d->doc)), err);
}

static vg_status write_row(vg_db *db, const row *x, int64_t doc, vg_str words, vg_err *err)
{
    VG_TRY(vg_exec(
        db,
        "INSERT INTO search_doc (doc, kind, id, at, words, label, world) VALUES (?,?,?,?,?,?,?)",
        VG_VALS(vg_i(doc), vg_i(x->kind), vg_z(x->id), vg_i(x->at), vg_t(words), vg_i(x->label),
                vg_i(x->world)),
        err));
    for (size_t i = 0; i < x->n; i++) {
        const vg_str w = {x->w[i].w, x->w[i].n};
        VG_TRY(vg_exec(db,
                       "INSERT INTO search_word (label, word, at, doc, kind, weight, world)"
                       " VALUES (?,?,?,?,?,?,?)",
                       VG_VALS(vg_i(x->label), vg_t(w), vg_i(x->at), vg_i(doc), vg_i(x->kind),
                               vg_i(x->w[i].weight), vg_i(x->world)),
                       err));
    }
    return VG_OK;
}

// Stores now in place of what was there; now NULL: the row (kind, id) is no more.
static vg_status store(vg_search_index *x, vg_db *db, int64_t kind, const char *id, const row *now,
                       vg_err *err)
{
    stored was;
    char text[SEARCH_WORDS_TEXT];
    const vg_str words = {text, now ? words_text(now, text) : 0};
    VG_TRY(stored_of(db, kind, id, &was, err));
    if (now && was.doc && was.label == now->label && was.world == now->world &&
        vg_str_eq((vg_str){was.words, was.n}, words)) {
        return VG_OK;
    }
    if (was.doc) {
        VG_TRY(drop(db, &was, err));
    }
    return words.n ? write_row(db, now, ++x->last_doc, words, err) : VG_OK;
}

static vg_status refresh(vg_search_index *all, const search_source *s, vg_db *db, const char *id,
                         vg_err *err)
{
    vg_rows *r;
    row x;
    VG_TRY(vg_rows_open(db, s->one, VG_VALS(vg_z(id)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        read_row(s, r, &x);
    }
    VG_TRY(vg_rows_close(r, err));
    return store(all, db, s->kind, id, found ? &x : NULL, err);
}

// --- keeping up ---------------------------------------------------------------------------------
typedef struct dirty {
    int64_t number, n;
    char id[64];
} dirty;

static vg_status next_dirty(vg_db *db, dirty *v, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    VG_TRY(vg_rows_open(db, "SELECT rowid, n, id FROM temp.search_dirty ORDER BY rowid LIMIT ?",
                        VG_VALS(vg_i(DIRTY_MAX)), &r, err));
    while (vg_rows_next(r)) {
        v[n].number = vg_row_i64(r, 0);
        v[n].n = vg_row_i64(r, 1);
        snprintf(v[n].id, sizeof v[n].id, "%.*s", VG_FMT(vg_row_str(r, 2)));
        n++;
    }
    *ret_n = n;
    return vg_rows_close(r, err);
}

vg_status vg_search_flush(vg_search_index *x, vg_db *db, vg_err *err)
{
    dirty v[DIRTY_MAX];
    size_t n;
    do {
        VG_TRY(next_dirty(db, v, &n, err));
        for (size_t i = 0; i < n; i++) {
            VG_TRY(refresh(x, &x->v[v[i].n], db, v[i].id, err));
        }
        if (n) {
            VG_TRY(vg_exec(db, "DELETE FROM temp.search_dirty WHERE rowid <= ?",
                           VG_VALS(vg_i(v[n - 1].number)), err));
        }
    } while (n == DIRTY_MAX);
    return VG_OK;
}

static vg_status note_state(const search_source *s, vg_db *db, int64_t upto, bool done, vg_err *err)
{
    return vg_exec(db,
                   "INSERT INTO search_state (kind, signature, upto, done) VALUES (?,?,?,?)"
                   " ON CONFLICT (kind) DO UPDATE SET signature = excluded.signature,"
                   " upto = excluded.upto, done = excluded.done",
                   VG_VALS(vg_i(s->kind), vg_i(s->signature), vg_i(upto), vg_i(done)), err);
}

static vg_status build_some(vg_search_index *all, const search_source *s, vg_db *db, int64_t upto,
                            vg_err *err)
{
    vg_rows *r;
    size_t n = 0;
    VG_TRY(vg_rows_open(db, s->chunk, VG_VALS(vg_i(upto), vg_i(CHUNK)), &r, err));
    const int64_t until = vg_mono_us() + BUDGET_US;
    bool out_of_time = false;
    vg_status st = VG_OK;
    while (st == VG_OK && !out_of_time && vg_rows_next(r)) {
        row x;
        read_row(s, r, &x);
        upto = vg_row_i64(r, COL_ROW);
        st = store(all, db, s->kind, x.id, &x, err);
        n++;
        out_of_time = vg_mono_us() > until;
    }
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    VG_TRY(st);
    VG_TRY(closed);
    return note_state(s, db, upto, !out_of_time && n < CHUNK, err);
}

vg_status vg_search_build(vg_search_index *x, vg_db *db, vg_err *err)
{
    for (size_t i = 0; i < x->n; i++) {
        const search_source *s = &x->v[i];
        vg_rows *r;
        VG_TRY(vg_rows_open(db,
                            "SELECT upto, done FROM search_state WHERE kind = ? AND signature = ?",
                            VG_VALS(vg_i(s->kind), vg_i(s->signature)), &r, err));
        const bool begun = vg_rows_next(r);
        const int64_t upto = begun ? vg_row_i64(r, 0) : 0;
        const bool done = begun && vg_row_i64(r, 1) != 0;
        VG_TRY(vg_rows_close(r, err));
        if (!done) {
            return build_some(x, s, db, upto, err);
        }
    }
    x->building = false;
    return VG_OK;
}
