// SPDX-License-Identifier: Apache-2.0
// Drawing a regulation up. The holder drafts it alone and may write it anew until he offers it; then every party gets
// its copy, and nothing in it changes any more. Clauses come as a list of objects, each checked like the arguments of a
// command; a clause names who gives, who takes, what, where, up to which secrecy, and when. What and up to which secrecy
// may go by one name, which opens that compartment and nothing narrower (ADR 0019).
#include "domain/coord/coord.h"

#include "base/clock.h"

#include <jansson.h>

// What a regulation may open. Persons and reporters never; shared and capability need none.
const char *const coord_compartments[] = {"force",         "means",    "measures",
                                          "vulnerability", "movement", NULL};
static const char *const views[] = {"sensors", "posts", "forces", "weak_points", NULL};
static const struct {
    const char *compartment;
    vg_secrecy ceiling;
} view_opens[] = {{"means", VG_S_NORMAL},
                  {"measures", VG_S_NORMAL},
                  {"force", VG_S_NORMAL},
                  {"vulnerability", VG_S_NORMAL}};
static const char *const conditions[] = {"always", "incident", "period", "posture", NULL};

#define CONTENT                                                                                    \
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 60}, {"title", VG_F_TEXT, VG_REQUIRED, .max = 200},  \
        {"note", VG_F_TEXT, .max = 4000}, {"parties", VG_F_JSON, VG_REQUIRED, .max = 2048},        \
        {"clauses", VG_F_JSON, VG_REQUIRED, .max = 65536}, {"valid_from", VG_F_TIME, VG_REQUIRED}, \
        {"valid_until", VG_F_TIME, VG_REQUIRED}, {"signed", VG_F_TIME},                            \
        {"signer", VG_F_TEXT, .max = 200}, {"paper_number", VG_F_TEXT, .max = 60},                 \
    {                                                                                              \
        "review_due", VG_F_TIME, VG_REQUIRED                                                       \
    }

const vg_field coord_draft_fields[] = {{"agency", VG_F_ID}, CONTENT, {NULL}};
const vg_field coord_redraft_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, CONTENT, {NULL}};
const vg_field coord_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};

static const vg_field clause_fields[] = {
    {"from", VG_F_ID, VG_REQUIRED},
    {"to", VG_F_ID, VG_REQUIRED},
    {"compartment", VG_F_ENUM, .values = coord_compartments},
    {"view", VG_F_ENUM, .values = views},  // in place of compartment and ceiling
    {"site", VG_F_ID},
    {"sites", VG_F_JSON, .max = 2048},  // several; not with site
    {"ceiling", VG_F_INT, .min = 0, .max = 3},
    {"condition", VG_F_ENUM, VG_REQUIRED, .values = conditions},
    {"situation", VG_F_TEXT, .max = 40},
    {"minutes", VG_F_INT, .min = 1, .max = 7 * 24 * 60},
    {"starts", VG_F_TIME},
    {"ends", VG_F_TIME},
    {"posture", VG_F_TEXT, .max = 40},
    {"event", VG_F_TEXT, .max = 120},
    {NULL},
};

// --- checking -----------------------------------------------------------------------------------
typedef struct content {
    const char *parties[COORD_PARTIES];
    size_t n_parties;
    vg_buf clauses;  // the checked list as it stands in the event
} content;

typedef struct sites_of {
    vg_str id[COORD_SITES + 1];
    size_t n;
} sites_of;

static vg_status known(vg_cx *cx, const char *sql, vg_str key, const char *field,
                       const char *complaint, vg_err *err)
{
    vg_str found;
    return vg_look(cx, sql, key, &found, 1, err) == VG_OK
               ? VG_OK
               : vg_fail(err, VG_EINVALID, field, complaint, "%.*s", VG_FMT(key));
}

static bool among(const content *c, vg_str agency)
{
    for (size_t i = 0; i < c->n_parties; i++) {
        if (vg_str_eqc(agency, c->parties[i])) {
            return true;
        }
    }
    return false;
}

static vg_status read_parties(vg_cx *cx, vg_str text, const char *holder, content *c, vg_err *err)
{
    json_t *list = json_loadb(text.p, text.n, 0, NULL);
    vg_status st = json_is_array(list)
                       ? VG_OK
                       : vg_fail(err, VG_EINVALID, "parties", "coord.parties", "%s", "");
    for (size_t i = 0; st == VG_OK && i < json_array_size(list); i++) {
        const char *z = json_string_value(json_array_get(list, i));
        const vg_str id = vg_str_dup(cx->arena, vg_str_c(z ? z : ""));
        if (c->n_parties == COORD_PARTIES || among(c, id)) {
            st = vg_fail(err, VG_EINVALID, "parties", "coord.parties", "%s", "");
            break;
        }
        st = known(cx, "SELECT id FROM agency WHERE id = ? AND state = 'active'", id, "parties",
                   "coord.no_agency", err);
        c->parties[c->n_parties++] = vg_str_z(cx->arena, id);
    }
    json_decref(list);
    VG_TRY(st);
    return c->n_parties >= 2 && among(c, vg_str_c(holder))
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "parties", "coord.parties", "%s", "");
}

// 0: the clause asks for no level.
static vg_status rank_of(vg_cx *cx, vg_str level, int64_t *ret, vg_err *err)
{
    return vg_one_i64(cx->db, "SELECT rank FROM posture_level WHERE code = ?", VG_VALS(vg_t(level)),
                      0, ret, err);
}

static vg_status posture_ok(vg_cx *cx, const vg_args *a, vg_err *err)
{
    int64_t rank = 0;
    const vg_str level = vg_arg_str(a, "posture");
    VG_TRY(rank_of(cx, level, &rank, err));
    if (level.n && rank <= 0) {  // the lowest level is every day's
        return vg_fail(err, VG_EINVALID, "posture", "coord.no_level", "%.*s", VG_FMT(level));
    }
    return level.n || vg_arg_str(a, "event").n
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "posture", "coord.no_posture", "%s", "");
}

static vg_status when_ok(vg_cx *cx, const vg_args *a, vg_err *err)
{
    const vg_str condition = vg_arg_str(a, "condition");
    if (vg_str_eqc(condition, "incident")) {
        VG_TRY(known(cx, "SELECT code FROM situation WHERE code = ?", vg_arg_str(a, "situation"),
                     "situation", "coord.no_situation", err));
        return vg_arg_has(a, "minutes")
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, "minutes", "coord.no_minutes", "%s", "");
    }
    if (vg_str_eqc(condition, "posture")) {
        return posture_ok(cx, a, err);
    }
    if (vg_str_eqc(condition, "period") &&
        (!vg_arg_has(a, "starts") ||
         vg_arg_i64(a, "ends", 0) <= vg_arg_i64(a, "starts", INT64_MAX))) {
        return vg_fail(err, VG_EINVALID, "ends", "coord.no_period", "%s", "");
    }
    return VG_OK;
}

// The sites a clause names, none twice; 0: everywhere.
static vg_status read_sites(vg_cx *cx, const vg_args *a, sites_of *ret, vg_err *err)
{
    ret->n = 0;
    if (vg_arg_has(a, "site")) {
        ret->id[ret->n++] = vg_arg_str(a, "site");
    }
    json_t *list = json_loadb(vg_arg_str(a, "sites").p, vg_arg_str(a, "sites").n, 0, NULL);
    const size_t n = json_array_size(list);
    bool good = !vg_arg_has(a, "sites") ||
                (json_is_array(list) && n && n <= COORD_SITES && !vg_arg_has(a, "site"));
    for (size_t i = 0; good && i < n; i++) {
        const char *z = json_string_value(json_array_get(list, i));
        const vg_str id = vg_str_dup(cx->arena, vg_str_c(z ? z : ""));
        for (size_t k = 0; good && k < ret->n; k++) {
            good = !vg_str_eq(ret->id[k], id);
        }
        ret->id[ret->n++] = id;
    }
    json_decref(list);
    if (!good) {
        return vg_fail(err, VG_EINVALID, "sites", "coord.sites", "%d", COORD_SITES);
    }
    for (size_t i = 0; i < ret->n; i++) {
        VG_TRY(vg_site_seen(cx, ret->id[i], vg_arg_has(a, "site") ? "site" : "sites",
                            "coord.no_site", err));
    }
    return VG_OK;
}

static vg_status clause_ok(vg_cx *cx, const content *c, const vg_args *a, vg_err *err)
{
    const vg_str from = vg_arg_str(a, "from"), to = vg_arg_str(a, "to");
    if (!among(c, from) || !among(c, to) || vg_str_eq(from, to)) {
        return vg_fail(err, VG_EINVALID, "clauses", "coord.clause_parties", "%s", "");
    }
    if (vg_arg_has(a, "view") ? vg_arg_has(a, "compartment") || vg_arg_has(a, "ceiling")
                              : !vg_arg_has(a, "compartment")) {
        return vg_fail(err, VG_EINVALID, "compartment", "coord.what", "%s", "");
    }
    return when_ok(cx, a, err);
}

static void say_sites(vg_jw *w, const sites_of *s)
{
    vg_jw_kstr(w, "site", s->n ? s->id[0] : vg_str_c(""));
    if (s->n < 2) {
        return;
    }
    vg_jw_key(w, "sites");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < s->n; i++) {
        vg_jw_str(w, s->id[i]);
    }
    vg_jw_close(w, ']');
}

static void say_what(vg_jw *w, const vg_args *a)
{
    const int64_t view = vg_arg_i64(a, "view", -1);
    if (view < 0) {
        vg_jw_kstr(w, "compartment", vg_arg_str(a, "compartment"));
        vg_jw_ki64(w, "ceiling", vg_arg_i64(a, "ceiling", 0));
        return;
    }
    vg_jw_kz(w, "view", views[view]);
    vg_jw_kz(w, "compartment", view_opens[view].compartment);
    vg_jw_ki64(w, "ceiling", view_opens[view].ceiling);
}

static void say_clause(vg_jw *w, const vg_args *a, size_t n, int64_t rank, const sites_of *sites)
{
    vg_jw_open(w, '{');
    vg_jw_ki64(w, "n", (int64_t)n);
    vg_jw_kstr(w, "giver", vg_arg_str(a, "from"));
    vg_jw_kstr(w, "taker", vg_arg_str(a, "to"));
    say_what(w, a);
    say_sites(w, sites);
    vg_jw_kstr(w, "condition", vg_arg_str(a, "condition"));
    vg_jw_kstr(w, "situation", vg_arg_str(a, "situation"));
    vg_jw_ki64(w, "minutes", vg_arg_i64(a, "minutes", 0));
    vg_jw_ki64(w, "starts", vg_arg_i64(a, "starts", 0));
    vg_jw_ki64(w, "ends", vg_arg_i64(a, "ends", 0));
    if (vg_str_eqc(vg_arg_str(a, "condition"), "posture")) {
        vg_jw_kstr(w, "posture", vg_arg_str(a, "posture"));
        vg_jw_ki64(w, "rank", rank);
        vg_jw_kstr(w, "event", vg_arg_str(a, "event"));
    }
    vg_jw_close(w, '}');
}

static vg_status read_clauses(vg_cx *cx, vg_str text, content *c, vg_err *err)
{
    vg_jw w = vg_jw_on(&c->clauses);
    json_t *list = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    const size_t n = json_array_size(list);
    vg_status st = json_is_array(list) && n && n <= COORD_CLAUSES
                       ? VG_OK
                       : vg_fail(err, VG_EINVALID, "clauses", "coord.clauses", "%d", COORD_CLAUSES);
    vg_jw_open(&w, '[');
    for (size_t i = 0; st == VG_OK && i < n; i++) {
        vg_args a;
        int64_t rank = 0;
        sites_of sites;
        st = vg_args_parse(cx->arena, clause_fields, json_array_get(list, i), &a, err);
        st = st == VG_OK ? clause_ok(cx, c, &a, err) : st;
        st = st == VG_OK ? read_sites(cx, &a, &sites, err) : st;
        st = st == VG_OK ? rank_of(cx, vg_arg_str(&a, "posture"), &rank, err) : st;
        if (st == VG_OK) {
            say_clause(&w, &a, i + 1, rank, &sites);
        }
    }
    vg_jw_close(&w, ']');
    json_decref(list);
    return st;
}

static vg_status dates_ok(const vg_args *args, int64_t now_us, vg_err *err)
{
    const int64_t from = vg_arg_i64(args, "valid_from", 0),
                  until = vg_arg_i64(args, "valid_until", 0),
                  review = vg_arg_i64(args, "review_due", 0);
    if (until <= from || until <= now_us) {
        return vg_fail(err, VG_EINVALID, "valid_until", "coord.dates", "%s", "");
    }
    if (vg_arg_i64(args, "signed", 0) > now_us) {
        return vg_fail(err, VG_EINVALID, "signed", "coord.signed", "%s", "");
    }
    return review > now_us && review <= until
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "review_due", "coord.review_date", "%s", "");
}

// --- drafting -----------------------------------------------------------------------------------
static vg_status say_draft(vg_cx *cx, const vg_args *args, const coord_copy *copy, content *c,
                           vg_err *err)
{
    VG_TRY(dates_ok(args, cx->now_us, err));
    VG_TRY(read_parties(cx, vg_arg_str(args, "parties"), copy->holder, c, err));
    VG_TRY(read_clauses(cx, vg_arg_str(args, "clauses"), c, err));
    vg_body(cx);
    vg_body_args(cx, args, "agency clauses");
    vg_jw_kz(&cx->body, "document", copy->document);
    vg_jw_kz(&cx->body, "agency", copy->agency);
    vg_jw_kz(&cx->body, "holder", copy->holder);
    vg_jw_kz(&cx->body, "state", "draft");
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_kraw(&cx->body, "clauses", vg_buf_str(&c->clauses));
    VG_TRY(vg_say(cx, &(vg_saying){"coord.drafted", "", copy->id, copy->label}, err));
    vg_jw_kz(&cx->reply, "id", copy->id);
    return VG_OK;
}

static vg_status draft_it(vg_cx *cx, const vg_args *args, const coord_copy *copy, vg_err *err)
{
    content c = {0};
    vg_buf_init(&c.clauses, 1 << 17);
    const vg_status st = say_draft(cx, args, copy, &c, err);
    vg_buf_done(&c.clauses);
    return st;
}

VG_HANDLER(coord_draft)
{
    coord_copy copy = {0};
    char id[VG_ID_TEXT], document[VG_ID_TEXT];
    VG_TRY(coord_agency(cx, args, &copy.agency, err));
    VG_TRY(vg_label_of(cx, copy.agency, VG_C_COORD, "", VG_S_NORMAL, &copy.label, err));
    vg_new_id(cx, id);
    vg_new_id(cx, document);
    copy.id = id;
    copy.document = document;
    copy.holder = copy.agency;
    return draft_it(cx, args, &copy, err);
}

static vg_status draft_at(vg_cx *cx, const vg_args *args, coord_copy *ret, vg_err *err)
{
    VG_TRY(coord_copy_at(cx, vg_arg_str(args, "id"), ret, err));
    return vg_str_eqc(ret->state, "draft")
               ? VG_OK
               : vg_fail(err, VG_ECONFLICT, "id", "coord.not_draft", "%.*s", VG_FMT(ret->number));
}

VG_HANDLER(coord_redraft)
{
    coord_copy copy;
    VG_TRY(draft_at(cx, args, &copy, err));
    return draft_it(cx, args, &copy, err);
}

// --- offering -----------------------------------------------------------------------------------
typedef struct paper {  // the draft as it stands
    vg_str number, title, note;
    int64_t valid_from, valid_until, review_due;
    vg_str parties, clauses;  // JSON
    vg_str signer, number_signed;
    int64_t signed_us;  // 0: not told
} paper;

static vg_status read_paper(vg_cx *cx, const char *id, paper *ret, vg_err *err)
{
    vg_str c[11];
    VG_TRY(vg_look(
        cx,
        "SELECT number, title, COALESCE(note, ''), valid_from, valid_until, review_due,"
        " (SELECT json_group_array(party) FROM regulation_party WHERE regulation = r.id),"
        " (SELECT json_group_array(json_object('n', n, 'giver', giver, 'taker', taker,"
        " 'view', named, 'compartment', compartment, 'site', site, 'ceiling', ceiling, "
        "'condition', condition,"
        " 'situation', COALESCE(situation, ''), 'minutes', minutes, 'sites', json((SELECT"
        " json_group_array(site) FROM (SELECT site FROM clause_site WHERE clause = c.id ORDER BY "
        "n))),"
        " 'starts', starts, 'ends',"
        " ends, 'posture', posture, 'rank', rank, 'event', event))"
        " FROM (SELECT * FROM clause WHERE regulation = r.id ORDER BY n) c), COALESCE(signer, ''),"
        " COALESCE(paper_number, ''), COALESCE(signed, 0) FROM regulation r WHERE id = ?",
        vg_str_c(id), c, 11, err));
    *ret = (paper){c[0], c[1], c[2], vg_int(c[3]), vg_int(c[4]), vg_int(c[5]),
                   c[6], c[7], c[8], c[9],         vg_int(c[10])};
    return VG_OK;
}

static vg_status hand_copy(vg_cx *cx, const coord_copy *draft, const paper *p, const char *party,
                           vg_err *err)
{
    char id[VG_ID_TEXT];
    int32_t label = 0;
    const bool holder = strcmp(party, draft->holder) == 0;
    VG_TRY(vg_label_of(cx, party, VG_C_COORD, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "document", draft->document);
    vg_jw_kz(&cx->body, "agency", party);
    vg_jw_kz(&cx->body, "holder", draft->holder);
    vg_jw_kz(&cx->body, "state", "offered");
    vg_jw_kstr(&cx->body, "number", p->number);
    vg_jw_kstr(&cx->body, "title", p->title);
    vg_jw_kstr(&cx->body, "note", p->note);
    vg_jw_ki64(&cx->body, "valid_from", p->valid_from);
    vg_jw_ki64(&cx->body, "valid_until", p->valid_until);
    vg_jw_ki64(&cx->body, "review_due", p->review_due);
    if (p->signed_us) {
        vg_jw_ki64(&cx->body, "signed", p->signed_us);
    }
    vg_jw_kstr(&cx->body, "signer", p->signer);
    vg_jw_kstr(&cx->body, "paper_number", p->number_signed);
    vg_jw_kraw(&cx->body, "parties", p->parties);
    vg_jw_kraw(&cx->body, "clauses", p->clauses);
    return vg_say(cx, &(vg_saying){"coord.offered", "", holder ? draft->id : id, label}, err);
}

VG_HANDLER(coord_offer)
{
    coord_copy draft;
    paper p;
    size_t at = 0;
    vg_str party;
    VG_TRY(draft_at(cx, args, &draft, err));
    VG_TRY(read_paper(cx, draft.id, &p, err));
    vg_jw_kz(&cx->reply, "id", draft.id);
    while (vg_js_each(p.parties, &at, NULL, &party)) {
        const char *z = vg_str_z(cx->arena, vg_js_decode(cx->arena, party));
        VG_TRY(hand_copy(cx, &draft, &p, z, err));
    }
    return VG_OK;
}

// --- folding ------------------------------------------------------------------------------------
static vg_status fold_party(vg_apply *ap, const vg_event *e, vg_str party, vg_err *err)
{
    return vg_exec(
        ap->db,
        "INSERT INTO regulation_party (id, regulation, party, at, label, world)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        VG_VALS(vg_t(vg_str_f(ap->arena, "%.*s.%.*s", VG_FMT(e->subject), VG_FMT(party))),
                vg_t(e->subject), vg_t(party), vg_i(e->recorded_us), vg_i(e->label),
                vg_i(e->world)),
        err);
}

static vg_status fold_sites(vg_apply *ap, const vg_event *e, vg_str c, vg_str clause, vg_err *err)
{
    vg_str list, one;
    size_t at = 0;
    int64_t n = 0;
    if (!vg_js_find(c, "sites", &list)) {
        return VG_OK;
    }
    while (vg_js_each(list, &at, NULL, &one)) {
        n++;
        VG_TRY(vg_exec(ap->db,
                       "INSERT INTO clause_site (id, regulation, clause, n, site, at, label, world)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                       VG_VALS(vg_t(vg_str_f(ap->arena, "%.*s.%lld", VG_FMT(clause), (long long)n)),
                               vg_t(e->subject), vg_t(clause), vg_i(n),
                               vg_t(vg_js_decode(ap->arena, one)), vg_i(e->recorded_us),
                               vg_i(e->label), vg_i(e->world)),
                       err));
    }
    return VG_OK;
}

static vg_status fold_clause(vg_apply *ap, const vg_event *e, vg_str c, vg_err *err)
{
    const int64_t n = vg_js_i64(c, "n", 0);
    vg_arena *a = ap->arena;
    const vg_str id = vg_str_f(a, "%.*s.%lld", VG_FMT(e->subject), (long long)n);
    VG_TRY(fold_sites(ap, e, c, id, err));
    return vg_exec(
        ap->db,
        "INSERT INTO clause (id, regulation, n, giver, taker, compartment, site, "
        "ceiling, condition,"
        " situation, minutes, starts, ends, posture, rank, event, named, at, label, world)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        VG_VALS(vg_t(id), vg_t(e->subject), vg_i(n), vg_t(vg_js_str(a, c, "giver")),
                vg_t(vg_js_str(a, c, "taker")), vg_t(vg_js_str(a, c, "compartment")),
                vg_t(vg_js_str(a, c, "site")), vg_i(vg_js_i64(c, "ceiling", 0)),
                vg_t(vg_js_str(a, c, "condition")), vg_t(vg_js_str(a, c, "situation")),
                vg_i(vg_js_i64(c, "minutes", 0)), vg_i(vg_js_i64(c, "starts", 0)),
                vg_i(vg_js_i64(c, "ends", 0)), vg_t(vg_js_str(a, c, "posture")),
                vg_i(vg_js_i64(c, "rank", 0)), vg_t(vg_js_str(a, c, "event")),
                vg_t(vg_js_str(a, c, "view")), vg_i(e->recorded_us), vg_i(e->label),
                vg_i(e->world)),
        err);
}

// Of coord.drafted and coord.offered: the whole paper, in place of what this copy was.
VG_FOLDER(coord_on_drafted)
{
    vg_str list, one;
    size_t at = 0;
    VG_TRY(vg_put(ap, e, "DELETE FROM clause WHERE regulation = ?", "@subject", err));
    VG_TRY(vg_put(ap, e, "DELETE FROM clause_site WHERE regulation = ?", "@subject", err));
    VG_TRY(vg_put(ap, e,
                  "DELETE FROM regulation_party WHERE regulation = ? AND party NOT IN (SELECT value"
                  " FROM json_each(?))",
                  "@subject parties", err));
    VG_TRY(vg_put(
        ap, e,
        "INSERT INTO regulation (id, document, agency, holder, number, title, note, valid_from,"
        " valid_until, review_due, signed, signer, paper_number, state, drafted_by, at, label,"
        " world)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, ''), NULLIF(?, ''), ?, ?, ?, ?, ?) ON "
        "CONFLICT (id) DO UPDATE SET number = excluded.number,"
        " title = excluded.title, note = excluded.note, valid_from = excluded.valid_from,"
        " valid_until = excluded.valid_until, review_due = excluded.review_due,"
        " signed = excluded.signed, signer = excluded.signer, paper_number = excluded.paper_number,"
        " state = excluded.state, drafted_by = COALESCE(excluded.drafted_by, drafted_by)",
        "@subject document agency holder number title note valid_from valid_until review_due"
        " signed signer paper_number state by"
        " @at @label @world",
        err));
    if (vg_js_find(e->body, "parties", &list)) {
        while (vg_js_each(list, &at, NULL, &one)) {
            VG_TRY(fold_party(ap, e, vg_js_decode(ap->arena, one), err));
        }
    }
    at = 0;
    if (vg_js_find(e->body, "clauses", &list)) {
        while (vg_js_each(list, &at, NULL, &one)) {
            VG_TRY(fold_clause(ap, e, one, err));
        }
    }
    return VG_OK;
}
