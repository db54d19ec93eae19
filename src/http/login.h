// SPDX-License-Identifier: Apache-2.0
// Checking passwords, and the code of whoever has a second factor, without letting a login storm stop the node: a bounded
// queue, one Argon2id at a time that gives way to the rest (core/pwhash.h), and growing delays for a name tried from one address.
#pragma once

#include "core/core.h"

typedef struct http_login http_login;

// One attempt. Owned by the caller until done(), which runs on the login thread, or on that of whoever took its place.
typedef struct http_login_job {
    char login[68], peer[48];
    char password[520];
    size_t password_n;
    char code[40];  // "" = not said
    void (*done)(struct http_login_job *job);
    void *ctx;
    // results
    vg_status st;  // VG_OK, VG_EAUTH, or what the store said
    vg_err err;
    vg_principal who;  // on VG_OK; ended by whoever owns the job
    // the queue's
    struct http_login_job *next;
    bool trusted;
    int64_t since_us, not_before_us;
} http_login_job;

// Where names are looked up and outcomes are told; fakes in tests.
typedef struct http_login_source {
    void *ctx;
    vg_status (*user)(void *ctx, const char *login, vg_principal *ret, char hash[128], vg_err *err);
    // Checks a code and uses it up, after a right password only. VG_EAUTH: wrong.
    vg_status (*second)(void *ctx, const char *user, const char *code, vg_err *err);
    void (*note)(void *ctx, const http_login_job *job, const char *user, bool ok);
} http_login_source;

typedef enum http_login_count {
    HTTP_LOGIN_TAKEN,
    HTTP_LOGIN_WRONG,  // name, password or code; in an open session, too
    HTTP_LOGIN_MUST_WAIT,
    HTTP_LOGIN_FULL,
    HTTP_LOGIN_COUNTS
} http_login_count;

http_login *http_login_create(const http_login_source *source);
void http_login_stop(http_login *l);     // answers what is queued with VG_EUNAVAIL; takes no more
void http_login_destroy(http_login *l);  // stops it first; NULL is fine
// Seconds this name must wait from this address (0 = go ahead); that it must is counted.
int http_login_wait_s(http_login *l, const char *login, const char *peer);
// A wrong password or code outside of a log-in counts like one of a log-in.
void http_login_failed(http_login *l, const char *login, const char *peer);
// False when there is no room for it: the queue is full, or its address has its share. `suspend` runs before another thread can see the job.
bool http_login_submit(http_login *l, http_login_job *job,
                       void (*suspend)(void *ctx)) VG_USE_RESULT;
void http_login_metrics(http_login *l, vg_buf *out);
