// SPDX-License-Identifier: Apache-2.0
// What a terminal wrote down without a connection comes back: every entry signed by its key and chained to the one before.
// A passage is a fact: it is taken whatever it contradicts, and in whatever order it comes, because the fold puts it in
// its place by when it happened. An entry is known by its number and hash: sent again it is one. Another hash under a
// known number, or a number whose predecessor never came, is an alarm and takes nothing away. When it happened: by the
// terminal's steady clock if it still runs, else by its wall clock, put right by how far that is off now; both are kept.
// Who could not be known out there becomes a holder of his own, until a person says who it was. Everybody who was let
// through is looked for in the ban list once more: what the terminal could not know is told now.
#include "domain/gate/terminal.h"

#include "base/clock.h"

#include "core/device.h"
#include "domain/holder.h"

const vg_field gate_merge_fields[] = {
    {"told", VG_F_INT, VG_REQUIRED, .min = 0, .max = INT64_MAX / 4},
    {"mono", VG_F_INT, VG_REQUIRED, .min = 0, .max = INT64_MAX / 4},
    {"run", VG_F_TEXT, VG_REQUIRED, .max = 32},
    {"entries", VG_F_JSON, VG_REQUIRED, .max = 240000},
    {NULL},
};

// As an expected one is ticked off by itself (vehicles).
#define LEEWAY_US (1800 * VG_SECOND_US)

typedef struct merging {
    vg_cx *cx;
    gate_terminal t;
    int64_t offset_us;  // the node's clock minus the terminal's
    int64_t mono_us;
    vg_str run;
    gate_entry *v;
    size_t n;
    int64_t merged, again, unknown, skipped, forks, gaps, missed;
} merging;

// --- reading and checking ---------------------------------------------------------------------------
static vg_str next_text(vg_arena *a, vg_str list, size_t *at)
{
    vg_str part;
    const vg_str none = {"", 0};
    return vg_js_each(list, at, NULL, &part) ? vg_js_decode(a, part) : none;
}

static vg_status read_one(merging *m, vg_str one, vg_err *err)
{
    size_t at = 0;
    const vg_str text = next_text(m->cx->arena, one, &at);
    const vg_str sig = next_text(m->cx->arena, one, &at);
    gate_entry *e = &m->v[m->n];
    VG_TRY(gate_entry_read(m->cx->arena, text.p ? text : VG_S(""), e, err));
    e->sig = sig;
    if (vg_device_verify(m->cx->core, m->cx->db, vg_str_c(m->t.id), e->text, e->sig, NULL) !=
        VG_OK) {
        return vg_fail(err, VG_EINVALID, "entries", "gate.queue_signature", "%lld",
                       (long long)e->seq);
    }
    m->n++;
    return VG_OK;
}

static vg_status read_all(merging *m, vg_str entries, vg_err *err)
{
    vg_str one;
    size_t at = 0;
    m->v = vg_arena_get(m->cx->arena, GATE_MERGE_MAX * sizeof *m->v);
    if (!m->v) {
        return vg_fail(err, VG_ETOOBIG, "entries", NULL, "%s", "");
    }
    while (vg_js_each(entries, &at, NULL, &one)) {
        if (m->n >= GATE_MERGE_MAX) {
            return vg_fail(err, VG_ETOOBIG, "entries", "gate.queue_many", "%d", GATE_MERGE_MAX);
        }
        VG_TRY(read_one(m, one, err));
    }
    return VG_OK;
}

typedef struct known {
    bool same, number, before;  // this hash; some hash of this number; the hash it follows
} known;

static vg_status known_of(merging *m, size_t i, known *ret, vg_err *err)
{
    vg_rows *r;
    const gate_entry *e = &m->v[i];
    *ret = (known){.before = e->seq == 1 && !e->prev.n};
    VG_TRY(vg_rows_open(m->cx->db,
                        "SELECT seq, hash FROM gate_queue WHERE terminal = ? AND seq BETWEEN ? AND"
                        " ?",
                        VG_VALS(vg_z(m->t.id), vg_i(e->seq - 1), vg_i(e->seq)), &r, err));
    while (vg_rows_next(r)) {
        const bool mine = vg_row_i64(r, 0) == e->seq;
        ret->number = ret->number || mine;
        ret->same = ret->same || (mine && vg_str_eqc(vg_row_str(r, 1), e->hash));
        ret->before = ret->before || (!mine && vg_str_eq(vg_row_str(r, 1), e->prev));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t k = 0; k < i; k++) {
        const gate_entry *o = &m->v[k];
        ret->number = ret->number || o->seq == e->seq;
        ret->same = ret->same || (o->seq == e->seq && strcmp(o->hash, e->hash) == 0);
        ret->before = ret->before || (o->seq == e->seq - 1 && vg_str_eqc(e->prev, o->hash));
    }
    return VG_OK;
}

// --- one passage ------------------------------------------------------------------------------------
static int64_t moved_of(const merging *m, const gate_entry *e)
{
    const int64_t now_us = m->cx->now_us;
    const bool steady = vg_str_eq(e->run, m->run) && e->mono_us <= m->mono_us;
    const int64_t us = steady ? now_us - (m->mono_us - e->mono_us) : e->told_us + m->offset_us;
    return us > now_us ? now_us : us < 0 ? 0 : us;
}

// A point that is out of use since is still where it happened.
static vg_status point_of(merging *m, const gate_entry *e, gate_at *at, vg_err *err)
{
    const vg_status st = gate_point_at(m->cx, e->point, e->way, "gate.pass", at, err);
    return st == VG_ECONFLICT ? VG_OK : st;
}

static vg_status holder_of_badge(vg_cx *cx, gate_entry *e, const char *site, vg_str *ret,
                                 vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT holder, id FROM badge WHERE code = ? AND site = ? AND (?3 = '' OR"
                        " holder = ?3) ORDER BY state = 'issued' DESC, at DESC LIMIT 1",
                        VG_VALS(vg_t(e->shown), vg_z(site), vg_t(e->holder)), &r, err));
    if (vg_rows_next(r)) {
        *ret = vg_str_dup(cx->arena, vg_row_str(r, 0));
        e->badge = vg_str_dup(cx->arena, vg_row_str(r, 1));
    }
    return vg_rows_close(r, err);
}

// Invited since the terminal's snapshot was made.
static vg_status holder_of_invitation(vg_cx *cx, vg_str code, const char *site, vg_str *ret,
                                      vg_err *err)
{
    vg_rows *r;
    char hash[VG_INVITE_TEXT];
    vg_invite_hash(code, hash);
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT holder FROM visit_guest WHERE invite = ? AND site = ? AND holder IS"
                        " NOT NULL",
                        VG_VALS(vg_z(hash), vg_z(site)), &r, err));
    if (vg_rows_next(r)) {
        *ret = vg_str_dup(cx->arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

// As the node would have had it then: the vehicle of that plate, else one of the expected, which becomes a vehicle like
// any that is let through by its plate. A text of a person's lane is a plate only if somebody has it.
static vg_status holder_of_plate(merging *m, const gate_entry *e, const gate_at *at,
                                 gate_stranger *who, vg_str *ret, vg_err *err)
{
    vg_rows *r;
    vg_plate plate;
    if (vg_plate_parse(e->shown, &plate, NULL) != VG_OK) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(m->cx->db,
                        "SELECT h.id FROM gate_card c JOIN gate_holder h ON h.id = c.holder WHERE"
                        " c.find = ? AND h.kind = 'vehicle' AND h.state = 'active' AND h.site = ?"
                        " ORDER BY COALESCE(h.class, '') IN ('" VG_VEHICLE_UNKNOWN
                        "', '" VG_VEHICLE_EXPECTED "'), h.at DESC, h.id LIMIT 1",
                        VG_VALS(vg_z(plate.key), vg_z(at->site)), &r, err));
    if (vg_rows_next(r)) {
        *ret = vg_str_dup(m->cx->arena, vg_row_str(r, 0));
    }
    VG_TRY(vg_rows_close(r, err));
    if (ret->n) {
        return VG_OK;
    }
    const int64_t moved_us = moved_of(m, e);
    VG_TRY(vg_rows_open(m->cx->db,
                        "SELECT v.plate FROM vehicle_plate v JOIN vehicle_expected x ON x.id ="
                        " v.expected WHERE v.find = ?1 AND x.site = ?2 AND x.state = 'expected' AND"
                        " ?3 BETWEEN x.starts - ?4 AND x.ends + ?4 ORDER BY x.starts, x.id LIMIT 1",
                        VG_VALS(vg_z(plate.key), vg_z(at->site), vg_i(moved_us), vg_i(LEEWAY_US)),
                        &r, err));
    who->expected = vg_rows_next(r);
    if (who->expected) {
        who->name = vg_str_dup(m->cx->arena, vg_row_str(r, 0));
    }
    who->vehicle = who->expected || (plate.classes && !vg_str_eqc(at->lane, "person"));
    return vg_rows_close(r, err);
}

static vg_status holder_of_paper(merging *m, const vg_paper *paper, const char *site,
                                 int64_t moved_us, vg_str *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(m->cx->db,
                        "SELECT h.id FROM gate_card c JOIN gate_holder h ON h.id = c.holder WHERE"
                        " c.doc_key = ?1 AND h.site = ?2 AND h.state = 'active' ORDER BY EXISTS"
                        " (SELECT 1 FROM visit_guest g JOIN visit v ON v.id = g.visit WHERE"
                        " g.holder = h.id AND v.site = ?2 AND v.state IN ('approved', 'arrived')"
                        " AND v.ends > ?3) DESC, h.at DESC, h.id LIMIT 1",
                        VG_VALS(vg_paper_val(paper), vg_z(site), vg_i(moved_us)), &r, err));
    if (vg_rows_next(r)) {
        *ret = vg_str_dup(m->cx->arena, vg_row_str(r, 0));
    }
    return vg_rows_close(r, err);
}

// What the entry says of him; a paper that cannot be read is a name like any other text.
static void stranger_of(merging *m, const gate_entry *e, vg_paper *paper, gate_stranger *ret)
{
    vg_scan scan;
    *ret = (gate_stranger){.name = e->shown};
    if (!e->paper.n || vg_scan_read(m->cx->arena, e->paper, &scan, NULL) != VG_OK ||
        vg_paper_of(m->cx, scan.number, paper, NULL) != VG_OK) {
        return;
    }
    ret->name = scan.name.n ? scan.name : vg_str_f(m->cx->arena, "…%s", paper->last);
    ret->doc_kind = scan.kind ? vg_str_c(scan.kind) : (vg_str){0};
    ret->born = scan.born;
    ret->paper = paper;
}

// Whom the terminal meant; h->id NULL: it cannot be known here.
static vg_status holder_of(merging *m, gate_entry *e, const gate_at *at, gate_stranger *who,
                           gate_holder *h, vg_err *err)
{
    vg_str id = e->holder;
    *h = (gate_holder){0};
    if (e->shown.n) {
        VG_TRY(holder_of_badge(m->cx, e, at->site, &id, err));
    }
    if (!id.n && e->shown.n) {
        VG_TRY(holder_of_invitation(m->cx, e->shown, at->site, &id, err));
    }
    if (!id.n && who->paper) {
        VG_TRY(holder_of_paper(m, who->paper, at->site, moved_of(m, e), &id, err));
    }
    if (!id.n && !who->paper && e->shown.n) {
        VG_TRY(holder_of_plate(m, e, at, who, &id, err));
    }
    const vg_status st = id.n ? gate_holder_here(m->cx, at, id, h, err) : VG_OK;
    if (st == VG_ENOTFOUND) {
        *h = (gate_holder){0};
        return VG_OK;
    }
    return st;
}

static void body_of(merging *m, const gate_entry *e, const gate_at *at, const gate_holder *h)
{
    vg_jw *w = vg_body(m->cx);
    vg_jw_kz(w, "way", gate_ways[e->way]);
    vg_jw_kstr(w, "advice", e->advice);
    vg_jw_kraw(w, "reasons", e->reasons);
    if (e->why.n) {
        vg_jw_kstr(w, "why", e->why);
    }
    if (e->badge.n) {
        vg_jw_kstr(w, "badge", e->badge);
    }
    vg_jw_kz(w, "holder", h->id);
    vg_jw_kz(w, "point", at->id);
    vg_jw_kz(w, "terminal", m->t.id);
    vg_jw_ki64(w, "terminal_seq", e->seq);
    vg_jw_ki64(w, "told", e->told_us);
    vg_jw_ki64(w, "moved", moved_of(m, e));
    if (e->by.n) {
        vg_jw_kstr(w, "by", e->by);
    }
}

static vg_status say_entry(merging *m, const gate_entry *e, const gate_at *at, const gate_holder *h,
                           char ret_id[VG_ID_TEXT], vg_err *err)
{
    vg_cx *cx = m->cx;
    const bool passed = vg_str_eqc(e->act, "pass");
    vg_new_id(cx, ret_id);
    body_of(m, e, at, h);
    if (passed) {
        vg_jw_kstr(&cx->body, "holder_kind", h->kind);
        if (h->class.n) {
            vg_jw_kstr(&cx->body, "class", h->class);
        }
        if (*at->from) {
            vg_jw_kz(&cx->body, "from", at->from);
        }
        if (*at->to) {
            vg_jw_kz(&cx->body, "to", at->to);
        }
        vg_jw_ki64(&cx->body, "again", at->again_us);
    }
    return vg_emit(cx,
                   &(vg_draft){.kind = passed ? "gate.passed" : "gate.refused",
                               .site = at->site,
                               .subject = ret_id,
                               .label = at->label,
                               .captured_us = moved_of(m, e)},
                   NULL, err);
}

// The guard who decided is named by the terminal; one that the node does not know is left out.
static vg_status check_by(merging *m, gate_entry *e, vg_err *err)
{
    int64_t there = 0;
    VG_TRY(vg_one_i64(m->cx->db, "SELECT 1 FROM user_account WHERE id = ?", VG_VALS(vg_t(e->by)), 0,
                      &there, err));
    if (!there) {
        e->by = (vg_str){"", 0};
    }
    return VG_OK;
}

// The terminal let somebody through without having asked about an entry that he may be.
static vg_status look_again(merging *m, const gate_entry *e, const gate_at *at,
                            const gate_holder *h, const char *passage, vg_err *err)
{
    gate_advice a;
    if (e->asked_ban || !vg_str_eqc(e->act, "pass")) {
        return VG_OK;
    }
    VG_TRY(gate_look_again(m->cx, at, h, e->paper, &a, err));
    if (!a.n_bans) {
        return VG_OK;
    }
    bool said;
    VG_TRY(gate_say_missed(m->cx, at, &a, passage, &said, err));
    m->missed += said;
    return VG_OK;
}

static vg_status take(merging *m, gate_entry *e, vg_err *err)
{
    gate_at at;
    gate_holder h;
    vg_paper paper;
    gate_stranger who;
    char id[VG_ID_TEXT];
    const vg_status st = point_of(m, e, &at, err);
    if (st == VG_ENOTFOUND || st == VG_EDENIED) {  // no point of this terminal's site
        m->skipped++;
        return VG_OK;
    }
    VG_TRY(st);
    VG_TRY(check_by(m, e, err));
    stranger_of(m, e, &paper, &who);
    VG_TRY(holder_of(m, e, &at, &who, &h, err));
    if (!h.id && vg_str_eqc(e->act, "pass")) {
        VG_TRY(gate_holder_unknown(m->cx, &at, &who, &h, err));
        m->unknown += !who.expected;
    }
    m->merged++;
    VG_TRY(say_entry(m, e, &at, &h, id, err));
    return look_again(m, e, &at, &h, id, err);
}

// --- the queue --------------------------------------------------------------------------------------
static vg_status say_broken(merging *m, const char *kind, int64_t n, vg_err *err)
{
    if (!n) {
        return VG_OK;
    }
    vg_body(m->cx);
    vg_jw_ki64(&m->cx->body, "n", n);
    return vg_say(m->cx, &(vg_saying){kind, m->t.site, m->t.id, m->t.label}, err);
}

static vg_status say_links(merging *m, const bool *fresh, vg_err *err)
{
    vg_jw *w = vg_body(m->cx);
    vg_jw_ki64(w, "offset", m->offset_us);
    vg_jw_key(w, "links");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < m->n; i++) {
        if (fresh[i]) {
            vg_jw_open(w, '[');
            vg_jw_i64(w, m->v[i].seq);
            vg_jw_str(w, vg_str_c(m->v[i].hash));
            vg_jw_close(w, ']');
        }
    }
    vg_jw_close(w, ']');
    return vg_say(m->cx, &(vg_saying){"gate.queue_merged", m->t.site, m->t.id, m->t.label}, err);
}

static void answer(const merging *m)
{
    vg_jw *w = &m->cx->reply;
    vg_jw_ki64(w, "merged", m->merged);
    vg_jw_ki64(w, "again", m->again);
    vg_jw_ki64(w, "unknown", m->unknown);
    vg_jw_ki64(w, "skipped", m->skipped);
    vg_jw_ki64(w, "forks", m->forks);
    vg_jw_ki64(w, "gaps", m->gaps);
    vg_jw_ki64(w, "missed", m->missed);
    vg_jw_ki64(w, "offset", m->offset_us);
}

VG_HANDLER(gate_merge)
{
    merging m = {.cx = cx,
                 .offset_us = cx->now_us - vg_arg_i64(args, "told", 0),
                 .mono_us = vg_arg_i64(args, "mono", 0),
                 .run = vg_arg_str(args, "run")};
    bool fresh[GATE_MERGE_MAX] = {false};
    VG_TRY(gate_terminal_at(cx, &m.t, err));
    VG_TRY(read_all(&m, vg_arg_str(args, "entries"), err));
    for (size_t i = 0; i < m.n; i++) {
        known k;
        VG_TRY(known_of(&m, i, &k, err));
        fresh[i] = !k.same;
        m.again += k.same;
        m.forks += !k.same && k.number;
        m.gaps += !k.same && !k.number && !k.before;
        if (!k.same) {
            VG_TRY(take(&m, &m.v[i], err));
        }
    }
    if (m.n > (size_t)m.again) {
        VG_TRY(say_links(&m, fresh, err));
    }
    VG_TRY(say_broken(&m, "gate.queue_fork", m.forks, err));
    VG_TRY(say_broken(&m, "gate.queue_gap", m.gaps + m.skipped, err));
    answer(&m);
    return VG_OK;
}

// --- who it was -------------------------------------------------------------------------------------
const vg_field gate_resolve_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"holder", VG_F_ID, VG_REQUIRED},
    {NULL},
};

VG_HANDLER(gate_resolve)
{
    gate_holder was, is;
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "id"), &was, err));
    VG_TRY(vg_require_own(cx, "gate.badge", vg_str_z(cx->arena, was.site), was.agency, err));
    VG_TRY(gate_holder_at(cx, vg_arg_str(args, "holder"), &is, err));
    if (!vg_str_eqc(was.class, GATE_UNKNOWN) || !vg_str_eqc(was.state, "active") ||
        !vg_str_eq(was.site, is.site) || strcmp(was.id, is.id) == 0) {
        return vg_fail(err, VG_ECONFLICT, "holder", "gate.not_unknown", "%s", "");
    }
    int64_t entered_us = 0, moved_us = 0;
    VG_TRY(vg_one_i64(cx->db, "SELECT max(moved) FROM passage WHERE holder = ? AND kind = 'move'",
                      VG_VALS(vg_z(was.id)), 0, &moved_us, err));
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT max(moved) FROM passage WHERE holder = ? AND kind = 'move' AND"
                      " from_area IS NULL AND to_area IS NOT NULL",
                      VG_VALS(vg_z(was.id)), 0, &entered_us, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "holder", is.id);
    vg_jw_kstr(&cx->body, "holder_kind", is.kind);
    vg_jw_ki64(&cx->body, "moved", moved_us);      // when he last passed as somebody unknown
    vg_jw_ki64(&cx->body, "entered", entered_us);  // and when he last came in; 0: he did not
    vg_jw_kz(&cx->reply, "id", is.id);
    return vg_say(
        cx, &(vg_saying){"gate.holder_resolved", vg_str_z(cx->arena, was.site), was.id, was.label},
        err);
}

VG_FOLDER(gate_on_resolved)
{
    VG_TRY(vg_put(ap, e, "UPDATE passage SET holder = ?, holder_kind = ? WHERE holder = ?",
                  "holder holder_kind @subject", err));
    VG_TRY(vg_put(ap, e, "UPDATE refusal SET holder = ? WHERE holder = ?", "holder @subject", err));
    VG_TRY(vg_put(ap, e, "UPDATE gate_holder SET state = 'ended', changed_at = ? WHERE id = ?",
                  "@at @subject", err));
    const vg_str holder = vg_js_str(ap->arena, e->body, "holder");
    VG_TRY(gate_work_out_all(ap, e->subject, err));
    VG_TRY(gate_watch_clash(ap, e->subject, INT64_MIN, err));
    VG_TRY(gate_work_out_all(ap, holder, err));
    VG_TRY(gate_watch_clash(ap, holder, INT64_MIN, err));
    return gate_watch_alone(ap, e, err);
}
