// SPDX-License-Identifier: Apache-2.0
// Another node key: the vault opens under it and no other, what is known again is known after it, a key seals where it
// was in force and nowhere else, and what cannot be carried over whole is not begun. Anchors over it.
#include "core/anchor.h"
#include "core/core_impl.h"
#include "core/core_kit_test.h"
#include "core/keyring.h"
#include "journal/chain.h"
#include "journal/keys.h"

#include <sodium.h>

static int setup(void **state)
{
    *state = node_create();
    return 0;
}

static int teardown(void **state)
{
    node_destroy(*state);
    return 0;
}

static void keep(node *n, int i)
{
    assert_int_equal(
        node_run(n, "core.session_keep", "{\"key\":\"s%d\",\"value\":{\"n\":%d}}", i, i), VG_OK);
}

static void rotate(node *n, vg_status expect)
{
    unsigned char key[32];
    vg_err err = {0};
    node_stop(n);
    assert_int_equal(vg_core_rotate(n->dir, key, &err), expect);
    if (expect != VG_OK) {
        assert_string_equal(err.key, "err.vault");
    }
    node_start(n);
}

static void own_key(node *n, unsigned char seed[32], unsigned char key[32])
{
    vg_core_key(n->core, "seal", seed);
    vg_journal_public_key(seed, key);
}

static vg_status proven_by(node *n, const unsigned char key[32])
{
    vg_db *db;
    vg_verify_report rep;
    vg_err err = {0};
    assert_int_equal(vg_inner_take(n->core, &db, &err), VG_OK);
    const vg_status s = vg_journal_verify(db, key, &rep, &err);
    vg_inner_give(n->core, db);
    return s;
}

static void the_vault_goes_over_and_names_stay(void **state)
{
    static const char *const SAME[] = {"objects", "ingest.dc09", "ingest.device", "ingest.mqtt",
                                       "ingest.webhook"},
                             *const OTHER[] = {"seal", "vault", "imports"};
    node *n = *state;
    unsigned char same[VG_LEN(SAME)][32], other[VG_LEN(OTHER)][32], now[32], old[VG_OLD_KEYS][32];
    for (size_t i = 0; i < VG_LEN(SAME); i++) {
        vg_core_key(n->core, SAME[i], same[i]);
    }
    for (int i = 0; i < 450; i++) {  // more than two pages
        keep(n, i);
    }
    for (size_t turn = 1; turn <= VG_OLD_KEYS + 1; turn++) {
        for (size_t i = 0; i < VG_LEN(OTHER); i++) {
            vg_core_key(n->core, OTHER[i], other[i]);
        }
        rotate(n, VG_OK);
        for (size_t i = 0; i < VG_LEN(SAME); i++) {
            vg_core_key(n->core, SAME[i], now);
            assert_memory_equal(now, same[i], sizeof now);
        }
        for (size_t i = 0; i < VG_LEN(OTHER); i++) {
            vg_core_key(n->core, OTHER[i], now);
            assert_memory_not_equal(now, other[i], sizeof now);
        }
        assert_int_equal(vg_core_old_keys(n->core, old), turn < VG_OLD_KEYS ? turn : VG_OLD_KEYS);
        assert_memory_equal(old[0], other[2], sizeof now);
    }
    vg_db *db;
    vg_arena *a = vg_arena_create(1 << 20);
    assert_int_equal(vg_inner_take(n->core, &db, NULL), VG_OK);
    for (int i = 0; i < 450; i++) {
        char name[16], want[24];
        vg_str value;
        snprintf(name, sizeof name, "s%d", i);
        snprintf(want, sizeof want, "{\"n\":%d}", i);
        assert_int_equal(vg_vault_get(n->core, db, a, "session", name, &value, NULL), VG_OK);
        assert_true(vg_str_eqc(value, want));
        assert_int_equal(vg_vault_open(other[1], db, a, "session", name, &value, NULL),
                         VG_ECORRUPT);
    }
    vg_inner_give(n->core, db);
    vg_arena_destroy(a);
    node_proven(n);
}

static void what_does_not_open_stops_it(void **state)
{
    node *n = *state;
    unsigned char seed[32], key[32], now[32];
    vg_db *db;
    char path[440];
    keep(n, 1);
    keep(n, 2);
    own_key(n, seed, key);
    node_stop(n);
    snprintf(path, sizeof path, "%s/vonggac.db", n->dir);
    assert_int_equal(vg_db_open(path, VG_DB_WRITER, &db, NULL), VG_OK);
    assert_int_equal(vg_script(db, "UPDATE vault SET value = zeroblob(60) WHERE name = 's2'", NULL),
                     VG_OK);
    vg_db_close(db);
    node_start(n);
    rotate(n, VG_ECORRUPT);
    own_key(n, seed, now);
    assert_memory_equal(now, key, sizeof now);
    snprintf(path, sizeof path, "%s/node.key.next", n->dir);
    assert_int_equal(access(path, F_OK), -1);
    keep(n, 3);
    assert_int_equal(proven_by(n, key), VG_OK);
}

// A seal of the stretch before, by the key that came after: right in itself, but it was not in force there.
static void sealed_anew(node *n, const unsigned char seed[32], const unsigned char key[32])
{
    unsigned char secret[64], public[32], msg[64], sig[64];
    vg_rows *r;
    crypto_sign_seed_keypair(public, secret, seed);
    vg_db *db = n->core->db;
    assert_int_equal(vg_rows_open(db, "SELECT id, hash, sealed FROM seal ORDER BY id LIMIT 1",
                                  VG_NOVALS, &r, NULL),
                     VG_OK);
    assert_true(vg_rows_next(r));
    const int64_t id = vg_row_i64(r, 0);
    const size_t len =
        vg_seal_message((uint32_t)(id >> VG_SEQ_BITS), id - VG_EVENT_ROWID(1, 0), vg_row_i64(r, 2),
                        (const unsigned char *)vg_row_str(r, 1).p, msg);
    assert_int_equal(vg_rows_close(r, NULL), VG_OK);
    crypto_sign_detached(sig, NULL, msg, len, secret);
    assert_int_equal(vg_exec(db, "UPDATE seal SET key = ?, signature = ? WHERE id = ?",
                             VG_VALS(vg_b(key, 32), vg_b(sig, 64), vg_i(id)), NULL),
                     VG_OK);
}

static void a_key_seals_where_it_was_in_force(void **state)
{
    node *n = *state;
    unsigned char old_seed[32], old[32], seed[32], key[32];
    keep(n, 1);
    assert_int_equal(node_run(n, "core.note_key", "{\"act\":\"recovery\"}"), VG_OK);
    own_key(n, old_seed, old);
    rotate(n, VG_OK);
    own_key(n, seed, key);
    assert_int_equal(node_run(n, "core.note_key", "{\"act\":\"recovery\"}"), VG_OK);
    node_stop(n);
    node_start(n);
    assert_int_equal(proven_by(n, key), VG_OK);
    assert_int_equal(proven_by(n, old), VG_ECORRUPT);
    node_stop(n);  // the scribe sleeps
    assert_int_equal(vg_core_open(n->dir, &n->core, NULL), VG_OK);
    sealed_anew(n, seed, key);
    assert_int_equal(proven_by(n, key), VG_ECORRUPT);
    sealed_anew(n, old_seed, old);
    assert_int_equal(proven_by(n, key), VG_OK);
}

static void a_card_is_as_it_was_signed(void **state)
{
    node *n = *state;
    vg_arena *a = vg_arena_create(4096);
    vg_anchor read;
    char card[VG_ANCHOR_TEXT], bad[VG_ANCHOR_TEXT];
    assert_int_equal(node_run(n, "core.anchor", "{}"), VG_OK);
    const vg_str said = vg_js_str(a, vg_str_c(n->reply), "card");
    snprintf(card, sizeof card, "%.*s", VG_FMT(said));
    vg_arena_destroy(a);
    assert_true(vg_anchor_read(vg_str_c(card), &read));
    for (size_t i = 0; card[i]; i++) {
        snprintf(bad, sizeof bad, "%s", card);
        bad[i] = bad[i] == '1' ? '2' : '1';
        assert_false(vg_anchor_read(vg_str_c(bad), &read));
        bad[i] = '\0';
        assert_false(vg_anchor_read(vg_str_c(bad), &read));
    }
    snprintf(bad, sizeof bad, "%s1", card);
    assert_false(vg_anchor_read(vg_str_c(bad), &read));
    snprintf(bad, sizeof bad, " %s\n", card);
    assert_true(vg_anchor_read(vg_str_c(bad), &read));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_vault_goes_over_and_names_stay),
        T(what_does_not_open_stops_it),
        T(a_key_seals_where_it_was_in_force),
        T(a_card_is_as_it_was_signed),
    };
    return cmocka_run_group_tests_name("core.rotate", tests, NULL, NULL);
}
