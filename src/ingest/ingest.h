// SPDX-License-Identifier: Apache-2.0
// An ingest protocol: a descriptor of pure functions. decode() knows no socket and no clock beyond the
// now_us it is given, and allocates nothing; the generic driver (driver.h) adds transports, limits,
// duplicates, batching and the rule that an answer follows the commit.
#pragma once

#include "core/register.h"
#include "core/signal.h"

typedef enum vg_ingest_count {
#define X(name) VG_INGEST_##name,
#include "ingest/counters.def"
#undef X
    VG_INGEST_COUNTS
} vg_ingest_count;

const char *vg_ingest_count_name(vg_ingest_count c);

typedef enum vg_ingest_step {
    VG_INGEST_DONE,  // one frame: verdict, signals, answer
    VG_INGEST_NEED,  // more bytes are needed (consumed may skip leading noise)
    VG_INGEST_BAD    // consumed bytes are no sound frame: verdict says why, there is no answer
} vg_ingest_step;

typedef enum vg_ingest_answer {
    VG_ANSWER_NONE,
    VG_ANSWER_ACK,  // only after the signals are on disk
    VG_ANSWER_NAK,  // at once: "set your clock"
    VG_ANSWER_DUH   // at once: "not understood"
} vg_ingest_answer;

enum { VG_INGEST_TCP = 1, VG_INGEST_UDP = 2, VG_INGEST_EVENTS_MAX = 32, VG_INGEST_NOTE_BYTES = 96 };

typedef struct vg_ingest_in {
    vg_str bytes;
    bool whole;  // a datagram: nothing more will come
    int64_t now_us;
    const vg_register_snap *sources;
    const char *peer;
} vg_ingest_in;

// A keyed hash: nobody without the key can aim at another's. 0: none.
typedef uint64_t vg_ingest_identity;

enum { VG_INGEST_IDENTITIES = 2, VG_INGEST_KEY_BYTES = 16 };
_Static_assert(VG_INGEST_IDENTITIES * sizeof(vg_ingest_identity) == VG_SIG_FRAME_BYTES,
               "a signal bears the identities of its frame");

typedef struct vg_ingest_out {
    vg_signal *v;  // the caller's, room for VG_INGEST_EVENTS_MAX
    size_t n, consumed;
    vg_ingest_count verdict;
    vg_ingest_answer answer;
    const vg_source *source;  // borrowed from in->sources; NULL if unknown
    bool authenticated;       // proven by the source's key, and fresh
    // A frame equal in any identity to one seen within the source's window is a repetition. None: never one.
    vg_ingest_identity identity[VG_INGEST_IDENTITIES];
    int identities;
    _Alignas(8) unsigned char note[VG_INGEST_NOTE_BYTES];  // decode()'s, for encode_reply()
} vg_ingest_out;

typedef struct vg_ingest_reply {
    vg_ingest_answer answer;
    const unsigned char *note;
    const vg_source *source;  // looked up again when the answer is written; NULL if unknown
    int64_t now_us;
} vg_ingest_reply;

typedef struct vg_ingest {
    const char *name;
    unsigned transports;
    size_t frame_max;
    // Scratch of one thread: buffers, code index, cipher contexts. The key is the identities'.
    void *(*create)(const unsigned char key[VG_INGEST_KEY_BYTES]);
    void (*destroy)(void *state);
    vg_ingest_step (*decode)(void *state, const vg_ingest_in *in, vg_ingest_out *out);
    size_t (*encode_reply)(void *state, const vg_ingest_reply *r, char *out,
                           size_t cap);   // 0: none
    int (*window_s)(const vg_source *s);  // how long its frames can be sent again; NULL: a stranger
} vg_ingest;

extern const vg_ingest vg_ingest_dc09;
