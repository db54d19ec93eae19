// SPDX-License-Identifier: Apache-2.0
// The ban list on a real node. What matters most is a property: whatever was proposed, approved, ended or forgotten, with
// restarts in between, whoever is on the list in force makes the gate ask, and whoever is not makes it ask for nothing of
// the kind.
#include "domain/bans/bans.h"

#include "base/prop_test.h"
#include "domain/banlist.h"
#include "domain/test_kit.h"

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT], incident[VG_ID_TEXT];
    vg_principal *guard, *officer, *chief;
} world;

static world *open_world(void)
{
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", w->k->site);
    kit_id(w->k, w->yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}",
           w->k->site, w->yard);
    kit_id(w->k, w->gate);
    kit_do(w->k, "desk.open", "{\"site\":\"%s\",\"situation\":\"other\",\"title\":\"Gây rối\"}",
           w->k->site);
    kit_id(w->k, w->incident);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    w->officer = kit_user(w->k, "can.bo", w->k->bank, "agency_officer", "");
    w->chief = kit_user(w->k, "truong", w->k->bank, "site_commander", "");
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

#define says(w, code) assert_non_null(strstr((w)->k->reply, code))
#define silent(w, code) assert_null(strstr((w)->k->reply, code))

static const char *when(int64_t from_now_us)
{
    static char text[4][VG_TIME_TEXT];
    static int n;
    char *t = text[n++ % 4];
    vg_time_rfc3339(vg_now_us() + from_now_us, t);
    return t;
}
#define DAYS(n) ((n)*INT64_C(86400) * VG_SECOND_US)

static vg_status propose(world *w, const char *who, int64_t expires_us, char out[VG_ID_TEXT])
{
    const vg_status st = kit_try(
        w->k, w->officer, "bans.propose",
        "{\"site\":\"%s\",\"reason\":\"disorder\",\"incident\":\"%s\",\"expires\":\"%s\",%s}",
        w->k->site, w->incident, when(expires_us), who);
    if (st == VG_OK) {
        kit_id(w->k, out);
    }
    return st;
}

static void approve(world *w, const char *entry)
{
    assert_int_equal(
        kit_try(w->k, w->chief, "bans.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", entry),
        VG_OK);
}

static vg_status ask(world *w, const char *paper)
{
    return kit_try(w->k, w->guard, "gate.ask", "{\"id\":\"%s\",\"way\":\"in\",\"paper\":\"%s\"}",
                   w->gate, paper);
}

static void walk_in(world *w, const char *who, char holder[VG_ID_TEXT])
{
    assert_int_equal(kit_try(w->k, w->guard, "visits.walk_in",
                             "{\"site\":\"%s\",\"purpose\":\"x\",\"told\":true,%s}", w->k->site,
                             who),
                     VG_OK);
    kit_member(w->k, "holder", holder, VG_ID_TEXT);
}

static vg_status at(world *w, const char *what, const char *holder, const char *more)
{
    return kit_try(w->k, w->guard, what, "{\"id\":\"%s\",\"way\":\"in\",\"holder\":\"%s\"%s}",
                   w->gate, holder, more);
}

#define THACH "\"name\":\"Khuất Duy Thạch\",\"born\":1990"

static void two_officials_evidence_and_an_end(void **state)
{
    (void)state;
    char id[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(kit_try(w->k, w->officer, "bans.propose",
                             "{\"site\":\"%s\",\"reason\":\"disorder\",\"expires\":\"%s\"," THACH
                             "}",
                             w->k->site, when(DAYS(30))),
                     VG_EINVALID);
    assert_string_equal(w->k->err.key, "bans.evidence");
    assert_int_equal(propose(w, THACH, DAYS(800), id), VG_EINVALID);
    assert_string_equal(w->k->err.field, "expires");
    assert_int_equal(propose(w, THACH, DAYS(30), id), VG_OK);
    says(w, "KV-NH-0001");
    // Not yet: one official is not enough, and the same one is not another.
    assert_int_equal(ask(w, "001090012345||Khuất Duy Thạch|01021990|Nam|x|01012021"), VG_OK);
    silent(w, "ban_");
    assert_int_equal(
        kit_try(w->k, w->officer, "bans.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", id),
        VG_EDENIED);
    approve(w, id);
    assert_int_equal(ask(w, "001090012345||Khuất Duy Thạch|01021990|Nam|x|01012021"), VG_OK);
    says(w, "ban_name");
    says(w, "KV-NH-0001");
    says(w, "year_same");
    silent(w, "\"stop\"");
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'gate.ban_shown'"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%Duy Thạch%'"), 0);
    assert_int_equal(kit_try(w->k, w->guard, "bans.end", "{\"id\":\"%s\",\"why\":\"x\"}", id),
                     VG_EDENIED);
    // Whom it names is on no list, and looking is told.
    assert_null(strstr(kit_list(w->k, w->chief, "bans"), "Thạch"));
    assert_int_equal(
        kit_try(w->k, w->guard, "bans.look", "{\"id\":\"%s\",\"purpose\":\"decide\"}", id),
        VG_EDENIED);
    assert_int_equal(
        kit_try(w->k, w->chief, "bans.look", "{\"id\":\"%s\",\"purpose\":\"inspection\"}", id),
        VG_EINVALID);
    assert_int_equal(
        kit_try(w->k, w->chief, "bans.look", "{\"id\":\"%s\",\"purpose\":\"review\"}", id), VG_OK);
    says(w, "Khuất Duy Thạch");
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'bans.looked'"), 1);
    assert_int_equal(kit_try(w->k, w->chief, "bans.review",
                             "{\"id\":\"%s\",\"outcome\":\"end\",\"why\":\"Đã bồi thường\"}", id),
                     VG_OK);
    assert_int_equal(ask(w, "001090012345||Khuất Duy Thạch|01021990|Nam|x|01012021"), VG_OK);
    silent(w, "ban_");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void the_guard_decides_and_says_why(void **state)
{
    (void)state;
    char id[VG_ID_TEXT], holder[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(propose(w, THACH ",\"aliases\":[\"Thạch Sẹo Khuất\"]", 3 * VG_SECOND_US, id),
                     VG_OK);
    approve(w, id);
    walk_in(w, "\"name\":\"KHUAT DUY THACH\",\"born\":1990", holder);
    assert_int_equal(at(w, "gate.ask", holder, ""), VG_OK);
    says(w, "ban_name");
    says(w, "no_marks");
    assert_int_equal(at(w, "gate.pass", holder, ""), VG_EINVALID);
    assert_string_equal(w->k->err.field, "why");
    assert_int_equal(at(w, "gate.pass", holder, ",\"why\":\"Khác người: căn cước khác\""), VG_OK);
    assert_int_equal(kit_int(w->k,
                             "SELECT count(*) FROM passage WHERE advice = 'ask' AND reasons LIKE"
                             " '%KV-NH-0001%' AND why LIKE 'Khác%'"),
                     1);
    // A common name alone is nobody.
    char other[VG_ID_TEXT];
    assert_int_equal(propose(w, "\"name\":\"Nguyễn Văn Hùng\"", DAYS(30), id), VG_OK);
    approve(w, id);
    walk_in(w, "\"name\":\"Nguyễn Văn Hùng\"", other);
    assert_int_equal(at(w, "gate.ask", other, ""), VG_OK);
    silent(w, "ban_");
    // By itself it ends, and does not match from that moment.
    kit_wait(w->k, "SELECT count(*) FROM ban_entry WHERE state = 'expired'", 1);
    walk_in(w, "\"name\":\"Khuất Duy Thạch\",\"born\":1990", other);
    assert_int_equal(at(w, "gate.ask", other, ""), VG_OK);
    silent(w, "ban_");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void every_site_of_the_agency_and_no_other(void **state)
{
    (void)state;
    char id[VG_ID_TEXT], holder[VG_ID_TEXT], site[VG_ID_TEXT], yard[VG_ID_TEXT], gate[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(
        kit_try(w->k, w->officer, "bans.propose",
                "{\"reason\":\"weapon\",\"incident\":\"%s\",\"expires\":\"%s\","
                "\"doc_kind\":\"passport\",\"doc_number\":\"C1234567\",\"name\":\"A\"}",
                w->incident, when(DAYS(30))),
        VG_OK);
    kit_id(w->k, id);
    approve(w, id);
    walk_in(w, "\"name\":\"Bùi Văn Khác\",\"doc_number\":\"c1234567\"", holder);
    assert_int_equal(at(w, "gate.ask", holder, ""), VG_OK);
    says(w, "ban_paper");  // another name, another kind written down: the number tells
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"CA1\",\"name\":\"Trụ sở\",\"kind\":\"other\",\"agency\":\"%s\"}",
           w->k->police);
    kit_id(w->k, site);
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân\"}", site);
    kit_id(w->k, yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}", site,
           yard);
    kit_id(w->k, gate);
    kit_do(w->k, "gate.ask", "{\"id\":\"%s\",\"way\":\"in\",\"paper\":\"C1234567\"}", gate);
    silent(w, "ban_");
    close_world(w);
}

// --- no hit is lost -----------------------------------------------------------------------------------
enum { ENTRIES = 12, STEPS = 60 };

typedef struct model {
    char id[VG_ID_TEXT];
    bool there, in_force, doc;
} model;

// Rare names, so that a name and a year are enough.
static void name_of(int i, char out[64])
{
    static const char *const a[] = {"Khuất", "Ông", "Giáp", "Nhữ"};
    static const char *const b[] = {"Thạch", "Khiêm", "Quyến"};
    snprintf(out, 64, "%s Duy %s", a[i % 4], b[i / 4 % 3]);
}

static void check(world *w, const model *m, int i)
{
    char name[64], paper[160];
    name_of(i, name);
    if (m->doc) {
        snprintf(paper, sizeof paper, "P%07d", 7000000 + i);
    } else {
        snprintf(paper, sizeof paper, "0010%02d0%05d||%s|0102%d|Nam|x|01012021", (60 + i) % 100, i,
                 name, 1960 + i);
    }
    assert_int_equal(ask(w, paper), VG_OK);
    if (m->in_force) {
        says(w, m->id);
        says(w, "\"say\":\"ask\"");
    } else if (m->there) {
        silent(w, m->id);
    }
}

static void step(world *w, vg_prop *p, model *m, int i)
{
    char who[200], name[64];
    switch (vg_prop_below(p, 4)) {
    case 0:
        if (!m->there) {
            name_of(i, name);
            m->doc = vg_prop_below(p, 2);
            snprintf(who, sizeof who, "\"name\":\"%s\",\"born\":%d%s%07d\"", name, 1960 + i,
                     m->doc ? ",\"doc_kind\":\"passport\",\"doc_number\":\"P"
                            : ",\"aliases\":[],\"doc_number\":\"Q",
                     7000000 + i);
            assert_int_equal(propose(w, who, DAYS(30), m->id), VG_OK);
            m->there = true;
        }
        break;
    case 1:
        if (m->there && !m->in_force) {
            m->in_force = kit_try(w->k, w->chief, "bans.decide",
                                  "{\"id\":\"%s\",\"decision\":\"approved\"}", m->id) == VG_OK;
        }
        break;
    case 2:
        if (m->in_force && vg_prop_below(p, 2)) {
            assert_int_equal(
                kit_try(w->k, w->officer, "bans.end", "{\"id\":\"%s\",\"why\":\"x\"}", m->id),
                VG_OK);
            m->in_force = false;
            m->there = false;
        }
        break;
    default:
        if (vg_prop_below(p, 6) == 0) {
            kit_close(w->k);
            kit_reopen(w->k);
        }
    }
}

static void no_hit_is_lost(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("no_hit_is_lost");
    model m[ENTRIES] = {0};
    world *w = open_world();
    for (int n = 0; n < STEPS; n++) {
        const int i = (int)vg_prop_below(&p, ENTRIES);
        step(w, &p, &m[i], i);
        check(w, &m[i], i);
    }
    for (int i = 0; i < ENTRIES; i++) {
        check(w, &m[i], i);
    }
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_officials_evidence_and_an_end),
        cmocka_unit_test(the_guard_decides_and_says_why),
        cmocka_unit_test(every_site_of_the_agency_and_no_other),
        cmocka_unit_test(no_hit_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
