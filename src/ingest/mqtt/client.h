// SPDX-License-Identifier: Apache-2.0
// One connection to one broker: libmosquitto, driven so that nothing it would answer goes out before it is
// told to (mqtt_client_answer). One thread, no policy: who may be dialled and when is the worker's.
#pragma once

#include "ingest/mqtt/map.h"

typedef struct mqtt_client mqtt_client;

typedef struct mqtt_client_options {
    const char *host, *id, *user, *secret;  // user "" = none
    uint16_t port;
    bool tls;
    const char *ca;  // PEM; "" = the system's
    const vg_str *filters;
    size_t n_filters;
    void (*message)(void *ctx, const mqtt_message *m);
    void *ctx;
} mqtt_client_options;

// Texts are copied; filters must stay. NULL: the authority's certificate cannot be read.
mqtt_client *mqtt_client_create(const mqtt_client_options *o);
void mqtt_client_destroy(mqtt_client *c);  // hangs up; NULL is fine
// Begins to connect to this numeric address (vg_egress_resolve_reading), which speaks for the host of the options.
// NULL: well begun; else a catalogue key.
const char *mqtt_client_dial(mqtt_client *c, const char *address);
// Waits up to wait_ms for bytes and reads what is there, at most until `enough` messages came. NULL: well so far.
// Otherwise the line is down, for the reason named.
const char *mqtt_client_read(mqtt_client *c, int wait_ms, unsigned enough);
// Sends what waits to be sent: acknowledgements, subscriptions, pings.
const char *mqtt_client_answer(mqtt_client *c);
bool mqtt_client_up(const mqtt_client *c);  // accepted, and all topics granted
// Down at once: what was not acknowledged is sent again by the broker.
void mqtt_client_drop(mqtt_client *c);
