// SPDX-License-Identifier: Apache-2.0
// Any bytes as a name on the list and as a name at the gate, parted by '|': nothing crashes, scores are numbers
// in order, and what ended is not found.
#include "ident/match.h"

#include <assert.h>
#include <math.h>

enum { RUNS = 100 };  // of one list: making it takes longer than a run

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const vg_match_list *list, vg_str name, int year)
{
    vg_match_candidate c[4];
    const vg_match_query q = {.name = name, .birth_year = year};
    const size_t n = vg_match_find(list, &q, c, VG_LEN(c));
    assert(n <= VG_LEN(c));
    for (size_t i = 0; i < n; i++) {
        assert(isfinite(c[i].score) && c[i].score > 0 && c[i].why < 1U << VG_MATCH_N_WHYS);
        assert(i == 0 || c[i - 1].score >= c[i].score);
        assert((c[i].why & VG_MATCH_YEAR_UNKNOWN) == (year ? 0 : VG_MATCH_YEAR_UNKNOWN));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 400) {
        return 0;
    }
    const char *text = (const char *)data, *bar = memchr(text, '|', size);
    const size_t n = bar ? (size_t)(bar - text) : size;
    const vg_str listed = {text, n}, seen = {bar ? bar + 1 : text, bar ? size - n - 1 : size};
    const vg_str names[] = {listed, VG_S("Nguyễn Văn Hùng")};
    vg_match_entry e = {.ref = "a", .names = names, .n_names = 2, .birth_year = 1980};
    static vg_match_list *list;
    static int runs;
    if (runs++ % RUNS == 0) {
        vg_match_list_destroy(list);
        list = vg_match_list_create(0);
    }
    vg_match_add(list, &e);
    check(list, seen, 1980);
    check(list, seen, 0);
    check(list, listed, 1908);
    assert(vg_match_end(list, "a") && vg_match_count(list) == 0);
    vg_match_candidate c;
    assert(vg_match_find(list, &(vg_match_query){.name = listed}, &c, 1) == 0);
    return 0;
}
