// SPDX-License-Identifier: Apache-2.0
// What a look-up of a person is for (ADR 0025): said by whoever looks, and how many he looked up within the hour.
#pragma once

#include "domain/kit.h"

// Values of the field "purpose" that every look-up takes; "note" and "incident" stand beside it.
#define VG_PURPOSES "duty", "incident", "subject", "inspection"

// An incident speaks for itself, and so does a purpose of which the caller says that it does (speaks); everything else is
// said in words. VG_ENOTFOUND or VG_EINVALID with the field.
vg_status vg_purpose_said(vg_cx *cx, const vg_args *args, bool speaks, vg_err *err) VG_USE_RESULT;

// Whether this look-up is the last of every so many within an hour (vonggac.ini, people.lookups_per_hour; 0: never):
// whoever looks up very many is not stopped, it calls for attention. count: "SELECT count(*) … WHERE looked_by = ? AND
// at > ?".
vg_status vg_purpose_many(vg_cx *cx, const char *count, bool *ret, vg_err *err) VG_USE_RESULT;
