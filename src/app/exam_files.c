// SPDX-License-Identifier: Apache-2.0
// The data directory: who may read it, whether the keys and the database are there, how much room and how fast the
// disk is, how long the certificates last. The speed is that of the running node's own commits, or of a few small
// synced writes to a file that is removed at once; nothing else is written.
#include "app/exam.h"
#include "base/clock.h"
#include "net/tls_ca.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    DISK_MUST_MB = 512,
    DISK_SOON_MB = 4096,
    LARGE_WAL_MB = 256,
    CERT_SOON_DAYS = 14,
    CA_SOON_DAYS = 180,
    PATH_BYTES = 440,
    PROBES = 8,
    SLOW_MS = 50,
    VERY_SLOW_MS = 500
};

static const char *in_dir(const vg_exam_of *of, const char *name, char out[PATH_BYTES])
{
    snprintf(out, PATH_BYTES, "%s/%s", of->dir, name);
    return out;
}

static void look_rights(const vg_exam_of *of, vg_exam *x)
{
    char path[PATH_BYTES];
    struct stat st;
    if (stat(of->dir, &st) != 0) {
        vg_exam_add(x, "dir", "missing", VG_GRADE_MUST, "%s", of->dir);
        return;
    }
    const bool mine = st.st_uid == geteuid() || geteuid() == 0;
    const bool open_to_others = (st.st_mode & 077) != 0;
    vg_exam_add(x, "dir",
                !mine            ? "owner"
                : open_to_others ? "open"
                                 : "ok",
                mine && !open_to_others ? VG_GRADE_FINE : VG_GRADE_MUST, "%s", of->dir);
    const bool key = stat(in_dir(of, "node.key", path), &st) == 0;
    vg_exam_add(x, "key", key && !(st.st_mode & 077) ? "ok" : "bad",
                key && !(st.st_mode & 077) ? VG_GRADE_FINE : VG_GRADE_MUST, "%s", path);
}

static void look_database(const vg_exam_of *of, vg_exam *x)
{
    char path[PATH_BYTES];
    struct stat st;
    const bool there = stat(in_dir(of, "vonggac.db", path), &st) == 0;
    if (!there || !of->db) {
        vg_exam_add(x, "database", "bad", VG_GRADE_MUST, "%s", path);
        return;
    }
    vg_exam_add(x, "database", "ok", VG_GRADE_FINE, "%lld MB", (long long)st.st_size >> 20);
    const int64_t wal = vg_db_wal_bytes(path) >> 20;
    vg_exam_add(x, "wal", wal < LARGE_WAL_MB ? "ok" : "bad",
                wal < LARGE_WAL_MB ? VG_GRADE_FINE : VG_GRADE_SOON, "%lld MB", (long long)wal);
}

static void look_room(const vg_exam_of *of, vg_exam *x)
{
    struct statvfs fs;
    const bool known = statvfs(of->dir, &fs) == 0;
    const int64_t mb = known ? (int64_t)((uint64_t)fs.f_bavail * fs.f_frsize >> 20) : 0;
    const vg_grade g = mb < DISK_MUST_MB   ? VG_GRADE_MUST
                       : mb < DISK_SOON_MB ? VG_GRADE_SOON
                                           : VG_GRADE_FINE;
    vg_exam_add(x, "disk", g == VG_GRADE_FINE ? "ok" : "bad", g, "%lld MB", (long long)mb);
}

// The slowest of a few synced writes, in ms; -1: the directory cannot be written to.
static int64_t probe_sync(const vg_exam_of *of)
{
    char path[PATH_BYTES];
    int64_t worst = 0;
    snprintf(path, sizeof path, "%s/.probe-%d", of->dir, getpid());
    const int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0;
    for (int i = 0; ok && i < PROBES; i++) {
        const int64_t began = vg_mono_us();
        ok = write(fd, path, 64) == 64 && fdatasync(fd) == 0;
        const int64_t took = (vg_mono_us() - began) / VG_MS_US;
        worst = took > worst ? took : worst;
    }
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
    return ok ? worst : -1;
}

static int64_t sync_ms(const vg_exam_of *of)
{
    vg_health h = {0};
    if (!of->core) {
        return probe_sync(of);
    }
    vg_core_health(of->core, &h);
    return h.sync_p99_us / VG_MS_US;
}

static void look_speed(const vg_exam_of *of, vg_exam *x)
{
    const int64_t ms = sync_ms(of);
    if (ms < 0) {
        vg_exam_add(x, "sync", "refused", VG_GRADE_MUST, "%s", of->dir);
    } else {
        vg_exam_add(x, "sync", ms < SLOW_MS ? "ok" : "slow",
                    ms < SLOW_MS        ? VG_GRADE_FINE
                    : ms < VERY_SLOW_MS ? VG_GRADE_NOTE
                                        : VG_GRADE_SOON,
                    "%lld ms", (long long)ms);
    }
}

static void look_certificate(const vg_exam_of *of, vg_exam *x, const char *what, const char *name,
                             int64_t soon_days)
{
    char path[PATH_BYTES];
    int64_t days = 0;
    if (access(in_dir(of, name, path), F_OK) != 0 && strcmp(what, "ca") == 0) {
        return;  // an agency's own PKI: its authority need not lie here
    }
    if (vg_tls_days_left(path, &days, NULL) != VG_OK) {
        vg_exam_add(x, what, "missing", VG_GRADE_MUST, "%s", path);
    } else if (days < 0) {
        vg_exam_add(x, what, "ended", VG_GRADE_MUST, "%lld", (long long)-days);
    } else {
        vg_exam_add(x, what, days < soon_days ? "soon" : "ok",
                    days < soon_days ? VG_GRADE_SOON : VG_GRADE_FINE, "%lld", (long long)days);
    }
}

void vg_exam_files(const vg_exam_of *of, vg_exam *x)
{
    look_rights(of, x);
    look_database(of, x);
    look_room(of, x);
    look_speed(of, x);
    look_certificate(of, x, "certificate", "tls/server.pem", CERT_SOON_DAYS);
    look_certificate(of, x, "ca", "tls/ca.pem", CA_SOON_DAYS);
}
