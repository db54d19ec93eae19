// SPDX-License-Identifier: Apache-2.0
// Secrets of 32 bytes at rest: the node key in DATA, and the key that opens backups. Either lies open (64 hex digits) or is
// sealed by a pass phrase. How a pass phrase is asked for is the program's matter: it is told once, before any data is opened.
#pragma once

#include "base/str.h"

enum {
    VG_SECRET_BYTES = 32,
    VG_SEALED_TEXT = 320,
    VG_PHRASE_MIN = 12,     // characters
    VG_PHRASE_BYTES = 512,  // of UTF-8, with the end
};

// Writes a pass phrase of at most VG_PHRASE_BYTES; `what` is "node" or "recovery". The caller wipes it.
typedef vg_status (*vg_phrase_fn)(const char *what, char out[VG_PHRASE_BYTES], vg_err *err);
void vg_phrase_ask_by(vg_phrase_fn ask);  // before threads; NULL: nobody can be asked
vg_status vg_phrase_ask(const char *what, char out[VG_PHRASE_BYTES], vg_err *err) VG_USE_RESULT;

// Argon2id (libsodium's MODERATE: 256 MiB) and XSalsa20-Poly1305; the limits stand in the text, so that they can be raised.
vg_status vg_secret_seal(const unsigned char secret[VG_SECRET_BYTES], const char *phrase,
                         char out[VG_SEALED_TEXT], vg_err *err) VG_USE_RESULT;
bool vg_secret_sealed(vg_str text);
// VG_EAUTH: another pass phrase, or not as it was written. VG_ECORRUPT: this is no sealed secret.
vg_status vg_secret_unseal(vg_str text, const char *phrase, unsigned char out[VG_SECRET_BYTES],
                           vg_err *err) VG_USE_RESULT;

// A small file as text; VG_ENOTFOUND, VG_ETOOBIG. Replaced as a whole: the old one or the new one, never a part; 0600.
vg_status vg_small_read(const char *path, char *out, size_t max, vg_str *ret,
                        vg_err *err) VG_USE_RESULT;
vg_status vg_small_write(const char *path, vg_str text, vg_err *err) VG_USE_RESULT;

// DATA/node.key, asking for the pass phrase if it is sealed.
vg_status vg_node_key_read(const char *dir, unsigned char out[VG_SECRET_BYTES],
                           vg_err *err) VG_USE_RESULT;
// phrase NULL: open.
vg_status vg_node_key_write(const char *dir, const unsigned char key[VG_SECRET_BYTES],
                            const char *phrase, vg_err *err) VG_USE_RESULT;

// --- a key that takes the other's place (core/rotate.c) ------------------------------------------
#define VG_NODE_KEY_CURSOR "node_key"  // row of the cursor table: the digest of the file in force
// DATA/node.key.next, sealed by the pass phrase of node.key if that is.
vg_status vg_node_key_write_next(const char *dir, const unsigned char key[VG_SECRET_BYTES],
                                 vg_err *err) VG_USE_RESULT;
vg_status vg_node_key_next_digest(const char *dir, char out[65], vg_err *err) VG_USE_RESULT;
// Whether it is there and the data was left to it: then it is what vg_node_key_read reads.
vg_status vg_node_key_next(const char *dir, bool *ret_in_force, vg_err *err) VG_USE_RESULT;
vg_status vg_folder_sync(const char *path, vg_err *err) VG_USE_RESULT;  // of the file's folder
