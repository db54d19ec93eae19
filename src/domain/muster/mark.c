// SPDX-License-Identifier: Apache-2.0
// What is told of one on the list: safe, unsafe, not here, excluded. A mark is a fact with the moment it was made,
// which may be long before it arrives: a marshal's telephone keeps its marks while it reaches nobody. The last one by
// that moment holds, whatever came when; of two of one moment the graver one. The same told twice is once. Whoever is
// not on the list is put on it, by his badge or by name; nobody is taken off. A tap of a badge counts in every
// evacuation of the site that lists him. Nothing is refused because the evacuation is over: it is flagged.
#include "domain/muster/muster.h"

static const char *const states[] = {"safe", "unsafe", "not_here", NULL};

#define WHEN              \
    {"at", VG_F_TIME},    \
    {                     \
        "told", VG_F_TIME \
    }

const vg_field muster_mark_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"person", VG_F_ID},
    {"badge", VG_F_TEXT, .max = 64},
    {"key", VG_F_TEXT, .max = 40},
    {"name", VG_F_TEXT, .max = 80},
    {"note", VG_F_TEXT, .max = 200},
    {"state", VG_F_ENUM, VG_REQUIRED, .values = states},
    {"point", VG_F_ID},
    {"why", VG_F_TEXT, .max = 200},
    WHEN,
    {NULL},
};
const vg_field muster_exclude_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"why", VG_F_TEXT, VG_REQUIRED, .max = 200},
    WHEN,
    {NULL},
};
const vg_field muster_forget_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {NULL}};

enum { AT_ONCE = 32 };  // evacuations of one site in which a tap counts

// --- one mark -------------------------------------------------------------------------------------
typedef struct mark {
    const char *person;
    vg_str state, point, why;
    int64_t marked_us, told_us;
} mark;

// A clock that runs ahead tells of now.
static mark mark_of(vg_cx *cx, const vg_args *args, const char *person, vg_str state, vg_str point)
{
    const int64_t at = vg_arg_i64(args, "at", cx->now_us);
    return (mark){.person = person,
                  .state = state,
                  .point = point,
                  .why = vg_arg_str(args, "why"),
                  .marked_us = at < cx->now_us ? at : cx->now_us,
                  .told_us = vg_arg_i64(args, "told", 0)};
}

static vg_status told_before(vg_cx *cx, const mark *k, bool *ret, vg_err *err)
{
    int64_t n = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM muster_mark WHERE person = ? AND marked = ? AND state = ? AND"
                      " COALESCE(point, '') = ?",
                      VG_VALS(vg_z(k->person), vg_i(k->marked_us), vg_t(k->state), vg_t(k->point)),
                      0, &n, err));
    *ret = n != 0;
    return VG_OK;
}

static vg_status say_mark(vg_cx *cx, const muster *m, const mark *k, vg_err *err)
{
    bool again;
    char id[VG_ID_TEXT];
    VG_TRY(told_before(cx, k, &again, err));
    if (again) {
        return VG_OK;
    }
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "muster", m->id);
    vg_jw_kz(&cx->body, "person", k->person);
    vg_jw_kstr(&cx->body, "state", k->state);
    vg_jw_ki64(&cx->body, "marked", k->marked_us);
    if (k->told_us) {
        vg_jw_ki64(&cx->body, "told", k->told_us);
    }
    if (k->point.n) {
        vg_jw_kstr(&cx->body, "point", k->point);
    }
    if (k->why.n) {
        vg_jw_kstr(&cx->body, "why", k->why);
    }
    return vg_emit(cx,
                   &(vg_draft){.kind = "muster.marked",
                               .site = m->site,
                               .subject = id,
                               .label = m->people,
                               .captured_us = k->marked_us},
                   NULL, err);
}

static const char LAST[] =
    "UPDATE muster_person SET (state, state_at, state_point, state_by, state_why, after_end) ="
    " (SELECT k.state, k.marked, k.point, k.by_user, k.why, k.after_end FROM muster_mark k WHERE"
    " k.person = ?1 ORDER BY k.marked DESC, CASE k.state WHEN 'unsafe' THEN 0 WHEN 'not_here' THEN"
    " 1 WHEN 'excluded' THEN 2 ELSE 3 END, k.point, k.why, k.id LIMIT 1), marks = marks + 1"
    " WHERE id = ?1";

VG_FOLDER(muster_on_marked)
{
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO muster_mark (id, site, muster, person, state, marked, told, point, why,"
        " by_user, at, label, world, after_end) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
        " ?11, ?12, ?13, COALESCE((SELECT ?6 > ended_at FROM muster WHERE id = ?3), 0))",
        "@subject @site muster person state marked told point why @actor @at @label @world", err));
    return vg_exec(ap->db, LAST, VG_VALS(vg_t(vg_js_str(ap->arena, e->body, "person"))), err);
}

// --- who is meant ---------------------------------------------------------------------------------
typedef struct newcomer {
    const char *origin;
    vg_str holder, kind, key, name, note;
} newcomer;

static vg_status say_added(vg_cx *cx, const muster *m, const newcomer *x, const char **ret,
                           vg_err *err)
{
    char id[VG_ID_TEXT];
    vg_buf b;
    vg_new_id(cx, id);
    *ret = vg_str_z(cx->arena, vg_str_c(id));
    vg_buf_init(&b, 4096);
    if (x->name.n) {
        VG_TRY(vg_exec(
            cx->db,
            "INSERT INTO muster_name (person, name, note, label, world) VALUES (?, ?,"
            " NULLIF(?, ''), ?, ?)",
            VG_VALS(vg_z(id), vg_t(x->name), vg_t(x->note), vg_i(m->people), vg_i(cx->world)),
            err));
        vg_jw w = vg_jw_on(&b);
        vg_jw_open(&w, '{');
        vg_jw_kstr(&w, "name", x->name);
        vg_jw_kstr(&w, "note", x->note);
        vg_jw_close(&w, '}');
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "muster", m->id);
    vg_jw_kz(&cx->body, "origin", x->origin);
    vg_jw_kstr(&cx->body, "kind", x->kind);
    if (x->holder.n) {
        vg_jw_kstr(&cx->body, "holder", x->holder);
    }
    if (x->key.n) {
        vg_jw_kstr(&cx->body, "key", x->key);
    }
    const vg_status st = vg_emit(cx,
                                 &(vg_draft){.kind = "muster.added",
                                             .site = m->site,
                                             .subject = id,
                                             .label = m->people,
                                             .person = x->name.n ? id : "",
                                             .personal = vg_buf_str(&b)},
                                 NULL, err);
    vg_buf_done(&b);
    return st;
}

VG_FOLDER(muster_on_added)
{
    return vg_put(ap, e,
                  "INSERT INTO muster_person (id, site, muster, holder, kind, origin, key, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site muster holder kind origin key @at @label @world", err);
}

static vg_status find_text(vg_cx *cx, const char *sql, vg_str a, const char *b, const char **ret,
                           vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db, sql, VG_VALS(vg_t(a), vg_z(b)), &r, err));
    *ret = vg_rows_next(r) ? vg_str_z(cx->arena, vg_row_str(r, 0)) : NULL;
    return vg_rows_close(r, err);
}

static vg_status by_id(vg_cx *cx, const muster *m, vg_str id, const char **ret, vg_err *err)
{
    VG_TRY(find_text(cx, "SELECT id FROM muster_person WHERE id = ? AND muster = ?", id, m->id, ret,
                     err));
    return *ret ? VG_OK : vg_fail(err, VG_EINVALID, "person", "muster.not_listed", "%s", "");
}

// key is the telephone's own word for somebody it added while it reached nobody.
static vg_status by_key(vg_cx *cx, const muster *m, const vg_args *args, const char **ret,
                        vg_err *err)
{
    const vg_str key = vg_arg_str(args, "key"), name = vg_str_trim(vg_arg_str(args, "name"));
    VG_TRY(find_text(cx, "SELECT id FROM muster_person WHERE key = ? AND muster = ?", key, m->id,
                     ret, err));
    if (*ret) {
        return VG_OK;
    }
    if (!name.n) {
        return vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
    }
    const newcomer x = {.origin = "added",
                        .kind = VG_S("unlisted"),
                        .key = key,
                        .name = name,
                        .note = vg_arg_str(args, "note")};
    return say_added(cx, m, &x, ret, err);
}

// --- a tap ----------------------------------------------------------------------------------------
// A badge that is lost or returned still tells who stands there.
static vg_status holder_of(vg_cx *cx, vg_str code, const char *site, vg_str *ret_holder,
                           vg_str *ret_kind, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT b.holder, h.kind FROM badge b JOIN gate_holder h ON h.id = b.holder"
                        " WHERE b.code = ? AND b.site = ? ORDER BY b.state = 'issued' DESC, b.at"
                        " DESC LIMIT 1",
                        VG_VALS(vg_t(code), vg_z(site)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        *ret_holder = vg_str_dup(cx->arena, vg_row_str(r, 0));
        *ret_kind = vg_str_dup(cx->arena, vg_row_str(r, 1));
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_EINVALID, "badge", "muster.no_badge", "%s", "");
}

// The other evacuations of the site that are open and list him.
static vg_status tap_others(vg_cx *cx, const muster *m, vg_str holder, const mark *k, vg_err *err)
{
    vg_rows *r;
    struct {
        const char *muster, *person;
    } v[AT_ONCE];
    size_t n = 0;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT m.id, p.id FROM muster m JOIN muster_person p ON p.muster = m.id"
                        " WHERE m.site = ? AND m.state = 'open' AND m.id <> ? AND m.world = ? AND"
                        " p.holder = ? ORDER BY m.id",
                        VG_VALS(vg_z(m->site), vg_z(m->id), vg_i(m->world), vg_t(holder)), &r,
                        err));
    while (n < AT_ONCE && vg_rows_next(r)) {
        v[n].muster = vg_str_z(cx->arena, vg_row_str(r, 0));
        v[n++].person = vg_str_z(cx->arena, vg_row_str(r, 1));
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t i = 0; i < n; i++) {
        muster other = *m;
        mark same = *k;
        other.id = v[i].muster;
        same.person = v[i].person;
        VG_TRY(say_mark(cx, &other, &same, err));
    }
    return VG_OK;
}

static vg_status tap(vg_cx *cx, const muster *m, const vg_args *args, const char **ret, vg_err *err)
{
    newcomer x = {.origin = "tapped"};
    VG_TRY(holder_of(cx, vg_arg_str(args, "badge"), m->site, &x.holder, &x.kind, err));
    VG_TRY(find_text(cx, "SELECT id FROM muster_person WHERE holder = ? AND muster = ?", x.holder,
                     m->id, ret, err));
    if (!*ret) {
        VG_TRY(say_added(cx, m, &x, ret, err));
    }
    const mark k = mark_of(cx, args, *ret, vg_arg_str(args, "state"), vg_arg_str(args, "point"));
    VG_TRY(say_mark(cx, m, &k, err));
    return tap_others(cx, m, x.holder, &k, err);
}

// --- commands -------------------------------------------------------------------------------------
static vg_status point_ok(vg_cx *cx, vg_str point, const char *site, vg_err *err)
{
    const char *id;
    if (!point.n) {
        return VG_OK;
    }
    VG_TRY(find_text(cx, "SELECT id FROM fixture WHERE id = ? AND site = ? AND kind = 'assembly'",
                     point, site, &id, err));
    return id ? VG_OK : vg_fail(err, VG_EINVALID, "point", "gate.not_here", "%s", "");
}

VG_HANDLER(muster_mark)
{
    muster m;
    const char *person;
    VG_TRY(muster_at(cx, vg_arg_str(args, "id"), "muster.mark", &m, err));
    const vg_str id = vg_arg_str(args, "person");
    const bool tapped = vg_arg_has(args, "badge"), named = vg_arg_has(args, "key");
    if ((id.n != 0) + tapped + named != 1) {
        return vg_fail(err, VG_EINVALID, "person", "muster.one_of", "%s", "");
    }
    VG_TRY(point_ok(cx, vg_arg_str(args, "point"), m.site, err));
    if (tapped) {
        VG_TRY(tap(cx, &m, args, &person, err));
    } else {
        VG_TRY(named ? by_key(cx, &m, args, &person, err) : by_id(cx, &m, id, &person, err));
        const mark k =
            mark_of(cx, args, person, vg_arg_str(args, "state"), vg_arg_str(args, "point"));
        VG_TRY(say_mark(cx, &m, &k, err));
    }
    vg_jw_kz(&cx->reply, "id", person);
    return VG_OK;
}

// Whoever must stay (the boiler, the vault) is not waited for: by whoever may declare, with a reason.
VG_HANDLER(muster_exclude)
{
    muster m;
    vg_str c[2];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT muster, label FROM muster_person WHERE id = ?", id, c, 2, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(muster_at(cx, c[0], "muster.declare", &m, err));
    const mark k = mark_of(cx, args, vg_str_z(cx->arena, id), VG_S("excluded"), VG_S(""));
    VG_TRY(say_mark(cx, &m, &k, err));
    vg_jw_kstr(&cx->reply, "id", id);
    return VG_OK;
}

// --- forgotten ------------------------------------------------------------------------------------
// Reaction to core.person_erased: a name that was added by hand.
VG_HANDLER(muster_forget)
{
    vg_str c[3];
    const vg_str id = vg_arg_str(args, "id");
    const vg_status st =
        vg_look(cx,
                "SELECT p.site, p.label FROM muster_name n JOIN muster_person p ON p.id = n.person"
                " WHERE n.person = ?",
                id, c, 2, err);
    if (st != VG_OK) {
        return st == VG_ENOTFOUND ? VG_OK : st;
    }
    VG_TRY(vg_exec(cx->db, "DELETE FROM muster_name WHERE person = ?", VG_VALS(vg_t(id)), err));
    vg_body(cx);
    return vg_say(cx,
                  &(vg_saying){"muster.forgotten", vg_str_z(cx->arena, c[0]),
                               vg_str_z(cx->arena, id), (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(muster_on_forgotten)
{
    return vg_put(ap, e, "UPDATE muster_person SET key = NULL WHERE id = ?", "@subject", err);
}
