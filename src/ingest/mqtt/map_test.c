// SPDX-License-Identifier: Apache-2.0
// What the maps make of payloads, and what the memory makes news of. Payloads are ours; where the published
// samples lie beside the tree they are read, too: nothing of them may be malformed.
#include "base/clock.h"
#include "base/prop_test.h"
#include "ingest/mqtt/memory.h"
#include "ingest/mqtt/mqtt.h"

#include <dirent.h>
#include <setjmp.h>
#include <cmocka.h>

typedef struct kit {
    vg_arena *a;
    mqtt_memory *m;
    mqtt_said said;
    char told[512];  // "raise motion_alarm/san "…
} kit;

static int setup(void **state)
{
    static const unsigned char key[16] = {1};
    kit *k = vg_alloc(sizeof *k);
    k->a = vg_arena_create(1 << 20);
    k->m = mqtt_memory_create(key);
    *state = k;
    return 0;
}

static int teardown(void **state)
{
    kit *k = *state;
    vg_arena_destroy(k->a);
    mqtt_memory_destroy(k->m);
    free(k);
    return 0;
}

static mqtt_verdict hear(kit *k, const mqtt_map *map, const mqtt_setup *s, const char *topic,
                         const char *payload)
{
    const mqtt_message m = {vg_str_c(topic), vg_str_c(payload), false};
    k->said = (mqtt_said){.n = 0};
    return map->read(s, k->a, &m, &k->said);
}

// What the memory makes of what was heard.
static const char *told(kit *k)
{
    static const char *const verbs[] = {[VG_SIG_RAISE] = "raise",
                                        [VG_SIG_RESTORE] = "restore",
                                        [VG_SIG_ARM] = "arm",
                                        [VG_SIG_DISARM] = "disarm",
                                        [VG_SIG_OTHER] = "other"};
    size_t n = 0;
    k->told[0] = '\0';
    for (size_t i = 0; i < k->said.n; i++) {
        const mqtt_saying *s = &k->said.v[i];
        const mqtt_news news =
            s->form == MQTT_ALIVE ? (mqtt_news){.n = 0} : mqtt_memory_tell(k->m, "dev", s, 1);
        for (size_t j = 0; j < news.n; j++) {
            n += (size_t)snprintf(k->told + n, sizeof k->told - n, "%s%s %s%s%.*s", n ? ", " : "",
                                  verbs[news.verb[j]], s->kind, s->point.n ? "/" : "",
                                  (int)s->point.n, s->point.n ? s->point.p : "");
        }
    }
    return k->told;
}

// --- Frigate ------------------------------------------------------------------------------------
static const mqtt_setup FRIGATE = {{"frigate", 7}, NULL, 0};

static const char *review(kit *k, const char *type, const char *id, const char *severity,
                          const char *zones)
{
    char payload[600];
    snprintf(payload, sizeof payload,
             "{\"type\":\"%s\",\"before\":{},\"after\":{\"id\":\"%s\",\"camera\":\"cong\","
             "\"severity\":\"%s\",\"start_time\":1795000000.5,\"end_time\":1795000020,"
             "\"data\":{\"objects\":[\"person\"],\"sub_labels\":[],\"zones\":[%s]}}}",
             type, id, severity, zones);
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, "frigate/reviews", payload), MQTT_READ);
    return told(k);
}

static void a_review_is_told_once_however_often_it_is_said(void **state)
{
    kit *k = *state;
    assert_string_equal(review(k, "new", "a", "alert", ""), "raise motion_alarm");
    assert_string_equal(review(k, "update", "a", "alert", ""), "");
    assert_string_equal(review(k, "update", "a", "alert", "\"san\""), "raise motion_alarm/san");
    assert_string_equal(review(k, "end", "a", "alert", "\"san\""),
                        "restore motion_alarm, restore motion_alarm/san");
    assert_string_equal(review(k, "update", "a", "alert", "\"san\""), "");  // late
    assert_string_equal(review(k, "new", "b", "alert", "\"san\""), "raise motion_alarm/san");
}

static void a_review_whose_beginning_was_missed_is_told_whole(void **state)
{
    kit *k = *state;
    assert_string_equal(review(k, "end", "a", "alert", "\"san\""),
                        "raise motion_alarm/san, restore motion_alarm/san");
    assert_string_equal(review(k, "end", "a", "alert", "\"san\""), "");
    assert_string_equal(review(k, "end", "c", "detection", ""), "");  // only movement, and over
}

static void what_only_moved_becomes_an_alarm(void **state)
{
    kit *k = *state;
    assert_string_equal(review(k, "new", "a", "detection", ""), "raise motion");
    assert_int_equal(
        hear(k, &mqtt_map_frigate, &FRIGATE, "frigate/reviews",
             "{\"type\":\"update\",\"before\":{\"severity\":\"detection\"},\"after\":{\"id\":\"a\","
             "\"camera\":\"cong\",\"severity\":\"alert\",\"data\":{}}}"),
        MQTT_READ);
    assert_string_equal(told(k), "raise motion_alarm, restore motion");
}

static void people_are_not_named(void **state)
{
    kit *k = *state;
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, "frigate/tracked_object_update",
                          "{\"type\":\"face\",\"name\":\"A\",\"camera\":\"cong\"}"),
                     MQTT_PASSED_OVER);
    assert_int_equal(k->said.withheld, 1);
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, "frigate/tracked_object_update",
                          "{\"type\":\"lpr\",\"id\":\"t\",\"name\":\"A\",\"camera\":\"cong\","
                          "\"plate\":\"29A43374\",\"timestamp\":1795000000}"),
                     MQTT_READ);
    assert_int_equal(k->said.withheld, 1);
    assert_true(vg_str_eqc(k->said.v[0].text, "29A43374"));
    assert_string_equal(told(k), "raise plate_read");
    assert_string_equal(told(k), "");  // the same pass of the same car
}

static void a_camera_that_is_off_is_trouble(void **state)
{
    kit *k = *state;
    const char *topic = "frigate/cong/status/detect";
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, topic, "online"), MQTT_READ);
    assert_string_equal(told(k), "");
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, topic, "offline"), MQTT_READ);
    assert_string_equal(told(k), "raise device_trouble/detect");
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, topic, "online"), MQTT_READ);
    assert_string_equal(told(k), "restore device_trouble/detect");
    assert_int_equal(hear(k, &mqtt_map_frigate, &FRIGATE, "frigate/available", "maybe"),
                     MQTT_MALFORMED);
}

static void the_published_samples_are_understood(void **state)
{
    kit *k = *state;
    char folder[512], path[800];
    snprintf(folder, sizeof folder, "%s/../shared/data/protocols/frigate",
             getenv("VG_ROOT") ? getenv("VG_ROOT") : ".");
    DIR *d = opendir(folder);
    const struct dirent *e;
    int n = 0;
    if (!d) {
        skip();
    }
    while ((e = readdir(d))) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        json_t *sample = e->d_name[0] == '0' ? json_load_file(path, 0, NULL) : NULL;
        const char *topic = json_string_value(json_object_get(sample, "topic"));
        char *payload =
            topic ? json_dumps(json_object_get(sample, "payload"), JSON_ENCODE_ANY) : NULL;
        if (payload) {
            assert_int_not_equal(hear(k, &mqtt_map_frigate, &FRIGATE, topic, payload),
                                 MQTT_MALFORMED);
            n++;
        }
        free(payload);
        json_decref(sample);
    }
    closedir(d);
    assert_true(n > 3);
}

// --- Zigbee2MQTT --------------------------------------------------------------------------------
static const mqtt_setup ZIGBEE = {{"zigbee2mqtt", 11}, NULL, 0};

static void a_closed_door_is_contact_true(void **state)
{
    kit *k = *state;
    assert_int_equal(hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/tầng 1/cửa",
                          "{\"contact\":true,\"battery_low\":false,\"linkquality\":80}"),
                     MQTT_READ);
    assert_true(vg_str_eqc(k->said.v[0].device, "tầng 1/cửa"));
    assert_string_equal(told(k), "");
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/tầng 1/cửa",
         "{\"contact\":false,\"tamper\":true}");
    assert_string_equal(told(k), "raise door_opened, raise tamper");
    assert_string_equal(told(k), "");
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/tầng 1/cửa", "{\"contact\":true}");
    assert_string_equal(told(k), "restore door_opened");
}

static void actions_happen_each_time(void **state)
{
    kit *k = *state;
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/nút", "{\"action\":\"emergency\"}");
    assert_string_equal(told(k), "raise panic");
    assert_string_equal(told(k), "raise panic");
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/nút", "{\"action\":\"single\"}");
    assert_string_equal(told(k), "other other");
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/nút/availability", "{\"state\":\"offline\"}");
    assert_true(vg_str_eqc(k->said.v[0].device, "nút"));
    assert_string_equal(told(k), "raise device_trouble");
    assert_int_equal(hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/nút/set", "{}"),
                     MQTT_PASSED_OVER);
    assert_int_equal(hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/bridge/state", "online"),
                     MQTT_PASSED_OVER);
}

// --- rules --------------------------------------------------------------------------------------
static void the_owners_rules_are_followed(void **state)
{
    kit *k = *state;
    vg_link_rule *v = NULL;
    mqtt_setup s = {{"", 0}, NULL, 0};
    vg_err err = {0};
    assert_int_equal(
        vg_link_rules(k->a,
                      VG_S("[{\"topic\":\"kho/+/nhiet\",\"device\":2,\"path\":\"v[1].c\","
                           "\"is\":\"greater\",\"value\":60,\"kind\":\"heat\"},"
                           "{\"topic\":\"kho/#\",\"device\":\"tu\",\"path\":\"khoa\","
                           "\"value\":true,\"verb\":\"arm\"}]"),
                      &v, &s.n_rules, &err),
        VG_OK);
    s.rules = v;
    hear(k, &mqtt_map_generic, &s, "kho/a/nhiet", "{\"v\":[0,{\"c\":60.5}]}");
    assert_true(vg_str_eqc(k->said.v[0].device, "a"));
    assert_string_equal(told(k), "raise heat");
    hear(k, &mqtt_map_generic, &s, "kho/a/nhiet", "{\"v\":[0,{\"c\":60}]}");
    assert_string_equal(told(k), "restore heat");
    assert_int_equal(hear(k, &mqtt_map_generic, &s, "kho/a/nhiet", "{}"), MQTT_MALFORMED);
    hear(k, &mqtt_map_generic, &s, "kho/x", "{\"khoa\":false}");
    assert_string_equal(told(k), "disarm armed");  // how it stands must be known
    hear(k, &mqtt_map_generic, &s, "kho/x", "{\"khoa\":true}");
    assert_string_equal(told(k), "arm armed");
}

static void filters_as_the_standard_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *topic;
        bool fits;
    } t[] = {
        {"a/b", "a/b", true},    {"a/+", "a/b", true},    {"a/+", "a/b/c", false},
        {"a/#", "a/b/c", true},  {"#", "a", true},        {"#", "$SYS/x", false},
        {"a/+/c", "a//c", true}, {"a/b/c", "a/b", false}, {"+/b", "/b", true},
    };
    for (size_t i = 0; i < VG_LEN(t); i++) {
        assert_int_equal(vg_topic_matches(vg_str_c(t[i].filter), vg_str_c(t[i].topic)), t[i].fits);
    }
    assert_false(vg_topic_filter_ok(VG_S("a/#/b")));
    assert_false(vg_topic_filter_ok(VG_S("a+")));
    assert_true(vg_topic_filter_ok(VG_S("+/b/#")));
}

// --- memory -------------------------------------------------------------------------------------
static void what_was_not_written_is_news_again(void **state)
{
    kit *k = *state;
    const char *smoke = "{\"smoke\":true}";
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/k", smoke);
    assert_string_equal(told(k), "raise smoke");
    mqtt_memory_settle(k->m, false);
    assert_string_equal(told(k), "raise smoke");
    mqtt_memory_settle(k->m, true);
    assert_string_equal(told(k), "");
}

static void what_the_scribe_kept_is_known_after_a_restart(void **state)
{
    static const unsigned char key[16] = {1};
    kit *k = *state;
    hear(k, &mqtt_map_zigbee, &ZIGBEE, "zigbee2mqtt/k", "{\"smoke\":true}");
    const mqtt_news n = mqtt_memory_tell(k->m, "dev", &k->said.v[0], 1);
    assert_true(n.kept);
    mqtt_memory_destroy(k->m);
    k->m = mqtt_memory_create(key);
    mqtt_memory_learn(k->m, n.thing, n.value, 1);
    assert_string_equal(told(k), "");
}

static void it_is_bounded_and_what_is_on_goes_last(void **state)
{
    kit *k = *state;
    char device[32];
    mqtt_saying on = {.form = MQTT_STATE, .on = true, .kind = "smoke", .verb = VG_SIG_RAISE};
    assert_int_equal(mqtt_memory_tell(k->m, "fire", &on, 1).n, 1);
    mqtt_memory_settle(k->m, true);
    for (int i = 0; i < 20000; i++) {
        mqtt_saying s = on;
        snprintf(device, sizeof device, "d%d", i);
        (void)mqtt_memory_tell(k->m, device, &s, 2);
        s.on = false;
        (void)mqtt_memory_tell(k->m, device, &s, 2);
        mqtt_memory_settle(k->m, true);
    }
    assert_int_equal(mqtt_memory_tell(k->m, "fire", &on, 3).n, 0);
    assert_true(mqtt_memory_forgotten(k->m) > 0);
}

static void addresses_fit_and_differ(void **state)
{
    (void)state;
    char a[VG_MQTT_ADDRESS], b[VG_MQTT_ADDRESS];
    vg_mqtt_address(VG_S("cam"), VG_S("cong"), a);
    assert_string_equal(a, "cam/cong");
    vg_mqtt_address(VG_S("zb"), VG_S("tầng hầm thứ nhất/phòng máy phát điện/cửa"), a);
    vg_mqtt_address(VG_S("zb"), VG_S("tầng hầm thứ nhất/phòng máy phát điện/khói"), b);
    assert_true(strlen(a) < sizeof a && strchr(a, '~'));
    assert_string_not_equal(a, b);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_review_is_told_once_however_often_it_is_said),
        T(a_review_whose_beginning_was_missed_is_told_whole),
        T(what_only_moved_becomes_an_alarm),
        T(people_are_not_named),
        T(a_camera_that_is_off_is_trouble),
        T(the_published_samples_are_understood),
        T(a_closed_door_is_contact_true),
        T(actions_happen_each_time),
        T(the_owners_rules_are_followed),
        T(filters_as_the_standard_has_them),
        T(what_was_not_written_is_news_again),
        T(what_the_scribe_kept_is_known_after_a_restart),
        T(it_is_bounded_and_what_is_on_goes_last),
        T(addresses_fit_and_differ),
    };
    return cmocka_run_group_tests_name("ingest.mqtt.map", tests, NULL, NULL);
}
