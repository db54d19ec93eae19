// SPDX-License-Identifier: Apache-2.0
// Multipart bodies: what devices send, and what is cut, endless or nested.
#include "ingest/device/multipart.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#define TYPE "multipart/form-data; boundary=B"

static vg_status each(const char *type, vg_str body, char *out, size_t cap)
{
    multipart m;
    multipart_part p;
    vg_err err = {0};
    size_t n = 0;
    out[0] = 0;
    vg_status st = multipart_begin(&m, vg_str_c(type), body, &err);
    while (st == VG_OK && (st = multipart_next(&m, &p, &err)) == VG_OK) {
        n += (size_t)snprintf(out + n, cap - n, "[%.*s|%.*s|%.*s|%.*s]", VG_FMT(p.type),
                              VG_FMT(p.name), VG_FMT(p.file), VG_FMT(p.data));
    }
    return st;
}

static void parts_as_devices_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body, *want;
    } cases[] = {
        {TYPE, "--B\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--B--\r\n", "[text/xml|||<a/>]"},
        {TYPE, "--B\nContent-Type: text/xml\n\n<a/>\n--B--", "[text/xml|||<a/>]"},
        {TYPE, "--B\r\n\r\none\r\n--B\r\n\r\ntwo\r\n--B--", "[|||one][|||two]"},
        {TYPE, "before\r\n--B \r\n\r\n\r\n--B--\r\nafter", "[|||]"},
        {TYPE, "--B\r\n\r\n--B--", "[|||]"},
        {TYPE, "--B\r\n\r\none\r\n--B", "[|||one]"},
        {TYPE, "--B--", ""},
        {"Multipart/Mixed; charset=x; BOUNDARY=\"B\"", "--B\r\n\r\na\n--Bc\r\n--B--\r\n", NULL},
        {TYPE,
         "--B\r\ncontent-disposition: form-data; name=\"a;b\"; filename=\"c.jpg\"\r\n"
         "Content-Type: image/jpeg; x=y\r\n\r\n\r\nd\r\n\r\n--B--",
         "[image/jpeg|a;b|c.jpg|\r\nd\r\n]"},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        char out[256];
        const vg_status st = each(cases[i].type, vg_str_c(cases[i].body), out, sizeof out);
        print_message("%s\n", cases[i].body);
        assert_int_equal(st, cases[i].want ? VG_ENOTFOUND : VG_EINVALID);
        if (cases[i].want) {
            assert_string_equal(out, cases[i].want);
        }
    }
}

static void what_is_not_whole_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "B",
        "--C\r\n\r\na\r\n--C--",
        "x--B\r\n\r\na\r\n--B--",
        "--B\r\n\r\na",
        "--B\r\nContent-Type: a",
        "--B\r\nnocolon\r\n\r\na\r\n--B--",
        "--Bx\r\n\r\na\r\n--B--",
        "--B\r\n\r\na\r\n--Bx",
    };
    char out[256];
    for (size_t i = 0; i < VG_LEN(bodies); i++) {
        print_message("%s\n", bodies[i]);
        assert_int_equal(each(TYPE, vg_str_c(bodies[i]), out, sizeof out), VG_EINVALID);
    }
    static const char *const types[] = {
        "multipart/form-data",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"B",
        "multipart/form-data; boundary=\n", "multipart/form-data; boundaryx=B"};
    for (size_t i = 0; i < VG_LEN(types); i++) {
        assert_int_equal(each(types[i], VG_S("--B\r\n\r\na\r\n--B--"), out, sizeof out),
                         VG_EINVALID);
    }
    char longest[128] = "multipart/form-data; boundary=";
    memset(longest + strlen(longest), 'b', MULTIPART_BOUNDARY + 1);
    assert_int_equal(each(longest, VG_S("--b"), out, sizeof out), VG_EINVALID);
}

static void limits_hold(void **state)
{
    (void)state;
    vg_buf b;
    char out[1024];
    vg_buf_init(&b, 1 << 16);
    for (int i = 0; i <= MULTIPART_PARTS; i++) {
        vg_buf_c(&b, "--B\r\n\r\na\r\n");
    }
    vg_buf_c(&b, "--B--");
    assert_int_equal(each(TYPE, vg_buf_str(&b), out, sizeof out), VG_ETOOBIG);
    vg_buf_reset(&b);
    vg_buf_c(&b, "--B\r\n");
    for (int i = 0; i <= MULTIPART_HEADERS; i++) {
        vg_buf_c(&b, "A: b\r\n");
    }
    vg_buf_c(&b, "\r\na\r\n--B--");
    assert_int_equal(each(TYPE, vg_buf_str(&b), out, sizeof out), VG_ETOOBIG);
    vg_buf_reset(&b);
    vg_buf_c(&b, "--B\r\nA: ");
    for (int i = 0; i < MULTIPART_HEADER_BYTES; i++) {
        vg_buf_ch(&b, 'x');
    }
    vg_buf_c(&b, "\r\n\r\na\r\n--B--");
    assert_int_equal(each(TYPE, vg_buf_str(&b), out, sizeof out), VG_ETOOBIG);
    vg_buf_done(&b);
}

static void only_multipart_is_multipart(void **state)
{
    (void)state;
    assert_true(multipart_is(VG_S("multipart/form-data; boundary=a")));
    assert_true(multipart_is(VG_S("MULTIPART/mixed")));
    assert_false(multipart_is(VG_S("text/multipart/")));
    assert_false(multipart_is(VG_S("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_as_devices_write_them),
        cmocka_unit_test(what_is_not_whole_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(only_multipart_is_multipart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
