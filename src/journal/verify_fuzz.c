// SPDX-License-Identifier: Apache-2.0
// A journal somebody else has had in hands. Two ways in, by the first byte. One value of a sound, sealed journal
// is replaced by any other: verification says so, or nothing has changed. Or rows are made up whole, in tables
// that hold any type, with hashes and seals as a forger would make them: reading, verifying, opening and going
// on after them end with a status. Everything is undone after each input.
#include "journal/chain.h"

#include <assert.h>
#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned char SEED[32] = {1, 2, 3};

static const char *const SET[] = {
#define X(c) "UPDATE event SET " #c " = ?2 WHERE rowid IN (SELECT id FROM event LIMIT 1 OFFSET ?1)"
    X(id),
    X(kind),
    X(version),
    X(label),
    X(purpose),
    X(world),
    X(site),
    X(subject),
    X(actor),
    X(command),
    X(cause),
    X(captured),
    X(received),
    X(recorded),
    X(source),
    X(source_seq),
    X(body),
    X(personal),
    X(person),
    X(hash),
#undef X
#define X(c) "UPDATE seal SET " #c " = ?2 WHERE id IN (SELECT id FROM seal LIMIT 1 OFFSET ?1)"
    X(id),
    X(hash),
    X(sealed),
    X(key),
    X(signature),
#undef X
    "UPDATE event SET salt = ?2 WHERE rowid IN (SELECT id FROM event LIMIT 1 OFFSET ?1)",
};
enum { N_COLUMNS = 21, EVENTS = 6 };

// Every value with its type, so that nothing changed unseen.
static const char FINGERPRINT[] =
    "SELECT "
    "group_concat(quote(id)||quote(kind)||quote(version)||quote(label)||quote(purpose)||quote("
    "world)"
    "||quote(site)||quote(subject)||quote(actor)||quote(command)||quote(cause)||quote(captured)"
    "||quote(received)||quote(recorded)||quote(source)||quote(source_seq)||quote(body)||quote("
    "personal)"
    "||quote(person)||quote(hash)||quote(salt)) FROM (SELECT * FROM event ORDER BY id)";

// The journal's tables as a forger makes them: no types, nothing required.
static const char LOOSE[] =
    "CREATE TABLE log (log INTEGER PRIMARY KEY, site);"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, kind, version, label, purpose, world, site, "
    "subject,"
    " actor, command, cause, captured, received, recorded, source, source_seq, body, personal, "
    "person,"
    " hash, salt);"
    "CREATE TABLE seal (id INTEGER PRIMARY KEY, hash, sealed, key, signature);"
    "CREATE TABLE journal_format (format);"
    "INSERT INTO journal_format (format) VALUES (2);";

typedef struct world {
    vg_db *sound, *loose;
    unsigned char key[32];
} world;

typedef struct input {
    const uint8_t *p;
    size_t n;
} input;

static uint8_t byte_of(input *in)
{
    if (!in->n) {
        return 0;
    }
    in->n--;
    return *in->p++;
}

static vg_val value_of(input *in)
{
    const uint8_t type = byte_of(in);
    if (type % 4 == 0) {
        uint64_t v = 0;
        for (int i = 0; i < (type & 4 ? 8 : 1); i++) {
            v = v << 8 | byte_of(in);
        }
        return vg_i((int64_t)v);
    }
    const size_t want = type / 4, n = want < in->n ? want : in->n;
    const vg_str s = {(const char *)in->p, n};
    in->p += n;
    in->n -= n;
    return type % 4 == 1 ? vg_t(s) : type % 4 == 2 ? vg_b(s.p, s.n) : vg_nil();
}

static void must(vg_status s)
{
    assert(s == VG_OK);
}

static void world_init(world *w)
{
    vg_journal *j;
    must(vg_db_open(":memory:", VG_DB_WRITER, &w->sound, NULL));
    must(vg_db_open(":memory:", VG_DB_WRITER, &w->loose, NULL));
    must(vg_script(w->loose, LOOSE, NULL));
    must(vg_journal_open(w->sound, SEED, &j, NULL));
    vg_journal_public_key(SEED, w->key);
    must(vg_begin(w->sound, NULL));
    for (int i = 0; i < EVENTS; i++) {
        vg_event e = {.kind = VG_S("t.happened"),
                      .site = i % 2 ? VG_S("0123456789abcdef") : VG_S(""),
                      .subject = VG_S("s"),
                      .actor = VG_S("device"),
                      .body = VG_S("{\"n\":1}"),
                      .personal = i == 3 ? VG_S("\x01\x00\x02") : VG_S(""),
                      .person = i == 3 ? VG_S("p") : VG_S("")};
        must(vg_journal_log(j, e.site, &e.log, NULL));
        must(vg_journal_append(j, &e, 1000 + i, NULL));
    }
    must(vg_journal_seal(j, 2000, true, NULL));
    must(vg_commit(w->sound, NULL));
    vg_journal_close(j);
}

static void fingerprint(world *w, vg_buf *b)
{
    vg_rows *r;
    must(vg_rows_open(w->sound, FINGERPRINT, VG_NOVALS, &r, NULL));
    assert(vg_rows_next(r));
    vg_buf_s(b, vg_row_str(r, 0));
    must(vg_rows_close(r, NULL));
}

static void one_value(world *w, input *in)
{
    vg_buf before, after;
    vg_verify_report rep;
    const size_t column = byte_of(in) % VG_LEN(SET);
    const int64_t row = byte_of(in) % EVENTS;
    const vg_val v = value_of(in);
    vg_buf_init(&before, 1 << 16);
    vg_buf_init(&after, 1 << 16);
    fingerprint(w, &before);
    if (vg_exec(w->sound, SET[column], VG_VALS(vg_i(row), v), NULL) == VG_OK) {
        fingerprint(w, &after);
        const vg_status s = vg_journal_verify(w->sound, w->key, &rep, NULL);
        assert(s == VG_OK || s == VG_ECORRUPT);
        assert(s == VG_ECORRUPT || vg_str_eq(vg_buf_str(&before), vg_buf_str(&after)));
    }
    vg_buf_done(&before);
    vg_buf_done(&after);
}

static void forge_hash(world *w, int64_t id, unsigned char head[VG_HASH_BYTES])
{
    vg_rows *r;
    vg_event e;
    must(vg_rows_open(w->loose, "SELECT " VG_EVENT_COLUMNS " FROM event e WHERE e.id = ?",
                      VG_VALS(vg_i(id)), &r, NULL));
    assert(vg_rows_next(r));
    vg_event_read(r, &e);
    vg_chain_hash(head, &e, head);
    must(vg_rows_close(r, NULL));
    must(vg_exec(w->loose, "UPDATE event SET hash = ? WHERE id = ?",
                 VG_VALS(vg_b(head, VG_HASH_BYTES), vg_i(id)), NULL));
}

static void forge_seal(world *w, int64_t id, const unsigned char head[VG_HASH_BYTES], input *in)
{
    unsigned char pub[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], msg[64],
        sig[crypto_sign_BYTES];
    crypto_sign_seed_keypair(pub, secret, SEED);
    const int64_t at = byte_of(in);
    const size_t n = vg_seal_message((uint32_t)(id >> VG_SEQ_BITS),
                                     id & ((INT64_C(1) << VG_SEQ_BITS) - 1), at, head, msg);
    crypto_sign_detached(sig, NULL, msg, n, secret);
    must(
        vg_exec(w->loose,
                "INSERT OR REPLACE INTO seal (id, hash, sealed, key, signature) VALUES (?,?,?,?,?)",
                VG_VALS(vg_i(id), vg_b(head, VG_HASH_BYTES), vg_i(at), vg_b(pub, sizeof pub),
                        vg_b(sig, sizeof sig)),
                NULL));
}

static void forge_event(world *w, int64_t id, uint8_t how, input *in)
{
    static const char INSERT[] =
        "INSERT OR REPLACE INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    static const unsigned char none[VG_HASH_BYTES];
    vg_val v[N_COLUMNS] = {vg_i(id),
                           vg_z("k"),
                           vg_i(1),
                           vg_i(0),
                           vg_i(0),
                           vg_i(0),
                           vg_z(""),
                           vg_z("s"),
                           vg_z("a"),
                           vg_b(none, 16),
                           vg_i(0),
                           vg_i(0),
                           vg_i(0),
                           vg_i(id),
                           vg_z(""),
                           vg_i(-1),
                           vg_z("{}"),
                           vg_nil(),
                           vg_nil(),
                           vg_b(none, sizeof none),
                           vg_b(none, VG_SALT_BYTES)};
    for (int i = how % 4; i > 0; i--) {
        v[1 + byte_of(in) % (N_COLUMNS - 1)] = value_of(in);
    }
    must(vg_exec(w->loose, INSERT, v, N_COLUMNS, NULL));
}

static void go_on(world *w)
{
    vg_journal *j;
    if (vg_journal_open(w->loose, SEED, &j, NULL) != VG_OK) {
        return;
    }
    vg_event e = {.kind = VG_S("k"), .subject = VG_S("s"), .actor = VG_S("a"), .body = VG_S("{}")};
    vg_status s = vg_journal_log(j, VG_S(""), &e.log, NULL);
    s = s == VG_OK ? vg_journal_append(j, &e, 5000, NULL) : s;
    s = s == VG_OK ? vg_journal_seal(j, 6000, true, NULL) : s;
    vg_journal_settle(j, s == VG_OK);
    vg_journal_close(j);
}

static void made_up(world *w, input *in)
{
    unsigned char head[VG_HASH_BYTES] = {0};
    vg_verify_report rep;
    int64_t id = VG_EVENT_ROWID(VG_LOG_NODE, 0);
    must(vg_exec(w->loose, "INSERT INTO log VALUES (1, ''), (2, ?)", VG_VALS(value_of(in)), NULL));
    for (int i = 0; i < 8 && in->n; i++) {
        const uint8_t how = byte_of(in);
        if (how & 64) {  // another log, or anywhere
            const vg_val at = value_of(in);
            id = at.type == VG_V_I64 ? at.i : VG_EVENT_ROWID(2, 0);
            memset(head, 0, sizeof head);
        }
        id = id < INT64_MAX ? id + 1 : id;
        forge_event(w, id, how, in);
        if (how & 16) {
            forge_hash(w, id, head);
        }
        if (how & 32) {
            forge_seal(w, id, head, in);
        }
    }
    const vg_status own = vg_journal_verify(w->loose, w->key, &rep, NULL);
    const vg_status any = vg_journal_verify(w->loose, NULL, &rep, NULL);
    assert(own == VG_OK || own == VG_ECORRUPT);
    assert(any == VG_OK || own == VG_ECORRUPT);
    go_on(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static world w;
    if (!w.sound) {
        world_init(&w);
    }
    input in = {data, size};
    const bool whole = byte_of(&in) % 2;
    vg_db *db = whole ? w.loose : w.sound;
    must(vg_begin(db, NULL));
    (whole ? made_up : one_value)(&w, &in);
    vg_rollback(db);
    return 0;
}
