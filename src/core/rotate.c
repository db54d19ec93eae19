// SPDX-License-Identifier: Apache-2.0
// A new node key. First it lies beside the old one (node.key.next); then one transaction changes everything that hangs on it:
// the logs are sealed by the old key, the event that both keys signed is appended, every box of the vault is opened and
// closed anew, the logs are sealed by the new key, and the database notes the digest of the file that holds the key it was
// left with. Then the file takes its place. Cut off before the commit, the old key is the one; after it, the new one: which,
// the digest tells without opening either. Nothing of it runs beside a node: the data lock is held.
#include "core/core_impl.h"

#include "base/clock.h"
#include "core/keyring.h"
#include "journal/keys.h"

#include <sodium.h>
#include <unistd.h>

typedef struct change {
    vg_core *core;
    int64_t now_us;
    unsigned char key[VG_SECRET_BYTES];  // the new one
    unsigned char old_seed[32], seed[32], salt[VG_SALT_BYTES];
    vg_key_change said;
} change;

static vg_status append(change *ch, vg_str heads, vg_err *err)
{
    vg_buf body;
    vg_buf_init(&body, 4096);
    vg_jw w = vg_jw_on(&body);
    vg_jw_open(&w, '{');
    vg_key_change_write(&w, &ch->said);
    vg_jw_close(&w, '}');
    vg_event e = {.log = VG_LOG_NODE,
                  .kind = VG_S(VG_KEY_CHANGED),
                  .site = VG_S(""),
                  .subject = VG_S("node"),
                  .actor = VG_S("local"),
                  .command = vg_cmd_random(),
                  .captured_us = ch->now_us,
                  .received_us = ch->now_us,
                  .source = VG_S(""),
                  .source_seq = -1,
                  .body = vg_buf_str(&body)};
    vg_status s = vg_append_event(ch->core, &e, ch->now_us, err);
    if (s == VG_OK) {
        s = vg_exec(ch->core->db, "INSERT INTO seal_key (id, salt, heads) VALUES (?,?,?)",
                    VG_VALS(vg_i(VG_EVENT_ROWID(e.log, e.seq)), vg_b(ch->salt, sizeof ch->salt),
                            vg_t(heads)),
                    err);
    }
    vg_buf_done(&body);
    return s;
}

static vg_status rekey_journal(change *ch, vg_err *err)
{
    vg_core *c = ch->core;
    vg_buf heads;
    VG_TRY(vg_journal_seal(c->journal, ch->now_us, true, err));
    vg_buf_init(&heads, 4 << 20);
    vg_journal_heads(c->journal, &heads);
    vg_key_change_make(ch->old_seed, ch->seed, ch->salt, vg_buf_str(&heads), &ch->said);
    vg_status s = append(ch, vg_buf_str(&heads), err);
    vg_buf_done(&heads);
    VG_TRY(s);
    vg_journal_rekey(c->journal, ch->seed);
    return vg_journal_seal(c->journal, ch->now_us, true, err);
}

static vg_status rekey_vault(change *ch, vg_err *err)
{
    unsigned char old[32], key[32];
    vg_core_key(ch->core, "vault", old);
    vg_key_derive(ch->key, "vault", key);
    vg_status s = vg_vault_reseal(ch->core->db, old, key, err);
    if (s == VG_OK) {
        s = vg_keys_keep(ch->core, key, err);
    }
    sodium_memzero(old, sizeof old);
    sodium_memzero(key, sizeof key);
    return s;
}

static vg_status note_file(change *ch, vg_err *err)
{
    char digest[2 * VG_HASH_BYTES + 1];
    VG_TRY(vg_node_key_next_digest(ch->core->dir, digest, err));
    return vg_exec(ch->core->db,
                   "INSERT INTO cursor (name, position) VALUES ('" VG_NODE_KEY_CURSOR "', ?)"
                   " ON CONFLICT (name) DO UPDATE SET position = excluded.position",
                   VG_VALS(vg_z(digest)), err);
}

static vg_status in_one(change *ch, vg_err *err)
{
    vg_db *db = ch->core->db;
    VG_TRY(vg_begin(db, err));
    vg_status s = rekey_journal(ch, err);
    s = s == VG_OK ? rekey_vault(ch, err) : s;
    s = s == VG_OK ? note_file(ch, err) : s;
    s = s == VG_OK ? vg_commit(db, err) : s;
    if (s != VG_OK) {
        vg_rollback(db);
    }
    return s;
}

static vg_status change_key(change *ch, vg_err *err)
{
    vg_core *c = ch->core;
    ch->now_us = vg_now_us();
    randombytes_buf(ch->key, sizeof ch->key);
    randombytes_buf(ch->salt, sizeof ch->salt);
    vg_core_key(c, "seal", ch->old_seed);
    vg_key_derive(ch->key, "seal", ch->seed);
    VG_TRY(vg_node_key_write_next(c->dir, ch->key, err));
    vg_db_on_change(c->db, NULL, NULL);  // nobody is watching
    VG_TRY(in_one(ch, err));
    return vg_rotation_settle(c->dir, err);
}

vg_status vg_core_rotate(const char *dir, unsigned char ret_key[32], vg_err *err)
{
    change *ch = vg_alloc(sizeof *ch);
    vg_status s = vg_core_open(dir, &ch->core, err);
    if (s == VG_OK) {
        s = change_key(ch, err);
        vg_err ignored;
        if (s != VG_OK) {  // the next start would find the same
            (void)!vg_rotation_settle(dir, &ignored);
        }
        vg_core_close(ch->core);
    }
    if (s == VG_OK) {
        memcpy(ret_key, ch->said.new_key, sizeof ch->said.new_key);
    }
    sodium_memzero(ch, sizeof *ch);
    free(ch);
    return s;
}

vg_status vg_rotation_settle(const char *dir, vg_err *err)
{
    char key[440], next[440];
    bool in_force;
    snprintf(key, sizeof key, "%s/node.key", dir);
    snprintf(next, sizeof next, "%s/node.key.next", dir);
    VG_TRY(vg_node_key_next(dir, &in_force, err));
    if (in_force ? rename(next, key) != 0 : access(next, F_OK) == 0 && unlink(next) != 0) {
        return vg_fail(err, VG_EIO, "data", NULL, "%s", next);
    }
    return in_force ? vg_folder_sync(key, err) : VG_OK;
}

// Another node's key, or one from before a rotation: what it sealed would never verify.
vg_status vg_seal_key_fits(const vg_core *c, vg_err *err)
{
    unsigned char seed[32], own[32];
    vg_key_change last;
    vg_rows *r;
    vg_core_key(c, "seal", seed);
    vg_journal_public_key(seed, own);
    sodium_memzero(seed, sizeof seed);
    VG_TRY(vg_rows_open(c->db, "SELECT body FROM event WHERE kind = ? ORDER BY id DESC LIMIT 1",
                        VG_VALS(vg_z(VG_KEY_CHANGED)), &r, err));
    const bool other = vg_rows_next(r) && vg_key_change_read(vg_row_str(r, 0), &last) &&
                       memcmp(last.new_key, own, sizeof own) != 0;
    VG_TRY(vg_rows_close(r, err));
    return other ? vg_fail(err, VG_ECORRUPT, "data", "err.node_key_other", "%s", c->dir) : VG_OK;
}
