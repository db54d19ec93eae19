// SPDX-License-Identifier: Apache-2.0
// Brokers: a client for each link of kind "mqtt". See mqtt.md.
#pragma once

#include "core/link.h"

typedef struct vg_mqtt vg_mqtt;

typedef enum vg_mqtt_count {
#define X(name) VG_MQTT_##name,
#include "ingest/mqtt/counters.def"
#undef X
    VG_MQTT_COUNTS
} vg_mqtt_count;

const char *vg_mqtt_count_name(vg_mqtt_count c);

vg_status vg_mqtt_start(vg_core *core, vg_mqtt **ret, vg_err *err) VG_USE_RESULT;
void vg_mqtt_stop(vg_mqtt *m);  // while the scribe still answers; NULL is fine
uint64_t vg_mqtt_count_of(const vg_mqtt *m, vg_mqtt_count c);

enum { VG_MQTT_ADDRESS = 40 };
// The address of a device's source: "SCOPE/DEVICE". What does not fit is cut and ends in a hash of the whole.
void vg_mqtt_address(vg_str scope, vg_str device, char out[VG_MQTT_ADDRESS]);
