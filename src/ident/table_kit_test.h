// SPDX-License-Identifier: Apache-2.0
// Labelled tables that a developer may have beside the checkout (they are not ours to carry).
#pragma once

#include "base/prop_test.h"
#include "base/str.h"

#include <setjmp.h>
#include <cmocka.h>

static inline FILE *beside(const char *name)
{
    char path[1024];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/../shared/data/protocols/vn/%s", root ? root : ".", name);
    FILE *f = fopen(path, "r");
    if (!f) {
        print_message("# skipped: %s is not here\n", name);
        skip();
    }
    return f;
}

// The next line's columns; 0 at the end. Comments are passed over.
static inline int columns(FILE *f, char line[1024], char *col[4])
{
    while (fgets(line, 1024, f)) {
        int n = 0;
        line[strcspn(line, "\n")] = '\0';
        if (*line == '#' || !*line) {
            continue;
        }
        for (char *p; n < 4 && (p = strsep(&line, "\t"));) {
            col[n++] = p;
        }
        return n;
    }
    return 0;
}
