// SPDX-License-Identifier: Apache-2.0
// Papers on two real nodes: what one sends the other takes in, once, with level and term, and the receipt comes home;
// both journals have it. Two persons lower a level, time alone does not.
#include "domain/test_kit.h"
// after the kit: cmocka's names
#include "domain/documents/documents.h"

#define ALONE "[node]\nprofile = standalone\n"

typedef struct side {
    kit *k;
    vg_principal *a, *b, *low;  // two officers, and one who sees nothing secret
    vg_arena *m;
} side;

static void profile(kit *k, const char *ini)
{
    char path[128];
    kit_close(k);
    snprintf(path, sizeof path, "%s/vonggac.ini", k->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(ini, f);
    fclose(f);
    kit_reopen(k);
}

static side make_side(bool alone)
{
    side s = {.k = kit_world(), .m = vg_arena_create(1 << 20)};
    if (alone) {
        profile(s.k, ALONE);
    }
    s.a = kit_user(s.k, "a", s.k->police, "agency_officer", "");
    s.b = kit_user(s.k, "b", s.k->police, "agency_officer", "");
    s.low = kit_user(s.k, "low", s.k->police, "agency_officer", "");
    for (int i = 0; i < 2; i++) {
        kit_do(s.k, "accounts.user_update", "{\"id\":\"%s\",\"clearance\":3}", s.k->who[i].user);
        s.k->who[i].clearance = 3;
    }
    return s;
}

static void side_done(side *s)
{
    vg_arena_destroy(s->m);
    kit_done(s->k);
}

static void do_as(side *s, const vg_principal *who, const char *name, const char *args)
{
    const vg_status st = kit_run_as(s->k, who, name, args);
    if (st != VG_OK) {
        print_error("%s: %s %s %s\n", name, vg_status_name(st), s->k->err.key, s->k->err.detail);
    }
    assert_int_equal(st, VG_OK);
}

// Asked by one, approved by the other.
static void by_two(side *s, const char *name, const char *args)
{
    char id[64], text[128];
    do_as(s, s->a, name, args);
    kit_member(s->k, "second_request", id, sizeof id);
    assert_int_equal(strlen(id), VG_ID_TEXT - 1);
    snprintf(text, sizeof text, "{\"id\":\"%s\"}", id);
    assert_int_not_equal(kit_run_as(s->k, s->a, "second.approve", text), VG_OK);
    do_as(s, s->b, "second.approve", text);
}

static void add(side *s, int secrecy, const char *dated, char id[VG_ID_TEXT])
{
    assert_int_equal(kit_try(s->k, s->a, "documents.add",
                             "{\"number\":\"12/PA\",\"dated\":\"%s\",\"subject\":\"Phương án "
                             "bảo vệ\",\"kind\":\"plan\",\"compartment\":\"measures\","
                             "\"secrecy\":%d}",
                             dated, secrecy),
                     VG_OK);
    kit_id(s->k, id);
}

static const char FILE_BYTES[] = "%PDF-1.4 the paper itself";

static void keep(side *s, const char *id)
{
    vg_buf reply;
    vg_buf_init(&reply, 4096);
    assert_int_equal(documents_keep(s->k->core, s->a, vg_str_c(id), VG_S("phuong-an.pdf"),
                                    vg_str_c(FILE_BYTES), &reply, &s->k->err),
                     VG_OK);
    vg_buf_done(&reply);
}

// What the query answers: the card of whose officer asks, and its digits. The caller ends out.
static void card_of(side *of, vg_buf *out)
{
    const vg_query *q = NULL;
    vg_db *db;
    for (size_t i = 0; vg_module_at(i); i++) {
        for (const vg_query *x = vg_module_at(i)->queries; x && x->name; x++) {
            q = strcmp(x->name, "documents.card") == 0 ? x : q;
        }
    }
    assert_non_null(q);
    vg_buf_init(out, 4096);
    assert_int_equal(vg_reader_take(of->k->core, of->a, &db, &of->k->err), VG_OK);
    vg_read rd = {of->k->core, db, of->m, of->a, vg_jw_on(out)};
    assert_int_equal(q->run(&rd, NULL, &of->k->err), VG_OK);
    vg_reader_give(of->k->core, db);
}

// b's card as a has it, entered by two.
static void register_at(side *to, side *of, char id[VG_ID_TEXT])
{
    char args[1024];
    vg_buf out;
    vg_str card;
    card_of(of, &out);
    assert_true(vg_js_find(vg_buf_str(&out), "card", &card));
    snprintf(args, sizeof args, "{\"name\":\"Bạn\",\"card\":%.*s}", VG_FMT(card));
    by_two(to, "documents.correspondent_add", args);
    assert_int_not_equal(kit_run_as(to->k, to->a, "documents.correspondent_add", args), VG_OK);
    snprintf(
        id, VG_ID_TEXT, "%s",
        kit_text(to->k, "SELECT id FROM correspondent WHERE state = 'active' ORDER BY at DESC"));
    assert_int_equal(strlen(id), VG_ID_TEXT - 1);
    vg_buf_done(&out);
}

static void send_it(side *s, const char *document, const char *to, char sent[VG_ID_TEXT],
                    documents_file *ret)
{
    assert_int_equal(kit_try(s->k, s->a, "documents.send",
                             "{\"id\":\"%s\",\"to\":\"%s\",\"receiver\":\"Văn thư\","
                             "\"way\":\"usb\"}",
                             document, to),
                     VG_OK);
    kit_id(s->k, sent);
    assert_int_equal(documents_package(s->k->core, s->a, s->m, vg_str_c(sent), ret, &s->k->err),
                     VG_OK);
}

static vg_status receive(side *s, vg_str bytes)
{
    vg_buf reply;
    vg_buf_init(&reply, 4096);
    s->k->err = (vg_err){0};
    const vg_status st =
        documents_receive(s->k->core, s->a, VG_S("measures"), VG_S(""), bytes, &reply, &s->k->err);
    snprintf(s->k->reply, sizeof s->k->reply, "%.*s", VG_FMT(vg_buf_str(&reply)));
    vg_buf_done(&reply);
    return st;
}

static int64_t events(side *s, const char *kind)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM event WHERE kind = '%s'", kind);
    return kit_int(s->k, sql);
}

static void a_paper_has_a_term_and_is_due_before_it(void **state)
{
    side s = make_side(true);
    char id[VG_ID_TEXT], text[200];
    (void)state;
    add(&s, 1, "2016-12-01", id);  // ten years: the last day is 2026-12-01 or its anniversary
    assert_string_equal(kit_text(s.k, "SELECT until FROM document"), "2026-12-01");
    assert_string_equal(kit_text(s.k, "SELECT term_ref FROM document"), "l29-2018/thoi-han");
    assert_string_equal(
        kit_text(s.k,
                 "SELECT date((remind_at + 7 * 3600000000) / 1000000, 'unixepoch') FROM document"),
        "2026-10-02");
    kit_wait(s.k, "SELECT reminded FROM document", 1);  // that day is past: it is said at once
    assert_int_equal(events(&s, "documents.term_near"), 1);
    assert_int_equal(kit_int(s.k, "SELECT count(*) FROM deadline WHERE kind = 'documents.term'"),
                     1);
    assert_int_equal(kit_int(s.k, "SELECT secrecy FROM document"),
                     1);  // nothing is lowered by time
    assert_null(strstr(kit_list(s.k, s.low, "documents"), "12/PA"));
    assert_non_null(strstr(kit_list(s.k, s.a, "documents"), "12/PA"));
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"until\":\"2037-12-02\",\"reason\":\"x\"}", id);
    assert_int_equal(kit_run_as(s.k, s.a, "documents.prolong", text), VG_EINVALID);
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"until\":\"2036-12-01\",\"reason\":\"x\"}", id);
    assert_int_equal(kit_run_as(s.k, s.low, "documents.prolong", text), VG_ENOTFOUND);
    do_as(&s, s.a, "documents.prolong", text);
    assert_string_equal(kit_text(s.k, "SELECT until FROM document"), "2036-12-01");
    assert_int_equal(kit_int(s.k, "SELECT late FROM document_decision"), 1);
    assert_int_equal(kit_int(s.k, "SELECT reminded FROM document"), 0);
    kit_close(s.k);
    kit_same_after_rebuild(s.k);
    kit_reopen(s.k);
    side_done(&s);
}

static void raising_is_one_persons_lowering_takes_two(void **state)
{
    side s = make_side(true);
    char id[VG_ID_TEXT], text[200];
    (void)state;
    add(&s, 1, "2026-01-05", id);
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"secrecy\":2,\"reason\":\"x\"}", id);
    do_as(&s, s.a, "documents.level", text);
    assert_string_equal(kit_text(s.k, "SELECT until FROM document"), "2046-01-05");
    snprintf(text, sizeof text, "{\"id\":\"%s\",\"secrecy\":0,\"reason\":\"x\"}", id);
    by_two(&s, "documents.level", text);
    assert_int_equal(kit_int(s.k, "SELECT secrecy FROM document"), 0);
    assert_int_equal(kit_int(s.k, "SELECT count(*) FROM deadline WHERE kind = 'documents.term'"),
                     0);
    assert_int_equal(events(&s, "documents.declassified"), 1);
    assert_non_null(strstr(kit_list(s.k, s.low, "documents"), "12/PA"));
    assert_null(strstr(kit_list(s.k, s.low, "document-decisions"), "declassify"));
    side_done(&s);
}

static void nobody_writes_above_himself_nor_above_the_profile(void **state)
{
    side s = make_side(false);
    char id[VG_ID_TEXT];
    (void)state;
    static const char secret[] =
        "{\"number\":\"1\",\"dated\":\"2026-01-05\",\"subject\":\"x\",\"kind\":\"plan\","
        "\"compartment\":\"measures\",\"secrecy\":1}";
    assert_int_equal(kit_run_as(s.k, s.a, "documents.add", secret), VG_EDENIED);
    assert_string_equal(s.k->err.key, "err.secrecy_federated");
    profile(s.k, ALONE);
    assert_int_equal(kit_run_as(s.k, s.low, "documents.add", secret), VG_EDENIED);
    assert_string_equal(s.k->err.key, "documents.above_you");
    add(&s, 1, "2026-01-05", id);
    side_done(&s);
}

static void the_file_lies_encrypted_and_is_given_to_who_sees_the_paper(void **state)
{
    side s = make_side(true);
    char id[VG_ID_TEXT];
    documents_file f;
    (void)state;
    add(&s, 1, "2026-01-05", id);
    keep(&s, id);
    assert_int_equal(kit_int(s.k, "SELECT count(*) FROM document_file WHERE instr(box, 'PDF')"), 0);
    assert_int_equal(documents_read(s.k->core, s.a, s.m, vg_str_c(id), &f, &s.k->err), VG_OK);
    assert_true(vg_str_eqc(vg_buf_str(&f.bytes), FILE_BYTES));
    vg_buf_done(&f.bytes);
    assert_int_equal(documents_read(s.k->core, s.low, s.m, vg_str_c(id), &f, &s.k->err),
                     VG_ENOTFOUND);
    side_done(&s);
}

// Sent, received, receipted, each once.
static void a_paper_travels_and_both_journals_have_it(void **state)
{
    side from = make_side(true), to = make_side(true);
    char id[VG_ID_TEXT], peer[VG_ID_TEXT], back[VG_ID_TEXT], sent[VG_ID_TEXT], in[VG_ID_TEXT];
    documents_file paper, receipt, got;
    vg_buf reply;
    (void)state;
    add(&from, 1, "2026-10-05", id);
    keep(&from, id);
    register_at(&from, &to, peer);
    send_it(&from, id, peer, sent, &paper);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_ECONFLICT);  // from nobody known
    assert_string_equal(to.k->err.key, "documents.unknown_sender");
    assert_int_equal(events(&to, "documents.refused"), 1);
    register_at(&to, &from, back);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_OK);
    kit_member(to.k, "receiving", in, sizeof in);
    assert_int_equal(events(&to, "documents.received"), 1);
    assert_string_equal(kit_text(to.k, "SELECT until FROM document"), "2036-10-05");
    assert_string_equal(kit_text(to.k, "SELECT secrecy || subject FROM document"),
                        "1Phương án bảo vệ");
    assert_int_equal(kit_int(to.k, "SELECT count(*) FROM deadline WHERE kind = 'documents.term'"),
                     1);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_ECONFLICT);
    assert_string_equal(to.k->err.key, "documents.received_before");
    assert_int_equal(kit_int(to.k, "SELECT count(*) FROM document_file"), 1);
    char copy[VG_ID_TEXT];
    snprintf(copy, sizeof copy, "%s", kit_text(to.k, "SELECT id FROM document"));
    assert_int_equal(documents_read(to.k->core, to.a, to.m, vg_str_c(copy), &got, &to.k->err),
                     VG_OK);
    assert_true(vg_str_eqc(vg_buf_str(&got.bytes), FILE_BYTES));
    vg_buf_done(&got.bytes);

    assert_int_equal(
        documents_receipt_of(to.k->core, to.a, to.m, vg_str_c(in), &receipt, &to.k->err), VG_OK);
    vg_buf_init(&reply, 4096);
    receipt.bytes.p[receipt.bytes.n - 1] ^= 1;
    assert_int_equal(
        documents_receipt(from.k->core, from.a, vg_buf_str(&receipt.bytes), &reply, &from.k->err),
        VG_ECONFLICT);
    receipt.bytes.p[receipt.bytes.n - 1] ^= 1;
    assert_int_equal(
        documents_receipt(from.k->core, from.a, vg_buf_str(&receipt.bytes), &reply, &from.k->err),
        VG_OK);
    assert_int_equal(events(&from, "documents.sent"), 1);
    assert_int_equal(events(&from, "documents.receipted"), 1);
    assert_string_equal(
        kit_text(from.k, "SELECT receipt_number || receipt_by FROM document_sending"),
        "TN-CA-0001a");
    assert_int_equal(
        documents_receipt(from.k->core, from.a, vg_buf_str(&receipt.bytes), &reply, &from.k->err),
        VG_ECONFLICT);
    assert_string_equal(from.k->err.key, "documents.receipted");
    vg_buf_done(&reply);
    vg_buf_done(&paper.bytes);
    vg_buf_done(&receipt.bytes);
    for (int i = 0; i < 2; i++) {
        kit *k = i ? to.k : from.k;
        kit_close(k);
        kit_same_after_rebuild(k);
        kit_reopen(k);
    }
    side_done(&from);
    side_done(&to);
}

// Two agencies hosted by one node are to each other what two nodes are.
static void agencies_of_one_node_have_keys_of_their_own(void **state)
{
    side a = make_side(true);
    side b = {.k = a.k, .m = vg_arena_create(1 << 20)};
    char id[VG_ID_TEXT], peer[VG_ID_TEXT], back[VG_ID_TEXT], sent[VG_ID_TEXT], in[VG_ID_TEXT];
    documents_file paper, receipt;
    vg_buf card[2], reply, again;
    vg_str digits[2], one, other;
    (void)state;
    b.a = kit_user(a.k, "c", a.k->bank, "agency_officer", "");
    b.b = kit_user(a.k, "d", a.k->bank, "agency_officer", "");
    card_of(&a, &card[0]);
    card_of(&b, &card[1]);
    for (int i = 0; i < 2; i++) {
        assert_true(vg_js_find(vg_buf_str(&card[i]), "fingerprint", &digits[i]));
    }
    assert_false(vg_str_eq(digits[0], digits[1]));
    assert_true(vg_js_find(vg_buf_str(&card[0]), "card", &one));
    assert_true(vg_js_find(vg_buf_str(&card[1]), "card", &other));
    assert_false(vg_str_eq(vg_js_str(a.m, one, "sign"), vg_js_str(a.m, other, "sign")));
    assert_false(vg_str_eq(vg_js_str(a.m, one, "box"), vg_js_str(a.m, other, "box")));

    register_at(&a, &b, peer);
    register_at(&b, &a, back);
    add(&a, 0, "2026-10-05", id);
    keep(&a, id);
    send_it(&a, id, peer, sent, &paper);
    assert_int_equal(receive(&a, vg_buf_str(&paper.bytes)), VG_ECONFLICT);  // not to its sender
    assert_string_equal(a.k->err.key, "documents.not_for_us");
    assert_int_equal(receive(&b, vg_buf_str(&paper.bytes)), VG_OK);
    kit_member(b.k, "receiving", in, sizeof in);
    assert_int_equal(documents_receipt_of(b.k->core, b.a, b.m, vg_str_c(in), &receipt, &b.k->err),
                     VG_OK);
    vg_buf_init(&reply, 4096);
    assert_int_equal(
        documents_receipt(b.k->core, b.a, vg_buf_str(&receipt.bytes), &reply, &b.k->err),
        VG_ECONFLICT);
    assert_int_equal(
        documents_receipt(a.k->core, a.a, vg_buf_str(&receipt.bytes), &reply, &a.k->err), VG_OK);

    unsigned char key[32];  // another node key: the cards that others hold stay good
    kit_close(a.k);
    assert_int_equal(vg_core_rotate(a.k->dir, key, &a.k->err), VG_OK);
    kit_reopen(a.k);
    card_of(&b, &again);
    assert_true(vg_str_eq(vg_buf_str(&again), vg_buf_str(&card[1])));
    vg_buf_done(&again);
    vg_buf_done(&reply);
    vg_buf_done(&paper.bytes);
    vg_buf_done(&receipt.bytes);
    vg_buf_done(&card[0]);
    vg_buf_done(&card[1]);
    vg_arena_destroy(b.m);
    side_done(&a);
}

// Where papers may go is looked at by a third, after the two who registered it.
static void a_correspondent_is_looked_at_by_a_third(void **state)
{
    side a = make_side(true), b = make_side(true);
    char peer[VG_ID_TEXT], change[VG_ID_TEXT];
    (void)state;
    vg_principal *auditor = kit_user(a.k, "tt", a.k->police, "auditor", "");
    kit_do(a.k, "accounts.note_login", "{\"user\":\"%s\",\"ok\":true}", a.a->user);
    register_at(&a, &b, peer);
    kit_wait(a.k, "SELECT count(*) = 0 FROM reaction_due", 1);
    snprintf(change, sizeof change, "%s",
             kit_text(a.k, "SELECT id FROM permission_change WHERE detail = 'Bạn' AND what ="
                           " 'documents.correspondent_added'"));
    assert_int_equal(strlen(change), VG_ID_TEXT - 1);
    assert_int_not_equal(kit_try(a.k, a.a, "accounts.change_confirm", "{\"id\":\"%s\"}", change),
                         VG_OK);
    assert_int_equal(kit_try(a.k, auditor, "accounts.change_confirm", "{\"id\":\"%s\"}", change),
                     VG_OK);
    assert_int_equal(kit_try(a.k, a.a, "documents.correspondent_retire",
                             "{\"id\":\"%s\",\"reason\":\"x\"}", peer),
                     VG_OK);
    kit_wait(a.k,
             "SELECT count(*) FROM permission_change WHERE state = 'open' AND what ="
             " 'documents.correspondent_retired'",
             1);
    side_done(&a);
    side_done(&b);
}

static void a_federated_node_takes_in_nothing_secret(void **state)
{
    side from = make_side(true), to = make_side(false);
    char id[VG_ID_TEXT], peer[VG_ID_TEXT], back[VG_ID_TEXT], sent[VG_ID_TEXT];
    documents_file paper;
    (void)state;
    register_at(&from, &to, peer);
    register_at(&to, &from, back);
    add(&from, 1, "2026-10-05", id);
    keep(&from, id);
    send_it(&from, id, peer, sent, &paper);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_EDENIED);
    assert_string_equal(to.k->err.key, "err.secrecy_federated");
    assert_int_equal(kit_int(to.k, "SELECT (SELECT count(*) FROM document) +"
                                   " (SELECT count(*) FROM document_file)"),
                     0);
    vg_buf_done(&paper.bytes);
    add(&from, 0, "2026-10-05", id);
    keep(&from, id);
    send_it(&from, id, peer, sent, &paper);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_OK);
    vg_buf_done(&paper.bytes);
    assert_int_equal(kit_try(to.k, to.a, "documents.correspondent_retire",
                             "{\"id\":\"%s\",\"reason\":\"x\"}", back),
                     VG_OK);
    send_it(&from, id, peer, sent, &paper);
    assert_int_equal(receive(&to, vg_buf_str(&paper.bytes)), VG_ECONFLICT);
    assert_string_equal(to.k->err.key, "documents.retired");
    vg_buf_done(&paper.bytes);
    side_done(&from);
    side_done(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_has_a_term_and_is_due_before_it),
        cmocka_unit_test(raising_is_one_persons_lowering_takes_two),
        cmocka_unit_test(nobody_writes_above_himself_nor_above_the_profile),
        cmocka_unit_test(the_file_lies_encrypted_and_is_given_to_who_sees_the_paper),
        cmocka_unit_test(a_paper_travels_and_both_journals_have_it),
        cmocka_unit_test(agencies_of_one_node_have_keys_of_their_own),
        cmocka_unit_test(a_correspondent_is_looked_at_by_a_third),
        cmocka_unit_test(a_federated_node_takes_in_nothing_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
