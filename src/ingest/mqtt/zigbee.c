// SPDX-License-Identifier: Apache-2.0
// Zigbee2MQTT: one JSON object per device with all it knows, retained or not, said again at every change of
// anything. Members we know become states (contact true is a closed door), an action that calls for help
// becomes a panic; link quality, colours and temperatures are no business of a guard post. Friendly names may
// hold '/': the device is whatever stands between the prefix and the end (or "/availability").
#include "ingest/mqtt/map.h"

static const struct {
    const char *member, *kind;
    bool when;  // the value that raises
} STATES[] = {
    {"contact", "door_opened", false},
    {"occupancy", "motion_alarm", true},
    {"presence", "motion_alarm", true},
    {"tamper", "tamper", true},
    {"battery_low", "battery_trouble", true},
    {"smoke", "smoke", true},
    {"gas", "gas", true},
    {"carbon_monoxide", "gas", true},
    {"water_leak", "water", true},
    {"sos", "panic", true},
};

// Two members of one kind are two conditions: the second bears its name.
static vg_str point_of(const char *member)
{
    static const char *const second[] = {"presence", "carbon_monoxide"};
    for (size_t i = 0; i < VG_LEN(second); i++) {
        if (strcmp(member, second[i]) == 0) {
            return vg_str_c(second[i]);
        }
    }
    return vg_str_c("");
}

static void states(const json_t *o, vg_str device, mqtt_said *ret)
{
    for (size_t i = 0; i < VG_LEN(STATES); i++) {
        const json_t *v = json_object_get(o, STATES[i].member);
        if (json_is_boolean(v)) {
            mqtt_saying *s = mqtt_say(ret, MQTT_STATE, device);
            s->kind = STATES[i].kind;
            s->on = json_is_true(v) == STATES[i].when;
            s->point = point_of(STATES[i].member);
        }
    }
}

static bool calls_for_help(vg_str action)
{
    static const char *const words[] = {"emergency", "panic", "sos"};
    for (size_t i = 0; i < VG_LEN(words); i++) {
        if (memmem(action.p, action.n, words[i], strlen(words[i]))) {
            return true;
        }
    }
    return false;
}

static void action(vg_arena *a, const json_t *o, vg_str device, mqtt_said *ret)
{
    const vg_str word = mqtt_text(a, o, "action");
    if (!word.n || word.n > 60) {
        return;
    }
    mqtt_saying *s = mqtt_say(ret, MQTT_ONCE, device);
    const bool help = calls_for_help(word);
    s->kind = help ? "panic" : "other";
    s->verb = help ? VG_SIG_RAISE : VG_SIG_OTHER;
    s->text = word;
}

static mqtt_verdict availability(vg_arena *a, const mqtt_message *m, vg_str device, mqtt_said *ret)
{
    json_t *o = mqtt_object(m->payload);
    const vg_str word = o ? mqtt_text(a, o, "state") : m->payload;
    const bool up = vg_str_eqc(word, "online"), known = up || vg_str_eqc(word, "offline");
    json_decref(o);
    if (!known) {
        return MQTT_MALFORMED;
    }
    mqtt_saying *s = mqtt_say(ret, MQTT_STATE, device);
    s->kind = "device_trouble";
    s->on = !up;
    if (up) {
        mqtt_say(ret, MQTT_ALIVE, device);
    }
    return MQTT_READ;
}

// "name/availability": true, and the name without it.
static bool is_availability(vg_str *device)
{
    static const vg_str tail = {"/availability", 13};
    if (device->n <= tail.n || memcmp(device->p + device->n - tail.n, tail.p, tail.n) != 0) {
        return false;
    }
    device->n -= tail.n;
    return true;
}

static mqtt_verdict read(const mqtt_setup *s, vg_arena *a, const mqtt_message *m, mqtt_said *ret)
{
    vg_str device;
    if (!mqtt_below(s->prefix, m->topic, &device) || vg_str_starts(device, "bridge/") ||
        vg_str_eqc(device, "bridge")) {
        return MQTT_PASSED_OVER;
    }
    if (is_availability(&device)) {
        return availability(a, m, device, ret);
    }
    const vg_str last = {device.p + device.n - (device.n > 4 ? 4 : 0), device.n > 4 ? 4 : 0};
    if (vg_str_eqc(last, "/set") || vg_str_eqc(last, "/get")) {
        return MQTT_PASSED_OVER;  // what somebody tells the device
    }
    json_t *o = mqtt_object(m->payload);
    if (!o) {
        return MQTT_MALFORMED;
    }
    states(o, device, ret);
    action(a, o, device, ret);
    mqtt_say(ret, MQTT_ALIVE, device);
    json_decref(o);
    return MQTT_READ;
}

static size_t filters(const mqtt_setup *s, vg_arena *a, vg_str v[MQTT_FILTERS])
{
    v[0] = vg_str_f(a, "%.*s/#", VG_FMT(s->prefix));
    return 1;
}

const mqtt_map mqtt_map_zigbee = {"zigbee2mqtt", "zigbee2mqtt", read, filters};
