// SPDX-License-Identifier: Apache-2.0
// The dossier of a site: which of the things a guarded site needs are on record, as a checklist and a score.
// It counts what the reader may see, so a partner's score speaks of the partner's knowledge only.
#include "domain/sites/sites.h"

static const struct {
    const char *item;
    const char *sql;
} items[] = {
    {"address", "SELECT count(*) FROM v_site WHERE id = ? AND COALESCE(address, '') <> ''"},
    {"decision", "SELECT count(*) FROM v_site WHERE id = ? AND COALESCE(decision, '') <> ''"},
    {"central_post",
     "SELECT count(*) FROM v_post WHERE site = ? AND central = 1 AND state = 'active'"},
    {"posts", "SELECT count(*) FROM v_post WHERE site = ? AND state = 'active'"},
    {"gates", "SELECT count(*) FROM v_gate WHERE site = ? AND state = 'active'"},
    {"zones", "SELECT count(*) FROM v_zone WHERE site = ? AND state = 'active'"},
    {"drawings", "SELECT count(*) FROM v_drawing WHERE site = ? AND state = 'active'"},
    {"marks", "SELECT count(*) FROM v_mark WHERE site = ? AND state = 'active'"},
    {"sources", "SELECT count(*) FROM v_source WHERE site = ? AND disabled = 0"},
    {"supervised_sources",
     "SELECT count(*) FROM v_source WHERE site = ? AND disabled = 0 AND deadline_s > 0"},
    {"contacts", "SELECT count(*) FROM v_contact WHERE site = ? AND state = 'active'"},
};

vg_status sites_dossier(vg_read *rd, const vg_args *args, vg_err *err)
{
    const vg_str site = vg_arg_str(args, "id");
    int64_t known = 0, full = 0, n = 0;
    VG_TRY(vg_one_i64(rd->db, "SELECT 1 FROM v_site WHERE id = ?", VG_VALS(vg_t(site)), 0, &known,
                      err));
    if (!known) {
        return vg_fail(err, VG_ENOTFOUND, "id", NULL, "%.*s", VG_FMT(site));
    }
    vg_jw_open(&rd->out, '{');
    vg_jw_kstr(&rd->out, "site", site);
    vg_jw_key(&rd->out, "items");
    vg_jw_open(&rd->out, '[');
    for (size_t i = 0; i < VG_LEN(items); i++) {
        VG_TRY(vg_one_i64(rd->db, items[i].sql, VG_VALS(vg_t(site)), 0, &n, err));
        vg_jw_open(&rd->out, '{');
        vg_jw_kz(&rd->out, "item", items[i].item);
        vg_jw_ki64(&rd->out, "n", n);
        vg_jw_close(&rd->out, '}');
        full += n > 0;
    }
    vg_jw_close(&rd->out, ']');
    vg_jw_ki64(&rd->out, "score", full * 100 / (int64_t)VG_LEN(items));
    vg_jw_close(&rd->out, '}');
    return VG_OK;
}
