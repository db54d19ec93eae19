// SPDX-License-Identifier: Apache-2.0
// Warnings of the authorities as CAP 1.2: one message a request, or an EDXL-DE envelope of some, by POST, by the
// source's token in the path. An
// update is the same condition going on, a cancel its end. Nothing is drawn from resources it names: no
// address in a message is ever fetched.
#include "ingest/cap/cap.h"
#include "ingest/device/decode.h"

static void report(device_out *out, const vg_cap *c, int64_t now_us)
{
    vg_signal s;
    device_report *r = vg_cap_signal(c, now_us, &s) ? device_add(out) : NULL;
    if (r) {  // else an acknowledgement, a draft: received, and nobody's business
        r->s = s;
        r->life = s.verb == VG_SIG_RAISE     ? DEVICE_LASTS
                  : s.verb == VG_SIG_RESTORE ? DEVICE_ENDS
                                             : DEVICE_PULSE;
    }
}

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    (void)tail;
    vg_caps all;
    VG_TRY(vg_cap_read_all(out->arena, rq->body, &all, err));
    device_take_address(out, all.sender);
    for (size_t i = 0; i < all.n; i++) {
        report(out, &all.v[i], rq->now_us);
    }
    return VG_OK;
}

const device_profile device_cap = {
    .proto = "cap", .root = "/cap", .decode = decode, .well = DEVICE_WELL("text/plain", "OK")};
