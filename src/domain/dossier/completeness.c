// SPDX-License-Identifier: Apache-2.0
// How complete a site's dossier is: the records every guarded site needs (posts, gates, drawings …) and the headings
// of the basic survey, what is missing first. It counts what the reader may see: a heading that is closed to him is
// not wanted of him, so a partner's score speaks of the partner's knowledge only.
#include "domain/dossier/dossier.h"

#include "base/clock.h"
#include "domain/day.h"

enum { ITEMS_MAX = 48 };

const vg_field dossier_completeness_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

static const struct {
    const char *item, *see, *sql;
    int weight;
} records[] = {
    {"address", "see.shared",
     "SELECT count(*) FROM v_site WHERE id = ? AND COALESCE(address, '') <> ''", 1},
    {"place", "see.shared", "SELECT count(*) FROM v_site WHERE id = ? AND place IS NOT NULL", 1},
    {"listed", "see.shared",
     "SELECT count(*) FROM v_site_list_entry WHERE site = ? AND valid_to IS NULL", 1},
    {"central_post", "see.measures",
     "SELECT count(*) FROM v_post WHERE site = ? AND central = 1 AND state = 'active'", 3},
    {"overlook", "see.measures",
     "SELECT count(*) FROM v_post WHERE site = ? AND state = 'active' AND COALESCE(overlooks, '[]')"
     " <> '[]'",
     1},
    {"gates", "see.shared", "SELECT count(*) FROM v_gate WHERE site = ? AND state = 'active'", 1},
    {"zones", "see.shared", "SELECT count(*) FROM v_zone WHERE site = ? AND state = 'active'", 2},
    {"corridor", "see.shared",
     "SELECT count(*) FROM v_zone WHERE site = ? AND state = 'active' AND class IN ('corridor',"
     " 'perimeter')",
     1},
    {"drawings", "see.shared", "SELECT count(*) FROM v_drawing WHERE site = ? AND state = 'active'",
     1},
    {"assembly", "see.shared",
     "SELECT count(*) FROM v_fixture WHERE site = ? AND kind = 'assembly' AND state = 'active'", 1},
    {"patrol_points", "see.measures",
     "SELECT count(*) FROM v_fixture WHERE site = ? AND kind = 'patrol_point' AND state ="
     " 'active'",
     1},
    {"sources", "see.means", "SELECT count(*) FROM v_source WHERE site = ? AND disabled = 0", 1},
    {"supervised_sources", "see.means",
     "SELECT count(*) FROM v_source WHERE site = ? AND disabled = 0 AND deadline_s > 0", 1},
    {"contacts", "see.personal",
     "SELECT count(*) FROM v_contact WHERE site = ? AND state = 'active'", 1},
};

typedef struct item {
    const char *name, *part;
    dossier_want want;
    dossier_have have;
    dossier_verdict verdict;
    char as_of[VG_DAY_TEXT], stale_on[VG_DAY_TEXT];
} item;

static vg_status look_records(vg_read *rd, vg_str site, item *v, size_t *n, vg_err *err)
{
    const char *where = vg_str_z(rd->arena, site);
    for (size_t i = 0; i < VG_LEN(records); i++) {
        if (!vg_may(rd->who, records[i].see, where)) {
            continue;
        }
        item *x = &v[(*n)++];
        *x = (item){records[i].item, "record", {records[i].weight, 0, false}, {0}};
        VG_TRY(vg_one_i64(rd->db, records[i].sql, VG_VALS(vg_t(site)), 0, &x->have.n, err));
    }
    return VG_OK;
}

static vg_status look_heading(vg_read *rd, vg_str site, const dossier_heading *h, item *x,
                              vg_err *err)
{
    vg_rows *r;
    int day = 0;
    *x = (item){h->name, "heading", h->want, {0}};
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT as_of, verified_at IS NOT NULL FROM v_dossier_statement WHERE site"
                        " = ? AND heading = ? AND state = 'current' ORDER BY as_of DESC, at DESC",
                        VG_VALS(vg_t(site), vg_z(h->name)), &r, err));
    while (vg_rows_next(r)) {
        if (x->have.n++ == 0 && vg_day_parse(vg_row_str(r, 0), "", &day, NULL) == VG_OK) {
            x->have.age_days = vg_day_of(vg_now_us()) - day;
            x->have.verified = vg_row_i64(r, 1) != 0;
            vg_day_text(day, x->as_of);
            vg_day_text(vg_day_add(day, h->want.stale_days + 1, VG_DAY_DAY), x->stale_on);
        }
    }
    return vg_rows_close(r, err);
}

static vg_status look_headings(vg_read *rd, vg_str site, item *v, size_t *n, vg_err *err)
{
    const char *where = vg_str_z(rd->arena, site);
    for (const dossier_heading *h = dossier_headings; h->name; h++) {
        if (vg_may(rd->who, h->see, where)) {
            VG_TRY(look_heading(rd, site, h, &v[(*n)++], err));
        }
    }
    return VG_OK;
}

static void write_item(vg_jw *w, const item *x)
{
    vg_jw_open(w, '{');
    vg_jw_kz(w, "item", x->name);
    vg_jw_kz(w, "part", x->part);
    vg_jw_kz(w, "state", dossier_verdict_name(x->verdict));
    vg_jw_ki64(w, "n", x->have.n);
    vg_jw_kz(w, "as_of", *x->as_of ? x->as_of : NULL);
    vg_jw_kz(w, "stale_on", *x->stale_on ? x->stale_on : NULL);
    vg_jw_close(w, '}');
}

static void write_all(vg_jw *w, vg_str site, const item *v, size_t n)
{
    dossier_want want[ITEMS_MAX];
    dossier_verdict verdict[ITEMS_MAX];
    for (size_t i = 0; i < n; i++) {
        want[i] = v[i].want;
        verdict[i] = v[i].verdict;
    }
    vg_jw_open(w, '{');
    vg_jw_kstr(w, "site", site);
    vg_jw_ki64(w, "score", dossier_score(want, verdict, n));
    vg_jw_key(w, "items");
    vg_jw_open(w, '[');
    for (int k = DOSSIER_MISSING; k <= DOSSIER_GOOD; k++) {  // the worst first
        for (size_t i = 0; i < n; i++) {
            if (v[i].verdict == (dossier_verdict)k) {
                write_item(w, &v[i]);
            }
        }
    }
    vg_jw_close(w, ']');
    vg_jw_close(w, '}');
}

vg_status dossier_completeness(vg_read *rd, const vg_args *args, vg_err *err)
{
    const vg_str site = vg_arg_str(args, "id");
    item v[ITEMS_MAX] = {0};
    size_t n = 0;
    int64_t known = 0;
    VG_TRY(vg_one_i64(rd->db, "SELECT 1 FROM v_site WHERE id = ?", VG_VALS(vg_t(site)), 0, &known,
                      err));
    if (!known) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(site));
    }
    VG_TRY(look_records(rd, site, v, &n, err));
    VG_TRY(look_headings(rd, site, v, &n, err));
    for (size_t i = 0; i < n; i++) {
        v[i].verdict = dossier_judge(&v[i].want, &v[i].have);
    }
    write_all(&rd->out, site, v, n);
    return VG_OK;
}
