// SPDX-License-Identifier: Apache-2.0
// "What they see" shows any list of any module: each has a name for people, and so has each of its columns, in both
// languages (the catalogue has no key in one only). A column of several languages or of a name goes by what is before
// _vi, _en and _name, as on the page.
#include "base/i18n.h"
#include "core/module.h"

#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static size_t base_of(const char *column)
{
    static const char *const ends[] = {"_vi", "_en", "_name"};
    const size_t n = strlen(column);
    for (size_t i = 0; i < VG_LEN(ends); i++) {
        const size_t m = strlen(ends[i]);
        if (n > m && strcmp(column + n - m, ends[i]) == 0) {
            return n - m;
        }
    }
    return n;
}

static bool said(const char *set, const char *word, size_t n)
{
    char key[128];
    snprintf(key, sizeof key, "ui.coord.%s.%.*s", set, (int)n, word);
    if (vg_tr_known(key)) {
        return true;
    }
    print_error("%s\n", key);
    return false;
}

static bool is_open(const vg_module *m, const char *table)
{
    const vg_table *t = m->tables;
    while (t && t->name && strcmp(t->name, table) != 0) {
        t++;
    }
    return !t || !t->name || t->open;  // a catalogue is nobody's own: it is not shown
}

static size_t missing_of(const vg_resource *r)
{
    size_t missing = said("thing", r->name, strlen(r->name)) ? 0 : 1;
    for (const vg_col *c = r->cols + 1; c->name; c++) {  // the first is the id
        if (c->type != VG_COL_JSON && !said("col", c->name, base_of(c->name))) {
            missing++;
        }
    }
    return missing;
}

static void every_column_that_can_be_shown_has_a_word(void **state)
{
    (void)state;
    const vg_module *m;
    size_t missing = 0, lists = 0;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            if (!is_open(m, r->table)) {
                missing += missing_of(r);
                lists++;
            }
        }
    }
    assert_true(lists > 40);
    assert_int_equal(missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_that_can_be_shown_has_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
