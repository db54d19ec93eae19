// SPDX-License-Identifier: Apache-2.0
// What is well and what is not with a node, as findings: one list for `vonggac doctor` and for the console's
// page. A finding is a catalogue key ("doctor.<what>.<state>", and "….do" for what to do about it), how bad it
// is, and a value. This module reads what stands in the data; files, clock and ports are looked at in app/exam.c.
#pragma once

#include "base/i18n.h"
#include "core/core.h"

typedef enum vg_grade {
    VG_GRADE_FINE,
    VG_GRADE_NOTE,  // good to know
    VG_GRADE_SOON,  // to be done, not at once
    VG_GRADE_MUST   // somebody must do something now
} vg_grade;

typedef struct vg_finding {
    const char *what, *state;  // static
    vg_grade grade;
    char value[120];
    char why[64];  // a catalogue key that goes before the value, or ""
} vg_finding;

enum { VG_FINDINGS_MAX = 48 };

typedef struct vg_exam {
    vg_finding v[VG_FINDINGS_MAX];
    size_t n;
} vg_exam;

// Adds a finding and returns it (the last place is used again when the list is full).
vg_finding *vg_exam_add(vg_exam *x, const char *what, const char *state, vg_grade grade,
                        const char *fmt, ...) VG_PRINTF(5, 6);
size_t vg_exam_count(const vg_exam *x, vg_grade at_least);
const char *vg_grade_name(vg_grade g);  // "fine", "note", "soon", "must"
// {"must":N,"soon":N,"findings":[{what,state,grade,value,text,do}]} in the reader's language.
void vg_exam_json(const vg_exam *x, vg_lang lang, vg_jw *w);
void vg_finding_text(const vg_finding *f, vg_lang lang, vg_buf *out);
void vg_finding_remedy(const vg_finding *f, vg_lang lang, vg_buf *out);  // empty when all is well

// What stands in the data, through the views of db: what its scope does not show is not counted. standalone: the
// node's profile forbids links to other machines.
void vg_exam_data(vg_db *db, bool standalone, int64_t now_us, vg_exam *x);
// Whether a federated node holds labels that only a standalone one may (then `serve` refuses); db is an unscoped reader.
void vg_exam_profile(vg_db *db, bool standalone, vg_exam *x);
// Whether the database is of this program's version; db is an unscoped reader.
void vg_exam_schema(vg_db *db, vg_exam *x);
