// SPDX-License-Identifier: Apache-2.0
// CAP 1.2 (OASIS Common Alerting Protocol, ITU-T X.1303 bis): reading a message into what a desk needs of it, and
// out of the envelope (EDXL-DE 1.0) that some senders put it in.
#pragma once

#include "base/xml.h"
#include "ingest/ingest.h"

enum { VG_CAP_BYTES_MAX = 1 << 20, VG_CAP_INFOS_MAX = 16, VG_CAP_ALERTS_MAX = 64 };

typedef enum vg_cap_status {
    CAP_ACTUAL,
    CAP_EXERCISE,
    CAP_SYSTEM,
    CAP_TEST,
    CAP_DRAFT
} vg_cap_status;
typedef enum vg_cap_type { CAP_ALERT, CAP_UPDATE, CAP_CANCEL, CAP_ACK, CAP_ERROR } vg_cap_type;
typedef enum vg_cap_scope { CAP_PUBLIC, CAP_RESTRICTED, CAP_PRIVATE } vg_cap_scope;
enum {  // categories, a bit each in the order of the standard
    CAP_GEO = 1,
    CAP_MET = 2,
    CAP_SAFETY = 4,
    CAP_SECURITY = 8,
    CAP_RESCUE = 16,
    CAP_FIRE = 32
};

typedef struct vg_cap_info {
    vg_str language, event, headline, area;
    unsigned categories;
    int urgency, severity, certainty;  // places in the standard's lists, 0 the gravest
    int64_t expires_us;                // 0 = not said
} vg_cap_info;

typedef struct vg_cap {
    vg_str identifier, sender, references, addresses;
    int64_t sent_us;
    vg_cap_status status;
    vg_cap_type type;
    vg_cap_scope scope;
    vg_cap_info info[VG_CAP_INFOS_MAX];
    size_t n_info;
} vg_cap;

// Checks the message against the schema and the rules the schema cannot say (Restricted needs its
// restriction, Private its addresses, a polygon is closed, references are triples). Texts live in a. More
// than VG_CAP_INFOS_MAX infos: the first are kept. Errors: VG_EINVALID, the field is the element; VG_ETOOBIG.
vg_status vg_cap_read(vg_arena *a, vg_str xml, vg_cap *ret, vg_err *err) VG_USE_RESULT;

typedef struct vg_caps {
    const vg_cap *v;
    size_t n;
    vg_str sender;  // who sends: the envelope's, else the message's own
} vg_caps;
// The same for a message, or all messages in one EDXL-DE 1.0 envelope, which is only unwrapped: alerts that stand
// as embedded XML content. One that is unsound refuses them all; an envelope without any is VG_EINVALID. An
// envelope that is an exercise or a test makes its messages so. n = 0: an envelope that tells nothing new (Ack,
// Error, Request; a Cancel carries only cancels). Errors as above.
vg_status vg_cap_read_all(vg_arena *a, vg_str xml, vg_caps *ret, vg_err *err) VG_USE_RESULT;

// One signal of what a site should know: the first info in Vietnamese, else English, else any; of category
// Met, Safety, Security, Rescue, Fire or Geo. False: nothing for the desk (an Ack, a Draft, no such info).
// A Cancel ends what its first reference began. The caller sets source and flags.
bool vg_cap_signal(const vg_cap *c, int64_t now_us, vg_signal *ret);

// cap.c: from a tree. Errors as vg_cap_read.
vg_status cap_of_tree(const vg_xml *root, vg_cap *ret, vg_err *err) VG_USE_RESULT;
// schema.c: what the standard's schema says, as a table. Errors name the element.
vg_status cap_check(const vg_xml *root, vg_err *err) VG_USE_RESULT;
// Place of the text in the list of an enumeration ("urgency"); -1 if it is none of it.
int cap_place(const char *name, vg_str value);
bool cap_time(vg_str s,
              int64_t *ret_us);  // the schema's dateTime: seconds and an offset, nothing else
