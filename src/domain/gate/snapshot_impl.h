// SPDX-License-Identifier: Apache-2.0
// For the files that write a snapshot: what they write into, and tables as they are.
#pragma once

#include "domain/gate/terminal.h"

#include <sodium.h>

typedef struct gate_shot {
    vg_read *rd;
    vg_db *inner;  // what the gate itself may look at: the ban list
    const char *site, *agency;
    int64_t now_us;
    vg_jw w, names;  // the text, and what stays locked
    vg_str away;     // the key that terminals carry
    unsigned char key[crypto_auth_hmacsha256_KEYBYTES];
} gate_shot;

// The rows of a query as lists. types: a letter a column, s for text, i for a number, j for JSON as it stands, h for what
// goes only as a hash under the snapshot's key.
typedef struct gate_table {
    vg_jw *w;
    vg_db *db;
    const char *key, *sql, *types;
} gate_table;
vg_status gate_shot_table(gate_shot *s, const gate_table *t, const vg_val *v, size_t n,
                          vg_err *err) VG_USE_RESULT;
void gate_shot_cell(const gate_shot *s, vg_jw *w, vg_rows *r, int i, char type);

// Into the text: of what is easily guessed, a hash under the key that terminals carry, then under the snapshot's.
void gate_shot_guessed(gate_shot *s, vg_str text);

enum { GATE_AHEAD_H = 36 };  // what begins so soon is taken along; ours

// snapshot_guests.c: who is expected, what they carry, and the ban list
vg_status gate_shot_guests(gate_shot *s, vg_err *err) VG_USE_RESULT;
// Who is inside at another site of the same agency now: holders of this site, and papers. Which site is not told.
vg_status gate_shot_elsewhere(gate_shot *s, vg_err *err) VG_USE_RESULT;
// Into the locked part: whom the ban list names.
vg_status gate_shot_named(gate_shot *s, vg_err *err) VG_USE_RESULT;

// escort.c: who keeps company to whom who is inside, and how far apart they may come.
vg_status gate_shot_company(gate_shot *s, vg_err *err) VG_USE_RESULT;

// snapshot_plates.c
vg_status gate_shot_plates(gate_shot *s, vg_err *err) VG_USE_RESULT;
