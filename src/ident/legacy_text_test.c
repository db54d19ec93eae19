// SPDX-License-Identifier: Apache-2.0
// Old encodings: tables against libc's, round trips against a naive encoder, guesses on invented lists.
#include "ident/legacy_text.h"

#include "base/prop_test.h"
#include "base/text.h"
#include "ident/viet.h"

#include <iconv.h>

#include <setjmp.h>
#include <cmocka.h>

enum { ROOM = 8192 };

static const char *const UNICODE = "à ả ã á ạ ă ằ ẳ ẵ ắ ặ â ầ ẩ ẫ ấ ậ è ẻ ẽ é ẹ ê ề ể ễ ế ệ ì ỉ ĩ "
                                   "í ị ò ỏ õ ó ọ ô ồ ổ ỗ ố ộ ơ ờ ở ỡ ớ ợ"
                                   " ù ủ ũ ú ụ ư ừ ử ữ ứ ự ỳ ỷ ỹ ý ỵ đ "
                                   "À Ả Ã Á Ạ Ă Ằ Ẳ Ẵ Ắ Ặ Â Ầ Ẩ Ẫ Ấ Ậ È Ẻ Ẽ É Ẹ Ê Ề Ể Ễ Ế Ệ Ì Ỉ Ĩ "
                                   "Í Ị Ò Ỏ Õ Ó Ọ Ô Ồ Ổ Ỗ Ố Ộ Ơ Ờ Ở Ỡ Ớ Ợ"
                                   " Ù Ủ Ũ Ú Ụ Ư Ừ Ử Ữ Ứ Ự Ỳ Ỷ Ỹ Ý Ỵ Đ";
static const char *const VNI_TEXT =
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò "
    "oø oû"
    " oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î ñ "
    "AØ AÛ AÕ AÙ AÏ AÊ AÈ AÚ AÜ AÉ AË AÂ AÀ AÅ AÃ AÁ AÄ EØ EÛ EÕ EÙ EÏ EÂ EÀ EÅ EÃ EÁ EÄ Ì Æ Ó Í Ò "
    "OØ OÛ"
    " OÕ OÙ OÏ OÂ OÀ OÅ OÃ OÁ OÄ Ô ÔØ ÔÛ ÔÕ ÔÙ ÔÏ UØ UÛ UÕ UÙ UÏ Ö ÖØ ÖÛ ÖÕ ÖÙ ÖÏ YØ YÛ YÕ YÙ Î Ñ";

static const char *const LIST = "Nguyễn Văn Đức, tổ trưởng tổ bảo vệ, số 12 đường Hoa Phượng\n"
                                "Trần Thị Quỳnh, trực ban, ấp Bình Thạnh, xã Mỹ Hưng\n"
                                "Lê Hữu Khuê, đội chữa cháy, khu phố Giếng Nước\n"
                                "Phạm Quốc Việt, lái xe, nghỉ phép từ ngày 3\n";

// The text in another encoding of libc's; skips the test where libc has it not.
static size_t coded(const char *to, const char *from, vg_str s, char out[ROOM])
{
    iconv_t cd = iconv_open(to, from);
    if (cd == (iconv_t)-1) {
        print_message("# skipped: libc knows no %s\n", to);
        skip();
    }
    char in[ROOM], *p = in, *q = out;
    memcpy(in, s.p, s.n);
    size_t n = s.n, room = ROOM;
    assert_int_not_equal(iconv(cd, &p, &n, &q, &room), (size_t)-1);
    assert_int_not_equal(iconv(cd, NULL, NULL, &q, &room), (size_t)-1);
    iconv_close(cd);
    return ROOM - room;
}

static void converts(vg_legacy how, vg_str in, const char *want)
{
    char out[ROOM * 3];
    size_t n = 0, bad = 99;
    assert_int_equal(vg_legacy_to_utf8(how, in, out, sizeof out, &n, &bad, NULL), VG_OK);
    assert_int_equal(bad, 0);
    out[n] = '\0';
    assert_string_equal(out, want);
}

// One word of a list, as a code point sequence back in UTF-8, from text as Western bytes.
static size_t western(const char *utf8, char out[ROOM])
{
    return coded("WINDOWS-1252", "UTF-8", vg_str_c(utf8), out);
}

static void every_letter_of_vni_is_read(void **state)
{
    (void)state;
    char bytes[ROOM];
    converts(VG_LEGACY_VNI_IN_UTF8, vg_str_c(VNI_TEXT), UNICODE);
    const size_t n = western(VNI_TEXT, bytes);
    converts(VG_LEGACY_VNI, (vg_str){bytes, n}, UNICODE);
}

static void every_byte_of_tcvn3_is_read_as_libc_does(void **state)
{
    (void)state;
    for (unsigned b = 0xA1; b < 0x100; b++) {
        char in[2] = {(char)b, '\0'}, want[ROOM], got[16];
        size_t n, bad;
        assert_int_equal(
            vg_legacy_to_utf8(VG_LEGACY_TCVN3, (vg_str){in, 1}, got, sizeof got, &n, &bad, NULL),
            VG_OK);
        if (b >= 0xB0 && b <= 0xB4) {  // a mark with nothing before it
            assert_int_equal(bad, 1);
            continue;
        }
        const size_t w = coded("UTF-8", "TCVN5712-1", (vg_str){in, 1}, want);
        assert_int_equal(n, w);
        assert_memory_equal(got, want, n);
    }
}

// libc writes Windows-1258 as letters with marks where the page has no letter; reading must join them.
static void windows_1258_is_read_as_libc_writes_it(void **state)
{
    (void)state;
    char bytes[ROOM];
    const size_t n = coded("CP1258", "UTF-8", vg_str_c(LIST), bytes);
    converts(VG_LEGACY_CP1258, (vg_str){bytes, n}, LIST);
    assert_int_equal(vg_legacy_detect((vg_str){bytes, n}), VG_LEGACY_CP1258);
}

static void a_mark_after_its_letter_joins_it_in_tcvn3(void **state)
{
    (void)state;
    converts(VG_LEGACY_TCVN3, VG_S("T\xA8\xB3ng"), "Tắng");
    converts(VG_LEGACY_TCVN3, VG_S("ha\xB3 \xAC\xB4"), "há ợ");
}

static void capitals_by_font_come_back(void **state)
{
    (void)state;
    converts(VG_LEGACY_TCVN3_IN_UTF8, VG_S("NGUYÔN V¨N §øC"), "NGUYỄN VĂN ĐỨC");
    converts(VG_LEGACY_TCVN3_IN_UTF8, VG_S("NguyÔn V¨n §øc"), "Nguyễn Văn Đức");
    // the other field of the line keeps its own case, and two short words are no capitals
    converts(VG_LEGACY_TCVN3_IN_UTF8, VG_S("TRÇN THÞ Hµ,Lª Vâ\nTRÇN THÞ Hµ"),
             "TRẦN THỊ HÀ,Lê Võ\nTRẦN THỊ HÀ");
}

static size_t naive_vni(vg_str s, char out[ROOM])
{
    // letter k of UNICODE is written as word k of VNI_TEXT
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        const char *u = UNICODE, *v = VNI_TEXT;
        size_t ul = 0, vl = 0;
        bool hit = false;
        while (*u && !hit) {
            ul = strcspn(u, " ");
            vl = strcspn(v, " ");
            hit = i + ul <= s.n && memcmp(s.p + i, u, ul) == 0;
            if (!hit) {
                u += ul + (u[ul] == ' ');
                v += vl + (v[vl] == ' ');
            }
        }
        if (hit) {
            memcpy(out + n, v, vl);
            n += vl;
            i += ul;
        } else {
            out[n++] = s.p[i++];
        }
    }
    out[n] = '\0';
    return n;
}

static void random_text(vg_prop *p, char out[ROOM])
{
    static const char *const INITIAL[] = {"b", "ch", "đ", "gi", "h", "ngh", "tr", "Đ", "T", ""};
    static const char *const RHYME[] = {"ường", "iễn", "ạ",  "ôi", "uyết",
                                        "ằm",   "ẩu",  "ên", "ỵ",  "ơn"};
    size_t n = 0;
    for (size_t i = 0, words = 1 + vg_prop_below(p, 60); i < words; i++) {
        n += (size_t)snprintf(
            out + n, ROOM - n, "%s%s%s", INITIAL[vg_prop_below(p, VG_LEN(INITIAL))],
            RHYME[vg_prop_below(p, VG_LEN(RHYME))], vg_prop_below(p, 9) ? " " : ", 12-b\n");
    }
}

static void what_a_naive_encoder_writes_is_read_back(void **state)
{
    (void)state;
    vg_prop p = vg_prop_seed("legacy");
    for (int round = 0; round < 300; round++) {
        char text[ROOM], vni[ROOM], bytes[ROOM];
        random_text(&p, text);
        const size_t n = naive_vni(vg_str_c(text), vni);
        converts(VG_LEGACY_VNI_IN_UTF8, (vg_str){vni, n}, text);
        const size_t k = western(vni, bytes);
        converts(VG_LEGACY_VNI, (vg_str){bytes, k}, text);
        const size_t t = coded("TCVN5712-1", "UTF-8", vg_str_c(text), bytes);
        converts(VG_LEGACY_TCVN3, (vg_str){bytes, t}, text);
    }
}

static void guesses_right_on_lists(void **state)
{
    (void)state;
    char vni[ROOM], bytes[ROOM], wrapped[ROOM];
    assert_int_equal(vg_legacy_detect(vg_str_c(LIST)), VG_LEGACY_UTF8);
    assert_int_equal(vg_legacy_detect(VG_S("Nguyen Van A;12;khong dau")), VG_LEGACY_UTF8);
    const size_t n = naive_vni(vg_str_c(LIST), vni);
    assert_int_equal(vg_legacy_detect((vg_str){vni, n}), VG_LEGACY_VNI_IN_UTF8);
    assert_int_equal(vg_legacy_detect((vg_str){bytes, western(vni, bytes)}), VG_LEGACY_VNI);
    const size_t t = coded("TCVN5712-1", "UTF-8", vg_str_c(LIST), bytes);
    assert_int_equal(vg_legacy_detect((vg_str){bytes, t}), VG_LEGACY_TCVN3);
    converts(VG_LEGACY_TCVN3, (vg_str){bytes, t}, LIST);
    const size_t w = coded("UTF-8", "ISO-8859-1", (vg_str){bytes, t}, wrapped);
    assert_int_equal(vg_legacy_detect((vg_str){wrapped, w}), VG_LEGACY_TCVN3_IN_UTF8);
    converts(VG_LEGACY_TCVN3_IN_UTF8, (vg_str){wrapped, w}, LIST);
}

static void short_cells_are_guessed_too(void **state)
{
    (void)state;
    assert_int_equal(vg_legacy_detect(VG_S("Hà Nội")), VG_LEGACY_UTF8);
    assert_int_equal(vg_legacy_detect(VG_S("Võ Thành Hò")), VG_LEGACY_UTF8);
    assert_int_equal(vg_legacy_detect(VG_S("H\xB5 N\xE9i")), VG_LEGACY_TCVN3);
    assert_int_equal(vg_legacy_detect(VG_S("Ha\xF8 No\xE4i")), VG_LEGACY_VNI);
    assert_int_equal(vg_legacy_detect(VG_S("Nguyê\u0303n Va\u0306n Đâ\u0323u")), VG_LEGACY_UTF8);
}

static void other_languages_are_unknown(void **state)
{
    (void)state;
    assert_int_equal(
        vg_legacy_detect(VG_S("Le proc\xE8s-verbal a \xE9t\xE9 sign\xE9 \xE0 l'h\xF4tel")),
        VG_LEGACY_UNKNOWN);
    assert_int_equal(vg_legacy_detect(VG_S("\xFF\xFE\x00\x01\x80\x80")), VG_LEGACY_UNKNOWN);
}

static void a_stray_byte_is_counted_and_marked(void **state)
{
    (void)state;
    char out[16];
    size_t n, bad;
    assert_int_equal(
        vg_legacy_to_utf8(VG_LEGACY_VNI, VG_S("b\xF9n"), out, sizeof out, &n, &bad, NULL), VG_OK);
    assert_int_equal(bad, 1);
    assert_memory_equal(out, "b\xEF\xBF\xBDn", n);
}

static void room_is_kept(void **state)
{
    (void)state;
    char out[8];
    size_t n;
    vg_err err = {0};
    assert_int_equal(vg_legacy_to_utf8(VG_LEGACY_TCVN3, VG_S("\xB8\xB8"), out, 3, &n, NULL, &err),
                     VG_ETOOBIG);
    assert_int_equal(vg_legacy_to_utf8(VG_LEGACY_UNKNOWN, VG_S("a"), out, 8, &n, NULL, &err),
                     VG_EINVALID);
    assert_string_equal(err.key, "ident.encoding_unknown");
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (int i = 0; i <= VG_LEGACY_UNKNOWN; i++) {
        assert_int_equal(vg_legacy_parse(vg_str_c(vg_legacy_name((vg_legacy)i))), i);
    }
    assert_int_equal(vg_legacy_parse(VG_S("ebcdic")), VG_LEGACY_UNKNOWN);
}

static void syllables_are_told_from_other_words(void **state)
{
    (void)state;
    static const struct {
        const uint32_t *word;
        bool is;
    } CASES[] = {{U"nghiêng", true}, {U"ĐƯỜNG", true}, {U"quý", true},  {U"giết", true},
                 {U"khuỷu", true},   {U"Huyền", true}, {U"ý", true},    {U"été", false},
                 {U"đầuu", false},   {U"đá́", false},   {U"zà", false},  {U"tràng", true},
                 {U"hôtel", false},  {U"quyển", true}, {U"xoắn", true}, {U"bd", false}};
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        size_t n = 0;
        while (CASES[i].word[n]) {
            n++;
        }
        assert_int_equal(vg_viet_syllable(CASES[i].word, n), CASES[i].is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_letter_of_vni_is_read),
        cmocka_unit_test(every_byte_of_tcvn3_is_read_as_libc_does),
        cmocka_unit_test(windows_1258_is_read_as_libc_writes_it),
        cmocka_unit_test(a_mark_after_its_letter_joins_it_in_tcvn3),
        cmocka_unit_test(capitals_by_font_come_back),
        cmocka_unit_test(what_a_naive_encoder_writes_is_read_back),
        cmocka_unit_test(guesses_right_on_lists),
        cmocka_unit_test(short_cells_are_guessed_too),
        cmocka_unit_test(other_languages_are_unknown),
        cmocka_unit_test(a_stray_byte_is_counted_and_marked),
        cmocka_unit_test(room_is_kept),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(syllables_are_told_from_other_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
