// SPDX-License-Identifier: Apache-2.0
// The twelve vowels with their six tones, and what a syllable may be made of. A Vietnamese word is written
// syllable by syllable, and of the strings one could write very few are syllables: that is what tells the
// right reading of an unknown file from the wrong ones (legacy_text.c). Rhymes are held without tone, vowels
// with a shape as one digit each, so that a table of plain text can be searched. Foreign words, names of
// minority languages and abbreviations are no syllables here and need not be.
#include "ident/viet.h"

enum { VOWELS = 12, TONES = 6, MAX_LETTERS = 7 };

static const uint32_t LOWER[VOWELS * TONES + 1] =
    U"aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ";
static const uint32_t UPPER[VOWELS * TONES + 1] =
    U"AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬEÈẺẼÉẸÊỀỂỄẾỆIÌỈĨÍỊOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢUÙỦŨÚỤƯỪỬỮỨỰYỲỶỸÝỴ";
// ă 1, â 2, ê 3, ô 4, ơ 5, ư 6, đ 7
static const char PLAIN[VOWELS + 1] = "a12e3io45u6y";

static const char *const INITIALS[] = {"ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th",
                                       "tr",  "b",  "c",  "d",  "7",  "g",  "h",  "k",  "l",  "m",
                                       "n",   "p",  "r",  "s",  "t",  "v",  "x",  ""};

static const char RHYMES[] =
    " a ac ach ai am an ang anh ao ap at au ay 1c 1k 1m 1n 1ng 1p 1t 2c 2m 2n 2ng 2p 2t 2u 2y"
    " e ec em en eng eo ep et 3 3ch 3m 3n 3nh 3p 3t 3u"
    " i ia ich i3c i3m i3n i3ng i3p i3t i3u im in inh ip it iu"
    " o oa oac oach oai oam oan oang oanh oao oap oat oay o1c o1m o1n o1ng o1t oc oe oen oeo oet oi"
    " om on ong ooc oong op ot 4 4c 4i 4m 4n 4ng 4p 4t 5 5i 5m 5n 5p 5t"
    " u ua u2n u2ng u2t u2y uc u3 u3ch u3n u3nh u3t ui um un ung u4c u4i u4m u4n u4ng u4t u5 up ut"
    " uy uya uych uy3n uy3t uyn uynh uyp uyt uyu"
    " 6 6a 6c 6i 6m 6n 6ng 65c 65i 65m 65n 65ng 65p 65t 65u 6t 6u"
    " y y3m y3n y3ng y3t y3u ynh yt ych ya yu ";

static int find(const uint32_t *table, uint32_t c)
{
    for (int i = 0; i < VOWELS * TONES; i++) {
        if (table[i] == c) {
            return i;
        }
    }
    return -1;
}

// Vowel that results from a shape: a gives â and ă, u gives ư; -1: none such.
static int shaped(int vowel, vg_vowel_shape shape)
{
    static const struct {
        signed char from, to;
        vg_vowel_shape shape;
    } SHAPES[] = {{0, 1, VG_SHAPE_BREVE},      {0, 2, VG_SHAPE_CIRCUMFLEX},
                  {3, 4, VG_SHAPE_CIRCUMFLEX}, {6, 7, VG_SHAPE_CIRCUMFLEX},
                  {6, 8, VG_SHAPE_HORN},       {9, 10, VG_SHAPE_HORN}};
    for (size_t i = 0; i < VG_LEN(SHAPES); i++) {
        if (SHAPES[i].from == vowel && SHAPES[i].shape == shape) {
            return SHAPES[i].to;
        }
    }
    return shape == VG_SHAPE_NONE ? vowel : -1;
}

uint32_t vg_viet_compose(uint32_t c, vg_vowel_shape shape, vg_tone tone)
{
    const uint32_t *table = LOWER;
    int at = find(LOWER, c);
    if (at < 0) {
        table = UPPER;
        at = find(UPPER, c);
    }
    if (at < 0 || (at % TONES && tone != VG_TONE_LEVEL)) {
        return 0;
    }
    const int vowel = shaped(at / TONES, shape);
    return vowel < 0 ? 0 : table[vowel * TONES + at % TONES + (int)tone];
}

uint32_t vg_viet_upper(uint32_t c)
{
    const int at = c < 0x80 ? -1 : find(LOWER, c);
    return at >= 0 ? UPPER[at] : c == 0x111 ? 0x110 : c;
}

// One letter as it stands in the tables above; '\0': none of the language's.
static char plain(uint32_t c, int *tones)
{
    if (c < 0x80) {
        const char l = (char)(c | 0x20);
        if (l >= 'a' && l <= 'z' && c >= 'A' && !strchr("fjwz", l)) {
            return l;
        }
        return '\0';
    }
    if (c == 0x111 || c == 0x110) {
        return '7';
    }
    const int lower = find(LOWER, c), at = lower >= 0 ? lower : find(UPPER, c);
    if (at < 0) {
        return '\0';
    }
    *tones += at % TONES != 0;
    return PLAIN[at / TONES];
}

static bool rhymes(const char *rest)
{
    char key[MAX_LETTERS + 3];
    snprintf(key, sizeof key, " %s ", rest);
    return *rest && strstr(RHYMES, key);
}

bool vg_viet_syllable(const uint32_t *word, size_t n)
{
    char w[MAX_LETTERS + 1];
    int tones = 0;
    if (n == 0 || n > MAX_LETTERS) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        w[i] = plain(word[i], &tones);
        if (!w[i]) {
            return false;
        }
    }
    w[n] = '\0';
    for (size_t i = 0; tones <= 1 && i < VG_LEN(INITIALS); i++) {
        const size_t k = strlen(INITIALS[i]);
        if (strncmp(w, INITIALS[i], k) == 0 && rhymes(w + k)) {
            return true;
        }
    }
    return false;
}
