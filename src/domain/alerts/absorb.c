// SPDX-License-Identifier: Apache-2.0
// One happening, one alert. A sequence rule and the rules of its single steps see the same events, so:
// - a finding whose events an open alert of the same site already cites (or that is one more of the same kind
//   in that alert's zone, or a lesser sign there that points to no situation of its own), and that is no
//   graver, becomes more of that alert;
// - a new alert takes over the open alerts all of whose events it cites itself and that are no graver: they
//   close by themselves, naming it, and count in no rule's record.
// Another kind of sign, or a graver one, always stands as an alert of its own.
#include "domain/alerts/alerts.h"

enum { OPEN_MAX = 64, SEQS_MAX = 256 };

typedef struct seq_set {
    int64_t v[SEQS_MAX];
    size_t n;
} seq_set;

static bool has(const seq_set *s, int64_t seq)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->v[i] == seq) {
            return true;
        }
    }
    return false;
}

static void add(seq_set *s, int64_t seq)
{
    if (seq > 0 && s->n < SEQS_MAX) {
        s->v[s->n++] = seq;
    }
}

static void read_seqs(vg_str array, seq_set *ret)
{
    size_t at = 0;
    vg_str item;
    int64_t seq;
    *ret = (seq_set){0};
    while (array.n > 2 && vg_js_each(array, &at, NULL, &item)) {
        if (vg_str_i64(item, 1, INT64_MAX, &seq, NULL) == VG_OK) {
            add(ret, seq);
        }
    }
}

// The events an alert cites, and whether `kind` is among them.
static bool read_evidence(vg_arena *a, vg_str evidence, vg_str kind, seq_set *ret)
{
    size_t at = 0;
    vg_str item;
    bool same_kind = false;
    *ret = (seq_set){0};
    while (evidence.n > 2 && vg_js_each(evidence, &at, NULL, &item)) {
        add(ret, vg_js_i64(item, "seq", 0));
        same_kind = same_kind || (kind.n && vg_str_eq(vg_js_str(a, item, "kind"), kind));
    }
    return same_kind;
}

static bool subset(const seq_set *a, const seq_set *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (!has(b, a->v[i])) {
            return false;
        }
    }
    return a->n > 0;
}

static vg_status open_others(vg_cx *cx, const vg_args *args, vg_rows **ret, vg_err *err)
{
    return vg_rows_open(
        cx->db,
        "SELECT id, last_seq, label, rank, evidence, evidence_n, zone, number FROM alert"
        " WHERE site = ? AND rule <> ? AND test = ? AND world = ? AND cleared_at IS NULL"
        " AND state IN ('open', 'acknowledged') ORDER BY at DESC LIMIT 64",
        VG_VALS(vg_t(vg_arg_str(args, "site")), vg_t(vg_arg_str(args, "rule")),
                vg_i(vg_arg_i64(args, "test", 0)), vg_i(cx->world)),
        ret, err);
}

static void take_row(vg_rows *r, alerts_open *ret)
{
    snprintf(ret->id, sizeof ret->id, "%.*s", VG_FMT(vg_row_str(r, 0)));
    ret->last_seq = vg_row_i64(r, 1);
    ret->label = (int32_t)vg_row_i64(r, 2);
}

vg_status alerts_covering(vg_cx *cx, const vg_args *args, alerts_open *ret, bool *ret_found,
                          vg_err *err)
{
    vg_rows *r;
    seq_set mine, theirs;
    const vg_str zone = vg_arg_str(args, "zone");
    const int64_t rank = vg_arg_i64(args, "level", 0);
    read_seqs(vg_arg_str(args, "seqs"), &mine);
    *ret_found = false;
    VG_TRY(open_others(cx, args, &r, err));
    while (!*ret_found && vg_rows_next(r)) {
        const bool same_kind =
            read_evidence(cx->arena, vg_row_str(r, 4), vg_arg_str(args, "kind"), &theirs);
        const bool several = theirs.n > 1;  // only an alert that joins signs covers a single one
        const bool here = zone.n && vg_str_eq(zone, vg_row_str(r, 6));
        const bool lesser = rank < vg_row_i64(r, 3) && vg_arg_str(args, "situation").n == 0;
        const bool joins = subset(&mine, &theirs) || (here && (same_kind || lesser));
        *ret_found = several && rank <= vg_row_i64(r, 3) && joins;
        if (*ret_found) {
            take_row(r, ret);
            ret->joined = true;
        }
    }
    return vg_rows_close(r, err);
}

vg_status alerts_absorb(vg_cx *cx, const vg_args *args, const char *into, const char *into_number,
                        vg_err *err)
{
    vg_rows *r;
    seq_set mine, theirs;
    alerts_open list[OPEN_MAX];
    size_t n = 0;
    const int64_t rank = vg_arg_i64(args, "level", 0);
    read_seqs(vg_arg_str(args, "seqs"), &mine);
    if (mine.n < 2) {
        return VG_OK;
    }
    VG_TRY(open_others(cx, args, &r, err));
    while (n < OPEN_MAX && vg_rows_next(r)) {
        (void)read_evidence(cx->arena, vg_row_str(r, 4), (vg_str){0}, &theirs);
        const bool whole =
            (int64_t)theirs.n == vg_row_i64(r, 5);  // nothing left out of its evidence
        if (whole && vg_row_i64(r, 3) <= rank && subset(&theirs, &mine)) {
            take_row(r, &list[n++]);
        }
    }
    VG_TRY(vg_rows_close(r, err));
    const char *site = vg_str_z(cx->arena, vg_arg_str(args, "site"));
    for (size_t i = 0; i < n; i++) {
        vg_body(cx);
        vg_jw_kz(&cx->body, "into", into);
        vg_jw_kz(&cx->body, "number", into_number);
        VG_TRY(vg_say(cx, &(vg_saying){"alerts.absorbed", site, list[i].id, list[i].label}, err));
    }
    return VG_OK;
}

VG_FOLDER(alerts_on_absorbed)
{
    VG_TRY(alerts_count(ap, e->subject, -1, err));
    VG_TRY(vg_put(
        ap, e,
        "UPDATE alert SET state = 'closed', absorbed_into = ?, absorbed_number = ?, closed_at = ?"
        " WHERE id = ?",
        "into number @at @subject", err));
    return alerts_count(ap, e->subject, 1, err);
}
