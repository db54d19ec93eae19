// SPDX-License-Identifier: Apache-2.0
// What may and what may not come through the cleaning of drawings; cleaning twice changes nothing.
#include "domain/sites/svg_clean.h"

#include <setjmp.h>
#include <cmocka.h>

static vg_status clean(const char *svg, char out[2048])
{
    vg_buf b;
    svg_size size;
    vg_buf_init(&b, 1 << 20);
    const vg_status st = svg_clean(vg_str_c(svg), &b, &size, NULL);
    snprintf(out, 2048, "%s", vg_buf_z(&b));
    vg_buf_done(&b);
    return st;
}

static void test_kept_and_dropped(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;  // inside <svg viewBox="0 0 9 9">
    } cases[] = {
        {"<rect x='1' y='2' width='3' height='4' fill='red'/>",
         "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"red\"></rect>"},
        {"<rect onload='x()' onclick=\"y()\" x='1'/>", "<rect x=\"1\"></rect>"},
        {"<script>alert(1)</script><g/>", "<g></g>"},
        {"<style>@import url(http://x)</style><g/>", "<g></g>"},
        {"<foreignObject><body xmlns='x'><img src='http://x'/></body></foreignObject>", ""},
        {"<a href='javascript:x()'><text>đây</text></a>", ""},
        {"<animate attributeName='href' to='javascript:x()'/>", ""},
        {"<text>a &lt; b &amp; &#272;</text>", "<text>a &lt; b &amp; Đ</text>"},
        {"<g>chữ rời</g>", "<g></g>"},
        {"<path style='fill: red; stroke:url(http://x); background:url(x)' d='M0 0'/>",
         "<path style=\"fill:red;\" d=\"M0 0\"></path>"},
        {"<path fill='url(#g1)'/>", "<path fill=\"url(#g1)\"></path>"},
        {"<path fill='url(http://x/#g1)'/>", "<path></path>"},
        {"<path fill='\\75rl(http://x)'/>", "<path></path>"},
        {"<use xlink:href='#a'/>", "<use href=\"#a\"></use>"},
        {"<use href='http://x#a'/>", "<use></use>"},
        {"<g id='a'><use href='#b'/></g>", "<g id=\"a\"></g>"},
        {"<image href='http://x/y.png'/>", "<image></image>"},
        {"<image href='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJAQAAAAAAAAAA' "
         "width='5'/>",
         "<image href=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJAQAAAAAAAAAA\" "
         "width=\"5\"></image>"},
        {"<image href='data:image/jpeg;base64,/9j/4AAQSkZJRgAAAAAAAAAAAAD/wAALCAHgAoABAREA'/>",
         "<image "
         "href=\"data:image/jpeg;base64,/9j/4AAQSkZJRgAAAAAAAAAAAAD/wAALCAHgAoABAREA\"></image>"},
        {"<image href='data:image/png;base64,iVBORw0='/>", "<image></image>"},
        {"<image href='data:image/jpeg;base64,iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJAQAAAAAAAAAA'/>",
         "<image></image>"},
        {"<image href='data:image/svg+xml;base64,aaaa'/>", "<image></image>"},
        {"<sodipodi:namedview x='1'><g/></sodipodi:namedview>", ""},
        {"<svg:rect x='1'/>", "<rect x=\"1\"></rect>"},
        {"<!-- lời --><g/>", "<g></g>"},
        {"<title>Tầng \"1\"</title>", "<title>Tầng &quot;1&quot;</title>"},
    };
    char in[1024], want[1024], out[2048], again[2048];
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        snprintf(in, sizeof in, "<svg viewBox='0 0 9 9'>%s</svg>", cases[i].in);
        snprintf(want, sizeof want,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">%s</svg>",
                 cases[i].out);
        assert_int_equal(clean(in, out), VG_OK);
        assert_string_equal(out, want);
        assert_int_equal(clean(out, again), VG_OK);
        assert_string_equal(again, out);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "chữ",
        "<svg viewBox='0 0 9 9'>",
        "<svg viewBox='0 0 9 9'></g>",
        "<svg viewBox='0 0 9 9'/><svg viewBox='0 0 9 9'/>",
        "<svg viewBox='0 0 9 9'/>đuôi",
        "<html/>",
        "<svg/>",
        "<svg width='100%' height='100%'/>",
        "<svg viewBox='0 0 9 9' viewBox='0 0 1 1'/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg viewBox='0 0 9 9'/>",
        "<?php x?><svg viewBox='0 0 9 9'/>",
        "<svg viewBox='0 0 9 9'><text>&xxe;</text></svg>",
        "<svg viewBox='0 0 9 9'><text>&#0;</text></svg>",
        "<svg viewBox='0 0 9 9'><text><![CDATA[x]]></text></svg>",
        "<svg viewBox='0 0 9 9'><g a='<'/></svg>",
        "<svg viewBox='0 0 9 9'><g a=b/></svg>",
        "<svg viewBox='0 0 9 9'><g x='1'y='2'/></svg>",
        "<svg viewBox='0 0 9 9'>\xff</svg>",
    };
    char out[2048];
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        assert_int_not_equal(clean(cases[i], out), VG_OK);
    }
}

static void test_size_and_depth(void **state)
{
    (void)state;
    vg_buf b, in;
    svg_size size;
    vg_buf_init(&b, 1 << 20);
    vg_buf_init(&in, 1 << 20);
    assert_int_equal(svg_clean(VG_S("<svg width='640px' height='480'/>"), &b, &size, NULL), VG_OK);
    assert_int_equal(size.width, 640);
    assert_int_equal(size.height, 480);
    vg_buf_c(&in, "<svg viewBox='0 0 9 9'>");
    for (int i = 0; i < 100; i++) {
        vg_buf_c(&in, "<g>");
    }
    assert_int_equal(svg_clean(vg_buf_str(&in), &b, &size, NULL), VG_ETOOBIG);
    vg_buf_done(&in);
    vg_buf_done(&b);
}

// A few bytes for which whoever looks at the drawing would make room for gigabytes.
static void vast_pictures_are_refused(void **state)
{
    (void)state;
    static const char *const vast[] = {
        "png;base64,iVBORw0KGgoAAAANSUhEUgABhqAAAYagAQAAAAAAAAAA",
        "png;base64,iVBORw0KGgoAAAANSUhEUn////9/////AQAAAAAAAAAA",
        "jpeg;base64,/9j/4AAQSkZJRgAAAAAAAAAAAAD/wAALCP////8BAREA",
    };
    char in[4096], out[8192];
    for (size_t i = 0; i < VG_LEN(vast); i++) {
        snprintf(in, sizeof in, "<svg viewBox='0 0 9 9'><image href='data:image/%s'/></svg>",
                 vast[i]);
        assert_int_equal(clean(in, out), VG_ETOOBIG);
    }
    size_t n = (size_t)snprintf(in, sizeof in, "<svg viewBox='0 0 9 9'>");
    for (int i = 0; i < 5; i++) {  // 16 million each
        n += (size_t)snprintf(in + n, sizeof in - n, "<image href='data:image/png;base64,%s'/>",
                              "iVBORw0KGgoAAAANSUhEUgAAD6AAAA+gAQAAAAAAAAAA");
    }
    snprintf(in + n, sizeof in - n, "</svg>");
    assert_int_equal(clean(in, out), VG_ETOOBIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_and_dropped),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_size_and_depth),
        cmocka_unit_test(vast_pictures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
