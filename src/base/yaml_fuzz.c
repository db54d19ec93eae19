// SPDX-License-Identifier: Apache-2.0
// Any bytes as a YAML file: refused, or read to the end with every node visited once.
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static vg_status item(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
{
    const char *text = NULL;
    int64_t span = 0;
    bool yes = false;
    (void)into;
    if (vg_yaml_text(f, n, 32, &text, err) == VG_OK && strlen(text) > 32) {
        abort();
    }
    if (vg_yaml_span(f, n, &span, err) == VG_OK || vg_yaml_bool(f, n, &yes, err) == VG_OK) {
        return VG_OK;
    }
    return n->type == YAML_SEQUENCE_NODE ? vg_yaml_each(f, n, 64, item, NULL, err) : VG_OK;
}

static vg_status document(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err)
{
    static const vg_yaml_field keys[] = {{"a", item}, {"rules", item}, {"timespan", item}};
    uint32_t seen = 0;
    return vg_yaml_map(f, root, keys, VG_LEN(keys), into, &seen, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create(4 << 20);
    vg_err err = {0};
    const vg_yaml_reader reader = {a, document, NULL};
    if (vg_yaml_read("fuzz", (vg_str){(const char *)data, size}, &reader, &err) != VG_OK &&
        !err.code) {
        abort();  // a refusal says why
    }
    vg_arena_destroy(a);
    return 0;
}
