// SPDX-License-Identifier: Apache-2.0
// What a declared incident opens, for a time: each clause in force on that situation and site makes one opening, told
// to giver and taker alike. It is sealed when the incident is closed, when its time is over, when the giver withdraws,
// or when the giver seals it by hand; whichever comes first. An incident that is opened again opens anew.
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

enum { OPENINGS_MAX = 400 };

typedef struct opening {
    struct opening *next;
    const char *document, *giver, *taker, *compartment, *site;
    int64_t n, ceiling, minutes;
} opening;

// The givers' copies say what is given; one that withdrew gives nothing, and to one that withdrew nothing is given.
static const char CLAUSES[] =
    "SELECT r.document, c.giver, c.taker, c.compartment, i.site, c.n, c.ceiling, c.minutes"
    " FROM incident i JOIN clause c ON c.condition = 'incident' AND c.situation = i.situation"
    " AND c.site IN ('', i.site)"
    " JOIN regulation r ON r.id = c.regulation AND r.agency = c.giver AND r.state = 'in_force'"
    " AND r.valid_from <= ?2 AND r.valid_until > ?2"
    " WHERE i.id = ?1 AND i.state = 'open' AND i.world = 0 AND NOT EXISTS (SELECT 1 FROM"
    " regulation_party p WHERE p.regulation = r.id AND p.party IN (c.giver, c.taker) AND p.state <>"
    " 'agreed') AND NOT EXISTS (SELECT 1 FROM opening o WHERE o.incident = i.id AND o.document ="
    " r.document AND o.n = c.n AND o.sealed_at IS NULL) ORDER BY r.document, c.n";

static vg_status clauses_for(vg_cx *cx, vg_str incident, opening **ret, vg_err *err)
{
    vg_rows *r;
    opening **tail = ret;
    *ret = NULL;
    VG_TRY(vg_rows_open(cx->db, CLAUSES, VG_VALS(vg_t(incident), vg_i(cx->now_us)), &r, err));
    for (size_t i = 0; i < OPENINGS_MAX && vg_rows_next(r); i++) {
        opening *o = vg_arena_get(cx->arena, sizeof *o);
        if (!o) {
            break;
        }
        const char *z[5];
        for (int k = 0; k < 5; k++) {
            z[k] = vg_str_z(cx->arena, vg_row_str(r, k));
        }
        *o = (opening){NULL,
                       z[0],
                       z[1],
                       z[2],
                       z[3],
                       z[4],
                       vg_row_i64(r, 5),
                       vg_row_i64(r, 6),
                       vg_row_i64(r, 7)};
        *tail = o;
        tail = &o->next;
    }
    return vg_rows_close(r, err);
}

typedef struct cause {
    vg_str incident, number;
} cause;

static vg_status tell_opened(vg_cx *cx, const opening *o, const cause *why, const char *same,
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
    vg_jw_kstr(&cx->body, "incident", why->incident);
    vg_jw_kstr(&cx->body, "incident_number", why->number);
    vg_jw_ki64(&cx->body, "until", cx->now_us + o->minutes * 60 * 1000000);
    return vg_say(cx, &(vg_saying){"coord.opened", o->site, id, label}, err);
}

VG_HANDLER(coord_open_for)
{
    opening *list;
    cause why = {vg_arg_str(args, "incident"), {"", 0}};
    VG_TRY(
        vg_look(cx, "SELECT number FROM incident WHERE id = ?", why.incident, &why.number, 1, err));
    VG_TRY(clauses_for(cx, why.incident, &list, err));
    for (const opening *o = list; o; o = o->next) {
        char same[VG_ID_TEXT];
        vg_new_id(cx, same);
        VG_TRY(tell_opened(cx, o, &why, same, o->giver, err));
        VG_TRY(tell_opened(cx, o, &why, same, o->taker, err));
    }
    return VG_OK;
}

VG_FOLDER(coord_on_opened)
{
    VG_TRY(
        vg_put(ap, e,
               "INSERT INTO opening (id, opening, document, n, agency, giver, taker, compartment,"
               " site, ceiling, incident, incident_number, until, at, label, world)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               "@subject opening document n agency giver taker compartment where ceiling incident"
               " incident_number until @at @label @world",
               err));
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
