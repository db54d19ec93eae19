// SPDX-License-Identifier: Apache-2.0
// Reference data that comes with the program as YAML (laws, old provinces) and enters the journal as one event an
// edition, so that a rebuild needs no file and what the node believed on a day can be read from its journal.
#pragma once

#include "base/embed.h"
#include "core/core.h"

typedef struct vg_shipment {
    const vg_embedded *files;
    const char *const *lists;  // names of the lists in the files; NULL ends
    const char *command;       // takes {"digest":…,"content":{list:[…],…}}
    const char *sql_last;      // finds the digest of the edition folded last
} vg_shipment;

enum { VG_SHIPPED_MAX = 200 << 10 };  // bytes of an edition as JSON

// Journals the edition if it is not the one folded last. At start, not on the scribe's thread.
vg_status vg_ship(vg_core *core, const vg_shipment *s, vg_err *err) VG_USE_RESULT;
