// SPDX-License-Identifier: Apache-2.0
// Events for `bench engine`, from a seed: the stream of the correlation corpus (500 sites of 4 zones of 5
// devices, 6,000 s), as records and as text.
#pragma once

#include "base/clock.h"
#include "engine/engine.h"

enum { BENCH_ZONES = 2000, BENCH_ROLES = 5 };

typedef struct bench_corpus {
    vg_names names;
    vg_record *v;
    size_t n;
} bench_corpus;

void bench_corpus_make(bench_corpus *c, size_t n, uint64_t seed);
void bench_corpus_done(bench_corpus *c);
void bench_corpus_text(const bench_corpus *c, vg_buf *out);
