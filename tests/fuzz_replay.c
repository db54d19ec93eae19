// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target over the files of one folder: the committed corpus is replayed on every test run,
// under any compiler (after libgit2's standalone driver). Usage: TARGET CORPUS_DIR
#include "base/err.h"

#include <dirent.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *dir, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        return 0;
    }
    uint8_t *data = vg_alloc(1 << 20);
    const size_t n = fread(data, 1, 1 << 20, f);
    fclose(f);
    uint8_t *exact = vg_alloc(n);  // so that a sanitizer sees one byte too many
    if (n) {
        memcpy(exact, data, n);
    }
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    free(data);
    return 1;
}

int main(int argc, char **argv)
{
    DIR *d = argc > 1 ? opendir(argv[1]) : NULL;
    if (!d) {
        fprintf(stderr, "no corpus at %s\n", argc > 1 ? argv[1] : "(none)");
        return 1;
    }
    int files = 0;
    for (struct dirent *e; (e = readdir(d));) {
        files += e->d_name[0] != '.' && replay(argv[1], e->d_name);
    }
    closedir(d);
    printf("%d files\n", files);
    return files > 0 ? 0 : 1;
}
