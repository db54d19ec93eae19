// SPDX-License-Identifier: Apache-2.0
// libcurl neither resolves nor connects here: it is told a reserved address for the name and gets a connected
// socket from core/egress.h when it wants one. The name in the URL is what certificates are checked against.
// libcurl 7.88 calls connect() on that socket once more in spite of CURL_SOCKOPT_ALREADY_CONNECTED; Linux
// answers 0 to the first such call after a connection made without waiting, which egress makes.
#include "notify/dial.h"

#include "base/log.h"
#include "core/egress.h"

struct vg_dial {
    CURL *curl;
    struct curl_slist *resolve;
    vg_core *core;
    int32_t label;
    uint16_t port;
    bool url;
    const char *egress;  // what it said of the last connection; NULL: go
    char host[VG_LINK_HOST], words[CURL_ERROR_SIZE];
};

static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *at)
{
    (void)purpose;
    (void)at;
    vg_dial *d = ctx;
    vg_err err = {0};
    int fd = -1;
    const vg_status s = d->url
                            ? vg_egress_connect_url(d->core, d->label, d->host, d->port, &fd, &err)
                            : vg_egress_connect(d->core, d->label, d->host, d->port, &fd, &err);
    d->egress = vg_egress_problem(s, &err);
    return s == VG_OK ? fd : CURL_SOCKET_BAD;
}

static int on_opened(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
    (void)ctx;
    (void)fd;
    (void)purpose;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static bool set_address(vg_dial *d, const vg_dial_to *to)
{
    char url[1200], pin[VG_LINK_HOST + 40];
    const bool six = strchr(to->host, ':') != NULL;
    const int n = snprintf(url, sizeof url, "%s://%s%s%s:%u%s", to->scheme, six ? "[" : "",
                           to->host, six ? "]" : "", to->port, to->path);
    if (n < 0 || (size_t)n >= sizeof url || strpbrk(to->host, " /@?#\\\r\n")) {
        return false;
    }
    snprintf(d->host, sizeof d->host, "%s", to->host);
    if (!six) {
        snprintf(pin, sizeof pin, "%s:%u:192.0.2.1", to->host, to->port);
        d->resolve = curl_slist_append(NULL, pin);
        curl_easy_setopt(d->curl, CURLOPT_RESOLVE, d->resolve);
    }
    return curl_easy_setopt(d->curl, CURLOPT_URL, url) == CURLE_OK;
}

static bool set_trust(vg_dial *d, vg_str ca)
{
    CURL *h = d->curl;
    bool ok = curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
              curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
    if (ca.n) {
        struct curl_blob blob = {(void *)(uintptr_t)ca.p, ca.n, CURL_BLOB_COPY};
        ok = ok && curl_easy_setopt(h, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK &&
             curl_easy_setopt(h, CURLOPT_CAPATH, NULL) == CURLE_OK;
    }
    return ok;
}

static bool set_manners(vg_dial *d)
{
    CURL *h = d->curl;
    return curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps,http,https") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, (long)VG_DIAL_S) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)VG_DIAL_S) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_ERRORBUFFER, d->words) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, d) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_SOCKOPTFUNCTION, on_opened) == CURLE_OK;
}

vg_dial *vg_dial_create(const vg_dial_to *to)
{
    vg_dial *d = vg_alloc(sizeof *d);
    *d = (vg_dial){.curl = curl_easy_init(),
                   .core = to->core,
                   .label = to->label,
                   .port = to->port,
                   .url = to->url};
    if (d->curl && set_address(d, to) && set_trust(d, to->ca) && set_manners(d)) {
        return d;
    }
    vg_dial_destroy(d);
    return NULL;
}

void vg_dial_destroy(vg_dial *d)
{
    if (d) {
        curl_easy_cleanup(d->curl);
        curl_slist_free_all(d->resolve);
        free(d);
    }
}

CURL *vg_dial_handle(vg_dial *d)
{
    return d->curl;
}

long vg_dial_code(vg_dial *d)
{
    long code = 0;
    curl_easy_getinfo(d->curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

const char *vg_dial_words(vg_dial *d)
{
    return d->words;
}

static const struct {
    CURLcode code;
    const char *problem;
} PROBLEMS[] = {
    {CURLE_COULDNT_CONNECT, "link.unreachable"},
    {CURLE_COULDNT_RESOLVE_HOST, "link.unreachable"},
    {CURLE_OPERATION_TIMEDOUT, "link.unreachable"},
    {CURLE_SEND_ERROR, "link.unreachable"},
    {CURLE_RECV_ERROR, "link.unreachable"},
    {CURLE_GOT_NOTHING, "link.unreachable"},
    {CURLE_PEER_FAILED_VERIFICATION, "link.certificate"},
    {CURLE_SSL_CACERT_BADFILE, "link.certificate"},
    {CURLE_SSL_ISSUER_ERROR, "link.certificate"},
    {CURLE_SSL_CONNECT_ERROR, "link.no_tls"},
    {CURLE_USE_SSL_FAILED, "link.no_tls"},
    {CURLE_LOGIN_DENIED, "link.bad_login"},
};

const char *vg_dial_perform(vg_dial *d)
{
    d->words[0] = '\0';
    d->egress = NULL;
    const CURLcode code = curl_easy_perform(d->curl);
    if (code == CURLE_OK) {
        return NULL;
    }
    if (d->egress) {
        return d->egress;
    }
    for (size_t i = 0; i < VG_LEN(PROBLEMS); i++) {
        if (PROBLEMS[i].code == code) {
            return PROBLEMS[i].problem;
        }
    }
    return "link.bad_answer";
}

bool vg_dial_may_leave(vg_core *c, const vg_parcel *p, const char *host, uint16_t port,
                       vg_parcel_result *ret)
{
    vg_err err = {0};
    if (vg_egress_allow(c, p->label, host, port, &err) == VG_OK) {
        return true;
    }
    ret->problem = "link.not_allowed";
    ret->for_good = err.key && strcmp(err.key, "err.egress_secrecy") == 0;
    return false;
}
