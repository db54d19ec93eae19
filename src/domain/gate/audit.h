// SPDX-License-Identifier: Apache-2.0
// What was not in order among the passages of a site over a period, worked out anew from the passages themselves:
// anti-passback and unseen points, areas too full or held by one alone, the access rules in force now, and what let
// somebody through as it was then: his badge, his visit, the list of vehicles.
#pragma once

#include "domain/gate/gate.h"

typedef struct gate_finding {
    const char *
        code;  // "passback", "unentered", "skipped", "elsewhere", "unseen", "over", "alone", "pair",
               // "first", "rule", "badge_expired", "badge_lost", "badge_revoked", "badge_returned",
               // "visit_none", "visit_unapproved", "visit_hours", "vehicle_unlisted"; catalogue:
               // gate.audit.<code>
    int64_t at_us;
    vg_str passage, evidence;  // id of the passage, name of its event
    vg_str holder, point;      // ids
    vg_str area;               // id; "" where it is about none
    vg_str rule;               // id; "" unless code is "rule"
    vg_str about;              // id of the badge or the visit; "" where it is about none
} gate_finding;

typedef struct gate_audit {
    vg_db *db;  // unscoped; whether the caller may know is his matter
    vg_str site;
    int64_t from_us, until_us;
    // Called for each finding in order of time; texts are borrowed for the call.
    void (*found)(void *ctx, const gate_finding *f);
    void *ctx;
} gate_audit;

typedef struct gate_audit_sum {
    int64_t passages, holders, findings;
} gate_audit_sum;

enum { GATE_AUDIT_HOLDERS = 4 << 20 };

// Any thread. VG_ETOOBIG past GATE_AUDIT_HOLDERS.
vg_status gate_audit_run(const gate_audit *q, gate_audit_sum *ret, vg_err *err) VG_USE_RESULT;
