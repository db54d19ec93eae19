// SPDX-License-Identifier: Apache-2.0
// What is kept: user, login, CSRF token, language, where from, the beginning and the absolute end. Not the token: the
// client has it.
#include "http/session_store.h"

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

static void write_kept(const http_caller *c, vg_buf *out)
{
    char key[2 * VG_HASH_BYTES + 1];
    vg_buf_init(out, 4096);
    vg_hex(c->key.b, VG_HASH_BYTES, key);
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "key", key);
    vg_jw_key(&w, "value");
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "user", c->who.user);
    vg_jw_kz(&w, "login", c->login);
    vg_jw_kz(&w, "csrf", c->csrf);
    vg_jw_kz(&w, "lang", c->who.lang == VG_VI ? "vi" : "en");
    vg_jw_kz(&w, "peer", c->peer);
    vg_jw_kz(&w, "device", c->device);
    vg_jw_ki64(&w, "begun", c->begun_us);
    vg_jw_ki64(&w, "expires", c->expires_us);
    vg_jw_ki64(&w, "secret", c->who.secret_us);
    vg_jw_ki64(&w, "world", c->who.world);
    vg_jw_close(&w, '}');
    vg_jw_close(&w, '}');
}

void http_session_keep(vg_core *core, const http_caller *c)
{
    vg_buf b;
    write_kept(c, &b);
    run(core, "core.session_keep", vg_buf_str(&b));
    vg_buf_done(&b);
}

// --- without waiting ----------------------------------------------------------------------------
typedef struct later {
    vg_command_call call;
    vg_principal who;
    vg_buf args;
} later;

static void later_free(later *x)
{
    vg_buf_done(&x->args);
    free(x);
}

static void on_later(vg_command_call *call)
{
    if (call->st != VG_OK) {
        vg_log(VG_WARN, "session.not_kept", "command=%s code=%s", call->name,
               vg_status_name(call->st));
    }
    vg_buf_done(&call->reply);
    later_free(call->ctx);
}

// Takes over args.
void http_run_later(vg_core *core, const char *name, const vg_principal *who, vg_cmd_id id,
                    const vg_buf *args)
{
    later *x = vg_alloc(sizeof *x);
    x->who = *who;
    x->who.scope_bits = NULL;
    x->who.scope_labels = 0;
    x->args = *args;
    x->call = (vg_command_call){.name = name,
                                .args = vg_buf_str(&x->args),
                                .who = &x->who,
                                .id = id,
                                .done = on_later,
                                .ctx = x};
    if (!vg_scribe_command(vg_core_scribe(core), &x->call)) {
        vg_log(VG_WARN, "session.not_kept", "command=%s code=queue", name);
        later_free(x);  // stopping or overloaded: a session ends by its time
    }
}

void http_session_keep_later(vg_core *core, const http_caller *c)
{
    vg_buf b;
    write_kept(c, &b);
    http_run_later(core, "core.session_keep", vg_core_system(), vg_cmd_random(), &b);
}

void http_session_forget(vg_core *core, const http_session_key *key)
{
    char hex[2 * VG_HASH_BYTES + 1];
    vg_buf b;
    vg_buf_init(&b, sizeof hex + 16);
    vg_hex(key->b, VG_HASH_BYTES, hex);
    vg_buf_f(&b, "{\"key\":\"%s\"}", hex);
    http_run_later(core, "core.session_drop", vg_core_system(), vg_cmd_random(), &b);
}

void http_session_note(vg_core *core, const vg_principal *who, const char *user, size_t n)
{
    vg_buf b;
    if (!vg_core_command("accounts.note_session")) {
        return;
    }
    vg_buf_init(&b, 128);
    vg_buf_f(&b, "{\"user\":\"%s\",\"sessions\":%zu}", user, n);
    http_run_later(core, "accounts.note_session", who, vg_cmd_random(), &b);
}

static bool restore(vg_core *core, vg_arena *a, vg_str name, vg_str value, http_sessions *s)
{
    http_session_key key;
    http_kept kept = {.expires_us = vg_js_i64(value, "expires", 0),
                      .secret_us = vg_js_i64(value, "secret", 0),
                      .world = vg_js_i64(value, "world", 0),
                      .user = vg_js_str(a, value, "user"),
                      .login = vg_js_str(a, value, "login"),
                      .csrf = vg_js_str(a, value, "csrf"),
                      .peer = vg_js_str(a, value, "peer"),
                      .device = vg_js_str(a, value, "device"),
                      .begun_us = vg_js_i64(value, "begun", 0),
                      .lang = vg_lang_parse(vg_js_str(a, value, "lang"))};
    if (!vg_unhex(name, key.b, sizeof key.b) || kept.expires_us <= vg_core_now(core)) {
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
                          restore(core, a, name, value, s);
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
