// SPDX-License-Identifier: Apache-2.0
// Tree to program, and running it. The program is a straight run of instructions on a small stack of values
// with forward skips only, so its length bounds the steps. Nothing is allocated while it runs. Overflow of
// moments and durations is unknown, never wrapped.
#include "expr/expr_impl.h"

typedef struct maker {
    reader *r;
    instr code[CODE_MAX];
    vg_xvalue constants[NODES_MAX];
    member members[CODE_MAX];
    const vg_xname *names[NODES_MAX];
    size_t n_code, n_constants, n_members, n_names, stack, deepest;
} maker;

static size_t put(maker *m, op o, size_t arg, size_t n, int grows)
{
    m->stack += (size_t)(ptrdiff_t)grows;  // grows may be negative: modular, as size_t is
    m->deepest = m->stack > m->deepest ? m->stack : m->deepest;
    if (m->n_code == CODE_MAX || m->deepest > STACK_MAX) {
        expr_fail(m->r, &(token){.line = 1, .column = 1}, (vg_str){"", 0}, "expr.err.too_long",
                  NULL);
        return 0;
    }
    m->code[m->n_code] = (instr){(uint16_t)o, (uint16_t)arg, (uint16_t)n};
    return m->n_code++;
}

static size_t name_of(maker *m, const vg_xname *x)
{
    for (size_t i = 0; i < m->n_names; i++) {
        const vg_xname *y = m->names[i];
        if (y == x || (strcmp(y->name, x->name) == 0 && y->keyed == x->keyed)) {
            return i;
        }
    }
    m->names[m->n_names] = x;
    return m->n_names++;
}

static void make(maker *m, const node *n);

static void make_logic(maker *m, const node *n)
{
    const bool and = n->kind == N_AND;
    make(m, n->a);
    const size_t skip = put(m, and? OP_AND_SKIP : OP_OR_SKIP, 0, 0, 0);
    make(m, n->b);
    put(m, and? OP_AND : OP_OR, 0, 0, -1);
    m->code[skip].arg = (uint16_t)m->n_code;
}

static void make_in(maker *m, const node *n)
{
    make(m, n->a);
    if (!n->n_members) {
        if (n->b) {
            make(m, n->b);
        }
        put(m, n->b ? OP_IN_NAME_AT : OP_IN_NAME, name_of(m, n->name), 0, n->b ? -1 : 0);
    } else if (m->n_members + n->n_members <= CODE_MAX) {
        memcpy(m->members + m->n_members, n->members, n->n_members * sizeof *n->members);
        put(m, OP_IN, m->n_members, n->n_members, 0);
        m->n_members += n->n_members;
    } else {
        expr_fail(m->r, &(token){.line = n->line, .column = n->column}, n->word,
                  "expr.err.too_long", NULL);
    }
    if (n->op) {
        put(m, OP_NOT, 0, 0, 0);
    }
}

static void make(maker *m, const node *n)
{
    if (m->r->st != VG_OK) {
        return;
    }
    switch (n->kind) {
    case N_LITERAL:
        m->constants[m->n_constants] = n->value;
        put(m, OP_PUSH, m->n_constants++, 0, 1);
        break;
    case N_NAME:
    case N_KNOWN:
        if (n->a) {
            make(m, n->a);
        }
        put(m, n->a ? OP_LOAD_AT : OP_LOAD, name_of(m, n->name), 0, n->a ? 0 : 1);
        if (n->kind == N_KNOWN) {
            put(m, OP_KNOWN, 0, 0, 0);
        }
        break;
    case N_NOT:
        make(m, n->a);
        put(m, OP_NOT, 0, 0, 0);
        break;
    case N_AND:
    case N_OR:
        make_logic(m, n);
        break;
    case N_IN:
        make_in(m, n);
        break;
    case N_COMPARE:
    case N_SUM:
        make(m, n->a);
        make(m, n->b);
        put(m, n->kind == N_COMPARE ? OP_COMPARE : n->op == '+' ? OP_ADD : OP_SUB, n->op, 0, -1);
        break;
    }
}

static const void *keep(reader *r, const void *p, size_t n)
{
    void *kept = vg_arena_get(r->arena, n ? n : 1);
    if (!kept) {
        expr_fail(r, &r->now, (vg_str){"", 0}, "expr.err.too_long", NULL);
        return NULL;
    }
    memcpy(kept, p, n);
    return kept;
}

void expr_program(reader *r, vg_expr *x)
{
    maker *m = vg_alloc(sizeof *m);
    m->r = r;
    make(m, x->root);
    x->code = keep(r, m->code, m->n_code * sizeof *m->code);
    x->n_code = m->n_code;
    x->constants = keep(r, m->constants, m->n_constants * sizeof *m->constants);
    x->members = keep(r, m->members, m->n_members * sizeof *m->members);
    x->names = keep(r, m->names, m->n_names * sizeof *m->names);
    x->n_names = m->n_names;
    free(m);
}

// --- running ------------------------------------------------------------------------------------
int expr_order(const vg_xvalue *a, const vg_xvalue *b)
{
    if (a->type == VG_X_NUMBER) {
        return (a->number > b->number) - (a->number < b->number);
    }
    if (a->type == VG_X_TEXT) {
        return vg_str_eq(a->text, b->text) ? 0 : 1;
    }
    return (a->i > b->i) - (a->i < b->i);
}

bool expr_in_range(const member *m, const vg_xvalue *v)
{
    if (!m->range) {
        return expr_order(&m->from, v) == 0;
    }
    const bool from = expr_order(&m->from, v) <= 0, before = expr_order(v, &m->to) < 0;
    if (m->from.type ==
        VG_X_CLOCK) {  // up to, not including, its end; over midnight; equal = all day
        return m->from.i < m->to.i ? from && before : from || before;
    }
    const bool to = before || expr_order(v, &m->to) == 0;
    return m->from.type == VG_X_DAY && m->from.i > m->to.i ? from || to : from && to;
}

static vg_xvalue tri(vg_tri t)
{
    return t == VG_UNKNOWN ? vg_x_unknown(VG_X_BOOL) : vg_x_bool(t == VG_TRUE);
}

static bool holds(compare c, int d)
{
    switch (c) {
    case C_EQ:
        return d == 0;
    case C_NE:
        return d != 0;
    case C_LT:
        return d < 0;
    case C_LE:
        return d <= 0;
    case C_GT:
        return d > 0;
    case C_GE:
    case C_N:
    default:
        return d >= 0;
    }
}

static vg_xvalue compare_values(compare c, const vg_xvalue *a, const vg_xvalue *b)
{
    if (!a->known || !b->known) {
        return vg_x_unknown(VG_X_BOOL);
    }
    return vg_x_bool(holds(c, expr_order(a, b)));
}

static vg_xvalue in_members(const member *m, size_t n, const vg_xvalue *v)
{
    if (!v->known) {
        return vg_x_unknown(VG_X_BOOL);
    }
    for (size_t i = 0; i < n; i++) {
        if (expr_in_range(&m[i], v)) {
            return vg_x_bool(true);
        }
    }
    return vg_x_bool(false);
}

static vg_xvalue sum(const vg_xvalue *a, const vg_xvalue *b, bool minus)
{
    const vg_xtype t = a->type == b->type && (a->type == VG_X_TIME || a->type == VG_X_DATE)
                           ? VG_X_DURATION
                           : a->type;
    int64_t x = 0;
    if (!a->known || !b->known) {
        return vg_x_unknown(t);
    }
    if (t == VG_X_NUMBER) {
        return vg_x_number(minus ? a->number - b->number : a->number + b->number);
    }
    bool over =
        minus ? __builtin_sub_overflow(a->i, b->i, &x) : __builtin_add_overflow(a->i, b->i, &x);
    if (a->type == VG_X_DATE) {
        over = over || __builtin_mul_overflow(x, DAY_US, &x);
    }
    return over ? vg_x_unknown(t) : vg_x_int(t, x);
}

static vg_xvalue builtin(int id, int64_t now_us)
{
    switch (id) {
    case BUILTIN_NOW:
        return now_us ? vg_x_int(VG_X_TIME, now_us) : vg_x_unknown(VG_X_TIME);
    case BUILTIN_TIME:
        return vg_x_clock_of(now_us);
    case BUILTIN_DAY:
        return vg_x_day_of(now_us);
    default:
        return vg_x_date_of(now_us);
    }
}

static vg_xvalue load(const vg_xenv *env, const vg_xname *name, const vg_xvalue *key)
{
    if (name >= expr_builtins && name < expr_builtins + BUILTINS) {
        return builtin(name->id, env->now_us);
    }
    if (key && !key->known) {
        return vg_x_unknown(name->type);
    }
    const vg_xvalue v = env->get(env->ctx, name, key ? key->text : (vg_str){"", 0});
    return v.type == name->type ? v : vg_x_unknown(name->type);
}

static vg_xvalue has(const vg_xenv *env, const vg_xname *name, const vg_xvalue *v,
                     const vg_xvalue *key)
{
    if (!v->known || (key && !key->known) || !env->has) {
        return vg_x_unknown(VG_X_BOOL);
    }
    return tri(env->has(env->ctx, name, key ? key->text : (vg_str){"", 0}, v->text));
}

// a and b, or with unknown in the place of the one that decides.
static vg_xvalue join(const vg_xvalue *a, const vg_xvalue *b, bool decides)
{
    if ((a->known && a->i == decides) || (b->known && b->i == decides)) {
        return vg_x_bool(decides);
    }
    return a->known && b->known ? vg_x_bool(!decides) : vg_x_unknown(VG_X_BOOL);
}

// Runs one instruction on the stack whose next free place is top; returns the new top. *at may jump on.
static vg_xvalue *run_one(const vg_expr *x, const vg_xenv *env, size_t *at, vg_xvalue *top)
{
    const instr *c = &x->code[(*at)++];
    vg_xvalue *last = top - 1, *under = top - 2;
    switch ((op)c->op) {
    case OP_PUSH:
        *top = x->constants[c->arg];
        return top + 1;
    case OP_LOAD:
        *top = load(env, x->names[c->arg], NULL);
        return top + 1;
    case OP_LOAD_AT:
        *last = load(env, x->names[c->arg], last);
        return top;
    case OP_KNOWN:
        *last = vg_x_bool(last->known);
        return top;
    case OP_NOT:
        *last = last->known ? vg_x_bool(!last->i) : vg_x_unknown(VG_X_BOOL);
        return top;
    case OP_AND_SKIP:
    case OP_OR_SKIP:
        *at = last->known && last->i == (c->op == OP_OR_SKIP) ? c->arg : *at;
        return top;
    case OP_AND:
    case OP_OR:
        *under = join(under, last, c->op == OP_OR);
        return last;
    case OP_COMPARE:
        *under = compare_values((compare)c->arg, under, last);
        return last;
    case OP_IN:
        *last = in_members(x->members + c->arg, c->n, last);
        return top;
    case OP_IN_NAME:
        *last = has(env, x->names[c->arg], last, NULL);
        return top;
    case OP_IN_NAME_AT:
        *under = has(env, x->names[c->arg], under, last);
        return last;
    case OP_ADD:
    case OP_SUB:
    default:
        *under = sum(under, last, c->op == OP_SUB);
        return last;
    }
}

static vg_tri answer(const vg_xvalue *v)
{
    return !v->known ? VG_UNKNOWN : v->i ? VG_TRUE : VG_FALSE;
}

// "name compared with a constant", what most conditions are, needs no stack.
static bool one_comparison(const vg_expr *x)
{
    return x->n_code == 3 && x->code[0].op == OP_LOAD && x->code[1].op == OP_PUSH &&
           x->code[2].op == OP_COMPARE;
}

// Kept apart: its stack is more to set up than a comparison is to make.
__attribute__((noinline)) static vg_tri run(const vg_expr *x, const vg_xenv *env)
{
    // A place is written before it is read; clearing all of them would cost more than the program.
    vg_xvalue stack[STACK_MAX + 1];
    vg_xvalue *top = stack;
    stack[0] = (vg_xvalue){0};
    for (size_t at = 0; at < x->n_code;) {
        top = run_one(x, env, &at, top);
    }
    return answer(&stack[0]);
}

vg_tri vg_expr_ask(const vg_expr *x, const vg_xenv *env)
{
    if (!one_comparison(x)) {
        return run(x, env);
    }
    const vg_xvalue a = load(env, x->names[x->code[0].arg], NULL);
    const vg_xvalue *b = &x->constants[x->code[1].arg];
    if (!a.known || !b->known) {
        return VG_UNKNOWN;
    }
    return holds((compare)x->code[2].arg, expr_order(&a, b)) ? VG_TRUE : VG_FALSE;
}
