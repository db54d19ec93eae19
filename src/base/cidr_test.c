// SPDX-License-Identifier: Apache-2.0
// Who is inside a list of networks, and what is no list.
#include "base/cidr.h"

#include <setjmp.h>
#include <cmocka.h>

static void inside_and_outside(void **state)
{
    (void)state;
    static const struct {
        const char *list, *address;
        bool has;
    } cases[] = {
        {"", "192.0.2.1", true},
        {"  ", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.10", false},
        {"192.0.2.0/24", "192.0.2.255", true},
        {"192.0.2.7/24", "192.0.2.200", true},
        {"192.0.2.0/24", "192.0.3.0", false},
        {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.128/25", "192.0.2.128", true},
        {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},
        {"198.51.100.1,192.0.2.0/30 2001:db8::/33", "2001:db8:7fff::1", true},
        {"198.51.100.1,192.0.2.0/30 2001:db8::/33", "2001:db8:8000::1", false},
        {"192.0.2.0/30", "", false},
        {"192.0.2.0/30", "not an address", false},
        {"spoilt", "192.0.2.1", false},
        {"192.0.2.0/33", "192.0.2.1", false},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        print_message("%s has %s\n", cases[i].list, cases[i].address);
        assert_int_equal(vg_cidr_has(vg_str_c(cases[i].list), cases[i].address), cases[i].has);
    }
}

static void what_is_no_list_is_told(void **state)
{
    (void)state;
    static const char *const bad[] = {"a",
                                      "192.0.2",
                                      "192.0.2.0/",
                                      "192.0.2.0/33",
                                      "2001:db8::/129",
                                      "192.0.2.0/-1",
                                      "192.0.2.1;b",
                                      "gate.example"};
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        vg_err err = {0};
        assert_int_equal(vg_cidr_check(vg_str_c(bad[i]), &err), VG_EINVALID);
        assert_string_equal(err.key, "err.cidr");
        assert_string_equal(err.field, "peers");
    }
    char many[VG_CIDR_LIST + 1];
    memset(many, '1', sizeof many);
    assert_int_equal(vg_cidr_check((vg_str){many, sizeof many}, NULL), VG_ETOOBIG);
    assert_int_equal(vg_cidr_check(VG_S("192.0.2.1, 2001:db8::/32"), NULL), VG_OK);
    assert_int_equal(vg_cidr_check(VG_S(""), NULL), VG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside_and_outside),
        cmocka_unit_test(what_is_no_list_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
