// SPDX-License-Identifier: Apache-2.0
// The bytes of papers. They lie encrypted in the database, so that a backup has them and one transaction holds file and
// event: a route writes the closed file beside (DATA/documents), the command that journals its digest takes it in, the
// route removes what it wrote. A newer file of a paper takes the place of the old one; the old one stays for what was
// sent with it. The node key opens them, so they are as safe as that.
#include "domain/documents/documents_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BOX_EXTRA = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES, PATH_BYTES = 480 };

const vg_field documents_file_fields[] = {
    {"id", VG_F_ID, VG_REQUIRED},
    {"file", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"bytes", VG_F_INT, VG_REQUIRED, .min = 1, .max = PAPER_FILE_BYTES},
    {"hash", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {NULL},
};

// --- beside ---------------------------------------------------------------------------------------
static void path_of(vg_core *core, const char *id, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s/documents/%s.new", vg_core_dir(core), id);
}

static bool write_whole(const char *path, const unsigned char *p, size_t n)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while (fd >= 0 && n) {
        const ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k <= 0) {
            break;
        }
        p += k;
        n -= (size_t)k;
    }
    return fd >= 0 && close(fd) == 0 && n == 0;
}

vg_status documents_stage(vg_core *core, const char *id, vg_str bytes, vg_err *err)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    unsigned char key[32];
    snprintf(folder, sizeof folder, "%s/documents", vg_core_dir(core));
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return vg_fail(err, VG_EIO, "file", NULL, "%s", strerrordesc_np(errno));
    }
    unsigned char *box = vg_alloc(bytes.n + BOX_EXTRA);
    vg_core_key(core, "documents", key);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)bytes.p,
                          bytes.n, box, key);
    sodium_memzero(key, sizeof key);
    path_of(core, id, path);
    const bool ok = write_whole(path, box, bytes.n + BOX_EXTRA);
    const int why = errno;
    free(box);
    if (!ok) {
        unlink(path);
        return vg_fail(err, why == ENOSPC ? VG_EFULL : VG_EIO, "file", NULL, "%s",
                       strerrordesc_np(why));
    }
    return VG_OK;
}

void documents_unstage(vg_core *core, const char *id)
{
    char path[PATH_BYTES];
    path_of(core, id, path);
    unlink(path);
}

vg_status documents_take_staged(vg_cx *cx, vg_str id, vg_err *err)
{
    char path[PATH_BYTES], piece[65536];
    const char *z = vg_str_z(cx->arena, id);
    vg_buf box;
    ssize_t n = -1;
    if (cx->dry) {
        return VG_OK;
    }
    path_of(cx->core, z, path);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    vg_buf_init(&box, PAPER_FILE_BYTES + BOX_EXTRA);
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0) {
        vg_buf_add(&box, piece, (size_t)n);
    }
    if (fd >= 0) {
        close(fd);
    }
    const vg_status st = n != 0 || box.failed
                             ? vg_fail(err, VG_ECONFLICT, "file", "documents.no_file", "%s", "")
                             : vg_exec(cx->db, "INSERT INTO document_file (id, box) VALUES (?, ?)",
                                       VG_VALS(vg_z(z), vg_b(box.p, box.n)), err);
    vg_buf_done(&box);
    return st;
}

vg_status documents_load(vg_core *core, vg_str id, vg_buf *ret, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    unsigned char key[32];
    bool ok = false;
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status st =
        vg_rows_open(db, "SELECT box FROM document_file WHERE id = ?", VG_VALS(vg_t(id)), &r, err);
    if (st == VG_OK) {
        const vg_str box = vg_rows_next(r) ? vg_row_str(r, 0) : VG_S("");
        if (box.n > BOX_EXTRA) {
            const unsigned char *p = (const unsigned char *)box.p;
            unsigned char *clear = vg_alloc(box.n - BOX_EXTRA);
            vg_core_key(core, "documents", key);
            ok = crypto_secretbox_open_easy(clear, p + crypto_secretbox_NONCEBYTES,
                                            box.n - crypto_secretbox_NONCEBYTES, p, key) == 0;
            sodium_memzero(key, sizeof key);
            vg_buf_init(ret, PAPER_FILE_BYTES);
            vg_buf_add(ret, clear, ok ? box.n - BOX_EXTRA : 0);
            free(clear);
        }
        st = vg_rows_close(r, err);
    }
    vg_inner_give(core, db);
    return st != VG_OK ? st
           : ok        ? VG_OK
                       : vg_fail(err, VG_ECORRUPT, "file", "documents.file_damaged", "%s", "");
}

// --- in and out -----------------------------------------------------------------------------------
vg_status documents_run(vg_core *core, const vg_principal *who, const char *name, vg_buf *args,
                        vg_buf *reply, vg_err *err)
{
    vg_command_call call = {
        .name = name, .args = vg_buf_str(args), .who = who, .id = vg_cmd_random()};
    vg_core_run(core, &call);
    if (call.st != VG_OK && err) {
        *err = call.err;
    }
    if (reply) {
        vg_buf_s(reply, vg_buf_str(&call.reply));
    }
    vg_buf_done(&call.reply);
    return call.st;
}

vg_status documents_look(vg_core *core, vg_principal *who, vg_arena *a, const char *sql, vg_str key,
                         vg_str *ret, size_t n, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    bool found = false;
    VG_TRY(vg_reader_take(core, who, &db, err));
    vg_status st = vg_rows_open(db, sql, VG_VALS(vg_t(key)), &r, err);
    if (st == VG_OK) {
        found = vg_rows_next(r);
        for (size_t i = 0; found && i < n; i++) {
            ret[i] = vg_str_dup(a, vg_row_str(r, (int)i));
        }
        st = vg_rows_close(r, err);
    }
    vg_reader_give(core, db);
    return st != VG_OK ? st : found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

vg_status documents_keep(vg_core *core, const vg_principal *who, vg_str document, vg_str name,
                         vg_str bytes, vg_buf *reply, vg_err *err)
{
    char file[VG_ID_TEXT], hex[2 * VG_HASH_BYTES + 1];
    unsigned char hash[VG_HASH_BYTES];
    vg_buf args;
    if (!bytes.n || bytes.n > PAPER_FILE_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "file", "documents.too_big", "%d", PAPER_FILE_BYTES >> 20);
    }
    vg_id_random(file);
    vg_hash(bytes.p, bytes.n, hash);
    vg_hex(hash, sizeof hash, hex);
    VG_TRY(documents_stage(core, file, bytes, err));
    vg_buf_init(&args, 4096);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "id", document);
    vg_jw_kz(&w, "file", file);
    vg_jw_kstr(&w, "name", name.n ? name : VG_S("tep.bin"));
    vg_jw_ki64(&w, "bytes", (int64_t)bytes.n);
    vg_jw_kz(&w, "hash", hex);
    vg_jw_close(&w, '}');
    const vg_status st = documents_run(core, who, "documents.file_put", &args, reply, err);
    documents_unstage(core, file);
    vg_buf_done(&args);
    return st;
}

VG_HANDLER(documents_file_put)
{
    documents_row row;
    VG_TRY(documents_at(cx, vg_arg_str(args, "id"), &row, err));
    VG_TRY(documents_take_staged(cx, vg_arg_str(args, "file"), err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    vg_jw_kz(&cx->reply, "id", row.id);
    return vg_say(cx, &(vg_saying){"documents.file_put", row.site, row.id, row.label}, err);
}

VG_FOLDER(documents_on_file_put)
{
    return vg_put(ap, e,
                  "UPDATE document SET file = ?, file_name = ?, file_bytes = ?, file_hash = ?,"
                  " changed_at = ? WHERE id = ?",
                  "file name bytes hash @at @subject", err);
}

vg_status documents_read(vg_core *core, vg_principal *who, vg_arena *a, vg_str document,
                         documents_file *ret, vg_err *err)
{
    vg_str c[2] = {0};
    VG_TRY(documents_look(
        core, who, a, "SELECT file, file_name FROM v_document WHERE id = ? AND file IS NOT NULL",
        document, c, 2, err));
    ret->name = vg_str_z(a, c[1]);
    return documents_load(core, c[0], &ret->bytes, err);
}
