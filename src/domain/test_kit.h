// SPDX-License-Identifier: Apache-2.0
// For the tests of the domain modules: a real node in a directory of its own, commands as people run them,
// signals as devices send them, answers as screens get them.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "core/core.h"
#include "core/pwhash.h"
#include "core/rebuild.h"

#include <setjmp.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define KIT __attribute__((unused)) static

extern const vg_module vg_module_accounts;

// In place of core/pwhash.c: the same hash at the least cost. A test makes accounts by the dozen, and a third of its time
// went into their passwords.
bool vg_pwhash_make(vg_str password, char ret_hash[crypto_pwhash_STRBYTES])
{
    return crypto_pwhash_str(ret_hash, password.p, password.n, crypto_pwhash_OPSLIMIT_MIN,
                             crypto_pwhash_MEMLIMIT_MIN) == 0;
}

bool vg_pwhash_is(const char *hash, vg_str password)
{
    return crypto_pwhash_str_verify(hash, password.p, password.n) == 0;
}

typedef struct kit {
    char dir[64];
    vg_core *core;
    vg_err err;        // of the last run
    char reply[4096];  // of the last run
    char text[262144];
    vg_principal who[8];
    size_t n_who;
    // the usual world
    char police[VG_ID_TEXT], bank[VG_ID_TEXT], site[VG_ID_TEXT], fence[VG_ID_TEXT],
        vault[VG_ID_TEXT];
} kit;

KIT void kit_reopen(kit *k)
{
    vg_err err = {0};
    if (vg_core_open(k->dir, &k->core, &err) != VG_OK || vg_core_start(k->core, &err) != VG_OK) {
        print_error("open: %s %s\n", err.key ? err.key : "", err.detail);
        fail();
    }
}

KIT void kit_close(kit *k)
{
    vg_core_stop(k->core);
    vg_core_close(k->core);
    k->core = NULL;
}

static char s_first[64];  // a node's data as it is made, to be copied; "" before the first
static size_t s_open_kits;

KIT void kit_forget_first(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", s_first);
    (void)!system(command);
}

KIT void kit_create(const char *dir)
{
    vg_err err = {0};
    if (vg_core_create(dir, &err) != VG_OK) {
        print_error("create: %s %s\n", err.key ? err.key : "", err.detail);
        fail();
    }
}

// Making a node costs more than most tests: it is made once a program and copied. A second one beside an open one is a
// node of its own, with its own keys.
KIT void kit_new_data(const char *dir)
{
    char command[200];
    if (s_open_kits++) {
        kit_create(dir);
        return;
    }
    if (!*s_first) {
        snprintf(s_first, sizeof s_first, "/tmp/vg-first-XXXXXX");
        assert_non_null(mkdtemp(s_first));
        assert_int_equal(atexit(kit_forget_first), 0);
        assert_int_equal(rmdir(s_first), 0);
        kit_create(s_first);
    }
    snprintf(command, sizeof command, "cp -a %s %s", s_first, dir);
    assert_int_equal(system(command), 0);
}

KIT kit *kit_open(void)
{
    kit *k = vg_alloc(sizeof *k);
    assert_true(sodium_init() >= 0);
    vg_log_level(VG_ERROR);
    memcpy(k->dir, "/tmp/vg-domain-XXXXXX", 22);
    assert_non_null(mkdtemp(k->dir));
    assert_int_equal(rmdir(k->dir), 0);
    kit_new_data(k->dir);
    kit_reopen(k);
    return k;
}

KIT void kit_done(kit *k)
{
    char command[128];
    kit_close(k);
    for (size_t i = 0; i < k->n_who; i++) {
        vg_principal_done(&k->who[i]);
    }
    snprintf(command, sizeof command, "rm -rf %s", k->dir);
    assert_int_equal(system(command), 0);
    s_open_kits--;
    free(k);
}

// who NULL: the local administrator.
KIT vg_status kit_run_as(kit *k, const vg_principal *who, const char *name, const char *args)
{
    static const vg_principal local = {.kind = VG_P_LOCAL};
    vg_command_call call = {
        .name = name, .args = vg_str_c(args), .who = who ? who : &local, .id = vg_cmd_random()};
    vg_core_run(k->core, &call);
    snprintf(k->reply, sizeof k->reply, "%.*s", VG_FMT(vg_buf_str(&call.reply)));
    vg_buf_done(&call.reply);
    k->err = call.err;
    return call.st;
}

#define ARGS_MAX 8192
KIT VG_PRINTF(4, 5) vg_status
    kit_try(kit *k, const vg_principal *who, const char *name, const char *fmt, ...)
{
    char args[ARGS_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(args, sizeof args, fmt, ap);
    va_end(ap);
    return kit_run_as(k, who, name, args);
}

#define kit_do(k, name, ...)                                                                \
    do {                                                                                    \
        const vg_status kit_st = kit_try(k, NULL, name, __VA_ARGS__);                       \
        if (kit_st != VG_OK) {                                                              \
            print_error("%s: %s field=%s key=%s detail=%s\n", name, vg_status_name(kit_st), \
                        (k)->err.field, (k)->err.key ? (k)->err.key : "", (k)->err.detail); \
        }                                                                                   \
        assert_int_equal(kit_st, VG_OK);                                                    \
    } while (0)

KIT void kit_member(const kit *k, const char *member, char *out, size_t n)
{
    vg_arena *a = vg_arena_create(16384);
    snprintf(out, n, "%.*s", VG_FMT(vg_js_str(a, vg_str_c(k->reply), member)));
    vg_arena_destroy(a);
}

KIT void kit_id(const kit *k, char out[VG_ID_TEXT])
{
    kit_member(k, "id", out, VG_ID_TEXT);
    assert_int_equal(strlen(out), VG_ID_TEXT - 1);
}

KIT int64_t kit_int(kit *k, const char *sql)
{
    vg_db *db;
    vg_err err = {0};
    int64_t v = -1;
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    if (vg_one_i64(db, sql, VG_NOVALS, -1, &v, &err) != VG_OK) {
        print_error("%s: %s\n", sql, err.detail);
        fail();
    }
    vg_inner_give(k->core, db);
    return v;
}

KIT const char *kit_text(kit *k, const char *sql)
{
    vg_db *db;
    vg_rows *r;
    vg_err err = {0};
    k->text[0] = 0;
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    if (vg_rows_open(db, sql, VG_NOVALS, &r, &err) != VG_OK) {
        print_error("%s: %s\n", sql, err.detail);
        fail();
    }
    if (vg_rows_next(r)) {
        snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_row_str(r, 0)));
    }
    assert_int_equal(vg_rows_close(r, &err), VG_OK);
    vg_inner_give(k->core, db);
    return k->text;
}

// Waits up to twenty seconds (an absence alone takes six) until sql gives at least want.
KIT void kit_wait(kit *k, const char *sql, int64_t want)
{
    for (int i = 0; i < 2000 && kit_int(k, sql) < want; i++) {
        usleep(10000);
    }
    if (kit_int(k, sql) < want) {
        print_error("still %lld: %s\n", (long long)kit_int(k, sql), sql);
        fail();
    }
}

// A resource's whole list as JSON, as the principal sees it.
KIT const char *kit_list(kit *k, vg_principal *who, const char *name)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    const vg_resource *found = vg_core_resource(name);
    assert_non_null(found);
    vg_db *db;
    vg_err err = {0};
    vg_buf b;
    vg_buf_init(&b, sizeof k->text - 1);
    vg_jw w = vg_jw_on(&b);
    assert_int_equal(vg_reader_take(k->core, who ? who : &local, &db, &err), VG_OK);
    if (vg_resource_list(found, db, &(vg_page){.limit = 200}, &w, &err) != VG_OK) {
        print_error("%s: %s\n", name, err.detail);
        fail();
    }
    vg_reader_give(k->core, db);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    return k->text;
}

KIT vg_principal *kit_user(kit *k, const char *login, const char *agency, const char *role,
                           const char *site)
{
    char id[VG_ID_TEXT];
    vg_err err = {0};
    vg_db *db;
    kit_do(k, "accounts.user_add",
           "{\"login\":\"%s\",\"name\":\"%s\",\"agency\":\"%s\",\"password\":\"mot mat khau "
           "dai\",\"role\":\"%s\"%s%s%s}",
           login, login, agency, role, *site ? ",\"site\":\"" : "", site, *site ? "\"" : "");
    kit_id(k, id);
    vg_principal *p = &k->who[k->n_who++];
    assert_int_equal(vg_inner_take(k->core, &db, &err), VG_OK);
    assert_int_equal(vg_module_accounts.auth->by_id(k->core, db, vg_str_c(id), p, &err), VG_OK);
    vg_inner_give(k->core, db);
    return p;
}

// Two agencies, one site of the bank with a fence and a vault.
KIT kit *kit_world(void)
{
    kit *k = kit_open();
    kit_do(k, "accounts.agency_add",
           "{\"code\":\"CA\",\"name\":\"Công an tỉnh\",\"custodian\":true}");
    kit_id(k, k->police);
    kit_do(k, "accounts.agency_add", "{\"code\":\"NH\",\"name\":\"Ngân hàng\"}");
    kit_id(k, k->bank);
    kit_do(k, "sites.site_add",
           "{\"code\":\"NH1\",\"name\":\"Chi nhánh\",\"kind\":\"state_bank\",\"agency\":\"%s\"}",
           k->bank);
    kit_id(k, k->site);
    kit_do(k, "sites.zone_add", "{\"site\":\"%s\",\"name\":\"Hàng rào\",\"class\":\"perimeter\"}",
           k->site);
    kit_id(k, k->fence);
    kit_do(k, "sites.zone_add", "{\"site\":\"%s\",\"name\":\"Kho tiền\",\"class\":\"vault\"}",
           k->site);
    kit_id(k, k->vault);
    return k;
}

#define KIT_KEY "000102030405060708090a0b0c0d0e0f"
KIT void kit_source(kit *k, const char *address, const char *zone, bool key, char out[VG_ID_TEXT])
{
    kit_do(
        k, "sites.source_add",
        "{\"site\":\"%s\",\"name\":\"%s\",\"proto\":\"dc09\",\"address\":\"%s\",\"zone\":\"%s\"%s}",
        k->site, address, address, zone, key ? ",\"key\":\"" KIT_KEY "\"" : "");
    kit_id(k, out);
}

typedef struct kit_wait_signal {
    _Atomic int done;
    vg_status st;
} kit_wait_signal;

KIT void kit_signal_done(void *ctx, vg_status st)
{
    kit_wait_signal *w = ctx;
    w->st = st;
    w->done = 1;
}

typedef struct kit_sig {
    const char *address, *kind, *point;
    vg_signal_verb verb;
    uint8_t flags;
} kit_sig;

KIT void kit_signals(kit *k, const vg_signal *v, size_t n)
{
    kit_wait_signal w = {0};
    vg_signal *copy = vg_alloc(n * sizeof *copy);
    memcpy(copy, v, n * sizeof *copy);
    vg_signals batch = {.v = copy, .n = n, .done = kit_signal_done, .ctx = &w};
    assert_true(vg_scribe_signals(vg_core_scribe(k->core), &batch));
    while (!w.done) {
        usleep(500);
    }
    free(copy);
    assert_int_equal(w.st, VG_OK);
}

KIT vg_signal kit_make(kit *k, const kit_sig *s)
{
    vg_signal g = {.verb = (uint8_t)s->verb,
                   .flags = s->flags,
                   .received_us = vg_now_us(),
                   .source_seq = -1,
                   .source = VG_SOURCE_NONE};
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(k->core));
    const vg_source *src = vg_register_find(snap, "dc09", s->address);
    g.source = src ? src->index : VG_SOURCE_NONE;
    vg_register_release(vg_core_register(k->core), snap);
    snprintf(g.proto, sizeof g.proto, "dc09");
    snprintf(g.address, sizeof g.address, "%s", s->address);
    snprintf(g.peer, sizeof g.peer, "127.0.0.1");
    snprintf(g.kind, sizeof g.kind, "%s", s->kind);
    snprintf(g.point, sizeof g.point, "%s", s->point ? s->point : "");
    return g;
}

KIT void kit_signal(kit *k, const char *address, const char *kind, vg_signal_verb verb, bool auth)
{
    const vg_signal g =
        kit_make(k, &(kit_sig){address, kind, "", verb, auth ? VG_SIG_AUTHENTICATED : 0});
    kit_signals(k, &g, 1);
}

// Folding the journal again gives the same tables.
KIT void kit_same_after_rebuild(kit *k)
{
    vg_rebuild_report report = {0};
    vg_err err = {0};
    const vg_status st = vg_rebuild_check(k->dir, &report, &err);
    if (st != VG_OK) {
        print_error("rebuild: %s table=%s detail=%s\n", vg_status_name(st), report.bad_table,
                    err.detail);
    }
    assert_int_equal(st, VG_OK);
}
