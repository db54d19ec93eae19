// SPDX-License-Identifier: Apache-2.0
// Everything but letters and digits falls away, Đ becomes D, and the rest is held against the patterns of
// data/plates.txt: all that fit give a class. A plate no pattern knows is no error, for circulars change and
// foreign vehicles come: it matches by its key like any other. The distance is a weighted edit distance whose
// cheap substitutions are the file's `alike` sets.
#include "ident/plate.h"

#include "base/text.h"
#include "ident/table.h"

enum { COST_ALIKE = 1, COST_GAP = 2, COST_OTHER = 3, MAYBE = 2, MAX_TEXT = 64 };

static const char *const CLASS_NAMES[] = {
#define X(name) #name,
#include "ident/plate_classes.def"
#undef X
};
static const char *const COLOUR_NAMES[] = {"unknown", "white", "yellow", "blue", "red"};

const char *vg_plate_class_name(vg_plate_class c)
{
    return CLASS_NAMES[c];
}

const char *vg_plate_colour_name(vg_plate_colour c)
{
    return COLOUR_NAMES[c];
}

vg_str vg_plate_forms(void)
{
    return vg_ident_file("plates.txt");
}

static void load_sets(vg_ident_sets *sets)
{
    vg_str file = vg_ident_file("plates.txt");
    vg_ident_line l;
    *sets = (vg_ident_sets){0};
    while (vg_ident_next(&file, &l)) {
        if (vg_str_eqc(l.word[0], "set")) {
            sets->of[l.word[1].p[0] - 'a'] = l.rest;
        }
    }
}

// The first of the set that c is in: what all of them are looked up by.
static char looks_like(char c)
{
    vg_str file = vg_ident_file("plates.txt");
    vg_ident_line l;
    while (vg_ident_next(&file, &l)) {
        if (vg_str_eqc(l.word[0], "alike") && memchr(l.word[1].p, c, l.word[1].n)) {
            return l.word[1].p[0];
        }
    }
    return c;
}

static uint32_t class_bit(vg_str name)
{
    for (uint32_t c = 0; c < VG_PLATE_CLASSES; c++) {
        if (vg_str_eqc(name, CLASS_NAMES[c])) {
            return UINT32_C(1) << c;
        }
    }
    return 0;
}

// The classes of key, and the pattern of `wanted` (may be NULL).
static uint32_t fitting(const char *key, uint32_t wanted, vg_str *ret_pattern)
{
    vg_str file = vg_ident_file("plates.txt");
    vg_ident_sets sets;
    vg_ident_line l;
    uint32_t classes = 0;
    load_sets(&sets);
    while (vg_ident_next(&file, &l)) {
        const uint32_t bit = class_bit(l.word[0]);
        if (bit && vg_ident_fits(l.word[1], &sets, "-.", vg_str_c(key))) {
            classes |= bit;
            if (bit & wanted && !ret_pattern->n) {  // the first one
                *ret_pattern = l.word[1];
            }
        }
    }
    return classes;
}

vg_status vg_plate_parse(vg_str s, vg_plate *ret, vg_err *err)
{
    char folded[MAX_TEXT];
    vg_plate p = {0};
    size_t n = 0;
    if (s.n > MAX_TEXT / 2) {
        return vg_fail(err, VG_EINVALID, "plate", "ident.plate_long", "%d", VG_PLATE_KEY - 1);
    }
    const size_t k = vg_fold_to(s, folded, sizeof folded);
    for (size_t i = 0; i < k; i++) {
        char c = folded[i];
        if (strchr(" -._/:\"'", c)) {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c;
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
            return vg_fail(err, VG_EINVALID, "plate", "ident.plate_character", "%c",
                           (unsigned char)c < 0x80 ? c : '?');
        }
        if (n + 1 == sizeof p.key) {
            return vg_fail(err, VG_EINVALID, "plate", "ident.plate_long", "%d", VG_PLATE_KEY - 1);
        }
        p.loose[n] = looks_like(c);
        p.key[n++] = c;
    }
    if (!n) {
        return vg_fail(err, VG_EINVALID, "plate", "ident.plate_empty", "%s", "");
    }
    p.classes = fitting(p.key, 0, NULL);
    *ret = p;
    return VG_OK;
}

uint32_t vg_plate_narrow(uint32_t classes, vg_plate_colour colour)
{
    const uint32_t army = UINT32_C(1) << VG_PLATE_military;
    switch (colour) {
    case VG_COLOUR_RED:
        return classes & army;
    case VG_COLOUR_WHITE:
    case VG_COLOUR_YELLOW:
    case VG_COLOUR_BLUE:
        return classes & ~army;
    case VG_COLOUR_UNKNOWN:
    default:
        return classes;
    }
}

void vg_plate_print(const vg_plate *p, vg_plate_class cls, char out[24])
{
    vg_str pattern = {0};
    fitting(p->key, UINT32_C(1) << cls, &pattern);
    if (pattern.n) {
        vg_ident_print(pattern, "-.", vg_str_c(p->key), out, 24);
    } else {
        snprintf(out, 24, "%s", p->key);
    }
}

static int least(int a, int b, int c)
{
    const int m = a < b ? a : b;
    return m < c ? m : c;
}

int vg_plate_distance(const char *a, const char *b)
{
    const size_t na = strnlen(a, VG_PLATE_KEY - 1), nb = strnlen(b, VG_PLATE_KEY - 1);
    int row[VG_PLATE_KEY];
    for (size_t j = 0; j <= nb; j++) {
        row[j] = (int)j * COST_GAP;
    }
    for (size_t i = 1; i <= na; i++) {
        int diagonal = row[0];
        row[0] = (int)i * COST_GAP;
        const char like = looks_like(a[i - 1]);
        for (size_t j = 1; j <= nb; j++) {
            const int cost = a[i - 1] == b[j - 1]           ? 0
                             : like == looks_like(b[j - 1]) ? COST_ALIKE
                                                            : COST_OTHER;
            const int here = least(diagonal + cost, row[j] + COST_GAP, row[j - 1] + COST_GAP);
            diagonal = row[j];
            row[j] = here;
        }
    }
    return row[nb];
}

vg_plate_match vg_plate_compare(const char *a, const char *b)
{
    const int d = vg_plate_distance(a, b);
    return d == 0 ? VG_PLATE_SAME : d <= MAYBE ? VG_PLATE_MAYBE : VG_PLATE_DIFFERENT;
}
