// SPDX-License-Identifier: Apache-2.0
// Which journal events the rules see, and as what. The one place where a journaled event becomes an engine's
// event: the live thread, a back-test and a replay read alike.
#include "domain/alerts/seen.h"

static vg_str device_of(vg_arena *a, const vg_event *e)
{
    const vg_str point = vg_js_str(a, e->body, "point");
    return point.n ? vg_str_f(a, "%.*s/%.*s", VG_FMT(e->source), VG_FMT(point))
                   : vg_str_dup(a, e->source);
}

static bool see_signal(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    s->source = vg_str_dup(a, e->source);
    s->device = device_of(a, e);
    s->kind = vg_str_dup(a, vg_js_str(a, e->body, "kind"));
    s->verb = vg_str_dup(a, vg_js_str(a, e->body, "verb"));
    s->authenticated = vg_js_bool(e->body, "auth", false);
    return true;
}

static bool see_supervision(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    const bool clock = vg_str_starts(e->kind, "sites.source_clock_");
    const bool bad = vg_str_eqc(e->kind, clock ? "sites.source_clock_off" : "sites.source_silent");
    s->source = vg_str_dup(a, e->subject);
    s->device = s->source;
    s->kind = clock ? VG_S("source_clock_off") : VG_S("source_silent");
    s->verb = bad ? VG_S("raise") : VG_S("restore");
    s->authenticated = true;  // the scribe's own finding
    return true;
}

// Findings of the node about its own lines: a link that went down or came back, a communication test.
static bool see_line(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    const bool test = vg_str_starts(e->kind, "notices.");
    const bool bad = vg_str_eqc(e->kind, test ? "notices.test_failed" : "links.down");
    s->source = vg_str_dup(a, e->subject);
    s->device = s->source;
    s->kind = test ? VG_S("line_test_failed") : VG_S("link_down");
    s->verb = bad ? VG_S("raise") : VG_S("restore");
    s->authenticated = true;
    return true;
}

// Findings at the gate: a terminal's queue, somebody whom the list may mean, somebody alone where two must be. Each
// stands for itself; whom it is about is not said.
static bool see_gate(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    s->device = vg_str_dup(a, e->subject);
    s->kind = vg_str_f(a, ALERTS_GATE "%.*s", (int)(e->kind.n - 5), e->kind.p + 5);
    s->verb = VG_S("raise");
    s->authenticated = true;
    return true;
}

static bool see_clock(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    (void)a;
    (void)e;
    s->kind = (vg_str){"", 0};
    return true;
}

// Nothing happened after it was heard of: a time from the future is a wrong clock's, and the arrival stands for it.
// One of the past may be true (a device that stored it) and is believed.
static int64_t time_of(const vg_event *e)
{
    return e->captured_us && e->captured_us < e->received_us ? e->captured_us : e->received_us;
}

static void begin(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    *s = (alerts_seen){.log = e->log,
                       .seq = e->seq,
                       .t_event = time_of(e),
                       .t_arrival = e->received_us,
                       .source_seq = e->source_seq,
                       .site = vg_str_dup(a, e->site),
                       .zone = vg_str_dup(a, vg_js_str(a, e->body, "zone")),
                       .world = (uint32_t)e->world,
                       .test = e->purpose == 1};
}

bool alerts_seen_of(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    static const struct {
        const char *kind;
        bool (*read)(vg_arena *a, const vg_event *e, alerts_seen *s);
    } kinds[] = {
        {"sites.signal", see_signal},
        {"sites.source_silent", see_supervision},
        {"sites.source_returned", see_supervision},
        {"sites.source_clock_off", see_supervision},
        {"sites.source_clock_right", see_supervision},
        {"links.down", see_line},
        {"links.up", see_line},
        {"notices.test_failed", see_line},
        {"notices.test_passed", see_line},
        {"gate.queue_fork", see_gate},
        {"gate.queue_gap", see_gate},
        {"gate.ban_missed", see_gate},
        {"gate.alone", see_gate},
        {"gate.contradicted", see_gate},
        {"gate.unescorted", see_gate},
        {"alerts.clock", see_clock},
    };
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        if (vg_str_eqc(e->kind, kinds[i].kind) && e->site.n) {
            begin(a, e, s);
            return kinds[i].read(a, e, s);
        }
    }
    return false;
}

// An alert of a site: raised, or called for again while it is open.
static bool see_alert(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    const bool raised = vg_str_eqc(e->kind, "alerts.raised");
    const vg_str rule = vg_js_str(a, e->body, "rule");
    if (!(raised || vg_str_eqc(e->kind, "alerts.more")) || !rule.n || !e->site.n) {
        return false;
    }
    begin(a, e, s);
    s->source = vg_str_dup(a, vg_js_str(a, e->body, "source"));
    s->device = s->source;
    s->kind = vg_str_f(a, "alert:%.*s", VG_FMT(rule));
    s->verb = VG_S("raise");
    s->authenticated = true;  // the node's own finding
    s->test = vg_js_bool(e->body, "test", false);
    s->t_event = vg_js_i64(e->body, raised ? "at" : "last_at", s->t_event);
    return true;
}

bool alerts_seen_across(vg_arena *a, const vg_event *e, alerts_seen *s)
{
    const bool seen = alerts_seen_of(a, e, s) || see_alert(a, e, s);
    s->across = seen;
    return seen;
}
