// SPDX-License-Identifier: Apache-2.0
// Where a site stands on the map: degrees, WGS 84, six decimals (a hand's breadth). Shared like the site itself.
// A site without a place is none the worse; one that was placed wrongly can be taken off again. Distances,
// routes and areas are not made here.
#include "domain/sites/drawing.h"

#include <math.h>

const vg_field sites_site_place_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"lat", VG_F_JSON, .max = 32},
    {"lon", VG_F_JSON, .max = 32},
    {NULL},
};

static vg_status degrees(const vg_args *args, const char *name, double most, char out[16],
                         vg_err *err)
{
    json_t *j = NULL;
    const vg_str text = vg_arg_str(args, name);
    char wrapped[48];
    const int n = snprintf(wrapped, sizeof wrapped, "[%.*s]", VG_FMT(text));
    const bool read = text.n <= 32 && vg_json_parse((vg_str){wrapped, (size_t)n}, sizeof wrapped,
                                                    &j, NULL) == VG_OK;
    const json_t *v = read ? json_array_get(j, 0) : NULL;
    const double x = json_number_value(v);
    const bool ok = json_is_number(v) && fabs(x) <= most;
    if (ok) {
        snprintf(out, 16, "%.6f", x);
    }
    json_decref(j);
    return ok ? VG_OK : vg_fail(err, VG_EINVALID, name, "err.out_of_range", "±%g°", most);
}

VG_HANDLER(sites_site_place)
{
    vg_site_ref site;
    vg_str label;
    char lat[16] = "", lon[16] = "";
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_site_at(cx, id, "sites.edit", &site, err));
    VG_TRY(vg_look(cx, "SELECT label FROM site WHERE id = ?", id, &label, 1, err));
    if (vg_arg_has(args, "lat") || vg_arg_has(args, "lon")) {
        VG_TRY(degrees(args, "lat", 90, lat, err));
        VG_TRY(degrees(args, "lon", 180, lon, err));
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "lat", *lat ? lat : NULL);
    vg_jw_kz(&cx->body, "lon", *lon ? lon : NULL);
    VG_TRY(vg_say(cx, &(vg_saying){"sites.site_placed", site.id, site.id, (int32_t)vg_int(label)},
                  err));
    vg_jw_kz(&cx->reply, "id", site.id);
    return VG_OK;
}

VG_FOLDER(sites_on_site_placed)
{
    return vg_put(
        ap, e,
        "INSERT INTO site_position (id, lat, lon, at, label, world) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET lat = excluded.lat, lon = excluded.lon,"
        " at = excluded.at",
        "@subject lat lon @at @label @world", err);
}
