// SPDX-License-Identifier: Apache-2.0
// How an event is hashed; shared by append and verify. For src/journal only.
#pragma once

#include "journal/journal.h"

// H(previous ‖ header ‖ digest(body) ‖ digest(ciphertext)); the header is length-prefixed fields in the
// order of vg_event, little-endian integers. label is hashed as its number; the label table itself is
// part of the sealed node log (core.label events).
void vg_chain_hash(const unsigned char prev[VG_HASH_BYTES], const vg_event *e,
                   unsigned char out[VG_HASH_BYTES]);
// What a seal signs: "vgseal1" ‖ log ‖ seq ‖ time of sealing ‖ hash.
size_t vg_seal_message(uint32_t log, int64_t seq, int64_t sealed_us,
                       const unsigned char hash[VG_HASH_BYTES], unsigned char out[64]);
