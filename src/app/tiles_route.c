// SPDX-License-Identifier: Apache-2.0
// Raster tiles from the node's own disk; a console never asks another host for a map. The three numbers of the
// path are read as numbers and bounded before a file name is made of them, so no name from outside reaches the
// file system. A tile is a plain file (no link), a PNG by its first bytes, at most a megabyte. What is on the
// disk is the operator's: nothing here draws, scales or fetches.
#include "app/tiles_route.h"

#include "core/core.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEVEL_MAX = 22, TILE_BYTES_MAX = 1 << 20 };

static void refuse(vg_http_raw_call *call, vg_status st)
{
    vg_err err = {0};
    (void)!vg_fail(&err, st, "", NULL, "%s", "");
    vg_http_problem(call, &err);
}

// --- one tile -------------------------------------------------------------------------------------
static bool read_numbers(const vg_http_raw_call *call, int64_t v[3])
{
    if (vg_str_i64(call->param[0], 0, LEVEL_MAX, &v[0], NULL) != VG_OK) {
        return false;
    }
    const int64_t most = (INT64_C(1) << v[0]) - 1;
    return vg_str_i64(call->param[1], 0, most, &v[1], NULL) == VG_OK &&
           vg_str_i64(call->param[2], 0, most, &v[2], NULL) == VG_OK;
}

static bool is_png(const vg_buf *b)
{
    static const unsigned char head[8] = {0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a};
    return b->n > sizeof head && memcmp(b->p, head, sizeof head) == 0;
}

static vg_status read_tile(const char *path, vg_buf *out)
{
    char part[16384];
    struct stat s;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return VG_ENOTFOUND;
    }
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size > TILE_BYTES_MAX) {
        close(fd);
        return VG_ENOTFOUND;
    }
    ssize_t n = 0;
    while (!out->failed && (n = read(fd, part, sizeof part)) > 0) {
        vg_buf_add(out, part, (size_t)n);
    }
    close(fd);
    return n == 0 && !out->failed && is_png(out) ? VG_OK : VG_ENOTFOUND;
}

static void get_tile(void *ctx, vg_http_raw_call *call)
{
    int64_t v[3];
    char path[512];
    if (!read_numbers(call, v)) {
        refuse(call, VG_ENOTFOUND);
        return;
    }
    snprintf(path, sizeof path, "%s/tiles/%lld/%lld/%lld.png", vg_core_dir(ctx), (long long)v[0],
             (long long)v[1], (long long)v[2]);
    vg_buf body;
    vg_buf_init(&body, TILE_BYTES_MAX);
    if (read_tile(path, &body) != VG_OK) {
        vg_buf_done(&body);
        refuse(call, VG_ENOTFOUND);
        return;
    }
    call->rq->reply.type = "image/png";
    call->rq->reply.body = body;
    vg_http_set(call->rq, "Cache-Control", "private, max-age=3600");
}

// --- which levels there are -----------------------------------------------------------------------
static void get_levels(void *ctx, vg_http_raw_call *call)
{
    char path[512];
    bool there[LEVEL_MAX + 1] = {false};
    snprintf(path, sizeof path, "%s/tiles", vg_core_dir(ctx));
    DIR *d = opendir(path);
    const struct dirent *e;
    int64_t z;
    while (d && (e = readdir(d))) {
        if (vg_str_i64(vg_str_c(e->d_name), 0, LEVEL_MAX, &z, NULL) == VG_OK) {
            there[z] = true;
        }
    }
    if (d) {
        closedir(d);
    }
    vg_buf_init(&call->rq->reply.body, 1024);
    vg_jw w = vg_jw_on(&call->rq->reply.body);
    vg_jw_open(&w, '{');
    vg_jw_key(&w, "levels");
    vg_jw_open(&w, '[');
    for (int i = 0; i <= LEVEL_MAX; i++) {
        if (there[i]) {
            vg_jw_i64(&w, i);
        }
    }
    vg_jw_close(&w, ']');
    vg_jw_close(&w, '}');
    call->rq->reply.type = "application/json";
    vg_http_set(call->rq, "Cache-Control", "no-store");
}

void vg_tiles_routes(vg_core *core, const vg_http_raw *others, vg_http_raw out[VG_RAW_ROUTES])
{
    size_t n = 0;
    for (; others && others->route; others++) {
        assert(n + VG_TILES_ROUTES + 1 < VG_RAW_ROUTES);
        out[n++] = *others;
    }
    out[n++] = (vg_http_raw){"GET /api/v1/tiles", "sites.read", 0, get_levels, core};
    out[n++] = (vg_http_raw){"GET /api/v1/tiles/{z}/{x}/{y}", "sites.read", 0, get_tile, core};
    out[n] = (vg_http_raw){0};
}
