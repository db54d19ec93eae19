// SPDX-License-Identifier: Apache-2.0
// Inside of the gate module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/plates.h"
#include "solve/passage.h"

extern const char *const gate_ways[];  // "in", "out"
enum { GATE_IN, GATE_OUT };
enum { GATE_AREAS_MAX = 256 };  // of a site
#define GATE_ANYWHERE "*"       // as the area a passage came from: the record does not tell

// area.c
extern const vg_field gate_area_add_fields[], gate_area_update_fields[], gate_list_add_fields[],
    gate_list_remove_fields[];
VG_HANDLER(gate_area_add);
VG_HANDLER(gate_area_update);
VG_HANDLER(gate_list_add);
VG_HANDLER(gate_list_remove);
VG_FOLDER(gate_on_area_added);
VG_FOLDER(gate_on_area_changed);
VG_FOLDER(gate_on_listed);
VG_FOLDER(gate_on_unlisted);
// An area and those within it, as a(id): whoever is in them is in it too. ?1: the area.
#define GATE_WITHIN                                                                              \
    "WITH RECURSIVE a(id) AS (SELECT ?1 UNION SELECT g.id FROM gate_area g JOIN a ON g.parent =" \
    " a.id) "
vg_status gate_people_in(vg_db *db, vg_str area, int64_t *ret, vg_err *err) VG_USE_RESULT;

// point.c
extern const vg_field gate_point_add_fields[], gate_point_update_fields[];
VG_HANDLER(gate_point_add);
VG_HANDLER(gate_point_update);
VG_FOLDER(gate_on_point_added);
VG_FOLDER(gate_on_point_changed);

// alone.c
extern const vg_field gate_alone_due_fields[];
VG_HANDLER(gate_alone_due);
VG_FOLDER(gate_on_alone);
// After a passage: who is alone now where two must be.
vg_status gate_watch_alone(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;

// clash.c
extern const vg_field gate_clash_due_fields[];
VG_HANDLER(gate_clash_due);
VG_FOLDER(gate_on_contradicted);
// After passages of a holder were worked out from a moment on: which of them contradict what somebody else recorded.
vg_status gate_watch_clash(vg_apply *ap, vg_str holder, int64_t from_us, vg_err *err) VG_USE_RESULT;

// escort.c
extern const vg_field gate_escort_fields[], gate_unescorted_due_fields[];
VG_HANDLER(gate_escort_check);
VG_HANDLER(gate_unescorted_due);
VG_FOLDER(gate_on_escort_gone);
VG_FOLDER(gate_on_escort_back);
VG_FOLDER(gate_on_unescorted);
bool gate_to_escort(vg_arena *a, const vg_event *e, vg_jw *args);
bool gate_to_escort_guest(vg_arena *a, const vg_event *e, vg_jw *args);

// A point as a command needs it, in the call's arena. The areas are as seen going that way; "" is outside.
typedef struct gate_at {
    const char *id, *site, *agency;  // agency: the host's
    vg_str name, lane, way;
    const char *from, *to;
    vg_str passback;   // of the area entered: none, soft, hard
    int64_t again_us;  // as in vg_pass
    int32_t label;     // of what happens here
} gate_at;
// VG_ENOTFOUND for a point not to be known of; VG_ECONFLICT if it is out of use or not passed that way, with ret whole.
vg_status gate_point_at(vg_cx *cx, vg_str point, int way, const char *permission, gate_at *ret,
                        vg_err *err) VG_USE_RESULT;

// holder.c
extern const vg_field gate_holder_add_fields[], gate_holder_update_fields[], gate_end_fields[],
    gate_forget_fields[];
VG_HANDLER(gate_holder_add);
VG_HANDLER(gate_holder_update);
VG_HANDLER(gate_holder_end);
VG_HANDLER(gate_holder_forget);
VG_FOLDER(gate_on_holder_added);
VG_FOLDER(gate_on_holder_changed);
VG_FOLDER(gate_on_holder_ended);
VG_FOLDER(gate_on_holder_forgotten);
VG_FOLDER(gate_on_import_forgotten);

typedef struct gate_holder {
    const char *id, *agency;
    vg_str kind, class, state, site;
    int64_t valid_until_us;  // 0: no end
    int32_t label;
} gate_holder;
// A person of the agency, or nobody. VG_EINVALID "person".
vg_status gate_person_ok(vg_cx *cx, vg_str person, const char *agency, vg_err *err) VG_USE_RESULT;
// What he was handed is nobody's from then on.
vg_status gate_end_badges(vg_cx *cx, const char *holder, const char *site, int32_t label,
                          vg_err *err) VG_USE_RESULT;
#define GATE_UNKNOWN "unknown"  // class of a holder whom a terminal let through and could not know
struct vg_paper;
typedef struct gate_stranger {
    vg_str name;  // as his paper has it, or what the guard typed; kept as a name is
    vg_str doc_kind;
    int born;                      // year; 0: not known
    const struct vg_paper *paper;  // NULL: none was shown
    bool vehicle;                  // what was shown is a plate
    bool expected;                 // one that was expected then; name is its plate
} gate_stranger;
// Makes one of whom it was.
vg_status gate_holder_unknown(vg_cx *cx, const gate_at *at, const gate_stranger *who,
                              gate_holder *ret, vg_err *err) VG_USE_RESULT;
// VG_ENOTFOUND (field "holder") for one not to be known of.
vg_status gate_holder_at(vg_cx *cx, vg_str id, gate_holder *ret, vg_err *err) VG_USE_RESULT;
// The same for somebody who stands at a point: one of another agency's site is nobody here, or where he is would tell of
// that site.
vg_status gate_holder_here(vg_cx *cx, const gate_at *at, vg_str id, gate_holder *ret,
                           vg_err *err) VG_USE_RESULT;

// listed.c: lists of registered vehicles
extern const vg_field gate_vehicle_add_fields[], gate_badge_hand_fields[];
extern const vg_field gate_listed_withdraw_fields[];
VG_HANDLER(gate_vehicle_add);
VG_HANDLER(gate_badge_hand);
VG_HANDLER(gate_listed_withdraw);
extern const vg_import gate_imports[];

// look.c
extern const vg_field gate_look_fields[];
VG_HANDLER(gate_look);
VG_FOLDER(gate_on_looked);
const char *gate_weigh_look(vg_str body);

// badge.c
extern const vg_field gate_badge_issue_fields[], gate_pass_issue_fields[], gate_badge_end_fields[];
// Hands a badge to a holder of the site; ret_id: the badge's. VG_ECONFLICT "code": another has it.
typedef struct gate_handed {
    const char *holder;
    vg_str code;
    const char *kind;
    int64_t until_us;  // 0: no end
} gate_handed;
vg_status gate_badge_give(vg_cx *cx, const gate_handed *b, const char *site, const char *agency,
                          int32_t label, char ret_id[VG_ID_TEXT], vg_err *err) VG_USE_RESULT;
VG_HANDLER(gate_badge_issue);
VG_HANDLER(gate_pass_issue);
VG_HANDLER(gate_badge_end);
VG_FOLDER(gate_on_badge_issued);
VG_FOLDER(gate_on_badge_ended);

// advice.c: green, ask or stop, and why
typedef enum gate_say { GATE_GREEN, GATE_ASK, GATE_STOP } gate_say;
extern const char *const gate_says[];
enum { GATE_REASONS_MAX = 16 };
typedef struct gate_reason {
    gate_say say;
    const char *code;  // catalogue: gate.reason.<code>
    vg_str detail;     // a name, a time, a number: what the words need; no personal data
    vg_str aloud;  // instead of it for who asks, and for no record: those who read it may see less
} gate_reason;
enum { GATE_BANS_MAX = 8 };
typedef struct gate_ban {  // an entry of the ban list this may be
    char id[VG_ID_TEXT];
    double score;
    uint32_t why;  // VG_MATCH_… of ident/match.h
} gate_ban;
typedef struct gate_advice {
    gate_say say;  // the worst of the reasons
    size_t n;
    gate_reason v[GATE_REASONS_MAX];
    bool found;
    gate_holder holder;
    size_t n_bans;
    gate_ban ban[GATE_BANS_MAX];
    const char *badge;  // id of a badge or of an invitation, NULL: none shown
    // A plate was shown: whose it is, or may be.
    bool by_plate;
    vg_plate plate;
    size_t n_plates;
    vg_plate_known *plates;
    const vg_plate_known *expected;  // the one of these that is expected now, or NULL
} gate_advice;
enum { GATE_ESCORT_S = 120 };  // how far an escort may be, where the site says nothing; ours
// What was shown at a point: one of badge (a code, also of an invitation; or a plate that somebody typed), holder (an
// id), paper (as it was scanned or its number by hand), plate.
typedef struct gate_shown {
    vg_str badge, holder, paper, plate;
} gate_shown;
vg_status gate_advise(vg_cx *cx, const gate_at *at, const gate_shown *shown, gate_advice *ret,
                      vg_err *err) VG_USE_RESULT;
void gate_reasons_json(const gate_advice *a, const char *key, bool aloud, vg_jw *w);
// Whoever was let through without the list at hand: the holder and what he showed are looked for in it now. Only n_bans,
// ban and say of ret count.
vg_status gate_look_again(vg_cx *cx, const gate_at *at, const gate_holder *h, vg_str paper,
                          gate_advice *ret, vg_err *err) VG_USE_RESULT;
// What the guard is shown of the entries he may have before him.
vg_status gate_bans_json(vg_cx *cx, const gate_advice *a, vg_err *err) VG_USE_RESULT;

// advice_plate.c
// Whom the guard lets through by a plate that no record has: becomes a vehicle, its class says that it was let through once.
vg_status gate_plate_holder(vg_cx *cx, const gate_at *at, gate_advice *a,
                            vg_err *err) VG_USE_RESULT;
void gate_plates_json(const gate_advice *a, vg_jw *w);

// pass.c
// A passage or a refusal as it is journaled. By the guard whose command it is, or by a device (source).
typedef struct gate_fact {
    const gate_at *at;
    const gate_advice *a;
    int64_t moved_us, told_us, asked_us;  // told_us 0: as moved; asked_us 0: not known
    int64_t came_us;                      // told of by a device of the point; 0: not known
    vg_str why, purpose;
    const char *source;  // NULL: a guard
    uint32_t cause_log;  // the signal of that source
    int64_t cause_seq;
} gate_fact;
vg_status gate_say_passed(vg_cx *cx, const gate_fact *f, const char *id, vg_err *err) VG_USE_RESULT;
vg_status gate_say_refused(vg_cx *cx, const gate_fact *f, const char *id,
                           vg_err *err) VG_USE_RESULT;
extern const vg_field gate_ask_fields[], gate_pass_fields[], gate_record_fields[],
    gate_refuse_fields[], gate_forgive_fields[];
VG_HANDLER(gate_ask);
VG_HANDLER(gate_pass);
VG_HANDLER(gate_record);
VG_HANDLER(gate_refuse);
VG_HANDLER(gate_forgive);
VG_FOLDER(gate_on_refused);

// arrival.c: what a point's device tells
extern const vg_field gate_arrive_fields[];
VG_HANDLER(gate_arrive);
bool gate_to_arrive(vg_arena *a, const vg_event *e, vg_jw *args);
// Since when he waits there, as a device told; 0: none did.
vg_status gate_arrival_came(vg_cx *cx, const gate_at *at, const gate_shown *shown,
                            const gate_advice *a, int64_t *ret_us, vg_err *err) VG_USE_RESULT;
// Whoever waited there under what was shown does not wait any more. state: "passed" or "refused".
vg_status gate_arrival_close(vg_cx *cx, const gate_at *at, const gate_shown *shown,
                             const gate_advice *a, const char *state, vg_err *err) VG_USE_RESULT;

// passage.c
VG_FOLDER(gate_on_passed);
// What follows from a passage that has just been written, up to where he is now.
vg_status gate_work_out(vg_apply *ap, vg_str holder, int64_t moved_us, vg_str id,
                        vg_err *err) VG_USE_RESULT;
// The same from his first passage on, after some were taken away.
vg_status gate_work_out_all(vg_apply *ap, vg_str holder, vg_err *err) VG_USE_RESULT;

extern const vg_resource gate_resources[];
extern const vg_query gate_queries[];
