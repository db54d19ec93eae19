// SPDX-License-Identifier: Apache-2.0
// DC-09 on the wire, both directions: CRC, frame borders, header, time, text. Views borrow the input.
#pragma once

#include "ingest/ingest.h"

enum { DC09_FRAME_MAX = 4096, DC09_TIME_BYTES = 20 };

uint16_t dc09_crc(vg_str body);

typedef struct dc09_frame {
    vg_str body;      // from the first quote to the byte before CR: what CRC and length cover
    bool binary_crc;  // the LUPUS family: two raw bytes instead of four digits
    bool crc_ok, length_ok;
    // after dc09_header():
    bool encrypted;
    vg_str id;       // "SIA-DCS", without the asterisk
    vg_str seq;      // four digits
    vg_str path;     // R, L and #account exactly as they came: replies echo it
    vg_str account;  // without #; empty if there was none
    vg_str rest;     // after the bracket that opens the data
    bool old_form;   // the heartbeat of before DC-09
} dc09_frame;

// Finds the first frame. consumed is set in every case.
vg_ingest_step dc09_split(vg_str bytes, bool whole, dc09_frame *f, size_t *consumed,
                          vg_ingest_count *why);
bool dc09_header(dc09_frame *f);
// LF crc length body CR; returns the bytes written, 0 if cap is too small.
size_t dc09_wrap(vg_str body, bool binary_crc, char *out, size_t cap);

bool dc09_time_parse(vg_str s, int64_t *ret_us);  // HH:MM:SS,MM-DD-YYYY, UTC
void dc09_time_text(int64_t us, char out[DC09_TIME_BYTES]);
bool dc09_hex(char c);
bool dc09_digit(char c);
// Windows-1252 to UTF-8, cut to cap at a character, always terminated; controls become blanks.
void dc09_text(vg_str bytes, char *out, size_t cap);
