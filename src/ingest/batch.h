// SPDX-License-Identifier: Apache-2.0
// Signals of one loop turn on their way to the disk, and the answers that wait for them. The signals are
// the core's while it has them; the answers stay the loop thread's, so a repetition can still join.
#pragma once

#include "ingest/repeats.h"
#include "net/addr.h"
#include "net/loop.h"

enum { BATCH_SIGNALS = 512, BATCH_ANSWERS = 1024, BATCHES_MAX = 8, AWAY_MAX = 4 };

typedef struct origin {  // where a frame came from, and its answer goes
    bool udp;
    uint64_t conn;  // TCP
    vg_addr peer;
} origin;

typedef struct answer {
    origin to;
    vg_ingest_answer kind;
    uint32_t source;  // or VG_SOURCE_NONE
    bool authenticated;
    int identities;  // those to be committed or forgotten
    vg_ingest_identity identity[VG_INGEST_IDENTITIES];
    unsigned char note[VG_INGEST_NOTE_BYTES];
} answer;

typedef struct batch {
    vg_signals hand_over;
    vg_signal v[BATCH_SIGNALS];
    answer answers[BATCH_ANSWERS];
    size_t n_answers;
    vg_status st;
    vg_task back;  // posted to the loop when the core is done
    struct vg_driver *driver;
    struct batch *next_free;
} batch;
