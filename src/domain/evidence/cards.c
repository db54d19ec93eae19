// SPDX-License-Identifier: Apache-2.0
// Cards that peers kept, as they come: one file of lines, or a folder that holds such files and perhaps others. What is no
// card is passed over; a line that begins like one and is none is counted, for it was one once.
#include "domain/evidence/evidence_impl.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

enum { FILES_MAX = 10000, LINE_MAX_BYTES = 1024, FILE_MAX_BYTES = 16 << 20 };

typedef struct cards {
    evidence_card_fn each;
    void *me;
    int64_t *unread;
} cards;

static vg_status unreadable(const char *path, vg_err *err)
{
    return vg_fail(err, errno == ENOENT ? VG_ENOTFOUND : VG_EIO, "anchors", NULL, "%s: %s", path,
                   strerror(errno));
}

static vg_status one_line(const cards *c, const char *line, const char *file, vg_err *err)
{
    vg_anchor card;
    const vg_str text = vg_str_trim(vg_str_c(line));
    if (vg_anchor_read(text, &card)) {
        return c->each(c->me, &card, file, err);
    }
    *c->unread += vg_str_starts(text, "vonggac-anchor");
    return VG_OK;
}

static vg_status one_file(const cards *c, const char *path, const char *name, vg_err *err)
{
    char line[LINE_MAX_BYTES];
    vg_status s = VG_OK;
    FILE *f = fopen(path, "re");
    if (!f) {
        return unreadable(path, err);
    }
    while (s == VG_OK && fgets(line, sizeof line, f)) {
        s = one_line(c, line, name, err);
    }
    fclose(f);
    return s;
}

static vg_status entry(const cards *c, const char *dir, const char *name, vg_err *err)
{
    char path[4096];
    struct stat st;
    const int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    return *name != '.' && n < (int)sizeof path && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
                   st.st_size <= FILE_MAX_BYTES
               ? one_file(c, path, name, err)
               : VG_OK;
}

vg_status evidence_cards(const char *path, evidence_card_fn each, void *me, int64_t *unread,
                         vg_err *err)
{
    struct stat st;
    struct dirent **names = NULL;
    vg_status s = VG_OK;
    const cards c = {each, me, unread};
    if (stat(path, &st) != 0) {
        return unreadable(path, err);
    }
    if (!S_ISDIR(st.st_mode)) {
        return one_file(&c, path, path, err);
    }
    const int n = scandir(path, &names, NULL, alphasort);
    if (n < 0) {
        return unreadable(path, err);
    }
    if (n > FILES_MAX) {
        s = vg_fail(err, VG_ETOOBIG, "anchors", "evidence.too_many", "%d", FILES_MAX);
    }
    for (int i = 0; i < n; i++) {
        s = s == VG_OK ? entry(&c, path, names[i]->d_name, err) : s;
        free(names[i]);
    }
    free(names);
    return s;
}
