// SPDX-License-Identifier: Apache-2.0
// What tells how much happens on a node is told to the custodian's people alone. Everybody else knows an event by a
// name that says nothing: sealed under a key of his agency, the same every time, of one length. Names of one agency
// mean nothing to another, so two partners cannot put theirs together. Cursors of lists are sealed for everybody.
#pragma once

#include "base/id.h"
#include "base/json.h"

struct vg_core;
struct vg_db;
struct vg_principal;

enum {
    VG_EVENT_NAME = 32,  // "2-86", or "e" and 24 characters
    VG_SEALED_TAG = 16
};
#define VG_SEALED(n) (((n) + VG_SEALED_TAG) * 4 / 3 + 2)  // text of n sealed bytes, with the NUL

typedef struct vg_opaque {
    bool plain;  // the custodian's people, the machine's owner, the program: "log-seq"
    unsigned char key[32];
} vg_opaque;

void vg_opaque_for(const struct vg_core *c, const struct vg_principal *who, vg_opaque *ret);
// Of the reader a connection was taken for (vg_reader_take); the program's own connections are told all.
const vg_opaque *vg_opaque_at(const struct vg_db *db);

// id is an event's row number, VG_EVENT_ROWID(log, seq).
void vg_event_say(const vg_opaque *o, int64_t id, char out[VG_EVENT_NAME]);
// False: he was never told such a name. "2-86" is one for those only who are told it.
bool vg_event_named(const vg_opaque *o, vg_str name, int64_t *ret_id);
// Both for a name as projections keep it, "log-seq". False: it is none, and out is "".
bool vg_event_say_stored(const vg_opaque *o, vg_str stored, char out[VG_EVENT_NAME]);
// JSON that the program wrote: an object with log, seq and name keeps the name only, as he knows it; so do the texts of
// "evidence"; last_seq goes, and the number of a label. Never for what people write: whoever may choose a number would learn its name.
void vg_cites_say(const vg_opaque *o, vg_str json, vg_jw *out);

// Records of one moment follow each other by a microsecond each, over all logs: what is below the millisecond would count
// what lies between two of them. Who is told numbers is told the whole time.
int64_t vg_time_told(const vg_opaque *o, int64_t us);

// n bytes that nobody reads, makes or uses elsewhere: `what` is where they belong.
void vg_sealed_say(const vg_opaque *o, const char *what, const void *p, size_t n, char *out);
// Exactly n bytes.
bool vg_sealed_read(const vg_opaque *o, const char *what, vg_str text, void *out, size_t n);
