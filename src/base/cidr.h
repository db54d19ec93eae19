// SPDX-License-Identifier: Apache-2.0
// A list of networks a device may speak from: "192.0.2.0/24, 2001:db8::/32, 198.51.100.7".
#pragma once

#include "base/str.h"

enum { VG_CIDR_LIST = 120, VG_CIDR_MAX = 16 };  // bytes of a list with its NUL; networks in it

// Errors: VG_EINVALID (field peers, err.cidr), VG_ETOOBIG.
vg_status vg_cidr_check(vg_str list, vg_err *err) VG_USE_RESULT;
// The empty list has every address. address without port, v4 in v6 as v4. No names, no allocation.
bool vg_cidr_has(vg_str list, const char *address);
