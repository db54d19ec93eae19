// SPDX-License-Identifier: Apache-2.0
// The ban list and terminals: what of it goes along, and that nobody whom the list names stays unnoticed because a
// terminal had no connection when he came.
#include "domain/gate/terminal_kit_test.h"

#include "domain/holder.h"

#include <sodium.h>

#define CARD "001090000011||Đinh Công Mẫu|01021990|Nam|Hà Nội|01012021"
#define OTHER_CARD "001090000022||Khuat Duy Thach|01021990|Nam|Hà Nội|01012021"

static void written(world *w, terminal *t, const wrote *x)
{
    piece v;
    put(w, t, x, &v);
    assert_int_equal(merge(w, t, &v, 1, vg_now_us()), VG_OK);
}

#define says(w, what) assert_non_null(strstr((w)->k->reply, what))
#define MISSES "SELECT count(*) FROM gate_miss WHERE state = 'open'"

// He whose number the list has came in at `then`, and nobody was asked.
static world *missed_at(int64_t then)
{
    world *w = open_world();
    char entry[VG_ID_TEXT];
    ban(w, "\"name\":\"Người Khác Tên\",\"doc_number\":\"001090000011\"", entry);
    written(w, &w->t[0], &(wrote){"", "", "in", then, 0, CARD, NULL});
    says(w, "\"unknown\":1");
    says(w, "\"missed\":1");
    assert_int_equal(kit_int(w->k, MISSES), 1);
    return w;
}

static void by_the_number_of_his_paper(void **state)
{
    (void)state;
    world *w = missed_at(vg_now_us() - 30 * MIN);
    char miss[VG_ID_TEXT];
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline WHERE kind = 'gate.missed'"), 1);
    assert_string_equal(kit_text(w->k, "SELECT c.name FROM gate_miss m JOIN gate_card c ON c.holder"
                                       " = m.holder"),
                        "Đinh Công Mẫu");
    // An alert, which names nobody; his number and his name are in no event.
    kit_wait(w->k,
             "SELECT count(*) FROM alert WHERE rule = 'let_through_may_be_banned' AND level ="
             " 'high'",
             1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%001090000011%' OR"
                                   " body LIKE '%Đinh Công%'"),
                     0);
    snprintf(miss, sizeof miss, "%s", kit_text(w->k, "SELECT id FROM gate_miss"));
    assert_int_equal(kit_try(w->k, w->guard, "gate.miss_settle",
                             "{\"id\":\"%s\",\"outcome\":\"other_person\",\"why\":\"x\"}", miss),
                     VG_EDENIED);
    kit_do(w->k, "gate.miss_settle",
           "{\"id\":\"%s\",\"outcome\":\"sent_out\",\"why\":\"Đã mời ra\"}", miss);
    assert_int_equal(kit_int(w->k, MISSES), 0);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline WHERE kind = 'gate.missed'"), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void by_his_name_and_not_twice(void **state)
{
    (void)state;
    world *w = open_world();
    char entry[VG_ID_TEXT];
    const int64_t then = vg_now_us() - 30 * MIN;
    ban(w, "\"name\":\"Khuất Duy Thạch\",\"born\":1990", entry);
    written(w, &w->t[0], &(wrote){"", "", "in", then, 0, OTHER_CARD, NULL});
    says(w, "\"missed\":1");
    // Known from then on by his paper, at the other terminal too; where the guard was asked, nothing was missed.
    written(w, &w->t[1],
            &(wrote){"", "", "out", then + MIN, 0, OTHER_CARD,
                     "{\"say\":\"ask\",\"code\":\"ban_name\",\"detail\":\"KV-1\"}"});
    says(w, "\"unknown\":0");
    says(w, "\"missed\":0");
    written(w, &w->t[0], &(wrote){"", "", "in", then + 2 * MIN, 0, CARD, NULL});
    says(w, "\"missed\":0");
    assert_int_equal(kit_int(w->k, MISSES), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_holder WHERE class = 'unknown'"), 2);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void in_and_out_is_one_search(void **state)
{
    (void)state;
    const int64_t then = vg_now_us() - 30 * MIN;
    world *w = missed_at(then);
    char miss[VG_ID_TEXT];
    written(w, &w->t[1], &(wrote){"", "", "out", then + MIN, 0, CARD, NULL});
    says(w, "\"missed\":0");
    assert_int_equal(kit_int(w->k, MISSES), 1);
    // Settled, he is looked for anew when he comes again.
    snprintf(miss, sizeof miss, "%s", kit_text(w->k, "SELECT id FROM gate_miss"));
    kit_do(w->k, "gate.miss_settle", "{\"id\":\"%s\",\"outcome\":\"gone\",\"why\":\"Đã rời đi\"}",
           miss);
    written(w, &w->t[0], &(wrote){"", "", "in", then + 2 * MIN, 0, CARD, NULL});
    says(w, "\"missed\":1");
    assert_int_equal(kit_int(w->k, MISSES), 1);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void a_refused_one_and_a_spoilt_paper_are_no_hit(void **state)
{
    (void)state;
    world *w = open_world();
    char entry[VG_ID_TEXT];
    ban(w, "\"name\":\"Người Khác Tên\",\"doc_number\":\"001090000011\"", entry);
    written(w, &w->t[0], &(wrote){"", "", "in", vg_now_us() - MIN, 0, "001|rách", NULL});
    says(w, "\"unknown\":1");
    says(w, "\"missed\":0");
    close_world(w);
}

// --- what goes along ----------------------------------------------------------------------------
static vg_str snapshot(world *w, vg_arena *a)
{
    vg_db *db;
    vg_err err = {0};
    vg_buf out;
    assert_int_equal(kit_run_as(w->k, &w->t[0].who, "gate.hello", "{}"), VG_OK);
    vg_buf_init(&out, 4 << 20);
    assert_int_equal(vg_reader_take(w->k->core, &w->t[0].who, &db, &err), VG_OK);
    vg_read rd = {.core = w->k->core, .db = db, .arena = a, .who = &w->t[0].who};
    rd.out = vg_jw_on(&out);
    assert_int_equal(gate_snapshot(&rd, NULL, &err), VG_OK);
    vg_reader_give(w->k->core, db);
    const vg_str all = vg_str_dup(a, vg_buf_str(&out));
    vg_buf_done(&out);
    return all;
}

static bool has(vg_str in, const char *what)
{
    return memmem(in.p, in.n, what, strlen(what)) != NULL;
}

// As the browser reckons it: HMAC under the key that terminals carry, then under the snapshot's.
static const char *hash_of(vg_arena *a, vg_str all, const char *number)
{
    unsigned char paper[32], key[32], h[32];
    char *text = vg_arena_get(a, 32);
    assert_true(vg_base64url(vg_js_str(a, all, "paper_key"), paper, sizeof paper));
    assert_true(vg_base64url(vg_js_str(a, vg_js_str(a, all, "text"), "key"), key, sizeof key));
    crypto_auth_hmacsha256(h, (const unsigned char *)number, strlen(number), paper);
    crypto_auth_hmacsha256(h, h, sizeof h, key);
    sodium_bin2base64(text, 32, h, 12, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

static void the_list_goes_along_by_hashes(void **state)
{
    (void)state;
    world *w = open_world();
    char entry[VG_ID_TEXT], an[VG_ID_TEXT];
    vg_arena *a = vg_arena_create(4 << 20);
    ban(w, "\"name\":\"Khuất Duy Thạch\",\"born\":1990,\"doc_number\":\"001 090 000 011\"", entry);
    kit_do(w->k, "gate.holder_add",
           "{\"site\":\"%s\",\"kind\":\"visitor\",\"name\":\"Lê Thị Khách\",\"born\":1985,"
           "\"doc_kind\":\"id_card\",\"doc_number\":\"001185000044\"}",
           w->k->site);
    kit_id(w->k, an);
    const vg_str all = snapshot(w, a), text = vg_js_str(a, all, "text"),
                 names = vg_js_str(a, all, "names");
    assert_true(has(text, hash_of(a, all, "001090000011")));
    assert_true(has(text, hash_of(a, all, "001185000044")));
    assert_false(has(text, "001090000011") || has(text, "001185000044"));
    assert_false(has(text, "Khuất") || has(text, "Khách"));
    assert_true(has(names, "Khuất Duy Thạch") && has(names, "[\"Lê Thị Khách\",1985]"));
    // Another time it is another key, and one that is over is not taken along.
    kit_do(w->k, "bans.end", "{\"id\":\"%s\",\"why\":\"Xong\"}", entry);
    const vg_str next = snapshot(w, a), later = vg_js_str(a, next, "text");
    assert_false(has(later, hash_of(a, all, "001185000044")));
    assert_true(has(later, hash_of(a, next, "001185000044")));
    assert_false(has(later, hash_of(a, next, "001090000011")));
    assert_false(has(vg_js_str(a, next, "names"), "Khuất"));
    vg_arena_destroy(a);
    close_world(w);
}

// Plates as numbers of papers, and once more with what cameras confuse made equal. What is expected there stays locked.
static void plates_go_along_by_hashes(void **state)
{
    (void)state;
    world *w = open_world();
    char van[VG_ID_TEXT], from[VG_TIME_TEXT], to[VG_TIME_TEXT];
    vg_arena *a = vg_arena_create(4 << 20);
    kit_do(w->k, "gate.holder_add",
           "{\"site\":\"%s\",\"kind\":\"vehicle\",\"name\":\"30B-555.66\"}", w->k->site);
    kit_id(w->k, van);
    vg_time_rfc3339(vg_now_us(), from);
    vg_time_rfc3339(vg_now_us() + 60 * MIN, to);
    kit_do(w->k, "vehicles.expect",
           "{\"site\":\"%s\",\"plate\":\"29C-777.44\",\"starts\":\"%s\",\"ends\":\"%s\","
           "\"goods\":\"Giấy in\",\"host\":\"Kho\"}",
           w->k->site, from, to);
    const vg_str all = snapshot(w, a), text = vg_js_str(a, all, "text"),
                 names = vg_js_str(a, all, "names");
    assert_true(
        has(text, vg_str_z(a, vg_str_f(a, "[\"%s\",\"%s\",\"%s\"]", hash_of(a, all, "30B55566"),
                                       hash_of(a, all, "30855566"), van))));
    assert_true(has(text, hash_of(a, all, "29C77744")));
    assert_false(has(text, "55566") || has(text, "555.66"));
    assert_false(has(text, "77744") || has(text, "777.44") || has(text, "Giấy in"));
    assert_true(has(names, "[\"29C-777.44\",\"Giấy in\",\"Kho\"]"));
    assert_true(has(text, "alike 0ODQ"));  // as the node tells them apart
    vg_arena_destroy(a);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_number_of_his_paper),
        cmocka_unit_test(by_his_name_and_not_twice),
        cmocka_unit_test(in_and_out_is_one_search),
        cmocka_unit_test(a_refused_one_and_a_spoilt_paper_are_no_hit),
        cmocka_unit_test(the_list_goes_along_by_hashes),
        cmocka_unit_test(plates_go_along_by_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
