// SPDX-License-Identifier: Apache-2.0
// The ZIP and XML side of an XLSX: parts are unpacked in pieces under one common budget and parsed as they come.
#pragma once

#include "sheet/sheet_impl.h"

typedef struct xlsx_zip xlsx_zip;
vg_status xlsx_zip_open(vg_str file, xlsx_zip **ret, vg_err *err) VG_USE_RESULT;
void xlsx_zip_close(xlsx_zip *z);  // NULL is fine
bool xlsx_zip_has(xlsx_zip *z, const char *part);

// Names without their namespace's prefix. Attributes as expat gives them: name, value, …, NULL.
typedef struct xlsx_handler {
    void (*begin)(void *ctx, const char *name, const char **attributes);
    void (*end)(void *ctx, const char *name);
    void (*text)(void *ctx, vg_str text);
    bool (*stop)(void *ctx);  // asked now and then: true ends the part early, without an error
    void *ctx;
} xlsx_handler;
// Parses one part. VG_ENOTFOUND if there is none. No DOCTYPE, at most 64 levels, no token over a megabyte.
vg_status xlsx_parse(xlsx_zip *z, const char *part, const xlsx_handler *h,
                     vg_err *err) VG_USE_RESULT;
const char *xlsx_attribute(const char **attributes, const char *name);  // NULL if missing
