// SPDX-License-Identifier: Apache-2.0
// Frigate (an NVR that finds people and cars in pictures). Reviews become conditions of the camera and of each
// of its zones: "alert" is motion_alarm, "detection" is motion; the review's id is the episode, so that a
// message said again is no news. Plates become plate_read. frigate/available and the cameras' status are
// supervision. Faces, sub-labels, descriptions and classes of people are not read at all, on principle: what
// is dropped is counted (withheld). Tracked-object events are too chatty and say nothing that reviews do not.
#include "ingest/mqtt/map.h"

#include "base/clock.h"

enum { ZONES = 8, NAME_MAX_BYTES = 120 };

static int64_t time_of(const json_t *v)
{
    const double s = json_number_value(v);
    return s > 0 && s < 4e9 ? (int64_t)(s * 1e6) : 0;
}

// --- reviews ------------------------------------------------------------------------------------
// "person, car": kinds of objects, never who.
static vg_str objects_of(vg_arena *a, const json_t *data)
{
    size_t i;
    json_t *o;
    vg_str text = {"", 0};
    json_array_foreach(json_object_get(data, "objects"), i, o)
    {
        const char *word = json_string_value(o);
        if (word && i < ZONES && strlen(word) < 40 && !strstr(word, "-verified")) {
            text = vg_str_f(a, "%.*s%s%s", VG_FMT(text), text.n ? ", " : "", word);
        }
    }
    return text;
}

typedef struct review {
    vg_str id, camera, text;
    const char *kind;
    bool on, zones;
    int64_t at_us;
} review;

static void say_review(mqtt_said *ret, const review *r, vg_str zone)
{
    mqtt_saying *s = mqtt_say(ret, MQTT_STATE, r->camera);
    s->kind = r->kind;
    s->on = r->on;
    s->began = !r->on && strcmp(r->kind, "motion_alarm") == 0 && (zone.n || !r->zones);
    s->point = zone;
    s->text = r->text;
    s->episode = r->id;
    s->captured_us = r->at_us;
}

static bool read_review(vg_arena *a, const json_t *top, review *r)
{
    const json_t *after = json_object_get(top, "after");
    const vg_str type = mqtt_text(a, top, "type");
    const vg_str severity = mqtt_text(a, after, "severity");
    const bool alert = vg_str_eqc(severity, "alert");
    r->id = mqtt_text(a, after, "id");
    r->camera = mqtt_text(a, after, "camera");
    r->kind = alert ? "motion_alarm" : "motion";
    r->on = !vg_str_eqc(type, "end");
    r->at_us = time_of(json_object_get(after, r->on ? "start_time" : "end_time"));
    r->text = objects_of(a, json_object_get(after, "data"));
    const bool known = !r->on || vg_str_eqc(type, "new") || vg_str_eqc(type, "update");
    return known && (alert || vg_str_eqc(severity, "detection")) && r->id.n && r->id.n < 80 &&
           r->camera.n && r->camera.n < NAME_MAX_BYTES;
}

// A zone that a person enters later is another condition; what was said of the camera before stays true until
// the end, and the end ends all that began.
static mqtt_verdict reviews(vg_arena *a, const json_t *top, mqtt_said *ret)
{
    size_t i;
    json_t *z;
    review r = {0};
    if (!read_review(a, top, &r)) {
        return MQTT_MALFORMED;
    }
    const json_t *data = json_object_get(json_object_get(top, "after"), "data");
    const json_t *zones = json_object_get(data, "zones");
    r.zones = json_array_size(zones) > 0;
    ret->withheld += json_array_size(json_object_get(data, "sub_labels")) > 0 ? 1 : 0;
    const bool severer =
        strcmp(r.kind, "motion_alarm") == 0 &&
        vg_str_eqc(mqtt_text(a, json_object_get(top, "before"), "severity"), "detection");
    if (!r.zones || !r.on) {
        say_review(ret, &r, vg_str_c(""));
    }
    json_array_foreach(zones, i, z)
    {
        const char *name = json_string_value(z);
        if (name && *name && i < ZONES && strlen(name) < NAME_MAX_BYTES) {
            say_review(ret, &r, vg_str_dup(a, vg_str_c(name)));
        }
    }
    if (severer) {  // what was only movement has become an alarm: the movement is over
        r.kind = "motion";
        r.on = false;
        say_review(ret, &r, vg_str_c(""));
    }
    return MQTT_READ;
}

// --- plates -------------------------------------------------------------------------------------
static mqtt_verdict updates(vg_arena *a, const json_t *top, mqtt_said *ret)
{
    if (!vg_str_eqc(mqtt_text(a, top, "type"), "lpr")) {
        ret->withheld++;
        return MQTT_PASSED_OVER;
    }
    const vg_str plate = mqtt_text(a, top, "plate"), camera = mqtt_text(a, top, "camera"),
                 id = mqtt_text(a, top, "id");
    if (!plate.n || plate.n > 20 || !camera.n || camera.n >= NAME_MAX_BYTES || id.n > 80) {
        return MQTT_MALFORMED;
    }
    mqtt_saying *s = mqtt_say(ret, MQTT_ONCE, camera);
    s->kind = "plate_read";
    s->text = plate;
    s->episode = vg_str_f(a, "%.*s %.*s", VG_FMT(id), VG_FMT(plate));
    s->captured_us = time_of(json_object_get(top, "timestamp"));
    ret->withheld += json_is_string(json_object_get(top, "name")) ? 1 : 0;
    return MQTT_READ;
}

// --- supervision --------------------------------------------------------------------------------
static mqtt_verdict health(mqtt_said *ret, vg_str device, vg_str point, vg_str payload)
{
    const bool up = vg_str_eqc(payload, "online");
    if (vg_str_eqc(payload, "disabled")) {
        return MQTT_PASSED_OVER;
    }
    if (!up && !vg_str_eqc(payload, "offline") && !vg_str_eqc(payload, "stopped")) {
        return MQTT_MALFORMED;
    }
    mqtt_saying *s = mqtt_say(ret, MQTT_STATE, device);
    s->kind = "device_trouble";
    s->on = !up;
    s->point = point;
    if (up) {
        mqtt_say(ret, MQTT_ALIVE, device);
    }
    return MQTT_READ;
}

static mqtt_verdict json_topic(vg_arena *a, vg_str payload, mqtt_said *ret,
                               mqtt_verdict (*fn)(vg_arena *, const json_t *, mqtt_said *))
{
    json_t *top = mqtt_object(payload);
    const mqtt_verdict v = top ? fn(a, top, ret) : MQTT_MALFORMED;
    json_decref(top);
    return v;
}

static mqtt_verdict read(const mqtt_setup *s, vg_arena *a, const mqtt_message *m, mqtt_said *ret)
{
    vg_str rest;
    if (!mqtt_below(s->prefix, m->topic, &rest)) {
        return MQTT_PASSED_OVER;
    }
    if (vg_str_eqc(rest, "reviews")) {
        // A retained one is a picture of the past; a review that goes on is told again at its next update.
        return m->retained ? MQTT_PASSED_OVER : json_topic(a, m->payload, ret, reviews);
    }
    if (vg_str_eqc(rest, "tracked_object_update")) {
        return json_topic(a, m->payload, ret, updates);
    }
    if (vg_str_eqc(rest, "available")) {
        return health(ret, s->prefix, vg_str_c(""), m->payload);
    }
    if (vg_str_eqc(vg_topic_level(rest, 2), "status") && !vg_topic_level(rest, 4).n) {
        return health(ret, vg_topic_level(rest, 1), vg_topic_level(rest, 3), m->payload);
    }
    return MQTT_PASSED_OVER;
}

static size_t filters(const mqtt_setup *s, vg_arena *a, vg_str v[MQTT_FILTERS])
{
    static const char *const tails[] = {"reviews", "tracked_object_update", "available",
                                        "+/status/+"};
    for (size_t i = 0; i < VG_LEN(tails); i++) {
        v[i] = vg_str_f(a, "%.*s/%s", VG_FMT(s->prefix), tails[i]);
    }
    return VG_LEN(tails);
}

const mqtt_map mqtt_map_frigate = {"frigate", "frigate", read, filters};
