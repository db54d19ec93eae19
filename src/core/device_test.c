// SPDX-License-Identifier: Apache-2.0
// Keys and signatures as browsers write them: published vectors, numbers with leading zeros and high bits, and all that
// must not pass.
#include "core/device_kit_test.h"

#include <setjmp.h>

#include <cmocka.h>

// RFC 6979, A.2.5.
static const char POINT[] = "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                            "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";
static const struct {
    const char *message, *sig;
} VECTORS[] = {
    {"sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
               "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {"test", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
             "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
};
static const char ORDER[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

static vg_device_key known_key(void)
{
    vg_device_key k = {0};
    assert_true(vg_unhex(vg_str_c(POINT), k.point, sizeof k.point));
    return k;
}

static void test_vectors(void **state)
{
    (void)state;
    const vg_device_key k = known_key();
    for (size_t i = 0; i < VG_LEN(VECTORS); i++) {
        unsigned char sig[VG_DEVICE_SIG];
        const vg_str message = vg_str_c(VECTORS[i].message);
        assert_true(vg_unhex(vg_str_c(VECTORS[i].sig), sig, sizeof sig));
        assert_true(vg_device_sig_good(&k, message, sig));
        for (size_t b = 0; b < sizeof sig; b++) {  // one bit anywhere
            sig[b] ^= (unsigned char)(1 << b % 8);
            assert_false(vg_device_sig_good(&k, message, sig));
            sig[b] ^= (unsigned char)(1 << b % 8);
        }
        assert_false(vg_device_sig_good(&k, VG_S("Sample"), sig));
        assert_false(vg_device_sig_good(&k, VG_S(""), sig));
    }
}

// 600 signatures of random texts: among them are r and s with the high bit set and with leading zero bytes, where a DER
// written by hand goes wrong.
static void test_leading_zeros_and_high_bits(void **state)
{
    (void)state;
    test_device d, other;
    int zeros = 0, high = 0;
    test_device_make(&d);
    test_device_make(&other);
    for (int i = 0; i < 600 || (!zeros && i < 6000); i++) {
        unsigned char text[32], sig[VG_DEVICE_SIG];
        randombytes_buf(text, sizeof text);
        const vg_str bytes = {(const char *)text, sizeof text};
        test_device_sign(&d, bytes, sig);
        zeros += !sig[0] + !sig[32];
        high += sig[0] >> 7 | sig[32] >> 7;
        assert_true(vg_device_sig_good(&d.key, bytes, sig));
        if (i % 20 == 0) {
            assert_false(vg_device_sig_good(&other.key, bytes, sig));
        }
    }
    assert_true(zeros > 0 && high > 0);
    test_device_done(&d);
    test_device_done(&other);
}

static void test_numbers_out_of_range(void **state)
{
    (void)state;
    const vg_device_key k = known_key();
    unsigned char good[VG_DEVICE_SIG], sig[VG_DEVICE_SIG], order[32];
    assert_true(vg_unhex(vg_str_c(VECTORS[0].sig), good, sizeof good));
    assert_true(vg_unhex(vg_str_c(ORDER), order, sizeof order));
    for (size_t half = 0; half < sizeof sig; half += 32) {
        memcpy(sig, good, sizeof sig);
        memset(sig + half, 0, 32);
        assert_false(vg_device_sig_good(&k, VG_S("sample"), sig));
        memcpy(sig + half, order, 32);
        assert_false(vg_device_sig_good(&k, VG_S("sample"), sig));
        memset(sig + half, 0xff, 32);
        assert_false(vg_device_sig_good(&k, VG_S("sample"), sig));
    }
    memset(sig, 0, sizeof sig);
    assert_false(vg_device_sig_good(&k, VG_S("sample"), sig));
}

static vg_status read_key(const void *point, size_t n)
{
    char text[200];
    vg_device_key k;
    test_base64url(point, n, text, sizeof text);
    return vg_device_key_read(vg_str_c(text), &k, NULL);
}

static void test_keys_are_points_of_the_curve(void **state)
{
    (void)state;
    vg_device_key k = known_key();
    unsigned char longer[VG_DEVICE_POINT + 1] = {0};
    memcpy(longer, k.point, sizeof k.point);
    assert_int_equal(read_key(k.point, sizeof k.point), VG_OK);
    assert_int_equal(read_key(k.point, sizeof k.point - 1), VG_EINVALID);
    assert_int_equal(read_key(longer, sizeof longer), VG_EINVALID);
    assert_int_equal(read_key(k.point, 33), VG_EINVALID);
    assert_int_equal(read_key("", 1), VG_EINVALID);  // infinity
    k.point[64] ^= 1;                                // off the curve
    assert_int_equal(read_key(k.point, sizeof k.point), VG_EINVALID);
    k.point[64] ^= 1;
    k.point[0] = 6;  // hybrid
    assert_int_equal(read_key(k.point, sizeof k.point), VG_EINVALID);
    memset(k.point + 1, 0, 64);
    k.point[0] = 4;
    assert_int_equal(read_key(k.point, sizeof k.point), VG_EINVALID);
    memset(k.point + 1, 0xff, 64);  // beyond the field
    assert_int_equal(read_key(k.point, sizeof k.point), VG_EINVALID);
}

static void test_base64url_is_one_way(void **state)
{
    (void)state;
    unsigned char b[2];
    assert_true(vg_base64url(VG_S("-_8"), b, 2));
    assert_int_equal(b[0], 0xfb);
    static const char *const bad[] = {"-_9", "-_8=", "+/8",   "-_8A",   "-_",
                                      "",    " -_8", "-_8\n", "-_\xb5", "\xbe\xbe\xbe"};
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_false(vg_base64url(vg_str_c(bad[i]), b, 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_leading_zeros_and_high_bits),
        cmocka_unit_test(test_numbers_out_of_range),
        cmocka_unit_test(test_keys_are_points_of_the_curve),
        cmocka_unit_test(test_base64url_is_one_way),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
