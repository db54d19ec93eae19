// SPDX-License-Identifier: Apache-2.0
// Users: the accounts of staff. Login and display name are service data of an officer and stand in the body;
// they are shown to the own agency only (compartment personal). The password is hashed with Argon2id (64 MiB,
// about 60 ms) on the caller's thread, before the scribe sees the command (proof.c), and the hash goes to the vault.
// Logins and failures are events, so that an auditor can read them; the limits on guessing are the HTTP
// layer's.
#include "domain/accounts/accounts.h"

#include <sodium.h>

static const char *const langs[] = {"vi", "en", NULL};

const vg_field accounts_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};
const vg_field accounts_user_add_fields[] = {
    {"login", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"agency", VG_F_ID, VG_REQUIRED},
    {"password", VG_F_SECRET, VG_REQUIRED},
    {"clearance", VG_F_INT, .min = 0, .max = 3},
    {"lang", VG_F_ENUM, .values = langs},
    {"role", VG_F_ENUM, .values = accounts_roles},
    {"site", VG_F_ID},
    {NULL},
};
const vg_field accounts_user_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 60},
    {"clearance", VG_F_INT, .min = 0, .max = 3},
    {"lang", VG_F_ENUM, .values = langs},
    {NULL},
};
const vg_field accounts_password_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"old", VG_F_SECRET},  // one's own only, and then needed
    {"password", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};
const vg_field accounts_login_fields[] = {
    {"user", VG_F_ID},  // missing: nobody has that login
    {"ok", VG_F_BOOL},
    {"peer", VG_F_TEXT, .max = 64},
    {NULL},
};
const vg_field accounts_session_fields[] = {
    {"user", VG_F_ID, VG_REQUIRED},
    {"sessions", VG_F_INT, .min = 1, .max = 10000},
    {NULL},
};

vg_status accounts_user_at(vg_cx *cx, vg_str id, accounts_user_ref *ret, vg_err *err)
{
    vg_str c[4];
    VG_TRY(vg_look(cx, "SELECT agency, login, label, disabled FROM user_account WHERE id = ?", id,
                   c, 4, err));
    *ret = (accounts_user_ref){vg_str_z(cx->arena, id), vg_str_z(cx->arena, c[0]), c[1],
                               (int32_t)vg_int(c[2]), vg_int(c[3]) != 0};
    return VG_OK;
}

vg_status accounts_admin(vg_cx *cx, vg_err *err)
{
    return vg_may(cx->who, "accounts.edit", VG_EVERYWHERE)
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "", NULL, "%s", "");
}

static vg_status user_say(vg_cx *cx, const accounts_user_ref *u, const char *kind, vg_err *err)
{
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", u->id, u->label}, err));
    vg_jw_kz(&cx->reply, "id", u->id);
    return VG_OK;
}

// A login is lower-case ASCII: it is typed at gates and read over the telephone.
static vg_status login_ok(vg_cx *cx, vg_str login, vg_err *err)
{
    int64_t taken = 0;
    for (size_t i = 0; i < login.n; i++) {
        const char c = login.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
              c == '_')) {
            return vg_fail(err, VG_EINVALID, "login", "accounts.login_format", "%.*s",
                           VG_FMT(login));
        }
    }
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM user_account WHERE login = ?", VG_VALS(vg_t(login)), 0,
                      &taken, err));
    return taken
               ? vg_fail(err, VG_ECONFLICT, "login", "accounts.login_taken", "%.*s", VG_FMT(login))
               : VG_OK;
}

static vg_status password_put(vg_cx *cx, const char *user, vg_str hash, vg_err *err)
{
    if (!vg_str_starts(hash, crypto_pwhash_STRPREFIX)) {
        return vg_fail(err, VG_EINTERNAL, "password", NULL, "%s", "not prepared");
    }
    return vg_vault_put(cx, "password", user, hash, err);
}

VG_HANDLER(accounts_user_add)
{
    char id[VG_ID_TEXT];
    accounts_user_ref u = {.id = id};
    const vg_str agency = vg_arg_str(args, "agency");
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(login_ok(cx, vg_arg_str(args, "login"), err));
    VG_TRY(accounts_agency_known(cx, agency, err));
    u.agency = vg_str_z(cx->arena, agency);
    VG_TRY(vg_label_of(cx, u.agency, VG_C_PERSONAL, "", VG_S_NORMAL, &u.label, err));
    vg_new_id(cx, id);
    VG_TRY(password_put(cx, id, vg_arg_str(args, "password"), err));
    vg_body(cx);
    vg_body_args(cx, args, "role site");
    if (vg_arg_has(args, "role")) {  // told with the account: one change to look at, not two
        vg_jw_kstr(&cx->body, "role", vg_arg_str(args, "role"));
        vg_jw_kstr(&cx->body, "role_site", vg_arg_str(args, "site"));
    }
    VG_TRY(accounts_to_confirm(cx, id, err));
    VG_TRY(user_say(cx, &u, "accounts.user_added", err));
    if (!vg_arg_has(args, "role")) {
        return VG_OK;
    }
    const accounts_grant g = {.user = id,
                              .role = vg_arg_str(args, "role"),
                              .site = vg_arg_str(args, "site"),
                              .label = u.label,
                              .with_account = true};
    return accounts_grant_emit(cx, &g, err);
}

VG_FOLDER(accounts_on_user_added)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO user_account (id, login, name, agency, clearance, lang, "
                  "password_at, at, label,"
                  " world) VALUES (?, ?, ?, ?, COALESCE(?, 0), COALESCE(?, 'vi'), ?, ?, ?, ?)",
                  "@subject login name agency clearance lang @at @at @label @world", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_user_update)
{
    accounts_user_ref u;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    if (vg_arg_has(args, "clearance") && strcmp(cx->who->user, u.id) == 0) {
        return vg_fail(err, VG_EDENIED, "clearance", "accounts.not_oneself", "%s", "");
    }
    vg_body(cx);
    vg_body_args(cx, args, "");
    if (vg_arg_has(args, "clearance")) {
        VG_TRY(accounts_to_confirm(cx, u.id, err));
    }
    return user_say(cx, &u, "accounts.user_changed", err);
}

VG_FOLDER(accounts_on_user_changed)
{
    VG_TRY(vg_put(
        ap, e,
        "UPDATE user_account SET name = COALESCE(?, name), clearance = COALESCE(?, clearance),"
        " lang = COALESCE(?, lang) WHERE id = ?",
        "name clearance lang @subject", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_user_password)
{
    accounts_user_ref u;
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    const bool mine = strcmp(cx->who->user, u.id) == 0;
    VG_TRY(mine ? accounts_proved(cx, u.id, args, "old", err)
                : vg_require(cx, "accounts.edit", VG_EVERYWHERE, err));
    VG_TRY(password_put(cx, u.id, vg_arg_str(args, "password"), err));
    vg_body(cx);
    if (!mine) {
        VG_TRY(accounts_to_confirm(cx, u.id, err));
    }
    VG_TRY(user_say(cx, &u, "accounts.password_changed", err));
    int64_t at = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT password_at FROM user_account WHERE id = ?",
                      VG_VALS(vg_z(u.id)), 0, &at, err));
    if (mine) {
        vg_jw_ki64(&cx->reply, "secret_us", at);  // the session that did it goes on (http)
    }
    return VG_OK;
}

VG_FOLDER(accounts_on_password_changed)
{
    VG_TRY(vg_put(ap, e, "UPDATE user_account SET password_at = ?, failed = 0 WHERE id = ?",
                  "@at @subject", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_user_disable)
{
    accounts_user_ref u;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    if (strcmp(cx->who->user, u.id) == 0) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.not_oneself", "%s", "");
    }
    vg_body(cx);
    VG_TRY(accounts_to_confirm(cx, u.id, err));
    return user_say(cx, &u, "accounts.user_disabled", err);
}

VG_FOLDER(accounts_on_user_disabled)
{
    VG_TRY(vg_put(ap, e, "UPDATE user_account SET disabled = 1 WHERE id = ?", "@subject", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_user_enable)
{
    accounts_user_ref u;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    if (accounts_forgotten(u.login)) {
        return vg_fail(err, VG_ECONFLICT, "id", "accounts.user_forgotten", "%s", "");
    }
    VG_TRY(accounts_agency_known(cx, vg_str_c(u.agency), err));
    vg_body(cx);
    VG_TRY(accounts_to_confirm(cx, u.id, err));
    return user_say(cx, &u, "accounts.user_enabled", err);
}

VG_FOLDER(accounts_on_user_enabled)
{
    VG_TRY(vg_put(ap, e, "UPDATE user_account SET disabled = 0, failed = 0 WHERE id = ?",
                  "@subject", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_note_login)
{
    accounts_user_ref u = {.id = ""};
    if (vg_arg_has(args, "user")) {
        VG_TRY(accounts_user_at(cx, vg_arg_str(args, "user"), &u, err));
    } else {
        VG_TRY(vg_label_of(cx, "", VG_C_PERSONAL, "", VG_S_NORMAL, &u.label, err));
    }
    vg_body(cx);
    if (vg_arg_has(args, "peer")) {
        vg_jw_kstr(&cx->body, "peer", vg_arg_str(args, "peer"));
    }
    return user_say(
        cx, &u, vg_arg_i64(args, "ok", 1) ? "accounts.logged_in" : "accounts.login_failed", err);
}

VG_FOLDER(accounts_on_login)
{
    return vg_put(ap, e, "UPDATE user_account SET last_login = ?, failed = 0 WHERE id = ?",
                  "@at @subject", err);
}

VG_FOLDER(accounts_on_login_failed)
{
    return vg_put(ap, e, "UPDATE user_account SET failed = failed + 1 WHERE id = ?", "@subject",
                  err);
}

// Sessions are the HTTP layer's; the journal keeps who ended another's.
VG_HANDLER(accounts_note_session)
{
    accounts_user_ref u;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "user"), &u, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "sessions", vg_arg_i64(args, "sessions", 1));
    return user_say(cx, &u, "accounts.session_ended", err);
}
