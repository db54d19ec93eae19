// SPDX-License-Identifier: Apache-2.0
// What secrecy costs: making the scope of each of a thousand principals under ten thousand grants, and a page of a
// hundred rows through the scoped views beside the same statement on the bare table.
#include "app/bench.h"

enum { AGENCIES = 100, SITES_EACH = 10, KINDS = 4, GRANTS = 10000, PRINCIPALS = 1000, ROWS = 100 };

static void name(char out[VG_ID_TEXT], char c, size_t i)
{
    snprintf(out, VG_ID_TEXT, "%c%015zu", c, i);
}

static uint64_t drawn(uint64_t *state, uint64_t below)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (*state >> 33) % below;
}

static void make_labels(vg_labels *l)
{
    for (size_t i = 0; i < (size_t)AGENCIES * SITES_EACH * KINDS; i++) {
        vg_label x = {.compartment = (uint8_t)(VG_C_FORCE + i % KINDS)};
        name(x.agency, 'a', i / (SITES_EACH * KINDS));
        name(x.site, 's', i / KINDS);
        vg_label_add(l, &x);
    }
    vg_labels_publish(l, 0);
}

static void make_grants(vg_labels *l, uint64_t *seed)
{
    vg_grant *v = vg_alloc(GRANTS * sizeof *v);
    for (size_t i = 0; i < GRANTS; i++) {
        const size_t from = drawn(seed, AGENCIES);
        v[i] = (vg_grant){.compartment = (uint8_t)(VG_C_FORCE + drawn(seed, KINDS)),
                          .until_us = vg_now_us() + 3600 * VG_SECOND_US};
        name(v[i].from, 'a', from);
        name(v[i].to, 'a', drawn(seed, AGENCIES));
        name(v[i].site, 's', from * SITES_EACH + drawn(seed, SITES_EACH));
    }
    vg_labels_grant(l, v, GRANTS);
    free(v);
}

static void make_principal(vg_principal *p, size_t i)
{
    static const char *const roles[] = {"site_commander", "duty_officer", "agency_officer"};
    *p = (vg_principal){.kind = VG_P_USER, .n_assignments = 2};
    name(p->agency, 'a', i % AGENCIES);
    snprintf(p->assignments[0].role, sizeof p->assignments[0].role, "%s", roles[i % 3]);
    snprintf(p->assignments[1].role, sizeof p->assignments[1].role, "guard");
    name(p->assignments[1].site, 's', i);
}

static vg_status scopes(bench *b, vg_err *err)
{
    vg_db *db;
    vg_labels *labels = NULL;
    bench_sample took = {0};
    uint64_t seed = 7;
    VG_TRY(vg_db_open(":memory:", VG_DB_WRITER, &db, err));
    vg_status st = vg_exec(db,
                           "CREATE TABLE label (id INTEGER PRIMARY KEY, agency TEXT, site TEXT,"
                           " compartment INTEGER, secrecy INTEGER)",
                           VG_NOVALS, err);
    if (st == VG_OK) {
        st = vg_labels_load(db, &labels, err);
    }
    vg_db_close(db);
    VG_TRY(st);
    make_labels(labels);
    make_grants(labels, &seed);
    for (size_t i = 0; i < PRINCIPALS; i++) {
        vg_principal p;
        vg_scope scope;
        make_principal(&p, i);
        const int64_t t = vg_mono_us();
        vg_scope_compute(&p, labels, &scope);
        bench_add(&took, vg_mono_us() - t);
        vg_principal_done(&p);
    }
    bench_row r = {"scope.compute.p99", "ms", (double)bench_at(&took, 0.99) / 1000, .goal = 1,
                   .kind = BENCH_MOST};
    snprintf(r.note, sizeof r.note, "p50 %.2f ms; %zu labels, %d grants, %d principals",
             (double)bench_at(&took, 0.5) / 1000, vg_labels_count(labels), GRANTS, PRINCIPALS);
    bench_note(b, &r);
    bench_sample_done(&took);
    vg_labels_destroy(labels);
    return VG_OK;
}

// --- a page ---------------------------------------------------------------------------------------
typedef struct reading {
    vg_core *core;
    const vg_resource *resource;
    vg_principal *who;  // NULL: the bare table
    int64_t pages, us;
} reading;

static vg_status read_pages(reading *r, int64_t for_us, vg_err *err)
{
    vg_buf out;
    vg_status st = VG_OK;
    vg_buf_init(&out, 1 << 20);
    const int64_t begin = vg_mono_us();
    while (st == VG_OK && vg_mono_us() - begin < for_us) {
        vg_db *db;
        vg_jw w = vg_jw_on(&out);
        out.n = 0;
        st = r->who ? vg_reader_take(r->core, r->who, &db, err) : vg_inner_take(r->core, &db, err);
        if (st != VG_OK) {
            break;
        }
        st = vg_resource_list(r->resource, db, &(vg_page){.limit = ROWS}, &w, err);
        if (r->who) {
            vg_reader_give(r->core, db);
        } else {
            vg_inner_give(r->core, db);
        }
        r->pages++;
    }
    r->us += vg_mono_us() - begin;
    vg_buf_done(&out);
    return st;
}

static double rate(const reading *r)
{
    return r->us ? (double)r->pages * 1e6 / (double)r->us : 0;
}

// In turn, so that both meet the same neighbours.
static vg_status compare(bench *b, reading *scoped, reading *bare, vg_err *err)
{
    enum { TURNS = 10 };
    for (int i = 0; i < TURNS; i++) {
        VG_TRY(read_pages(scoped, b->seconds * VG_SECOND_US / TURNS, err));
        VG_TRY(read_pages(bare, b->seconds * VG_SECOND_US / TURNS, err));
    }
    bench_row r = {"scope.page100",    "/s", rate(scoped), .floor = rate(bare), .goal = 1 / 1.15,
                   .kind = BENCH_SHARE};
    snprintf(r.note, sizeof r.note, "%.0f us a page", 1e6 / rate(scoped));
    bench_note(b, &r);
    return VG_OK;
}

static vg_status make_rows(bench_node *n, vg_err *err)
{
    for (size_t i = 0; i < ROWS; i++) {
        char args[160];
        snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"Vọng gác %zu\"}",
                 n->site[i % VG_LEN(n->site)], i);
        VG_TRY(bench_run(n->core, "sites.post_add", args, NULL, err));
    }
    return VG_OK;
}

static vg_status page(bench *b, vg_err *err)
{
    bench_node n;
    VG_TRY(bench_node_make(b, "scope", 0, &n, err));
    vg_status st = make_rows(&n, err);
    vg_resource table = *vg_core_resource("posts");
    table.from = "(SELECT post.rowid AS row_id, post.* FROM post) t";
    vg_principal p = {.kind = VG_P_USER, .n_assignments = 1};
    snprintf(p.agency, sizeof p.agency, "%s", n.agency);
    snprintf(p.assignments[0].role, sizeof p.assignments[0].role, "site_commander");
    reading scoped = {.core = n.core, .resource = vg_core_resource("posts"), .who = &p},
            bare = {.core = n.core, .resource = &table};
    if (st == VG_OK) {
        st = compare(b, &scoped, &bare, err);
    }
    vg_principal_done(&p);
    bench_node_done(&n);
    return st;
}

vg_status bench_scope(bench *b, vg_err *err)
{
    VG_TRY(scopes(b, err));
    return page(b, err);
}
