// SPDX-License-Identifier: Apache-2.0
// Inside of the folder: what a profile is and what its decoder writes. A decoder is pure: it reads the request,
// allocates in its arena, and appends reports. It does not know who is registered.
#pragma once

#include "ingest/device/device.h"

typedef enum device_life {
    DEVICE_PULSE,  // it happened
    DEVICE_LASTS,  // it is so, until its end is told: repeated meanwhile
    DEVICE_ENDS    // its end, worth a word only if it was told to be so
} device_life;

typedef struct device_report {
    vg_signal s;
    uint8_t life;
    bool by_code;  // two codes are two conditions (not so where the end has a code of its own)
} device_report;

enum { DEVICE_REPORTS_MAX = 4096 };

typedef struct device_out {
    vg_arena *arena;
    device_report *v;
    size_t n, cap;
    char address[40];  // whom it says it is; "" if it does not
    vg_str image;      // the best picture so far
    bool of_persons;   // the pictures show persons: none is kept
    unsigned biometrics, personal;
    vg_device_reply reply;  // to be given when all is well; status 0: the profile's own
} device_out;

typedef struct device_profile {
    const char *proto, *root;  // "/iclock": where devices without a token find it
    vg_status (*decode)(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err);
    vg_device_reply well;  // the maker's "received"
} device_profile;

#define DEVICE_WELL(type, text)           \
    {                                     \
        200, type, text, sizeof(text) - 1 \
    }
extern const device_profile device_hikvision, device_dahua, device_zkteco, device_cap;

// kit.c
// The next report, zeroed but for source_seq; NULL past DEVICE_REPORTS_MAX or the arena.
device_report *device_add(device_out *out);
// Into a field of a signal: composed, without control characters, cut at a character. Bytes that are no UTF-8: "".
void device_put(vg_arena *a, char *field, size_t size, vg_str text);
#define DEVICE_PUT(out, field, text) device_put((out)->arena, (field), sizeof(field), (text))
// Device time, +07:00 where it names no zone ("2026-10-02 13:24:56.5", RFC 3339). 0: none.
int64_t device_time(vg_str s);
bool device_is_jpeg(vg_str s);
void device_take_image(device_out *out, vg_str bytes);  // keeps the larger one; not a JPEG: ignored
void device_take_address(device_out *out, vg_str text);
void device_say(vg_device_reply *r, const char *type, const char *fmt, ...) VG_PRINTF(3, 4);
vg_str device_query(const vg_device_request *rq, const char *name);
// A plate read: key into text when it is one, else what was read.
void device_put_plate(device_out *out, vg_signal *s, vg_str plate);

// hik_access.c: one JSON event of an access terminal.
struct json_t;
void device_hik_access(device_out *out, const struct json_t *event, vg_signal *s, uint8_t *life);
