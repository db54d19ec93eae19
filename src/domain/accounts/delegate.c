// SPDX-License-Identifier: Apache-2.0
// Delegation: somebody lets a colleague of his own agency stand in for him in one role he holds himself, at the same
// sites, for a time with an end. It is an assignment like any other, seen, confirmed and ended like one, that names the one
// it comes from: it never outlasts that, never goes further (only what was granted can be delegated, and only once
// somebody else has looked at that grant), and lapses the moment the other is revoked, ends or its holder's account is
// disabled (auth.c asks). Who stands in keeps his own clearance. Administering the node and auditing it are not delegated:
// two persons grant them. Who delegated takes it back himself, and so may an administrator (role.c).
#include "domain/accounts/accounts.h"

#include "base/clock.h"

enum { LONGEST_DAYS = 90 };
static const int64_t LONGEST_US = LONGEST_DAYS * INT64_C(86400) * VG_SECOND_US;

const vg_field accounts_delegate_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"to", VG_F_ID, VG_REQUIRED},
    {"from", VG_F_TIME},
    {"until", VG_F_TIME, VG_REQUIRED},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {NULL},
};
const vg_field accounts_delegation_end_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};

typedef struct own_role {
    const char *id;
    vg_str role, site;
    int64_t begins_us, ends_us;
} own_role;

// One's own, granted, in force. Somebody else's is as unknown as one that never was.
static vg_status own_at(vg_cx *cx, vg_str id, own_role *ret, vg_err *err)
{
    vg_str c[7];
    VG_TRY(vg_look(cx,
                   "SELECT user_id, role, site, state, begins, ends, origin FROM assignment WHERE"
                   " id = ?",
                   id, c, VG_LEN(c), err));
    if (cx->who->kind != VG_P_USER || !vg_str_eqc(c[0], cx->who->user) ||
        !vg_str_eqc(c[3], "active")) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    if (c[6].n) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.delegate_onward", "%s", "");
    }
    *ret = (own_role){vg_str_z(cx->arena, id), c[1], c[2], vg_int(c[4]), vg_int(c[5])};
    if (vg_str_eqc(ret->role, "custodian") || vg_str_eqc(ret->role, "auditor")) {
        return vg_fail(err, VG_EDENIED, "id", "accounts.delegate_role", "%s", "");
    }
    return VG_OK;
}

// Else who was made an officer by one person could hand that on before anybody has looked.
static vg_status looked_at(vg_cx *cx, const char *id, vg_err *err)
{
    int64_t open = 0;
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM permission_change WHERE state = 'open' AND (subject = ? OR"
                      " user_id = ?) LIMIT 1",
                      VG_VALS(vg_z(id), vg_z(cx->who->user)), 0, &open, err));
    return open ? vg_fail(err, VG_ECONFLICT, "id", "accounts.delegate_open", "%s", "") : VG_OK;
}

static vg_status colleague(vg_cx *cx, vg_str id, accounts_user_ref *ret, vg_err *err)
{
    if (vg_str_eqc(id, cx->who->user)) {
        return vg_fail(err, VG_EDENIED, "to", "accounts.not_oneself", "%s", "");
    }
    if (accounts_user_at(cx, id, ret, err) != VG_OK || strcmp(ret->agency, cx->who->agency) != 0 ||
        vg_seen(cx, ret->label, "to", err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "to", NULL, "%s", "");
    }
    return ret->disabled ? vg_fail(err, VG_ECONFLICT, "to", "accounts.delegate_disabled", "%s", "")
                         : VG_OK;
}

static vg_status time_of(vg_cx *cx, const vg_args *args, const own_role *own, accounts_grant *g,
                         vg_err *err)
{
    g->begins_us = vg_arg_i64(args, "from", 0);
    g->ends_us = vg_arg_i64(args, "until", 0);
    g->reason = vg_arg_str(args, "reason");
    const int64_t asked = g->begins_us > cx->now_us ? g->begins_us : cx->now_us;
    const int64_t start = asked > own->begins_us ? asked : own->begins_us;
    if (g->ends_us <= start || g->ends_us - start > LONGEST_US || start - cx->now_us > LONGEST_US) {
        return vg_fail(err, VG_EINVALID, "until", "accounts.role_term", "%d", LONGEST_DAYS);
    }
    if (own->ends_us && g->ends_us > own->ends_us) {
        return vg_fail(err, VG_EINVALID, "until", "accounts.delegate_longer", "%s", "");
    }
    return vg_str_trim(g->reason).n
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "reason", "accounts.role_reason", "%s", "");
}

VG_HANDLER(accounts_delegate)
{
    own_role own = {0};
    accounts_user_ref to = {0};
    int64_t held = 0;
    VG_TRY(own_at(cx, vg_arg_str(args, "id"), &own, err));
    VG_TRY(looked_at(cx, own.id, err));
    VG_TRY(colleague(cx, vg_arg_str(args, "to"), &to, err));
    accounts_grant g = {
        .user = to.id, .role = own.role, .site = own.site, .label = to.label, .origin = own.id};
    VG_TRY(time_of(cx, args, &own, &g, err));
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM assignment WHERE user_id = ? AND role = ? AND site = ? AND"
                      " state = 'active'",
                      VG_VALS(vg_z(to.id), vg_t(own.role), vg_t(own.site)), 0, &held, err));
    if (held) {
        return vg_fail(err, VG_ECONFLICT, "to", "accounts.delegate_held", "%s", "");
    }
    return accounts_grant_emit(cx, &g, err);
}

// By whoever delegated, whatever became of his own role since.
VG_HANDLER(accounts_delegation_end)
{
    vg_str c[2];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx,
                   "SELECT o.user_id, t.state FROM assignment t JOIN assignment o ON o.id ="
                   " t.origin WHERE t.id = ?",
                   id, c, VG_LEN(c), err));
    if (!vg_str_eqc(c[0], cx->who->user) || !vg_str_eqc(c[1], "active")) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    return accounts_revoke_emit(cx, id, err);
}
