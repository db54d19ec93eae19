// SPDX-License-Identifier: Apache-2.0
// Which zones are neighbours: joined by a door, an opening or a gate. Pure.
#pragma once

#include "domain/sites/drawing_shape.h"

typedef struct graph_area {
    const shape_pt *p;
    size_t n;
    uint32_t zone;  // the caller's number; a zone may have several areas
} graph_area;

typedef struct graph_passage {
    shape_pt a, b;
} graph_passage;

typedef struct graph_link {
    uint32_t passage, from, to;  // from < to
} graph_link;

enum {
    GRAPH_REACH_CM = 50,
    GRAPH_REACHES = 2
};  // how far beyond a passage its sides are looked for

// The zone a place belongs to: the smallest area that holds it, of equals the later one; -1 if there is none.
int64_t graph_zone_at(const graph_area *areas, size_t n, shape_pt q);
// out has room for n_passages links, in the order of the passages. A passage that joins no two zones has none.
size_t graph_links(const graph_area *areas, size_t n_areas, const graph_passage *passages,
                   size_t n_passages, graph_link *out);
