// SPDX-License-Identifier: Apache-2.0
// Random questions in a random world: the compiled program answers as a naive walk over the generated tree
// does, which knows nothing of programs, skips or parsing; its canonical text is a fixed point and answers the
// same; a sentence can always be made. The seed is printed.
#include "expr/expr.h"

#include "base/clock.h"
#include "base/prop_test.h"

#include <setjmp.h>
#include <cmocka.h>

enum { NAMES = 8, KEYS = 3, NODES = 120, ROUNDS = 3000 };

typedef struct gen {
    enum {
        G_TRUE,
        G_FALSE,
        G_BOOL,
        G_KEYED,
        G_KNOWN,
        G_NOT,
        G_AND,
        G_OR,
        G_CMP,
        G_IN,
        G_CLOCK
    } kind;
    int name, key, op;
    int v[4];  // numbers of the leaf: operand, set members; clock: from, to in minutes
    bool flag;
    struct gen *a, *b;
} gen;

typedef struct world {
    int number[NAMES];  // of n0 … n7; below -100 is unknown
    int yes[NAMES][KEYS];
    int minute;
    gen nodes[NODES];
    size_t n;
    vg_prop p;
} world;

static const vg_xname names[] = {
    {.name = "n0", .type = VG_X_NUMBER, .id = 0},
    {.name = "n1", .type = VG_X_NUMBER, .id = 1},
    {.name = "b0", .type = VG_X_BOOL, .id = 2},
    {.name = "b1", .type = VG_X_BOOL, .id = 3},
    {.name = "k.at", .type = VG_X_BOOL, .keyed = true, .id = 4},
};
static const vg_xschema schema = {.names = names, .n = VG_LEN(names)};

static vg_xvalue get(void *ctx, const vg_xname *x, vg_str key)
{
    const world *w = ctx;
    if (x->type == VG_X_NUMBER) {
        const int v = w->number[x->id];
        return v < -100 ? vg_x_unknown(VG_X_NUMBER) : vg_x_number(v / 2.0);
    }
    const int v = w->yes[x->id][x->keyed ? key.p[0] - 'a' : 0];
    return v == 2 ? vg_x_unknown(VG_X_BOOL) : vg_x_bool(v == 1);
}

// --- the naive answer ---------------------------------------------------------------------------
static vg_tri naive(const world *w, const gen *g);

static vg_tri tri_of(int v)
{
    return v == 2 ? VG_UNKNOWN : v ? VG_TRUE : VG_FALSE;
}

static vg_tri naive_number(const world *w, const gen *g)
{
    const int x = w->number[g->name];
    if (x < -100) {
        return VG_UNKNOWN;
    }
    if (g->kind == G_IN) {
        const bool in = x == g->v[0] || (x >= g->v[1] && x <= g->v[2]);
        return tri_of(in != g->flag);
    }
    const int y = g->v[0];
    const bool yes[] = {x == y, x != y, x<y, x <= y, x> y, x >= y};
    return tri_of(yes[g->op]);
}

static vg_tri naive_clock(const world *w, const gen *g)
{
    if (w->minute < 0) {
        return VG_UNKNOWN;
    }
    for (int i = 0, m = g->v[0]; i < 1440;
         i++, m = (m + 1) % 1440) {  // walks the dial minute by minute
        if (i && m == g->v[1]) {
            return VG_FALSE;
        }
        if (m == w->minute) {
            return VG_TRUE;
        }
    }
    return VG_FALSE;
}

static vg_tri naive_logic(const world *w, const gen *g)
{
    const vg_tri a = naive(w, g->a), b = naive(w, g->b);
    const vg_tri decides = g->kind == G_AND ? VG_FALSE : VG_TRUE;
    if (a == decides || b == decides) {
        return decides;
    }
    return a == VG_UNKNOWN || b == VG_UNKNOWN ? VG_UNKNOWN : a;
}

static vg_tri naive(const world *w, const gen *g)
{
    switch (g->kind) {
    case G_TRUE:
        return VG_TRUE;
    case G_FALSE:
        return VG_FALSE;
    case G_BOOL:
        return tri_of(w->yes[g->name][0]);
    case G_KEYED:
        return tri_of(w->yes[4][g->key]);
    case G_KNOWN:
        return tri_of(w->yes[4][g->key] != 2);
    case G_NOT: {
        const vg_tri a = naive(w, g->a);
        return a == VG_UNKNOWN ? a : tri_of(a == VG_FALSE);
    }
    case G_AND:
    case G_OR:
        return naive_logic(w, g);
    case G_CLOCK:
        return naive_clock(w, g);
    default:
        return naive_number(w, g);
    }
}

// --- making and writing -------------------------------------------------------------------------
static int below(world *w, int n)
{
    return (int)vg_prop_below(&w->p, (uint64_t)n);
}

static gen *make(world *w, int depth)
{
    gen *g = &w->nodes[w->n++];
    const bool leaf = depth == 0 || w->n > NODES - 24;
    static const unsigned leaves[] = {G_TRUE,  G_FALSE, G_BOOL, G_KEYED,
                                      G_KNOWN, G_CMP,   G_IN,   G_CLOCK};
    *g = (gen){.kind = leaf ? leaves[below(w, 8)]
                            : (unsigned[]){G_NOT, G_AND, G_OR, G_AND, G_OR}[below(w, 5)],
               .name = below(w, 2),
               .key = below(w, KEYS),
               .op = below(w, 6),
               .flag = below(w, 2)};
    g->name += g->kind == G_BOOL ? 2 : 0;
    for (int i = 0; i < 4; i++) {
        g->v[i] = below(w, 11) - 5;
    }
    if (g->kind == G_IN && g->v[2] < g->v[1]) {
        g->v[2] = g->v[1];
    }
    if (g->kind == G_CLOCK) {
        g->v[0] = below(w, 1440);
        g->v[1] = below(w, 4) ? below(w, 1440) : g->v[0];
    }
    if (!leaf) {
        g->a = make(w, depth - 1);
        g->b = g->kind == G_NOT ? NULL : make(w, depth - 1);
    }
    return g;
}

static void blank(world *w, vg_buf *b)
{
    vg_buf_c(b, (const char *[]){" ", "  ", "\n", " \t"}[below(w, 4)]);
}

static void half(vg_buf *b, int v)
{
    vg_buf_f(b, "%s%d%s", v < 0 ? "-" : "", (v < 0 ? -v : v) / 2, v % 2 ? ".5" : "");
}

static void write_down(world *w, const gen *g, vg_buf *b)
{
    static const char *const compares[] = {"=", "!=", "<", "<=", ">", ">="};
    switch (g->kind) {
    case G_TRUE:
    case G_FALSE:
        vg_buf_c(b, g->kind == G_TRUE ? "true" : "false");
        break;
    case G_BOOL:
        vg_buf_c(b, names[g->name].name);
        break;
    case G_KEYED:
    case G_KNOWN:
        vg_buf_f(b, "%sk.at[\"%c\"]", g->kind == G_KNOWN ? "known " : "", 'a' + g->key);
        break;
    case G_NOT:
        vg_buf_c(b, "not (");
        write_down(w, g->a, b);
        vg_buf_ch(b, ')');
        break;
    case G_AND:
    case G_OR:
        vg_buf_ch(b, '(');
        write_down(w, g->a, b);
        blank(w, b);
        vg_buf_c(b, g->kind == G_AND ? "and" : "or");
        blank(w, b);
        write_down(w, g->b, b);
        vg_buf_ch(b, ')');
        break;
    case G_CMP:
        vg_buf_f(b, "n%d", g->name);
        vg_buf_c(b, compares[g->op]);
        half(b, g->v[0]);
        break;
    case G_IN:
        vg_buf_f(b, "n%d%s in {", g->name, g->flag ? " not" : "");
        half(b, g->v[0]);
        vg_buf_c(b, " , ");
        half(b, g->v[1]);
        vg_buf_c(b, "..");
        half(b, g->v[2]);
        vg_buf_ch(b, '}');
        break;
    case G_CLOCK:
        vg_buf_f(b, "time in %02d:%02d..%02d:%02d", g->v[0] / 60, g->v[0] % 60, g->v[1] / 60,
                 g->v[1] % 60);
        break;
    }
}

static const vg_expr *compiled(vg_arena *a, vg_str text)
{
    const vg_expr *x = NULL;
    vg_err err = {0};
    if (vg_expr_compile(a, &schema, text, NULL, &x, &err) != VG_OK) {
        print_error("%.*s: %s %s %s\n", VG_FMT(text), err.key, err.field, err.detail);
        fail();
    }
    return x;
}

static void shuffle(world *w)
{
    for (int i = 0; i < NAMES; i++) {
        w->number[i] = below(w, 4) ? below(w, 11) - 5 : -1000;
        for (int k = 0; k < KEYS; k++) {
            w->yes[i][k] = below(w, 3);
        }
    }
    w->minute = below(w, 5) ? below(w, 1440) : -1;
}

static void one_round(world *w, vg_buf *text, vg_buf *canon)
{
    vg_arena *a = vg_arena_create(1 << 20);
    w->n = 0;
    const gen *g = make(w, below(w, 5));
    vg_buf_reset(text);
    write_down(w, g, text);
    if (text->n > VG_X_BYTES) {
        vg_arena_destroy(a);
        return;
    }
    const vg_expr *x = compiled(a, vg_buf_str(text));
    vg_buf_reset(canon);
    vg_expr_print(x, canon);
    const vg_expr *again = compiled(a, vg_buf_str(canon));
    for (int i = 0; i < 4; i++) {
        shuffle(w);
        const vg_xenv env = {.ctx = w,
                             .get = get,
                             .now_us = w->minute < 0 ? 0
                                                     : (INT64_C(20000) * 1440 + w->minute - 420) *
                                                           60 * VG_SECOND_US};
        const vg_tri want = naive(w, g), got = vg_expr_ask(x, &env),
                     other = vg_expr_ask(again, &env);
        if (got != want || other != want) {
            print_error("%s\n%s\nwant %d got %d and %d\n", vg_buf_z(text), vg_buf_z(canon),
                        (int)want, (int)got, (int)other);
            fail();
        }
    }
    vg_buf_reset(text);
    vg_expr_print(again, text);
    assert_string_equal(vg_buf_z(text), vg_buf_z(canon));
    vg_buf_reset(text);
    vg_expr_say(x, VG_VI, text);
    assert_true(text->n > 0);
    vg_arena_destroy(a);
}

static void the_program_answers_as_the_tree_does(void **state)
{
    (void)state;
    world *w = vg_alloc(sizeof *w);
    vg_buf text, canon;
    w->p = vg_prop_seed("expr");
    vg_buf_init(&text, 1 << 16);
    vg_buf_init(&canon, 1 << 16);
    for (int i = 0; i < ROUNDS; i++) {
        one_round(w, &text, &canon);
    }
    vg_buf_done(&text);
    vg_buf_done(&canon);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_program_answers_as_the_tree_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
