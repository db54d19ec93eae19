// SPDX-License-Identifier: Apache-2.0
// Clauses in force and openings as grants: intervals, so that a moment can be asked about that is not now. The giver's
// copy is the one that counts.
#include "domain/coord/coord.h"

#define NEVER "9223372036854775807"
#define OR_NEVER(x) "COALESCE(NULLIF(" x ", 0), " NEVER ")"

// P: the prefix of a scoped reader's views.
#define GRANTS(P)                                                                                                                     \
    "SELECT giver, taker, site, compartment, ceiling, begins, ends FROM ("                                                            \
    "SELECT c.giver, c.taker, c.site, c.compartment, c.ceiling,"                                                                      \
    " max(r.valid_from, r.in_force_at, c.starts) AS begins,"                                                                          \
    " min(" OR_NEVER("r.valid_until") ", " OR_NEVER("c.ends") ", " OR_NEVER(                                                          \
        "r.ended_at") ", " OR_NEVER("f.withdrawn_at") ", " OR_NEVER("t.withdrawn_at") ")"                                             \
                                                                                      " AS ends "                                     \
                                                                                      "FROM " P                                       \
                                                                                      "clause c"                                      \
                                                                                      " JOIN " P                                      \
                                                                                      "regulation"                                    \
                                                                                      " r ON "                                        \
                                                                                      "r.id = "                                       \
                                                                                      "c."                                            \
                                                                                      "regulation"                                    \
                                                                                      " AND "                                         \
                                                                                      "r.agency "                                     \
                                                                                      "= c.giver"                                     \
                                                                                      " AND "                                         \
                                                                                      "r.in_"                                         \
                                                                                      "force_at "                                     \
                                                                                      "IS NOT "                                       \
                                                                                      "NULL"                                          \
                                                                                      " JOIN " P                                      \
                                                                                      "regulation"                                    \
                                                                                      "_party f "                                     \
                                                                                      "ON "                                           \
                                                                                      "f."                                            \
                                                                                      "regulation"                                    \
                                                                                      " = r.id "                                      \
                                                                                      "AND "                                          \
                                                                                      "f.party = "                                    \
                                                                                      "c.giver"                                       \
                                                                                      " JOIN " P                                      \
                                                                                      "regulation"                                    \
                                                                                      "_party t "                                     \
                                                                                      "ON "                                           \
                                                                                      "t."                                            \
                                                                                      "regulation"                                    \
                                                                                      " = r.id "                                      \
                                                                                      "AND "                                          \
                                                                                      "t.party = "                                    \
                                                                                      "c.taker"                                       \
                                                                                      " WHERE "                                       \
                                                                                      "c."                                            \
                                                                                      "condition "                                    \
                                                                                      "IN "                                           \
                                                                                      "('always',"                                    \
                                                                                      " 'period')"                                    \
                                                                                      " UNION "                                       \
                                                                                      "ALL "                                          \
                                                                                      "SELECT "                                       \
                                                                                      "o.giver, "                                     \
                                                                                      "o.taker, "                                     \
                                                                                      "o.site, "                                      \
                                                                                      "o."                                            \
                                                                                      "compartmen"                                    \
                                                                                      "t, "                                           \
                                                                                      "o.ceiling,"                                    \
                                                                                      " o.at,"                                        \
                                                                                      " min(o."                                       \
                                                                                      "until,"                                        \
                                                                                      " " OR_NEVER(                                   \
                                                                                          "o."                                        \
                                                                                          "sealed"                                    \
                                                                                          "_at") ") FROM " P                          \
                                                                                                 "opening o WHERE o.agency = o.giver" \
                                                                                                 ") WHERE ends > ? AND ends > begins"

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
