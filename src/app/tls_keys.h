// SPDX-License-Identifier: Apache-2.0
// The keys of the site's authority and of the server's certificate, kept in the vault.
#pragma once

#include "core/core.h"
#include "net/tls_ca.h"

// The certificates of DATA/tls with their keys, made or renewed as vg_tls_ensure does (names as there). The core must be
// started. ret is made by this call and ended by the caller with vg_tls_done.
vg_status app_tls_open(vg_core *core, const char *const *names, vg_tls *ret,
                       vg_err *err) VG_USE_RESULT;
// Another authority with another key, and a server's certificate of it, from this moment on; the journal is told first. Of a
// foreign pair there is nothing to change: VG_ENOTFOUND. ret_print: of the new one (VG_TLS_PRINT).
vg_status app_tls_change_authority(vg_core *core, char *ret_print, vg_err *err) VG_USE_RESULT;
// Takes key files that lie in DATA/tls into the vault, and nothing else.
vg_status app_tls_settle(vg_core *core, vg_err *err) VG_USE_RESULT;
