// SPDX-License-Identifier: Apache-2.0
// Addresses as text and as keys.
#include "net/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void good_ones_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out, *peer;
    } ROW[] = {{"127.0.0.1:9000", "127.0.0.1:9000", "127.0.0.1"},
               {"[::1]:1", "[::1]:1", "::1"},
               {"*:65535", "[::]:65535", "::"},
               {"[::ffff:192.0.2.1]:7", "192.0.2.1:7", "192.0.2.1"},
               {"[2001:db8::5]:0", "[2001:db8::5]:0", "2001:db8::5"}};
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        vg_addr a;
        char text[VG_ADDR_TEXT], peer[VG_PEER_TEXT];
        assert_int_equal(vg_addr_parse(vg_str_c(ROW[i].in), &a, NULL), VG_OK);
        vg_addr_text(&a, text);
        vg_addr_peer(&a, peer);
        assert_string_equal(text, ROW[i].out);
        assert_string_equal(peer, ROW[i].peer);
    }
}

static void bad_ones_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        ":",
        ":80",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "::1:80",
        "[]:80",
        "[::1]",
        "localhost:80",
        "127.0.0.1:80x",
        "111111111111111111111111111111111111111111111111111111111111111:80"};
    for (size_t i = 0; i < VG_LEN(BAD); i++) {
        vg_addr a;
        vg_err err = {0};
        assert_int_equal(vg_addr_parse(vg_str_c(BAD[i]), &a, &err), VG_EINVALID);
        assert_non_null(err.key);
    }
}

static uint64_t key(const char *text)
{
    vg_addr a;
    assert_int_equal(vg_addr_parse(vg_str_c(text), &a, NULL), VG_OK);
    return vg_addr_key(&a);
}

static void keys_are_per_host(void **state)
{
    (void)state;
    assert_true(key("192.0.2.1:1") == key("192.0.2.1:2"));
    assert_true(key("192.0.2.1:1") == key("[::ffff:192.0.2.1]:9"));
    assert_true(key("192.0.2.1:1") != key("192.0.2.2:1"));
    assert_true(key("[2001:db8::1]:1") == key("[2001:db8::ffff]:1"));  // one /64, one owner
    assert_true(key("[2001:db8::1]:1") != key("[2001:db8:0:1::1]:1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones_come_back),
        cmocka_unit_test(bad_ones_are_refused),
        cmocka_unit_test(keys_are_per_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
