// SPDX-License-Identifier: Apache-2.0
// Inside of the accounts module.
#pragma once

#include "domain/kit.h"

extern const vg_field accounts_id_fields[];

// agency.c
extern const vg_field accounts_agency_add_fields[], accounts_agency_update_fields[];
VG_HANDLER(accounts_agency_add);
VG_HANDLER(accounts_agency_update);
VG_HANDLER(accounts_agency_close);
VG_FOLDER(accounts_on_agency_changed);
VG_FOLDER(accounts_on_agency_closed);
VG_FOLDER(accounts_on_agency_added);
vg_status accounts_agency_known(vg_cx *cx, vg_str id, vg_err *err) VG_USE_RESULT;

// user.c
extern const vg_field accounts_user_add_fields[], accounts_user_update_fields[],
    accounts_password_fields[];
extern const vg_field accounts_login_fields[], accounts_session_fields[];
VG_HANDLER(accounts_user_add);
VG_HANDLER(accounts_user_update);
VG_HANDLER(accounts_user_password);
VG_HANDLER(accounts_user_disable);
VG_HANDLER(accounts_user_enable);
VG_HANDLER(accounts_note_login);
VG_HANDLER(accounts_note_session);
VG_FOLDER(accounts_on_user_added);
VG_FOLDER(accounts_on_user_changed);
VG_FOLDER(accounts_on_password_changed);
VG_FOLDER(accounts_on_user_disabled);
VG_FOLDER(accounts_on_user_enabled);
VG_FOLDER(accounts_on_login);
VG_FOLDER(accounts_on_login_failed);

// forget.c
extern const vg_field accounts_forget_fields[];
VG_HANDLER(accounts_forget);
VG_FOLDER(accounts_on_user_forgotten);
bool accounts_forgotten(vg_str login);

typedef struct accounts_user_ref {
    const char *id, *agency;
    vg_str login;
    int32_t label;
    bool disabled;
} accounts_user_ref;
vg_status accounts_user_at(vg_cx *cx, vg_str id, accounts_user_ref *ret, vg_err *err) VG_USE_RESULT;

// Accounts are the node's: who administers them does so by an assignment for the whole node.
vg_status accounts_admin(vg_cx *cx, vg_err *err) VG_USE_RESULT;

// proof.c: each a vg_command's prepare
vg_status accounts_hash_password(vg_core *core, const vg_principal *who, json_t *args, vg_err *err);
vg_status accounts_change_password(vg_core *core, const vg_principal *who, json_t *args,
                                   vg_err *err);
vg_status accounts_prove_password(vg_core *core, const vg_principal *who, json_t *args,
                                  vg_err *err);
// In the handler, after one of the last two: was the password of user, whose account it is, right?
vg_status accounts_proved(vg_cx *cx, const char *user, const vg_args *args, const char *field,
                          vg_err *err) VG_USE_RESULT;

// factor.c
extern const vg_field accounts_factor_start_fields[], accounts_factor_confirm_fields[],
    accounts_factor_remove_fields[], accounts_factor_check_fields[];
VG_HANDLER(accounts_factor_start);
VG_HANDLER(accounts_factor_confirm);
VG_HANDLER(accounts_factor_remove);
VG_HANDLER(accounts_factor_check);
VG_FOLDER(accounts_on_factor_set);
VG_FOLDER(accounts_on_recovery_used);
VG_FOLDER(accounts_on_factor_removed);

// Of a code that people say and type: random letters, and those of what was typed (o, i, l and case do not matter).
void accounts_letters_new(char *ret, size_t n);
bool accounts_letters_of(vg_str code, char *ret, size_t want);

// change.c
// Into the open body of an event that changes who may what: that somebody else must look at it. user: whom it
// concerns, "" nobody.
vg_status accounts_to_confirm(vg_cx *cx, const char *user, vg_err *err) VG_USE_RESULT;
// In the fold of such an event, of whatever edition.
vg_status accounts_fold_change(vg_apply *ap, const vg_event *e, vg_err *err) VG_USE_RESULT;
// Of an event whose body has "opens": the arguments of accounts.change_open.
bool accounts_opening(vg_arena *a, const vg_event *e, vg_jw *args);
// vg_auth.beholden.
vg_status accounts_beholden(vg_db *db, vg_str user, vg_str by, bool *ret,
                            vg_err *err) VG_USE_RESULT;
extern const vg_field accounts_change_open_fields[];
VG_HANDLER(accounts_change_open);
VG_HANDLER(accounts_change_confirm);
VG_HANDLER(accounts_change_late);
VG_FOLDER(accounts_on_change_confirmed);
VG_FOLDER(accounts_on_change_unconfirmed);

// role.c
extern const vg_field accounts_role_grant_fields[], accounts_role_revoke_fields[],
    accounts_due_fields[];
VG_HANDLER(accounts_role_grant);
VG_HANDLER(accounts_role_revoke);
VG_HANDLER(accounts_role_over);
VG_FOLDER(accounts_on_role_granted);
VG_FOLDER(accounts_on_role_revoked);
VG_FOLDER(accounts_on_role_ended);
vg_status accounts_revoke_emit(vg_cx *cx, vg_str id, vg_err *err) VG_USE_RESULT;
bool accounts_role_exists(vg_str role);
vg_status accounts_site_known(vg_cx *cx, vg_str site, vg_err *err) VG_USE_RESULT;
extern const char *const accounts_roles[];  // names, NULL-terminated
typedef struct accounts_grant {
    const char *user;
    vg_str role, site, reason;
    int64_t begins_us, ends_us;  // 0: at once; for ever
    int32_t label;
    const char *origin;  // of a delegated one: whence; NULL
    bool with_account;   // the account is new, and that is what is confirmed
} accounts_grant;
vg_status accounts_grant_emit(vg_cx *cx, const accounts_grant *g, vg_err *err) VG_USE_RESULT;

// delegate.c
extern const vg_field accounts_delegate_fields[], accounts_delegation_end_fields[];
VG_HANDLER(accounts_delegate);
VG_HANDLER(accounts_delegation_end);

// token.c
extern const vg_field accounts_token_add_fields[];
VG_HANDLER(accounts_token_add);
VG_HANDLER(accounts_token_revoke);
VG_FOLDER(accounts_on_token_added);
VG_FOLDER(accounts_on_token_revoked);
// The agency named, the caller's own, or the one that runs the node.
vg_status accounts_agency_of(vg_cx *cx, const vg_args *args, const char **ret,
                             vg_err *err) VG_USE_RESULT;

// device.c
extern const char *const accounts_device_kinds[];
extern const vg_field accounts_device_add_fields[], accounts_device_code_fields[],
    accounts_device_renew_fields[], accounts_device_enrol_fields[], accounts_device_seen_fields[];
VG_HANDLER(accounts_device_add);
VG_HANDLER(accounts_device_code);
VG_HANDLER(accounts_device_renew);
VG_HANDLER(accounts_device_revoke);
VG_HANDLER(accounts_device_enrol);
VG_HANDLER(accounts_device_seen);
VG_FOLDER(accounts_on_device_added);
VG_FOLDER(accounts_on_device_code);
VG_FOLDER(accounts_on_device_bound);
VG_FOLDER(accounts_on_device_renewed);
VG_FOLDER(accounts_on_device_revoked);

// second.c
VG_MARK(accounts_second_grant);
VG_MARK(accounts_second_token);
VG_MARK(accounts_second_update);
VG_MARK(accounts_second_enable);
VG_MARK(accounts_second_add);
VG_MARK(accounts_second_password);
const char *accounts_weigh_grant(vg_str body);
const char *accounts_weigh_change(vg_str body);
vg_status accounts_people(vg_db *db, vg_arena *a, size_t max, const char ***ret, size_t *n,
                          vg_err *err) VG_USE_RESULT;

// auth.c
extern const vg_auth accounts_auth;
