// SPDX-License-Identifier: Apache-2.0
// Rule files for the verb `rules`. The loader stops at the first fault of a set, as a node must; a person wants
// to hear of all of them. So after a fault the document it lies in is blanked (its lines stay, so that line
// numbers do) and the files are read again, until nothing is left to say: one fault a document and round.
// References are looked at only when every document is right by itself.
#include "app/verb_rules.h"

#include "domain/alerts/brain.h"
#include "domain/facts.h"

#include <errno.h>

// A longer name loses its beginning, so that the error text keeps the line.
enum { FILE_MAX = 1 << 20, ROUNDS = 256, FACTS_MAX = 256, NAME_MAX_BYTES = 100 };

static vg_status read_one(const char *path, rules_file *ret, vg_err *err)
{
    char piece[16384];
    FILE *f = fopen(path, "re");
    if (!f) {
        return vg_fail(err, VG_ENOTFOUND, "file", "rules.no_file", "%s: %s", path, strerror(errno));
    }
    const size_t n_path = strlen(path);
    ret->name = n_path > NAME_MAX_BYTES ? path + n_path - NAME_MAX_BYTES : path;
    vg_buf_init(&ret->text, FILE_MAX);
    for (size_t n; !ret->text.failed && (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        vg_buf_add(&ret->text, piece, n);
    }
    const bool broken = ferror(f) != 0;
    fclose(f);
    if (broken) {
        return vg_fail(err, VG_ENOTFOUND, "file", "rules.no_file", "%s", path);
    }
    return ret->text.failed ? vg_fail(err, VG_ETOOBIG, "file", "rules.too_big", "%s", path) : VG_OK;
}

vg_status rules_files_read(const vg_cli *cli, rules_files *ret, vg_err *err)
{
    ret->node = vg_cli_get(cli, "node") != NULL;
    if (cli->n_words < 2) {
        return vg_fail(err, VG_EINVALID, "file", "rules.need_file", "%s", cli->word[0]);
    }
    for (int i = 1; i < cli->n_words; i++) {
        VG_TRY(read_one(cli->word[i], &ret->v[ret->n++], err));
    }
    return VG_OK;
}

void rules_files_done(rules_files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        vg_buf_done(&f->v[i].text);
    }
}

// --- loading ------------------------------------------------------------------------------------
static vg_status fresh(const rules_files *f, vg_ruleset **ret, vg_err *err)
{
    vg_texts kinds = {0};
    vg_xname facts[FACTS_MAX];
    if (f->node) {
        kinds.v = alerts_brain_kinds(&kinds.n);
    }
    *ret = vg_ruleset_create(kinds);
    return f->node ? vg_ruleset_facts(*ret, facts, vg_fact_names(facts, FACTS_MAX), err) : VG_OK;
}

// ret_at: the file that is at fault, n when it is a reference. The set is made in any case.
static vg_status load(const rules_files *f, vg_ruleset **ret, size_t *ret_at, vg_err *err)
{
    *ret_at = f->n;
    VG_TRY(fresh(f, ret, err));
    for (size_t i = 0; i < f->n; i++) {
        *ret_at = i;
        VG_TRY(vg_ruleset_add(*ret, f->v[i].name, vg_buf_str(&f->v[i].text), err));
    }
    *ret_at = f->n;
    return vg_ruleset_finish(*ret, err);
}

vg_status rules_files_load(const rules_files *f, vg_ruleset **ret, vg_err *err)
{
    size_t at = 0;
    vg_ruleset *set = NULL;
    const vg_status st = load(f, &set, &at, err);
    if (st != VG_OK) {
        vg_ruleset_destroy(set);
        return st;
    }
    *ret = set;
    return VG_OK;
}

// --- all faults ---------------------------------------------------------------------------------
static bool new_document(const char *line, const char *end)
{
    return end - line >= 3 && memcmp(line, "---", 3) == 0 &&
           (end - line == 3 || line[3] == ' ' || line[3] == '\n' || line[3] == '\r');
}

// Blanks the document that holds line `at`, all but its line feeds. False: there is no such line.
static bool blank(vg_buf *text, size_t at)
{
    char *end = text->p + text->n, *from = text->p, *p = text->p;
    size_t line = 1;
    for (; p < end && line < at; p++) {
        line += *p == '\n';
        if (*p == '\n' && new_document(p + 1, end)) {
            from = p + 1;
        }
    }
    if (p >= end) {
        return false;
    }
    from += new_document(from, end) ? 3 : 0;
    for (bool first = true; p < end && (first || !new_document(p, end)); first = false) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        p = eol ? p + (eol + 1 - p) : end;
    }
    bool any = false;
    for (char *c = from; c < p; c++) {
        any = any || (*c != '\n' && *c != ' ');
        *c = *c == '\n' ? '\n' : ' ';
    }
    return any;
}

typedef struct place {  // where an error says it lies
    size_t file;
    int64_t line;  // 0: nowhere
} place;

// The loader writes "a.yaml:12" somewhere into the detail.
static place place_of(const rules_files *f, const vg_err *e)
{
    for (size_t i = 0; i < f->n; i++) {
        const size_t n = strlen(f->v[i].name);
        const char *at = strstr(e->detail, f->v[i].name);
        int64_t line = 0;
        if (at && at[n] == ':') {
            const size_t len = strspn(at + n + 1, "0123456789");
            if (vg_str_i64((vg_str){at + n + 1, len}, 1, FILE_MAX, &line, NULL) == VG_OK) {
                return (place){i, line};
            }
        }
    }
    return (place){0, 0};
}

static void say(const rules_files *f, place at, vg_lang lang, const vg_err *e)
{
    vg_buf b;
    vg_buf_init(&b, 1 << 16);
    if (at.line) {
        vg_buf_f(&b, "%s:%lld: ", f->v[at.file].name, (long long)at.line);
    }
    vg_tr_err(&b, lang, e);
    fprintf(stderr, "%s\n", vg_buf_z(&b));
    vg_buf_done(&b);
}

static void copy_files(const rules_files *f, rules_files *ret)
{
    *ret = (rules_files){.n = f->n, .node = f->node};
    for (size_t i = 0; i < f->n; i++) {
        ret->v[i].name = f->v[i].name;
        vg_buf_init(&ret->v[i].text, FILE_MAX);
        vg_buf_s(&ret->v[i].text, vg_buf_str(&f->v[i].text));
    }
}

size_t rules_files_errors(const rules_files *f, vg_lang lang)
{
    rules_files work;
    size_t n = 0;
    bool in_documents = false;
    copy_files(f, &work);
    for (bool again = true; again && n < ROUNDS;) {
        vg_err e = {0};
        size_t at = 0;
        vg_ruleset *set = NULL;
        const bool bad = load(&work, &set, &at, &e) != VG_OK;
        vg_ruleset_destroy(set);
        // A reference to what was blanked is no fault of its own.
        again = bad && (at < work.n || !in_documents);
        if (again) {
            in_documents = in_documents || at < work.n;
            const place where = place_of(&work, &e);
            say(&work, where, lang, &e);
            n++;
            again = where.line && blank(&work.v[where.file].text, (size_t)where.line);
        }
    }
    rules_files_done(&work);
    return n;
}
