// SPDX-License-Identifier: Apache-2.0
// What is kept: user, login, CSRF token, language and the absolute end. Not the token: the client has it.
#include "http/session_store.h"

#include "base/clock.h"
#include "base/log.h"

enum { ARENA_BYTES = 8 << 20 };

static void run(vg_core *core, const char *name, vg_str args)
{
    vg_command_call call = {
        .name = name, .args = args, .who = vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(core, &call);
    if (call.st != VG_OK) {
        vg_log(VG_WARN, "session.not_kept", "code=%s", vg_status_name(call.st));
    }
    vg_buf_done(&call.reply);
}

void http_session_keep(vg_core *core, const http_caller *c)
{
    char key[2 * VG_HASH_BYTES + 1];
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_hex(c->key.b, VG_HASH_BYTES, key);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "key", key);
    vg_jw_key(&w, "value");
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "user", c->who.user);
    vg_jw_kz(&w, "login", c->login);
    vg_jw_kz(&w, "csrf", c->csrf);
    vg_jw_kz(&w, "lang", c->who.lang == VG_VI ? "vi" : "en");
    vg_jw_ki64(&w, "expires", c->expires_us);
    vg_jw_ki64(&w, "secret", c->who.secret_us);
    vg_jw_close(&w, '}');
    vg_jw_close(&w, '}');
    run(core, "core.session_keep", vg_buf_str(&b));
    vg_buf_done(&b);
}

typedef struct dropping {
    vg_command_call call;
    char args[2 * VG_HASH_BYTES + 16];
} dropping;

static void on_dropped(vg_command_call *call)
{
    dropping *d = call->ctx;
    vg_buf_done(&call->reply);
    free(d);
}

void http_session_forget(vg_core *core, const http_session_key *key)
{
    char hex[2 * VG_HASH_BYTES + 1];
    dropping *d = vg_alloc(sizeof *d);
    vg_hex(key->b, VG_HASH_BYTES, hex);
    snprintf(d->args, sizeof d->args, "{\"key\":\"%s\"}", hex);
    d->call = (vg_command_call){.name = "core.session_drop",
                                .args = vg_str_c(d->args),
                                .who = vg_core_system(),
                                .id = vg_cmd_random(),
                                .done = on_dropped,
                                .ctx = d};
    if (!vg_scribe_command(vg_core_scribe(core), &d->call)) {
        free(d);  // stopping or overloaded: it ends by its time
    }
}

static bool restore(vg_arena *a, vg_str name, vg_str value, http_sessions *s)
{
    http_session_key key;
    http_kept kept = {.expires_us = vg_js_i64(value, "expires", 0),
                      .secret_us = vg_js_i64(value, "secret", 0),
                      .user = vg_js_str(a, value, "user"),
                      .login = vg_js_str(a, value, "login"),
                      .csrf = vg_js_str(a, value, "csrf"),
                      .lang = vg_lang_parse(vg_js_str(a, value, "lang"))};
    if (!vg_unhex(name, key.b, sizeof key.b) || kept.expires_us <= vg_now_us()) {
        return false;
    }
    return http_session_restore(s, &key, &kept);
}

static vg_status load(vg_core *core, vg_db *db, vg_arena *a, http_sessions *s, vg_err *err)
{
    const char **names;
    size_t n;
    VG_TRY(vg_vault_names(db, a, "session", HTTP_SESSIONS_MAX, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        vg_str value;
        http_session_key key;
        const vg_str name = vg_str_c(names[i]);
        const bool live = vg_vault_get(core, db, a, "session", names[i], &value, NULL) == VG_OK &&
                          restore(a, name, value, s);
        if (!live && vg_unhex(name, key.b, sizeof key.b)) {
            http_session_forget(core, &key);
        }
    }
    return VG_OK;
}

void http_sessions_load(vg_core *core, http_sessions *s)
{
    vg_db *db;
    vg_err err = {0};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(ARENA_BYTES);
    vg_status st = vg_inner_take(core, &db, &err);
    if (st == VG_OK) {
        st = load(core, db, a, s, &err);
        vg_inner_give(core, db);
    }
    if (st != VG_OK) {
        vg_log(VG_WARN, "sessions.not_loaded", "detail=%s", err.detail);
    }
}
