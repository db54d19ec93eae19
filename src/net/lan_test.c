// SPDX-License-Identifier: Apache-2.0
// Which listeners are this machine's own, and that no address of ours is loopback or link-local.
#include "net/lan.h"

#include <setjmp.h>
#include <cmocka.h>

static void loopback_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *at;
        bool loopback;
    } cases[] = {{"127.0.0.1:8443", true},   {"127.9.9.9:1", true}, {"[::1]:8443", true},
                 {"0.0.0.0:8443", false},    {"[::]:8443", false},  {"192.0.2.1:8443", false},
                 {"[2001:db8::1]:1", false}, {"no address", true}};
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        assert_int_equal(vg_lan_is_loopback(cases[i].at), cases[i].loopback);
    }
}

static void addresses_are_for_others(void **state)
{
    (void)state;
    char v[8][VG_PEER_TEXT];
    const size_t n = vg_lan_addresses(v, VG_LEN(v));
    assert_true(n <= VG_LEN(v));
    for (size_t i = 0; i < n; i++) {
        assert_int_not_equal(strncmp(v[i], "127.", 4), 0);
        assert_string_not_equal(v[i], "::1");
        assert_int_not_equal(strncmp(v[i], "fe80", 4), 0);
    }
    assert_int_equal(vg_lan_addresses(v, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_is_known),
        cmocka_unit_test(addresses_are_for_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
