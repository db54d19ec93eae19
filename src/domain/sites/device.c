// SPDX-License-Identifier: Apache-2.0
// What must be typed into a device that reports over HTTP: the token that is its proof, and where its maker's path
// begins. The token is a secret like the key it comes from: only who may change the source is told, and the
// journal never sees it.
#include "domain/sites/sites.h"

#include "core/core.h"
#include "core/source_token.h"

static const struct {
    const char *proto, *bare;  // without a token
    const char *tail;          // after /d/<token>
} paths[] = {
    {"hikvision", "/hikvision", ""},
    {"dahua", "/NotificationInfo", "/NotificationInfo"},
    {"zkteco", "/iclock", ""},
    {"cap", "/cap", ""},
};

static void write_paths(vg_jw *w, const vg_source *s)
{
    char token[VG_SOURCE_TOKEN], path[96];
    const bool has = vg_source_token(s, token);
    for (size_t i = 0; i < VG_LEN(paths); i++) {
        if (strcmp(s->proto, paths[i].proto) == 0) {
            vg_jw_kz(w, "bare_path", paths[i].bare);
            snprintf(path, sizeof path, "/d/%s%s", token, paths[i].tail);
            vg_jw_kz(w, "path", has ? path : NULL);
            vg_jw_kz(w, "token", has ? token : NULL);
        }
    }
    explicit_bzero(token, sizeof token);
    explicit_bzero(path, sizeof path);
}

static const vg_source *in_register(const vg_register_snap *snap, vg_str id)
{
    for (uint32_t i = 0; i < vg_register_count(snap); i++) {
        const vg_source *s = vg_register_at(snap, i);
        if (s && vg_str_eqc(id, s->id)) {
            return s;
        }
    }
    return NULL;
}

static vg_status may_see(vg_read *rd, vg_str id, vg_err *err)
{
    char site[VG_ID_TEXT] = "", agency[VG_ID_TEXT] = "";
    vg_rows *r;
    VG_TRY(vg_rows_open(rd->db, "SELECT site, agency FROM v_source WHERE id = ?", VG_VALS(vg_t(id)),
                        &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        snprintf(site, sizeof site, "%.*s", VG_FMT(vg_row_str(r, 0)));
        snprintf(agency, sizeof agency, "%.*s", VG_FMT(vg_row_str(r, 1)));
    }
    VG_TRY(vg_rows_close(r, err));
    const bool own = strcmp(rd->who->agency, agency) == 0;
    if (!found) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    return vg_may(rd->who, "sites.source_edit", site) ||
                   (own && vg_may(rd->who, "sites.source_edit_own", site))
               ? VG_OK
               : vg_fail(err, VG_EDENIED, "id", NULL, "%s", "");
}

vg_status sites_device_setup(vg_read *rd, const vg_args *args, vg_err *err)
{
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(may_see(rd, id, err));
    const vg_register_snap *snap = vg_register_acquire(vg_core_register(rd->core));
    const vg_source *s = in_register(snap, id);
    vg_jw_open(&rd->out, '{');
    if (s) {
        vg_jw_kz(&rd->out, "proto", s->proto);
        vg_jw_kz(&rd->out, "address", s->address);
        vg_jw_kz(&rd->out, "listen", vg_conf_get(vg_core_conf(rd->core), "listen.device", NULL));
        vg_jw_kz(&rd->out, "tls", vg_conf_get(vg_core_conf(rd->core), "device.tls", NULL));
        write_paths(&rd->out, s);
    }
    vg_jw_close(&rd->out, '}');
    vg_register_release(vg_core_register(rd->core), snap);
    return s ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
}
