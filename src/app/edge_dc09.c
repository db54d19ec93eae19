// SPDX-License-Identifier: Apache-2.0
// Alarm panels: DC-09 over TCP and UDP on one address.
#include "app/edge.h"

#include "ingest/driver.h"

static bool submit(void *ctx, vg_signals *batch)
{
    return vg_scribe_signals(ctx, batch);
}

static vg_status recall(void *ctx, int64_t since_us, vg_recent_fn fn, void *fn_ctx, vg_err *err)
{
    return vg_recent_signals(ctx, since_us, fn, fn_ctx, err);
}

static vg_status start(vg_core *core, const char *at, void **ret, vg_err *err)
{
    const vg_conf *conf = vg_core_conf(core);
    unsigned char key[32];
    vg_core_key(core, "ingest.dc09", key);
    const vg_driver_options o = {.proto = &vg_ingest_dc09,
                                 .tcp = at,
                                 .udp = at,
                                 .sources = vg_core_register(core),
                                 .submit = submit,
                                 .submit_ctx = vg_core_scribe(core),
                                 .recall = recall,
                                 .recall_ctx = core,
                                 .key = key,
                                 .connections = (unsigned)vg_conf_i64(conf, "dc09.connections", 0),
                                 .per_peer = (unsigned)vg_conf_i64(conf, "dc09.per_peer", 0),
                                 .peer_rate = (int)vg_conf_i64(conf, "dc09.peer_rate", 0),
                                 .source_rate = (int)vg_conf_i64(conf, "dc09.source_rate", 0)};
    vg_driver *d = NULL;
    VG_TRY(vg_driver_start(&o, &d, err));
    *ret = d;
    return VG_OK;
}

static void stop(void *edge)
{
    vg_driver_stop(edge);
}

static uint16_t port(const void *edge)
{
    return vg_driver_port(edge, VG_INGEST_TCP);
}

static void metrics(const void *edge, vg_buf *out)
{
    vg_buf_c(out, "# HELP vonggac_ingest_total What the device listener saw, by outcome.\n"
                  "# TYPE vonggac_ingest_total counter\n");
    for (int c = 0; c < VG_INGEST_COUNTS; c++) {
        vg_buf_f(out, "vonggac_ingest_total{proto=\"dc09\",what=\"%s\"} %llu\n",
                 vg_ingest_count_name((vg_ingest_count)c),
                 (unsigned long long)vg_driver_count(edge, (vg_ingest_count)c));
    }
}

const vg_edge vg_edge_dc09 = {"dc09", "127.0.0.1:9009", start, stop, port, metrics};
