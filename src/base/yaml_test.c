// SPDX-License-Identifier: Apache-2.0
// The gate for YAML: what is refused before a tree is made, and that every refusal names its line.
#include "base/yaml.h"

#include <setjmp.h>
#include <cmocka.h>

static vg_status text_of(vg_yaml_file *f, const yaml_node_t *n, void *into, vg_err *err)
{
    return vg_yaml_text(f, n, 64, (const char **)into, err);
}

static vg_status document(vg_yaml_file *f, const yaml_node_t *root, void *into, vg_err *err)
{
    static const vg_yaml_field keys[] = {{"name", text_of}, {"title", text_of}};
    uint32_t seen = 0;
    VG_TRY(vg_yaml_map(f, root, keys, VG_LEN(keys), into, &seen, err));
    return vg_yaml_keys(f, root, keys, 1 & ~seen, err);
}

static vg_status read(const char *text, size_t n, vg_err *err)
{
    vg_arena *a = vg_arena_create(1 << 20);
    const char *last = NULL;
    *err = (vg_err){0};
    const vg_status st =
        vg_yaml_read("f", (vg_str){text, n}, &(vg_yaml_reader){a, document, &last}, err);
    vg_arena_destroy(a);
    return st;
}

static void each_fault_names_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *field, *at;
    } cases[] = {
        {"name: a\n", NULL, "", ""},
        {"# only this\n---\nname: a\n---\nname: b\n", NULL, "", ""},
        {"name: a\nname: b\n", "yaml.key_twice", "name", "f:2"},
        {"name: &x a\ntitle: *x\n", "yaml.alias", "", "f:2"},
        {"name: !!str a\n", "yaml.tag", "", "f:1"},
        {"\nnaem: a\n", "yaml.unknown_key_near", "naem", "name (f:2)"},
        {"title: a\n", "yaml.key_missing", "name", "f:1"},
        {"[a]\n", "yaml.not_a_mapping", "", "f:1"},
        {"name: [a]\n", "yaml.not_a_text", "", "f:1"},
        {"{[a]: b}\n", "yaml.not_a_text", "", "f:1"},
        {"name: {a: {b: {a: 1, a: 2}}}\n", "yaml.key_twice", "a", "f:1"},
        {"name: [[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]\n", "yaml.too_deep", "", "f:1"},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        vg_err err;
        const vg_status st = read(cases[i].text, strlen(cases[i].text), &err);
        print_message("%s", cases[i].text);
        assert_int_equal(st == VG_OK, cases[i].key == NULL);
        if (cases[i].key) {
            assert_string_equal(err.key, cases[i].key);
            assert_string_equal(err.field, cases[i].field);
            assert_string_equal(err.detail, cases[i].at);
        }
    }
}

static void sizes_are_limited(void **state)
{
    (void)state;
    vg_buf b;
    vg_err err;
    vg_buf_init(&b, 4 << 20);
    for (int i = 0; i < 513; i++) {
        vg_buf_f(&b, "k%d: 1\n", i);
    }
    assert_int_equal(read(b.p, b.n, &err), VG_ETOOBIG);
    assert_string_equal(err.key, "yaml.list_too_long");
    vg_buf_reset(&b);
    for (int i = 0; i < 5000; i++) {
        vg_buf_c(&b, "---\nname: a\n");
    }
    assert_int_equal(read(b.p, b.n, &err), VG_EINVALID);
    assert_string_equal(err.key, "yaml.too_many");
    vg_buf_reset(&b);
    while (b.n <= VG_YAML_BYTES) {
        vg_buf_c(&b, "# a long comment that says nothing at all\n");
    }
    assert_int_equal(read(b.p, b.n, &err), VG_ETOOBIG);
    vg_buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_fault_names_its_line),
                                       cmocka_unit_test(sizes_are_limited)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
