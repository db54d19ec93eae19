// SPDX-License-Identifier: Apache-2.0
// Neighbours against a naive reference: rooms are rectangles painted into a grid of cells, largest first, and a
// door in the line between two cells joins what is painted on them. Polygons: simple ones built so, broken ones
// broken so, and inside by counting a fine raster's crossings another way.
#include "base/prop_test.h"
#include "domain/sites/drawing_graph.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <cmocka.h>

enum { SIDE = 8, CELL = 300, ROOMS = 9, DOORS = 40 };

typedef struct room {
    int x0, y0, x1, y1;  // cells, x1 and y1 not included
    shape_pt p[4];
} room;

static room make_room(vg_prop *g)
{
    room r;
    r.x0 = (int)vg_prop_below(g, SIDE - 1);
    r.y0 = (int)vg_prop_below(g, SIDE - 1);
    r.x1 = r.x0 + 1 + (int)vg_prop_below(g, (uint64_t)(SIDE - r.x0));
    r.y1 = r.y0 + 1 + (int)vg_prop_below(g, (uint64_t)(SIDE - r.y0));
    const int gap = (int)vg_prop_below(g, 21);  // drawn to the inner face of its walls
    const int32_t left = r.x0 * CELL + gap, right = r.x1 * CELL - gap;
    const int32_t top = r.y0 * CELL + gap, bottom = r.y1 * CELL - gap;
    const shape_pt p[4] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
    const bool back = vg_prop_below(g, 2);
    for (int i = 0; i < 4; i++) {
        r.p[i] = p[back ? 3 - i : i];
    }
    return r;
}

static void paint(const room *rooms, int n, int cell[SIDE][SIDE])
{
    bool done[ROOMS] = {false};
    memset(cell, 0xff, sizeof(int[SIDE][SIDE]));
    for (int k = 0; k < n; k++) {
        int next = -1;
        int64_t most = -1;
        for (int i = 0; i < n; i++) {
            const int64_t size = (int64_t)abs(rooms[i].p[2].x - rooms[i].p[0].x) *
                                 abs(rooms[i].p[2].y - rooms[i].p[0].y);
            if (!done[i] && size > most) {
                most = size;
                next = i;
            }
        }
        if (next < 0) {
            fail();
            return;
        }
        done[next] = true;
        for (int y = rooms[next].y0; y < rooms[next].y1; y++) {
            for (int x = rooms[next].x0; x < rooms[next].x1; x++) {
                cell[y][x] = next;
            }
        }
    }
}

typedef struct wanted {
    int a, b;
} wanted;

static graph_passage make_door(vg_prop *g, int cell[SIDE][SIDE], wanted *ret)
{
    const int x = (int)vg_prop_below(g, SIDE - 1), y = (int)vg_prop_below(g, SIDE - 1);
    const int32_t off = (int32_t)vg_prop_below(g, 21) - 10,
                  half = 40 + (int32_t)vg_prop_below(g, 60);
    const int32_t mid = CELL / 2;
    graph_passage d;
    if (vg_prop_below(g, 2)) {  // between (x, y) and (x + 1, y)
        *ret = (wanted){cell[y][x], cell[y][x + 1]};
        const int32_t at = (x + 1) * CELL + off;
        d = (graph_passage){{at, y * CELL + mid - half}, {at, y * CELL + mid + half}};
    } else {
        *ret = (wanted){cell[y][x], cell[y + 1][x]};
        const int32_t at = (y + 1) * CELL + off;
        d = (graph_passage){{x * CELL + mid + half, at}, {x * CELL + mid - half, at}};
    }
    return d;
}

static void one_house(vg_prop *g)
{
    room rooms[ROOMS];
    int cell[SIDE][SIDE];
    graph_area areas[ROOMS];
    graph_passage doors[DOORS];
    wanted want[DOORS];
    graph_link got[DOORS];
    const int n = 1 + (int)vg_prop_below(g, ROOMS);
    for (int i = 0; i < n; i++) {
        rooms[i] = make_room(g);
        areas[i] = (graph_area){rooms[i].p, 4, (uint32_t)i};
    }
    paint(rooms, n, cell);
    for (int i = 0; i < DOORS; i++) {
        doors[i] = make_door(g, cell, &want[i]);
    }
    const size_t links = graph_links(areas, (size_t)n, doors, DOORS, got);
    size_t k = 0;
    for (uint32_t i = 0; i < DOORS; i++) {
        const int a = want[i].a, b = want[i].b;
        if (a < 0 || b < 0 || a == b) {
            continue;
        }
        assert_true(k < links);
        assert_int_equal(got[k].passage, i);
        assert_int_equal(got[k].from, a < b ? a : b);
        assert_int_equal(got[k].to, a < b ? b : a);
        k++;
    }
    assert_int_equal(k, links);
}

static void test_links_as_painted(void **state)
{
    (void)state;
    vg_prop g = vg_prop_seed("graph");
    for (int i = 0; i < 3000; i++) {
        one_house(&g);
    }
}

static void test_thick_wall_and_outside(void **state)
{
    (void)state;
    static const shape_pt vault[] = {{0, 0}, {500, 0}, {500, 400}, {0, 400}};
    static const shape_pt hall[] = {{0, 480}, {900, 480}, {900, 900}, {0, 900}};
    const graph_area areas[] = {{vault, 4, 7}, {hall, 4, 3}};
    const graph_passage doors[] = {{{200, 440}, {300, 440}},   // through 80 cm of wall
                                   {{200, 0}, {300, 0}},       // to the outside
                                   {{700, 700}, {700, 800}},   // within the hall
                                   {{200, 440}, {200, 440}}};  // no width, no sides
    graph_link got[4];
    assert_int_equal(graph_links(areas, 2, doors, 4, got), 1);
    assert_int_equal(got[0].passage, 0);
    assert_int_equal(got[0].from, 3);
    assert_int_equal(got[0].to, 7);
}

// --- polygons -------------------------------------------------------------------------------------
// A star-shaped ring around a centre, corners in order of angle: simple whatever the radii, convex without spread.
static size_t ring(vg_prop *g, shape_pt *p, shape_pt centre, uint64_t spread)
{
    const size_t n = 3 + vg_prop_below(g, 30);
    for (size_t i = 0; i < n; i++) {
        const double a = 2 * M_PI * (double)i / (double)n;
        const double r = 3000 + (double)vg_prop_below(g, spread);
        p[i] = (shape_pt){centre.x + (int32_t)lround(r * cos(a)),
                          centre.y + (int32_t)lround(r * sin(a))};
    }
    return n;
}

// Inside by the sum of angles, which knows nothing of rays.
static double winding(const shape_pt *p, size_t n, shape_pt q)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double ax = p[i].x - q.x, ay = p[i].y - q.y;
        const double bx = p[(i + 1) % n].x - q.x, by = p[(i + 1) % n].y - q.y;
        sum += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return fabs(sum) / (2 * M_PI);
}

static void test_polygons(void **state)
{
    (void)state;
    shape_pt p[64];
    vg_prop g = vg_prop_seed("polygon");
    for (int i = 0; i < 2000; i++) {
        const size_t n = ring(&g, p, (shape_pt){10000, 10000}, 5000);
        assert_true(shape_simple(p, n));
        for (int k = 0; k < 20; k++) {
            const shape_pt q = {4000 + (int32_t)vg_prop_below(&g, 12000),
                                4000 + (int32_t)vg_prop_below(&g, 12000)};
            const double w = winding(p, n, q);
            if (fabs(w - 0.5) > 0.2) {  // not on an edge, where the sum of angles has no answer
                assert_int_equal(shape_holds(p, n, q), w > 0.5);
            }
        }
        for (size_t k = 0; k < n; k++) {
            assert_true(shape_holds(p, n, p[k]));
        }
    }
}

static void test_two_corners_across(void **state)
{
    (void)state;
    shape_pt p[64];
    vg_prop g = vg_prop_seed("across");
    for (int i = 0; i < 2000; i++) {
        const size_t n = ring(&g, p, (shape_pt){10000, 10000}, 1);
        const size_t a = vg_prop_below(&g, n), b = (a + 1) % n;
        const shape_pt t = p[a];
        assert_true(shape_simple(p, n));
        p[a] = p[b];
        assert_false(shape_simple(p, n));  // a corner twice
        p[b] = t;
        assert_int_equal(shape_simple(p, n), n == 3);
    }
}

static void test_broken_polygons(void **state)
{
    (void)state;
    static const shape_pt spike[] = {{0, 0}, {10, 0}, {20, 0}, {10, 0}, {10, 10}};
    static const shape_pt flat[] = {{0, 0}, {10, 0}, {20, 0}};
    static const shape_pt bow[] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}};
    static const shape_pt touch[] = {{0, 0}, {20, 0}, {20, 10}, {10, 0}, {0, 10}};
    static const shape_pt good[] = {{0, 0}, {20, 0}, {20, 10}, {10, 1}, {0, 10}};
    assert_false(shape_simple(spike, 5));
    assert_false(shape_simple(flat, 3));
    assert_false(shape_simple(bow, 4));
    assert_false(shape_simple(touch, 5));
    assert_false(shape_simple(good, 2));
    assert_true(shape_simple(good, 5));
    assert_int_equal(shape_area2(good, 5), 2 * 110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links_as_painted), cmocka_unit_test(test_thick_wall_and_outside),
        cmocka_unit_test(test_polygons),         cmocka_unit_test(test_two_corners_across),
        cmocka_unit_test(test_broken_polygons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
