// SPDX-License-Identifier: Apache-2.0
// The floors: bare loops over SQLite itself, one connection, prepared statements, nothing else of ours but the
// chain's hash and the seal. They write or read the very rows of the run they stand beside: the events are
// taken from its journal, the start from a copy made before it. WAL and synchronous=FULL as the product.
#include "app/bench.h"

#include "journal/chain.h"

#include <sodium.h>
#include <sqlite3.h>

typedef struct kept {
    vg_event *v;
    size_t n, cap;
    vg_arena *arena;
} kept;

static vg_status sq(sqlite3 *h, int rc, vg_err *err)
{
    return rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW
               ? VG_OK
               : vg_fail(err, VG_EINTERNAL, "", NULL, "bare: %s", sqlite3_errmsg(h));
}

static vg_str text(sqlite3_stmt *st, int col)
{
    const void *p = sqlite3_column_blob(st, col);
    return (vg_str){p ? p : "", (size_t)sqlite3_column_bytes(st, col)};
}

static void read_event(sqlite3_stmt *st, vg_event *e)
{
    const int64_t id = sqlite3_column_int64(st, 0), cause = sqlite3_column_int64(st, 10);
    const int64_t mask = (INT64_C(1) << VG_SEQ_BITS) - 1;
    *e = (vg_event){.log = (uint32_t)(id >> VG_SEQ_BITS),
                    .seq = id & mask,
                    .kind = text(st, 1),
                    .version = sqlite3_column_int(st, 2),
                    .label = sqlite3_column_int(st, 3),
                    .purpose = sqlite3_column_int(st, 4),
                    .world = sqlite3_column_int64(st, 5),
                    .site = text(st, 6),
                    .subject = text(st, 7),
                    .actor = text(st, 8),
                    .cause_log = (uint32_t)(cause >> VG_SEQ_BITS),
                    .cause_seq = cause & mask,
                    .captured_us = sqlite3_column_int64(st, 11),
                    .received_us = sqlite3_column_int64(st, 12),
                    .recorded_us = sqlite3_column_int64(st, 13),
                    .source = text(st, 14),
                    .source_seq = sqlite3_column_int64(st, 15),
                    .body = text(st, 16),
                    .personal = text(st, 17),
                    .person = text(st, 18)};
    memcpy(e->command.b, text(st, 9).p, sizeof e->command.b);
    memcpy(e->hash, text(st, 19).p, sizeof e->hash);
    memcpy(e->salt, text(st, 20).p, sizeof e->salt);
}

static void keep(kept *k, const vg_event *e)
{
    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 4096;
        k->v = vg_realloc(k->v, k->cap * sizeof *k->v);
    }
    vg_event *to = &k->v[k->n++];
    *to = *e;
    vg_str *const texts[] = {&to->kind,  &to->site,   &to->subject,
                             &to->actor, &to->source, &to->body};
    for (size_t i = 0; i < VG_LEN(texts); i++) {
        *texts[i] = vg_str_dup(k->arena, *texts[i]);
    }
}

static const char SELECT[] = "SELECT " VG_EVENT_COLUMNS " FROM event e ";

static vg_status load(kept *k, const char *from, vg_err *err)
{
    sqlite3 *h;
    sqlite3_stmt *st = NULL;
    char sql[1024];
    snprintf(sql, sizeof sql, "%s WHERE kind = 'sites.signal' ORDER BY recorded", SELECT);
    vg_status s = sq(NULL, sqlite3_open_v2(from, &h, SQLITE_OPEN_READONLY, NULL), err);
    if (s == VG_OK) {
        s = sq(h, sqlite3_prepare_v2(h, sql, -1, &st, NULL), err);
    }
    while (s == VG_OK && sqlite3_step(st) == SQLITE_ROW) {
        vg_event e;
        read_event(st, &e);
        keep(k, &e);
    }
    sqlite3_finalize(st);
    sqlite3_close(h);
    return s;
}

// --- writing --------------------------------------------------------------------------------------
enum { LOGS = 64, SEAL_EVERY = 256 };

typedef enum bare_sql { B_EVENT, B_ZONE, B_SEAL, B_BEGIN, B_COMMIT, B_N } bare_sql;
static const char *const SQL[B_N] = {
    [B_EVENT] = "INSERT INTO event (id, kind, version, label, purpose, world, site, subject, "
                "actor, command, cause,"
                " captured, received, recorded, source, source_seq, body, personal, person, hash, "
                "salt)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [B_ZONE] = "UPDATE zone SET last_signal_at = ?, last_signal_kind = ? WHERE id = ?",
    [B_SEAL] = "INSERT INTO seal (id, hash, sealed, key, signature) VALUES (?,?,?,?,?)",
    [B_BEGIN] = "BEGIN IMMEDIATE",
    [B_COMMIT] = "COMMIT",
};

typedef struct bare {
    sqlite3 *h;
    sqlite3_stmt *st[B_N];
    unsigned char head[LOGS][VG_HASH_BYTES];
    int64_t seq[LOGS], sealed[LOGS];
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
} bare;

static vg_status bare_heads(bare *b, vg_err *err)
{
    sqlite3_stmt *st;
    VG_TRY(sq(b->h,
              sqlite3_prepare_v2(b->h, "SELECT max(id), hash FROM event GROUP BY id >> 40", -1, &st,
                                 NULL),
              err));
    while (sqlite3_step(st) == SQLITE_ROW) {
        const int64_t id = sqlite3_column_int64(st, 0), log = id >> VG_SEQ_BITS;
        if (log < LOGS) {
            b->seq[log] = b->sealed[log] = id & ((INT64_C(1) << VG_SEQ_BITS) - 1);
            memcpy(b->head[log], text(st, 1).p, VG_HASH_BYTES);
        }
    }
    return sq(b->h, sqlite3_finalize(st), err);
}

static vg_status bare_open(bare *b, const char *path, vg_err *err)
{
    static const char pragmas[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
        "PRAGMA temp_store=MEMORY";
    const unsigned char seed[32] = {7};
    crypto_sign_seed_keypair(b->public_key, b->secret_key, seed);
    VG_TRY(sq(NULL, sqlite3_open(path, &b->h), err));
    VG_TRY(sq(b->h, sqlite3_exec(b->h, pragmas, NULL, NULL, NULL), err));
    for (int i = 0; i < B_N; i++) {
        VG_TRY(sq(b->h,
                  sqlite3_prepare_v3(b->h, SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &b->st[i], NULL),
                  err));
    }
    return bare_heads(b, err);
}

static void bare_close(bare *b)
{
    for (int i = 0; i < B_N; i++) {
        sqlite3_finalize(b->st[i]);
    }
    sqlite3_close(b->h);
}

static int step(sqlite3_stmt *st)
{
    const int rc = sqlite3_step(st);
    sqlite3_reset(st);
    return rc;
}

static void bind_text(sqlite3_stmt *st, int at, vg_str s)
{
    sqlite3_bind_text(st, at, s.p, (int)s.n, SQLITE_STATIC);
}

static int bare_event(bare *b, const vg_event *given)
{
    sqlite3_stmt *st = b->st[B_EVENT];
    vg_event e = *given;
    unsigned char hash[VG_HASH_BYTES];
    const uint32_t log = e.log % LOGS;
    e.seq = ++b->seq[log];
    vg_chain_hash(b->head[log], &e, hash);
    memcpy(b->head[log], hash, sizeof hash);
    sqlite3_bind_int64(st, 1, VG_EVENT_ROWID(e.log, e.seq));
    bind_text(st, 2, e.kind);
    sqlite3_bind_int(st, 3, e.version);
    sqlite3_bind_int(st, 4, e.label);
    sqlite3_bind_int(st, 5, e.purpose);
    sqlite3_bind_int64(st, 6, e.world);
    bind_text(st, 7, e.site);
    bind_text(st, 8, e.subject);
    bind_text(st, 9, e.actor);
    sqlite3_bind_blob(st, 10, e.command.b, sizeof e.command.b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 11, 0);
    sqlite3_bind_int64(st, 12, e.captured_us);
    sqlite3_bind_int64(st, 13, e.received_us);
    sqlite3_bind_int64(st, 14, e.recorded_us);
    bind_text(st, 15, e.source);
    sqlite3_bind_int64(st, 16, e.source_seq);
    bind_text(st, 17, e.body);
    sqlite3_bind_null(st, 18);
    sqlite3_bind_null(st, 19);
    sqlite3_bind_blob(st, 20, hash, sizeof hash, SQLITE_STATIC);
    sqlite3_bind_blob(st, 21, e.salt, sizeof e.salt, SQLITE_STATIC);
    return step(st);
}

static int bare_zone(bare *b, const vg_event *e)
{
    sqlite3_bind_int64(b->st[B_ZONE], 1, e->received_us);
    bind_text(b->st[B_ZONE], 2, VG_S("door_opened"));
    bind_text(b->st[B_ZONE], 3, e->subject);
    return step(b->st[B_ZONE]);
}

static int bare_seals(bare *b, int64_t now_us)
{
    sqlite3_stmt *st = b->st[B_SEAL];
    int rc = SQLITE_DONE;
    for (uint32_t log = 1; log < LOGS && rc == SQLITE_DONE; log++) {
        unsigned char msg[64], sig[crypto_sign_BYTES];
        if (b->seq[log] - b->sealed[log] < SEAL_EVERY) {
            continue;
        }
        const size_t n = vg_seal_message(log, b->seq[log], now_us, b->head[log], msg);
        crypto_sign_detached(sig, NULL, msg, n, b->secret_key);
        sqlite3_bind_int64(st, 1, VG_EVENT_ROWID(log, b->seq[log]));
        sqlite3_bind_blob(st, 2, b->head[log], VG_HASH_BYTES, SQLITE_STATIC);
        sqlite3_bind_int64(st, 3, now_us);
        sqlite3_bind_blob(st, 4, b->public_key, sizeof b->public_key, SQLITE_STATIC);
        sqlite3_bind_blob(st, 5, sig, sizeof sig, SQLITE_STATIC);
        rc = step(st);
        b->sealed[log] = b->seq[log];
    }
    return rc;
}

static vg_status bare_batch(bare *b, const vg_event *v, size_t n, vg_err *err)
{
    int rc = step(b->st[B_BEGIN]);
    for (size_t i = 0; i < n && rc == SQLITE_DONE; i++) {
        rc = bare_event(b, &v[i]);
        if (rc == SQLITE_DONE) {
            rc = bare_zone(b, &v[i]);
        }
    }
    if (rc == SQLITE_DONE) {
        rc = bare_seals(b, vg_now_us());
    }
    if (rc == SQLITE_DONE) {
        rc = step(b->st[B_COMMIT]);
    }
    return sq(b->h, rc, err);
}

vg_status bench_floor_signals(bench *b, bench_floor *f, vg_err *err)
{
    (void)b;
    bare db = {0};
    kept k = {.arena = vg_arena_create((size_t)2 << 30)};
    vg_status s = load(&k, f->from, err);
    if (s == VG_OK) {
        s = bare_open(&db, f->base, err);
    }
    const int64_t end = vg_mono_us() + b->seconds * VG_SECOND_US, t = vg_mono_us();
    size_t i = 0;
    while (s == VG_OK && i < k.n && vg_mono_us() < end) {
        const size_t n = k.n - i < f->batch ? k.n - i : f->batch;
        s = bare_batch(&db, k.v + i, n, err);
        i += n;
    }
    f->took_us = vg_mono_us() - t;
    f->events = (int64_t)i;
    bare_close(&db);
    free(k.v);
    vg_arena_destroy(k.arena);
    return s;
}

// The projections alone, from memory: what a fold writes when it writes for each event.
vg_status bench_floor_fold(bench *b, bench_floor *f, vg_err *err)
{
    (void)b;
    bare db = {0};
    kept k = {.arena = vg_arena_create((size_t)2 << 30)};
    vg_status s = load(&k, f->from, err);
    if (s == VG_OK) {
        s = bare_open(&db, f->base, err);
    }
    const int64_t t = vg_mono_us();
    int rc = s == VG_OK ? step(db.st[B_BEGIN]) : SQLITE_ERROR;
    for (size_t i = 0; i < k.n && rc == SQLITE_DONE; i++) {
        rc = bare_zone(&db, &k.v[i]);
    }
    if (rc == SQLITE_DONE) {
        rc = step(db.st[B_COMMIT]);
    }
    f->took_us = vg_mono_us() - t;
    f->events = (int64_t)k.n;
    s = s == VG_OK ? sq(db.h, rc, err) : s;
    bare_close(&db);
    free(k.v);
    vg_arena_destroy(k.arena);
    return s;
}

// --- reading --------------------------------------------------------------------------------------
vg_status bench_floor_verify(const char *path, int64_t *ret_events, int64_t *ret_us, vg_err *err)
{
    sqlite3 *h;
    sqlite3_stmt *st = NULL;
    char sql[1024];
    unsigned char hash[VG_HASH_BYTES] = {0};
    uint32_t log = 0;
    int64_t bad = 0;
    snprintf(sql, sizeof sql, "%s ORDER BY e.id", SELECT);
    *ret_events = 0;
    const int64_t t = vg_mono_us();
    vg_status s = sq(NULL, sqlite3_open_v2(path, &h, SQLITE_OPEN_READONLY, NULL), err);
    if (s == VG_OK) {
        s = sq(h, sqlite3_prepare_v2(h, sql, -1, &st, NULL), err);
    }
    while (s == VG_OK && sqlite3_step(st) == SQLITE_ROW) {
        vg_event e;
        read_event(st, &e);
        if (e.log != log) {
            memset(hash, 0, sizeof hash);
            log = e.log;
        }
        vg_chain_hash(hash, &e, hash);
        bad += memcmp(hash, e.hash, sizeof hash) != 0;
        ++*ret_events;
    }
    *ret_us = vg_mono_us() - t;
    sqlite3_finalize(st);
    sqlite3_close(h);
    return s == VG_OK && bad ? vg_fail(err, VG_ECORRUPT, "", NULL, "%lld", (long long)bad) : s;
}
