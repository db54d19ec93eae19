// SPDX-License-Identifier: Apache-2.0
// The maps on hostile payloads. Input: the map (one byte), a topic to the first line feed, a payload. What a map
// says must be text that can be shown, in its limits; and what was said twice is no news the second time.
#include "base/text.h"
#include "ingest/mqtt/memory.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(mqtt_memory *m, const mqtt_said *said)
{
    assert(said->n < MQTT_SAYINGS);
    for (size_t i = 0; i < said->n; i++) {
        const mqtt_saying *s = &said->v[i];
        assert(s->device.n > 0 && s->kind);
        assert(vg_utf8_valid(s->device) && vg_utf8_valid(s->point) && vg_utf8_valid(s->text));
        if (s->form != MQTT_ALIVE) {
            (void)mqtt_memory_tell(m, "a", s, 1);
            const mqtt_news again = mqtt_memory_tell(m, "a", s, 2);
            assert(again.n == 0 || (s->form == MQTT_ONCE && !s->episode.n));
        }
    }
    mqtt_memory_settle(m, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const mqtt_map *const maps[] = {&mqtt_map_frigate, &mqtt_map_zigbee, &mqtt_map_generic};
    static const unsigned char key[16];
    vg_link_rule *rules = NULL;
    mqtt_setup s = {{NULL, 0}, NULL, 0};
    const char *text = (const char *)data;
    const char *line = n > 1 ? memchr(text + 1, '\n', n - 1) : NULL;
    if (!line || n > 100000) {
        return 0;
    }
    vg_arena *a = vg_arena_create(8 << 20);
    const vg_status st = vg_link_rules(
        a,
        VG_S("[{\"topic\":\"a/+/#\",\"device\":2,\"path\":\"a.b[0].c\","
             "\"is\":\"greater\",\"value\":1,\"kind\":\"heat\"},{\"topic\":\"#\","
             "\"device\":\"x\",\"is\":\"contains\",\"value\":\"on\",\"kind\":\"gas\"}]"),
        &rules, &s.n_rules, NULL);
    assert(st == VG_OK);
    const mqtt_map *map = maps[data[0] % VG_LEN(maps)];
    s.rules = rules;
    s.prefix = vg_str_c(map->prefix);
    mqtt_message m = {.payload = {line + 1, n - 1 - (size_t)(line - text)},
                      .retained = data[0] & 64};
    if (vg_nfc(a, (vg_str){text + 1, (size_t)(line - text) - 1}, &m.topic, NULL) == VG_OK) {
        mqtt_said said = {.n = 0};
        mqtt_memory *memory = mqtt_memory_create(key);
        (void)map->read(&s, a, &m, &said);
        check(memory, &said);
        mqtt_memory_destroy(memory);
    }
    // The same bytes as rules: refused or sound.
    if (vg_link_rules(a, m.payload, &rules, &s.n_rules, NULL) == VG_OK) {
        assert(s.n_rules > 0 && s.n_rules <= VG_LINK_RULES && vg_topic_filter_ok(rules[0].topic));
    }
    vg_arena_destroy(a);
    return 0;
}
