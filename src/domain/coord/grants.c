// SPDX-License-Identifier: Apache-2.0
// Clauses in force and openings as grants: intervals, so that a moment can be asked about that is not now. The giver's
// copy is the one that counts. A posture's clause is open as long as the posture is, prolonged with it and shut with it
// at the commit that steps down; what opening.c journals of it follows.
#include "domain/coord/coord.h"

#define NEVER "9223372036854775807"
#define OR_NEVER(x) "COALESCE(NULLIF(" x ", 0), " NEVER ")"
// Of a clause: from when it counts, and the first of what ends it.
#define BEGINS(more) " max(r.valid_from, r.in_force_at, c.starts" more ") AS begins,"
#define ENDS(more)                                                                         \
    " min(" OR_NEVER("r.valid_until") ", " OR_NEVER("c.ends") ", " OR_NEVER(               \
        "r.ended_at") ", " OR_NEVER("f.withdrawn_at") ", " OR_NEVER("t.withdrawn_at") more \
        ") AS ends"
// P: the prefix of a scoped reader's views.
#define AGREED(P)                                                                             \
    " FROM " COORD_CLAUSES_AT(P) " JOIN " P                                                   \
                                 "regulation r ON r.id = c.regulation AND r.agency = c.giver" \
                                 " AND r.in_force_at IS NOT NULL JOIN " P                     \
                                 "regulation_party f ON f.regulation = r.id AND"              \
                                 " f.party = c.giver JOIN " P                                 \
                                 "regulation_party t ON t.regulation = r.id AND t.party = c.taker"
// One opening of a posture is kept a clause; sealed by its giver's hand it stays shut for that posture.
#define POSTURES(P)                                                                          \
    " JOIN " P "posture_period p ON " COORD_POSTURE_MATCHES " LEFT JOIN " P "opening o ON"   \
    " o.posture = p.id AND o.document = r.document AND o.n = c.n AND o.agency = c.giver AND" \
    " o.site = " COORD_POSTURE_SITE " AND o.sealed_why = 'giver'"
#define ALWAYS_OPEN(P)                                                                      \
    "SELECT c.giver, c.taker, " COORD_SITE " AS site, c.compartment, c.ceiling," BEGINS("") \
        ENDS("") AGREED(P) " WHERE c.condition IN ('always', 'period') UNION ALL "
#define POSTURE_ENDS ", p.ends, " OR_NEVER("p.ended_at") ", " OR_NEVER("o.sealed_at")
#define POSTURE_OPENS(P)                                                            \
    "SELECT c.giver, c.taker, " COORD_POSTURE_SITE                                  \
    ", c.compartment, c.ceiling," BEGINS(", p.starts") ENDS(POSTURE_ENDS) AGREED(P) \
        POSTURES(P) " WHERE c.condition = 'posture' UNION ALL "
#define INCIDENT_OPENED(P)                                                               \
    "SELECT o.giver, o.taker, o.site, o.compartment, o.ceiling, o.at,"                   \
    " COALESCE(min(o.until, o.sealed_at), o.until) FROM " P "opening o WHERE o.agency =" \
    " o.giver AND o.posture = ''"
#define GRANTS(P)                                                                         \
    "SELECT giver, taker, site, compartment, ceiling, begins, ends FROM (" ALWAYS_OPEN(P) \
        POSTURE_OPENS(P) INCIDENT_OPENED(P) ") WHERE ends > ? AND ends > begins"

static bool compartment_of(vg_str name, uint8_t *ret)
{
    static const struct {
        const char *name;
        vg_compartment c;
    } all[] = {{"force", VG_C_FORCE},
               {"means", VG_C_MEANS},
               {"measures", VG_C_MEASURES},
               {"vulnerability", VG_C_VULNERABILITY},
               {"movement", VG_C_MOVEMENT}};
    for (size_t i = 0; i < VG_LEN(all); i++) {
        if (vg_str_eqc(name, all[i].name)) {
            *ret = (uint8_t)all[i].c;
            return true;
        }
    }
    return false;
}

static bool read_grant(vg_rows *r, vg_grant *g)
{
    *g = (vg_grant){.ceiling = (uint8_t)vg_row_i64(r, 4),
                    .from_us = vg_row_i64(r, 5),
                    .until_us = vg_row_i64(r, 6)};
    g->until_us = g->until_us == INT64_MAX ? 0 : g->until_us;
    snprintf(g->from, sizeof g->from, "%.*s", VG_FMT(vg_row_str(r, 0)));
    snprintf(g->to, sizeof g->to, "%.*s", VG_FMT(vg_row_str(r, 1)));
    snprintf(g->site, sizeof g->site, "%.*s", VG_FMT(vg_row_str(r, 2)));
    return compartment_of(vg_row_str(r, 3), &g->compartment);
}

static vg_status load(vg_db *db, vg_arena *a, const char *sql, int64_t since_us, vg_grant **ret,
                      size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    size_t cap = 64, n = 0;
    vg_grant *v = vg_arena_get(a, cap * sizeof *v);
    VG_TRY(vg_rows_open(db, sql, VG_VALS(vg_i(since_us)), &r, err));
    while (v && vg_rows_next(r)) {
        if (n == cap) {
            vg_grant *more = vg_arena_get(a, 2 * cap * sizeof *more);
            if (more) {
                memcpy(more, v, n * sizeof *v);
            }
            v = more;
            cap *= 2;
        }
        if (v && read_grant(r, &v[n])) {
            n++;
        }
    }
    VG_TRY(vg_rows_close(r, err));
    *ret = v;
    *ret_n = n;
    return v ? VG_OK : vg_fail(err, VG_ETOOBIG, "", NULL, "grants");
}

vg_status coord_load_grants(vg_db *db, vg_arena *a, int64_t since_us, vg_grant **ret, size_t *n,
                            vg_err *err)
{
    return load(db, a, GRANTS(""), since_us, ret, n, err);
}

vg_status coord_grants_seen(vg_db *db, vg_arena *a, int64_t since_us, vg_grant **ret, size_t *n,
                            vg_err *err)
{
    return load(db, a, GRANTS("v_"), since_us, ret, n, err);
}
