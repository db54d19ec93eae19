// SPDX-License-Identifier: Apache-2.0
// How an event is hashed; shared by append, verify and evidence bundles (docs/adr/0021-evidence.md).
#pragma once

#include "journal/journal.h"

// Two steps, so that the chain can be shown without what stands in it. The leaf is H(header ‖ salt ‖ digest(body)
// ‖ digest(ciphertext)); the header is length-prefixed fields in the order of vg_event, little-endian integers.
// label is hashed as its number; the label table itself is part of the sealed node log (core.label events).
void vg_chain_leaf(const vg_event *e, unsigned char out[VG_HASH_BYTES]);
// The same where the ciphertext is not at hand, only its digest.
void vg_chain_leaf_without(const vg_event *e, const unsigned char personal[VG_HASH_BYTES],
                           unsigned char out[VG_HASH_BYTES]);
void vg_chain_digest(vg_str s, unsigned char out[VG_HASH_BYTES]);  // of nothing: zeros
// The hash of an event is H(previous ‖ leaf): always 64 bytes, which no leaf's text is.
void vg_chain_step(const unsigned char prev[VG_HASH_BYTES], const unsigned char leaf[VG_HASH_BYTES],
                   unsigned char out[VG_HASH_BYTES]);
void vg_chain_hash(const unsigned char prev[VG_HASH_BYTES], const vg_event *e,
                   unsigned char out[VG_HASH_BYTES]);  // both
// What a seal signs: "vgseal2" ‖ log ‖ seq ‖ time of sealing ‖ hash.
size_t vg_seal_message(uint32_t log, int64_t seq, int64_t sealed_us,
                       const unsigned char hash[VG_HASH_BYTES], unsigned char out[64]);
