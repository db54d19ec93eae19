// SPDX-License-Identifier: Apache-2.0
// What the decoders share: writing reports, reading times, choosing pictures. Nothing here knows a maker.
#include "ingest/device/decode.h"

#include "base/clock.h"
#include "base/text.h"
#include "ident/plate.h"

#include <ctype.h>
#include <stdio.h>

device_report *device_add(device_out *out)
{
    if (out->n == out->cap) {
        const size_t cap = out->cap ? out->cap * 4 : 4;
        device_report *v =
            cap <= DEVICE_REPORTS_MAX ? vg_arena_get(out->arena, cap * sizeof *v) : NULL;
        if (!v) {
            return NULL;
        }
        if (out->n) {
            memcpy(v, out->v, out->n * sizeof *v);
        }
        out->v = v;
        out->cap = cap;
    }
    device_report *r = &out->v[out->n++];
    r->s.source_seq = -1;
    return r;
}

void device_put(vg_arena *a, char *field, size_t size, vg_str text)
{
    vg_str s = vg_str_trim(text);
    for (size_t i = 0; i < s.n; i++) {  // most are plain ASCII: no copy
        if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e) {
            if (vg_nfc(a, s, &s, NULL) != VG_OK) {
                s = VG_S("");
            }
            break;
        }
    }
    const vg_str cut = {s.p, s.n < size ? s.n : size - 1};
    const size_t n = vg_utf8_prefix(cut);
    if (n) {
        memcpy(field, s.p, n);
    }
    field[n] = 0;
}

int64_t device_time(vg_str s)
{
    char z[48];
    int64_t us;
    s = vg_str_trim(s);
    if (s.n < 19 || s.n > 35) {
        return 0;
    }
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    z[10] = z[10] == ' ' ? 'T' : z[10];
    const bool zoned = strpbrk(z + 19, "Zz+-") != NULL;
    snprintf(z + s.n, sizeof z - s.n, "%s", zoned ? "" : "+07:00");
    return vg_time_parse(vg_str_c(z), &us, NULL) == VG_OK ? us : 0;
}

bool device_is_jpeg(vg_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    return s.n > 4 && p[0] == 0xff && p[1] == 0xd8 && p[2] == 0xff;
}

void device_take_image(device_out *out, vg_str bytes)
{
    if (device_is_jpeg(bytes) && bytes.n > out->image.n) {
        out->image = bytes;
    }
}

void device_take_address(device_out *out, vg_str text)
{
    if (!out->address[0]) {
        DEVICE_PUT(out, out->address, text);
    }
}

void device_say(vg_device_reply *r, const char *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const int n = vsnprintf(r->text, sizeof r->text, fmt, ap);
    va_end(ap);
    r->n = n < 0 ? 0 : (size_t)n < sizeof r->text ? (size_t)n : sizeof r->text - 1;
    r->type = type;
    r->status = 200;
}

vg_str device_query(const vg_device_request *rq, const char *name)
{
    for (size_t i = 0; i < rq->n_query; i++) {
        if (vg_str_eqc(rq->query[i].name, name)) {
            return rq->query[i].value;
        }
    }
    return VG_S("");
}

void device_put_plate(device_out *out, vg_signal *s, vg_str plate)
{
    vg_plate p;
    if (vg_plate_parse(plate, &p, NULL) == VG_OK) {
        snprintf(s->text, sizeof s->text, "%s", p.key);
    } else {
        DEVICE_PUT(out, s->text, plate);
        s->flags |= VG_SIG_UNCLASSIFIED;
    }
}
