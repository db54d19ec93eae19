// SPDX-License-Identifier: Apache-2.0
// The journal to a SIEM: RFC 5424 lines, counted in octets, over TCP (RFC 6587) or TLS (RFC 5425). Each seal is
// a line, so that the SIEM holds what the journal's head was at that second and nobody who changes the journal
// later can change that; events that call for attention are a line each, without their bodies. Positions are
// kept by core/witness.h; what is sent twice after a break is the same line twice. Syslog has no answer: a
// position moves only when the peer's kernel has acknowledged every byte, and if the peer dies with them unread,
// the next seal covers the lost one. One connection is kept; a peer that closed it is seen before each batch.
#include "notify/dial.h"
#include "notify/senders.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/witness.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    IDLE_MS = 1000,
    LINE_MAX_BYTES = 1024,
    BATCH_BYTES = 4 << 20,
    AUDIT = 13,  // facility
    ALERT = 1,
    WARNING = 4,
    INFORMATIONAL = 6,
    PATIENCE_MS = VG_DIAL_S * 1000,
    CATCH_UP_S = 5  // at one go; then the outbox and a stop are looked at
};

typedef struct siem {
    vg_core *core;
    vg_dial *dial;  // NULL: not connected
    curl_socket_t fd;
    bool tls;
    char link[VG_ID_TEXT], agency[VG_ID_TEXT], host[VG_LINK_HOST], node[64], *ca;
    uint16_t port;
    int32_t label;
} siem;

// --- the line -----------------------------------------------------------------------------------
static void begin_line(const siem *s, vg_buf *b, int severity, int64_t at_us, const char *id)
{
    char at[VG_TIME_TEXT];
    vg_time_rfc3339(at_us, at);
    vg_buf_f(b, "<%d>1 %s %s vonggac - %s ", AUDIT * 8 + severity, at, s->node, id);
}

static void write_line(const siem *s, const vg_witness_line *l, vg_buf *b)
{
    char hash[2 * VG_HASH_BYTES + 1], key[65], signature[129];
    vg_hex(l->hash, sizeof l->hash, hash);
    if (l->kind) {
        const bool act = strcmp(l->urgency, "act") == 0;
        begin_line(s, b, act ? ALERT : WARNING, l->at_us, "event");
        vg_buf_f(b,
                 "[vonggac@32473 log=\"%u\" seq=\"%lld\" hash=\"%s\" kind=\"%s\" urgency=\"%s\"]",
                 l->log, (long long)l->seq, hash, l->kind, l->urgency);
        return;
    }
    vg_hex(l->key, sizeof l->key, key);
    vg_hex(l->signature, sizeof l->signature, signature);
    begin_line(s, b, INFORMATIONAL, l->at_us, "seal");
    vg_buf_f(b,
             "[vonggac@32473 log=\"%u\" seq=\"%lld\" hash=\"%s\" sealed=\"%lld\" key=\"%s\""
             " signature=\"%s\"]",
             l->log, (long long)l->seq, hash, (long long)l->at_us, key, signature);
}

static void add_counted(vg_buf *out, vg_buf *line)
{
    vg_buf_f(out, "%zu ", line->n);
    vg_buf_s(out, vg_buf_str(line));
    vg_buf_reset(line);
}

// --- the connection -----------------------------------------------------------------------------
static void hang_up(siem *s)
{
    vg_dial_destroy(s->dial);
    s->dial = NULL;
}

static const char *dial(siem *s)
{
    if (s->dial) {
        return NULL;
    }
    const vg_dial_to to = {.core = s->core,
                           .label = s->label,
                           .scheme = s->tls ? "https" : "http",  // of libcurl only the line is used
                           .host = s->host,
                           .port = s->port,
                           .path = "",
                           .ca = vg_str_c(s->ca)};
    s->dial = vg_dial_create(&to);
    if (!s->dial) {
        return "link.options";
    }
    CURL *h = vg_dial_handle(s->dial);
    curl_easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(h, CURLOPT_SSL_ENABLE_ALPN, 0L);
    const char *problem = vg_dial_perform(s->dial);
    if (problem || curl_easy_getinfo(h, CURLINFO_ACTIVESOCKET, &s->fd) != CURLE_OK) {
        hang_up(s);
        return problem ? problem : "link.unreachable";
    }
    return NULL;
}

// A SIEM says nothing: what can be read is the end of the line, or (TLS) a session ticket.
static bool closed(siem *s)
{
    char waste[512];
    size_t n = 0;
    CURLcode code = CURLE_OK;
    for (int i = 0; i < 16 && code == CURLE_OK; i++) {
        code = curl_easy_recv(vg_dial_handle(s->dial), waste, sizeof waste, &n);
        if (code == CURLE_OK && n == 0) {
            return true;
        }
    }
    return code != CURLE_AGAIN;
}

static bool write_all(siem *s, vg_str text)
{
    const int64_t end_us = vg_mono_us() + PATIENCE_MS * VG_MS_US;
    while (text.n > 0) {
        size_t n = 0;
        const CURLcode code = curl_easy_send(vg_dial_handle(s->dial), text.p, text.n, &n);
        if (code == CURLE_AGAIN && vg_mono_us() < end_us) {
            struct pollfd p = {.fd = s->fd, .events = POLLOUT};
            (void)poll(&p, 1, 100);
            continue;
        }
        if (code != CURLE_OK) {
            return false;
        }
        text.p += n;
        text.n -= n;
    }
    return true;
}

// Until the peer's kernel has all of it.
static bool drained(siem *s)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += 5) {
        int left = 0;
        if (ioctl(s->fd, SIOCOUTQ, &left) != 0) {
            return false;
        }
        if (left == 0) {
            return true;
        }
        usleep(5000);
    }
    return false;
}

static const char *deliver(siem *s, vg_str text)
{
    if (s->dial && closed(s)) {
        hang_up(s);
    }
    const char *problem = dial(s);
    if (problem) {
        return problem;
    }
    if (write_all(s, text) && drained(s) && !closed(s)) {
        return NULL;
    }
    hang_up(s);
    return "link.unreachable";
}

// --- what is to be said -------------------------------------------------------------------------
static const char *tell_some(siem *s, size_t *ret_n)
{
    vg_witness_line *v = NULL;
    vg_err err = {0};
    vg_buf out, line;
    const char *problem = NULL;
    vg_arena *a = vg_arena_create((size_t)4 << 20);
    vg_buf_init(&out, BATCH_BYTES);
    vg_buf_init(&line, LINE_MAX_BYTES);
    vg_status st = vg_witness_read(s->core, s->link, s->agency, a, &v, ret_n, &err);
    for (size_t i = 0; st == VG_OK && i < *ret_n; i++) {
        write_line(s, &v[i], &line);
        add_counted(&out, &line);
    }
    if (st == VG_OK && *ret_n > 0) {
        problem = deliver(s, vg_buf_str(&out));
        st = problem ? VG_OK : vg_witness_keep(s->core, s->link, v, *ret_n, &err);
    }
    if (st != VG_OK) {
        vg_log(VG_WARN, "syslog.journal", "link=%s status=%s detail=%s", s->link,
               vg_status_name(st), err.detail);
        *ret_n = 0;
    }
    vg_buf_done(&line);
    vg_buf_done(&out);
    vg_arena_destroy(a);
    return problem;
}

static const char *tell(void *state, vg_arena *a)
{
    (void)a;
    siem *s = state;
    const int64_t end_us = vg_mono_us() + CATCH_UP_S * VG_SECOND_US;
    const char *problem = NULL;
    size_t n = 0;
    do {
        problem = tell_some(s, &n);
    } while (!problem && n > 0 && vg_mono_us() < end_us);
    // Nothing to say: is there still somebody to say it to?
    return problem || n > 0 ? problem : deliver(s, VG_S(""));
}

static void send_all(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    siem *s = state;
    vg_buf out, line;
    (void)a;
    for (size_t i = 0; i < n; i++) {
        if (!vg_dial_may_leave(s->core, &v[i], s->host, s->port, &ret[i])) {
            continue;
        }
        vg_buf_init(&out, LINE_MAX_BYTES);
        vg_buf_init(&line, LINE_MAX_BYTES);
        begin_line(s, &line, INFORMATIONAL, v[i].created_us, "parcel");
        vg_buf_f(&line, "[vonggac@32473 parcel=\"%lld\" what=\"%.20s\"]", (long long)v[i].number,
                 v[i].kind);
        add_counted(&out, &line);
        ret[i].problem = deliver(s, vg_buf_str(&out));
        vg_buf_done(&line);
        vg_buf_done(&out);
    }
}

// --- settings -----------------------------------------------------------------------------------
// A host name as RFC 5424 wants it: printable ASCII. A node's name in Vietnamese is for people.
static void name_node(siem *s)
{
    const char *given = vg_conf_get(vg_core_conf(s->core), "node.host", "");
    if (*given) {
        snprintf(s->node, sizeof s->node, "%s", given);
    } else if (gethostname(s->node, sizeof s->node) != 0) {
        snprintf(s->node, sizeof s->node, "-");
    }
    s->node[sizeof s->node - 1] = '\0';
    for (char *p = s->node; *p; p++) {
        *p = *p > ' ' && *p <= '~' ? *p : '-';
    }
}

static void close_siem(void *state)
{
    siem *s = state;
    hang_up(s);
    free(s->ca);
    free(s);
}

static void *open_siem(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    (void)secret;
    vg_label l = {0};
    siem *s = vg_alloc(sizeof *s);
    vg_arena *a = vg_arena_create(65536);
    const vg_str options = vg_str_c(link->options);
    *s = (siem){.core = core, .label = link->label, .tls = vg_js_bool(options, "tls", false)};
    memcpy(s->link, link->id, sizeof s->link);
    if (vg_label_get(vg_core_labels(core), link->label, &l)) {
        memcpy(s->agency, l.agency, sizeof s->agency);
    }
    s->ca = vg_strdup(vg_str_z(a, vg_js_str(a, options, "ca")));
    vg_arena_destroy(a);
    name_node(s);
    if (vg_link_host(link, s->host, &s->port)) {
        return s;
    }
    close_siem(s);
    *ret_problem = "link.options";
    return NULL;
}

const vg_sender_kind vg_sender_syslog = {.kind = "syslog",
                                         .open = open_siem,
                                         .close = close_siem,
                                         .send = send_all,
                                         .idle = tell,
                                         .idle_ms = IDLE_MS};
