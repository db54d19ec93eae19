// SPDX-License-Identifier: Apache-2.0
// Of a snapshot: visits around now, certificates, who is inside at another site, and the ban list as the gate's own advice takes it
// (advice_ban.c): numbers of papers as hashes, names only into the locked part.
#include "domain/gate/snapshot_impl.h"

#include "base/clock.h"

#define HOUR_US (3600 * VG_SECOND_US)
enum { BACK_H = 12 };  // visits that ended so long ago are taken along; ours

static const char VISITS[] =
    "SELECT g.holder, v.state, v.starts, v.ends, v.areas, g.rules_n >= ?4 AND g.notice_n >= ?5,"
    " v.escort, g.invite, g.invite_until, v.kind = 'contractor', (SELECT min(h.id) FROM"
    " v_gate_holder h WHERE h.person = v.host AND h.kind = 'staff' AND h.site = v.site AND h.state"
    " = 'active') FROM v_visit_guest g JOIN v_visit v ON v.id = g.visit WHERE v.site = ?1 AND"
    " g.holder IS NOT NULL AND v.ends > ?2 AND v.starts < ?3 ORDER BY v.starts, g.id";

static vg_status put_visits(gate_shot *s, vg_err *err)
{
    int64_t rules = 0, notice = 0;
    VG_TRY(vg_one_i64(s->inner, "SELECT max(n) FROM visit_rules WHERE site = ?",
                      VG_VALS(vg_z(s->site)), 0, &rules, err));
    VG_TRY(vg_one_i64(s->inner,
                      "SELECT max(n) FROM visitor_notice WHERE site = ? AND state = 'confirmed'",
                      VG_VALS(vg_z(s->site)), 0, &notice, err));
    return gate_shot_table(s, &(gate_table){&s->w, s->rd->db, "visits", VISITS, "ssiijiihiis"},
                           VG_VALS(vg_z(s->site), vg_i(s->now_us - BACK_H * HOUR_US),
                                   vg_i(s->now_us + GATE_AHEAD_H * HOUR_US), vg_i(rules),
                                   vg_i(notice)),
                           err);
}

#define IN_FORCE                                                                         \
    " FROM ban_entry e JOIN ban_card c ON c.entry = e.id WHERE e.state = 'in_force' AND" \
    " e.expires > ?1 AND e.world = 0 AND (e.site = ?2 OR (e.site IS NULL AND e.agency = ?3))"

vg_status gate_shot_guests(gate_shot *s, vg_err *err)
{
    int64_t certified = 1;
    VG_TRY(put_visits(s, err));
    VG_TRY(gate_shot_company(s, err));
    VG_TRY(vg_one_i64(s->inner,
                      "SELECT COALESCE(certificates, 1) FROM visit_setting WHERE site = ?",
                      VG_VALS(vg_z(s->site)), 1, &certified, err));
    vg_jw_ki64(&s->w, "certified", certified != 0);
    VG_TRY(gate_shot_table(
        s,
        &(gate_table){&s->w, s->rd->db, "certificates",
                      "SELECT holder, what, max(until) FROM v_visit_certificate WHERE site = ?"
                      " GROUP BY holder, what",
                      "ssi"},
        VG_VALS(vg_z(s->site)), err));
    return gate_shot_table(s,
                           &(gate_table){&s->w, s->inner, "bans",
                                         "SELECT c.doc_away, e.number, e.expires" IN_FORCE
                                         " AND c.doc_away IS NOT NULL ORDER BY e.at, e.id",
                                         "hsi"},
                           VG_VALS(vg_i(s->now_us), vg_z(s->site), vg_z(s->agency)), err);
}

// As check_elsewhere of advice.c finds them, the other way round: from those few who are inside elsewhere.
#define ELSEWHERE                                                                            \
    "WITH o AS (SELECT h.person, c.doc_key, c.doc_away, p.since FROM presence p JOIN site s" \
    " ON s.id = p.site JOIN gate_holder h ON h.id = p.holder LEFT JOIN gate_card c ON"       \
    " c.holder = p.holder WHERE p.site <> ?1 AND p.world = 0 AND s.agency = ?2 AND h.agency" \
    " = ?2) "

vg_status gate_shot_elsewhere(gate_shot *s, vg_err *err)
{
    VG_TRY(gate_shot_table(
        s,
        &(gate_table){&s->w, s->inner, "elsewhere",
                      ELSEWHERE
                      "SELECT id, max(since) FROM (SELECT h.id, o.since FROM o JOIN gate_holder h"
                      " ON h.person = o.person WHERE h.site = ?1 UNION ALL SELECT h.id, o.since"
                      " FROM o JOIN gate_card c ON c.doc_key = o.doc_key JOIN gate_holder h ON h.id"
                      " = c.holder WHERE h.site = ?1) GROUP BY id ORDER BY id",
                      "si"},
        VG_VALS(vg_z(s->site), vg_z(s->agency)), err));
    return gate_shot_table(s,
                           &(gate_table){&s->w, s->inner, "papers_elsewhere",
                                         ELSEWHERE "SELECT doc_away, max(since) FROM o WHERE"
                                                   " doc_away IS NOT NULL GROUP BY doc_away",
                                         "hi"},
                           VG_VALS(vg_z(s->site), vg_z(s->agency)), err);
}

vg_status gate_shot_named(gate_shot *s, vg_err *err)
{
    return gate_shot_table(
        s,
        &(gate_table){&s->names, s->inner, "bans",
                      "SELECT e.number, e.expires, c.born, c.name, c.aliases" IN_FORCE
                      " ORDER BY e.at, e.id",
                      "siisj"},
        VG_VALS(vg_i(s->now_us), vg_z(s->site), vg_z(s->agency)), err);
}
