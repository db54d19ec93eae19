// SPDX-License-Identifier: Apache-2.0
// Histories that contradict themselves, split over two terminals and the node: somebody in two places, out without having
// come in, the same record twice. Against a judge of their times alone: inside is whose latest record says in, whatever
// does not follow from the record before it has a flag and nothing else has, what two hands contradict is known as that,
// a hit of the ban list is not lost; and all of it is the same in whatever order and pieces the queues come back.
#include "domain/gate/terminal_kit_test.h"

#include "base/prop_test.h"

#define BANNED_CARD "001090000011||Đinh Công Mẫu|01021990|Nam|Hà Nội|01012021"

enum { PEOPLE = 4, STEPS = 60, NODE = 2, ROUNDS = 3, OUTSIDE = -1, UNKNOWN = -2 };

typedef struct rec {
    int who, hand, place;  // who PEOPLE: the banned one; hand 0, 1: a terminal, NODE
    bool in;
} rec;

typedef struct history {
    rec v[STEPS];  // one a minute
    int64_t base_us;
} history;

static void draw(vg_prop *p, history *h)
{
    h->base_us = (vg_now_us() / MIN - STEPS - 5) * MIN;
    for (int i = 0; i < STEPS; i++) {
        rec *r = &h->v[i];
        if (i && vg_prop_below(p, 6) == 0) {  // somebody else wrote the same down as well
            *r = h->v[i - 1];
            r->hand = 1 - (r->hand == NODE ? 0 : r->hand);
            continue;
        }
        *r = (rec){.who = (int)vg_prop_below(p, PEOPLE + 1),
                   .hand = (int)vg_prop_below(p, 3),
                   .place = (int)vg_prop_below(p, 2),
                   .in = vg_prop_below(p, 2) != 0};
        if (r->who == PEOPLE && r->hand == NODE) {  // the node would have asked
            r->hand = (int)vg_prop_below(p, 2);
        }
    }
}

// --- what it should come to -------------------------------------------------------------------------
enum { TEXT = 8192 };

static int before_of(const history *h, int who, int i)  // the record before, or -1
{
    while (--i >= 0 && h->v[i].who != who) {
    }
    return i;
}

// One line a passage: who, minute, flagged; then the pairs of two hands; then who is inside, and where.
static void expect(const history *h, char out[TEXT])
{
    size_t n = 0;
    for (int who = 0; who <= PEOPLE; who++) {
        for (int i = 0; i < STEPS; i++) {
            const rec *r = &h->v[i];
            if (r->who != who) {
                continue;
            }
            const int b = before_of(h, who, i);
            const int at = b < 0 ? UNKNOWN : h->v[b].in ? h->v[b].place : OUTSIDE;
            const int from = r->in ? OUTSIDE : r->place;
            const bool flagged = at == UNKNOWN ? !r->in : at != from;
            n += (size_t)snprintf(out + n, TEXT - n, "%d@%d%s%s ", who, i, flagged ? "!" : "",
                                  flagged && b >= 0 && h->v[b].hand != r->hand ? "x" : "");
        }
        const int last = before_of(h, who, STEPS);
        if (last >= 0 && h->v[last].in) {
            n += (size_t)snprintf(out + n, TEXT - n, "%d in %d ", who, h->v[last].place);
        }
    }
    assert_true(n < TEXT);
}

// --- what it comes to -------------------------------------------------------------------------------
typedef struct place {
    world *w;
    char who[PEOPLE + 1][VG_ID_TEXT], gate[2][VG_ID_TEXT], area[2][VG_ID_TEXT];
    piece q[2][STEPS];
    size_t n[2];
} place;

static place *open_place(void)
{
    place *x = vg_alloc(sizeof *x);
    world *w = x->w = open_world();
    char entry[VG_ID_TEXT];
    memcpy(x->gate[0], w->gate, VG_ID_TEXT);
    memcpy(x->area[0], w->yard, VG_ID_TEXT);
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Sân sau\",\"passback\":\"hard\"}",
           w->k->site);
    kit_id(w->k, x->area[1]);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng sau\",\"inner\":\"%s\"}",
           w->k->site, x->area[1]);
    kit_id(w->k, x->gate[1]);
    ban(w, "\"name\":\"Người Khác Tên\",\"doc_number\":\"001090000011\"", entry);
    for (int i = 0; i < PEOPLE; i++) {
        char code[16];
        snprintf(code, sizeof code, "N-%d", i);
        holder(w, "Người", code, x->who[i]);
    }
    return x;
}

static void close_place(place *x)
{
    close_world(x->w);
    free(x);
}

// What the terminals wrote, or what the node has.
static void write_down(place *x, const history *h, bool node)
{
    for (int i = 0; i < STEPS; i++) {
        const rec *r = &h->v[i];
        if ((r->hand == NODE) != node) {
            continue;
        }
        const char *way = r->in ? "in" : "out";
        const int64_t at_us = h->base_us + i * MIN;
        if (r->hand != NODE) {
            const wrote e = {.holder = r->who == PEOPLE ? "" : x->who[r->who],
                             .shown = "",
                             .way = way,
                             .told_us = at_us,
                             .paper = r->who == PEOPLE ? BANNED_CARD : NULL,
                             .point = x->gate[r->place]};
            put(x->w, &x->w->t[r->hand], &e, &x->q[r->hand][x->n[r->hand]++]);
            continue;
        }
        char when[VG_TIME_TEXT];
        vg_time_rfc3339(at_us, when);
        assert_int_equal(
            kit_try(x->w->k, x->w->guard, "gate.record",
                    "{\"id\":\"%s\",\"holder\":\"%s\",\"way\":\"%s\",\"moved\":\"%s\"}",
                    x->gate[r->place], x->who[r->who], way, when),
            VG_OK);
    }
}

// The queues come back in pieces, by turns as they are drawn, and now and then all that came is sent once more.
static void come_back(vg_prop *p, place *x)
{
    size_t at[2] = {0, 0};
    while (at[0] < x->n[0] || at[1] < x->n[1]) {
        const int t = (int)vg_prop_below(p, 2);
        const size_t left = x->n[t] - at[t];
        if (!left) {
            continue;
        }
        const size_t n = 1 + vg_prop_below(p, (uint32_t)left);
        assert_int_equal(merge(x->w, &x->w->t[t], x->q[t] + at[t], n, vg_now_us()), VG_OK);
        at[t] += n;
        if (vg_prop_below(p, 3) == 0) {
            assert_int_equal(merge(x->w, &x->w->t[t], x->q[t], at[t], vg_now_us()), VG_OK);
            assert_non_null(strstr(x->w->k->reply, "\"merged\":0"));
        }
    }
}

static void found(const place *x, const history *h, char out[TEXT])
{
    size_t n = 0;
    for (int who = 0; who <= PEOPLE; who++) {
        char sql[900];
        const char *id = x->who[who];
        snprintf(
            sql, sizeof sql,
            "SELECT COALESCE((SELECT group_concat(%d || '@' || minute || f || c, ' ') || ' '"
            " FROM (SELECT (p.moved - %lld + 30000000) / 60000000 AS minute, CASE WHEN p.flags"
            " <> 0 THEN '!' ELSE '' END AS f, CASE WHEN EXISTS (SELECT 1 FROM gate_clash g"
            " WHERE g.id = p.id) THEN 'x' ELSE '' END AS c FROM passage p WHERE p.holder = '%s'"
            " ORDER BY p.moved)), '') || COALESCE((SELECT %d || ' in ' || (area = '%s') || ' '"
            " FROM presence WHERE holder = '%s'), '')",
            who, (long long)h->base_us, id, who, x->area[1], id);
        n += (size_t)snprintf(out + n, TEXT - n, "%s", kit_text(x->w->k, sql));
        assert_true(n < TEXT);
    }
}

static void contradictory_histories_come_to_the_same(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("contradictory_histories_come_to_the_same");
    for (int round = 0; round < ROUNDS; round++) {
        history h;
        char want[TEXT], got[TEXT];
        draw(&p, &h);
        expect(&h, want);
        for (int order = 0; order < 2; order++) {
            place *x = open_place();
            kit *k = x->w->k;
            const bool before = vg_prop_below(&p, 2) != 0;
            write_down(x, &h, false);
            if (before) {
                write_down(x, &h, true);
            }
            come_back(&p, x);
            if (!before) {
                write_down(x, &h, true);
            }
            const char *banned =
                kit_text(k, "SELECT holder FROM gate_card WHERE name = 'Đinh Công Mẫu'");
            snprintf(x->who[PEOPLE], VG_ID_TEXT, "%s", banned);
            found(x, &h, got);
            assert_string_equal(got, want);
            assert_int_equal(kit_int(k, "SELECT count(*) FROM passage"), STEPS);
            assert_int_equal(kit_int(k, "SELECT sum(forks + gaps) FROM gate_terminal"), 0);
            // He was let through and nobody had been asked: looked for, whatever came first.
            assert_int_equal(kit_int(k, "SELECT count(*) FROM gate_miss WHERE state = 'open'"),
                             before_of(&h, PEOPLE, STEPS) >= 0);
            if (order) {
                kit_same_after_rebuild(k);
            }
            close_place(x);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contradictory_histories_come_to_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
