// SPDX-License-Identifier: Apache-2.0
// The tables of codes: every meaning is a known kind, no code stands twice, and (where the public tables
// are at hand) no public code is missing.
#include "ingest/dc09/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool known_kind(const char *kind)
{
    static const char *const KINDS[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    };
    for (size_t i = 0; i < VG_LEN(KINDS); i++) {
        if (strcmp(kind, KINDS[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void every_meaning_is_a_kind(void **state)
{
    (void)state;
    dc09_codes c;
    dc09_codes_init(&c);
    int sia = 0, cid = 0;
    dc09_meaning m;
    for (char a = 'A'; a <= 'Z'; a++) {
        for (char b = 'A'; b <= 'Z'; b++) {
            sia += dc09_sia_meaning(&c, (char[]){a, b}, &m);
            assert_true(known_kind(m.kind));
        }
    }
    for (int code = -1; code <= 1000; code++) {
        cid += dc09_cid_meaning(&c, '1', code, &m);
        assert_true(known_kind(m.kind));
        dc09_cid_meaning(&c, '3', code, &m);
        assert_true(known_kind(m.kind));
    }
    print_message("# %d SIA codes, %d Contact ID codes\n", sia, cid);
    assert_int_equal(sia, dc09_sia_listed());  // a code in two rows would be counted once
}

static void what_matters_most_is_right(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        uint8_t verb;
        const char *kind;
    } SIA[] = {{"BA", VG_SIG_RAISE, "intrusion"},     {"BR", VG_SIG_RESTORE, "intrusion"},
               {"FA", VG_SIG_RAISE, "fire"},          {"FR", VG_SIG_RESTORE, "fire"},
               {"PA", VG_SIG_RAISE, "panic"},         {"HA", VG_SIG_RAISE, "holdup"},
               {"TA", VG_SIG_RAISE, "tamper"},        {"TR", VG_SIG_RESTORE, "tamper"},
               {"AT", VG_SIG_RAISE, "mains_trouble"}, {"YT", VG_SIG_RAISE, "battery_trouble"},
               {"OP", VG_SIG_DISARM, "disarmed"},     {"CL", VG_SIG_ARM, "armed"},
               {"RP", VG_SIG_TEST, "test"},           {"BC", VG_SIG_OTHER, "other"},
               {"OC", VG_SIG_OTHER, "other"},         {"XQ", VG_SIG_RAISE, "jamming"}},
      CID[] = {{"1110", VG_SIG_RAISE, "fire"},          {"1121", VG_SIG_RAISE, "duress"},
               {"1122", VG_SIG_RAISE, "panic"},         {"1133", VG_SIG_RAISE, "safe_alarm"},
               {"3133", VG_SIG_RESTORE, "safe_alarm"},  {"6130", VG_SIG_RAISE, "intrusion"},
               {"1137", VG_SIG_RAISE, "tamper"},        {"1146", VG_SIG_RAISE, "intrusion"},
               {"1301", VG_SIG_RAISE, "mains_trouble"}, {"3302", VG_SIG_RESTORE, "battery_trouble"},
               {"1401", VG_SIG_DISARM, "disarmed"},     {"3401", VG_SIG_ARM, "armed"},
               {"3441", VG_SIG_ARM, "armed"},           {"1406", VG_SIG_OTHER, "other"},
               {"1454", VG_SIG_RAISE, "arm_failed"},    {"1602", VG_SIG_TEST, "test"},
               {"1570", VG_SIG_BYPASS, "bypassed"},     {"3570", VG_SIG_UNBYPASS, "bypassed"}};
    dc09_codes c;
    dc09_meaning m;
    dc09_codes_init(&c);
    for (size_t i = 0; i < VG_LEN(SIA); i++) {
        assert_true(dc09_sia_meaning(&c, SIA[i].code, &m));
        assert_int_equal(m.verb, SIA[i].verb);
        assert_string_equal(m.kind, SIA[i].kind);
    }
    for (size_t i = 0; i < VG_LEN(CID); i++) {
        assert_true(
            dc09_cid_meaning(&c, CID[i].code[0], (int)strtol(CID[i].code + 1, NULL, 10), &m));
        assert_int_equal(m.verb, CID[i].verb);
        assert_string_equal(m.kind, CID[i].kind);
    }
}

// The public tables are not ours to carry: they are read where a developer has them.
static FILE *public_table(const char *name)
{
    char path[1024];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/../shared/data/protocols/dc09/%s", root ? root : ".", name);
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("# skipped: the public table %s is not here\n", name);
        skip();
    }
    return f;
}

static void no_public_sia_code_is_missing(void **state)
{
    (void)state;
    dc09_codes c;
    dc09_meaning m;
    char line[256];
    int n = 0, other = 0;
    dc09_codes_init(&c);
    FILE *f = public_table("sia_dc03_codes.tsv");
    while (fgets(line, sizeof line, f)) {
        if (line[0] != '#') {
            n++;
            if (!dc09_sia_meaning(&c, line, &m)) {
                fail_msg("SIA code %.2s is in no row", line);
            }
            other += m.verb == VG_SIG_OTHER;
        }
    }
    print_message("# %d public SIA codes, %d of them deliberately 'other'\n", n, other);
    fclose(f);
}

static void no_public_cid_code_is_missing(void **state)
{
    (void)state;
    dc09_codes c;
    dc09_meaning m;
    char line[256];
    int n = 0;
    dc09_codes_init(&c);
    FILE *f = public_table("cid_dc05_to_sia.tsv");
    while (fgets(line, sizeof line, f)) {
        if (line[0] != '#') {
            n++;
            if (!dc09_cid_meaning(&c, '1', (int)strtol(line, NULL, 10), &m)) {
                fail_msg("Contact ID code %.3s is in no row", line);
            }
        }
    }
    print_message("# %d public Contact ID codes\n", n);
    fclose(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meaning_is_a_kind),
        cmocka_unit_test(what_matters_most_is_right),
        cmocka_unit_test(no_public_sia_code_is_missing),
        cmocka_unit_test(no_public_cid_code_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
