// SPDX-License-Identifier: Apache-2.0
// Files of a job in DATA/imports: what was uploaded, and the rows that were decided upon, from which applying goes
// on after a crash and undoing works for a week. They hold personal data, so they are encrypted under a key
// derived from the node's and readable by the owner only; a file is written under another name, synced, renamed
// and its folder synced, so that a name always stands for a whole file.
//
// A staged row is one line: {"n":12,"act":"add","id":…,"args":{…}} or {"n":13,"act":"set","id":…,"args":{…},
// "before":{…},"after":{…}}; before and after are canonical values by field.
#include "domain/imports/imports.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 400 << 20 };

static void path_of(vg_core *c, const char *id, imports_file what, char out[480])
{
    snprintf(out, 480, "%s/imports/%s.%s", vg_core_dir(c), id,
             what == IMPORTS_UPLOAD ? "in" : "rows");
}

static bool sync_folder(vg_core *c)
{
    char path[480];
    snprintf(path, sizeof path, "%s/imports", vg_core_dir(c));
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

static bool write_all(int fd, const unsigned char *p, size_t n)
{
    while (n) {
        const ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k <= 0) {
            return false;
        }
        p += k;
        n -= (size_t)k;
    }
    return true;
}

static vg_status put_file(vg_core *c, const char *path, const unsigned char *p, size_t n,
                          vg_err *err)
{
    char part[490];
    snprintf(part, sizeof part, "%s.new", path);
    const int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write_all(fd, p, n) && fsync(fd) == 0;
    const int why = errno;
    if (fd >= 0) {
        ok = close(fd) == 0 && ok;
    }
    ok = ok && rename(part, path) == 0 && sync_folder(c);
    if (!ok) {
        (void)unlink(part);
        return vg_fail(err, why == ENOSPC ? VG_EFULL : VG_EIO, "file", NULL, "%s", strerror(why));
    }
    return VG_OK;
}

vg_status imports_file_write(vg_core *c, const char *id, imports_file what, vg_str bytes,
                             vg_err *err)
{
    char path[480], folder[480];
    unsigned char key[32];
    if (bytes.n > FILE_MAX) {
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", FILE_MAX >> 20);
    }
    snprintf(folder, sizeof folder, "%s/imports", vg_core_dir(c));
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return vg_fail(err, VG_EIO, "file", NULL, "%s", strerror(errno));
    }
    path_of(c, id, what, path);
    const size_t head = crypto_secretbox_NONCEBYTES, n = head + crypto_secretbox_MACBYTES + bytes.n;
    unsigned char *box = vg_alloc(n);
    vg_core_key(c, "imports", key);
    randombytes_buf(box, head);
    crypto_secretbox_easy(box + head, (const unsigned char *)bytes.p, bytes.n, box, key);
    sodium_memzero(key, sizeof key);
    const vg_status st = put_file(c, path, box, n, err);
    free(box);
    return st;
}

static vg_status open_box(vg_core *c, vg_buf *box, vg_buf *ret, vg_err *err)
{
    unsigned char keys[1 + VG_OLD_KEYS][32];
    const size_t head = crypto_secretbox_NONCEBYTES;
    if (box->n < head + crypto_secretbox_MACBYTES) {
        return vg_fail(err, VG_ECORRUPT, "file", "imports.file_damaged", "%s", "");
    }
    const size_t n = box->n - head - crypto_secretbox_MACBYTES;
    unsigned char *p = (unsigned char *)box->p;
    vg_core_key(c, "imports", keys[0]);
    const size_t keys_n = 1 + vg_core_old_keys(c, keys + 1);
    bool ok = false;
    for (size_t i = 0; i < keys_n && !ok; i++) {  // what does not open is left as it is
        ok = crypto_secretbox_open_easy(p + head, p + head, box->n - head, p, keys[i]) == 0;
    }
    sodium_memzero(keys, sizeof keys);
    if (!ok) {
        return vg_fail(err, VG_ECORRUPT, "file", "imports.file_damaged", "%s", "");
    }
    memmove(p, p + head, n);
    box->n = n;
    *ret = *box;
    *box = (vg_buf){0};
    return VG_OK;
}

static ssize_t read_whole(int fd, vg_buf *b)
{
    char piece[65536];
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) > 0) {
        vg_buf_add(b, piece, (size_t)n);
    }
    close(fd);
    return n;
}

// What a verb has laid down beside: taken, encrypted, removed.
static vg_status take_plain(vg_core *c, const char *id, vg_err *err)
{
    char path[480];
    snprintf(path, sizeof path, "%s/imports/%s.plain", vg_core_dir(c), id);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return VG_OK;
    }
    vg_buf b;
    vg_buf_init(&b, VG_SHEET_BYTES + 1);
    const ssize_t n = read_whole(fd, &b);
    const vg_status st =
        n < 0 || b.failed
            ? vg_fail(err, VG_ETOOBIG, "file", "sheet.too_big", "%d", VG_SHEET_BYTES >> 20)
            : imports_file_write(c, id, IMPORTS_UPLOAD, vg_buf_str(&b), err);
    vg_buf_done(&b);
    (void)unlink(path);
    return st;
}

vg_status imports_file_read(vg_core *c, const char *id, imports_file what, vg_buf *ret, vg_err *err)
{
    char path[480];
    if (what == IMPORTS_UPLOAD) {
        VG_TRY(take_plain(c, id, err));
    }
    path_of(c, id, what, path);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return vg_fail(err, VG_ENOTFOUND, "file", "imports.file_gone", "%s", id);
    }
    vg_buf box;
    vg_buf_init(&box, FILE_MAX + 4096);
    const ssize_t n = read_whole(fd, &box);
    const vg_status st = n < 0 || box.failed ? vg_fail(err, VG_EIO, "file", NULL, "%s", id)
                                             : open_box(c, &box, ret, err);
    vg_buf_done(&box);
    return st;
}

void imports_file_remove(vg_core *c, const char *id, imports_file what)
{
    char path[480];
    path_of(c, id, what, path);
    (void)unlink(path);  // not there: nothing to remove
}

// --- rows ---------------------------------------------------------------------------------------
static void write_values(const imports_table *t, const imports_row *r, const char *member,
                         const vg_str *values, vg_jw *w)
{
    vg_jw_key(w, member);
    vg_jw_open(w, '{');
    for (size_t f = 0; f < t->plan.n_fields; f++) {
        const vg_import_field *mf = &t->target->fields[f];
        const bool told = r->act == IMPORTS_ADD || imports_field_of(t->plan.update, mf->name);
        const bool moved =
            r->value[f].n && (r->act == IMPORTS_ADD || !vg_str_eq(r->value[f], r->before[f]));
        if (told && moved) {
            vg_jw_kstr(w, mf->name, values[f].p ? values[f] : (vg_str){"", 0});
        }
    }
    vg_jw_close(w, '}');
}

void imports_stage_write(const imports_table *t, vg_buf *out)
{
    for (size_t i = 0; i < t->n_order; i++) {
        const imports_row *r = &t->row[t->order[i]];
        const vg_command *c = r->act == IMPORTS_ADD ? t->plan.add : t->plan.update;
        json_t *args = imports_args(t, r, c, r->value, r->act == IMPORTS_SET ? r->before : NULL);
        char *text = json_dumps(args, JSON_COMPACT);
        vg_jw w = vg_jw_on(out);
        vg_jw_open(&w, '{');
        vg_jw_ki64(&w, "n", r->number);
        vg_jw_kz(&w, "act", r->act == IMPORTS_ADD ? "add" : "set");
        vg_jw_kz(&w, "id", r->id);
        vg_jw_kraw(&w, "args", vg_str_c(text));
        if (r->act == IMPORTS_SET) {
            write_values(t, r, "before", r->before, &w);
        }
        write_values(t, r, "after", r->value, &w);
        vg_jw_close(&w, '}');
        vg_buf_ch(out, '\n');
        free(text);
        json_decref(args);
    }
}
