// SPDX-License-Identifier: Apache-2.0
// Number plates. The compact form is only a key to match by: the same characters may be a car's and a
// motorcycle's plate, so the class is a set, narrowed by what the camera or the guard saw. Colours are not in
// the text. Pure, any thread, no allocation. Patterns: data/plates.txt.
#pragma once

#include "base/str.h"

typedef enum vg_plate_class {
#define X(name) VG_PLATE_##name,
#include "ident/plate_classes.def"
#undef X
    VG_PLATE_CLASSES
} vg_plate_class;

typedef enum vg_plate_colour {
    VG_COLOUR_UNKNOWN,
    VG_COLOUR_WHITE,
    VG_COLOUR_YELLOW,  // commercial transport
    VG_COLOUR_BLUE,    // state bodies
    VG_COLOUR_RED      // army
} vg_plate_colour;

enum { VG_PLATE_KEY = 16 };

typedef struct vg_plate {
    char key[VG_PLATE_KEY];  // capitals and digits; Đ is D
    char loose
        [VG_PLATE_KEY];  // key with characters that cameras confuse made equal: an index to look up by
    uint32_t classes;  // bits 1 << vg_plate_class; 0: no pattern fits (still a key to match by)
} vg_plate;

// VG_EINVALID, field "plate": ident.plate_empty, ident.plate_long, ident.plate_character.
vg_status vg_plate_parse(vg_str s, vg_plate *ret, vg_err *err) VG_USE_RESULT;
// The classes that remain for a colour; 0: text and colour contradict one another.
uint32_t vg_plate_narrow(uint32_t classes, vg_plate_colour colour);
// As printed ("29A-433.74") under one of its classes; the key if it has no such class.
void vg_plate_print(const vg_plate *p, vg_plate_class cls, char out[24]);

typedef enum vg_plate_match { VG_PLATE_SAME, VG_PLATE_MAYBE, VG_PLATE_DIFFERENT } vg_plate_match;
// Distance of two keys: 1 for a pair that cameras confuse, 2 for a character missing, 3 for another one.
// 0 is the same, up to 2 maybe.
int vg_plate_distance(const char *a, const char *b);
vg_plate_match vg_plate_compare(const char *a, const char *b);

// data/plates.txt as it stands, for whoever reads plates away from the node.
vg_str vg_plate_forms(void);

const char *vg_plate_class_name(vg_plate_class c);    // "car"; shown by the key "ident.plate.car"
const char *vg_plate_colour_name(vg_plate_colour c);  // "white"
