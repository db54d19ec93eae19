// SPDX-License-Identifier: Apache-2.0
// Inside of `vonggac simulate`: a fleet of invented devices that speak to a node as real ones do, through its
// sockets and nothing else. One thread; every function runs on it.
//
//   simulate_fleet.c  the devices, read from DATA/demo-devices.json
//   simulate_day.c    what happens at which minute of a day, from a seed
//   simulate_frame.c  an act put into the words of a device's protocol, and answers read
//   simulate_http.c   the same for makers' devices that speak HTTP
//   simulate_link.c   one device's line: connect, send, wait, repeat
//   verb_simulate.c   the clock, the loop, the telling
#pragma once

#include "ingest/dc09/encode.h"
#include "net/addr.h"

enum {
    SIM_MAX_DEVICES = 64,
    SIM_MAX_POINTS = 24,
    SIM_QUEUE = 64,  // acts waiting on one line; what does not fit is counted
    SIM_FRAME_BYTES = 4096,
    SIM_NO_POINT = 255
};

// X(name, SIA code, Contact ID qualifier and code, number is a user): see simulate_frame.c for alarms.
#define SIM_ACTS(X)                     \
    X(poll, "", "", false)              \
    X(alarm, "", "", false)             \
    X(restore, "", "", false)           \
    X(tamper, "TA", "1144", false)      \
    X(tamper_end, "TR", "3144", false)  \
    X(arm, "CL", "3401", true)          \
    X(disarm, "OP", "1401", true)       \
    X(granted, "DG", "1422", false)     \
    X(denied, "DD", "1421", false)      \
    X(opened, "DO", "", false)          \
    X(closed, "DC", "", false)          \
    X(checkpoint, "", "", false)        \
    X(mains, "AT", "1301", false)       \
    X(mains_end, "AR", "3301", false)   \
    X(battery, "YT", "1302", false)     \
    X(battery_end, "YR", "3302", false) \
    X(test, "RP", "1602", false)        \
    X(silent, "", "", false)

typedef enum sim_act {
#define X(name, sia, cid, user) SIM_##name,
    SIM_ACTS(X)
#undef X
        SIM_ACTS_N
} sim_act;

const char *sim_act_name(sim_act a);
sim_act sim_act_parse(const char *name);  // SIM_ACTS_N: none of that name

typedef struct sim_say {  // a device says something
    int64_t at_us;        // simulated time
    uint32_t order;       // of equal times
    uint16_t device, user;
    uint8_t act, point;  // index of the device's points or SIM_NO_POINT
    uint16_t for_s;      // SIM_silent: how long, real seconds
} sim_say;

typedef enum sim_transport { SIM_TCP, SIM_UDP, SIM_HTTP } sim_transport;
typedef enum sim_speech { SIM_DC09, SIM_HOOK, SIM_HIKVISION, SIM_ZKTECO } sim_speech;
typedef enum sim_state {
    SIM_IDLE,
    SIM_CONNECTING,
    SIM_SENDING,
    SIM_WAITING,
    SIM_RESTING
} sim_state;

typedef struct sim_point {
    char number[16], kind[32], text[64];
} sim_point;

typedef struct sim_device {
    char name[32], id[VG_ID_TEXT], site[24], title[96], address[40], role[16];
    sim_transport transport;
    sim_speech speech;
    bool keep, cid;  // one connection for all messages; Contact ID
    int poll_s;      // 0: never
    unsigned char key[32];
    size_t key_len;
    sim_point points[SIM_MAX_POINTS];
    uint8_t n_points;
    // the line
    int fd;
    sim_state state;
    sim_say queue[SIM_QUEUE];
    unsigned head, n_queue, tries, seq, overflow;
    char out[SIM_FRAME_BYTES], in[SIM_FRAME_BYTES];
    size_t out_n, out_at, in_n;
    int64_t until_us, sent_us, framed_us, poll_us, silent_us;  // vg_mono_us
} sim_device;

typedef struct sim_fleet {
    sim_device v[SIM_MAX_DEVICES];
    uint16_t n;
} sim_fleet;

vg_status sim_fleet_load(const char *dir, sim_fleet *f, vg_err *err) VG_USE_RESULT;
void sim_fleet_done(sim_fleet *f);  // closes the lines, wipes the keys
// Nobody listens to such devices: they say nothing, as if they were not there.
void sim_fleet_mute(sim_fleet *f, sim_speech speech);
int sim_fleet_find(const sim_fleet *f, const char *name);  // -1: none

// --- a day --------------------------------------------------------------------------------------
typedef struct sim_plan {
    sim_say *v;
    size_t n, cap;
} sim_plan;

// Day number `day` (0 = the first) beginning at simulated time start_us; the same seed and day give the same
// plan. Sorted. The day's part of demo/story.jsonl is in it.
vg_status sim_plan_day(sim_plan *p, const sim_fleet *f, uint64_t seed, int day, int64_t start_us,
                       vg_err *err) VG_USE_RESULT;
// The story a visitor sees first: demo/story.jsonl's "+seconds", counted from from_us. Sorted.
vg_status sim_plan_opening(sim_plan *p, const sim_fleet *f, int64_t from_us,
                           vg_err *err) VG_USE_RESULT;
void sim_plan_done(sim_plan *p);

// --- frames -------------------------------------------------------------------------------------
// Writes what the device sends for s, at this moment. 0: cannot be said in its protocol.
size_t sim_frame(vg_dc09_crypt *c, sim_device *d, const sim_say *s, int64_t now_us, char *out,
                 size_t cap);

// simulate_http.c: a camera's and a terminal's request.
size_t sim_http_frame(const sim_device *d, const sim_say *s, int64_t now_us, char *out, size_t cap);

typedef enum sim_answer { SIM_MORE, SIM_ACK, SIM_NAK, SIM_DUH, SIM_STRANGE } sim_answer;
sim_answer sim_read_answer(vg_dc09_crypt *c, sim_device *d);  // of d->in; drops what it read

// --- lines --------------------------------------------------------------------------------------
typedef struct sim_count {
    uint64_t told, polls, acks, naks, duhs, timeouts, refused, strange;
    uint64_t lost;  // given up
} sim_count;

typedef struct sim_net {
    vg_addr dc09, http, device;  // device.len 0: that port is off
    vg_dc09_crypt *crypt;
    sim_count count;
    // Told once a message found its end: answered or given up.
    void (*told)(void *ctx, const sim_device *d, const sim_say *s, sim_answer a, int64_t took_us);
    void *ctx;
} sim_net;

bool sim_addr_is_loopback(const vg_addr *a);
void sim_queue(sim_device *d, const sim_say *s, int64_t now_us);
// Moves the line on; returns when it wants to be called again at the latest (vg_mono_us).
int64_t sim_line_step(sim_net *net, sim_device *d, int64_t now_us);
short sim_line_events(const sim_device *d);  // for poll(2), 0: none
void sim_line_ready(sim_net *net, sim_device *d, short events, int64_t now_us);
