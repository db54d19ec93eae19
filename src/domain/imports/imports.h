// SPDX-License-Identifier: Apache-2.0
// Inside of the imports module. A job goes through states; commands (job.c) set them, the worker's thread
// (worker.c) does what a state asks for and sets the next by commands of its own.
//
//   reading → ready ⇄ reading (other mapping) → checking → applying → applied → undoing → undone
//           → unreadable            checking → ready (something changed)   applying → failing → failed
#pragma once

#include "core/core.h"
#include "domain/kit.h"
#include "sheet/sheet.h"

enum { IMPORTS_FIELDS = 12, IMPORTS_PROBLEMS = 500, IMPORTS_SAMPLES = 8 };
#define IMPORTS_UNMAPPED UINT32_MAX

// --- job.c --------------------------------------------------------------------------------------
extern const vg_field imports_begin_fields[], imports_map_fields[], imports_id_fields[];
extern const vg_field imports_note_fields[], imports_decide_fields[];
VG_HANDLER(imports_begin);
VG_HANDLER(imports_map);
VG_HANDLER(imports_apply);
VG_HANDLER(imports_undo);
VG_HANDLER(imports_cancel);
VG_HANDLER(imports_note);
VG_HANDLER(imports_decide);
VG_HANDLER(imports_finish);
vg_status imports_show_preview(vg_read *rd, const vg_args *args, vg_err *err);

// --- plan.c: what the file's columns are taken for ----------------------------------------------
typedef struct imports_plan {
    const vg_import *target;
    const vg_command *add, *update;
    size_t n_fields;
    size_t header;                    // index of the row in the sheet
    size_t sheet;                     // asked for; SIZE_MAX = the first
    uint32_t column[IMPORTS_FIELDS];  // by field
    vg_str fixed[IMPORTS_FIELDS];     // value of all rows where no column is mapped; empty = none
    char shape[33];                   // of the header's names
} imports_plan;
// mapping: what the user chose ({"sheet":0,"header":3,"columns":{"name":1},"fixed":{"unit":"BV"}}); "" = guess.
vg_status imports_plan_make(imports_plan *p, const vg_import *target, const vg_sheet *s,
                            vg_str mapping, vg_arena *keep, vg_err *err) VG_USE_RESULT;
size_t imports_asked_sheet(vg_str mapping);
void imports_plan_write(const imports_plan *p, vg_jw *w);  // members of the mapping
const vg_field *imports_field_of(const vg_command *c, const char *name);
// The name of a field that is shown ("Họ và tên").
vg_str imports_title(vg_lang lang, const vg_import *t, const char *field);
bool imports_named(const char *key, vg_arena *a,
                   vg_str folded);  // is it one of the catalogue's names?

// --- names.c: what texts name -------------------------------------------------------------------
typedef struct imports_names imports_names;
imports_names *imports_names_new(bool exact);  // exact: nothing is folded
vg_status imports_names_load(vg_db *db, const char *sql, imports_names **ret,
                             vg_err *err) VG_USE_RESULT;
void imports_names_free(imports_names *n);
void imports_names_add(imports_names *n, vg_arena *scratch, vg_str called, vg_str id);
// VG_OK, VG_ENOTFOUND, or VG_ECONFLICT when the text names several.
vg_status imports_names_find(const imports_names *n, vg_arena *scratch, vg_str called,
                             vg_str *ret_id) VG_USE_RESULT;

// --- rows.c, value.c: rows of the file as rows of the target -------------------------------------
typedef enum imports_act { IMPORTS_ADD, IMPORTS_SET, IMPORTS_SAME, IMPORTS_WRONG } imports_act;

typedef struct imports_row {
    int64_t number;  // in the file
    imports_act act;
    char id[VG_ID_TEXT];            // of what exists, or of what the row will make
    int64_t parent;                 // index of the row this one names (VG_IMP_SELF), -1 = none
    vg_str value[IMPORTS_FIELDS];   // canonical: ids, µs, 0/1, NFC text; p NULL = not given
    vg_str before[IMPORTS_FIELDS];  // of what exists
} imports_row;

typedef struct imports_problem {
    int64_t row;
    uint32_t column;  // IMPORTS_UNMAPPED: the row as a whole
    int field;        // -1: none
    vg_err err;
    vg_str value;
} imports_problem;

typedef struct imports_table {
    const vg_import *target;
    imports_plan plan;
    vg_arena *arena;
    imports_row *row;
    size_t n_rows;
    size_t count[4];  // by act
    imports_problem problem[IMPORTS_PROBLEMS];
    size_t n_problems;
    uint32_t *order;  // rows to apply, those that others name first
    size_t n_order;
    char digest[65];  // of what would be applied
} imports_table;

typedef struct imports_job {
    vg_core *core;
    char id[VG_ID_TEXT], target[32], state[16];
    char agency[VG_ID_TEXT];
    vg_principal *who;
    vg_str mapping;
    const _Atomic bool *stop;
} imports_job;

// Reads the table and finds out what each row would do: the same checks as the commands'.
vg_status imports_table_make(const imports_job *j, const vg_sheet *s, imports_table **ret,
                             vg_err *err) VG_USE_RESULT;
void imports_table_free(imports_table *t);
void imports_wrong(imports_table *t, imports_row *r, int field, vg_str value, const vg_err *err);
// value.c
typedef struct imports_reader {
    vg_arena *scratch;
    imports_names *names[IMPORTS_FIELDS];
    vg_str owner;  // agency of VG_IMP_OWNER
} imports_reader;
vg_status imports_value(const imports_reader *rd, const imports_plan *p, size_t field,
                        const vg_cell *cell, vg_arena *keep, vg_str *ret,
                        vg_err *err) VG_USE_RESULT;
// The arguments of a command from canonical values; those of `only` fields that differ from `but` (may be NULL).
json_t *imports_args(const imports_table *t, const imports_row *r, const vg_command *c,
                     const vg_str *values, const vg_str *but);
json_t *imports_json_of(const vg_field *f, vg_str v);
void imports_preview_write(const imports_table *t, const vg_sheet *s, vg_buf *out);

// --- stage.c: the rows on disk ------------------------------------------------------------------
typedef enum imports_file { IMPORTS_UPLOAD, IMPORTS_STAGED } imports_file;
// Whole files, encrypted under the node's key and synced. Errors: VG_EIO, VG_ENOTFOUND, VG_ECORRUPT.
vg_status imports_file_write(vg_core *c, const char *id, imports_file what, vg_str bytes,
                             vg_err *err) VG_USE_RESULT;
vg_status imports_file_read(vg_core *c, const char *id, imports_file what, vg_buf *ret,
                            vg_err *err) VG_USE_RESULT;
void imports_file_remove(vg_core *c, const char *id, imports_file what);
void imports_stage_write(const imports_table *t, vg_buf *out);

// --- apply.c ------------------------------------------------------------------------------------
typedef struct imports_result {
    size_t done, kept;
    int64_t row;  // that was refused, 0 = none
    vg_err err;
} imports_result;
// Runs the staged rows, a bounded group at a time; at the first refusal it stops. Repeatable: a row has one command id.
vg_status imports_run(const imports_job *j, vg_str staged, imports_result *ret,
                      vg_err *err) VG_USE_RESULT;
// Takes the staged rows back, last first; what somebody has changed since is kept and counted.
vg_status imports_run_back(const imports_job *j, vg_str staged, imports_result *ret,
                           vg_err *err) VG_USE_RESULT;
// The worker's own commands, as the system.
vg_status imports_tell(vg_core *c, const char *command, vg_str args, const vg_principal *who,
                       vg_err *err) VG_USE_RESULT;

// For verbs: a cursor over one row (state, rows, added, changed, same, wrong, done, kept, problem_vi, problem_en, preview).
vg_status imports_state_of(vg_db *db, const char *id, vg_rows **ret, vg_err *err) VG_USE_RESULT;

// --- worker.c -----------------------------------------------------------------------------------
vg_status imports_start(vg_core *core, void **ret_state, vg_err *err);
void imports_stop(void *state);
