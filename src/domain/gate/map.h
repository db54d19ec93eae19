// SPDX-License-Identifier: Apache-2.0
// How a foreign log of passages is read: a map in YAML says which column is what, how times are written, and which point
// stands between which areas (docs/gate-logs.md). Pure: text in, rows out; any thread.
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum { GATE_MAP_POINTS = 200, GATE_MAP_AREAS = 200, GATE_MAP_WORDS = 16 };

// How a record at a point is to be understood.
typedef enum gate_how {
    GATE_HOW_IN,    // from the outer area into the inner one
    GATE_HOW_OUT,   // the other way
    GATE_HOW_WAY,   // as the column `way` says
    GATE_HOW_TURN,  // nobody says: in if he was outside by this log, else out
    GATE_HOW_INTO,  // seen in the inner area, from wherever he came
} gate_how;

typedef struct gate_map_area {
    const char *name, *parent, *passback;  // parent "" : none
    uint32_t most, again_min;
} gate_map_area;

typedef struct gate_map_point {
    const char *match;          // with * and ?; case of letters and marks do not count
    const char *inner, *outer;  // names of areas; outer "" : outside
    gate_how how;
} gate_map_point;

typedef struct gate_map {
    const char *log;                           // which system this log is of
    const char *time_column, *time_format;     // strptime's, or rfc3339, epoch, epoch-ms
    int offset_min;                            // of times without a zone
    const char *holder, *point, *way, *class;  // columns; way and class may be ""
    const char *kind;                          // staff, visitor, contractor, vehicle
    const char **in_words, **out_words;        // what the column `way` says
    size_t n_in, n_out;
    gate_map_area areas[GATE_MAP_AREAS];
    size_t n_areas;
    gate_map_point points[GATE_MAP_POINTS];
    size_t n_points;
} gate_map;

// Texts live in a. Errors name the line of the file and the key.
vg_status gate_map_read(const char *name, vg_str text, vg_arena *a, gate_map **ret,
                        vg_err *err) VG_USE_RESULT;

// Where the columns of a map stand in a head.
typedef struct gate_map_at {
    size_t time, holder, point, way, class;  // SIZE_MAX: not mapped
} gate_map_at;
// VG_EINVALID naming the column that the head has not.
vg_status gate_map_head(const gate_map *m, const vg_str *head, size_t n, gate_map_at *ret,
                        vg_err *err) VG_USE_RESULT;

typedef struct gate_map_row {
    vg_str holder, class, point;  // in the cells
    size_t rule;                  // index in points
    gate_how how;                 // IN, OUT, TURN or INTO
    int64_t moved_us;
} gate_map_row;
// One row of cells. VG_EINVALID with the column as the field.
vg_status gate_map_take(const gate_map *m, const gate_map_at *where, const vg_str *cells, size_t n,
                        gate_map_row *ret, vg_err *err) VG_USE_RESULT;
