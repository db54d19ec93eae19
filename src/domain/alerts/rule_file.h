// SPDX-License-Identifier: Apache-2.0
// A back-test of a text people wrote over a file of events, CSV with a header line (engine/text.h), against the rules
// in force. Nothing of the file is kept or journaled, and it is not the back-test that approving asks for: no one
// knows where a file is from. Its sites and zones are names and nothing else, so nobody learns from it what he did
// not know; facts and drawings of the node are unknown in it.
#pragma once

#include "core/core.h"

#include <stdatomic.h>

enum {
    ALERTS_FILE_BYTES = 16 << 20,
    ALERTS_FILE_LINES = 500000,
    ALERTS_FILE_SITES = 200,
    ALERTS_FILE_SECONDS = 60
};

// Who may try the text over the journal may try it over a file: the checks of alerts.rule_try.
vg_status alerts_file_may(vg_core *core, const vg_principal *who, vg_str id,
                          vg_err *err) VG_USE_RESULT;
// Takes seconds; not for the scribe's thread nor an HTTP server's. *stop set from another thread ends it. ret is begun
// by the caller: events, late, unknown, from, to, and a list of sites as rule-trial-sites has them.
// Errors: VG_EINVALID with the line, VG_ETOOBIG, VG_EUNAVAIL.
vg_status alerts_file_try(vg_core *core, vg_str id, vg_str file, const atomic_bool *stop,
                          vg_buf *ret, vg_err *err) VG_USE_RESULT;
