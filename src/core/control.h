// SPDX-License-Identifier: Apache-2.0
// The node's own door for the person at its console: DATA/control.sock, same user or root only. One JSON
// object a line: {"run":"sites.source_add","args":{…}} → {"status":"OK","reply":{…}}. With an "idempotency_key" a retry
// gets the first answer.
#pragma once

#include "core/core.h"

// Client side: runs a command on the node that holds dir, or, when none runs, opens dir itself. reply gets
// the command's JSON object (initialised by the caller).
vg_status vg_control_run(const char *dir, const char *command, vg_str args, vg_buf *reply,
                         vg_err *err) VG_USE_RESULT;
bool vg_control_alive(const char *dir);  // a node runs on dir
