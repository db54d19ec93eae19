// SPDX-License-Identifier: Apache-2.0
// What the public code points mean to us: SIA (two letters) and Contact ID (three digits).
#pragma once

#include "core/signal.h"

typedef enum dc09_field {
    DC09_NONE,
    DC09_POINT,
    DC09_USER,
    DC09_AREA
} dc09_field;  // what the number names

typedef struct dc09_meaning {
    uint8_t verb, field;
    const char *kind;  // core/signal_kinds.def
} dc09_meaning;

typedef struct dc09_codes {
    uint8_t sia[26 * 26];  // row + 1 of the table, 0 = not known
    uint8_t cid[1000];
} dc09_codes;

void dc09_codes_init(dc09_codes *c);
// False: the code is in no table; *ret is then VG_SIG_OTHER, "other".
bool dc09_sia_meaning(const dc09_codes *c, const char code[2], dc09_meaning *ret);
// qualifier '1' new or opening, '3' restore or closing, '6' still present.
bool dc09_cid_meaning(const dc09_codes *c, char qualifier, int code, dc09_meaning *ret);
// The code to send for a meaning; one that has none goes as a burglary alarm or its restoral.
void dc09_sia_for(const char *kind, bool restore, char out[3]);
int dc09_sia_listed(void);  // codes in the rows, for the test that none stands twice
