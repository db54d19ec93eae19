// SPDX-License-Identifier: Apache-2.0
// Inside of the documents module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/documents/documents.h"
#include "domain/kit.h"

extern const char *const documents_compartments[];

// document.c
typedef struct documents_row {
    const char *id, *agency, *site;  // in the call's arena
    vg_str number, dated, subject, kind, compartment, until, term_ref, file, file_name, file_hash;
    int64_t secrecy, file_bytes;
    int32_t label;
} documents_row;
// The paper a command is about, for whoever sees it and may act on it: VG_ENOTFOUND for all else.
vg_status documents_at(vg_cx *cx, vg_str id, documents_row *ret, vg_err *err) VG_USE_RESULT;
// The agency the caller acts for, with the right to: his own; the local administrator names it or is the custodian's.
vg_status documents_agency(vg_cx *cx, const vg_args *args, const char *site, const char **ret,
                           vg_err *err) VG_USE_RESULT;
// The label of such a paper, one that the caller may see: nobody writes what he cannot read. The profile's ceiling holds.
vg_status documents_label(vg_cx *cx, const documents_row *row, int32_t *ret,
                          vg_err *err) VG_USE_RESULT;
// Sets the term and the day of the reminder of a paper with its label as it now is: until, or by law if it is empty.
vg_status documents_say_term(vg_cx *cx, const documents_row *row, vg_str until, vg_str ref,
                             vg_err *err) VG_USE_RESULT;
extern const vg_field documents_add_fields[], documents_level_fields[], documents_prolong_fields[],
    documents_due_fields[];
VG_HANDLER(documents_add);
VG_HANDLER(documents_level);
VG_MARK(documents_level_second);
VG_HANDLER(documents_prolong);
VG_HANDLER(documents_near);
VG_FOLDER(documents_on_added);
VG_FOLDER(documents_on_decided);
VG_FOLDER(documents_on_term_set);
VG_FOLDER(documents_on_near);

// file.c: bytes at rest, encrypted; written beside and taken into the database by the command that journals them
extern const vg_field documents_file_fields[];
VG_HANDLER(documents_file_put);
VG_FOLDER(documents_on_file_put);
vg_status documents_stage(vg_core *core, const char *id, vg_str bytes, vg_err *err) VG_USE_RESULT;
void documents_unstage(vg_core *core, const char *id);
// Inside a handler: what was staged becomes the file of this id.
vg_status documents_take_staged(vg_cx *cx, vg_str id, vg_err *err) VG_USE_RESULT;
vg_status documents_load(vg_core *core, vg_str id, vg_buf *ret, vg_err *err) VG_USE_RESULT;
// Runs a command as the caller; its reply is added to reply (may be NULL).
vg_status documents_run(vg_core *core, const vg_principal *who, const char *name, vg_buf *args,
                        vg_buf *reply, vg_err *err) VG_USE_RESULT;
// The columns of one row of a scoped query with one parameter, copied into a. VG_ENOTFOUND.
vg_status documents_look(vg_core *core, vg_principal *who, vg_arena *a, const char *sql, vg_str key,
                         vg_str *ret, size_t n, vg_err *err) VG_USE_RESULT;

// correspondent.c
typedef struct documents_peer {
    const char *id;
    vg_str name;
    unsigned char sign[PAPER_KEY], box[PAPER_KEY];
} documents_peer;
vg_status documents_peer_at(vg_cx *cx, vg_str id, const char *agency, documents_peer *ret,
                            vg_err *err) VG_USE_RESULT;
void documents_keys(vg_core *core, vg_str agency, paper_keys *ret);  // of an agency on this node
// Whose papers the caller takes in: his own agency's, else the custodian's; in a.
vg_status documents_whose(vg_core *core, vg_principal *who, vg_arena *a, vg_str *ret,
                          vg_err *err) VG_USE_RESULT;
extern const vg_field documents_peer_fields[], documents_retire_fields[];
VG_HANDLER(documents_peer_add);
VG_HANDLER(documents_peer_retire);
VG_FOLDER(documents_on_peer_added);
VG_FOLDER(documents_on_peer_retired);
vg_status documents_card(vg_read *rd, const vg_args *args, vg_err *err) VG_USE_RESULT;

// send.c, receive.c
extern const vg_field documents_send_fields[], documents_take_fields[], documents_taken_fields[],
    documents_refuse_fields[];
VG_HANDLER(documents_send);
VG_HANDLER(documents_receipt_take);
VG_FOLDER(documents_on_sent);
VG_FOLDER(documents_on_receipted);
VG_HANDLER(documents_take);
VG_HANDLER(documents_refuse);
VG_FOLDER(documents_on_received);
VG_FOLDER(documents_on_refused);

extern const vg_resource documents_resources[];
