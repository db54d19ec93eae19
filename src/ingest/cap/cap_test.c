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

// --- envelopes ----------------------------------------------------------------------------------
#define DE "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
#define WRAPPED(inner)                                                                      \
    "<d:contentObject><d:xmlContent><d:embeddedXMLContent>" inner "</d:embeddedXMLContent>" \
    "</d:xmlContent></d:contentObject>"
#define BARE_ALERT(id, kind, more)                                                           \
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>" id "</identifier>"  \
    "<sender>kttv@mau.invalid</sender><sent>2026-11-22T02:41:00+07:00</sent>" kind more INFO \
    "</alert>"
#define REFERS "<references>kttv@mau.invalid,A1,2026-11-21T02:41:00+07:00</references>"
#define CANCEL_KIND "<status>Actual</status><msgType>Cancel</msgType><scope>Public</scope>"
#define ENVELOPE(status, type, contents)                                                \
    "<d:EDXLDistribution xmlns:d=\"" DE "\"><d:distributionID>PB-17</d:distributionID>" \
    "<d:senderID>dai@mau.invalid</d:senderID>"                                          \
    "<d:dateTimeSent>2026-11-22T02:41:00+07:00</d:dateTimeSent>"                        \
    "<d:distributionStatus>" status "</d:distributionStatus>"                           \
    "<d:distributionType>" type "</d:distributionType>" contents "</d:EDXLDistribution>"

static vg_status read_all(const char *xml, vg_caps *c, vg_err *err)
{
    static vg_arena *a;
    if (!a) {
        a = vg_arena_create((size_t)64 << 20);
    }
    vg_arena_reset(a);
    return vg_cap_read_all(a, vg_str_c(xml), c, err);
}

static void alerts_are_taken_out_of_their_envelope(void **state)
{
    (void)state;
    static const char TWO[] = ENVELOPE(
        "Actual", "Report",
        "<d:contentObject><d:nonXMLContent><d:mimeType>image/png</d:mimeType></d:nonXMLContent>"
        "</d:contentObject>" WRAPPED(BARE_ALERT("A1", KIND, ""))
            WRAPPED("<x xmlns=\"urn:x\"><y/></x>") WRAPPED(BARE_ALERT("A2", KIND, "")));
    vg_caps c;
    vg_err err = {0};
    assert_int_equal(read_all(TWO, &c, &err), VG_OK);
    assert_int_equal(c.n, 2);
    assert_true(vg_str_eqc(c.sender, "dai@mau.invalid"));
    assert_true(vg_str_eqc(c.v[0].identifier, "A1") && vg_str_eqc(c.v[1].identifier, "A2"));
    assert_int_equal(c.v[1].status, CAP_ACTUAL);
    assert_true(vg_str_eqc(c.v[1].info[0].headline, "Bão số 9 gần bờ"));
    assert_int_equal(read_all(SOUND, &c, &err), VG_OK);  // none around it
    assert_int_equal(c.n, 1);
    assert_true(vg_str_eqc(c.sender, "kttv@mau.invalid"));
}

static void the_envelope_may_make_it_milder_never_graver(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        vg_cap_status want;
    } v[] = {
        {ENVELOPE("Exercise", "Report", WRAPPED(BARE_ALERT("A1", KIND, ""))), CAP_EXERCISE},
        {ENVELOPE("Test", "Update", WRAPPED(BARE_ALERT("A1", KIND, ""))), CAP_TEST},
        {ENVELOPE("System", "Report", WRAPPED(BARE_ALERT("A1", KIND, ""))), CAP_SYSTEM},
        {ENVELOPE("Actual", "Report",
                  WRAPPED(BARE_ALERT("A1",
                                     "<status>Exercise</status><msgType>Alert</msgType>"
                                     "<scope>Public</scope>",
                                     ""))),
         CAP_EXERCISE},
    };
    for (size_t i = 0; i < VG_LEN(v); i++) {
        vg_caps c;
        vg_err err = {0};
        assert_int_equal(read_all(v[i].xml, &c, &err), VG_OK);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.v[0].status, v[i].want);
    }
}

static void what_only_comes_back_tells_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        size_t want;
    } v[] = {
        {ENVELOPE("Actual", "Ack", WRAPPED(BARE_ALERT("A1", KIND, ""))), 0},
        {ENVELOPE("Actual", "Error", WRAPPED(BARE_ALERT("A1", KIND, ""))), 0},
        {ENVELOPE("Actual", "Cancel",
                  WRAPPED(BARE_ALERT("A1", KIND, ""))
                      WRAPPED(BARE_ALERT("A2", CANCEL_KIND, REFERS))),
         1},
    };
    for (size_t i = 0; i < VG_LEN(v); i++) {
        vg_caps c;
        vg_err err = {0};
        assert_int_equal(read_all(v[i].xml, &c, &err), VG_OK);
        assert_int_equal(c.n, v[i].want);
        assert_true(c.n == 0 || c.v[0].type == CAP_CANCEL);
    }
}

static void a_broken_envelope_is_refused_whole(void **state)
{
    (void)state;
    static const struct {
        const char *xml, *field;
    } broken[] = {
        {ENVELOPE("Actual", "Report", ""), "contentObject"},
        {ENVELOPE("Actual", "Report", WRAPPED("<x xmlns=\"urn:x\"/>")), "contentObject"},
        {ENVELOPE("Real", "Report", WRAPPED(BARE_ALERT("A1", KIND, ""))), "distributionStatus"},
        {ENVELOPE("Actual", "", WRAPPED(BARE_ALERT("A1", KIND, ""))), "distributionType"},
        {ENVELOPE("Actual", "Report",
                  WRAPPED(BARE_ALERT("A1", KIND, "")) WRAPPED(BARE_ALERT("A 2", KIND, ""))),
         "identifier"},
        {ENVELOPE("Actual", "Report",  // an envelope in an envelope
                  WRAPPED("<EDXLDistribution xmlns=\"" DE "\"><contentObject><xmlContent>"
                          "<embeddedXMLContent>" BARE_ALERT(
                              "A1", KIND, "") "</embeddedXMLContent></xmlContent></contentObject>"
                                              "</EDXLDistribution>")),
         "contentObject"},
        {"<EDXLDistribution xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:2.0\"/>", ""},
    };
    for (size_t i = 0; i < VG_LEN(broken); i++) {
        vg_caps c;
        vg_err err = {0};
        assert_int_equal(read_all(broken[i].xml, &c, &err), VG_EINVALID);
        assert_string_equal(err.field, broken[i].field);
    }
}

static void an_envelope_holds_so_many_and_no_more(void **state)
{
    (void)state;
    static const char ONE[] = WRAPPED(BARE_ALERT("A1", KIND, ""));
    for (int more = 0; more < 2; more++) {
        vg_buf b;
        vg_caps c;
        vg_err err = {0};
        vg_buf_init(&b, VG_CAP_BYTES_MAX);
        vg_buf_c(&b, "<d:EDXLDistribution xmlns:d=\"" DE "\"><d:distributionStatus>Actual"
                     "</d:distributionStatus><d:distributionType>Report</d:distributionType>");
        for (int i = 0; i < VG_CAP_ALERTS_MAX + more; i++) {
            vg_buf_c(&b, ONE);
        }
        vg_buf_c(&b, "</d:EDXLDistribution>");
        assert_int_equal(read_all(vg_buf_z(&b), &c, &err), more ? VG_ETOOBIG : VG_OK);
        vg_buf_done(&b);
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
        size_t n;  // 0: one
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
        {"bushfire_valid.edxlde", VG_OK, 7},
        {"bushfire_invalid.edxlde", VG_EINVALID},
        {"earthquake_index.atom", VG_EINVALID},
        {"CAP-v1.2.xsd", VG_EINVALID},
        {"cap12.xsd", VG_EINVALID},
        {"edxlde-1_0.xsd", VG_EINVALID},
    };
    size_t seen = 0;
    for (size_t i = 0; i < VG_LEN(samples); i++) {
        char *xml = slurp(samples[i].name);
        vg_err err = {0};
        vg_caps c = {.n = 0};
        if (xml) {
            const int64_t began_us = vg_mono_us();
            const vg_status s = read_all(xml, &c, &err);
            assert_true(vg_mono_us() - began_us < 2 * VG_SECOND_US);  // entities that grow, too
            if (s != samples[i].want) {
                print_error("%s: %s field=%s %s %s\n", samples[i].name, vg_status_name(s),
                            err.field, err.key ? err.key : "", err.detail);
            }
            assert_int_equal(s, samples[i].want);
            assert_true(s != VG_OK || c.n == (samples[i].n ? samples[i].n : 1));
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
        cmocka_unit_test(alerts_are_taken_out_of_their_envelope),
        cmocka_unit_test(the_envelope_may_make_it_milder_never_graver),
        cmocka_unit_test(what_only_comes_back_tells_nothing),
        cmocka_unit_test(a_broken_envelope_is_refused_whole),
        cmocka_unit_test(an_envelope_holds_so_many_and_no_more),
        cmocka_unit_test(public_samples_are_judged_as_the_standard_does),
    };
    return cmocka_run_group_tests_name("ingest.cap", tests, NULL, NULL);
}
