// SPDX-License-Identifier: Apache-2.0
// Sentences are made from the resolved rule, never from its title, so that what a person approves is
// what the engine does. All wording is in the catalogue (engine.say.*); a kind is called by the
// catalogue's signal.<kind> or, if it has none there, by its own name.
#include "engine/explain.h"

#include "base/clock.h"

enum { PIECE_BYTES = 16 << 10 };

typedef struct piece {  // a text of the sentence in the making
    vg_buf b;
} piece;

static void piece_done(piece *p)
{
    vg_buf_done(&p->b);
}
#define PIECE(name)                    \
    VG_CLEANUP(piece_done) piece name; \
    vg_buf_init(&name.b, PIECE_BYTES)

const char *vg_rule_title(const vg_rule *r, vg_lang lang)
{
    return lang == VG_EN && r->title_en ? r->title_en : r->title;
}

static void say_span(vg_buf *b, vg_lang lang, int64_t us)
{
    static const struct {
        int64_t seconds;
        const char *key;
    } units[] = {{86400, "engine.span.day"},
                 {3600, "engine.span.hour"},
                 {60, "engine.span.minute"},
                 {1, "engine.span.second"}};
    const int64_t s = us / VG_SECOND_US;
    size_t i = 0;
    // 90 s is not one and a half minutes, and two minutes or less are said in seconds.
    while (s % units[i].seconds || (s / units[i].seconds < 2 && units[i].seconds > 1) || s == 120) {
        if (units[i].seconds == 1) {
            break;
        }
        i++;
    }
    char n[24];
    snprintf(n, sizeof n, "%lld", (long long)(s / units[i].seconds));
    vg_tr_add(b, lang, units[i].key, (const char *const[]){"n", n, NULL});
}

static void say_kind(vg_buf *b, vg_lang lang, const char *kind, uint32_t verbs)
{
    static const char *const verb_keys[VG_VERB_N] = {NULL,
                                                     "engine.verb.restore",
                                                     "engine.verb.arm",
                                                     "engine.verb.disarm",
                                                     "engine.verb.bypass",
                                                     "engine.verb.unbypass",
                                                     "engine.verb.test",
                                                     "engine.verb.poll",
                                                     "engine.verb.other"};
    char key[80];
    snprintf(key, sizeof key, "signal.%s", kind);
    const char *text = vg_tr(lang, key);
    vg_buf_c(b, vg_tr(lang, "engine.say.open_quote"));
    vg_buf_c(b, text == key ? kind : text);
    vg_buf_c(b, vg_tr(lang, "engine.say.close_quote"));
    if (verbs && (verbs & (verbs - 1)) == 0 && verb_keys[__builtin_ctz(verbs)]) {
        vg_buf_f(b, " (%s)", vg_tr(lang, verb_keys[__builtin_ctz(verbs)]));
    }
}

// The events of a list of documents, joined by "or".
static void say_events(vg_buf *b, vg_lang lang, const vg_ruleset *set, const uint32_t *v, size_t n)
{
    bool limited = false, any = false;
    for (size_t i = 0; i < n; i++) {
        const vg_rule_event *e = &set->events[v[i]];
        for (size_t k = 0; k < e->kinds.n; k++) {
            vg_buf_c(b, any ? vg_tr(lang, "engine.say.or") : "");
            any = true;
            if (e->alerts) {
                const vg_rule *cited = &set->rules[vg_ruleset_find(set, e->name)];
                vg_tr_add(b, lang, "engine.say.alert",
                          (const char *const[]){"title", vg_rule_title(cited, lang), NULL});
            } else {
                say_kind(b, lang, e->kinds.v[k], e->verbs);
            }
        }
        limited |= e->sites.n || e->zones.n || e->devices.n;
        if (e->where) {
            PIECE(where);
            vg_expr_say(e->where, lang, &where.b);
            vg_tr_add(b, lang, "engine.say.where",
                      (const char *const[]){"where", vg_buf_z(&where.b), NULL});
        }
    }
    vg_buf_c(b, limited ? vg_tr(lang, "engine.say.limited") : "");
}

static bool grouped(const vg_rule *r, vg_rule_field f)
{
    for (size_t i = 0; i < r->n_group; i++) {
        if (r->group[i] == f) {
            return true;
        }
    }
    return false;
}

// "in the same zone": the narrowest place of the key, then what else it holds.
static void say_where(vg_buf *b, vg_lang lang, const vg_rule *r)
{
    static const char *const keys[VG_BY_N] = {"engine.by.site", "engine.by.zone",
                                              "engine.by.device", "engine.by.source",
                                              "engine.by.kind"};
    const vg_rule_field place = grouped(r, VG_BY_DEVICE) ? VG_BY_DEVICE
                                : grouped(r, VG_BY_ZONE) ? VG_BY_ZONE
                                                         : VG_BY_SITE;
    const vg_rule_field say[] = {place, VG_BY_SOURCE, VG_BY_KIND};
    if (r->across) {
        vg_buf_f(b, " %s", vg_tr(lang, "engine.by.across"));
    }
    for (size_t i = 0; i < VG_LEN(say); i++) {
        if (grouped(r, say[i])) {
            vg_buf_f(b, " %s", vg_tr(lang, keys[say[i]]));
        }
    }
}

// "; unless …", "; open until …", "; if not over …".
static void say_stage(vg_buf *b, vg_lang lang, const vg_ruleset *set, const vg_rule *r)
{
    static const char *const levels[] = {"engine.level.low", "engine.level.medium",
                                         "engine.level.high", "engine.level.critical"};
    const vg_rule_stage *s = &r->stage;
    PIECE(events);
    PIECE(before);
    PIECE(after);
    say_span(&before.b, lang, s->before_us);
    say_span(&after.b, lang, s->after_us);
    if (s->n_excuses) {
        say_events(&events.b, lang, set, s->excuses, s->n_excuses);
        vg_tr_add(b, lang,
                  !s->after_us    ? "engine.say.unless_before"
                  : !s->before_us ? "engine.say.unless_after"
                                  : "engine.say.unless_around",
                  (const char *const[]){"events", vg_buf_z(&events.b), "before",
                                        vg_buf_z(&before.b), "after", vg_buf_z(&after.b), NULL});
    }
    if (s->n_recovers) {
        PIECE(ends);
        PIECE(hold);
        say_events(&ends.b, lang, set, s->recovers, s->n_recovers);
        say_span(&hold.b, lang, s->hold_us);
        vg_tr_add(
            b, lang, s->hold_us ? "engine.say.recovery_hold" : "engine.say.recovery",
            (const char *const[]){"events", vg_buf_z(&ends.b), "hold", vg_buf_z(&hold.b), NULL});
    }
    for (size_t i = 0; i < s->n_rungs; i++) {
        PIECE(span);
        say_span(&span.b, lang, s->rungs[i].after_us);
        vg_tr_add(b, lang, "engine.say.rung",
                  (const char *const[]){"span", vg_buf_z(&span.b), "level",
                                        vg_tr(lang, levels[s->rungs[i].level]), NULL});
    }
}

static void say_tail(vg_buf *b, vg_lang lang, const vg_ruleset *set, const vg_rule *r)
{
    static const char *const refire[] = {"engine.say.after_window", "engine.say.reset",
                                         "engine.say.each"};
    if (r->type == VG_RULE_COUNT || r->type == VG_RULE_DISTINCT || r->type == VG_RULE_NEIGHBOURS) {
        vg_buf_c(b, vg_tr(lang, refire[r->refire]));
    }
    if (r->type == VG_RULE_SEQUENCE) {
        vg_buf_c(b,
                 vg_tr(lang, r->pick == VG_PICK_LATEST ? "engine.say.latest" : "engine.say.first"));
        vg_buf_c(b, vg_tr(lang, r->consume ? "engine.say.consumed" : "engine.say.kept"));
    }
    if (r->type == VG_RULE_TOGETHER) {
        vg_buf_c(b, vg_tr(lang, r->consume ? "engine.say.consumed_all" : "engine.say.each"));
    }
    if (r->hold_offline) {
        vg_buf_c(b, vg_tr(lang, "engine.say.hold"));
    }
    if (r->active_when) {
        PIECE(fact);
        vg_expr_say(r->active_when, lang, &fact.b);
        vg_tr_add(b, lang, "engine.say.active",
                  (const char *const[]){"fact", vg_buf_z(&fact.b), NULL});
    }
    say_stage(b, lang, set, r);
}

static const char *main_key(const vg_rule *r)
{
    static const char *const keys[VG_RULE_TYPES_N] = {
        [VG_RULE_SEQUENCE] = "engine.say.sequence",     [VG_RULE_TOGETHER] = "engine.say.together",
        [VG_RULE_COUNT] = "engine.say.count",           [VG_RULE_DISTINCT] = "engine.say.distinct",
        [VG_RULE_ABSENCE] = "engine.say.absence",       [VG_RULE_SUPPRESS] = "engine.say.suppress",
        [VG_RULE_NEIGHBOURS] = "engine.say.neighbours", [VG_RULE_RATE] = "engine.say.rate",
        [VG_RULE_EVENT] = "engine.say.event",
    };
    if (r->type == VG_RULE_DISTINCT && r->distinct == VG_BY_SITE) {
        return "engine.say.sites";
    }
    if (r->type == VG_RULE_EVENT && r->span_us) {
        return keys[VG_RULE_SUPPRESS];
    }
    if (r->type == VG_RULE_SUPPRESS && r->window == VG_WINDOW_FROM_LAST) {
        return "engine.say.suppress_last";
    }
    return keys[r->type];
}

// 2.5, or 2,5 in Vietnamese.
static void say_decimal(char *z, size_t n, vg_lang lang, double v)
{
    snprintf(z, n, "%.4g", v);
    char *point = strchr(z, '.');
    if (point && lang == VG_VI) {
        *point = ',';
    }
}

static void say(const vg_ruleset *set, const vg_rule *r, vg_lang lang, const char *key, vg_buf *out)
{
    static const char *const distinct[VG_BY_N] = {"engine.field.site", "engine.field.zone",
                                                  "engine.field.device", "engine.field.source",
                                                  "engine.field.kind"};
    PIECE(events);
    PIECE(where);
    PIECE(span);
    PIECE(tail);
    if (r->type == VG_RULE_SEQUENCE || r->type == VG_RULE_TOGETHER) {
        const char *join = r->type == VG_RULE_SEQUENCE ? "engine.say.then" : "engine.say.and";
        for (size_t i = 0; i < r->n_events; i++) {
            vg_buf_c(&events.b, i ? vg_tr(lang, join) : "");
            say_events(&events.b, lang, set, &r->events[i], 1);
        }
    } else {
        say_events(&events.b, lang, set, r->events, r->n_events);
    }
    say_where(&where.b, lang, r);
    say_span(&span.b, lang, r->span_us);
    say_tail(&tail.b, lang, set, r);
    char n[16], weeks[16], ratio[32], threshold[32];
    snprintf(n, sizeof n, "%u", r->count);
    snprintf(weeks, sizeof weeks, "%d", (int)VG_RATE_WEEKS);
    say_decimal(ratio, sizeof ratio, lang, r->ratio);
    say_decimal(threshold, sizeof threshold, lang, r->threshold);
    vg_tr_add(out, lang, key,
              (const char *const[]){"events", vg_buf_z(&events.b), "where", vg_buf_z(&where.b),
                                    "span", vg_buf_z(&span.b), "tail", vg_buf_z(&tail.b), "n", n,
                                    "field", vg_tr(lang, distinct[r->distinct]), "weeks", weeks,
                                    "ratio", ratio, "threshold", threshold, NULL});
}

void vg_rule_explain(const vg_ruleset *set, size_t rule, vg_lang lang, vg_buf *out)
{
    const vg_rule *r = &set->rules[rule];
    say(set, r, lang, main_key(r), out);
}

void vg_rule_cancel(const vg_ruleset *set, size_t rule, vg_lang lang, vg_buf *out)
{
    static const char *const keys[VG_RULE_TYPES_N] = {
        [VG_RULE_SEQUENCE] = "engine.cancel.sequence",
        [VG_RULE_TOGETHER] = "engine.cancel.together",
        [VG_RULE_COUNT] = "engine.cancel.count",
        [VG_RULE_DISTINCT] = "engine.cancel.distinct",
        [VG_RULE_ABSENCE] = "engine.cancel.absence",
        [VG_RULE_SUPPRESS] = "engine.cancel.person",
        [VG_RULE_NEIGHBOURS] = "engine.cancel.neighbours",
        [VG_RULE_RATE] = "engine.cancel.rate",
        [VG_RULE_EVENT] = "engine.cancel.person",
    };
    const vg_rule *r = &set->rules[rule];
    // An alert that ends by itself does not wait for a person.
    const bool person = r->type == VG_RULE_SUPPRESS || r->type == VG_RULE_EVENT;
    if (!person || !r->stage.n_recovers) {
        say(set, r, lang, keys[r->type], out);
    }
    if (vg_rule_staged(r)) {
        PIECE(stage);
        say_stage(&stage.b, lang, set, r);
        vg_tr_add(out, lang, "engine.cancel.stage",
                  (const char *const[]){"stage", vg_buf_z(&stage.b), NULL});
    }
    if (r->n_clears) {
        PIECE(events);
        say_events(&events.b, lang, set, r->clears, r->n_clears);
        vg_tr_add(out, lang, "engine.cancel.clears",
                  (const char *const[]){"events", vg_buf_z(&events.b), NULL});
    }
}
