// SPDX-License-Identifier: Apache-2.0
// The two conditions of a rule in the expression language, asked of numbers: names are looked up in the
// interner only for what the expression asks about. `where` picks an event when it is known to be true;
// `active-when` puts a rule to sleep when it is known to be false: in doubt nothing is overlooked.
// Times in an expression are event time; a fact is what it was then.
#include "engine/ask.h"

enum { F_SITE, F_ZONE, F_DEVICE, F_SOURCE, F_KIND, F_VERB, F_VALUE, F_AUTHENTICATED, F_TEST, F_N };

static const char *const verbs[VG_VERB_N + 1] = {"raise",    "restore", "arm",  "disarm", "bypass",
                                                 "unbypass", "test",    "poll", "other",  NULL};
static const vg_xname fields[F_N] = {
    {.name = "site", .type = VG_X_TEXT, .label = "engine.field.site", .id = F_SITE},
    {.name = "zone", .type = VG_X_TEXT, .label = "engine.field.zone", .id = F_ZONE},
    {.name = "device", .type = VG_X_TEXT, .label = "engine.field.device", .id = F_DEVICE},
    {.name = "source", .type = VG_X_TEXT, .label = "engine.field.source", .id = F_SOURCE},
    {.name = "kind", .type = VG_X_TEXT, .label = "engine.field.kind", .id = F_KIND},
    {.name = "verb", .type = VG_X_TEXT, .words = verbs, .label = "engine.verb", .id = F_VERB},
    {.name = "value", .type = VG_X_NUMBER, .label = "engine.field.value", .id = F_VALUE},
    {.name = "authenticated",
     .type = VG_X_BOOL,
     .label = "engine.field.authenticated",
     .id = F_AUTHENTICATED},
    {.name = "test", .type = VG_X_BOOL, .label = "engine.field.test", .id = F_TEST},
};

bool ask_schema(vg_arena *a, const vg_xname *facts, size_t n, vg_xschema *ret)
{
    vg_xname *all = vg_arena_get(a, (F_N + n) * sizeof *all);
    if (!all) {
        return false;
    }
    memcpy(all, fields, sizeof fields);
    for (size_t i = 0; i < n; i++) {
        all[F_N + i] = facts[i];
        all[F_N + i].id = F_N;
    }
    *ret = (vg_xschema){.names = all, .n = F_N + n, .open = !facts};
    return true;
}

typedef struct asked {
    const vg_engine *e;
    const vg_record *r;
    bool whole;  // verb, value and flags are those of an event
    int64_t t;
} asked;

static vg_xvalue name_of(const asked *q, vg_space space, uint32_t id)
{
    return id ? vg_x_text(vg_intern_text(q->e->names->of[space], id)) : vg_x_unknown(VG_X_TEXT);
}

static vg_xvalue get(void *ctx, const vg_xname *x, vg_str key)
{
    const asked *q = ctx;
    const vg_record *r = q->r;
    if (x >= q->e->set->schema.names + F_N || x < q->e->set->schema.names) {  // a fact
        return q->e->opts.fact ? q->e->opts.fact(q->e->opts.fact_ctx, x, key, q->t)
                               : vg_x_unknown(x->type);
    }
    if (x->id >= F_VERB && !q->whole) {
        return vg_x_unknown(x->type);
    }
    switch (x->id) {
    case F_SITE:
        return name_of(q, VG_SITE, r->site);
    case F_ZONE:
        return name_of(q, VG_ZONE, r->zone);
    case F_DEVICE:
        return name_of(q, VG_DEVICE, r->device);
    case F_SOURCE:
        return name_of(q, VG_SOURCE, r->source);
    case F_KIND:
        return name_of(q, VG_KIND, r->kind);
    case F_VERB:
        return vg_x_text(vg_str_c(verbs[r->verb < VG_VERB_N ? r->verb : VG_VERB_OTHER]));
    case F_VALUE:
        return vg_x_number(r->value);
    case F_AUTHENTICATED:
        return vg_x_bool(r->flags & VG_REC_AUTHENTICATED);
    default:
        return vg_x_bool(r->flags & VG_REC_TEST);
    }
}

vg_tri ask(const vg_engine *e, const vg_expr *x, const vg_record *r, bool whole, int64_t t)
{
    asked q = {e, r, whole, t};
    return vg_expr_ask(x, &(vg_xenv){.ctx = &q, .now_us = t, .get = get});
}
