// SPDX-License-Identifier: Apache-2.0
// The legal bases shipped with the program (law/*.yaml): one event an edition, folded over the edition before it.
// Entries the node made itself stay (entry.c). What an edition no longer has is not taken away: papers of its time
// stand on it; the next edition gives it a last day.
#include "domain/law/law.h"

#include "domain/shipped.h"

extern const vg_embedded vg_law_files[];

static const char *const KINDS[] = {"acts", "articles", "terms", "bases", NULL};

const vg_field law_ship_fields[] = {
    {"digest", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"content", VG_F_JSON, VG_REQUIRED, .max = VG_SHIPPED_MAX},
    {NULL},
};

vg_status law_start(vg_core *core, void **ret_state, vg_err *err)
{
    const vg_shipment s = {vg_law_files, KINDS, "law.ship",
                           "SELECT digest FROM law_edition ORDER BY at DESC, rowid DESC LIMIT 1"};
    *ret_state = NULL;
    return vg_ship(core, &s, err);
}

static vg_status check_all(const json_t *all, vg_err *err)
{
    for (const char *const *kind = KINDS; *kind; kind++) {
        size_t i;
        const json_t *row;
        json_array_foreach(json_object_get(all, *kind), i, row)
        {
            VG_TRY(law_check(*kind, row, err));
        }
    }
    return VG_OK;
}

VG_HANDLER(law_ship)
{
    json_t *all = NULL;
    int32_t label = 0;
    VG_TRY(vg_require(cx, "law.edit", VG_EVERYWHERE, err));
    VG_TRY(vg_json_parse(vg_arg_str(args, "content"), VG_SHIPPED_MAX, &all, err));
    const vg_status st = check_all(all, err);
    json_decref(all);
    VG_TRY(st);
    VG_TRY(vg_label_of(cx, "", VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_body(cx);
    vg_body_args(cx, args, "");
    const char *subject = vg_str_z(cx->arena, vg_arg_str(args, "digest"));
    return vg_say(cx, &(vg_saying){"law.shipped", "", subject, label}, err);
}

VG_FOLDER(law_on_shipped)
{
    vg_str content = {"{}", 2}, rows, row;
    int64_t n[VG_LEN(KINDS)] = {0};
    (void)vg_js_find(e->body, "content", &content);
    VG_TRY(vg_exec(ap->db, "DELETE FROM law_basis WHERE origin = 'shipped'", NULL, 0, err));
    for (size_t k = 0; KINDS[k]; k++) {
        size_t at = 0;
        if (!vg_js_find(content, KINDS[k], &rows)) {
            continue;
        }
        while (vg_js_each(rows, &at, NULL, &row)) {
            VG_TRY(law_fold(ap, e, KINDS[k], row, (int)++n[k], "shipped", err));
        }
    }
    return vg_exec(ap->db,
                   "INSERT INTO law_edition (digest, acts, articles, terms, at, label)"
                   " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET at = excluded.at",
                   VG_VALS(vg_t(e->subject), vg_i(n[0]), vg_i(n[1]), vg_i(n[2]),
                           vg_i(e->recorded_us), vg_i(e->label)),
                   err);
}
