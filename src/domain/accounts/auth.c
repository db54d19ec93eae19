// SPDX-License-Identifier: Apache-2.0
// From a login, a user id, a token or a device account to the principal that acts. Whether a password is right is not decided
// here: the caller compares with the hash, also for a login that does not exist (hash "" and VG_ENOTFOUND), so
// that both take the same time. A disabled user and an expired token are not found. What has a time is asked of the
// latest time known, so that a clock that steps back makes nothing last longer.
#include "domain/accounts/accounts.h"

#include "core/core.h"
#include "core/device.h"

#define USER_COLUMNS                                                                            \
    "SELECT u.id, u.name, u.agency, u.clearance, u.lang, u.password_at, a.custodian,"           \
    " u.factor_at IS NOT NULL FROM user_account u LEFT JOIN agency a ON a.id = u.agency WHERE " \
    "u.disabled = 0 AND "
static const char USER_COLUMNS_BY_LOGIN[] = USER_COLUMNS "u.login = ?";
static const char USER_COLUMNS_BY_ID[] = USER_COLUMNS "u.id = ?";

#define COPY(field, s) snprintf((field), sizeof(field), "%.*s", VG_FMT(s))

static void assign(vg_principal *p, vg_str role, vg_str site, int64_t until_us)
{
    if (p->n_assignments < VG_MAX_ASSIGNMENTS) {
        vg_assignment *a = &p->assignments[p->n_assignments++];
        COPY(a->role, role);
        COPY(a->site, site);
        a->until_us = until_us;
    }
}

static vg_status load_roles(vg_db *db, vg_principal *p, int64_t now_us, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(
        db,
        "SELECT t.role, t.site, CASE WHEN o.ends > 0 AND o.ends < t.ends THEN o.ends ELSE t.ends"
        " END FROM assignment t LEFT JOIN assignment o ON o.id = t.origin LEFT JOIN user_account w"
        " ON w.id = o.user_id WHERE t.user_id = ?1 AND t.state = 'active' AND t.begins <= ?2 AND"
        " (t.ends = 0 OR t.ends > ?2) AND (t.origin = '' OR (o.state = 'active' AND o.begins <= ?2"
        " AND (o.ends = 0 OR o.ends > ?2) AND w.disabled = 0)) ORDER BY t.at, t.id",
        VG_VALS(vg_z(p->user), vg_i(now_us)), &r, err));
    while (vg_rows_next(r)) {
        assign(p, vg_row_str(r, 0), vg_row_str(r, 1), vg_row_i64(r, 2));
    }
    return vg_rows_close(r, err);
}

static vg_status load_user(vg_core *core, vg_db *db, const char *sql, vg_str key, vg_principal *ret,
                           vg_err *err)
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
        ret->factor = vg_row_i64(r, 7) != 0;
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? load_roles(db, ret, vg_core_now(core), err)
                 : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

static vg_status auth_user(vg_core *core, vg_db *db, vg_str login, vg_principal *ret,
                           char hash[128], vg_err *err)
{
    vg_str stored;
    hash[0] = 0;
    VG_TRY(load_user(core, db, USER_COLUMNS_BY_LOGIN, login, ret, err));
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16384);
    VG_TRY(vg_vault_get(core, db, a, "password", ret->user, &stored, err));
    snprintf(hash, 128, "%.*s", VG_FMT(stored));
    return VG_OK;
}

static vg_status auth_by_id(vg_core *core, vg_db *db, vg_str user, vg_principal *ret, vg_err *err)
{
    return load_user(core, db, USER_COLUMNS_BY_ID, user, ret, err);
}

static vg_status auth_token(vg_core *core, vg_db *db, const unsigned char hash[VG_HASH_BYTES],
                            vg_principal *ret, vg_err *err)
{
    char hex[2 * VG_HASH_BYTES + 1];
    vg_rows *r;
    vg_hex(hash, VG_HASH_BYTES, hex);
    VG_TRY(vg_rows_open(db,
                        "SELECT t.id, t.name, t.agency, t.role, t.site, a.custodian FROM token t"
                        " LEFT JOIN agency a ON a.id = t.agency"
                        " WHERE t.hash = ? AND t.state = 'active' AND t.expires > ?",
                        VG_VALS(vg_z(hex), vg_i(vg_core_now(core))), &r, err));
    const bool found = vg_rows_next(r);
    *ret = (vg_principal){.kind = VG_P_TOKEN};
    if (found) {
        COPY(ret->user, vg_row_str(r, 0));
        COPY(ret->name, vg_row_str(r, 1));
        COPY(ret->agency, vg_row_str(r, 2));
        assign(ret, vg_row_str(r, 3), vg_row_str(r, 4), 0);
        ret->custodian = vg_row_i64(r, 5) != 0;
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

// Its role ends with the account, so that a principal kept for a while lapses by itself.
static void device_principal(vg_rows *r, vg_principal *ret)
{
    *ret = (vg_principal){.kind = VG_P_TOKEN};
    COPY(ret->user, vg_row_str(r, 0));
    COPY(ret->name, vg_row_str(r, 1));
    COPY(ret->agency, vg_row_str(r, 2));
    assign(ret, vg_row_str(r, 3), vg_row_str(r, 4), vg_row_i64(r, 5));
}

static vg_status auth_device(vg_core *core, vg_db *db, vg_str account, vg_principal *ret,
                             vg_device_key *ret_key, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db,
                        "SELECT id, name, agency, role, site, expires, device_key FROM"
                        " device_account WHERE id = ? AND state = 'active' AND device_key IS NOT"
                        " NULL AND expires > ?",
                        VG_VALS(vg_t(account), vg_i(vg_labels_now(vg_core_labels(core)))), &r,
                        err));
    const bool found =
        vg_rows_next(r) && vg_base64url(vg_row_str(r, 6), ret_key->point, sizeof ret_key->point);
    if (found) {
        device_principal(r, ret);
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

const vg_auth accounts_auth = {.user = auth_user,
                               .by_id = auth_by_id,
                               .token = auth_token,
                               .device = auth_device,
                               .enrol = "accounts.device_enrol",
                               .seen = "accounts.device_seen",
                               .people = accounts_people,
                               .beholden = accounts_beholden,
                               .second = "accounts.factor_check"};
