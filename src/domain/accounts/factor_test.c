// SPDX-License-Identifier: Apache-2.0
// The second factor: RFC 6238 as published, a code works once, a recovery code works once, the seed is nowhere but in
// the vault; and nobody changes what he logs in with without saying his password.
#include "domain/accounts/totp.h"
#include "domain/test_kit.h"

#include <liboath/oath.h>

#define PASSWORD "mot mat khau dai"

// RFC 6238, appendix B (SHA-1): of its eight digits the last six.
static void test_vectors(void **state)
{
    (void)state;
    static const unsigned char seed[TOTP_SEED_BYTES + 1] = "12345678901234567890";
    static const struct {
        int64_t at;
        const char *code;
    } rfc[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < VG_LEN(rfc); i++) {
        const int64_t at = rfc[i].at * VG_SECOND_US, step = rfc[i].at / TOTP_STEP_S;
        const int64_t tick = TOTP_STEP_S * VG_SECOND_US;
        const vg_str code = vg_str_c(rfc[i].code);
        assert_int_equal(accounts_totp_step(seed, code, at, 0), step);
        assert_int_equal(accounts_totp_step(seed, code, at + tick, 0), step);
        assert_int_equal(accounts_totp_step(seed, code, at + 2 * tick, 0), 0);
        if (i) {
            assert_int_equal(accounts_totp_step(seed, code, at - tick, 0), step);
            assert_int_equal(accounts_totp_step(seed, code, at - 2 * tick, 0), 0);
        }
        assert_int_equal(accounts_totp_step(seed, code, at, step), 0);
        assert_int_equal(accounts_totp_step(seed, code, at, step - 1), step);
    }
    assert_int_equal(accounts_totp_step(seed, VG_S("005 924"), 1234567890 * VG_SECOND_US, 0),
                     41152263);
    static const char *const no[] = {"", "00592", "0059240", "00592x", "89005924", "-05924"};
    for (size_t i = 0; i < VG_LEN(no); i++) {
        assert_int_equal(accounts_totp_step(seed, vg_str_c(no[i]), 1234567890 * VG_SECOND_US, 0),
                         0);
    }
}

typedef struct set_up {
    char seed[64], recovery[32];
    char *raw;
    size_t n;
} set_up;

static void code_at(const set_up *s, int64_t at_s, char out[8])
{
    assert_int_equal(oath_totp_generate(s->raw, s->n, at_s, TOTP_STEP_S, 0, TOTP_DIGITS, out),
                     OATH_OK);
}

static bool has_factor(kit *k, const vg_principal *who)
{
    vg_principal p = {0};
    vg_err err = {0};
    vg_db *db;
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->by_id(k->core, db, vg_str_c(who->user), &p, &err),
                     VG_OK);
    vg_inner_give(k->core, db);
    return p.factor;
}

#define START(k, who, user, password)                                                           \
    kit_try((k), (who), "accounts.factor_start", "{\"id\":\"%s\",\"password\":\"%s\"}", (user), \
            (password))
#define CONFIRM(k, who, code)                                                                      \
    kit_try((k), (who), "accounts.factor_confirm", "{\"id\":\"%s\",\"code\":\"%s\"}", (who)->user, \
            (code))
#define CHECK(k, who, code)                                                                       \
    kit_try((k), NULL, "accounts.factor_check", "{\"user\":\"%s\",\"code\":\"%s\"}", (who)->user, \
            (code))
#define TAKE(k, who, user, more) \
    kit_try((k), (who), "accounts.factor_remove", "{\"id\":\"%s\"%s}", (user), (more))

// Sets it up as a person does; the first code was that of at_s.
static void set_up_for(kit *k, const vg_principal *who, int64_t at_s, set_up *s)
{
    char code[8], packed[64] = "";
    assert_int_equal(CONFIRM(k, who, "123456"), VG_ECONFLICT);
    assert_int_equal(START(k, who, who->user, "khong phai the"), VG_EDENIED);
    assert_string_equal(k->err.key, "accounts.password_wrong");
    assert_int_equal(START(k, who, who->user, PASSWORD), VG_OK);
    kit_member(k, "seed", s->seed, sizeof s->seed);
    assert_int_equal(strlen(s->seed), 39);
    assert_non_null(strstr(k->reply, "\"qr\":\"1111111"));
    for (size_t i = 0, n = 0; s->seed[i]; i++) {
        if (s->seed[i] != ' ') {
            packed[n++] = s->seed[i];
        }
    }
    assert_int_equal(oath_base32_decode(packed, strlen(packed), &s->raw, &s->n), OATH_OK);
    assert_int_equal(s->n, TOTP_SEED_BYTES);
    assert_non_null(strstr(k->reply, packed));
    assert_false(has_factor(k, who));
    code_at(s, at_s + 3600, code);
    assert_int_equal(CONFIRM(k, who, code), VG_EDENIED);
    code_at(s, at_s, code);
    assert_int_equal(CONFIRM(k, who, code), VG_OK);
    const char *p = strstr(k->reply, "\"codes\":[\"");
    assert_non_null(p);
    snprintf(s->recovery, sizeof s->recovery, "%.14s", p + 10);
    assert_true(has_factor(k, who));
}

static void test_codes_work_once(void **state)
{
    (void)state;
    kit *k = kit_world();
    set_up s = {0};
    char code[8], again[8], upper[32];
    const vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    const vg_principal *other = kit_user(k, "other", k->police, "custodian", "");
    const int64_t at_s = vg_now_us() / VG_SECOND_US;
    assert_int_equal(START(k, other, duty->user, PASSWORD),
                     VG_ENOTFOUND);  // not even an administrator
    assert_int_equal(CHECK(k, duty, "123456"), VG_EDENIED);
    set_up_for(k, duty, at_s, &s);
    assert_int_equal(START(k, duty, duty->user, PASSWORD), VG_ECONFLICT);
    code_at(&s, at_s, code);
    assert_int_equal(CHECK(k, duty, code), VG_EDENIED);  // it has confirmed the set-up
    code_at(&s, at_s + TOTP_STEP_S, again);
    assert_int_equal(CHECK(k, duty, again), VG_OK);
    assert_int_equal(CHECK(k, duty, again), VG_EDENIED);
    assert_int_equal(CHECK(k, duty, code), VG_EDENIED);  // nor one before it
    for (size_t i = 0; i <= strlen(s.recovery); i++) {
        upper[i] = (char)(s.recovery[i] >= 'a' && s.recovery[i] <= 'z' ? s.recovery[i] & ~0x20
                                                                       : s.recovery[i]);
    }
    upper[4] = ' ';
    assert_int_equal(CHECK(k, other, upper), VG_EDENIED);
    assert_int_equal(CHECK(k, duty, upper), VG_OK);
    assert_int_equal(CHECK(k, duty, s.recovery), VG_EDENIED);
    assert_int_equal(kit_int(k, "SELECT recovery_left FROM user_account WHERE login = 'duty'"), 9);
    // a restart forgets nothing of it
    kit_close(k);
    kit_reopen(k);
    assert_int_equal(CHECK(k, duty, again), VG_EDENIED);
    assert_int_equal(CHECK(k, duty, s.recovery), VG_EDENIED);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM event WHERE body LIKE '%seed%' OR body LIKE '%otpauth%'"),
        0);
    assert_int_equal(
        kit_int(k,
                "SELECT count(*) FROM command WHERE reply LIKE '%seed%' OR reply LIKE '%codes%'"),
        0);
    free(s.raw);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_taking_it_away(void **state)
{
    (void)state;
    kit *k = kit_world();
    set_up s = {0};
    char more[120], code[8];
    const vg_principal *duty = kit_user(k, "duty", k->police, "duty_officer", "");
    const vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    const vg_principal *guard = kit_user(k, "guard", k->police, "guard", k->site);
    const int64_t at_s = vg_now_us() / VG_SECOND_US;
    assert_int_equal(TAKE(k, admin, duty->user, ""), VG_ECONFLICT);
    set_up_for(k, duty, at_s, &s);
    assert_int_not_equal(TAKE(k, guard, duty->user, ""), VG_OK);
    assert_int_equal(TAKE(k, duty, duty->user, ""), VG_EINVALID);
    assert_int_equal(TAKE(k, duty, duty->user, ",\"password\":\"" PASSWORD "\""), VG_EDENIED);
    assert_string_equal(k->err.key, "accounts.code_wrong");
    code_at(&s, at_s + TOTP_STEP_S, code);
    snprintf(more, sizeof more, ",\"password\":\"sai mat khau roi\",\"code\":\"%s\"", code);
    assert_int_equal(TAKE(k, duty, duty->user, more), VG_EDENIED);
    snprintf(more, sizeof more, ",\"password\":\"" PASSWORD "\",\"code\":\"%s\"", code);
    assert_int_equal(TAKE(k, duty, duty->user, more), VG_OK);
    assert_false(has_factor(k, duty));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change"), 0);
    free(s.raw);
    s = (set_up){0};
    set_up_for(k, duty, at_s, &s);  // another seed
    assert_int_equal(TAKE(k, admin, duty->user, ",\"reason\":\"mất điện thoại\""), VG_OK);
    assert_false(has_factor(k, duty));
    assert_int_equal(CHECK(k, duty, s.recovery), VG_EDENIED);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM permission_change WHERE what = 'accounts.factor_removed'"),
        1);
    free(s.raw);
    kit_same_after_rebuild(k);
    kit_done(k);
}

#define SET_PASSWORD(k, who, user, more)          \
    kit_try((k), (who), "accounts.user_password", \
            "{\"id\":\"%s\",\"password\":\"mat khau moi 1\"%s}", (user), (more))

static void test_old_before_new(void **state)
{
    (void)state;
    kit *k = kit_world();
    const vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    const vg_principal *admin = kit_user(k, "admin", k->police, "custodian", "");
    assert_int_equal(SET_PASSWORD(k, guard, guard->user, ""), VG_EINVALID);
    assert_string_equal(k->err.field, "old");
    assert_int_equal(SET_PASSWORD(k, guard, guard->user, ",\"old\":\"khong phai\""), VG_EDENIED);
    assert_int_equal(SET_PASSWORD(k, guard, guard->user, ",\"old\":\"$argon2id$v=19$x\""),
                     VG_EDENIED);
    assert_int_equal(SET_PASSWORD(k, guard, guard->user, ",\"old\":\"" PASSWORD "\""), VG_OK);
    assert_non_null(strstr(k->reply, "secret_us"));
    assert_int_equal(SET_PASSWORD(k, guard, guard->user, ",\"old\":\"" PASSWORD "\""), VG_EDENIED);
    assert_int_equal(SET_PASSWORD(k, admin, guard->user, ""), VG_OK);
    assert_int_equal(SET_PASSWORD(k, admin, admin->user, ""), VG_EINVALID);
    assert_int_equal(
        kit_int(k,
                "SELECT count(*) FROM permission_change WHERE what = 'accounts.password_changed'"),
        1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_codes_work_once),
        cmocka_unit_test(test_taking_it_away),
        cmocka_unit_test(test_old_before_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
