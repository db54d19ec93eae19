// SPDX-License-Identifier: Apache-2.0
// The rules of a generic MQTT link (its option "rules"): parsed in one place for the module that refuses what
// is wrong when it is saved and for the client that follows them.
//
//   [{"topic":"nha-may/+/cua","device":2,"path":"trang_thai","is":"equals","value":"mo",
//     "verb":"raise","kind":"door_opened","point":"1"}]
//
// topic   a filter with + and #        device  number of the topic's level (from 1), or a fixed name
// path    "a.b[0].c" in a JSON payload; empty: the payload is the value
// is      equals, not, greater, less, contains, any        value  what it is compared with
// verb    raise (the default), arm: a state, which ends (restore, disarm) when the comparison fails, unless
//         "else" is false; restore, disarm, test, poll, other: said when the comparison holds
#pragma once

#include "core/command.h"
#include "core/signal.h"

enum { VG_LINK_RULES = 64, VG_LINK_TOPIC = 300 };

typedef enum vg_link_test {
    VG_IS_EQUALS,
    VG_IS_NOT,
    VG_IS_GREATER,
    VG_IS_LESS,
    VG_IS_CONTAINS,
    VG_IS_ANY
} vg_link_test;

typedef struct vg_link_rule {
    vg_str topic, path, value, device, point;
    const char *kind;  // static
    int level;         // of the device in the topic, from 1; 0: device says it
    vg_link_test is;
    double number;  // of value, for greater and less
    uint8_t verb;   // vg_signal_verb
    bool ends;      // a state that ends when the comparison fails
} vg_link_rule;

// json: an array of 1 to VG_LINK_RULES. Errors name the member: "rules[2].topic". Texts are in a.
vg_status vg_link_rules(vg_arena *a, vg_str json, vg_link_rule **ret, size_t *ret_n,
                        vg_err *err) VG_USE_RESULT;
// A filter is well formed / holds a topic, as MQTT says it.
bool vg_topic_filter_ok(vg_str filter);
bool vg_topic_matches(vg_str filter, vg_str topic);
// The level-th part of a topic, from 1; empty if it has none.
vg_str vg_topic_level(vg_str topic, int level);
// Is the comparison true of this value?
bool vg_link_rule_holds(const vg_link_rule *r, vg_str value);
