// SPDX-License-Identifier: Apache-2.0
// A site with a gate and two terminals of it, and what a terminal does: entries of a queue, signed and chained as a
// browser does it.
#pragma once

#include "domain/gate/terminal.h"

#include "core/device_kit_test.h"
#include "domain/test_kit.h"

#define MIN INT64_C(60000000)

typedef struct terminal {
    test_device d;
    char id[VG_ID_TEXT];
    vg_principal who;
    int64_t seq;
    char head[GATE_HASH_TEXT];
} terminal;

typedef struct world {
    kit *k;
    char yard[VG_ID_TEXT], gate[VG_ID_TEXT];
    vg_principal *guard;
    terminal t[2];
} world;

static inline const vg_auth *auth(void)
{
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->auth && m->auth->device) {
            return m->auth;
        }
    }
    return NULL;
}

static inline void enrol(world *w, terminal *t)
{
    vg_db *db;
    vg_err err = {0};
    vg_device_key key;
    char code[40];
    test_device_make(&t->d);
    kit_do(w->k, "accounts.device_add",
           "{\"kind\":\"gate\",\"name\":\"Cổng\",\"site\":\"%s\",\"agency\":\"%s\",\"days\":30}",
           w->k->site, w->k->police);
    kit_id(w->k, t->id);
    kit_member(w->k, "code", code, sizeof code);
    kit_do(w->k, "accounts.device_enrol", "{\"code\":\"%s\",\"key\":\"%s\",\"name\":\"Máy\"}", code,
           t->d.text);
    assert_int_equal(vg_inner_take(w->k->core, &db, &err), VG_OK);
    assert_int_equal(auth()->device(w->k->core, db, vg_str_c(t->id), &t->who, &key, &err), VG_OK);
    vg_inner_give(w->k->core, db);
}

static inline world *open_world(void)
{
    world *w = vg_alloc(sizeof *w);
    *w = (world){.k = kit_world()};
    kit_do(w->k, "gate.area_add", "{\"site\":\"%s\",\"name\":\"Khuôn viên\",\"passback\":\"hard\"}",
           w->k->site);
    kit_id(w->k, w->yard);
    kit_do(w->k, "gate.point_add", "{\"site\":\"%s\",\"name\":\"Cổng chính\",\"inner\":\"%s\"}",
           w->k->site, w->yard);
    kit_id(w->k, w->gate);
    w->guard = kit_user(w->k, "gac1", w->k->police, "guard", w->k->site);
    enrol(w, &w->t[0]);
    enrol(w, &w->t[1]);
    return w;
}

static inline void close_world(world *w)
{
    for (int i = 0; i < 2; i++) {
        vg_principal_done(&w->t[i].who);
        test_device_done(&w->t[i].d);
    }
    kit_done(w->k);
    free(w);
}

static inline void holder(world *w, const char *name, const char *code, char out[VG_ID_TEXT])
{
    kit_do(w->k, "gate.holder_add", "{\"site\":\"%s\",\"kind\":\"staff\",\"name\":\"%s\"}",
           w->k->site, name);
    kit_id(w->k, out);
    kit_do(w->k, "gate.badge_issue", "{\"holder\":\"%s\",\"code\":\"%s\",\"kind\":\"card\"}", out,
           code);
}

// Somebody whom the site's list keeps out, agreed to by two.
static inline void ban(world *w, const char *who, char out[VG_ID_TEXT])
{
    char until[VG_TIME_TEXT], incident[VG_ID_TEXT];
    vg_principal *officer = kit_user(w->k, "can.bo", w->k->bank, "agency_officer", "");
    vg_principal *chief = kit_user(w->k, "truong", w->k->bank, "site_commander", "");
    kit_do(w->k, "desk.open", "{\"site\":\"%s\",\"situation\":\"other\",\"title\":\"Gây rối\"}",
           w->k->site);
    kit_id(w->k, incident);
    vg_time_rfc3339(vg_now_us() + 30 * 24 * 60 * MIN, until);
    assert_int_equal(kit_try(w->k, officer, "bans.propose",
                             "{\"site\":\"%s\",\"reason\":\"disorder\",\"incident\":\"%s\","
                             "\"expires\":\"%s\",%s}",
                             w->k->site, incident, until, who),
                     VG_OK);
    kit_id(w->k, out);
    assert_int_equal(
        kit_try(w->k, chief, "bans.decide", "{\"id\":\"%s\",\"decision\":\"approved\"}", out),
        VG_OK);
}

// --- entries ------------------------------------------------------------------------------------
enum { PIECE = 900 };
typedef struct piece {
    char json[PIECE];  // ["text","sig"], the text escaped
} piece;

typedef struct wrote {
    const char *holder, *shown, *way;
    int64_t told_us, mono_us;
    const char *paper, *reasons;  // NULL: none
    const char *point;            // NULL: the gate
} wrote;

static inline void sign(const terminal *t, const char *text, char sig[VG_DEVICE_SIG_TEXT + 1])
{
    char all[PIECE];
    const int n = snprintf(all, sizeof all, "vonggac bytes 1\n%s\n%s", t->id, text);
    assert_true(n > 0 && (size_t)n < sizeof all);
    test_device_sign_text(&t->d, vg_str_c(all), sig);
}

static inline void put(const world *w, terminal *t, const wrote *x, piece *ret)
{
    vg_buf b;
    char text[PIECE], sig[VG_DEVICE_SIG_TEXT + 1];
    unsigned char h[32];
    t->seq++;
    snprintf(text, sizeof text,
             "{\"seq\":%lld,\"prev\":\"%s\",\"run\":\"r1\",\"told\":%lld,\"mono\":%lld,\"act\":"
             "\"pass\",\"point\":\"%s\",\"way\":\"%s\",\"holder\":\"%s\",\"shown\":\"%s\","
             "\"paper\":\"%s\",\"say\":\"green\",\"reasons\":[%s],\"why\":\"\",\"by\":\"%s\"}",
             (long long)t->seq, t->head, (long long)x->told_us, (long long)x->mono_us,
             x->point ? x->point : w->gate, x->way, x->holder, x->shown, x->paper ? x->paper : "",
             x->reasons ? x->reasons : "", w->guard->user);
    sign(t, text, sig);
    crypto_hash_sha256(h, (const unsigned char *)text, strlen(text));
    vg_hex(h, sizeof h, t->head);
    vg_buf_init(&b, PIECE);
    vg_jw j = vg_jw_on(&b);
    vg_jw_open(&j, '[');
    vg_jw_str(&j, vg_str_c(text));
    vg_jw_str(&j, vg_str_c(sig));
    vg_jw_close(&j, ']');
    snprintf(ret->json, sizeof ret->json, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
}

static inline vg_status merge(world *w, terminal *t, const piece *v, size_t n, int64_t told_us)
{
    vg_buf b;
    vg_buf_init(&b, 1 << 20);
    vg_buf_f(&b, "{\"told\":%lld,\"mono\":0,\"run\":\"r2\",\"entries\":[", (long long)told_us);
    for (size_t i = 0; i < n; i++) {
        vg_buf_f(&b, "%s%s", i ? "," : "", v[i].json);
    }
    vg_buf_c(&b, "]}");
    const vg_status st = kit_run_as(w->k, &t->who, "gate.merge", vg_buf_z(&b));
    vg_buf_done(&b);
    return st;
}
