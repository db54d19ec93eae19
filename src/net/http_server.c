// SPDX-License-Identifier: Apache-2.0
// The wrapper over libmicrohttpd 0.9.75. Poll threads, never its epoll ones: those stall at exactly 128,
// 256 or 384 busy connections. The target is taken raw and parsed by http_parse.c; a body is stored only up to the
// cap the handler named for this very request. libmicrohttpd's idle timeout is renewed by every byte,
// so a second clock (the reaper) ends connections that drip a header or a body for too long.
//
// Connections are counted by what vg_addr_key says, not by libmicrohttpd's own limit, which knows whole IPv6
// addresses only and counts nothing it refuses. Two threads that accept at once may let one too many in.
//
// Invariants: an exchange lives from the request line to the completion callback; it is suspended
// only between vg_http_later and vg_http_complete; the reply is queued exactly once. Deliberately
// absent: HTTP/2, compression on the fly, forwarding headers (a proxy's word about the peer).
#include "net/http_server.h"

#include <assert.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/wake.h"
#include "net/addr.h"

enum {
    POOL_BYTES = 12 * 1024,  // of a connection: request line, headers, and the way out
    READING_LIMIT_S = 30,    // for a whole header, and for a whole body
    REAP_EVERY_S = 5,
    OVERFLOW_FACTOR = 4  // a chunked body this much over its cap is cut off
};

// One TCP connection, for the reaper.
typedef struct tcp_link {
    struct tcp_link *next, *prev;
    int fd;
    uint64_t peer;
    bool reading;  // header or body is on its way
    int64_t since_us;
} tcp_link;

struct vg_http_server {
    vg_http_options o;
    struct MHD_Daemon *daemon;
    int quiesced_fd;
    uint16_t port;
    pthread_mutex_t lock;  // links, stopping
    pthread_cond_t wake;
    pthread_t reaper;
    bool stopping;
    tcp_link links;  // ring
    _Atomic int64_t requests, refused, connections, streams, streamed, owed, active, peer_full;
};

typedef struct exchange {
    vg_http_request rq;  // first: the handler's pointer is the exchange's
    vg_http_server *s;
    struct MHD_Connection *c;
    char *target;
    vg_buf body;
    size_t body_cap, body_seen;
    enum { NEW, BODY, WORKING, ANSWERED } state;
    unsigned char print[VG_HTTP_PRINT];
    bool later;
    atomic_bool ready;
    bool body_over;
} exchange;

static exchange *ex_of(const vg_http_request *rq)
{
    return (exchange *)(uintptr_t)rq;
}

static tcp_link *link_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}

static void link_mark(exchange *x, bool reading)
{
    tcp_link *l = link_of(x->c);
    if (l) {
        pthread_mutex_lock(&x->s->lock);
        l->reading = reading;
        l->since_us = vg_mono_us();
        pthread_mutex_unlock(&x->s->lock);
    }
}

// --- connections --------------------------------------------------------------------------------
static bool address_of(const struct sockaddr *sa, vg_addr *ret)
{
    if (!sa || (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)) {
        return false;
    }
    *ret = (vg_addr){.len = sa->sa_family == AF_INET6 ? sizeof ret->u.v6 : sizeof ret->u.v4};
    memcpy(&ret->u, sa, ret->len);
    return true;
}

static bool address_of_connection(struct MHD_Connection *c, vg_addr *ret)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return i && address_of(i->client_addr, ret);
}

static enum MHD_Result on_accept(void *cls, const struct sockaddr *sa, socklen_t len)
{
    (void)len;
    vg_http_server *s = cls;
    vg_addr a;
    unsigned n = 0;
    if (!address_of(sa, &a)) {
        return MHD_NO;
    }
    const uint64_t peer = vg_addr_key(&a);
    pthread_mutex_lock(&s->lock);
    for (const tcp_link *l = s->links.next; l != &s->links; l = l->next) {
        n += l->peer == peer;
    }
    pthread_mutex_unlock(&s->lock);
    if (n >= s->o.per_peer) {
        s->peer_full++;
        return MHD_NO;
    }
    return MHD_YES;
}

static gnutls_session_t tls_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return i ? i->tls_session : NULL;
}

// Without names of authorities: some clients would keep to themselves a certificate that none of them issued.
static void ask_for_any(struct MHD_Connection *c)
{
    struct gnutls_session_int *const tls = tls_of(c);
    if (tls) {
        gnutls_certificate_send_x509_rdn_sequence(tls, 1);
    }
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    vg_http_server *s = cls;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        tcp_link *l = *context;
        if (l) {
            pthread_mutex_lock(&s->lock);
            l->prev->next = l->next;
            l->next->prev = l->prev;
            pthread_mutex_unlock(&s->lock);
            free(l);
            s->connections--;
        }
        return;
    }
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    vg_addr a;
    tcp_link *l = vg_alloc(sizeof *l);
    l->fd = i ? i->connect_fd : -1;
    l->peer = address_of_connection(c, &a) ? vg_addr_key(&a) : 0;
    l->reading = true;
    l->since_us = vg_mono_us();
    pthread_mutex_lock(&s->lock);
    l->next = &s->links;
    l->prev = s->links.prev;
    l->prev->next = l;
    s->links.prev = l;
    pthread_mutex_unlock(&s->lock);
    *context = l;
    s->connections++;
    if (s->o.ask_client) {
        ask_for_any(c);
    }
}

static void *reaper_run(void *arg)
{
    vg_http_server *s = arg;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        vg_wake_wait(&s->wake, &s->lock, REAP_EVERY_S * 1000);
        const int64_t oldest = vg_mono_us() - READING_LIMIT_S * VG_SECOND_US;
        for (tcp_link *l = s->links.next; l != &s->links; l = l->next) {
            if (l->reading && l->since_us < oldest && l->fd >= 0) {
                shutdown(l->fd, SHUT_RDWR);  // its thread sees the end and closes it
            }
        }
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

// --- one exchange -------------------------------------------------------------------------------
static void *on_target(void *cls, const char *uri, struct MHD_Connection *c)
{
    vg_http_server *s = cls;
    exchange *x = vg_alloc(sizeof *x);
    x->s = s;
    x->c = c;
    x->target = vg_strdup(uri);
    s->requests++;
    s->active++;
    return x;
}

static void on_completed(void *cls, struct MHD_Connection *c, void **con_cls,
                         enum MHD_RequestTerminationCode toe)
{
    (void)c;
    (void)toe;
    vg_http_server *s = cls;
    exchange *x = *con_cls;
    if (!x) {
        return;
    }
    x->rq.answered = x->state == ANSWERED;
    if (s->o.done) {
        s->o.done(s->o.ctx, &x->rq);
    }
    link_mark(x, true);  // keep-alive: the next header may come
    vg_buf_done(&x->body);
    vg_buf_done(&x->rq.reply.body);
    vg_arena_destroy(x->rq.arena);
    free(x->target);
    free(x);
    s->active--;
    *con_cls = NULL;
}

static void set_peer(exchange *x)
{
    vg_addr a;
    if (!address_of_connection(x->c, &a)) {
        return;
    }
    vg_addr_peer(&a, x->rq.peer);
    x->rq.loopback = strncmp(x->rq.peer, "127.", 4) == 0 || strcmp(x->rq.peer, "::1") == 0;
}

// GnuTLS has checked that the client holds the key; issuer and dates are not looked at.
static void set_certificate(exchange *x)
{
    struct gnutls_session_int *const tls = tls_of(x->c);
    unsigned n = 0;
    size_t size = sizeof x->print;
    const gnutls_datum_t *list = tls ? gnutls_certificate_get_peers(tls, &n) : NULL;
    if (list && n > 0 && gnutls_fingerprint(GNUTLS_DIG_SHA256, list, x->print, &size) == 0) {
        x->rq.certificate = x->print;
    }
}

static ptrdiff_t stream_read(void *cls, uint64_t pos, char *buf, size_t max)
{
    (void)pos;
    vg_http_stream *st = cls;
    const ptrdiff_t n = st->read(st->ctx, buf, max);
    return n < 0 ? (ptrdiff_t)MHD_CONTENT_READER_END_OF_STREAM : n;
}

typedef struct stream_end {
    vg_http_stream *st;
    vg_http_server *s;
} stream_end;

static ptrdiff_t stream_read_end(void *cls, uint64_t pos, char *buf, size_t max)
{
    const stream_end *e = cls;
    const ptrdiff_t n = stream_read(e->st, pos, buf, max);
    if (n > 0) {
        e->s->streamed += n;
    }
    return n;
}

static void stream_closed(void *cls)
{
    stream_end *e = cls;
    e->st->closed(e->st->ctx);
    e->s->streams--;
    free(e);
}

static struct MHD_Response *make_response(exchange *x)
{
    vg_http_reply *r = &x->rq.reply;
    if (r->stream) {
        stream_end *e = vg_alloc(sizeof *e);
        *e = (stream_end){r->stream, x->s};
        r->stream->conn = x->c;
        x->s->streams++;
        MHD_set_connection_option(x->c, MHD_CONNECTION_OPTION_TIMEOUT, 0U);
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read_end, e,
                                                 stream_closed);
    }
    if (r->body.p) {
        char *p = r->body.p;
        const size_t n = r->body.n;
        r->body = (vg_buf){0};
        return MHD_create_response_from_buffer(n, p, MHD_RESPMEM_MUST_FREE);
    }
    return MHD_create_response_from_buffer(r->fixed.n, (void *)(uintptr_t)r->fixed.p,
                                           MHD_RESPMEM_PERSISTENT);
}

static void add_headers(const exchange *x, struct MHD_Response *resp)
{
    const vg_http_reply *r = &x->rq.reply;
    if (r->type) {
        MHD_add_response_header(resp, "Content-Type", r->type);
    }
    for (size_t i = 0; i < r->n_headers; i++) {
        MHD_add_response_header(resp, r->header[i].name, r->header[i].value);
    }
    for (const char *const *h = x->s->o.headers; h && *h; h += 2) {
        if (!MHD_get_response_header(resp, h[0])) {
            MHD_add_response_header(resp, h[0], h[1]);
        }
    }
}

static enum MHD_Result answer(exchange *x)
{
    vg_http_reply *r = &x->rq.reply;
    struct MHD_Response *resp = make_response(x);
    add_headers(x, resp);
    x->state = ANSWERED;
    link_mark(x, false);
    if (r->stream) {  // a stream may live for days: give back what the request needed
        vg_arena_destroy(x->rq.arena);
        x->rq.arena = NULL;
        vg_buf_done(&x->body);
        r->n_headers = 0;
    }
    const enum MHD_Result ok =
        MHD_queue_response(x->c, (unsigned)(r->status ? r->status : 200), resp);
    MHD_destroy_response(resp);
    return ok;
}

static enum MHD_Result refuse(exchange *x, const vg_err *err)
{
    x->s->refused++;
    x->s->o.refuse(x->s->o.ctx, &x->rq, err);
    return answer(x);
}

static enum MHD_Result body_too_big(exchange *x)
{
    vg_err e;
    (void)!vg_fail(&e, VG_ETOOBIG, "", "err.body_too_big", "> %zu", x->body_cap);
    vg_http_set(&x->rq, "Connection", "close");
    return refuse(x, &e);
}

// How long the body is must be said once and in one way: where two readers of the same bytes may differ, a second
// request can be hidden in the first one's body (RFC 9112 §6.3, §11.2). The library takes the first of two.
typedef struct framing {
    int lengths, codings;
    bool bad;
} framing;

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    (void)kind;
    framing *f = cls;
    f->bad |= strpbrk(name, " \t") != NULL;
    if (strncasecmp(name, "Content-Length", 14) == 0) {
        f->lengths++;
        f->bad |= name[14] || !value || !*value || value[strspn(value, "0123456789")] != '\0';
    } else if (strncasecmp(name, "Transfer-Encoding", 17) == 0) {
        f->codings++;  // a folded one comes as "Transfer-Encodingchunked" and is not acted on
        f->bad |= name[17] || !value || strcasecmp(value, "chunked") != 0;
    }
    return MHD_YES;
}

static bool is_framed_well(struct MHD_Connection *c)
{
    framing f = {0};
    MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, &f);
    return !f.bad && f.lengths + f.codings <= 1;
}

static enum MHD_Result framed_badly(exchange *x)
{
    vg_err e;
    (void)!vg_fail(&e, VG_EINVALID, "Content-Length", "http.err.framing", "%s", "");
    vg_http_set(&x->rq, "Connection", "close");
    return refuse(x, &e);
}

// Headers are complete, nothing of the body is stored yet.
static enum MHD_Result begin(exchange *x, const char *method)
{
    vg_http_server *s = x->s;
    vg_http_request *rq = &x->rq;
    rq->arena = vg_arena_create(s->o.arena_bytes);
    rq->method = vg_str_c(strcmp(method, "HEAD") == 0 ? "GET" : method);
    rq->tls = s->o.cert_pem != NULL;
    rq->began_us = vg_mono_us();
    set_peer(x);
    if (s->o.ask_client) {
        set_certificate(x);
    }
    x->state = BODY;
    link_mark(x, true);
    vg_err err;
    vg_http_target t;
    if (vg_http_target_parse(rq->arena, vg_str_c(x->target), &t, &err) != VG_OK) {
        return refuse(x, &err);
    }
    rq->target = vg_str_c(x->target);
    rq->path = t.path;
    rq->query = t.query;
    rq->n_query = t.n_query;
    if (!is_framed_well(x->c)) {
        return framed_badly(x);
    }
    x->body_cap = s->o.body_max(s->o.ctx, rq);
    vg_buf_init(&x->body, x->body_cap);
    const vg_str length = vg_http_header(rq, "Content-Length");
    int64_t n;
    if (length.n &&
        (vg_str_i64(length, 0, INT64_MAX, &n, NULL) != VG_OK || n > (int64_t)x->body_cap)) {
        return body_too_big(x);
    }
    return MHD_YES;
}

static enum MHD_Result take_body(exchange *x, const char *data, size_t n)
{
    x->body_seen += n;
    vg_buf_add(&x->body, data, n);
    if (x->body.failed) {  // chunked: no reply is possible before its end
        x->body_over = true;
        return x->body_seen / OVERFLOW_FACTOR > x->body_cap ? MHD_NO : MHD_YES;
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **con_cls)
{
    (void)c;
    (void)url;
    (void)version;
    vg_http_server *s = cls;
    exchange *x = *con_cls;
    if (x->state == NEW) {
        return begin(x, method);
    }
    if (x->state == BODY && *data_size) {
        const enum MHD_Result ok = take_body(x, data, *data_size);
        *data_size = 0;
        return ok;
    }
    if (x->state == BODY) {
        if (x->body_over) {
            return body_too_big(x);
        }
        x->state = WORKING;
        x->rq.body = vg_buf_str(&x->body);
        link_mark(x, false);
        s->o.handle(s->o.ctx, &x->rq);
        return x->later ? MHD_YES : answer(x);
    }
    if (x->state == WORKING && atomic_load(&x->ready)) {
        return answer(x);
    }
    return MHD_YES;
}

// --- start and stop -----------------------------------------------------------------------------
// What the library answers by itself (a head too long, no HTTP at all) is told in its log alone.
VG_PRINTF(2, 0) static void on_library_log(void *cls, const char *fmt, va_list ap)
{
    vg_http_server *s = cls;
    char line[256];
    unsigned status;
    vsnprintf(line, sizeof line, fmt, ap);
    line[strcspn(line, "\n")] = '\0';
    if (sscanf(line, "Error processing request (HTTP response code is %u", &status) == 1) {
        s->refused++;
        if (s->o.unread) {
            s->o.unread(s->o.ctx, (int)status);
        }
    }
    vg_log(VG_DEBUG, "http.library", "text=\"%s\"", line);
}

static bool is_loopback(const vg_addr *a)
{
    char peer[VG_PEER_TEXT];
    vg_addr_peer(a, peer);
    return strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0;
}

static vg_status listen_on(const char *text, const vg_addr *a, int *ret_fd, vg_err *err)
{
    const int fd = socket(a->u.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int one = 1, off = 0;
    if (fd < 0) {
        return vg_fail(err, VG_EIO, "", "http.err.listen", "%s: %s", text, strerrordesc_np(errno));
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (a->u.sa.sa_family == AF_INET6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(fd, &a->u.sa, a->len) != 0 || listen(fd, 1024) != 0) {
        const int e = errno;
        close(fd);
        return vg_fail(err, VG_EIO, "", "http.err.listen", "%s: %s", text, strerrordesc_np(e));
    }
    *ret_fd = fd;
    return VG_OK;
}

static uint16_t bound_port(int fd)
{
    vg_addr a = {.len = sizeof a.u};
    return getsockname(fd, &a.u.sa, &a.len) == 0 ? vg_addr_port(&a) : 0;
}

static struct MHD_Daemon *start_daemon(vg_http_server *s, int fd)
{
    const bool tls = s->o.cert_pem != NULL;
    struct MHD_OptionItem v[20];
    size_t n = 0;
#define OPT(opt, num, ptr) v[n++] = (struct MHD_OptionItem){opt, (intptr_t)(num), (void *)(ptr)}
    OPT(MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_library_log, s);
    OPT(MHD_OPTION_LISTEN_SOCKET, fd, NULL);
    OPT(MHD_OPTION_THREAD_POOL_SIZE, s->o.threads, NULL);
    OPT(MHD_OPTION_CONNECTION_LIMIT, s->o.connections, NULL);
    OPT(MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, NULL);
    OPT(MHD_OPTION_CONNECTION_TIMEOUT, s->o.idle_s, NULL);
    OPT(MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
    OPT(MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL);
    OPT(MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, s);
    OPT(MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, s);
    OPT(MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, s);
    if (tls) {
        OPT(MHD_OPTION_HTTPS_MEM_CERT, 0, (uintptr_t)s->o.cert_pem);
        OPT(MHD_OPTION_HTTPS_MEM_KEY, 0, (uintptr_t)s->o.key_pem);
        OPT(MHD_OPTION_HTTPS_PRIORITIES, 0,
            (uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:%SERVER_PRECEDENCE");
    }
    if (tls && s->o.ask_client) {  // the library asks where anybody is trusted; see ask_for_any
        OPT(MHD_OPTION_HTTPS_MEM_TRUST, 0, (uintptr_t)s->o.cert_pem);
    }
    OPT(MHD_OPTION_END, 0, NULL);
#undef OPT
    const unsigned flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME |
                           MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0U);
    return MHD_start_daemon(flags, 0, s->o.per_peer ? on_accept : NULL, s, on_request, s,
                            MHD_OPTION_ARRAY, v, MHD_OPTION_END);
}

static void ignore_sigpipe(void)
{
    struct sigaction now;
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        now.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &now, NULL);
    }
}

vg_status vg_http_server_start(const vg_http_options *o, vg_http_server **ret, vg_err *err)
{
    vg_addr a;
    int fd = -1;
    VG_TRY(vg_addr_parse(vg_str_c(o->address), &a, err));
    if (!o->cert_pem && !o->plain_anywhere && !is_loopback(&a)) {
        return vg_fail(err, VG_EINVALID, "address", "http.err.plain_not_loopback", "%s",
                       o->address);
    }
    VG_TRY(listen_on(o->address, &a, &fd, err));
    ignore_sigpipe();
    vg_http_server *s = vg_alloc(sizeof *s);
    s->o = *o;
    s->quiesced_fd = -1;
    s->port = bound_port(fd);
    s->links.next = s->links.prev = &s->links;
    pthread_mutex_init(&s->lock, NULL);
    vg_wake_init(&s->wake);
    s->daemon = start_daemon(s, fd);
    if (!s->daemon) {
        close(fd);
        free(s);
        return vg_fail(err, VG_EIO, "", "http.err.listen", "%s", o->address);
    }
    if (pthread_create(&s->reaper, NULL, reaper_run, s) != 0) {
        MHD_stop_daemon(s->daemon);
        free(s);
        return vg_fail(err, VG_EIO, "", "http.err.listen", "%s", o->address);
    }
    *ret = s;
    return VG_OK;
}

void vg_http_server_quiesce(vg_http_server *s)
{
    if (s->quiesced_fd < 0) {
        s->quiesced_fd = MHD_quiesce_daemon(s->daemon);
    }
}

void vg_http_server_stop(vg_http_server *s)
{
    if (!s) {
        return;
    }
    vg_http_server_quiesce(s);
    while (s->owed > 0) {
        usleep(1000);
    }
    for (int i = 0; i < 1000 && (s->active > 0 || s->streams > 0); i++) {
        usleep(1000);  // let what was just answered reach the wire
    }
    MHD_stop_daemon(s->daemon);
    if (s->quiesced_fd >= 0) {
        close(s->quiesced_fd);
    }
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->reaper, NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->wake);
    free(s);
}

uint16_t vg_http_server_port(const vg_http_server *s)
{
    return s->port;
}

void vg_http_server_stats(vg_http_server *s, vg_http_stats *ret)
{
    *ret = (vg_http_stats){s->requests, s->refused,  s->connections,
                           s->streams,  s->streamed, s->peer_full};
}

// --- inside the handler -------------------------------------------------------------------------
vg_str vg_http_header(const vg_http_request *rq, const char *name)
{
    return vg_str_c(MHD_lookup_connection_value(ex_of(rq)->c, MHD_HEADER_KIND, name));
}

bool vg_http_query(const vg_http_request *rq, const char *name, vg_str *ret)
{
    for (size_t i = 0; i < rq->n_query; i++) {
        if (vg_str_eqc(rq->query[i].name, name)) {
            *ret = rq->query[i].value;
            return true;
        }
    }
    return false;
}

void vg_http_set(vg_http_request *rq, const char *name, const char *value)
{
    vg_http_reply *r = &rq->reply;
    assert(r->n_headers < VG_HTTP_MAX_HEADERS);
    r->header[r->n_headers].name = name;
    r->header[r->n_headers++].value = value;
}

void vg_http_later(vg_http_request *rq)
{
    exchange *x = ex_of(rq);
    x->later = true;
    x->s->owed++;
    MHD_suspend_connection(x->c);
}

void vg_http_complete(vg_http_request *rq)
{
    exchange *x = ex_of(rq);
    vg_http_server *s = x->s;
    atomic_store(&x->ready, true);
    MHD_resume_connection(x->c);
    s->owed--;
}

void vg_http_stream_wait(vg_http_stream *st)
{
    MHD_suspend_connection(st->conn);
}

void vg_http_stream_wake(vg_http_stream *st)
{
    MHD_resume_connection(st->conn);
}
