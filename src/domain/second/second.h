// SPDX-License-Identifier: Apache-2.0
// Inside of the second module: requests that wait for a second person. The rule itself is core/second.h.
#pragma once

#include "core/second.h"
#include "domain/kit.h"

// request.c
extern const vg_field second_ask_fields[], second_id_fields[], second_refuse_fields[],
    second_due_fields[];
VG_HANDLER(second_ask);
VG_HANDLER(second_approve);
VG_HANDLER(second_refuse);
VG_HANDLER(second_withdraw);
VG_HANDLER(second_expire);
VG_FOLDER(second_on_asked);
VG_FOLDER(second_on_approved);
VG_FOLDER(second_on_refused);
VG_FOLDER(second_on_withdrawn);
VG_FOLDER(second_on_expired);

// waiting.c
vg_status second_waiting(vg_read *rd, const vg_args *args, vg_err *err) VG_USE_RESULT;
