// SPDX-License-Identifier: Apache-2.0
// The audit of a million passages of 50,000 vehicles between two areas and the street, with the access rule of the manual.
// They are written into the table as an import leaves them; the audit reads the table and believes nothing that the fold
// worked out. The floor reads the same rows in the same order and looks at every column.
#include "app/bench.h"

#include "domain/gate/audit.h"

enum { PASSAGES = 1000000, CARS = 50000, GOAL_S = 10 };

typedef struct log_of {
    bench_node n;
    char yard[VG_ID_TEXT], inner[VG_ID_TEXT], gate[VG_ID_TEXT], door[VG_ID_TEXT];
    int64_t label;
} log_of;

static vg_status furnish(log_of *t, vg_err *err)
{
    char args[600];
    const char *site = t->n.site[0];
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"Vườn\",\"passback\":\"hard\"}", site);
    VG_TRY(bench_run(t->n.core, "gate.area_add", args, t->yard, err));
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"Khu cấm\",\"parent\":\"%s\",\"most\":500}", site,
             t->yard);
    VG_TRY(bench_run(t->n.core, "gate.area_add", args, t->inner, err));
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}", site,
             t->yard);
    VG_TRY(bench_run(t->n.core, "gate.point_add", args, t->gate, err));
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"Cửa\",\"outer\":\"%s\",\"inner\":\"%s\"}", site, t->yard,
             t->inner);
    VG_TRY(bench_run(t->n.core, "gate.point_add", args, t->door, err));
    snprintf(args, sizeof args,
             "{\"site\":\"%s\",\"name\":\"Xe tải ban đêm\",\"say\":\"stop\",\"condition\":"
             "\"holder.class = \\\"truck\\\" and area = \\\"Khu cấm\\\" and not (time >= 06:00 and"
             " time < 22:00)\"}",
             site);
    return bench_run(t->n.core, "gate.rule_add", args, NULL, err);
}

static uint32_t next(uint32_t *s)
{
    *s = *s * 1664525u + 1013904223u;
    return *s >> 8;
}

static vg_status put(vg_db *db, const log_of *t, size_t i, uint32_t *seed, vg_err *err)
{
    char id[VG_ID_TEXT], holder[VG_ID_TEXT], name[40];
    const uint32_t car = next(seed) % CARS, what = next(seed) % 4;
    const bool in = what % 2 == 0, door = what > 1;
    const vg_val inside = vg_z(door ? t->inner : t->yard);
    const vg_val around = door ? vg_z(t->yard) : vg_nil();
    snprintf(id, sizeof id, "p%015zu", i);
    snprintf(holder, sizeof holder, "x%015u", car);
    snprintf(name, sizeof name, "2-%zu", i + 1);
    return vg_exec(
        db,
        "INSERT INTO passage (id, site, holder, holder_kind, class, point, way, from_area,"
        " to_area, again_us, moved, advice, import, evidence, at, label) VALUES (?, ?, ?,"
        " 'vehicle', ?, ?, ?, ?, ?, ?, ?, 'green', 'bench', ?, 1, ?)",
        VG_VALS(vg_z(id), vg_z(t->n.site[0]), vg_z(holder), vg_z(car % 3 ? "car" : "truck"),
                vg_z(door ? t->door : t->gate), vg_z(in ? "in" : "out"), in ? around : inside,
                in ? inside : around, vg_i(door ? 0 : VG_PASS_ALWAYS),
                vg_i(INT64_C(1770000000000000) + (int64_t)i * 20 * VG_SECOND_US), vg_z(name),
                vg_i(t->label)),
        err);
}

static vg_status fill(const log_of *t, const char *path, vg_err *err)
{
    vg_db *db;
    uint32_t seed = 7;
    VG_TRY(vg_db_open(path, VG_DB_WRITER, &db, err));
    vg_status st = vg_exec(db, "BEGIN", VG_NOVALS, err);
    for (size_t i = 0; i < PASSAGES && st == VG_OK; i++) {
        st = put(db, t, i, &seed, err);
    }
    if (st == VG_OK) {
        st = vg_exec(db, "COMMIT", VG_NOVALS, err);
    }
    vg_db_close(db);
    return st;
}

// The columns that the audit reads, in its order.
static vg_status floor_of(vg_db *db, const char *site, int64_t *ret_us, vg_err *err)
{
    vg_rows *r;
    size_t bytes = 0;
    const int64_t begin_us = vg_mono_us();
    VG_TRY(vg_rows_open(db,
                        "SELECT id, kind, holder, holder_kind, class, point, way, from_area,"
                        " to_area, again_us, moved, evidence, badge, import FROM passage WHERE site"
                        " = ? AND world = 0 ORDER BY moved, id",
                        VG_VALS(vg_z(site)), &r, err));
    while (vg_rows_next(r)) {
        for (int i = 0; i < 14; i++) {
            bytes += i == 9 || i == 10 ? (size_t)(vg_row_i64(r, i) & 1) : vg_row_str(r, i).n;
        }
    }
    VG_TRY(vg_rows_close(r, err));
    *ret_us = vg_mono_us() - begin_us;
    return bytes ? VG_OK : vg_fail(err, VG_EINTERNAL, "", NULL, "%s", "no rows");
}

static void found(void *ctx, const gate_finding *f)
{
    *(size_t *)ctx += f->evidence.n;
}

static vg_status measure(bench *b, const log_of *t, const char *path, vg_err *err)
{
    vg_db *db;
    int64_t floor_us = 0;
    size_t told = 0;
    gate_audit_sum sum = {0};
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    vg_status st = floor_of(db, t->n.site[0], &floor_us, err);
    const gate_audit q = {.db = db,
                          .site = vg_str_c(t->n.site[0]),
                          .from_us = INT64_MIN,
                          .until_us = INT64_MAX,
                          .found = found,
                          .ctx = &told};
    const int64_t begin_us = vg_mono_us();
    if (st == VG_OK) {
        st = gate_audit_run(&q, &sum, err);
    }
    const int64_t took_us = vg_mono_us() - begin_us;
    vg_db_close(db);
    VG_TRY(st);
    bench_row r = {.name = "gate.audit",
                   .unit = "s",
                   .value = (double)took_us / 1e6,
                   .floor = (double)floor_us / 1e6,
                   .goal = GOAL_S,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "%lld passages, %lld holders, %lld findings",
             (long long)sum.passages, (long long)sum.holders, (long long)sum.findings);
    bench_note(b, &r);
    return VG_OK;
}

vg_status bench_gate_audit(bench *b, vg_err *err)
{
    log_of t = {0};
    char path[460];
    VG_TRY(bench_node_make(b, "audit", 1, &t.n, err));
    vg_status st = furnish(&t, err);
    vg_core_close(t.n.core);
    t.n.core = NULL;
    snprintf(path, sizeof path, "%s/vonggac.db", t.n.dir);
    if (st == VG_OK) {
        st = fill(&t, path, err);
    }
    if (st == VG_OK) {
        st = measure(b, &t, path, err);
    }
    bench_node_done(&t.n);
    return st;
}
