// SPDX-License-Identifier: Apache-2.0
// Fills the register of sources from the tables and the vault: at start and whenever a source changed. Both
// queries run in order of the source's id, so that the points are dealt out in one pass. A key that cannot
// be read leaves the source unauthenticated rather than unheard, and says so in the program's log.
#include "domain/sites/sites.h"

#include "base/log.h"

enum { SOURCES_MAX = 200000, POINTS_MAX = 2000000 };

// The agency's own number for pictures is the most; a source may be set to less.
#define IMAGE_DAYS                                                               \
    "COALESCE((SELECT min(c.days, COALESCE(NULLIF(image_days, 0), c.days)) FROM" \
    " retention_choice c WHERE c.agency = source.agency AND c.class = 'pictures'), image_days)"
static const char SOURCES[] =
    "SELECT id, proto, address, label, site, COALESCE(zone, ''), "
    "COALESCE(kind, ''), deadline_s, time_ahead_s,"
    " time_late_s, rate_per_s, key_len, encrypted_required, "
    "lenient_length, accept_clock, disabled, state, "
    "COALESCE(peers, ''), body_kb, " IMAGE_DAYS ", COALESCE(certificate, ''),"
    " clock_off_ms IS NOT NULL"
    " FROM source WHERE world = 0 ORDER BY id";
static const char POINTS[] =
    "SELECT source, area, point, zone, COALESCE(kind, '') FROM source_point"
    " WHERE state = 'active' AND world = 0 ORDER BY source, area DESC, point";

#define COPY(field, r, col) snprintf((field), sizeof(field), "%.*s", VG_FMT(vg_row_str((r), (col))))

static uint32_t flags_of(vg_rows *r)
{
    static const uint32_t by_column[] = {VG_SRC_ENCRYPTED_REQUIRED, VG_SRC_LENIENT_LENGTH,
                                         VG_SRC_ACCEPT_CLOCK, VG_SRC_DISABLED};
    uint32_t flags = 0;
    for (int i = 0; i < (int)VG_LEN(by_column); i++) {
        flags |= vg_row_i64(r, 12 + i) ? by_column[i] : 0;
    }
    const vg_str state = vg_row_str(r, 16);
    flags |= vg_str_eqc(state, "never") ? 0 : VG_SRC_KNOWN;
    flags |= vg_str_eqc(state, "silent") ? VG_SRC_SILENT : 0;
    flags |= vg_str_eqc(state, "alive") ? VG_SRC_PROVEN : 0;
    return flags;
}

static void read_source(vg_rows *r, vg_source *s)
{
    COPY(s->id, r, 0);
    COPY(s->proto, r, 1);
    COPY(s->address, r, 2);
    s->label = (int32_t)vg_row_i64(r, 3);
    COPY(s->site, r, 4);
    COPY(s->zone, r, 5);
    COPY(s->kind, r, 6);
    s->deadline_s = (int32_t)vg_row_i64(r, 7);
    s->time_ahead_s = (int32_t)vg_row_i64(r, 8);
    s->time_late_s = (int32_t)vg_row_i64(r, 9);
    s->rate_per_s = (int32_t)vg_row_i64(r, 10);
    s->key_len = (uint8_t)vg_row_i64(r, 11);
    s->flags = flags_of(r);
    COPY(s->peers, r, 17);
    s->body_kb = (int32_t)vg_row_i64(r, 18);
    s->image_days = (int32_t)vg_row_i64(r, 19);
    s->flags |=
        vg_unhex(vg_row_str(r, 20), s->certificate, sizeof s->certificate) ? VG_SRC_CERTIFICATE : 0;
    s->flags |= vg_row_i64(r, 21) ? VG_SRC_CLOCK_OFF : 0;
}

static void load_key(vg_core *core, vg_db *db, vg_arena *a, vg_source *s)
{
    vg_str key = {"", 0};
    if (s->key_len == 0) {
        return;
    }
    if (vg_vault_get(core, db, a, "source", s->id, &key, NULL) != VG_OK || key.n == 0 ||
        key.n > sizeof s->key) {
        vg_log(VG_ERROR, "sites.source_key_missing", "source=%s", s->id);
        s->key_len = 0;
        return;
    }
    memcpy(s->key, key.p, key.n);
    s->key_len = (uint8_t)key.n;
}

static vg_status load_points(vg_db *db, vg_source *v, size_t n, vg_source_point *points,
                             vg_err *err)
{
    vg_rows *r;
    size_t at = 0, i = 0;
    VG_TRY(vg_rows_open(db, POINTS, VG_NOVALS, &r, err));
    while (vg_rows_next(r) && i < n) {
        const vg_str source = vg_row_str(r, 0);
        while (i < n && strncmp(v[i].id, source.p, sizeof v[i].id - 1) < 0) {
            i++;
        }
        if (i == n || !vg_str_eqc(source, v[i].id)) {
            continue;
        }
        vg_source_point *p = &points[at++];
        v[i].points = v[i].points ? v[i].points : p;
        v[i].n_points++;
        COPY(p->area, r, 1);
        COPY(p->point, r, 2);
        COPY(p->zone, r, 3);
        COPY(p->kind, r, 4);
    }
    return vg_rows_close(r, err);
}

vg_status sites_load_sources(vg_core *core, vg_db *db, vg_arena *a, vg_source **ret, size_t *ret_n,
                             vg_err *err)
{
    int64_t n = 0, n_points = 0;
    size_t i = 0;
    vg_rows *r;
    VG_TRY(vg_one_i64(db, "SELECT count(*) FROM source WHERE world = 0", VG_NOVALS, 0, &n, err));
    VG_TRY(vg_one_i64(db, "SELECT count(*) FROM source_point", VG_NOVALS, 0, &n_points, err));
    if (n > SOURCES_MAX || n_points > POINTS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "", "sites.too_many_sources", "%lld", (long long)n);
    }
    vg_source *v = vg_arena_get(a, (size_t)(n + 1) * sizeof *v);
    vg_source_point *points = vg_arena_get(a, (size_t)(n_points + 1) * sizeof *points);
    if (!v || !points) {
        return vg_fail(err, VG_ETOOBIG, "", "sites.too_many_sources", "%lld", (long long)n);
    }
    VG_TRY(vg_rows_open(db, SOURCES, VG_NOVALS, &r, err));
    while (i < (size_t)n && vg_rows_next(r)) {
        read_source(r, &v[i++]);
    }
    VG_TRY(vg_rows_close(r, err));
    for (size_t k = 0; k < i; k++) {
        load_key(core, db, a, &v[k]);
    }
    VG_TRY(load_points(db, v, i, points, err));
    *ret = v;
    *ret_n = i;
    return VG_OK;
}
