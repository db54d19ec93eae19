// SPDX-License-Identifier: Apache-2.0
// Saving a plan: one decision, whole. What is drawn is split by secrecy: an element has the label of the thing it
// stands for (a camera is its owner's means, a post a measure), walls and doors that of the drawing, and each label
// is a layer with a text and a version of its own. Who saves replaces only the layers he sees; what others drew
// and he does not see stays. The version he must name (If-Match) is the sum over what he sees: it moves when, and
// only when, something changed for his eyes. Neighbours of zones are derived here and journaled as sites.graph_drawn;
// those on other floors are drawing_floors.c's.
#include "domain/sites/drawing.h"

enum { LAYERS_MAX = 32, LAYER_BYTES = PLAN_BYTES_MAX + 4096 };

const vg_field sites_plan_save_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"name", VG_F_TEXT, .max = 80},
    {"floor", VG_F_TEXT, .max = 40},
    {"level", VG_F_INT, .min = -20, .max = 200},
    {"frame", VG_F_JSON, .max = PLAN_FRAME_BYTES},
    {"elements", VG_F_JSON, VG_REQUIRED, .max = PLAN_BYTES_MAX},
    {"note", VG_F_TEXT},
    {NULL},
};

typedef struct layer {
    char id[VG_ID_TEXT];
    int32_t label;
    int64_t version;
    vg_str text;  // elements as kept
} layer;

typedef struct saving {
    vg_cx *cx;
    const vg_args *args;
    sites_drawing_ref d;
    plan plan;
    layer layers[LAYERS_MAX];
    size_t n_layers;
    int64_t version, changed;
} saving;

// --- what is there --------------------------------------------------------------------------------
static vg_status load_layers(saving *s, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(s->cx->db,
                        "SELECT id, label, version, elements FROM drawing_layer WHERE drawing = ?"
                        " ORDER BY at, id",
                        VG_VALS(vg_z(s->d.id)), &r, err));
    s->version = s->d.version;
    while (vg_rows_next(r)) {
        const int32_t label = (int32_t)vg_row_i64(r, 1);
        if (s->n_layers == LAYERS_MAX || vg_seen(s->cx, label, "", NULL) != VG_OK) {
            continue;
        }
        layer *l = &s->layers[s->n_layers++];
        snprintf(l->id, sizeof l->id, "%.*s", VG_FMT(vg_row_str(r, 0)));
        l->label = label;
        l->version = vg_row_i64(r, 2);
        l->text = vg_str_dup(s->cx->arena, vg_row_str(r, 3));
        s->version += l->version;
    }
    return vg_rows_close(r, err);
}

// If-Match: "7". Needed as soon as there is something to lose.
static vg_status check_version(const saving *s, vg_err *err)
{
    vg_str seen = vg_str_trim(s->cx->if_match);
    int64_t v = 0;
    if (seen.n == 0 && s->n_layers == 0) {
        return VG_OK;
    }
    if (seen.n >= 2 && seen.p[0] == '"' && seen.p[seen.n - 1] == '"') {
        seen = (vg_str){seen.p + 1, seen.n - 2};
    }
    if (seen.n == 0 || vg_str_i64(seen, 0, INT64_MAX, &v, NULL) != VG_OK) {
        return vg_fail(err, VG_EPRECOND, "If-Match", "sites.plan_version_needed", "%s", "");
    }
    return v == s->version ? VG_OK
                           : vg_fail(err, VG_EPRECOND, "If-Match", "sites.plan_changed",
                                     "%lld → %lld", (long long)v, (long long)s->version);
}

// --- whose an element is --------------------------------------------------------------------------
static vg_status label_element(saving *s, size_t i, vg_err *err)
{
    plan_element *e = &s->plan.v[i];
    vg_str c[2];
    e->secrecy = s->d.label;
    if (!e->kind->object_sql) {
        return VG_OK;
    }
    const vg_status st = vg_look(s->cx, e->kind->object_sql, e->object, c, 2, NULL);
    if (st == VG_OK) {
        e->secrecy = (int32_t)vg_int(c[1]);
    }
    if (st != VG_OK || !vg_str_eqc(c[0], s->d.site) ||
        vg_seen(s->cx, e->secrecy, "", NULL) != VG_OK) {
        char field[48];
        snprintf(field, sizeof field, "elements[%zu].object", i);
        return vg_fail(err, VG_EINVALID, field, "sites.object_elsewhere", "%zu", i + 1);
    }
    return VG_OK;
}

static vg_status find_layer(saving *s, int32_t label, vg_err *err)
{
    for (size_t i = 0; i < s->n_layers; i++) {
        if (s->layers[i].label == label) {
            return VG_OK;
        }
    }
    if (s->n_layers == LAYERS_MAX) {
        return vg_fail(err, VG_ETOOBIG, "elements", "sites.plan_big", "%d", LAYERS_MAX);
    }
    layer *l = &s->layers[s->n_layers++];
    *l = (layer){.label = label, .text = VG_S("[]")};
    vg_new_id(s->cx, l->id);
    return VG_OK;
}

static vg_status label_all(saving *s, vg_err *err)
{
    for (size_t i = 0; i < s->plan.n; i++) {
        VG_TRY(label_element(s, i, err));
        VG_TRY(find_layer(s, s->plan.v[i].secrecy, err));
    }
    return VG_OK;
}

// --- writing --------------------------------------------------------------------------------------
static int64_t write_layer(const saving *s, int32_t label, vg_buf *b)
{
    vg_jw w = vg_jw_on(b);
    int64_t n = 0;
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < s->plan.n; i++) {
        if (s->plan.v[i].secrecy == label) {
            plan_write(&w, &s->plan.v[i]);
            n++;
        }
    }
    vg_jw_close(&w, ']');
    return n;
}

static vg_status save_layer(saving *s, const layer *l, vg_buf *b, vg_err *err)
{
    const int64_t n = write_layer(s, l->label, b);
    if (vg_str_eq(vg_buf_str(b), l->text)) {
        return VG_OK;
    }
    if (b->failed) {
        return vg_fail(err, VG_ETOOBIG, "elements", "sites.plan_big", "%d", LAYER_BYTES);
    }
    vg_cx *cx = s->cx;
    vg_body(cx);
    vg_jw_kz(&cx->body, "layer", l->id);
    vg_jw_ki64(&cx->body, "version", l->version + 1);
    vg_jw_ki64(&cx->body, "n", n);
    vg_body_args(cx, s->args, "name floor level frame elements");
    vg_jw_kraw(&cx->body, "elements", vg_buf_str(b));
    s->version++;
    s->changed++;
    return vg_say(cx, &(vg_saying){"sites.plan_drawn", s->d.site, s->d.id, l->label}, err);
}

static vg_status save_layers(saving *s, vg_err *err)
{
    vg_buf b;
    vg_status st = VG_OK;
    vg_buf_init(&b, LAYER_BYTES);
    for (size_t i = 0; i < s->n_layers && st == VG_OK; i++) {
        vg_buf_reset(&b);
        st = save_layer(s, &s->layers[i], &b, err);
    }
    vg_buf_done(&b);
    return st;
}

static vg_status save_head(saving *s, vg_err *err)
{
    vg_cx *cx = s->cx;
    vg_buf frame;
    vg_buf_init(&frame, PLAN_FRAME_BYTES);
    vg_jw w = vg_jw_on(&frame);
    plan_write_frame(&w, &s->plan.frame);
    const bool moved = !vg_str_eq(vg_buf_str(&frame), s->d.frame);
    const bool named =
        vg_arg_has(s->args, "name") || vg_arg_has(s->args, "floor") || vg_arg_has(s->args, "level");
    vg_status st = VG_OK;
    if (moved || named) {
        vg_body(cx);
        vg_body_args(cx, s->args, "frame elements");
        if (moved) {
            vg_jw_kraw(&cx->body, "frame", vg_buf_str(&frame));
        }
        s->version++;
        s->changed++;
        st = vg_say(cx, &(vg_saying){"sites.drawing_changed", s->d.site, s->d.id, s->d.label}, err);
    }
    vg_buf_done(&frame);
    return st;
}

// --- neighbours -----------------------------------------------------------------------------------
static void write_links(const saving *s, const graph_link *v, size_t n, vg_buf *b)
{
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < n; i++) {
        const plan_element *door = &s->plan.v[v[i].passage];
        vg_jw_open(&w, '{');
        vg_jw_kz(&w, "element", door->id);
        vg_jw_kz(&w, "kind", door->kind->name);
        vg_jw_kstr(&w, "a", s->plan.v[v[i].from].object);
        vg_jw_kstr(&w, "b", s->plan.v[v[i].to].object);
        vg_jw_close(&w, '}');
    }
    vg_jw_close(&w, ']');
}

static vg_status kept_links(const saving *s, vg_buf *b, vg_err *err)
{
    vg_rows *r;
    vg_jw w = vg_jw_on(b);
    VG_TRY(vg_rows_open(s->cx->db,
                        "SELECT element, kind, zone_a, zone_b FROM zone_link WHERE drawing = ? AND "
                        "drawing_b IS NULL AND state = 'active' ORDER BY ord",
                        VG_VALS(vg_z(s->d.id)), &r, err));
    vg_jw_open(&w, '[');
    while (vg_rows_next(r)) {
        static const char *const names[] = {"element", "kind", "a", "b"};
        vg_jw_open(&w, '{');
        for (int i = 0; i < 4; i++) {
            vg_jw_kstr(&w, names[i], vg_row_str(r, i));
        }
        vg_jw_close(&w, '}');
    }
    vg_jw_close(&w, ']');
    return vg_rows_close(r, err);
}

// Doors and landings in one text, as the event's body has them and as the tables do.
static vg_status graph_texts(saving *s, vg_buf *now, vg_buf *before, vg_err *err)
{
    graph_link *v = NULL;
    const size_t n = plan_links(s->cx->arena, &s->plan, &v);
    vg_jw w = vg_jw_on(now), was = vg_jw_on(before);
    vg_buf_f(now, "{\"links\":");
    write_links(s, v, n, now);
    vg_buf_f(now, ",\"landings\":");
    sites_write_landings(&w, s->cx->arena, &s->plan);
    vg_buf_f(now, "}");
    vg_buf_f(before, "{\"links\":");
    VG_TRY(kept_links(s, before, err));
    vg_buf_f(before, ",\"landings\":");
    VG_TRY(sites_kept_landings(s->cx->db, s->d.id, &was, err));
    vg_buf_f(before, "}");
    return VG_OK;
}

static vg_status save_links(saving *s, vg_err *err)
{
    vg_buf now, before;
    vg_str part;
    vg_buf_init(&now, 2 * LAYER_BYTES);
    vg_buf_init(&before, 2 * LAYER_BYTES);
    vg_status st = graph_texts(s, &now, &before, err);
    if (st == VG_OK && !vg_str_eq(vg_buf_str(&now), vg_buf_str(&before))) {
        vg_body(s->cx);
        for (const char *const *key = (const char *const[]){"links", "landings", NULL}; *key;
             key++) {
            if (vg_js_find(vg_buf_str(&now), *key, &part)) {
                vg_jw_kraw(&s->cx->body, *key, part);
            }
        }
        st = vg_say(s->cx, &(vg_saying){"sites.graph_drawn", s->d.site, s->d.id, s->d.label}, err);
    }
    vg_buf_done(&now);
    vg_buf_done(&before);
    return st;
}

// --- the command ----------------------------------------------------------------------------------
static vg_status read_plan(saving *s, vg_err *err)
{
    plan_frame frame;
    const vg_str given = vg_arg_str(s->args, "frame");
    VG_TRY(plan_read_frame(given.n ? given : s->d.frame, &frame, err));
    return plan_read(s->cx->arena, vg_arg_str(s->args, "elements"), &frame, &s->plan, err);
}

static vg_status save(saving *s, vg_err *err)
{
    VG_TRY(sites_drawing_at(s->cx, vg_arg_str(s->args, "id"), &s->d, err));
    VG_TRY(load_layers(s, err));
    VG_TRY(check_version(s, err));
    VG_TRY(read_plan(s, err));
    VG_TRY(label_all(s, err));
    VG_TRY(save_head(s, err));
    VG_TRY(save_layers(s, err));
    VG_TRY(save_links(s, err));
    vg_jw_kz(&s->cx->reply, "id", s->d.id);
    vg_jw_ki64(&s->cx->reply, "version", s->version);
    vg_jw_ki64(&s->cx->reply, "changed", s->changed);
    return VG_OK;
}

VG_HANDLER(sites_plan_save)
{
    saving *s = vg_alloc(sizeof *s);
    s->cx = cx;
    s->args = args;
    const vg_status st = save(s, err);
    free(s);
    return st;
}

// --- folds ----------------------------------------------------------------------------------------
VG_FOLDER(sites_on_plan_drawn)
{
    return vg_put(ap, e,
                  "INSERT INTO drawing_layer (id, drawing, site, version, n, elements, saved_by,"
                  " saved_at, note, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                  " ON CONFLICT (id) DO UPDATE SET version = excluded.version, n = excluded.n,"
                  " elements = excluded.elements, saved_by = excluded.saved_by,"
                  " saved_at = excluded.saved_at, note = excluded.note",
                  "layer @subject @site version n elements @actor @at note @at @label @world", err);
}

VG_FOLDER(sites_on_drawing_changed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE drawing SET name = COALESCE(?, name), floor = COALESCE(?, floor),"
                  " level = COALESCE(?, level), frame = COALESCE(?, frame), version = version + 1"
                  " WHERE id = ?",
                  "name floor level frame @subject", err));
    return sites_join_floors(ap, e, err);  // the order of floors may be another
}

static vg_status fold_link(vg_apply *ap, const vg_event *e, vg_str link, int64_t row, vg_err *err)
{
    static const char *const keys[] = {"element", "kind", "a", "b"};
    vg_str v[4];
    for (size_t i = 0; i < 4; i++) {
        v[i] = vg_js_str(ap->arena, link, keys[i]);
    }
    const vg_str id = vg_str_f(ap->arena, "%.*s.%.*s", VG_FMT(e->subject), VG_FMT(v[0]));
    return vg_exec(
        ap->db,
        "INSERT INTO zone_link (id, site, drawing, element, kind, zone_a, zone_b, ord, at,"
        " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, zone_a = excluded.zone_a,"
        " zone_b = excluded.zone_b, ord = excluded.ord, state = 'active',"
        " at = excluded.at",
        VG_VALS(vg_t(id), vg_t(e->site), vg_t(e->subject), vg_t(v[0]), vg_t(v[1]), vg_t(v[2]),
                vg_t(v[3]), vg_i(row), vg_i(e->recorded_us), vg_i(e->label), vg_i(e->world)),
        err);
}

VG_FOLDER(sites_on_graph_drawn)
{
    vg_str links, link;
    size_t at = 0;
    VG_TRY(vg_put(ap, e,
                  "UPDATE zone_link SET state = 'removed' WHERE drawing = ? AND state = 'active'",
                  "@subject", err));
    if (vg_js_find(e->body, "links", &links)) {
        for (int64_t row = 0; vg_js_each(links, &at, NULL, &link); row++) {
            VG_TRY(fold_link(ap, e, link, row, err));
        }
    }
    VG_TRY(sites_fold_landings(ap, e, err));
    return sites_join_floors(ap, e, err);
}
