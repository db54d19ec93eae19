// SPDX-License-Identifier: Apache-2.0
// The events that were chosen, and of each log the chain from the first of them to the seal after the last. What lies
// between and was not chosen stands there as its leaf, 32 bytes that say nothing. The chain is read unscoped: whether
// an event is shown was decided before, by the asker's scope (pick.c).
#include "core/object.h"
#include "core/person.h"
#include "domain/evidence/evidence_impl.h"
#include "journal/chain.h"

#include <assert.h>
#include <sodium.h>
#include <unistd.h>

enum {
    PAGE = 2000,
    SEAL_WAIT_MS = 5000,
    SEAL_STEP_MS = 50,
    TO_ANCHOR = 100000  // steps further, at most, to reach the next anchor
};

typedef struct picture {
    char name[VG_OBJECT_NAME];
    uint32_t log;
    int64_t seq;
} picture;

typedef struct walk {
    evidence_from *f;
    const evidence_pick *p;
    evidence_text *t;
    size_t at;  // the next of p->ids
    uint32_t log;
    int64_t seq, last, sealed;  // done so far; last chosen; the seal after it
    int64_t shown;              // in this log
    picture *pictures;
    size_t n_pictures;
    vg_arena *arena;
} walk;

// --- one event ------------------------------------------------------------------------------------
// Clear personal data is of one's own agency only, as its cards are.
static bool sees_personal(const walk *w, const vg_event *e)
{
    vg_label l;
    const vg_principal *who = w->f->who;
    if (who->kind == VG_P_LOCAL || !w->f->core) {
        return true;
    }
    return vg_label_get(vg_core_labels(w->f->core), e->label, &l) && *l.agency &&
           strcmp(l.agency, who->agency) == 0 && vg_may(who, "see.personal", l.site);
}

static vg_status put_event(walk *w, vg_db *db, const vg_event *e, vg_err *err)
{
    unsigned char proof[32];
    vg_str clear = {"", 0};
    const char *person = vg_str_z(w->arena, e->person);
    vg_status s = VG_EDENIED;
    if (e->personal.n && person) {
        s = vg_person_proof(w->f->vault, db, w->arena, person, e->personal, proof, err);
        if (s != VG_OK && s != VG_EGONE) {
            return s;
        }
    }
    const bool erased = s == VG_EGONE;
    const bool shown = s == VG_OK && sees_personal(w, e);
    if (shown) {
        VG_TRY(vg_person_read(proof, e->personal, w->arena, &clear, err));
    }
    evidence_line_write(e, shown ? proof : NULL, clear, erased, &w->t->events);
    sodium_memzero(proof, sizeof proof);
    w->t->made.erased += erased;
    w->t->made.events++;
    if (!w->t->first_us || e->recorded_us < w->t->first_us) {
        w->t->first_us = e->recorded_us;
    }
    w->shown++;
    return VG_OK;
}

static vg_status note_picture(walk *w, const vg_event *e, vg_err *err)
{
    const vg_str name = vg_js_str(w->arena, e->body, "image");
    if (name.n != VG_OBJECT_NAME - 1) {
        return VG_OK;
    }
    if (w->n_pictures == EVIDENCE_PICTURES) {
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_many_pictures", "%d", EVIDENCE_PICTURES);
    }
    picture *x = &w->pictures[w->n_pictures++];
    *x = (picture){.log = e->log, .seq = e->seq};
    memcpy(x->name, name.p, name.n);
    return VG_OK;
}

static vg_status put_step(walk *w, vg_db *db, const vg_event *e, vg_err *err)
{
    vg_buf *b = &w->t->chain;
    if (e->seq != w->seq + 1) {
        return vg_fail(err, VG_ECORRUPT, "", "verify.gap", "%u-%lld", w->log,
                       (long long)w->seq + 1);
    }
    if (++w->t->steps > EVIDENCE_STEPS) {
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_long", "%d", EVIDENCE_STEPS);
    }
    w->seq = e->seq;
    if (w->at < w->p->n && w->p->ids[w->at] == VG_EVENT_ROWID(e->log, e->seq)) {
        w->at++;
        vg_arena_reset(w->arena);
        VG_TRY(note_picture(w, e, err));
        VG_TRY(put_event(w, db, e, err));
        vg_buf_f(b, "{\"event\":%lld}\n", (long long)e->seq);
        return VG_OK;
    }
    unsigned char leaf[VG_HASH_BYTES];
    char hex[2 * VG_HASH_BYTES + 1];
    vg_chain_leaf(e, leaf);
    vg_hex(leaf, sizeof leaf, hex);
    vg_buf_f(b, "{\"leaf\":\"%s\"}\n", hex);
    w->t->made.withheld++;
    return VG_OK;
}

// --- seals ----------------------------------------------------------------------------------------
static void put_seal(walk *w, vg_rows *r)
{
    const vg_str hash = vg_row_str(r, 1), signature = vg_row_str(r, 3), key = vg_row_str(r, 4);
    char h[2 * VG_HASH_BYTES + 1] = "", s[2 * crypto_sign_BYTES + 1] = "", k[65] = "";
    unsigned char own[32];
    if (hash.n == VG_HASH_BYTES && signature.n == crypto_sign_BYTES) {
        vg_hex(hash.p, hash.n, h);
        vg_hex(signature.p, signature.n, s);
    }
    vg_buf_f(&w->t->chain, "{\"seal\":%lld,\"at\":%lld,\"hash\":\"%s\",\"signature\":\"%s\"",
             (long long)w->seq, (long long)vg_row_i64(r, 2), h, s);
    vg_journal_public_key(w->f->seed, own);
    if (key.n == sizeof own && memcmp(key.p, own, sizeof own) != 0) {
        vg_hex(key.p, key.n, k);
        vg_buf_f(&w->t->chain, ",\"key\":\"%s\"", k);
        w->t->old_keys = true;
    }
    vg_buf_c(&w->t->chain, "}\n");
    w->t->made.seals++;
}

// The seal that covers the last chosen event may be a second away. Where an anchor was made since, the chain goes on to
// the seal after it.
static vg_status find_seal(walk *w, vg_err *err)
{
    int64_t id = 0, anchored = 0;
    vg_db *reader;
    VG_TRY(evidence_take(w->f, false, &reader, err));
    const vg_status found =
        evidence_anchor_after(reader, w->log, w->last, w->last + TO_ANCHOR, &anchored, err);
    evidence_give(w->f, false, reader);
    VG_TRY(found);
    const int64_t last = anchored ? anchored : w->last;
    for (int waited = 0; !id && waited <= SEAL_WAIT_MS; waited += SEAL_STEP_MS) {
        vg_db *db;
        if (waited) {
            usleep(SEAL_STEP_MS * 1000);
        }
        VG_TRY(evidence_take(w->f, false, &db, err));
        const vg_status s = vg_one_i64(
            db, "SELECT id FROM seal WHERE id >= ? AND id < ? ORDER BY id LIMIT 1",
            VG_VALS(vg_i(VG_EVENT_ROWID(w->log, last)), vg_i(VG_EVENT_ROWID(w->log + 1, 0))), 0,
            &id, err);
        evidence_give(w->f, false, db);
        VG_TRY(s);
    }
    w->sealed = id - VG_EVENT_ROWID(w->log, 0);
    return id ? VG_OK
              : vg_fail(err, VG_EBUSY, "", "evidence.unsealed", "%u-%lld", w->log,
                        (long long)w->last);
}

// --- one log --------------------------------------------------------------------------------------
static vg_status put_start(walk *w, vg_err *err)
{
    vg_db *db;
    vg_rows *r;
    unsigned char hash[VG_HASH_BYTES] = {0};
    char hex[2 * VG_HASH_BYTES + 1];
    VG_TRY(evidence_take(w->f, false, &db, err));
    vg_status s = vg_rows_open(db, "SELECT hash FROM event WHERE id = ?",
                               VG_VALS(vg_i(VG_EVENT_ROWID(w->log, w->seq))), &r, err);
    if (s == VG_OK) {
        if (vg_rows_next(r) && vg_row_str(r, 0).n == sizeof hash) {
            memcpy(hash, vg_row_str(r, 0).p, sizeof hash);
        }
        s = vg_rows_close(r, err);
    }
    evidence_give(w->f, false, db);
    vg_hex(hash, sizeof hash, hex);
    vg_buf_f(&w->t->chain, "{\"log\":%u,\"after\":%lld,\"hash\":\"%s\"}\n", w->log,
             (long long)w->seq, hex);
    return s;
}

static vg_status page_rows(walk *w, vg_db *db, vg_rows *events, vg_rows *seals, int *n, vg_err *err)
{
    vg_event e;
    bool seal = vg_rows_next(seals);
    for (*n = 0; vg_rows_next(events); ++*n) {
        vg_event_read(events, &e);
        VG_TRY(put_step(w, db, &e, err));
        const int64_t id = VG_EVENT_ROWID(e.log, e.seq);
        if (seal && vg_row_i64(seals, 0) == id) {
            put_seal(w, seals);
            seal = vg_rows_next(seals);
        }
    }
    return VG_OK;
}

static vg_status page(walk *w, vg_db *db, int *n, vg_err *err)
{
    vg_rows *events, *seals;
    const int64_t after = VG_EVENT_ROWID(w->log, w->seq), end = VG_EVENT_ROWID(w->log, w->sealed);
    VG_TRY(vg_rows_open(db,
                        "SELECT " VG_EVENT_COLUMNS
                        " FROM event e WHERE e.id > ? AND e.id <= ? ORDER BY e.id LIMIT ?",
                        VG_VALS(vg_i(after), vg_i(end), vg_i(PAGE)), &events, err));
    vg_status s = vg_rows_open(
        db,
        "SELECT id, hash, sealed, signature, key FROM seal WHERE id > ? AND id <= ? ORDER BY id",
        VG_VALS(vg_i(after), vg_i(end)), &seals, err);
    if (s == VG_OK) {
        s = page_rows(w, db, events, seals, n, err);
        const vg_status c = vg_rows_close(seals, s == VG_OK ? err : NULL);
        s = s == VG_OK ? c : s;
    }
    const vg_status c = vg_rows_close(events, s == VG_OK ? err : NULL);
    return s == VG_OK ? c : s;
}

static vg_status one_log(walk *w, vg_err *err)
{
    int n;
    const int64_t first = w->seq + 1, withheld = w->t->made.withheld;
    VG_TRY(find_seal(w, err));
    VG_TRY(put_start(w, err));
    do {
        vg_db *db;
        VG_TRY(evidence_take(w->f, false, &db, err));
        const vg_status s = page(w, db, &n, err);
        evidence_give(w->f, false, db);
        VG_TRY(s);
    } while (n == PAGE);
    if (w->t->events.failed || w->t->chain.failed) {
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_big", "%d", EVIDENCE_TEXT >> 20);
    }
    vg_buf *b = &w->t->logs;
    vg_buf_f(b, "%s{\"log\":%u,\"first\":%lld,\"last\":%lld,\"sealed\":%lld,\"shown\":%lld,",
             b->n > 1 ? "," : "", w->log, (long long)first, (long long)w->last,
             (long long)w->sealed, (long long)w->shown);
    vg_buf_f(b, "\"withheld\":%lld}", (long long)(w->t->made.withheld - withheld));
    return VG_OK;
}

static vg_status each_log(walk *w, vg_err *err)
{
    const int64_t mask = (INT64_C(1) << VG_SEQ_BITS) - 1;
    vg_buf_ch(&w->t->logs, '[');
    while (w->at < w->p->n) {
        const int64_t id = w->p->ids[w->at];
        size_t end = w->at;
        while (end < w->p->n && w->p->ids[end] >> VG_SEQ_BITS == id >> VG_SEQ_BITS) {
            end++;
        }
        w->log = (uint32_t)(id >> VG_SEQ_BITS);
        w->seq = (id & mask) - 1;
        w->last = w->p->ids[end - 1] & mask;
        w->shown = 0;
        VG_TRY(one_log(w, err));
        if (w->at != end) {  // chosen, and not there any more
            return vg_fail(err, VG_ECORRUPT, "", "verify.gap", "%u-%lld", w->log,
                           (long long)w->last);
        }
    }
    vg_buf_ch(&w->t->logs, ']');
    return VG_OK;
}

// --- pictures -------------------------------------------------------------------------------------
// Whole: its bytes are the ones the event names. What was thrown away, or is another, is said to be so.
static vg_status read_picture(walk *w, const picture *x, evidence_file **ret,
                              const char **ret_state, unsigned char proof[32], vg_err *err)
{
    char dir[440], name[EVIDENCE_NAME], is[VG_OBJECT_NAME];
    snprintf(dir, sizeof dir, "%s/objects", w->f->dir);
    snprintf(name, sizeof name, "objects/%s.jpg", x->name);
    *ret = NULL;
    assert(x->name);
    if (evidence_file_of(&w->t->files, vg_str_c(name))) {
        *ret_state = "whole";
        const vg_buf *b = &evidence_file_of(&w->t->files, vg_str_c(name))->bytes;
        vg_object_proof(w->f->objects, vg_buf_str(b), proof);
        return VG_OK;
    }
    vg_buf b;
    vg_buf_init(&b, VG_OBJECT_BYTES);
    const vg_status s = vg_object_read(dir, vg_str_c(x->name), &b, NULL);
    vg_object_proof(w->f->objects, vg_buf_str(&b), proof);
    vg_object_name(vg_buf_str(&b), proof, is);
    *ret_state = s != VG_OK || b.failed ? "gone" : strcmp(is, x->name) == 0 ? "whole" : "spoilt";
    if (strcmp(*ret_state, "whole") != 0) {
        vg_buf_done(&b);
        return VG_OK;
    }
    w->t->picture_bytes += b.n;
    *ret = w->t->picture_bytes <= EVIDENCE_TOTAL / 2
               ? evidence_add(&w->t->files, name, VG_OBJECT_BYTES)
               : NULL;
    if (!*ret) {
        vg_buf_done(&b);
        return vg_fail(err, VG_ETOOBIG, "", "evidence.too_big", "%d", EVIDENCE_TOTAL >> 21);
    }
    (*ret)->bytes = b;
    return VG_OK;
}

static vg_status put_pictures(walk *w, vg_err *err)
{
    for (size_t i = 0; i < w->n_pictures; i++) {
        const picture *x = &w->pictures[i];
        evidence_file *file;
        const char *state;
        unsigned char proof[32];
        char hex[65];
        VG_TRY(read_picture(w, x, &file, &state, proof, err));
        w->t->made.pictures += file != NULL;
        vg_buf_f(&w->t->objects, "{\"log\":%u,\"seq\":%lld,\"name\":\"%s\",\"state\":\"%s\"",
                 x->log, (long long)x->seq, x->name, state);
        if (strcmp(state, "whole") == 0) {
            vg_hex(proof, sizeof proof, hex);
            vg_buf_f(&w->t->objects, ",\"proof\":\"%s\"", hex);
        }
        vg_buf_c(&w->t->objects, "}\n");
    }
    return VG_OK;
}

vg_status evidence_walk(evidence_from *f, const evidence_pick *p, evidence_text *t, vg_err *err)
{
    walk w = {.f = f, .p = p, .t = t, .arena = vg_arena_create(32 << 20)};
    w.pictures = vg_alloc(EVIDENCE_PICTURES * sizeof *w.pictures);
    vg_status s = each_log(&w, err);
    if (s == VG_OK) {
        s = put_pictures(&w, err);
    }
    free(w.pictures);
    vg_arena_destroy(w.arena);
    return s;
}
