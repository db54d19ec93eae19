// SPDX-License-Identifier: Apache-2.0
// For tests only: a register with one source of each protocol, and requests in one line.
#pragma once

#include "ingest/device/decode.h"
#include "ingest/device/device.h"

#include "base/clock.h"
#include "core/source_token.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#define KIT_NOW (INT64_C(1795000000) * VG_SECOND_US)
#define KIT_MAC "02:00:5e:10:00:01"

enum { KIT_HIK, KIT_HIK_BARE, KIT_DAHUA, KIT_ZK, KIT_STRICT, KIT_OFF, KIT_CAP, KIT_SOURCES };

typedef struct kit {
    vg_arena *a;
    vg_register *reg;
    vg_source src[KIT_SOURCES];
    vg_device_port *port;
    vg_device_call call;
    char token[KIT_SOURCES][VG_SOURCE_TOKEN];
    int64_t now_us;
    const unsigned char *certificate;
    const char *peer, *authorization, *signature, *timestamp;
    bool bad;
} kit;

static inline void kit_source(kit *k, int i, const char *proto, const char *address, bool key)
{
    vg_source *s = &k->src[i];
    snprintf(s->id, sizeof s->id, "source%010d", i);
    snprintf(s->proto, sizeof s->proto, "%s", proto);
    snprintf(s->address, sizeof s->address, "%s", address);
    s->key_len = key ? 32 : 0;
    memset(s->key, i + 1, sizeof s->key);
    (void)vg_source_token(s, k->token[i]);
}

static inline void kit_register(kit *k)
{
    vg_register_replace(k->reg, k->src, KIT_SOURCES);
}

static inline vg_device_port *kit_port(kit *k)
{
    static const unsigned char key[VG_INGEST_KEY_BYTES] = "a key of tests.";
    return vg_device_create(&(vg_device_options){k->reg, key});
}

static inline int kit_make(void **state)
{
    kit *k = vg_alloc(sizeof *k);
    k->a = vg_arena_create(32 << 20);
    k->reg = vg_register_create();
    k->now_us = KIT_NOW;
    k->peer = "192.0.2.10";
    kit_source(k, KIT_HIK, "hikvision", "02:00:5E:10:00:01", true);
    kit_source(k, KIT_HIK_BARE, "hikvision", "02:00:5e:10:00:02", false);
    kit_source(k, KIT_DAHUA, "dahua", "TESTCAM01", true);
    kit_source(k, KIT_ZK, "zkteco", "TEST00000001", false);
    kit_source(k, KIT_STRICT, "zkteco", "TEST00000002", true);
    kit_source(k, KIT_OFF, "zkteco", "TEST00000003", false);
    kit_source(k, KIT_CAP, "cap", "kttv@mau.invalid", true);
    snprintf(k->src[KIT_ZK].peers, sizeof k->src[KIT_ZK].peers, "192.0.2.0/28");
    k->src[KIT_STRICT].flags = VG_SRC_ENCRYPTED_REQUIRED;
    k->src[KIT_OFF].flags = VG_SRC_DISABLED;
    k->src[KIT_HIK].body_kb = 512;
    kit_register(k);
    k->port = kit_port(k);
    *state = k;
    return 0;
}

static inline int kit_end(void **state)
{
    kit *k = *state;
    vg_device_destroy(k->port);
    vg_register_destroy(k->reg);
    vg_arena_destroy(k->a);
    free(k);
    return 0;
}

// "POST /path?SN=1&table=ATTLOG". The answer's status; signals stay in k->call until kit_done.
static inline bool kit_say(kit *k, const char *line, const char *type, vg_str body)
{
    char *z = (char *)(uintptr_t)vg_str_z(k->a, vg_str_c(line)), *method = strsep(&z, " ");
    char *path = strsep(&z, "?"), *pair;
    vg_device_query q[VG_DEVICE_QUERIES];
    size_t n = 0;
    while (z && (pair = strsep(&z, "&")) && n < VG_DEVICE_QUERIES) {
        char *name = strsep(&pair, "=");
        q[n++] = (vg_device_query){vg_str_c(name), vg_str_c(pair)};
    }
    const vg_device_request rq = {.method = vg_str_c(method),
                                  .path = vg_str_c(path),
                                  .query = q,
                                  .n_query = n,
                                  .content_type = vg_str_c(type),
                                  .authorization = vg_str_c(k->authorization),
                                  .timestamp = vg_str_c(k->timestamp),
                                  .signature = vg_str_c(k->signature),
                                  .body = body,
                                  .certificate = k->certificate,
                                  .peer = k->peer,
                                  .now_us = k->now_us};
    return vg_device_begin(k->port, k->a, &rq, &k->call, &k->bad);
}

static inline void kit_done(kit *k, vg_status st)
{
    vg_device_end(k->port, &k->call, st);
}

// Says it, commits what is new, and gives the number of signals that are no polls; -1: refused.
static inline int kit_take(kit *k, const char *line, const char *type, vg_str body)
{
    if (!kit_say(k, line, type, body)) {
        return k->call.reply.status == 200 ? 0 : -1;
    }
    const int n = (int)k->call.n_real;
    kit_done(k, VG_OK);
    return n;
}

static inline const char *kit_path(kit *k, int source, const char *tail)
{
    return vg_str_f(k->a, "POST /d/%s%s", k->token[source], tail).p;
}

static inline uint64_t kit_count(const kit *k, vg_device_count c)
{
    return vg_device_count_of(k->port, c);
}

static inline vg_str kit_hik(kit *k, const char *mac, const char *type, const char *state)
{
    return vg_str_f(k->a,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<EventNotificationAlert version=\"2.0\" "
                    "xmlns=\"http://www.hikvision.com/ver20/XMLSchema\">\n"
                    "<ipAddress>192.0.2.10</ipAddress><macAddress>%s</macAddress>\n"
                    "<channelID>3</channelID><dateTime>2026-11-18T20:26:30+07:00</dateTime>\n"
                    "<activePostCount>1</activePostCount><eventType>%s</eventType>\n"
                    "<eventState>%s</eventState><eventDescription>x</eventDescription>\n"
                    "</EventNotificationAlert>",
                    mac, type, state);
}
