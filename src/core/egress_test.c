// SPDX-License-Identifier: Apache-2.0
// Where the node may go: the kinds of address, and that a name which leads to a refused one is refused.
#include "core/egress.h"

#include "core/core_kit_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static vg_egress_class class_of(const char *text)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return vg_egress_class_of((const struct sockaddr *)&four);
    }
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return vg_egress_class_of((const struct sockaddr *)&six);
}

static void every_kind_of_address(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        vg_egress_class class;
    } ROW[] = {
        {"203.0.113.7", VG_EGRESS_PUBLIC},
        {"8.8.8.8", VG_EGRESS_PUBLIC},
        {"2001:db8::1", VG_EGRESS_PUBLIC},
        {"10.1.2.3", VG_EGRESS_PRIVATE},
        {"172.16.0.1", VG_EGRESS_PRIVATE},
        {"172.31.255.255", VG_EGRESS_PRIVATE},
        {"172.32.0.1", VG_EGRESS_PUBLIC},
        {"192.168.1.1", VG_EGRESS_PRIVATE},
        {"100.64.0.1", VG_EGRESS_PRIVATE},
        {"100.128.0.1", VG_EGRESS_PUBLIC},
        {"fd12::1", VG_EGRESS_PRIVATE},
        {"127.0.0.1", VG_EGRESS_LOOPBACK},
        {"127.255.0.9", VG_EGRESS_LOOPBACK},
        {"::1", VG_EGRESS_LOOPBACK},
        {"0.0.0.0", VG_EGRESS_NEVER},
        {"::", VG_EGRESS_NEVER},
        {"169.254.169.254", VG_EGRESS_NEVER},
        {"100.100.100.200", VG_EGRESS_NEVER},
        {"fd00:ec2::254", VG_EGRESS_NEVER},
        {"fe80::1", VG_EGRESS_NEVER},
        {"224.0.0.1", VG_EGRESS_NEVER},
        {"255.255.255.255", VG_EGRESS_NEVER},
        {"ff02::1", VG_EGRESS_NEVER},
        {"::ffff:169.254.169.254", VG_EGRESS_NEVER},
        {"::ffff:127.0.0.1", VG_EGRESS_LOOPBACK},
        {"::ffff:8.8.8.8", VG_EGRESS_PUBLIC},
        {"64:ff9b::a9fe:a9fe", VG_EGRESS_NEVER},
        {"2002:7f00:1::", VG_EGRESS_LOOPBACK},
        {"::10.0.0.1", VG_EGRESS_PRIVATE},
    };
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        if (class_of(ROW[i].text) != ROW[i].class) {
            fail_msg("%s: %d", ROW[i].text, class_of(ROW[i].text));
        }
    }
}

// A listener of our own, so that the only reason not to connect is the rule.
static int listen_somewhere(uint16_t *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static void set_ini(node *n, const char *text)
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

static vg_status go(node *n, bool url, const char *host, uint16_t port)
{
    int fd = -1;
    const vg_status s = url ? vg_egress_connect_url(n->core, 0, host, port, &fd, NULL)
                            : vg_egress_connect(n->core, 0, host, port, &fd, NULL);
    if (s == VG_OK) {
        close(fd);
    }
    return s;
}

static void what_a_form_may_reach(void **state)
{
    (void)state;
    node *n = node_create();
    uint16_t port = 0;
    const int fd = listen_somewhere(&port);
    assert_int_equal(go(n, false, "127.0.0.1", port), VG_OK);
    assert_int_equal(go(n, true, "127.0.0.1", port), VG_EDENIED);
    assert_int_equal(go(n, true, "localhost", port),
                     VG_EDENIED);  // by what it leads to, not by name
    assert_int_equal(go(n, false, "0.0.0.0", port), VG_EDENIED);  // would be loopback too
    set_ini(n, "[egress]\nloopback = yes\n");
    assert_int_equal(go(n, true, "127.0.0.1", port), VG_OK);
    assert_int_equal(go(n, true, "169.254.169.254", port), VG_EDENIED);
    set_ini(n, "[node]\nprofile = standalone\n[egress]\nloopback = yes\n");
    assert_int_equal(go(n, false, "127.0.0.1", port), VG_EDENIED);
    assert_int_equal(go(n, true, "127.0.0.1", port), VG_EDENIED);
    close(fd);
    node_destroy(n);
}

static vg_status ask(node *n, const char *host, vg_egress_addresses *ret)
{
    return vg_egress_resolve_reading(n->core, 0, host, 1883, ret, NULL);
}

// A client that connects by itself is told where to; never a name, never a place where no service of ours lives.
static void a_reader_is_given_numbers_only(void **state)
{
    static const char *const NEVER[] = {"169.254.169.254",        "0.0.0.0", "0", "224.0.0.1",
                                        "::ffff:169.254.169.254", "fe80::1"};
    (void)state;
    node *n = node_create();
    vg_egress_addresses to = {.n = 77};
    for (size_t i = 0; i < VG_LEN(NEVER); i++) {
        assert_int_equal(ask(n, NEVER[i], &to), VG_EDENIED);
        assert_int_equal(to.n, 77);  // set only on success
    }
    assert_int_equal(ask(n, "192.168.7.7", &to), VG_OK);
    assert_int_equal(to.n, 1);
    assert_string_equal(to.v[0], "192.168.7.7");
    assert_int_equal(ask(n, "localhost", &to), VG_OK);
    for (size_t i = 0; i < to.n; i++) {
        assert_true(vg_egress_is_here(to.v[i]) && strcmp(to.v[i], "localhost") != 0);
    }
    assert_int_equal(ask(n, "nobody.invalid", &to), VG_EUNAVAIL);
    set_ini(n, "[node]\nprofile = standalone\n");
    assert_int_equal(ask(n, "127.0.0.1", &to), VG_OK);
    assert_int_equal(ask(n, "192.168.7.7", &to), VG_EDENIED);
    node_destroy(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_address),
        cmocka_unit_test(what_a_form_may_reach),
        cmocka_unit_test(a_reader_is_given_numbers_only),
    };
    return cmocka_run_group_tests_name("core.egress", tests, NULL, NULL);
}
