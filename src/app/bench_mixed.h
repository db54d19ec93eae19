// SPDX-License-Identifier: Apache-2.0
// Of the mixed bench only: lines (one device each, one report on its way at most) and the broker beside the node.
#pragma once

#include "app/bench.h"

#include "core/source_token.h"

typedef enum mixed_port {
    MIXED_TCP,
    MIXED_UDP,
    MIXED_WEBHOOK,
    MIXED_HIKVISION,
    MIXED_ZKTECO,
    MIXED_MQTT,
    MIXED_PORTS
} mixed_port;

enum { MIXED_FRAME = 1400, MIXED_WAITING = 1 << 15 };

typedef struct mixed_line {
    mixed_port port;
    int fd;
    unsigned seq;
    char address[40], token[VG_SOURCE_TOKEN];
    int64_t sent_us;  // 0: nothing on its way
    int64_t again_us;
    char out[MIXED_FRAME], in[1024];
    size_t n_out, n_in;
} mixed_line;

typedef struct mixed_kind {  // all lines of one port
    const char *name, *proto;
    size_t lines;
    int share;  // of a hundred signals
    // results
    mixed_line *v;
    size_t next;
    int64_t sent, done, again, late_us;
    bench_sample latency_us;
} mixed_kind;

typedef struct mixed_broker mixed_broker;

typedef struct mixed {
    bench *b;
    bench_node node;
    uint16_t at[MIXED_PORTS];
    mixed_kind kind[MIXED_PORTS];
    struct vg_dc09_crypt *crypt;
    mixed_broker *broker;  // NULL: mosquitto is not installed
    int ep;
    size_t busy;
    int64_t number, started_us, took_us;
} mixed;

// Every report bears a number of its own: as its text, or as the device's time to the microsecond.
vg_status mixed_dial(mixed *m, vg_err *err) VG_USE_RESULT;
vg_status mixed_drive(mixed *m,
                      vg_err *err) VG_USE_RESULT;  // for b->seconds, then until all is answered
void mixed_hang_up(mixed *m);

uint16_t mixed_free_port(void);  // of loopback; 0: none

// A mosquitto of our own on a free port of loopback. VG_OK and NULL: there is none on this machine.
vg_status mixed_broker_start(bench *b, mixed_broker **ret, vg_err *err) VG_USE_RESULT;
void mixed_broker_stop(mixed_broker *k);  // NULL is fine
uint16_t mixed_broker_port(const mixed_broker *k);
// Until the node has subscribed: trials are sent until one stands in its journal (path: its database).
vg_status mixed_broker_meet(mixed_broker *k, const char *path, vg_err *err) VG_USE_RESULT;
vg_status mixed_broker_send(mixed_broker *k, size_t device, int64_t number,
                            vg_err *err) VG_USE_RESULT;
// What stands in the journal since the last call: into latency; ret_done grows.
vg_status mixed_broker_turn(mixed_broker *k, bench_sample *latency_us, int64_t *ret_done,
                            vg_err *err) VG_USE_RESULT;
