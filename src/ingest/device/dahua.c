// SPDX-License-Identifier: Apache-2.0
// Dahua ITSAPI: TollgateInfo (a plate, where, when, with pictures in base64) and KeepAlive, in JSON or, from some
// firmware, in XML with the same names. Of the pictures the whole scene is kept, else the vehicle, else the plate.
// The colour of the plate says what kind of vehicle it is in Viet Nam, so it goes with the report as its code.
//
// No sample of the XML is public: what it is wrapped in is not known, so "Picture" (and "DeviceID" of a heartbeat) is
// taken at the root or up to two levels below it. The answer is the JSON one; devices look at the status.
#include "ingest/device/decode.h"

#include "base/json.h"
#include "base/xml.h"

#include <sodium.h>

enum { BODY_MAX = 8 << 20 };

typedef struct node {  // of what the body was written in; both NULL: missing
    const json_t *json;
    const vg_xml *xml;
} node;

static node child(node of, const char *name)
{
    return of.xml ? (node){.xml = vg_xml_child(of.xml, name)}
                  : (node){.json = json_object_get(of.json, name)};
}

static bool missing(node n)
{
    return !n.xml && !json_is_object(n.json);
}

static vg_str text(device_out *out, node of, const char *name)
{
    if (of.xml) {
        return vg_xml_text(of.xml, name);
    }
    const json_t *v = json_object_get(of.json, name);
    if (json_is_integer(v)) {
        return vg_str_f(out->arena, "%lld", (long long)json_integer_value(v));
    }
    return json_is_string(v) ? (vg_str){json_string_value(v), json_string_length(v)} : VG_S("");
}

// Decoded into the arena; "" when it is missing or no base64.
static vg_str picture(device_out *out, node pictures, const char *name)
{
    const vg_str b64 = text(out, child(pictures, name), "Content");
    const size_t cap = b64.n / 4 * 3 + 3;
    size_t n = 0;
    unsigned char *bin = b64.n ? vg_arena_get(out->arena, cap) : NULL;
    if (!bin || sodium_base642bin(bin, cap, b64.p, b64.n, "\r\n \t", &n, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) != 0) {
        return VG_S("");
    }
    return (vg_str){(const char *)bin, n};
}

static void take_picture(device_out *out, node pictures)
{
    static const char *const by_worth[] = {"NormalPic", "VehiclePic", "CutoutPic"};
    for (size_t i = 0; i < VG_LEN(by_worth) && out->image.n == 0; i++) {
        device_take_image(out, picture(out, pictures, by_worth[i]));
    }
}

// In XML: the root itself, or the parent of the first element of that name below it.
static node holder(node top, const char *name)
{
    if (!top.xml || vg_xml_child(top.xml, name)) {
        return top;
    }
    for (const vg_xml *c = top.xml->child; c; c = c->next) {
        if (vg_xml_child(c, name)) {
            return (node){.xml = c};
        }
    }
    return top;
}

static vg_status plate(node top, device_out *out, vg_err *err)
{
    const bool bare = top.xml && vg_str_eqc(top.xml->name, "Picture");
    const node pictures = bare ? top : child(holder(top, "Picture"), "Picture");
    const node snap = child(pictures, "SnapInfo"), read = child(pictures, "Plate");
    device_report *r = missing(pictures) ? NULL : device_add(out);
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

static vg_status keep_alive(node top, device_out *out, vg_err *err)
{
    device_report *r = device_add(out);
    if (!r) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
    }
    r->s.verb = VG_SIG_POLL;
    device_take_address(out, text(out, holder(top, "DeviceID"), "DeviceID"));
    return VG_OK;
}

static vg_status say(bool alive, node top, device_out *out, vg_err *err)
{
    return alive ? keep_alive(top, out, err) : plate(top, out, err);
}

static bool is_xml(vg_str body)
{
    const vg_str s = vg_str_starts(body, "\xEF\xBB\xBF") ? (vg_str){body.p + 3, body.n - 3} : body;
    return vg_str_starts(vg_str_trim(s), "<");
}

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    static const vg_xml_limits max = {.bytes = BODY_MAX, .nodes = 2048, .depth = 16, .attrs = 16};
    json_t *top = NULL;
    const vg_xml *root = NULL;
    const bool alive =
        vg_str_eqc(tail, "/KeepAlive") || vg_str_eqc(tail, "/NotificationInfo/KeepAlive");
    if (is_xml(rq->body)) {
        VG_TRY(vg_xml_parse(out->arena, rq->body, &max, &root, err));
        return say(alive, (node){.xml = root}, out, err);
    }
    VG_TRY(vg_json_parse(rq->body, BODY_MAX, &top, err));
    const vg_status st = say(alive, (node){.json = top}, out, err);
    json_decref(top);
    return st;
}

const device_profile device_dahua = {
    "dahua", "/NotificationInfo", decode,
    DEVICE_WELL("application/json", "{\"Result\":true,\"Message\":\"Success\"}")};
