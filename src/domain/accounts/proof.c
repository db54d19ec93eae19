// SPDX-License-Identifier: Apache-2.0
// Whoever changes what he logs in with says his password again: a screen left open must not be enough. Argon2id is too
// slow for the scribe, so the password is compared before the command is queued and its place is taken by the stored
// hash, which nobody outside knows; the handler then only asks whether that is still the hash. HTTP counts a wrong
// password like a wrong log-in (vg_command.proves).
#include "domain/accounts/accounts.h"

#include "base/text.h"
#include "core/core.h"
#include "core/pwhash.h"

enum { PASSWORD_MIN = 10, ARENA_BYTES = 16384 };

static vg_str text_of(const json_t *args, const char *name)
{
    const json_t *j = json_object_get(args, name);
    return (vg_str){json_string_value(j), json_string_length(j)};
}

static vg_status put(json_t *args, const char *name, const char *text, vg_err *err)
{
    return json_object_set_new(args, name, json_string(text)) == 0
               ? VG_OK
               : vg_fail(err, VG_EUNAVAIL, name, NULL, "%s", "memory");
}

static vg_status wrong(const char *field, vg_err *err)
{
    return vg_fail(err, VG_EDENIED, field, "accounts.password_wrong", "%s", "");
}

static vg_status stored_hash(vg_core *core, const char *user, char ret[128], vg_err *err)
{
    vg_db *db;
    vg_str stored;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(ARENA_BYTES);
    VG_TRY(vg_inner_take(core, &db, err));
    const vg_status st = vg_vault_get(core, db, a, "password", user, &stored, err);
    vg_inner_give(core, db);
    if (st == VG_OK) {
        snprintf(ret, 128, "%.*s", VG_FMT(stored));
    }
    return st;
}

static vg_status prove(vg_core *core, const vg_principal *who, json_t *args, const char *field,
                       vg_err *err)
{
    char hash[128];
    const vg_str given = text_of(args, field);
    if (!given.p) {
        return VG_OK;  // missing or no text: the handler says so
    }
    if (who->kind != VG_P_USER || !vg_str_eqc(text_of(args, "id"), who->user)) {
        return put(args, field, "-", err);  // of another's account nobody's password is asked
    }
    VG_TRY(stored_hash(core, who->user, hash, err));
    return vg_pwhash_is(hash, given) ? put(args, field, hash, err) : wrong(field, err);
}

vg_status accounts_prove_password(vg_core *core, const vg_principal *who, json_t *args, vg_err *err)
{
    return prove(core, who, args, "password", err);
}

vg_status accounts_proved(vg_cx *cx, const char *user, const vg_args *args, const char *field,
                          vg_err *err)
{
    vg_str stored;
    const vg_str given = vg_arg_str(args, field);
    if (!given.n) {
        return vg_fail(err, VG_EINVALID, field, "accounts.password_needed", "%s", "");
    }
    VG_TRY(vg_vault_get(cx->core, cx->db, cx->arena, "password", user, &stored, err));
    return vg_str_eq(stored, given) ? VG_OK : wrong(field, err);
}

vg_status accounts_hash_password(vg_core *core, const vg_principal *who, json_t *args, vg_err *err)
{
    (void)core;
    (void)who;
    char hash[crypto_pwhash_STRBYTES];
    const vg_str password = text_of(args, "password");
    if (!password.p) {
        return VG_OK;  // missing or no text: the fields say so
    }
    if (vg_utf8_count(password) < PASSWORD_MIN) {
        return vg_fail(err, VG_EINVALID, "password", "accounts.password_short", "%d", PASSWORD_MIN);
    }
    if (!vg_pwhash_make(password, hash)) {
        return vg_fail(err, VG_EUNAVAIL, "password", NULL, "%s", "memory");
    }
    return put(args, "password", hash, err);
}

vg_status accounts_change_password(vg_core *core, const vg_principal *who, json_t *args,
                                   vg_err *err)
{
    VG_TRY(prove(core, who, args, "old", err));
    return accounts_hash_password(core, who, args, err);
}
