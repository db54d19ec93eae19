// SPDX-License-Identifier: Apache-2.0
// A rule's text seen against all others: does it load together with them, what does it say as a sentence, and what
// is there for a form to offer. A check changes nothing and is not journaled; it is a command only because a text
// of 64 KiB has no place in an address.
#include "domain/alerts/rule_life.h"

#include "domain/alerts/brain.h"

#include "domain/facts.h"

#include <assert.h>

enum { FACTS_MAX = 256 };

extern const vg_embedded vg_shipped_rules[];

const vg_field alerts_check_fields[] = {
    {"text", VG_F_TEXT, VG_REQUIRED, .max = ALERTS_TEXT_BYTES},
    {NULL},
};
const vg_field alerts_name_fields[] = {
    {"id", VG_F_TEXT, VG_IN_PATH, .max = 64},
    {NULL},
};

static vg_status own_in_force(vg_db *db, vg_arena *a, const char *except, alerts_mix *m,
                              vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    VG_TRY(vg_rows_open(db,
                        "SELECT name, text FROM rule_text WHERE state = 'active' AND world = 0 AND"
                        " name <> ? ORDER BY name",
                        VG_VALS(vg_z(except)), &r, err));
    while (st == VG_OK && vg_rows_next(r)) {
        const char *name = vg_str_z(a, vg_row_str(r, 0));
        const vg_str text = vg_str_dup(a, vg_row_str(r, 1));
        if (!name || !text.p || m->sources.n_own + 1 >= ALERTS_OWN_MAX) {
            st = vg_fail(err, VG_ETOOBIG, "", "engine.err.too_many_rules", "%zu", m->sources.n_own);
            break;
        }
        m->own[m->sources.n_own++] = (alerts_text){name, text};
    }
    const vg_status closed = vg_rows_close(r, st == VG_OK ? err : NULL);
    return st == VG_OK ? closed : st;
}

vg_status alerts_mix_load(vg_core *core, vg_db *db, vg_arena *a, const char *except,
                          alerts_mix **ret, vg_err *err)
{
    alerts_mix *m = vg_arena_get(a, sizeof *m);
    vg_xname *facts = vg_arena_get(a, FACTS_MAX * sizeof *facts);
    const vg_str dir = vg_str_f(a, "%s/rules", vg_core_dir(core));
    if (!m || !facts || !dir.p) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "rules");
    }
    m->sources = (alerts_sources){.shipped = vg_shipped_rules,
                                  .dir = dir.p,
                                  .own = m->own,
                                  .facts = facts,
                                  .n_facts = vg_fact_names(facts, FACTS_MAX)};
    VG_TRY(own_in_force(db, a, except, m, err));
    *ret = m;
    return VG_OK;
}

vg_status alerts_text_look(vg_core *core, vg_db *db, vg_arena *a, vg_str text, alerts_look *ret,
                           vg_err *err)
{
    alerts_mix *m = NULL;
    alerts_files *f = NULL;
    const char *name = NULL;
    if (text.n > ALERTS_TEXT_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "text", NULL, "%d", (int)ALERTS_TEXT_BYTES);
    }
    VG_TRY(alerts_mix_load(core, db, a, "", &m, err));
    VG_TRY(alerts_text_name(&m->sources, text, a, &name, err));
    assert(m && name);
    size_t n = 0;
    for (size_t i = 0; i < m->sources.n_own; i++) {  // the one whose place it takes
        if (strcmp(m->own[i].name, name) != 0) {
            m->own[n++] = m->own[i];
        }
    }
    m->own[n++] = (alerts_text){"", text};
    m->sources.n_own = n;
    VG_TRY(alerts_files_create(&m->sources, &f, err));
    const vg_status st =
        alerts_files_mix_gate(f, ALERTS_DRAFT_FILE)
            ? vg_fail(err, VG_EINVALID, "text", "alerts.rule_mixes_gate", "%s", name)
            : alerts_files_look(f, ALERTS_DRAFT_FILE, NULL, a, ret, err);
    alerts_files_destroy(f);
    return st;
}

static void say_look(vg_jw *w, const alerts_look *l)
{
    vg_jw_kz(w, "name", l->name);
    vg_jw_kz(w, "version", l->version);
    vg_jw_kz(w, "type", l->type);
    vg_jw_kz(w, "level", l->level);
    vg_jw_kz(w, "title_vi", l->title_vi);
    vg_jw_kz(w, "title_en", l->title_en);
    vg_jw_kstr(w, "sentence_vi", l->sentence_vi);
    vg_jw_kstr(w, "sentence_en", l->sentence_en);
    vg_jw_kstr(w, "cancel_vi", l->cancel_vi);
    vg_jw_kstr(w, "cancel_en", l->cancel_en);
    vg_jw_kbool(w, "portable", l->portable);
    vg_jw_ki64(w, "stratum", l->stratum);
    vg_jw_key(w, "sites");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < l->n_sites; i++) {
        vg_jw_str(w, vg_str_c(l->sites[i]));
    }
    vg_jw_close(w, ']');
}

VG_HANDLER(alerts_rules_check)
{
    alerts_look look;
    cx->secret_reply = true;  // not kept for a retry: it can be asked again
    VG_TRY(alerts_text_look(cx->core, cx->db, cx->arena, vg_arg_str(args, "text"), &look, err));
    say_look(&cx->reply, &look);
    return VG_OK;
}

// --- queries ------------------------------------------------------------------------------------
// Rules in force are no secret of an agency: the list of rules shows them all (alerts.md). So they are read
// without a scope, as the engine does.
static vg_status files_in_force(vg_read *rd, alerts_files **ret, vg_err *err)
{
    vg_db *db;
    alerts_mix *m = NULL;
    VG_TRY(vg_inner_take(rd->core, &db, err));
    const vg_status st = alerts_mix_load(rd->core, db, rd->arena, "", &m, err);
    vg_inner_give(rd->core, db);
    return st == VG_OK ? alerts_files_create(&m->sources, ret, err) : st;
}

vg_status alerts_rule_source(vg_read *rd, const vg_args *args, vg_err *err)
{
    alerts_files *f = NULL;
    alerts_look l;
    vg_str text = {"", 0};
    const char *name = vg_str_z(rd->arena, vg_arg_str(args, "id"));
    VG_TRY(files_in_force(rd, &f, err));
    vg_status st = alerts_files_look(f, NULL, name, rd->arena, &l, err);
    if (st == VG_OK) {
        st = alerts_files_text(f, name, rd->arena, &text, err);
    }
    alerts_files_destroy(f);
    VG_TRY(st);
    vg_jw_open(&rd->out, '{');
    vg_jw_kstr(&rd->out, "text", text);
    vg_jw_kz(&rd->out, "file", l.file);
    say_look(&rd->out, &l);
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}

typedef struct word_list {
    vg_jw *out;
    bool rules;
} word_list;

static void say_word(void *ctx, const alerts_word *w)
{
    const word_list *l = ctx;
    if (w->rule != l->rules) {
        return;
    }
    vg_jw_open(l->out, '{');
    vg_jw_kz(l->out, "name", w->name);
    if (w->rule) {
        vg_jw_kz(l->out, "title_vi", w->title_vi);
        vg_jw_kz(l->out, "title_en", w->title_en);
    } else {
        vg_jw_kbool(l->out, "limited", w->limited);
        vg_jw_key(l->out, "kinds");
        vg_jw_open(l->out, '[');
        for (size_t i = 0; i < w->n_kinds; i++) {
            vg_jw_str(l->out, vg_str_c(w->kinds[i]));
        }
        vg_jw_close(l->out, ']');
    }
    vg_jw_close(l->out, '}');
}

static void say_kinds(vg_jw *out)
{
    size_t n_kinds = 0;
    const char *const *kinds = alerts_brain_kinds(&n_kinds);
    char key[80];
    vg_jw_key(out, "kinds");
    vg_jw_open(out, '[');
    for (size_t i = 0; i < n_kinds; i++) {
        snprintf(key, sizeof key, "signal.%s", kinds[i]);
        const char *vi = vg_tr(VG_VI, key), *en = vg_tr(VG_EN, key);
        vg_jw_open(out, '{');
        vg_jw_kz(out, "name", kinds[i]);
        vg_jw_kz(out, "title_vi", vi == key ? kinds[i] : vi);
        vg_jw_kz(out, "title_en", en == key ? kinds[i] : en);
        vg_jw_close(out, '}');
    }
    vg_jw_close(out, ']');
}

vg_status alerts_rule_words(vg_read *rd, const vg_args *args, vg_err *err)
{
    alerts_files *f = NULL;
    (void)args;
    VG_TRY(files_in_force(rd, &f, err));
    vg_jw_open(&rd->out, '{');
    say_kinds(&rd->out);
    for (int rules = 0; rules < 2; rules++) {
        vg_jw_key(&rd->out, rules ? "rules" : "events");
        vg_jw_open(&rd->out, '[');
        alerts_files_words(f, say_word, &(word_list){&rd->out, rules});
        vg_jw_close(&rd->out, ']');
    }
    vg_jw_close(&rd->out, '}');
    alerts_files_destroy(f);
    return VG_OK;
}
