// SPDX-License-Identifier: Apache-2.0
// What is kept no longer: once an hour the program looks, agency by agency, for what is older than the agency's own
// number or else the default, and destroys the key of whoever it is about (core/person.h). Cards go by the reactions of
// their modules, rows without a name stay. One event an agency tells how many of which class, under the agency's label,
// and only if there were any. A run does a bounded number of each class; what is left is the next one's.
#include "domain/privacy/privacy.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/core.h"
#include "core/object.h"
#include "core/person.h"

#include <pthread.h>
#include <unistd.h>

enum { AT_ONCE = 50, AGENCIES = 500, FIRST_S = 60, EVERY_S = 3600, STEP_MS = 200 };

// --- what is due --------------------------------------------------------------------------------
// ?1 the agency, ?2 what is not later is due, ?3 how many at most.
#define VISITORS                                                                                  \
    "SELECT h.id FROM gate_holder h WHERE h.agency = ?1 AND h.world = 0 AND h.import IS NULL AND" \
    " h.kind IN ('visitor', 'contractor', 'vehicle') AND h.changed_at <= ?2 AND (h.state ="       \
    " 'ended' OR (h.state = 'active' AND h.kind <> 'vehicle' AND COALESCE(h.valid_until, 0) <="   \
    " ?2 AND (h.kind = 'visitor' OR NOT EXISTS (SELECT 1 FROM badge b WHERE b.holder = h.id AND"  \
    " b.state = 'issued' AND COALESCE(b.valid_until, ?2 + 1) > ?2)))) AND NOT EXISTS (SELECT 1"   \
    " FROM passage p WHERE p.holder = h.id AND p.moved > ?2) ORDER BY h.changed_at LIMIT ?3"
// A log that was brought in has one key for all whom it names.
#define VISITORS_OF_LOGS                                                                        \
    "SELECT m.id FROM passage_import m JOIN site s ON s.id = m.site WHERE s.agency = ?1 AND"    \
    " m.world = 0 AND m.at <= ?2 AND m.state = 'applied' AND EXISTS (SELECT 1 FROM vault v"     \
    " WHERE v.space = 'person' AND v.name = m.id) AND EXISTS (SELECT 1 FROM gate_holder h"      \
    " WHERE h.import = m.id AND h.kind <> 'staff') AND NOT EXISTS (SELECT 1 FROM gate_holder h" \
    " JOIN passage p ON p.holder = h.id WHERE h.import = m.id AND p.moved > ?2) ORDER BY m.at"  \
    " LIMIT ?3"
// Plates and drivers that were expected, and owners of goods, from the day they were for.
#define EXPECTED                                                                               \
    "SELECT x.id FROM vehicle_expected x JOIN vehicle_plate v ON v.expected = x.id JOIN site"  \
    " s ON s.id = x.site WHERE s.agency = ?1 AND x.ends <= ?2 AND x.changed_at <= ?2 ORDER BY" \
    " x.ends LIMIT ?3"
#define OWNERS                                                                                \
    "SELECT g.id FROM goods_move g JOIN goods_owner o ON o.move = g.id JOIN site s ON s.id =" \
    " g.site WHERE s.agency = ?1 AND g.at <= ?2 ORDER BY g.at LIMIT ?3"
// Names that were added by hand, of drills too; also of an evacuation that nobody ended.
#define MUSTERED                                                                                 \
    "SELECT p.id FROM muster_name n JOIN muster_person p ON p.id = n.person JOIN muster m ON"    \
    " m.id = p.muster JOIN site s ON s.id = m.site WHERE s.agency = ?1 AND COALESCE(m.ended_at," \
    " m.at) <= ?2 AND p.at <= ?2 ORDER BY p.at LIMIT ?3"
#define LEFT                                                                                  \
    "SELECT p.id FROM person p JOIN person_card c ON c.person = p.id WHERE p.agency = ?1 AND" \
    " p.world = 0 AND p.state = 'retired' AND p.changed_at <= ?2 ORDER BY p.changed_at LIMIT ?3"
#define ANSWERED(whose)                                                                      \
    "SELECT id FROM subject_request WHERE agency = ?1 AND world = 0 AND holder " whose " id" \
    " AND state <> 'open' AND forgotten = 0 AND closed_at <= ?2 ORDER BY closed_at LIMIT ?3"
#define DISABLED                                                                                 \
    "SELECT u.id FROM user_account u WHERE u.agency = ?1 AND u.world = 0 AND u.disabled = 1"     \
    " AND u.login NOT LIKE '~%' AND (SELECT max(e.recorded) FROM event e WHERE e.subject = u.id" \
    " AND e.kind = 'accounts.user_disabled') <= ?2 ORDER BY u.at LIMIT ?3"

// A contact that is removed goes at once (sites); these stayed behind at a site that left the list.
#define CONTACTS                                                                                \
    "SELECT c.id FROM contact c JOIN site s ON s.id = c.site WHERE c.agency = ?1 AND c.world"   \
    " = 0 AND c.state <> 'removed' AND s.state = 'left' AND (SELECT max(e.recorded) FROM event" \
    " e WHERE e.subject = s.id AND e.kind = 'sites.site_changed') <= ?2 ORDER BY c.at LIMIT ?3"

typedef vg_status doer(vg_cx *cx, const char *id, vg_err *err);

static vg_status destroy_key(vg_cx *cx, const char *id, vg_err *err)
{
    const vg_status st = vg_person_erase(cx, id, err);
    return st == VG_ENOTFOUND ? VG_OK : st;  // destroyed before
}

static vg_status only_tell(vg_cx *cx, const char *id, vg_err *err)
{
    (void)cx;
    (void)id;
    (void)err;
    return VG_OK;
}

static const struct {
    const char *class, *due;
    doer *run;
    const char *list;  // the member of the event that names them, for whoever does it; or NULL
} CLASSES[] = {
    {"visitor_log", VISITORS, destroy_key, NULL},
    {"visitor_log", VISITORS_OF_LOGS, destroy_key, NULL},
    {"visitor_log", EXPECTED, destroy_key, NULL},
    {"visitor_log", OWNERS, destroy_key, NULL},
    {"muster_lists", MUSTERED, destroy_key, NULL},
    {"personnel", LEFT, destroy_key, NULL},
    {"contacts", CONTACTS, destroy_key, NULL},
    {"requests", ANSWERED("="), destroy_key, NULL},
    {"requests", ANSWERED("<>"), privacy_forget_request, NULL},
    {"accounts", DISABLED, only_tell, "users"},
};

// --- one agency ---------------------------------------------------------------------------------
typedef struct found {
    const char *id[AT_ONCE];
    size_t n;
} found;

vg_status privacy_days(vg_cx *cx, const char *agency, const char *class, int64_t *ret, vg_err *err)
{
    return vg_one_i64(cx->db,
                      "SELECT COALESCE((SELECT r.days FROM retention_choice r WHERE r.agency = ?1"
                      " AND r.class = c.code AND c.fixed = 0), c.days) FROM retention_class c WHERE"
                      " c.code = ?2",
                      VG_VALS(vg_z(agency), vg_z(class)), 0, ret, err);
}

static vg_status find(vg_cx *cx, const char *agency, size_t i, int64_t now_us, found *ret,
                      vg_err *err)
{
    vg_rows *r;
    int64_t days = 0;
    ret->n = 0;
    VG_TRY(privacy_days(cx, agency, CLASSES[i].class, &days, err));
    if (days <= 0) {  // nothing was shipped
        return VG_OK;
    }
    const int64_t last_us = now_us - days * INT64_C(86400) * VG_SECOND_US;
    VG_TRY(vg_rows_open(cx->db, CLASSES[i].due, VG_VALS(vg_z(agency), vg_i(last_us), vg_i(AT_ONCE)),
                        &r, err));
    while (ret->n < AT_ONCE && vg_rows_next(r)) {
        ret->id[ret->n++] = vg_str_z(cx->arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

static void say_count(vg_jw *w, const found *v, size_t i)
{
    size_t n = v[i].n;
    if (i && strcmp(CLASSES[i].class, CLASSES[i - 1].class) == 0) {
        return;  // told with the one before
    }
    for (size_t k = i + 1; k < VG_LEN(CLASSES) && strcmp(CLASSES[k].class, CLASSES[i].class) == 0;
         k++) {
        n += v[k].n;
    }
    if (n) {
        vg_jw_ki64(w, CLASSES[i].class, (int64_t)n);
    }
}

static vg_status tell(vg_cx *cx, const char *agency, const found *v, vg_err *err)
{
    int32_t label = 0;
    VG_TRY(vg_label_of(cx, agency, VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "agency", agency);
    for (size_t i = 0; i < VG_LEN(CLASSES); i++) {
        say_count(&cx->body, v, i);
    }
    for (size_t i = 0; i < VG_LEN(CLASSES); i++) {
        if (CLASSES[i].list && v[i].n) {
            vg_jw_key(&cx->body, CLASSES[i].list);
            vg_jw_open(&cx->body, '[');
            for (size_t k = 0; k < v[i].n; k++) {
                vg_jw_str(&cx->body, vg_str_c(v[i].id[k]));
            }
            vg_jw_close(&cx->body, ']');
        }
    }
    return vg_say(cx, &(vg_saying){"privacy.swept", "", agency, label}, err);
}

static vg_status sweep_agency(vg_cx *cx, const char *agency, int64_t now_us, vg_err *err)
{
    found v[VG_LEN(CLASSES)];
    size_t all = 0;
    for (size_t i = 0; i < VG_LEN(CLASSES); i++) {
        VG_TRY(find(cx, agency, i, now_us, &v[i], err));
        for (size_t k = 0; k < v[i].n; k++) {
            VG_TRY(CLASSES[i].run(cx, v[i].id[k], err));
        }
        all += v[i].n;
    }
    return all ? tell(cx, agency, v, err) : VG_OK;
}

// --- pictures -----------------------------------------------------------------------------------
// A picture has its end from the day it came, by its agency's number (sites/load.c). A number made smaller later also
// reaches the pictures that are there, once every agency that has sources has one: then none may be older than the
// greatest of them. Whose a file is nobody can tell from the file.
static vg_status cap_pictures(vg_cx *cx, vg_err *err)
{
    int64_t days = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT CASE WHEN EXISTS (SELECT 1 FROM source s WHERE NOT EXISTS (SELECT 1"
                      " FROM retention_choice c WHERE c.agency = s.agency AND c.class ="
                      " 'pictures')) THEN 0 ELSE (SELECT max(days) FROM retention_choice WHERE"
                      " class = 'pictures') END",
                      VG_NOVALS, 0, &days, err));
    vg_objects_keep_at_most(vg_core_objects(cx->core), days * INT64_C(86400));
    return VG_OK;
}

// --- the run ------------------------------------------------------------------------------------
// at: another moment, for the system alone; nobody else's clock destroys anything.
const vg_field privacy_sweep_fields[] = {{"at", VG_F_TIME}, {NULL}};

VG_HANDLER(privacy_sweep)
{
    vg_rows *r;
    const char *agency[AGENCIES];
    size_t n = 0;
    const bool own = cx->who->kind == VG_P_SYSTEM && vg_arg_has(args, "at");
    const int64_t now_us = own ? vg_arg_i64(args, "at", 0) : cx->now_us;
    VG_TRY(vg_rows_open(cx->db, "SELECT id FROM agency ORDER BY id LIMIT ?",
                        VG_VALS(vg_i(AGENCIES)), &r, err));
    while (n < AGENCIES && vg_rows_next(r)) {
        agency[n++] = vg_str_z(cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(sweep_agency(cx, agency[i], now_us, err));
    }
    return cap_pictures(cx, err);
}

// --- once an hour -------------------------------------------------------------------------------
typedef struct clockwork {
    vg_core *core;
    pthread_t thread;
    _Atomic bool stop;
} clockwork;

static void run_once(clockwork *w)
{
    vg_command_call call = {.name = "privacy.sweep",
                            .args = VG_S("{}"),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(w->core, &call);
    if (call.st != VG_OK) {
        vg_log(VG_ERROR, "privacy.sweep", "status=%s detail=%s", vg_status_name(call.st),
               call.err.detail);
    }
    vg_buf_done(&call.reply);
}

static void *work(void *arg)
{
    clockwork *w = arg;
    int64_t next_us = vg_mono_us() + FIRST_S * VG_SECOND_US;
    while (!w->stop) {
        if (vg_mono_us() >= next_us) {
            run_once(w);
            next_us = vg_mono_us() + EVERY_S * VG_SECOND_US;
        }
        usleep(STEP_MS * 1000);
    }
    return NULL;
}

vg_status privacy_sweeper_start(vg_core *core, void **ret, vg_err *err)
{
    clockwork *w = vg_alloc(sizeof *w);
    w->core = core;
    const int failed = pthread_create(&w->thread, NULL, work, w);
    if (failed) {
        free(w);
        return vg_fail(err, VG_EIO, "", NULL, "thread %d", failed);
    }
    *ret = w;
    return VG_OK;
}

void privacy_sweeper_stop(void *state)
{
    clockwork *w = state;
    if (w) {
        w->stop = true;
        pthread_join(w->thread, NULL);
        free(w);
    }
}
