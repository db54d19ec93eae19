// SPDX-License-Identifier: Apache-2.0
// serve: one node. Opens the data, starts the core, the devices' listener and the HTTP listeners, says where
// they are (DATA/run.json, removed at the end) and waits for SIGTERM or SIGINT. Addresses come from the
// options, else from DATA/vonggac.ini; "off" closes a listener.
#include "app/cli.h"
#include "app/edge.h"
#include "app/raw_routes.h"
#include "app/tls_keys.h"
#include "base/log.h"
#include "core/core.h"
#include "http/http.h"
#include "net/lan.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern const vg_embedded vg_web_files[];

static const vg_option OPTIONS[] = {{"http", false, "ADDR:PORT"},
                                    {"https", false, "ADDR:PORT"},
#define LISTENER(name) {#name, false, "ADDR:PORT"},
#define WORKER(name)
#include "app/edges.def"
                                    {0}};

static const vg_edge *const EDGES[] = {
#define LISTENER(name) &vg_edge_##name,
#define WORKER(name) LISTENER(name)
#include "app/edges.def"
};
enum { N_EDGES = sizeof EDGES / sizeof *EDGES, LAN_MAX = 8 };

typedef struct node {
    vg_core *core;
    vg_http *http;
    vg_webhook_route *webhook;
    rule_file_route *rule_file;
    evidence_route *evidence;
    vg_http_raw raw[APP_RAW_ROUTES];
    vg_tls tls;
    const char *http_at, *https_at, *edge_at[N_EDGES];
    void *edge[N_EDGES];
    char run_path[440];
} node;

static const char *address(const vg_cli *cli, const vg_core *c, const char *name,
                           const char *missing)
{
    char key[40];
    snprintf(key, sizeof key, "listen.%s", name);
    const char *given = vg_cli_get(cli, name);
    const char *at = given ? given : vg_conf_get(vg_core_conf(c), key, missing);
    return strcmp(at, "off") == 0 ? NULL : at;
}

static vg_status start_edges(node *n, vg_err *err)
{
    for (size_t i = 0; i < N_EDGES; i++) {
        const char *at = EDGES[i]->listen ? n->edge_at[i] : NULL;
        if (at || !EDGES[i]->listen) {
            VG_TRY(EDGES[i]->start(n->core, at, &n->edge[i], err));
        }
    }
    return VG_OK;
}

static void stop_edges(node *n)
{
    for (size_t i = N_EDGES; i-- > 0;) {
        if (n->edge[i]) {
            EDGES[i]->stop(n->edge[i]);
        }
    }
}

static void metrics_more(void *ctx, vg_buf *out)
{
    const node *n = ctx;
    vg_webhook_metrics(n->webhook, out);
    for (size_t i = 0; i < N_EDGES; i++) {
        if (n->edge[i] && EDGES[i]->metrics) {
            EDGES[i]->metrics(n->edge[i], out);
        }
    }
}

// A node that is reached over the network has a certificate for the addresses it is reached by: this machine's own
// and what [listen] names says ("gate.example, 192.0.2.1").
static vg_status open_certificate(node *n, vg_err *err)
{
    char lan[LAN_MAX][VG_PEER_TEXT], given[512];
    const char *names[2 * LAN_MAX + 1] = {NULL};
    size_t k = 0;
    const size_t found = vg_lan_is_loopback(n->https_at) ? 0 : vg_lan_addresses(lan, LAN_MAX);
    for (size_t i = 0; i < found; i++) {
        names[k++] = lan[i];
    }
    char *rest = given;
    snprintf(given, sizeof given, "%s", vg_conf_get(vg_core_conf(n->core), "listen.names", ""));
    for (char *word; k < 2 * LAN_MAX && (word = strsep(&rest, ", "));) {
        if (*word) {
            names[k++] = word;
        }
    }
    return app_tls_open(n->core, names, &n->tls, err);
}

static vg_status start_http(node *n, vg_err *err)
{
    const vg_conf *conf = vg_core_conf(n->core);
    VG_TRY(n->https_at ? open_certificate(n, err) : app_tls_settle(n->core, err));
    n->webhook = vg_webhook_route_create(n->core);
    n->rule_file = rule_file_route_create(n->core);
    n->evidence = evidence_route_create(n->core);
    app_raw_routes(n->core, n->webhook, n->rule_file, n->evidence, n->raw);
    const vg_http_opts o = {.http_address = n->http_at,
                            .https_address = n->https_at,
                            .cert_pem = n->https_at ? vg_buf_z(&n->tls.cert) : NULL,
                            .key_pem = n->https_at ? vg_buf_z(&n->tls.key) : NULL,
                            .files = vg_web_files,
                            .raw = n->raw,
                            .name = vg_conf_get(conf, "node.name", "vọng gác"),
                            .profile = vg_conf_get(conf, "node.profile", "federated"),
                            .demo = vg_conf_i64(conf, "node.demo", 0) != 0,
                            .metrics_more = metrics_more,
                            .ctx = n};
    return vg_http_start(n->core, &o, &n->http, err);
}

static void share_routes(node *n)
{
    for (size_t i = 0; i < N_EDGES; i++) {
        if (n->edge[i] && EDGES[i]->share) {
            EDGES[i]->share(n->edge[i], vg_webhook_routes(n->webhook));
        }
    }
}

static void note_node(vg_core *c, bool started)
{
    vg_command_call call = {.name = "core.note_node",
                            .args =
                                started ? VG_S("{\"started\":true}") : VG_S("{\"started\":false}"),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(c, &call);
    if (call.st != VG_OK) {
        vg_log(VG_WARN, "node.note", "detail=%s", call.err.detail);
    }
    vg_buf_done(&call.reply);
}

static void at_port(vg_jw *w, const char *name, const char *at, uint16_t port)
{
    const char *colon = at ? strrchr(at, ':') : NULL;
    if (colon && port) {
        char text[128];
        snprintf(text, sizeof text, "%.*s:%u", (int)(colon - at), at, port);
        vg_jw_kz(w, name, text);
    }
}

static vg_status write_run(node *n, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_ki64(&w, "pid", getpid());
    at_port(&w, "http", n->http_at, vg_http_port(n->http, false));
    at_port(&w, "https", n->https_at, vg_http_port(n->http, true));
    for (size_t i = 0; i < N_EDGES; i++) {
        at_port(&w, EDGES[i]->name, n->edge_at[i],
                n->edge[i] && EDGES[i]->port ? EDGES[i]->port(n->edge[i]) : 0);
    }
    vg_jw_close(&w, '}');
    vg_buf_ch(&b, '\n');
    snprintf(n->run_path, sizeof n->run_path, "%s/run.json", vg_core_dir(n->core));
    char tmp[460];
    snprintf(tmp, sizeof tmp, "%s.new", n->run_path);
    FILE *f = fopen(tmp, "w");
    const bool ok = f && fwrite(b.p, 1, b.n, f) == b.n;
    const bool closed = f && fclose(f) == 0;
    vg_buf_done(&b);
    return ok && closed && rename(tmp, n->run_path) == 0
               ? VG_OK
               : vg_fail(err, VG_EIO, "data", NULL, "%s", tmp);
}

static void wait_for_end(void)
{
    sigset_t set;
    int sig;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigwait(&set, &sig);
    vg_log(VG_INFO, "node.stopping", "signal=%d", sig);
}

static void block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void raise_file_limit(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
        r.rlim_cur = r.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &r);
    }
}

static vg_status serve(node *n, const vg_cli *cli, vg_err *err)
{
    n->http_at = address(cli, n->core, "http", "127.0.0.1:8080");
    n->https_at = address(cli, n->core, "https", "127.0.0.1:8443");
    for (size_t i = 0; i < N_EDGES; i++) {
        n->edge_at[i] =
            EDGES[i]->listen ? address(cli, n->core, EDGES[i]->name, EDGES[i]->listen) : NULL;
    }
    VG_TRY(vg_core_start(n->core, err));
    VG_TRY(start_edges(n, err));
    VG_TRY(start_http(n, err));
    share_routes(n);
    VG_TRY(write_run(n, err));
    note_node(n->core, true);
    vg_log(VG_INFO, "node.ready", "http=%s https=%s", n->http_at ? n->http_at : "off",
           n->https_at ? n->https_at : "off");
    wait_for_end();
    note_node(n->core, false);
    return VG_OK;
}

static vg_status run(const vg_cli *cli, vg_err *err)
{
    node n = {0};
    VG_TRY(vg_cli_need_data(cli, err));
    block_signals();
    raise_file_limit();
    vg_status s = vg_core_open(cli->data, &n.core, err);
    if (s == VG_OK) {
        s = serve(&n, cli, err);
    }
    if (n.run_path[0]) {
        unlink(n.run_path);
    }
    stop_edges(&n);  // while the scribe still answers
    rule_file_route_stop(n.rule_file);
    vg_http_stop(n.http);
    vg_webhook_route_destroy(n.webhook);
    rule_file_route_destroy(n.rule_file);
    evidence_route_destroy(n.evidence);
    vg_core_close(n.core);
    vg_tls_done(&n.tls);
    return s;
}

const vg_verb vg_verb_serve = {"serve", OPTIONS, NULL, run};
