// SPDX-License-Identifier: Apache-2.0
// Acts, articles and terms: rows that are put whole, by the shipped edition or by a person at the node. A person's row
// takes the place of a shipped one and is not overwritten by the next edition. Nothing is deleted: what is no longer
// law gets a last day, because papers of that time still stand on it. A term of a new day is a new row.
#include "domain/law/law.h"

#include "domain/day.h"

static const char *const kinds[] = {"law",       "ordinance",  "decree",   "circular", "decision",
                                    "directive", "resolution", "standard", NULL};
static const char *const certainties[] = {"A", "A2", "B", "C", NULL};
static const char *const units[] = {"day",     "working_day", "month", "year",   "hour",  "person",
                                    "percent", "metre",       "post",  "second", "alarm", NULL};

const vg_field law_act_put_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"number", VG_F_TEXT, .max = 60},
    {"title_vi", VG_F_TEXT, VG_REQUIRED},
    {"title_en", VG_F_TEXT},
    {"about", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"issued", VG_F_TEXT, .max = 10},
    {"from", VG_F_TEXT, .max = 10},
    {"to", VG_F_TEXT, .max = 10},
    {"replaced_by", VG_F_TEXT, .max = 40},
    {"certainty", VG_F_ENUM, VG_REQUIRED, .values = certainties},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field law_article_put_fields[] = {
    {"id", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"number", VG_F_TEXT, .max = 20},
    {"heading", VG_F_TEXT, VG_REQUIRED},
    {"text", VG_F_TEXT, .max = 2000},
    {"from", VG_F_TEXT, .max = 10},
    {"to", VG_F_TEXT, .max = 10},
    {"certainty", VG_F_ENUM, VG_REQUIRED, .values = certainties},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};
const vg_field law_term_put_fields[] = {
    {"code", VG_F_TEXT, VG_REQUIRED, .max = 40},
    {"value", VG_F_INT, VG_REQUIRED, .min = 0, .max = 1000000},
    {"unit", VG_F_ENUM, VG_REQUIRED, .values = units},
    {"ref", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"from", VG_F_TEXT, .max = 10},
    {"to", VG_F_TEXT, .max = 10},
    {"certainty", VG_F_ENUM, VG_REQUIRED, .values = certainties},
    {"note", VG_F_TEXT, .max = 500},
    {NULL},
};

// Shipped only: what the console shows beside what.
static const vg_field basis_fields[] = {
    {"of", VG_F_TEXT, VG_REQUIRED, .max = 80},
    {"ref", VG_F_TEXT, .max = 60},
    {"term", VG_F_TEXT, .max = 40},
    {NULL},
};

static const struct {
    const char *kind;
    const vg_field *fields;
    const char *sql, *keys;  // the last four parameters are rank, origin, time and label
} TABLES[] = {
    {"acts", law_act_put_fields,
     "INSERT INTO law_act (code, kind, number, title_vi, title_en, about, issued, valid_from,"
     " valid_to, replaced_by, certainty, note, rank, origin, at, label)"
     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
     " ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, number = excluded.number,"
     " title_vi = excluded.title_vi, title_en = excluded.title_en, about = excluded.about,"
     " issued = excluded.issued, valid_from = excluded.valid_from, valid_to = excluded.valid_to,"
     " replaced_by = excluded.replaced_by, certainty = excluded.certainty, note = excluded.note,"
     " origin = excluded.origin, rank = excluded.rank"
     " WHERE law_act.origin = 'shipped' OR excluded.origin = 'own'",
     "code kind number title_vi title_en about issued from to replaced_by certainty note"},
    {"articles", law_article_put_fields,
     "INSERT INTO law_article (id, number, heading, text, valid_from, valid_to, certainty, note,"
     " act, rank, origin, at, label) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
     " substr(?1, 1, instr(?1, '/') - 1), ?9, ?10, ?11, ?12)"
     " ON CONFLICT (id) DO UPDATE SET number = excluded.number, heading = excluded.heading,"
     " text = excluded.text, valid_from = excluded.valid_from, valid_to = excluded.valid_to,"
     " certainty = excluded.certainty, note = excluded.note, origin = excluded.origin,"
     " rank = excluded.rank WHERE law_article.origin = 'shipped' OR excluded.origin = 'own'",
     "id number heading text from to certainty note"},
    {"terms", law_term_put_fields,
     "INSERT INTO law_term (code, value, unit, ref, valid_from, valid_to, certainty, note, id,"
     " rank, origin, at, label) VALUES (?1, ?2, ?3, ?4, COALESCE(?5, ''), ?6, ?7, ?8,"
     " ?1 || '@' || COALESCE(?5, ''), ?9, ?10, ?11, ?12)"
     " ON CONFLICT (id) DO UPDATE SET value = excluded.value, unit = excluded.unit,"
     " ref = excluded.ref, valid_to = excluded.valid_to, certainty = excluded.certainty,"
     " note = excluded.note, origin = excluded.origin, rank = excluded.rank"
     " WHERE law_term.origin = 'shipped' OR excluded.origin = 'own'",
     "code value unit ref from to certainty note"},
    {"bases", basis_fields,
     "INSERT INTO law_basis (thing, ref, term, id, rank, origin, at, label) VALUES (?1, ?2, ?3,"
     " ?1 || '@' || COALESCE(?2, ?3), ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING",
     "of ref term"},
};

static size_t table_of(const char *kind)
{
    size_t i = 0;
    while (strcmp(TABLES[i].kind, kind) != 0) {
        i++;
    }
    return i;
}

// --- checking -----------------------------------------------------------------------------------
static vg_status days_ordered(vg_str from, vg_str to, vg_err *err)
{
    int day;
    if (from.n) {
        VG_TRY(vg_day_parse(from, "from", &day, err));
    }
    if (to.n) {
        VG_TRY(vg_day_parse(to, "to", &day, err));
    }
    return from.n && to.n && memcmp(from.p, to.p, from.n) > 0
               ? vg_fail(err, VG_EINVALID, "to", "law.to_before_from", "%.*s", VG_FMT(to))
               : VG_OK;
}

vg_status law_check(const char *kind, const json_t *row, vg_err *err)
{
    vg_args got;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 16);
    VG_TRY(vg_args_parse(a, TABLES[table_of(kind)].fields, row, &got, err));
    if (strcmp(kind, "articles") == 0 &&
        !memchr(vg_arg_str(&got, "id").p, '/', vg_arg_str(&got, "id").n)) {
        return vg_fail(err, VG_EINVALID, "id", "law.article_id", "%.*s",
                       VG_FMT(vg_arg_str(&got, "id")));
    }
    if (strcmp(kind, "bases") == 0) {
        return vg_arg_has(&got, "ref") != vg_arg_has(&got, "term")
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, "ref", "law.ref_or_term", "%.*s",
                             VG_FMT(vg_arg_str(&got, "of")));
    }
    return days_ordered(vg_arg_str(&got, "from"), vg_arg_str(&got, "to"), err);
}

// --- folding ------------------------------------------------------------------------------------
vg_status law_fold(vg_apply *ap, const vg_event *e, const char *kind, vg_str row, int rank,
                   const char *origin, vg_err *err)
{
    const size_t t = table_of(kind);
    vg_val v[20];
    size_t n = 0;
    char word[32];
    for (const char *p = TABLES[t].keys; *p;) {
        const size_t len = strcspn(p, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, p);
        p += len + strspn(p + len, " ");
        const vg_str text = vg_js_str(ap->arena, row, word);
        const int64_t number = vg_js_i64(row, word, -1);
        v[n++] = text.n ? vg_t(text) : number >= 0 ? vg_i(number) : vg_nil();
    }
    v[n++] = vg_i(rank);
    v[n++] = vg_z(origin);
    v[n++] = vg_i(e->recorded_us);
    v[n++] = vg_i(e->label);
    return vg_exec(ap->db, TABLES[t].sql, v, n, err);
}

// --- a node's own entries -----------------------------------------------------------------------
static vg_status known(vg_cx *cx, vg_str ref, const char *field, vg_err *err)
{
    int64_t found = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM law_act WHERE code = ?1 UNION ALL"
                      " SELECT 1 FROM law_article WHERE id = ?1 LIMIT 1",
                      VG_VALS(vg_t(ref)), 0, &found, err));
    return found ? VG_OK : vg_fail(err, VG_EINVALID, field, "law.unknown_ref", "%.*s", VG_FMT(ref));
}

static vg_status put(vg_cx *cx, const vg_args *args, const char *kind, vg_str subject, vg_err *err)
{
    const bool article = strcmp(kind, "law.article_put") == 0;
    int32_t label = 0;
    VG_TRY(vg_require(cx, "law.edit", VG_EVERYWHERE, err));
    VG_TRY(days_ordered(vg_arg_str(args, "from"), vg_arg_str(args, "to"), err));
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    if (article) {  // vg_body_args leaves it to the subject
        vg_jw_kstr(&cx->body, "id", subject);
    }
    const char *name = vg_str_z(cx->arena, subject);
    VG_TRY(vg_say(cx, &(vg_saying){kind, "", name, label}, err));
    vg_jw_kz(&cx->reply, "id", name);
    return VG_OK;
}

VG_HANDLER(law_act_put)
{
    if (vg_arg_has(args, "replaced_by")) {
        VG_TRY(known(cx, vg_arg_str(args, "replaced_by"), "replaced_by", err));
    }
    return put(cx, args, "law.act_put", vg_arg_str(args, "code"), err);
}

VG_FOLDER(law_on_act_put)
{
    return law_fold(ap, e, "acts", e->body, 0, "own", err);
}

VG_HANDLER(law_article_put)
{
    const vg_str id = vg_arg_str(args, "id");
    const char *slash = memchr(id.p, '/', id.n);
    if (!slash) {
        return vg_fail(err, VG_EINVALID, "id", "law.article_id", "%.*s", VG_FMT(id));
    }
    VG_TRY(known(cx, (vg_str){id.p, (size_t)(slash - id.p)}, "id", err));
    return put(cx, args, "law.article_put", id, err);
}

VG_FOLDER(law_on_article_put)
{
    return law_fold(ap, e, "articles", e->body, 0, "own", err);
}

VG_HANDLER(law_term_put)
{
    VG_TRY(known(cx, vg_arg_str(args, "ref"), "ref", err));
    const vg_str id = vg_str_f(cx->arena, "%.*s@%.*s", VG_FMT(vg_arg_str(args, "code")),
                               VG_FMT(vg_arg_str(args, "from")));
    return put(cx, args, "law.term_put", id, err);
}

VG_FOLDER(law_on_term_put)
{
    return law_fold(ap, e, "terms", e->body, 0, "own", err);
}
