// SPDX-License-Identifier: Apache-2.0
// A file is written beside its place, synced, renamed into it, and the folder synced: after a crash it is whole or
// absent. How long it is kept is its own modification time, set to the end; so the folder needs no table, a copy
// keeps the times, and the sweep looks at nothing but the folder. Caps are kept by a count per folder which the
// sweep makes exact; until it has been around once after a start the count may be too low. When the store is full
// a new picture is refused rather than an old one thrown away: what was promised to be kept is kept.
#include "core/object.h"

#include "base/clock.h"
#include "base/id.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS = 256, HASH_BYTES = (VG_OBJECT_NAME - 1) / 2, PATH_BYTES = 512 };

struct vg_objects {
    char dir[400];
    unsigned char key[32];
    vg_objects_limits max;
    pthread_mutex_t lock;
    struct {
        int64_t bytes, count;
    } folder[FOLDERS];
    vg_objects_stats figures;
    unsigned next;           // folder to sweep
    _Atomic int64_t most_s;  // 0: as each was given
    uint64_t serial;
};

static vg_status sys(vg_err *err, const char *what)
{
    const bool full = errno == ENOSPC || errno == EDQUOT;
    return vg_fail(err, full ? VG_EFULL : VG_EIO, "", full ? "err.objects_disk" : NULL,
                   "%.100s: %s", what, strerrordesc_np(errno));
}

static vg_status make_folder(const char *path, vg_err *err)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? VG_OK : sys(err, path);
}

// Renaming is only lasting when the folder is synced too.
static vg_status sync_folder(const char *path, vg_err *err)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;
    const vg_status st = ok ? VG_OK : sys(err, path);
    if (fd >= 0) {
        close(fd);
    }
    return st;
}

static void remove_unfinished(const char *dir)
{
    char path[PATH_BYTES + 256];
    DIR *d = opendir(dir);
    for (const struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
            unlink(path);
        }
    }
    if (d) {
        closedir(d);
    }
}

vg_status vg_objects_open(const char *dir, const unsigned char key[32],
                          const vg_objects_limits *limits, vg_objects **ret, vg_err *err)
{
    char tmp[PATH_BYTES];
    if (strlen(dir) >= sizeof((vg_objects *)0)->dir) {
        return vg_fail(err, VG_ETOOBIG, "data", NULL, "%.100s", dir);
    }
    snprintf(tmp, sizeof tmp, "%s/new", dir);
    VG_TRY(make_folder(dir, err));
    VG_TRY(make_folder(tmp, err));
    remove_unfinished(tmp);
    vg_objects *o = vg_alloc(sizeof *o);
    snprintf(o->dir, sizeof o->dir, "%s", dir);
    memcpy(o->key, key, sizeof o->key);
    o->max = limits ? *limits : (vg_objects_limits){0};
    o->max.bytes = o->max.bytes ? o->max.bytes : INT64_C(10) << 30;
    o->max.count = o->max.count ? o->max.count : 200000;
    o->max.object_bytes = o->max.object_bytes ? o->max.object_bytes : VG_OBJECT_BYTES;
    pthread_mutex_init(&o->lock, NULL);
    *ret = o;
    return VG_OK;
}

void vg_objects_close(vg_objects *o)
{
    if (o) {
        sodium_memzero(o->key, sizeof o->key);
        pthread_mutex_destroy(&o->lock);
        free(o);
    }
}

// --- one object -----------------------------------------------------------------------------------
static void place_of(const char *dir, const char *name, char folder[PATH_BYTES],
                     char path[PATH_BYTES])
{
    snprintf(folder, PATH_BYTES, "%s/%.2s", dir, name);
    snprintf(path, PATH_BYTES, "%s/%.2s/%s", dir, name, name);
}

void vg_object_proof(const unsigned char key[32], vg_str bytes, unsigned char out[32])
{
    unsigned char digest[VG_HASH_BYTES];
    vg_hash(bytes.p, bytes.n, digest);
    crypto_generichash(out, 32, digest, sizeof digest, key, 32);
}

void vg_object_name(vg_str bytes, const unsigned char proof[32], char ret[VG_OBJECT_NAME])
{
    unsigned char digest[VG_HASH_BYTES], name[HASH_BYTES];
    vg_hash(bytes.p, bytes.n, digest);
    crypto_generichash(name, sizeof name, digest, sizeof digest, proof, 32);
    vg_hex(name, sizeof name, ret);
}

static bool is_name(vg_str s)
{
    unsigned char hash[HASH_BYTES];
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'A' && s.p[i] <= 'F') {
            return false;
        }
    }
    return vg_unhex(s, hash, sizeof hash);
}

static bool keep_longer(const char *path, int64_t keep_until_us)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return false;
    }
    const struct timespec until = {.tv_sec = keep_until_us / VG_SECOND_US};
    const struct timespec times[2] = {until, until};
    return st.st_mtim.tv_sec >= until.tv_sec || utimensat(AT_FDCWD, path, times, 0) == 0;
}

static vg_status reserve(vg_objects *o, unsigned folder, size_t n, char tmp[PATH_BYTES],
                         vg_err *err)
{
    pthread_mutex_lock(&o->lock);
    const bool fits =
        o->figures.count < o->max.count && o->figures.bytes + (int64_t)n <= o->max.bytes;
    if (fits) {
        o->folder[folder].count++;
        o->folder[folder].bytes += (int64_t)n;
        o->figures.count++;
        o->figures.bytes += (int64_t)n;
    } else {
        o->figures.refused++;
    }
    snprintf(tmp, PATH_BYTES, "%s/new/%llu", o->dir, (unsigned long long)o->serial++);
    pthread_mutex_unlock(&o->lock);
    return fits ? VG_OK
                : vg_fail(err, VG_EFULL, "", "err.objects_full", "%lld", (long long)o->max.count);
}

static void settle(vg_objects *o, unsigned folder, size_t n, bool stored)
{
    pthread_mutex_lock(&o->lock);
    if (stored) {
        o->figures.stored++;
    } else {
        o->figures.refused++;
        o->figures.count--;
        o->figures.bytes -= (int64_t)n;
        o->folder[folder].count--;
        o->folder[folder].bytes -= (int64_t)n;
    }
    pthread_mutex_unlock(&o->lock);
}

static vg_status write_new(const char *tmp, vg_str bytes, int64_t keep_until_us, vg_err *err)
{
    const struct timespec until = {.tv_sec = keep_until_us / VG_SECOND_US};
    const struct timespec times[2] = {until, until};
    const int fd = open(tmp, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    size_t done = 0;
    bool ok = fd >= 0;
    while (ok && done < bytes.n) {
        const ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        ok = n > 0 || (n < 0 && errno == EINTR);
        done += n > 0 ? (size_t)n : 0;
    }
    ok = ok && futimens(fd, times) == 0 && fsync(fd) == 0;
    const vg_status st = ok ? VG_OK : sys(err, tmp);
    if (fd >= 0) {
        close(fd);
    }
    return st;
}

static vg_status store(vg_objects *o, const char *name, vg_str bytes, int64_t keep_until_us,
                       vg_err *err)
{
    char folder[PATH_BYTES], path[PATH_BYTES], tmp[PATH_BYTES];
    unsigned char at = 0;
    (void)vg_unhex((vg_str){name, 2}, &at, 1);
    place_of(o->dir, name, folder, path);
    VG_TRY(reserve(o, at, bytes.n, tmp, err));
    vg_status st = make_folder(folder, err);
    if (st == VG_OK) {
        st = write_new(tmp, bytes, keep_until_us, err);
    }
    if (st == VG_OK && rename(tmp, path) != 0) {
        st = sys(err, path);
    }
    if (st == VG_OK) {
        st = sync_folder(folder, err);
    } else {
        unlink(tmp);
    }
    settle(o, at, bytes.n, st == VG_OK);
    return st;
}

vg_status vg_object_put(vg_objects *o, vg_str bytes, int64_t keep_until_us,
                        char ret_name[VG_OBJECT_NAME], vg_err *err)
{
    unsigned char proof[32];
    char name[VG_OBJECT_NAME], folder[PATH_BYTES], path[PATH_BYTES];
    if (bytes.n == 0 || (int64_t)bytes.n > o->max.object_bytes) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", bytes.n);
    }
    vg_object_proof(o->key, bytes, proof);
    vg_object_name(bytes, proof, name);
    place_of(o->dir, name, folder, path);
    if (!keep_longer(path, keep_until_us)) {
        VG_TRY(store(o, name, bytes, keep_until_us, err));
    }
    memcpy(ret_name, name, sizeof name);
    return VG_OK;
}

vg_status vg_object_get(vg_objects *o, vg_str name, vg_buf *ret, vg_err *err)
{
    return vg_object_read(o->dir, name, ret, err);
}

vg_status vg_object_read(const char *dir, vg_str name, vg_buf *ret, vg_err *err)
{
    char z[VG_OBJECT_NAME], folder[PATH_BYTES], path[PATH_BYTES], piece[16384];
    if (!is_name(name)) {
        return vg_fail(err, VG_EINVALID, "image", NULL, "%s", "");
    }
    memcpy(z, name.p, name.n);
    z[name.n] = 0;
    place_of(dir, z, folder, path);
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? vg_fail(err, VG_EGONE, "image", "err.object_gone", "%s", "")
                               : sys(err, path);
    }
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) > 0) {
        vg_buf_add(ret, piece, (size_t)n);
    }
    const vg_status st = n == 0 ? VG_OK : sys(err, path);
    close(fd);
    return st;
}

// --- the sweep ------------------------------------------------------------------------------------
// True: it stays.
static bool sweep_one(const char *path, int64_t now_s, int64_t most_s, int64_t *ret_bytes)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        return false;
    }
    *ret_bytes = st.st_size;
    const bool in_time =
        st.st_mtim.tv_sec > now_s && (most_s == 0 || st.st_ctim.tv_sec + most_s > now_s);
    return in_time || unlink(path) != 0;
}

void vg_objects_keep_at_most(vg_objects *o, int64_t seconds)
{
    o->most_s = seconds;
}

void vg_objects_sweep(vg_objects *o, int64_t now_us)
{
    char folder[PATH_BYTES], path[PATH_BYTES + 256];
    const unsigned at = o->next++ % FOLDERS;
    int64_t bytes = 0, count = 0, gone = 0;
    snprintf(folder, sizeof folder, "%s/%02x", o->dir, at);
    pthread_mutex_lock(&o->lock);  // puts into this folder meanwhile are added to what is counted
    const int64_t bytes_before = o->folder[at].bytes, count_before = o->folder[at].count;
    pthread_mutex_unlock(&o->lock);
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        int64_t size = 0;
        if (!is_name(vg_str_c(e->d_name))) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        const bool stays = sweep_one(path, now_us / VG_SECOND_US, o->most_s, &size);
        count += stays;
        bytes += stays ? size : 0;
        gone += !stays;
    }
    if (d) {
        closedir(d);
    }
    pthread_mutex_lock(&o->lock);
    if (o->folder[at].count == count_before) {  // else it is counted right the next time
        o->figures.bytes += bytes - bytes_before;
        o->figures.count += count - count_before;
        o->folder[at].bytes = bytes;
        o->folder[at].count = count;
    }
    o->figures.swept += gone;
    pthread_mutex_unlock(&o->lock);
}

void vg_objects_figures(vg_objects *o, vg_objects_stats *ret)
{
    pthread_mutex_lock(&o->lock);
    *ret = o->figures;
    pthread_mutex_unlock(&o->lock);
}
