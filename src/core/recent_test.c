// SPDX-License-Identifier: Apache-2.0
// What a driver may ask of the journal after a restart: which frames were committed, whose, when, with what proof.
#include "core/recent.h"

#include "core/core_kit_test.h"

typedef struct heard {
    vg_recent v[16];
    char source[16][VG_ID_TEXT];
    size_t n;
} heard;

static void note(void *ctx, const vg_recent *r)
{
    heard *h = ctx;
    assert_true(h->n < VG_LEN(h->v));
    assert_true(vg_str_eqc(r->proto, "dc09"));
    snprintf(h->source[h->n], VG_ID_TEXT, "%s", r->source ? r->source->id : "");
    h->v[h->n++] = *r;
}

static heard ask(node *n, int64_t since_us)
{
    heard h = {0};
    assert_int_equal(vg_recent_signals(n->core, since_us, note, &h, NULL), VG_OK);
    return h;
}

static vg_signal signal_with(node *n, const char *address, unsigned char mark)
{
    vg_signal g = node_signal(n, address, "door_opened", VG_SIG_OTHER);
    memset(g.frame, mark, sizeof g.frame);
    return g;
}

static void committed_frames_are_told_after_a_restart(void **state)
{
    (void)state;
    node *n = node_create();
    char id[VG_ID_TEXT];
    node_furnish(n);
    node_source(n, "1001", 0, id);
    vg_signal v[4] = {signal_with(n, "1001", 1), signal_with(n, "1001", 2),
                      signal_with(n, "9999", 3), signal_with(n, "1001", 0)};
    v[1].flags = 0;
    const int64_t before = vg_now_us();
    assert_int_equal(node_send(n, v, 4), VG_OK);
    assert_int_equal(ask(n, vg_now_us() + VG_SECOND_US).n, 0);
    node_stop(n);
    node_start(n);
    const heard h = ask(n, before);
    assert_int_equal(h.n, 3);                 // the one without an identity is not told
    const unsigned char want[3] = {3, 2, 1};  // the node's log, then the site's, the newest first
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(h.v[i].frame[0], want[i]);
        assert_int_equal(h.v[i].frame[VG_SIG_FRAME_BYTES - 1], want[i]);
        assert_string_equal(h.source[i], want[i] == 3 ? "" : id);
        assert_int_equal(h.v[i].authenticated, want[i] != 2);
        assert_true(h.v[i].recorded_us >= before);
    }
    node_stop(n);
    node_proven(n);
    node_start(n);
    node_destroy(n);
}

static void a_long_log_is_read_no_further_than_asked(void **state)
{
    (void)state;
    node *n = node_create();
    char id[VG_ID_TEXT];
    node_furnish(n);
    node_source(n, "1001", 0, id);
    for (unsigned char i = 1; i <= 6; i++) {
        const vg_signal g = signal_with(n, "1001", i);
        assert_int_equal(node_send(n, &g, 1), VG_OK);
    }
    const heard all = ask(n, 0);
    assert_int_equal(all.n, 6);
    const heard some = ask(n, all.v[2].recorded_us);
    assert_int_equal(some.n, 3);
    assert_int_equal(some.v[2].frame[0], 4);
    node_destroy(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_frames_are_told_after_a_restart),
        cmocka_unit_test(a_long_log_is_read_no_further_than_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
