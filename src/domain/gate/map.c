// SPDX-License-Identifier: Apache-2.0
// The map is read by tables over the one YAML loader. A row that cannot be read is an error of its own: which column, and
// what was wrong; nothing is guessed and no row is left out in silence.
#include "domain/gate/map.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/yaml.h"

#include <fnmatch.h>
#include <time.h>

enum { WORD = 120, FOLDED = 256, LAST_YEAR = 9999 - 1900 };

static const char *const kinds[] = {"staff", "visitor", "contractor", "vehicle"};
static const char *const hows[] = {"in", "out", "way", "turn", "into"};
static const char *const passbacks[] = {"none", "soft", "hard"};

#define READER(name) \
    static vg_status name(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
#define TEXT_OF(name, type, member)                                    \
    READER(name)                                                       \
    {                                                                  \
        return vg_yaml_text(f, n, WORD, &((type *)into)->member, err); \
    }

// --- time -----------------------------------------------------------------------------------------
TEXT_OF(time_column, gate_map, time_column)
TEXT_OF(time_format, gate_map, time_format)
READER(time_zone)
{
    const char *z;
    unsigned h = 0, m = 0;
    VG_TRY(vg_yaml_text(f, n, 6, &z, err));
    if ((*z != '+' && *z != '-') || sscanf(z + 1, "%2u:%2u", &h, &m) != 2 || h > 14 || m > 59) {
        return vg_yaml_fail(f, n, "zone", "gate.map_zone", err);
    }
    ((gate_map *)into)->offset_min = (*z == '-' ? -1 : 1) * (int)(h * 60 + m);
    return VG_OK;
}
READER(time_of)
{
    static const vg_yaml_field keys[] = {
        {"column", time_column}, {"format", time_format}, {"zone", time_zone}};
    uint32_t seen = 0;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    return vg_yaml_keys(f, n, keys, 3 & ~seen, err);
}

// --- way ------------------------------------------------------------------------------------------
TEXT_OF(way_column, gate_map, way)
READER(way_in)
{
    gate_map *m = into;
    return vg_yaml_texts(f, n, GATE_MAP_WORDS, &m->in_words, &m->n_in, err);
}
READER(way_out)
{
    gate_map *m = into;
    return vg_yaml_texts(f, n, GATE_MAP_WORDS, &m->out_words, &m->n_out, err);
}
READER(way_of)
{
    static const vg_yaml_field keys[] = {{"column", way_column}, {"in", way_in}, {"out", way_out}};
    uint32_t seen = 0;
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), into, &seen, err));
    return vg_yaml_keys(f, n, keys, 7 & ~seen, err);
}

// --- areas and points -----------------------------------------------------------------------------
TEXT_OF(area_name, gate_map_area, name)
TEXT_OF(area_parent, gate_map_area, parent)
READER(area_passback)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, passbacks, VG_LEN(passbacks), &i, err));
    ((gate_map_area *)into)->passback = passbacks[i];
    return VG_OK;
}
READER(area_most)
{
    return vg_yaml_uint(f, n, 1, 100000, &((gate_map_area *)into)->most, err);
}
READER(area_again)
{
    return vg_yaml_uint(f, n, 1, 1440, &((gate_map_area *)into)->again_min, err);
}
READER(one_area)
{
    static const vg_yaml_field keys[] = {{"name", area_name},
                                         {"parent", area_parent},
                                         {"passback", area_passback},
                                         {"again-min", area_again},
                                         {"most", area_most}};
    gate_map *m = into;
    uint32_t seen = 0;
    gate_map_area *a = &m->areas[m->n_areas++];
    *a = (gate_map_area){.parent = "", .passback = "none"};
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), a, &seen, err));
    return vg_yaml_keys(f, n, keys, 1 & ~seen, err);
}
READER(areas_of)
{
    return vg_yaml_each(f, n, GATE_MAP_AREAS, one_area, into, err);
}

TEXT_OF(point_match, gate_map_point, match)
TEXT_OF(point_inner, gate_map_point, inner)
TEXT_OF(point_outer, gate_map_point, outer)
READER(point_how)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, hows, VG_LEN(hows), &i, err));
    ((gate_map_point *)into)->how = (gate_how)i;
    return VG_OK;
}
READER(one_point)
{
    static const vg_yaml_field keys[] = {
        {"match", point_match}, {"area", point_inner}, {"how", point_how}, {"outer", point_outer}};
    gate_map *m = into;
    uint32_t seen = 0;
    gate_map_point *p = &m->points[m->n_points++];
    *p = (gate_map_point){.outer = ""};
    VG_TRY(vg_yaml_map(f, n, keys, VG_LEN(keys), p, &seen, err));
    VG_TRY(vg_yaml_keys(f, n, keys, 7 & ~seen, err));
    return p->how == GATE_HOW_WAY && !*m->way ? vg_yaml_fail(f, n, "how", "gate.map_way", err)
                                              : VG_OK;
}
READER(points_of)
{
    return vg_yaml_each(f, n, GATE_MAP_POINTS, one_point, into, err);
}

// --- the whole ------------------------------------------------------------------------------------
TEXT_OF(log_of, gate_map, log)
TEXT_OF(holder_of, gate_map, holder)
TEXT_OF(point_of, gate_map, point)
TEXT_OF(class_of, gate_map, class)
READER(kind_of)
{
    uint32_t i = 0;
    VG_TRY(vg_yaml_word(f, n, kinds, VG_LEN(kinds), &i, err));
    ((gate_map *)into)->kind = kinds[i];
    return VG_OK;
}

static vg_status document(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err)
{
    static const vg_yaml_field keys[] = {
        {"log", log_of},     {"time", time_of},   {"holder", holder_of},
        {"kind", kind_of},   {"point", point_of}, {"points", points_of},
        {"class", class_of}, {"way", way_of},     {"areas", areas_of}};
    uint32_t seen = 0;
    if (((gate_map *)into)->log) {
        return vg_yaml_fail(f, root, "log", "gate.map_two", err);
    }
    VG_TRY(vg_yaml_map(f, root, keys, VG_LEN(keys), into, &seen, err));
    return vg_yaml_keys(f, root, keys, 0x3F & ~seen, err);
}

vg_status gate_map_read(const char *name, vg_str text, vg_arena *a, gate_map **ret, vg_err *err)
{
    gate_map *m = vg_arena_get(a, sizeof *m);
    if (!m) {
        return vg_fail(err, VG_ETOOBIG, "map", NULL, "%s", name);
    }
    *m = (gate_map){.way = "", .class = "", .offset_min = 7 * 60};
    const vg_yaml_reader reader = {.arena = a, .document = document, .into = m};
    VG_TRY(vg_yaml_read(name, text, &reader, err));
    if (!m->log) {
        return vg_fail(err, VG_EINVALID, "map", "gate.map_empty", "%s", name);
    }
    *ret = m;
    return VG_OK;
}

// --- rows -----------------------------------------------------------------------------------------
static vg_status column(const vg_str *head, size_t n, const char *name, size_t *ret, vg_err *err)
{
    *ret = SIZE_MAX;
    for (size_t i = 0; i < n && *name; i++) {
        if (vg_str_eqc(head[i], name)) {
            *ret = i;
        }
    }
    return *name && *ret == SIZE_MAX
               ? vg_fail(err, VG_EINVALID, "map", "gate.map_column", "%s", name)
               : VG_OK;
}

vg_status gate_map_head(const gate_map *m, const vg_str *head, size_t n, gate_map_at *ret,
                        vg_err *err)
{
    VG_TRY(column(head, n, m->time_column, &ret->time, err));
    VG_TRY(column(head, n, m->holder, &ret->holder, err));
    VG_TRY(column(head, n, m->point, &ret->point, err));
    VG_TRY(column(head, n, m->way, &ret->way, err));
    return column(head, n, m->class, &ret->class, err);
}

static vg_str at(const vg_str *cells, size_t n, size_t i)
{
    return i < n ? cells[i] : (vg_str){"", 0};
}

static vg_status moment(const gate_map *m, vg_str s, int64_t *ret, vg_err *err)
{
    char z[80];
    struct tm t = {.tm_mday = 1};
    int64_t n;
    const bool ms = strcmp(m->time_format, "epoch-ms") == 0;
    if (strcmp(m->time_format, "rfc3339") == 0) {
        return vg_time_parse(s, ret, err);
    }
    if (ms || strcmp(m->time_format, "epoch") == 0) {
        VG_TRY(vg_str_i64(s, 0, ms ? INT64_C(99999999999999) : INT64_C(99999999999), &n, err));
        *ret = n * (ms ? 1000 : 1000000);
        return VG_OK;
    }
    snprintf(z, sizeof z, "%.*s", VG_FMT(s));
    const char *end = s.n && s.n < sizeof z ? strptime(z, m->time_format, &t) : NULL;
    // A format may count seconds (%s), and a number of seconds may mean any year.
    if (!end || *end || t.tm_year < 0 || t.tm_year > LAST_YEAR) {
        return vg_fail(err, VG_EINVALID, m->time_column, "gate.map_time", "%.*s", VG_FMT(s));
    }
    *ret = vg_time_civil(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec) -
           m->offset_min * INT64_C(60000000);
    return VG_OK;
}

static void folded(vg_str s, char out[FOLDED])
{
    out[vg_fold_to(s, out, FOLDED)] = 0;
}

static bool among(vg_str s, const char **words, size_t n)
{
    char said[FOLDED], word[FOLDED];
    folded(s, said);
    for (size_t i = 0; i < n; i++) {
        folded(vg_str_c(words[i]), word);
        if (strcmp(said, word) == 0) {
            return true;
        }
    }
    return false;
}

static vg_status point_of_row(const gate_map *m, vg_str way, gate_map_row *ret, vg_err *err)
{
    char z[FOLDED], match[FOLDED];
    folded(ret->point, z);
    for (size_t i = 0; i < m->n_points; i++) {
        folded(vg_str_c(m->points[i].match), match);
        if (fnmatch(match, z, 0) != 0) {
            continue;
        }
        ret->rule = i;
        ret->how = m->points[i].how;
        if (ret->how != GATE_HOW_WAY) {
            return VG_OK;
        }
        ret->how = among(way, m->in_words, m->n_in) ? GATE_HOW_IN : GATE_HOW_OUT;
        return ret->how == GATE_HOW_IN || among(way, m->out_words, m->n_out)
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, m->way, "gate.map_way_word", "%.*s", VG_FMT(way));
    }
    return vg_fail(err, VG_EINVALID, m->point, "gate.map_point", "%.*s", VG_FMT(ret->point));
}

vg_status gate_map_take(const gate_map *m, const gate_map_at *where, const vg_str *cells, size_t n,
                        gate_map_row *ret, vg_err *err)
{
    *ret = (gate_map_row){.holder = at(cells, n, where->holder),
                          .class = at(cells, n, where->class),
                          .point = at(cells, n, where->point)};
    if (!ret->holder.n || ret->holder.n > WORD) {
        return vg_fail(err, VG_EINVALID, m->holder, "gate.map_holder", "%s", "");
    }
    if (ret->class.n > 40 || !ret->point.n || ret->point.n > 80) {
        return vg_fail(err, VG_EINVALID, ret->class.n > 40 ? m->class : m->point, "err.too_long",
                       "%s", "");
    }
    VG_TRY(moment(m, at(cells, n, where->time), &ret->moved_us, err));
    return point_of_row(m, at(cells, n, where->way), ret, err);
}
