// SPDX-License-Identifier: Apache-2.0
// libmosquitto acknowledges a QoS 1 message by itself, before or after the callback according to its version.
// But a client that says it has threads (mosquitto_threaded_set) only queues what it sends, and the queue
// leaves in mosquitto_loop_write: so reading and answering are apart, and the worker answers after the commit.
// It connects by itself (there is no way to hand it a socket), but resolves nothing here: it is given a numeric
// address that egress has checked, and the names in the certificate and in the TLS greeting are the host's own.
// It also allocates what a packet's head claims, up to 256 MiB, untouched until bytes come: a line that brought
// more than a message may have, without one, is cut (TCP_INFO). MQTT 3.1.1, a session that the broker keeps.
#include "ingest/mqtt/client.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

enum { KEEPALIVE_S = 15, ANSWER_S = 10, READS_MAX = 4096, UNFINISHED_MAX = 8 << 20 };

struct mqtt_client {
    struct mosquitto *m;
    SSL_CTX *tls;
    mqtt_client_options o;
    char host[VG_LINK_HOST];  // whose certificate it must be
    bool numeric;             // the host is an address: no name to greet it by
    const char *problem;      // why it ended, when that is known
    bool accepted, granted, ended, bad_certificate;
    unsigned came;     // messages in this reading
    uint64_t bytes;    // received when the last packet was whole
    int64_t since_us;  // dialled; then: last looked after
};

// --- callbacks: all on the worker's thread, inside mqtt_client_read -------------------------------
static void whole_packet(mqtt_client *c)
{
    struct tcp_info info;
    socklen_t n = sizeof info;
    const int fd = mosquitto_socket(c->m);
    if (fd >= 0 && getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0) {
        c->bytes = info.tcpi_bytes_received;
    }
}

static bool swollen(const mqtt_client *c)
{
    struct tcp_info info;
    socklen_t n = sizeof info;
    const int fd = mosquitto_socket(c->m);
    return fd >= 0 && getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 &&
           info.tcpi_bytes_received - c->bytes > UNFINISHED_MAX;
}

static void on_connect(struct mosquitto *m, void *ctx, int rc)
{
    mqtt_client *c = ctx;
    whole_packet(c);
    if (rc != 0) {
        c->problem = rc == 4 || rc == 5 ? "link.bad_login"
                     : rc == 1          ? "link.bad_answer"
                                        : "link.refused";
        return;
    }
    c->accepted = true;
    for (size_t i = 0; i < c->o.n_filters; i++) {
        char filter[MQTT_TOPIC_MAX + 1];
        snprintf(filter, sizeof filter, "%.*s", VG_FMT(c->o.filters[i]));
        if (mosquitto_subscribe(m, NULL, filter, 1) != MOSQ_ERR_SUCCESS) {
            c->problem = "link.options";
        }
    }
}

static void on_subscribe(struct mosquitto *m, void *ctx, int mid, int n, const int *granted)
{
    mqtt_client *c = ctx;
    (void)m;
    (void)mid;
    whole_packet(c);
    for (int i = 0; i < n; i++) {
        if (granted[i] > 2) {
            c->problem = "link.refused_topic";
        }
    }
    c->granted = !c->problem;
}

static void on_message(struct mosquitto *m, void *ctx, const struct mosquitto_message *msg)
{
    mqtt_client *c = ctx;
    (void)m;
    const mqtt_message got = {
        .topic = vg_str_c(msg->topic),
        .payload = {msg->payload ? msg->payload : "", (size_t)msg->payloadlen},
        .retained = msg->retain};
    c->came++;
    whole_packet(c);
    c->o.message(c->o.ctx, &got);
}

static void on_disconnect(struct mosquitto *m, void *ctx, int rc)
{
    mqtt_client *c = ctx;
    (void)m;
    (void)rc;
    c->ended = true;
}

// --- TLS ----------------------------------------------------------------------------------------
static int judge_certificate(X509_STORE_CTX *store, void *ctx)
{
    mqtt_client *c = ctx;
    const int ok = X509_verify_cert(store);
    c->bad_certificate = ok != 1;
    return ok;
}

static bool trust(SSL_CTX *tls, const char *pem)
{
    if (!*pem) {
        return SSL_CTX_set_default_verify_paths(tls) == 1;
    }
    BIO *b = BIO_new_mem_buf(pem, -1);
    X509_STORE *store = SSL_CTX_get_cert_store(tls);
    X509 *x;
    int n = 0;
    while (b && n < 16 && (x = PEM_read_bio_X509(b, NULL, NULL, NULL))) {
        n += X509_STORE_add_cert(store, x) == 1;
        X509_free(x);
    }
    BIO_free(b);
    return n > 0;
}

// The library greets (SNI) by what it connects to, which here is never a name. Before the greeting is written.
static void greet_by_name(const SSL *ssl, int where, int ret)
{
    mqtt_client *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    (void)ret;
    if (where & SSL_CB_HANDSHAKE_START) {
        (void)SSL_set_tlsext_host_name((SSL *)(uintptr_t)ssl, c->numeric ? NULL : c->host);
    }
}

static bool use_tls(mqtt_client *c, const char *ca)
{
    unsigned char ip[16];
    c->tls = SSL_CTX_new(TLS_client_method());
    if (!c->tls || !trust(c->tls, ca) ||
        SSL_CTX_set_min_proto_version(c->tls, TLS1_2_VERSION) != 1) {
        return false;
    }
    X509_VERIFY_PARAM *p = SSL_CTX_get0_param(c->tls);
    c->numeric = inet_pton(AF_INET, c->host, ip) == 1 || inet_pton(AF_INET6, c->host, ip) == 1;
    if ((c->numeric ? X509_VERIFY_PARAM_set1_ip_asc(p, c->host)
                    : X509_VERIFY_PARAM_set1_host(p, c->host, 0)) != 1) {
        return false;
    }
    SSL_CTX_set_app_data(c->tls, c);
    SSL_CTX_set_info_callback(c->tls, greet_by_name);
    SSL_CTX_set_verify(c->tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(c->tls, judge_certificate, c);
    return mosquitto_int_option(c->m, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS &&
           mosquitto_void_option(c->m, MOSQ_OPT_SSL_CTX, c->tls) == MOSQ_ERR_SUCCESS;
}

// --- life ---------------------------------------------------------------------------------------
static bool prepare(mqtt_client *c, const mqtt_client_options *o)
{
    c->m = mosquitto_new(o->id, false, c);
    if (!c->m || mosquitto_threaded_set(c->m, true) != MOSQ_ERR_SUCCESS ||
        (o->user[0] && mosquitto_username_pw_set(c->m, o->user, o->secret) != MOSQ_ERR_SUCCESS)) {
        return false;
    }
    mosquitto_connect_callback_set(c->m, on_connect);
    mosquitto_subscribe_callback_set(c->m, on_subscribe);
    mosquitto_message_callback_set(c->m, on_message);
    mosquitto_disconnect_callback_set(c->m, on_disconnect);
    return !o->tls || use_tls(c, o->ca);
}

mqtt_client *mqtt_client_create(const mqtt_client_options *o)
{
    mqtt_client *c = vg_alloc(sizeof *c);
    c->o = *o;
    snprintf(c->host, sizeof c->host, "%s", o->host);
    if (!prepare(c, o)) {
        mqtt_client_destroy(c);
        return NULL;
    }
    c->o.host = c->o.id = c->o.user = c->o.secret = c->o.ca = NULL;  // theirs
    return c;
}

void mqtt_client_destroy(mqtt_client *c)
{
    if (c) {
        mosquitto_destroy(c->m);
        SSL_CTX_free(c->tls);
        free(c);
    }
}

bool mqtt_client_up(const mqtt_client *c)
{
    return c->accepted && c->granted && !c->problem;
}

static const char *reason(const mqtt_client *c, int e)
{
    if (c->problem || c->bad_certificate) {
        return c->problem ? c->problem : "link.certificate";
    }
    return e == ECONNREFUSED ? "link.refused" : "link.unreachable";
}

const char *mqtt_client_dial(mqtt_client *c, const char *address)
{
    c->problem = NULL;
    c->accepted = c->granted = c->ended = c->bad_certificate = false;
    c->bytes = 0;
    c->since_us = vg_mono_us();
    errno = 0;
    const int rc = mosquitto_connect_async(c->m, address, c->o.port, KEEPALIVE_S);
    return rc == MOSQ_ERR_SUCCESS ? NULL
           : rc == MOSQ_ERR_TLS   ? "link.certificate"
                                  : reason(c, errno);
}

void mqtt_client_drop(mqtt_client *c)
{
    const int fd = mosquitto_socket(c->m);
    if (fd >= 0) {
        shutdown(
            fd, SHUT_RDWR);  // the library closes what is left before it dials again, or at the end
    }
}

static int connect_error(int fd)
{
    int e = 0;
    socklen_t n = sizeof e;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) == 0 ? e : 0;
}

static const char *look_after(mqtt_client *c)
{
    const int64_t now = vg_mono_us();
    if (!mqtt_client_up(c)) {
        return now - c->since_us > ANSWER_S * VG_SECOND_US ? reason(c, 0) : NULL;
    }
    if (now - c->since_us > VG_SECOND_US) {
        c->since_us = now;
        if (mosquitto_loop_misc(c->m) != MOSQ_ERR_SUCCESS) {
            return "link.unreachable";
        }
    }
    return NULL;
}

const char *mqtt_client_read(mqtt_client *c, int wait_ms, unsigned enough)
{
    struct pollfd p = {.fd = mosquitto_socket(c->m), .events = POLLIN};
    if (p.fd < 0) {
        return reason(c, 0);
    }
    if (!c->accepted && mosquitto_want_write(c->m)) {
        p.events |= POLLOUT;  // only the connecting itself: everything later waits for the worker
    }
    c->came = 0;
    int wait = wait_ms;
    for (int i = 0; i < READS_MAX && c->came < enough && poll(&p, 1, wait) > 0; i++) {
        wait = 0;
        const bool over = p.revents & (POLLERR | POLLHUP);
        const int e = over ? connect_error(p.fd) : 0;
        if ((p.revents & POLLOUT) && mosquitto_loop_write(c->m, 1) != MOSQ_ERR_SUCCESS) {
            return reason(c, e);
        }
        if ((p.revents & ~POLLOUT) && mosquitto_loop_read(c->m, 1) != MOSQ_ERR_SUCCESS) {
            return reason(c, e);
        }
        // In the TLS handshake the library does not see that the line has ended.
        if (c->ended || c->problem || e || (over && !c->accepted)) {
            return reason(c, e);
        }
        if (swollen(c)) {
            return "link.bad_answer";
        }
        p.events = POLLIN;
    }
    return look_after(c);
}

const char *mqtt_client_answer(mqtt_client *c)
{
    if (mosquitto_want_write(c->m) && mosquitto_loop_write(c->m, 1) != MOSQ_ERR_SUCCESS) {
        return reason(c, 0);
    }
    return c->ended ? reason(c, 0) : NULL;
}
