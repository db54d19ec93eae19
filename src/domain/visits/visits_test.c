// SPDX-License-Identifier: Apache-2.0
// Visitors on a real node: who is expected passes with a scan, whoever is not makes the gate ask; what the site asks to be
// agreed is agreed by others than who asked; a list that is held back is seen by nobody at the gate before its moment.
#include "domain/visits/visits.h"

#include "domain/test_kit.h"

#define MINUTE_US (60 * VG_SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define CARD_QR "001090012345||Nguyễn Văn An|01021990|Nam|Hà Nội|01012021"

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], office[VG_ID_TEXT], gate[VG_ID_TEXT], door[VG_ID_TEXT];
    vg_principal *guard, *host, *chief;
} world;

static void area(world *w, const char *name, const char *parent, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"%s\"%s%s%s}", w->k->site, name,
           *parent ? ",\"parent\":\"" : "", parent, *parent ? "\"" : "");
    kit_id(w->k, out);
}

static void point(world *w, const char *outer, const char *inner, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"%s\",\"inner\":\"%s\"%s%s%s}",
           w->k->site, *outer ? "Cửa" : "Cổng", inner, *outer ? ",\"outer\":\"" : "", outer,
           *outer ? "\"" : "");
    kit_id(w->k, out);
}

static world *open_world(void)
{
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    area(w, "Khuôn viên", "", w->yard);
    area(w, "Nhà làm việc", w->yard, w->office);
    point(w, "", w->yard, w->gate);
    point(w, w->yard, w->office, w->door);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    w->host = kit_user(w->k, "can.bo", w->k->bank, "agency_officer", w->k->site);
    w->chief = kit_user(w->k, "truong", w->k->bank, "site_commander", w->k->site);
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

#define says(w, code) assert_non_null(strstr((w)->k->reply, code))
#define ok(w, who, ...) assert_int_equal(kit_try((w)->k, who, __VA_ARGS__), VG_OK)

static const char *when(int64_t from_now_us)
{
    static char text[4][VG_TIME_TEXT];
    static int n;
    char *t = text[n++ % 4];
    vg_time_rfc3339(vg_now_us() + from_now_us, t);
    return t;
}

static void plan(world *w, const char *more, char out[VG_ID_TEXT])
{
    ok(w, w->host, "visits.plan",
       "{\"site\":\"%s\",\"purpose\":\"Kiểm kê\",\"starts\":\"%s\",\"ends\":\"%s\"%s}", w->k->site,
       when(-60 * VG_SECOND_US), when(HOUR_US), more);
    kit_id(w->k, out);
}

static void guest(world *w, const char *visit, const char *name, const char *number,
                  char out[VG_ID_TEXT])
{
    ok(w, w->host, "visits.guest_add",
       "{\"id\":\"%s\",\"name\":\"%s\",\"doc_kind\":\"id_card\",\"doc_number\":\"%s\"}", visit,
       name, number);
    kit_id(w->k, out);
}

static vg_status at(world *w, const char *what, const char *point, const char *shown,
                    const char *way)
{
    return kit_try(w->k, w->guard, what, "{\"id\":\"%s\",%s,\"way\":\"%s\"}", point, shown, way);
}

// One scan of his card, one look, one key.
static void an_expected_visitor_is_through_with_a_scan(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT], holder[VG_ID_TEXT], code[64], shown[128];
    world *w = open_world();
    plan(w, "", visit);
    guest(w, visit, "Nguyễn Văn An", "001090012345", an);
    kit_member(w->k, "holder", holder, sizeof holder);
    ok(w, w->host, "visits.invite", "{\"id\":\"%s\"}", an);
    kit_member(w->k, "code", code, sizeof code);
    assert_int_equal(strlen(code), 24);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"" CARD_QR "\"", "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    says(w, "Nguyễn Văn An");
    snprintf(shown, sizeof shown, "\"badge\":\"%s\"", code);
    assert_int_equal(at(w, "gate.ask", w->gate, shown, "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    assert_int_equal(at(w, "gate.pass", w->gate, shown, "in"), VG_OK);
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE state = 'arrived'", 1);
    // Where he was not invited to, he is stopped; out and in again by the same code the same day is asked about.
    assert_int_equal(at(w, "gate.ask", w->door, shown, "in"), VG_OK);
    says(w, "visit_area");
    ok(w, w->guard, "gate.pass_issue", "{\"holder\":\"%s\",\"code\":\"K-1\"}", holder);
    assert_int_equal(at(w, "gate.ask", w->gate, shown, "out"), VG_OK);
    says(w, "pass_out");
    char badge[VG_ID_TEXT];
    snprintf(badge, sizeof badge, "%s", kit_text(w->k, "SELECT id FROM badge"));
    ok(w, w->guard, "gate.badge_end", "{\"id\":\"%s\",\"state\":\"returned\"}", badge);
    assert_int_equal(at(w, "gate.pass", w->gate, shown, "out"), VG_OK);
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE state = 'left'", 1);
    assert_int_equal(at(w, "gate.ask", w->gate, shown, "in"), VG_OK);
    says(w, "invite_used");
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%001090012345%' OR"
                                   " body LIKE '%Văn An%'"),
                     0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void the_gate_asks_about_the_unexpected(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT], late[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"" CARD_QR "\"", "in"), VG_OK);
    says(w, "paper_unknown");
    ok(w, w->host, "visits.plan",
       "{\"site\":\"%s\",\"purpose\":\"Mai\",\"starts\":\"%s\",\"ends\":\"%s\",\"escort\":true}",
       w->k->site, when(24 * HOUR_US), when(25 * HOUR_US));
    kit_id(w->k, late);
    guest(w, late, "Nguyễn Văn An", "001090012345", an);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"001090012345\"", "in"), VG_OK);
    says(w, "visit_early");
    says(w, "no_escort");
    ok(w, w->chief, "visits.rules_set",
       "{\"site\":\"%s\",\"text_vi\":\"Không chụp ảnh\",\"text_en\":\"No photographs\"}",
       w->k->site);
    plan(w, "", visit);
    guest(w, visit, "Nguyễn Văn An", "001090012345", an);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_holder"), 1);  // the same person
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"001090012345\"", "in"), VG_OK);
    says(w, "rules_unread");
    assert_int_equal(
        kit_try(w->k, w->guard, "visits.tell", "{\"id\":\"%s\",\"rules_n\":0,\"notice_n\":0}", an),
        VG_ECONFLICT);  // what he was shown has been replaced
    ok(w, w->guard, "visits.tell", "{\"id\":\"%s\",\"rules_n\":1,\"notice_n\":0,\"lang\":\"en\"}",
       an);
    assert_int_equal(
        kit_int(w->k, "SELECT rules_n FROM visit_guest WHERE told_lang = 'en' AND notice_n = 0"),
        1);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"001090012345\"", "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    ok(w, w->host, "visits.cancel", "{\"id\":\"%s\",\"reason\":\"Hoãn\"}", visit);
    ok(w, w->host, "visits.cancel", "{\"id\":\"%s\",\"reason\":\"Hoãn\"}", late);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"001090012345\"", "in"), VG_OK);
    says(w, "visit_cancelled");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void agreed_by_others_than_who_asked(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT], more[64];
    world *w = open_world();
    ok(w, w->chief, "visits.approval_set", "{\"site\":\"%s\",\"need\":\"supervisor\"}", w->k->site);
    ok(w, w->chief, "visits.approval_set",
       "{\"site\":\"%s\",\"area\":\"%s\",\"need\":\"named\",\"named\":\"%s\"}", w->k->site,
       w->office, w->chief->user);
    snprintf(more, sizeof more, ",\"areas\":[\"%s\"]", w->office);
    plan(w, more, visit);
    guest(w, visit, "Trần Thị Bé", "001090099999", an);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit_step WHERE state = 'pending'"), 2);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"001090099999\"", "in"), VG_OK);
    says(w, "visit_waiting");
    assert_int_equal(
        kit_try(w->k, w->host, "visits.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", visit),
        VG_ECONFLICT);
    ok(w, w->chief, "visits.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", visit);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit WHERE state = 'approved'"), 1);
    assert_int_equal(
        kit_try(w->k, w->guard, "visits.decide", "{\"id\":\"%s\",\"decision\":\"refused\"}", visit),
        VG_EDENIED);
    assert_int_equal(at(w, "gate.pass", w->gate, "\"paper\":\"001090099999\"", "in"), VG_OK);
    assert_int_equal(at(w, "gate.ask", w->door, "\"paper\":\"001090099999\"", "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// Before its moment nobody at the gate sees that there is a delegation, whoever is in it.
static void a_held_back_list_is_seen_at_its_moment(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT];
    world *w = open_world();
    assert_int_equal(
        kit_try(w->k, w->host, "visits.plan",
                "{\"site\":\"%s\",\"kind\":\"delegation\",\"purpose\":\"x\",\"starts\":"
                "\"%s\",\"release_at\":\"%s\"}",
                w->k->site, when(HOUR_US), when(HOUR_US / 2)),
        VG_ENOTFOUND);  // an officer sees no movements
    ok(w, w->chief, "visits.plan",
       "{\"site\":\"%s\",\"kind\":\"delegation\",\"purpose\":\"Đoàn\",\"starts\":\"%s\",\"ends\":"
       "\"%s\",\"release_at\":\"%s\"}",
       w->k->site, when(4 * VG_SECOND_US), when(HOUR_US), when(3 * VG_SECOND_US));
    kit_id(w->k, visit);
    ok(w, w->chief, "visits.guest_add",
       "{\"id\":\"%s\",\"name\":\"Phạm Kín\",\"doc_number\":\"B1234567\"}", visit);
    kit_id(w->k, an);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM gate_holder"), 0);
    assert_null(strstr(kit_list(w->k, w->guard, "visits"), "Đoàn"));
    assert_null(strstr(kit_list(w->k, w->guard, "visit_guests"), "Kín"));
    assert_non_null(strstr(kit_list(w->k, w->chief, "visit_guests"), "Kín"));
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE released_at IS NOT NULL", 1);
    assert_non_null(strstr(kit_list(w->k, w->guard, "visit_guests"), "Phạm Kín"));
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit_card"), 0);
    assert_int_equal(at(w, "gate.ask", w->gate, "\"paper\":\"b1234567\"", "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    // A list that is called off before is forgotten, key and card.
    ok(w, w->chief, "visits.plan",
       "{\"site\":\"%s\",\"kind\":\"delegation\",\"purpose\":\"Hoãn\",\"starts\":\"%s\",\"release_"
       "at\":"
       "\"%s\"}",
       w->k->site, when(HOUR_US), when(HOUR_US / 2));
    kit_id(w->k, visit);
    ok(w, w->chief, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Phạm Hoãn\"}", visit);
    ok(w, w->chief, "visits.cancel", "{\"id\":\"%s\",\"reason\":\"Hoãn\"}", visit);
    kit_wait(w->k, "SELECT count(*) FROM visit_guest WHERE state = 'forgotten'", 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit_card"), 0);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// How many a host may have tells nobody of a list that is held back.
static void a_held_back_list_takes_nobodys_place(void **state)
{
    (void)state;
    char held[VG_ID_TEXT], visit[VG_ID_TEXT], an[VG_ID_TEXT];
    world *w = open_world();
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"host_most\":1}", w->k->site);
    ok(w, w->chief, "visits.plan",
       "{\"site\":\"%s\",\"kind\":\"delegation\",\"purpose\":\"Đoàn\",\"host_user\":\"%s\","
       "\"starts\":\"%s\",\"ends\":\"%s\",\"release_at\":\"%s\"}",
       w->k->site, w->host->user, when(VG_SECOND_US), when(HOUR_US), when(VG_SECOND_US / 2));
    kit_id(w->k, held);
    ok(w, w->chief, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Phạm Kín\"}", held);
    assert_int_equal(
        kit_try(w->k, w->chief, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Hai\"}", held),
        VG_ECONFLICT);  // against itself it counts
    plan(w, "", visit);
    guest(w, visit, "Một", "11112222", an);
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE released_at IS NOT NULL", 1);
    ok(w, w->chief, "visits.guest_remove", "{\"id\":\"%s\"}", an);
    assert_int_equal(
        kit_try(w->k, w->host, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Ba\"}", visit),
        VG_ECONFLICT);  // now everybody at the gate knows of it
    close_world(w);
}

static void walk_ins_lists_and_those_still_inside(void **state)
{
    (void)state;
    char guest_id[VG_ID_TEXT], holder[VG_ID_TEXT], shown[64];
    world *w = open_world();
    ok(w, w->guard, "visits.read_card", "{\"text\":\"" CARD_QR "\"}");
    says(w, "\"name\":\"Nguyễn Văn An\"");
    says(w, "\"born\":1990");
    ok(w, w->guard, "visits.walk_in",
       "{\"site\":\"%s\",\"name\":\"Nguyễn Văn An\",\"born\":1990,\"doc_kind\":\"id_card\","
       "\"doc_number\":\"001090012345\",\"purpose\":\"Giao hàng\",\"told\":true,\"ends\":\"%s\","
       "\"host_user\":\"%s\",\"areas\":[\"%s\"]}",
       w->k->site, when(2 * VG_SECOND_US), w->host->user, w->office);
    kit_id(w->k, guest_id);
    kit_member(w->k, "holder", holder, sizeof holder);
    snprintf(shown, sizeof shown, "\"holder\":\"%s\"", holder);
    assert_int_equal(at(w, "gate.pass", w->gate, shown, "in"), VG_OK);
    assert_non_null(
        strstr(kit_text(w->k, "SELECT areas FROM visit WHERE kind = 'walk_in'"), w->office));
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE overdue_at IS NOT NULL AND state = 'arrived'",
             1);
    assert_int_equal(at(w, "gate.pass", w->gate, shown, "out"), VG_OK);
    kit_wait(w->k, "SELECT count(*) FROM visit WHERE state = 'left'", 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline"), 0);
    // Rows of one list are one visit; one row is taken back.
    for (int i = 0; i < 3; i++) {
        kit_do(w->k, "visits.expect",
               "{\"site\":\"%s\",\"name\":\"Khách %d\",\"purpose\":\"Hội nghị\",\"starts\":"
               "\"2099-01-01T08:00:00+07:00\"}",
               w->k->site, i);
        kit_id(w->k, guest_id);
    }
    assert_int_equal(kit_int(w->k, "SELECT guests FROM visit WHERE kind = 'group'"), 3);
    ok(w, w->host, "visits.guest_remove", "{\"id\":\"%s\"}", guest_id);
    assert_int_equal(kit_int(w->k, "SELECT guests FROM visit WHERE kind = 'group'"), 2);
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"host_most\":1}", w->k->site);
    char visit[VG_ID_TEXT], an[VG_ID_TEXT];
    plan(w, "", visit);
    guest(w, visit, "Một", "11112222", an);
    assert_int_equal(
        kit_try(w->k, w->host, "visits.guest_add", "{\"id\":\"%s\",\"name\":\"Hai\"}", visit),
        VG_ECONFLICT);
    assert_string_equal(w->k->err.key, "visits.host_full");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void a_contractor_shows_a_certificate(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT];
    world *w = open_world();
    const char *card = "\"paper\":\"001090012345\"";
    plan(w, ",\"kind\":\"contractor\"", visit);
    guest(w, visit, "Nguyễn Văn An", "001090012345", an);
    assert_int_equal(at(w, "gate.ask", w->gate, card, "in"), VG_OK);
    says(w, "certificate_none");
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"certificates\":false}", w->k->site);
    assert_int_equal(at(w, "gate.ask", w->gate, card, "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"certificates\":true}", w->k->site);
    ok(w, w->host, "visits.certificate_add",
       "{\"id\":\"%s\",\"what\":\"An toàn điện\",\"until\":\"%s\"}", an, when(HOUR_US));
    assert_int_equal(at(w, "gate.ask", w->gate, card, "in"), VG_OK);
    says(w, "\"say\":\"green\"");
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// Rows of a list that name a host are his guests: no more than he may have.
static void a_list_names_its_host(void **state)
{
    (void)state;
    char host[VG_ID_TEXT];
    world *w = open_world();
    kit_do(w->k, "people.unit_add",
           "{\"code\":\"KQ\",\"name\":\"Phòng Kho quỹ\",\"force\":\"guard\",\"agency\":\"%s\"}",
           w->k->bank);
    kit_id(w->k, host);
    kit_do(w->k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Lê Văn Tiếp\"}", host);
    kit_id(w->k, host);
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"host_most\":2}", w->k->site);
    for (int i = 0; i < 5; i++) {
        const vg_status st = kit_try(
            w->k, w->host, "visits.expect",
            "{\"site\":\"%s\",\"name\":\"Khách %d\",\"purpose\":\"Hội nghị\",\"starts\":"
            "\"2099-01-01T08:00:00+07:00\"%s%s%s}",
            w->k->site, i, i < 3 ? ",\"host\":\"" : "", i < 3 ? host : "", i < 3 ? "\"" : "");
        assert_int_equal(st, i == 2 ? VG_ECONFLICT : VG_OK);
    }
    assert_int_equal(kit_int(w->k, "SELECT guests FROM visit WHERE host IS NOT NULL"), 2);
    assert_int_equal(kit_int(w->k, "SELECT guests FROM visit WHERE host IS NULL"), 2);
    close_world(w);
}

static int64_t evening(world *w)
{
    return kit_int(w->k,
                   "SELECT COALESCE(max(due), 0) FROM deadline WHERE kind = 'visits.evening'");
}

// A visit of several days: who is inside when the site closes is overdue, each evening once, and anew when he came again.
static void inside_when_the_site_closes(void **state)
{
    (void)state;
    char visit[VG_ID_TEXT], an[VG_ID_TEXT];
    world *w = open_world();
    const int64_t closing_us = vg_now_us() / MINUTE_US * MINUTE_US + 2 * HOUR_US;
    const int closing_min = (int)((closing_us / MINUTE_US + 7 * 60) % (24 * 60));
    ok(w, w->chief, "visits.setting_set", "{\"site\":\"%s\",\"closing_min\":%d}", w->k->site,
       closing_min ? closing_min : 1);
    ok(w, w->host, "visits.plan",
       "{\"site\":\"%s\",\"purpose\":\"Lắp đặt\",\"starts\":\"%s\",\"ends\":\"%s\"}", w->k->site,
       when(-HOUR_US), when(5 * DAY_US));
    kit_id(w->k, visit);
    guest(w, visit, "Nguyễn Văn An", "001090012345", an);
    for (int stay = 0; stay < 2; stay++) {
        assert_int_equal(at(w, "gate.pass", w->gate, "\"paper\":\"001090012345\"", "in"), VG_OK);
        kit_wait(w->k, "SELECT count(*) FROM visit WHERE state = 'arrived'", 1);
        const int64_t first = evening(w);
        assert_true(first - closing_us >= 0 && first - closing_us <= MINUTE_US);
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit WHERE overdue_at IS NULL"), 1);
        ok(w, NULL, "visits.evening_due", "{\"id\":\"%s\",\"due\":\"%s\"}", visit, when(0));
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM visit WHERE overdue_at IS NULL"), 0);
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'visits.overdue'"),
                         stay + 1);
        assert_int_equal(evening(w), first);  // the next closing that is to come
        assert_int_equal(at(w, "gate.pass", w->gate, "\"paper\":\"001090012345\"", "out"), VG_OK);
        kit_wait(w->k, "SELECT count(*) FROM visit WHERE state = 'left'", 1);
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM deadline"), 0);
        // Nobody is inside any more: an evening that was on its way says nothing.
        ok(w, NULL, "visits.evening_due", "{\"id\":\"%s\",\"due\":\"%s\"}", visit, when(0));
        assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE kind = 'visits.overdue'"),
                         stay + 1);
    }
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_expected_visitor_is_through_with_a_scan),
        cmocka_unit_test(the_gate_asks_about_the_unexpected),
        cmocka_unit_test(agreed_by_others_than_who_asked),
        cmocka_unit_test(a_held_back_list_is_seen_at_its_moment),
        cmocka_unit_test(a_held_back_list_takes_nobodys_place),
        cmocka_unit_test(walk_ins_lists_and_those_still_inside),
        cmocka_unit_test(a_list_names_its_host),
        cmocka_unit_test(a_contractor_shows_a_certificate),
        cmocka_unit_test(inside_when_the_site_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
