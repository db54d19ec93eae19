// SPDX-License-Identifier: Apache-2.0
// One table row a metric, with HELP and TYPE each (what promtool asks for); counters end in _total and
// times are in seconds. Nothing here is per site or per person: metrics are not a way around secrecy.
#include "http/metrics.h"

#include "http/device.h"
#include "http/login.h"

typedef struct metric {
    const char *name, *type, *help;
    double value;
} metric;

static void line(vg_buf *out, const metric *m)
{
    vg_buf_f(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", m->name, m->help, m->name, m->type,
             m->name, m->value);
}

static void core_lines(vg_http *h, vg_buf *out)
{
    vg_health x;
    vg_core_health(h->core, &x);
    const metric v[] = {
        {"vonggac_ready", "gauge", "1 when the node answers writes.", x.ready && !x.stopping},
        {"vonggac_disk_full", "gauge", "1 when the data disk is full: reading goes on.",
         x.disk_full},
        {"vonggac_start_time_seconds", "gauge", "When the node started, Unix time.",
         (double)h->started_us / 1e6},
        {"vonggac_events_total", "counter", "Events journaled since the start.", (double)x.events},
        {"vonggac_batches_total", "counter", "Batches committed.", (double)x.batches},
        {"vonggac_commands_total", "counter", "Commands run.", (double)x.commands},
        {"vonggac_signals_total", "counter", "Signals taken from devices.", (double)x.signals},
        {"vonggac_polls_total", "counter", "Supervision polls counted.", (double)x.polls},
        {"vonggac_refused_total", "counter", "Work refused because the queue was full.",
         (double)x.refused},
        {"vonggac_queue_depth", "gauge", "Work waiting for the scribe.", (double)x.queue_depth},
        {"vonggac_wal_bytes", "gauge", "Size of the write-ahead log.", (double)x.wal_bytes},
        {"vonggac_last_commit_seconds", "gauge", "Duration of the last commit.",
         (double)x.last_sync_us / 1e6},
        {"vonggac_commit_p99_seconds", "gauge", "99th percentile of the last 1024 commits.",
         (double)x.sync_p99_us / 1e6},
        {"vonggac_clock_steps_total", "counter", "Steps of the wall clock noticed.",
         (double)x.clock_steps},
    };
    for (size_t i = 0; i < VG_LEN(v); i++) {
        line(out, &v[i]);
    }
}

static vg_http_stats server_stats(const vg_http *h)
{
    vg_http_stats sum = {0}, x;
    vg_http_server *const v[] = {h->plain, h->secure};
    for (size_t i = 0; i < VG_LEN(v); i++) {
        if (v[i]) {
            vg_http_server_stats(v[i], &x);
            sum.requests += x.requests;
            sum.refused += x.refused;
            sum.open_connections += x.open_connections;
            sum.open_streams += x.open_streams;
            sum.bytes_streamed += x.bytes_streamed;
        }
    }
    return sum;
}

static void http_lines(vg_http *h, vg_buf *out)
{
    const vg_http_stats s = server_stats(h);
    http_hub_stats u;
    http_hub_stats_get(h->hub, &u);
    const metric v[] = {
        {"vonggac_http_requests_total", "counter", "Requests begun.", (double)s.requests},
        {"vonggac_http_refused_total", "counter", "Requests refused before routing.",
         (double)s.refused},
        {"vonggac_http_slow_total", "counter", "Answers that took over 100 ms.", (double)h->slow},
        {"vonggac_http_connections", "gauge", "Open connections.", (double)s.open_connections},
        {"vonggac_http_sessions", "gauge", "Sessions and tokens in use.",
         (double)http_sessions_count(h->sessions)},
        {"vonggac_stream_clients", "gauge", "Open live streams.", (double)s.open_streams},
        {"vonggac_stream_groups", "gauge", "Different views among them.", (double)u.groups},
        {"vonggac_stream_bytes_total", "counter", "Bytes sent on live streams.",
         (double)s.bytes_streamed},
        {"vonggac_stream_changes_total", "counter", "Changed rows taken up.", (double)u.changes},
        {"vonggac_stream_rows_total", "counter", "Rows read for live streams.",
         (double)u.rows_read},
        {"vonggac_stream_resets_total", "counter", "Clients told to reload.", (double)u.resets},
    };
    for (size_t i = 0; i < VG_LEN(v); i++) {
        line(out, &v[i]);
    }
    vg_buf_c(out, "# HELP vonggac_http_responses_total Answers by status.\n"
                  "# TYPE vonggac_http_responses_total counter\n");
    for (int i = 0; i < HTTP_STATUSES; i++) {
        if (h->by_status[i]) {
            vg_buf_f(out, "vonggac_http_responses_total{code=\"%d\"} %lld\n", i,
                     (long long)h->by_status[i]);
        }
    }
}

void http_metrics(vg_http *h, vg_buf *out)
{
    vg_buf_c(out,
             "# HELP vonggac_build_info The running version.\n# TYPE vonggac_build_info gauge\n");
    vg_buf_f(out, "vonggac_build_info{version=\"%s\"} 1\n", VG_VERSION);
    core_lines(h, out);
    http_lines(h, out);
    http_login_metrics(h->login, out);
    http_device_metrics(h, out);
    if (h->o.metrics_more) {
        h->o.metrics_more(h->o.ctx, out);
    }
}
