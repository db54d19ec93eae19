// SPDX-License-Identifier: Apache-2.0
// The HTTP side in this process over loopback: a thousand live streams, keep-alive at the counts where the
// library once stalled, and one row by key against a constant from the same library. Requests and answers are
// the client's own few lines, one thread for all connections.
#include "app/bench.h"

#include "http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct site_node {
    bench_node n;
    vg_http *http;
    uint16_t port;
    char cookie[256], post[VG_ID_TEXT];
} site_node;

typedef struct conn {
    int fd;
    int64_t sent_us;
    size_t n;
    char in[8192];
} conn;

static int dial(uint16_t port)
{
    const struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

// Bytes of the first whole answer in c->in, 0 when it is not all there.
static size_t whole(const conn *c)
{
    const char *head = memmem(c->in, c->n, "\r\n\r\n", 4);
    const char *length =
        head ? memmem(c->in, (size_t)(head - c->in), "Content-Length: ", 16) : NULL;
    const size_t body = length ? (size_t)strtoul(length + 16, NULL, 10) : 0;
    const size_t all = head ? (size_t)(head - c->in) + 4 + body : 0;
    return all && all <= c->n ? all : 0;
}

static vg_status ask(uint16_t port, const char *request, char *out, size_t cap, vg_err *err)
{
    conn c = {.fd = dial(port)};
    vg_status s = VG_EIO;
    if (c.fd >= 0 && send(c.fd, request, strlen(request), MSG_NOSIGNAL) > 0) {
        for (ssize_t k = 1; !whole(&c) && k > 0 && c.n < sizeof c.in - 1;) {
            k = recv(c.fd, c.in + c.n, sizeof c.in - 1 - c.n, 0);
            c.n += k > 0 ? (size_t)k : 0;
        }
        s = whole(&c) ? VG_OK : VG_EIO;
    }
    if (c.fd >= 0) {
        close(c.fd);
    }
    snprintf(out, cap, "%.*s", (int)c.n, c.in);
    return s == VG_OK ? s : vg_fail(err, s, "", NULL, "%.60s", request);
}

static vg_status login(site_node *s, vg_err *err)
{
    static const char body[] = "{\"login\":\"bench\",\"password\":\"mot mat khau dai\"}";
    char request[400], answer[8192];
    snprintf(
        request, sizeof request,
        "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        s->port, sizeof body - 1, body);
    VG_TRY(ask(s->port, request, answer, sizeof answer, err));
    const char *at = strstr(answer, "Set-Cookie: ");
    const size_t n = at ? strcspn(at + 12, ";\r") : 0;
    snprintf(s->cookie, sizeof s->cookie, "%.*s", (int)n, at ? at + 12 : "");
    return n ? VG_OK : vg_fail(err, VG_EAUTH, "", NULL, "%.100s", answer);
}

static void site_done(site_node *s)
{
    vg_http_stop(s->http);
    s->http = NULL;
    bench_node_done(&s->n);
}

static vg_status site_make(bench *b, const char *name, site_node *s, vg_err *err)
{
    static const vg_http_opts opts = {
        .http_address = "127.0.0.1:0", .name = "bench", .profile = "federated"};
    char args[300];
    *s = (site_node){0};
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
        site_done(s);
    }
    return st;
}

// --- closed loops ---------------------------------------------------------------------------------
typedef struct loop {
    uint16_t port;
    const char *request;
    size_t n_conns;
    int64_t for_us;
    // results
    bench_sample took_us;
    int64_t wall_us;
} loop;

static vg_status on_answer(loop *l, conn *c, bool more, vg_err *err)
{
    const ssize_t k = recv(c->fd, c->in + c->n, sizeof c->in - c->n, 0);
    if (k <= 0) {
        return vg_fail(err, VG_EIO, "", NULL, "closed: %.60s", l->request);
    }
    c->n += (size_t)k;
    if (!whole(c)) {
        return VG_OK;
    }
    if (memcmp(c->in, "HTTP/1.1 200", 12) != 0) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "%.100s", c->in);
    }
    bench_add(&l->took_us, vg_mono_us() - c->sent_us);
    c->n = 0;
    c->sent_us = 0;
    if (more) {
        c->sent_us = vg_mono_us();
        return send(c->fd, l->request, strlen(l->request), MSG_NOSIGNAL) > 0
                   ? VG_OK
                   : vg_fail(err, VG_EIO, "", NULL, "send");
    }
    return VG_OK;
}

static vg_status drive(loop *l, conn *v, int ep, vg_err *err)
{
    const int64_t start = vg_mono_us();
    struct epoll_event ev[128];
    for (size_t i = 0; i < l->n_conns; i++) {
        v[i].fd = dial(l->port);
        v[i].sent_us = vg_mono_us();
        ev[0] = (struct epoll_event){.events = EPOLLIN, .data.u64 = i};
        if (v[i].fd < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, v[i].fd, &ev[0]) != 0 ||
            send(v[i].fd, l->request, strlen(l->request), MSG_NOSIGNAL) <= 0) {
            return vg_fail(err, VG_EIO, "", NULL, "connection %zu: %s", i, strerror(errno));
        }
    }
    for (size_t silent = 0; silent < l->n_conns;) {
        const bool more = vg_mono_us() - start < l->for_us;
        const int n = epoll_wait(ep, ev, (int)VG_LEN(ev), 5000);
        if (n == 0) {
            return vg_fail(err, VG_EUNAVAIL, "", NULL, "stalled with %zu connections", l->n_conns);
        }
        for (int i = 0; i < n; i++) {
            conn *c = &v[ev[i].data.u64];
            VG_TRY(on_answer(l, c, more, err));
            silent += !c->sent_us;
        }
    }
    l->wall_us = vg_mono_us() - start;
    return VG_OK;
}

static vg_status run_loop(loop *l, vg_err *err)
{
    conn *v = vg_alloc(l->n_conns * sizeof *v);
    for (size_t i = 0; i < l->n_conns; i++) {
        v[i].fd = -1;
    }
    const int ep = epoll_create1(EPOLL_CLOEXEC);
    const vg_status s = drive(l, v, ep, err);
    for (size_t i = 0; i < l->n_conns; i++) {
        if (v[i].fd >= 0) {
            close(v[i].fd);
        }
    }
    close(ep);
    free(v);
    return s;
}

static double rate(const loop *l)
{
    return (double)l->took_us.n * 1e6 / (double)l->wall_us;
}

vg_status bench_http(bench *b, vg_err *err)
{
    static const char constant[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    site_node s;
    char row[512];
    VG_TRY(site_make(b, "http", &s, err));
    snprintf(row, sizeof row,
             "GET /api/v1/posts/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n\r\n", s.post,
             s.port, s.cookie);
    vg_status st = VG_OK;
    for (size_t n = 128; st == VG_OK && n <= 384; n += 128) {
        char name[40];
        loop l = {.port = s.port, .request = constant, .n_conns = n, .for_us = VG_SECOND_US};
        st = run_loop(&l, err);
        snprintf(name, sizeof name, "http.keepalive.%zu.max", n);
        bench_row r = {name, "ms", (double)bench_at(&l.took_us, 1) / 1000, .goal = 1000,
                       .kind = BENCH_MOST};
        snprintf(r.note, sizeof r.note, "%.0f answers/s", st == VG_OK ? rate(&l) : 0);
        bench_note(b, &r);
        bench_sample_done(&l.took_us);
    }
    loop floor = {
        .port = s.port, .request = constant, .n_conns = 32, .for_us = b->seconds * VG_SECOND_US};
    loop one = {.port = s.port, .request = row, .n_conns = 32, .for_us = b->seconds * VG_SECOND_US};
    if (st == VG_OK) {
        st = run_loop(&floor, err);
    }
    if (st == VG_OK) {
        st = run_loop(&one, err);
    }
    if (st == VG_OK) {
        bench_note(b, &(bench_row){"http.row", "/s", rate(&one), .floor = rate(&floor), .goal = 0.3,
                                   .kind = BENCH_SHARE});
    }
    bench_sample_done(&floor.took_us);
    bench_sample_done(&one.took_us);
    site_done(&s);
    return st;
}

// --- streams --------------------------------------------------------------------------------------
enum { STREAMS = 1000, CHANGES = 40 };

static vg_status open_streams(site_node *s, int *fd, int ep, vg_err *err)
{
    char request[512];
    snprintf(request, sizeof request,
             "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n\r\n", s->port,
             s->cookie);
    for (size_t i = 0; i < STREAMS; i++) {
        struct epoll_event ev = {.events = EPOLLIN, .data.u64 = i};
        fd[i] = dial(s->port);
        if (fd[i] < 0 || send(fd[i], request, strlen(request), MSG_NOSIGNAL) <= 0 ||
            epoll_ctl(ep, EPOLL_CTL_ADD, fd[i], &ev) != 0) {
            return vg_fail(err, VG_EIO, "", NULL, "stream %zu: %s", i, strerror(errno));
        }
    }
    return VG_OK;
}

// Reads what comes for a while; notes for each stream when word first came. Returns how many saw it.
static size_t listen_for(int ep, const int *fd, const char *word, int64_t since_us, int64_t for_us,
                         bench_sample *took)
{
    static char in[16384];
    bool seen[STREAMS] = {0};
    size_t n_seen = 0;
    const int64_t end = vg_mono_us() + for_us;
    while (n_seen < STREAMS && vg_mono_us() < end) {
        struct epoll_event ev[128];
        const int n = epoll_wait(ep, ev, (int)VG_LEN(ev), 20);
        for (int i = 0; i < n; i++) {
            const size_t k = ev[i].data.u64;
            const ssize_t got = recv(fd[k], in, sizeof in, MSG_DONTWAIT);
            if (got > 0 && !seen[k] && memmem(in, (size_t)got, word, strlen(word))) {
                seen[k] = true;
                n_seen++;
                if (took) {
                    bench_add(took, vg_mono_us() - since_us);
                }
            }
        }
    }
    return n_seen;
}

static vg_status measure(bench *b, site_node *s, int ep, const int *fd, double before, vg_err *err)
{
    bench_sample took = {0};
    const size_t greeted = listen_for(ep, fd, "hello", 0, 10 * VG_SECOND_US, NULL);
    bench_row mem = {"stream.memory", "MB", bench_rss_mb(0) - before, .goal = 64,
                     .kind = BENCH_MOST};
    snprintf(mem.note, sizeof mem.note, "%zu of %d streams", greeted, STREAMS);
    bench_note(b, &mem);
    size_t arrived = 0;
    vg_status st = VG_OK;
    for (int i = 0; i < CHANGES && st == VG_OK; i++) {
        char args[120];
        snprintf(args, sizeof args, "{\"id\":\"%s\",\"name\":\"change %d\"}", s->post, i);
        st = bench_run(s->n.core, "sites.post_update", args, NULL, err);
        snprintf(args, sizeof args, "change %d\"", i);
        arrived += listen_for(ep, fd, args, vg_mono_us(), VG_SECOND_US, &took);
    }
    bench_row r = {"stream.change.p99", "ms", (double)bench_at(&took, 0.99) / 1000, .goal = 50,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "p50 %.1f ms; %zu of %d arrived",
             (double)bench_at(&took, 0.5) / 1000, arrived, STREAMS * CHANGES);
    bench_note(b, &r);
    bench_sample_done(&took);
    return st;
}

vg_status bench_stream(bench *b, vg_err *err)
{
    static int fd[STREAMS];
    site_node s;
    VG_TRY(site_make(b, "stream", &s, err));
    memset(fd, 0xFF, sizeof fd);
    const int ep = epoll_create1(EPOLL_CLOEXEC);
    const double before = bench_rss_mb(0);
    vg_status st = open_streams(&s, fd, ep, err);
    if (st == VG_OK) {
        st = measure(b, &s, ep, fd, before, err);
    }
    for (size_t i = 0; i < STREAMS; i++) {
        if (fd[i] >= 0) {
            close(fd[i]);
        }
    }
    close(ep);
    site_done(&s);
    return st;
}
