// SPDX-License-Identifier: Apache-2.0
// A host on loopback that plays a script, for the tests of senders: a list of exchanges, each what must be read
// (its end) and what is answered. What it read is kept.
#pragma once

#include "core/core_kit_test.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER_KIT __attribute__((unused)) static

typedef struct peer_line {
    const char *until;   // read on to this end of what came; NULL ends the script: hang up
    const char *answer;  // NULL: say nothing and stay (a host that hangs)
} peer_line;

typedef struct peer {
    int listener;
    uint16_t port;
    pthread_t thread;
    const peer_line *greeting;  // its answer is sent at once; may be NULL
    const peer_line *script;    // begins anew with each connection
    _Atomic bool stop;
    _Atomic int connections;
    char heard[65536];
    _Atomic size_t n;  // grows when a byte stands in heard: what is before it may be read meanwhile
} peer;

PEER_KIT void peer_say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

// False: the other side went, or the test ends.
PEER_KIT bool peer_hear(peer *p, int fd, const char *until)
{
    const size_t from = p->n, k = strlen(until);
    while (!p->stop) {
        if (p->n - from >= k && memcmp(p->heard + p->n - k, until, k) == 0) {
            return true;
        }
        const ssize_t r = recv(fd, p->heard + p->n, 1, 0);
        if (r == 0) {
            return false;
        }
        p->n += r > 0 ? 1 : 0;
        assert_true(p->n < sizeof p->heard - 1);
    }
    return false;
}

PEER_KIT void peer_play(peer *p, int fd)
{
    const struct timeval limit = {.tv_usec = 100000};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    p->connections++;
    if (p->greeting) {
        peer_say(fd, p->greeting->answer);
    }
    for (const peer_line *l = p->script; l->until; l++) {
        if (!peer_hear(p, fd, l->until)) {
            return;
        }
        if (!l->answer) {
            while (!p->stop) {
                usleep(10000);
            }
            return;
        }
        peer_say(fd, l->answer);
    }
}

PEER_KIT void *peer_run(void *arg)
{
    peer *p = arg;
    while (!p->stop) {
        const int fd = accept(p->listener, NULL, NULL);
        if (fd >= 0) {
            peer_play(p, fd);
            close(fd);
        }
    }
    return NULL;
}

PEER_KIT peer *peer_create(const peer_line *greeting, const peer_line *script)
{
    peer *p = vg_alloc(sizeof *p);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    const struct timeval limit = {.tv_usec = 100000};
    p->greeting = greeting;
    p->script = script;
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(p->listener, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->listener, 4), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &n), 0);
    p->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&p->thread, NULL, peer_run, p), 0);
    return p;
}

PEER_KIT bool peer_heard(const peer *p, const char *text)
{
    return memmem(p->heard, p->n, text, strlen(text)) != NULL;
}

PEER_KIT void peer_destroy(peer *p)
{
    p->stop = true;
    pthread_join(p->thread, NULL);
    close(p->listener);
    free(p);
}

PEER_KIT void node_ini(node *n, const char *text)
{
    char path[340];
    node_stop(n);
    snprintf(path, sizeof path, "%s/vonggac.ini", n->dir);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
    node_start(n);
}
