// SPDX-License-Identifier: Apache-2.0
// Inside of the privacy module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"
#include "domain/term.h"

extern const char *const privacy_data[];    // kinds of personal data that may be recorded at all
extern const char *const privacy_people[];  // whose
extern const vg_field privacy_id_fields[], privacy_due_fields[];

// own.c: what is asked of every act
typedef struct privacy_row {
    const char *id, *agency;  // in the call's arena
    vg_str state;
    int32_t label;
} privacy_row;
// The agency the caller acts for, with the right to: his own; the system and the local administrator name it.
vg_status privacy_agency(vg_cx *cx, const vg_args *args, const char **ret,
                         vg_err *err) VG_USE_RESULT;
// The row a command is about, found by a query of agency, state and label. VG_ENOTFOUND for anybody else's.
vg_status privacy_at(vg_cx *cx, const char *sql, vg_str id, privacy_row *ret,
                     vg_err *err) VG_USE_RESULT;
// A JSON list of words, at least `least` of them, each of known and none twice.
vg_status privacy_words(vg_str list, const char *field, const char *const *known, size_t least,
                        vg_err *err) VG_USE_RESULT;
// VG_EINVALID unless ref names an act or an article on record.
vg_status privacy_ref(vg_cx *cx, vg_str ref, vg_err *err) VG_USE_RESULT;
// When a term that began at from_us is over: hours to the moment, days to the end of the last one. 0: no such term.
int64_t privacy_over_us(const vg_term *t, int64_t from_us);
// The site an entry names, if it names one: VG_ENOTFOUND unless it is to be known of.
vg_status privacy_site(vg_cx *cx, const vg_args *args, vg_err *err) VG_USE_RESULT;

// ship.c
extern const vg_field privacy_ship_fields[];
VG_HANDLER(privacy_ship);
VG_FOLDER(privacy_on_shipped);
vg_status privacy_start(vg_core *core, void **ret_state, vg_err *err);

// processing.c
extern const vg_field privacy_processing_add_fields[], privacy_processing_update_fields[],
    privacy_assess_fields[], privacy_end_fields[];
VG_HANDLER(privacy_processing_add);
VG_HANDLER(privacy_processing_update);
VG_HANDLER(privacy_assess);
VG_HANDLER(privacy_assessment_late);
VG_HANDLER(privacy_end);
VG_FOLDER(privacy_on_recorded);
VG_FOLDER(privacy_on_assessed);
VG_FOLDER(privacy_on_assessment_late);
VG_FOLDER(privacy_on_ended);

// retention.c
extern const vg_field privacy_retention_fields[];
VG_HANDLER(privacy_retention_set);
VG_MARK(privacy_second_retention);
VG_FOLDER(privacy_on_retention_set);

// request.c
extern const vg_field privacy_request_fields[], privacy_extend_fields[], privacy_answer_fields[],
    privacy_forget_fields[];
VG_HANDLER(privacy_request_open);
VG_HANDLER(privacy_acknowledge);
VG_HANDLER(privacy_extend);
VG_HANDLER(privacy_answer);
VG_HANDLER(privacy_ack_late);
VG_HANDLER(privacy_request_late);
VG_HANDLER(privacy_request_forget);
// Takes away who asked: the card, not the key. VG_OK if there is no such request.
vg_status privacy_forget_request(vg_cx *cx, const char *id, vg_err *err) VG_USE_RESULT;
VG_FOLDER(privacy_on_request_opened);
VG_FOLDER(privacy_on_acknowledged);
VG_FOLDER(privacy_on_ack_late);
VG_FOLDER(privacy_on_extended);
VG_FOLDER(privacy_on_answered);
VG_FOLDER(privacy_on_request_late);
VG_FOLDER(privacy_on_request_forgotten);

// breach.c
extern const vg_field privacy_breach_fields[], privacy_breach_update_fields[],
    privacy_notify_fields[], privacy_breach_close_fields[];
VG_HANDLER(privacy_breach_open);
VG_HANDLER(privacy_breach_update);
VG_HANDLER(privacy_notify);
VG_HANDLER(privacy_breach_close);
VG_HANDLER(privacy_breach_late);
VG_FOLDER(privacy_on_breach_opened);
VG_FOLDER(privacy_on_breach_changed);
VG_FOLDER(privacy_on_notified);
VG_FOLDER(privacy_on_breach_closed);
VG_FOLDER(privacy_on_breach_late);

// sweep.c
extern const vg_field privacy_sweep_fields[];
VG_HANDLER(privacy_sweep);
vg_status privacy_sweeper_start(vg_core *core, void **ret, vg_err *err);
void privacy_sweeper_stop(void *state);
// The days an agency keeps a class: its own number, else the default. 0: there is no such class.
vg_status privacy_days(vg_cx *cx, const char *agency, const char *class, int64_t *ret,
                       vg_err *err) VG_USE_RESULT;

// notice.c
extern const vg_field privacy_notice_fields[];
VG_HANDLER(privacy_notice_draft);
VG_HANDLER(privacy_notice_confirm);
VG_FOLDER(privacy_on_notice_drafted);
VG_FOLDER(privacy_on_notice_confirmed);
VG_FOLDER(privacy_on_notice_posted);

extern const vg_resource privacy_resources[];
