// SPDX-License-Identifier: Apache-2.0
// Folds of the administrative units. A change of a unit is written as what happened: the old row gets its last day, a
// new row begins on the next, and the old one's successor is the same code. Rows of an import are never overwritten
// by the edition shipped with the program; a shipped row by a shipped one is.
#include "domain/places/places.h"

#include "base/text.h"
#include "domain/day.h"

static const char *const ranks[] = {"tinh ", "thanh pho ", "phuong ", "xa ",       "dac khu ",
                                    "quan ", "huyen ",     "thi xa ", "thi tran ", NULL};

vg_str places_bare(vg_arena *a, vg_str name)
{
    vg_str s = vg_fold(a, name);
    for (size_t i = 0; ranks[i]; i++) {
        const size_t n = strlen(ranks[i]);
        if (s.n > n && memcmp(s.p, ranks[i], n) == 0) {
            return (vg_str){s.p + n, s.n - n};
        }
    }
    return s;
}

typedef struct unit {
    vg_str code, name, parent, from, to, law;
    bool exact;
} unit;

static vg_val or_null(vg_str s)
{
    return s.n ? vg_t(s) : vg_nil();
}

static vg_status insert(vg_apply *ap, const vg_event *e, const unit *u, vg_str edition, vg_err *err)
{
    const vg_str id = vg_str_f(ap->arena, "%.*s@%.*s", VG_FMT(u->code), VG_FMT(u->from));
    return vg_exec(
        ap->db,
        "INSERT INTO place_unit (id, code, name, folded, bare, level, parent, valid_from, valid_to,"
        " exact, law, edition, at, label) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded,"
        " bare = excluded.bare, parent = excluded.parent, valid_to = excluded.valid_to,"
        " exact = excluded.exact, law = excluded.law, edition = excluded.edition"
        " WHERE place_unit.edition = 'shipped' OR excluded.edition <> 'shipped'",
        VG_VALS(vg_t(id), vg_t(u->code), vg_t(u->name), vg_t(vg_fold(ap->arena, u->name)),
                vg_t(places_bare(ap->arena, u->name)), vg_i(u->parent.n ? 2 : 1),
                or_null(u->parent), vg_t(u->from), or_null(u->to), vg_i(u->exact), or_null(u->law),
                vg_t(edition), vg_i(e->recorded_us), vg_i(e->label)),
        err);
}

static vg_status succeed(vg_apply *ap, const vg_event *e, vg_str id, vg_str code, vg_str law,
                         vg_err *err)
{
    return vg_exec(ap->db,
                   "INSERT INTO place_successor (id, unit, code, law, at, label)"
                   " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                   VG_VALS(vg_t(vg_str_f(ap->arena, "%.*s>%.*s", VG_FMT(id), VG_FMT(code))),
                           vg_t(id), vg_t(code), or_null(law), vg_i(e->recorded_us),
                           vg_i(e->label)),
                   err);
}

static vg_status end(vg_apply *ap, vg_str id, vg_str last, vg_str edition, vg_err *err)
{
    return vg_exec(ap->db, "UPDATE place_unit SET valid_to = ?, edition = ? WHERE id = ?",
                   VG_VALS(vg_t(last), vg_t(edition), vg_t(id)), err);
}

// Body: edition, last (the day before), new [{c,n,p,f,x,o?}] (o: the row it takes over from), gone [id].
VG_FOLDER(places_on_units)
{
    vg_str rows, row;
    size_t at = 0;
    const vg_str edition = vg_js_str(ap->arena, e->body, "edition");
    const vg_str last = vg_js_str(ap->arena, e->body, "last");
    while (vg_js_find(e->body, "gone", &rows) && vg_js_each(rows, &at, NULL, &row)) {
        VG_TRY(end(ap, vg_js_decode(ap->arena, row), last, edition, err));
    }
    at = 0;
    while (vg_js_find(e->body, "new", &rows) && vg_js_each(rows, &at, NULL, &row)) {
        const unit u = {.code = vg_js_str(ap->arena, row, "c"),
                        .name = vg_js_str(ap->arena, row, "n"),
                        .parent = vg_js_str(ap->arena, row, "p"),
                        .from = vg_js_str(ap->arena, row, "f"),
                        .exact = vg_js_bool(row, "x", false)};
        const vg_str old = vg_js_str(ap->arena, row, "o");
        if (old.n) {
            VG_TRY(end(ap, old, last, edition, err));
            VG_TRY(succeed(ap, e, old, u.code, (vg_str){"", 0}, err));
        }
        VG_TRY(insert(ap, e, &u, edition, err));
    }
    return VG_OK;
}

// Body: edition, units [{code,name,parent?,from?,to?,law?,into?[…]}].
VG_FOLDER(places_on_history)
{
    vg_str rows, row, into, code;
    size_t at = 0;
    const vg_str edition = vg_js_str(ap->arena, e->body, "edition");
    while (vg_js_find(e->body, "units", &rows) && vg_js_each(rows, &at, NULL, &row)) {
        const unit u = {.code = vg_js_str(ap->arena, row, "code"),
                        .name = vg_js_str(ap->arena, row, "name"),
                        .parent = vg_js_str(ap->arena, row, "parent"),
                        .from = vg_js_str(ap->arena, row, "from"),
                        .to = vg_js_str(ap->arena, row, "to"),
                        .law = vg_js_str(ap->arena, row, "law"),
                        .exact = true};
        size_t next = 0;
        VG_TRY(insert(ap, e, &u, edition, err));
        while (vg_js_find(row, "into", &into) && vg_js_each(into, &next, NULL, &code)) {
            VG_TRY(succeed(ap, e, vg_str_f(ap->arena, "%.*s@%.*s", VG_FMT(u.code), VG_FMT(u.from)),
                           vg_js_decode(ap->arena, code), u.law, err));
        }
    }
    return VG_OK;
}

VG_FOLDER(places_on_edition)
{
    return vg_put(ap, e,
                  "INSERT INTO place_edition (id, title, as_of, digest, complete, units, added,"
                  " changed, ended, origin, actor, at, label) VALUES (?, ?, ?, ?, COALESCE(?, 0),"
                  " ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET digest ="
                  " excluded.digest, units = excluded.units, at = excluded.at",
                  "@subject title as_of digest complete units added changed ended origin @actor "
                  "@at @label",
                  err);
}
