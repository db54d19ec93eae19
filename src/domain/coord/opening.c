// SPDX-License-Identifier: Apache-2.0
// What a declared incident or a posture opens, for a time: each clause in force on it makes one opening, told to giver
// and taker alike. It is sealed when the incident is closed or the posture ends, when its time is over, when the giver
// withdraws, or when the giver seals it by hand; whichever comes first. An incident that is opened again opens anew,
// but not what its giver sealed by hand: the taker may be who closes and reopens. A posture opens a clause once, and
// its end moves with the posture's (grants.c).
#include "domain/coord/coord.h"

const vg_field coord_incident_fields[] = {
    {"incident", VG_F_ID, VG_REQUIRED},
    {NULL},
};
const vg_field coord_seal_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

const vg_field coord_posture_fields[] = {{"posture", VG_F_ID}, {NULL}};

enum { OPENINGS_MAX = 400 };

typedef struct opening {
    struct opening *next;
    const char *document, *giver, *taker, *compartment, *site;
    const char *cause, *name,
        *event;  // an incident and its number; or a posture, its level and event
    int64_t n, ceiling, until;
} opening;

// The givers' copies say what is given; one that withdrew gives nothing, and to one that withdrew nothing is given.
#define IN_FORCE                                                                                \
    " JOIN regulation r ON r.id = c.regulation AND r.agency = c.giver AND r.state = 'in_force'" \
    " AND r.valid_from <= ?2 AND r.valid_until > ?2"
#define ALL_AGREED                                                                               \
    " AND NOT EXISTS (SELECT 1 FROM regulation_party q WHERE q.regulation = r.id AND q.party IN" \
    " (c.giver, c.taker) AND q.state <> 'agreed') AND NOT EXISTS (SELECT 1 FROM opening o WHERE" \
    " o.document = r.document AND o.n = c.n AND "

static const char OF_INCIDENT[] =
    "SELECT r.document, c.giver, c.taker, c.compartment, i.site, i.id, i.number, '', c.n,"
    " c.ceiling, ?2 + c.minutes * 60000000 FROM " COORD_CLAUSES_AT(
        "") " JOIN incident i ON c.condition = 'incident' AND c.situation = i.situation "
            "AND " COORD_SITE " IN ('', i.site)" IN_FORCE
            " WHERE i.id = ?1 AND i.state = 'open' AND i.world = 0" ALL_AGREED
            "o.incident = i.id AND (o.sealed_at IS NULL OR o.sealed_why = 'giver')) ORDER BY "
            "r.document, c.n";

static const char OF_POSTURES[] =
    "SELECT r.document, c.giver, c.taker, c.compartment, " COORD_POSTURE_SITE
    " AS site, p.id, p.level, p.event, c.n, c.ceiling, p.ends FROM " COORD_CLAUSES_AT(
        "") " JOIN posture_period p ON c.condition = 'posture' AND " COORD_POSTURE_MATCHES IN_FORCE
            " WHERE ?1 = '' AND p.state = 'in_force' AND p.ends > ?2" ALL_AGREED
            "o.posture = p.id) ORDER BY p.at, p.id, r.document, c.n, site";

static vg_status read_openings(vg_cx *cx, const char *sql, vg_str cause, opening **ret, vg_err *err)
{
    vg_rows *r;
    opening **tail = ret;
    *ret = NULL;
    VG_TRY(vg_rows_open(cx->db, sql, VG_VALS(vg_t(cause), vg_i(cx->now_us)), &r, err));
    for (size_t i = 0; i < OPENINGS_MAX && vg_rows_next(r); i++) {
        opening *o = vg_arena_get(cx->arena, sizeof *o);
        if (!o) {
            break;
        }
        const char *z[8];
        for (int k = 0; k < 8; k++) {
            z[k] = vg_str_z(cx->arena, vg_row_str(r, k));
        }
        *o = (opening){NULL,
                       z[0],
                       z[1],
                       z[2],
                       z[3],
                       z[4],
                       z[5],
                       z[6],
                       z[7],
                       vg_row_i64(r, 8),
                       vg_row_i64(r, 9),
                       vg_row_i64(r, 10)};
        *tail = o;
        tail = &o->next;
    }
    return vg_rows_close(r, err);
}

static vg_status tell_opened(vg_cx *cx, const opening *o, bool posture, const char *same,
                             const char *agency, vg_err *err)
{
    char id[VG_ID_TEXT];
    int32_t label = 0;
    VG_TRY(vg_label_of(cx, agency, VG_C_COORD, o->site, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "opening", same);
    vg_jw_kz(&cx->body, "document", o->document);
    vg_jw_ki64(&cx->body, "n", o->n);
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_kz(&cx->body, "giver", o->giver);
    vg_jw_kz(&cx->body, "taker", o->taker);
    vg_jw_kz(&cx->body, "compartment", o->compartment);
    vg_jw_kz(&cx->body, "where", o->site);
    vg_jw_ki64(&cx->body, "ceiling", o->ceiling);
    vg_jw_kz(&cx->body, "incident", posture ? "" : o->cause);
    vg_jw_kz(&cx->body, "incident_number", posture ? "" : o->name);
    if (posture) {
        vg_jw_kz(&cx->body, "posture", o->cause);
        vg_jw_kz(&cx->body, "posture_level", o->name);
        vg_jw_kz(&cx->body, "event", o->event);
    }
    vg_jw_ki64(&cx->body, "until", o->until);
    return vg_say(cx, &(vg_saying){"coord.opened", o->site, id, label}, err);
}

static vg_status open_each(vg_cx *cx, const char *sql, vg_str incident, vg_err *err)
{
    opening *list;
    VG_TRY(read_openings(cx, sql, incident, &list, err));
    for (const opening *o = list; o; o = o->next) {
        char same[VG_ID_TEXT];
        vg_new_id(cx, same);
        VG_TRY(tell_opened(cx, o, !incident.n, same, o->giver, err));
        VG_TRY(tell_opened(cx, o, !incident.n, same, o->taker, err));
    }
    return VG_OK;
}

VG_HANDLER(coord_open_for)
{
    return open_each(cx, OF_INCIDENT, vg_arg_str(args, "incident"), err);
}

// Whatever is due: after a posture began or moved, and after a regulation came into force while one lasts.
VG_HANDLER(coord_open_postures)
{
    (void)args;
    return open_each(cx, OF_POSTURES, (vg_str){"", 0}, err);
}

VG_FOLDER(coord_on_opened)
{
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO opening (id, opening, document, n, agency, giver, taker, compartment,"
        " site, ceiling, incident, incident_number, posture, posture_level, event, until, at,"
        " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?, ''),"
        " COALESCE(?, ''), COALESCE(?, ''), ?, ?, ?, ?)",
        "@subject opening document n agency giver taker compartment where ceiling incident"
        " incident_number posture posture_level event until @at @label @world",
        err));
    if (vg_js_str(ap->arena, e->body, "posture").n) {
        return VG_OK;  // ends when the posture does
    }
    return vg_deadline_set(ap, "coord.opening", vg_str_z(ap->arena, e->subject),
                           vg_str_z(ap->arena, e->site), vg_js_i64(e->body, "until", 0), err);
}

// --- sealing ------------------------------------------------------------------------------------
typedef struct seal {
    const char *why, *reason;
} seal;

typedef struct copies {
    vg_saying v[2 * OPENINGS_MAX];
    size_t n;
} copies;

// Open copies that sql (with its parameters) finds, as many as there is room for. It selects id, site, label.
static vg_status find_open(vg_cx *cx, const char *sql, const vg_val *v, size_t n, copies *ret,
                           vg_err *err)
{
    vg_rows *r;
    ret->n = 0;
    VG_TRY(vg_rows_open(cx->db, sql, v, n, &r, err));
    while (ret->n < VG_LEN(ret->v) && vg_rows_next(r)) {
        ret->v[ret->n++] =
            (vg_saying){"coord.sealed", vg_str_z(cx->arena, vg_row_str(r, 1)),
                        vg_str_z(cx->arena, vg_row_str(r, 0)), (int32_t)vg_row_i64(r, 2)};
    }
    return vg_rows_close(r, err);
}

// Until none is left: what was sealed is not found again.
static vg_status seal_each(vg_cx *cx, const char *sql, const vg_val *v, size_t n, const seal *s,
                           vg_err *err)
{
    copies list;
    do {
        VG_TRY(find_open(cx, sql, v, n, &list, err));
        for (size_t i = 0; i < list.n; i++) {
            vg_body(cx);
            vg_jw_kz(&cx->body, "why", s->why);
            vg_jw_kz(&cx->body, "reason", s->reason);
            vg_jw_kz(&cx->body, "by", cx->who->user);
            VG_TRY(vg_say(cx, &list.v[i], err));
        }
    } while (list.n == VG_LEN(list.v));
    return VG_OK;
}

#define OPEN "SELECT id, site, label FROM opening WHERE sealed_at IS NULL AND "

VG_HANDLER(coord_seal_for)
{
    return seal_each(cx, OPEN "incident = ?", VG_VALS(vg_t(vg_arg_str(args, "incident"))),
                     &(seal){"incident_closed", NULL}, err);
}

VG_HANDLER(coord_seal_posture)
{
    return seal_each(cx, OPEN "posture = ?", VG_VALS(vg_t(vg_arg_str(args, "posture"))),
                     &(seal){"posture_over", NULL}, err);
}

vg_status coord_seal_of_term(vg_cx *cx, const coord_copy *c, vg_err *err)
{
    return seal_each(cx, OPEN "document = ? AND agency = ? AND posture <> ''",
                     VG_VALS(vg_z(c->document), vg_z(c->agency)), &(seal){"term", NULL}, err);
}

vg_status coord_seal_of_party(vg_cx *cx, const char *document, const char *party, vg_err *err)
{
    return seal_each(cx, OPEN "document = ? AND ? IN (giver, taker)",
                     VG_VALS(vg_z(document), vg_z(party)), &(seal){"withdrawn", NULL}, err);
}

VG_HANDLER(coord_seal)
{
    vg_str c[3];
    VG_TRY(vg_look(cx, "SELECT opening, giver, label FROM opening WHERE id = ?",
                   vg_arg_str(args, "id"), c, 3, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[2]), "id", err));
    if (*cx->who->agency && !vg_str_eqc(c[1], cx->who->agency)) {
        return vg_fail(err, VG_EDENIED, "id", "coord.not_giver", "%s", "");
    }
    vg_jw_kstr(&cx->reply, "id", vg_arg_str(args, "id"));
    return seal_each(cx, OPEN "opening = ?", VG_VALS(vg_t(c[0])),
                     &(seal){"giver", vg_str_z(cx->arena, vg_arg_str(args, "reason"))}, err);
}

VG_HANDLER(coord_opening_over)
{
    return seal_each(cx, OPEN "id = ?", VG_VALS(vg_t(vg_arg_str(args, "id"))),
                     &(seal){"time", NULL}, err);
}

VG_FOLDER(coord_on_sealed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE opening SET sealed_at = ?, sealed_why = ?, sealed_by = NULLIF(?, ''),"
                  " reason = ? WHERE id = ?",
                  "@at why by reason @subject", err));
    return vg_deadline_clear(ap, "coord.opening", vg_str_z(ap->arena, e->subject), err);
}
