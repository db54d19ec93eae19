// SPDX-License-Identifier: Apache-2.0
// Commands: what people, the engine, timers and other modules ask for. A command's arguments are
// declared as fields; from them come validation, the route, OpenAPI and the CLI.
#pragma once

#include "base/json.h"
#include "core/principal.h"

typedef enum vg_field_type {
    VG_F_TEXT,  // NFC, at most max characters (default 200)
    VG_F_ID,    // 16 characters of base 32
    VG_F_INT,   // min..max (both 0: any)
    VG_F_BOOL,
    VG_F_TIME,    // RFC 3339 in, int64 µs inside
    VG_F_ENUM,    // one of values
    VG_F_SECRET,  // text that is never logged, journaled or echoed; at most max bytes (default 512)
    VG_F_JSON     // any JSON, as compact text, at most max bytes (default 16384)
} vg_field_type;

enum { VG_REQUIRED = 1, VG_IN_PATH = 2 };  // VG_IN_PATH implies required

typedef struct vg_field {
    const char *name;
    vg_field_type type;
    uint32_t flags;
    int64_t min, max;
    const char *const *values;  // NULL-terminated, VG_F_ENUM
    const char *law;            // where the values or limits come from: "tt01-2011/12 …", or NULL
} vg_field;

enum { VG_MAX_FIELDS = 24 };

typedef struct vg_args {
    const vg_field *fields;
    size_t n;
    struct {
        bool present;
        int64_t i;  // INT, BOOL, TIME; ENUM: index in values
        vg_str s;   // TEXT, ID, ENUM, SECRET, JSON
    } v[VG_MAX_FIELDS];
} vg_args;

// Checks object against fields; texts are NFC and live in a. Unknown members are errors that name the
// nearest field; errors carry the field.
vg_status vg_args_parse(vg_arena *a, const vg_field *fields, const json_t *object, vg_args *ret,
                        vg_err *err) VG_USE_RESULT;
bool vg_arg_has(const vg_args *a, const char *name);
vg_str vg_arg_str(const vg_args *a, const char *name);  // missing: the empty view
int64_t vg_arg_i64(const vg_args *a, const char *name, int64_t missing);

// One run of a command. The caller owns it until done(); texts must stay valid until then.
typedef struct vg_command_call {
    const char *name;  // "alerts.acknowledge"
    vg_str args;       // JSON object
    const vg_principal *who;
    vg_cmd_id id;                                // the same id again gives the first answer
    vg_str if_match;                             // ETag the caller saw ("" = not asked)
    void (*done)(struct vg_command_call *call);  // scribe thread, after commit; keep it short
    void *ctx;
    // results
    vg_status st;
    vg_err err;
    vg_buf reply;  // JSON object; vg_buf_done by the caller
    bool repeated;
    bool of_list;                  // id is one of vg_cmd_derive_row: so are those of what it makes
    struct vg_command_call *next;  // the scribe's
} vg_command_call;
