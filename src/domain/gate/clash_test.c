// SPDX-License-Identifier: Apache-2.0
// Records of two terminals that cannot both be true: told once, both kept and named, whichever queue came first; what a
// later piece explains is not told, and what agrees neither.
#include "domain/gate/terminal_kit_test.h"

#define TOLD "SELECT count(*) FROM event WHERE kind = 'gate.contradicted'"
#define ALERTS "SELECT count(*) FROM alert WHERE rule = 'contradictory_records'"
#define OPEN "SELECT count(*) FROM gate_clash"

typedef struct said {
    int terminal, minute;
    const char *way;
} said;

// What both wrote of one holder comes back, a piece a terminal, in this order of terminals.
static world *merged(const said *v, size_t n, int first, char who[VG_ID_TEXT])
{
    world *w = open_world();
    piece q[2][8];
    size_t len[2] = {0, 0};
    const int64_t base = vg_now_us() - 60 * MIN;
    holder(w, "Nguyễn Văn An", "T-01", who);
    for (size_t i = 0; i < n; i++) {
        put(w, &w->t[v[i].terminal], &(wrote){who, "", v[i].way, base + v[i].minute * MIN, 0},
            &q[v[i].terminal][len[v[i].terminal]++]);
    }
    for (int i = 0; i < 2; i++) {
        const int t = (first + i) % 2;
        assert_int_equal(merge(w, &w->t[t], q[t], len[t], vg_now_us()), VG_OK);
    }
    return w;
}

static void two_that_cannot_both_be_true_are_told_once(void **state)
{
    (void)state;
    static const said v[] = {{0, 0, "in"}, {1, 4, "in"}, {1, 9, "out"}};
    for (int first = 0; first < 2; first++) {
        char who[VG_ID_TEXT];
        world *w = merged(v, VG_LEN(v), first, who);
        kit_wait(w->k, ALERTS, 1);
        assert_int_equal(kit_int(w->k, TOLD), 1);
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), 3);
        // Whichever came first, it is the second terminal's that contradicts the first one's.
        assert_string_equal(kit_text(w->k, "SELECT terminal FROM gate_clash"), w->t[1].id);
        // Both records are evidence, and only whoever keeps the gate reads it.
        assert_int_equal(
            kit_int(w->k, "SELECT count(*) FROM alert a, json_each(a.evidence) j JOIN passage p ON"
                          " p.evidence = json_extract(j.value, '$.name') JOIN gate_clash c ON p.id"
                          " IN (c.id, c.other)"),
            2);
        vg_principal *keeper = kit_user(w->k, "quan.tri", w->k->police, "custodian", "");
        assert_non_null(strstr(kit_list(w->k, w->guard, "alerts"), "contradictory_records"));
        assert_null(strstr(kit_list(w->k, keeper, "alerts"), "contradictory_records"));
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline WHERE kind = 'gate.clash'"),
                         0);
        kit_same_after_rebuild(w->k);
        close_world(w);
    }
}

static void what_agrees_or_is_one_hands_own_is_not_told(void **state)
{
    (void)state;
    static const said good[] = {{0, 0, "in"}, {1, 4, "out"}, {1, 9, "in"}, {0, 20, "out"}};
    static const said own[] = {{0, 0, "in"}, {0, 4, "in"}, {0, 9, "out"}};
    for (int first = 0; first < 2; first++) {
        char who[VG_ID_TEXT];
        world *w = merged(good, VG_LEN(good), first, who);
        assert_int_equal(kit_int(w->k, OPEN), 0);
        close_world(w);
    }
    char who[VG_ID_TEXT];
    world *w = merged(own, VG_LEN(own), 0, who);  // flagged, as it is online: no two hands
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE flags <> 0"), 1);
    assert_int_equal(kit_int(w->k, OPEN), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void what_the_next_piece_explains_is_not_told(void **state)
{
    (void)state;
    world *w = open_world();
    char who[VG_ID_TEXT];
    piece a[2], b;
    const int64_t base = vg_now_us() - 60 * MIN;
    holder(w, "Nguyễn Văn An", "T-01", who);
    put(w, &w->t[0], &(wrote){who, "", "in", base, 0}, &a[0]);
    put(w, &w->t[0], &(wrote){who, "", "out", base + 2 * MIN, 0}, &a[1]);
    put(w, &w->t[1], &(wrote){who, "", "in", base + 4 * MIN, 0}, &b);
    assert_int_equal(merge(w, &w->t[0], a, 1, vg_now_us()), VG_OK);
    assert_int_equal(merge(w, &w->t[1], &b, 1, vg_now_us()), VG_OK);
    assert_int_equal(kit_int(w->k, OPEN), 1);
    assert_int_equal(merge(w, &w->t[0], a + 1, 1, vg_now_us()), VG_OK);
    assert_int_equal(kit_int(w->k, OPEN), 0);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline WHERE kind = 'gate.clash'"), 0);
    usleep(5500000);
    assert_int_equal(kit_int(w->k, TOLD), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_that_cannot_both_be_true_are_told_once),
        cmocka_unit_test(what_agrees_or_is_one_hands_own_is_not_told),
        cmocka_unit_test(what_the_next_piece_explains_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
