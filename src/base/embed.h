// SPDX-License-Identifier: Apache-2.0
// Files built into the program (SQL, the console, shipped rules) by tools/embed.py.
#pragma once

#include <stddef.h>

typedef struct vg_embedded {
    const char *name;           // path as given at build time; NULL ends the array
    const unsigned char *data;  // followed by a NUL
    size_t size;
} vg_embedded;
