// SPDX-License-Identifier: Apache-2.0
// Reading and guessing the old encodings. All three are one scheme: a byte is a letter, or a mark that
// changes the letter before it (a shape, a tone or both); only the tables differ. TCVN3 here is the superset
// TCVN 5712 VN1, which has some capitals, too. What was taken for Windows-1252 and saved as UTF-8 is first
// brought back to its bytes.
//
// Guessing tries every reading and counts the accented words that are syllables: right readings reach nine
// in ten, wrong ones next to nothing. It does not guess languages: French in Latin-1 is "unknown".
#include "ident/legacy_text.h"

#include "base/text.h"
#include "ident/viet.h"

#include <utf8proc.h>

enum { SAMPLE_BYTES = 64 << 10, MAX_WORD = 8, ENOUGH_PERCENT = 60 };
enum { BAD = 0xFFFD, END = 0x110000, NOT_A_BYTE = 0x100 };

typedef struct mark {
    unsigned char byte, shape, tone;
} mark;

typedef struct scheme {
    const uint32_t *high;  // letters of 0x80 to 0xFF; BAD: a mark or nothing
    const mark *marks;     // byte 0 ends
    bool capitals_by_font;
} scheme;

// '?' stands for BAD below.
static const uint32_t TCVN3[] = U"ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
                                U"\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ?????àảãáạẲằẳẵắẴ"
                                U"ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
                                U"ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ";
static const mark TCVN3_MARKS[] = {
    {0xB0, VG_SHAPE_NONE, VG_TONE_GRAVE}, {0xB1, VG_SHAPE_NONE, VG_TONE_HOOK},
    {0xB2, VG_SHAPE_NONE, VG_TONE_TILDE}, {0xB3, VG_SHAPE_NONE, VG_TONE_ACUTE},
    {0xB4, VG_SHAPE_NONE, VG_TONE_DOT},   {0}};

static const uint32_t VNI[] = U"€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ"
                              U"\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿"
                              U"??????Ỉ?????ÌÍỴ??ĐỊĨƠ?Ư?????????"
                              U"??????ỉ?????ìíỵ??địĩơ?ư?????????";
// Upper-case marks are 0x20 lower.
static const mark VNI_MARKS[] = {
    {0xF9, VG_SHAPE_NONE, VG_TONE_ACUTE},       {0xF8, VG_SHAPE_NONE, VG_TONE_GRAVE},
    {0xFB, VG_SHAPE_NONE, VG_TONE_HOOK},        {0xF5, VG_SHAPE_NONE, VG_TONE_TILDE},
    {0xEF, VG_SHAPE_NONE, VG_TONE_DOT},         {0xE2, VG_SHAPE_CIRCUMFLEX, VG_TONE_LEVEL},
    {0xE1, VG_SHAPE_CIRCUMFLEX, VG_TONE_ACUTE}, {0xE0, VG_SHAPE_CIRCUMFLEX, VG_TONE_GRAVE},
    {0xE5, VG_SHAPE_CIRCUMFLEX, VG_TONE_HOOK},  {0xE3, VG_SHAPE_CIRCUMFLEX, VG_TONE_TILDE},
    {0xE4, VG_SHAPE_CIRCUMFLEX, VG_TONE_DOT},   {0xEA, VG_SHAPE_BREVE, VG_TONE_LEVEL},
    {0xE9, VG_SHAPE_BREVE, VG_TONE_ACUTE},      {0xE8, VG_SHAPE_BREVE, VG_TONE_GRAVE},
    {0xFA, VG_SHAPE_BREVE, VG_TONE_HOOK},       {0xFC, VG_SHAPE_BREVE, VG_TONE_TILDE},
    {0xEB, VG_SHAPE_BREVE, VG_TONE_DOT},        {0}};

static const uint32_t CP1258[] = U"€?‚ƒ„…†‡ˆ‰?‹Œ????‘’“”•–—˜™?›œ??Ÿ"
                                 U"\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿"
                                 U"ÀÁÂĂÄÅÆÇÈÉÊË?ÍÎÏĐÑ?ÓÔƠÖ×ØÙÚÛÜƯ?ß"
                                 U"àáâăäåæçèéêë?íîïđñ?óôơö÷øùúûüư₫ÿ";
static const mark CP1258_MARKS[] = {
    {0xCC, VG_SHAPE_NONE, VG_TONE_GRAVE}, {0xD2, VG_SHAPE_NONE, VG_TONE_HOOK},
    {0xDE, VG_SHAPE_NONE, VG_TONE_TILDE}, {0xEC, VG_SHAPE_NONE, VG_TONE_ACUTE},
    {0xF2, VG_SHAPE_NONE, VG_TONE_DOT},   {0}};

static const scheme SCHEMES[] = {
    [VG_LEGACY_TCVN3] = {TCVN3, TCVN3_MARKS, true},
    [VG_LEGACY_VNI] = {VNI, VNI_MARKS},
    [VG_LEGACY_CP1258] = {CP1258, CP1258_MARKS},
    [VG_LEGACY_TCVN3_IN_UTF8] = {TCVN3, TCVN3_MARKS, true},
    [VG_LEGACY_VNI_IN_UTF8] = {VNI, VNI_MARKS},
};
_Static_assert(sizeof TCVN3 == 129 * 4 && sizeof VNI == 129 * 4 && sizeof CP1258 == 129 * 4,
               "128 letters each");

// --- units: bytes, or what was once a byte ------------------------------------------------------------
typedef struct reader {
    vg_legacy how;
    vg_str in;
    size_t at;
} reader;

// Windows-1252's printable characters outside Latin-1, by byte from 0x80.
static const uint32_t CP1252[] = U"€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ";

static uint32_t to_byte(uint32_t c)
{
    if (c < 0x100) {
        return c;
    }
    for (uint32_t i = 0; i < 32; i++) {
        if (CP1252[i] == c) {
            return 0x80 + i;
        }
    }
    return NOT_A_BYTE;
}

// The unit at `at`: 0..0xFF, or NOT_A_BYTE with its code point in ret_c. Returns its length, 0 at the end.
static size_t unit(const reader *r, size_t at, uint32_t *ret_unit, uint32_t *ret_c)
{
    if (at >= r->in.n) {
        return 0;
    }
    const bool utf8 = r->how == VG_LEGACY_UTF8 || r->how >= VG_LEGACY_TCVN3_IN_UTF8;
    *ret_unit = *ret_c = (unsigned char)r->in.p[at];
    if (!utf8 || *ret_c < 0x80) {
        return 1;
    }
    utf8proc_int32_t c;
    const utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)r->in.p + at,
                                                (utf8proc_ssize_t)(r->in.n - at), &c);
    *ret_c = n > 0 ? (uint32_t)c : BAD;
    *ret_unit = n > 0 && r->how != VG_LEGACY_UTF8 ? to_byte(*ret_c) : NOT_A_BYTE;
    return n > 0 ? (size_t)n : 1;
}

static const mark *mark_of(const scheme *s, uint32_t byte)
{
    for (const mark *m = s->marks; m->byte; m++) {
        if (m->byte == byte || (s->marks == VNI_MARKS && byte == m->byte - 0x20U)) {
            return m;
        }
    }
    return NULL;
}

// The letter c with the marks that follow it.
static uint32_t with_marks(reader *r, const scheme *s, uint32_t c)
{
    uint32_t byte, ignored;
    size_t n;
    while ((n = unit(r, r->at, &byte, &ignored)) && byte >= 0x80 && byte < NOT_A_BYTE) {
        const mark *m = mark_of(s, byte);
        const uint32_t made =
            m ? vg_viet_compose(c, (vg_vowel_shape)m->shape, (vg_tone)m->tone) : 0;
        if (!made) {
            break;
        }
        c = made;
        r->at += n;
    }
    return c;
}

// The next character; BAD for a byte that means nothing, END at the end.
static uint32_t next(reader *r)
{
    uint32_t byte, c;
    const size_t n = unit(r, r->at, &byte, &c);
    if (!n) {
        return END;
    }
    r->at += n;
    if (r->how == VG_LEGACY_UTF8 || byte == NOT_A_BYTE) {
        return c;
    }
    const scheme *s = &SCHEMES[r->how];
    if (byte >= 0x80) {
        c = s->high[byte - 0x80] == '?' ? BAD : s->high[byte - 0x80];
    }
    return c == BAD ? c : with_marks(r, s, c);
}

// --- converting ---------------------------------------------------------------------------------
static bool ends_field(uint32_t c)
{
    return c == END || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == ';' || c == '|';
}

// Is the field at r in capitals: two of them together somewhere, and no small plain letter?
static bool in_capitals(reader r)
{
    bool two = false, before = false;
    for (uint32_t c = next(&r); !ends_field(c); c = next(&r)) {
        const bool capital = c >= 'A' && c <= 'Z';
        if (c >= 'a' && c <= 'z') {
            return false;
        }
        two = two || (before && capital);
        before = capital;
    }
    return two;
}

static size_t put(uint32_t c, char *out, size_t room)
{
    utf8proc_uint8_t b[4];
    const size_t n = (size_t)utf8proc_encode_char((utf8proc_int32_t)c, b);
    if (n > room) {
        return 0;
    }
    memcpy(out, b, n);
    return n;
}

vg_status vg_legacy_to_utf8(vg_legacy how, vg_str s, char *out, size_t cap, size_t *ret_n,
                            size_t *ret_bad, vg_err *err)
{
    if (how < VG_LEGACY_UTF8 || how >= VG_LEGACY_UNKNOWN) {
        return vg_fail(err, VG_EINVALID, "", "ident.encoding_unknown", "%s", "");
    }
    reader r = {.how = how, .in = s};
    const bool by_font = SCHEMES[how].capitals_by_font;
    bool capitals = by_font && in_capitals(r);
    size_t n = 0, bad = 0;
    for (uint32_t c = next(&r); c != END; c = next(&r)) {
        const size_t k = put(capitals ? vg_viet_upper(c) : c, out + n, cap - n);
        if (!k) {
            return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu", cap);
        }
        n += k;
        bad += c == BAD;
        if (by_font && ends_field(c)) {
            capitals = in_capitals(r);
        }
    }
    *ret_n = n;
    if (ret_bad) {
        *ret_bad = bad;
    }
    return VG_OK;
}

// --- guessing -----------------------------------------------------------------------------------
typedef struct tally {
    size_t good, bad;
} tally;

static void judge(tally *t, const uint32_t *word, size_t n, bool accented)
{
    if (accented) {
        const bool is = n <= MAX_WORD && vg_viet_syllable(word, n);
        t->good += is;
        t->bad += !is;
    }
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80) {
        return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    const utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_MN;
}

// Marks of text in decomposed form (a file from a Mac) belong to the letter before.
static uint32_t joined(uint32_t letter, uint32_t c)
{
    static const struct {
        uint32_t mark;
        vg_vowel_shape shape;
        vg_tone tone;
    } MARKS[] = {
        {0x300, VG_SHAPE_NONE, VG_TONE_GRAVE},  {0x309, VG_SHAPE_NONE, VG_TONE_HOOK},
        {0x303, VG_SHAPE_NONE, VG_TONE_TILDE},  {0x301, VG_SHAPE_NONE, VG_TONE_ACUTE},
        {0x323, VG_SHAPE_NONE, VG_TONE_DOT},    {0x302, VG_SHAPE_CIRCUMFLEX, VG_TONE_LEVEL},
        {0x306, VG_SHAPE_BREVE, VG_TONE_LEVEL}, {0x31B, VG_SHAPE_HORN, VG_TONE_LEVEL}};
    for (size_t i = 0; i < VG_LEN(MARKS); i++) {
        if (MARKS[i].mark == c) {
            return vg_viet_compose(letter, MARKS[i].shape, MARKS[i].tone);
        }
    }
    return 0;
}

static tally try_as(vg_legacy how, vg_str s)
{
    reader r = {.how = how, .in = s};
    tally t = {0};
    uint32_t word[MAX_WORD + 1];
    size_t n = 0;
    bool accented = false;
    for (uint32_t c = next(&r);; c = next(&r)) {
        if (c != END && is_letter(c)) {
            const uint32_t one = n && n <= MAX_WORD ? joined(word[n - 1], c) : 0;
            if (one) {
                word[n - 1] = one;
            } else if (n++ < MAX_WORD) {
                word[n - 1] = c;
            }
            accented = accented || c >= 0x80;
            continue;
        }
        // A high character that is no letter, inside a word, spoils the reading.
        t.bad += c == BAD || (n && c >= 0x80 && c != END && c != 0xA0);
        judge(&t, word, n, accented);
        n = 0;
        accented = false;
        if (c == END) {
            return t;
        }
    }
}

vg_legacy vg_legacy_detect(vg_str s)
{
    static const vg_legacy BYTES[] = {VG_LEGACY_TCVN3, VG_LEGACY_VNI, VG_LEGACY_CP1258};
    static const vg_legacy TEXT[] = {VG_LEGACY_UTF8, VG_LEGACY_TCVN3_IN_UTF8,
                                     VG_LEGACY_VNI_IN_UTF8};
    const bool cut = s.n > SAMPLE_BYTES;
    s.n = cut ? SAMPLE_BYTES : s.n;
    const size_t valid = vg_utf8_prefix(s);
    const bool utf8 = valid == s.n || (cut && s.n - valid < 4);
    vg_legacy best = utf8 ? VG_LEGACY_UTF8 : VG_LEGACY_UNKNOWN;
    size_t most = 0;
    for (size_t i = 0; i < 3; i++) {
        const vg_legacy how = utf8 ? TEXT[i] : BYTES[i];
        const tally t = try_as(how, s);
        const size_t percent = t.good ? t.good * 100 / (t.good + t.bad) : 0;
        if (percent >= ENOUGH_PERCENT && percent > most) {
            best = how;
            most = percent;
        }
    }
    return best;
}

// --- names --------------------------------------------------------------------------------------
static const char *const NAMES[] = {
    [VG_LEGACY_UTF8] = "utf-8",
    [VG_LEGACY_TCVN3] = "tcvn3",
    [VG_LEGACY_VNI] = "vni",
    [VG_LEGACY_CP1258] = "windows-1258",
    [VG_LEGACY_TCVN3_IN_UTF8] = "tcvn3-in-utf-8",
    [VG_LEGACY_VNI_IN_UTF8] = "vni-in-utf-8",
    [VG_LEGACY_UNKNOWN] = "unknown",
};

const char *vg_legacy_name(vg_legacy how)
{
    return how >= VG_LEGACY_UTF8 && how <= VG_LEGACY_UNKNOWN ? NAMES[how] : "unknown";
}

vg_legacy vg_legacy_parse(vg_str name)
{
    for (int i = 0; i < VG_LEGACY_UNKNOWN; i++) {
        if (vg_str_eqc(name, NAMES[i])) {
            return (vg_legacy)i;
        }
    }
    return VG_LEGACY_UNKNOWN;
}
