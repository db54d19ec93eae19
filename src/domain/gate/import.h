// SPDX-License-Identifier: Apache-2.0
// Logs of passages from elsewhere: begun, taken in pieces, ended or taken back whole.
#pragma once

#include "domain/gate/gate.h"

enum { GATE_IMPORT_ROWS = 500 };  // of one piece

extern const vg_field gate_import_begin_fields[], gate_import_rows_fields[],
    gate_import_id_fields[];
VG_HANDLER(gate_import_begin);
VG_HANDLER(gate_import_rows);
VG_HANDLER(gate_import_end);
VG_HANDLER(gate_import_undo);
VG_FOLDER(gate_on_import_begun);
VG_FOLDER(gate_on_imported);
VG_FOLDER(gate_on_import_ended);
VG_FOLDER(gate_on_import_undone);
