// SPDX-License-Identifier: Apache-2.0
// Names to their entries in the schema, and types: every comparison is between two of a kind, every set of the
// kind that is asked for, every text of a listed word one of the words. A name that is not there is answered
// with the nearest that is. In an open schema an unlisted name is a yes-or-no question of its own.
#include "expr/expr_impl.h"

#include "base/near.h"

enum { NEAR = 2 };

const vg_xname expr_builtins[] = {
    {.name = "now", .type = VG_X_TIME, .id = BUILTIN_NOW},
    {.name = "time", .type = VG_X_CLOCK, .id = BUILTIN_TIME},
    {.name = "day", .type = VG_X_DAY, .id = BUILTIN_DAY},
    {.name = "date", .type = VG_X_DATE, .id = BUILTIN_DATE},
};

static void fail_at(reader *r, const node *n, const char *key, const char *meant)
{
    expr_fail(r, &(token){.line = n->line, .column = n->column}, n->word, key, meant);
}

static const char *type_word(vg_xtype t)
{
    static const char *const words[VG_X_TYPES] = {"bool",   "number", "text", "duration",
                                                  "moment", "time",   "day",  "date"};
    return words[t];
}

static const vg_xname *listed(const vg_xname *v, size_t n, vg_str word)
{
    for (size_t i = 0; i < n; i++) {
        if (vg_str_eqc(word, v[i].name)) {
            return &v[i];
        }
    }
    return NULL;
}

static const vg_xname *unlisted(reader *r, const node *n, bool keyed)
{
    vg_xname *own = vg_arena_get(r->arena, sizeof *own);
    const char *name = vg_str_z(r->arena, n->word);
    if (!own || !name) {
        fail_at(r, n, "expr.err.too_long", NULL);
        return NULL;
    }
    *own = (vg_xname){.name = name, .type = VG_X_BOOL, .keyed = keyed};
    return own;
}

static const char *nearest(reader *r, vg_str word)
{
    char z[64];
    snprintf(z, sizeof z, "%.*s", (int)(word.n < 63 ? word.n : 63), word.p);
    const vg_xschema *s = r->schema;
    const char *near = s->n ? vg_near(z, (const char *const *)(const void *)&s->names->name,
                                      sizeof *s->names, s->n, NEAR)
                            : NULL;
    return near ? near
                : vg_near(z, (const char *const *)(const void *)&expr_builtins->name,
                          sizeof *expr_builtins, BUILTINS, NEAR);
}

// key is what stands in brackets, or NULL.
static const vg_xname *resolve(reader *r, const node *n, const node *key)
{
    const vg_xname *x = listed(r->schema->names, r->schema->n, n->word);
    x = x ? x : listed(expr_builtins, BUILTINS, n->word);
    if (!x && r->schema->open) {
        return unlisted(r, n, key != NULL);
    }
    if (!x) {
        const char *near = nearest(r, n->word);
        fail_at(r, n, near ? "expr.err.name_near" : "expr.err.name", near);
    } else if (x->keyed != (key != NULL)) {
        fail_at(r, n, x->keyed ? "expr.err.key_missing" : "expr.err.key_not_here", NULL);
    }
    return x;
}

static void check(reader *r, node *n);

static void check_key(reader *r, node *key)
{
    if (key) {
        check(r, key);
        if (r->st == VG_OK && key->type != VG_X_TEXT) {
            fail_at(r, key, "expr.err.key_text", type_word(key->type));
        }
    }
}

static void check_name(reader *r, node *n)
{
    n->name = resolve(r, n, n->a);
    check_key(r, n->a);
    if (r->st == VG_OK && n->name->set) {
        fail_at(r, n, "expr.err.set_alone", NULL);
    }
    if (r->st == VG_OK) {
        n->type = n->kind == N_KNOWN ? VG_X_BOOL : n->name->type;
    }
}

static void want_bool(reader *r, const node *n)
{
    if (r->st == VG_OK && n->type != VG_X_BOOL) {
        fail_at(r, n, "expr.err.want_bool", type_word(n->type));
    }
}

static void check_logic(reader *r, node *n)
{
    check(r, n->a);
    want_bool(r, n->a);
    if (n->b) {
        check(r, n->b);
        want_bool(r, n->b);
    }
    n->type = VG_X_BOOL;
}

// A text compared with a name that has a list of words must be one of them.
static void check_word(reader *r, const node *name, const node *at, vg_str text)
{
    const char *const *words = name->kind == N_NAME && name->name ? name->name->words : NULL;
    size_t n = 0;
    for (; words && words[n]; n++) {
        if (vg_str_eqc(text, words[n])) {
            return;
        }
    }
    if (words) {
        char z[64];
        snprintf(z, sizeof z, "%.*s", (int)(text.n < 63 ? text.n : 63), text.p);
        const char *near = vg_near(z, words, sizeof *words, n, NEAR);
        fail_at(r, at, near ? "expr.err.word_near" : "expr.err.word", near);
    }
}

static bool ordered(vg_xtype t)
{
    return t != VG_X_BOOL && t != VG_X_TEXT && t != VG_X_DAY;
}

static void check_compare(reader *r, node *n)
{
    check(r, n->a);
    check(r, n->b);
    n->type = VG_X_BOOL;
    if (r->st != VG_OK) {
        return;
    }
    if (n->a->type != n->b->type) {
        char both[48];
        snprintf(both, sizeof both, "%s, %s", type_word(n->a->type), type_word(n->b->type));
        fail_at(r, n, "expr.err.two_types", both);
    } else if (n->op > C_NE && !ordered(n->a->type)) {
        fail_at(r, n, "expr.err.no_order", type_word(n->a->type));
    } else if (n->b->kind == N_LITERAL && n->b->type == VG_X_TEXT) {
        check_word(r, n->a, n->b, n->b->value.text);
    } else if (n->a->kind == N_LITERAL && n->a->type == VG_X_TEXT) {
        check_word(r, n->b, n->a, n->a->value.text);
    }
}

static void check_members(reader *r, node *n)
{
    for (size_t i = 0; i < n->n_members && r->st == VG_OK; i++) {
        const member *m = &n->members[i];
        const vg_xtype t = n->a->type;
        if (m->from.type != t || m->to.type != t) {
            char both[48];
            snprintf(both, sizeof both, "%s, %s", type_word(t),
                     type_word(m->from.type != t ? m->from.type : m->to.type));
            fail_at(r, n, "expr.err.two_types", both);
        } else if (m->range && !ordered(t) && t != VG_X_DAY) {
            fail_at(r, n, "expr.err.no_order", type_word(t));
        } else if (m->range && t != VG_X_CLOCK && t != VG_X_DAY &&
                   expr_order(&m->from, &m->to) > 0) {
            fail_at(r, n, "expr.err.backwards", NULL);
        } else if (t == VG_X_TEXT) {
            check_word(r, n->a, n, m->from.text);
        }
    }
}

static void check_in(reader *r, node *n)
{
    check(r, n->a);
    n->type = VG_X_BOOL;
    if (n->n_members) {
        check_members(r, n);
        return;
    }
    n->name = r->st == VG_OK ? resolve(r, n, n->b) : NULL;
    check_key(r, n->b);
    if (r->st == VG_OK && n->name && !n->name->set) {
        fail_at(r, n, "expr.err.not_a_set", NULL);
    } else if (r->st == VG_OK && n->a->type != VG_X_TEXT) {
        fail_at(r, n->a, "expr.err.key_text", type_word(n->a->type));
    }
}

static void check_sum(reader *r, node *n)
{
    static const struct {
        vg_xtype a, b, result;
        bool plus, minus;
    } sums[] = {
        {VG_X_NUMBER, VG_X_NUMBER, VG_X_NUMBER, true, true},
        {VG_X_DURATION, VG_X_DURATION, VG_X_DURATION, true, true},
        {VG_X_TIME, VG_X_DURATION, VG_X_TIME, true, true},
        {VG_X_TIME, VG_X_TIME, VG_X_DURATION, false, true},
        {VG_X_DATE, VG_X_DATE, VG_X_DURATION, false, true},
    };
    check(r, n->a);
    check(r, n->b);
    for (size_t i = 0; i < VG_LEN(sums) && r->st == VG_OK; i++) {
        if (n->a->type == sums[i].a && n->b->type == sums[i].b &&
            (n->op == '+' ? sums[i].plus : sums[i].minus)) {
            n->type = sums[i].result;
            return;
        }
    }
    if (r->st == VG_OK) {
        char both[48];
        snprintf(both, sizeof both, "%s, %s", type_word(n->a->type), type_word(n->b->type));
        fail_at(r, n, "expr.err.two_types", both);
    }
}

static void check(reader *r, node *n)
{
    static void (*const by_kind[])(reader * r, node * n) = {
        [N_NAME] = check_name, [N_KNOWN] = check_name, [N_NOT] = check_logic,
        [N_AND] = check_logic, [N_OR] = check_logic,   [N_COMPARE] = check_compare,
        [N_IN] = check_in,     [N_SUM] = check_sum,    [N_LITERAL] = NULL,
    };
    if (r->st == VG_OK && by_kind[n->kind]) {
        by_kind[n->kind](r, n);
    }
}

void expr_check(reader *r, node *root)
{
    check(r, root);
    want_bool(r, root);
}
