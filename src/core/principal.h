// SPDX-License-Identifier: Apache-2.0
// Who asks. Plain values, owned by whoever authenticated it (session cache, token, control socket).
#pragma once

#include "base/i18n.h"
#include "base/id.h"
#include "core/opaque.h"

enum { VG_MAX_ASSIGNMENTS = 8 };

typedef struct vg_assignment {
    char role[24];
    char site[VG_ID_TEXT];  // "" = every site of the node
    int64_t until_us;       // held before this only; 0 = no end
} vg_assignment;

typedef enum vg_principal_kind { VG_P_SYSTEM, VG_P_USER, VG_P_TOKEN, VG_P_LOCAL } vg_principal_kind;

typedef struct vg_principal {
    vg_principal_kind kind;  // SYSTEM and LOCAL (control socket, same uid) may do everything
    char user[VG_ID_TEXT];   // "" for the system
    char name[64];           // for journal and screen
    char agency[VG_ID_TEXT];
    bool custodian;     // of the agency that runs the node: sees what is the node's own
    bool factor;        // logs in with a second factor
    int64_t secret_us;  // when what he logs in with was set; a session begun with another is over
    uint8_t clearance;  // highest secrecy seen
    vg_lang lang;
    int64_t world;
    size_t n_assignments;
    vg_assignment assignments[VG_MAX_ASSIGNMENTS];
    uint64_t *scope_bits;  // cache of vg_scope_compute
    size_t scope_labels;
    uint64_t scope_grants;   // which grants it was computed under
    int64_t scope_until_us;  // and until when it holds
    vg_opaque opaque;        // how he is told of events; set by vg_reader_take
} vg_principal;

// permission "alerts.acknowledge" at a site ("" = at any site of an assignment). Roles and their
// permissions are the tables of core/roles.def and core/device_roles.def.
bool vg_may(const vg_principal *p, const char *permission, const char *site);
#define VG_EVERYWHERE "*"  // as site: by an assignment for the whole node, not for one site
bool vg_role_exists(const char *role);
// Takes from p what ended by now_us; true if anything did.
bool vg_principal_lapse(vg_principal *p, int64_t now_us);
int64_t vg_principal_until(const vg_principal *p);  // when the next thing ends; INT64_MAX: never
void vg_principal_done(vg_principal *p);            // frees the cache
