// SPDX-License-Identifier: Apache-2.0
// Passwords as Argon2id hashes (libsodium's text form, 64 MiB, the interactive limits). Both functions are for any thread
// that may wait: they take turns in the whole process, and what they compute gives way to the rest of the node.
#pragma once

#include "base/str.h"

#include <sodium.h>
#include <stdbool.h>

// Whether the password is the one hashed. A text that is no hash costs nothing and is false.
bool vg_pwhash_is(const char *hash, vg_str password);

// The hash of a password under a new salt; false where the memory for it is lacking.
bool vg_pwhash_make(vg_str password, char ret_hash[crypto_pwhash_STRBYTES]);
