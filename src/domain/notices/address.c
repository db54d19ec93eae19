// SPDX-License-Identifier: Apache-2.0
// Where a person is told: a mail address or a telephone for messages. Personal data: the journal has it only
// under the person's key, and the clear copy that the outbox reads is the volatile notice_card. Everybody may
// set and read his own, whatever else he may see; another's needs the right to administer accounts.
#include "core/person.h"
#include "domain/notices/notices.h"

static const char *const kinds[] = {"smtp", "sms", NULL};

const vg_field notices_address_set_fields[] = {
    {"user", VG_F_ID, VG_REQUIRED},
    {"kind", VG_F_ENUM, VG_REQUIRED, .values = kinds},
    {"value", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {NULL},
};

// The outbox separates recipients by commas, a mail header by lines: neither may hide in one.
static vg_status value_fits(vg_str kind, vg_str v, vg_err *err)
{
    const bool sms = vg_str_eqc(kind, "sms");
    size_t at_signs = 0;
    for (size_t i = 0; i < v.n; i++) {
        const char ch = v.p[i];
        const bool digit = (ch >= '0' && ch <= '9') || (i == 0 && ch == '+');
        at_signs += ch == '@';
        if ((sms && !digit) || ch <= ' ' || ch > '~' || strchr(",;<>\"\\()[]", ch)) {
            return vg_fail(err, VG_EINVALID, "value", "notices.bad_address", "%.*s", VG_FMT(v));
        }
    }
    const bool whole =
        sms ? v.n >= 3 && v.n <= 16 : at_signs == 1 && v.p[0] != '@' && v.p[v.n - 1] != '@';
    return whole ? VG_OK
                 : vg_fail(err, VG_EINVALID, "value", "notices.bad_address", "%.*s", VG_FMT(v));
}

static vg_status person(vg_cx *cx, vg_str user, vg_str *ret_agency, vg_err *err)
{
    if (vg_look(cx, "SELECT agency FROM user_account WHERE id = ?", user, ret_agency, 1, err) !=
        VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "user", NULL, "%.*s", VG_FMT(user));
    }
    return vg_str_eqc(user, cx->who->user) ? VG_OK
                                           : vg_require(cx, "accounts.edit", VG_EVERYWHERE, err);
}

static vg_status address_of(vg_cx *cx, vg_str user, vg_str kind, char id[VG_ID_TEXT], vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db, "SELECT id FROM notice_address WHERE user_id = ? AND kind = ?",
                        VG_VALS(vg_t(user), vg_t(kind)), &r, err));
    if (vg_rows_next(r)) {
        snprintf(id, VG_ID_TEXT, "%.*s", VG_FMT(vg_row_str(r, 0)));
    } else {
        vg_new_id(cx, id);
    }
    return vg_rows_close(r, err);
}

VG_HANDLER(notices_address_set)
{
    char id[VG_ID_TEXT];
    int32_t label = 0;
    vg_str agency;
    vg_buf personal;
    const vg_str user = vg_arg_str(args, "user"), kind = vg_arg_str(args, "kind"),
                 value = vg_arg_str(args, "value");
    VG_TRY(person(cx, user, &agency, err));
    VG_TRY(value_fits(kind, value, err));
    VG_TRY(address_of(cx, user, kind, id, err));
    VG_TRY(
        vg_label_of(cx, vg_str_z(cx->arena, agency), VG_C_PERSONAL, "", VG_S_NORMAL, &label, err));
    VG_TRY(vg_exec(cx->db,
                   "INSERT INTO notice_card (address, value, label, world) VALUES (?, ?, ?, ?)"
                   " ON CONFLICT (address) DO UPDATE SET value = excluded.value",
                   VG_VALS(vg_z(id), vg_t(value), vg_i(label), vg_i(cx->world)), err));
    vg_body(cx);
    vg_body_args(cx, args, "value");
    vg_buf_init(&personal, 1024);
    vg_jw w = vg_jw_on(&personal);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "value", value);
    vg_jw_close(&w, '}');
    const vg_draft d = {.kind = "notices.address_set",
                        .subject = id,
                        .label = label,
                        .person = id,
                        .personal = vg_buf_str(&personal)};
    const vg_status s = vg_emit(cx, &d, NULL, err);
    vg_buf_done(&personal);
    vg_jw_kz(&cx->reply, "id", id);
    return s;
}

VG_FOLDER(notices_on_address_set)
{
    return vg_put(ap, e,
                  "INSERT INTO notice_address (id, user_id, kind, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
                  "@subject user kind @at @label @world", err);
}

VG_HANDLER(notices_address_remove)
{
    vg_str c[2], agency;
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT user_id, label FROM notice_address WHERE id = ?", id, c, 2, err));
    if (!vg_str_eqc(c[0], cx->who->user)) {
        VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    }
    VG_TRY(person(cx, c[0], &agency, err));
    VG_TRY(vg_exec(cx->db, "DELETE FROM notice_card WHERE address = ?", VG_VALS(vg_t(id)), err));
    const char *subject = vg_str_z(cx->arena, id);
    const vg_status erased = vg_person_erase(cx, subject, err);
    if (erased != VG_OK && erased != VG_ENOTFOUND) {
        return erased;
    }
    vg_body(cx);
    return vg_say(cx, &(vg_saying){"notices.address_removed", "", subject, (int32_t)vg_int(c[1])},
                  err);
}

VG_FOLDER(notices_on_address_removed)
{
    return vg_put(ap, e, "DELETE FROM notice_address WHERE id = ?", "@subject", err);
}

// Unscoped on purpose: a person's own address is no secret from him.
vg_status notices_own_addresses(vg_read *rd, const vg_args *args, vg_err *err)
{
    (void)args;
    vg_db *db = NULL;
    vg_rows *r = NULL;
    VG_TRY(vg_inner_take(rd->core, &db, err));
    vg_status s = vg_rows_open(db,
                               "SELECT n.id, n.kind, COALESCE(c.value, '') FROM notice_address n"
                               " LEFT JOIN notice_card c ON c.address = n.id WHERE n.user_id = ?",
                               VG_VALS(vg_z(rd->who->user)), &r, err);
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    while (s == VG_OK && vg_rows_next(r)) {
        vg_jw_open(&rd->out, '{');
        vg_jw_kstr(&rd->out, "id", vg_row_str(r, 0));
        vg_jw_kz(&rd->out, "user", rd->who->user);
        vg_jw_kstr(&rd->out, "kind", vg_row_str(r, 1));
        vg_jw_kstr(&rd->out, "value", vg_row_str(r, 2));
        vg_jw_close(&rd->out, '}');
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_close(&rd->out, '}');
    if (r) {
        s = vg_rows_close(r, err);
    }
    vg_inner_give(rd->core, db);
    return s;
}
