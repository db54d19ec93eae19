// SPDX-License-Identifier: Apache-2.0
// What the reader of XML takes and what it refuses before it costs anything.
#include "base/xml.h"

#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

typedef struct world {
    vg_arena *a;
    vg_err err;
    const vg_xml *root;
} world;

static int make(void **state)
{
    world *w = vg_alloc(sizeof *w);
    w->a = vg_arena_create(4 << 20);
    *state = w;
    return 0;
}

static int end(void **state)
{
    world *w = *state;
    vg_arena_destroy(w->a);
    free(w);
    return 0;
}

static vg_status parse(world *w, vg_str text, const vg_xml_limits *max)
{
    w->err = (vg_err){0};
    w->root = NULL;
    return vg_xml_parse(w->a, text, max, &w->root, &w->err);
}

static void a_tree_of_local_names(void **state)
{
    world *w = *state;
    assert_int_equal(parse(w,
                           VG_S("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<E xmlns=\"http://one\" version=\"2.0\">\n"
                                " <state> active\n</state><!-- no -->\n"
                                " <x:list xmlns:x=\"http://two\"><x:item x:id='7' id='8'>a&lt;b"
                                "<![CDATA[<c>]]></x:item><x:item/></x:list> stray\n"
                                "</E>"),
                           NULL),
                     VG_OK);
    assert_true(vg_str_eqc(w->root->name, "E"));
    assert_true(vg_str_eqc(w->root->ns, "http://one"));
    assert_true(vg_str_eqc(w->root->text, ""));
    assert_true(vg_str_eqc(vg_xml_attr_of(w->root, "version"), "2.0"));
    assert_true(vg_str_eqc(vg_xml_text(w->root, "state"), "active"));
    assert_true(vg_str_eqc(vg_xml_text(w->root, "list/item"), "a<b<c>"));
    const vg_xml *item = vg_xml_at(w->root, "list/item");
    assert_true(vg_str_eqc(item->ns, "http://two"));
    assert_int_equal(item->n_attrs, 2);
    assert_true(vg_str_eqc(item->attrs[0].ns, "http://two"));
    assert_true(vg_str_eqc(item->attrs[1].ns, ""));
    assert_non_null(vg_xml_next(item, "item"));
    assert_null(vg_xml_next(vg_xml_next(item, "item"), "item"));
    assert_null(vg_xml_child(w->root, "none"));
    assert_int_equal(vg_xml_text(NULL, "a").n, 0);
}

static void other_encodings_become_utf8(void **state)
{
    world *w = *state;
    assert_int_equal(
        parse(w, VG_S("<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xe9</a>"), NULL), VG_OK);
    assert_true(vg_str_eqc(w->root->text, "caf\xc3\xa9"));
    assert_int_equal(parse(w, VG_S("\xff\xfe<\0a\0>\0\xa1\x1e<\0/\0a\0>\0"), NULL), VG_OK);
    assert_true(vg_str_eqc(w->root->text, "\xe1\xba\xa1"));
    assert_int_equal(parse(w, VG_S("<?xml version='1.0' encoding='GB2312'?><a/>"), NULL),
                     VG_EINVALID);
    assert_int_equal(parse(w, VG_S("<a>\xff</a>"), NULL), VG_EINVALID);
}

static void every_doctype_is_refused(void **state)
{
    world *w = *state;
    static const char *const docs[] = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\"><a/>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"b\"><!ENTITY c \"&b;&b;\">]><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><a>&x;</a>",
        "<!DOCTYPE a [<!ATTLIST a b CDATA \"c\">]><a/>",
    };
    for (size_t i = 0; i < VG_LEN(docs); i++) {
        assert_int_equal(parse(w, vg_str_c(docs[i]), NULL), VG_EINVALID);
        assert_string_equal(w->err.key, "err.xml_doctype");
        assert_null(w->root);
    }
    assert_int_equal(parse(w, VG_S("<a>&c;</a>"), NULL), VG_EINVALID);
    assert_string_equal(w->err.key, "err.xml");
}

// A document of n times piece between open and close.
static vg_str repeated(vg_buf *b, const char *open, const char *piece, size_t n, const char *close)
{
    vg_buf_init(b, 8 << 20);
    vg_buf_c(b, open);
    for (size_t i = 0; i < n; i++) {
        vg_buf_c(b, piece);
    }
    vg_buf_c(b, close);
    return vg_buf_str(b);
}

static void limits_hold(void **state)
{
    world *w = *state;
    const vg_xml_limits max = {.bytes = 4096, .nodes = 64, .depth = 4, .attrs = 2};
    vg_buf b;
    assert_int_equal(parse(w, VG_S("<a><b><c><d/></c></b></a>"), &max), VG_OK);
    assert_int_equal(parse(w, VG_S("<a><b><c><d><e/></d></c></b></a>"), &max), VG_ETOOBIG);
    assert_string_equal(w->err.detail, "depth");
    assert_int_equal(parse(w, VG_S("<a b='' c=''/>"), &max), VG_OK);
    assert_int_equal(parse(w, VG_S("<a b='' c='' d=''/>"), &max), VG_ETOOBIG);
    assert_string_equal(w->err.detail, "attributes");
    assert_int_equal(parse(w, repeated(&b, "<a>", "<b/>", 63, "</a>"), &max), VG_OK);
    vg_buf_done(&b);
    assert_int_equal(parse(w, repeated(&b, "<a>", "<b/>", 64, "</a>"), &max), VG_ETOOBIG);
    assert_string_equal(w->err.detail, "elements");
    vg_buf_done(&b);
    assert_int_equal(parse(w, repeated(&b, "<a>", "x", 4096, "</a>"), &max), VG_ETOOBIG);
    vg_buf_done(&b);
    assert_int_equal(parse(w, repeated(&b, "", "<a>", 300000, ""), NULL), VG_ETOOBIG);
    vg_buf_done(&b);
}

static void a_small_arena_refuses(void **state)
{
    world *w = *state;
    vg_arena *small = vg_arena_create(2000);
    vg_buf b;
    const vg_xml *root = NULL;
    assert_int_equal(
        vg_xml_parse(small, repeated(&b, "<a>", "<b>text</b>", 100, "</a>"), NULL, &root, &w->err),
        VG_ETOOBIG);
    assert_null(root);
    vg_buf_done(&b);
    vg_arena_destroy(small);
}

static void broken_text_names_its_place(void **state)
{
    world *w = *state;
    assert_int_equal(parse(w, VG_S("<a>\n <b></a>"), NULL), VG_EINVALID);
    assert_memory_equal(w->err.detail, "2:", 2);
    static const char *const docs[] = {"",        " ",        "a",           "<a",
                                       "<a></b>", "<a/><b/>", "<a b=1/>",    "<a b='' b=''/>",
                                       "<x:a/>",  "{}",       "<a>&#0;</a>", "<a>\x01</a>"};
    for (size_t i = 0; i < VG_LEN(docs); i++) {
        assert_int_equal(parse(w, vg_str_c(docs[i]), NULL), VG_EINVALID);
    }
}

// Samples of other people, where a developer has them.
static FILE *sample(const char *name)
{
    char path[1024];
    const char *root = getenv("VG_ROOT");
    snprintf(path, sizeof path, "%s/../shared/data/protocols/cap/%s", root ? root : ".", name);
    return fopen(path, "rb");
}

static vg_status parse_sample(world *w, const char *name)
{
    FILE *f = sample(name);
    if (!f) {
        skip();
    }
    char *bytes = vg_alloc(1 << 20);
    const size_t n = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    const vg_status st = parse(w, (vg_str){bytes, n}, NULL);
    free(bytes);
    return st;
}

static void a_hostile_sample_is_refused(void **state)
{
    world *w = *state;
    assert_int_equal(parse_sample(w, "xee.cap"), VG_EINVALID);
    assert_string_equal(w->err.key, "err.xml_doctype");
}

static void an_honest_sample_is_read(void **state)
{
    world *w = *state;
    assert_int_equal(parse_sample(w, "earthquake.cap"), VG_OK);
    assert_true(vg_str_eqc(w->root->name, "alert"));
    assert_true(vg_xml_text(w->root, "info/area/areaDesc").n > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_of_local_names, make, end),
        cmocka_unit_test_setup_teardown(other_encodings_become_utf8, make, end),
        cmocka_unit_test_setup_teardown(every_doctype_is_refused, make, end),
        cmocka_unit_test_setup_teardown(limits_hold, make, end),
        cmocka_unit_test_setup_teardown(a_small_arena_refuses, make, end),
        cmocka_unit_test_setup_teardown(broken_text_names_its_place, make, end),
        cmocka_unit_test_setup_teardown(a_hostile_sample_is_refused, make, end),
        cmocka_unit_test_setup_teardown(an_honest_sample_is_read, make, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
