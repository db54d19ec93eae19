// SPDX-License-Identifier: Apache-2.0
// What a dead mail host costs everybody else: the time of a command, before and while ten thousand letters wait
// for a host that takes connections and says nothing. The floor is the same node's own time without them.
#include "app/bench.h"

#include "core/outbox.h"
#include "notify/senders.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAITING = 10000, TRIES = 400 };

static vg_status measure(bench_node *n, const char *tag, bench_sample *took, vg_err *err)
{
    vg_status s = VG_OK;
    for (int i = 0; i < TRIES && s == VG_OK; i++) {
        char args[200];
        snprintf(args, sizeof args,
                 "{\"site\":\"%s\",\"situation\":\"illegal_entry\",\"title\":\"%s %d\"}",
                 n->site[0], tag, i);
        const int64_t t = vg_mono_us();
        s = bench_run(n->core, "desk.open", args, NULL, err);
        bench_add(took, vg_mono_us() - t);
    }
    return s;
}

// A listener whose backlog takes connections that nobody answers.
static int deaf_host(uint16_t *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t k = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(fd, 16) == 0 &&
        getsockname(fd, (struct sockaddr *)&at, &k) == 0) {
        *ret_port = ntohs(at.sin_port);
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static vg_status fill(bench_node *n, uint16_t port, int64_t *ret_us, vg_err *err)
{
    char args[300], id[VG_ID_TEXT];
    snprintf(args, sizeof args,
             "{\"kind\":\"smtp\",\"name\":\"m\",\"address\":\"127.0.0.1:%u\",\"options\":"
             "{\"from\":\"a@b.example\",\"tls\":\"none\"}}",
             port);
    VG_TRY(bench_run(n->core, "links.add", args, id, err));
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    const int64_t t = vg_mono_us();
    for (int i = 0; i < WAITING; i++) {
        VG_TRY(bench_run(n->core, "links.try", args, NULL, err));
    }
    *ret_us = vg_mono_us() - t;
    return VG_OK;
}

static void note(bench *b, const char *name, bench_sample *took, bench_sample *floor, double at,
                 double goal)
{
    bench_row r = {name,
                   "ms",
                   (double)bench_at(took, at) / 1000,
                   .floor = (double)bench_at(floor, at) / 1000,
                   .goal = goal,
                   .kind = BENCH_ABOVE};
    snprintf(r.note, sizeof r.note, "%d letters wait for a deaf host; floor: the same without them",
             WAITING);
    bench_note(b, &r);
}

vg_status bench_notify(bench *b, vg_err *err)
{
    static const vg_sender_kind *const kinds[] = {&vg_sender_mail, NULL};
    bench_node n;
    bench_sample before = {0}, during = {0};
    vg_senders *senders = NULL;
    uint16_t port = 0;
    int64_t us = 1;
    const int fd = deaf_host(&port);
    if (fd < 0) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "listen");
    }
    vg_status s = bench_node_make(b, "notify", 8, &n, err);
    if (s == VG_OK) {
        s = vg_senders_start(n.core, kinds, &senders, err);
        s = s == VG_OK ? measure(&n, "before", &before, err) : s;
        s = s == VG_OK ? fill(&n, port, &us, err) : s;
        s = s == VG_OK ? measure(&n, "during", &during, err) : s;
        shutdown(fd, SHUT_RDWR);
        vg_senders_stop(senders);
        bench_node_done(&n);
    }
    close(fd);
    if (s == VG_OK) {
        bench_note(b, &(bench_row){"notify.queued", "/s", WAITING * 1e6 / (double)us});
        note(b, "notify.open.p50", &during, &before, 0.5, 1);
        note(b, "notify.open.p99", &during, &before, 0.99, 5);
    }
    bench_sample_done(&before);
    bench_sample_done(&during);
    return s;
}
