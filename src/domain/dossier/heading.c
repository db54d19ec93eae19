// SPDX-License-Identifier: Apache-2.0
// The headings of a dossier, and who may read each: what a heading says decides its compartment, so that a partner
// reads what the site is and not where it is weak. Circular 01/2011 demands the dossier; its headings could not be
// read, so these, their weights and the days after which one is stale are ours. There is no heading about people's
// opinions, religion or origin, and there will be none.
#include "domain/dossier/dossier.h"

enum { YEAR = 366, HALF = 183 };

const dossier_heading dossier_headings[] = {
    {"importance", VG_C_SHARED, "see.shared", {2, 2 * YEAR, true}},
    {"location", VG_C_SHARED, "see.shared", {2, 2 * YEAR, true}},
    {"structure", VG_C_MEASURES, "see.measures", {3, YEAR, true}},
    {"host", VG_C_SHARED, "see.shared", {2, YEAR, true}},
    {"assets", VG_C_MEASURES, "see.measures", {3, YEAR, true}},
    {"forces", VG_C_FORCE, "see.force", {3, HALF, true}},
    {"means", VG_C_MEANS, "see.means", {3, HALF, true}},
    {"surroundings", VG_C_MEASURES, "see.measures", {2, HALF, true}},
    {"history", VG_C_MEASURES, "see.measures", {2, YEAR, false}},
    {"fire", VG_C_SHARED, "see.shared", {2, YEAR, true}},
    {"rules", VG_C_SHARED, "see.shared", {1, YEAR, false}},
    {"vulnerability", VG_C_VULNERABILITY, "see.vulnerability", {4, HALF, true}},
    {NULL},
};

const char *const dossier_heading_names[] = {
    "importance",   "location", "structure", "host",  "assets",        "forces", "means",
    "surroundings", "history",  "fire",      "rules", "vulnerability", NULL};

const dossier_heading *dossier_heading_of(vg_str name)
{
    for (const dossier_heading *h = dossier_headings; h->name; h++) {
        if (vg_str_eqc(name, h->name)) {
            return h;
        }
    }
    return NULL;
}
