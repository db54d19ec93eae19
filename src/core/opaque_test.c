// SPDX-License-Identifier: Apache-2.0
// What an agency is told in place of numbers: comes back to the same event, is of one length, says nothing to another
// agency, and no changed character passes.
#include "core/opaque.h"

#include "core/core_kit_test.h"

enum { ROUNDS = 2000, TEXT = 25 };

static vg_opaque reader(char letter)
{
    vg_opaque o = {.plain = false};
    memset(o.key, letter, sizeof o.key);
    return o;
}

static int64_t some_event(vg_prop *p)
{
    // small numbers as often as large ones
    const int64_t seq = 1 + (int64_t)(vg_prop_next(p) >> (25 + vg_prop_below(p, 38)));
    return VG_EVENT_ROWID(1 + (int64_t)vg_prop_below(p, UINT16_MAX - 1), seq);
}

static void test_names(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("names");
    const vg_opaque a = reader('a'), b = reader('b'), own = {.plain = true};
    char name[VG_EVENT_NAME], again[VG_EVENT_NAME], other[VG_EVENT_NAME], plain[VG_EVENT_NAME];
    for (int i = 0; i < ROUNDS; i++) {
        const int64_t id = some_event(&p);
        int64_t got = 0;
        vg_event_say(&a, id, name);
        vg_event_say(&a, id, again);
        vg_event_say(&b, id, other);
        vg_event_say(&own, id, plain);
        assert_int_equal(strlen(name), TEXT);
        assert_string_equal(name, again);
        assert_true(vg_event_named(&a, vg_str_c(name), &got));
        assert_true(got == id);
        assert_string_not_equal(name, other);
        assert_false(vg_event_named(&b, vg_str_c(name), &got));
        assert_false(vg_event_named(&own, vg_str_c(name), &got));
        assert_false(vg_event_named(&a, vg_str_c(plain), &got));  // not even where it is true
        assert_true(vg_event_named(&own, vg_str_c(plain), &got));
        assert_true(got == id);
        assert_true(vg_event_say_stored(&a, vg_str_c(plain), again));
        assert_string_equal(name, again);
        name[vg_prop_below(&p, TEXT)] ^= (char)(1 + vg_prop_below(&p, 127));
        assert_false(vg_event_named(&a, vg_str_c(name), &got));
    }
}

// Any letter of the alphabet in any place, and any other length.
static void test_changed_names(void **state)
{
    (void)state;
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const vg_opaque a = reader('a');
    char name[VG_EVENT_NAME];
    int64_t got;
    vg_event_say(&a, VG_EVENT_ROWID(2, 86), name);
    for (size_t i = 0; i < TEXT; i++) {
        const char was = name[i];
        for (size_t k = 0; letters[k]; k++) {
            name[i] = letters[k];
            assert_true(vg_event_named(&a, vg_str_c(name), &got) == (letters[k] == was));
        }
        name[i] = was;
        assert_false(vg_event_named(&a, (vg_str){name, i}, &got));
    }
    assert_false(vg_event_named(&a, VG_S("2-86"), &got));
    assert_false(vg_event_named(&a, VG_S(""), &got));
}

static void test_sealed(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("sealed");
    const vg_opaque a = reader('a'), b = reader('b');
    unsigned char bytes[64], got[64];
    char text[VG_SEALED(64)];
    for (int i = 0; i < ROUNDS; i++) {
        const size_t n = vg_prop_below(&p, sizeof bytes + 1);
        for (size_t k = 0; k < n; k++) {
            bytes[k] = (unsigned char)vg_prop_next(&p);
        }
        vg_sealed_say(&a, "list", bytes, n, text);
        const vg_str s = vg_str_c(text);
        assert_int_equal(s.n, ((n + VG_SEALED_TAG) * 4 + 2) / 3);
        assert_true(vg_sealed_read(&a, "list", s, got, n));
        assert_memory_equal(got, bytes, n);
        assert_false(vg_sealed_read(&a, "other list", s, got, n));
        assert_false(vg_sealed_read(&b, "list", s, got, n));
        assert_false(vg_sealed_read(&a, "list", s, got, n ? n - 1 : 1));
        text[vg_prop_below(&p, s.n)] ^= (char)(1 + vg_prop_below(&p, 127));
        assert_false(vg_sealed_read(&a, "list", vg_str_c(text), got, n));
    }
}

static void cites(const vg_opaque *o, const char *json, char out[600])
{
    vg_buf b;
    vg_buf_init(&b, 600);
    vg_jw w = vg_jw_on(&b);
    vg_cites_say(o, vg_str_c(json), &w);
    snprintf(out, 600, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
}

static void test_cites(void **state)
{
    (void)state;
    static const char body[] =
        "{\"name\":\"1-2\",\"n\":2,\"last_seq\":86,\"seqs\":[85,86],\"evidence\":[{\"log\":2,"
        "\"seq\":86,"
        "\"name\":\"2-86\",\"text\":\"3-4 ng\\u01b0\\u1eddi "
        "\\\"{\\\"\"},{\"log\":2,\"seq\":86,\"name\":\"2-86\"}],"
        "\"examples\":[{\"key\":\"5-6\",\"evidence\":[\"2-86\"]}],\"at\":null}";
    const vg_opaque a = reader('a'), own = {.plain = true};
    char name[VG_EVENT_NAME], got[600], want[600];
    cites(&own, body, got);
    assert_string_equal(got, body);
    vg_event_say(&a, VG_EVENT_ROWID(2, 86), name);
    snprintf(
        want, sizeof want,
        "{\"name\":\"1-2\",\"n\":2,\"evidence\":[{\"name\":\"%s\",\"text\":\"3-4 ng\\u01b0\\u1eddi "
        "\\\"{\\\"\"},"
        "{\"name\":\"%s\"}],\"examples\":[{\"key\":\"5-6\",\"evidence\":[\"%s\"]}],\"at\":null}",
        name, name, name);
    cites(&a, body, got);
    assert_string_equal(got, want);
    // Labels are counted over all agencies.
    static const char label[] =
        "{\"id\":66,\"agency\":\"\",\"sites\":[{\"id\":\"x\",\"label\":7}]}";
    cites(&own, label, got);
    assert_string_equal(got, label);
    cites(&a, label, got);
    assert_string_equal(got, "{\"agency\":\"\",\"sites\":[{\"id\":\"x\"}]}");
}

// Who is told which, by a node.
static void test_readers(void **state)
{
    (void)state;
    node *n = node_create();
    const vg_principal host = {.kind = VG_P_USER, .agency = "aaaaaaaaaaaaaaaa", .custodian = true},
                       guest = {.kind = VG_P_USER, .agency = "bbbbbbbbbbbbbbbb"},
                       guests_token = {.kind = VG_P_TOKEN, .agency = "bbbbbbbbbbbbbbbb"},
                       other = {.kind = VG_P_USER, .agency = "cccccccccccccccc"};
    vg_opaque o, g, t, x;
    vg_opaque_for(n->core, &LOCAL, &o);
    assert_true(o.plain);
    vg_opaque_for(n->core, &host, &o);
    assert_true(o.plain);
    vg_opaque_for(n->core, &guest, &g);
    vg_opaque_for(n->core, &guests_token, &t);
    vg_opaque_for(n->core, &other, &x);
    assert_false(g.plain || t.plain || x.plain);
    assert_memory_equal(g.key, t.key, sizeof g.key);
    assert_memory_not_equal(g.key, x.key, sizeof g.key);
    vg_principal who = guest;
    vg_db *db;
    assert_int_equal(vg_reader_take(n->core, &who, &db, &n->err), VG_OK);
    assert_memory_equal(vg_opaque_at(db)->key, g.key, sizeof g.key);
    assert_false(vg_opaque_at(db)->plain);
    vg_reader_give(n->core, db);
    vg_principal_done(&who);
    node_destroy(n);
}

// What is below the millisecond counts what was recorded in between.
static void test_times(void **state)
{
    (void)state;
    const vg_opaque host = {.plain = true}, guest = {.plain = false};
    assert_int_equal(vg_time_told(&host, 1234567), 1234567);
    assert_int_equal(vg_time_told(&guest, 1234567), 1234000);
    assert_int_equal(vg_time_told(&guest, 1234000), 1234000);
    assert_int_equal(vg_time_told(&guest, 0), 0);
}

// So does a moment in a body; other numbers, and digits that somebody wrote, are as they were.
static void test_moments_of_bodies(void **state)
{
    static const struct {
        const char *body, *told;
    } cases[] = {
        {"{\"moved\":1776972644600007,\"n\":1234567,\"a\":[1776972644600007,-1776972644600007]}",
         "{\"moved\":1776972644600000,\"n\":1234567,\"a\":[1776972644600000,-1776972644600000]}"},
        {"{\"why\":\"1776972644600007 \\\"1776972644600007\\\\\",\"at\":1776972644600007}",
         "{\"why\":\"1776972644600007 \\\"1776972644600007\\\\\",\"at\":1776972644600000}"},
        {"{\"long\":17769726446000071}", "{\"long\":17769726446000071}"},
        {"", "null"},
    };
    (void)state;
    const vg_opaque host = {.plain = true}, guest = {.plain = false};
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        for (int plain = 0; plain < 2; plain++) {
            vg_buf b;
            vg_buf_init(&b, 600);
            vg_jw w = vg_jw_on(&b);
            vg_event_body_say(plain ? &host : &guest, VG_S("a.b"), vg_str_c(cases[i].body), &w);
            const char *want = plain && *cases[i].body ? cases[i].body : cases[i].told;
            assert_true(vg_str_eqc(vg_buf_str(&b), want));
            vg_buf_done(&b);
        }
    }
}

// Whoever asks for many combinations of filters does not use up a table that others need, too.
static void test_many_questions(void **state)
{
    enum { MANY = 600 };
    (void)state;
    node *n = node_create();
    const vg_resource *one = vg_core_resource("deadlines");
    vg_resource *many = vg_alloc(MANY * sizeof *many);
    vg_principal who = {.kind = VG_P_USER, .agency = "bbbbbbbbbbbbbbbb"};
    vg_db *db;
    int64_t total;
    assert_int_equal(vg_reader_take(n->core, &who, &db, &n->err), VG_OK);
    for (size_t i = 0; i < MANY; i++) {
        many[i] = *one;
        assert_int_equal(vg_resource_total(&many[i], db, 0, &total, &n->err), VG_OK);
    }
    vg_reader_give(n->core, db);
    vg_principal_done(&who);
    node_destroy(n);
    free(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_changed_names),
        cmocka_unit_test(test_sealed),
        cmocka_unit_test(test_cites),
        cmocka_unit_test(test_readers),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_moments_of_bodies),
        cmocka_unit_test(test_many_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
