// SPDX-License-Identifier: Apache-2.0
// The gate on a real node. What matters most is a property: whatever happened, told in whatever order, with whatever
// told twice, leaves the same rows, and everybody is where his last passage left him.
#include "domain/gate/audit.h"
#include "domain/gate/import.h"

#include "base/prop_test.h"
#include "domain/test_kit.h"

#define MIN INT64_C(60000000)

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], vault[VG_ID_TEXT], gate[VG_ID_TEXT], door[VG_ID_TEXT];
    vg_principal *guard;
} world;

static void area(world *w, const char *name, const char *more, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"%s\"%s}", w->k->site, name, more);
    kit_id(w->k, out);
}

static void point(world *w, const char *name, const char *outer, const char *inner,
                  char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.point_add",
           "{\"site\":\"%s\",\"name\":\"%s\",\"inner\":\"%s\"%s%s%s,\"lane\":\"both\"}", w->k->site,
           name, inner, *outer ? ",\"outer\":\"" : "", outer, *outer ? "\"" : "");
    kit_id(w->k, out);
}

static world *open_world(void)
{
    char more[64];
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    area(w, "Khuôn viên", ",\"passback\":\"hard\"", w->yard);
    snprintf(more, sizeof more, ",\"parent\":\"%s\",\"passback\":\"soft\"", w->yard);
    area(w, "Kho tiền", more, w->vault);
    point(w, "Cổng chính", "", w->yard, w->gate);
    point(w, "Cửa kho", w->yard, w->vault, w->door);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

static void holder(world *w, const char *name, const char *code, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.holder_add",
           "{\"site\":\"%s\",\"kind\":\"staff\",\"name\":\"%s\",\"doc_kind\":\"id_card\","
           "\"doc_number\":\"0010990%05d\"}",
           w->k->site, name, (int)strlen(name) * 7);
    kit_id(w->k, out);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", out,
           code);
}

#define says(w, code) assert_non_null(strstr((w)->k->reply, code))

static vg_status at_gate(world *w, const char *what, const char *point, const char *badge,
                         const char *way, const char *more)
{
    return kit_try(w->k, w->guard, what, "{\"id\":\"%s\",\"badge\":\"%s\",\"way\":\"%s\"%s}", point,
                   badge, way, more);
}

static void a_badge_opens_and_a_second_one_is_the_same_person(void **state)
{
    (void)state;
    char an[VG_ID_TEXT], badge[VG_ID_TEXT];
    world *w = open_world();
    holder(w, "Nguyễn Văn An", "T-01", an);
    assert_int_equal(at_gate(w, "gate.ask", w->gate, "T-01", "in", ""), VG_OK);
    says(w, "\"say\":\"green\"");
    says(w, "Nguyễn Văn An");
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-01", "in", ""), VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 1);
    snprintf(badge, sizeof badge, "%s", kit_text(w->k, "SELECT id FROM badge"));
    assert_int_equal(
        kit_try(w->k, w->guard, "gate.badge_end", "{\"id\":\"%s\",\"state\":\"lost\"}", badge),
        VG_OK);
    assert_int_equal(at_gate(w, "gate.ask", w->gate, "T-01", "out", ""), VG_OK);
    says(w, "badge_lost");
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"T-02\",\"kind\":\"card\"}", an);
    // In again while in: hard.
    assert_int_equal(at_gate(w, "gate.ask", w->gate, "T-02", "in", ""), VG_OK);
    says(w, "\"say\":\"stop\"");
    says(w, "passback");
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-02", "in", ""), VG_EINVALID);
    assert_string_equal(w->k->err.field, "why");
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-02", "in", ",\"why\":\"Ra cổng phụ\""),
                     VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE flags = 1"), 1);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-02", "out", ""), VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void nobody_passes_unknown_and_no_number_is_kept(void **state)
{
    (void)state;
    char an[VG_ID_TEXT];
    world *w = open_world();
    holder(w, "Trần Thị Bé", "T-09", an);
    assert_int_equal(at_gate(w, "gate.ask", w->gate, "X-99", "in", ""), VG_OK);
    says(w, "badge_unknown");
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "X-99", "in", ",\"why\":\"quen\""),
                     VG_EINVALID);
    assert_int_equal(at_gate(w, "gate.refuse", w->gate, "X-99", "in", ""), VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM refusal"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%0010990%'"), 0);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%Trần%'"), 0);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_card WHERE length(doc_key) = 32"), 1);
    assert_int_equal(kit_int(w->k, "SELECT length(doc_last) FROM gate_card"), 4);
    close_world(w);
}

// Who keeps no gate at the site sees none of it, and neither does a partner without a role there.
static void seen_by_who_keeps_the_gate(void **state)
{
    (void)state;
    char an[VG_ID_TEXT];
    world *w = open_world();
    holder(w, "Lê Văn Cường", "T-05", an);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-05", "in", ""), VG_OK);
    assert_non_null(strstr(kit_list(w->k, w->guard, "presence"), "Lê Văn Cường"));
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"NH2\",\"name\":\"Chi nhánh 2\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           w->k->bank);
    char other[VG_ID_TEXT];
    kit_id(w->k, other);
    vg_principal *p = kit_user(w->k, "gac2", w->k->police, "guard", other);
    assert_null(strstr(kit_list(w->k, p, "presence"), "Cường"));
    assert_null(strstr(kit_list(w->k, p, "passages"), "Cường"));
    assert_null(strstr(kit_list(w->k, p, "gate-holders"), "Cường"));
    assert_int_equal(
        kit_try(w->k, p, "gate.ask", "{\"id\":\"%s\",\"badge\":\"T-05\",\"way\":\"in\"}", w->gate),
        VG_ENOTFOUND);
    close_world(w);
}

// Whose passages are asked for is said with what for, and stands in a register; no list is asked by whom.
static void a_look_says_what_for_and_is_journaled(void **state)
{
    (void)state;
    char an[VG_ID_TEXT], other[VG_ID_TEXT];
    world *w = open_world();
    const vg_resource *passages = vg_core_resource("passages");
    for (const vg_filter *f = passages->filters; f && f->param; f++) {
        assert_string_not_equal(f->param, "holder");
    }
    vg_principal *officer = kit_user(w->k, "xem", w->k->bank, "agency_officer", w->k->site);
    holder(w, "Lê Văn Cường", "T-05", an);
    holder(w, "Trần Thị Bé", "T-06", other);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-05", "in", ""), VG_OK);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-05", "out", ""), VG_OK);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-06", "in", ""), VG_OK);
#define LOOK(who, more) kit_try(w->k, (who), "gate.look", "{\"id\":\"%s\"%s}", an, (more))
    assert_int_equal(LOOK(officer, ""), VG_EINVALID);
    assert_int_equal(LOOK(officer, ",\"purpose\":\"duty\""), VG_EINVALID);
    assert_string_equal(w->k->err.field, "note");
    assert_int_equal(LOOK(officer, ",\"purpose\":\"incident\""), VG_EINVALID);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_lookup"), 0);
    assert_int_equal(LOOK(officer, ",\"purpose\":\"duty\",\"note\":\"Phiếu 12\""), VG_OK);
    const char *out = strstr(w->k->reply, "\"way\":\"out\""),
               *in = strstr(w->k->reply, "\"way\":\"in\"");
    assert_true(out && in && out < in);
    assert_null(strstr(in + 1, "\"way\":"));  // two of his, none of hers
    assert_non_null(strstr(kit_list(w->k, officer, "gate-lookups"), "\"note\":\"Phiếu 12\""));
    assert_non_null(strstr(kit_list(w->k, officer, "gate-lookups"), "\"looked_by_name\":\"xem\""));
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'gate.looked'"), 1);
    assert_int_equal(
        kit_int(w->k,
                "SELECT count(*) FROM event WHERE kind = 'gate.looked' AND body LIKE '%moved%'"),
        0);
    // a stranger to the gate is told what he is told of one who never was
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"NH2\",\"name\":\"Chi nhánh 2\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           w->k->bank);
    char site[VG_ID_TEXT];
    kit_id(w->k, site);
    vg_principal *far = kit_user(w->k, "xa", w->k->police, "agency_officer", site);
    assert_int_equal(LOOK(far, ",\"purpose\":\"duty\",\"note\":\"x\""), VG_ENOTFOUND);
    for (int i = 1; i < 20; i++) {
        assert_int_equal(LOOK(officer, ",\"purpose\":\"inspection\",\"note\":\"x\""), VG_OK);
    }
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_lookup WHERE many = 1"), 1);
    // what a guard needs stands with the holder
    assert_non_null(strstr(kit_list(w->k, w->guard, "gate-holders"), "\"last\":{\"at\":"));
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// Another site with an area and a gate.
static void other_gate(world *w, const char *code, const char *agency, char ret_site[VG_ID_TEXT],
                       char ret_gate[VG_ID_TEXT])
{
    char yard[VG_ID_TEXT];
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"%s\",\"name\":\"Nhà %s\",\"kind\":\"state_bank\",\"agency\":\"%s\"}", code,
           code, agency);
    kit_id(w->k, ret_site);
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", ret_site);
    kit_id(w->k, yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}", ret_site,
           yard);
    kit_id(w->k, ret_gate);
}

static void record_at(world *w, const char *site, const char *who, const char *code)
{
    char id[VG_ID_TEXT];
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"staff\",%s}", site, who);
    kit_id(w->k, id);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", id,
           code);
}

#define AN "\"name\":\"Nguyễn Văn An\",\"doc_kind\":\"id_card\",\"doc_number\":\"001090012345\""

// A record at each site, one person: by his paper, or by whom of ours it is. No other agency's site is told of.
static void one_person_inside_at_two_sites(void **state)
{
    (void)state;
    char site[VG_ID_TEXT], gate[VG_ID_TEXT], far[VG_ID_TEXT], far_gate[VG_ID_TEXT],
        unit[VG_ID_TEXT], be[96];
    world *w = open_world();
    other_gate(w, "NH2", w->k->bank, site, gate);
    other_gate(w, "CA2", w->k->police, far, far_gate);
    kit_do(w->k, "people.unit_add",
           "{\"code\":\"BV\",\"name\":\"Đội\",\"force\":\"guard\",\"agency\":\"%s\"}", w->k->bank);
    kit_id(w->k, unit);
    kit_do(w->k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Trần Thị Bé\"}", unit);
    kit_id(w->k, unit);
    snprintf(be, sizeof be, "\"name\":\"Bé\",\"person\":\"%s\"", unit);
    record_at(w, w->k->site, AN, "T-1");
    record_at(w, site, AN, "T-2");
    record_at(w, far, AN, "T-3");
    record_at(w, w->k->site, be, "T-4");
    record_at(w, site, be, "T-5");
    vg_principal *guard = kit_user(w->k, "gac2", w->k->police, "guard", site);
    vg_principal *chief = kit_user(w->k, "truong", w->k->bank, "site_commander", "");
    const struct {
        vg_principal *who;
        const char *gate, *shown;
        bool told, named;
    } tries[] = {
        {guard, gate, "\"badge\":\"T-2\"", true, false},
        {guard, gate, "\"badge\":\"T-5\"", true, false},
        {guard, gate, "\"paper\":\"001090012345\"", true, false},
        {chief, gate, "\"badge\":\"T-2\"", true, true},
        {NULL, far_gate, "\"badge\":\"T-3\"", false, false},
    };
    for (int inside = 0; inside < 2; inside++) {
        for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
            assert_int_equal(kit_try(w->k, tries[i].who, "gate.ask",
                                     "{\"id\":\"%s\",%s,\"way\":\"in\"}", tries[i].gate,
                                     tries[i].shown),
                             VG_OK);
            assert_int_equal(strstr(w->k->reply, "inside_elsewhere") != NULL,
                             inside && tries[i].told);
            assert_int_equal(strstr(w->k->reply, "Chi nhánh") != NULL, inside && tries[i].named);
        }
        if (!inside) {
            assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-1", "in", ""), VG_OK);
            assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-4", "in", ""), VG_OK);
        }
    }
    // What is kept at one site does not name the other, whoever let him in. Inside, he is not asked about again.
    assert_int_equal(
        kit_try(w->k, chief, "gate.pass",
                "{\"id\":\"%s\",\"badge\":\"T-2\",\"way\":\"in\",\"why\":\"Quên thẻ\"}", gate),
        VG_OK);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage WHERE reasons LIKE"
                                   " '%inside_elsewhere%' AND reasons NOT LIKE '%Chi nhánh%'"),
                     1);
    assert_int_equal(
        kit_try(w->k, guard, "gate.ask", "{\"id\":\"%s\",\"badge\":\"T-2\",\"way\":\"out\"}", gate),
        VG_OK);
    says(w, "\"say\":\"green\"");
    close_world(w);
}

// --- any order ------------------------------------------------------------------------------------
enum { PEOPLE = 3, MOVES = 40 };

typedef struct move {
    int who, minute;
    bool door, out;
} move;

static void tell(world *w, const move *m, char ids[][VG_ID_TEXT], int64_t base_us)
{
    char when[VG_TIME_TEXT];
    vg_time_rfc3339(base_us + m->minute * MIN, when);
    assert_int_equal(kit_try(w->k, w->guard, "gate.record",
                             "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\",\"moved\":\"%s\"}",
                             m->door ? w->door : w->gate, ids[m->who], m->out ? "out" : "in", when),
                     VG_OK);
}

static void the_order_of_telling_does_not_matter(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("the_order_of_telling_does_not_matter");
    move m[MOVES];
    for (int i = 0; i < MOVES; i++) {  // no two of one person in the same minute
        m[i] = (move){(int)vg_prop_below(&p, PEOPLE), i * 2 + (int)vg_prop_below(&p, 2),
                      vg_prop_below(&p, 3) == 0, vg_prop_below(&p, 2)};
    }
    char where[2][512];
    for (int round = 0; round < 2; round++) {
        char ids[PEOPLE][VG_ID_TEXT];
        world *w = open_world();
        const int64_t base = (vg_now_us() / MIN - MOVES * 2 - 10) * MIN;
        for (int i = 0; i < PEOPLE; i++) {
            char name[32], code[16];
            snprintf(name, sizeof name, "Người %d", i);
            snprintf(code, sizeof code, "N-%d", i);
            holder(w, name, code, ids[i]);
        }
        for (int i = 0; i < MOVES; i++) {
            tell(w, &m[i], ids, base);
            if (round && vg_prop_below(&p, 4) == 0) {
                tell(w, &m[vg_prop_below(&p, (uint64_t)i + 1)], ids, base);  // told twice
            }
        }
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), MOVES);
        for (int i = 0; i < PEOPLE; i++) {  // where his last passage left him
            const char *want = "";
            int best = -1;
            for (int k = 0; k < MOVES; k++) {
                if (m[k].who == i && m[k].minute > best) {
                    best = m[k].minute;
                    want = m[k].door ? (m[k].out ? w->yard : w->vault) : (m[k].out ? "" : w->yard);
                }
            }
            char sql[160];
            snprintf(sql, sizeof sql, "SELECT area FROM presence WHERE holder = '%s'", ids[i]);
            assert_string_equal(kit_text(w->k, sql), want);
        }
        snprintf(where[round], sizeof where[round], "%s",
                 kit_text(w->k, "SELECT group_concat(f, ',') FROM (SELECT flags AS f FROM passage"
                                " ORDER BY moved)"));
        kit_same_after_rebuild(w->k);
        close_world(w);
        for (int i = MOVES - 1; i > 0; i--) {  // told in another order the second time
            const size_t k = vg_prop_below(&p, (uint64_t)i + 1);
            const move x = m[i];
            m[i] = m[k];
            m[k] = x;
        }
    }
    assert_string_equal(where[0], where[1]);
}

// --- a log from elsewhere ---------------------------------------------------------------------------
typedef struct tally {
    int passback, skipped, over, rule, unentered, others;
} tally;

static void tally_up(void *ctx, const gate_finding *f)
{
    tally *t = ctx;
    int *which = !strcmp(f->code, "passback")    ? &t->passback
                 : !strcmp(f->code, "skipped")   ? &t->skipped
                 : !strcmp(f->code, "over")      ? &t->over
                 : !strcmp(f->code, "rule")      ? &t->rule
                 : !strcmp(f->code, "unentered") ? &t->unentered
                                                 : &t->others;
    ++*which;
    assert_true(f->evidence.n > 2);
}

static tally audit(world *w)
{
    tally t = {0};
    vg_db *db;
    vg_err err = {0};
    gate_audit_sum sum;
    assert_int_equal(vg_inner_take(w->k->core, &db, &err), VG_OK);
    const gate_audit q = {.db = db,
                          .site = vg_str_c(w->k->site),
                          .from_us = 0,
                          .until_us = INT64_MAX,
                          .found = tally_up,
                          .ctx = &t};
    assert_int_equal(gate_audit_run(&q, &sum, &err), VG_OK);
    vg_inner_give(w->k->core, db);
    return t;
}

static void a_foreign_log_is_judged_and_taken_back(void **state)
{
    (void)state;
    char an[VG_ID_TEXT], import[VG_ID_TEXT];
    world *w = open_world();
    holder(w, "Nguyễn Văn An", "T-01", an);
    assert_int_equal(at_gate(w, "gate.pass", w->gate, "T-01", "in", ""), VG_OK);
    kit_do(w->k, "gate.area_update", "{\"id\":\"%s\",\"most\":2}", w->vault);
    kit_do(w->k, "gate.rule_add",
           "{\"site\":\"%s\",\"name\":\"Xe tải\",\"condition\":\"holder.class = \\\"truck\\\" and "
           "area ="
           " \\\"Kho tiền\\\"\",\"say\":\"stop\"}",
           w->k->site);
    kit_do(w->k, "gate.import_begin", "{\"site\":\"%s\",\"source\":\"cũ\"}", w->k->site);
    kit_id(w->k, import);
    // Two come in; one again without leaving; three in a vault for two, one of them by no door; one leaves twice.
    kit_do(
        w->k, "gate.import_rows",
        "{\"id\":\"%s\",\"n\":0,\"holders\":[[\"Thẻ 1\",\"staff\",\"\"],[\"Thẻ 2\",\"staff\",\"\"],"
        "[\"Thẻ 3\",\"vehicle\",\"truck\"]],\"rows\":["
        "[0,\"%s\",\"in\",\"\",\"%s\",1000000],[1,\"%s\",\"in\",\"\",\"%s\",2000000],"
        "[0,\"%s\",\"in\",\"\",\"%s\",3000000],"
        "[0,\"%s\",\"in\",\"%s\",\"%s\",4000000],[1,\"%s\",\"in\",\"%s\",\"%s\",5000000],"
        "[2,\"\",\"\",\"*\",\"%s\",6000000],"
        "[0,\"%s\",\"out\",\"%s\",\"\",7000000],[0,\"%s\",\"out\",\"%s\",\"\",8000000]]}",
        import, w->gate, w->yard, w->gate, w->yard, w->gate, w->yard, w->door, w->yard, w->vault,
        w->door, w->yard, w->vault, w->vault, w->gate, w->yard, w->gate, w->yard);
    kit_do(w->k, "gate.import_end", "{\"id\":\"%s\"}", import);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), 9);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 3);
    assert_int_equal(kit_int(w->k,
                             "SELECT count(*) FROM event WHERE kind LIKE 'gate%' AND body LIKE"
                             " '%Thẻ%'"),
                     0);
    const tally t = audit(w);
    assert_int_equal(t.passback, 1);
    assert_int_equal(t.over, 1);
    assert_int_equal(t.rule, 1);
    assert_int_equal(t.skipped, 1);
    assert_int_equal(t.unentered, 1);
    assert_int_equal(t.others, 0);
    kit_same_after_rebuild(w->k);
    assert_int_equal(kit_try(w->k, w->guard, "gate.import_undo", "{\"id\":\"%s\"}", import),
                     VG_EDENIED);
    kit_do(w->k, "gate.import_undo", "{\"id\":\"%s\"}", import);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM passage"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM presence"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_holder"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_card"), 1);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_badge_opens_and_a_second_one_is_the_same_person),
        cmocka_unit_test(nobody_passes_unknown_and_no_number_is_kept),
        cmocka_unit_test(seen_by_who_keeps_the_gate),
        cmocka_unit_test(a_look_says_what_for_and_is_journaled),
        cmocka_unit_test(one_person_inside_at_two_sites),
        cmocka_unit_test(the_order_of_telling_does_not_matter),
        cmocka_unit_test(a_foreign_log_is_judged_and_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
