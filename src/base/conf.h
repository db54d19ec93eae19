// SPDX-License-Identifier: Apache-2.0
// The INI file DATA/vonggac.ini: read once at start (inih), asked by "section.key".
#pragma once

#include "base/str.h"

typedef struct vg_conf vg_conf;

// A missing file gives an empty configuration. Errors: VG_EINVALID with the line number.
vg_status vg_conf_load(const char *path, vg_conf **ret, vg_err *err) VG_USE_RESULT;
void vg_conf_destroy(vg_conf *c);
const char *vg_conf_get(const vg_conf *c, const char *key, const char *missing);  // borrowed
int64_t vg_conf_i64(const vg_conf *c, const char *key, int64_t missing);
