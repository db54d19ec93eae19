// SPDX-License-Identifier: Apache-2.0
// Tokens to a tree, by descent: or < and < not < comparison < sum. A comparison does not chain. The tree has
// at most NODES_MAX nodes and the text at most DEPTH_MAX levels of brackets and nots, so everything that walks
// it is bounded. Names and types are checked afterwards.
#include "expr/expr_impl.h"

static node *parse_or(reader *r);

static node *make(reader *r, node_kind kind, const token *at)
{
    node *n = r->n_nodes < NODES_MAX ? vg_arena_get(r->arena, sizeof *n) : NULL;
    if (!n) {
        expr_fail(r, at, at->text, "expr.err.too_long", NULL);
        return NULL;
    }
    r->n_nodes++;
    *n = (node){.kind = kind, .line = at->line, .column = at->column, .word = at->text};
    return n;
}

static node *make2(reader *r, node_kind kind, const token *at, node *a, node *b)
{
    node *n = a && b ? make(r, kind, at) : NULL;
    if (n) {
        n->a = a;
        n->b = b;
    }
    return n;
}

static bool is(const reader *r, token_kind kind, const char *text)
{
    return r->now.kind == kind && vg_str_eqc(r->now.text, text);
}

static bool accept(reader *r, token_kind kind, const char *text)
{
    const bool yes = is(r, kind, text);
    if (yes) {
        expr_next(r);
    }
    return yes;
}

static void want(reader *r, const char *sign)
{
    if (!accept(r, T_SIGN, sign)) {
        expr_fail(r, &r->now, r->now.text, "expr.err.want", sign);
    }
}

static bool enter(reader *r)
{
    if (++r->depth > DEPTH_MAX) {
        expr_fail(r, &r->now, r->now.text, "expr.err.too_deep", NULL);
    }
    return r->st == VG_OK;
}

// A literal, also written as a word (true, mon) or with a minus. False if there is none here.
static bool literal(reader *r, vg_xvalue *ret)
{
    const token at = r->now;
    if (at.kind == T_LITERAL) {
        *ret = at.value;
        expr_next(r);
        return true;
    }
    if (at.kind == T_WORD && (vg_str_eqc(at.text, "true") || vg_str_eqc(at.text, "false"))) {
        *ret = vg_x_bool(at.text.n == 4);
        expr_next(r);
        return true;
    }
    for (int64_t i = 0; at.kind == T_WORD && i < 7; i++) {
        if (vg_str_eqc(at.text, expr_days[i])) {
            *ret = vg_x_int(VG_X_DAY, i);
            expr_next(r);
            return true;
        }
    }
    if (!accept(r, T_SIGN, "-")) {
        return false;
    }
    if (r->now.kind == T_LITERAL && r->now.value.type == VG_X_NUMBER) {
        *ret = vg_x_number(-r->now.value.number);
    } else if (r->now.kind == T_LITERAL && r->now.value.type == VG_X_DURATION) {
        *ret = vg_x_int(VG_X_DURATION, -r->now.value.i);
    } else {
        expr_fail(r, &r->now, r->now.text, "expr.err.minus", NULL);
    }
    expr_next(r);
    return true;
}

static node *parse_sum(reader *r);

static node *parse_name(reader *r, node_kind kind)
{
    const token at = r->now;
    if (at.kind != T_WORD || expr_keyword(at.text)) {
        expr_fail(r, &at, at.text, "expr.err.want_name", NULL);
        return NULL;
    }
    node *n = make(r, kind, &at);
    expr_next(r);
    if (n && accept(r, T_SIGN, "[")) {
        if (enter(r)) {
            n->a = parse_sum(r);
            want(r, "]");
        }
        r->depth--;
    }
    return n;
}

static node *parse_item(reader *r)
{
    const token at = r->now;
    node *n = NULL;
    vg_xvalue v = {0};
    if (accept(r, T_SIGN, "(")) {
        if (enter(r)) {
            n = parse_or(r);
            want(r, ")");
        }
        r->depth--;
        return n;
    }
    if (accept(r, T_WORD, "known")) {
        return parse_name(r, N_KNOWN);
    }
    if (literal(r, &v)) {
        n = make(r, N_LITERAL, &at);
        if (n) {
            n->value = v;
            n->type = v.type;
        }
        return n;
    }
    return parse_name(r, N_NAME);
}

static node *parse_sum(reader *r)
{
    node *a = parse_item(r);
    while (r->st == VG_OK && (is(r, T_SIGN, "+") || is(r, T_SIGN, "-"))) {
        const token at = r->now;
        expr_next(r);
        a = make2(r, N_SUM, &at, a, parse_item(r));
        if (a) {
            a->op = (uint8_t)at.text.p[0];
        }
    }
    return r->st == VG_OK ? a : NULL;
}

static void parse_member(reader *r, member *m)
{
    if (!literal(r, &m->from)) {
        expr_fail(r, &r->now, r->now.text, "expr.err.want_literal", NULL);
        return;
    }
    m->to = m->from;
    m->range = accept(r, T_SIGN, "..");
    if (m->range && !literal(r, &m->to)) {
        expr_fail(r, &r->now, r->now.text, "expr.err.want_literal", NULL);
    }
}

static void parse_members(reader *r, node *in)
{
    member m[MEMBERS_MAX];
    const bool braces = accept(r, T_SIGN, "{");
    do {
        if (in->n_members == MEMBERS_MAX) {
            expr_fail(r, &r->now, r->now.text, "expr.err.too_long", NULL);
            return;
        }
        parse_member(r, &m[in->n_members++]);
    } while (r->st == VG_OK && braces && accept(r, T_SIGN, ","));
    if (braces) {
        want(r, "}");
    } else if (r->st == VG_OK && !m[0].range) {
        expr_fail(r, &r->now, r->now.text, "expr.err.want", "..");
    }
    member *kept = vg_arena_get(r->arena, in->n_members * sizeof *kept);
    if (!kept) {
        expr_fail(r, &r->now, r->now.text, "expr.err.too_long", NULL);
        return;
    }
    memcpy(kept, m, in->n_members * sizeof *kept);
    in->members = kept;
}

static node *parse_in(reader *r, node *a, bool negated)
{
    node *in = a ? make(r, N_IN, &r->now) : NULL;
    if (!in) {
        return NULL;
    }
    in->a = a;
    in->op = negated;
    if (r->now.kind == T_WORD && !expr_keyword(r->now.text)) {
        in->word = r->now.text;
        const node *set = parse_name(r, N_NAME);
        in->b = set ? set->a : NULL;
        in->n_members = 0;
    } else {
        parse_members(r, in);
    }
    return in;
}

static node *parse_relation(reader *r)
{
    node *a = parse_sum(r);
    const token at = r->now;
    if (r->st != VG_OK) {
        return NULL;
    }
    if (accept(r, T_WORD, "in")) {
        return parse_in(r, a, false);
    }
    if (accept(r, T_WORD, "not")) {
        if (!accept(r, T_WORD, "in")) {
            expr_fail(r, &r->now, r->now.text, "expr.err.want", "in");
        }
        return parse_in(r, a, true);
    }
    for (uint8_t c = 0; at.kind == T_SIGN && c < C_N; c++) {
        if (vg_str_eqc(at.text, expr_compares[c])) {
            expr_next(r);
            node *n = make2(r, N_COMPARE, &at, a, parse_sum(r));
            if (n) {
                n->op = c;
            }
            return n;
        }
    }
    return a;
}

static node *parse_not(reader *r)
{
    const token at = r->now;
    if (!accept(r, T_WORD, "not")) {
        return parse_relation(r);
    }
    node *n = make(r, N_NOT, &at);
    if (n && enter(r)) {
        n->a = parse_not(r);
    }
    r->depth--;
    return n;
}

static node *parse_and(reader *r)
{
    node *a = parse_not(r);
    while (r->st == VG_OK && is(r, T_WORD, "and")) {
        const token at = r->now;
        expr_next(r);
        a = make2(r, N_AND, &at, a, parse_not(r));
    }
    return a;
}

static node *parse_or(reader *r)
{
    node *a = parse_and(r);
    while (r->st == VG_OK && is(r, T_WORD, "or")) {
        const token at = r->now;
        expr_next(r);
        a = make2(r, N_OR, &at, a, parse_and(r));
    }
    return a;
}

node *expr_parse(reader *r)
{
    expr_next(r);
    node *root = parse_or(r);
    if (r->st == VG_OK && r->now.kind != T_END) {
        expr_fail(r, &r->now, r->now.text, "expr.err.rest", NULL);
    }
    return r->st == VG_OK ? root : NULL;
}
