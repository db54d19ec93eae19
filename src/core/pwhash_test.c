// SPDX-License-Identifier: Apache-2.0
// Hashes are made and recognised, also by several at once; what is no hash is nobody's.
#include "core/pwhash.h"

#include "core/core_kit_test.h"

#include <pthread.h>
#include <string.h>

enum { ASKING = 4 };

static void a_password_is_recognised_and_no_other(void **state)
{
    (void)state;
    char one[crypto_pwhash_STRBYTES], two[crypto_pwhash_STRBYTES];
    assert_true(vg_pwhash_make(vg_str_c("gác đêm ở cổng số 2"), one));
    assert_true(vg_pwhash_make(vg_str_c("gác đêm ở cổng số 2"), two));
    assert_string_not_equal(one, two);  // a salt of its own each
    assert_true(vg_pwhash_is(one, vg_str_c("gác đêm ở cổng số 2")));
    assert_false(vg_pwhash_is(one, vg_str_c("gác đêm ở cổng số 3")));
    assert_false(vg_pwhash_is(one, vg_str_c("")));
    assert_false(vg_pwhash_is("", vg_str_c("")));
    assert_false(vg_pwhash_is("gác đêm", vg_str_c("gác đêm")));
    one[strlen(one) / 2] ^= 1;
    assert_false(vg_pwhash_is(one, vg_str_c("gác đêm ở cổng số 2")));
}

typedef struct asking {
    const char *hash, *password;
    bool ok;
} asking;

static void *ask(void *arg)
{
    asking *a = arg;
    a->ok = vg_pwhash_is(a->hash, vg_str_c(a->password));
    return NULL;
}

static void who_asks_at_once_gets_his_own_answer(void **state)
{
    (void)state;
    char hash[crypto_pwhash_STRBYTES];
    pthread_t thread[ASKING];
    asking a[ASKING];
    assert_true(vg_pwhash_make(vg_str_c("đúng"), hash));
    for (int i = 0; i < ASKING; i++) {
        a[i] = (asking){.hash = hash, .password = i % 2 ? "sai" : "đúng"};
        assert_int_equal(pthread_create(&thread[i], NULL, ask, &a[i]), 0);
    }
    for (int i = 0; i < ASKING; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(a[i].ok, i % 2 == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_recognised_and_no_other),
        cmocka_unit_test(who_asks_at_once_gets_his_own_answer),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
