// SPDX-License-Identifier: Apache-2.0
// Reading an expression back: as its one canonical text (least brackets, single blanks, durations in the
// largest units) that compiles to the same program, and as a sentence whose every word is in the catalogue
// (expr.say.*). What a name is called: its label's text, else expr.name.<name>, else the name itself; a listed
// word: <label>.<word>, else itself in quotes.
#include "expr/expr_impl.h"

enum { PIECE_BYTES = 8 << 10 };

static void print_duration(vg_buf *b, int64_t us)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    int64_t s = us / VG_SECOND_US;
    vg_buf_c(b, s < 0 ? "-" : s ? "" : "0s");
    s = s < 0 ? -s : s;
    for (size_t i = 0; i < VG_LEN(units); i++) {
        if (s / units[i].seconds) {
            vg_buf_f(b, "%lld%c", (long long)(s / units[i].seconds), units[i].unit);
            s %= units[i].seconds;
        }
    }
}

static void print_number(vg_buf *b, double v)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.3f", v);
    while (n > 0 && text[n - 1] == '0') {
        n--;
    }
    n -= n > 0 && text[n - 1] == '.';
    vg_buf_add(b, text, (size_t)n);
}

static void print_clock(vg_buf *b, int64_t s)
{
    vg_buf_f(b, "%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60));
    if (s % 60) {
        vg_buf_f(b, ":%02d", (int)(s % 60));
    }
}

static void print_value(vg_buf *b, const vg_xvalue *v)
{
    int d[6];
    switch (v->type) {
    case VG_X_BOOL:
        vg_buf_c(b, v->i ? "true" : "false");
        break;
    case VG_X_NUMBER:
        print_number(b, v->number);
        break;
    case VG_X_TEXT:
        vg_buf_ch(b, '"');
        for (size_t i = 0; i < v->text.n; i++) {
            vg_buf_c(b, strchr("\"\\", v->text.p[i]) ? "\\" : "");
            vg_buf_ch(b, v->text.p[i]);
        }
        vg_buf_ch(b, '"');
        break;
    case VG_X_DURATION:
        print_duration(b, v->i);
        break;
    case VG_X_CLOCK:
        print_clock(b, v->i);
        break;
    case VG_X_DAY:
        vg_buf_c(b, expr_days[v->i]);
        break;
    case VG_X_TIME:  // has no literal
    case VG_X_DATE:
    case VG_X_TYPES:
        vg_time_split(v->i * DAY_US, 0, d);
        vg_buf_f(b, "%04d-%02d-%02d", d[0], d[1], d[2]);
        break;
    }
}

static void print_member(vg_buf *b, const member *m)
{
    print_value(b, &m->from);
    if (m->range) {
        vg_buf_c(b, "..");
        print_value(b, &m->to);
    }
}

static int rank(const node *n)
{
    static const int ranks[] = {
        [N_OR] = 1,  [N_AND] = 2,     [N_NOT] = 3,  [N_COMPARE] = 4, [N_IN] = 4,
        [N_SUM] = 5, [N_LITERAL] = 6, [N_NAME] = 6, [N_KNOWN] = 6};
    return ranks[n->kind];
}

static void print(vg_buf *b, const node *n, int least)
{
    const int own = rank(n);
    vg_buf_c(b, own < least ? "(" : "");
    switch (n->kind) {
    case N_LITERAL:
        print_value(b, &n->value);
        break;
    case N_NAME:
    case N_KNOWN:
        vg_buf_f(b, "%s%s", n->kind == N_KNOWN ? "known " : "", n->name->name);
        break;
    case N_NOT:
        vg_buf_c(b, "not ");
        print(b, n->a, own);
        break;
    case N_IN:
        print(b, n->a, 5);
        vg_buf_c(b, n->op ? " not in " : " in ");
        vg_buf_c(b, n->n_members ? "" : n->name->name);
        break;
    case N_OR:
    case N_AND:
    case N_COMPARE:
    case N_SUM:
        print(b, n->a, n->kind == N_COMPARE ? 5 : own);
        vg_buf_f(b, n->kind == N_SUM ? " %c " : " ", n->op);
        vg_buf_c(b, n->kind == N_OR ? "or " : n->kind == N_AND ? "and " : "");
        vg_buf_c(b, n->kind == N_COMPARE ? expr_compares[n->op] : "");
        vg_buf_c(b, n->kind == N_COMPARE ? " " : "");
        print(b, n->b, own + 1);
        break;
    }
    const node *key = n->kind == N_IN                           ? n->b
                      : n->kind == N_NAME || n->kind == N_KNOWN ? n->a
                                                                : NULL;
    if (key) {
        vg_buf_ch(b, '[');
        print(b, key, 5);
        vg_buf_ch(b, ']');
    }
    const bool braces =
        n->kind == N_IN && n->n_members && !(n->n_members == 1 && n->members->range);
    vg_buf_c(b, braces ? "{" : "");
    for (size_t i = 0; n->kind == N_IN && i < n->n_members; i++) {
        vg_buf_c(b, i ? ", " : "");
        print_member(b, &n->members[i]);
    }
    vg_buf_c(b, braces ? "}" : "");
    vg_buf_c(b, own < least ? ")" : "");
}

void vg_expr_print(const vg_expr *x, vg_buf *out)
{
    print(out, x->root, 0);
}

// --- sentences ----------------------------------------------------------------------------------
typedef struct saying {
    vg_lang lang;
    vg_buf *out;
} saying;

static void say(const saying *s, const node *n, int least);

static void say_key(const saying *s, const char *key, const char *a, const char *b)
{
    vg_tr_add(s->out, s->lang, key, (const char *const[]){"a", a, "b", b, NULL});
}

static void say_name(const saying *s, const vg_xname *x)
{
    char key[120];
    snprintf(key, sizeof key, "%s%s", x->label ? "" : "expr.name.", x->label ? x->label : x->name);
    const char *known = vg_tr_known(key);
    vg_buf_c(s->out, known ? vg_tr(s->lang, known) : x->name);
}

static void say_duration(const saying *s, int64_t us)
{
    static const struct {
        int64_t seconds;
        const char *key;
    } units[] = {{86400, "expr.span.day"},
                 {3600, "expr.span.hour"},
                 {60, "expr.span.minute"},
                 {1, "expr.span.second"}};
    int64_t left = us / VG_SECOND_US;
    bool any = false;
    vg_buf_c(s->out, left < 0 ? "-" : "");
    left = left < 0 ? -left : left;
    for (size_t i = 0; i < VG_LEN(units); i++) {
        const int64_t n = left / units[i].seconds;
        char text[24];
        if (n || (units[i].seconds == 1 && !any)) {
            snprintf(text, sizeof text, "%lld", (long long)n);
            vg_buf_c(s->out, any ? " " : "");
            say_key(s, units[i].key, text, "");
            any = true;
        }
        left %= units[i].seconds;
    }
}

// of: the name the value is compared with, whose words may have texts of their own; may be NULL.
static void say_value(const saying *s, const vg_xvalue *v, const vg_xname *of)
{
    char key[160];
    int d[6];
    if (v->type == VG_X_DURATION) {
        say_duration(s, v->i);
    } else if (v->type == VG_X_DAY) {
        snprintf(key, sizeof key, "expr.day.%s", expr_days[v->i]);
        vg_buf_c(s->out, vg_tr(s->lang, key));
    } else if (v->type == VG_X_BOOL) {
        vg_buf_c(s->out, vg_tr(s->lang, v->i ? "expr.say.yes" : "expr.say.no"));
    } else if (v->type == VG_X_DATE) {
        vg_time_split(v->i * DAY_US, 0, d);
        vg_buf_f(s->out, "%02d/%02d/%04d", d[2], d[1], d[0]);
    } else if (v->type == VG_X_TEXT) {
        snprintf(key, sizeof key, "%.80s.%.*s", of && of->label ? of->label : "expr.word",
                 (int)(v->text.n < 60 ? v->text.n : 60), v->text.p);
        const char *known = vg_tr_known(key);
        vg_buf_f(s->out, known ? "%s" : "“%s", known ? vg_tr(s->lang, known) : "");
        if (!known) {
            vg_buf_s(s->out, v->text);
            vg_buf_c(s->out, "”");
        }
    } else {
        print_value(s->out, v);
    }
}

// A part of the sentence in a buffer of its own.
static const char *part(const saying *s, vg_buf *b, const node *n, int least, const vg_xname *of)
{
    const saying inner = {s->lang, b};
    vg_buf_init(b, PIECE_BYTES);
    if (n->kind == N_LITERAL) {
        say_value(&inner, &n->value, of);
    } else {
        say(&inner, n, least);
    }
    return vg_buf_z(b);
}

static void say_two(const saying *s, const node *n, const char *key, int least)
{
    vg_buf a, b;
    const char *left = part(s, &a, n->a, least, n->b->name);
    const char *right = part(s, &b, n->b, least, n->a->name);
    say_key(s, key, left, right);
    vg_buf_done(&a);
    vg_buf_done(&b);
}

static void say_members(const saying *s, const node *n)
{
    for (size_t i = 0; i < n->n_members; i++) {
        const member *m = &n->members[i];
        vg_buf from, to;
        const node ends[2] = {{.kind = N_LITERAL, .value = m->from},
                              {.kind = N_LITERAL, .value = m->to}};
        vg_buf_c(s->out, i ? vg_tr(s->lang, "expr.say.or_member") : "");
        const char *a = part(s, &from, &ends[0], 0, n->a->name);
        const char *b = part(s, &to, &ends[1], 0, n->a->name);
        if (m->range) {
            say_key(s, m->from.type == VG_X_CLOCK ? "expr.say.range_clock" : "expr.say.range", a,
                    b);
        } else {
            vg_buf_c(s->out, a);
        }
        vg_buf_done(&from);
        vg_buf_done(&to);
    }
}

static void say_keyed(const saying *s, const vg_xname *x, const node *key)
{
    vg_buf name, of;
    if (!key) {
        say_name(s, x);
        return;
    }
    vg_buf_init(&name, PIECE_BYTES);
    say_name(&(saying){s->lang, &name}, x);
    say_key(s, "expr.say.of", vg_buf_z(&name), part(s, &of, key, 0, NULL));
    vg_buf_done(&name);
    vg_buf_done(&of);
}

static void say_in(const saying *s, const node *n)
{
    vg_buf set, a;
    vg_buf_init(&set, PIECE_BYTES);
    const saying inner = {s->lang, &set};
    if (n->n_members) {
        say_members(&inner, n);
    } else {
        say_keyed(&inner, n->name, n->b);
    }
    say_key(s, n->op ? "expr.say.not_in" : "expr.say.in", part(s, &a, n->a, 5, NULL),
            vg_buf_z(&set));
    vg_buf_done(&set);
    vg_buf_done(&a);
}

static void say_one(const saying *s, const node *n, const char *key)
{
    vg_buf a;
    say_key(s, key, part(s, &a, n, 3, NULL), "");
    vg_buf_done(&a);
}

static void say_known(const saying *s, const node *n)
{
    vg_buf a;
    vg_buf_init(&a, PIECE_BYTES);
    say_keyed(&(saying){s->lang, &a}, n->name, n->a);
    say_key(s, "expr.say.known", vg_buf_z(&a), "");
    vg_buf_done(&a);
}

static const char *compare_key(const node *n)
{
    static const char *const keys[C_N] = {"expr.say.eq", "expr.say.ne", "expr.say.lt",
                                          "expr.say.le", "expr.say.gt", "expr.say.ge"};
    static const char *const times[C_N] = {"expr.say.eq",     "expr.say.ne",
                                           "expr.say.before", "expr.say.latest",
                                           "expr.say.after",  "expr.say.earliest"};
    const vg_xtype t = n->a->type;
    return t == VG_X_TIME || t == VG_X_CLOCK || t == VG_X_DATE ? times[n->op] : keys[n->op];
}

static void say(const saying *s, const node *n, int least)
{
    const int own = rank(n);
    vg_buf_c(s->out, own < least ? "(" : "");
    switch (n->kind) {
    case N_LITERAL:
        say_value(s, &n->value, NULL);
        break;
    case N_NAME:
        say_keyed(s, n->name, n->a);
        break;
    case N_KNOWN:
        say_known(s, n);
        break;
    case N_NOT:
        say_one(s, n->a, "expr.say.not");
        break;
    case N_AND:
    case N_OR:
        say_two(s, n, n->kind == N_AND ? "expr.say.and" : "expr.say.or", own);
        break;
    case N_COMPARE:
        say_two(s, n, compare_key(n), 5);
        break;
    case N_IN:
        say_in(s, n);
        break;
    case N_SUM:
        say_two(s, n, n->op == '+' ? "expr.say.plus" : "expr.say.minus", own);
        break;
    }
    vg_buf_c(s->out, own < least ? ")" : "");
}

void vg_expr_say(const vg_expr *x, vg_lang lang, vg_buf *out)
{
    say(&(saying){lang, out}, x->root, 0);
}
