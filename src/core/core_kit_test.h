// SPDX-License-Identifier: Apache-2.0
// For the tests of the core: a node in a directory of its own, commands and signals sent to it and waited for.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/prop_test.h"
#include "core/core.h"
#include "core/rebuild.h"
#include "store/temp_test.h"

#include <pthread.h>
#include <setjmp.h>
#include <cmocka.h>

#define KIT __attribute__((unused)) static

typedef struct node {
    char dir[300];
    vg_core *core;
    char reply[512];
    vg_err err;
    bool repeated;
    char agency[VG_ID_TEXT], site[VG_ID_TEXT], zone[VG_ID_TEXT];
} node;

static const vg_principal LOCAL = {.kind = VG_P_LOCAL, .name = "test"};

KIT void node_start(node *n)
{
    vg_err err = {0};
    if (vg_core_open(n->dir, &n->core, &err) != VG_OK || vg_core_start(n->core, &err) != VG_OK) {
        fail_msg("open: %s", err.detail);
    }
}

KIT void node_stop(node *n)
{
    vg_core_close(n->core);
    n->core = NULL;
}

KIT node *node_create(void)
{
    node *n = vg_alloc(sizeof *n);
    vg_log_level(VG_ERROR + 1);
    vg_temp_create(n->dir);
    assert_int_equal(vg_core_create(n->dir, NULL), VG_OK);
    node_start(n);
    return n;
}

KIT void node_destroy(node *n)
{
    node_stop(n);
    vg_temp_remove(n->dir);
    free(n);
}

KIT vg_status node_run_id(node *n, vg_cmd_id id, const char *name, const char *args)
{
    vg_command_call call = {.name = name, .args = vg_str_c(args), .who = &LOCAL, .id = id};
    vg_core_run(n->core, &call);
    snprintf(n->reply, sizeof n->reply, "%.*s", VG_FMT(vg_buf_str(&call.reply)));
    vg_buf_done(&call.reply);
    n->err = call.err;
    n->repeated = call.repeated;
    return call.st;
}

KIT VG_PRINTF(3, 4) vg_status node_run(node *n, const char *name, const char *fmt, ...)
{
    char args[8192];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(args, sizeof args, fmt, ap);
    va_end(ap);
    return node_run_id(n, vg_cmd_random(), name, args);
}

KIT void node_id(const node *n, char out[VG_ID_TEXT])
{
    vg_arena *a = vg_arena_create(4096);
    snprintf(out, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(a, vg_str_c(n->reply), "id")));
    vg_arena_destroy(a);
    assert_int_equal(strlen(out), VG_ID_TEXT - 1);
}

KIT int64_t node_int(node *n, const char *sql)
{
    vg_db *db;
    int64_t v;
    vg_err err = {0};
    assert_int_equal(vg_inner_take(n->core, &db, NULL), VG_OK);
    if (vg_one_i64(db, sql, VG_NOVALS, -1, &v, &err) != VG_OK) {
        fail_msg("%s: %s", sql, err.detail);
    }
    vg_inner_give(n->core, db);
    return v;
}

KIT void node_until(node *n, const char *sql, int64_t want, int ms)
{
    for (const int64_t end = vg_mono_us() + ms * VG_MS_US; node_int(n, sql) < want;) {
        if (vg_mono_us() > end) {
            fail_msg("still %lld: %s", (long long)node_int(n, sql), sql);
        }
        usleep(5000);
    }
}

// Until a new node has told of its shipped rules and whatever else it begins with.
KIT void node_quiet(node *n)
{
    int64_t before = -1, now = 0;
    for (int i = 0; i < 100 && before != now; i++) {
        before = now;
        usleep(300000);
        now = node_int(n, "SELECT count(*) FROM event");
    }
}

// An agency, a site and a zone.
KIT void node_furnish(node *n)
{
    assert_int_equal(
        node_run(n, "accounts.agency_add", "{\"code\":\"A\",\"name\":\"A\",\"custodian\":true}"),
        VG_OK);
    node_id(n, n->agency);
    assert_int_equal(
        node_run(n, "sites.site_add",
                 "{\"code\":\"S\",\"name\":\"S\",\"kind\":\"treasury\",\"agency\":\"%s\"}",
                 n->agency),
        VG_OK);
    node_id(n, n->site);
    assert_int_equal(node_run(n, "sites.zone_add",
                              "{\"site\":\"%s\",\"name\":\"Z\",\"class\":\"vault\"}", n->site),
                     VG_OK);
    node_id(n, n->zone);
}

KIT void node_source(node *n, const char *address, int deadline_s, char out[VG_ID_TEXT])
{
    assert_int_equal(
        node_run(
            n, "sites.source_add",
            "{\"site\":\"%s\",\"name\":\"x\",\"proto\":\"dc09\",\"address\":\"%s\",\"zone\":\"%s\","
            "\"deadline_s\":%d,\"key\":\"000102030405060708090a0b0c0d0e0f\"}",
            n->site, address, n->zone, deadline_s),
        VG_OK);
    node_id(n, out);
}

// --- signals --------------------------------------------------------------------------------------
typedef struct sent {
    vg_signals batch;
    vg_signal v[64];
    _Atomic bool done;
    vg_status st;
} sent;

KIT void sent_done(void *ctx, vg_status st)
{
    sent *s = ctx;
    s->st = st;
    s->done = true;
}

KIT vg_signal node_signal(node *n, const char *address, const char *kind, vg_signal_verb verb)
{
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(n->core));
    const vg_source *src = vg_register_find(snap, "dc09", address);
    vg_signal g = {.source = src ? src->index : VG_SOURCE_NONE,
                   .verb = (uint8_t)verb,
                   .flags = VG_SIG_AUTHENTICATED,
                   .received_us = vg_now_us(),
                   .source_seq = -1,
                   .proto = "dc09",
                   .peer = "127.0.0.1"};
    snprintf(g.address, sizeof g.address, "%s", address);
    snprintf(g.kind, sizeof g.kind, "%s", kind);
    vg_register_release(vg_core_register(n->core), snap);
    return g;
}

KIT vg_status node_send(node *n, const vg_signal *v, size_t count)
{
    sent *s = vg_alloc(sizeof *s);
    assert_true(count <= VG_LEN(s->v));
    memcpy(s->v, v, count * sizeof *v);
    s->batch = (vg_signals){.v = s->v, .n = count, .done = sent_done, .ctx = s};
    assert_true(vg_scribe_signals(vg_core_scribe(n->core), &s->batch));
    while (!s->done) {
        usleep(200);
    }
    const vg_status st = s->st;
    free(s);
    return st;
}

KIT void node_proven(node *n)  // the chain holds, and the fold of it is what is stored
{
    char path[400];
    vg_db *db;
    vg_verify_report v;
    vg_rebuild_report r;
    vg_err err = {0};
    snprintf(path, sizeof path, "%s/vonggac.db", n->dir);
    assert_int_equal(vg_db_open(path, VG_DB_READER, &db, NULL), VG_OK);
    if (vg_journal_verify(db, NULL, &v, &err) != VG_OK) {
        fail_msg("verify: %s %s", v.why, err.detail);
    }
    vg_db_close(db);
    if (vg_rebuild_check(n->dir, &r, &err) != VG_OK) {
        fail_msg("rebuild: %s %s", r.bad_table, err.detail);
    }
}
