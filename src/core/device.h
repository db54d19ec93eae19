// SPDX-License-Identifier: Apache-2.0
// Keys of devices that act by themselves (gates, phones): ECDSA on P-256 with SHA-256, as WebCrypto makes them. A key is
// the uncompressed point (65 bytes), a signature r and s (64 bytes), both as base64url without padding: fixed lengths,
// so there is nothing to parse. Any thread.
#pragma once

#include "core/module.h"

enum { VG_DEVICE_POINT = 65, VG_DEVICE_SIG = 64, VG_DEVICE_SIG_TEXT = 86 };

typedef struct vg_device_key {
    unsigned char point[VG_DEVICE_POINT];
} vg_device_key;

// Exactly n bytes, no padding, no bits left over.
bool vg_base64url(vg_str text, void *out, size_t n);
// VG_EINVALID (field "key"): not that form, or no point of the curve.
vg_status vg_device_key_read(vg_str text, vg_device_key *ret, vg_err *err) VG_USE_RESULT;
// SHA-256 of the point, the first 80 bits in groups: "3f2a 91c0 …".
enum { VG_DEVICE_PRINT = 25 };
void vg_device_print(const vg_device_key *key, char out[VG_DEVICE_PRINT]);
bool vg_device_sig_good(const vg_device_key *key, vg_str bytes,
                        const unsigned char sig[VG_DEVICE_SIG]);

// Did the device that is bound to this account now sign these bytes (web/src/lib/device.ts, signBytes)? For what was
// written down without a connection. A signed request is never taken for such bytes, nor they for a request. Who signed
// when is not said: the bytes must tell. db is unscoped. VG_EAUTH: no; unknown, revoked, over and wrong are one answer.
vg_status vg_device_verify(vg_core *core, vg_db *db, vg_str account, vg_str bytes, vg_str sig,
                           vg_err *err) VG_USE_RESULT;
