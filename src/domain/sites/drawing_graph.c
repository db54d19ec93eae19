// SPDX-License-Identifier: Apache-2.0
// A passage joins the two zones that lie on its sides: one step (half a metre) from its middle, straight across;
// where nobody stands there, because the wall is thick, one step more. Zones may lie within zones (a vault in a
// corridor, everything in the yard), so a place belongs to the smallest area that holds it; of equals, to the
// later one. What is joined without a passage is no neighbour: a shared wall stops people, and that is the point.
#include "domain/sites/drawing_graph.h"

#include <math.h>

int64_t graph_zone_at(const graph_area *areas, size_t n, shape_pt q)
{
    int64_t found = -1, least = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        const int64_t size = shape_area2(areas[i].p, areas[i].n);
        if (size <= least && shape_holds(areas[i].p, areas[i].n, q)) {
            least = size;
            found = areas[i].zone;
        }
    }
    return found;
}

// The zone on one side (way is 1 or -1), -1 if there is none.
static int64_t beside(const graph_area *areas, size_t n, const graph_passage *d, int way)
{
    const double dx = d->b.x - d->a.x, dy = d->b.y - d->a.y, len = hypot(dx, dy);
    int64_t found = -1;
    for (int step = 1; step <= GRAPH_REACHES && found < 0 && len > 0; step++) {
        const double r = (double)(way * step * GRAPH_REACH_CM) / len;
        const shape_pt q = {(int32_t)lround((d->a.x + d->b.x) / 2.0 - dy * r),
                            (int32_t)lround((d->a.y + d->b.y) / 2.0 + dx * r)};
        found = graph_zone_at(areas, n, q);
    }
    return found;
}

size_t graph_links(const graph_area *areas, size_t n_areas, const graph_passage *passages,
                   size_t n_passages, graph_link *out)
{
    size_t n = 0;
    for (size_t i = 0; i < n_passages; i++) {
        const int64_t a = beside(areas, n_areas, &passages[i], 1);
        const int64_t b = beside(areas, n_areas, &passages[i], -1);
        if (a >= 0 && b >= 0 && a != b) {
            out[n++] =
                (graph_link){(uint32_t)i, (uint32_t)(a < b ? a : b), (uint32_t)(a < b ? b : a)};
        }
    }
    return n;
}
