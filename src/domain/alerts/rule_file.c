// SPDX-License-Identifier: Apache-2.0
// The whole file is read before an engine is made, so that a bad line is said at once; then site by site, as the live
// engine's logs are, in the order of the lines, which is taken for the order of arrival. Bounded by lines, sites,
// findings and time; memory is that of the file and of one site's two engines.
#include "domain/alerts/rule_file.h"

#include "domain/alerts/rule_pair.h"

#include "base/clock.h"
#include "engine/text.h"

enum { ARENA_BYTES = 96 << 20, PAGE_BYTES = 64 << 20, PAGE = 1000, LOG = 0 };

typedef struct reading {
    const atomic_bool *stop;
    int64_t until_us;
    vg_arena *arena, *page;
    vg_names names;
    uint32_t n_kinds;  // of the node; what the file names besides has a greater number
    vg_record *v;
    size_t n, unknown, late;
    alerts_pair pair;
} reading;

vg_status alerts_file_may(vg_core *core, const vg_principal *who, vg_str id, vg_err *err)
{
    vg_db *db;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    VG_TRY(vg_inner_take(core, &db, err));
    const vg_command_call call = {.name = "alerts.rule_try", .who = who, .id = vg_cmd_random()};
    json_t *args = json_pack("{s:s%}", "id", id.p, id.n);
    const vg_status st = args ? vg_command_try(core, db, a, &call, args, err)
                              : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    json_decref(args);
    vg_inner_give(core, db);
    return st;
}

// --- the file -----------------------------------------------------------------------------------
static size_t lines_of(vg_str s)
{
    size_t n = 0;
    for (const char *p = s.p, *end = s.p + s.n; (p = memchr(p, '\n', (size_t)(end - p))); p++) {
        n++;
    }
    return n;
}

// Its lines, each with an end.
static vg_status take_lines(reading *r, vg_str file, vg_str *ret, vg_err *err)
{
    char *p = vg_arena_get(r->arena, file.n + 1);
    if (!p) {
        return vg_fail(err, VG_ETOOBIG, "file", NULL, "%s", "file");
    }
    memcpy(p, file.n ? file.p : "", file.n);
    p[file.n] = '\n';
    *ret = (vg_str){p, file.n + (file.n > 0 && p[file.n - 1] != '\n')};
    const size_t lines = lines_of(*ret);
    if (lines > ALERTS_FILE_LINES + 1) {
        return vg_fail(err, VG_ETOOBIG, "file", "alerts.file_lines", "%d", ALERTS_FILE_LINES);
    }
    r->v = vg_arena_get(r->arena, (lines + 1) * sizeof *r->v);
    return r->v ? VG_OK : vg_fail(err, VG_ETOOBIG, "file", NULL, "%s", "file");
}

static vg_status read_file(reading *r, vg_str file, vg_err *err)
{
    vg_str s = {"", 0};
    vg_text text = {.names = &r->names, .line = 1};
    VG_TRY(take_lines(r, file, &s, err));
    const char *eol = memchr(s.p, '\n', s.n);
    const size_t head = eol ? (size_t)(eol - s.p) : 0;
    VG_TRY(vg_text_header((vg_str){s.p, head}, &text.format, err));
    s = (vg_str){s.p + head + 1, s.n - head - 1};
    VG_TRY(vg_text_read(&text, &s, r->v, lines_of(s), &r->n, err));
    if (!r->n) {
        return vg_fail(err, VG_EINVALID, "file", "alerts.file_empty", "%s", "");
    }
    return vg_intern_count(r->names.of[VG_SITE]) <= ALERTS_FILE_SITES
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "file", "alerts.file_sites", "%d", ALERTS_FILE_SITES);
}

static void learn_kinds(reading *r)
{
    size_t n;
    const char *const *kinds = alerts_brain_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        r->n_kinds = vg_intern_id(r->names.of[VG_KIND], vg_str_c(kinds[i]));
    }
}

static void survey(reading *r)
{
    r->pair.from = r->pair.to = r->v[0].t_event;
    for (size_t i = 0; i < r->n; i++) {
        const int64_t t = r->v[i].t_event;
        r->pair.from = t < r->pair.from ? t : r->pair.from;
        r->pair.to = t > r->pair.to ? t : r->pair.to;
        r->unknown += r->v[i].kind > r->n_kinds;
    }
    r->pair.to++;
}

// --- the engines --------------------------------------------------------------------------------
static alerts_seen seen_of(const reading *r, const vg_record *x)
{
    vg_intern *const *of = r->names.of;
    return (alerts_seen){.log = LOG,
                         .seq = x->seq,
                         .t_event = x->t_event,
                         .source_seq = x->source_seq,
                         .site = vg_intern_text(of[VG_SITE], x->site),
                         .zone = vg_intern_text(of[VG_ZONE], x->zone),
                         .device = vg_intern_text(of[VG_DEVICE], x->device),
                         .source = vg_intern_text(of[VG_SOURCE], x->source),
                         .kind = vg_intern_text(of[VG_KIND], x->kind),
                         .verb = vg_str_c(vg_text_verbs[x->verb]),
                         .authenticated = (x->flags & VG_REC_AUTHENTICATED) != 0};
}

static vg_status go_on(const reading *r, vg_err *err)
{
    if (*r->stop) {
        return vg_fail(err, VG_EUNAVAIL, "", NULL, "%s", "");
    }
    return vg_mono_us() < r->until_us
               ? VG_OK
               : vg_fail(err, VG_ETOOBIG, "file", "alerts.file_slow", "%d", ALERTS_FILE_SECONDS);
}

// Nothing arrives before what stands above it.
static vg_status feed_site(reading *r, uint32_t site, vg_err *err)
{
    int64_t now = INT64_MIN;
    for (size_t i = 0, fed = 0; i < r->n; i++) {
        if (r->v[i].site != site) {
            continue;
        }
        if (fed++ % PAGE == 0) {
            vg_arena_reset(r->page);
            VG_TRY(go_on(r, err));
        }
        alerts_seen x = seen_of(r, &r->v[i]);
        x.t_arrival = now = x.t_event > now ? x.t_event : now;
        VG_TRY(alerts_pair_feed(&r->pair, &x, err));
    }
    vg_arena_reset(r->page);
    return now == INT64_MIN ? VG_OK : alerts_pair_end(&r->pair, LOG, err);
}

static void say_site(const reading *r, uint32_t site, const alerts_tally *y, vg_jw *w)
{
    const vg_str name = vg_intern_text(r->names.of[VG_SITE], site);
    vg_jw_open(w, '{');
    vg_jw_kstr(w, "site", name);
    alerts_tally_say(y, LOG, w);
    vg_jw_close(w, '}');
}

static vg_status try_site(reading *r, uint32_t site, vg_jw *w, vg_err *err)
{
    alerts_tally y;
    VG_TRY(go_on(r, err));
    VG_TRY(alerts_pair_open(&r->pair, err));
    VG_TRY(feed_site(r, site, err));
    VG_TRY(alerts_pair_compare(&r->pair, &y, err));
    r->late += r->pair.draft.late;
    if (y.both + y.only_draft + y.only_active) {
        say_site(r, site, &y, w);
    }
    return VG_OK;
}

static vg_status try_all(reading *r, vg_jw *w, vg_err *err)
{
    survey(r);
    vg_jw_open(w, '{');
    vg_jw_key(w, "sites");
    vg_jw_open(w, '[');
    for (uint32_t site = 0; site <= vg_intern_count(r->names.of[VG_SITE]); site++) {
        VG_TRY(try_site(r, site, w, err));
    }
    vg_jw_close(w, ']');
    vg_jw_ki64(w, "events", (int64_t)r->n);
    vg_jw_ki64(w, "late", (int64_t)r->late);
    vg_jw_ki64(w, "unknown", (int64_t)r->unknown);
    vg_jw_ktime(w, "from", r->pair.from);
    vg_jw_ktime(w, "to", r->pair.to - 1);
    vg_jw_close(w, '}');
    return w->b->failed ? vg_fail(err, VG_ETOOBIG, "file", NULL, "%s", "sites") : VG_OK;
}

// --- one file -----------------------------------------------------------------------------------
static vg_status read_rule(reading *r, vg_core *core, vg_str id, vg_str *ret_text, vg_err *err)
{
    vg_db *db;
    vg_rows *rows;
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status st = vg_rows_open(db, "SELECT name, text FROM rule_text WHERE id = ?",
                                VG_VALS(vg_t(id)), &rows, err);
    if (st == VG_OK) {
        if (vg_rows_next(rows)) {
            r->pair.name = vg_str_z(r->arena, vg_row_str(rows, 0));
            *ret_text = vg_str_dup(r->arena, vg_row_str(rows, 1));
        }
        st = vg_rows_close(rows, err);
    }
    vg_inner_give(core, db);
    VG_TRY(st);
    return r->pair.name && ret_text->p ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
}

static vg_status work(reading *r, vg_core *core, vg_str id, vg_str file, vg_jw *w, vg_err *err)
{
    vg_str text = {NULL, 0};
    learn_kinds(r);
    VG_TRY(read_file(r, file, err));
    VG_TRY(read_rule(r, core, id, &text, err));
    VG_TRY(alerts_pair_load(&r->pair, core, r->arena, text, err));
    return try_all(r, w, err);
}

vg_status alerts_file_try(vg_core *core, vg_str id, vg_str file, const atomic_bool *stop,
                          vg_buf *ret, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *arena = vg_arena_create(ARENA_BYTES);
    VG_CLEANUP(vg_arena_cleanup) vg_arena *page = vg_arena_create(PAGE_BYTES);
    reading r = {.stop = stop,
                 .until_us = vg_mono_us() + ALERTS_FILE_SECONDS * VG_SECOND_US,
                 .arena = arena,
                 .page = page,
                 .pair = {.page = page}};
    vg_jw w = vg_jw_on(ret);
    vg_names_init(&r.names);
    const vg_status st = work(&r, core, id, file, &w, err);
    alerts_pair_done(&r.pair);
    vg_names_done(&r.names);
    return st;
}
