// SPDX-License-Identifier: Apache-2.0
// What leaves in words: only what it may, and within a short message's bounds.
#include "notify/message.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define BODY                                                                                                \
    "{\"number\":\"CB-NHNN-0001\",\"kind\":\"vault_alarm\",\"verb\":\"raise\",\"urgency\":3,"               \
    "\"site\":\"NHNN\",\"title\":\"Báo động kho tiền\",\"zone\":\"Kho số 2\",\"name\":\"Lê Thị " \
    "Thử\"}"

typedef struct fixture {
    vg_arena *a;
    vg_parcel p;
} fixture;

static int setup(void **state)
{
    fixture *f = vg_alloc(sizeof *f);
    f->a = vg_arena_create(1 << 20);
    f->p = (vg_parcel){.number = 7, .kind = "alert", .to = "", .body = vg_str_c(BODY)};
    f->p.created_us = vg_time_civil(2026, 11, 22, 7, 5, 9);  // 14:05 in Viet Nam
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    vg_arena_destroy(f->a);
    free(f);
    return 0;
}

static void has(vg_str s, const char *what)
{
    if (!memmem(s.p, s.n, what, strlen(what))) {
        fail_msg("'%s' is not in '%.*s'", what, VG_FMT(s));
    }
}

static void lacks(vg_str s, const char *what)
{
    if (memmem(s.p, s.n, what, strlen(what))) {
        fail_msg("'%s' is in '%.*s'", what, VG_FMT(s));
    }
}

static void a_letter_says_what_it_may(void **state)
{
    fixture *f = *state;
    const vg_letter l = vg_message_letter(f->a, &f->p);
    has(l.subject, "CB-NHNN-0001");
    has(l.subject, "NHNN");
    lacks(l.subject, "kho tiền");
    has(l.body, "CB-NHNN-0001");
    has(l.body, "Khẩn cấp");
    has(l.body, "Báo động kho tiền");
    has(l.body, "22/11/2026 14:05");
    has(l.body, "Mở vọng gác để xem");
    lacks(l.body, "Kho số 2");
    lacks(l.body, "Lê Thị Thử");
    f->p.body = VG_S("{\"number\":\"A\",\"lines\":[\"secret\"]}");
    lacks(vg_message_letter(f->a, &f->p).body, "secret");
    f->p.kind = "digest";
    has(vg_message_letter(f->a, &f->p).body, "secret");
}

static void no_line_ends_in_a_subject(void **state)
{
    fixture *f = *state;
    f->p.body = VG_S("{\"number\":\"A\\r\\nBcc: x@example.org\",\"site\":\"S\\n\"}");
    const vg_letter l = vg_message_letter(f->a, &f->p);
    lacks(l.subject, "\r");
    lacks(l.subject, "\n");
}

static size_t utf16_units(vg_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        n += (c & 0xc0) != 0x80;
        n += c >= 0xf0;
    }
    return n;
}

static void short_ones_fit(void **state)
{
    fixture *f = *state;
    static const char *const numbers[] = {"CB-NHNN-0001", "MỤC-TIÊU-RẤT-DÀI-0000000000000000001",
                                          "😀😀😀😀😀😀😀😀😀😀😀😀", ""};
    for (size_t i = 0; i < VG_LEN(numbers); i++) {
        f->p.body = vg_str_f(f->a, "{\"number\":\"%s\",\"urgency\":2,\"site\":\"%s\"}", numbers[i],
                             numbers[i]);
        const vg_str full = vg_message_short(f->a, &f->p, false);
        assert_true(utf16_units(full) <= VG_SMS_UCS2);
        assert_true(vg_utf8_valid(full));
        const vg_str plain = vg_message_short(f->a, &f->p, true);
        assert_true(plain.n <= VG_SMS_PLAIN);
        for (size_t k = 0; k < plain.n; k++) {
            assert_true(plain.p[k] >= ' ' && plain.p[k] <= '~' &&
                        !strchr("`^[]{}\\|~$@_", plain.p[k]));
        }
    }
    f->p.body = vg_str_c(BODY);
    const vg_str usual = vg_message_short(f->a, &f->p, false);
    has(usual, "Mở vọng gác.");  // the usual one is not cut
    lacks(usual, "kho tiền");
    has(vg_message_short(f->a, &f->p, true), "khan cap");
}

static void every_urgency_has_a_word(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 4; i++) {
        f->p.body = vg_str_f(f->a, "{\"urgency\":%d}", i);
        lacks(vg_message_letter(f->a, &f->p).body, "notify.");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letter_says_what_it_may, setup, teardown),
        cmocka_unit_test_setup_teardown(no_line_ends_in_a_subject, setup, teardown),
        cmocka_unit_test_setup_teardown(short_ones_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(every_urgency_has_a_word, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.message", tests, NULL, NULL);
}
