// SPDX-License-Identifier: Apache-2.0
// What a broker's devices were last told to say, so that only news becomes a signal: a state said again, a
// retained message replayed after a reconnect, a review repeated are none. Bounded; filled at a start from what
// the scribe kept (core/signal_state.h). One thread.
#pragma once

#include "ingest/mqtt/map.h"

typedef struct mqtt_memory mqtt_memory;

typedef struct mqtt_news {
    uint8_t verb[2];
    size_t n;   // signals to make: 0, 1, or 2 (a beginning that nobody told and its end)
    bool kept;  // thing and value are to be kept with the signals
    uint64_t thing, value;
} mqtt_news;

mqtt_memory *mqtt_memory_create(const unsigned char key[16]);
void mqtt_memory_destroy(mqtt_memory *m);
void mqtt_memory_learn(mqtt_memory *m, uint64_t thing, uint64_t value, int64_t at_us);
// source: the id of the registered device.
mqtt_news mqtt_memory_tell(mqtt_memory *m, const char *source, const mqtt_saying *s,
                           int64_t now_us);
// What was told since the last settling is on disk, or is not and must be news again.
void mqtt_memory_settle(mqtt_memory *m, bool committed);
bool mqtt_memory_full(const mqtt_memory *m);           // settle before the next
uint64_t mqtt_memory_forgotten(const mqtt_memory *m);  // had to make room
