// SPDX-License-Identifier: Apache-2.0
// Dahua ITSAPI in JSON: TollgateInfo (a plate, where, when, with pictures in base64) and KeepAlive. Of the pictures
// the whole scene is kept, else the vehicle, else the plate. The colour of the plate says what kind of vehicle it
// is in Viet Nam, so it goes with the report as its code. Firmware that sends XML instead is not understood.
#include "ingest/device/decode.h"

#include "base/json.h"

#include <sodium.h>

enum { BODY_MAX = 8 << 20 };

static vg_str text(device_out *out, const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    if (json_is_integer(v)) {
        return vg_str_f(out->arena, "%lld", (long long)json_integer_value(v));
    }
    return json_is_string(v) ? (vg_str){json_string_value(v), json_string_length(v)} : VG_S("");
}

// Decoded into the arena; "" when it is missing or no base64.
static vg_str picture(device_out *out, const json_t *pictures, const char *name)
{
    const vg_str b64 = text(out, json_object_get(pictures, name), "Content");
    const size_t cap = b64.n / 4 * 3 + 3;
    size_t n = 0;
    unsigned char *bin = b64.n ? vg_arena_get(out->arena, cap) : NULL;
    if (!bin || sodium_base642bin(bin, cap, b64.p, b64.n, "\r\n \t", &n, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) != 0) {
        return VG_S("");
    }
    return (vg_str){(const char *)bin, n};
}

static void take_picture(device_out *out, const json_t *pictures)
{
    static const char *const by_worth[] = {"NormalPic", "VehiclePic", "CutoutPic"};
    for (size_t i = 0; i < VG_LEN(by_worth) && out->image.n == 0; i++) {
        device_take_image(out, picture(out, pictures, by_worth[i]));
    }
}

static vg_status plate(const json_t *top, device_out *out, vg_err *err)
{
    const json_t *pictures = json_object_get(top, "Picture");
    const json_t *snap = json_object_get(pictures, "SnapInfo");
    const json_t *read = json_object_get(pictures, "Plate");
    device_report *r = json_is_object(pictures) ? device_add(out) : NULL;
    if (!r) {
        return vg_fail(err, VG_EINVALID, "Picture", "ingest.err.device_body", "%s", "Picture");
    }
    vg_signal *s = &r->s;
    device_take_address(out, text(out, snap, "DeviceID"));
    const vg_str exact = text(out, snap, "AccurateTime");
    s->captured_us = device_time(exact.n ? exact : text(out, snap, "SnapTime"));
    memcpy(s->kind, "plate_read", sizeof "plate_read");
    DEVICE_PUT(out, s->code, text(out, read, "PlateColor"));
    DEVICE_PUT(out, s->area, text(out, snap, "Direction"));
    const vg_str lane = text(out, snap, "LanNo");
    DEVICE_PUT(out, s->point, lane.n ? lane : text(out, read, "Channel"));
    device_put_plate(out, s, text(out, read, "PlateNumber"));
    take_picture(out, pictures);
    return VG_OK;
}

static vg_status keep_alive(const json_t *top, device_out *out, vg_err *err)
{
    device_report *r = device_add(out);
    if (!r) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
    }
    r->s.verb = VG_SIG_POLL;
    device_take_address(out, text(out, top, "DeviceID"));
    return VG_OK;
}

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    json_t *top = NULL;
    const bool alive =
        vg_str_eqc(tail, "/KeepAlive") || vg_str_eqc(tail, "/NotificationInfo/KeepAlive");
    VG_TRY(vg_json_parse(rq->body, BODY_MAX, &top, err));
    const vg_status st = alive ? keep_alive(top, out, err) : plate(top, out, err);
    json_decref(top);
    return st;
}

const device_profile device_dahua = {
    "dahua", "/NotificationInfo", decode,
    DEVICE_WELL("application/json", "{\"Result\":true,\"Message\":\"Success\"}")};
