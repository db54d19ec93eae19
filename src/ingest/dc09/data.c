// SPDX-License-Identifier: Apache-2.0
// SIA data is a run of packets split by '/': lower-case modifiers (time, area, user, peripheral) that
// hold until changed, and upper-case codes with a number. Blocks split by '|' are events (N, O) or a
// text for the event before (A). A Contact ID block is "QXYZ GG CCC".
// Field habits accepted: no function letter, no '/' between modifier and code, text in carets anywhere
// behind a code, hexadecimal zone numbers, missing blanks in Contact ID. Nothing here fails: what is
// not understood is left out, and the caller sees how many events were found.
#include "ingest/dc09/data.h"

#include "base/text.h"

// --- content --------------------------------------------------------------------------------------

static size_t find_ch(vg_str s, char c)
{
    const char *p = s.n ? memchr(s.p, c, s.n) : NULL;
    return p ? (size_t)(p - s.p) : s.n;
}

static vg_str from_at(vg_str s, size_t at)
{
    return at < s.n ? (vg_str){s.p + at, s.n - at} : (vg_str){s.p + s.n, 0};
}

static vg_str head(vg_str s, size_t n)
{
    return (vg_str){s.p, n < s.n ? n : s.n};
}

static bool all_hex(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!dc09_hex(s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

// "#acct|data", "#acct", "|data", "data"
static void split_account(vg_str s, dc09_content *c)
{
    const size_t bar = find_ch(s, '|');
    const vg_str account = s.n && s.p[0] == '#' ? from_at(head(s, bar), 1) : (vg_str){s.p, 0};
    const bool sound = account.n <= 16 && all_hex(account);
    c->account = sound ? account : (vg_str){s.p, 0};
    if (sound || bar == 0) {
        c->data = from_at(s, bar + 1);
    } else {
        c->data = s;
    }
}

// Pad is up to the first bar, if there is one; an encoder without that bar leaves "pad#acct|data".
static vg_str drop_pad(vg_str s)
{
    const size_t bar = find_ch(s, '|');
    if (bar == s.n) {
        return from_at(s, s.n);
    }
    const vg_str behind = from_at(s, bar + 1);
    if (behind.n && (behind.p[0] == '#' || behind.p[0] == '|')) {
        return behind;
    }
    const char *hash = memrchr(s.p, '#', bar);
    const vg_str account =
        hash ? (vg_str){hash + 1, (size_t)(s.p + bar - hash) - 1} : (vg_str){s.p, 0};
    return account.n >= 3 && account.n <= 16 && all_hex(account) ? from_at(s, (size_t)(hash - s.p))
                                                                 : behind;
}

static void split_tail(vg_str tail, dc09_content *c)
{
    size_t at = 0;
    while (at < tail.n && tail.p[at] == '[') {
        const vg_str block = from_at(tail, at + 1);
        const size_t end = find_ch(block, ']');
        if (end == block.n) {
            break;
        }
        if (end > 1 && block.p[0] == 'H') {
            const vg_str when = from_at(head(block, end), block.p[1] == '_' ? 2 : 1);
            (void)dc09_time_parse(when, &c->occurred_us);
        }
        at += end + 2;
    }
    c->extended = head(tail, at);
    const vg_str time = from_at(tail, at);
    c->timed = time.n > 1 && time.p[0] == '_' && dc09_time_parse(from_at(time, 1), &c->time_us);
    c->undated.n = (size_t)(tail.p + at - c->undated.p);
}

bool dc09_content_parse(vg_str rest, bool decrypted, dc09_content *c)
{
    memset(c, 0, sizeof *c);
    const size_t end = find_ch(rest, ']');
    if (end == rest.n) {
        return false;
    }
    vg_str inner = head(rest, end);
    if (decrypted) {
        inner = drop_pad(inner);
    }
    c->undated.p = inner.p;
    split_account(inner, c);
    split_tail(from_at(rest, end + 1), c);
    return true;
}

// --- events ---------------------------------------------------------------------------------------

vg_signal *dc09_event_add(dc09_events *e)
{
    if (e->n == VG_INGEST_EVENTS_MAX) {
        return NULL;
    }
    vg_signal *s = &e->v[e->n++];
    *s = e->common;
    return s;
}

static void set_text(char *out, size_t cap, vg_str s)
{
    if (out[0] == '\0') {
        dc09_text(s, out, cap);
    }
}

static void set_meaning(vg_signal *s, const dc09_meaning *m, bool known, vg_str number)
{
    s->verb = m->verb;
    s->flags = (uint8_t)(s->flags | (known ? 0 : VG_SIG_UNCLASSIFIED));
    snprintf(s->kind, sizeof s->kind, "%s", m->kind);
    if (m->field == DC09_POINT) {
        set_text(s->point, sizeof s->point, number);
    } else if (m->field == DC09_USER) {
        set_text(s->user, sizeof s->user, number);
    } else if (m->field == DC09_AREA && number.n) {
        dc09_text(number, s->area, sizeof s->area);
    }
}

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static size_t count_while(vg_str s, bool (*is)(char c))
{
    size_t n = 0;
    while (n < s.n && is(s.p[n])) {
        n++;
    }
    return n;
}

static bool modifier_char(char c)
{
    return dc09_digit(c) || c == ':' || c == '-' || c == '.';
}

static bool packet_char(char c)
{
    return c != '/' && c != '^';
}

// "ri12": kept for the events that follow. Returns its length.
static size_t modifier(vg_signal *common, vg_str s)
{
    const vg_str value = head(from_at(s, 2), count_while(from_at(s, 2), modifier_char));
    if (memcmp(s.p, "ri", 2) == 0) {
        dc09_text(value, common->area, sizeof common->area);
    } else if (memcmp(s.p, "id", 2) == 0) {
        dc09_text(value, common->user, sizeof common->user);
    } else if (memcmp(s.p, "pi", 2) == 0) {
        dc09_text(value, common->point, sizeof common->point);
    }
    return 2 + value.n;
}

// "BA129^text^": one event. Returns its length. A peripheral's number (pi) yields to the code's own.
static size_t sia_event(dc09_events *e, vg_str s)
{
    const vg_str behind = from_at(s, 2);
    const vg_str token = head(behind, count_while(behind, packet_char));
    const vg_str number = all_hex(token) ? token : head(token, count_while(token, dc09_digit));
    size_t used = 2 + token.n;
    vg_str text = vg_str_trim(from_at(token, number.n));
    if (used < s.n && s.p[used] == '^') {
        const vg_str caret = from_at(s, used + 1);
        const size_t end = find_ch(caret, '^');
        text = vg_str_trim(head(caret, end));
        used += end + (end < caret.n ? 2 : 1);
    }
    vg_signal *v = dc09_event_add(e);
    if (!v) {
        return used;
    }
    dc09_meaning m;
    const bool known = dc09_sia_meaning(e->codes, s.p, &m);
    memcpy(v->code, s.p, 2);
    if (number.n && m.field == DC09_POINT) {
        v->point[0] = '\0';
    }
    set_meaning(v, &m, known, number);
    dc09_text(text, v->text, sizeof v->text);
    return used;
}

static bool starts_code(vg_str s)
{
    return s.n >= 2 && upper(s.p[0]) && upper(s.p[1]);
}

static bool starts_modifier(vg_str s)
{
    return s.n >= 2 && lower(s.p[0]) && lower(s.p[1]);
}

static void sia_block(dc09_events *e, vg_str s)
{
    const vg_str behind = from_at(s, 1);
    if (s.n && (s.p[0] == 'N' || s.p[0] == 'O') &&
        (starts_code(behind) || starts_modifier(behind))) {
        s = behind;
    }
    const vg_signal before = e->common;
    while (s.n) {
        size_t used = 1;
        if (starts_modifier(s)) {
            used = modifier(&e->common, s);
        } else if (starts_code(s)) {
            used = sia_event(e, s);
        } else if (s.p[0] != '/') {
            used = count_while(s, packet_char);
            used += used == 0;
        }
        s = from_at(s, used);
    }
    e->common = before;
}

size_t dc09_sia_events(dc09_events *e, vg_str data)
{
    const size_t before = e->n;
    while (data.n) {
        const vg_str block = head(data, find_ch(data, '|'));
        if (e->n > before && block.n && block.p[0] == 'A') {
            vg_signal *last = &e->v[e->n - 1];
            set_text(last->text, sizeof last->text, vg_str_trim(from_at(block, 1)));
        } else {
            sia_block(e, block);
        }
        data = from_at(data, block.n + 1);
    }
    return e->n - before;
}

// The qualifier's digit, or 0. Some dialers write the letters of the DTMF trade.
static char qualifier(char c)
{
    return c == '1' || c == 'E' ? '1' : c == '3' || c == 'R' ? '3' : c == '6' || c == 'P' ? '6' : 0;
}

static bool blank(char c)
{
    return c == ' ';
}

static size_t skip_blanks(vg_str s)
{
    return count_while(s, blank);
}

static void cid_block(dc09_events *e, vg_str s)
{
    s = from_at(s, skip_blanks(s));
    const char q = s.n ? qualifier(s.p[0]) : 0;
    if (q == 0 || s.n < 4 || !all_hex(head(from_at(s, 1), 3))) {
        return;
    }
    vg_signal *v = dc09_event_add(e);
    if (!v) {
        return;
    }
    const bool decimal = dc09_digit(s.p[1]) && dc09_digit(s.p[2]) && dc09_digit(s.p[3]);
    const int code = decimal ? (s.p[1] - '0') * 100 + (s.p[2] - '0') * 10 + s.p[3] - '0' : -1;
    memcpy(v->code, s.p + 1, 3);
    vg_str tail = from_at(s, 4);
    tail = from_at(tail, skip_blanks(tail));
    const vg_str group = head(head(tail, 2), count_while(tail, dc09_hex));
    tail = from_at(tail, group.n);
    tail = from_at(tail, skip_blanks(tail));
    const vg_str number = head(head(tail, 4), count_while(tail, dc09_hex));
    dc09_text(group, v->area, sizeof v->area);
    dc09_meaning m;
    const bool known = dc09_cid_meaning(e->codes, q, code, &m);
    set_meaning(v, &m, known, number);
}

size_t dc09_cid_events(dc09_events *e, vg_str data)
{
    const size_t before = e->n;
    while (data.n) {
        const vg_str block = head(data, find_ch(data, '|'));
        cid_block(e, block);
        data = from_at(data, block.n + 1);
    }
    return e->n - before;
}

// --- extended blocks ------------------------------------------------------------------------------

static void add_text(char *out, size_t cap, char tag, vg_str value)
{
    size_t n = strlen(out);
    const bool own = tag == 'I';
    if (value.n == 0 || n + 6 >= cap) {
        return;
    }
    if (n) {
        out[n++] = ';';
        out[n++] = ' ';
    }
    if (!own) {
        out[n++] = tag;
        out[n++] = '=';
    }
    dc09_text(value, out + n, cap - n);
}

void dc09_extended_texts(dc09_events *e, vg_str extended)
{
    char text[sizeof e->common.text] = "";
    while (extended.n > 1) {
        const vg_str block = head(from_at(extended, 1), find_ch(from_at(extended, 1), ']'));
        if (block.n && memchr("ILXYV", block.p[0], 5)) {
            add_text(text, sizeof text, block.p[0], vg_str_trim(from_at(block, 1)));
        }
        extended = from_at(extended, block.n + 2);
    }
    for (size_t i = 0; i < e->n && text[0]; i++) {
        vg_signal *s = &e->v[i];
        const size_t n = strlen(s->text);
        const char *join = n ? "; " : "";
        char both[2 * sizeof s->text + 4];
        snprintf(both, sizeof both, "%s%s%s", s->text, join, text);
        const size_t keep = strlen(both) < sizeof s->text ? strlen(both) : sizeof s->text - 1;
        memcpy(s->text, both, keep);
        s->text[keep] = '\0';
        s->text[vg_utf8_prefix((vg_str){s->text, keep})] = '\0';
    }
}
