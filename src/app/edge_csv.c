// SPDX-License-Identifier: Apache-2.0
// Watched folders: a reader of tables for each link of kind "csv".
#include "app/edge.h"

#include "ingest/csv/csv.h"

static vg_status start(vg_core *core, const char *at, void **ret, vg_err *err)
{
    (void)at;
    vg_csv *m = NULL;
    VG_TRY(vg_csv_start(core, &m, err));
    *ret = m;
    return VG_OK;
}

static void stop(void *edge)
{
    vg_csv_stop(edge);
}

static void metrics(const void *edge, vg_buf *out)
{
    vg_buf_c(out, "# HELP vonggac_csv_total What the readers of watched folders took, by outcome.\n"
                  "# TYPE vonggac_csv_total counter\n");
    for (int c = 0; c < VG_CSV_COUNTS; c++) {
        vg_buf_f(out, "vonggac_csv_total{what=\"%s\"} %llu\n", vg_csv_count_name((vg_csv_count)c),
                 (unsigned long long)vg_csv_count_of(edge, (vg_csv_count)c));
    }
}

const vg_edge vg_edge_csv = {"csv", NULL, start, stop, NULL, metrics};
