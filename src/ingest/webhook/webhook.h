// SPDX-License-Identifier: Apache-2.0
// The signed webhook: JSON events from bridges and devices that speak HTTP. Pure functions and a gate
// against repetitions; the HTTP layer mounts it at POST /ingest/webhook/{source}.
//
//   X-Vonggac-Timestamp: 1795000000                       seconds since 1970, within 300 s of ours
//   X-Vonggac-Signature: hex(HMAC-SHA256(key, timestamp "." body))   "sha256=" before it is fine
//   {"id":"a1","kind":"door_forced","verb":"raise","point":"3","time":"...","text":"...","seq":7}
//   {"id":"a2","events":[{...}, ...]}                     up to 100
#pragma once

#include "ingest/ingest.h"

enum {
    VG_WEBHOOK_EVENTS_MAX = 100,
    VG_WEBHOOK_BODY_MAX = 64 * 1024,
    VG_WEBHOOK_WINDOW_S = 300,
    VG_WEBHOOK_KEEP_S = 2 * VG_WEBHOOK_WINDOW_S + 1
};

#define VG_WEBHOOK_TIMESTAMP "X-Vonggac-Timestamp"
#define VG_WEBHOOK_SIGNATURE "X-Vonggac-Signature"

typedef struct vg_webhook_request {
    const vg_source *source;  // found by ("webhook", {source} of the path); NULL if unknown
    vg_str timestamp, signature, body;
    const char *peer;
    int64_t now_us;
    const unsigned char *certificate;  // SHA-256 of the one shown, or NULL
} vg_webhook_request;

// Errors: VG_EAUTH (no key, wrong signature, time outside the window), VG_EDENIED (source disabled),
// VG_ETOOBIG. An unknown source gives the same error as a wrong signature.
vg_status vg_webhook_verify(const vg_webhook_request *r, vg_err *err) VG_USE_RESULT;

// v has room for VG_WEBHOOK_EVENTS_MAX. ret_id is the request's own id, empty if it has none; it lives
// in a. Errors: VG_EINVALID with the member's name, "events[3].kind".
typedef struct vg_webhook_events {
    vg_signal *v;
    size_t n;
    vg_str id;
} vg_webhook_events;
vg_status vg_webhook_parse(vg_arena *a, const vg_webhook_request *r, vg_webhook_events *ret,
                           vg_err *err) VG_USE_RESULT;

// --- repetitions; any thread ---------------------------------------------------------------------
typedef struct vg_webhook_gate vg_webhook_gate;

typedef enum vg_webhook_claim {
    VG_WEBHOOK_NEW,      // go on, then settle
    VG_WEBHOOK_PENDING,  // the first is on its way to disk: "busy, try again"
    VG_WEBHOOK_DONE      // on disk already: answer as the first time
} vg_webhook_claim;

// The key is the identities': the same at every start, or what is learned from the journal is not found.
vg_webhook_gate *vg_webhook_gate_create(const unsigned char key[VG_INGEST_KEY_BYTES]);
void vg_webhook_gate_destroy(vg_webhook_gate *g);
// A verified request is the same as another of its source if it has the same id; without one, if it has
// the same signature.
vg_ingest_identity vg_webhook_identity(const vg_webhook_gate *g, const vg_webhook_request *r,
                                       vg_str id);
vg_webhook_claim vg_webhook_claim_it(vg_webhook_gate *g, const vg_ingest_identity *id,
                                     int64_t now_us);
// At the start: a request that was on disk at recorded_us.
void vg_webhook_learn(vg_webhook_gate *g, const vg_ingest_identity *id, int64_t recorded_us);
void vg_webhook_settle(vg_webhook_gate *g, const vg_ingest_identity *id, bool committed);
