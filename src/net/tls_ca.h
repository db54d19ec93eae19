// SPDX-License-Identifier: Apache-2.0
// The site's own certificate authority and the server's certificate: ca.pem and server.pem in DATA/tls, and their keys,
// which are secrets and stay in memory. Used by `init` and at every start of the node (app/tls_keys.h).
#pragma once

#include "base/str.h"

// Four PEM texts; an empty one: there is none.
enum { VG_TLS_TEXT = 65536 };
typedef struct vg_tls {
    vg_buf ca_cert, ca_key, cert, key;
} vg_tls;

void vg_tls_init(vg_tls *t);
void vg_tls_done(vg_tls *t);  // the keys are wiped
void vg_tls_wipe(vg_buf *b);  // and ended
// The two certificates of dir.
vg_status vg_tls_read(const char *dir, vg_tls *t, vg_err *err) VG_USE_RESULT;
// What lies in a file of dir ("ca.key", "server.key"), into an initialised buffer; ret_fits: a key, and that of the
// certificate where there is one.
vg_status vg_tls_take(const char *dir, const char *name, const vg_buf *cert, vg_buf *ret_key,
                      bool *ret_fits, vg_err *err) VG_USE_RESULT;
// Makes what is missing and renews the server's certificate when it has less than 30 days left; one that our CA did not
// sign is left alone. names: further host names and addresses for it besides localhost, 127.0.0.1, ::1 and the
// machine's name; NULL ends them; may be NULL. ret_made: something is new, to be kept (keys) and then written.
vg_status vg_tls_ensure(vg_tls *t, const char *const *names, bool *ret_made,
                        vg_err *err) VG_USE_RESULT;
// Both certificates into dir (created 0700; files 0600). Never a key.
vg_status vg_tls_write(const char *dir, const vg_tls *t, vg_err *err) VG_USE_RESULT;
vg_status vg_tls_shred(const char *dir, const char *name, vg_err *err) VG_USE_RESULT;
// Days until the certificate in file ends (negative: since).
vg_status vg_tls_days_left(const char *file, int64_t *ret_days, vg_err *err) VG_USE_RESULT;
// The authority's public certificate, for people's devices: as DER, with its SHA-256 as "AB:CD:…".
// VG_ENOTFOUND when the server's certificate came from somebody else's PKI. The caller ends the buffer.
enum { VG_TLS_PRINT = 96 };
vg_status vg_tls_ca_public(const char *dir, vg_buf *ret_der, char ret_print[VG_TLS_PRINT],
                           vg_err *err) VG_USE_RESULT;
