// SPDX-License-Identifier: Apache-2.0
// Every verb and every option says in both languages what it does: the manual pages are made of it.
#include "app/cli.h"

#include <setjmp.h>
#include <cmocka.h>

static void check_words(const json_t *thing, const char *verb)
{
    static const char *const langs[] = {"vi", "en"};
    for (size_t i = 0; i < VG_LEN(langs); i++) {
        const char *text = json_string_value(json_object_get(thing, langs[i]));
        if (!text || !*text) {
            fail_msg("no words (%s) for %s %s", langs[i], verb,
                     json_string_value(json_object_get(thing, "name")));
        }
    }
}

static void everything_has_words(void **state)
{
    (void)state;
    vg_buf b;
    json_t *tree;
    const json_t *verb, *option;
    size_t i, j;
    vg_buf_init(&b, 1 << 20);
    vg_help_json(&b);
    assert_int_equal(vg_json_parse(vg_buf_str(&b), b.n, &tree, NULL), VG_OK);
    assert_true(json_array_size(tree) > 10);
    json_array_foreach(tree, i, verb)
    {
        const char *name = json_string_value(json_object_get(verb, "name"));
        check_words(verb, "verb");
        assert_non_null(vg_verb_find(name));
        json_array_foreach(json_object_get(verb, "options"), j, option)
        {
            check_words(option, name);
        }
    }
    json_decref(tree);
    vg_buf_done(&b);
    assert_null(vg_verb_find("nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything_has_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
