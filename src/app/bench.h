// SPDX-License-Identifier: Apache-2.0
// What the benches share. Each figure stands beside a floor measured in the same run: a bare loop over the
// same library that writes or reads the same rows. A bench is one function; bench.def lists them.
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "core/core.h"
#include "http/http.h"

typedef struct bench_sample {
    int64_t *v;
    size_t n, cap;
    bool sorted;
} bench_sample;
void bench_add(bench_sample *s, int64_t v);
int64_t bench_at(bench_sample *s, double share);  // 0.5 the median, 0.99…; 0 when empty
void bench_sample_done(bench_sample *s);          // may be used again

typedef struct bench_row {
    const char *name;  // "signals.tcp.256"
    const char *unit;  // "/s", "ms", "MB"
    double value;
    double floor;  // 0: none
    double ratio;  // of value to floor, or value - floor for times; meaning by kind
    double goal;   // 0: none
    enum {
        BENCH_PLAIN,
        BENCH_SHARE,
        BENCH_ABOVE,
        BENCH_MOST,
        BENCH_LEAST
    } kind;  // share of floor ≥ goal; value ≤ floor + goal; value ≤ goal; value ≥ goal
    char note[96];
} bench_row;

typedef struct bench {
    char top[300];  // this run's own directory, removed at the end
    int64_t seconds, events, rate;
    const char *ini;  // vonggac.ini of the nodes made from here on; NULL: none
    bool json;
    vg_lang lang;
    vg_buf rows;  // JSON array in the making
    vg_jw w;
    bool below;  // some goal was not reached
    bench_sample sync;
} bench;

void bench_note(bench *b, const bench_row *given);  // prints it and keeps it for --json
void bench_sync(bench *b);                          // measures the disk: 4 KiB write + fdatasync
double bench_sync_ms(bench *b, double share);
double bench_rss_mb(int pid);  // 0: this process
vg_status bench_dir(bench *b, const char *name, char out[400],
                    vg_err *err) VG_USE_RESULT;  // not created

// --- a node in this process -----------------------------------------------------------------------
enum { BENCH_KEY_BYTES = 16 };
extern const unsigned char BENCH_KEY[BENCH_KEY_BYTES];

typedef struct bench_node {
    char dir[400];
    vg_core *core;
    char agency[VG_ID_TEXT], site[8][VG_ID_TEXT];
    size_t n_sources;  // addresses "1000", "1001"…, each with a zone of its own
} bench_node;
// A fresh directory with 8 sites and n sources with zones and keys, started.
vg_status bench_node_make(bench *b, const char *name, size_t n_sources, bench_node *ret,
                          vg_err *err) VG_USE_RESULT;
void bench_node_done(bench_node *n);
// A command as the local administrator; id (may be NULL) gets the reply's "id".
vg_status bench_run(vg_core *c, const char *name, const char *args, char id[VG_ID_TEXT],
                    vg_err *err) VG_USE_RESULT;

// --- load -----------------------------------------------------------------------------------------
typedef struct bench_load {
    size_t producers, first;  // panels first, first + 1…
    int64_t for_us;
    int64_t stop_after;  // signals; 0: by time
    int per_s;           // all producers together; 0: as fast as answers come
    const char *code;    // SIA code of the frames
    // results
    int64_t done, took_us;
    bench_sample latency_us;
} bench_load;
vg_status bench_tcp(bench_node *n, bench_load *l,
                    vg_err *err) VG_USE_RESULT;  // DC-09 frames, acknowledged
vg_status bench_direct(bench_node *n, bench_load *l,
                       vg_err *err) VG_USE_RESULT;  // vg_scribe_signals

// --- over HTTP ------------------------------------------------------------------------------------
enum { BENCH_REQUEST = 1200 };

typedef struct bench_site {  // a node that listens, and somebody of all rights logged in
    bench_node n;
    vg_http *http;
    uint16_t port;
    char cookie[256], csrf[80], post[VG_ID_TEXT];
} bench_site;
vg_status bench_site_make(bench *b, const char *name, bench_site *s, vg_err *err) VG_USE_RESULT;
void bench_site_done(bench_site *s);
int bench_dial(uint16_t port);  // -1: refused
void bench_request(const bench_site *s, const char *method, const char *path, const char *body,
                   char out[BENCH_REQUEST]);
// One exchange on a connection of its own; ret: the whole answer and a NUL.
vg_status bench_ask(uint16_t port, const char *request, vg_buf *ret, vg_err *err) VG_USE_RESULT;

typedef struct bench_loop {  // keep-alive connections, each asks again when it was answered 200
    uint16_t port;
    const char *const *request;  // connection i sends request[i % n_requests]
    size_t n_requests, n_conns;
    size_t stop_after;  // requests of all; 0: by time
    int64_t for_us;
    // results
    bench_sample took_us;
    int64_t wall_us;
} bench_loop;
vg_status bench_loop_run(bench_loop *l, vg_err *err) VG_USE_RESULT;
double bench_loop_rate(const bench_loop *l);

// --- floors ---------------------------------------------------------------------------------------
typedef struct bench_floor {
    const char *from, *base;  // database that holds the events; copy of it taken before them
    size_t batch;
    // results
    int64_t events, took_us;
} bench_floor;
vg_status bench_floor_signals(bench *b, bench_floor *f, vg_err *err) VG_USE_RESULT;
vg_status bench_floor_verify(const char *path, int64_t *ret_events, int64_t *ret_us,
                             vg_err *err) VG_USE_RESULT;
vg_status bench_floor_fold(bench *b, bench_floor *f, vg_err *err) VG_USE_RESULT;

typedef struct bench_floor_search {
    const char *path;  // a node's database, not open
    int64_t rows;      // incidents that fill wrote: titles of invented words, labels of 400 sites
    // results
    int64_t took_us;
} bench_floor_search;
vg_status bench_search_fill(const bench_floor_search *f, vg_err *err) VG_USE_RESULT;
// The newest rows of one word by the plainest statement there is: took_us is the time of one.
vg_status bench_search_floor(bench_floor_search *f, const char *word, vg_err *err) VG_USE_RESULT;

// bench_gate_audit.c: the last part of the bench of the gate
vg_status bench_gate_audit(bench *b, vg_err *err) VG_USE_RESULT;

#define X(name) vg_status bench_##name(bench *b, vg_err *err) VG_USE_RESULT;
#include "app/bench.def"
#undef X
