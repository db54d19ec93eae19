// SPDX-License-Identifier: Apache-2.0
// What a name in a paper meant, and what it is today. A name is matched without accents and without its rank; with a
// day, only units that stood on it. Each hit says when it stood and what stands today in its place, followed through
// every merger in between (at most eight, so that a ring in the data ends). Several hits are several answers: the
// reader decides, the program does not guess.
#include "domain/places/places.h"

#include "base/text.h"
#include "domain/day.h"

enum { HITS_MAX = 30 };

const vg_field places_find_fields[] = {
    {"name", VG_F_TEXT, .max = 100},
    {"id", VG_F_TEXT, .max = 30},
    {"on", VG_F_TEXT, .max = 10},
    {"level", VG_F_INT, .min = 1, .max = 2},
    {NULL},
};

#define COLUMNS                                                                                 \
    "SELECT u.id, u.code, u.name, u.level, u.parent, (SELECT p.name FROM v_place_unit p WHERE"  \
    " p.code = u.parent AND p.valid_from <= COALESCE(u.valid_to, '9999') ORDER BY p.valid_from" \
    " DESC LIMIT 1), NULLIF(u.valid_from, ''), u.valid_to, u.exact, u.law FROM v_place_unit u "

static const char BY_NAME[] = COLUMNS
    "WHERE u.bare >= ?1 AND u.bare < ?1 || char(1114111) AND (?2 = '' OR ?2 BETWEEN u.valid_from"
    " AND COALESCE(u.valid_to, '9999')) AND (?3 = 0 OR u.level = ?3) AND (?4 = '' OR u.folded >= ?4"
    " AND u.folded < ?4 || char(1114111)) ORDER BY u.bare <> ?1, u.level, u.valid_to IS NOT NULL,"
    " u.bare, u.id LIMIT 30";
static const char BY_ID[] =
    COLUMNS "WHERE (u.id = ?1 OR u.code = ?1) AND (?2 = '' OR ?2 BETWEEN u.valid_from AND"
            " COALESCE(u.valid_to, '9999')) AND (?3 = 0 OR u.level = ?3) AND ?4 IS NOT NULL"
            " ORDER BY u.valid_from DESC LIMIT 30";

static const char TODAY[] =
    "WITH RECURSIVE chain(id, depth) AS (SELECT ?1, 0 UNION SELECT n.id, c.depth + 1 FROM chain c"
    " JOIN v_place_unit o ON o.id = c.id AND o.valid_to IS NOT NULL"
    " JOIN v_place_successor s ON s.unit = o.id"
    " JOIN v_place_unit n ON n.code = s.code AND n.valid_from = (SELECT min(m.valid_from) FROM"
    " v_place_unit m WHERE m.code = s.code AND m.valid_from > o.valid_to) WHERE c.depth < 8)"
    " SELECT DISTINCT u.id, u.code, u.name, (SELECT p.name FROM v_place_unit p WHERE p.code ="
    " u.parent AND p.valid_to IS NULL) FROM chain c JOIN v_place_unit u ON u.id = c.id"
    " WHERE u.valid_to IS NULL ORDER BY u.code";

static void text(vg_jw *w, const char *key, vg_rows *r, int col)
{
    vg_jw_key(w, key);
    if (vg_row_null(r, col)) {
        vg_jw_null(w);
    } else {
        vg_jw_str(w, vg_row_str(r, col));
    }
}

static vg_status today(vg_read *rd, vg_str id, vg_err *err)
{
    vg_rows *r;
    vg_jw *w = &rd->out;
    VG_TRY(vg_rows_open(rd->db, TODAY, VG_VALS(vg_t(id)), &r, err));
    vg_jw_key(w, "today");
    vg_jw_open(w, '[');
    while (vg_rows_next(r)) {
        vg_jw_open(w, '{');
        text(w, "id", r, 0);
        text(w, "code", r, 1);
        text(w, "name", r, 2);
        text(w, "parent_name", r, 3);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
    return vg_rows_close(r, err);
}

static vg_status hit(vg_read *rd, vg_rows *r, vg_err *err)
{
    vg_jw *w = &rd->out;
    const vg_str id = vg_str_dup(rd->arena, vg_row_str(r, 0));
    vg_jw_open(w, '{');
    text(w, "id", r, 0);
    text(w, "code", r, 1);
    text(w, "name", r, 2);
    vg_jw_ki64(w, "level", vg_row_i64(r, 3));
    text(w, "parent", r, 4);
    text(w, "parent_name", r, 5);
    text(w, "valid_from", r, 6);
    text(w, "valid_to", r, 7);
    vg_jw_kbool(w, "exact", vg_row_i64(r, 8) != 0);
    text(w, "law", r, 9);
    VG_TRY(today(rd, id, err));
    vg_jw_close(w, '}');
    return VG_OK;
}

vg_status places_find(vg_read *rd, const vg_args *args, vg_err *err)
{
    int day = 0;
    vg_rows *r;
    const vg_str name = vg_arg_str(args, "name"), on = vg_arg_str(args, "on");
    const bool by_name = name.n > 0;
    if (on.n) {
        VG_TRY(vg_day_parse(on, "on", &day, err));
    }
    if (!by_name && !vg_arg_has(args, "id")) {
        return vg_fail(err, VG_EINVALID, "name", "err.field_missing", "%s", "name");
    }
    const vg_str bare = places_bare(rd->arena, name), folded = vg_fold(rd->arena, name);
    const vg_str key = by_name ? bare : vg_arg_str(args, "id");
    // A rank that was written counts: "thành phố Hà Nội" is not "Hà Nội" the commune.
    const vg_str ranked = by_name && folded.n != bare.n ? folded : (vg_str){"", 0};
    VG_TRY(vg_rows_open(
        rd->db, by_name ? BY_NAME : BY_ID,
        VG_VALS(vg_t(key), vg_t(on), vg_i(vg_arg_i64(args, "level", 0)), vg_t(ranked)), &r, err));
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    vg_status st = VG_OK;
    for (int n = 0; n < HITS_MAX && st == VG_OK && vg_rows_next(r); n++) {
        st = hit(rd, r, err);
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    vg_err ignored;
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : &ignored);
    return st == VG_OK ? closed : st;
}
