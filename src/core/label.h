// SPDX-License-Identifier: Apache-2.0
// Secrecy: a row carries one integer label, interned from (owner agency, compartment, site, secrecy).
// A principal's scope is a bitmap over labels, computed by one function.
#pragma once

#include "core/grant.h"
#include "core/principal.h"
#include "store/store.h"

typedef enum vg_compartment {
    VG_C_SHARED,
    VG_C_CAPABILITY,
    VG_C_FORCE,
    VG_C_MEANS,
    VG_C_MEASURES,
    VG_C_PERSONAL,
    VG_C_REPORTER,
    VG_C_VULNERABILITY,
    VG_C_MOVEMENT,
    VG_C_COORD,  // what an agency agreed with others: its own only, no grant opens it
    VG_C_GATE    // who comes and goes at a site: whoever keeps its gates, of whichever agency
} vg_compartment;

typedef enum vg_secrecy { VG_S_NORMAL, VG_S_MAT, VG_S_TOI_MAT, VG_S_TUYET_MAT } vg_secrecy;

typedef struct vg_label {
    char agency[VG_ID_TEXT];  // owner; "" = the node itself
    char site[VG_ID_TEXT];    // "" = not bound to a site
    uint8_t compartment, secrecy;
} vg_label;

typedef struct vg_labels vg_labels;

vg_status vg_labels_load(vg_db *db, vg_labels **ret, vg_err *err) VG_USE_RESULT;
void vg_labels_destroy(vg_labels *l);
bool vg_label_find(vg_labels *l, const vg_label *want, int32_t *ret);  // any thread
int32_t vg_label_add(vg_labels *l, const vg_label *x);  // scribe thread (core.label's emitter)
void vg_labels_cut(vg_labels *l, size_t n);             // scribe thread: a batch was rolled back
// Scribe thread: a batch was committed at this time. Nobody is told an earlier one from then on.
void vg_labels_publish(vg_labels *l, int64_t now_us);
// Any thread. By vg_labels_now it is judged whether what has a term is over: the clock, but no earlier than what is on
// record, and while the program runs never slower than time itself, so that a clock set back extends nothing. What is
// written down, and what a telephone's clock is compared with, is vg_labels_wall: the clock, but no earlier than what
// is on record, and right again when the clock is.
int64_t vg_labels_now(vg_labels *l);
int64_t vg_labels_wall(vg_labels *l);
bool vg_label_get(vg_labels *l, int32_t id, vg_label *ret);  // any thread
size_t vg_labels_count(vg_labels *l);                        // any thread; grows only

// What agencies let one another read from now on, in place of what was. Scribe thread; copied.
void vg_labels_grant(vg_labels *l, const vg_grant *v, size_t n);

// May p see and act on rows of this label, by role alone? Default deny: own agency at sites (or all) of an
// assignment; another agency's only in compartments shared and capability, at those sites; secrecy up to p's
// clearance. An auditor or custodian role sees by its own permissions, never by being powerful.
bool vg_label_visible(const vg_principal *p, const vg_label *l);
// The bitmap for p over all labels committed by now (a number that is rolled back may come to mean something
// else): what is visible by role, and what was granted to his agency; bits is in p's memory (grown as labels grow).
// A role held for a time is taken from p when its time is over.
void vg_scope_compute(vg_principal *p, vg_labels *l, vg_scope *ret);
// The same at another moment under other grants (NULL: none). p keeps no cache of it: call vg_principal_done after.
void vg_scope_at(vg_principal *p, vg_labels *l, const vg_grants *g, int64_t at_us, vg_scope *ret);
