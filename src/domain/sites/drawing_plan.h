// SPDX-License-Identifier: Apache-2.0
// A floor plan as structured geometry: a frame in metres and elements in it. Read from JSON with limits and checks,
// written back in one canonical form (metres, at most two decimals), so that equal plans are equal texts. Pure.
#pragma once

#include "base/id.h"
#include "base/json.h"
#include "domain/sites/drawing_graph.h"

enum {
    PLAN_BYTES_MAX = 200 << 10,
    PLAN_ELEMENTS_MAX = 1500,
    PLAN_CORNERS_MAX = 200,  // of one element
    PLAN_POINTS_MAX = 8000,  // of a plan
    PLAN_FRAME_BYTES = 1024,
    PLAN_ID_MAX = 12,
    PLAN_LABEL_MAX = 80
};

typedef enum plan_shape { PLAN_AREA, PLAN_LINE, PLAN_SPAN, PLAN_PLACE } plan_shape;

typedef struct plan_kind {
    const char *name;
    plan_shape shape;
    const char *
        object_sql;  // "SELECT site, label … WHERE id = ?" of the thing it stands for; NULL: it stands for itself
    bool passage;  // joins the zones on its sides
    bool sees;     // has a direction, an angle and a range
    bool wordy;    // needs a label
    bool floors;   // joins the zones it stands in with those on other floors, by its label
    bool again;    // one thing may stand on a plan more than once
} plan_kind;

extern const plan_kind plan_kinds[];  // NULL name ends

typedef struct plan_frame {
    int32_t width_cm, height_cm, grid_cm, north_deg;
    bool picture;  // where the background lies
    int32_t picture_x_cm, picture_y_cm, picture_width_cm, picture_percent;
} plan_frame;

typedef struct plan_element {
    const plan_kind *kind;
    char id[PLAN_ID_MAX + 1];
    vg_str object, label;  // empty: none
    shape_pt *p;
    size_t n;
    int32_t angle_deg, view_deg, range_cm;
    int32_t secrecy;  // label of the row, the caller's to set
} plan_element;

typedef struct plan {
    plan_frame frame;
    plan_element *v;
    size_t n;
} plan;

// Errors name the member ("elements[3].points") and say what is wrong; texts of plan live in the arena.
vg_status plan_read_frame(vg_str text, plan_frame *ret, vg_err *err) VG_USE_RESULT;
vg_status plan_read(vg_arena *a, vg_str elements, const plan_frame *frame, plan *ret,
                    vg_err *err) VG_USE_RESULT;
void plan_write_frame(vg_jw *w, const plan_frame *f);
void plan_write(vg_jw *w, const plan_element *e);
// Neighbours of the plan's zones: out[i].from and .to are indices of zone elements (the first of that zone).
size_t plan_links(vg_arena *a, const plan *p, graph_link **ret);
// Where the plan's stairs and lifts stand; one that stands in no zone has no landing.
typedef struct plan_landing {
    uint32_t element, zone;  // indices of elements
} plan_landing;
size_t plan_landings(vg_arena *a, const plan *p, plan_landing **ret);
