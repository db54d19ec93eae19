// SPDX-License-Identifier: Apache-2.0
// AccessControllerEvent: numbers to meanings. Who it was is the number the terminal knows the person by; a card
// nobody owns is told by its last four digits; names are not read. How the person was recognised does not
// matter here: a face that opened a door is a badge that did.
#include "ingest/device/decode.h"

#include <jansson.h>
#include <stdio.h>

static const struct {
    uint16_t major, minor;
    const char *kind;
    uint8_t verb, life;
} ACCESS[] = {
#define ACCESS(major, minor, kind, verb, life) {major, minor, #kind, VG_SIG_##verb, DEVICE_##life},
#include "ingest/device/hik_access.def"
};

static int64_t number(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_integer(v) ? json_integer_value(v) : -1;
}

static vg_str text(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_string(v) ? (vg_str){json_string_value(v), json_string_length(v)} : VG_S("");
}

static void who(device_out *out, const json_t *o, vg_signal *s)
{
    char card[8];
    const vg_str employee = text(o, "employeeNoString"), no = text(o, "cardNo");
    if (employee.n) {
        DEVICE_PUT(out, s->user, employee);
    } else if (no.n) {
        const size_t n = no.n > 4 ? 4 : no.n;
        snprintf(card, sizeof card, "*%.*s", (int)n, no.p + no.n - n);
        DEVICE_PUT(out, s->user, vg_str_c(card));
    }
}

// The door closed: that ends what it was open for.
static void door_closed(device_out *out, const vg_signal *closed)
{
    static const char *const also[] = {"door_forced", "door_held"};
    const vg_signal base = *closed;  // adding may move it
    for (size_t i = 0; i < VG_LEN(also); i++) {
        device_report *r = device_add(out);
        if (r) {
            r->s = base;
            snprintf(r->s.kind, sizeof r->s.kind, "%s", also[i]);
            r->life = DEVICE_ENDS;
        }
    }
}

static void unclassified(vg_signal *s, uint8_t *life)
{
    const char *settings = "3-";
    const bool programming = strncmp(s->code, settings, 2) == 0;
    s->verb = VG_SIG_OTHER;
    snprintf(s->kind, sizeof s->kind, "%s", programming ? "programming" : "other");
    s->flags |= programming ? 0 : VG_SIG_UNCLASSIFIED;
    *life = DEVICE_PULSE;
}

void device_hik_access(device_out *out, const struct json_t *event, vg_signal *s, uint8_t *life)
{
    const json_t *o = event;
    const int64_t major = number(o, "majorEventType"), minor = number(o, "subEventType");
    const int64_t door = number(o, "doorNo"), serial = number(o, "serialNo");
    out->of_persons = true;  // whichever part of the body the picture stands in
    who(out, o, s);
    s->source_seq = serial;
    snprintf(s->code, sizeof s->code, "%d-%x", (int)(major & 0xff), (unsigned)(minor & 0xffff));
    if (door >= 0) {
        snprintf(s->point, sizeof s->point, "%lld", (long long)door);
    }
    for (size_t i = 0; i < VG_LEN(ACCESS); i++) {
        if (ACCESS[i].major == major && ACCESS[i].minor == minor) {
            snprintf(s->kind, sizeof s->kind, "%s", ACCESS[i].kind);
            s->verb = ACCESS[i].verb;
            *life = ACCESS[i].life;
            if (major == 5 && minor == 0x1a) {
                door_closed(out, s);
            }
            return;
        }
    }
    unclassified(s, life);
}
