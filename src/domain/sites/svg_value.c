// SPDX-License-Identifier: Apache-2.0
// The lists: which elements and attributes of a drawing pass, and with which values. Pure functions of text.
#include "domain/sites/svg_value.h"

#include <sodium.h>

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

// --- pictures in a drawing ------------------------------------------------------------------------
// How large a picture says it is: the browser of whoever looks makes room for that before it has read it.
static uint32_t be32(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t pixels_of_png(const unsigned char *b, size_t n)
{
    static const unsigned char head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    if (n < 24 || memcmp(b, head, 16) != 0) {
        return 0;
    }
    const uint32_t w = be32(b + 16), h = be32(b + 20);
    return w <= INT32_MAX && h <= INT32_MAX ? (int64_t)w * h : 0;
}

static bool is_frame(unsigned char marker)  // SOF0 to SOF15 but for DHT, JPG and DAC
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static int64_t pixels_of_jpeg(const unsigned char *b, size_t n)
{
    size_t at = 2;
    if (n < 4 || b[0] != 0xFF || b[1] != 0xD8) {
        return 0;
    }
    while (at + 9 <= n && b[at] == 0xFF) {
        if (is_frame(b[at + 1])) {
            return (int64_t)(b[at + 5] << 8 | b[at + 6]) * (b[at + 7] << 8 | b[at + 8]);
        }
        at += 2 + (size_t)(b[at + 2] << 8 | b[at + 3]);
    }
    return 0;
}

int64_t svg_picture_pixels(vg_str v)
{
    static const struct {
        const char *head;
        int64_t (*pixels)(const unsigned char *b, size_t n);
    } kinds[] = {{"data:image/png;base64,", pixels_of_png},
                 {"data:image/jpeg;base64,", pixels_of_jpeg}};
    int64_t pixels = 0;
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        const size_t k = strlen(kinds[i].head);
        if (vg_str_starts(v, kinds[i].head)) {
            unsigned char *b = vg_alloc(v.n);
            size_t n;
            if (sodium_base642bin(b, v.n, v.p + k, v.n - k, " \t\r\n", &n, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0) {
                pixels = kinds[i].pixels(b, n);
            }
            free(b);
        }
    }
    return pixels;
}
