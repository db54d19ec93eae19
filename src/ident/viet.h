// SPDX-License-Identifier: Apache-2.0
// Letters and syllables of Vietnamese. Pure, any thread, no allocation.
#pragma once

#include "base/str.h"

// Order of the tables: level, huyền, hỏi, ngã, sắc, nặng.
typedef enum vg_tone {
    VG_TONE_LEVEL,
    VG_TONE_GRAVE,
    VG_TONE_HOOK,
    VG_TONE_TILDE,
    VG_TONE_ACUTE,
    VG_TONE_DOT
} vg_tone;

typedef enum vg_vowel_shape {
    VG_SHAPE_NONE,
    VG_SHAPE_CIRCUMFLEX,
    VG_SHAPE_BREVE,
    VG_SHAPE_HORN
} vg_vowel_shape;

// Letter c with a shape and a tone added, case kept; 0 if the language has no such letter or c has one
// already of what is added.
uint32_t vg_viet_compose(uint32_t c, vg_vowel_shape shape, vg_tone tone);
// The upper-case letter of an accented Vietnamese letter or of đ; anything else is returned as it is.
uint32_t vg_viet_upper(uint32_t c);
// Is the word a possible syllable: initial, rhyme, at most one tone? Either case. Says nothing of meaning.
bool vg_viet_syllable(const uint32_t *word, size_t n);
