// SPDX-License-Identifier: Apache-2.0
// Inside of the sitelist module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// list.c: decisions, versions, the yearly review
extern const vg_field sitelist_issue_fields[], sitelist_review_fields[], sitelist_due_fields[];
VG_HANDLER(sitelist_issue);
VG_HANDLER(sitelist_review);
VG_HANDLER(sitelist_review_late);
VG_FOLDER(sitelist_on_issued);
VG_FOLDER(sitelist_on_reviewed);
VG_FOLDER(sitelist_on_review_late);

// case.c: requests to change the list
extern const vg_field sitelist_case_open_fields[], sitelist_case_close_fields[];
VG_HANDLER(sitelist_case_open);
VG_HANDLER(sitelist_case_close);
VG_HANDLER(sitelist_case_late);
VG_FOLDER(sitelist_on_case_opened);
VG_FOLDER(sitelist_on_case_closed);
VG_FOLDER(sitelist_on_case_late);

// The agency that keeps the list: the caller's, else the node's custodian.
vg_status sitelist_keeper(vg_cx *cx, const char **ret, vg_err *err) VG_USE_RESULT;
// The moment after the last day of a term; 0 when text is empty.
int64_t sitelist_after(vg_str day);
