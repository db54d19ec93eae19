// SPDX-License-Identifier: Apache-2.0
// What we write as CAP is what our reader, which holds the standard's schema, takes; and xmllint against the
// schema itself, where both are present.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/cap/cap.h"
#include "notify/cap_out.h"

#include <unistd.h>

static const vg_cap_style STYLE = {.sender = {"vonggac@tinh-mau.invalid", 24},
                                   .addresses = {"truc-ban@quan-su.invalid", 24}};

static vg_str written(vg_buf *b, vg_arena *a, const vg_cap_style *s, const vg_parcel *p)
{
    vg_buf_init(b, 65536);
    vg_cap_write(b, a, s, p);
    return vg_buf_str(b);
}

static void xmllint_agrees(vg_str xml)
{
    char schema[600], file[] = "/tmp/vg-cap-XXXXXX", command[1400];
    const char *root = getenv("VG_ROOT");
    snprintf(schema, sizeof schema, "%s/../shared/data/protocols/cap/CAP-v1.2.xsd",
             root ? root : ".");
    if (access(schema, R_OK) != 0 || system("command -v xmllint >/dev/null") != 0) {
        print_message("# no schema or no xmllint: only our own reader judged\n");
        return;
    }
    const int fd = mkstemp(file);
    assert_true(fd >= 0 && write(fd, xml.p, xml.n) == (ssize_t)xml.n);
    close(fd);
    snprintf(command, sizeof command, "xmllint --nonet --noout --schema '%s' %s", schema, file);
    const int failed = system(command);
    unlink(file);
    assert_int_equal(failed, 0);
}

#define ALERT                                                                                         \
    "{\"number\":\"CB-NHNN-0001\",\"urgency\":3,\"site\":\"NHNN\",\"title\":\"Đột nhập <kho> & " \
    "cửa\"}"

static void every_kind_of_message_is_sound(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *body, *restriction;
        int64_t world;
        vg_cap_status status;
        vg_cap_scope scope;
    } cases[] = {
        {"alert", ALERT, "", 0, CAP_ACTUAL, CAP_PRIVATE},
        {"alert", ALERT, "Chỉ dùng trong lực lượng", 0, CAP_ACTUAL, CAP_RESTRICTED},
        {"alert", ALERT, "", 7, CAP_EXERCISE, CAP_PRIVATE},
        {"test", "{}", "", 0, CAP_TEST, CAP_PRIVATE},
        {"alert", "{}", "", 0, CAP_ACTUAL, CAP_PRIVATE},
    };
    vg_arena *a = vg_arena_create((size_t)16 << 20);
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_buf b;
        vg_cap c;
        vg_err err = {0};
        vg_cap_style style = STYLE;
        style.restriction = vg_str_c(cases[i].restriction);
        const vg_parcel p = {.number = 41,
                             .kind = cases[i].kind,
                             .to = "",
                             .body = vg_str_c(cases[i].body),
                             .world = cases[i].world,
                             .created_us = INT64_C(1795000000123456)};
        const vg_str xml = written(&b, a, &style, &p);
        if (vg_cap_read(a, xml, &c, &err) != VG_OK) {
            fail_msg("%s %s in %.*s", err.field, err.detail, VG_FMT(xml));
        }
        assert_int_equal(c.status, cases[i].status);
        assert_int_equal(c.scope, cases[i].scope);
        assert_true(vg_str_eq(c.addresses, STYLE.addresses));
        if (c.n_info && strcmp(cases[i].body, ALERT) == 0) {
            assert_true(vg_str_eqc(c.info[0].headline, "Đột nhập <kho> & cửa"));
            assert_int_equal(c.info[0].severity, 0);
        }
        xmllint_agrees(xml);
        vg_buf_done(&b);
    }
    vg_arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind_of_message_is_sound)};
    return cmocka_run_group_tests_name("notify.cap_out", tests, NULL, NULL);
}
