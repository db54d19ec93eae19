// SPDX-License-Identifier: Apache-2.0
// Accounts of devices (gates, phones): one device each, known by a key that it made itself and never gives away. An
// administrator makes the account and gets a code to say or show once; whoever stands at the device types it within a
// quarter of an hour, and the device's public key is bound. Binding again takes a new code and ends the old key. The
// kind says what the account may do (core/device_roles.def); more rights are another account. The code has 40 bits: it
// is kept only as a hash under a key of the node, for its quarter of an hour, and http/device.c lets nobody try often.
#include "domain/accounts/accounts.h"

#include "base/clock.h"
#include "base/qr.h"
#include "core/core.h"
#include "core/device.h"

#include <sodium.h>

enum {
    CODE_LETTERS = 8,
    CODE_MINUTES = 15,
    CODES_MAX = 64,  // open at once
    QR_MAX = 16384,
    DAYS_MAX = 400
};
static const char CODES[] = "device_code";

const char *const accounts_device_kinds[] = {"gate", "phone", NULL};
static const char *const ROLE_OF[] = {"gate_terminal", "guard_phone"};

// origin: where the console is, for the address that the picture of the code leads to.
const vg_field accounts_device_add_fields[] = {
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = accounts_device_kinds},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"site", VG_F_ID, VG_REQUIRED},
    {"place", VG_F_ID},
    {"agency", VG_F_ID},
    {"days", VG_F_INT, VG_REQUIRED, .min = 1, .max = DAYS_MAX},
    {"origin", VG_F_TEXT, .max = 120},
    {NULL},
};
const vg_field accounts_device_code_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"origin", VG_F_TEXT, .max = 120},
    {NULL},
};
const vg_field accounts_device_renew_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"days", VG_F_INT, VG_REQUIRED, .min = 1, .max = DAYS_MAX},
    {NULL},
};
const vg_field accounts_device_enrol_fields[] = {
    {"code", VG_F_SECRET, VG_REQUIRED},
    {"key", VG_F_TEXT, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {NULL},
};
const vg_field accounts_device_seen_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {NULL},
};

typedef struct device {
    const char *id;
    vg_str kind, name, role, site;
    int32_t label;
} device;

static vg_status device_at(vg_cx *cx, vg_str id, device *ret, vg_err *err)
{
    vg_str c[5];
    VG_TRY(vg_look(cx,
                   "SELECT kind, name, role, site, label FROM device_account WHERE id = ? AND state"
                   " = 'active'",
                   id, c, 5, err));
    *ret = (device){vg_str_z(cx->arena, id), c[0], c[1], c[2], c[3], (int32_t)vg_int(c[4])};
    return VG_OK;
}

// --- the code -----------------------------------------------------------------------------------
// What stands in the vault, under the account's id.
typedef struct kept_code {
    unsigned char hash[VG_HASH_BYTES];
    int64_t until_us;
} kept_code;

static void code_hash(vg_cx *cx, const char letters[CODE_LETTERS], unsigned char out[VG_HASH_BYTES])
{
    unsigned char key[32];
    vg_core_key(cx->core, "accounts.device_code", key);
    crypto_generichash(out, VG_HASH_BYTES, (const unsigned char *)letters, CODE_LETTERS, key,
                       sizeof key);
    sodium_memzero(key, sizeof key);
}

static vg_status code_read(vg_cx *cx, const char *account, kept_code *ret, vg_err *err)
{
    vg_str kept;
    *ret = (kept_code){0};
    VG_TRY(vg_vault_get(cx->core, cx->db, cx->arena, CODES, account, &kept, err));
    if (kept.n == sizeof *ret) {
        memcpy(ret, kept.p, sizeof *ret);
    }
    return VG_OK;
}

// Drops what is over and finds whose code it is (letters NULL: nobody's). ret_n: how many are open.
static vg_status codes_walk(vg_cx *cx, const char *letters, const char **ret, size_t *ret_n,
                            vg_err *err)
{
    const char **names;
    unsigned char hash[VG_HASH_BYTES] = {0};
    size_t n;
    *ret = NULL;
    *ret_n = 0;
    if (letters) {
        code_hash(cx, letters, hash);
    }
    VG_TRY(vg_vault_names(cx->db, cx->arena, CODES, CODES_MAX + 1, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        kept_code k;
        VG_TRY(code_read(cx, names[i], &k, err));
        if (vg_time_known(cx) >= k.until_us) {
            VG_TRY(vg_vault_drop(cx, CODES, names[i], err));
            continue;
        }
        ++*ret_n;
        if (letters && sodium_memcmp(k.hash, hash, sizeof hash) == 0) {
            *ret = names[i];
        }
    }
    return VG_OK;
}

static vg_status show_qr(vg_cx *cx, vg_str origin, const char *code, vg_err *err)
{
    vg_buf qr;
    if (!vg_str_starts(origin, "https://") && !vg_str_starts(origin, "http://")) {
        return vg_fail(err, VG_EINVALID, "origin", "accounts.device_origin", "%s", "");
    }
    vg_buf_init(&qr, QR_MAX);
    const vg_str uri = vg_str_f(cx->arena, "%.*s/thiet-bi#%s", VG_FMT(origin), code);
    const bool drawn = vg_qr_rows(&qr, vg_str_z(cx->arena, uri));
    vg_jw_kstr(&cx->reply, "qr", vg_buf_str(&qr));
    vg_buf_done(&qr);
    return drawn ? VG_OK : vg_fail(err, VG_EINVALID, "origin", "accounts.device_origin", "%s", "");
}

// Into the vault and the reply. ret_until_us is for the event.
static vg_status code_make(vg_cx *cx, const char *account, const vg_args *args,
                           int64_t *ret_until_us, vg_err *err)
{
    char letters[CODE_LETTERS], shown[CODE_LETTERS + 2];
    const char *ignored;
    size_t open;
    kept_code k = {.until_us = vg_time_known(cx) + CODE_MINUTES * 60 * VG_SECOND_US};
    VG_TRY(codes_walk(cx, NULL, &ignored, &open, err));
    if (open >= CODES_MAX) {
        return vg_fail(err, VG_ECONFLICT, "", "accounts.device_codes", "%d", CODES_MAX);
    }
    accounts_letters_new(letters, CODE_LETTERS);
    code_hash(cx, letters, k.hash);
    snprintf(shown, sizeof shown, "%.4s-%.4s", letters, letters + 4);
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "id", account);
    vg_jw_kz(&cx->reply, "code", shown);
    vg_jw_ktime(&cx->reply, "code_until", k.until_us);
    if (vg_arg_has(args, "origin")) {
        VG_TRY(show_qr(cx, vg_arg_str(args, "origin"), shown, err));
    }
    const vg_status st =
        vg_vault_put(cx, CODES, account, (vg_str){(const char *)&k, sizeof k}, err);
    sodium_memzero(letters, sizeof letters);
    sodium_memzero(shown, sizeof shown);
    *ret_until_us = k.until_us;
    return st;
}

// --- the account --------------------------------------------------------------------------------
static void body_more(vg_cx *cx, const char *role, vg_str site)
{
    vg_jw_kz(&cx->body, "role", role);
    vg_jw_kstr(&cx->body, "role_site", site);
}

static void body_expires(vg_cx *cx, const vg_args *args)
{
    vg_jw_ki64(&cx->body, "expires",
               vg_time_known(cx) + vg_arg_i64(args, "days", 1) * 86400 * VG_SECOND_US);
}

VG_HANDLER(accounts_device_add)
{
    char id[VG_ID_TEXT];
    const char *agency = NULL;
    int32_t label = 0;
    int64_t until_us = 0;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(accounts_site_known(cx, vg_arg_str(args, "site"), err));
    VG_TRY(accounts_agency_of(cx, args, &agency, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    VG_TRY(code_make(cx, id, args, &until_us, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency days origin");
    vg_jw_kz(&cx->body, "agency", agency);
    body_more(cx, ROLE_OF[vg_arg_i64(args, "kind", 0)], vg_arg_str(args, "site"));
    vg_jw_ki64(&cx->body, "code_until", until_us);
    VG_TRY(accounts_to_confirm(cx, "", err));
    body_expires(cx, args);
    return vg_say(cx, &(vg_saying){"accounts.device_added", "", id, label}, err);
}

VG_FOLDER(accounts_on_device_added)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO device_account (id, kind, name, agency, role, site, place, expires,"
                  " code_until, made_by, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                  " ?, ?)",
                  "@subject kind name agency role role_site place expires code_until @actor @at"
                  " @label @world",
                  err));
    return accounts_fold_change(ap, e, err);
}

// Whoever holds the account is another from then on, so somebody else looks at it.
VG_HANDLER(accounts_device_code)
{
    device d;
    int64_t until_us = 0;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(device_at(cx, vg_arg_str(args, "id"), &d, err));
    VG_TRY(code_make(cx, d.id, args, &until_us, err));
    vg_body(cx);
    body_more(cx, vg_str_z(cx->arena, d.role), d.site);
    vg_jw_ki64(&cx->body, "code_until", until_us);
    VG_TRY(accounts_to_confirm(cx, "", err));
    return vg_say(cx, &(vg_saying){"accounts.device_code_made", "", d.id, d.label}, err);
}

VG_FOLDER(accounts_on_device_code)
{
    VG_TRY(vg_put(ap, e, "UPDATE device_account SET code_until = ? WHERE id = ?",
                  "code_until @subject", err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_device_renew)
{
    device d;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(device_at(cx, vg_arg_str(args, "id"), &d, err));
    vg_body(cx);
    body_more(cx, vg_str_z(cx->arena, d.role), d.site);
    VG_TRY(accounts_to_confirm(cx, "", err));
    body_expires(cx, args);
    vg_jw_kz(&cx->reply, "id", d.id);
    return vg_say(cx, &(vg_saying){"accounts.device_renewed", "", d.id, d.label}, err);
}

VG_FOLDER(accounts_on_device_renewed)
{
    VG_TRY(vg_put(ap, e, "UPDATE device_account SET expires = ? WHERE id = ?", "expires @subject",
                  err));
    return accounts_fold_change(ap, e, err);
}

VG_HANDLER(accounts_device_revoke)
{
    device d;
    VG_TRY(accounts_admin(cx, err));
    VG_TRY(device_at(cx, vg_arg_str(args, "id"), &d, err));
    VG_TRY(vg_vault_drop(cx, CODES, d.id, err));
    vg_body(cx);
    vg_jw_kz(&cx->reply, "id", d.id);
    return vg_say(cx, &(vg_saying){"accounts.device_revoked", "", d.id, d.label}, err);
}

VG_FOLDER(accounts_on_device_revoked)
{
    return vg_put(ap, e,
                  "UPDATE device_account SET state = 'revoked', code_until = NULL WHERE id = ?",
                  "@subject", err);
}

// --- the device ---------------------------------------------------------------------------------
static vg_status no_code(vg_err *err)
{
    return vg_fail(err, VG_EAUTH, "code", "accounts.device_code", "%s", "");
}

static vg_status device_of_code(vg_cx *cx, vg_str code, device *ret, vg_err *err)
{
    char letters[CODE_LETTERS];
    const char *account;
    size_t ignored;
    if (!accounts_letters_of(code, letters, CODE_LETTERS)) {
        return no_code(err);
    }
    VG_TRY(codes_walk(cx, letters, &account, &ignored, err));
    sodium_memzero(letters, sizeof letters);
    return account && device_at(cx, vg_str_c(account), ret, err) == VG_OK ? VG_OK : no_code(err);
}

static vg_status say_bound(vg_cx *cx, const device *d, const char *print, vg_err *err)
{
    vg_str site;
    VG_TRY(vg_look(cx, "SELECT name FROM site WHERE id = ?", d->site, &site, 1, err));
    vg_jw_kz(&cx->reply, "id", d->id);
    vg_jw_kstr(&cx->reply, "kind", d->kind);
    vg_jw_kstr(&cx->reply, "name", d->name);
    vg_jw_kstr(&cx->reply, "site", d->site);
    vg_jw_kstr(&cx->reply, "site_name", site);
    vg_jw_kz(&cx->reply, "fingerprint", print);
    return VG_OK;
}

VG_HANDLER(accounts_device_enrol)
{
    device d = {0};
    vg_device_key key;
    char print[VG_DEVICE_PRINT];
    VG_TRY(vg_device_key_read(vg_arg_str(args, "key"), &key, err));
    VG_TRY(device_of_code(cx, vg_arg_str(args, "code"), &d, err));
    VG_TRY(vg_vault_drop(cx, CODES, d.id, err));
    vg_device_print(&key, print);
    vg_body(cx);
    vg_jw_kstr(&cx->body, "key", vg_arg_str(args, "key"));
    vg_jw_kz(&cx->body, "fingerprint", print);
    vg_jw_kstr(&cx->body, "device", vg_arg_str(args, "name"));
    VG_TRY(vg_say(cx, &(vg_saying){"accounts.device_bound", "", d.id, d.label}, err));
    return say_bound(cx, &d, print, err);
}

VG_FOLDER(accounts_on_device_bound)
{
    return vg_put(ap, e,
                  "UPDATE device_account SET device_key = ?, fingerprint = ?, device = ?, bound_at"
                  " = ?, code_until = NULL WHERE id = ?",
                  "key fingerprint device @at @subject", err);
}

VG_HANDLER(accounts_device_seen)
{
    device d;
    VG_TRY(device_at(cx, vg_arg_str(args, "id"), &d, err));
    return vg_exec(cx->db,
                   "INSERT INTO device_seen (account, at, label) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (account) DO UPDATE SET at = ?2",
                   VG_VALS(vg_z(d.id), vg_i(cx->now_us), vg_i(d.label)), err);
}
