// SPDX-License-Identifier: Apache-2.0
// Any bytes as XML: the reader may refuse, it may not pass its limits, and what it accepts is a tree that ends,
// in valid UTF-8.
#include "base/text.h"
#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NODES = 512, DEPTH = 16 };

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static unsigned walk(const vg_xml *n, int depth)
{
    unsigned count = 0;
    must(!n || depth <= DEPTH);
    for (; n; n = n->next) {
        must(n->name.n > 0 && vg_utf8_valid(n->name) && vg_utf8_valid(n->text));
        must(!n->child || n->text.n == 0);
        for (size_t i = 0; i < n->n_attrs; i++) {
            must(vg_utf8_valid(n->attrs[i].value));
        }
        (void)vg_xml_text(n, "a/b");
        count += 1 + (unsigned)n->n_attrs + walk(n->child, depth + 1);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vg_arena *a = vg_arena_create(1 << 20);
    const vg_xml_limits max = {.bytes = 1 << 16, .nodes = NODES, .depth = DEPTH};
    const vg_xml *root = NULL;
    if (vg_xml_parse(a, (vg_str){(const char *)data, size}, &max, &root, NULL) == VG_OK) {
        must(root && !root->next && walk(root, 1) <= NODES);
    }
    vg_arena_destroy(a);
    return 0;
}
