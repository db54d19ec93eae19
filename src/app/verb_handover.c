// SPDX-License-Identifier: Apache-2.0
// handover: for a quarter of an hour, gives the site's public root certificate to phones on the local network over
// plain HTTP, which a node itself never speaks there. A process of its own: it reads one public file, opens no
// database, takes no lock, serves four fixed paths and ends by itself, so the node need not be restarted or opened.
// The fingerprint is shown here, at the keyboard, to be compared aloud (docs/adr/0016-handover.md).
#include "app/ca_page.h"
#include "app/cli.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/qr.h"
#include "http/problem.h"
#include "net/lan.h"
#include "net/tls_ca.h"

#include <signal.h>
#include <unistd.h>

enum { MINUTES = 15, MINUTES_MAX = 60, CONNECTIONS = 32, ARENA_BYTES = 1 << 20 };

static const vg_option OPTIONS[] = {
    {"listen", false, "ADDR:PORT"}, {"address", false, "ADDR"}, {"minutes", false, "N"}, {0}};

static size_t no_body(void *ctx, vg_http_request *rq)
{
    (void)ctx;
    (void)rq;
    return 0;
}

static void refuse(void *ctx, vg_http_request *rq, const vg_err *err)
{
    (void)ctx;
    rq->reply.status = err ? vg_status_http(err->code) : 404;
    rq->reply.type = "text/plain; charset=utf-8";
    rq->reply.fixed = VG_S("-\n");
}

static void handle(void *ctx, vg_http_request *rq)
{
    if (!vg_ca_answer(ctx, rq, vg_lang_parse(vg_http_header(rq, "Accept-Language")))) {
        refuse(ctx, rq, NULL);
    }
}

static const char *const HEADERS[] = {
    "Content-Security-Policy",
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options",
    "nosniff",
    "Referrer-Policy",
    "no-referrer",
    NULL};

// The address a phone opens: what was said, else where we listen, else this machine's first one.
static void own_address(const vg_cli *cli, const vg_addr *at, char out[VG_PEER_TEXT])
{
    char lan[1][VG_PEER_TEXT];
    const char *said = vg_cli_get(cli, "address");
    const bool any = at->u.sa.sa_family == AF_INET ? at->u.v4.sin_addr.s_addr == INADDR_ANY
                                                   : IN6_IS_ADDR_UNSPECIFIED(&at->u.v6.sin6_addr);
    if (said) {
        snprintf(out, VG_PEER_TEXT, "%s", said);
    } else if (!any) {
        vg_addr_peer(at, out);
    } else {
        snprintf(out, VG_PEER_TEXT, "%s", vg_lan_addresses(lan, 1) ? lan[0] : "127.0.0.1");
    }
}

static void url(char out[128], const char *scheme, const char *host, unsigned port)
{
    const bool v6 = strchr(host, ':') != NULL;
    snprintf(out, 128, "%s://%s%s%s:%u/", scheme, v6 ? "[" : "", host, v6 ? "]" : "", port);
}

static vg_status write_note(const vg_ca_page *page, int64_t until_us, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 1024);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "address", page->http);
    vg_jw_ki64(&w, "until", until_us);
    vg_jw_close(&w, '}');
    FILE *f = fopen(page->running, "we");
    const bool ok = f && fwrite(b.p, 1, b.n, f) == b.n;
    const bool closed = f && fclose(f) == 0;
    vg_buf_done(&b);
    return ok && closed ? VG_OK : vg_fail(err, VG_EIO, "data", NULL, "%s", page->running);
}

static void tell(const vg_cli *cli, const vg_ca_page *page, const char *print, const char *minutes)
{
    vg_buf b;
    vg_buf_init(&b, 65536);
    if (cli->json) {
        vg_jw w = vg_jw_on(&b);
        vg_jw_open(&w, '{');
        vg_jw_kz(&w, "address", page->http);
        vg_jw_kz(&w, "fingerprint", print);
        vg_jw_close(&w, '}');
    } else {
        (void)!vg_qr_terminal(&b, page->http);
        vg_tr_add(
            &b, cli->lang, "cli.handover",
            (const char *const[]){"address", page->http, "print", print, "minutes", minutes, NULL});
    }
    vg_say_json(&b);
    vg_buf_done(&b);
}

static void wait_for(int64_t minutes)
{
    const struct timespec limit = {.tv_sec = minutes * 60};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    (void)sigtimedwait(&set, NULL, &limit);
}

static vg_status serve(const vg_cli *cli, vg_ca_page *page, const char *at, vg_err *err)
{
    char print[VG_TLS_PRINT], host[VG_PEER_TEXT], http[128], text[24];
    vg_buf der;
    vg_addr addr;
    int64_t minutes;
    vg_http_server *server;
    VG_TRY(vg_cli_i64(cli, "minutes", 1, MINUTES_MAX, MINUTES, &minutes, err));
    VG_TRY(vg_addr_parse(vg_str_c(at), &addr, err));
    VG_TRY(vg_tls_ca_public(page->dir, &der, print, err));
    vg_buf_done(&der);
    const vg_http_options o = {.address = at,
                               .plain_anywhere = true,
                               .threads = 2,
                               .connections = CONNECTIONS,
                               .arena_bytes = ARENA_BYTES,
                               .idle_s = 20,
                               .headers = HEADERS,
                               .ctx = page,
                               .body_max = no_body,
                               .handle = handle,
                               .refuse = refuse};
    own_address(cli, &addr, host);
    page->http = http;
    url(http, "http", host, vg_addr_port(&addr));
    VG_TRY(vg_http_server_start(&o, &server, err));
    url(http, "http", host, vg_http_server_port(server));
    snprintf(text, sizeof text, "%lld", (long long)minutes);
    const vg_status s = write_note(page, vg_now_us() + minutes * 60 * VG_SECOND_US, err);
    if (s == VG_OK) {
        tell(cli, page, print, text);
        wait_for(minutes);
    }
    unlink(page->running);
    vg_http_server_stop(server);
    return s;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    char path[440];
    vg_conf *conf;
    vg_ca_page page = {0};
    sigset_t set;
    VG_TRY(vg_cli_need_data(cli, err));
    const char *at = vg_cli_get(cli, "listen");
    if (!at) {
        return vg_fail(err, VG_EINVALID, "listen", "err.field_missing", "--listen");
    }
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    snprintf(path, sizeof path, "%s/vonggac.ini", cli->data);
    VG_TRY(vg_conf_load(path, &conf, err));
    snprintf(page.dir, sizeof page.dir, "%s/tls", cli->data);
    snprintf(page.running, sizeof page.running, "%s/handover.json", cli->data);
    page.name = vg_conf_get(conf, "node.name", "vọng gác");
    const vg_status s = serve(cli, &page, at, err);
    vg_conf_destroy(conf);
    return s;
}

const vg_verb vg_verb_handover = {"handover", OPTIONS, NULL, run};
