// SPDX-License-Identifier: Apache-2.0
// The best way to lay the syllables of the one name over those of the other: each is written (perhaps with a
// slip), left out, or one more. All ways are gone through by which of the written ones are used already: eight
// syllables at most, mostly three; first those that keep the order, then all, if they could be better.
#include "ident/match_score.h"

#include <math.h>

enum { SETS = 1 << MATCH_SYLLABLES, LEFT_OUT = 15 };

// Marks of two syllables of the same letters.
static match_near marks(const char *written, const char *meant, const char *plain)
{
    bool fewer = true, more = true;
    if (strcmp(written, meant) == 0) {
        return (match_near){0, 0};
    }
    for (size_t i = 0; written[i] && meant[i]; i++) {
        const char bare = written[i + 1] ? plain[i] : '0';
        fewer = fewer && (written[i] == meant[i] || written[i] == bare);
        more = more && (written[i] == meant[i] || meant[i] == bare);
    }
    return (match_near){(float)(fewer || more ? MATCH_W_FEWER_MARKS : MATCH_W_MARKS),
                        VG_MATCH_MARKS};
}

static match_near written_for(const match_written *w, size_t j, const match_record *r, size_t i)
{
    const match_near n = w->near[j][r->fold[i]];
    const bool same_letters = n.why == 0 && n.bits > (float)MATCH_NEVER;
    return same_letters && w->name.marks && r->marks
               ? marks(w->name.s[j].code, r->code[i], w->name.s[j].fold)
               : n;
}

static double left_out(const match_record *r, size_t i)
{
    if ((r->thi >> i & 1) && i) {
        return MATCH_W_NO_THI;
    }
    return i == 0 ? MATCH_W_NO_FAMILY : i + 1U == r->n ? MATCH_W_NO_GIVEN : MATCH_W_MISSING;
}

double match_at_most(const match_written *w, const match_record *r)
{
    uint32_t used = 0;
    double sum = 0;
    for (size_t i = 0; i < r->n; i++) {
        double top = left_out(r, i);
        for (size_t j = 0; j < w->name.n; j++) {
            const double bits = (double)w->near[j][r->fold[i]].bits;
            used |= bits > MATCH_NEVER ? 1U << j : 0;
            top = bits > top ? bits : top;
        }
        sum += top;
    }
    double cheapest = MATCH_NEVER;
    for (size_t j = 0; j < w->name.n; j++) {
        sum += used >> j & 1 ? 0 : w->odds.extra[j];
        cheapest = w->odds.extra[j] > cheapest ? w->odds.extra[j] : cheapest;
    }
    const int many = __builtin_popcount(used) - r->n;  // no more than the entry has can be its own
    return many > 0 ? sum + many * cheapest : sum;
}

typedef struct laying {
    match_near of[MATCH_SYLLABLES][MATCH_SYLLABLES];  // [entry's][written]
    double best[2][SETS];
    uint8_t from[MATCH_SYLLABLES][SETS];  // what the entry's i-th is written as
} laying;

static void lay(laying *a, const match_written *w, const match_record *r, bool in_order)
{
    const size_t sets = (size_t)1 << w->name.n;
    for (size_t s = 0; s < sets; s++) {
        a->best[0][s] = s ? MATCH_NEVER : 0;
    }
    for (size_t i = 0; i < r->n; i++) {
        const double *was = a->best[i % 2];
        double *now = a->best[(i + 1) % 2];
        const double out = left_out(r, i);
        for (size_t s = 0; s < sets; s++) {
            now[s] = was[s] + out;
            a->from[i][s] = LEFT_OUT;
        }
        for (size_t j = 0; j < w->name.n; j++) {
            a->of[i][j] = written_for(w, j, r, i);
            const double bits = (double)a->of[i][j].bits;
            const size_t to = in_order ? (size_t)1 << j : sets;  // none after j is used
            for (size_t s = 0; bits > MATCH_NEVER && s < to; s++) {
                if (!(s >> j & 1) && was[s] + bits > now[s | (size_t)1 << j]) {
                    now[s | (size_t)1 << j] = was[s] + bits;
                    a->from[i][s | (size_t)1 << j] = (uint8_t)j;
                }
            }
        }
    }
}

// The best of the layings; *ret_set: the written syllables it uses, 0 if none.
static double best_set(const laying *a, const match_written *w, const match_record *r,
                       size_t *ret_set)
{
    double best = MATCH_NEVER;
    *ret_set = 0;
    for (size_t s = 1; s < (size_t)1 << w->name.n; s++) {
        double bits = a->best[r->n % 2][s];
        for (size_t j = 0; j < w->name.n; j++) {
            bits += s >> j & 1 ? 0 : w->odds.extra[j];
        }
        if (bits > best) {
            best = bits;
            *ret_set = s;
        }
    }
    return best;
}

static uint32_t reasons(const laying *a, const match_written *w, const match_record *r, size_t set)
{
    uint32_t why = w->name.marks != r->marks ? VG_MATCH_NO_MARKS : 0;
    why |= set + 1 < (size_t)1 << w->name.n ? VG_MATCH_EXTRA : 0;
    why |= w->name.joined ? VG_MATCH_JOINED : 0;
    for (size_t i = r->n; i--;) {
        const size_t j = a->from[i][set];
        if (j == LEFT_OUT) {
            why |= (r->thi >> i & 1) && i ? VG_MATCH_NO_THI : VG_MATCH_MISSING;
            continue;
        }
        why |= a->of[i][j].why;
        set &= ~((size_t)1 << j);
    }
    return why;
}

double match_alignment(const match_written *w, const match_record *r, uint32_t *why)
{
    laying a = {0};
    size_t set, any;
    if (!w->name.n) {
        return 0;
    }
    lay(&a, w, r, true);
    double best = best_set(&a, w, r, &set);
    uint32_t found = set ? reasons(&a, w, r, set) : 0;
    if (best < MATCH_W_ORDER) {
        lay(&a, w, r, false);
        const double free_best = best_set(&a, w, r, &any) + MATCH_W_ORDER;
        if (any && free_best > best) {
            best = free_best;
            set = any;
            found = reasons(&a, w, r, set) | VG_MATCH_ORDER;
        }
    }
    *why |= !set ? 0 : found ? found : VG_MATCH_NAME_SAME;
    return best;
}

double match_year(int seen, int listed, uint32_t *why)
{
    if (!seen || !listed) {
        *why |= VG_MATCH_YEAR_UNKNOWN;
        return 0;
    }
    if (seen == listed) {
        *why |= VG_MATCH_YEAR_SAME;
        return MATCH_W_YEAR_SAME;
    }
    const int tens = seen / 10 % 10, ones = seen % 10;
    const bool swapped =
        seen / 100 == listed / 100 && tens == listed % 10 && ones == listed / 10 % 10;
    const bool one_digit = seen / 100 == listed / 100 && ones == listed % 10;
    if (seen - listed == 1 || listed - seen == 1) {
        *why |= VG_MATCH_YEAR_NEAR;
        return MATCH_W_YEAR_NEAR;
    }
    *why |= swapped || one_digit ? VG_MATCH_YEAR_SWAPPED : VG_MATCH_YEAR_OTHER;
    return swapped || one_digit ? MATCH_W_YEAR_SWAPPED : MATCH_W_YEAR_OTHER;
}
