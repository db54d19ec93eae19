// SPDX-License-Identifier: Apache-2.0
// CAP messages: our own, each broken in one way, and the public samples where they are present, whose verdicts
// are those of xmllint against the standard's schema, or stricter where the schema cannot say the rule.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "ingest/cap/cap.h"

#define HEAD                                                                 \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><alert "                      \
    "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"                        \
    "<identifier>KTTV-2026-17</identifier><sender>kttv@mau.invalid</sender>" \
    "<sent>2026-11-22T02:41:00+07:00</sent>"
#define KIND "<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>"
#define INFO                                                                                      \
    "<info><language>vi-VN</language><category>Met</category><event>Bão</event>"                 \
    "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"        \
    "<expires>2026-11-23T00:00:00+07:00</expires><headline>Bão số 9 gần bờ</headline>"     \
    "<area><areaDesc>Tỉnh Mẫu</areaDesc><polygon>16.1,108.1 16.2,108.1 16.2,108.3 16.1,108.1" \
    "</polygon><circle>16.1,108.1 5</circle></area></info>"
#define SOUND HEAD KIND INFO "</alert>"

static vg_status read_it(const char *xml, vg_cap *c, vg_err *err)
{
    static vg_arena *a;
    if (!a) {
        a = vg_arena_create((size_t)64 << 20);
    }
    vg_arena_reset(a);
    return vg_cap_read(a, vg_str_c(xml), c, err);
}

static void a_sound_message_is_read(void **state)
{
    (void)state;
    vg_cap c;
    vg_err err = {0};
    vg_signal s;
    assert_int_equal(read_it(SOUND, &c, &err), VG_OK);
    assert_true(vg_str_eqc(c.identifier, "KTTV-2026-17"));
    assert_int_equal(c.sent_us, vg_time_civil(2026, 11, 21, 19, 41, 0));
    assert_int_equal(c.n_info, 1);
    assert_int_equal(c.info[0].categories, CAP_MET);
    assert_int_equal(c.info[0].severity, 1);
    assert_true(vg_cap_signal(&c, c.sent_us, &s));
    assert_int_equal(s.verb, VG_SIG_RAISE);
    assert_string_equal(s.text, "Bão số 9 gần bờ");
    assert_true(vg_cap_signal(&c, c.info[0].expires_us, &s));
    assert_int_equal(s.verb, VG_SIG_RESTORE);  // it came too late to be a danger
}

static void an_update_and_a_cancel_are_of_the_same_chain(void **state)
{
    (void)state;
    static const char CANCEL[] = HEAD
        "<status>Actual</status><msgType>Cancel</msgType><scope>Public</scope>"
        "<references>kttv@mau.invalid,KTTV-2026-16,2026-11-21T02:41:00+07:00</references></alert>";
    static const char FIRST[] =
        "<alert "
        "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>KTTV-2026-16</identifier>"
        "<sender>kttv@mau.invalid</sender><sent>2026-11-21T02:41:00+07:00</sent>" KIND INFO
        "</alert>";
    vg_cap c;
    vg_err err = {0};
    vg_signal first, cancel;
    assert_int_equal(read_it(FIRST, &c, &err), VG_OK);
    assert_true(vg_cap_signal(&c, c.sent_us, &first));
    assert_int_equal(read_it(CANCEL, &c, &err), VG_OK);
    assert_true(vg_cap_signal(&c, c.sent_us, &cancel));
    assert_int_equal(cancel.verb, VG_SIG_RESTORE);
    assert_string_equal(cancel.point, first.point);
    assert_string_equal(cancel.kind, first.kind);
}

static void an_exercise_raises_nothing_real(void **state)
{
    (void)state;
    static const char DRILL[] = HEAD
        "<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>" INFO "</alert>";
    static const char DRAFT[] =
        HEAD "<status>Draft</status><msgType>Alert</msgType><scope>Public</scope>" INFO "</alert>";
    vg_cap c;
    vg_err err = {0};
    vg_signal s;
    assert_int_equal(read_it(DRILL, &c, &err), VG_OK);
    assert_true(vg_cap_signal(&c, c.sent_us, &s));
    assert_true(s.flags & VG_SIG_PURPOSE_TEST);
    assert_int_equal(read_it(DRAFT, &c, &err), VG_OK);
    assert_false(vg_cap_signal(&c, c.sent_us, &s));
}

static void each_break_names_its_element(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *field;
    } broken[] = {
        {"<alert/>", ""},
        {HEAD "</alert>", "status"},
        {HEAD "<status>Real</status><msgType>Alert</msgType><scope>Public</scope></alert>",
         "status"},
        {HEAD "<status>Actual</status><scope>Public</scope><msgType>Alert</msgType></alert>",
         "msgType"},
        {HEAD KIND "<scope>Public</scope></alert>", ""},
        {HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Private</scope></alert>",
         "addresses"},
        {HEAD "<status>Actual</status><msgType>Alert</msgType><scope>Restricted</scope></alert>",
         "restriction"},
        {HEAD "<status>Actual</status><msgType>Update</msgType><scope>Public</scope></alert>",
         "references"},
        {HEAD KIND "<info><category>Met</category><event>x</event></info></alert>", "urgency"},
        {HEAD KIND "<info><category>Sea</category></info></alert>", "category"},
        {"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a b</identifier>"
         "<sender>s</sender><sent>2026-11-22T02:41:00+07:00</sent>" KIND "</alert>",
         "identifier"},
        {"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a</identifier>"
         "<sender>s</sender><sent>2026-11-22T02:41:00Z</sent>" KIND "</alert>",
         "sent"},
        {HEAD KIND
         "<info><category>Met</category><event>x</event><urgency>Past</urgency>"
         "<severity>Minor</severity><certainty>Likely</certainty><area><areaDesc>a</areaDesc>"
         "<polygon>1,1 2,2 3,3 4,4</polygon></area></info></alert>",
         "area"},
    };
    vg_cap c;
    for (size_t i = 0; i < VG_LEN(broken); i++) {
        vg_err err = {0};
        assert_int_equal(read_it(broken[i].xml, &c, &err), VG_EINVALID);
        assert_string_equal(err.field, broken[i].field);
    }
}

// --- public samples -----------------------------------------------------------------------------
static char *slurp(const char *name)
{
    char path[600];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/../shared/data/protocols/cap/%s", root ? root : ".", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        return NULL;
    }
    char *p = vg_alloc(2 << 20);
    const size_t n = fread(p, 1, (2 << 20) - 1, f);
    p[n] = 0;
    (void)fclose(f);
    return p;
}

static void public_samples_are_judged_as_the_standard_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        vg_status want;
    } samples[] = {
        {"oasis_amber_alert_1.2.xml", VG_OK},
        {"canada.cap", VG_OK},
        {"earthquake.cap", VG_OK},
        {"australia.cap", VG_OK},
        {"wmo_bf_signed.xml", VG_OK},
        {"wmo_sc_no_signature.xml", VG_OK},
        {"wcatwc-warning.cap", VG_OK},
        {"weather.cap", VG_OK},
        {"no_optional_fields.cap", VG_OK},
        {"invalid.cap", VG_EINVALID},
        {"xee.cap", VG_EINVALID},
        {"wmo_sc_invalid_schema.xml", VG_EINVALID},
        {"canada_errors.cap", VG_EINVALID},  // sound by the schema, not by the standard
    };
    size_t seen = 0;
    for (size_t i = 0; i < VG_LEN(samples); i++) {
        char *xml = slurp(samples[i].name);
        vg_err err = {0};
        vg_cap c;
        if (xml) {
            const vg_status s = read_it(xml, &c, &err);
            if (s != samples[i].want) {
                print_error("%s: %s field=%s %s %s\n", samples[i].name, vg_status_name(s),
                            err.field, err.key ? err.key : "", err.detail);
            }
            assert_int_equal(s, samples[i].want);
            seen++;
        }
        free(xml);
    }
    if (!seen) {
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_message_is_read),
        cmocka_unit_test(an_update_and_a_cancel_are_of_the_same_chain),
        cmocka_unit_test(an_exercise_raises_nothing_real),
        cmocka_unit_test(each_break_names_its_element),
        cmocka_unit_test(public_samples_are_judged_as_the_standard_does),
    };
    return cmocka_run_group_tests_name("ingest.cap", tests, NULL, NULL);
}
