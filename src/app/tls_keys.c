// SPDX-License-Identifier: Apache-2.0
// A key is in the vault before the certificate that goes with it is written, so a crash between the two leaves a key that
// is given a certificate at the next start. A key that lies in a file (from a version that kept them so, from an agency
// that puts its own certificate there, from an old backup) goes into the vault in one transaction, with an event for
// the authority's; only then the file is overwritten and removed. A file whose key does not fit its certificate is left
// where it is: it must not take the place of one that does.
#include "app/tls_keys.h"

#include "base/log.h"

static const char SPACE[] = "tls";

static void dir_of(vg_core *core, char out[440])
{
    snprintf(out, 440, "%s/tls", vg_core_dir(core));
}

static vg_status from_vault(vg_core *core, vg_db *db, const char *name, vg_buf *out, vg_err *err)
{
    vg_str value = {"", 0};
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(64 << 10);
    const vg_status s = vg_vault_get(core, db, a, SPACE, name, &value, err);
    if (s == VG_OK) {
        vg_buf_s(out, value);
        explicit_bzero((void *)(uintptr_t)value.p, value.n);
    }
    return s == VG_ENOTFOUND ? VG_OK : s;
}

static vg_status read_vault(vg_core *core, vg_tls *t, vg_err *err)
{
    vg_db *db;
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status s = from_vault(core, db, "ca", &t->ca_key, err);
    s = s == VG_OK ? from_vault(core, db, "server", &t->key, err) : s;
    vg_inner_give(core, db);
    return s;
}

// A file's key instead of the vault's.
static vg_status from_file(const char *dir, const char *name, const vg_buf *cert, vg_buf *key,
                           bool *ret_taken, vg_err *err)
{
    vg_buf file;
    bool fits = false;
    vg_buf_init(&file, VG_TLS_TEXT);
    const vg_status s = vg_tls_take(dir, name, cert, &file, &fits, err);
    *ret_taken = s == VG_OK && file.n && fits;
    if (*ret_taken) {
        vg_buf_reset(key);
        vg_buf_s(key, vg_buf_str(&file));
    } else if (s == VG_OK && file.n) {
        vg_log(VG_WARN, "tls.key_left", "file=%s/%s", dir, name);
    }
    vg_tls_wipe(&file);
    return s;
}

static vg_status keep(vg_core *core, const vg_tls *t, bool taken, vg_err *err)
{
    vg_buf b;
    vg_buf_init(&b, 4 * VG_TLS_TEXT);
    vg_jw w = vg_jw_on(&b);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "ca", vg_buf_str(&t->ca_key));
    vg_jw_kstr(&w, "server", vg_buf_str(&t->key));
    vg_jw_kbool(&w, "taken", taken);
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = "core.tls_keep",
                            .args = vg_buf_str(&b),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(core, &call);
    if (call.st != VG_OK) {
        *err = call.err;
    }
    vg_buf_done(&call.reply);
    vg_tls_wipe(&b);
    return call.st;
}

static vg_status open_all(vg_core *core, const char *const *names, bool make, vg_tls *t,
                          vg_err *err)
{
    char dir[440];
    bool ca = false, server = false, made = false;
    dir_of(core, dir);
    VG_TRY(vg_tls_read(dir, t, err));
    VG_TRY(read_vault(core, t, err));
    VG_TRY(from_file(dir, "ca.key", &t->ca_cert, &t->ca_key, &ca, err));
    VG_TRY(from_file(dir, "server.key", &t->cert, &t->key, &server, err));
    VG_TRY(make ? vg_tls_ensure(t, names, &made, err) : VG_OK);
    VG_TRY(made || ca || server ? keep(core, t, ca, err) : VG_OK);
    VG_TRY(made ? vg_tls_write(dir, t, err) : VG_OK);
    VG_TRY(ca ? vg_tls_shred(dir, "ca.key", err) : VG_OK);
    return server ? vg_tls_shred(dir, "server.key", err) : VG_OK;
}

vg_status app_tls_open(vg_core *core, const char *const *names, vg_tls *ret, vg_err *err)
{
    vg_tls_init(ret);
    const vg_status s = open_all(core, names, true, ret, err);
    if (s != VG_OK) {
        vg_tls_done(ret);
    }
    return s;
}

vg_status app_tls_change_authority(vg_core *core, char *ret_print, vg_err *err)
{
    char dir[440];
    bool made = false;
    vg_buf der = {0};
    vg_tls t;
    dir_of(core, dir);
    VG_TRY(app_tls_settle(core, err));  // a key in a file would take the new one's place
    vg_status s = vg_tls_ca_public(dir, &der, ret_print, err);
    vg_buf_done(&der);
    VG_TRY(s);
    vg_tls_init(&t);  // nothing: all is made
    s = vg_tls_ensure(&t, NULL, &made, err);
    s = s == VG_OK ? keep(core, &t, true, err) : s;
    s = s == VG_OK ? vg_tls_write(dir, &t, err) : s;
    vg_tls_done(&t);
    VG_TRY(s);
    s = vg_tls_ca_public(dir, &der, ret_print, err);
    vg_buf_done(&der);
    return s;
}

vg_status app_tls_settle(vg_core *core, vg_err *err)
{
    vg_tls t;
    vg_tls_init(&t);
    const vg_status s = open_all(core, NULL, false, &t, err);
    vg_tls_done(&t);
    return s;
}
