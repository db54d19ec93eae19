// SPDX-License-Identifier: Apache-2.0
// A table given by hand to a watched folder: POST /api/v1/links/{id}/table writes the body into the folder of a
// link of kind csv, under a name of our own, and whatever reads the folder does the rest (ingest/csv). Who may
// change the link may do so. The file appears whole or not at all.
#include "app/table_route.h"

#include "core/label.h"
#include "core/link.h"

#include <fcntl.h>
#include <unistd.h>

static bool may_fill(vg_core *core, const vg_principal *who, const vg_link *l)
{
    vg_label label;
    return vg_label_get(vg_core_labels(core), l->label, &label) && vg_label_visible(who, &label) &&
           (vg_may(who, "links.edit", l->site) ||
            (vg_may(who, "links.edit_own", l->site) && strcmp(who->agency, label.agency) == 0));
}

static vg_status find(vg_core *core, const vg_http_raw_call *call, vg_arena *a, const vg_link **ret,
                      vg_err *err)
{
    vg_link *v = NULL;
    size_t n = 0;
    VG_TRY(vg_links_read(core, "csv", a, &v, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (vg_str_eqc(call->param[0], v[i].id) && may_fill(core, call->who, &v[i])) {
            *ret = &v[i];
            return VG_OK;
        }
    }
    return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(call->param[0]));
}

static bool write_all(int fd, vg_str s)
{
    while (s.n > 0) {
        const ssize_t n = write(fd, s.p, s.n);
        if (n <= 0) {
            return false;
        }
        s = (vg_str){s.p + n, s.n - (size_t)n};
    }
    return fsync(fd) == 0;
}

static vg_status put(const char *folder, vg_str body, vg_err *err)
{
    char id[VG_ID_TEXT], part[VG_LINK_FOLDER + 64], whole[VG_LINK_FOLDER + 64];
    const bool xlsx = body.n > 4 && memcmp(body.p, "PK\3\4", 4) == 0;
    vg_id_random(id);
    snprintf(part, sizeof part, "%s/%s.part", folder, id);
    snprintf(whole, sizeof whole, "%s/%s.%s", folder, id, xlsx ? "xlsx" : "csv");
    const int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && write_all(fd, body);
    if (fd >= 0) {
        close(fd);
    }
    if (written && rename(part, whole) == 0) {
        return VG_OK;
    }
    unlink(part);
    return vg_fail(err, VG_EIO, "", "links.folder_write", "%s", folder);
}

void table_route(void *core, vg_http_raw_call *call)
{
    vg_err err = {0};
    char folder[VG_LINK_FOLDER];
    const vg_link *l = NULL;
    vg_arena *a = vg_arena_create((size_t)16 << 20);
    vg_status s = find(core, call, a, &l, &err);
    if (s == VG_OK && !call->rq->body.n) {
        s = vg_fail(&err, VG_EINVALID, "file", "links.no_table", "%s", "");
    }
    if (s == VG_OK) {
        s = vg_link_folder(core, l, folder, &err);
    }
    if (s == VG_OK) {
        s = put(folder, call->rq->body, &err);
    }
    vg_arena_destroy(a);
    if (s != VG_OK) {
        vg_http_problem(call, &err);
        return;
    }
    vg_buf_init(&call->rq->reply.body, 64);
    vg_buf_c(&call->rq->reply.body, "{\"taken\":true}");
    call->rq->reply.type = "application/json";
}
