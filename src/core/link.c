// SPDX-License-Identifier: Apache-2.0
// The way from those who serve links to the module that keeps them: layers below domain/ know the module
// only through its table (vg_module.load_links) and its one command, links.report.
#include "core/link.h"

#include "base/log.h"
#include "core/core_impl.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

vg_status vg_links_read(vg_core *c, const char *kind, vg_arena *a, vg_link **ret, size_t *n,
                        vg_err *err)
{
    const vg_module *m;
    vg_db *db = NULL;
    *ret = NULL;
    *n = 0;
    VG_TRY(vg_inner_take(c, &db, err));
    vg_status s = VG_OK;
    for (size_t i = 0; s == VG_OK && (m = vg_module_at(i)); i++) {
        if (m->load_links) {
            s = m->load_links(db, a, kind, ret, n, err);
        }
    }
    vg_inner_give(c, db);
    return s;
}

uint64_t vg_links_generation(const vg_core *c)
{
    return c->links_generation;
}

vg_status vg_link_secret(vg_core *c, vg_arena *a, const char *id, vg_str *ret, vg_err *err)
{
    vg_db *db = NULL;
    VG_TRY(vg_inner_take(c, &db, err));
    const vg_status s = vg_vault_get(c, db, a, "link", id, ret, err);
    vg_inner_give(c, db);
    return s;
}

void vg_link_report(vg_core *c, const char *id, const char *problem)
{
    char args[192];
    const int n =
        problem ? snprintf(args, sizeof args, "{\"id\":\"%s\",\"problem\":\"%s\"}", id, problem)
                : snprintf(args, sizeof args, "{\"id\":\"%s\"}", id);
    assert(n > 0 && (size_t)n < sizeof args);
    vg_command_call call = {.name = "links.report",
                            .args = vg_str_c(args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(c, &call);
    if (call.st != VG_OK && call.st != VG_ENOTFOUND) {
        vg_log(VG_WARN, "link.report", "link=%s status=%s", id, vg_status_name(call.st));
    }
    vg_buf_done(&call.reply);
}

bool vg_link_host(const vg_link *l, char host[VG_LINK_HOST], uint16_t *ret_port)
{
    const char *colon = strrchr(l->address, ':');
    int64_t port = 0;
    if (!colon || vg_str_i64(vg_str_c(colon + 1), 1, 65535, &port, NULL) != VG_OK) {
        return false;
    }
    vg_str name = {l->address, (size_t)(colon - l->address)};
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']') {
        name = (vg_str){name.p + 1, name.n - 2};
    }
    snprintf(host, VG_LINK_HOST, "%.*s", VG_FMT(name));
    *ret_port = (uint16_t)port;
    return name.n > 0 && name.n < VG_LINK_HOST;
}

static vg_status make_folder(const char *path, vg_err *err)
{
    return mkdir(path, 0750) == 0 || errno == EEXIST
               ? VG_OK
               : vg_fail(err, VG_EIO, "address", NULL, "%.80s: %s", path, strerror(errno));
}

vg_status vg_link_folder(vg_core *c, const vg_link *l, char out[VG_LINK_FOLDER], vg_err *err)
{
    char key[80];
    const size_t n = strlen(l->address);
    if (n == 0 || n > 40 || strspn(l->address, "abcdefghijklmnopqrstuvwxyz0123456789-") != n) {
        return vg_fail(err, VG_EINVALID, "address", "links.folder", "%.40s", l->address);
    }
    snprintf(key, sizeof key, "folders.%s", l->address);
    const char *given = vg_conf_get(vg_core_conf(c), key, "");
    if (*given) {
        const int k = snprintf(out, VG_LINK_FOLDER, "%s", given);
        return k < VG_LINK_FOLDER ? VG_OK
                                  : vg_fail(err, VG_EINVALID, "address", "links.folder", "%s", key);
    }
    snprintf(out, VG_LINK_FOLDER, "%s/folders", vg_core_dir(c));
    VG_TRY(make_folder(out, err));
    snprintf(out, VG_LINK_FOLDER, "%s/folders/%s", vg_core_dir(c), l->address);
    return make_folder(out, err);
}
