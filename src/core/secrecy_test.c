// SPDX-License-Identifier: Apache-2.0
// Who sees which label, what a pooled reader shows, facts, the vault, and erasure: after core.forget a personal
// part is noise and the chain still holds. Handlers are stood in for by calls on an open, not started core.
#include "core/core_kit_test.h"

#include "core/core_impl.h"
#include "core/person.h"

#include <sodium.h>

static const char A[] = "aaaaaaaaaaaaaaaa", B[] = "bbbbbbbbbbbbbbbb", S1[] = "1111111111111111",
                  S2[] = "2222222222222222";

static vg_principal principal(const char *agency, const char *role, const char *site)
{
    vg_principal p = {.kind = VG_P_USER, .user = "uuuuuuuuuuuuuuuu", .n_assignments = 1};
    snprintf(p.agency, sizeof p.agency, "%s", agency);
    snprintf(p.assignments[0].role, sizeof p.assignments[0].role, "%s", role);
    snprintf(p.assignments[0].site, sizeof p.assignments[0].site, "%s", site);
    return p;
}

static vg_label label(const char *agency, const char *site, vg_compartment c, vg_secrecy s)
{
    vg_label l = {.compartment = (uint8_t)c, .secrecy = (uint8_t)s};
    snprintf(l.agency, sizeof l.agency, "%s", agency);
    snprintf(l.site, sizeof l.site, "%s", site);
    return l;
}

static void test_rules(void **state)
{
    (void)state;
    const struct {
        const char *agency, *role, *at;  // who
        const char *owner, *site;        // what
        vg_compartment c;
        vg_secrecy s;
        bool seen;
    } cases[] = {
        {A, "site_commander", "", A, S1, VG_C_MEANS, VG_S_NORMAL, true},
        {A, "site_commander", S1, A, S1, VG_C_VULNERABILITY, VG_S_NORMAL, true},
        {A, "site_commander", S1, A, S2, VG_C_SHARED, VG_S_NORMAL, false},  // another site
        {A, "site_commander", "", B, S1, VG_C_MEANS, VG_S_NORMAL, false},  // another agency's means
        {A, "site_commander", "", B, S1, VG_C_FORCE, VG_S_NORMAL, false},
        {A, "site_commander", "", B, S1, VG_C_CAPABILITY, VG_S_NORMAL, true},
        {A, "site_commander", "", B, S1, VG_C_SHARED, VG_S_NORMAL, true},
        {A, "site_commander", "", A, S1, VG_C_SHARED, VG_S_MAT, false},  // above the clearance
        {A, "guard", S1, A, S1, VG_C_FORCE, VG_S_NORMAL, false},
        {A, "guard", S1, A, S1, VG_C_MEASURES, VG_S_NORMAL, true},
        {A, "guard", S1, "", "", VG_C_SHARED, VG_S_NORMAL, true},  // the node's own
        {A, "custodian", "", B, S1, VG_C_REPORTER, VG_S_NORMAL,
         false},  // administering is not seeing
        {A, "custodian", "", A, S1, VG_C_FORCE, VG_S_NORMAL, false},
        {A, "nobody", "", A, S1, VG_C_SHARED, VG_S_NORMAL, false},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        const vg_principal p = principal(cases[i].agency, cases[i].role, cases[i].at);
        const vg_label l = label(cases[i].owner, cases[i].site, cases[i].c, cases[i].s);
        if (vg_label_visible(&p, &l) != cases[i].seen) {
            fail_msg("case %zu", i);
        }
    }
    // The node's own, not shared: its custodian's, never a guest's.
    const vg_label own = label("", "", VG_C_MEANS, VG_S_NORMAL);
    vg_principal guest = principal(B, "site_commander", ""),
                 host = principal(A, "staff_officer", ""), admin = principal(A, "custodian", "");
    host.custodian = admin.custodian = true;
    assert_false(vg_label_visible(&guest, &own));
    assert_true(vg_label_visible(&host, &own));
    assert_true(vg_label_visible(&admin, &own));
    vg_principal cleared = principal(A, "site_commander", "");
    cleared.clearance = VG_S_MAT;
    const vg_label mat = label(A, S1, VG_C_SHARED, VG_S_MAT),
                   toi_mat = label(A, S1, VG_C_SHARED, VG_S_TOI_MAT);
    assert_true(vg_label_visible(&cleared, &mat));
    assert_false(vg_label_visible(&cleared, &toi_mat));
}

static bool bit(const vg_scope *s, int32_t label_id)
{
    return (size_t)label_id < s->n_labels && (s->bits[label_id >> 6] >> (label_id & 63) & 1);
}

// A number that was rolled back and then means something else must not be seen by an older scope.
static void test_rolled_back_label(void **state)
{
    node *n = *state;
    vg_labels *l = vg_core_labels(n->core);
    vg_principal p = principal(A, "site_commander", "");
    vg_scope scope;
    const vg_label mine = label(A, S1, VG_C_MEANS, VG_S_NORMAL),
                   theirs = label(B, S1, VG_C_MEANS, VG_S_NORMAL);
    const size_t before = vg_labels_count(l);
    const int32_t id = vg_label_add(l, &mine);
    vg_scope_compute(&p, l, &scope);
    assert_false(bit(&scope, id));  // not committed yet
    vg_labels_cut(l, before);
    assert_int_equal(vg_label_add(l, &theirs), id);
    vg_labels_publish(l, 0);
    vg_scope_compute(&p, l, &scope);
    assert_false(bit(&scope, id));
    const int32_t own = vg_label_add(l, &mine);
    vg_labels_publish(l, 0);
    vg_scope_compute(&p, l, &scope);
    assert_true(bit(&scope, own));
    vg_principal_done(&p);
}

// --- inside a transaction of the not started core ---------------------------------------------------
static vg_cx context(node *n, vg_arena *a)
{
    return (vg_cx){.core = n->core,
                   .db = n->core->db,
                   .arena = a,
                   .who = vg_core_system(),
                   .id = vg_cmd_random(),
                   .now_us = vg_now_us()};
}

static void commit(node *n)
{
    assert_int_equal(vg_journal_seal(n->core->journal, vg_now_us(), true, NULL), VG_OK);
    assert_int_equal(vg_commit(n->core->db, NULL), VG_OK);
    vg_journal_settle(n->core->journal, true);
}

static void test_facts(void **state)
{
    node *n = *state;
    vg_arena *a = vg_arena_create(1 << 20);
    vg_cx cx = context(n, a);
    const vg_fact f = {.name = "post.manned", .key = "p1", .value = "yes", .site = ""};
    assert_int_equal(vg_begin(n->core->db, NULL), VG_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(vg_fact_set(&cx, &f, NULL), VG_OK);
    }
    vg_fact g = f;
    g.value = "no";
    assert_int_equal(vg_fact_set(&cx, &g, NULL), VG_OK);
    commit(n);
    vg_buf_done(&cx.body_buf);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'core.fact'"),
                     2);  // only when it changes
    assert_int_equal(
        node_int(n, "SELECT count(*) FROM fact WHERE name = 'post.manned' AND value = 'no'"), 1);
    node_proven(n);
    vg_arena_destroy(a);
}

static void test_vault(void **state)
{
    node *n = *state;
    vg_arena *a = vg_arena_create(1 << 20);
    vg_cx cx = context(n, a);
    vg_str got;
    assert_int_equal(vg_begin(n->core->db, NULL), VG_OK);
    assert_int_equal(vg_vault_put(&cx, "s", "one", VG_S("first"), NULL), VG_OK);
    assert_int_equal(vg_vault_put(&cx, "s", "one", VG_S("second\0x"), NULL), VG_OK);
    assert_int_equal(vg_vault_put(&cx, "s", "long", (vg_str){"", 20000}, NULL), VG_ETOOBIG);
    commit(n);
    assert_int_equal(vg_vault_get(n->core, n->core->db, a, "s", "one", &got, NULL), VG_OK);
    assert_int_equal(got.n, 8);
    assert_memory_equal(got.p, "second\0x", 8);
    assert_int_equal(vg_vault_get(n->core, n->core->db, a, "s", "two", &got, NULL), VG_ENOTFOUND);
    assert_int_equal(node_int(n, "SELECT count(*) FROM vault WHERE instr(value, 'second') > 0"), 0);
    assert_int_equal(
        vg_script(n->core->db, "UPDATE vault SET value = zeroblob(60) WHERE name = 'one'", NULL),
        VG_OK);
    assert_int_equal(vg_vault_get(n->core, n->core->db, a, "s", "one", &got, NULL), VG_ECORRUPT);
    vg_arena_destroy(a);
}

// What a reader of the journal and of the vault could make of an event's personal part.
static bool readable(node *n, vg_arena *a, const char *clear)
{
    vg_str key;
    if (vg_vault_get(n->core, n->core->db, a, "person", A, &key, NULL) != VG_OK) {
        return false;
    }
    vg_rows *r;
    unsigned char out[200];
    assert_int_equal(vg_rows_open(n->core->db, "SELECT personal FROM event WHERE person = ?",
                                  VG_VALS(vg_z(A)), &r, NULL),
                     VG_OK);
    assert_true(vg_rows_next(r));
    const vg_str box = vg_row_str(r, 0);
    const unsigned char *p = (const unsigned char *)box.p;
    const size_t nonce = crypto_secretbox_NONCEBYTES;
    const bool ok = crypto_secretbox_open_easy(out, p + nonce, box.n - nonce, p,
                                               (const unsigned char *)key.p) == 0 &&
                    memcmp(out, clear, strlen(clear)) == 0;
    assert_int_equal(vg_rows_close(r, NULL), VG_OK);
    return ok;
}

// What others are shown opens this text alone, and nothing is left to show once the key is gone.
static vg_status proven(node *n, vg_arena *a, const char *clear)
{
    vg_rows *r;
    unsigned char vault[32], proof[32];
    vg_str text = {0};
    assert_int_equal(vg_rows_open(n->core->db, "SELECT personal FROM event WHERE person = ?",
                                  VG_VALS(vg_z(A)), &r, NULL),
                     VG_OK);
    assert_true(vg_rows_next(r));
    const vg_str box = vg_str_dup(a, vg_row_str(r, 0));
    assert_int_equal(vg_rows_close(r, NULL), VG_OK);
    vg_core_key(n->core, "vault", vault);
    VG_TRY(vg_person_proof(vault, n->core->db, a, A, box, proof, NULL));
    VG_TRY(vg_person_read(proof, box, a, &text, NULL));
    assert_true(vg_str_eqc(text, clear));
    for (size_t i = 0; i < box.n; i++) {
        char *other = vg_arena_get(a, box.n);
        memcpy(other, box.p, box.n);
        other[i] ^= 1;
        const vg_status s = vg_person_read(proof, (vg_str){other, box.n}, a, &text, NULL);
        assert_int_equal(s, i < 16 ? VG_OK : VG_ECORRUPT);  // the proof stands for these 16 bytes
    }
    return VG_OK;
}

static void test_forget(void **state)
{
    node *n = *state;
    static const char clear[] = "{\"name\":\"Nguyễn Văn Mẫu\"}";
    vg_arena *a = vg_arena_create(1 << 20);
    vg_cx cx = context(n, a);
    assert_int_equal(vg_begin(n->core->db, NULL), VG_OK);
    vg_jw_kbool(vg_body(&cx), "x", true);
    const vg_draft d = {
        .kind = "core.started", .subject = "node", .person = A, .personal = vg_str_c(clear)};
    assert_int_equal(vg_emit(&cx, &d, NULL, NULL), VG_OK);
    commit(n);
    vg_buf_done(&cx.body_buf);
    assert_true(readable(n, a, clear));
    assert_int_equal(proven(n, a, clear), VG_OK);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE instr(personal, 'Mẫu') > 0 OR "
                                 "instr(body, 'Mẫu') > 0"),
                     0);
    vg_err err = {0};
    assert_int_equal(vg_core_start(n->core, &err), VG_OK);
    assert_int_equal(node_run(n, "core.forget", "{\"person\":\"%s\",\"reason\":\"asked\"}", A),
                     VG_OK);
    assert_int_equal(node_run(n, "core.forget", "{\"person\":\"%s\",\"reason\":\"again\"}", A),
                     VG_ENOTFOUND);
    vg_core_stop(n->core);
    assert_int_equal(proven(n, a, clear), VG_EGONE);
    assert_int_equal(node_int(n, "SELECT count(*) FROM vault WHERE space = 'person'"), 0);
    assert_int_equal(node_int(n, "SELECT count(*) FROM event WHERE kind = 'core.person_erased'"),
                     1);
    assert_int_equal(
        node_int(n,
                 "SELECT count(*) FROM event WHERE person IS NOT NULL AND length(personal) > 40"),
        1);
    node_proven(n);
    vg_arena_destroy(a);
}

static int setup(void **state)
{
    node *n = vg_alloc(sizeof *n);
    vg_log_level(VG_ERROR + 1);
    vg_temp_create(n->dir);
    assert_int_equal(vg_core_create(n->dir, NULL), VG_OK);
    assert_int_equal(vg_core_open(n->dir, &n->core, NULL), VG_OK);
    *state = n;
    return 0;
}

static int teardown(void **state)
{
    node_destroy(*state);
    return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rules), T(test_rolled_back_label),
                                       T(test_facts), T(test_vault), T(test_forget)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
