// SPDX-License-Identifier: Apache-2.0
// What devices tell of a point, on a real node: a plate waits for the guard, a turnstile's word is a passage. What must
// hold: however often and in whatever order a device tells, restarts between, each thing it saw is once, and what it let
// through is never refused.
#include "domain/gate/gate.h"

#include "base/prop_test.h"
#include "domain/test_kit.h"

#define SECOND INT64_C(1000000)

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT], source[VG_ID_TEXT];
    vg_principal *guard;
} world;

static world *open_world(const char *more)
{
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Khuôn viên\",\"passback\":\"hard\"}",
           w->k->site);
    kit_id(w->k, w->yard);
    kit_source(w->k, "2101", w->k->fence, false, w->source);
    kit_do(w->k, "gate.point_add",
           "{\"site\":\"%s\",\"name\":\"Cổng chính\",\"inner\":\"%s\",\"lane\":\"both\","
           "\"source\":\"%s\"%s}",
           w->k->site, w->yard, w->source, more);
    kit_id(w->k, w->gate);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

static void holder(world *w, const char *kind, const char *name, const char *code,
                   char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"}", w->k->site,
           kind, name);
    kit_id(w->k, out);
    if (code) {
        kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}",
               out, code);
    }
}

typedef struct seen {
    const char *kind, *what, *side;
    int64_t captured_us;
} seen;

static vg_signal signal_of(world *w, const seen *s)
{
    const bool plate = strcmp(s->kind, "plate_read") == 0;
    vg_signal g =
        kit_make(w->k, &(kit_sig){"2101", s->kind, "1", VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
    g.captured_us = s->captured_us;
    snprintf(g.text, sizeof g.text, "%s", plate ? s->what : "");
    snprintf(g.user, sizeof g.user, "%s", plate ? "" : s->what);
    snprintf(g.area, sizeof g.area, "%s", s->side);
    return g;
}

static void settle(world *w)
{
    kit_wait(w->k, "SELECT NOT EXISTS (SELECT 1 FROM reaction_due)", 1);
}

static void device_says(world *w, const char *kind, const char *what, const char *side,
                        int64_t captured_us)
{
    const vg_signal g = signal_of(w, &(seen){kind, what, side, captured_us});
    kit_signals(w->k, &g, 1);
    settle(w);
}

static vg_status at_gate(world *w, const char *what, const char *plate, const char *way,
                         const char *more)
{
    return kit_try(w->k, w->guard, what, "{\"id\":\"%s\",\"plate\":\"%s\",\"way\":\"%s\"%s}",
                   w->gate, plate, way, more);
}
#define says(w, text) assert_non_null(strstr((w)->k->reply, text))
#define count(w, sql) kit_int((w)->k, "SELECT count(*) FROM " sql)

static void a_plate_waits_until_the_guard_decides(void **state)
{
    (void)state;
    char car[VG_ID_TEXT];
    world *w = open_world("");
    holder(w, "vehicle", "51A-123.45", NULL, car);
    device_says(w, "plate_read", "51A12345", "", 0);
    const char *list = kit_list(w->k, w->guard, "arrivals");
    assert_non_null(strstr(list, "\"shown\":\"51A12345\""));
    assert_non_null(strstr(list, car));
    assert_non_null(strstr(list, "\"advice\":\"green\""));
    assert_non_null(strstr(list, "\"state\":\"waiting\""));
    device_says(w, "plate_read", "51A12345", "", 0);  // read once more while it waits
    assert_int_equal(count(w, "arrival"), 1);
    assert_int_equal(count(w, "passage"), 0);  // a camera lets nobody through
    assert_int_equal(at_gate(w, "gate.ask", "51A12345", "in", ""), VG_OK);
    says(w, "\"say\":\"green\"");
    says(w, "\"plate\":\"51A12345\"");
    assert_int_equal(at_gate(w, "gate.pass", "51A12345", "in", ""), VG_OK);
    assert_int_equal(count(w, "passage p JOIN arrival a ON a.at = p.came WHERE a.state = 'passed'"),
                     1);
    assert_int_equal(count(w, "arrival WHERE state = 'passed'"), 1);
    assert_int_equal(count(w, "presence"), 1);
    device_says(w, "plate_read", "51A12345", "", 0);  // the same vehicle, going by the camera
    assert_int_equal(count(w, "arrival"), 1);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void expect(world *w, const char *plate, int64_t from_min, int64_t to_min)
{
    char from[VG_TIME_TEXT], to[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + from_min * 60 * SECOND, from);
    vg_time_rfc3339(vg_now_us() + to_min * 60 * SECOND, to);
    kit_do(w->k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"%s\",\"starts\":\"%s\",\"ends\":\"%s\","
           "\"goods\":\"Giấy in\",\"host\":\"Phòng Hành chính\"}",
           w->k->site, plate, from, to);
}

static void whoever_came_once_is_not_known_for_it(void **state)
{
    (void)state;
    world *w = open_world("");
    expect(w, "30F-888.88", -60, 60);
    device_says(w, "plate_read", "30F88888", "", 0);
    assert_non_null(strstr(kit_list(w->k, w->guard, "arrivals"), "Phòng Hành chính"));
    assert_int_equal(at_gate(w, "gate.ask", "30F88888", "in", ""), VG_OK);
    says(w, "\"say\":\"green\"");
    says(w, "plate_expected");
    says(w, "Giấy in");
    assert_int_equal(at_gate(w, "gate.pass", "30F88888", "in", ""), VG_OK);
    kit_wait(w->k, "SELECT count(*) FROM vehicle_expected WHERE state = 'arrived'", 1);
    assert_int_equal(at_gate(w, "gate.pass", "30F88888", "out", ""), VG_OK);
    assert_int_equal(at_gate(w, "gate.ask", "30F88888", "in", ""), VG_OK);
    says(w, "\"say\":\"ask\"");
    says(w, "plate_not_expected");
    expect(w, "30F-888.88", 120, 240);
    assert_int_equal(at_gate(w, "gate.ask", "30F88888", "in", ""), VG_OK);
    says(w, "plate_early");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void a_plate_nobody_knows_is_asked_about(void **state)
{
    (void)state;
    char car[VG_ID_TEXT];
    world *w = open_world("");
    holder(w, "vehicle", "51A-123.45", NULL, car);
    device_says(w, "plate_read", "51A12J45", "", 0);
    device_says(w, "plate_read", "???", "", 0);
    assert_non_null(strstr(kit_list(w->k, w->guard, "arrivals"), "plate_unread"));
    assert_int_equal(at_gate(w, "gate.ask", "5IA12345", "in", ""), VG_OK);  // a 1 taken for an I
    says(w, "plate_maybe");
    says(w, car);
    assert_int_equal(at_gate(w, "gate.ask", "43B98765", "in", ""), VG_OK);
    says(w, "plate_unknown");
    assert_int_equal(at_gate(w, "gate.pass", "43B98765", "in", ""), VG_EINVALID);
    assert_string_equal(w->k->err.field, "why");
    assert_int_equal(at_gate(w, "gate.pass", "43B98765", "in", ",\"why\":\"Xe cứu thương\""),
                     VG_OK);
    assert_string_equal(kit_text(w->k, "SELECT h.class || c.name FROM gate_holder h JOIN gate_card"
                                       " c ON c.holder = h.id WHERE h.class = 'unknown'"),
                        "unknown43B-987.65");
    // Typed where badges are: a plate all the same, unless it is a badge or no plate at all.
    assert_int_equal(kit_try(w->k, w->guard, "gate.ask",
                             "{\"id\":\"%s\",\"badge\":\"51a 123.45\",\"way\":\"in\"}", w->gate),
                     VG_OK);
    says(w, car);
    assert_int_equal(kit_try(w->k, w->guard, "gate.ask",
                             "{\"id\":\"%s\",\"badge\":\"X-99\",\"way\":\"in\"}", w->gate),
                     VG_OK);
    says(w, "badge_unknown");
    assert_int_equal(count(w, "event WHERE kind LIKE 'gate.%' AND body LIKE '%98765%'"), 0);
    close_world(w);
}

static void a_turnstiles_word_is_a_passage(void **state)
{
    (void)state;
    char an[VG_ID_TEXT];
    world *w = open_world(",\"auto\":\"records\"");
    const int64_t t0 = vg_now_us() - 600 * SECOND;
    holder(w, "staff", "Nguyễn Văn An", "1001", an);
    device_says(w, "badge_granted", "1001", "in", t0);
    assert_int_equal(count(w, "presence"), 1);
    assert_string_equal(kit_text(w->k, "SELECT source FROM passage"), w->source);
    assert_int_equal(kit_int(w->k, "SELECT moved FROM passage"), t0);
    assert_int_equal(count(w, "passage WHERE decided_by IS NULL AND advice = 'green'"), 1);
    assert_non_null(strstr(kit_list(w->k, NULL, "passages"), "\"source_name\":\"2101\""));
    // In again while in: against every rule, and it happened.
    device_says(w, "badge_granted", "1001", "in", t0 + 60 * SECOND);
    assert_int_equal(count(w, "passage WHERE advice = 'stop' AND flags = 1"), 1);
    device_says(w, "badge_granted", "1001", "", t0 + 120 * SECOND);  // no side told: he is inside
    assert_int_equal(count(w, "passage WHERE way = 'out'"), 1);
    assert_int_equal(count(w, "presence"), 0);
    // A number of nobody: one stranger, twice.
    device_says(w, "badge_granted", "7777", "in", t0 + 180 * SECOND);
    device_says(w, "badge_granted", "7777", "out", t0 + 240 * SECOND);
    assert_int_equal(count(w, "gate_holder WHERE class = 'unknown'"), 1);
    assert_int_equal(count(w, "passage"), 5);
    device_says(w, "badge_denied", "1001", "in", t0 + 300 * SECOND);
    assert_int_equal(count(w, "refusal WHERE holder IS NOT NULL AND source IS NOT NULL"), 1);
    assert_int_equal(count(w, "passage"), 5);
    // A clock that is ahead: now, and what it said is kept.
    device_says(w, "badge_granted", "1001", "in", vg_now_us() + 3600 * SECOND);
    assert_int_equal(count(w, "passage WHERE told > moved"), 1);
    device_says(w, "badge_granted", "", "in", vg_now_us());  // it does not tell whom
    assert_int_equal(count(w, "passage"), 6);
    assert_non_null(strstr(kit_list(w->k, w->guard, "arrivals"), "told_nobody"));
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void only_the_door_that_is_meant_and_only_if_it_decides(void **state)
{
    (void)state;
    char an[VG_ID_TEXT];
    world *w = open_world(",\"reader\":\"2\",\"auto\":\"records\"");
    holder(w, "staff", "Nguyễn Văn An", "1001", an);
    device_says(w, "badge_granted", "1001", "in", 0);  // door 1
    assert_int_equal(count(w, "passage") + count(w, "arrival"), 0);
    kit_do(w->k, "gate.point_update", "{\"id\":\"%s\",\"reader\":\"1\",\"auto\":\"none\"}",
           w->gate);
    device_says(w, "badge_granted", "1001", "in", 0);
    assert_int_equal(count(w, "passage"), 0);
    assert_non_null(strstr(kit_list(w->k, w->guard, "arrivals"), "Nguyễn Văn An"));
    vg_signal g = signal_of(w, &(seen){"badge_granted", "1002", "in", 0});
    g.flags |= VG_SIG_PURPOSE_TEST;
    kit_signals(w->k, &g, 1);
    settle(w);
    assert_int_equal(count(w, "arrival"), 1);
    kit_do(w->k, "gate.point_update", "{\"id\":\"%s\",\"auto\":\"records\"}", w->gate);
    g = signal_of(w, &(seen){"badge_granted", "1001", "in", 0});
    g.flags = 0;  // anybody may have sent it
    kit_signals(w->k, &g, 1);
    settle(w);
    assert_int_equal(count(w, "passage WHERE reasons LIKE '%device_unproven%'"), 1);
    assert_int_equal(count(w, "arrival WHERE state = 'waiting'"), 0);
    close_world(w);
}

enum { TOLD = 24, NUMBERS = 5 };

static void however_often_it_is_told_it_happened_once(void **state)
{
    (void)state;
    world *w = open_world(",\"auto\":\"records\"");
    vg_prop p = vg_prop_seed("however_often_it_is_told_it_happened_once");
    const int64_t t0 = vg_now_us() - 3600 * SECOND;
    char id[VG_ID_TEXT], code[NUMBERS][8];
    seen all[TOLD];
    int passed = 0;
    for (int i = 0; i < NUMBERS; i++) {
        snprintf(code[i], sizeof code[i], "10%02d", i);
        if (i) {  // number 0 is nobody's
            holder(w, "staff", "Người", code[i], id);
        }
    }
    for (int i = 0; i < TOLD; i++) {
        const bool denied = vg_prop_below(&p, 4) == 0;
        all[i] = (seen){denied ? "badge_denied" : "badge_granted", code[vg_prop_below(&p, NUMBERS)],
                        vg_prop_below(&p, 2) ? "in" : "out", t0 + i * SECOND};
        passed += !denied;
    }
    for (int round = 0; round < 3; round++) {
        for (int sent = 0; sent < TOLD;) {
            vg_signal v[TOLD] = {0};
            size_t n = 0;
            const int piece = 1 + (int)vg_prop_below(&p, 8);
            for (; n < (size_t)piece && sent < TOLD; sent++) {
                const int again = (int)vg_prop_below(&p, TOLD);  // any, before or after its time
                v[n++] = signal_of(w, &all[round == 2 ? sent : again]);
            }
            kit_signals(w->k, v, n);
            if (vg_prop_below(&p, 3) == 0) {  // down between what was told and what follows from it
                kit_close(w->k);
                kit_reopen(w->k);
            }
        }
    }
    settle(w);
    assert_int_equal(count(w, "passage"), passed);
    assert_int_equal(count(w, "refusal"), TOLD - passed);
    assert_int_equal(kit_int(w->k, "SELECT count(DISTINCT moved) FROM passage"), passed);
    assert_int_equal(count(w, "gate_holder WHERE class = 'unknown'") <= 1, 1);
    assert_int_equal(count(w, "presence p WHERE p.passage <> (SELECT id FROM passage g WHERE"
                              " g.holder = p.holder ORDER BY g.moved DESC, g.id DESC LIMIT 1)"),
                     0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void how_long_he_waited_is_kept_unless_it_cannot_be(void **state)
{
    (void)state;
    char an[VG_ID_TEXT], asked[VG_TIME_TEXT], more[96];
    world *w = open_world("");
    holder(w, "vehicle", "51A-123.45", NULL, an);
    const struct {
        int64_t ago_us;
        int kept;
    } cases[] = {{8 * SECOND, 1}, {-60 * SECOND, 1}, {2 * 3600 * SECOND, 1}, {SECOND, 2}};
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_time_rfc3339(vg_now_us() - cases[i].ago_us, asked);
        snprintf(more, sizeof more, ",\"why\":\"quen\",\"asked\":\"%s\"", asked);
        assert_int_equal(at_gate(w, i % 2 ? "gate.refuse" : "gate.pass", "51A12345", "in", more),
                         VG_OK);
        assert_int_equal(count(w, "passage WHERE asked IS NOT NULL") +
                             count(w, "refusal WHERE asked IS NOT NULL"),
                         cases[i].kept);
    }
    assert_int_equal(at_gate(w, "gate.ask", "51A12345", "out", ""), VG_OK);
    says(w, "\"asked\":\"20");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plate_waits_until_the_guard_decides),
        cmocka_unit_test(whoever_came_once_is_not_known_for_it),
        cmocka_unit_test(a_plate_nobody_knows_is_asked_about),
        cmocka_unit_test(a_turnstiles_word_is_a_passage),
        cmocka_unit_test(only_the_door_that_is_meant_and_only_if_it_decides),
        cmocka_unit_test(however_often_it_is_told_it_happened_once),
        cmocka_unit_test(how_long_he_waited_is_kept_unless_it_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
