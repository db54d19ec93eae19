// SPDX-License-Identifier: Apache-2.0
// The site's own certificate authority and the server's certificate, in DATA/tls: ca.pem, ca.key,
// server.pem, server.key. Used by `init` and at every start of the node.
#pragma once

#include "base/str.h"

// Makes what is missing in dir (created 0700; files 0600) and renews the server certificate when it has
// less than 30 days left. names: further host names and addresses for it besides localhost,
// 127.0.0.1, ::1 and the machine's name; NULL ends them; may be NULL. ret_made (may be NULL): a new server
// certificate was written.
vg_status vg_tls_ca_ensure(const char *dir, const char *const *names, bool *ret_made,
                           vg_err *err) VG_USE_RESULT;
// The PEM texts for the HTTP server. The caller ends both buffers; the key is a secret.
vg_status vg_tls_load(const char *dir, vg_buf *ret_cert, vg_buf *ret_key,
                      vg_err *err) VG_USE_RESULT;
// Days until the certificate in file ends (negative: since).
vg_status vg_tls_days_left(const char *file, int64_t *ret_days, vg_err *err) VG_USE_RESULT;
// The authority's public certificate, for people's devices: as DER, with its SHA-256 as "AB:CD:…".
// VG_ENOTFOUND when the server's certificate came from somebody else's PKI. The caller ends the buffer.
enum { VG_TLS_PRINT = 96 };
vg_status vg_tls_ca_public(const char *dir, vg_buf *ret_der, char ret_print[VG_TLS_PRINT],
                           vg_err *err) VG_USE_RESULT;
