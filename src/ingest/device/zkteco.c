// SPDX-License-Identifier: Apache-2.0
// ZKTeco ADMS: plain text over HTTP, the terminal asks and pushes. Only its serial number (SN) says who it is.
// cdata without a body is the greeting and gets the options (which ask for records and nothing else); ATTLOG are
// passages, OPERLOG what was done at the terminal, rtlog what a door controller saw. Firmware differs: form-encoded
// "data=", the table's name as the first line, Key=Value pairs for columns. Everything that holds a face, a finger,
// a palm or a person's record is refused and counted, and answered "OK" so that the terminal stops sending it.
#include "ingest/device/decode.h"

#include <stdio.h>
#include <strings.h>

static const struct {
    int value;
    bool controller;
    const char *kind;
    uint8_t verb, life;
} EVENTS[] = {
#define RT(event, kind, verb, life) {event, true, #kind, VG_SIG_##verb, DEVICE_##life},
#define ALARM(value, kind, verb, life) {value, false, #kind, VG_SIG_##verb, DEVICE_##life},
#include "ingest/device/zk_events.def"
};

static bool is(vg_str s, const char *z)
{
    return s.n == strlen(z) && strncasecmp(s.p, z, s.n) == 0;
}

static bool in_list(vg_str s, const char *const *list)
{
    for (; *list; list++) {
        if (is(s, *list)) {
            return true;
        }
    }
    return false;
}

static bool is_biometric(vg_str table)
{
    static const char *const tables[] = {
        "BIODATA", "BIOPHOTO",    "USERPIC",   "ATTPHOTO",        "FP",          "FACE", "FVEIN",
        "PALM",    "TEMPLATEV10", "USERPHOTO", "COMPARISONPHOTO", "USERPICTURE", NULL};
    return in_list(table, tables);
}

static bool is_personal(vg_str word)
{
    static const char *const words[] = {"USER", "USERINFO", "IDCARD", "WORKCODE", NULL};
    return in_list(word, words);
}

// --- lines and columns ----------------------------------------------------------------------------
static bool next_line(vg_str *text, vg_str *ret)
{
    while (text->n) {
        const char *lf = memchr(text->p, '\n', text->n);
        const size_t n = lf ? (size_t)(lf - text->p) : text->n;
        *ret = vg_str_trim((vg_str){text->p, n});
        *text = (vg_str){text->p + n + (lf != NULL), text->n - n - (lf != NULL)};
        if (ret->n) {
            return true;
        }
    }
    return false;
}

static vg_str next_column(vg_str *line, char by)
{
    const char *tab = memchr(line->p, by, line->n);
    const size_t n = tab ? (size_t)(tab - line->p) : line->n;
    const vg_str column = vg_str_trim((vg_str){line->p, n});
    *line = (vg_str){line->p + n + (tab != NULL), line->n - n - (tab != NULL)};
    return column;
}

// The value of key=… among columns.
static vg_str value_of(vg_str line, const char *key)
{
    const char by = memchr(line.p, '\t', line.n) ? '\t' : ' ';
    while (line.n) {
        vg_str column = next_column(&line, by);
        if (is(next_column(&column, '='), key)) {
            return column;
        }
    }
    return VG_S("");
}

static int number(vg_str s)
{
    int64_t v;
    return vg_str_i64(s, 0, 65535, &v, NULL) == VG_OK ? (int)v : -1;
}

// --- records --------------------------------------------------------------------------------------
static vg_status full(vg_err *err)
{
    return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%d", DEVICE_REPORTS_MAX);
}

static bool name_it(vg_signal *s, uint8_t *life, int value, bool controller)
{
    for (size_t i = 0; i < VG_LEN(EVENTS); i++) {
        if (EVENTS[i].value == value && EVENTS[i].controller == controller) {
            snprintf(s->kind, sizeof s->kind, "%s", EVENTS[i].kind);
            s->verb = EVENTS[i].verb;
            *life = EVENTS[i].life;
            return true;
        }
    }
    return false;
}

static void door_closed(device_out *out, const vg_signal *closed)
{
    static const char *const also[] = {"door_forced", "door_held"};
    const vg_signal base = *closed;
    for (size_t i = 0; i < VG_LEN(also); i++) {
        device_report *r = device_add(out);
        if (r) {
            r->s = base;
            snprintf(r->s.kind, sizeof r->s.kind, "%s", also[i]);
            r->life = DEVICE_ENDS;
        }
    }
}

// PIN, time, status (0 in, 1 out, …), verify method, work code, …
static vg_status passage(vg_str line, device_out *out, vg_err *err)
{
    vg_str pin, at, status, verify;
    if (memmem(line.p, line.n, "PIN=", 4)) {
        pin = value_of(line, "PIN");
        at = value_of(line, "TIME");
        at = at.n ? at : value_of(line, "DateTime");
        status = value_of(line, "STATUS");
        verify = value_of(line, "VERIFY");
    } else {
        pin = next_column(&line, '\t');
        at = next_column(&line, '\t');
        status = next_column(&line, '\t');
        verify = next_column(&line, '\t');
    }
    const int64_t captured_us = device_time(at);
    if (pin.n == 0 || captured_us == 0) {
        return vg_fail(err, VG_EINVALID, "ATTLOG", "ingest.err.device_body", "%s", "ATTLOG");
    }
    device_report *r = device_add(out);
    if (!r) {
        return full(err);
    }
    vg_signal *s = &r->s;
    s->captured_us = captured_us;
    snprintf(s->kind, sizeof s->kind, "badge_granted");
    snprintf(s->area, sizeof s->area, "%s",
             number(status) == 0   ? "in"
             : number(status) == 1 ? "out"
                                   : "");
    DEVICE_PUT(out, s->user, pin);
    DEVICE_PUT(out, s->code, verify);
    return VG_OK;
}

// OPLOG number, administrator, time, value, …: done at the terminal, or seen by it.
static vg_status operation(vg_str line, device_out *out, vg_err *err)
{
    vg_str word = next_column(&line, '\t');
    (void)next_column(&word, ' ');
    const int op = number(vg_str_trim(word));
    const vg_str admin = next_column(&line, '\t'), at = next_column(&line, '\t');
    const int value = number(next_column(&line, '\t'));
    device_report *r = device_add(out);
    if (!r) {
        return full(err);
    }
    vg_signal *s = &r->s;
    s->captured_us = device_time(at);
    snprintf(s->code, sizeof s->code, "OP%d", op);
    if (op == 3 && name_it(s, &r->life, value, false)) {
        snprintf(s->code, sizeof s->code, "AL%d", value);
        if (value == 50) {
            door_closed(out, s);
        }
        return VG_OK;
    }
    s->verb = VG_SIG_OTHER;
    snprintf(s->kind, sizeof s->kind, "programming");
    DEVICE_PUT(out, s->user, admin);
    return VG_OK;
}

static vg_status operlog(vg_str line, device_out *out, vg_err *err)
{
    vg_str rest = line;
    const vg_str word = next_column(&rest, ' ');
    if (is_biometric(word)) {
        out->biometrics++;
    } else if (is_personal(word)) {
        out->personal++;
    } else if (is(word, "OPLOG")) {
        return operation(line, out, err);
    }
    return VG_OK;
}

static const char *door_kind(int event)
{
    return event >= 0 && event < 20    ? "badge_granted"
           : event >= 20 && event < 50 ? "badge_denied"
                                       : "other";
}

static vg_status door_event(vg_str line, device_out *out, vg_err *err)
{
    const vg_str pin = value_of(line, "pin"), side = value_of(line, "inoutstatus");
    const int event = number(value_of(line, "event"));
    const int64_t captured_us = device_time(value_of(line, "time"));
    if (event < 0 || captured_us == 0) {
        return vg_fail(err, VG_EINVALID, "rtlog", "ingest.err.device_body", "%s", "rtlog");
    }
    device_report *r = device_add(out);
    if (!r) {
        return full(err);
    }
    vg_signal *s = &r->s;
    s->captured_us = captured_us;
    snprintf(s->code, sizeof s->code, "%d", event);
    DEVICE_PUT(out, s->point, value_of(line, "eventaddr"));
    if (name_it(s, &r->life, event, true)) {
        if (event == 201) {
            door_closed(out, s);
        }
        return VG_OK;
    }
    snprintf(s->kind, sizeof s->kind, "%s", door_kind(event));
    snprintf(s->area, sizeof s->area, "%s",
             number(side) == 0   ? "in"
             : number(side) == 1 ? "out"
                                 : "");
    if (!is(pin, "0")) {
        DEVICE_PUT(out, s->user, pin);
    }
    if (event >= 50) {
        s->verb = VG_SIG_OTHER;
        s->flags |= VG_SIG_UNCLASSIFIED;
    }
    return VG_OK;
}

// --- requests -------------------------------------------------------------------------------------
static int hex(char c)
{
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
}

// "data=…" of a form, decoded; any other body as it is.
static vg_str plain_body(const vg_device_request *rq, device_out *out)
{
    const vg_str b = rq->body;
    if (!vg_str_starts(b, "data=") || b.n < 6) {
        return b;
    }
    char *p = vg_arena_get(out->arena, b.n);
    size_t n = 0;
    for (size_t i = 5; p && i < b.n && b.p[i] != '&'; i++) {
        const bool escaped =
            b.p[i] == '%' && i + 2 < b.n && hex(b.p[i + 1]) >= 0 && hex(b.p[i + 2]) >= 0;
        p[n++] = escaped         ? (char)(hex(b.p[i + 1]) * 16 + hex(b.p[i + 2]))
                 : b.p[i] == '+' ? ' '
                                 : b.p[i];
        i += escaped ? 2 : 0;
    }
    return (vg_str){p ? p : "", n};
}

static vg_status table(vg_str name, vg_str body, device_out *out, vg_err *err)
{
    static const struct {
        const char *name;
        vg_status (*line)(vg_str line, device_out *out, vg_err *err);
    } tables[] = {{"ATTLOG", passage}, {"OPERLOG", operlog}, {"rtlog", door_event}};
    vg_str line, rest = body;
    if (next_line(&rest, &line) && (is(line, "ATTLOG") || is(line, "OPERLOG"))) {
        name = line;
        body = rest;
    }
    if (is_biometric(name)) {
        out->biometrics++;
        return VG_OK;
    }
    if (is_personal(name)) {
        out->personal++;
        return VG_OK;
    }
    for (size_t i = 0; i < VG_LEN(tables); i++) {
        while (is(name, tables[i].name) && next_line(&body, &line)) {
            VG_TRY(tables[i].line(line, out, err));
        }
    }
    return VG_OK;
}

// Ask for passages and operations as they happen, no pictures; 9999: we hold everything older.
static void greet(device_out *out)
{
    device_say(
        &out->reply, "text/plain",
        "GET OPTION FROM: %s\r\nATTLOGStamp=9999\r\nOPERLOGStamp=9999\r\nATTPHOTOStamp=9999\r\n"
        "ErrorDelay=30\r\nDelay=10\r\nTransTimes=00:00;14:05\r\nTransInterval=1\r\n"
        "TransFlag=TransData AttLog\tOpLog\r\nTimeZone=7\r\nRealtime=1\r\nEncrypt=None\r\n",
        out->address);
}

static vg_status alive(device_out *out, vg_err *err)
{
    device_report *r = device_add(out);
    if (!r) {
        return full(err);
    }
    r->s.verb = VG_SIG_POLL;
    return VG_OK;
}

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    const vg_str sn = device_query(rq, "SN"), name = device_query(rq, "table");
    const bool post = vg_str_eqc(rq->method, "POST");
    const char *what = vg_str_starts(tail, "/iclock/") ? "/iclock" : "";
    const vg_str verb = {tail.p + strlen(what), tail.n - strlen(what)};
    device_take_address(out, sn);
    if (vg_str_eqc(verb, "/fdata")) {
        out->biometrics++;
    } else if (vg_str_eqc(verb, "/cdata") && post) {
        VG_TRY(table(name, plain_body(rq, out), out, err));
    } else if (vg_str_eqc(verb, "/cdata")) {
        greet(out);
    } else if (!vg_str_eqc(verb, "/getrequest") && !vg_str_eqc(verb, "/devicecmd") &&
               !vg_str_eqc(verb, "/ping") && !vg_str_eqc(verb, "/registry")) {
        return vg_fail(err, VG_ENOTFOUND, "", "ingest.err.device_path", "%s", "");
    }
    return out->n ? VG_OK : alive(out, err);
}

const device_profile device_zkteco = {"zkteco", "/iclock", decode, DEVICE_WELL("text/plain", "OK")};
