// SPDX-License-Identifier: Apache-2.0
// A visitor who must be accompanied: whoever brought him is asked when he leaves him behind, and if he leaves all the same
// it is told, from whichever terminal and in whatever order the records come.
#include "domain/gate/terminal_kit_test.h"

typedef struct house {
    world *w;
    char visitor[VG_ID_TEXT], an[VG_ID_TEXT], be[VG_ID_TEXT];
} house;

static house open_house(void)
{
    house h = {.w = open_world()};
    kit *k = h.w->k;
    char starts[VG_TIME_TEXT], ends[VG_TIME_TEXT], visit[VG_ID_TEXT];
    vg_time_rfc3339(vg_now_us() - 120 * MIN, starts);
    vg_time_rfc3339(vg_now_us() + 120 * MIN, ends);
    kit_do(k, "visits.plan",
           "{\"site\":\"%s\",\"purpose\":\"Kiểm kê\",\"starts\":\"%s\",\"ends\":\"%s\",\"escort\":"
           "true}",
           k->site, starts, ends);
    kit_id(k, visit);
    kit_do(k, "visits.guest_add",
           "{\"id\":\"%s\",\"name\":\"Lê Khách\",\"doc_kind\":\"id_card\",\"doc_number\":"
           "\"001090012345\"}",
           visit);
    kit_member(k, "holder", h.visitor, sizeof h.visitor);
    holder(h.w, "Nguyễn Văn An", "N-1", h.an);
    holder(h.w, "Trần Thị Bé", "N-2", h.be);
    return h;
}

static void through(const house *h, const char *who, const char *way, int64_t at_us)
{
    char when[VG_TIME_TEXT];
    vg_time_rfc3339(at_us, when);
    assert_int_equal(kit_try(h->w->k, h->w->guard, "gate.record",
                             "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\",\"moved\":\"%s\"}",
                             h->w->gate, who, way, when),
                     VG_OK);
}

static bool asks(const house *h, const char *who)
{
    assert_int_equal(kit_try(h->w->k, h->w->guard, "gate.ask",
                             "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"out\"}", h->w->gate, who),
                     VG_OK);
    return strstr(h->w->k->reply, "\"code\":\"leaves_guest\",\"detail\":\"1\"") != NULL;
}

#define ARRIVED "SELECT count(*) FROM visit WHERE state = 'arrived'"
#define ROWS "SELECT count(*) FROM gate_unescorted"
#define TOLD "SELECT count(*) FROM event WHERE kind = 'gate.unescorted'"
#define DUE "SELECT count(*) FROM deadline WHERE kind = 'gate.unescorted'"

static void who_brought_him_is_asked_and_his_leaving_told(void **state)
{
    (void)state;
    house h = open_house();
    kit *k = h.w->k;
    const int64_t base = vg_now_us() - 60 * MIN;
    through(&h, h.an, "in", base);
    through(&h, h.visitor, "in", base + MIN);
    through(&h, h.be, "in", base + 20 * MIN);  // long after: nobody's escort
    kit_wait(k, ARRIVED, 1);
    assert_true(asks(&h, h.an));
    assert_false(asks(&h, h.be));
    assert_int_equal(kit_int(k, ROWS), 0);
    through(&h, h.an, "out", base + 30 * MIN);
    kit_wait(k, "SELECT count(*) FROM alert WHERE rule = 'visitor_without_escort'", 1);
    assert_int_equal(kit_int(k, "SELECT since FROM gate_unescorted"), base + 30 * MIN);
    assert_int_equal(kit_int(k, DUE), 1);
    assert_int_equal(
        kit_int(k, "SELECT count(*) FROM alert a, json_each(a.evidence) j JOIN passage p ON"
                   " p.evidence = json_extract(j.value, '$.name')"),
        2);
    // Due until he is accompanied again, or out.
    through(&h, h.visitor, "out", base + 40 * MIN);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'gate.escort_back'", 1);
    assert_int_equal(kit_int(k, ROWS), 0);
    assert_int_equal(kit_int(k, DUE), 0);
    assert_int_equal(kit_int(k, TOLD), 1);
    kit_same_after_rebuild(k);
    close_world(h.w);
}

// What the snapshot says of him, for a terminal that is alone.
static vg_str company(const house *h, vg_arena *a)
{
    vg_db *db;
    vg_buf out;
    vg_err err = {0};
    vg_buf_init(&out, 4 << 20);
    assert_int_equal(vg_reader_take(h->w->k->core, &h->w->t[0].who, &db, &err), VG_OK);
    vg_read rd = {.core = h->w->k->core, .db = db, .arena = a, .who = &h->w->t[0].who};
    rd.out = vg_jw_on(&out);
    assert_int_equal(gate_snapshot(&rd, NULL, &err), VG_OK);
    vg_reader_give(h->w->k->core, db);
    vg_str of = {"", 0};
    assert_true(vg_js_find(vg_js_str(a, vg_buf_str(&out), "text"), "company", &of));
    vg_buf_done(&out);
    return of;
}

static void who_keeps_company_is_taken_along(void **state)
{
    (void)state;
    house h = open_house();
    const int64_t base = vg_now_us() - 60 * MIN;
    vg_arena *a = vg_arena_create(16 << 20);
    assert_int_equal(kit_run_as(h.w->k, &h.w->t[0].who, "gate.hello", "{}"), VG_OK);
    through(&h, h.an, "in", base);
    through(&h, h.visitor, "in", base + MIN);
    through(&h, h.be, "in", base + 20 * MIN);
    kit_wait(h.w->k, ARRIVED, 1);
    const vg_str want = vg_str_f(a, "[[\"%s\",\"%s\"]]", h.visitor, h.an);
    assert_true(vg_str_eq(company(&h, a), want));
    through(&h, h.visitor, "out", base + 40 * MIN);
    assert_true(vg_str_eqc(company(&h, a), "[]"));
    vg_arena_destroy(a);
    close_world(h.w);
}

static void one_of_two_may_go_and_who_comes_back_is_company(void **state)
{
    (void)state;
    house h = open_house();
    kit *k = h.w->k;
    const int64_t now = vg_now_us();
    through(&h, h.an, "in", now - 3 * MIN);
    through(&h, h.be, "in", now - 3 * MIN + 1);
    through(&h, h.visitor, "in", now - 2 * MIN);
    kit_wait(k, ARRIVED, 1);
    assert_false(asks(&h, h.an));
    through(&h, h.an, "out", now - MIN);
    assert_true(asks(&h, h.be));
    through(&h, h.be, "out", now - MIN + 1);
    kit_wait(k, ROWS, 1);
    assert_int_equal(kit_int(k, "SELECT due - since FROM gate_unescorted"), 2 * MIN);
    through(&h, h.be, "in", now - MIN / 2);
    kit_wait(k, "SELECT count(*) FROM event WHERE kind = 'gate.escort_back'", 1);
    assert_int_equal(kit_int(k, ROWS), 0);
    assert_int_equal(kit_int(k, TOLD), 0);
    kit_same_after_rebuild(k);
    close_world(h.w);
}

// In: escort and visitor; out: the escort. By three hands, in every order.
static void the_order_of_telling_does_not_matter(void **state)
{
    (void)state;
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t o = 0; o < VG_LEN(orders); o++) {
        house h = open_house();
        kit *k = h.w->k;
        piece v[2];
        const int64_t base = vg_now_us() - 60 * MIN;
        put(h.w, &h.w->t[0], &(wrote){h.an, "", "in", base, 0}, &v[0]);
        put(h.w, &h.w->t[1], &(wrote){h.visitor, "", "in", base + MIN, 0}, &v[1]);
        for (int i = 0; i < 3; i++) {
            const int what = orders[o][i];
            if (what == 2) {
                through(&h, h.an, "out", base + 30 * MIN);
            } else {
                assert_int_equal(merge(h.w, &h.w->t[what], &v[what], 1, vg_now_us()), VG_OK);
            }
        }
        kit_wait(k, ROWS, 1);
        assert_int_equal(kit_int(k, "SELECT since FROM gate_unescorted"), base + 30 * MIN);
        close_world(h.w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_brought_him_is_asked_and_his_leaving_told),
        cmocka_unit_test(who_keeps_company_is_taken_along),
        cmocka_unit_test(one_of_two_may_go_and_who_comes_back_is_company),
        cmocka_unit_test(the_order_of_telling_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
