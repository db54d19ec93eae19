// SPDX-License-Identifier: Apache-2.0
// Inside of the alerts module.
#pragma once

#include "domain/kit.h"

// What an alert is about, as commands on it need it.
typedef struct alerts_ref {
    const char *id, *site, *agency;
    vg_str number, state, level, situation, title_vi, zone, incident_number, place;
    int32_t label;
    bool cleared;
} alerts_ref;
vg_status alerts_at(vg_cx *cx, vg_str id, const char *permission, alerts_ref *ret,
                    vg_err *err) VG_USE_RESULT;
vg_status alerts_say(vg_cx *cx, const alerts_ref *a, const char *kind, vg_err *err) VG_USE_RESULT;

// raise.c
extern const vg_field alerts_raise_fields[];
extern const char *const alerts_levels[];
VG_HANDLER(alerts_raise);
VG_FOLDER(alerts_on_raised);
VG_FOLDER(alerts_on_more);

// An open alert to which something is added.
typedef struct alerts_open {
    char id[VG_ID_TEXT];
    int64_t last_seq;
    int32_t label;
    bool joined;      // found by another rule
    bool chattering;  // said so already
} alerts_open;
// The open alert of a rule, key and site (arguments rule, key, site, test).
vg_status alerts_find_open(vg_cx *cx, const vg_args *args, alerts_open *ret, bool *ret_found,
                           vg_err *err) VG_USE_RESULT;

// change.c: what becomes of an alert without a person
extern const vg_field alerts_change_fields[];
VG_HANDLER(alerts_change);
VG_FOLDER(alerts_on_escalated);
VG_FOLDER(alerts_on_amended);

// absorb.c: one happening, one alert
vg_status alerts_covering(vg_cx *cx, const vg_args *args, alerts_open *ret, bool *ret_found,
                          vg_err *err) VG_USE_RESULT;
vg_status alerts_absorb(vg_cx *cx, const vg_args *args, const char *into, const char *into_number,
                        vg_err *err) VG_USE_RESULT;
VG_FOLDER(alerts_on_absorbed);

// evidence.c: JSON arrays of evidence, kept to the first three and the last five
vg_str alerts_evidence_merge(vg_arena *a, vg_str old, vg_str more);
int64_t alerts_seqs_after(vg_str seqs, int64_t after, int64_t *ret_last);  // how many are later

// act.c
extern const vg_field alerts_acknowledge_fields[], alerts_close_fields[], alerts_incident_fields[];
extern const vg_field alerts_set_incident_fields[], alerts_source_fields[];
VG_HANDLER(alerts_acknowledge);
VG_HANDLER(alerts_close);
VG_HANDLER(alerts_open_incident);
VG_HANDLER(alerts_set_incident);
VG_HANDLER(alerts_source_returned);
VG_FOLDER(alerts_on_acknowledged);
VG_FOLDER(alerts_on_closed);
VG_FOLDER(alerts_on_incident_set);
VG_FOLDER(alerts_on_cleared);
vg_status alerts_clear_one(vg_cx *cx, const alerts_ref *a, const char *why,
                           vg_err *err) VG_USE_RESULT;

// tally.c: figures of alarms, folded as they come
vg_status alerts_count(vg_apply *ap, vg_str alert, int by, vg_err *err) VG_USE_RESULT;
vg_status alerts_count_slot(vg_apply *ap, vg_str alert, vg_err *err) VG_USE_RESULT;
vg_status alerts_note_pace(vg_apply *ap, vg_str alert, int64_t at, vg_err *err) VG_USE_RESULT;
vg_status alerts_mark_chattering(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;
vg_status alerts_chatters(vg_cx *cx, const vg_args *args, bool *ret, vg_err *err) VG_USE_RESULT;
vg_status alerts_is_fleeting(vg_cx *cx, vg_str alert, bool *ret, vg_err *err) VG_USE_RESULT;

// storm.c: too many at once
extern const vg_field alerts_storm_due_fields[];
vg_status alerts_storm_consider(vg_cx *cx, const char *site, int32_t label,
                                vg_err *err) VG_USE_RESULT;  // after a new alert
vg_status alerts_storm_add(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;
VG_HANDLER(alerts_storm_due);
VG_FOLDER(alerts_on_storm_began);
VG_FOLDER(alerts_on_storm_lasts);
VG_FOLDER(alerts_on_storm_ended);

// perform.c, record.c, budget.c, usual.c: what people read of these figures
extern const vg_field alerts_performance_fields[], alerts_records_fields[];
extern const vg_field alerts_budget_set_fields[], alerts_budget_fields[], alerts_usual_fields[];
vg_status alerts_performance(vg_read *rd, const vg_args *args, vg_err *err);
vg_status alerts_records(vg_read *rd, const vg_args *args, vg_err *err);
vg_status alerts_budget(vg_read *rd, const vg_args *args, vg_err *err);
vg_status alerts_usual(vg_read *rd, const vg_args *args, vg_err *err);
VG_HANDLER(alerts_budget_set);
VG_FOLDER(alerts_on_budget_set);

// rule.c
extern const vg_field alerts_rule_fields[], alerts_retire_fields[], alerts_clock_fields[],
    alerts_reread_fields[];
VG_HANDLER(alerts_rule_publish);
VG_HANDLER(alerts_rules_retire);
VG_HANDLER(alerts_clock);
VG_HANDLER(alerts_reread);
VG_FOLDER(alerts_on_rule_published);
VG_FOLDER(alerts_on_rule_retired);

// watch.c: the engine's thread
vg_status alerts_watch_start(vg_core *core, void **ret_state, vg_err *err) VG_USE_RESULT;
void alerts_watch_stop(void *state);

// resources.c
extern const vg_resource alerts_resources[];
