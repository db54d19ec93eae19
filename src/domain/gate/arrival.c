// SPDX-License-Identifier: Apache-2.0
// What the device of a point tells: a plate its camera read, a number its reader took or turned away. By itself it is an
// arrival, shown at the point with the advice of that moment until somebody decides or it has gone by. Where the device
// decides (auto "records"), its word is a passage or a refusal as it happened, with the advice beside it: never refused,
// and once, however often it is told again, because its id comes from what was told. A camera never lets anybody through
// (ADR 0032). An unproven device may say what it likes; that it is unproven is said with it.
#include "domain/gate/advice_impl.h"

#include "base/clock.h"

const vg_field gate_arrive_fields[] = {
    {"source", VG_F_ID, VG_REQUIRED},    {"kind", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"shown", VG_F_TEXT, .max = 112},    {"side", VG_F_TEXT, .max = 12},
    {"reader", VG_F_TEXT, .max = 16},    {"proven", VG_F_BOOL},
    {"captured", VG_F_INT, VG_REQUIRED}, {"log", VG_F_INT, VG_REQUIRED},
    {"seq", VG_F_INT, VG_REQUIRED},      {NULL},
};

enum { POINTS_MAX = 16, SHOWN_S = 5 * 60, AGAIN_S = 60, OLD_DAYS = 31 };
#define DAY_US (INT64_C(86400) * VG_SECOND_US)

typedef enum read_as { READ, GRANTED, DENIED } read_as;
static const char *const told[] = {"read", "granted", "denied", NULL};

bool gate_to_arrive(vg_arena *a, const vg_event *e, vg_jw *args)
{
    static const char *const keys[] = {"kind", "verb", "text", "user", "area", "point", "auth"};
    vg_str raw[VG_LEN(keys)];
    vg_js_pick(e->body, keys, VG_LEN(keys), raw);
    const vg_str kind = vg_js_decode(a, raw[0]);
    if (e->purpose || vg_str_eqc(raw[1], "\"restore\"")) {  // a device that is tried out is nobody
        return false;
    }
    vg_jw_kstr(args, "source", e->source);
    vg_jw_kstr(args, "kind", kind);
    vg_jw_kstr(args, "shown", vg_js_decode(a, raw[vg_str_eqc(kind, "plate_read") ? 2 : 3]));
    vg_jw_kstr(args, "side", vg_js_decode(a, raw[4]));
    vg_jw_kstr(args, "reader", vg_js_decode(a, raw[5]));
    vg_jw_kbool(args, "proven", vg_str_eqc(raw[6], "true"));
    vg_jw_ki64(args, "captured", e->captured_us);
    vg_jw_ki64(args, "log", e->log);
    vg_jw_ki64(args, "seq", e->seq);
    return true;
}

typedef struct arrival {
    vg_cx *cx;
    const char *source;
    vg_str shown, side;
    read_as as;
    bool proven;
    int64_t captured_us, moved_us;
    uint32_t log;
    int64_t seq;
    // at one point
    gate_at at;
    gate_advice a;
    bool way_told;
} arrival;

typedef struct at_point {
    const char *id;
    bool records;
    int way;  // GATE_IN, GATE_OUT, -1: both
} at_point;

static vg_status points_of(vg_cx *cx, const char *source, vg_str reader, at_point *v, size_t *n,
                           vg_err *err)
{
    vg_rows *r;
    *n = 0;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT id, auto = 'records', ways FROM gate_point WHERE source = ? AND"
                        " state = 'active' AND (COALESCE(reader, '') = '' OR reader = ?) ORDER BY"
                        " at, id LIMIT ?",
                        VG_VALS(vg_z(source), vg_t(reader), vg_i(POINTS_MAX)), &r, err));
    while (*n < POINTS_MAX && vg_rows_next(r)) {
        const vg_str ways = vg_row_str(r, 2);
        v[(*n)++] = (at_point){.id = vg_str_z(cx->arena, vg_row_str(r, 0)),
                               .records = vg_row_i64(r, 1) != 0,
                               .way = vg_str_eqc(ways, "in")    ? GATE_IN
                                      : vg_str_eqc(ways, "out") ? GATE_OUT
                                                                : -1};
    }
    return vg_rows_close(r, err);
}

// --- which way, and what is advised -----------------------------------------------------------------
static vg_status advise(arrival *x, const at_point *p, int way, vg_err *err)
{
    const vg_status st = gate_point_at(x->cx, vg_str_c(p->id), way, "gate.pass", &x->at, err);
    if (st != VG_OK &&
        st != VG_ECONFLICT) {  // the device says so: it happened, whatever the point is meant for
        return st;
    }
    x->a = (gate_advice){0};
    if (!x->shown.n) {
        gate_reason_add(&x->a, GATE_ASK, "told_nobody", (vg_str){0});
        return VG_OK;
    }
    vg_plate plate;
    if (x->as == READ && vg_plate_parse(x->shown, &plate, NULL) != VG_OK) {
        gate_reason_add(&x->a, GATE_ASK, "plate_unread", (vg_str){0});
        return VG_OK;
    }
    const gate_shown shown = {.badge = x->as == READ ? (vg_str){0} : x->shown,
                              .plate = x->as == READ ? x->shown : (vg_str){0}};
    return gate_advise(x->cx, &x->at, &shown, &x->a, err);
}

static vg_status is_within(arrival *x, bool *ret, vg_err *err)
{
    int64_t there = 0;
    *ret = false;
    if (!x->a.found || !*x->at.to) {
        return VG_OK;
    }
    VG_TRY(vg_one_i64(x->cx->db, "SELECT 1 FROM presence WHERE holder = ? AND area = ?",
                      VG_VALS(vg_z(x->a.holder.id), vg_z(x->at.to)), 0, &there, err));
    *ret = there != 0;
    return VG_OK;
}

// As the device says, else as the point is passed, else out for whoever is within by record.
static vg_status advise_way(arrival *x, const at_point *p, vg_err *err)
{
    bool within;
    const int way = vg_str_eqc(x->side, "in")    ? GATE_IN
                    : vg_str_eqc(x->side, "out") ? GATE_OUT
                                                 : p->way;
    x->way_told = way >= 0;
    VG_TRY(advise(x, p, way >= 0 ? way : GATE_IN, err));
    if (way >= 0) {
        return VG_OK;
    }
    VG_TRY(is_within(x, &within, err));
    return within ? advise(x, p, GATE_OUT, err) : VG_OK;
}

// --- a device that decides ---------------------------------------------------------------------------
// Of what was told and not of the signal that told it: told again it is the same.
static void id_of_told(const arrival *x, char out[VG_ID_TEXT])
{
    vg_cx *cx = x->cx;
    const vg_cmd_id own = cx->id;
    const uint32_t n = cx->n_ids;
    const vg_str what = vg_str_f(cx->arena, "%s %s %lld %.*s", x->source, told[x->as],
                                 (long long)x->captured_us, VG_FMT(x->shown));
    cx->id = vg_cmd_derive("gate.told", vg_str_c(x->at.id), what);
    cx->n_ids = 0;
    vg_new_id(cx, out);
    cx->id = own;
    cx->n_ids = n;
}

// A number without a badge is one stranger, the same the next time.
static vg_status stranger(arrival *x, vg_err *err)
{
    vg_rows *r;
    vg_cx *cx = x->cx;
    vg_str id = {0};
    char find[VG_NAME_KEY];
    (void)vg_name_key(x->shown, find);
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT h.id FROM gate_card c JOIN gate_holder h ON h.id = c.holder WHERE"
                        " c.find = ? AND c.name = ? AND h.site = ? AND h.class = ? AND h.state ="
                        " 'active' LIMIT 1",
                        VG_VALS(vg_z(find), vg_t(x->shown), vg_z(x->at.site), vg_z(GATE_UNKNOWN)),
                        &r, err));
    if (vg_rows_next(r)) {
        id = vg_str_dup(cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    x->a.found = true;
    return id.n ? gate_holder_at(cx, id, &x->a.holder, err)
                : gate_holder_unknown(cx, &x->at, &(gate_stranger){.name = x->shown}, &x->a.holder,
                                      err);
}

static vg_status record(arrival *x, vg_err *err)
{
    char id[VG_ID_TEXT];
    int64_t again = 0;
    const bool granted = x->as == GRANTED;
    id_of_told(x, id);
    VG_TRY(vg_one_i64(x->cx->db,
                      granted ? "SELECT 1 FROM passage WHERE id = ?"
                              : "SELECT 1 FROM refusal WHERE id = ?",
                      VG_VALS(vg_z(id)), 0, &again, err));
    if (again) {
        return VG_OK;
    }
    if (!x->proven) {
        gate_reason_add(&x->a, GATE_ASK, "device_unproven", (vg_str){0});
    }
    if (!granted) {
        gate_reason_add(&x->a, GATE_STOP, "device_denied", (vg_str){0});
    } else if (!x->a.found) {
        VG_TRY(stranger(x, err));
    }
    const gate_fact f = {.at = &x->at,
                         .a = &x->a,
                         .moved_us = x->moved_us,
                         .told_us = x->captured_us,
                         .source = x->source,
                         .cause_log = x->log,
                         .cause_seq = x->seq};
    VG_TRY(granted ? gate_say_passed(x->cx, &f, id, err) : gate_say_refused(x->cx, &f, id, err));
    const gate_shown shown = {.badge = x->shown};
    return gate_arrival_close(x->cx, &x->at, &shown, &x->a, granted ? "passed" : "refused", err);
}

// --- an arrival --------------------------------------------------------------------------------------
static vg_str find_of(vg_cx *cx, const gate_advice *a, vg_str shown)
{
    return a->by_plate ? vg_str_dup(cx->arena, vg_str_c(a->plate.key)) : shown;
}

// The row of one who was told of a moment ago: still waiting, or just decided about, and then it is no news.
static vg_status row_before(arrival *x, vg_str find, vg_str *ret_id, bool *ret_waits, vg_err *err)
{
    vg_rows *r;
    const int64_t now_us = x->cx->now_us;
    VG_TRY(vg_rows_open(x->cx->db,
                        "SELECT id, state = 'waiting' FROM arrival WHERE point = ? AND find = ? AND"
                        " ((state = 'waiting' AND at > ?) OR decided > ?) ORDER BY at DESC LIMIT 1",
                        VG_VALS(vg_z(x->at.id), vg_t(find), vg_i(now_us - SHOWN_S * VG_SECOND_US),
                                vg_i(now_us - AGAIN_S * VG_SECOND_US)),
                        &r, err));
    *ret_id = (vg_str){0};
    if (vg_rows_next(r)) {
        *ret_id = vg_str_dup(x->cx->arena, vg_row_str(r, 0));
        *ret_waits = vg_row_i64(r, 1) != 0;
    }
    return vg_rows_close(r, err);
}

static vg_str reasons_text(vg_arena *arena, const gate_advice *a)
{
    vg_buf b;
    vg_buf_init(&b, 8192);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    gate_reasons_json(a, "r", false, &w);
    vg_jw_close(&w, '}');
    vg_str list = {0};
    (void)vg_js_find(vg_buf_str(&b), "r", &list);
    list = vg_str_dup(arena, list);
    vg_buf_done(&b);
    return list;
}

static vg_status put(arrival *x, vg_str id, vg_str find, vg_err *err)
{
    const gate_advice *a = &x->a;
    const bool maybe = !a->found && a->n_plates && a->plates[0].match == VG_PLATE_MAYBE;
    return vg_exec(
        x->cx->db,
        "INSERT INTO arrival (id, site, point, source, told, shown, find, way, holder, expected,"
        " maybe, say, reasons, captured, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " NULLIF(?, ''), NULLIF(?, ''), ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET told ="
        " excluded.told, way = excluded.way, holder = excluded.holder, expected ="
        " excluded.expected, maybe = excluded.maybe, say = excluded.say, reasons ="
        " excluded.reasons, captured = excluded.captured, at = excluded.at",
        VG_VALS(vg_t(id), vg_z(x->at.site), vg_z(x->at.id), vg_z(x->source), vg_z(told[x->as]),
                vg_t(x->shown), vg_t(find), x->way_told ? vg_t(x->at.way) : vg_nil(),
                a->found ? vg_z(a->holder.id) : vg_nil(),
                vg_t(a->expected ? a->expected->expected : VG_S("")),
                vg_t(maybe ? a->plates[0].plate : VG_S("")), vg_z(gate_says[a->say]),
                vg_t(reasons_text(x->cx->arena, a)), vg_i(x->captured_us), vg_i(x->cx->now_us),
                vg_i(x->at.label), vg_i(x->cx->world)),
        err);
}

static vg_status show(arrival *x, vg_err *err)
{
    vg_str id;
    char fresh[VG_ID_TEXT];
    bool waits = true;
    vg_cx *cx = x->cx;
    const vg_str find = find_of(cx, &x->a, x->shown);
    if (cx->now_us - x->moved_us > SHOWN_S * VG_SECOND_US) {
        return VG_OK;  // told late: whoever it was is not there any more
    }
    VG_TRY(vg_exec(cx->db, "DELETE FROM arrival WHERE at < ?", VG_VALS(vg_i(cx->now_us - DAY_US)),
                   err));
    VG_TRY(row_before(x, find, &id, &waits, err));
    if (!waits) {
        return VG_OK;
    }
    if (x->as == DENIED) {
        gate_reason_add(&x->a, GATE_STOP, "device_denied", (vg_str){0});
    }
    vg_new_id(cx, fresh);
    return put(x, id.n ? id : vg_str_c(fresh), find, err);
}

#define WAITS_AS " WHERE point = ? AND state = 'waiting' AND ((? <> '' AND find = ?) OR holder = ?)"

// Longer than an hour ago it was another visit of his.
vg_status gate_arrival_came(vg_cx *cx, const gate_at *at, const gate_shown *shown,
                            const gate_advice *a, int64_t *ret_us, vg_err *err)
{
    const vg_str find = find_of(cx, a, shown->badge);
    return vg_one_i64(cx->db, "SELECT min(at) FROM arrival" WAITS_AS " AND at > ?",
                      VG_VALS(vg_z(at->id), vg_t(find), vg_t(find),
                              a->found ? vg_z(a->holder.id) : vg_nil(),
                              vg_i(cx->now_us - 3600 * VG_SECOND_US)),
                      0, ret_us, err);
}

vg_status gate_arrival_close(vg_cx *cx, const gate_at *at, const gate_shown *shown,
                             const gate_advice *a, const char *state, vg_err *err)
{
    const vg_str find = find_of(cx, a, shown->badge);
    return vg_exec(cx->db, "UPDATE arrival SET state = ?, decided = ?" WAITS_AS,
                   VG_VALS(vg_z(state), vg_i(cx->now_us), vg_z(at->id), vg_t(find), vg_t(find),
                           a->found ? vg_z(a->holder.id) : vg_nil()),
                   err);
}

// --- the signal --------------------------------------------------------------------------------------
// A clock that is ahead, or a month behind, does not say when it was; what it said is kept all the same.
static int64_t moved_of(const vg_cx *cx, int64_t captured_us)
{
    return captured_us > cx->now_us || captured_us < cx->now_us - OLD_DAYS * DAY_US ? cx->now_us
                                                                                    : captured_us;
}

static read_as read_of(vg_str kind)
{
    return vg_str_eqc(kind, "badge_granted")  ? GRANTED
           : vg_str_eqc(kind, "badge_denied") ? DENIED
                                              : READ;
}

// Reaction to a signal that says that somebody came by.
VG_HANDLER(gate_arrive)
{
    at_point v[POINTS_MAX];
    size_t n;
    arrival x = {.cx = cx,
                 .source = vg_str_z(cx->arena, vg_arg_str(args, "source")),
                 .shown = vg_arg_str(args, "shown"),
                 .side = vg_arg_str(args, "side"),
                 .as = read_of(vg_arg_str(args, "kind")),
                 .proven = vg_arg_i64(args, "proven", 0) != 0,
                 .captured_us = vg_arg_i64(args, "captured", 0),
                 .log = (uint32_t)vg_arg_i64(args, "log", 0),
                 .seq = vg_arg_i64(args, "seq", 0)};
    x.moved_us = moved_of(cx, x.captured_us);
    VG_TRY(points_of(cx, x.source, vg_arg_str(args, "reader"), v, &n, err));
    for (size_t i = 0; i < n; i++) {
        VG_TRY(advise_way(&x, &v[i], err));
        const bool decides = v[i].records && x.as != READ && x.shown.n;
        VG_TRY(decides ? record(&x, err) : show(&x, err));
    }
    return VG_OK;
}
