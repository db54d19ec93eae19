// SPDX-License-Identifier: Apache-2.0
// Inside of the links module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "core/link.h"
#include "domain/kit.h"

// kinds.c
typedef struct links_kind {
    const char *name;         // NULL ends the table
    const vg_field *options;  // what its options object may hold
    bool site_needed;         // belongs to one site, never to the node as a whole
    bool sends;               // takes data of ours to the other side
    enum { LINKS_HOST, LINKS_URL, LINKS_FOLDER } address;
    vg_status (*fits)(vg_arena *a, const vg_args *options,
                      vg_err *err);  // what fields cannot say; may be NULL
} links_kind;
extern const links_kind links_kinds[];
extern const char *const links_kind_names[];
const links_kind *links_kind_of(vg_str name);  // NULL if there is none
vg_status links_address_fits(const links_kind *k, vg_str address, vg_err *err);
vg_status links_options_fit(vg_arena *a, const links_kind *k, vg_str options, vg_err *err);

// link.c
extern const vg_field links_add_fields[], links_update_fields[], links_secret_fields[],
    links_switch_fields[];
VG_HANDLER(links_add);
VG_HANDLER(links_update);
VG_HANDLER(links_secret);
VG_HANDLER(links_switch);
VG_HANDLER(links_remove);
VG_HANDLER(links_try);
VG_FOLDER(links_on_added);
VG_FOLDER(links_on_changed);
VG_FOLDER(links_on_removed);

// state.c
extern const vg_field links_report_fields[], links_id_fields[];
VG_HANDLER(links_report);
VG_FOLDER(links_on_up);
VG_FOLDER(links_on_down);
vg_status links_load(vg_db *db, vg_arena *a, const char *kind, vg_link **ret, size_t *n,
                     vg_err *err);

// waiting.c: GET /outbox/summary
vg_status links_waiting(vg_read *rd, const vg_args *args, vg_err *err);
