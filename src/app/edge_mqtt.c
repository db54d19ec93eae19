// SPDX-License-Identifier: Apache-2.0
// Brokers of cameras and sensors: a client for each link of kind "mqtt".
#include "app/edge.h"

#include "ingest/mqtt/mqtt.h"

static vg_status start(vg_core *core, const char *at, void **ret, vg_err *err)
{
    (void)at;
    vg_mqtt *m = NULL;
    VG_TRY(vg_mqtt_start(core, &m, err));
    *ret = m;
    return VG_OK;
}

static void stop(void *edge)
{
    vg_mqtt_stop(edge);
}

static void metrics(const void *edge, vg_buf *out)
{
    vg_buf_c(out, "# HELP vonggac_mqtt_total What the clients of the brokers saw, by outcome.\n"
                  "# TYPE vonggac_mqtt_total counter\n");
    for (int c = 0; c < VG_MQTT_COUNTS; c++) {
        vg_buf_f(out, "vonggac_mqtt_total{what=\"%s\"} %llu\n",
                 vg_mqtt_count_name((vg_mqtt_count)c),
                 (unsigned long long)vg_mqtt_count_of(edge, (vg_mqtt_count)c));
    }
}

const vg_edge vg_edge_mqtt = {"mqtt", NULL, start, stop, NULL, metrics};
