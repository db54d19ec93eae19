// SPDX-License-Identifier: Apache-2.0
// The one expression language: yes-or-no questions about named values, written by people in rules, checklists,
// requirements and run cards (docs/expression.md). A text is checked against a schema of names and types,
// compiled to a short program, and evaluated without allocation in a bounded number of steps.
//
// Values may be unknown, and the answer is one of three. `and` is false when either side is, `or` true when
// either side is, else an unknown side makes the whole unknown; comparing or adding with something unknown is
// unknown; only `known X` always answers. What unknown means in the end is the caller's word, not the language's.
#pragma once

#include "base/i18n.h"

typedef enum vg_xtype {
    VG_X_BOOL,
    VG_X_NUMBER,
    VG_X_TEXT,
    VG_X_DURATION,  // µs
    VG_X_TIME,      // a moment: µs since 1970 UTC
    VG_X_CLOCK,     // time of day in Viet Nam: seconds since midnight
    VG_X_DAY,       // day of the week: 0 = Monday … 6 = Sunday
    VG_X_DATE,      // day in Viet Nam: days since 1970-01-01
    VG_X_TYPES
} vg_xtype;

typedef enum vg_tri { VG_FALSE, VG_TRUE, VG_UNKNOWN } vg_tri;

typedef struct vg_xvalue {
    vg_xtype type;
    bool known;
    union {
        double number;
        int64_t i;  // every type but number and text
        vg_str text;
    };
} vg_xvalue;

static inline vg_xvalue vg_x_unknown(vg_xtype type)
{
    return (vg_xvalue){.type = type};
}
static inline vg_xvalue vg_x_bool(bool v)
{
    return (vg_xvalue){.type = VG_X_BOOL, .known = true, .i = v};
}
static inline vg_xvalue vg_x_number(double v)
{
    return (vg_xvalue){.type = VG_X_NUMBER, .known = v == v, .number = v};
}
static inline vg_xvalue vg_x_text(vg_str v)
{
    return (vg_xvalue){.type = VG_X_TEXT, .known = true, .text = v};
}
static inline vg_xvalue vg_x_int(vg_xtype type, int64_t v)  // duration, time, clock, day, date
{
    return (vg_xvalue){.type = type, .known = true, .i = v};
}

// --- what may be asked about --------------------------------------------------------------------
typedef struct vg_xname {
    const char *name;  // "zone.class": lower case words joined by dots
    vg_xtype type;
    bool keyed;                // written name[key]; the key is a text
    bool set;                  // a set of texts: stands only after `in`
    const char *const *words;  // the texts it can be (NULL-terminated), NULL = any
    const char *label;         // catalogue key of what people call it; NULL: "expr.name.<name>"
    int id;                    // the schema owner's own number
} vg_xname;

// Always there besides the schema: now (time), time (clock), day, date; unknown when env->now_us is 0.
typedef struct vg_xschema {
    const vg_xname *names;  // must outlive the expressions
    size_t n;
    bool open;  // any other name is a yes-or-no question, with or without a key
} vg_xschema;

typedef struct vg_xorigin {  // where the text stands, for error messages; zero is fine
    const char *file;
    size_t line;
} vg_xorigin;

typedef struct vg_expr vg_expr;

enum { VG_X_BYTES = 2000 };  // of one text

// The expression lives in a. Errors: VG_EINVALID with the offending word as the field and "line:column" (and
// what was probably meant) in the detail; VG_ETOOBIG.
vg_status vg_expr_compile(vg_arena *a, const vg_xschema *schema, vg_str text,
                          const vg_xorigin *origin, const vg_expr **ret, vg_err *err) VG_USE_RESULT;

// --- asking -------------------------------------------------------------------------------------
typedef struct vg_xenv {
    void *ctx;
    int64_t now_us;
    // The value of a name (key is empty when it has none). A value of another type counts as unknown.
    // Texts are borrowed for the call.
    vg_xvalue (*get)(void *ctx, const vg_xname *name, vg_str key);
    // Is member in the set? May be NULL when the schema has no sets.
    vg_tri (*has)(void *ctx, const vg_xname *name, vg_str key, vg_str member);
} vg_xenv;

vg_tri vg_expr_ask(const vg_expr *x, const vg_xenv *env);

// --- reading back -------------------------------------------------------------------------------
void vg_expr_print(const vg_expr *x, vg_buf *out);  // the one canonical text: compiles to the same
void vg_expr_say(const vg_expr *x, vg_lang lang, vg_buf *out);  // for people
// The names it asks about, in order of first use; NULL past the end.
const vg_xname *vg_expr_name(const vg_expr *x, size_t i);

// Viet Nam's time of day, day of the week and date of a moment.
vg_xvalue vg_x_clock_of(int64_t us);
vg_xvalue vg_x_day_of(int64_t us);
vg_xvalue vg_x_date_of(int64_t us);
