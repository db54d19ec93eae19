// SPDX-License-Identifier: Apache-2.0
// What an agency lets another read beyond shared and capability: clauses in force of coordination regulations, as
// plain intervals. A grant is for reading only, covers only what `from` itself owns (nobody passes on what he
// received), and reaches only those of `to` whose role may see such things at that site.
#pragma once

#include "base/id.h"

typedef struct vg_grant {
    char from[VG_ID_TEXT], to[VG_ID_TEXT];
    char site[VG_ID_TEXT];  // "" = wherever `from` has things
    uint8_t compartment, ceiling;
    int64_t from_us, until_us;  // [from, until); until 0 = no end
} vg_grant;

typedef struct vg_grants vg_grants;

vg_grants *vg_grants_create(const vg_grant *v, size_t n);  // copied
void vg_grants_destroy(vg_grants *g);                      // NULL is fine

// What one agency received, at one moment.
typedef struct vg_granted {
    const vg_grant *v;
    size_t n;
    int64_t now_us;
    int64_t until_us;  // from then on the answers may be others; INT64_MAX: never
} vg_granted;

vg_granted vg_grants_to(const vg_grants *g, const char *agency, int64_t now_us);  // g may be NULL
bool vg_granted_has(const vg_granted *r, const vg_grant *wanted);
