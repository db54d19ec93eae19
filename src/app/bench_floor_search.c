// SPDX-License-Identifier: Apache-2.0
// Rows for the search to look through, written straight into the table while no node runs, and the plainest
// way to read some of them back.
#include "app/bench.h"

enum { LABELS = 400, RARE = 5000 };

// A few words stand everywhere, as in names and addresses; the others are seldom.
static const char *const COMMON[] = {"Nguyễn", "Văn", "Thị",  "Trần", "kho",  "cổng", "đường",
                                     "số",     "khu", "đông", "tây",  "nam",  "bắc",  "bảo",
                                     "vệ",     "xe",  "lạ",   "mất",  "điện", "cửa"};

static uint64_t next(uint64_t *s)
{
    *s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *s >> 33;
}

static void title_of(uint64_t *s, char out[200])
{
    static const char *const on[] = {"b", "ch", "đ", "gi", "kh", "l", "ngh", "ph", "tr", "v"};
    static const char *const rhyme[] = {"ường", "ạc", "iếu", "ôi", "uyết",
                                        "ằm",   "ẩu", "ên",  "ỵ",  "ơn"};
    const uint64_t rare = next(s) % RARE;
    snprintf(out, 200, "%s %s %s %s%s%llu", COMMON[next(s) % VG_LEN(COMMON)],
             COMMON[next(s) % VG_LEN(COMMON)], COMMON[next(s) % 4], on[rare % 10],
             rhyme[rare / 10 % 10], (unsigned long long)(rare / 100));
}

static vg_status labels(vg_db *db, int64_t *ret_first, vg_err *err)
{
    VG_TRY(vg_one_i64(db, "SELECT max(id) + 1 FROM label", VG_NOVALS, 1, ret_first, err));
    for (int64_t i = 0; i < LABELS; i++) {
        char agency[VG_ID_TEXT], site[VG_ID_TEXT];
        snprintf(agency, sizeof agency, "bench%011lld", (long long)(i % 8));
        snprintf(site, sizeof site, "place%011lld", (long long)i);
        VG_TRY(vg_exec(db,
                       "INSERT INTO label (id, agency, site, compartment, secrecy)"
                       " VALUES (?, ?, ?, 0, 0)",
                       VG_VALS(vg_i(*ret_first + i), vg_z(agency), vg_z(site)), err));
    }
    return VG_OK;
}

static vg_status rows(vg_db *db, int64_t n, vg_err *err)
{
    uint64_t seed = 7;
    int64_t first;
    // the node that made the database has looked through its empty tables
    VG_TRY(vg_exec(db, "DELETE FROM search_state", VG_NOVALS, err));
    VG_TRY(labels(db, &first, err));
    for (int64_t i = 0; i < n; i++) {
        char id[VG_ID_TEXT], title[200], number[40];
        snprintf(id, sizeof id, "%016lld", (long long)i);
        snprintf(number, sizeof number, "VV-B%lld-%07lld", (long long)(i % 8), (long long)i);
        title_of(&seed, title);
        VG_TRY(vg_exec(db,
                       "INSERT INTO incident (id, number, agency, site, situation, family, title,"
                       " level, opened_at, at, label) VALUES (?,?,'','','','',?,'low',?,?,?)",
                       VG_VALS(vg_z(id), vg_z(number), vg_z(title), vg_i(i), vg_i(i),
                               vg_i(first + (int64_t)(next(&seed) % LABELS))),
                       err));
    }
    return VG_OK;
}

vg_status bench_search_fill(const bench_floor_search *f, vg_err *err)
{
    vg_db *db;
    VG_TRY(vg_db_open(f->path, VG_DB_WRITER, &db, err));
    vg_status s = vg_script(db, "PRAGMA synchronous=OFF", err);
    s = s == VG_OK ? vg_begin(db, err) : s;
    s = s == VG_OK ? rows(db, f->rows, err) : s;
    s = s == VG_OK ? vg_commit(db, err) : s;
    vg_db_close(db);
    return s;
}

vg_status bench_search_floor(bench_floor_search *f, const char *word, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    VG_TRY(vg_db_open(f->path, VG_DB_READER, &db, err));
    const int64_t t = vg_mono_us();
    vg_status s =
        vg_rows_open(db,
                     "SELECT i.title FROM search_word w JOIN search_doc d ON d.doc = w.doc"
                     " JOIN incident i ON i.id = d.id WHERE w.label = 20 AND w.word = ?"
                     " ORDER BY w.at DESC LIMIT 20",
                     VG_VALS(vg_z(word)), &r, err);
    if (s == VG_OK) {
        while (vg_rows_next(r)) {
            (void)vg_row_str(r, 0);
        }
        s = vg_rows_close(r, err);
    }
    f->took_us = vg_mono_us() - t;
    vg_db_close(db);
    return s;
}
