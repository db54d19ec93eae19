// SPDX-License-Identifier: Apache-2.0
// The second factor: codes of a telephone, and ten recovery codes for the day it is lost. The seed is made here, shown
// once and kept in the vault with the last step used; it never stands in an event, a log or a later answer. Recovery
// codes have 60 random bits and are kept as hashes, so no slow hash is needed. A code is checked by a command of its
// own: what the scribe did once it does not do twice, and with a full disk it refuses in words. What the journal knows
// is that there is a factor, since when, and how many recovery codes are left.
#include "domain/accounts/accounts.h"

#include "base/qr.h"
#include "domain/accounts/totp.h"

#include <sodium.h>

enum {
    SEED_TEXT = TOTP_SEED_BYTES * 8 / 5,
    CODES = 10,
    CODE_LETTERS = 12,
    CODE_TEXT = CODE_LETTERS + 3,  // with '-' after every four, and NUL
    QR_MAX = 16384
};
static const char PENDING[] = "totp_new", SEEDS[] = "totp", RECOVERY[] = "recovery";

const vg_field accounts_factor_start_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"password", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};
const vg_field accounts_factor_confirm_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"code", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};
const vg_field accounts_factor_remove_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"password", VG_F_SECRET},
    {"code", VG_F_SECRET},
    {"reason", VG_F_TEXT},
    {NULL},
};
const vg_field accounts_factor_check_fields[] = {
    {"user", VG_F_ID, VG_REQUIRED},
    {"code", VG_F_SECRET, VG_REQUIRED},
    {NULL},
};

// What stands in the vault under SEEDS.
typedef struct secret {
    unsigned char seed[TOTP_SEED_BYTES];
    int64_t used;
} secret;
enum { SECRET_BYTES = TOTP_SEED_BYTES + (int)sizeof(int64_t) };

static vg_status own(vg_cx *cx, const vg_args *args, accounts_user_ref *ret, vg_err *err)
{
    const vg_str id = vg_arg_str(args, "id");
    if (cx->who->kind != VG_P_USER || !vg_str_eqc(id, cx->who->user)) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    return accounts_user_at(cx, id, ret, err);
}

static vg_status has_factor(vg_cx *cx, const char *user, bool *ret, vg_err *err)
{
    int64_t on = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT 1 FROM user_account WHERE id = ? AND factor_at IS NOT NULL",
                      VG_VALS(vg_z(user)), 0, &on, err));
    *ret = on != 0;
    return VG_OK;
}

static vg_status wrong_code(vg_err *err)
{
    return vg_fail(err, VG_EDENIED, "code", "accounts.code_wrong", "%s", "");
}

// --- setting up ---------------------------------------------------------------------------------
static void base32(const unsigned char seed[TOTP_SEED_BYTES], char out[SEED_TEXT + 1])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t n = 0;
    for (size_t i = 0; i < TOTP_SEED_BYTES; i += 5) {  // five bytes, eight letters
        uint64_t bits = 0;
        for (size_t k = i; k < i + 5; k++) {
            bits = bits << 8 | seed[k];
        }
        for (int shift = 35; shift >= 0; shift -= 5) {
            out[n++] = letters[bits >> shift & 31];
        }
    }
    out[n] = '\0';
}

static void grouped(vg_cx *cx, const char *text)
{
    char out[SEED_TEXT + SEED_TEXT / 4 + 1];
    size_t n = 0;
    for (size_t i = 0; text[i]; i++) {
        if (i && i % 4 == 0) {
            out[n++] = ' ';
        }
        out[n++] = text[i];
    }
    out[n] = '\0';
    vg_jw_kz(&cx->reply, "seed", out);
    sodium_memzero(out, sizeof out);
}

static vg_status show_seed(vg_cx *cx, const accounts_user_ref *u, const unsigned char *seed,
                           vg_err *err)
{
    char text[SEED_TEXT + 1];
    vg_buf qr;
    base32(seed, text);
    vg_buf_init(&qr, QR_MAX);
    const vg_str uri =
        vg_str_f(cx->arena, "otpauth://totp/Vong%%20gac:%.*s?secret=%s&issuer=Vong%%20gac",
                 VG_FMT(u->login), text);
    const bool drawn = vg_qr_rows(&qr, vg_str_z(cx->arena, uri));
    cx->secret_reply = true;
    vg_jw_kz(&cx->reply, "id", u->id);
    grouped(cx, text);
    vg_jw_kstr(&cx->reply, "uri", uri);
    vg_jw_kstr(&cx->reply, "qr", vg_buf_str(&qr));
    vg_buf_done(&qr);
    sodium_memzero(text, sizeof text);
    return drawn ? VG_OK : vg_fail(err, VG_EINTERNAL, "", NULL, "%s", "qr");
}

VG_HANDLER(accounts_factor_start)
{
    accounts_user_ref u = {0};
    unsigned char seed[TOTP_SEED_BYTES];
    bool on = false;
    VG_TRY(own(cx, args, &u, err));
    VG_TRY(accounts_proved(cx, u.id, args, "password", err));
    VG_TRY(has_factor(cx, u.id, &on, err));
    if (on) {
        return vg_fail(err, VG_ECONFLICT, "id", "accounts.factor_on", "%s", "");
    }
    randombytes_buf(seed, sizeof seed);
    vg_status st = vg_vault_put(cx, PENDING, u.id, (vg_str){(const char *)seed, sizeof seed}, err);
    st = st == VG_OK ? show_seed(cx, &u, seed, err) : st;
    sodium_memzero(seed, sizeof seed);
    return st;
}

static vg_status secret_put(vg_cx *cx, const char *user, const secret *s, vg_err *err)
{
    char raw[SECRET_BYTES];
    memcpy(raw, s->seed, TOTP_SEED_BYTES);
    memcpy(raw + TOTP_SEED_BYTES, &s->used, sizeof s->used);
    const vg_status st = vg_vault_put(cx, SEEDS, user, (vg_str){raw, sizeof raw}, err);
    sodium_memzero(raw, sizeof raw);
    return st;
}

// --- recovery codes -----------------------------------------------------------------------------
static void code_hash(const char *user, const char letters[CODE_LETTERS],
                      unsigned char out[VG_HASH_BYTES])
{
    char text[VG_ID_TEXT + CODE_LETTERS + 1];
    const int n = snprintf(text, sizeof text, "%s\n%.*s", user, CODE_LETTERS, letters);
    vg_hash(text, (size_t)n, out);
    sodium_memzero(text, sizeof text);
}

void accounts_letters_new(char *ret, size_t n)
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    for (size_t i = 0; i < n; i++) {
        ret[i] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    }
}

// Makes ten, adds them to the reply and keeps their hashes.
static vg_status make_codes(vg_cx *cx, const char *user, vg_err *err)
{
    unsigned char hashes[CODES][VG_HASH_BYTES];
    vg_jw_key(&cx->reply, "codes");
    vg_jw_open(&cx->reply, '[');
    for (size_t i = 0; i < CODES; i++) {
        char letters[CODE_LETTERS], shown[CODE_TEXT];
        accounts_letters_new(letters, CODE_LETTERS);
        code_hash(user, letters, hashes[i]);
        snprintf(shown, sizeof shown, "%.4s-%.4s-%.4s", letters, letters + 4, letters + 8);
        vg_jw_str(&cx->reply, vg_str_c(shown));
        sodium_memzero(letters, sizeof letters);
        sodium_memzero(shown, sizeof shown);
    }
    vg_jw_close(&cx->reply, ']');
    return vg_vault_put(cx, RECOVERY, user, (vg_str){(const char *)hashes, sizeof hashes}, err);
}

VG_HANDLER(accounts_factor_confirm)
{
    accounts_user_ref u = {0};
    secret s;
    vg_str seed;
    VG_TRY(own(cx, args, &u, err));
    if (vg_vault_get(cx->core, cx->db, cx->arena, PENDING, u.id, &seed, err) != VG_OK ||
        seed.n != TOTP_SEED_BYTES) {
        return vg_fail(err, VG_ECONFLICT, "id", "accounts.factor_not_begun", "%s", "");
    }
    memcpy(s.seed, seed.p, sizeof s.seed);
    s.used = accounts_totp_step(s.seed, vg_arg_str(args, "code"), vg_time_known(cx), 0);
    if (!s.used) {
        return wrong_code(err);
    }
    const vg_status st = secret_put(cx, u.id, &s, err);
    sodium_memzero(&s, sizeof s);
    VG_TRY(st);
    VG_TRY(vg_vault_drop(cx, PENDING, u.id, err));
    cx->secret_reply = true;
    VG_TRY(make_codes(cx, u.id, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "left", CODES);
    vg_jw_kz(&cx->reply, "id", u.id);
    return vg_say(cx, &(vg_saying){"accounts.factor_set", "", u.id, u.label}, err);
}

VG_FOLDER(accounts_on_factor_set)
{
    return vg_put(ap, e, "UPDATE user_account SET factor_at = ?, recovery_left = ? WHERE id = ?",
                  "@at left @subject", err);
}

// --- using --------------------------------------------------------------------------------------
bool accounts_letters_of(vg_str code, char *ret, size_t want)
{
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        const char c = (char)(code.p[i] >= 'A' && code.p[i] <= 'Z' ? code.p[i] | 0x20 : code.p[i]);
        if (c == ' ' || c == '-') {
            continue;
        }
        if (n == want) {
            return false;
        }
        ret[n++] = (char)(c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c);
    }
    return n == want;
}

static vg_status use_recovery(vg_cx *cx, const accounts_user_ref *u, const char *letters,
                              vg_err *err)
{
    vg_str kept;
    unsigned char hash[VG_HASH_BYTES], rest[CODES * VG_HASH_BYTES];
    size_t n = 0;
    bool found = false;
    code_hash(u->id, letters, hash);
    if (vg_vault_get(cx->core, cx->db, cx->arena, RECOVERY, u->id, &kept, err) != VG_OK ||
        kept.n > sizeof rest) {
        return wrong_code(err);
    }
    for (size_t i = 0; i + VG_HASH_BYTES <= kept.n; i += VG_HASH_BYTES) {
        if (sodium_memcmp(kept.p + i, hash, VG_HASH_BYTES) == 0) {
            found = true;
        } else {
            memcpy(rest + n, kept.p + i, VG_HASH_BYTES);
            n += VG_HASH_BYTES;
        }
    }
    if (!found) {
        return wrong_code(err);
    }
    VG_TRY(vg_vault_put(cx, RECOVERY, u->id, (vg_str){(const char *)rest, n}, err));
    vg_body(cx);
    vg_jw_ki64(&cx->body, "left", (int64_t)(n / VG_HASH_BYTES));
    return vg_say(cx, &(vg_saying){"accounts.recovery_used", "", u->id, u->label}, err);
}

VG_FOLDER(accounts_on_recovery_used)
{
    return vg_put(ap, e, "UPDATE user_account SET recovery_left = ? WHERE id = ?", "left @subject",
                  err);
}

// Whatever the code was good for, it is used up.
static vg_status use_code(vg_cx *cx, const accounts_user_ref *u, vg_str code, vg_err *err)
{
    char letters[CODE_LETTERS];
    vg_str kept;
    secret s;
    if (accounts_letters_of(code, letters, CODE_LETTERS)) {
        return use_recovery(cx, u, letters, err);
    }
    if (vg_vault_get(cx->core, cx->db, cx->arena, SEEDS, u->id, &kept, err) != VG_OK ||
        kept.n != SECRET_BYTES) {
        return wrong_code(err);
    }
    memcpy(s.seed, kept.p, sizeof s.seed);
    memcpy(&s.used, kept.p + TOTP_SEED_BYTES, sizeof s.used);
    const int64_t step = accounts_totp_step(s.seed, code, vg_time_known(cx), s.used);
    s.used = step;
    const vg_status st = step ? secret_put(cx, u->id, &s, err) : wrong_code(err);
    sodium_memzero(&s, sizeof s);
    return st;
}

VG_HANDLER(accounts_factor_check)
{
    accounts_user_ref u = {0};
    bool on = false;
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "user"), &u, err));
    VG_TRY(has_factor(cx, u.id, &on, err));
    return on ? use_code(cx, &u, vg_arg_str(args, "code"), err) : wrong_code(err);
}

// --- taking away --------------------------------------------------------------------------------
VG_HANDLER(accounts_factor_remove)
{
    accounts_user_ref u = {0};
    bool on = false;
    VG_TRY(accounts_user_at(cx, vg_arg_str(args, "id"), &u, err));
    const bool mine = strcmp(cx->who->user, u.id) == 0;
    if (!mine) {
        VG_TRY(vg_require(cx, "accounts.edit", VG_EVERYWHERE, err));
    }
    VG_TRY(has_factor(cx, u.id, &on, err));
    if (!on) {
        return vg_fail(err, VG_ECONFLICT, "id", "accounts.factor_off", "%s", "");
    }
    if (mine) {
        VG_TRY(accounts_proved(cx, u.id, args, "password", err));
        VG_TRY(use_code(cx, &u, vg_arg_str(args, "code"), err));
    }
    VG_TRY(vg_vault_drop(cx, SEEDS, u.id, err));
    VG_TRY(vg_vault_drop(cx, RECOVERY, u.id, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    if (!mine) {
        VG_TRY(accounts_to_confirm(cx, u.id, err));
    }
    vg_jw_kz(&cx->reply, "id", u.id);
    return vg_say(cx, &(vg_saying){"accounts.factor_removed", "", u.id, u.label}, err);
}

VG_FOLDER(accounts_on_factor_removed)
{
    VG_TRY(vg_put(ap, e, "UPDATE user_account SET factor_at = NULL, recovery_left = 0 WHERE id = ?",
                  "@subject", err));
    return accounts_fold_change(ap, e, err);
}
