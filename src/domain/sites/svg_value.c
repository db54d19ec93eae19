// SPDX-License-Identifier: Apache-2.0
// The lists: which elements and attributes of a drawing pass, and with which values. Pure functions of text.
#include "domain/sites/svg_value.h"

static const char *const elements[] = {
    "svg",      "g",       "path",     "rect",           "circle",         "ellipse", "line",
    "polyline", "polygon", "text",     "tspan",          "title",          "desc",    "defs",
    "symbol",   "use",     "clipPath", "linearGradient", "radialGradient", "stop",    "image",
};
static const char *const text_elements[] = {"text", "tspan", "title", "desc"};
static const char *const attributes[] = {
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "dx",
    "dy",
    "d",
    "points",
    "width",
    "height",
    "viewBox",
    "preserveAspectRatio",
    "transform",
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-opacity",
    "stroke-miterlimit",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "letter-spacing",
    "clip-path",
    "clip-rule",
    "color",
    "display",
    "visibility",
    "offset",
    "stop-color",
    "stop-opacity",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "rotate",
    "vector-effect",
    "clipPathUnits",
};

static bool listed(const char *const *list, size_t n, vg_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (vg_str_eqc(name, list[i])) {
            return true;
        }
    }
    return false;
}

bool svg_element_known(vg_str name)
{
    return listed(elements, VG_LEN(elements), name);
}

bool svg_has_text(vg_str name)
{
    return listed(text_elements, VG_LEN(text_elements), name);
}

bool svg_attribute_known(vg_str name)
{
    return listed(attributes, VG_LEN(attributes), name);
}

static bool blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool svg_name_char(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == ':' || c >= 0x80;
}

bool svg_plain_id(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const int c = (unsigned char)s.p[i];
        if (!svg_name_char(c) || c >= 0x80 || c == ':') {
            return false;
        }
    }
    return s.n > 0 && s.n <= 120;
}

static bool contains(vg_str s, const char *z)
{
    return s.n && memmem(s.p, s.n, z, strlen(z)) != NULL;
}

static bool has_url(vg_str v)
{
    for (size_t i = 0; i + 3 <= v.n; i++) {
        if ((v.p[i] | 0x20) == 'u' && (v.p[i + 1] | 0x20) == 'r' && (v.p[i + 2] | 0x20) == 'l') {
            return true;
        }
    }
    return false;
}

bool svg_value_ok(vg_str v)
{
    v = vg_str_trim(v);
    if (contains(v, "\\") || contains(v, "/*") || contains(v, "@") || contains(v, "<")) {
        return false;
    }
    if (!has_url(v)) {
        return true;
    }
    return vg_str_starts(v, "url(#") && v.p[v.n - 1] == ')' &&
           svg_plain_id((vg_str){v.p + 5, v.n - 6});
}

bool svg_base64_image(vg_str v)
{
    static const char *const heads[] = {"data:image/png;base64,", "data:image/jpeg;base64,"};
    for (size_t i = 0; i < VG_LEN(heads); i++) {
        if (!vg_str_starts(v, heads[i])) {
            continue;
        }
        for (size_t k = strlen(heads[i]); k < v.n; k++) {
            const char c = v.p[k];
            const bool digit =
                (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!digit && c != '+' && c != '/' && c != '=' && !blank(c)) {
                return false;
            }
        }
        return true;
    }
    return false;
}
