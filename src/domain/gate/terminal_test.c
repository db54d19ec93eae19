// SPDX-License-Identifier: Apache-2.0
// Terminals without a connection, against a real node. The property: however a day's passages are split over two
// terminals and the node, in whatever order the queues come back and whatever is sent twice, nothing is lost, and inside
// is in less out for everybody. A fork and a gap are found; a forged entry is none.
#include "domain/gate/terminal_kit_test.h"

#include "base/prop_test.h"

#define says(w, text) assert_non_null(strstr((w)->k->reply, text))

// --- any split, any order -----------------------------------------------------------------------
enum { PEOPLE = 4, MOVES = 36 };

static void a_split_day_is_one_day(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("a_split_day_is_one_day");
    world *w = open_world();
    char ids[PEOPLE][VG_ID_TEXT];
    piece q[2][MOVES];
    size_t n[2] = {0, 0}, online = 0;
    int in[PEOPLE] = {0};
    const int64_t base = (vg_now_us() / MIN - MOVES - 5) * MIN;
    for (int i = 0; i < PEOPLE; i++) {
        char code[16];
        snprintf(code, sizeof code, "N-%d", i);
        holder(w, "Người", code, ids[i]);
    }
    for (int i = 0; i < MOVES;
         i++) {  // everybody in and out by turns, seen by this terminal, that one, or the node
        const int who = (int)vg_prop_below(&p, PEOPLE), where = (int)vg_prop_below(&p, 3);
        const char *way = in[who] ? "out" : "in";
        in[who] = !in[who];
        if (where < 2) {
            put(w, &w->t[where],
                &(wrote){.holder = ids[who], .shown = "", .way = way, .told_us = base + i * MIN},
                &q[where][n[where]++]);
            continue;
        }
        char when[VG_TIME_TEXT];
        vg_time_rfc3339(base + i * MIN, when);
        assert_int_equal(
            kit_try(w->k, w->guard, "gate.record",
                    "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\",\"moved\":\"%s\"}", w->gate,
                    ids[who], way, when),
            VG_OK);
        online++;
    }
    const size_t first = vg_prop_below(&p, 2);
    for (size_t half = 0; half < 2; half++) {
        for (size_t i = 0; i < 2; i++) {
            const size_t k = (first + i) % 2, from = half ? n[k] / 2 : 0,
                         to = half ? n[k] : n[k] / 2;
            assert_int_equal(merge(w, &w->t[k], q[k] + from, to - from, vg_now_us()), VG_OK);
            if (vg_prop_below(&p, 2)) {  // and all of it once more
                assert_int_equal(merge(w, &w->t[k], q[k], to, vg_now_us()), VG_OK);
                says(w, "\"merged\":0");
            }
        }
    }
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), n[0] + n[1] + online);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE flags <> 0"), 0);
    assert_int_equal(kit_int(w->k, "SELECT sum(forks + gaps) FROM gate_terminal"), 0);
    for (int i = 0; i < PEOPLE; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM presence WHERE holder = '%s'", ids[i]);
        assert_int_equal(kit_int(w->k, sql), in[i]);
    }
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE terminal IS NOT NULL AND"
                                   " decided_by = (SELECT id FROM user_account WHERE login ="
                                   " 'gac1')"),
                     n[0] + n[1]);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// --- what is not in order -----------------------------------------------------------------------
#define ALERTS(rule) "SELECT count(*) FROM alert WHERE level = 'high' AND rule = '" rule "'"

static void a_fork_and_a_gap_are_alarms_and_take_nothing_away(void **state)
{
    (void)state;
    world *w = open_world();
    terminal *t = &w->t[0];
    char an[VG_ID_TEXT];
    piece v[5];
    const int64_t base = vg_now_us() - 60 * MIN;
    wrote x = {.shown = "", .way = "in", .told_us = base};
    kit_do(w->k, "desk.open", "{\"site\":\"%s\",\"situation\":\"sabotage\"}", w->k->site);
    holder(w, "Nguyễn Văn An", "T-01", an);
    x.holder = an;
    put(w, t, &x, &v[0]);
    const terminal before = *t;
    x = (wrote){an, "", "out", base + MIN, 0};
    put(w, t, &x, &v[1]);
    assert_int_equal(merge(w, t, v, 2, vg_now_us()), VG_OK);
    says(w, "\"forks\":0,\"gaps\":0");
    // Its storage was put back and it wrote another second one.
    t->seq = before.seq;
    memcpy(t->head, before.head, sizeof t->head);
    x = (wrote){an, "", "in", base + 2 * MIN, 0};
    put(w, t, &x, &v[2]);
    assert_int_equal(merge(w, t, v + 2, 1, vg_now_us()), VG_OK);
    says(w, "\"merged\":1");
    says(w, "\"forks\":1,\"gaps\":0");
    // One of its entries never comes.
    x.told_us = base + 3 * MIN;
    put(w, t, &x, &v[3]);
    x.told_us = base + 4 * MIN;
    put(w, t, &x, &v[4]);
    assert_int_equal(merge(w, t, v + 4, 1, vg_now_us()), VG_OK);
    says(w, "\"merged\":1");
    says(w, "\"forks\":0,\"gaps\":1");
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), 4);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind IN ('gate.queue_fork',"
                                   " 'gate.queue_gap')"),
                     2);
    kit_wait(w->k, ALERTS("terminal_forked"), 1);
    kit_wait(w->k, ALERTS("terminal_gap"), 1);
    // Known to whoever keeps the gate, not to all who know the site, by no list, incident or count.
    vg_principal *keeper = kit_user(w->k, "quan.tri", w->k->police, "custodian", "");
    assert_non_null(strstr(kit_list(w->k, w->guard, "alerts"), "\"rule\":\"terminal_forked\""));
    assert_null(strstr(kit_list(w->k, keeper, "alerts"), "\"rule\":\"terminal_"));
    assert_int_equal(kit_int(w->k, "SELECT sum(alerts_n) FROM incident"), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void what_it_did_not_sign_is_not_its_own(void **state)
{
    (void)state;
    world *w = open_world();
    char an[VG_ID_TEXT];
    piece v;
    const int64_t base = vg_now_us() - 60 * MIN;
    holder(w, "Nguyễn Văn An", "T-01", an);
    put(w, &w->t[0], &(wrote){an, "", "in", base, 0}, &v);
    assert_int_equal(merge(w, &w->t[1], &v, 1, vg_now_us()), VG_EINVALID);
    char *told = strstr(v.json, "\\\"way\\\":\\\"in");
    assert_non_null(told);
    told[strlen("\\\"way\\\":\\\"")] = 'o';
    assert_int_equal(merge(w, &w->t[0], &v, 1, vg_now_us()), VG_EINVALID);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), 0);
    // A person is no terminal, whatever he may do at the gate.
    assert_int_equal(kit_try(w->k, w->guard, "gate.hello", "{}"), VG_EDENIED);
    close_world(w);
}

static void clocks_are_put_right_and_who_is_unknown_becomes_known(void **state)
{
    (void)state;
    world *w = open_world();
    terminal *t = &w->t[0];
    char an[VG_ID_TEXT], was[VG_ID_TEXT];
    piece v[2];
    const int64_t slow = 3600 * VG_SECOND_US, now = vg_now_us();
    holder(w, "Nguyễn Văn An", "T-01", an);
    put(w, t, &(wrote){"", "T-01", "in", now - slow - 10 * MIN, 0}, &v[0]);
    put(w, t, &(wrote){"", "nguoi la", "in", now - slow - 5 * MIN, 0}, &v[1]);
    assert_int_equal(merge(w, t, v, 2, now - slow), VG_OK);
    says(w, "\"unknown\":1");
    // An hour slow: ten minutes ago all the same, and what it showed is kept.
    assert_in_range(kit_int(w->k, "SELECT moved FROM passage ORDER BY moved LIMIT 1"),
                    now - 11 * MIN, now - 9 * MIN);
    assert_int_equal(kit_int(w->k, "SELECT told FROM passage ORDER BY moved LIMIT 1"),
                     now - slow - 10 * MIN);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%nguoi la%'"), 0);
    snprintf(was, sizeof was, "%s",
             kit_text(w->k, "SELECT id FROM gate_holder WHERE class = 'unknown'"));
    kit_do(w->k, "gate.resolve", "{\"id\":\"%s\",\"holder\":\"%s\"}", was, an);
    assert_int_equal(kit_int(w->k, "SELECT count(DISTINCT holder) FROM passage"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE flags = 1"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 1);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// --- what it takes with it ----------------------------------------------------------------------
static const char *snapshot_text(world *w, terminal *t, vg_arena *a)
{
    vg_db *db;
    vg_err err = {0};
    vg_buf out;
    vg_buf_init(&out, 4 << 20);
    assert_int_equal(vg_reader_take(w->k->core, &t->who, &db, &err), VG_OK);
    vg_read rd = {.core = w->k->core, .db = db, .arena = a, .who = &t->who};
    rd.out = vg_jw_on(&out);
    assert_int_equal(gate_snapshot(&rd, NULL, &err), VG_OK);
    vg_reader_give(w->k->core, db);
    const char *text = vg_str_z(a, vg_js_str(a, vg_buf_str(&out), "text"));
    vg_buf_done(&out);
    return text;
}

#define AN "\"name\":\"An\",\"doc_kind\":\"id_card\",\"doc_number\":\"001090012345\""
static void record(world *w, const char *site, const char *code, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"contractor\"," AN "}", site);
    kit_id(w->k, out);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", out,
           code);
}

static void second_site(world *w, const char *code, const char *agency, char site[VG_ID_TEXT],
                        char point[VG_ID_TEXT])
{
    char yard[VG_ID_TEXT];
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"%s\",\"name\":\"Nhà\",\"kind\":\"state_bank\",\"agency\":\"%s\"}", code,
           agency);
    kit_id(w->k, site);
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", site);
    kit_id(w->k, yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}", site,
           yard);
    kit_id(w->k, point);
}

// One person with a record at each site: who is inside at the other is taken along, if it is the same agency's.
static void who_is_inside_elsewhere_is_taken_along(void **state)
{
    (void)state;
    char here[VG_ID_TEXT], there[VG_ID_TEXT], site[VG_ID_TEXT], gate[VG_ID_TEXT], want[60];
    vg_arena *a = vg_arena_create(16 << 20);
    for (int same = 0; same < 2; same++) {
        world *w = open_world();
        assert_int_equal(kit_run_as(w->k, &w->t[0].who, "gate.hello", "{}"), VG_OK);
        second_site(w, "NH2", same ? w->k->bank : w->k->police, site, gate);
        record(w, w->k->site, "T-1", here);
        record(w, site, "T-2", there);
        const char *text = snapshot_text(w, &w->t[0], a);
        assert_non_null(strstr(text, "\"elsewhere\":[],\"papers_elsewhere\":[]"));
        assert_non_null(strstr(text, "\"certified\":1"));
        kit_do(w->k, "gate.pass", "{\"id\":\"%s\",\"badge\":\"T-2\",\"way\":\"in\",\"why\":\"x\"}",
               gate);
        text = snapshot_text(w, &w->t[0], a);
        snprintf(want, sizeof want, "\"elsewhere\":[[\"%s\",", here);
        assert_int_equal(strstr(text, want) != NULL, same);
        assert_int_equal(strstr(text, "\"papers_elsewhere\":[[\"") != NULL, same);
        assert_null(strstr(text, there));  // nothing of his record there, nor where it is
        assert_null(strstr(text, site));
        close_world(w);
    }
    vg_arena_destroy(a);
}

static void a_snapshot_is_signed_and_tells_no_code_and_no_name(void **state)
{
    (void)state;
    world *w = open_world();
    char an[VG_ID_TEXT], point[100];
    vg_device_key key;
    vg_db *db;
    vg_err err = {0};
    holder(w, "Nguyễn Văn An", "T-0001-X", an);
    assert_int_equal(kit_run_as(w->k, &w->t[0].who, "gate.hello", "{}"), VG_OK);
    kit_member(w->k, "key", point, sizeof point);
    assert_int_equal(vg_device_key_read(vg_str_c(point), &key, &err), VG_OK);
    vg_arena *a = vg_arena_create(4 << 20);
    vg_buf out;
    vg_buf_init(&out, 4 << 20);
    assert_int_equal(vg_reader_take(w->k->core, &w->t[0].who, &db, &err), VG_OK);
    vg_read rd = {.core = w->k->core, .db = db, .arena = a, .who = &w->t[0].who};
    rd.out = vg_jw_on(&out);
    assert_int_equal(gate_snapshot(&rd, NULL, &err), VG_OK);
    vg_reader_give(w->k->core, db);
    const vg_str all = vg_buf_str(&out), text = vg_js_str(a, all, "text");
    unsigned char sig[64];
    assert_true(vg_base64url(vg_js_str(a, all, "sig"), sig, sizeof sig));
    const vg_str signed_text = vg_str_f(a, "vonggac snapshot 5\n%.*s", VG_FMT(text));
    assert_true(vg_device_sig_good(&key, signed_text, sig));
    ((char *)(uintptr_t)signed_text.p)[signed_text.n - 3] ^= 1;
    assert_false(vg_device_sig_good(&key, signed_text, sig));
    assert_true(vg_js_str(a, text, "terminal").n > 0);
    assert_null(memmem(text.p, text.n, "T-0001-X", 8));
    assert_null(memmem(text.p, text.n, "Nguyễn", strlen("Nguyễn")));
    assert_non_null(memmem(text.p, text.n, an, strlen(an)));
    const vg_str names = vg_js_str(a, all, "names");
    assert_non_null(memmem(names.p, names.n, "Nguyễn Văn An", strlen("Nguyễn Văn An")));
    vg_buf_done(&out);
    vg_arena_destroy(a);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_split_day_is_one_day),
        cmocka_unit_test(a_fork_and_a_gap_are_alarms_and_take_nothing_away),
        cmocka_unit_test(what_it_did_not_sign_is_not_its_own),
        cmocka_unit_test(clocks_are_put_right_and_who_is_unknown_becomes_known),
        cmocka_unit_test(who_is_inside_elsewhere_is_taken_along),
        cmocka_unit_test(a_snapshot_is_signed_and_tells_no_code_and_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
