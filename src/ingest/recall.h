// SPDX-License-Identifier: Apache-2.0
// What a driver knows of repetitions at its start. Before its thread runs.
#pragma once

#include "ingest/driver.h"
#include "ingest/repeats.h"

// Tells seen[authenticated] the frames journaled within their source's window. ret: how many identities.
vg_status recall(const vg_driver_options *o, repeats *const seen[2], size_t *ret,
                 vg_err *err) VG_USE_RESULT;
