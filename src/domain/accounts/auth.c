// SPDX-License-Identifier: Apache-2.0
// From a login, a user id or a token to the principal that acts. Whether a password is right is not decided
// here: the caller compares with the hash, also for a login that does not exist (hash "" and VG_ENOTFOUND), so
// that both take the same time. A disabled user and an expired token are not found.
#include "domain/accounts/accounts.h"

#include "base/clock.h"
#include "core/core.h"

#define USER_COLUMNS                                                                 \
    "SELECT u.id, u.name, u.agency, u.clearance, u.lang, u.password_at, a.custodian" \
    " FROM user_account u LEFT JOIN agency a ON a.id = u.agency WHERE u.disabled = 0 AND "
static const char USER_COLUMNS_BY_LOGIN[] = USER_COLUMNS "u.login = ?";
static const char USER_COLUMNS_BY_ID[] = USER_COLUMNS "u.id = ?";

#define COPY(field, s) snprintf((field), sizeof(field), "%.*s", VG_FMT(s))

static void assign(vg_principal *p, vg_str role, vg_str site)
{
    if (p->n_assignments < VG_MAX_ASSIGNMENTS) {
        vg_assignment *a = &p->assignments[p->n_assignments++];
        COPY(a->role, role);
        COPY(a->site, site);
    }
}

static vg_status load_roles(vg_db *db, vg_principal *p, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        db,
        "SELECT role, site FROM assignment WHERE user_id = ? AND state = 'active' ORDER BY at, id",
        VG_VALS(vg_z(p->user)), &r, err));
    while (vg_rows_next(r)) {
        assign(p, vg_row_str(r, 0), vg_row_str(r, 1));
    }
    return vg_rows_close(r, err);
}

static vg_status load_user(vg_db *db, const char *sql, vg_str key, vg_principal *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, sql, VG_VALS(vg_t(key)), &r, err));
    const bool found = vg_rows_next(r);
    *ret = (vg_principal){.kind = VG_P_USER};
    if (found) {
        COPY(ret->user, vg_row_str(r, 0));
        COPY(ret->name, vg_row_str(r, 1));
        COPY(ret->agency, vg_row_str(r, 2));
        ret->clearance = (uint8_t)vg_row_i64(r, 3);
        ret->lang = vg_lang_parse(vg_row_str(r, 4));
        ret->secret_us = vg_row_i64(r, 5);
        ret->custodian = vg_row_i64(r, 6) != 0;
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? load_roles(db, ret, err) : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

static vg_status auth_user(vg_core *core, vg_db *db, vg_str login, vg_principal *ret,
                           char hash[128], vg_err *err)
{
    vg_str stored;
    hash[0] = 0;
    VG_TRY(load_user(db, USER_COLUMNS_BY_LOGIN, login, ret, err));
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16384);
    VG_TRY(vg_vault_get(core, db, a, "password", ret->user, &stored, err));
    snprintf(hash, 128, "%.*s", VG_FMT(stored));
    return VG_OK;
}

static vg_status auth_by_id(vg_core *core, vg_db *db, vg_str user, vg_principal *ret, vg_err *err)
{
    (void)core;
    return load_user(db, USER_COLUMNS_BY_ID, user, ret, err);
}

static vg_status auth_token(vg_core *core, vg_db *db, const unsigned char hash[VG_HASH_BYTES],
                            vg_principal *ret, vg_err *err)
{
    (void)core;
    char hex[2 * VG_HASH_BYTES + 1];
    vg_rows *r;
    vg_hex(hash, VG_HASH_BYTES, hex);
    VG_TRY(vg_rows_open(db,
                        "SELECT t.id, t.name, t.agency, t.role, t.site, a.custodian FROM token t"
                        " LEFT JOIN agency a ON a.id = t.agency"
                        " WHERE t.hash = ? AND t.state = 'active' AND t.expires > ?",
                        VG_VALS(vg_z(hex), vg_i(vg_now_us())), &r, err));
    const bool found = vg_rows_next(r);
    *ret = (vg_principal){.kind = VG_P_TOKEN};
    if (found) {
        COPY(ret->user, vg_row_str(r, 0));
        COPY(ret->name, vg_row_str(r, 1));
        COPY(ret->agency, vg_row_str(r, 2));
        assign(ret, vg_row_str(r, 3), vg_row_str(r, 4));
        ret->custodian = vg_row_i64(r, 5) != 0;
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

const vg_auth accounts_auth = {
    .user = auth_user, .by_id = auth_by_id, .token = auth_token, .people = accounts_people};
