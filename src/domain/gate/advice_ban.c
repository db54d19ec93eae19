// SPDX-License-Identifier: Apache-2.0
// Is he on the ban list? The number of his paper first, in the table itself; then the names, scored, in the list in
// memory (domain/banlist.h). Every hit is checked in the table: in force at this moment, for this site or for all sites of
// its host. A hit asks and never stops: the guard sees who it may be and why, decides, and says why he did. Where the list
// cannot be asked the gate says that nobody looked.
#include "domain/gate/advice_impl.h"

#include "core/core.h"
#include "domain/banlist.h"

typedef struct who {
    vg_str name;
    int born;
    const unsigned char *key;  // of a paper, NULL: none
    uint8_t doc_kind;
} who;

static gate_ban *keep(gate_advice *a, vg_str id)
{
    for (size_t i = 0; i < a->n_bans; i++) {
        if (vg_str_eqc(id, a->ban[i].id)) {
            return &a->ban[i];
        }
    }
    if (a->n_bans == GATE_BANS_MAX) {
        return NULL;
    }
    gate_ban *b = &a->ban[a->n_bans++];
    *b = (gate_ban){0};
    snprintf(b->id, sizeof b->id, "%.*s", VG_FMT(id));
    return b;
}

// What counts here and now.
static vg_status counts(gate_asking *q, const char *id, bool *ret, vg_err *err)
{
    int64_t yes = 0;
    VG_TRY(vg_one_i64(q->cx->db,
                      "SELECT 1 FROM ban_entry WHERE id = ? AND state = 'in_force' AND expires > ?"
                      " AND world = ? AND (site = ? OR (site IS NULL AND agency = ?))",
                      VG_VALS(vg_z(id), vg_i(q->cx->now_us), vg_i(q->cx->world), vg_z(q->at->site),
                              vg_z(q->at->agency)),
                      0, &yes, err));
    *ret = yes != 0;
    return VG_OK;
}

static vg_status by_paper(gate_asking *q, const who *w, vg_err *err)
{
    vg_rows *r;
    if (!w->key) {
        return VG_OK;
    }
    VG_TRY(vg_rows_open(q->cx->db,
                        "SELECT e.id FROM ban_card c JOIN ban_entry e ON e.id = c.entry WHERE"
                        " c.doc_key = ? AND e.state = 'in_force' AND e.expires > ? AND e.world = ?"
                        " AND (e.site = ? OR (e.site IS NULL AND e.agency = ?)) ORDER BY e.at,"
                        " e.id",
                        VG_VALS(vg_b(w->key, 32), vg_i(q->cx->now_us), vg_i(q->cx->world),
                                vg_z(q->at->site), vg_z(q->at->agency)),
                        &r, err));
    while (vg_rows_next(r)) {
        gate_ban *b = keep(q->a, vg_row_str(r, 0));
        if (b) {
            b->why |= VG_MATCH_DOC_SAME;
            b->score = b->score > 40 ? b->score : 40;
        }
    }
    return vg_rows_close(r, err);
}

static vg_status by_name(gate_asking *q, vg_bans *bans, const who *w, const char *scope,
                         vg_err *err)
{
    vg_match_candidate hits[VG_BAN_HITS];
    vg_match_doc doc = {.kind = w->doc_kind};
    if (w->key) {
        memcpy(doc.hash, w->key, sizeof doc.hash);
    }
    const vg_match_query query = {w->name, w->born, w->key ? &doc : NULL};
    const size_t n = vg_banlist_find(bans->list, scope, &query, hits);
    for (size_t i = 0; i < n; i++) {
        bool here = false;
        if (hits[i].advice != VG_MATCH_ASK) {
            continue;
        }
        VG_TRY(counts(q, hits[i].ref, &here, err));
        gate_ban *b = here ? keep(q->a, vg_str_c(hits[i].ref)) : NULL;
        if (b) {
            b->why |= hits[i].why;
            b->score = b->score > hits[i].score ? b->score : hits[i].score;
        }
    }
    return VG_OK;
}

static vg_status ask_about(gate_asking *q, const who *w, vg_err *err)
{
    vg_bans *bans = vg_core_state(q->cx->core, "bans");
    VG_TRY(by_paper(q, w, err));
    if (!bans || bans->unsure) {
        gate_reason_add(q->a, GATE_ASK, "ban_unchecked", (vg_str){0});
        return VG_OK;
    }
    VG_TRY(by_name(q, bans, w, q->at->site, err));
    return by_name(q, bans, w, q->at->agency, err);
}

static vg_status say_hits(gate_asking *q, vg_err *err)
{
    vg_str numbers = {0}, c[1];
    bool paper = false;
    for (size_t i = 0; i < q->a->n_bans; i++) {
        VG_TRY(vg_look(q->cx, "SELECT number FROM ban_entry WHERE id = ?",
                       vg_str_c(q->a->ban[i].id), c, 1, err));
        numbers =
            vg_str_f(q->cx->arena, "%.*s%s%.*s", VG_FMT(numbers), i ? ", " : "", VG_FMT(c[0]));
        paper = paper || (q->a->ban[i].why & VG_MATCH_DOC_SAME) != 0;
    }
    if (q->a->n_bans) {
        gate_reason_add(q->a, GATE_ASK, paper ? "ban_paper" : "ban_name", numbers);
    }
    return VG_OK;
}

// Those of the house have come every day under their name: of them only the number of a paper counts, which mistakes
// nobody. A paper that is shown is always asked about.
vg_status gate_check_ban(gate_asking *q, vg_err *err)
{
    vg_str c[5] = {0};
    const bool guest = q->a->found && (vg_str_eqc(q->a->holder.kind, "visitor") ||
                                       vg_str_eqc(q->a->holder.kind, "contractor"));
    if (q->a->found && vg_look(q->cx,
                               "SELECT name, born, doc_key, doc_kind, doc_last FROM gate_card WHERE"
                               " holder = ?",
                               vg_str_c(q->a->holder.id), c, 5, NULL) == VG_OK) {
        const who w = {c[0], (int)vg_int(c[1]), c[2].n == 32 ? (const unsigned char *)c[2].p : NULL,
                       vg_ban_doc_kind(c[3], (vg_str){0})};
        VG_TRY(guest ? ask_about(q, &w, err) : by_paper(q, &w, err));
    }
    if (q->scan) {
        const who w = {q->scan->name, q->scan->born, q->paper->hash,
                       vg_ban_doc_kind(vg_str_c(q->scan->kind), q->scan->number)};
        VG_TRY(ask_about(q, &w, err));
    }
    return say_hits(q, err);
}

// --- shown ------------------------------------------------------------------------------------------
static void why_json(uint32_t why, vg_jw *w)
{
    vg_jw_key(w, "why");
    vg_jw_open(w, '[');
    for (int bit = 0; vg_match_why_name(bit); bit++) {
        if (why & (1U << bit)) {
            vg_jw_str(w, vg_str_c(vg_match_why_name(bit)));
        }
    }
    vg_jw_close(w, ']');
}

static vg_status ban_json(vg_cx *cx, const gate_ban *b, vg_err *err)
{
    vg_str c[7];
    vg_jw *w = &cx->reply;
    VG_TRY(
        vg_look(cx,
                "SELECT e.number, e.reason, e.expires, c.name, c.born, c.doc_kind, c.doc_last FROM"
                " ban_entry e JOIN ban_card c ON c.entry = e.id WHERE e.id = ?",
                vg_str_c(b->id), c, 7, err));
    vg_jw_open(w, '{');
    vg_jw_kz(w, "id", b->id);
    vg_jw_kstr(w, "number", c[0]);
    vg_jw_kstr(w, "reason", c[1]);
    vg_jw_ktime(w, "expires", vg_int(c[2]));
    vg_jw_kstr(w, "name", c[3]);
    vg_jw_ki64(w, "born", vg_int(c[4]));
    vg_jw_kstr(w, "doc_kind", c[5]);
    vg_jw_kstr(w, "doc_last", c[6]);
    vg_jw_ki64(w, "score", (int64_t)(b->score + 0.5));
    why_json(b->why, w);
    vg_jw_close(w, '}');
    return VG_OK;
}

vg_status gate_bans_json(vg_cx *cx, const gate_advice *a, vg_err *err)
{
    vg_jw_key(&cx->reply, "bans");
    vg_jw_open(&cx->reply, '[');
    for (size_t i = 0; i < a->n_bans; i++) {
        VG_TRY(ban_json(cx, &a->ban[i], err));
    }
    vg_jw_close(&cx->reply, ']');
    return VG_OK;
}
