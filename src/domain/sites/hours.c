// SPDX-License-Identifier: Apache-2.0
// How much each place reports, hour by hour, folded as it comes: the baselines and the figures of a device are read
// from here, so that their cost grows with the hours in which something happened and not with the journal. Authorised
// tests are no part of what is usual. A sign that ends within FLEETING_S of its beginning is fleeting (ISA-18.2); the
// number stands in the code because a fold may ask nobody, and the legal data name where it comes from.
#include "domain/sites/sites.h"

#include "base/clock.h"

enum { FLEETING_S = 60 };

static int64_t hour_of(const vg_event *e)
{
    return (e->received_us / VG_SECOND_US + 7 * 3600) / 3600;
}

vg_status sites_count_raise(vg_apply *ap, const vg_event *e, vg_str zone, vg_str kind, vg_err *err)
{
    return e->purpose ? VG_OK
                      : vg_exec(ap->db,
                                "INSERT INTO zone_hour (zone, kind, source, hour, n, label, world)"
                                " VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT (zone, kind, source,"
                                " hour, label, world) DO UPDATE SET n = n + 1",
                                VG_VALS(vg_t(zone), vg_t(kind), vg_t(e->source), vg_i(hour_of(e)),
                                        vg_i(e->label), vg_i(e->world)),
                                err);
}

vg_status sites_count_restore(vg_apply *ap, const vg_event *e, const char *condition, vg_err *err)
{
    return e->purpose
               ? VG_OK
               : vg_exec(ap->db,
                         "INSERT INTO zone_hour (zone, kind, source, hour, n, fleeting, label,"
                         " world) SELECT zone, kind, source, ?, 0, 1, ?, ? FROM zone_condition"
                         " WHERE id = ? AND ended - since <= ? ON CONFLICT (zone, kind, source,"
                         " hour, label, world) DO UPDATE SET fleeting = fleeting + 1",
                         VG_VALS(vg_i(hour_of(e)), vg_i(e->label), vg_i(e->world), vg_z(condition),
                                 vg_i(FLEETING_S * VG_SECOND_US)),
                         err);
}
