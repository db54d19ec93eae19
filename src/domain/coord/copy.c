// SPDX-License-Identifier: Apache-2.0
// A regulation as each party keeps it: what is told to one copy is told to all, each with its own label, so that both
// sides have it in their own journal and nobody else in his.
#include "domain/coord/coord.h"

vg_status coord_agency(vg_cx *cx, const vg_args *args, const char **ret, vg_err *err)
{
    vg_str found;
    const vg_str named = vg_arg_str(args, "agency");
    if (*cx->who->agency) {
        *ret = vg_str_z(cx->arena, vg_str_c(cx->who->agency));
        return !named.n || vg_str_eqc(named, *ret)
                   ? VG_OK
                   : vg_fail(err, VG_EDENIED, "agency", NULL, "%s", "");
    }
    if (vg_look(cx, "SELECT id FROM agency WHERE id = ?", named, &found, 1, err) != VG_OK) {
        return vg_fail(err, VG_EINVALID, "agency", "coord.no_agency", "%.*s", VG_FMT(named));
    }
    *ret = vg_str_z(cx->arena, found);
    return VG_OK;
}

static void read_copy(vg_cx *cx, vg_rows *r, coord_copy *ret)
{
    vg_str c[7];
    for (int i = 0; i < 7; i++) {
        c[i] = vg_str_dup(cx->arena, vg_row_str(r, i));
    }
    *ret = (coord_copy){.id = vg_str_z(cx->arena, c[0]),
                        .document = vg_str_z(cx->arena, c[1]),
                        .agency = vg_str_z(cx->arena, c[2]),
                        .holder = vg_str_z(cx->arena, c[3]),
                        .number = c[4],
                        .state = c[5],
                        .label = (int32_t)vg_int(c[6])};
}

#define COPY "SELECT id, document, agency, holder, number, state, label FROM regulation WHERE "

vg_status coord_copy_at(vg_cx *cx, vg_str id, coord_copy *ret, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(cx->db, COPY "id = ?", VG_VALS(vg_t(id)), &r, err));
    const bool found = vg_rows_next(r);
    if (found) {
        read_copy(cx, r, ret);
    }
    VG_TRY(vg_rows_close(r, err));
    if (!found || (*cx->who->agency && strcmp(cx->who->agency, ret->agency) != 0)) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    return vg_seen(cx, ret->label, "id", err);
}

vg_status coord_copies(vg_cx *cx, const char *document, coord_copy *ret, size_t *ret_n, vg_err *err)
{
    vg_rows *r;
    *ret_n = 0;
    VG_TRY(vg_rows_open(cx->db, COPY "document = ? ORDER BY agency", VG_VALS(vg_z(document)), &r,
                        err));
    while (*ret_n < COORD_PARTIES && vg_rows_next(r)) {
        read_copy(cx, r, &ret[(*ret_n)++]);
    }
    return vg_rows_close(r, err);
}

vg_status coord_tell(vg_cx *cx, const char *document, const char *kind, const coord_member *v,
                     size_t n, vg_err *err)
{
    coord_copy copies[COORD_PARTIES];
    size_t n_copies;
    VG_TRY(coord_copies(cx, document, copies, &n_copies, err));
    for (size_t i = 0; i < n_copies; i++) {
        vg_body(cx);
        for (size_t k = 0; k < n; k++) {
            if (v[k].text) {
                vg_jw_kz(&cx->body, v[k].key, v[k].text);
            } else {
                vg_jw_ki64(&cx->body, v[k].key, v[k].number);
            }
        }
        VG_TRY(vg_say(cx, &(vg_saying){kind, "", copies[i].id, copies[i].label}, err));
    }
    return VG_OK;
}

vg_status coord_copy_for(vg_db *db, const char *id, const char *agency, char ret[VG_ID_TEXT],
                         vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db,
                        "SELECT c.id FROM regulation r JOIN regulation c ON c.document ="
                        " r.document WHERE r.id = ? AND c.agency = ?",
                        VG_VALS(vg_z(id), vg_z(agency)), &r, err));
    const bool found = vg_rows_next(r);
    const vg_str copy = found ? vg_row_str(r, 0) : vg_str_c("");
    snprintf(ret, VG_ID_TEXT, "%.*s", VG_FMT(copy));
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
}
