// SPDX-License-Identifier: Apache-2.0
// Names of the counters, from the one list.
#include "ingest/ingest.h"

const char *vg_ingest_count_name(vg_ingest_count c)
{
    static const char *const NAMES[] = {
#define X(name) #name,
#include "ingest/counters.def"
#undef X
    };
    return NAMES[c];
}
