// SPDX-License-Identifier: Apache-2.0
// Inside of the coord module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

enum { COORD_PARTIES = 8, COORD_CLAUSES = 100, COORD_SITES = 50 };

// Clauses, a row for each site that one names; P: the prefix of a scoped reader's views. "" = everywhere.
#define COORD_CLAUSES_AT(P) P "clause c LEFT JOIN " P "clause_site k ON k.clause = c.id"
#define COORD_SITE "COALESCE(k.site, c.site)"

// Whether posture p is what clause c waits for, and where it opens then: a posture of one site opens there only.
#define COORD_POSTURE_MATCHES                                                               \
    "p.world = 0 AND (" COORD_SITE " IN ('', p.site) OR p.site = '') AND ((c.posture <> ''" \
    " AND p.rank >= c.rank) OR (c.event <> '' AND c.event = p.event))"
#define COORD_POSTURE_SITE "CASE p.site WHEN '' THEN " COORD_SITE " ELSE p.site END"

// copy.c: a regulation as one party keeps it
typedef struct coord_copy {
    const char *id, *document, *agency, *holder;  // in the call's arena
    vg_str number, state;
    int32_t label;
} coord_copy;
// The agency the caller acts for: his own; the system and the local administrator name it.
vg_status coord_agency(vg_cx *cx, const vg_args *args, const char **ret, vg_err *err) VG_USE_RESULT;
// The caller's copy. VG_ENOTFOUND for anybody else's.
vg_status coord_copy_at(vg_cx *cx, vg_str id, coord_copy *ret, vg_err *err) VG_USE_RESULT;
// All copies of a document, at most COORD_PARTIES.
vg_status coord_copies(vg_cx *cx, const char *document, coord_copy *ret, size_t *ret_n,
                       vg_err *err) VG_USE_RESULT;
// The copy of the document of regulation `id` that an agency was handed. VG_ENOTFOUND if it was handed none.
vg_status coord_copy_for(vg_db *db, const char *id, const char *agency, char ret[VG_ID_TEXT],
                         vg_err *err) VG_USE_RESULT;
// Tells one thing to every copy of a document: an event each, under each party's label.
typedef struct coord_member {
    const char *key;
    const char *text;  // NULL: the number
    int64_t number;
} coord_member;
vg_status coord_tell(vg_cx *cx, const char *document, const char *kind, const coord_member *v,
                     size_t n, vg_err *err) VG_USE_RESULT;
#define COORD_SAY(cx, document, kind, err, ...)                               \
    coord_tell((cx), (document), (kind), (const coord_member[]){__VA_ARGS__}, \
               VG_LEN(((const coord_member[]){__VA_ARGS__})), (err))

// draft.c
extern const char *const coord_compartments[];
extern const vg_field coord_draft_fields[], coord_redraft_fields[], coord_id_fields[];
VG_HANDLER(coord_draft);
VG_HANDLER(coord_redraft);
VG_HANDLER(coord_offer);
VG_FOLDER(coord_on_drafted);

// agree.c
extern const vg_field coord_agree_fields[], coord_withdraw_fields[], coord_review_fields[],
    coord_contact_fields[], coord_answered_fields[], coord_due_fields[];
VG_HANDLER(coord_agree);
VG_HANDLER(coord_withdraw);
VG_HANDLER(coord_review);
VG_HANDLER(coord_review_late);
VG_HANDLER(coord_term_over);
VG_HANDLER(coord_start);
VG_HANDLER(coord_contact);
VG_HANDLER(coord_contact_due);
VG_HANDLER(coord_answered);
VG_FOLDER(coord_on_proposed);
VG_FOLDER(coord_on_agreed);
VG_FOLDER(coord_on_in_force);
VG_FOLDER(coord_on_started);
VG_FOLDER(coord_on_withdrawn);
VG_FOLDER(coord_on_ended);
VG_FOLDER(coord_on_reviewed);
VG_FOLDER(coord_on_review_late);
VG_FOLDER(coord_on_contact);
VG_FOLDER(coord_on_answered);

// opening.c
extern const vg_field coord_incident_fields[], coord_seal_fields[], coord_posture_fields[];
VG_HANDLER(coord_open_for);
VG_HANDLER(coord_seal_for);
VG_HANDLER(coord_open_postures);
VG_HANDLER(coord_seal_posture);
VG_HANDLER(coord_seal);
VG_HANDLER(coord_opening_over);
VG_FOLDER(coord_on_opened);
VG_FOLDER(coord_on_sealed);
// Seals what this party's withdrawal closes.
vg_status coord_seal_of_party(vg_cx *cx, const char *document, const char *party,
                              vg_err *err) VG_USE_RESULT;

// Seals what stood on a posture under a regulation whose time is over, in this copy.
vg_status coord_seal_of_term(vg_cx *cx, const coord_copy *c, vg_err *err) VG_USE_RESULT;

// capability.c
extern const vg_field coord_capability_fields[];
VG_HANDLER(coord_capability_offer);
VG_HANDLER(coord_capability_end);
VG_HANDLER(coord_capability_over);
VG_FOLDER(coord_on_capability);
VG_FOLDER(coord_on_capability_ended);

// grants.c
vg_status coord_load_grants(vg_db *db, vg_arena *a, int64_t since_us, vg_grant **ret, size_t *n,
                            vg_err *err) VG_USE_RESULT;
// The same of the copies a scoped reader sees: its own.
vg_status coord_grants_seen(vg_db *db, vg_arena *a, int64_t since_us, vg_grant **ret, size_t *n,
                            vg_err *err) VG_USE_RESULT;

// view.c
extern const vg_field coord_view_fields[], coord_view_rows_fields[];
vg_status coord_view(vg_read *rd, const vg_args *args, vg_err *err);
// Whether nothing in its rows tells since when they are: of a past moment it is shown as of today.
bool coord_of_today(const vg_resource *r);
vg_status coord_view_rows(vg_read *rd, const vg_args *args, vg_err *err);

extern const vg_resource coord_resources[];
