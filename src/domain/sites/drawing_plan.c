// SPDX-License-Identifier: Apache-2.0
// The plan's grammar. Outside numbers are metres; inside they are whole centimetres, rounded once, here, so
// that what was checked is what is kept. Everything is counted before it is stored: bytes, elements, corners. An
// element lies wholly in the frame, an area is a simple polygon of a sensible size, and an id stands once. What an
// element stands for (and who may see it) is not this file's matter: drawing_save.c asks the tables.
#include "domain/sites/drawing_plan.h"

#include "base/text.h"

#include <math.h>

#define OBJECT(table) "SELECT site, label FROM " table " WHERE id = ? AND state = 'active'"
#define FIXTURE(kind) \
    "SELECT site, label FROM fixture WHERE id = ? AND kind = '" kind "' AND state = 'active'"
// A thing on the wall, or a source that is one.
#define CAMERA                                                                               \
    "SELECT site, label FROM (SELECT id, site, label FROM fixture WHERE kind = 'camera' AND" \
    " state = 'active' UNION ALL SELECT id, site, label FROM source) c WHERE c.id = ?"

const plan_kind plan_kinds[] = {
    {"zone", PLAN_AREA, OBJECT("zone"), .again = true},
    {"wall", PLAN_LINE, NULL},
    {"barrier", PLAN_LINE, NULL},
    {"door", PLAN_SPAN, NULL, .passage = true},
    {"opening", PLAN_SPAN, NULL, .passage = true},
    {"gate", PLAN_SPAN, OBJECT("gate"), .passage = true},
    {"source", PLAN_PLACE, "SELECT site, label FROM source WHERE id = ?"},
    {"camera", PLAN_PLACE, CAMERA, .sees = true},
    {"post", PLAN_PLACE, OBJECT("post")},
    {"store", PLAN_PLACE, FIXTURE("store")},
    {"assembly", PLAN_PLACE, FIXTURE("assembly")},
    {"patrol_point", PLAN_PLACE, FIXTURE("patrol_point")},
    {"checkpoint", PLAN_PLACE, FIXTURE("checkpoint")},
    {"stair", PLAN_PLACE, NULL, .wordy = true, .floors = true},
    {"lift", PLAN_PLACE, NULL, .wordy = true, .floors = true},
    {"note", PLAN_PLACE, NULL, .wordy = true},
    {NULL},
};

// --- numbers --------------------------------------------------------------------------------------
typedef struct range {
    const char *name;
    int32_t min, max, missing;  // missing below min: must be there
    bool metres;
} range;

static bool number_in(const json_t *v, const range *r, int32_t *ret)
{
    if (!v || json_is_null(v)) {
        *ret = r->missing;
        return r->missing >= r->min;
    }
    const double x = json_number_value(v) * (r->metres ? 100 : 1);
    if (!json_is_number(v) || !(x >= r->min - 0.5) || !(x <= r->max + 0.5)) {
        return false;
    }
    *ret = (int32_t)lround(x);
    return *ret >= r->min && *ret <= r->max;
}

static vg_status take(const json_t *object, const range *r, int32_t *ret, vg_err *err)
{
    if (number_in(json_object_get(object, r->name), r, ret)) {
        return VG_OK;
    }
    const char *unit = r->metres ? " m" : "";
    const int32_t per = r->metres ? 100 : 1;
    return vg_fail(err, VG_EINVALID, r->name, "err.out_of_range", "%d–%d%s", r->min / per,
                   r->max / per, unit);
}

static void write_metres(vg_jw *w, int32_t cm)
{
    char text[24];
    const int32_t whole = cm / 100, part = cm < 0 ? -cm % 100 : cm % 100;
    int n = snprintf(text, sizeof text, "%s%d.%02d", cm < 0 && whole == 0 ? "-" : "", whole, part);
    while (text[n - 1] == '0') {
        n--;
    }
    n -= text[n - 1] == '.';
    vg_jw_raw(w, (vg_str){text, (size_t)n});
}

// --- frame ----------------------------------------------------------------------------------------
static vg_status only(const json_t *object, const char *names, vg_err *err)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const char *at = strstr(names, key);
        const size_t n = strlen(key);
        if (!n || !at || (at != names && at[-1] != ' ') || (at[n] && at[n] != ' ')) {
            return vg_fail(err, VG_EINVALID, "", "err.field_unknown", "%.40s", key);
        }
    }
    return VG_OK;
}

static vg_status read_picture(const json_t *j, plan_frame *f, vg_err *err)
{
    f->picture = json_is_object(j);
    if (!f->picture) {
        return VG_OK;
    }
    VG_TRY(only(j, "x y width percent", err));
    VG_TRY(take(j, &(range){"x", -SHAPE_LIMIT_CM, SHAPE_LIMIT_CM, 0, true}, &f->picture_x_cm, err));
    VG_TRY(take(j, &(range){"y", -SHAPE_LIMIT_CM, SHAPE_LIMIT_CM, 0, true}, &f->picture_y_cm, err));
    VG_TRY(take(j, &(range){"width", 10, 2 * SHAPE_LIMIT_CM, -1, true}, &f->picture_width_cm, err));
    return take(j, &(range){"percent", 0, 100, 100, false}, &f->picture_percent, err);
}

static vg_status frame_of(const json_t *j, plan_frame *f, vg_err *err)
{
    VG_TRY(only(j, "width height grid north picture", err));
    VG_TRY(take(j, &(range){"width", 100, SHAPE_LIMIT_CM, -1, true}, &f->width_cm, err));
    VG_TRY(take(j, &(range){"height", 100, SHAPE_LIMIT_CM, -1, true}, &f->height_cm, err));
    VG_TRY(take(j, &(range){"grid", 5, 1000, 50, true}, &f->grid_cm, err));
    VG_TRY(take(j, &(range){"north", 0, 359, 0, false}, &f->north_deg, err));
    return read_picture(json_object_get(j, "picture"), f, err);
}

vg_status plan_read_frame(vg_str text, plan_frame *ret, vg_err *err)
{
    json_t *j = NULL;
    *ret = (plan_frame){0};
    VG_TRY(vg_json_parse(text, PLAN_FRAME_BYTES, &j, err));
    const vg_status st = json_is_object(j)
                             ? frame_of(j, ret, err)
                             : vg_fail(err, VG_EINVALID, "frame", "err.not_an_object", "%s", "");
    json_decref(j);
    return st;
}

void plan_write_frame(vg_jw *w, const plan_frame *f)
{
    vg_jw_open(w, '{');
    vg_jw_key(w, "width");
    write_metres(w, f->width_cm);
    vg_jw_key(w, "height");
    write_metres(w, f->height_cm);
    vg_jw_key(w, "grid");
    write_metres(w, f->grid_cm);
    vg_jw_ki64(w, "north", f->north_deg);
    if (f->picture) {
        vg_jw_key(w, "picture");
        vg_jw_open(w, '{');
        vg_jw_key(w, "x");
        write_metres(w, f->picture_x_cm);
        vg_jw_key(w, "y");
        write_metres(w, f->picture_y_cm);
        vg_jw_key(w, "width");
        write_metres(w, f->picture_width_cm);
        vg_jw_ki64(w, "percent", f->picture_percent);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, '}');
}

// --- elements -------------------------------------------------------------------------------------
// What is being read: the arena, the frame, the running count of points, and where an error happened.
typedef struct reader {
    vg_arena *arena;
    const plan_frame *frame;
    size_t points, index;
    vg_err *err;
} reader;

static vg_status bad(const reader *r, const char *member, const char *key)
{
    char field[48];
    snprintf(field, sizeof field, "elements[%zu].%s", r->index, member);
    return vg_fail(r->err, VG_EINVALID, field, key, "%zu", r->index + 1);
}

static const plan_kind *kind_of(const char *name)
{
    for (const plan_kind *k = plan_kinds; name && k->name; k++) {
        if (strcmp(k->name, name) == 0) {
            return k;
        }
    }
    return NULL;
}

static bool read_id(const json_t *j, char out[PLAN_ID_MAX + 1])
{
    const char *s = json_string_value(j);
    const size_t n = s ? strlen(s) : 0;
    for (size_t i = 0; i < n; i++) {
        if (!(s[i] >= 'a' && s[i] <= 'z') && !(s[i] >= '0' && s[i] <= '9')) {
            return false;
        }
    }
    if (n == 0 || n > PLAN_ID_MAX) {
        return false;
    }
    memcpy(out, s, n + 1);
    return true;
}

static bool read_object(const reader *r, const json_t *j, vg_str *ret)
{
    const char *s = json_string_value(j);
    const size_t n = s ? strlen(s) : 0;
    if (n != VG_ID_TEXT - 1) {
        return false;
    }
    *ret = vg_str_dup(r->arena, (vg_str){s, n});
    return ret->p != NULL;
}

static vg_status read_label(const reader *r, const json_t *j, vg_str *ret)
{
    *ret = (vg_str){"", 0};
    if (!j || json_is_null(j)) {
        return VG_OK;
    }
    const vg_str raw = {json_string_value(j), json_string_length(j)};
    // Composed text may be a view of the tree, which ends before the plan does.
    const bool ok = raw.p && vg_nfc(r->arena, raw, ret, NULL) == VG_OK &&
                    vg_utf8_count(*ret) <= PLAN_LABEL_MAX &&
                    (*ret = vg_str_dup(r->arena, *ret)).p != NULL;
    return ok ? VG_OK : bad(r, "label", "sites.plan_label");
}

static bool read_point(const reader *r, const json_t *j, shape_pt *ret)
{
    const range x = {"x", 0, r->frame->width_cm, -1, true},
                y = {"y", 0, r->frame->height_cm, -1, true};
    return json_array_size(j) == 2 && number_in(json_array_get(j, 0), &x, &ret->x) &&
           number_in(json_array_get(j, 1), &y, &ret->y);
}

static vg_status read_points(reader *r, const json_t *j, plan_element *e)
{
    static const struct {
        size_t min, max;
    } counts[] = {[PLAN_AREA] = {3, PLAN_CORNERS_MAX},
                  [PLAN_LINE] = {2, PLAN_CORNERS_MAX},
                  [PLAN_SPAN] = {2, 2},
                  [PLAN_PLACE] = {1, 1}};
    e->n = json_array_size(j);
    r->points += e->n;
    if (e->n < counts[e->kind->shape].min || e->n > counts[e->kind->shape].max ||
        r->points > PLAN_POINTS_MAX) {
        return bad(r, "points", "sites.plan_points");
    }
    e->p = vg_arena_get(r->arena, e->n * sizeof *e->p);
    if (!e->p) {
        return vg_fail(r->err, VG_ETOOBIG, "elements", "sites.plan_big", "%zu", e->n);
    }
    for (size_t i = 0; i < e->n; i++) {
        if (!read_point(r, json_array_get(j, i), &e->p[i])) {
            return bad(r, "points", "sites.plan_outside");
        }
    }
    return VG_OK;
}

static vg_status check_shape(const reader *r, const plan_element *e)
{
    enum { LEAST_AREA2 = 2 * 500 };  // a twentieth of a square metre
    if (e->kind->shape == PLAN_AREA) {
        if (!shape_simple(e->p, e->n)) {
            return bad(r, "points", "sites.plan_crossing");
        }
        return shape_area2(e->p, e->n) < LEAST_AREA2 ? bad(r, "points", "sites.plan_small") : VG_OK;
    }
    for (size_t i = 1; i < e->n; i++) {
        if (e->p[i].x == e->p[i - 1].x && e->p[i].y == e->p[i - 1].y) {
            return bad(r, "points", "sites.plan_no_length");
        }
    }
    return VG_OK;
}

static vg_status read_view(const reader *r, const json_t *j, plan_element *e)
{
    if (!e->kind->sees) {
        return VG_OK;
    }
    const struct {
        range r;
        int32_t *to;
    } parts[] = {{{"angle", 0, 359, 0, false}, &e->angle_deg},
                 {{"view", 1, 360, 90, false}, &e->view_deg},
                 {{"range", 100, 50000, 1000, true}, &e->range_cm}};
    for (size_t i = 0; i < VG_LEN(parts); i++) {
        if (!number_in(json_object_get(j, parts[i].r.name), &parts[i].r, parts[i].to)) {
            return bad(r, parts[i].r.name, "sites.plan_view");
        }
    }
    return VG_OK;
}

static vg_status read_element(reader *r, const json_t *j, plan_element *e)
{
    e->kind = kind_of(json_string_value(json_object_get(j, "kind")));
    if (!e->kind || only(j, "id kind object label points angle view range", NULL) != VG_OK) {
        return bad(r, "kind", "sites.plan_kind");
    }
    if (!read_id(json_object_get(j, "id"), e->id)) {
        return bad(r, "id", "sites.plan_id");
    }
    e->object = (vg_str){"", 0};
    if (e->kind->object_sql && !read_object(r, json_object_get(j, "object"), &e->object)) {
        return bad(r, "object", "sites.plan_object");
    }
    VG_TRY(read_label(r, json_object_get(j, "label"), &e->label));
    if (e->kind->wordy && e->label.n == 0) {
        return bad(r, "label", "sites.plan_label");
    }
    VG_TRY(read_points(r, json_object_get(j, "points"), e));
    VG_TRY(check_shape(r, e));
    return read_view(r, j, e);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const plan_element *const *)a)->id, (*(const plan_element *const *)b)->id);
}

static int by_object(const void *a, const void *b)
{
    const vg_str x = (*(const plan_element *const *)a)->object,
                 y = (*(const plan_element *const *)b)->object;
    const int c = x.n != y.n ? (x.n > y.n) - (x.n < y.n) : memcmp(x.p, y.p, x.n);
    return c ? c : by_id(a, b);
}

// An id stands once; so does a thing, unless its kind may stand again.
static vg_status no_doubles(reader *r, const plan *p)
{
    const plan_element **sorted = vg_arena_get(r->arena, (p->n + 1) * sizeof *sorted);
    if (!sorted) {
        return vg_fail(r->err, VG_ETOOBIG, "elements", "sites.plan_big", "%zu", p->n);
    }
    for (size_t i = 0; i < p->n; i++) {
        sorted[i] = &p->v[i];
    }
    qsort(sorted, p->n, sizeof *sorted, by_id);
    for (size_t i = 1; i < p->n; i++) {
        if (strcmp(sorted[i]->id, sorted[i - 1]->id) == 0) {
            r->index = (size_t)(sorted[i] - p->v);
            return bad(r, "id", "sites.plan_id");
        }
    }
    qsort(sorted, p->n, sizeof *sorted, by_object);
    for (size_t i = 1; i < p->n; i++) {
        if (sorted[i]->object.n && vg_str_eq(sorted[i]->object, sorted[i - 1]->object) &&
            !sorted[i]->kind->again) {
            r->index = (size_t)(sorted[i] - p->v);
            return bad(r, "object", "sites.plan_twice");
        }
    }
    return VG_OK;
}

static vg_status read_all(reader *r, const json_t *j, plan *ret)
{
    const size_t n = json_array_size(j);
    if (!json_is_array(j) || n > PLAN_ELEMENTS_MAX) {
        return vg_fail(r->err, VG_EINVALID, "elements", "sites.plan_big", "%d", PLAN_ELEMENTS_MAX);
    }
    ret->v = vg_arena_get(r->arena, (n + 1) * sizeof *ret->v);
    if (!ret->v) {
        return vg_fail(r->err, VG_ETOOBIG, "elements", "sites.plan_big", "%zu", n);
    }
    for (r->index = 0; r->index < n; r->index++) {
        VG_TRY(read_element(r, json_array_get(j, r->index), &ret->v[r->index]));
    }
    ret->n = n;
    return no_doubles(r, ret);
}

vg_status plan_read(vg_arena *a, vg_str elements, const plan_frame *frame, plan *ret, vg_err *err)
{
    json_t *j = NULL;
    reader r = {.arena = a, .frame = frame, .err = err};
    *ret = (plan){.frame = *frame};
    VG_TRY(vg_json_parse(elements, PLAN_BYTES_MAX, &j, err));
    const vg_status st = read_all(&r, j, ret);
    json_decref(j);
    return st;
}

void plan_write(vg_jw *w, const plan_element *e)
{
    vg_jw_open(w, '{');
    vg_jw_kz(w, "id", e->id);
    vg_jw_kz(w, "kind", e->kind->name);
    if (e->object.n) {
        vg_jw_kstr(w, "object", e->object);
    }
    if (e->label.n) {
        vg_jw_kstr(w, "label", e->label);
    }
    vg_jw_key(w, "points");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < e->n; i++) {
        vg_jw_open(w, '[');
        write_metres(w, e->p[i].x);
        write_metres(w, e->p[i].y);
        vg_jw_close(w, ']');
    }
    vg_jw_close(w, ']');
    if (e->kind->sees) {
        vg_jw_ki64(w, "angle", e->angle_deg);
        vg_jw_ki64(w, "view", e->view_deg);
        vg_jw_key(w, "range");
        write_metres(w, e->range_cm);
    }
    vg_jw_close(w, '}');
}

// --- neighbours -----------------------------------------------------------------------------------
static uint32_t first_of(const plan *p, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (p->v[k].kind == p->v[i].kind && vg_str_eq(p->v[k].object, p->v[i].object)) {
            return (uint32_t)k;
        }
    }
    return (uint32_t)i;
}

static size_t areas_of(const plan *p, graph_area *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->v[i].kind->shape == PLAN_AREA) {
            out[n++] = (graph_area){p->v[i].p, p->v[i].n, first_of(p, i)};
        }
    }
    return n;
}

size_t plan_landings(vg_arena *a, const plan *p, plan_landing **ret)
{
    graph_area *areas = vg_arena_get(a, (p->n + 1) * sizeof *areas);
    plan_landing *out = vg_arena_get(a, (p->n + 1) * sizeof *out);
    size_t n = 0;
    if (!areas || !out) {
        return 0;
    }
    const size_t n_areas = areas_of(p, areas);
    for (size_t i = 0; i < p->n; i++) {
        const int64_t zone =
            p->v[i].kind->floors ? graph_zone_at(areas, n_areas, p->v[i].p[0]) : -1;
        if (zone >= 0) {
            out[n++] = (plan_landing){(uint32_t)i, (uint32_t)zone};
        }
    }
    *ret = out;
    return n;
}

size_t plan_links(vg_arena *a, const plan *p, graph_link **ret)
{
    graph_area *areas = vg_arena_get(a, (p->n + 1) * sizeof *areas);
    graph_passage *doors = vg_arena_get(a, (p->n + 1) * sizeof *doors);
    uint32_t *at = vg_arena_get(a, (p->n + 1) * sizeof *at);
    graph_link *out = vg_arena_get(a, (p->n + 1) * sizeof *out);
    size_t n_doors = 0;
    if (!areas || !doors || !at || !out) {
        return 0;
    }
    const size_t n_areas = areas_of(p, areas);
    for (size_t i = 0; i < p->n; i++) {
        const plan_element *e = &p->v[i];
        if (e->kind->passage) {
            at[n_doors] = (uint32_t)i;
            doors[n_doors++] = (graph_passage){e->p[0], e->p[1]};
        }
    }
    const size_t n = graph_links(areas, n_areas, doors, n_doors, out);
    for (size_t i = 0; i < n; i++) {
        out[i].passage = at[out[i].passage];
    }
    *ret = out;
    return n;
}
