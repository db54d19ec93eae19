// SPDX-License-Identifier: Apache-2.0
// Evidence of an alert: a JSON array of lines, each naming its journal event. A storm must not grow a row
// without end, so what opened the alert (the first three) and what it is now (the last five) are kept; how
// many there were in all stands beside. Pure functions of text.
#include "domain/alerts/alerts.h"

enum { FIRST = 3, LAST = 5 };

typedef struct kept {
    vg_str first[FIRST], last[LAST];  // last is a ring
    size_t n_first, n_last;
} kept;

static bool stands(const kept *k, vg_str item)
{
    for (size_t i = 0; i < k->n_first; i++) {
        if (vg_str_eq(k->first[i], item)) {
            return true;
        }
    }
    for (size_t i = 0; i < k->n_last && i < LAST; i++) {
        if (vg_str_eq(k->last[i], item)) {
            return true;
        }
    }
    return false;
}

static void keep_all(kept *k, vg_str array)
{
    size_t at = 0;
    vg_str item;
    while (array.n > 2 && vg_js_each(array, &at, NULL, &item)) {
        if (stands(k, item)) {
            continue;
        }
        if (k->n_first < FIRST) {
            k->first[k->n_first++] = item;
        } else {
            k->last[k->n_last++ % LAST] = item;
        }
    }
}

vg_str alerts_evidence_merge(vg_arena *a, vg_str old, vg_str more)
{
    kept k = {0};
    vg_buf b;
    keep_all(&k, old);
    keep_all(&k, more);
    vg_buf_init(&b, 65536);
    vg_buf_ch(&b, '[');
    for (size_t i = 0; i < k.n_first; i++) {
        vg_buf_c(&b, i ? "," : "");
        vg_buf_s(&b, k.first[i]);
    }
    for (size_t i = k.n_last > LAST ? k.n_last - LAST : 0; i < k.n_last; i++) {
        vg_buf_ch(&b, ',');
        vg_buf_s(&b, k.last[i % LAST]);
    }
    vg_buf_ch(&b, ']');
    const vg_str merged = b.failed ? old : vg_str_dup(a, vg_buf_str(&b));
    vg_buf_done(&b);
    return merged;
}

int64_t alerts_seqs_after(vg_str seqs, int64_t after, int64_t *ret_last)
{
    size_t at = 0;
    vg_str item;
    int64_t n = 0, v = 0;
    *ret_last = after;
    while (seqs.n > 2 && vg_js_each(seqs, &at, NULL, &item)) {
        if (vg_str_i64(item, 0, INT64_MAX, &v, NULL) == VG_OK && v > after) {
            n++;
            *ret_last = v > *ret_last ? v : *ret_last;
        }
    }
    return n;
}
