// SPDX-License-Identifier: Apache-2.0
// A broker whose topics only its owner knows: his rules (core/link_rules.h) say which value of which topic
// means what. All rules that match a topic are asked; a payload that has no such member says nothing.
#include "ingest/mqtt/map.h"

#include "base/text.h"

// The member that "a.b[0].c" names; NULL: there is none.
static const json_t *walk(const json_t *v, vg_str path)
{
    size_t i = 0;
    while (v && i < path.n) {
        if (path.p[i] == '[') {
            size_t at = 0;
            for (i++; i < path.n && path.p[i] >= '0' && path.p[i] <= '9' && at < 100000; i++) {
                at = at * 10 + (size_t)(path.p[i] - '0');
            }
            if (i >= path.n || path.p[i] != ']') {
                return NULL;
            }
            i++;
            v = json_array_get(v, at);
        } else {
            char key[128];
            size_t n = 0;
            i += path.p[i] == '.';
            while (i < path.n && path.p[i] != '.' && path.p[i] != '[' && n < sizeof key - 1) {
                key[n++] = path.p[i++];
            }
            key[n] = '\0';
            v = n ? json_object_get(v, key) : NULL;
        }
    }
    return v;
}

// A scalar as text, as the rules have it.
static bool as_text(vg_arena *a, const json_t *v, vg_str *ret)
{
    if (json_is_string(v)) {
        *ret = vg_str_dup(a, (vg_str){json_string_value(v), json_string_length(v)});
    } else if (json_is_integer(v)) {
        *ret = vg_str_f(a, "%lld", (long long)json_integer_value(v));
    } else if (json_is_real(v)) {
        *ret = vg_str_f(a, "%.10g", json_real_value(v));
    } else if (json_is_boolean(v)) {
        *ret = vg_str_c(json_is_true(v) ? "true" : "false");
    } else {
        return false;
    }
    return ret->p != NULL;
}

static bool value_of(vg_arena *a, const vg_link_rule *r, const mqtt_message *m, json_t **tree,
                     vg_str *ret)
{
    if (!r->path.n) {
        *ret = vg_str_trim(m->payload);
        return vg_utf8_valid(*ret);
    }
    if (!*tree && vg_json_parse(m->payload, MQTT_PAYLOAD_MAX, tree, NULL) != VG_OK) {
        *tree = NULL;
        return false;
    }
    return as_text(a, walk(*tree, r->path), ret);
}

static void apply(const vg_link_rule *r, const mqtt_message *m, vg_str value, mqtt_said *ret)
{
    const vg_str device = r->level ? vg_topic_level(m->topic, r->level) : r->device;
    const bool holds = vg_link_rule_holds(r, value);
    if (!device.n || (!holds && !r->ends)) {
        return;
    }
    if (r->verb == VG_SIG_POLL) {
        mqtt_say(ret, MQTT_ALIVE, device);
        return;
    }
    mqtt_saying *s = mqtt_say(ret, r->ends ? MQTT_STATE : MQTT_ONCE, device);
    s->kind = r->kind;
    s->verb = r->verb;
    s->on = holds;
    s->point = r->point;
    if (vg_utf8_valid(value)) {
        s->text = value;
    }
}

static mqtt_verdict read(const mqtt_setup *s, vg_arena *a, const mqtt_message *m, mqtt_said *ret)
{
    json_t *tree = NULL;
    bool mine = false, read_any = false;
    for (size_t i = 0; i < s->n_rules; i++) {
        vg_str value;
        if (vg_topic_matches(s->rules[i].topic, m->topic)) {
            mine = true;
            if (value_of(a, &s->rules[i], m, &tree, &value)) {
                read_any = true;
                apply(&s->rules[i], m, value, ret);
            }
        }
    }
    json_decref(tree);
    if (ret->n && ret->v[0].form != MQTT_ALIVE) {
        mqtt_say(ret, MQTT_ALIVE, ret->v[0].device);
    }
    return !mine ? MQTT_PASSED_OVER : read_any ? MQTT_READ : MQTT_MALFORMED;
}

static size_t filters(const mqtt_setup *s, vg_arena *a, vg_str v[MQTT_FILTERS])
{
    size_t n = 0;
    (void)a;
    for (size_t i = 0; i < s->n_rules; i++) {
        size_t k = 0;
        while (k < n && !vg_str_eq(v[k], s->rules[i].topic)) {
            k++;
        }
        if (k == n) {
            v[n++] = s->rules[i].topic;
        }
    }
    return n;
}

const mqtt_map mqtt_map_generic = {"generic", "", read, filters};
