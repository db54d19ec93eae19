// SPDX-License-Identifier: Apache-2.0
// Any bytes as an expression: refused with a reason, or compiled, answered, said, and its canonical text
// compiles to one that prints the same and answers the same.
#include "expr/test_help.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(vg_arena *a, const vg_expr *x, const vg_xschema *schema)
{
    vg_buf once, twice;
    vg_err err = {0};
    const vg_expr *again = NULL;
    vg_buf_init(&once, 1 << 16);
    vg_buf_init(&twice, 1 << 16);
    vg_expr_print(x, &once);
    if (once.n <= VG_X_BYTES) {
        if (vg_expr_compile(a, schema, vg_buf_str(&once), NULL, &again, &err) != VG_OK) {
            abort();
        }
        vg_expr_print(again, &twice);
        if (!vg_str_eq(vg_buf_str(&once), vg_buf_str(&twice)) ||
            vg_expr_ask(x, &world_env) != vg_expr_ask(again, &world_env)) {
            abort();
        }
    }
    vg_buf_reset(&twice);
    vg_expr_say(x, VG_VI, &twice);
    vg_expr_say(x, VG_EN, &twice);
    vg_buf_done(&once);
    vg_buf_done(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const vg_xschema schema = {
        .names = world_names, .n = VG_LEN(world_names), .open = size && data[0] == '?'};
    const size_t skip = schema.open;
    vg_arena *a = vg_arena_create(1 << 20);
    const vg_expr *x = NULL;
    vg_err err = {0};
    const vg_str text = {(const char *)data + skip, size - skip};
    if (vg_expr_compile(a, &schema, text, NULL, &x, &err) == VG_OK) {
        use(a, x, &schema);
    } else if (!err.key || !err.code) {
        abort();
    }
    vg_arena_destroy(a);
    return 0;
}
