// SPDX-License-Identifier: Apache-2.0
// The client of the HTTP benches: a node with a listener in this process, somebody logged in, and keep-alive
// connections that ask again when the answer is there. One thread for all of them, so that the client takes
// as little of the machine as it can; requests and answers are its own few lines.
#include "app/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 20 };

typedef struct conn {
    int fd;
    const char *request;
    int64_t sent_us;  // 0: nothing on its way
    size_t n, cap;
    char *in;
} conn;

int bench_dial(uint16_t port)
{
    const struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd >= 0 && (connect(fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

// Bytes of the first whole answer in c->in, 0 when it is not all there.
static size_t whole(const conn *c)
{
    const char *head = c->n ? memmem(c->in, c->n, "\r\n\r\n", 4) : NULL;
    const char *length =
        head ? memmem(c->in, (size_t)(head - c->in), "Content-Length: ", 16) : NULL;
    const size_t body = length ? (size_t)strtoul(length + 16, NULL, 10) : 0;
    const size_t all = head ? (size_t)(head - c->in) + 4 + body : 0;
    return all && all <= c->n ? all : 0;
}

static vg_status ask_next(conn *c, vg_err *err)
{
    const size_t n = strlen(c->request);
    c->n = 0;
    c->sent_us = vg_mono_us();
    return send(c->fd, c->request, n, MSG_NOSIGNAL) == (ssize_t)n
               ? VG_OK
               : vg_fail(err, VG_EIO, "", NULL, "send: %s", strerror(errno));
}

// Takes what has come; the answer is whole when *ret_whole.
static vg_status take(conn *c, bool *ret_whole, vg_err *err)
{
    if (c->cap - c->n < 8192 && c->cap < ANSWER_MAX) {
        c->cap = c->cap ? c->cap * 2 : 16384;
        c->in = vg_realloc(c->in, c->cap);
    }
    const ssize_t k = recv(c->fd, c->in + c->n, c->cap - 1 - c->n, 0);
    if (k <= 0) {
        return vg_fail(err, VG_EIO, "", NULL, "closed: %.60s", c->request);
    }
    c->n += (size_t)k;
    c->in[c->n] = '\0';
    *ret_whole = whole(c) != 0;
    return VG_OK;
}

static void hang_up(conn *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i].fd >= 0) {
            close(v[i].fd);
        }
        free(v[i].in);
    }
}

vg_status bench_ask(uint16_t port, const char *request, vg_buf *ret, vg_err *err)
{
    conn c = {.fd = bench_dial(port), .request = request};
    bool done = false;
    vg_status s =
        c.fd >= 0 ? ask_next(&c, err) : vg_fail(err, VG_EIO, "", NULL, "connect: %.60s", request);
    while (s == VG_OK && !done) {
        s = take(&c, &done, err);
    }
    vg_buf_reset(ret);
    vg_buf_add(ret, c.n ? c.in : "", c.n + 1);
    hang_up(&c, 1);
    return s;
}

void bench_request(const bench_site *s, const char *method, const char *path, const char *body,
                   char out[BENCH_REQUEST])
{
    snprintf(out, BENCH_REQUEST,
             "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
             method, path, s->port, s->cookie, s->csrf, strlen(body), body);
}

static vg_status login(bench_site *s, vg_err *err)
{
    char request[BENCH_REQUEST];
    vg_buf answer;
    vg_buf_init(&answer, ANSWER_MAX);
    bench_request(s, "POST", "/api/v1/session",
                  "{\"login\":\"bench\",\"password\":\"mot mat khau dai\"}", request);
    vg_status st = bench_ask(s->port, request, &answer, err);
    const char *cookie = st == VG_OK ? strstr(answer.p, "Set-Cookie: ") : NULL;
    const char *csrf = st == VG_OK ? strstr(answer.p, "\"csrf\":\"") : NULL;
    if (cookie && csrf) {
        snprintf(s->cookie, sizeof s->cookie, "%.*s", (int)strcspn(cookie + 12, ";\r"),
                 cookie + 12);
        snprintf(s->csrf, sizeof s->csrf, "%.*s", (int)strcspn(csrf + 8, "\""), csrf + 8);
    } else if (st == VG_OK) {
        st = vg_fail(err, VG_EAUTH, "", NULL, "%.100s", answer.p);
    }
    vg_buf_done(&answer);
    return st;
}

void bench_site_done(bench_site *s)
{
    vg_http_stop(s->http);
    s->http = NULL;
    bench_node_done(&s->n);
}

vg_status bench_site_make(bench *b, const char *name, bench_site *s, vg_err *err)
{
    static const vg_http_opts opts = {
        .http_address = "127.0.0.1:0", .name = "bench", .profile = "federated"};
    char args[300];
    *s = (bench_site){0};
    VG_TRY(bench_node_make(b, name, 1, &s->n, err));
    snprintf(args, sizeof args,
             "{\"login\":\"bench\",\"name\":\"bench\",\"agency\":\"%s\",\"password\":\"mot mat "
             "khau dai\","
             "\"role\":\"site_commander\"}",
             s->n.agency);
    vg_status st = bench_run(s->n.core, "accounts.user_add", args, NULL, err);
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"post\"}", s->n.site[0]);
    if (st == VG_OK) {
        st = bench_run(s->n.core, "sites.post_add", args, s->post, err);
    }
    if (st == VG_OK) {
        st = vg_http_start(s->n.core, &opts, &s->http, err);
    }
    if (st == VG_OK) {
        s->port = vg_http_port(s->http, false);
        st = login(s, err);
    }
    if (st != VG_OK) {
        bench_site_done(s);
    }
    return st;
}

// --- closed loops ---------------------------------------------------------------------------------
typedef struct run {
    bench_loop *l;
    conn *v;
    int ep;
    int64_t started_us;
    size_t sent, busy;
} run;

static bool over(const run *r)
{
    return r->l->stop_after ? r->sent >= r->l->stop_after
                            : vg_mono_us() - r->started_us >= r->l->for_us;
}

static vg_status on_readable(run *r, conn *c, vg_err *err)
{
    bool done = false;
    VG_TRY(take(c, &done, err));
    if (!done) {
        return VG_OK;
    }
    if (memcmp(c->in, "HTTP/1.1 200", 12) != 0) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "%.100s", c->in);
    }
    bench_add(&r->l->took_us, vg_mono_us() - c->sent_us);
    c->sent_us = 0;
    if (over(r)) {
        r->busy--;
        return VG_OK;
    }
    r->sent++;
    return ask_next(c, err);
}

static vg_status begin(run *r, vg_err *err)
{
    for (size_t i = 0; i < r->l->n_conns; i++) {
        conn *c = &r->v[i];
        struct epoll_event ev = {.events = EPOLLIN, .data.u64 = i};
        c->fd = bench_dial(r->l->port);
        c->request = r->l->request[i % r->l->n_requests];
        if (c->fd < 0 || epoll_ctl(r->ep, EPOLL_CTL_ADD, c->fd, &ev) != 0) {
            return vg_fail(err, VG_EIO, "", NULL, "connection %zu: %s", i, strerror(errno));
        }
        r->sent++;
        r->busy++;
        VG_TRY(ask_next(c, err));
    }
    return VG_OK;
}

static vg_status drive(run *r, vg_err *err)
{
    r->started_us = vg_mono_us();
    VG_TRY(begin(r, err));
    while (r->busy) {
        struct epoll_event ev[128];
        const int n = epoll_wait(r->ep, ev, (int)VG_LEN(ev), 5000);
        if (n == 0) {
            return vg_fail(err, VG_EUNAVAIL, "", NULL, "stalled with %zu connections",
                           r->l->n_conns);
        }
        for (int i = 0; i < n; i++) {
            VG_TRY(on_readable(r, &r->v[ev[i].data.u64], err));
        }
    }
    r->l->wall_us = vg_mono_us() - r->started_us;
    return VG_OK;
}

vg_status bench_loop_run(bench_loop *l, vg_err *err)
{
    run r = {.l = l, .v = vg_alloc(l->n_conns * sizeof *r.v), .ep = epoll_create1(EPOLL_CLOEXEC)};
    for (size_t i = 0; i < l->n_conns; i++) {
        r.v[i].fd = -1;
    }
    const vg_status s = drive(&r, err);
    hang_up(r.v, l->n_conns);
    close(r.ep);
    free(r.v);
    return s;
}

double bench_loop_rate(const bench_loop *l)
{
    return l->wall_us > 0 ? (double)l->took_us.n * 1e6 / (double)l->wall_us : 0;
}
