// SPDX-License-Identifier: Apache-2.0
// What every act on personal data has in common: an agency acts on its own only, what is recorded is named from fixed
// lists, and a clock runs from the law's term of the day it began. There is no word for opinion, religion, ethnicity,
// faces or anything of the body in these lists, and there will be none: what the product refuses to record has no
// place in a register of what is recorded.
#include "domain/privacy/privacy.h"

#include "base/clock.h"
#include "domain/day.h"

#include <jansson.h>

enum { WORDS_MAX = 20 };

const char *const privacy_data[] = {"name",     "id_number", "phone",   "number_plate",
                                    "position", "account",   "entries", "pictures",
                                    "reports",  "location",  NULL};
const char *const privacy_people[] = {"forces",    "staff",    "visitors", "contractors", "drivers",
                                      "reporters", "contacts", "users",    "passers",     NULL};
const vg_field privacy_id_fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
const vg_field privacy_due_fields[] = {{"id", VG_F_ID, VG_REQUIRED}, {"due", VG_F_TIME}, {NULL}};

vg_status privacy_agency(vg_cx *cx, const vg_args *args, const char **ret, vg_err *err)
{
    vg_str found;
    const vg_str named = vg_arg_str(args, "agency");
    if (*cx->who->agency) {
        *ret = vg_str_z(cx->arena, vg_str_c(cx->who->agency));
        if (named.n && !vg_str_eqc(named, *ret)) {
            return vg_fail(err, VG_EDENIED, "agency", NULL, "%s", "");
        }
    } else {
        if (vg_look(cx, "SELECT id FROM agency WHERE id = ?", named, &found, 1, err) != VG_OK) {
            return vg_fail(err, VG_EINVALID, "agency", "privacy.no_agency", "%.*s", VG_FMT(named));
        }
        *ret = vg_str_z(cx->arena, found);
    }
    return vg_require_own(cx, "privacy.edit", "", *ret, err);
}

vg_status privacy_at(vg_cx *cx, const char *sql, vg_str id, privacy_row *ret, vg_err *err)
{
    vg_str c[3];
    if (vg_look(cx, sql, id, c, 3, err) != VG_OK) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%s", "");
    }
    *ret = (privacy_row){.id = vg_str_z(cx->arena, id),
                         .agency = vg_str_z(cx->arena, c[0]),
                         .state = c[1],
                         .label = (int32_t)vg_int(c[2])};
    VG_TRY(vg_seen(cx, ret->label, "id", err));
    return vg_require_own(cx, "privacy.edit", "", ret->agency, err);
}

static bool known_word(const char *const *known, const char *word)
{
    while (*known && strcmp(*known, word) != 0) {
        known++;
    }
    return *known != NULL;
}

vg_status privacy_words(vg_str list, const char *field, const char *const *known, size_t least,
                        vg_err *err)
{
    json_t *tree = json_loadb(list.p, list.n, 0, NULL);
    const size_t n = json_array_size(tree);
    bool good = json_is_array(tree) && n >= least && n <= WORDS_MAX;
    for (size_t i = 0; good && i < n; i++) {
        const char *word = json_string_value(json_array_get(tree, i));
        good = word && known_word(known, word);
        for (size_t k = 0; good && k < i; k++) {
            good = strcmp(word, json_string_value(json_array_get(tree, k))) != 0;
        }
    }
    json_decref(tree);
    return good ? VG_OK : vg_fail(err, VG_EINVALID, field, "privacy.words", "%s", "");
}

vg_status privacy_ref(vg_cx *cx, vg_str ref, vg_err *err)
{
    vg_str found;
    return vg_look(cx,
                   "SELECT code FROM law_act WHERE code = ?1 UNION SELECT id FROM law_article"
                   " WHERE id = ?1",
                   ref, &found, 1, err) == VG_OK
               ? VG_OK
               : vg_fail(err, VG_EINVALID, "ref", "privacy.no_ref", "%.*s", VG_FMT(ref));
}

int64_t privacy_over_us(const vg_term *t, int64_t from_us)
{
    if (!t->known) {
        return 0;
    }
    return vg_str_eqc(t->unit, "hour") ? from_us + t->value * 3600 * VG_SECOND_US
                                       : vg_day_start_us(vg_term_ends(t, vg_day_of(from_us)) + 1);
}

vg_status privacy_site(vg_cx *cx, const vg_args *args, vg_err *err)
{
    vg_site_ref site;
    return vg_arg_has(args, "site")
               ? vg_site_at(cx, vg_arg_str(args, "site"), "sites.read", &site, err)
               : VG_OK;
}
