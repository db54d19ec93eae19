// SPDX-License-Identifier: Apache-2.0
// Shift change: two hundred people log in at once while the desk works. The desk is four connections that ask again as soon as
// they were answered, two reading and two opening incidents; what counts is how much later its slowest answers come. Checking
// a password is 64 MiB and some 60 ms of a core, one at a time and giving way, so that the log-ins wait, not the desk:
// how long they wait is told, too.
#include "app/bench.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOGINS = 200, DESK = 4, WAIT_S = 60 };

static const char BODY[] = "{\"login\":\"bench\",\"password\":\"mot mat khau dai\"}";

typedef struct crowd {
    const bench_site *s;
    char request[BENCH_REQUEST];
    int fd[LOGINS];
    int good;         // logged in
    int64_t took_us;  // all of them
} crowd;

static void *log_in(void *arg)
{
    crowd *c = arg;
    const int64_t began = vg_mono_us();
    const struct timeval patience = {.tv_sec = WAIT_S};
    char answer[4096];
    for (size_t i = 0; i < LOGINS; i++) {
        c->fd[i] = bench_dial(c->s->port);
        setsockopt(c->fd[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)!send(c->fd[i], c->request, strlen(c->request), MSG_NOSIGNAL);
    }
    for (size_t i = 0; i < LOGINS; i++) {
        const ssize_t n = recv(c->fd[i], answer, sizeof answer, 0);
        c->good += n > 12 && memcmp(answer, "HTTP/1.1 200", 12) == 0;
    }
    c->took_us = vg_mono_us() - began;
    for (size_t i = 0; i < LOGINS; i++) {
        close(c->fd[i]);
    }
    return NULL;
}

static vg_status desk(const bench_site *s, const char *const *request, int64_t for_us,
                      bench_sample *took, vg_err *err)
{
    bench_loop l = {
        .port = s->port, .request = request, .n_requests = DESK, .n_conns = DESK, .for_us = for_us};
    const vg_status st = bench_loop_run(&l, err);
    *took = l.took_us;
    return st;
}

static vg_status measure(bench *b, const bench_site *s, const char *const *request, vg_err *err)
{
    bench_sample alone = {0}, beside = {0};
    pthread_t thread;
    crowd *c = vg_alloc(sizeof *c);
    c->s = s;
    snprintf(
        c->request,
        sizeof c->request,  // without the desk's cookie: a log-in ends what it comes with
        "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        sizeof BODY - 1, BODY);
    vg_status st = desk(s, request, b->seconds * VG_SECOND_US, &alone, err);
    if (st == VG_OK && pthread_create(&thread, NULL, log_in, c) == 0) {
        st = desk(s, request, b->seconds * VG_SECOND_US, &beside, err);
        pthread_join(thread, NULL);
        bench_row r = {"logins.desk.p99",
                       "ms",
                       (double)bench_at(&beside, 0.99) / 1000,
                       .floor = (double)bench_at(&alone, 0.99) / 1000,
                       .goal = 20,
                       .kind = BENCH_ABOVE};
        snprintf(r.note, sizeof r.note, "%d of %d logged in within %.1f s", c->good, LOGINS,
                 (double)c->took_us / 1e6);
        bench_note(b, &r);
    }
    bench_sample_done(&alone);
    bench_sample_done(&beside);
    free(c);
    return st;
}

vg_status bench_logins(bench *b, vg_err *err)
{
    bench_site s;
    char path[80], body[160], text[2][BENCH_REQUEST];
    VG_TRY(bench_site_make(b, "logins", &s, err));
    snprintf(path, sizeof path, "/api/v1/posts/%s", s.post);
    bench_request(&s, "GET", path, "", text[0]);
    snprintf(body, sizeof body, "{\"site\":\"%s\",\"situation\":\"other\",\"title\":\"Vụ việc\"}",
             s.n.site[0]);
    bench_request(&s, "POST", "/api/v1/incidents", body, text[1]);
    const char *const request[DESK] = {text[0], text[1], text[0], text[1]};
    const vg_status st = measure(b, &s, request, err);
    bench_site_done(&s);
    return st;
}
