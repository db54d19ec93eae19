// SPDX-License-Identifier: Apache-2.0
// Access rules: who may pass where and when, as data in the one expression language. A rule tells of what is not in order
// ("holder.class = 'truck' and not (time >= 06:00 and time < 22:00)"), and whether that is asked about or stops. The same
// rules judge who stands at the gate now and a log that was brought in from elsewhere. What is unknown is no violation.
#include "domain/gate/rule.h"

static const char *const kinds[] = {"staff", "visitor", "contractor", "vehicle", NULL};

enum { N_KIND, N_CLASS, N_POINT, N_AREA, N_FROM, N_WAY };
static const vg_xname names[] = {
    {.name = "holder.kind", .type = VG_X_TEXT, .words = kinds, .id = N_KIND},
    {.name = "holder.class", .type = VG_X_TEXT, .id = N_CLASS},
    {.name = "point", .type = VG_X_TEXT, .id = N_POINT},
    {.name = "area", .type = VG_X_TEXT, .id = N_AREA},
    {.name = "from", .type = VG_X_TEXT, .id = N_FROM},
    {.name = "way", .type = VG_X_TEXT, .words = gate_ways, .id = N_WAY},
};
static const vg_xschema schema = {.names = names, .n = VG_LEN(names)};

static vg_xvalue text_of(vg_str s)
{
    return s.p ? vg_x_text(s) : vg_x_unknown(VG_X_TEXT);
}

static vg_xvalue get(void *ctx, const vg_xname *name, vg_str key)
{
    const gate_case *c = ctx;
    const vg_str v[] = {[N_KIND] = c->kind, [N_CLASS] = c->class, [N_POINT] = c->point,
                        [N_AREA] = c->area, [N_FROM] = c->from,   [N_WAY] = c->way};
    (void)key;
    return text_of(v[name->id]);
}

vg_status gate_rule_compile(vg_arena *a, vg_str text, const vg_expr **ret, vg_err *err)
{
    return vg_expr_compile(a, &schema, text, NULL, ret, err);
}

bool gate_rule_holds(const vg_expr *x, const gate_case *c)
{
    gate_case copy = *c;
    const vg_xenv env = {.ctx = &copy, .now_us = c->at_us, .get = get};
    return vg_expr_ask(x, &env) == VG_TRUE;
}

// --- made and changed -----------------------------------------------------------------------------
static const char *const says[] = {"ask", "stop", NULL};
static const char *const states[] = {"active", "removed", NULL};

const vg_field gate_rule_add_fields[] = {
    {"site", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"condition", VG_F_TEXT, VG_REQUIRED, .max = 1000},
    {"say", VG_F_ENUM, VG_REQUIRED, .values = says},
    {NULL},
};
const vg_field gate_rule_update_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 120},
    {"condition", VG_F_TEXT, .max = 1000},
    {"say", VG_F_ENUM, .values = says},
    {"state", VG_F_ENUM, .values = states},
    {NULL},
};

static vg_status condition_ok(vg_cx *cx, const vg_args *args, vg_err *err)
{
    const vg_expr *x;
    return vg_arg_has(args, "condition")
               ? gate_rule_compile(cx->arena, vg_arg_str(args, "condition"), &x, err)
               : VG_OK;
}

VG_HANDLER(gate_rule_add)
{
    vg_site_ref site;
    char id[VG_ID_TEXT];
    int32_t label = 0;
    int64_t n = 0;
    VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "gate.edit", &site, err));
    VG_TRY(condition_ok(cx, args, err));
    VG_TRY(vg_one_i64(cx->db, "SELECT count(*) FROM gate_rule WHERE site = ? AND state = 'active'",
                      VG_VALS(vg_z(site.id)), 0, &n, err));
    if (n >= GATE_RULES_MAX) {
        return vg_fail(err, VG_ETOOBIG, "site", "gate.rules_many", "%d", GATE_RULES_MAX);
    }
    VG_TRY(vg_label_of(cx, site.agency, VG_C_GATE, site.id, VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_body_args(cx, args, "site");
    VG_TRY(vg_say(cx, &(vg_saying){"gate.rule_added", site.id, id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    return VG_OK;
}

VG_FOLDER(gate_on_rule_added)
{
    return vg_put(ap, e,
                  "INSERT INTO gate_rule (id, site, name, condition, say, at, label, world) VALUES"
                  " (?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject @site name condition say @at @label @world", err);
}

VG_HANDLER(gate_rule_update)
{
    vg_str c[2];
    vg_site_ref site;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT site, label FROM gate_rule WHERE id = ?", id, c, 2, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    VG_TRY(vg_site_at(cx, c[0], "gate.edit", &site, err));
    VG_TRY(condition_ok(cx, args, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, id);
    VG_TRY(vg_say(cx, &(vg_saying){"gate.rule_changed", site.id, subject, (int32_t)vg_int(c[1])},
                  err));
    vg_jw_kz(&cx->reply, "id", subject);
    return VG_OK;
}

// Before it is kept: its one canonical text, and in words what it is true of.
const vg_field gate_rule_check_fields[] = {
    {"condition", VG_F_TEXT, VG_REQUIRED, .max = 1000},
    {NULL},
};

VG_HANDLER(gate_rule_check)
{
    const vg_expr *x;
    vg_buf text, words;
    VG_TRY(gate_rule_compile(cx->arena, vg_arg_str(args, "condition"), &x, err));
    vg_buf_init(&text, 8192);
    vg_buf_init(&words, 8192);
    vg_expr_print(x, &text);
    vg_expr_say(x, cx->who->lang, &words);
    vg_jw_kstr(&cx->reply, "text", vg_buf_str(&text));
    vg_jw_kstr(&cx->reply, "words", vg_buf_str(&words));
    vg_buf_done(&text);
    vg_buf_done(&words);
    return VG_OK;
}

VG_FOLDER(gate_on_rule_changed)
{
    return vg_put(ap, e,
                  "UPDATE gate_rule SET name = COALESCE(?, name), condition = COALESCE(?,"
                  " condition), say = COALESCE(?, say), state = COALESCE(?, state) WHERE id = ?",
                  "name condition say state @subject", err);
}

// --- those of a site --------------------------------------------------------------------------------
vg_status gate_rules_load(vg_db *db, vg_arena *a, vg_str site, gate_rule *ret, size_t *ret_n,
                          vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    *ret_n = 0;
    VG_TRY(vg_rows_open(db,
                        "SELECT id, name, condition, say FROM gate_rule WHERE site = ? AND state ="
                        " 'active' ORDER BY at, id LIMIT ?",
                        VG_VALS(vg_t(site), vg_i(GATE_RULES_MAX)), &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        gate_rule *x = &ret[*ret_n];
        *x = (gate_rule){.id = vg_str_dup(a, vg_row_str(r, 0)),
                         .name = vg_str_dup(a, vg_row_str(r, 1)),
                         .stops = vg_str_eqc(vg_row_str(r, 3), "stop")};
        st = gate_rule_compile(a, vg_str_dup(a, vg_row_str(r, 2)), &x->condition, err);
        *ret_n += st == VG_OK;
    }
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}
