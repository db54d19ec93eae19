// SPDX-License-Identifier: Apache-2.0
// Inside of the demonstration: what filling (demo.c), its two files (demo_files.c) and the simulator share.
#pragma once

#include "app/demo.h"
#include "base/json.h"
#include "core/module.h"

struct vg_embedded;

typedef struct demo {
    vg_core *core;
    json_t *ids;      // "$bank" → id
    json_t *sites;    // id → code
    json_t *devices;  // for demo-devices.json
    json_t *logins;   // for demo-logins.txt
} demo;

typedef struct demo_step {  // one command that was run
    const char *run, *as, *id;
    const json_t *args, *sim;
} demo_step;

void demo_note(demo *d, const demo_step *s);  // keeps what the files need
vg_status demo_write_files(const demo *d, const char *dir, vg_err *err) VG_USE_RESULT;

const struct vg_embedded *demo_file(const char *name);  // of demo/; NULL if there is none
// Parses a built-in file of one JSON object a line and calls fn for each; stops at the first failure.
vg_status demo_each_line(const char *file, vg_status (*fn)(void *ctx, json_t *line, vg_err *err),
                         void *ctx, vg_err *err) VG_USE_RESULT;
