// SPDX-License-Identifier: Apache-2.0
// Warnings of the authorities as CAP 1.2: one message a request, by POST, by the source's token in the path. An
// update is the same condition going on, a cancel its end. Nothing is drawn from resources it names: no
// address in a message is ever fetched.
#include "ingest/cap/cap.h"
#include "ingest/device/decode.h"

static vg_status decode(const vg_device_request *rq, vg_str tail, device_out *out, vg_err *err)
{
    (void)tail;
    vg_cap c;
    vg_signal s;
    VG_TRY(vg_cap_read(out->arena, rq->body, &c, err));
    if (!vg_cap_signal(&c, rq->now_us, &s)) {
        return VG_OK;  // an acknowledgement, a draft: received, and nobody's business
    }
    device_take_address(out, c.sender);
    device_report *r = device_add(out);
    if (r) {
        r->s = s;
        r->life = s.verb == VG_SIG_RAISE     ? DEVICE_LASTS
                  : s.verb == VG_SIG_RESTORE ? DEVICE_ENDS
                                             : DEVICE_PULSE;
    }
    return VG_OK;
}

const device_profile device_cap = {
    .proto = "cap", .root = "/cap", .decode = decode, .well = DEVICE_WELL("text/plain", "OK")};
