// SPDX-License-Identifier: Apache-2.0
// Polygons on a grid of centimetres: whole numbers, so that "touches" and "inside" have one answer and no
// tolerance. Products of differences stay below 2^39. Every function is quadratic at worst in the corners of one
// polygon, which the caller has limited. Deliberately absent: unions, offsets, curves.
#include "domain/sites/drawing_shape.h"

// > 0: c lies left of a→b; 0: on the line.
static int64_t turn(shape_pt a, shape_pt b, shape_pt c)
{
    return (int64_t)(b.x - a.x) * (c.y - a.y) - (int64_t)(b.y - a.y) * (c.x - a.x);
}

static int sign(int64_t v)
{
    return (v > 0) - (v < 0);
}

static bool between(int32_t a, int32_t b, int32_t v)
{
    return a < b ? a <= v && v <= b : b <= v && v <= a;
}

static bool on_segment(shape_pt a, shape_pt b, shape_pt q)
{
    return turn(a, b, q) == 0 && between(a.x, b.x, q.x) && between(a.y, b.y, q.y);
}

static bool same(shape_pt a, shape_pt b)
{
    return a.x == b.x && a.y == b.y;
}

bool shape_meet(shape_pt a, shape_pt b, shape_pt c, shape_pt d)
{
    const int abc = sign(turn(a, b, c)), abd = sign(turn(a, b, d));
    const int cda = sign(turn(c, d, a)), cdb = sign(turn(c, d, b));
    if (abc * abd < 0 && cda * cdb < 0) {
        return true;
    }
    return on_segment(a, b, c) || on_segment(a, b, d) || on_segment(c, d, a) || on_segment(c, d, b);
}

// Edge i ends where edge k begins: they may share that corner only.
static bool folds_back(shape_pt a, shape_pt b, shape_pt c)
{
    return on_segment(a, b, c) || on_segment(b, c, a);
}

bool shape_simple(const shape_pt *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const shape_pt a = p[i], b = p[(i + 1) % n];
        if (n < 3 || same(a, b) || folds_back(a, b, p[(i + 2) % n])) {
            return false;
        }
        for (size_t k = i + 2; k < n; k++) {
            const bool neighbours = i == 0 && k == n - 1;
            if (!neighbours && shape_meet(a, b, p[k], p[(k + 1) % n])) {
                return false;
            }
        }
    }
    return n >= 3;
}

int64_t shape_area2(const shape_pt *p, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        const shape_pt a = p[i], b = p[(i + 1) % n];
        sum += (int64_t)a.x * b.y - (int64_t)b.x * a.y;
    }
    return sum < 0 ? -sum : sum;
}

bool shape_holds(const shape_pt *p, size_t n, shape_pt q)
{
    bool odd = false;
    for (size_t i = 0; i < n; i++) {
        const shape_pt a = p[i], b = p[(i + 1) % n];
        if (on_segment(a, b, q)) {
            return true;
        }
        // The ray to the right crosses the edge when its ends lie on different sides and the edge lies right of q.
        if ((a.y > q.y) != (b.y > q.y)) {
            const int64_t t = turn(a, b, q);
            odd ^= b.y > a.y ? t > 0 : t < 0;
        }
    }
    return odd;
}
