// SPDX-License-Identifier: Apache-2.0
// Signals in bulk: resolved against the register, appended to their site's log, folded. No SQL reads, no
// JSON tree, no allocation per signal. When a source was last heard is kept in memory and written at most
// once a second (a volatile table): the journal has the events, the memory has the truth.
#include "core/core_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/signal_state.h"

static const char *const VERBS[] = {
    [VG_SIG_RAISE] = "raise",   [VG_SIG_RESTORE] = "restore", [VG_SIG_ARM] = "arm",
    [VG_SIG_DISARM] = "disarm", [VG_SIG_BYPASS] = "bypass",   [VG_SIG_UNBYPASS] = "unbypass",
    [VG_SIG_TEST] = "test",     [VG_SIG_POLL] = "poll",       [VG_SIG_OTHER] = "other",
};

static const vg_source_point *point_of(const vg_source *s, const vg_signal *g)
{
    for (size_t i = 0; i < s->n_points; i++) {
        const vg_source_point *p = &s->points[i];
        if ((!p->area[0] || strcmp(p->area, g->area) == 0) && strcmp(p->point, g->point) == 0) {
            return p;
        }
    }
    return NULL;
}

static void kz(vg_jw *w, const char *key, const char *z)
{
    if (z[0]) {
        vg_jw_kstr(w, key, vg_str_c(z));
    }
}

static void body_of(vg_buf *b, const vg_signal *g, const vg_source *s, const char *zone,
                    const char *kind)
{
    vg_buf_reset(b);
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '{');
    if (s) {
        kz(&w, "source", s->id);
        kz(&w, "zone", zone);
    } else {
        kz(&w, "address", g->address);
    }
    kz(&w, "kind", kind);
    vg_jw_kstr(&w, "verb", vg_str_c(VERBS[g->verb < VG_LEN(VERBS) ? g->verb : VG_SIG_OTHER]));
    vg_jw_kbool(&w, "auth", g->flags & VG_SIG_AUTHENTICATED);
    kz(&w, "code", g->code);
    kz(&w, "area", g->area);
    kz(&w, "point", g->point);
    kz(&w, "user", g->user);
    kz(&w, "text", g->text);
    kz(&w, "image", g->image);
    if (g->flags & VG_SIG_IMAGE_LOST) {
        vg_jw_kbool(&w, "image_lost", true);
    }
    if (g->flags & VG_SIG_UNCLASSIFIED) {
        vg_jw_kbool(&w, "unclassified", true);
    }
    kz(&w, "proto", g->proto);
    kz(&w, "peer", g->peer);
    vg_jw_close(&w, '}');
}

// What a point means refines a general code ("burglary" at the vault's door); a code that says itself what it
// is (tamper, fire, battery) keeps its meaning wherever it comes from.
static bool refines(const char *meant, const char *kind)
{
    static const char *const general[] = {"",           "intrusion",  "other",
                                          "exit_alarm", "cross_zone", "verified_alarm"};
    for (size_t i = 0; i < VG_LEN(general); i++) {
        if (strcmp(kind, general[i]) == 0) {
            return true;
        }
    }
    return strcmp(kind, "fire") == 0 && (strcmp(meant, "smoke") == 0 || strcmp(meant, "heat") == 0);
}

// What a stranger said is the node's own, and not for its guests.
static vg_status strangers_label(vg_core *c, int64_t now_us, int32_t *ret, vg_err *err)
{
    vg_cx cx = {.core = c,
                .db = c->db,
                .arena = c->scribe.arena,
                .who = vg_core_system(),
                .id = vg_cmd_random(),
                .now_us = now_us};
    const vg_status st = vg_label_of(&cx, "", VG_C_MEANS, "", VG_S_NORMAL, ret, err);
    vg_buf_done(&cx.body_buf);
    return st;
}

// Somebody came by. Of all that devices say only this is worth a reaction each; for the rest a row would cost more than
// the signal.
static bool is_coming_by(const char *kind)
{
    static const char *const kinds[] = {"plate_read", "badge_granted", "badge_denied"};
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

static vg_status append_as(vg_core *c, vg_str as_kind, const vg_signal *g, const vg_source *s,
                           int64_t now_us, vg_err *err)
{
    const vg_source_point *p = s ? point_of(s, g) : NULL;
    const char *zone = p ? p->zone : s ? s->zone : "";
    const char *meant = p && p->kind[0] ? p->kind : s ? s->kind : "";
    const char *kind =
        meant[0] && g->verb <= VG_SIG_RESTORE && refines(meant, g->kind) ? meant : g->kind;
    vg_buf *b = &c->scribe.body;
    int32_t label = s ? s->label : 0;
    if (!s) {
        VG_TRY(strangers_label(c, now_us, &label, err));
    }
    body_of(b, g, s, zone, kind);
    vg_event e = {
        .log = s ? s->log : VG_LOG_NODE,
        .kind = as_kind,
        .label = label,
        .purpose = g->flags & VG_SIG_PURPOSE_TEST ? 1 : 0,
        .site = vg_str_c(s ? s->site : ""),
        .subject = vg_str_c(zone[0] ? zone
                            : s     ? s->id
                                    : g->address),
        .actor = VG_S("device"),
        .captured_us = g->captured_us ? g->captured_us : g->received_us,
        .received_us = g->received_us,
        .source = vg_str_c(s ? s->id : ""),
        .source_seq = g->source_seq,
        .body = vg_buf_str(b),
    };
    _Static_assert(sizeof g->frame == sizeof e.command.b, "a report's identity stands for its id");
    memcpy(e.command.b, g->frame, sizeof e.command.b);
    vg_arena_reset(c->scribe.arena);
    VG_TRY(vg_append_event(c, &e, now_us, err));
    return s && is_coming_by(kind) ? vg_queue_reactions(c, &e, err) : VG_OK;
}

static vg_status append(vg_core *c, const vg_signal *g, const vg_source *s, int64_t now_us,
                        vg_err *err)
{
    const vg_str kind = s ? VG_S("sites.signal") : VG_S("sites.unknown_signal");
    if (!c->scribe.careful) {
        return append_as(c, kind, g, s, now_us, err);
    }
    vg_journal_mark(c->journal);
    VG_TRY(vg_savepoint(c->db, err));
    const vg_status st = append_as(c, kind, g, s, now_us, err);
    if (st == VG_OK) {
        return vg_release(c->db, err);
    }
    vg_rollback_to(c->db);
    vg_journal_undo(c->journal);
    if (vg_store_failed(st) || !vg_in_transaction(c->db)) {
        return st;
    }
    // It cannot be folded (our fault), but it was sent: keep it, and do not let it stop the others.
    vg_log(VG_ERROR, "signal.unfolded", "source=%s status=%s detail=%s", s ? s->id : g->address,
           vg_status_name(st), err ? err->detail : "");
    return append_as(c, VG_S("core.unfolded_signal"), g, s, now_us, err);
}

static vg_source_state *state_of(vg_core *c, uint32_t index)
{
    vg_scribe *sc = &c->scribe;
    if (index >= sc->cap_sources) {
        const size_t cap = (index + 64) * 2;
        sc->sources = vg_realloc(sc->sources, cap * sizeof *sc->sources);
        memset(sc->sources + sc->cap_sources, 0, (cap - sc->cap_sources) * sizeof *sc->sources);
        sc->cap_sources = cap;
    }
    sc->n_sources = index >= sc->n_sources ? index + 1 : sc->n_sources;
    return &sc->sources[index];
}

// First contact, return from silence, or first proof: one event.
static vg_status heard(vg_core *c, const vg_source *s, vg_source_state *st, bool proven,
                       vg_err *err)
{
    if (st->heard && !st->silent && (st->proven || !proven)) {
        return VG_OK;
    }
    char args[96], tag[40];
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"proven\":%s}", s->id, proven ? "true" : "false");
    snprintf(tag, sizeof tag, "%lld", (long long)st->last_seen_us);
    const vg_cmd_id id = vg_cmd_derive("returned", vg_str_c(s->id), vg_str_c(tag));
    st->heard = true;
    st->silent = false;
    st->proven = proven;
    return vg_run_own(c, "sites.source_returned", vg_str_c(args), &id, err);
}

static vg_status touch(vg_core *c, const vg_source *s, const vg_signal *g, vg_err *err)
{
    vg_source_state *st = state_of(c, s->index);
    st->last_seen_us = g->received_us > st->last_seen_us ? g->received_us : st->last_seen_us;
    st->skew_us = g->captured_us ? g->captured_us - g->received_us : 0;
    st->signals += g->verb != VG_SIG_POLL;
    st->polls += g->verb == VG_SIG_POLL;
    memcpy(st->peer, g->peer, sizeof st->peer);
    st->dirty = true;
    if (!st->watched && s->deadline_s > 0 && !(s->flags & VG_SRC_DISABLED)) {
        const vg_timer t = {.due_us = st->last_seen_us + s->deadline_s * VG_SECOND_US,
                            .index = s->index};
        vg_timers_push(&c->scribe.silences, &t);
        st->watched = true;
    }
    VG_TRY(heard(c, s, st, g->flags & VG_SIG_AUTHENTICATED, err));
    return vg_watch_clock(c, s, st, g, err);
}

vg_status vg_fold_signals(vg_core *c, const vg_register_snap *snap, vg_signals *batch,
                          int64_t now_us, vg_err *err)
{
    for (size_t i = 0; i < batch->n; i++) {
        const vg_signal *g = &batch->v[i];
        const vg_source *s = g->source == VG_SOURCE_NONE ? NULL : vg_register_at(snap, g->source);
        if (s) {
            VG_TRY(touch(c, s, g, err));
        }
        if (g->verb == VG_SIG_POLL && s) {
            c->scribe.counts.polls++;
            continue;
        }
        VG_TRY(append(c, g, s, now_us, err));
        if (g->flags & VG_SIG_STATE) {
            VG_TRY(vg_signal_state_keep(c->db, g, now_us, err));
        }
        c->scribe.counts.signals++;
    }
    return VG_OK;
}

vg_status vg_flush_sources(vg_core *c, const vg_register_snap *snap, int64_t now_us, vg_err *err)
{
    vg_scribe *sc = &c->scribe;
    if (now_us - sc->last_flush_us < VG_SECOND_US && now_us >= sc->last_flush_us) {
        return VG_OK;
    }
    sc->last_flush_us = now_us;
    for (uint32_t i = 0; i < sc->n_sources; i++) {
        vg_source_state *st = &sc->sources[i];
        const vg_source *s = st->dirty ? vg_register_at(snap, i) : NULL;
        if (!s) {
            continue;
        }
        VG_TRY(
            vg_exec(c->db,
                    "INSERT INTO source_seen (source, last_seen, peer, skew_ms, signals, polls, "
                    "label, world)"
                    " VALUES (?,?,?,?,?,?,?,0) ON CONFLICT (source) DO UPDATE SET last_seen = "
                    "excluded.last_seen,"
                    " peer = excluded.peer, skew_ms = excluded.skew_ms, signals = excluded.signals,"
                    " polls = excluded.polls, label = excluded.label",
                    VG_VALS(vg_z(s->id), vg_i(st->last_seen_us), vg_z(st->peer),
                            vg_i(st->skew_us / VG_MS_US), vg_i(st->signals), vg_i(st->polls),
                            vg_i(s->label)),
                    err));
        st->dirty = false;
    }
    return VG_OK;
}

// While the node was down a source could not report, so its deadline starts again at the node's start.
void vg_watch_sources(vg_core *c, int64_t now_us)
{
    const vg_register_snap *snap = vg_register_acquire(c->reg);
    for (uint32_t i = 0; i < vg_register_count(snap); i++) {
        const vg_source *s = vg_register_at(snap, i);
        if (!s) {
            continue;
        }
        vg_source_state *st = state_of(c, i);
        if (!st->heard && (s->flags & VG_SRC_KNOWN)) {
            st->heard = true;
            st->silent = s->flags & VG_SRC_SILENT;
            st->proven = s->flags & VG_SRC_PROVEN;
            st->clock.off = s->flags & VG_SRC_CLOCK_OFF;
        }
        if (!st->last_seen_us) {
            st->last_seen_us = now_us;
        }
        if (!st->watched && !st->silent && s->deadline_s > 0 && !(s->flags & VG_SRC_DISABLED)) {
            const int64_t from =
                st->last_seen_us > now_us - VG_SECOND_US ? st->last_seen_us : now_us;
            const vg_timer t = {.due_us = from + s->deadline_s * VG_SECOND_US, .index = i};
            vg_timers_push(&c->scribe.silences, &t);
            st->watched = true;
        }
    }
    vg_register_release(c->reg, snap);
}

vg_status vg_load_source_states(vg_core *c, vg_err *err)
{
    vg_rows *r;
    const vg_register_snap *snap = vg_register_acquire(c->reg);
    vg_status s = vg_rows_open(c->db, "SELECT source, skew_ms, signals, polls FROM source_seen",
                               VG_NOVALS, &r, err);
    while (s == VG_OK && vg_rows_next(r)) {
        for (uint32_t i = 0; i < vg_register_count(snap); i++) {
            const vg_source *src = vg_register_at(snap, i);
            if (src && vg_str_eqc(vg_row_str(r, 0), src->id)) {
                vg_source_state *st = state_of(c, i);
                st->skew_us = vg_row_i64(r, 1) * VG_MS_US;
                st->signals = vg_row_i64(r, 2);
                st->polls = vg_row_i64(r, 3);
            }
        }
    }
    if (s == VG_OK) {
        s = vg_rows_close(r, err);
    }
    vg_register_release(c->reg, snap);
    return s;
}

vg_status vg_load_register(vg_core *c, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create((size_t)256 << 20);
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        if (m->load_sources) {
            vg_source *v = NULL;
            size_t n = 0;
            VG_TRY(m->load_sources(c, c->db, a, &v, &n, err));
            for (size_t k = 0; k < n; k++) {
                VG_TRY(vg_journal_log(c->journal, vg_str_c(v[k].site), &v[k].log, err));
            }
            vg_register_replace(c->reg, v, n);
        }
    }
    return VG_OK;
}
