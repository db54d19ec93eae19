// SPDX-License-Identifier: Apache-2.0
// Evacuations on a real node. What matters most is a property: whatever marshals told of people, over whichever
// telephones, offline or not, in whatever order and however often, everybody is as the last mark about him says.
#include "base/prop_test.h"
#include "domain/test_kit.h"

#define SECOND INT64_C(1000000)

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], vault[VG_ID_TEXT], gate[VG_ID_TEXT], door[VG_ID_TEXT], north[VG_ID_TEXT];
    vg_principal *guard, *chief;
} world;

static void made(world *w, char out[VG_ID_TEXT], const char *command, const char *args)
{
    kit_do(w->k, command, "%s", args);
    kit_id(w->k, out);
}

static world *open_world(void)
{
    char a[400];
    world *w = vg_alloc(sizeof *w);
    w->k = kit_world();
    const char *site = w->k->site;
    snprintf(a, sizeof a, "{\"site\":\"%s\",\"name\":\"Khuôn viên\"}", site);
    made(w, w->yard, "gate.area_add", a);
    snprintf(a, sizeof a, "{\"site\":\"%s\",\"name\":\"Kho\",\"parent\":\"%s\"}", site, w->yard);
    made(w, w->vault, "gate.area_add", a);
    snprintf(a, sizeof a, "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\",\"lane\":\"both\"}",
             site, w->yard);
    made(w, w->gate, "gate.point_add", a);
    snprintf(a, sizeof a,
             "{\"site\":\"%s\",\"name\":\"Cửa kho\",\"outer\":\"%s\",\"inner\":\"%s\"}", site,
             w->yard, w->vault);
    made(w, w->door, "gate.point_add", a);
    snprintf(a, sizeof a, "{\"site\":\"%s\",\"kind\":\"assembly\",\"name\":\"Sân bắc\"}", site);
    made(w, w->north, "sites.fixture_add", a);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", site);
    w->chief = kit_user(w->k, "chihuy1", w->k->police, "site_commander", site);
    return w;
}

static void close_world(world *w)
{
    kit_done(w->k);
    free(w);
}

// Somebody with a badge, inside the yard (and the vault).
static void enters(world *w, const char *kind, const char *name, const char *code, bool vault)
{
    char id[VG_ID_TEXT];
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"}", w->k->site,
           kind, name);
    kit_id(w->k, id);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", id,
           code);
    kit_do(w->k, "gate.pass", "{\"id\":\"%s\",\"badge\":\"%s\",\"way\":\"in\"}", w->gate, code);
    if (vault) {
        kit_do(w->k, "gate.pass", "{\"id\":\"%s\",\"badge\":\"%s\",\"way\":\"in\"}", w->door, code);
    }
}

static vg_status declare(world *w, const vg_principal *who, const char *area, const char *kind)
{
    return kit_try(w->k, who, "muster.declare",
                   "{\"site\":\"%s\",\"kind\":\"%s\",\"reason\":\"Khói ở tầng 2\"%s%s%s}",
                   w->k->site, kind, *area ? ",\"area\":\"" : "", area, *area ? "\"" : "");
}

static void declared(world *w, const char *area, char out[VG_ID_TEXT])
{
    assert_int_equal(declare(w, w->chief, area, "real"), VG_OK);
    kit_id(w->k, out);
}

static int64_t count(world *w, const char *muster, const char *state)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM muster_person WHERE muster = '%s' AND state = '%s'", muster,
             state);
    return kit_int(w->k, sql);
}

static vg_status marks(world *w, const char *muster, const char *more)
{
    return kit_try(w->k, w->guard, "muster.mark", "{\"id\":\"%s\",%s}", muster, more);
}

static void everybody_inside_is_unknown_and_taps_make_safe(void **state)
{
    (void)state;
    char all[VG_ID_TEXT], vault[VG_ID_TEXT], tap[120];
    world *w = open_world();
    enters(w, "staff", "Nguyễn Văn An", "T-1", false);
    enters(w, "staff", "Trần Thị Bé", "T-2", true);
    enters(w, "vehicle", "29A-123.45", "X-1", false);
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"visitor\",\"name\":\"Lê Cường\"}",
           w->k->site);
    kit_member(w->k, "id", tap, sizeof tap);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"T-3\",\"kind\":\"card\"}", tap);
    declared(w, "", all);
    declared(w, w->vault, vault);
    assert_int_equal(declare(w, w->chief, "", "real"), VG_ECONFLICT);
    assert_int_equal(declare(w, w->guard, w->yard, "real"), VG_EDENIED);
    assert_int_equal(count(w, all, "unknown"), 2);  // nobody waits for a vehicle
    assert_int_equal(count(w, vault, "unknown"), 1);
    // One tap counts in both; a wrong card is said to be one; who was not inside by record comes onto the list.
    snprintf(tap, sizeof tap, "\"badge\":\"T-2\",\"state\":\"safe\",\"point\":\"%s\"", w->north);
    assert_int_equal(marks(w, all, tap), VG_OK);
    assert_int_equal(count(w, all, "safe"), 1);
    assert_int_equal(count(w, vault, "safe"), 1);
    assert_int_equal(marks(w, all, "\"badge\":\"X-9\",\"state\":\"safe\""), VG_EINVALID);
    assert_int_equal(marks(w, all, "\"badge\":\"T-3\",\"state\":\"safe\""), VG_OK);
    assert_int_equal(count(w, all, "safe"), 2);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM muster_person WHERE origin = 'tapped'"),
                     1);
    const char *people = kit_list(w->k, w->guard, "muster_people");
    assert_non_null(strstr(people, "Nguyễn Văn An"));
    assert_non_null(strstr(people, "Sân bắc"));
    assert_non_null(strstr(people, "Cửa kho"));
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void added_by_name_once_and_no_name_in_the_journal(void **state)
{
    (void)state;
    char all[VG_ID_TEXT], person[VG_ID_TEXT], why[160];
    world *w = open_world();
    enters(w, "staff", "Nguyễn Văn An", "T-1", false);
    declared(w, "", all);
    for (int i = 0; i < 2; i++) {  // sent again, as the answer was lost
        assert_int_equal(marks(w, all,
                               "\"key\":\"m1-1\",\"name\":\"Thợ điện\",\"note\":\"áo xanh\","
                               "\"state\":\"safe\",\"at\":\"2020-01-01T00:00:00Z\""),
                         VG_OK);
    }
    kit_id(w->k, person);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM muster_person WHERE origin = 'added'"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM muster_mark"), 1);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM event WHERE body LIKE '%Thợ%'"), 0);
    assert_non_null(strstr(kit_list(w->k, w->guard, "muster_people"), "Thợ điện"));
    assert_int_equal(marks(w, all, "\"key\":\"m1-1\",\"state\":\"unsafe\""), VG_OK);
    assert_int_equal(count(w, all, "unsafe"), 1);
    // Excluding takes a reason and somebody who may declare.
    snprintf(why, sizeof why, "%s",
             kit_text(w->k, "SELECT id FROM muster_person WHERE origin = 'listed'"));
    assert_int_equal(
        kit_try(w->k, w->guard, "muster.exclude", "{\"id\":\"%s\",\"why\":\"trực lò hơi\"}", why),
        VG_EDENIED);
    assert_int_equal(kit_try(w->k, w->chief, "muster.exclude", "{\"id\":\"%s\"}", why),
                     VG_EINVALID);
    assert_int_equal(
        kit_try(w->k, w->chief, "muster.exclude", "{\"id\":\"%s\",\"why\":\"trực lò hơi\"}", why),
        VG_OK);
    assert_int_equal(count(w, all, "excluded"), 1);
    kit_same_after_rebuild(w->k);
    kit_do(w->k, "muster.forget", "{\"id\":\"%s\"}", person);
    assert_null(strstr(kit_list(w->k, w->guard, "muster_people"), "Thợ điện"));
    kit_same_after_rebuild(w->k);
    close_world(w);
}

static void ended_by_a_commander_and_late_marks_are_kept(void **state)
{
    (void)state;
    char all[VG_ID_TEXT], when[VG_TIME_TEXT], late[200];
    world *w = open_world();
    enters(w, "staff", "Nguyễn Văn An", "T-1", false);
    enters(w, "staff", "Trần Thị Bé", "T-2", false);
    declared(w, "", all);
    vg_time_rfc3339(vg_now_us(), when);
    assert_int_equal(kit_try(w->k, w->guard, "muster.end", "{\"id\":\"%s\"}", all), VG_EDENIED);
    assert_int_equal(kit_try(w->k, w->chief, "muster.end", "{\"id\":\"%s\"}", all), VG_EINVALID);
    assert_string_equal(w->k->err.field, "reason");
    assert_int_equal(kit_try(w->k, w->chief, "muster.end",
                             "{\"id\":\"%s\",\"reason\":\"hai người đã gọi được\"}", all),
                     VG_OK);
    assert_int_equal(kit_try(w->k, w->chief, "muster.end", "{\"id\":\"%s\"}", all), VG_ECONFLICT);
    // Made before the end and told after it: not late. Made after it: kept and flagged.
    snprintf(late, sizeof late, "\"badge\":\"T-1\",\"state\":\"safe\",\"at\":\"%s\"", when);
    assert_int_equal(marks(w, all, late), VG_OK);
    assert_int_equal(marks(w, all, "\"badge\":\"T-2\",\"state\":\"safe\""), VG_OK);
    assert_int_equal(count(w, all, "safe"), 2);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM muster_person WHERE after_end"), 1);
    assert_int_equal(declare(w, w->chief, "", "real"), VG_OK);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// A drill's session sees who is really inside and writes nothing into what is real; real eyes see none of it.
static void the_same_in_a_drill(void **state)
{
    (void)state;
    char real[VG_ID_TEXT], drill[VG_ID_TEXT], person[VG_ID_TEXT];
    world *w = open_world();
    enters(w, "staff", "Nguyễn Văn An", "T-1", false);
    declared(w, "", real);
    vg_principal guard = *w->guard, chief = *w->chief;
    guard.world = chief.world = 7;
    guard.scope_bits = chief.scope_bits = NULL;
    assert_int_equal(declare(w, &chief, "", "real"), VG_OK);
    kit_id(w->k, drill);
    assert_string_equal(kit_text(w->k, "SELECT kind FROM muster WHERE world = 7"), "drill");
    assert_int_equal(count(w, drill, "unknown"), 1);
    assert_int_equal(kit_try(w->k, &guard, "muster.mark",
                             "{\"id\":\"%s\",\"badge\":\"T-1\",\"state\":\"safe\"}", real),
                     VG_ECONFLICT);
    assert_int_equal(kit_try(w->k, &guard, "muster.mark",
                             "{\"id\":\"%s\",\"badge\":\"T-1\",\"state\":\"safe\"}", drill),
                     VG_OK);
    assert_int_equal(kit_try(w->k, &guard, "muster.mark",
                             "{\"id\":\"%s\",\"key\":\"k\",\"name\":\"Khách\",\"state\":\"safe\"}",
                             drill),
                     VG_OK);
    assert_int_equal(count(w, drill, "safe"), 2);
    assert_int_equal(count(w, real, "unknown"), 1);
    assert_int_equal(marks(w, drill, "\"badge\":\"T-1\",\"state\":\"safe\""), VG_ENOTFOUND);
    assert_null(strstr(kit_list(w->k, w->guard, "musters"), drill));
    snprintf(person, sizeof person, "%s",
             kit_text(w->k, "SELECT id FROM muster_person WHERE world = 7 AND origin = 'listed'"));
    assert_int_equal(
        kit_try(w->k, w->chief, "muster.exclude", "{\"id\":\"%s\",\"why\":\"x\"}", person),
        VG_ENOTFOUND);
    assert_int_equal(kit_try(w->k, &chief, "muster.end", "{\"id\":\"%s\"}", drill), VG_OK);
    kit_same_after_rebuild(w->k);
    close_world(w);
}

// That there is one is everybody's at the site; who is on the list is the gate's.
static void seen_by_whom(void **state)
{
    (void)state;
    char all[VG_ID_TEXT], other[VG_ID_TEXT];
    world *w = open_world();
    enters(w, "staff", "Nguyễn Văn An", "T-1", false);
    declared(w, "", all);
    kit_do(w->k, "sites.site_add",
           "{\"code\":\"NH2\",\"name\":\"Chi nhánh 2\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           w->k->bank);
    kit_id(w->k, other);
    vg_principal *far = kit_user(w->k, "gac2", w->k->police, "guard", other);
    assert_null(strstr(kit_list(w->k, far, "musters"), all));
    assert_null(strstr(kit_list(w->k, far, "muster_people"), all));
    assert_int_equal(kit_try(w->k, far, "muster.mark",
                             "{\"id\":\"%s\",\"badge\":\"T-1\",\"state\":\"safe\"}", all),
                     VG_ENOTFOUND);
    close_world(w);
}

// --- any order ------------------------------------------------------------------------------------
enum { PEOPLE = 4, MARKS = 40, STATES = 3 };
static const char *const state_of[STATES] = {"safe", "not_here", "unsafe"};  // the graver the later

typedef struct told {
    int who, second, state;
} told;

static void tell(world *w, const char *muster, const told *m, int64_t base_us)
{
    char when[VG_TIME_TEXT], more[160];
    vg_time_rfc3339(base_us + m->second * SECOND, when);
    snprintf(more, sizeof more, "\"badge\":\"T-%d\",\"state\":\"%s\",\"at\":\"%s\"", m->who,
             state_of[m->state], when);
    assert_int_equal(marks(w, muster, more), VG_OK);
}

static const told *last_of(const told *m, int who)
{
    const told *best = NULL;
    for (int i = 0; i < MARKS; i++) {
        if (m[i].who == who && (!best || m[i].second > best->second ||
                                (m[i].second == best->second && m[i].state > best->state))) {
            best = &m[i];
        }
    }
    return best;
}

static void one_order(world *w, const told *m, vg_prop *p, int64_t base_us)
{
    char all[VG_ID_TEXT], sql[200];
    int order[MARKS];
    declared(w, "", all);
    for (int i = 0; i < MARKS; i++) {
        order[i] = i;
    }
    for (int i = MARKS - 1; i > 0; i--) {
        const int k = (int)vg_prop_below(p, (uint64_t)i + 1), x = order[i];
        order[i] = order[k];
        order[k] = x;
    }
    const int end = (int)vg_prop_below(p, MARKS);  // the commander ends it somewhere between
    for (int i = 0; i < MARKS; i++) {
        tell(w, all, &m[order[i]], base_us);
        if (vg_prop_below(p, 4) == 0) {  // sent again
            tell(w, all, &m[order[vg_prop_below(p, (uint64_t)i + 1)]], base_us);
        }
        if (i == end) {
            assert_int_equal(
                kit_try(w->k, w->chief, "muster.end", "{\"id\":\"%s\",\"reason\":\"x\"}", all),
                VG_OK);
        }
    }
    for (int who = 0; who < PEOPLE; who++) {
        const told *best = last_of(m, who);
        snprintf(sql, sizeof sql,
                 "SELECT p.state FROM muster_person p JOIN badge b ON b.holder = p.holder WHERE"
                 " p.muster = '%s' AND b.code = 'T-%d'",
                 all, who);
        assert_string_equal(kit_text(w->k, sql), best ? state_of[best->state] : "unknown");
    }
    assert_int_equal(count(w, all, "unknown") + count(w, all, "safe") + count(w, all, "unsafe") +
                         count(w, all, "not_here"),
                     PEOPLE);
    assert_int_equal(kit_int(w->k, "SELECT count(*) FROM muster_person WHERE after_end"), 0);
}

static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    told m[MARKS];
    vg_prop p = vg_prop_seed("the_order_of_arrival_does_not_matter");
    world *w = open_world();
    for (int i = 0; i < PEOPLE; i++) {
        char name[32], code[16];
        snprintf(name, sizeof name, "Người %d", i);
        snprintf(code, sizeof code, "T-%d", i);
        enters(w, "staff", name, code, false);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MARKS; i++) {  // several of one moment
            m[i] = (told){(int)vg_prop_below(&p, PEOPLE), (int)vg_prop_below(&p, 20),
                          (int)vg_prop_below(&p, STATES)};
        }
        const int64_t base = vg_now_us() / SECOND * SECOND - 3600 * SECOND;
        one_order(w, m, &p, base);
        one_order(w, m, &p, base);
    }
    kit_same_after_rebuild(w->k);
    close_world(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_inside_is_unknown_and_taps_make_safe),
        cmocka_unit_test(added_by_name_once_and_no_name_in_the_journal),
        cmocka_unit_test(ended_by_a_commander_and_late_marks_are_kept),
        cmocka_unit_test(the_same_in_a_drill),
        cmocka_unit_test(seen_by_whom),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
