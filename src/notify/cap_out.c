// SPDX-License-Identifier: Apache-2.0
// Alerts to another agency's warning system as CAP 1.2 by POST: scope Private, or Restricted with its
// restriction, always with addresses, never Public. What is said is what any notice says: number, rank, the
// rule's title, the site's code. An exercise goes out as Exercise, a communication test as Test.
#include "notify/cap_out.h"

#include "base/clock.h"

static void xml_text(vg_buf *b, vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            vg_buf_c(b, "&amp;");
            break;
        case '<':
            vg_buf_c(b, "&lt;");
            break;
        case '>':
            vg_buf_c(b, "&gt;");
            break;
        default:
            if ((unsigned char)s.p[i] >= 0x20) {
                vg_buf_ch(b, s.p[i]);
            }
        }
    }
}

static void tag(vg_buf *b, const char *name, vg_str text)
{
    if (text.n) {
        vg_buf_f(b, "<%s>", name);
        xml_text(b, text);
        vg_buf_f(b, "</%s>", name);
    }
}

// The schema wants seconds and an offset, no fractions.
static void tag_time(vg_buf *b, const char *name, int64_t us)
{
    int t[6];
    vg_time_split(us, 7 * 60, t);
    vg_buf_f(b, "<%s>%04d-%02d-%02dT%02d:%02d:%02d+07:00</%s>", name, t[0], t[1], t[2], t[3], t[4],
             t[5], name);
}

static const char *const SEVERITY[] = {"Minor", "Moderate", "Severe", "Extreme"};
static const char *const URGENCY[] = {"Future", "Expected", "Immediate", "Immediate"};

static void info(vg_buf *b, vg_arena *a, const vg_parcel *p)
{
    int64_t rank = vg_js_i64(p->body, "urgency", 0);
    rank = rank < 0 ? 0 : rank > 3 ? 3 : rank;
    const vg_str title = vg_js_str(a, p->body, "title"), site = vg_js_str(a, p->body, "site");
    vg_buf_c(b, "<info><language>vi-VN</language><category>Security</category>");
    tag(b, "event", title.n ? title : VG_S("vọng gác"));
    vg_buf_f(b, "<urgency>%s</urgency><severity>%s</severity><certainty>Observed</certainty>",
             URGENCY[rank], SEVERITY[rank]);
    tag_time(b, "effective", p->created_us);
    tag(b, "headline", title);
    if (site.n) {
        vg_buf_c(b, "<area>");
        tag(b, "areaDesc", site);
        vg_buf_c(b, "</area>");
    }
    vg_buf_c(b, "</info>");
}

void vg_cap_write(vg_buf *b, vg_arena *a, const vg_cap_style *s, const vg_parcel *p)
{
    const bool test = strcmp(p->kind, "test") == 0;
    const vg_str number = vg_js_str(a, p->body, "number");
    vg_buf_c(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">");
    vg_buf_f(b, "<identifier>%.*s%svg-%lld</identifier>", VG_FMT(number), number.n ? "." : "",
             (long long)p->number);
    tag(b, "sender", s->sender);
    tag_time(b, "sent", p->created_us);
    vg_buf_f(b, "<status>%s</status><msgType>Alert</msgType>",
             test       ? "Test"
             : p->world ? "Exercise"
                        : "Actual");
    vg_buf_f(b, "<scope>%s</scope>", s->restriction.n ? "Restricted" : "Private");
    tag(b, "restriction", s->restriction);
    tag(b, "addresses", s->addresses);
    if (!test) {
        info(b, a, p);
    }
    vg_buf_c(b, "</alert>\n");
}
