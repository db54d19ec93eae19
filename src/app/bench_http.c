// SPDX-License-Identifier: Apache-2.0
// The HTTP side in this process over loopback: keep-alive at the counts where the library once stalled, one
// row by key against a constant from the same library, and a thousand live streams.
#include "app/bench.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

vg_status bench_http(bench *b, vg_err *err)
{
    static const char *const constant[] = {"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"};
    bench_site s;
    char path[80], text[BENCH_REQUEST];
    const char *const row[] = {text};
    VG_TRY(bench_site_make(b, "http", &s, err));
    snprintf(path, sizeof path, "/api/v1/posts/%s", s.post);
    bench_request(&s, "GET", path, "", text);
    vg_status st = VG_OK;
    for (size_t n = 128; st == VG_OK && n <= 384; n += 128) {
        char name[40];
        bench_loop l = {.port = s.port,
                        .request = constant,
                        .n_requests = 1,
                        .n_conns = n,
                        .for_us = VG_SECOND_US};
        st = bench_loop_run(&l, err);
        snprintf(name, sizeof name, "http.keepalive.%zu.max", n);
        bench_row r = {name, "ms", (double)bench_at(&l.took_us, 1) / 1000, .goal = 1000,
                       .kind = BENCH_MOST};
        snprintf(r.note, sizeof r.note, "%.0f answers/s", bench_loop_rate(&l));
        bench_note(b, &r);
        bench_sample_done(&l.took_us);
    }
    bench_loop floor = {.port = s.port,
                        .request = constant,
                        .n_requests = 1,
                        .n_conns = 32,
                        .for_us = b->seconds * VG_SECOND_US};
    bench_loop one = floor;
    one.request = row;
    if (st == VG_OK) {
        st = bench_loop_run(&floor, err);
    }
    if (st == VG_OK) {
        st = bench_loop_run(&one, err);
    }
    if (st == VG_OK) {
        bench_note(b, &(bench_row){"http.row", "/s", bench_loop_rate(&one),
                                   .floor = bench_loop_rate(&floor), .goal = 0.3,
                                   .kind = BENCH_SHARE});
    }
    bench_sample_done(&floor.took_us);
    bench_sample_done(&one.took_us);
    bench_site_done(&s);
    return st;
}

// --- streams --------------------------------------------------------------------------------------
enum { STREAMS = 1000, CHANGES = 40 };

static vg_status open_streams(bench_site *s, int *fd, int ep, vg_err *err)
{
    char request[512];
    snprintf(request, sizeof request,
             "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: %s\r\n\r\n", s->port,
             s->cookie);
    for (size_t i = 0; i < STREAMS; i++) {
        struct epoll_event ev = {.events = EPOLLIN, .data.u64 = i};
        fd[i] = bench_dial(s->port);
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

static vg_status measure(bench *b, bench_site *s, int ep, const int *fd, double before, vg_err *err)
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
    bench_site s;
    VG_TRY(bench_site_make(b, "stream", &s, err));
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
    bench_site_done(&s);
    return st;
}
