// SPDX-License-Identifier: Apache-2.0
// The codec: what one node closes the other opens, and nothing else does. Random cases print their seed.
#include "base/prop_test.h"
#include "domain/documents/paper.h"

#include <setjmp.h>
#include <sodium.h>
#include <cmocka.h>

static paper_keys node(unsigned char n)
{
    unsigned char a[32], b[32];
    paper_keys k;
    memset(a, n, sizeof a);
    memset(b, n + 100, sizeof b);
    paper_keys_from(a, b, &k);
    return k;
}

static const char TEXT[] = "Ph\xC6\xB0\xC6\xA1ng \xC3\xA1n \"b\xE1\xBA\xA3o v\xE1\xBB\x87\"\n";

static paper_head head_of(const paper_keys *from, const paper_keys *to, vg_str file)
{
    paper_head h = {.sent = VG_S("0123456789abcdef"),
                    .agency = VG_S("Công an tỉnh"),
                    .number = VG_S("12/PA"),
                    .receiver = VG_S("Văn thư"),
                    .at_us = INT64_C(1790000000000000),
                    .dated = VG_S("2026-11-01"),
                    .subject = vg_str_c(TEXT),
                    .kind = VG_S("plan"),
                    .until = VG_S("2036-11-01"),
                    .term_ref = VG_S("l117-2025/thoi-han"),
                    .file_name = VG_S("a.pdf"),
                    .secrecy = 1,
                    .bytes = (int64_t)file.n};
    memcpy(h.from, from->sign, sizeof h.from);
    memcpy(h.to, to->sign, sizeof h.to);
    vg_hash(file.p, file.n, h.hash);
    return h;
}

static void close_it(const paper_head *h, vg_str file, const paper_keys *from, const paper_keys *to,
                     vg_buf *out)
{
    vg_buf header;
    vg_buf_init(&header, PAPER_HEAD_BYTES);
    vg_buf_init(out, PAPER_BYTES);
    paper_head_write(h, &header);
    assert_int_equal(paper_close(h->receipt, vg_buf_str(&header), file, from, to->box, out, NULL),
                     VG_OK);
    vg_buf_done(&header);
}

static vg_status take(vg_str bytes, bool receipt, const paper_keys *keys, paper_head *ret,
                      vg_arena *a)
{
    vg_buf inside = {0};
    vg_str header, file;
    vg_status st = paper_open(bytes, receipt, keys, &inside, NULL);
    if (st == VG_OK) {
        st = paper_read(vg_buf_str(&inside), receipt, a, ret, &header, &file, NULL);
    }
    vg_buf_done(&inside);
    return st;
}

static void what_one_closes_the_other_opens(void **state)
{
    const paper_keys a = node(1), b = node(2), c = node(3);
    const vg_str file = VG_S("bytes of a file");
    paper_head h = head_of(&a, &b, file), got;
    vg_arena *m = vg_arena_create(1 << 20);
    vg_buf out;
    (void)state;
    close_it(&h, file, &a, &b, &out);
    assert_int_equal(take(vg_buf_str(&out), false, &b, &got, m), VG_OK);
    assert_true(vg_str_eqc(got.subject, TEXT));
    assert_int_equal(got.secrecy, 1);
    assert_memory_equal(got.from, a.sign, 32);
    assert_int_not_equal(take(vg_buf_str(&out), false, &c, &got, m), VG_OK);  // another's
    assert_int_not_equal(take(vg_buf_str(&out), true, &b, &got, m), VG_OK);   // no receipt
    assert_null(memmem(out.p, out.n, "12/PA", 5));  // outside nothing is said
    vg_buf_done(&out);
    h.receipt = true;
    close_it(&h, VG_S(""), &b, &a, &out);
    assert_int_not_equal(take(vg_buf_str(&out), true, &a, &got, m), VG_OK);  // not signed by h.from
    vg_buf_done(&out);
    memcpy(h.from, b.sign, 32);
    close_it(&h, VG_S(""), &b, &a, &out);
    assert_int_equal(take(vg_buf_str(&out), true, &a, &got, m), VG_OK);
    vg_buf_done(&out);
    vg_arena_destroy(m);
}

static void every_flipped_byte_and_every_cut_is_refused(void **state)
{
    vg_prop p = vg_prop_seed("paper");
    const paper_keys a = node(1), b = node(2);
    const vg_str file = VG_S("bytes of a file");
    const paper_head h = head_of(&a, &b, file);
    paper_head got;
    vg_arena *m = vg_arena_create(16 << 20);
    vg_buf out, in = {0};
    (void)state;
    close_it(&h, file, &a, &b, &out);
    for (size_t i = 0; i < out.n; i++) {
        const char was = out.p[i];
        out.p[i] = (char)(was ^ (char)(1 + vg_prop_below(&p, 255)));
        assert_int_not_equal(take(vg_buf_str(&out), false, &b, &got, m), VG_OK);
        out.p[i] = was;
        assert_int_not_equal(take((vg_str){out.p, i}, false, &b, &got, m), VG_OK);
    }
    // The same inside, as who holds the receiver's key could do it.
    assert_int_equal(paper_open(vg_buf_str(&out), false, &b, &in, NULL), VG_OK);
    for (size_t i = 0; i < in.n; i++) {
        vg_str header, body;
        const char was = in.p[i];
        in.p[i] = (char)(was ^ (char)(1 + vg_prop_below(&p, 255)));
        assert_int_not_equal(paper_read(vg_buf_str(&in), false, m, &got, &header, &body, NULL),
                             VG_OK);
        in.p[i] = was;
        assert_int_not_equal(paper_read((vg_str){in.p, i}, false, m, &got, &header, &body, NULL),
                             VG_OK);
        vg_arena_reset(m);
    }
    vg_buf_done(&in);
    vg_buf_done(&out);
    vg_arena_destroy(m);
}

static void a_header_has_one_spelling(void **state)
{
    const paper_keys a = node(1), b = node(2);
    const paper_head h = head_of(&a, &b, VG_S("x"));
    paper_head got;
    vg_arena *m = vg_arena_create(1 << 20);
    vg_buf text;
    (void)state;
    vg_buf_init(&text, PAPER_HEAD_BYTES);
    paper_head_write(&h, &text);
    assert_int_equal(paper_head_read(vg_buf_str(&text), m, &got, NULL), VG_OK);
    vg_buf_ch(&text, ' ');
    assert_int_equal(paper_head_read(vg_buf_str(&text), m, &got, NULL), VG_ECONFLICT);
    vg_buf_done(&text);
    vg_arena_destroy(m);
}

static void a_fingerprint_is_six_groups_of_both_keys(void **state)
{
    const paper_keys a = node(1), b = node(2);
    char x[PAPER_FINGERPRINT], y[PAPER_FINGERPRINT];
    (void)state;
    paper_fingerprint(a.sign, a.box, x);
    assert_int_equal(strlen(x), PAPER_FINGERPRINT - 1);
    paper_fingerprint(a.sign, b.box, y);
    assert_string_not_equal(x, y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_closes_the_other_opens),
        cmocka_unit_test(every_flipped_byte_and_every_cut_is_refused),
        cmocka_unit_test(a_header_has_one_spelling),
        cmocka_unit_test(a_fingerprint_is_six_groups_of_both_keys),
    };
    if (sodium_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
