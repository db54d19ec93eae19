// SPDX-License-Identifier: Apache-2.0
// What the routes of files need of the documents module: files in and out. The commands are like any others.
#pragma once

#include "core/core.h"
#include "domain/documents/paper.h"

// Each answers what it is asked for or fails without leaving anything. Not on the scribe's thread. reply is an object.
vg_status documents_keep(vg_core *core, const vg_principal *who, vg_str document, vg_str name,
                         vg_str bytes, vg_buf *reply, vg_err *err) VG_USE_RESULT;
// compartment and site: under what the paper is kept here; site may be empty.
vg_status documents_receive(vg_core *core, vg_principal *who, vg_str compartment, vg_str site,
                            vg_str bytes, vg_buf *reply, vg_err *err) VG_USE_RESULT;
vg_status documents_receipt(vg_core *core, vg_principal *who, vg_str bytes, vg_buf *reply,
                            vg_err *err) VG_USE_RESULT;
// ret_name: what the file is called, in a. VG_ENOTFOUND for whatever who does not see.
typedef struct documents_file {
    vg_buf bytes;
    const char *name;
} documents_file;
vg_status documents_read(vg_core *core, vg_principal *who, vg_arena *a, vg_str document,
                         documents_file *ret, vg_err *err) VG_USE_RESULT;
vg_status documents_package(vg_core *core, vg_principal *who, vg_arena *a, vg_str sending,
                            documents_file *ret, vg_err *err) VG_USE_RESULT;
vg_status documents_receipt_of(vg_core *core, vg_principal *who, vg_arena *a, vg_str receiving,
                               documents_file *ret, vg_err *err) VG_USE_RESULT;
