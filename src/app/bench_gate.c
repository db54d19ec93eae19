// SPDX-License-Identifier: Apache-2.0
// The gate: from a scan to the answer, and from the guard's key to the passage on the disk, at 200 decisions a second with
// 50,000 people, 5,000 visits and 10,000 entries of the ban list, names included. The people, visits and entries are
// written into the tables before the node starts (nothing here folds the journal again); the list in memory is made from
// them as at any start. Each decision is due at a moment of its own, and what it waits counts.
#include "app/bench.h"

#include "ident/match_set.h"
#include "ident/name.h"

#include <pthread.h>
#include <sodium.h>
#include <unistd.h>

enum { PEOPLE = 50000, VISITS = 5000, ENTRIES = 10000, PER_S = 200, DESKS = 32, OF_STAFF = 6 };

typedef struct town {
    bench_node n;
    char point[VG_ID_TEXT];
    int64_t label;
} town;

static void id_of(char out[VG_ID_TEXT], char what, size_t i)
{
    snprintf(out, VG_ID_TEXT, "%c%015zu", what, i);
}

// One of each by command: areas, a point, and a row to take the label from.
static vg_status furnish(town *t, vg_err *err)
{
    char args[400], area[VG_ID_TEXT];
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"Sân\"}", t->n.site[0]);
    VG_TRY(bench_run(t->n.core, "gate.area_add", args, area, err));
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"name\":\"Cổng\",\"inner\":\"%s\"}",
             t->n.site[0], area);
    VG_TRY(bench_run(t->n.core, "gate.point_add", args, t->point, err));
    snprintf(args, sizeof args, "{\"site\":\"%s\",\"kind\":\"staff\",\"name\":\"Mẫu\"}",
             t->n.site[0]);
    return bench_run(t->n.core, "gate.holder_add", args, NULL, err);
}

static vg_status put_holder(vg_db *db, const town *t, size_t i, const vg_match_person *p,
                            vg_err *err)
{
    char id[VG_ID_TEXT], find[VG_NAME_KEY], code[24];
    unsigned char key[32];
    const bool guest = i >= PEOPLE;
    id_of(id, 'h', i);
    snprintf(code, sizeof code, "T%zu", i);
    randombytes_buf(key, sizeof key);
    (void)vg_name_key(vg_str_c(p->name), find);
    VG_TRY(vg_exec(db,
                   "INSERT INTO gate_holder (id, agency, site, kind, at, changed_at, label) VALUES"
                   " (?, ?, ?, ?, 1, 1, ?)",
                   VG_VALS(vg_z(id), vg_z(t->n.agency), vg_z(t->n.site[0]),
                           vg_z(guest ? "visitor" : "staff"), vg_i(t->label)),
                   err));
    VG_TRY(
        vg_exec(db,
                "INSERT INTO gate_card (holder, name, find, born, doc_key, doc_last, label) VALUES"
                " (?, ?, ?, ?, ?, '0000', ?)",
                VG_VALS(vg_z(id), vg_z(p->name), vg_z(find), vg_i(p->birth_year),
                        vg_b(key, sizeof key), vg_i(t->label)),
                err));
    return vg_exec(
        db,
        "INSERT INTO badge (id, agency, site, code, kind, holder, at, label) VALUES (?, ?,"
        " ?, ?, 'card', ?, 1, ?)",
        VG_VALS(vg_z(id), vg_z(t->n.agency), vg_z(t->n.site[0]), vg_z(code), vg_z(id),
                vg_i(t->label)),
        err);
}

static vg_status put_visit(vg_db *db, const town *t, size_t i, vg_err *err)
{
    char id[VG_ID_TEXT], holder[VG_ID_TEXT];
    const int64_t now = vg_now_us();
    id_of(id, 'v', i);
    id_of(holder, 'h', PEOPLE + i);
    VG_TRY(vg_exec(db,
                   "INSERT INTO visit (id, agency, site, kind, purpose, starts, ends, guests,"
                   " changed_at, at, label) VALUES (?, ?, ?, 'visit', 'x', ?, ?, 1, 1, 1, ?)",
                   VG_VALS(vg_z(id), vg_z(t->n.agency), vg_z(t->n.site[0]),
                           vg_i(now - 3600 * VG_SECOND_US), vg_i(now + 36000 * VG_SECOND_US),
                           vg_i(t->label)),
                   err));
    return vg_exec(
        db,
        "INSERT INTO visit_guest (id, visit, site, holder, at, label) VALUES (?, ?, ?, ?,"
        " 1, ?)",
        VG_VALS(vg_z(id), vg_z(id), vg_z(t->n.site[0]), vg_z(holder), vg_i(t->label)), err);
}

static vg_status put_entry(vg_db *db, const town *t, size_t i, const vg_match_person *p,
                           vg_err *err)
{
    char id[VG_ID_TEXT];
    unsigned char key[32];
    id_of(id, 'b', i);
    randombytes_buf(key, sizeof key);
    VG_TRY(vg_exec(db,
                   "INSERT INTO ban_entry (id, agency, site, year, n, number, reason, expires,"
                   " review_due, state, changed_at, at, label) VALUES (?, ?, ?, 2026, ?, ?,"
                   " 'disorder', ?, ?, 'in_force', 1, 1, ?)",
                   VG_VALS(vg_z(id), vg_z(t->n.agency), vg_z(t->n.site[0]), vg_i((int64_t)i),
                           vg_z(id), vg_i(INT64_MAX), vg_i(INT64_MAX), vg_i(t->label)),
                   err));
    return vg_exec(db,
                   "INSERT INTO ban_card (entry, name, born, doc_kind, doc_key, doc_last, label)"
                   " VALUES (?, ?, ?, 'id_card', ?, '1111', ?)",
                   VG_VALS(vg_z(id), vg_z(p->name), vg_i(p->birth_year), vg_b(key, sizeof key),
                           vg_i(t->label)),
                   err);
}

static vg_status fill_rows(vg_db *db, const town *t, vg_match_set *s, vg_err *err)
{
    vg_match_person p;
    for (size_t i = 0; i < PEOPLE + VISITS; i++) {
        vg_match_set_person(s, &p);
        VG_TRY(put_holder(db, t, i, &p, err));
    }
    for (size_t i = 0; i < VISITS; i++) {
        VG_TRY(put_visit(db, t, i, err));
    }
    for (size_t i = 0; i < ENTRIES; i++) {
        vg_match_set_person(s, &p);
        VG_TRY(put_entry(db, t, i, &p, err));
    }
    return VG_OK;
}

static vg_status fill(town *t, vg_err *err)
{
    vg_db *db;
    char path[460];
    vg_match_set *s = vg_match_set_create(5);
    vg_core_close(t->n.core);
    t->n.core = NULL;
    snprintf(path, sizeof path, "%s/vonggac.db", t->n.dir);
    vg_status st = vg_db_open(path, VG_DB_WRITER, &db, err);
    if (st == VG_OK) {
        st = vg_one_i64(db, "SELECT label FROM gate_holder", VG_NOVALS, 0, &t->label, err);
        if (st == VG_OK) {
            st = vg_exec(db, "BEGIN", VG_NOVALS, err);
        }
        if (st == VG_OK) {
            st = fill_rows(db, t, s, err);
        }
        if (st == VG_OK) {
            st = vg_exec(db, "COMMIT", VG_NOVALS, err);
        }
        vg_db_close(db);
    }
    vg_match_set_destroy(s);
    return st;
}

// --- the guards ---------------------------------------------------------------------------------------
typedef struct desk {
    pthread_t thread;
    town *t;
    size_t at, n;  // decisions at, at + DESKS, … of n
    int64_t begin_us;
    bench_sample ask_us, pass_us;
    int64_t asked;  // how many were asked about the ban list
    vg_status st;
    vg_err err;
} desk;

// Six of ten show a badge of the house, three a visitor's, one a paper nobody knows.
static void shown(size_t i, char out[160])
{
    if (i % 10 < OF_STAFF) {
        snprintf(out, 160, "\"badge\":\"T%zu\"", i * 7919 % PEOPLE);
    } else if (i % 10 < 9) {
        snprintf(out, 160, "\"badge\":\"T%zu\"", PEOPLE + i * 7919 % VISITS);
    } else {
        snprintf(out, 160, "\"paper\":\"001090%06zu||Lưu Quang Thử %zu|01021990|Nam|x|01012021\"",
                 i % 1000000, i % 97);
    }
}

static vg_status decide(desk *d, size_t i, int64_t due_us, vg_err *err)
{
    static const vg_principal local = {.kind = VG_P_LOCAL};
    char args[300], what[160];
    shown(i, what);
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"way\":\"in\",%s}", d->t->point, what);
    vg_command_call ask = {
        .name = "gate.ask", .args = vg_str_c(args), .who = &local, .id = vg_cmd_random()};
    vg_core_run(d->t->n.core, &ask);
    bench_add(&d->ask_us, vg_mono_us() - due_us);
    vg_str raw;
    d->asked += vg_js_find(vg_buf_str(&ask.reply), "bans", &raw);
    vg_buf_done(&ask.reply);
    if (ask.st != VG_OK) {
        *err = ask.err;
        return ask.st;
    }
    if (i % 10 == 9) {
        return VG_OK;
    }
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"way\":\"in\",\"why\":\"x\",%s}", d->t->point,
             what);
    const int64_t t = vg_mono_us();
    const vg_status st = bench_run(d->t->n.core, "gate.pass", args, NULL, err);
    bench_add(&d->pass_us, vg_mono_us() - t);
    return st;
}

static void *desk_main(void *arg)
{
    desk *d = arg;
    for (size_t i = d->at; i < d->n && d->st == VG_OK; i += DESKS) {
        const int64_t due_us = d->begin_us + (int64_t)i * VG_SECOND_US / PER_S;
        const int64_t wait_us = due_us - vg_mono_us();
        if (wait_us > 0) {
            usleep((useconds_t)wait_us);
        }
        d->st = decide(d, i, due_us, &d->err);
    }
    return NULL;
}

static void take(bench_sample *all, bench_sample *part)
{
    for (size_t k = 0; k < part->n; k++) {
        bench_add(all, part->v[k]);
    }
    bench_sample_done(part);
}

static vg_status decisions(bench *b, town *t, bench_sample *ask_us, bench_sample *pass_us,
                           int64_t *ret_asked, vg_err *err)
{
    desk v[DESKS] = {0};
    vg_status st = VG_OK;
    const int64_t begin_us = vg_mono_us();
    for (size_t i = 0; i < DESKS; i++) {
        v[i] = (desk){
            .t = t, .at = i, .n = (size_t)b->seconds * PER_S, .begin_us = begin_us, .st = VG_OK};
        if (pthread_create(&v[i].thread, NULL, desk_main, &v[i]) != 0) {
            return vg_fail(err, VG_EINTERNAL, "", NULL, "%s", "thread");
        }
    }
    for (size_t i = 0; i < DESKS; i++) {
        pthread_join(v[i].thread, NULL);
        take(ask_us, &v[i].ask_us);
        take(pass_us, &v[i].pass_us);
        *ret_asked += v[i].asked;
        if (v[i].st != VG_OK) {
            st = v[i].st;
            *err = v[i].err;
        }
    }
    return st;
}

static void note(bench *b, const char *name, bench_sample *took, double share, const char *more)
{
    bench_row r = {.name = name,
                   .unit = "ms",
                   .value = (double)bench_at(took, share) / 1000,
                   .floor = bench_sync_ms(b, share),
                   .goal = 20,
                   .kind = BENCH_ABOVE};
    snprintf(r.note, sizeof r.note, "%zu at %d/s%s", took->n, PER_S, more);
    bench_note(b, &r);
}

vg_status bench_gate(bench *b, vg_err *err)
{
    town t = {0};
    bench_sample ask_us = {0}, pass_us = {0};
    int64_t asked = 0;
    char more[48];
    VG_TRY(bench_node_make(b, "gate", 1, &t.n, err));
    vg_status st = furnish(&t, err);
    if (st == VG_OK) {
        st = fill(&t, err);
    }
    const int64_t start_us = vg_mono_us();
    if (st == VG_OK) {
        st = vg_core_open(t.n.dir, &t.n.core, err);
    }
    if (st == VG_OK) {
        st = vg_core_start(t.n.core, err);
    }
    if (st == VG_OK) {
        bench_note(b, &(bench_row){"gate.start", "ms", (double)(vg_mono_us() - start_us) / 1000});
        bench_sync(b);
        st = decisions(b, &t, &ask_us, &pass_us, &asked, err);
    }
    if (st == VG_OK) {
        snprintf(more, sizeof more, ", %lld asked of the ban list", (long long)asked);
        note(b, "gate.ask.p50", &ask_us, 0.5, more);
        note(b, "gate.ask.p99", &ask_us, 0.99, "");
        note(b, "gate.pass.p50", &pass_us, 0.5, "");
        note(b, "gate.pass.p99", &pass_us, 0.99, "");
    }
    bench_sample_done(&ask_us);
    bench_sample_done(&pass_us);
    bench_node_done(&t.n);
    return st == VG_OK ? bench_gate_audit(b, err) : st;
}
