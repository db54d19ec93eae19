// SPDX-License-Identifier: Apache-2.0
// CAP through the device port: a warning begins once, goes on by updates, ends by its cancel; an exercise is a
// test; what is broken is refused in words and leaves no trace.
#include "ingest/device/device_kit_test.h"

#define HEAD                                                                            \
    "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>%s</identifier>" \
    "<sender>kttv@mau.invalid</sender><sent>2026-11-18T19:0%d:00+07:00</sent>"          \
    "<status>%s</status><msgType>%s</msgType><scope>Public</scope>%s"
#define INFO                                                                        \
    "<info><category>Met</category><event>Bão</event><urgency>Immediate</urgency>" \
    "<severity>Severe</severity><certainty>Likely</certainty></info>"
#define FIRST "<references>kttv@mau.invalid,A1,2026-11-18T19:00:00+07:00</references>"

static int warn(kit *k, const char *id, int minute, const char *status, const char *type,
                const char *rest)
{
    return kit_take(k, kit_path(k, KIT_CAP, ""), "application/cap+xml",
                    vg_str_f(k->a, HEAD "%s</alert>", id, minute, status, type, rest, INFO));
}

static void a_warning_begins_once_and_ends_by_its_cancel(void **state)
{
    kit *k = *state;
    assert_int_equal(warn(k, "A1", 0, "Actual", "Alert", ""), 1);
    assert_int_equal(warn(k, "A1", 0, "Actual", "Alert", ""), 0);      // sent again
    assert_int_equal(warn(k, "A2", 1, "Actual", "Update", FIRST), 0);  // still so
    assert_int_equal(warn(k, "A3", 2, "Actual", "Cancel", FIRST), 1);
    assert_int_equal(warn(k, "A4", 3, "Actual", "Alert", ""), 1);  // another one
}

static int wrapped(kit *k, const char *status, const char *first, const char *second)
{
    static const char ENVELOPE[] =
        "<EDXLDistribution xmlns=\"urn:oasis:names:tc:emergency:EDXL:DE:1.0\">"
        "<senderID>dai@mau.invalid</senderID><distributionStatus>%s</distributionStatus>"
        "<distributionType>Report</distributionType>"
        "<contentObject><xmlContent><embeddedXMLContent>" HEAD "%s</alert></embeddedXMLContent>"
        "</xmlContent></contentObject>"
        "<contentObject><xmlContent><embeddedXMLContent>" HEAD "%s</alert></embeddedXMLContent>"
        "</xmlContent></contentObject></EDXLDistribution>";
    return kit_take(k, kit_path(k, KIT_CAP, ""), "application/xml",
                    vg_str_f(k->a, ENVELOPE, status, first, 0, "Actual", "Alert", "", INFO, second,
                             0, "Actual", "Alert", "", INFO));
}

static void an_envelope_is_opened(void **state)
{
    kit *k = *state;
    assert_int_equal(wrapped(k, "Actual", "B1", "B2"), 2);
    assert_int_equal(wrapped(k, "Actual", "B2", "B3"), 1);         // one of them is known
    assert_int_equal(warn(k, "B1", 0, "Actual", "Alert", ""), 0);  // as if it had come alone
    assert_int_equal(wrapped(k, "Actual", "B4", "B 5"), -1);       // nothing of it
    assert_int_equal(warn(k, "B4", 0, "Actual", "Alert", ""), 1);
}

static void what_is_broken_is_refused(void **state)
{
    kit *k = *state;
    assert_int_equal(warn(k, "A 1", 0, "Actual", "Alert", ""), -1);
    assert_int_equal(k->call.reply.status / 100, 4);
    assert_int_equal(kit_take(k, kit_path(k, KIT_CAP, ""), "application/cap+xml",
                              VG_S("<!DOCTYPE a [<!ENTITY b \"c\">]><alert>&b;</alert>")),
                     -1);
    assert_int_equal(warn(k, "A1", 0, "Draft", "Alert", ""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_warning_begins_once_and_ends_by_its_cancel, kit_make,
                                        kit_end),
        cmocka_unit_test_setup_teardown(an_envelope_is_opened, kit_make, kit_end),
        cmocka_unit_test_setup_teardown(what_is_broken_is_refused, kit_make, kit_end),
    };
    return cmocka_run_group_tests_name("ingest.device.cap", tests, NULL, NULL);
}
