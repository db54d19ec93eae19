// SPDX-License-Identifier: Apache-2.0
// Inside the expression language: tree, tokens, program.
#pragma once

#include "expr/expr.h"

#include "base/clock.h"

enum { NODES_MAX = 256, DEPTH_MAX = 32, MEMBERS_MAX = 64, STACK_MAX = 72, CODE_MAX = 1024 };
enum { OFFSET_MIN = 7 * 60 };
#define DAY_US (INT64_C(86400) * VG_SECOND_US)

typedef enum token_kind {
    T_END,
    T_WORD,     // a name or keyword
    T_LITERAL,  // value is set
    T_SIGN      // punctuation or comparison: text
} token_kind;

typedef struct token {
    token_kind kind;
    vg_str text;
    vg_xvalue value;
    size_t line, column;
} token;

typedef enum node_kind {
    N_LITERAL,
    N_NAME,
    N_KNOWN,
    N_NOT,
    N_AND,
    N_OR,
    N_COMPARE,
    N_IN,
    N_SUM
} node_kind;
typedef enum compare { C_EQ, C_NE, C_LT, C_LE, C_GT, C_GE, C_N } compare;

typedef struct member {  // of a set: one value, or all from…to
    vg_xvalue from, to;
    bool range;
} member;

typedef struct node {
    node_kind kind;
    vg_xtype type;
    uint8_t op;  // compare; sum: '+' or '-'; in: 1 = not in
    vg_xvalue value;
    const vg_xname *name;  // also the set of N_IN, then with b as its key
    struct node *a, *b;    // name: a is the key
    const member *members;
    size_t n_members;
    size_t line, column;
    vg_str word;  // as written, for messages
} node;

typedef enum op {
    OP_PUSH,     // constant arg
    OP_LOAD,     // name arg
    OP_LOAD_AT,  // name arg, key on the stack
    OP_KNOWN,
    OP_NOT,
    OP_AND_SKIP,  // known false: leave it and go on at arg
    OP_AND,
    OP_OR_SKIP,
    OP_OR,
    OP_COMPARE,  // arg is a compare
    OP_IN,       // arg: first member, n: how many
    OP_IN_NAME,  // name arg
    OP_IN_NAME_AT,
    OP_ADD,
    OP_SUB
} op;

typedef struct instr {
    uint16_t op, arg, n;
} instr;

struct vg_expr {
    const node *root;
    const instr *code;
    size_t n_code;
    const vg_xvalue *constants;
    const member *members;
    const vg_xname *const *names;
    size_t n_names;
};

typedef struct reader {  // one text being compiled
    vg_arena *arena;
    const vg_xschema *schema;
    const vg_xorigin *origin;
    vg_str text;
    size_t at, line, column;
    token now;
    size_t n_nodes, depth;
    vg_err *err;
    vg_status st;  // the first failure
} reader;

extern const char *const expr_days[7];        // "mon" …
extern const char *const expr_compares[C_N];  // "=" …
extern const vg_xname expr_builtins[];        // now, time, day, date; ids below zero
enum { BUILTIN_NOW = -4, BUILTIN_TIME, BUILTIN_DAY, BUILTIN_DATE, BUILTINS = 4 };

// lex.c
void expr_next(reader *r);  // moves r->now on; failure in r->st
bool expr_keyword(vg_str word);
// Fails r (once) at a place; word is the field.
void expr_fail(reader *r, const token *at, vg_str word, const char *key, const char *meant);
// parse.c
node *expr_parse(reader *r);  // NULL on failure
// check.c: names resolved, types agree
void expr_check(reader *r, node *root);
// program.c
void expr_program(reader *r, vg_expr *x);
bool expr_in_range(const member *m, const vg_xvalue *v);
int expr_order(const vg_xvalue *a, const vg_xvalue *b);  // -1 0 1
