// SPDX-License-Identifier: Apache-2.0
// The envelope of EDXL-DE 1.0, opened and thrown away. Of its own words only three count: its status, because an
// exercise in an envelope is an exercise; its type, because what comes back as an error or an acknowledgement is
// no news; and its sender. Where it is to be distributed is for whoever distributes. Contents that are not XML, or
// are XML of another kind, are passed over, an envelope in an envelope too.
#include "ingest/cap/cap.h"

static const char NS[] = "urn:oasis:names:tc:emergency:EDXL:DE:1.0";

static const struct {
    const char *name;
    vg_cap_status status;
} STATUS[] = {
    {"Actual", CAP_ACTUAL}, {"Exercise", CAP_EXERCISE}, {"System", CAP_SYSTEM}, {"Test", CAP_TEST}};

typedef enum tells { NOTHING, CANCELS, ALL } tells;
static const struct {
    const char *name;
    tells tells;
} TYPES[] = {{"Report", ALL},
             {"Update", ALL},
             {"Response", ALL},
             {"Dispatch", ALL},
             {"Cancel", CANCELS},
             {"Request", NOTHING},
             {"Ack", NOTHING},
             {"Error", NOTHING},
             {"SensorConfiguration", NOTHING},
             {"SensorControl", NOTHING},
             {"SensorStatus", NOTHING},
             {"SensorDetection", NOTHING}};

typedef struct envelope {
    vg_cap *v;
    size_t n, alerts;
    vg_cap_status status;
    tells tells;
} envelope;

static vg_status wrong(vg_err *err, const char *name, vg_str text)
{
    return vg_fail(err, VG_EINVALID, name, text.n ? "cap.value" : "cap.missing", "%s %.*s", name,
                   (int)(text.n < 80 ? text.n : 80), text.n ? text.p : "");
}

static vg_status read_head(const vg_xml *root, envelope *e, vg_err *err)
{
    const vg_str status = vg_xml_text(root, "distributionStatus"),
                 type = vg_xml_text(root, "distributionType");
    size_t i = 0, k = 0;
    while (i < VG_LEN(STATUS) && !vg_str_eqc(status, STATUS[i].name)) {
        i++;
    }
    while (k < VG_LEN(TYPES) && !vg_str_eqc(type, TYPES[k].name)) {
        k++;
    }
    if (i == VG_LEN(STATUS)) {
        return wrong(err, "distributionStatus", status);
    }
    if (k == VG_LEN(TYPES)) {
        return wrong(err, "distributionType", type);
    }
    e->status = STATUS[i].status;
    e->tells = TYPES[k].tells;
    return VG_OK;
}

static vg_status take(envelope *e, const vg_xml *alert, vg_err *err)
{
    vg_cap *c = &e->v[e->n];
    if (++e->alerts > VG_CAP_ALERTS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "contentObject", "cap.too_many", "%d", VG_CAP_ALERTS_MAX);
    }
    VG_TRY(cap_of_tree(alert, c, err));
    c->status = c->status == CAP_ACTUAL ? e->status : c->status;
    e->n += e->tells == ALL || (e->tells == CANCELS && c->type == CAP_CANCEL);
    return VG_OK;
}

static vg_status take_content(envelope *e, const vg_xml *object, vg_err *err)
{
    const vg_xml *xml = vg_xml_child(object, "xmlContent");
    for (const vg_xml *n = vg_xml_child(xml, "embeddedXMLContent"); n;
         n = vg_xml_next(n, "embeddedXMLContent")) {
        for (const vg_xml *a = vg_xml_child(n, "alert"); a; a = vg_xml_next(a, "alert")) {
            VG_TRY(take(e, a, err));
        }
    }
    return VG_OK;
}

static vg_status unwrap(vg_arena *a, const vg_xml *root, vg_caps *ret, vg_err *err)
{
    envelope e = {.v = vg_arena_get(a, (VG_CAP_ALERTS_MAX + 1) * sizeof *e.v)};
    if (!e.v) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "arena");
    }
    VG_TRY(read_head(root, &e, err));
    for (const vg_xml *o = vg_xml_child(root, "contentObject"); o;
         o = vg_xml_next(o, "contentObject")) {
        VG_TRY(take_content(&e, o, err));
    }
    if (e.alerts == 0) {
        return vg_fail(err, VG_EINVALID, "contentObject", "cap.no_alert", "%s", "");
    }
    *ret = (vg_caps){e.v, e.n, vg_xml_text(root, "senderID")};
    return VG_OK;
}

vg_status vg_cap_read_all(vg_arena *a, vg_str xml, vg_caps *ret, vg_err *err)
{
    const vg_xml *root = NULL;
    VG_TRY(
        vg_xml_parse(a, xml, &(vg_xml_limits){.bytes = VG_CAP_BYTES_MAX, .depth = 24}, &root, err));
    if (vg_str_eqc(root->name, "EDXLDistribution") && vg_str_eqc(root->ns, NS)) {
        return unwrap(a, root, ret, err);
    }
    vg_cap *one = vg_arena_get(a, sizeof *one);
    if (!one) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "arena");
    }
    VG_TRY(cap_of_tree(root, one, err));
    *ret = (vg_caps){one, 1, one->sender};
    return VG_OK;
}
