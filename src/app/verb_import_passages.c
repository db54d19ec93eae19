// SPDX-License-Identifier: Apache-2.0
// A foreign log of passages into a node. The whole file is read and every row checked before anything is sent; with one
// wrong row nothing is. Without --apply only what would happen is said: rows, holders, the period, points and areas that
// would be made. Applied, the rows go in order of time, in pieces of one event each; if a piece is refused the whole
// import is taken back. The same record twice in the file is one.
#include "app/verb_import_passages.h"

#include "app/verb_store.h"
#include "base/clock.h"
#include "core/control.h"
#include "domain/gate/import.h"
#include "domain/gate/map.h"
#include "engine/intern.h"
#include "sheet/csv_rows.h"

enum { FILE_MAX = 512 << 20, ROWS_MAX = 8 << 20, NAMES_MAX = 4 << 20, SHOWN_MAX = 50 };

typedef struct record {
    int64_t moved_us;
    uint32_t holder, point, order;
    uint16_t rule;
    uint8_t how;
} record;

typedef struct load {
    const vg_cli *cli;
    vg_core *core;  // NULL: a node runs
    vg_arena *a, *row;
    gate_map *map;
    vg_buf file;
    record *v;
    size_t n, room, wrong, twice;
    vg_intern *holders, *points, *areas;
    const char **class;  // of each holder
    uint16_t *rule;      // of each point: the map's that it was first read by
    uint32_t *at;        // of each holder: area he is in, for turns
    char (*point_id)[VG_ID_TEXT], (*area_id)[VG_ID_TEXT];
    char site[VG_ID_TEXT], id[VG_ID_TEXT];
} load;

// --- the file -------------------------------------------------------------------------------------
static vg_status keep(load *l, const gate_map_row *row, vg_err *err)
{
    if (l->n == l->room) {
        if (l->room >= ROWS_MAX) {
            return vg_fail(err, VG_ETOOBIG, "file", "err.too_long", "%d", ROWS_MAX);
        }
        l->room = l->room ? l->room * 2 : 4096;
        l->v = vg_realloc(l->v, l->room * sizeof *l->v);
    }
    const uint32_t h = vg_intern_id(l->holders, row->holder);
    const uint32_t p = vg_intern_id(l->points, row->point);
    if (h > NAMES_MAX || p > NAMES_MAX) {
        return vg_fail(err, VG_ETOOBIG, "file", "err.too_long", "%d", NAMES_MAX);
    }
    if (row->class.n && !l->class[h]) {
        l->class[h] = vg_str_z(l->a, row->class);
    }
    l->rule[p] = (uint16_t)row->rule;
    l->v[l->n] = (record){.moved_us = row->moved_us,
                          .holder = h,
                          .point = p,
                          .order = (uint32_t)l->n,
                          .rule = (uint16_t)row->rule,
                          .how = (uint8_t)row->how};
    l->n++;
    return VG_OK;
}

static void say_wrong(load *l, int64_t line, const vg_err *e)
{
    char number[24];
    if (++l->wrong > SHOWN_MAX) {
        return;
    }
    vg_buf why;
    vg_buf_init(&why, 1024);
    vg_tr_err(&why, l->cli->lang, e);
    snprintf(number, sizeof number, "%lld", (long long)line);
    vg_say_line(
        l->cli, "gate.import_wrong",
        (const char *const[]){"line", number, "column", e->field, "why", vg_buf_z(&why), NULL});
    vg_buf_done(&why);
}

static vg_status read_rows(load *l, vg_err *err)
{
    vg_csv_rows rows = vg_csv_rows_on(vg_buf_str(&l->file));
    vg_str cells[VG_CSV_CELLS];
    gate_map_at at;
    size_t n = 0;
    bool more = false;
    VG_TRY(vg_csv_rows_next(&rows, l->a, cells, VG_CSV_CELLS, &n, &more, err));
    VG_TRY(gate_map_head(l->map, cells, n, &at, err));
    for (;;) {
        gate_map_row row;
        vg_err e = {0};
        vg_arena_reset(l->row);
        VG_TRY(vg_csv_rows_next(&rows, l->row, cells, VG_CSV_CELLS, &n, &more, err));
        if (!more) {
            return VG_OK;
        }
        if (gate_map_take(l->map, &at, cells, n, &row, &e) == VG_OK) {
            VG_TRY(keep(l, &row, err));
        } else {
            say_wrong(l, rows.line, &e);
        }
    }
}

static int by_time(const void *x, const void *y)
{
    const record *a = x, *b = y;
    return a->moved_us != b->moved_us ? (a->moved_us < b->moved_us ? -1 : 1)
           : a->holder != b->holder   ? (a->holder < b->holder ? -1 : 1)
           : a->point != b->point     ? (a->point < b->point ? -1 : 1)
           : a->order < b->order      ? -1
                                      : 1;
}

static void in_order(load *l)
{
    size_t n = 0;
    qsort(l->v, l->n, sizeof *l->v, by_time);
    for (size_t i = 0; i < l->n; i++) {
        const record *b = n ? &l->v[n - 1] : NULL;
        if (b && b->moved_us == l->v[i].moved_us && b->holder == l->v[i].holder &&
            b->point == l->v[i].point && b->how == l->v[i].how) {
            l->twice++;
        } else {
            l->v[n++] = l->v[i];
        }
    }
    l->n = n;
}

// --- what would happen ------------------------------------------------------------------------------
static void say_sum(load *l, const char *state)
{
    vg_buf b;
    vg_buf_init(&b, 4096);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    if (*l->id) {
        vg_jw_kz(&w, "id", l->id);
    }
    vg_jw_kz(&w, "state", state);
    vg_jw_ki64(&w, "rows", (int64_t)l->n);
    vg_jw_ki64(&w, "wrong", (int64_t)l->wrong);
    vg_jw_ki64(&w, "twice", (int64_t)l->twice);
    vg_jw_ki64(&w, "holders", vg_intern_count(l->holders));
    vg_jw_ki64(&w, "points", vg_intern_count(l->points));
    if (l->n) {
        vg_jw_ktime(&w, "from", l->v[0].moved_us);
        vg_jw_ktime(&w, "until", l->v[l->n - 1].moved_us);
    }
    vg_jw_close(&w, '}');
    vg_say_json(&b);
    vg_buf_done(&b);
}

// --- sending ----------------------------------------------------------------------------------------
static vg_status run_command(load *l, const char *name, vg_buf *args, char *ret_id, vg_err *err)
{
    static const vg_principal local = {
        .kind = VG_P_LOCAL, .name = "local", .clearance = VG_S_TUYET_MAT};
    vg_buf reply;
    vg_status st;
    vg_buf_init(&reply, 1 << 20);
    if (args->failed) {
        st = vg_fail(err, VG_ETOOBIG, "file", NULL, "%s", name);
    } else if (l->core) {
        vg_command_call call = {
            .name = name, .args = vg_buf_str(args), .who = &local, .id = vg_cmd_random()};
        vg_core_run(l->core, &call);
        st = call.st;
        if (st != VG_OK) {
            *err = call.err;
        }
        vg_buf_add(&reply, call.reply.p, call.reply.n);
        vg_buf_done(&call.reply);
    } else {
        st = vg_control_run(l->cli->data, name, vg_buf_str(args), &reply, err);
    }
    if (st == VG_OK && ret_id) {
        vg_arena_reset(l->row);
        snprintf(ret_id, VG_ID_TEXT, "%.*s", VG_FMT(vg_js_str(l->row, vg_buf_str(&reply), "id")));
    }
    vg_buf_done(&reply);
    vg_buf_reset(args);
    return st;
}

static vg_jw begin(vg_buf *args)
{
    vg_buf_reset(args);
    vg_jw w = vg_jw_on(args);
    return w;
}

// The id of what stands in the store under this name at the site, or "".
static vg_status find(load *l, const char *sql, vg_str name, char out[VG_ID_TEXT], vg_err *err)
{
    char path[480];
    vg_db *db;
    vg_rows *r;
    snprintf(path, sizeof path, "%s/vonggac.db", l->cli->data);
    VG_TRY(vg_db_open(path, VG_DB_READER, &db, err));
    vg_status st = vg_rows_open(db, sql, VG_VALS(vg_z(l->site), vg_t(name)), &r, err);
    if (st == VG_OK) {
        const vg_str id = vg_rows_next(r) ? vg_row_str(r, 0) : VG_S("");
        snprintf(out, VG_ID_TEXT, "%.*s", VG_FMT(id));
        st = vg_rows_close(r, err);
    }
    vg_db_close(db);
    return st;
}

static vg_status site_of(load *l, const char *code, vg_err *err)
{
    VG_TRY(find(l, "SELECT id FROM site WHERE ?1 = '' AND (code = ?2 OR id = ?2)", vg_str_c(code),
                l->site, err));
    return *l->site ? VG_OK : vg_fail(err, VG_ENOTFOUND, "site", NULL, "%s", code);
}

static const gate_map_area *area_rules(const load *l, vg_str name)
{
    for (size_t i = 0; i < l->map->n_areas; i++) {
        if (vg_str_eqc(name, l->map->areas[i].name)) {
            return &l->map->areas[i];
        }
    }
    return NULL;
}

static vg_status area(load *l, const char *name, int depth, vg_buf *args, char out[VG_ID_TEXT],
                      vg_err *err)
{
    char parent[VG_ID_TEXT] = "";
    const gate_map_area *rules = area_rules(l, vg_str_c(name));
    out[0] = 0;
    if (!*name) {
        return VG_OK;
    }
    VG_TRY(find(l, "SELECT id FROM gate_area WHERE site = ? AND name = ? AND state = 'active'",
                vg_str_c(name), out, err));
    if (*out) {
        return VG_OK;
    }
    if (rules && *rules->parent) {
        if (depth > 6) {
            return vg_fail(err, VG_EINVALID, "parent", "gate.parent_circle", "%s", name);
        }
        VG_TRY(area(l, rules->parent, depth + 1, args, parent, err));
    }
    vg_jw w = begin(args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "site", l->site);
    vg_jw_kz(&w, "name", name);
    if (*parent) {
        vg_jw_kz(&w, "parent", parent);
    }
    if (rules) {
        vg_jw_kz(&w, "passback", rules->passback);
        vg_jw_ki64(&w, "most", rules->most);
        vg_jw_ki64(&w, "again_min", rules->again_min);
    }
    vg_jw_close(&w, '}');
    return run_command(l, "gate.area_add", args, out, err);
}

static vg_status point(load *l, uint32_t p, vg_buf *args, vg_err *err)
{
    const vg_str name = vg_intern_text(l->points, p);
    const gate_map_point *rule = &l->map->points[l->rule[p]];
    char outer[VG_ID_TEXT], inner[VG_ID_TEXT];
    VG_TRY(area(l, rule->outer, 0, args, outer, err));
    VG_TRY(area(l, rule->inner, 0, args, inner, err));
    snprintf(l->area_id[2 * p], VG_ID_TEXT, "%s", inner);
    snprintf(l->area_id[2 * p + 1], VG_ID_TEXT, "%s", outer);
    VG_TRY(find(l, "SELECT id FROM gate_point WHERE site = ? AND name = ? AND state = 'active'",
                name, l->point_id[p], err));
    if (*l->point_id[p]) {
        return VG_OK;
    }
    vg_jw w = begin(args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "site", l->site);
    vg_jw_kstr(&w, "name", name);
    vg_jw_kz(&w, "inner", inner);
    if (*outer) {
        vg_jw_kz(&w, "outer", outer);
    }
    vg_jw_kz(&w, "lane", "both");
    vg_jw_close(&w, '}');
    return run_command(l, "gate.point_add", args, l->point_id[p], err);
}

// Which areas a record goes between, as the pieces tell it.
static void between(load *l, const record *r, const char **from, const char **to, const char **way)
{
    const char *inner = l->area_id[2 * r->point], *outer = l->area_id[2 * r->point + 1];
    bool out = r->how == GATE_HOW_OUT;
    if (r->how == GATE_HOW_TURN) {
        out = l->at[r->holder] == r->rule + 1U;
        l->at[r->holder] = out ? 0 : r->rule + 1U;
    }
    *way = r->how == GATE_HOW_INTO ? "" : out ? "out" : "in";
    *from = r->how == GATE_HOW_INTO ? GATE_ANYWHERE : out ? inner : outer;
    *to = out ? outer : inner;
}

typedef struct piece {
    vg_buf holders, rows;
    uint32_t local[GATE_IMPORT_ROWS];
    size_t n_local, n;
} piece;

static size_t local_of(load *l, piece *p, uint32_t holder, vg_jw *w)
{
    for (size_t i = 0; i < p->n_local; i++) {
        if (p->local[i] == holder) {
            return i;
        }
    }
    vg_jw_open(w, '[');
    vg_jw_str(w, vg_intern_text(l->holders, holder));
    vg_jw_str(w, vg_str_c(l->map->kind));
    vg_jw_str(w, vg_str_c(l->class[holder] ? l->class[holder] : ""));
    vg_jw_close(w, ']');
    p->local[p->n_local] = holder;
    return p->n_local++;
}

static void put_row(load *l, piece *p, const record *r, vg_jw *holders, vg_jw *rows)
{
    const char *from, *to, *way;
    between(l, r, &from, &to, &way);
    vg_jw_open(rows, '[');
    vg_jw_i64(rows, (int64_t)local_of(l, p, r->holder, holders));
    vg_jw_str(rows, vg_str_c(l->point_id[r->point]));
    vg_jw_str(rows, vg_str_c(way));
    vg_jw_str(rows, vg_str_c(from));
    vg_jw_str(rows, vg_str_c(to));
    vg_jw_i64(rows, r->moved_us);
    vg_jw_close(rows, ']');
}

static vg_status send_piece(load *l, piece *p, size_t first, size_t n, vg_buf *args, vg_err *err)
{
    p->n_local = 0;
    vg_jw h = begin(&p->holders), r = begin(&p->rows);
    vg_jw_open(&h, '[');
    vg_jw_open(&r, '[');
    for (size_t i = first; i < first + n; i++) {
        put_row(l, p, &l->v[i], &h, &r);
    }
    vg_jw_close(&h, ']');
    vg_jw_close(&r, ']');
    vg_jw w = begin(args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", l->id);
    vg_jw_ki64(&w, "n", (int64_t)first);
    vg_jw_kraw(&w, "holders", vg_buf_str(&p->holders));
    vg_jw_kraw(&w, "rows", vg_buf_str(&p->rows));
    vg_jw_close(&w, '}');
    return run_command(l, "gate.import_rows", args, NULL, err);
}

static vg_status on_import(load *l, const char *command, vg_buf *args, vg_err *err)
{
    vg_jw w = begin(args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", l->id);
    vg_jw_close(&w, '}');
    return run_command(l, command, args, NULL, err);
}

static vg_status send_all(load *l, vg_buf *args, vg_err *err)
{
    vg_status st = VG_OK;
    piece *p = vg_alloc(sizeof *p);
    vg_buf_init(&p->holders, 1 << 20);
    vg_buf_init(&p->rows, 1 << 20);
    for (size_t i = 0; st == VG_OK && i < l->n; i += GATE_IMPORT_ROWS) {
        st = send_piece(l, p, i, l->n - i < GATE_IMPORT_ROWS ? l->n - i : GATE_IMPORT_ROWS, args,
                        err);
    }
    vg_buf_done(&p->holders);
    vg_buf_done(&p->rows);
    free(p);
    if (st == VG_OK) {
        return on_import(l, "gate.import_end", args, err);
    }
    vg_err undo = {0};
    (void)!on_import(l, "gate.import_undo", args, &undo);
    return st;
}

static vg_status apply(load *l, vg_err *err)
{
    vg_buf args;
    const size_t points = vg_intern_count(l->points) + 1;
    vg_buf_init(&args, 2 << 20);
    l->point_id = vg_alloc(points * sizeof *l->point_id);
    l->area_id = vg_alloc(2 * points * sizeof *l->area_id);
    l->at = vg_alloc((vg_intern_count(l->holders) + 1) * sizeof *l->at);
    vg_status st = VG_OK;
    for (uint32_t p = 1; st == VG_OK && p < points; p++) {
        st = point(l, p, &args, err);
    }
    if (st == VG_OK) {
        vg_jw w = begin(&args);
        vg_jw_open(&w, '{');
        vg_jw_kz(&w, "site", l->site);
        vg_jw_kz(&w, "source", l->map->log);
        vg_jw_close(&w, '}');
        st = run_command(l, "gate.import_begin", &args, l->id, err);
    }
    st = st == VG_OK ? send_all(l, &args, err) : st;
    free(l->point_id);
    free(l->area_id);
    free(l->at);
    vg_buf_done(&args);
    return st;
}

// --- the verb ---------------------------------------------------------------------------------------
static vg_status read_all(load *l, const char *path, vg_err *err)
{
    const char *map = vg_cli_get(l->cli, "map"), *site = vg_cli_get(l->cli, "site");
    if (!map || !site) {
        return vg_fail(err, VG_EINVALID, map ? "site" : "map", "err.field_missing", "%s",
                       map ? "--site" : "--map");
    }
    VG_TRY(app_slurp(map, &l->file, err));
    VG_TRY(gate_map_read(map, vg_buf_str(&l->file), l->a, &l->map, err));
    vg_buf_reset(&l->file);
    VG_TRY(site_of(l, site, err));
    VG_TRY(app_slurp(path, &l->file, err));
    VG_TRY(read_rows(l, err));
    in_order(l);
    return VG_OK;
}

static vg_status bring(load *l, const char *path, vg_err *err)
{
    if (vg_cli_get(l->cli, "undo")) {
        vg_buf args;
        vg_buf_init(&args, 4096);
        snprintf(l->id, sizeof l->id, "%s", vg_cli_get(l->cli, "undo"));
        const vg_status st = on_import(l, "gate.import_undo", &args, err);
        vg_buf_done(&args);
        return st;
    }
    VG_TRY(read_all(l, path, err));
    if (l->wrong || !l->n) {
        say_sum(l, "wrong");
        return vg_fail(err, VG_EINVALID, "file", "gate.import_refused", "%zu", l->wrong);
    }
    if (!vg_cli_get(l->cli, "apply")) {
        say_sum(l, "ready");
        return VG_OK;
    }
    VG_TRY(apply(l, err));
    say_sum(l, "applied");
    return VG_OK;
}

vg_status app_import_passages(const vg_cli *cli, const char *path, vg_err *err)
{
    load l = {.cli = cli, .a = vg_arena_create(64 << 20), .row = vg_arena_create(1 << 20)};
    vg_buf_init(&l.file, FILE_MAX);
    l.holders = vg_intern_create(NAMES_MAX);
    l.points = vg_intern_create(NAMES_MAX);
    l.class = vg_alloc((NAMES_MAX + 1) * sizeof *l.class);
    l.rule = vg_alloc((NAMES_MAX + 1) * sizeof *l.rule);
    vg_status st = VG_OK;
    if (!vg_control_alive(cli->data)) {
        st = vg_core_open(cli->data, &l.core, err);
        st = st == VG_OK ? vg_core_start(l.core, err) : st;
    }
    st = st == VG_OK ? bring(&l, path, err) : st;
    if (l.core) {
        vg_core_stop(l.core);
        vg_core_close(l.core);
    }
    vg_intern_destroy(l.holders);
    vg_intern_destroy(l.points);
    free(l.class);
    free(l.rule);
    free(l.v);
    vg_buf_done(&l.file);
    vg_arena_destroy(l.a);
    vg_arena_destroy(l.row);
    return st;
}
