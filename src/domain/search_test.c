// SPDX-License-Identifier: Apache-2.0
// Searching everything: what is found, in which order, who finds it, and when the index is touched.
#include "domain/test_kit.h"

#include "base/prop_test.h"
#include "core/search.h"

static int setup(void **state)
{
    *state = kit_world();
    return 0;
}

static int teardown(void **state)
{
    kit_done(*state);
    return 0;
}

// The answer to q for who (NULL: the local administrator); in k->text.
static const char *look(kit *k, vg_principal *who, const char *q, const char *more)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(8 << 20);
    vg_principal *p = who ? who : &local;
    vg_err err = {0};
    vg_args args;
    vg_buf b;
    json_t *tree;
    char text[300];
    snprintf(text, sizeof text, "{\"q\":\"%s\"%s}", q, more);
    assert_int_equal(vg_json_parse(vg_str_c(text), sizeof text, &tree, &err), VG_OK);
    assert_int_equal(vg_args_parse(a, vg_search_fields, tree, &args, &err), VG_OK);
    json_decref(tree);
    vg_buf_init(&b, sizeof k->text - 1);
    vg_read rd = {.core = k->core, .arena = a, .who = p, .out = vg_jw_on(&b)};
    assert_int_equal(vg_reader_take(k->core, p, &rd.db, &err), VG_OK);
    if (vg_search_read(&rd, &args, &err) != VG_OK) {
        fail_msg("%s: %s %s", q, err.key ? err.key : "", err.detail);
    }
    vg_reader_give(k->core, rd.db);
    snprintf(k->text, sizeof k->text, "%s", vg_buf_z(&b));
    vg_buf_done(&b);
    return k->text;
}

static bool finds(kit *k, vg_principal *who, const char *q, const char *what)
{
    return strstr(look(k, who, q, ""), what) != NULL;
}

static bool nothing(kit *k, vg_principal *who, const char *q)
{
    return strncmp(look(k, who, q, ""), "{\"groups\":[],\"total\":0,\"complete\":true",
                   strlen("{\"groups\":[],\"total\":0,\"complete\":true")) == 0;
}

static void add_gate(kit *k, const char *name)
{
    kit_do(k, "sites.gate_add", "{\"site\":\"%s\",\"name\":\"%s\",\"kind\":\"both\"}", k->site,
           name);
}

static void wait_built(kit *k)
{
    for (int i = 0; i < 500; i++) {
        if (strstr(look(k, NULL, "x", ""), "\"building\":false")) {
            return;
        }
        usleep(20000);
    }
    fail_msg("%s", "the index is never finished");
}

static void marks_and_d_bar_do_not_matter(void **state)
{
    kit *k = *state;
    add_gate(k, "Cổng Đồng Xoài");
    assert_true(finds(k, NULL, "dong", "Cổng Đồng Xoài"));
    assert_true(finds(k, NULL, "ĐỒNG xoai", "Cổng Đồng Xoài"));
    assert_true(finds(k, NULL, "xo", "Cổng Đồng Xoài"));  // the last word may be begun
    assert_true(finds(k, NULL, "Đo\u0302\u0300ng", "Cổng Đồng Xoài"));  // decomposed
    assert_true(nothing(k, NULL, "xo dong"));                           // another one may not

    assert_true(nothing(k, NULL, "dong kzhong"));  // built-in rules and lists have words, too
    assert_true(nothing(k, NULL, "…"));
}

static void what_changed_is_found_at_once_and_the_old_no_more(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT];
    add_gate(k, "Cổng Hoa Quýnh");
    kit_id(k, id);
    assert_true(finds(k, NULL, "hoa quynh", id));
    kit_do(k, "sites.gate_update", "{\"id\":\"%s\",\"name\":\"Cổng Bằng Lăng\"}", id);
    assert_true(nothing(k, NULL, "quynh"));
    assert_true(finds(k, NULL, "bang lang", id));
    // a command that fails leaves no trace
    assert_int_equal(
        kit_try(k, NULL, "sites.gate_add",
                "{\"site\":\"0000000000000000\",\"name\":\"Maquai\",\"kind\":\"both\"}"),
        VG_ENOTFOUND);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM search_word WHERE word = 'maquai'"), 0);
}

static void a_title_counts_more_than_what_is_below_it(void **state)
{
    kit *k = *state;
    kit_do(k, "sites.post_add", "{\"site\":\"%s\",\"name\":\"Vọng gác A\",\"sector\":\"Kim Liên\"}",
           k->site);
    kit_do(k, "sites.post_add", "{\"site\":\"%s\",\"name\":\"Kim Liên\",\"sector\":\"bắc\"}",
           k->site);
    kit_do(k, "sites.post_add", "{\"site\":\"%s\",\"name\":\"Kim Liênh\",\"sector\":\"nam\"}",
           k->site);
    const char *all = look(k, NULL, "kim lien", "");
    const char *title = strstr(all, "\"title\":\"Kim Liên\""),
               *longer = strstr(all, "\"title\":\"Kim Liênh\""),
               *below = strstr(all, "\"subtitle\":\"Kim Liên\"");
    assert_non_null(title);
    assert_non_null(longer);
    assert_non_null(below);
    assert_true(title < longer);
    assert_true(title < below);
    assert_non_null(strstr(all, "\"total\":3"));
    add_gate(k, "Cũ Kim Liên");  // the word is not its first: behind
    assert_true(strstr(look(k, NULL, "kim", ""), "\"posts\"") < strstr(k->text, "\"gates\""));
    look(k, NULL, "kim lien", ",\"limit\":1,\"resource\":\"posts\"");
    assert_non_null(strstr(k->text, "\"total\":3"));
    assert_null(strstr(k->text, "Liênh"));
    assert_null(strstr(look(k, NULL, "kim lien", ",\"resource\":\"zones\""), "Kim"));
}

static void a_partner_finds_nothing_of_what_he_may_not_see(void **state)
{
    kit *k = *state;
    vg_principal *bank = kit_user(k, "partner", k->bank, "site_commander", k->site);
    vg_principal *police = kit_user(k, "truc", k->police, "duty_officer", "");
    kit_do(k, "sites.site_add",
           "{\"code\":\"CA9\",\"name\":\"Trụ sở Kín Đáo\",\"kind\":\"other\",\"agency\":\"%s\"}",
           k->police);
    kit_do(k, "sites.contact_add",
           "{\"site\":\"%s\",\"name\":\"Lê Thị Riêng Tư\",\"role\":\"bảo vệ\",\"phone\":\"113\"}",
           k->site);
    const char *const secret[] = {"kin dao", "CA9", "tru so", "k", NULL};
    assert_true(finds(k, police, "kin dao", "Trụ sở Kín Đáo"));
    assert_true(nothing(k, bank, "kin dao"));
    for (size_t i = 0; secret[i]; i++) {
        assert_false(finds(k, bank, secret[i], "Kín Đáo"));
    }
    assert_true(finds(k, bank, "rieng tu", "Lê Thị Riêng Tư"));
    assert_true(nothing(k, police, "rieng tu"));
    assert_false(finds(k, bank, "truc", "\"resource\":\"users\""));
    // an answer is the same, to the byte, with any number of hidden rows; no shipped rule has the word, for they are still
    // being told of
    char before[4096];
    snprintf(before, sizeof before, "%.4000s", look(k, bank, "nhanh", ""));
    assert_non_null(strstr(before, "Chi nhánh"));
    for (int i = 0; i < 40; i++) {
        kit_do(k, "sites.site_add",
               "{\"code\":\"H%d\",\"name\":\"Nhánh %d\",\"kind\":\"other\",\"agency\":\"%s\"}", i,
               i, k->police);
    }
    assert_string_equal(before, look(k, bank, "nhanh", ""));
    assert_non_null(strstr(look(k, police, "nhanh", ""), "\"Nhánh "));
}

static void a_resource_one_may_not_list_is_not_searched(void **state)
{
    kit *k = *state;
    vg_principal *guard = kit_user(k, "gac", k->bank, "guard", k->site);
    assert_true(finds(k, NULL, "gac", "\"resource\":\"users\""));
    assert_false(finds(k, guard, "gac", "\"resource\":\"users\""));
}

static void a_removed_contact_leaves_no_words(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT];
    kit_do(
        k, "sites.contact_add",
        "{\"site\":\"%s\",\"name\":\"Đặng Thùy Xuân\",\"role\":\"phó\",\"phone\":\"0900000077\"}",
        k->site);
    kit_id(k, id);
    assert_true(finds(k, NULL, "thuy xuan", id));
    assert_true(finds(k, NULL, "0900000077", id));
    assert_true(finds(k, NULL, "0900 000 077", id));
    kit_do(k, "sites.contact_remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM search_word WHERE word = 'xuan'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM search_word WHERE word = '0900000077'"), 0);
}

// The rows of the index stand where they stood: nothing was written anew.
static void a_report_of_a_device_does_not_touch_the_index(void **state)
{
    static const char *const WORDS =
        "SELECT sum(d.doc) FROM search_doc d"
        " WHERE d.id IN (SELECT id FROM zone) OR d.id IN (SELECT id FROM source)";
    kit *k = *state;
    char id[VG_ID_TEXT];
    kit_source(k, "2001", k->fence, true, id);
    wait_built(k);
    const int64_t words = kit_int(k, WORDS),
                  signals = kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.signal'");
    for (int i = 0; i < 6; i++) {
        kit_signal(k, "2001", "intrusion", i % 2 ? VG_SIG_RESTORE : VG_SIG_RAISE, true);
    }
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.signal'"),
                     signals + 6);
    assert_int_equal(kit_int(k, WORDS), words);
}

// Of the gates alone: rules come when the engine has read them.
#define OF_GATES " FROM search_word w JOIN search_doc d ON d.doc = w.doc JOIN gate g ON g.id = d.id"
#define ROWS "SELECT count(*)" OF_GATES
#define SUM "SELECT sum(length(w.word) * 31 + w.weight * 7 + w.at % 1000 + w.label)" OF_GATES

// What is kept up row by row is what is made from the tables at once.
static void a_rebuild_makes_the_same_index(void **state)
{
    kit *k = *state;
    vg_prop r = vg_prop_seed("search");
    static const char *const WORDS[] = {"Đông", "Tây", "Nam", "Bắc", "Kho", "Cổng", "Phụ", "Chính"};
    char ids[40][VG_ID_TEXT];
    size_t n = 0;
    for (int i = 0; i < 120; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s %s %d", WORDS[vg_prop_below(&r, 8)],
                 WORDS[vg_prop_below(&r, 8)], i % 10);
        if (n < 40 && (!n || vg_prop_below(&r, 2))) {
            add_gate(k, name);
            kit_id(k, ids[n++]);
        } else {
            kit_do(k, "sites.gate_update", "{\"id\":\"%s\",\"name\":\"%s\"}",
                   ids[vg_prop_below(&r, n)], name);
        }
    }
    wait_built(k);
    const int64_t rows = kit_int(k, ROWS), sum = kit_int(k, SUM);
    assert_true(rows > 100);
    kit_close(k);
    vg_rebuild_report rep;
    vg_err err = {0};
    if (vg_rebuild(k->dir, &rep, &err) != VG_OK) {
        fail_msg("%s", err.detail);
    }
    kit_reopen(k);
    wait_built(k);
    assert_int_equal(kit_int(k, ROWS), rows);
    assert_int_equal(kit_int(k, SUM), sum);
    assert_true(finds(k, NULL, "chi nhanh", k->site));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(marks_and_d_bar_do_not_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(what_changed_is_found_at_once_and_the_old_no_more, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_title_counts_more_than_what_is_below_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_partner_finds_nothing_of_what_he_may_not_see, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_resource_one_may_not_list_is_not_searched, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_removed_contact_leaves_no_words, setup, teardown),
        cmocka_unit_test_setup_teardown(a_report_of_a_device_does_not_touch_the_index, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_rebuild_makes_the_same_index, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
