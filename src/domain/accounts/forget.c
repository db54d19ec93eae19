// SPDX-License-Identifier: Apache-2.0
// An account that was disabled long ago, by its agency's number of days, loses who it was of: log-in, name, password,
// second factor. The row stays, so that what it did is still one account's. The journal keeps log-in and name as it was
// told them: service data of an officer, in clear (user.c); that is said where people look.
#include "domain/accounts/accounts.h"

enum { FORGET_MAX = 200 };

const vg_field accounts_forget_fields[] = {{"users", VG_F_JSON, VG_REQUIRED, .max = 8192}, {NULL}};

bool accounts_forgotten(vg_str login)
{
    return vg_str_starts(login, "~");  // no log-in is typed with this (user.c)
}

static vg_status forget_one(vg_cx *cx, vg_str id, vg_err *err)
{
    static const char *const spaces[] = {"password", "totp", "totp_new", "recovery"};
    accounts_user_ref u;
    VG_TRY(accounts_user_at(cx, id, &u, err));
    if (!u.disabled || accounts_forgotten(u.login)) {
        return VG_OK;  // enabled again meanwhile
    }
    for (size_t i = 0; i < VG_LEN(spaces); i++) {
        VG_TRY(vg_vault_drop(cx, spaces[i], u.id, err));
    }
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"accounts.user_forgotten", "", u.id, u.label}, err);
}

VG_HANDLER(accounts_forget)
{
    vg_str one;
    size_t at = 0, n = 0;
    const vg_str users = vg_arg_str(args, "users");
    while (n++ < FORGET_MAX && vg_js_each(users, &at, NULL, &one)) {
        const vg_status st = forget_one(cx, vg_js_decode(cx->arena, one), err);
        if (st != VG_OK && st != VG_ENOTFOUND) {
            return st;
        }
    }
    return VG_OK;
}

VG_FOLDER(accounts_on_user_forgotten)
{
    return vg_put(ap, e,
                  "UPDATE user_account SET login = '~' || id, name = '–', factor_at = NULL,"
                  " recovery_left = 0 WHERE id = ?",
                  "@subject", err);
}
