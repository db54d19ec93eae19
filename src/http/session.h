// SPDX-License-Identifier: Apache-2.0
// Who is logged in. A table in memory (kept over restarts by session_store.h), keyed by the BLAKE2b hash of a random token: the token itself is
// with the client only. Bearer tokens are held here too, so that not every request asks the database. All
// functions may run on any thread.
#pragma once

#include "core/label.h"

enum {
    HTTP_TOKEN_TEXT = 65,  // 32 bytes as hexadecimal, NUL
    HTTP_SESSIONS_MAX = 8192,
    HTTP_SESSION_IDLE_S = 3600,  // without a request or an open stream
    HTTP_SESSION_MAX_S = 12 * 3600,
    HTTP_REFRESH_S = 5,  // who has not been read for so long is read anew: what ended by itself
    HTTP_DEVICE_TEXT = 48
};

typedef struct http_sessions http_sessions;

typedef enum http_session_kind {
    HTTP_BY_COOKIE,
    HTTP_BY_BEARER,
    HTTP_BY_DEVICE  // signs each request: no entry in the table
} http_session_kind;

typedef struct http_session_key {
    unsigned char b[VG_HASH_BYTES];
} http_session_key;

// One request's view of its session; ended by http_caller_done.
typedef struct http_caller {
    http_session_kind kind;
    http_session_key key;
    vg_principal who;  // own copy, scope filled
    char login[68];
    char csrf[HTTP_TOKEN_TEXT];
    int64_t begun_us, expires_us;
    char peer[48], device[HTTP_DEVICE_TEXT];  // where and with what he logged in
} http_caller;

// How the table learns about people; ctx is the program's, fakes in tests.
typedef struct http_auth_source {
    void *ctx;
    vg_status (*by_id)(void *ctx, vg_str user, vg_principal *ret, vg_err *err);
    vg_status (*by_token)(void *ctx, const http_session_key *key, vg_principal *ret, vg_err *err);
} http_auth_source;

http_sessions *http_sessions_create(const http_auth_source *source, vg_labels *labels);
void http_sessions_destroy(http_sessions *s);

// Opens a session for who (copied) and writes its token, which is given to the client and forgotten.
typedef struct http_begun {
    const char *login, *peer, *device;
} http_begun;
void http_session_open(http_sessions *s, const vg_principal *who, const http_begun *from,
                       char ret_token[HTTP_TOKEN_TEXT], http_caller *ret);
http_session_key http_session_hash(vg_str token);
// One that was kept over a restart (session_store.h). False if its person is gone.
typedef struct http_kept {
    vg_str user, login, csrf, peer, device;
    vg_lang lang;
    int64_t begun_us, expires_us, secret_us, world;
} http_kept;
bool http_session_restore(http_sessions *s, const http_session_key *key, const http_kept *kept);
// Errors: VG_EAUTH (unknown, expired, revoked), VG_EBUSY and the like from the source.
vg_status http_session_find(http_sessions *s, const http_session_key *key, http_session_kind kind,
                            http_caller *ret, vg_err *err) VG_USE_RESULT;
// What somebody may do has changed: everybody is read anew with his next request.
void http_sessions_rights_changed(http_sessions *s);
bool http_session_close(http_sessions *s, const http_session_key *key);  // false: there is none
void http_session_lang(http_sessions *s, const http_session_key *key, vg_lang lang);
// From now on he stands in that world: 0 is real, else a drill (core/module.h, in_drill).
void http_session_world(http_sessions *s, const http_session_key *key, int64_t world);
// He set a new password in this session: it is the one that goes on.
void http_session_secret(http_sessions *s, const http_session_key *key, int64_t secret_us);
size_t http_sessions_count(http_sessions *s);

// A session as people see it. The id is a hash of the key, which is a hash of the token: good for naming only.
typedef struct http_session_row {
    char id[VG_ID_TEXT], user[VG_ID_TEXT];
    char peer[48], device[HTTP_DEVICE_TEXT];
    int64_t begun_us, used_us, expires_us;
    http_session_key key;
} http_session_row;
// The sessions of a person that have not expired, at most max.
size_t http_sessions_of(http_sessions *s, const char *user, http_session_row *ret, size_t max);
bool http_session_named(http_sessions *s, vg_str id, http_session_row *ret);
// Constant time.
bool http_csrf_ok(const http_caller *c, vg_str header);
void http_caller_done(http_caller *c);
