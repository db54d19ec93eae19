// SPDX-License-Identifier: Apache-2.0
// The table of maps and what they share. Texts from outside are composed (NFC) once, here, so that a name
// typed into a form and a name on the wire are equal when they look equal.
#include "ingest/mqtt/map.h"

#include "base/text.h"

const mqtt_map *mqtt_map_of(vg_str name)
{
    static const mqtt_map *const all[] = {&mqtt_map_frigate, &mqtt_map_zigbee, &mqtt_map_generic};
    for (size_t i = 0; i < VG_LEN(all); i++) {
        if (vg_str_eqc(name, all[i]->name)) {
            return all[i];
        }
    }
    return NULL;
}

mqtt_saying *mqtt_say(mqtt_said *ret, mqtt_form form, vg_str device)
{
    mqtt_saying *s = &ret->v[ret->n < MQTT_SAYINGS - 1 ? ret->n++ : MQTT_SAYINGS - 1];
    *s = (mqtt_saying){.form = form, .device = device, .kind = "", .verb = VG_SIG_RAISE};
    return s;
}

bool mqtt_below(vg_str prefix, vg_str topic, vg_str *ret_rest)
{
    if (topic.n <= prefix.n + 1 || memcmp(topic.p, prefix.p, prefix.n) != 0 ||
        topic.p[prefix.n] != '/') {
        return false;
    }
    *ret_rest = (vg_str){topic.p + prefix.n + 1, topic.n - prefix.n - 1};
    return true;
}

json_t *mqtt_object(vg_str payload)
{
    json_t *o = NULL;
    if (vg_json_parse(payload, MQTT_PAYLOAD_MAX, &o, NULL) != VG_OK || !json_is_object(o)) {
        json_decref(o);
        return NULL;
    }
    return o;
}

vg_str mqtt_text(vg_arena *a, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    vg_str s = {json_string_value(v), json_string_length(v)};
    if (!json_is_string(v) || s.n > 1000 || vg_nfc(a, s, &s, NULL) != VG_OK) {
        return (vg_str){"", 0};
    }
    s = vg_str_dup(a, s);
    return s.p ? s : (vg_str){"", 0};
}
