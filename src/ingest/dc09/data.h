// SPDX-License-Identifier: Apache-2.0
// What stands between the brackets: account, SIA or Contact ID events, extended blocks, time.
#pragma once

#include "ingest/dc09/codes.h"
#include "ingest/dc09/wire.h"

typedef struct dc09_content {
    vg_str account;   // inner one, without #; empty if there was none
    vg_str data;      // after the account, up to the closing bracket
    vg_str extended;  // all [X...] blocks
    vg_str undated;   // everything but the time: what a repetition has in common
    bool timed;
    int64_t time_us;      // of sending
    int64_t occurred_us;  // H block, 0 if none
} dc09_content;

// rest: what follows the opening bracket (decrypted if it was encrypted; then leading pad is dropped).
// False: no closing bracket.
bool dc09_content_parse(vg_str rest, bool decrypted, dc09_content *c);

typedef struct dc09_events {
    const dc09_codes *codes;
    vg_signal *v;  // room for VG_INGEST_EVENTS_MAX, given and zeroed one by one
    size_t n;
    vg_signal common;  // each event begins as a copy of this
} dc09_events;

// Each returns the number of events found in data. More than VG_INGEST_EVENTS_MAX are cut.
size_t dc09_sia_events(dc09_events *e, vg_str data);
size_t dc09_cid_events(dc09_events *e, vg_str data);
vg_signal *dc09_event_add(dc09_events *e);  // NULL when full
// Texts of I, L, X, Y, V blocks: to every event that has none of its own.
void dc09_extended_texts(dc09_events *e, vg_str extended);
