// SPDX-License-Identifier: Apache-2.0
// Supervision: a source that is silent for longer than was agreed is an event, and so is its return; a clock of
// its that is off, and right again. The scribe watches the time (it sees every sign of life) and runs these
// commands; all are harmless when run twice. A source heard without proof is "unproven", never "alive": that only a key can say. The fact source.alive[S] says the same to whoever reads facts.
#include "domain/sites/sites.h"

const vg_field sites_returned_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"proven", VG_F_BOOL},
    {NULL},
};

const vg_field sites_clock_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"skew_ms", VG_F_INT, VG_REQUIRED},
    {NULL},
};

static vg_status alive(vg_cx *cx, const sites_source_ref *s, const char *value, vg_err *err)
{
    const vg_fact f = {
        .name = "source.alive", .key = s->id, .value = value, .site = s->site, .label = s->label};
    return vg_fact_set(cx, &f, err);
}

// The body is left open: the caller adds what it knows and emits.
static vg_status body_of(vg_cx *cx, const sites_source_ref *s, vg_err *err)
{
    vg_str c[2];
    VG_TRY(vg_look(cx, "SELECT COALESCE(zone, ''), deadline_s FROM source WHERE id = ?",
                   vg_str_c(s->id), c, 2, err));
    vg_body(cx);
    vg_jw_kz(&cx->body, "source", s->id);
    if (c[0].n) {
        vg_jw_kstr(&cx->body, "zone", c[0]);
    }
    vg_jw_ki64(&cx->body, "deadline_s", vg_int(c[1]));
    return VG_OK;
}

VG_HANDLER(sites_source_silent)
{
    sites_source_ref s;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.supervise", &s, err));
    if (s.disabled || vg_str_eqc(s.state, "silent")) {
        return VG_OK;
    }
    VG_TRY(body_of(cx, &s, err));
    vg_jw_ki64(&cx->body, "due", vg_arg_i64(args, "due", cx->now_us));
    VG_TRY(vg_say(cx, &(vg_saying){"sites.source_silent", s.site, s.id, s.label}, err));
    return alive(cx, &s, "no", err);
}

VG_FOLDER(sites_on_source_silent)
{
    return vg_put(ap, e, "UPDATE source SET state = 'silent', state_since = ? WHERE id = ?",
                  "@at @subject", err);
}

VG_HANDLER(sites_source_returned)
{
    sites_source_ref s;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.supervise", &s, err));
    const bool proven = vg_arg_i64(args, "proven", 1) != 0;
    const char *state = proven ? "alive" : "unproven";
    if (vg_str_eqc(s.state, state)) {
        return VG_OK;
    }
    VG_TRY(body_of(cx, &s, err));
    vg_jw_kz(&cx->body, "state", state);
    vg_jw_kstr(&cx->body, "was", s.state);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.source_returned", s.site, s.id, s.label}, err));
    return alive(cx, &s, proven ? "yes" : "unproven", err);
}

VG_FOLDER(sites_on_source_returned)
{
    return vg_put(ap, e, "UPDATE source SET state = ?, state_since = ? WHERE id = ?",
                  "state @at @subject", err);
}

static vg_status clock_found(vg_cx *cx, const vg_args *args, bool off, vg_err *err)
{
    sites_source_ref s;
    vg_str was_off;
    VG_TRY(sites_source_at(cx, vg_arg_str(args, "id"), "sites.supervise", &s, err));
    VG_TRY(vg_look(cx, "SELECT clock_off_ms IS NOT NULL FROM source WHERE id = ?", vg_str_c(s.id),
                   &was_off, 1, err));
    if (off == (vg_int(was_off) != 0) || (off && s.disabled)) {
        return VG_OK;
    }
    VG_TRY(body_of(cx, &s, err));
    vg_jw_ki64(&cx->body, "skew_ms", vg_arg_i64(args, "skew_ms", 0));
    return vg_say(cx,
                  &(vg_saying){off ? "sites.source_clock_off" : "sites.source_clock_right", s.site,
                               s.id, s.label},
                  err);
}

VG_HANDLER(sites_source_clock_off)
{
    return clock_found(cx, args, true, err);
}

VG_HANDLER(sites_source_clock_right)
{
    return clock_found(cx, args, false, err);
}

VG_FOLDER(sites_on_source_clock_off)
{
    return vg_put(ap, e, "UPDATE source SET clock_off_ms = ? WHERE id = ?", "skew_ms @subject",
                  err);
}

VG_FOLDER(sites_on_source_clock_right)
{
    return vg_put(ap, e, "UPDATE source SET clock_off_ms = NULL WHERE id = ?", "@subject", err);
}
