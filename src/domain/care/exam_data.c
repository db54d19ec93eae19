// SPDX-License-Identifier: Apache-2.0
// What the data say about the node's health: sources that are silent or cannot prove who they are, links that are
// down, when the journal was last proven and a backup made, steps of the clock. Read through the views, so a person
// is told only of what he may know; `doctor` at the machine itself sees all. It changes nothing.
#include "base/clock.h"
#include "domain/care/exam.h"

enum { DAY_S = 86400, BACKUP_SOON_D = 2, BACKUP_MUST_D = 14, VERIFY_SOON_D = 8, LINKS_SHOWN = 6 };

// Rows that are counted: none is well, any is of this grade.
static const struct {
    const char *what, *state, *sql;
    vg_grade grade;
} counted[] = {
    {"silent", "bad", "SELECT count(*) FROM v_source WHERE state = 'silent' AND disabled = 0",
     VG_GRADE_MUST},
    {"source_clock", "bad",
     "SELECT count(*) FROM v_source WHERE clock_off_ms IS NOT NULL AND disabled = 0",
     VG_GRADE_SOON},
    {"unproven", "bad", "SELECT count(*) FROM v_source WHERE state = 'unproven' AND disabled = 0",
     VG_GRADE_SOON},
    {"never", "bad", "SELECT count(*) FROM v_source WHERE state = 'never' AND disabled = 0",
     VG_GRADE_SOON},
    {"waiting", "bad", "SELECT count(*) FROM v_waiting_source WHERE state = 'waiting'",
     VG_GRADE_SOON},
};

static void look_counted(vg_db *db, vg_exam *x)
{
    int64_t all = 0;
    if (vg_one_i64(db, "SELECT count(*) FROM v_source", VG_NOVALS, 0, &all, NULL) != VG_OK) {
        vg_exam_add(x, "database", "bad", VG_GRADE_MUST, "%s", "v_source");
        return;
    }
    vg_exam_add(x, "sources", "ok", VG_GRADE_FINE, "%lld", (long long)all);
    for (size_t i = 0; i < VG_LEN(counted); i++) {
        int64_t n = 0;
        if (vg_one_i64(db, counted[i].sql, VG_NOVALS, 0, &n, NULL) == VG_OK) {
            vg_exam_add(x, counted[i].what, n ? counted[i].state : "ok",
                        n ? counted[i].grade : VG_GRADE_FINE, "%lld", (long long)n);
        }
    }
}

static void look_links(vg_db *db, bool standalone, vg_exam *x)
{
    vg_rows *r;
    int64_t on = 0, shown = 0;
    if (vg_one_i64(db, "SELECT count(*) FROM v_link WHERE enabled = 1", VG_NOVALS, 0, &on, NULL) !=
            VG_OK ||
        vg_rows_open(db,
                     "SELECT name, problem FROM v_link WHERE enabled = 1 AND state = 'down' ORDER"
                     " BY name",
                     VG_NOVALS, &r, NULL) != VG_OK) {
        return;
    }
    if (standalone && on) {
        vg_exam_add(x, "profile", "outbound", VG_GRADE_SOON, "%lld", (long long)on);
    }
    while (vg_rows_next(r) && shown < LINKS_SHOWN) {
        const vg_str name = vg_row_str(r, 0), problem = vg_row_str(r, 1);
        vg_finding *f = vg_exam_add(x, "link", "down", VG_GRADE_MUST, "%.*s", VG_FMT(name));
        snprintf(f->why, sizeof f->why, "%.*s", VG_FMT(problem));
        shown++;
    }
    (void)!vg_rows_close(r, NULL);
    if (!shown && !(standalone && on)) {
        vg_exam_add(x, "link", "ok", VG_GRADE_FINE, "%lld", (long long)on);
    }
}

// A cursor that holds "<time in µs> ok" or "<time> bad"; 0: there is none.
static int64_t marked(vg_db *db, const char *name, bool *ret_ok)
{
    vg_rows *r;
    int64_t at = 0;
    *ret_ok = false;
    if (vg_rows_open(db, "SELECT position FROM v_cursor WHERE name = ?", VG_VALS(vg_z(name)), &r,
                     NULL) != VG_OK) {
        return 0;
    }
    if (vg_rows_next(r)) {
        const vg_str s = vg_row_str(r, 0);
        const char *space = memchr(s.p, ' ', s.n);
        const size_t n = space ? (size_t)(space - s.p) : s.n;
        if (vg_str_i64((vg_str){s.p, n}, 0, INT64_MAX, &at, NULL) != VG_OK) {
            at = 0;
        }
        *ret_ok = space && vg_str_eqc((vg_str){space + 1, s.n - n - 1}, "ok");
    }
    (void)!vg_rows_close(r, NULL);
    return at;
}

static void look_marks(vg_db *db, int64_t now_us, vg_exam *x)
{
    bool ok;
    const int64_t verified = marked(db, "verified", &ok);
    const int64_t days = (now_us - verified) / VG_SECOND_US / DAY_S;
    if (verified && !ok) {
        vg_exam_add(x, "verify", "broken", VG_GRADE_MUST, "%lld", (long long)days);
    } else if (!verified) {
        vg_exam_add(x, "verify", "never", VG_GRADE_SOON, "%s", "");
    } else {
        vg_exam_add(x, "verify", days > VERIFY_SOON_D ? "old" : "ok",
                    days > VERIFY_SOON_D ? VG_GRADE_SOON : VG_GRADE_FINE, "%lld", (long long)days);
    }
    const int64_t saved = marked(db, "backup", &ok);
    const int64_t age = (now_us - saved) / VG_SECOND_US / DAY_S;
    if (!saved) {
        vg_exam_add(x, "backup", "never", VG_GRADE_SOON, "%s", "");
    } else {
        vg_exam_add(x, "backup", age >= BACKUP_SOON_D ? "old" : "ok",
                    age >= BACKUP_MUST_D   ? VG_GRADE_MUST
                    : age >= BACKUP_SOON_D ? VG_GRADE_SOON
                                           : VG_GRADE_FINE,
                    "%lld", (long long)age);
    }
}

static void look_journal(vg_db *db, int64_t now_us, vg_exam *x)
{
    int64_t newest = 0, steps = 0;
    if (vg_one_i64(db, "SELECT max(recorded) FROM v_event WHERE id = (SELECT max(id) FROM v_event)",
                   VG_NOVALS, 0, &newest, NULL) == VG_OK) {
        const bool ahead = newest > now_us + 60 * VG_SECOND_US;
        vg_exam_add(x, "future", ahead ? "bad" : "ok", ahead ? VG_GRADE_MUST : VG_GRADE_FINE,
                    "%lld", (long long)((newest - now_us) / VG_SECOND_US));
    }
    if (vg_one_i64(db, "SELECT count(*) FROM v_event WHERE kind = 'core.clock' AND recorded > ?",
                   VG_VALS(vg_i(now_us - DAY_S * VG_SECOND_US)), 0, &steps, NULL) == VG_OK) {
        vg_exam_add(x, "steps", steps ? "bad" : "ok", steps ? VG_GRADE_SOON : VG_GRADE_FINE, "%lld",
                    (long long)steps);
    }
}

void vg_exam_data(vg_db *db, bool standalone, int64_t now_us, vg_exam *x)
{
    look_journal(db, now_us, x);
    look_marks(db, now_us, x);
    look_counted(db, x);
    look_links(db, standalone, x);
}

void vg_exam_profile(vg_db *db, bool standalone, vg_exam *x)
{
    int64_t secret = 0;
    (void)!vg_one_i64(db, "SELECT count(*) FROM label WHERE secrecy > 0", VG_NOVALS, 0, &secret,
                      NULL);
    if (secret && !standalone) {
        vg_exam_add(x, "profile", "secret", VG_GRADE_MUST, "%lld", (long long)secret);
    }
}

// Files that this program knows and the database has not had; and files it had that this program does not know.
void vg_exam_schema(vg_db *db, vg_exam *x)
{
    int64_t had = 0, wanted = 0, missing = 0;
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_embedded *f = m->sql; f && f->name; f++, wanted++) {
            int64_t n = 0;
            (void)!vg_one_i64(db,
                              "SELECT count(*) FROM schema_version WHERE module = ? AND file = ?",
                              VG_VALS(vg_z(m->name), vg_z(f->name)), 0, &n, NULL);
            missing += n == 0;
        }
    }
    (void)!vg_one_i64(db, "SELECT count(*) FROM schema_version", VG_NOVALS, 0, &had, NULL);
    const int64_t unknown = had - (wanted - missing);
    if (unknown > 0) {
        vg_exam_add(x, "schema", "newer", VG_GRADE_MUST, "%lld", (long long)unknown);
    } else {
        vg_exam_add(x, "schema", missing ? "old" : "ok", missing ? VG_GRADE_SOON : VG_GRADE_FINE,
                    "%lld", (long long)missing);
    }
}
