// SPDX-License-Identifier: Apache-2.0
// A strict small XML reader that writes back only allowed elements and attributes. It is a writer by list,
// not a remover of known evil: scripts, handlers, style sheets, foreign objects, animation, external and
// nested references have no way through because nothing copies them. DTDs, entities and processing
// instructions are refused outright. References may only point inside the drawing (url(#id), href="#id") or
// be an embedded PNG or JPEG; an element that is used may not itself use others, so that references cannot
// multiply. Elements that are not allowed are left out with all they contain.
#include "domain/sites/svg_clean.h"

#include "domain/sites/svg_value.h"

#include "base/text.h"

enum { DEPTH_MAX = 64, ELEMENTS_MAX = 200000, NAME_MAX_BYTES = 63, ATTRIBUTES_MAX = 64 };

typedef struct reader {
    vg_str s;
    size_t at;
    vg_buf *out;
    vg_err *err;
    vg_buf value;     // the attribute being read, decoded
    int depth, skip;  // skip: depth at which leaving out began, 0 = not
    int used;         // depth of an ancestor that has an id, 0 = none
    size_t elements;
    bool text_kept[DEPTH_MAX + 1];
    vg_str name[DEPTH_MAX + 1];
    svg_size size;
    double view[4];
    bool has_view;
    int64_t pixels;  // of all pictures
} reader;

static vg_status bad(reader *r, const char *key)
{
    return vg_fail(r->err, VG_EINVALID, "svg", key, "%zu", r->at);
}

static vg_status too_big(reader *r)
{
    return vg_fail(r->err, VG_ETOOBIG, "svg", "sites.svg_too_big", "%zu", r->at);
}

// --- lexing -------------------------------------------------------------------------------------
static int peek(const reader *r)
{
    return r->at < r->s.n ? (unsigned char)r->s.p[r->at] : -1;
}

static bool eat(reader *r, const char *z)
{
    const size_t n = strlen(z);
    if (r->s.n - r->at < n || memcmp(r->s.p + r->at, z, n) != 0) {
        return false;
    }
    r->at += n;
    return true;
}

static bool eat_until(reader *r, const char *z)
{
    const char *p = memmem(r->s.p + r->at, r->s.n - r->at, z, strlen(z));
    if (!p) {
        return false;
    }
    r->at = (size_t)(p - r->s.p) + strlen(z);
    return true;
}

static bool blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void eat_blanks(reader *r)
{
    while (blank(peek(r))) {
        r->at++;
    }
}

static vg_status read_name(reader *r, vg_str *ret)
{
    const size_t from = r->at;
    while (svg_name_char(peek(r))) {
        r->at++;
    }
    *ret = (vg_str){r->s.p + from, r->at - from};
    if (ret->n == 0 || ret->n > NAME_MAX_BYTES) {
        return bad(r, "sites.svg_syntax");
    }
    return VG_OK;
}

static void put_code_point(vg_buf *b, uint32_t c)
{
    char u[4];
    size_t n = 0;
    if (c < 0x80) {
        u[n++] = (char)c;
    } else if (c < 0x800) {
        u[n++] = (char)(0xC0 | c >> 6);
        u[n++] = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        u[n++] = (char)(0xE0 | c >> 12);
        u[n++] = (char)(0x80 | (c >> 6 & 63));
        u[n++] = (char)(0x80 | (c & 63));
    } else {
        u[n++] = (char)(0xF0 | c >> 18);
        u[n++] = (char)(0x80 | (c >> 12 & 63));
        u[n++] = (char)(0x80 | (c >> 6 & 63));
        u[n++] = (char)(0x80 | (c & 63));
    }
    vg_buf_add(b, u, n);
}

static vg_status numeric_entity(reader *r, vg_buf *b)
{
    const uint32_t base = eat(r, "x") ? 16 : 10;
    uint32_t c = 0;
    int digits = 0;
    for (; digits < 8; digits++, r->at++) {
        const int ch = peek(r);
        const int v = ch >= '0' && ch <= '9'   ? ch - '0'
                      : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
                      : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
                                               : 99;
        if ((uint32_t)v >= base) {
            break;
        }
        c = c * base + (uint32_t)v;
    }
    const bool fits = ((c >= 0x20 && c != 0x7F) || blank((int)c)) && c <= 0x10FFFF &&
                      (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
    if (digits == 0 || !fits || !eat(r, ";")) {
        return bad(r, "sites.svg_entity");
    }
    put_code_point(b, c);
    return VG_OK;
}

// After '&'.
static vg_status entity(reader *r, vg_buf *b)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
    if (eat(r, "#")) {
        return numeric_entity(r, b);
    }
    for (size_t i = 0; i < VG_LEN(known); i++) {
        if (eat(r, known[i].name)) {
            vg_buf_ch(b, known[i].c);
            return VG_OK;
        }
    }
    return bad(r, "sites.svg_entity");
}

static void put_escaped(vg_buf *b, vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&':
            vg_buf_c(b, "&amp;");
            break;
        case '<':
            vg_buf_c(b, "&lt;");
            break;
        case '>':
            vg_buf_c(b, "&gt;");
            break;
        case '"':
            vg_buf_c(b, "&quot;");
            break;
        default:
            vg_buf_ch(b, s.p[i]);
        }
    }
}

// --- values -------------------------------------------------------------------------------------
static void put_attribute(reader *r, const char *name, vg_str value)
{
    vg_buf_f(r->out, " %s=\"", name);
    put_escaped(r->out, value);
    vg_buf_ch(r->out, '"');
}

// One "key: value" of a style; false when it may not pass.
static bool style_ok(vg_str one, vg_str *ret_key, vg_str *ret_value)
{
    const char *colon = one.n ? memchr(one.p, ':', one.n) : NULL;
    if (!colon) {
        return false;
    }
    *ret_key = vg_str_trim((vg_str){one.p, (size_t)(colon - one.p)});
    *ret_value = vg_str_trim((vg_str){colon + 1, one.n - (size_t)(colon + 1 - one.p)});
    return svg_attribute_known(*ret_key) && svg_value_ok(*ret_value);
}

static void put_style(reader *r, vg_str style)
{
    vg_str key, value;
    vg_buf_c(r->out, " style=\"");
    while (style.n) {
        const char *semi = memchr(style.p, ';', style.n);
        const vg_str one = {style.p, semi ? (size_t)(semi - style.p) : style.n};
        style.p += one.n + (semi != NULL);
        style.n -= one.n + (semi != NULL);
        if (style_ok(one, &key, &value)) {
            vg_buf_f(r->out, "%.*s:", VG_FMT(key));
            put_escaped(r->out, value);
            vg_buf_ch(r->out, ';');
        }
    }
    vg_buf_ch(r->out, '"');
}

static bool number(const char **p, double *ret)
{
    char *end = NULL;
    *p += strspn(*p, " ,\t\n\r");
    const double v = strtod(*p, &end);
    if (end == *p || !(v > -1e7 && v < 1e7)) {
        return false;
    }
    *ret = v;
    *p = end;
    return true;
}

static void note_size(reader *r, vg_str name)
{
    double side = 0, *v = r->view;
    const char *p = vg_buf_z(&r->value);
    if (vg_str_eqc(name, "viewBox")) {
        if (number(&p, &v[0]) && number(&p, &v[1]) && number(&p, &v[2]) && number(&p, &v[3])) {
            r->size = (svg_size){(int32_t)v[2], (int32_t)v[3]};
            r->has_view = true;
        }
    } else if (!r->has_view && number(&p, &side) && (*p == 0 || strcmp(p, "px") == 0)) {
        *(vg_str_eqc(name, "width") ? &r->size.width : &r->size.height) = (int32_t)side;
    }
}

// --- attributes ---------------------------------------------------------------------------------
static void keep_href(reader *r, vg_str value)
{
    const vg_str element = r->name[r->depth];
    const bool inner =
        value.n > 1 && value.p[0] == '#' && svg_plain_id((vg_str){value.p + 1, value.n - 1});
    const int64_t pixels = vg_str_eqc(element, "image") ? svg_picture_pixels(value) : 0;
    r->pixels = pixels > SVG_PIXELS_MAX - r->pixels ? INT64_MAX : r->pixels + pixels;
    if (vg_str_eqc(element, "image") ? pixels > 0 : inner && !vg_str_eqc(element, "svg")) {
        put_attribute(r, "href", value);
    }
}

static void keep_attribute(reader *r, vg_str name)
{
    char z[NAME_MAX_BYTES + 1];
    const vg_str value = vg_buf_str(&r->value);
    const bool root = r->depth == 1;
    if (vg_str_eqc(name, "id")) {
        if (!root && svg_plain_id(value)) {
            r->used = r->used ? r->used : r->depth;
            put_attribute(r, "id", value);
        }
    } else if (vg_str_eqc(name, "href")) {
        keep_href(r, value);
    } else if (vg_str_eqc(name, "style")) {
        put_style(r, value);
    } else if (root && (vg_str_eqc(name, "viewBox") || vg_str_eqc(name, "width") ||
                        vg_str_eqc(name, "height"))) {
        note_size(r, name);
    } else if (svg_attribute_known(name) && svg_value_ok(value)) {
        snprintf(z, sizeof z, "%.*s", VG_FMT(name));
        put_attribute(r, z, value);
    }
}

// Attribute values have no line ends, not even written as &#10;.
static void flatten(vg_buf *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->p[i] = blank((unsigned char)b->p[i]) ? ' ' : b->p[i];
    }
}

static vg_status read_value(reader *r)
{
    const int quote = peek(r);
    if (quote != '"' && quote != '\'') {
        return bad(r, "sites.svg_syntax");
    }
    r->at++;
    vg_buf_reset(&r->value);
    for (;;) {
        const int c = peek(r);
        if (c < 0 || c == '<') {
            return bad(r, "sites.svg_syntax");
        }
        r->at++;
        if (c == quote) {
            flatten(&r->value);
            return VG_OK;
        }
        if (c == '&') {
            VG_TRY(entity(r, &r->value));
        } else {
            vg_buf_ch(&r->value, (char)c);
        }
    }
}

// xlink:href is the older spelling of href.
static vg_str local_attribute(vg_str name)
{
    return vg_str_eqc(name, "xlink:href") ? VG_S("href") : name;
}

// name="value"
static vg_status read_pair(reader *r, vg_str *ret_name)
{
    VG_TRY(read_name(r, ret_name));
    eat_blanks(r);
    if (!eat(r, "=")) {
        return bad(r, "sites.svg_syntax");
    }
    eat_blanks(r);
    return read_value(r);
}

static bool stood_before(const vg_str *names, size_t n, vg_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (vg_str_eq(names[i], name)) {
            return true;
        }
    }
    return false;
}

// Reads the attributes of the element at r->depth; ret_empty is set for <name … />.
static vg_status read_attributes(reader *r, bool *ret_empty)
{
    vg_str names[ATTRIBUTES_MAX];
    for (size_t n = 0; n < ATTRIBUTES_MAX; n++) {
        const bool space = blank(peek(r));
        vg_str name;
        eat_blanks(r);
        if (eat(r, "/>")) {
            *ret_empty = true;
            return VG_OK;
        }
        if (eat(r, ">")) {
            *ret_empty = false;
            return VG_OK;
        }
        if (!space) {
            return bad(r, "sites.svg_syntax");
        }
        VG_TRY(read_pair(r, &name));
        name = local_attribute(name);
        if (stood_before(names, n, name)) {
            return bad(r, "sites.svg_syntax");
        }
        names[n] = name;
        if (!r->skip) {
            keep_attribute(r, name);
        }
    }
    return too_big(r);
}

// --- elements -----------------------------------------------------------------------------------
static vg_status close_element(reader *r)
{
    if (r->skip == r->depth) {
        r->skip = 0;
    } else if (!r->skip) {
        vg_buf_f(r->out, "</%.*s>", VG_FMT(r->name[r->depth]));
    }
    r->used = r->used == r->depth ? 0 : r->used;
    r->depth--;
    return VG_OK;
}

static vg_str local_name(vg_str name)
{
    return vg_str_starts(name, "svg:") ? (vg_str){name.p + 4, name.n - 4} : name;
}

static vg_status end_tag(reader *r)
{
    vg_str name;
    VG_TRY(read_name(r, &name));
    eat_blanks(r);
    if (!eat(r, ">") || r->depth == 0 || !vg_str_eq(local_name(name), r->name[r->depth])) {
        return bad(r, "sites.svg_syntax");
    }
    return close_element(r);
}

// The root is written after its attributes are known, because its size is normalised.
static vg_status start_root(reader *r, vg_str name)
{
    vg_buf rest;
    bool empty = false;
    if (!vg_str_eqc(name, "svg")) {
        return bad(r, "sites.svg_root");
    }
    vg_buf *out = r->out;
    vg_buf_init(&rest, 65536);
    r->out = &rest;
    vg_status st = read_attributes(r, &empty);
    r->out = out;
    if (st == VG_OK && (r->size.width < 1 || r->size.height < 1 || rest.failed)) {
        st = bad(r, "sites.svg_size");
    }
    if (st == VG_OK) {
        const double *v = r->view;
        const double w = r->has_view ? v[2] : r->size.width,
                     h = r->has_view ? v[3] : r->size.height;
        vg_buf_f(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%g %g %g %g\"", v[0],
                 v[1], w, h);
        vg_buf_s(out, vg_buf_str(&rest));
        vg_buf_ch(out, '>');
    }
    vg_buf_done(&rest);
    return st == VG_OK && empty ? close_element(r) : st;
}

static vg_status start_tag(reader *r)
{
    vg_str name;
    bool empty = false;
    VG_TRY(read_name(r, &name));
    name = local_name(name);
    if (r->depth == DEPTH_MAX || ++r->elements > ELEMENTS_MAX) {
        return too_big(r);
    }
    r->depth++;
    r->name[r->depth] = name;
    r->text_kept[r->depth] = svg_has_text(name);
    if (r->depth == 1) {
        return start_root(r, name);
    }
    const bool nested_use = vg_str_eqc(name, "use") && r->used;
    const bool keep = svg_element_known(name) && !vg_str_eqc(name, "svg") && !nested_use;
    if (!r->skip && !keep) {
        r->skip = r->depth;
    }
    if (!r->skip) {
        vg_buf_f(r->out, "<%.*s", VG_FMT(name));
    }
    VG_TRY(read_attributes(r, &empty));
    if (!r->skip) {
        vg_buf_ch(r->out, '>');
    }
    return empty ? close_element(r) : VG_OK;
}

// --- the document -------------------------------------------------------------------------------
static vg_status text(reader *r)
{
    vg_buf_reset(&r->value);
    for (int c; (c = peek(r)) >= 0 && c != '<';) {
        r->at++;
        if (c == '&') {
            VG_TRY(entity(r, &r->value));
        } else {
            vg_buf_ch(&r->value, (char)c);
        }
    }
    if (r->depth == 0 && vg_str_trim(vg_buf_str(&r->value)).n) {
        return bad(r, "sites.svg_syntax");
    }
    if (r->depth && !r->skip && r->text_kept[r->depth]) {
        put_escaped(r->out, vg_buf_str(&r->value));
    }
    return VG_OK;
}

static vg_status markup(reader *r)  // after '<'
{
    if (eat(r, "!--")) {
        return eat_until(r, "-->") ? VG_OK : bad(r, "sites.svg_syntax");
    }
    if (eat(r, "?xml")) {
        return r->elements == 0 && eat_until(r, "?>") ? VG_OK : bad(r, "sites.svg_syntax");
    }
    if (peek(r) == '!' || peek(r) == '?') {
        return bad(r, "sites.svg_doctype");
    }
    if (r->elements && r->depth == 0) {
        return bad(r, "sites.svg_syntax");
    }
    return eat(r, "/") ? end_tag(r) : start_tag(r);
}

static vg_status document(reader *r)
{
    (void)eat(r, "\xEF\xBB\xBF");
    while (r->at < r->s.n) {
        VG_TRY(eat(r, "<") ? markup(r) : text(r));
        if (r->out->failed || r->value.failed) {
            return too_big(r);
        }
    }
    return r->elements && r->depth == 0 ? VG_OK : bad(r, "sites.svg_syntax");
}

// Control characters and the two non-characters may not stand in XML at all.
static bool characters_ok(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && !blank(c)) || c == 0x7F) {
            return false;
        }
    }
    return !memmem(s.p, s.n, "\xEF\xBF\xBE", 3) && !memmem(s.p, s.n, "\xEF\xBF\xBF", 3);
}

vg_status svg_clean(vg_str svg, vg_buf *out, svg_size *ret_size, vg_err *err)
{
    reader r = {.s = svg, .out = out, .err = err};
    if (svg.n > SVG_BYTES_MAX) {
        return too_big(&r);
    }
    if (svg.n == 0 || !vg_utf8_valid(svg) || !characters_ok(svg)) {
        return vg_fail(err, VG_EINVALID, "svg", "err.not_utf8", "%s", "");
    }
    vg_buf_init(&r.value, SVG_BYTES_MAX);
    vg_status st = document(&r);
    vg_buf_done(&r.value);
    if (st == VG_OK && r.pixels > SVG_PIXELS_MAX) {
        st = vg_fail(err, VG_ETOOBIG, "svg", "sites.svg_picture", "%d", SVG_PIXELS_MAX / 1000000);
    }
    if (st == VG_OK) {
        *ret_size = r.size;
    }
    return st;
}
