// SPDX-License-Identifier: Apache-2.0
// A directory of a test's own under $TMPDIR, removed with all in it.
#pragma once

#include "base/err.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void vg_temp_create(char out[300])
{
    const char *top = getenv("TMPDIR");
    snprintf(out, 300, "%.200s/vonggac-test-XXXXXX", top && *top ? top : "/tmp");
    if (!mkdtemp(out)) {
        perror(out);
        abort();
    }
}

static inline void vg_temp_remove(const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[600];
        snprintf(path, sizeof path, "%.300s/%.255s", dir, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(path) != 0) {
            vg_temp_remove(path);
        }
    }
    if (d) {
        closedir(d);
    }
    rmdir(dir);
}
