// SPDX-License-Identifier: Apache-2.0
// What a message of a broker says, in our words. A map is a pure function: topic and payload in, sayings out;
// it knows no socket, no register and nothing of what was said before. memory.h makes signals of the sayings
// that are news.
#pragma once

#include "core/link.h"
#include "core/link_rules.h"
#include "core/signal.h"

enum {
    MQTT_TOPIC_MAX = 300,
    MQTT_PAYLOAD_MAX = 256 * 1024,
    MQTT_SAYINGS = 24,
    MQTT_FILTERS = VG_LINK_RULES
};

typedef enum mqtt_form {
    MQTT_STATE,  // true or not, said again and again: a change is a signal
    MQTT_ONCE,  // happened: a signal, unless it is the same as the last (episode); never from a retained one
    MQTT_ALIVE  // a sign of life
} mqtt_form;

typedef struct mqtt_saying {
    mqtt_form form;
    bool on;        // STATE
    bool began;     // off, and it must have been on: nobody told, so both are told
    uint8_t verb;   // of what is on (RAISE, ARM…), or of what happened; what is off: its opposite
    vg_str device;  // name within the broker
    const char *kind;
    vg_str point, text;
    vg_str
        episode;  // STATE: one occurrence of several that follow one another; ONCE: what makes it the same
    int64_t captured_us;
} mqtt_saying;

typedef enum mqtt_verdict {
    MQTT_READ,
    MQTT_PASSED_OVER,  // well formed, nothing for us
    MQTT_MALFORMED
} mqtt_verdict;

typedef struct mqtt_setup {
    vg_str prefix;  // of the topics
    const vg_link_rule *rules;
    size_t n_rules;
} mqtt_setup;

typedef struct mqtt_message {
    vg_str topic, payload;
    bool retained;
} mqtt_message;

typedef struct mqtt_said {
    mqtt_saying v[MQTT_SAYINGS];
    size_t n;
    unsigned withheld;  // faces, names, descriptions: dropped on principle
} mqtt_said;

typedef struct mqtt_map {
    const char *name, *prefix;  // prefix: when none is set
    // Texts live in a or in the message.
    mqtt_verdict (*read)(const mqtt_setup *s, vg_arena *a, const mqtt_message *m, mqtt_said *ret);
    // The topic filters to subscribe to. Texts live in a.
    size_t (*filters)(const mqtt_setup *s, vg_arena *a, vg_str v[MQTT_FILTERS]);
} mqtt_map;

extern const mqtt_map mqtt_map_frigate, mqtt_map_zigbee, mqtt_map_generic;
const mqtt_map *mqtt_map_of(vg_str name);  // NULL if there is none

// --- for the maps -------------------------------------------------------------------------------
// The next saying to fill; past the last one a spare that is not told.
mqtt_saying *mqtt_say(mqtt_said *ret, mqtt_form form, vg_str device);
// The topic after "prefix/"; false: another topic.
bool mqtt_below(vg_str prefix, vg_str topic, vg_str *ret_rest);
// A JSON object of at most MQTT_PAYLOAD_MAX; the caller decrefs. NULL: it is none.
json_t *mqtt_object(vg_str payload);
// A text member, copied; empty if there is none or it is not fit to be shown.
vg_str mqtt_text(vg_arena *a, const json_t *o, const char *key);
