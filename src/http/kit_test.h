// SPDX-License-Identifier: Apache-2.0
// For tests only: a whole node in a temporary directory with one agency and two people, and a small HTTP
// client over real sockets.
#pragma once

#include "core/core.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define TEST_PASSWORD "mật khẩu đủ dài 12"

typedef struct test_node {
    char dir[64];
    vg_core *core;
    vg_http *http;
    uint16_t port;
    char agency[VG_ID_TEXT], officer[VG_ID_TEXT], custodian[VG_ID_TEXT];
} test_node;

typedef struct test_answer {
    int status;
    char *text;  // headers and body
    const char *body;
    size_t n, body_n;
} test_answer;

// --- the node -----------------------------------------------------------------------------------
static inline void test_ok(vg_status st, const vg_err *err)
{
    if (st != VG_OK) {
        fail_msg("%s at %s: %s %s", vg_status_name(st), err->where ? err->where : "", err->field,
                 err->detail);
    }
}

// Runs a command as the system. ret_id may be NULL.
static inline void test_command(vg_core *core, const char *name, const char *args, char *ret_id)
{
    vg_command_call call = {
        .name = name, .args = vg_str_c(args), .who = vg_core_system(), .id = vg_cmd_random()};
    vg_core_run(core, &call);
    test_ok(call.st, &call.err);
    vg_arena *a = vg_arena_create(1024);
    if (ret_id) {
        snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(a, vg_buf_str(&call.reply), "id")));
    }
    vg_arena_destroy(a);
    vg_buf_done(&call.reply);
}

static inline void test_user(test_node *t, const char *login, const char *role, char *ret_id)
{
    char args[400];
    snprintf(args, sizeof args,
             "{\"login\":\"%s\",\"name\":\"%s\",\"agency\":\"%s\",\"password\":\"" TEST_PASSWORD
             "\",\"role\":\"%s\"}",
             login, login, t->agency, role);
    test_command(t->core, "accounts.user_add", args, ret_id);
}

static inline void test_node_start(test_node *t, const vg_http_opts *opts)
{
    vg_err err = {0};
    memset(t, 0, sizeof *t);
    snprintf(t->dir, sizeof t->dir, "/tmp/vg-http-XXXXXX");
    assert_non_null(mkdtemp(t->dir));
    char data[80];
    snprintf(data, sizeof data, "%s/data", t->dir);
    test_ok(vg_core_create(data, &err), &err);
    test_ok(vg_core_open(data, &t->core, &err), &err);
    test_ok(vg_core_start(t->core, &err), &err);
    test_command(t->core, "accounts.agency_add",
                 "{\"code\":\"CA\",\"name\":\"Công an tỉnh\",\"custodian\":true}", t->agency);
    test_user(t, "truc.ban", "duty_officer", t->officer);
    test_user(t, "quan.tri", "custodian", t->custodian);
    vg_http_opts o = opts ? *opts : (vg_http_opts){0};
    o.http_address = "127.0.0.1:0";
    o.name = "Thử";
    test_ok(vg_http_start(t->core, &o, &t->http, &err), &err);
    t->port = vg_http_port(t->http, false);
}

static inline int test_unlink(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void test_node_stop(test_node *t)
{
    vg_http_stop(t->http);
    vg_core_close(t->core);
    nftw(t->dir, test_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

// --- the client ---------------------------------------------------------------------------------
static inline int test_connect(uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval limit = {20, 0};
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static inline void test_send(int fd, const char *p, size_t n)
{
    while (n) {
        const ssize_t w = send(fd, p, n, MSG_NOSIGNAL);
        if (w <= 0) {
            return;  // the server closed: the answer tells
        }
        p += w;
        n -= (size_t)w;
    }
}

static inline long test_length(const char *head)
{
    const char *p = strcasestr(head, "\r\nContent-Length:");
    return p ? strtol(p + 17, NULL, 10) : -1;
}

// One answer from a connection that may stay open; status 0 when it was closed without one.
static inline test_answer test_read(int fd)
{
    test_answer a = {.text = vg_alloc(1 << 20)};
    char *end = NULL;
    while (a.n < (1 << 20) - 1) {
        end = end ? end : strstr(a.text, "\r\n\r\n");
        if (end) {
            const long length = test_length(a.text);
            const size_t head = (size_t)(end - a.text) + 4;
            if (strncmp(a.text + 9, "304", 3) == 0 ||
                (length >= 0 && a.n - head >= (size_t)length)) {
                break;
            }
        }
        const ssize_t r = recv(fd, a.text + a.n, (1 << 20) - 1 - a.n, 0);
        if (r <= 0) {
            break;
        }
        a.n += (size_t)r;
        a.text[a.n] = '\0';
    }
    a.status = a.n > 12 ? (int)strtol(a.text + 9, NULL, 10) : 0;
    a.body = end ? end + 4 : a.text + a.n;
    a.body_n = a.n - (size_t)(a.body - a.text);
    return a;
}

static inline test_answer test_exchange(int fd, const char *method, const char *path,
                                        const char *headers, const char *body)
{
    vg_buf b;
    vg_buf_init(&b, 4 << 20);
    vg_buf_f(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, headers);
    if (body) {
        vg_buf_f(&b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    }
    vg_buf_c(&b, "\r\n");
    vg_buf_c(&b, body ? body : "");
    test_send(fd, b.p, b.n);
    vg_buf_done(&b);
    return test_read(fd);
}

// On a connection of its own.
static inline test_answer test_request(uint16_t port, const char *method, const char *path,
                                       const char *headers, const char *body)
{
    const int fd = test_connect(port);
    assert_true(fd >= 0);
    const test_answer a = test_exchange(fd, method, path, headers, body);
    close(fd);
    return a;
}

static inline void test_done(test_answer *a)
{
    free(a->text);
    *a = (test_answer){0};
}

static inline int test_status(uint16_t port, const char *method, const char *path,
                              const char *headers, const char *body)
{
    test_answer a = test_request(port, method, path, headers, body);
    const int status = a.status;
    test_done(&a);
    return status;
}

static inline void test_header(const test_answer *a, const char *name, char *out, size_t max)
{
    char want[80];
    snprintf(want, sizeof want, "\r\n%s: ", name);
    const char *p = strcasestr(a->text, want);
    out[0] = '\0';
    if (p && p < a->body) {
        p += strlen(want);
        snprintf(out, max, "%.*s", (int)strcspn(p, "\r"), p);
    }
}

// Writes the headers that make a request his: cookie and CSRF token.
static inline void test_login(test_node *t, const char *login, char headers[400])
{
    char body[200], cookie[200], csrf[100];
    snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"" TEST_PASSWORD "\"}", login);
    test_answer a = test_request(t->port, "POST", "/api/v1/session", "", body);
    assert_int_equal(a.status, 200);
    test_header(&a, "Set-Cookie", cookie, sizeof cookie);
    const char *p = strstr(a.body, "\"csrf\":\"");
    assert_non_null(p);
    snprintf(csrf, sizeof csrf, "%.64s", p + 8);
    cookie[strcspn(cookie, ";")] = '\0';
    snprintf(headers, 400, "Cookie: %s\r\nX-CSRF-Token: %s\r\n", cookie, csrf);
    test_done(&a);
}
