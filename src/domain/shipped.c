// SPDX-License-Identifier: Apache-2.0
// YAML to JSON, and the question at every start whether this edition is the one the node already has. The edition's
// name is the digest of its JSON: the same files give the same name. What the rows mean, and what of the node's own
// entries an edition may not touch, is the receiving module's. A faulty built-in file stops the node from starting:
// it is a fault of the program and the tests find it.
#include "domain/shipped.h"

#include "base/yaml.h"

enum { DEPTH_MAX = 6 };

// --- YAML to JSON -------------------------------------------------------------------------------
static json_t *of_scalar(const yaml_node_t *n)
{
    int64_t number;
    const vg_str s = {(const char *)n->data.scalar.value, n->data.scalar.length};
    if (n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
        vg_str_i64(s, 0, INT32_MAX, &number, NULL) == VG_OK) {
        return json_integer(number);
    }
    return json_stringn(s.p, s.n);
}

static json_t *of_node(yaml_document_t *doc, const yaml_node_t *n, int depth);

static json_t *of_map(yaml_document_t *doc, const yaml_node_t *n, int depth)
{
    json_t *out = json_object();
    for (yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top; p++) {
        const yaml_node_t *k = yaml_document_get_node(doc, p->key);
        json_t *v = of_node(doc, yaml_document_get_node(doc, p->value), depth + 1);
        if (!v || json_object_set_new(out, (const char *)k->data.scalar.value, v) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *of_list(yaml_document_t *doc, const yaml_node_t *n, int depth)
{
    json_t *out = json_array();
    for (yaml_node_item_t *i = n->data.sequence.items.start; i < n->data.sequence.items.top; i++) {
        json_t *v = of_node(doc, yaml_document_get_node(doc, *i), depth + 1);
        if (!v || json_array_append_new(out, v) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

// NULL: deeper than a file of ours, or not UTF-8.
static json_t *of_node(yaml_document_t *doc, const yaml_node_t *n, int depth)
{
    if (!n || depth > DEPTH_MAX) {
        return NULL;
    }
    return n->type == YAML_SCALAR_NODE    ? of_scalar(n)
           : n->type == YAML_MAPPING_NODE ? of_map(doc, n, depth)
                                          : of_list(doc, n, depth);
}

static vg_status on_document(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err)
{
    json_t **all = into;
    json_t *file = of_node(f->doc, root, 0), *list;
    const char *name;
    vg_status st =
        json_is_object(file) ? VG_OK : vg_yaml_fail(f, root, "", "err.shipped_file", err);
    json_object_foreach(*all, name, list)
    {
        json_array_extend(list, json_object_get(file, name));
    }
    json_decref(file);
    return st;
}

static vg_status read_all(const vg_shipment *s, char **ret_json, vg_err *err)
{
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(1 << 20);
    json_t *all = json_object();
    for (const char *const *l = s->lists; *l; l++) {
        json_object_set_new(all, *l, json_array());
    }
    const vg_yaml_reader reader = {a, on_document, &all};
    vg_status st = VG_OK;
    for (const vg_embedded *f = s->files; f->name && st == VG_OK; f++) {
        st = vg_yaml_read(f->name, (vg_str){(const char *)f->data, f->size}, &reader, err);
    }
    *ret_json = st == VG_OK ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    return st;
}

// --- into the journal ---------------------------------------------------------------------------
static vg_status is_last(vg_core *core, const vg_shipment *s, const char *digest, bool *ret,
                         vg_err *err)
{
    vg_db *db;
    vg_rows *r = NULL;
    VG_TRY(vg_inner_take(core, &db, err));
    vg_status st = vg_rows_open(db, s->sql_last, VG_NOVALS, &r, err);
    if (st == VG_OK) {
        *ret = vg_rows_next(r) && vg_str_eqc(vg_row_str(r, 0), digest);
        st = vg_rows_close(r, err);
    }
    vg_inner_give(core, db);
    return st;
}

static vg_status run(vg_core *core, const vg_shipment *s, const char *digest, const char *content,
                     vg_err *err)
{
    vg_buf args;
    vg_buf_init(&args, VG_SHIPPED_MAX + 1024);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "digest", digest);
    vg_jw_kraw(&w, "content", vg_str_c(content));
    vg_jw_close(&w, '}');
    vg_command_call call = {.name = s->command,
                            .args = vg_buf_str(&args),
                            .who = vg_core_system(),
                            .id = vg_cmd_random()};
    vg_core_run(core, &call);
    if (call.st != VG_OK && err) {
        *err = call.err;
    }
    vg_buf_done(&call.reply);
    vg_buf_done(&args);
    return call.st;
}

vg_status vg_ship(vg_core *core, const vg_shipment *s, vg_err *err)
{
    char *content = NULL, digest[2 * VG_HASH_BYTES + 1];
    unsigned char hash[VG_HASH_BYTES];
    bool known = false;
    VG_TRY(read_all(s, &content, err));
    vg_hash(content, strlen(content), hash);
    vg_hex(hash, sizeof hash, digest);
    vg_status st = is_last(core, s, digest, &known, err);
    if (st == VG_OK && !known) {
        st = run(core, s, digest, content, err);
    }
    free(content);
    return st;
}
