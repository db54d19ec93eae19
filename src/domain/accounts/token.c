// SPDX-License-Identifier: Apache-2.0
// Tokens: access for machines. The secret has 256 random bits, is shown once and kept only as its BLAKE2b
// hash, which tells nothing about it; that is why the hash may stand in the journal. A token has one role, an
// end of at most 400 days and never the right to administer accounts.
#include "domain/accounts/accounts.h"

#include "base/clock.h"

#include <sodium.h>

enum { SECRET_BYTES = 32 };

const vg_field accounts_token_add_fields[] = {
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"role", VG_F_ENUM, VG_REQUIRED, .values = accounts_roles},
    {"site", VG_F_ID},
    {"agency", VG_F_ID},
    {"days", VG_F_INT, VG_REQUIRED, .min = 1, .max = 400},
    {NULL},
};

vg_status accounts_agency_of(vg_cx *cx, const vg_args *args, const char **ret, vg_err *err)
{
    vg_str agency = vg_arg_str(args, "agency");
    if (agency.n) {
        VG_TRY(accounts_agency_known(cx, agency, err));
    } else if (*cx->who->agency) {
        agency = vg_str_c(cx->who->agency);
    } else if (vg_custodian(cx, &agency, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "accounts.no_agency", "%s", "");
    }
    *ret = vg_str_z(cx->arena, agency);
    return VG_OK;
}

VG_HANDLER(accounts_token_add)
{
    char id[VG_ID_TEXT], secret[2 * SECRET_BYTES + 8], hex[2 * VG_HASH_BYTES + 1];
    unsigned char raw[SECRET_BYTES], hash[VG_HASH_BYTES];
    const char *agency = NULL;
    int32_t label = 0;
    VG_TRY(accounts_admin(cx, err));
    if (vg_str_eqc(vg_arg_str(args, "role"), "custodian")) {
        return vg_fail(err, VG_EDENIED, "role", "accounts.token_role", "%s", "");
    }
    VG_TRY(accounts_agency_of(cx, args, &agency, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    randombytes_buf(raw, sizeof raw);
    memcpy(secret, "vgt_", 4);
    vg_hex(raw, sizeof raw, secret + 4);
    vg_hash(secret, strlen(secret), hash);
    vg_hex(hash, sizeof hash, hex);
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "agency days site");
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_kstr(&cx->body, "role_site", vg_arg_str(args, "site"));
    vg_jw_kz(&cx->body, "hash", hex);
    VG_TRY(accounts_to_confirm(cx, "", err));
    vg_jw_ki64(&cx->body, "expires",
               cx->now_us + vg_arg_i64(args, "days", 1) * 86400 * VG_SECOND_US);
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.token_added", "", id, label}, err));
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "token", secret);
    return VG_OK;
}

VG_FOLDER(accounts_on_token_added)
{
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO token (id, name, agency, role, site, hash, expires, made_by, at, label, world)"
        " VALUES (?, ?, ?, ?, COALESCE(?, ''), ?, ?, ?, ?, ?, ?)",
        "@subject name agency role role_site hash expires @actor @at @label @world", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_token_revoke)
{
    vg_str label;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(vg_look(cx, "SELECT label FROM token WHERE id = ? AND state = 'active'", id, &label, 1,
                   err));
    vg_body(cx);
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.token_revoked", "", subject, (int32_t)vg_int(label)},
                  err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

VG_FOLDER(accounts_on_token_revoked)
{
    return vg_put(ap, e, "UPDATE token SET state = 'revoked' WHERE id = ?", "@subject", err);
}
