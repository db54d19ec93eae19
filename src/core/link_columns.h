// SPDX-License-Identifier: Apache-2.0
// What the columns of a CSV link mean (its option "columns"): parsed in one place for the module that refuses
// what is wrong when it is saved and for the reader of the files.
//
//   {"time":"Thời gian", "point":3, "text":"Ghi chú",
//    "kind":{"column":"Loại","map":{"Mở cửa":"door_opened","Báo cháy":"fire"}}, "verb":{"is":"raise"}}
//
// A column is named by its head or by its number from 1; "map" turns words of the file into ours, "is" is a
// value that no column holds. kind is needed; verb is "raise" unless said.
#pragma once

#include "core/command.h"
#include "core/signal.h"

typedef enum vg_csv_field {
#define VG_CSV_COLUMNS(X) \
    X(time)               \
    X(kind)               \
    X(verb)               \
    X(point)              \
    X(area)               \
    X(user)               \
    X(code)               \
    X(text)
#define X(name) VG_CSV_##name,
    VG_CSV_COLUMNS(X)
#undef X
        VG_CSV_FIELDS
} vg_csv_field;

enum { VG_CSV_WORDS = 64, VG_CSV_COLUMN_MAX = 256 };

typedef struct vg_csv_word {
    vg_str from, to;
} vg_csv_word;

typedef struct vg_csv_column {
    vg_str head;  // or
    int number;   // from 1, or
    vg_str is;    // of no column
    const vg_csv_word *words;
    size_t n_words;
} vg_csv_column;

typedef struct vg_link_columns {
    vg_csv_column v[VG_CSV_FIELDS];
} vg_link_columns;

extern const char *const vg_csv_field_names[VG_CSV_FIELDS + 1];

// Errors name the member: "columns.kind". Texts are in a.
vg_status vg_link_columns_parse(vg_arena *a, vg_str json, vg_link_columns *ret,
                                vg_err *err) VG_USE_RESULT;
bool vg_csv_column_given(const vg_csv_column *c);
// Indices of our words, -1: not one of ours.
int vg_signal_verb_of(vg_str name);
const char *vg_signal_kind_of(vg_str name);  // static; NULL: not one of ours
