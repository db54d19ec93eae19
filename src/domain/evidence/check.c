// SPDX-License-Identifier: Apache-2.0
// Checking a bundle, of which nothing is believed. In this order, so that the first thing said is the one that matters:
// the ZIP, the manifest's signature, every file's hash, every event as its line says, the chain from event to event to
// seal and through what anchors saw, the pictures; at last, when asked, the cards that others kept. Nothing here knows the
// node; whether its key is the right one is asked of who has it from elsewhere.
#include "base/clock.h"
#include "core/object.h"
#include "domain/evidence/evidence_impl.h"
#include "journal/chain.h"
#include "journal/keys.h"

#include <sodium.h>

// An anchor may have been on its way when the bundle was begun.
static const int64_t ON_ITS_WAY_US = INT64_C(2) * VG_SECOND_US;

typedef struct fact {
    uint32_t log;
    int64_t seq;
    unsigned char leaf[VG_HASH_BYTES];
    char image[VG_OBJECT_NAME];  // "": none
} fact;

typedef struct check {
    evidence_files files;
    evidence_manifest m;
    size_t key_at;  // of the log's last seal: n_changes is the present one; never backwards
    fact *facts;
    size_t n_facts, cap_facts, n_images;
    evidence_report *rep;
    evidence_proof *proofs;  // by log and seq
    size_t n_proofs;
    // the chain so far
    size_t at;        // the next fact
    size_t proof_at;  // the next proof
    uint32_t log;
    int64_t seq, steps;
    bool sealed;
    unsigned char hash[VG_HASH_BYTES];
} check;

static vg_status bad_at(const check *c, const char *key, int64_t seq, vg_err *err)
{
    return vg_fail(err, VG_ECORRUPT, "file", key, "%u-%lld", c->log, (long long)seq);
}

// Lines end with a line feed, the last one too.
static bool next_line(vg_str *text, vg_str *ret)
{
    const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
    if (!end) {
        return false;
    }
    ret->p = text->p;
    ret->n = (size_t)(end - text->p);
    *text = (vg_str){end + 1, text->n - ret->n - 1};
    return true;
}

// --- the chain's keys -------------------------------------------------------------------------------
// The seal's key: the present one, or an earlier one that it names; in a log they follow one another.
static const unsigned char *key_of(check *c, const json_t *o)
{
    unsigned char named[32];
    if (!json_object_get(o, "key")) {
        c->key_at = c->m.n_changes;
        return c->m.key;
    }
    if (!evidence_unhex(o, "key", named, sizeof named)) {
        return NULL;
    }
    for (size_t i = c->key_at; i < c->m.n_changes; i++) {
        if (memcmp(c->m.changes[i].old_key, named, sizeof named) == 0) {
            c->key_at = i;
            return c->m.changes[i].old_key;
        }
    }
    return NULL;
}

// --- events ---------------------------------------------------------------------------------------
static void count_event(check *c, const evidence_line *l)
{
    evidence_report *r = c->rep;
    r->events++;
    r->personal += l->shown;
    r->erased += l->erased;
    r->first_us = !r->first_us || l->e.recorded_us < r->first_us ? l->e.recorded_us : r->first_us;
    r->last_us = l->e.recorded_us > r->last_us ? l->e.recorded_us : r->last_us;
}

static vg_status check_event(check *c, vg_str line, vg_arena *a, vg_err *err)
{
    evidence_line l;
    VG_TRY(evidence_line_read(line, a, &l, err));
    if (c->n_facts == EVIDENCE_EVENTS) {
        return vg_fail(err, VG_ETOOBIG, "file", "evidence.too_many", "%d", EVIDENCE_EVENTS);
    }
    if (c->n_facts == c->cap_facts) {
        c->cap_facts = c->cap_facts ? c->cap_facts * 2 : 256;
        c->facts = vg_realloc(c->facts, c->cap_facts * sizeof *c->facts);
    }
    fact *x = &c->facts[c->n_facts++];
    *x = (fact){.log = l.e.log, .seq = l.e.seq};
    memcpy(x->leaf, l.leaf, sizeof x->leaf);
    const vg_str image = vg_js_str(a, l.e.body, "image");
    if (image.n == VG_OBJECT_NAME - 1) {
        memcpy(x->image, image.p, image.n);
        c->n_images++;
    }
    count_event(c, &l);
    return VG_OK;
}

static vg_status check_events(check *c, vg_err *err)
{
    vg_str text = vg_buf_str(&evidence_file_of(&c->files, VG_S(EVIDENCE_LINES))->bytes), line;
    VG_CLEANUP(vg_arena_cleanup) vg_arena *a = vg_arena_create(16 << 20);
    while (next_line(&text, &line)) {
        vg_arena_reset(a);
        VG_TRY(check_event(c, line, a, err));
    }
    return text.n ? evidence_bad(err, "evidence.bad_line", EVIDENCE_LINES) : VG_OK;
}

// --- what anchors saw -----------------------------------------------------------------------------
static int by_place(const void *a, const void *b)
{
    const vg_anchor_proof *x = &((const evidence_proof *)a)->p,
                          *y = &((const evidence_proof *)b)->p;
    return x->log != y->log ? (x->log > y->log) - (x->log < y->log)
                            : (x->seq > y->seq) - (x->seq < y->seq);
}

static vg_status check_proofs(check *c, vg_err *err)
{
    const evidence_file *x = evidence_file_of(&c->files, VG_S(EVIDENCE_ANCHORS));
    vg_str text = x ? vg_buf_str(&x->bytes) : (vg_str){"", 0}, line;
    c->proofs = vg_alloc(EVIDENCE_PROOFS * sizeof *c->proofs);
    while (next_line(&text, &line)) {
        if (c->n_proofs == EVIDENCE_PROOFS) {
            return evidence_bad(err, "evidence.bad_line", EVIDENCE_ANCHORS);
        }
        VG_TRY(evidence_proof_read(line, &c->proofs[c->n_proofs++], err));
    }
    qsort(c->proofs, c->n_proofs, sizeof *c->proofs, by_place);
    return text.n ? evidence_bad(err, "evidence.bad_line", EVIDENCE_ANCHORS) : VG_OK;
}

// The chain stands at (log, seq): an anchor that saw this log here must have seen this.
static vg_status pass_proofs(check *c, vg_err *err)
{
    for (; c->proof_at < c->n_proofs; c->proof_at++) {
        evidence_proof *x = &c->proofs[c->proof_at];
        if (x->p.log > c->log || (x->p.log == c->log && x->p.seq > c->seq)) {
            break;
        }
        if (x->p.log == c->log && x->p.seq == c->seq) {
            if (memcmp(x->p.hash, c->hash, sizeof c->hash) != 0) {
                return bad_at(c, "evidence.anchor_differs", c->seq, err);
            }
            x->proven = true;
        }
    }
    return VG_OK;
}

// --- the chain ------------------------------------------------------------------------------------
static vg_status begin_log(check *c, const json_t *o, vg_err *err)
{
    static const unsigned char none[VG_HASH_BYTES];
    int64_t log, after;
    if (c->log && !c->sealed) {
        return bad_at(c, "evidence.no_seal", c->seq, err);
    }
    if (!evidence_i64(o, "log", 1, UINT16_MAX, &log) || (uint32_t)log <= c->log ||
        !evidence_i64(o, "after", 0, (INT64_C(1) << VG_SEQ_BITS) - 1, &after) ||
        !evidence_unhex(o, "hash", c->hash, sizeof c->hash) ||
        (after == 0 && memcmp(c->hash, none, sizeof none) != 0)) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_CHAIN);
    }
    c->log = (uint32_t)log;
    c->key_at = 0;
    c->seq = after;
    c->sealed = false;
    return pass_proofs(c, err);
}

static vg_status step(check *c, const unsigned char leaf[VG_HASH_BYTES], vg_err *err)
{
    if (!c->log || ++c->steps > EVIDENCE_STEPS) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_CHAIN);
    }
    vg_chain_step(c->hash, leaf, c->hash);
    c->seq++;
    c->sealed = false;
    return pass_proofs(c, err);
}

static vg_status step_event(check *c, const json_t *o, vg_err *err)
{
    int64_t seq;
    if (!evidence_i64(o, "event", c->seq + 1, c->seq + 1, &seq) || c->at == c->n_facts ||
        c->facts[c->at].log != c->log || c->facts[c->at].seq != seq) {
        return bad_at(c, "evidence.out_of_order", c->seq + 1, err);
    }
    return step(c, c->facts[c->at++].leaf, err);
}

static vg_status step_leaf(check *c, const json_t *o, vg_err *err)
{
    unsigned char leaf[VG_HASH_BYTES];
    if (!evidence_unhex(o, "leaf", leaf, sizeof leaf)) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_CHAIN);
    }
    c->rep->withheld++;
    return step(c, leaf, err);
}

static void note_seal(check *c)
{
    evidence_report *r = c->rep;
    r->seals++;
    const bool other = !r->n_last || r->last[r->n_last - 1].log != c->log;
    if (other && r->n_last == VG_LEN(r->last)) {
        return;
    }
    r->n_last += other;
    evidence_seal *s = &r->last[r->n_last - 1];
    s->log = c->log;
    s->seq = c->seq;
    vg_hex(c->hash, sizeof c->hash, s->hash);
}

static vg_status check_seal(check *c, const json_t *o, vg_err *err)
{
    unsigned char hash[VG_HASH_BYTES], sig[crypto_sign_BYTES], msg[64];
    int64_t seq, at;
    if (!c->log || !evidence_i64(o, "seal", c->seq, c->seq, &seq) ||
        !evidence_i64(o, "at", INT64_MIN, INT64_MAX, &at) ||
        !evidence_unhex(o, "hash", hash, sizeof hash) ||
        !evidence_unhex(o, "signature", sig, sizeof sig)) {
        return bad_at(c, "evidence.bad_seal", c->seq, err);
    }
    if (sodium_memcmp(hash, c->hash, sizeof hash) != 0) {
        return bad_at(c, "evidence.bad_chain", seq, err);
    }
    const size_t n = vg_seal_message(c->log, seq, at, hash, msg);
    const unsigned char *key = key_of(c, o);
    if (!key || crypto_sign_verify_detached(sig, msg, n, key) != 0) {
        return bad_at(c, "evidence.bad_seal", seq, err);
    }
    c->sealed = true;
    note_seal(c);
    return VG_OK;
}

static vg_status chain_line(check *c, vg_str line, vg_err *err)
{
    json_t *o;
    VG_TRY(evidence_object(line, &o, err));
    const vg_status s = json_object_get(o, "leaf")    ? step_leaf(c, o, err)
                        : json_object_get(o, "event") ? step_event(c, o, err)
                        : json_object_get(o, "seal")  ? check_seal(c, o, err)
                                                      : begin_log(c, o, err);
    json_decref(o);
    return s;
}

static vg_status check_chain(check *c, vg_err *err)
{
    vg_str text = vg_buf_str(&evidence_file_of(&c->files, VG_S(EVIDENCE_CHAIN))->bytes), line;
    while (next_line(&text, &line)) {
        VG_TRY(chain_line(c, line, err));
    }
    if (text.n) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_CHAIN);
    }
    if (c->log && !c->sealed) {
        return bad_at(c, "evidence.no_seal", c->seq, err);
    }
    if (c->at != c->n_facts) {  // an event that no chain holds
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.out_of_order", "%u-%lld",
                       c->facts[c->at].log, (long long)c->facts[c->at].seq);
    }
    return VG_OK;
}

// --- pictures -------------------------------------------------------------------------------------
static const fact *fact_at(const check *c, int64_t log, int64_t seq)
{
    size_t lo = 0, hi = c->n_facts;  // the chain has proven their order
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        const fact *x = &c->facts[mid];
        if (x->log < log || (x->log == log && x->seq < seq)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    const fact *x = lo < c->n_facts ? &c->facts[lo] : NULL;
    return x && x->log == log && x->seq == seq ? x : NULL;
}

static vg_status check_picture(check *c, const json_t *o, bool *seen, vg_err *err)
{
    unsigned char proof[32];
    char file[EVIDENCE_NAME], is[VG_OBJECT_NAME];
    int64_t log = 0, seq = 0;
    const char *name = json_string_value(json_object_get(o, "name"));
    const char *state = json_string_value(json_object_get(o, "state"));
    const fact *x =
        evidence_i64(o, "log", 1, UINT16_MAX, &log) && evidence_i64(o, "seq", 1, INT64_MAX, &seq)
            ? fact_at(c, log, seq)
            : NULL;
    if (!x || !name || !state || strcmp(x->image, name) != 0) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_OBJECTS);
    }
    if (strcmp(state, "whole") != 0) {
        return VG_OK;
    }
    snprintf(file, sizeof file, "objects/%s.jpg", name);
    const evidence_file *f = evidence_file_of(&c->files, vg_str_c(file));
    if (!f) {
        return evidence_bad(err, "evidence.missing_file", file);
    }
    if (!evidence_unhex(o, "proof", proof, sizeof proof)) {
        return evidence_bad(err, "evidence.bad_picture", file);
    }
    vg_object_name(vg_buf_str(&f->bytes), proof, is);
    if (strcmp(is, name) != 0) {
        return evidence_bad(err, "evidence.bad_picture", file);
    }
    c->rep->pictures += !seen[f - c->files.v];
    seen[f - c->files.v] = true;
    return VG_OK;
}

static vg_status check_pictures(check *c, vg_err *err)
{
    vg_str text = vg_buf_str(&evidence_file_of(&c->files, VG_S(EVIDENCE_OBJECTS))->bytes), line;
    bool seen[EVIDENCE_FILES] = {false};
    size_t n = 0;
    while (next_line(&text, &line)) {
        json_t *o;
        VG_TRY(evidence_object(line, &o, err));
        const vg_status s = check_picture(c, o, seen, err);
        json_decref(o);
        VG_TRY(s);
        n++;
    }
    if (text.n || n != c->n_images) {
        return evidence_bad(err, "evidence.bad_line", EVIDENCE_OBJECTS);
    }
    for (size_t i = 0; i < c->files.n; i++) {
        if (strncmp(c->files.v[i].name, "objects/", 8) == 0 && !seen[i]) {
            return evidence_bad(err, "evidence.stray_file", c->files.v[i].name);
        }
    }
    return VG_OK;
}

static vg_status check_counts(check *c, vg_err *err)
{
    const evidence_report *r = c->rep;
    const struct {
        const char *name;
        int64_t n;
    } counts[] = {{"events", r->events},
                  {"withheld", r->withheld},
                  {"seals", r->seals},
                  {"pictures", r->pictures},
                  {"erased", r->erased}};
    const json_t *said = json_object_get(c->m.tree, "counts");
    for (size_t i = 0; i < VG_LEN(counts); i++) {
        int64_t n;
        if (!evidence_i64(said, counts[i].name, counts[i].n, counts[i].n, &n)) {
            return evidence_bad(err, "evidence.bad_count", counts[i].name);
        }
    }
    return VG_OK;
}

// --- against cards that others kept ---------------------------------------------------------------
static bool ours(const check *c, const unsigned char key[32])
{
    bool found = memcmp(key, c->m.key, sizeof c->m.key) == 0;
    for (size_t i = 0; !found && i < c->m.n_changes; i++) {
        found = memcmp(key, c->m.changes[i].old_key, sizeof c->m.key) == 0;
    }
    return found;
}

// Whether the bundle must know of a card of that time: from its first event until it was begun.
static bool expected(const check *c, int64_t at_us)
{
    int64_t made_us = 0, until_us = INT64_MAX;
    const char *until = json_string_value(json_object_get(c->m.tree, "anchors_until"));
    (void)!vg_time_parse(vg_str_c(c->rep->made), &made_us, NULL);
    (void)!vg_time_parse(vg_str_c(until ? until : ""), &until_us, NULL);
    made_us -= ON_ITS_WAY_US;
    return c->m.format >= 2 && c->rep->first_us && at_us >= c->rep->first_us && at_us <= made_us &&
           at_us <= until_us;
}

static vg_status against_card(void *me, const vg_anchor *card, const char *file, vg_err *err)
{
    check *c = me;
    bool known = false, reaches = false;
    if (!ours(c, card->key)) {
        c->rep->others++;
        return VG_OK;
    }
    c->rep->cards++;
    for (size_t i = 0; i < c->n_proofs; i++) {
        evidence_proof *x = &c->proofs[i];
        if (memcmp(x->digest, card->digest, sizeof x->digest) == 0) {
            x->carded = known = true;
            reaches = reaches || x->proven;
        }
    }
    if (!known && expected(c, card->at_us)) {
        char at[VG_TIME_TEXT];
        vg_time_rfc3339(card->at_us, at);
        return vg_fail(err, VG_ECORRUPT, "anchors", "evidence.anchor_lacks", "%s, %s", at, file);
    }
    c->rep->holding += reaches;
    if (reaches && card->at_us > c->rep->card_us) {
        c->rep->card_us = card->at_us;
    }
    return VG_OK;
}

// How far into this log cards reach; -1: not into it.
static int64_t reach_of(const check *c, uint32_t log)
{
    int64_t seq = -1;
    for (size_t i = 0; i < c->n_proofs; i++) {
        const evidence_proof *x = &c->proofs[i];
        if (x->proven && x->carded && x->p.log == log && x->p.seq > seq) {
            seq = x->p.seq;
        }
    }
    return seq;
}

static vg_status check_cards(check *c, const char *cards, vg_err *err)
{
    uint32_t log = 0;
    int64_t reach = -1;
    VG_TRY(evidence_cards(cards, against_card, c, &c->rep->unread, err));
    for (size_t i = 0; i < c->n_facts; i++) {
        if (c->facts[i].log != log) {
            log = c->facts[i].log;
            reach = reach_of(c, log);
        }
        c->rep->covered += c->facts[i].seq <= reach;
    }
    return VG_OK;
}

typedef vg_status (*part)(check *c, vg_err *err);

vg_status evidence_check(const char *path, const unsigned char *key, evidence_report *ret,
                         vg_err *err)
{
    return evidence_check_anchors(path, key, NULL, ret, err);
}

vg_status evidence_check_anchors(const char *path, const unsigned char *key, const char *cards,
                                 evidence_report *ret, vg_err *err)
{
    check c = {.rep = ret};
    *ret = (evidence_report){0};
    if (sodium_init() < 0) {
        return vg_fail(err, VG_EINTERNAL, "", NULL, "libsodium");
    }
    static const part parts[] = {check_events, check_proofs, check_chain, check_pictures,
                                 check_counts};
    vg_status s = evidence_read(path, &c.files, err);
    if (s == VG_OK) {
        s = evidence_manifest_read(&c.files, key, &c.m, ret, err);
    }
    if (s == VG_OK) {
        s = evidence_files_check(&c.files, &c.m, err);
    }
    for (size_t i = 0; s == VG_OK && i < VG_LEN(parts); i++) {
        s = parts[i](&c, err);
    }
    if (s == VG_OK && cards) {
        s = check_cards(&c, cards, err);
    }
    evidence_manifest_done(&c.m);
    free(c.facts);
    free(c.proofs);
    evidence_files_done(&c.files);
    return s;
}
