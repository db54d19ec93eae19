// SPDX-License-Identifier: Apache-2.0
// Frames recorded in the field or written by other people's encoders, where a developer has them (they
// are not ours to carry): columns say whether CRC and length are right; the receiver must agree.
#include "ingest/dc09/dc09_kit.h"

enum { COLUMNS = 6 };

static FILE *table(const char *name)
{
    char path[1024];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/../shared/data/protocols/dc09/%s", root ? root : ".", name);
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("# skipped: %s is not here\n", name);
        skip();
    }
    return f;
}

static int columns(char *line, char *col[COLUMNS])
{
    int n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *p; n < COLUMNS && (p = strsep(&line, "\t"));) {
        col[n++] = p;
    }
    return n;
}

static vg_ingest_step decode_line(kit *k, const char *frame)
{
    char wire[1024];
    const int n = snprintf(wire, sizeof wire, "\n%s\r", frame);
    return kit_decode(k, (vg_str){wire, (size_t)n}, false);
}

// The instant a frame says it was sent, so that the window is not what is tested here.
static int64_t time_in(const char *frame)
{
    int64_t us = KIT_NOW;
    const char *mark = strrchr(frame, '_');
    if (mark) {
        (void)dc09_time_parse(vg_str_c(mark + 1), &us);
    }
    return us;
}

static vg_ingest_count expected(char *col[COLUMNS])
{
    if (strcmp(col[0], "ok") != 0) {
        return VG_INGEST_bad_crc;
    }
    if (strcmp(col[1], "ok") != 0) {
        return VG_INGEST_bad_length;
    }
    // A receiver's own words are not for a receiver.
    return strstr(col[2], "\"NAK\"") || strstr(col[2], "\"ACK\"") ? VG_INGEST_unparseable
                                                                  : VG_INGEST_unknown;
}

static void know(kit *k, const char *account, const char *key, uint32_t flags)
{
    vg_source s = {.id = "peer", .proto = "dc09", .flags = flags, .key_len = (uint8_t)strlen(key)};
    snprintf(s.address, sizeof s.address, "%s", account);
    memcpy(s.key, key, strlen(key));
    vg_register_release(k->reg, k->snap);
    vg_register_replace(k->reg, &s, 1);
    k->snap = vg_register_acquire(k->reg);
}

static void recorded_frames_get_their_verdict(void **state)
{
    kit *k = *state;
    char line[1024], *col[COLUMNS];
    FILE *f = table("vectors.tsv");
    int n = 0;
    know(k, "nobody of these", "", 0);
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || columns(line, col) < 4) {
            continue;
        }
        k->now_us = time_in(col[2]);
        const vg_ingest_step step = decode_line(k, col[2]);
        const vg_ingest_count want = expected(col);
        print_message("# %-12s %s\n", vg_ingest_count_name(k->out.verdict), col[2]);
        assert_int_equal(k->out.verdict, want);
        assert_int_equal(step, want == VG_INGEST_bad_crc || want == VG_INGEST_bad_length
                                   ? VG_INGEST_BAD
                                   : VG_INGEST_DONE);
        n++;
    }
    fclose(f);
    assert_true(n > 10);
}

static void check_sealed(kit *k, char *col[COLUMNS], int n)
{
    const char *hash = strchr(col[1], '#'), *want = n > 3 ? strstr(col[3], "plain=") : NULL;
    char account[17];
    snprintf(account, sizeof account, "%.*s", (int)strcspn(hash + 1, "["), hash + 1);
    know(k, account, col[0], VG_SRC_ACCEPT_CLOCK | VG_SRC_LENIENT_LENGTH);
    assert_int_equal(decode_line(k, col[1]), VG_INGEST_DONE);
    print_message("# %s %s %s%s %s\n", vg_ingest_count_name(k->out.verdict), k->v[0].kind,
                  k->v[0].code, k->v[0].point, col[n - 1]);
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    assert_int_equal(k->out.answer, VG_ANSWER_ACK);
    if (want && strstr(want, "PA14")) {
        assert_string_equal(k->v[0].kind, "panic");
        assert_string_equal(k->v[0].point, "14");
        assert_string_equal(k->v[0].area, "2");
    } else if (want && strstr(want, "1133")) {
        assert_string_equal(k->v[0].kind, "safe_alarm");
        assert_string_equal(k->v[0].point, "007");
    } else if (want) {
        assert_int_equal(k->v[0].verb, VG_SIG_POLL);
    } else if (strstr(col[n - 1], "code=")) {
        assert_true(k->v[0].verb != VG_SIG_POLL);
    }
}

static void other_encoders_are_understood(void **state)
{
    kit *k = *state;
    char line[1024], *col[COLUMNS];
    FILE *f = table("encrypted_frames.tsv");
    int sealed = 0;
    while (fgets(line, sizeof line, f)) {
        const int n = line[0] == '#' ? 0 : columns(line, col);
        if (n >= 3) {
            check_sealed(k, col, n);
            sealed++;
        }
    }
    fclose(f);
    assert_true(sealed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recorded_frames_get_their_verdict, kit_setup, kit_teardown),
        cmocka_unit_test_setup_teardown(other_encoders_are_understood, kit_setup, kit_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
