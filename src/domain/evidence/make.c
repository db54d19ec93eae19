// SPDX-License-Identifier: Apache-2.0
// Making a bundle: choose, walk, say in a manifest what it is, sign that, pack. The manifest holds the size and hash of
// every other file, so that one signature covers all. At last the file is checked as anybody would check it: what does
// not hold is not handed out.
#include "base/clock.h"
#include "base/i18n.h"
#include "domain/evidence/evidence_impl.h"
#include "journal/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static void put_asked(vg_jw *w, const evidence_ask *ask, const evidence_pick *p)
{
    vg_jw_key(w, "asked");
    vg_jw_open(w, '{');
    if (ask->log) {
        vg_jw_ki64(w, "log", ask->log);
        vg_jw_ki64(w, "from", ask->from);
        vg_jw_ki64(w, "to", ask->to);
    } else {
        vg_jw_kz(w, ask->incident ? "incident" : "alert",
                 ask->incident ? ask->incident : ask->alert);
        vg_jw_kz(w, "number", p->number);
    }
    vg_jw_kz(w, "reason", ask->reason);
    vg_jw_close(w, '}');
}

static void put_counts(vg_jw *w, const evidence_made *m)
{
    vg_jw_key(w, "counts");
    vg_jw_open(w, '{');
    vg_jw_ki64(w, "events", m->events);
    vg_jw_ki64(w, "withheld", m->withheld);
    vg_jw_ki64(w, "seals", m->seals);
    vg_jw_ki64(w, "pictures", m->pictures);
    vg_jw_ki64(w, "erased", m->erased);
    vg_jw_close(w, '}');
}

static void put_files(vg_jw *w, const evidence_files *f)
{
    vg_jw_key(w, "files");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < f->n; i++) {
        unsigned char hash[VG_HASH_BYTES];
        char hex[2 * VG_HASH_BYTES + 1];
        vg_hash(f->v[i].bytes.p, f->v[i].bytes.n, hash);
        vg_hex(hash, sizeof hash, hex);
        vg_jw_open(w, '{');
        vg_jw_kz(w, "name", f->v[i].name);
        vg_jw_ki64(w, "size", (int64_t)f->v[i].bytes.n);
        vg_jw_kz(w, "hash", hex);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

// How an earlier key of seals came to be the present one, signed by both each time.
static void put_changes(vg_jw *w, const vg_seal_keys *keys)
{
    vg_jw_key(w, "rotations");
    vg_jw_open(w, '[');
    for (size_t i = 0; i < keys->n; i++) {
        vg_jw_open(w, '{');
        vg_key_change_write(w, &keys->v[i].change);
        vg_jw_close(w, '}');
    }
    vg_jw_close(w, ']');
}

static vg_status read_changes(evidence_from *f, const evidence_text *t, vg_seal_keys *ret,
                              vg_err *err)
{
    unsigned char own[32];
    vg_db *db;
    if (!t->old_keys) {
        return VG_OK;
    }
    vg_journal_public_key(f->seed, own);
    VG_TRY(evidence_take(f, false, &db, err));
    const vg_status s = vg_seal_keys_load(db, own, ret, NULL, err);
    evidence_give(f, false, db);
    return s;
}

static void put_manifest(evidence_from *f, const evidence_ask *ask, const evidence_pick *p,
                         const evidence_text *t, const vg_seal_keys *keys, vg_buf *out)
{
    unsigned char key[32];
    char hex[65];
    vg_journal_public_key(f->seed, key);
    vg_hex(key, sizeof key, hex);
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_ki64(&w, "format", EVIDENCE_FORMAT);
    vg_jw_ki64(&w, "journal", VG_JOURNAL_FORMAT);
    vg_jw_kz(&w, "program", "vonggac " VG_VERSION);
    vg_jw_kz(&w, "node", f->node);
    vg_jw_kz(&w, "key", hex);
    if (t->old_keys) {
        put_changes(&w, keys);
    }
    vg_jw_ktime_exact(&w, "made", t->made_us);
    vg_jw_kz(&w, "by", f->who->kind == VG_P_LOCAL ? "local" : f->who->user);
    vg_jw_kz(&w, "by_name", f->who->name);
    vg_jw_kz(&w, "agency", f->who->agency);
    put_asked(&w, ask, p);
    put_counts(&w, &t->made);
    vg_jw_kraw(&w, "logs", vg_buf_str(&t->logs));
    if (t->anchors_until_us) {
        vg_jw_ktime_exact(&w, "anchors_until", t->anchors_until_us);
    }
    put_files(&w, &t->files);
    vg_jw_close(&w, '}');
    vg_buf_ch(out, '\n');
}

static bool put_signature(const evidence_from *f, vg_str manifest, evidence_files *files)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES],
        sig[crypto_sign_BYTES], msg[64];
    char hex[2 * crypto_sign_BYTES + 1];
    evidence_file *x = evidence_add(files, EVIDENCE_SIGNATURE, 256);
    if (!x) {
        return false;
    }
    crypto_sign_seed_keypair(public, secret, f->seed);
    const size_t n = evidence_message(manifest, msg);
    crypto_sign_detached(sig, NULL, msg, n, secret);
    sodium_memzero(secret, sizeof secret);
    vg_hex(sig, sizeof sig, hex);
    vg_buf_f(&x->bytes, "%s\n", hex);
    return true;
}

// A text into its file: the buffer moves.
static bool put_text(evidence_files *files, const char *name, vg_buf *text)
{
    evidence_file *x = evidence_add(files, name, 1);
    if (x) {
        x->bytes = *text;
        *text = (vg_buf){0};
    }
    return x != NULL;
}

static vg_status assemble(evidence_from *f, const evidence_ask *ask, const evidence_pick *p,
                          evidence_text *t, vg_err *err)
{
    vg_buf readme, manifest;
    vg_seal_keys keys = {0};
    VG_TRY(read_changes(f, t, &keys, err));
    vg_buf_init(&readme, 64 << 10);
    vg_buf_init(&manifest, EVIDENCE_MANIFEST_BYTES);
    vg_buf_c(&readme, vg_tr(VG_VI, "evidence.readme"));
    vg_buf_c(&readme, "\n");
    vg_buf_c(&readme, vg_tr(VG_EN, "evidence.readme"));
    bool ok = put_text(&t->files, EVIDENCE_README, &readme) &&
              put_text(&t->files, EVIDENCE_LINES, &t->events) &&
              put_text(&t->files, EVIDENCE_CHAIN, &t->chain) &&
              put_text(&t->files, EVIDENCE_OBJECTS, &t->objects) &&
              put_text(&t->files, EVIDENCE_ANCHORS, &t->anchors);
    if (ok) {
        put_manifest(f, ask, p, t, &keys, &manifest);
        ok = !manifest.failed && put_signature(f, vg_buf_str(&manifest), &t->files) &&
             put_text(&t->files, EVIDENCE_MANIFEST, &manifest);
    }
    vg_seal_keys_done(&keys);
    vg_buf_done(&readme);
    vg_buf_done(&manifest);
    return ok ? VG_OK
              : vg_fail(err, VG_ETOOBIG, "", "evidence.too_big", "%d", EVIDENCE_TOTAL >> 20);
}

static vg_status hash_file(const char *path, evidence_made *m, vg_err *err)
{
    crypto_generichash_state st;
    unsigned char hash[VG_HASH_BYTES], piece[16384];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    crypto_generichash_init(&st, NULL, 0, sizeof hash);
    while (fd >= 0 && (n = read(fd, piece, sizeof piece)) > 0) {
        crypto_generichash_update(&st, piece, (size_t)n);
        m->bytes += n;
    }
    crypto_generichash_final(&st, hash, sizeof hash);
    vg_hex(hash, sizeof hash, m->hash);
    const vg_status s =
        n == 0 ? VG_OK : vg_fail(err, VG_EIO, "out", NULL, "%s: %s", path, strerror(errno));
    if (fd >= 0) {
        close(fd);
    }
    return s;
}

static vg_status finish(evidence_from *f, evidence_text *t, const char *path, vg_err *err)
{
    unsigned char key[32];
    evidence_report report;
    VG_TRY(evidence_write(&t->files, path, err));
    evidence_files_done(&t->files);  // read again below: not twice in memory
    vg_journal_public_key(f->seed, key);
    vg_status s = evidence_check(path, key, &report, err);
    if (s == VG_OK) {
        s = hash_file(path, &t->made, err);
    }
    if (s != VG_OK) {
        unlink(path);
    }
    return s;
}

static void text_init(evidence_text *t)
{
    *t = (evidence_text){.made_us = vg_now_us()};
    vg_buf_init(&t->events, EVIDENCE_TEXT);
    vg_buf_init(&t->chain, EVIDENCE_TEXT);
    vg_buf_init(&t->objects, 4 << 20);
    vg_buf_init(&t->anchors, EVIDENCE_ANCHOR_BYTES);
    vg_buf_init(&t->logs, 512 << 10);
}

static void text_done(evidence_text *t)
{
    evidence_files_done(&t->files);
    vg_buf_done(&t->events);
    vg_buf_done(&t->chain);
    vg_buf_done(&t->objects);
    vg_buf_done(&t->anchors);
    vg_buf_done(&t->logs);
}

vg_status evidence_make(evidence_from *f, const evidence_ask *ask, const char *path,
                        evidence_made *ret, vg_err *err)
{
    evidence_pick p = {0};
    evidence_text t;
    if (access(path, F_OK) == 0) {
        return vg_fail(err, VG_ECONFLICT, "out", "cli.target_exists", "%s", path);
    }
    text_init(&t);
    vg_status s = evidence_choose(f, ask, &p, err);
    if (s == VG_OK) {
        s = evidence_walk(f, &p, &t, err);
    }
    if (s == VG_OK) {
        s = evidence_put_anchors(f, &p, &t, err);
    }
    if (s == VG_OK) {
        s = assemble(f, ask, &p, &t, err);
    }
    if (s == VG_OK) {
        s = finish(f, &t, path, err);
    }
    if (s == VG_OK) {
        *ret = t.made;
        snprintf(ret->number, sizeof ret->number, "%s", p.number);
    }
    text_done(&t);
    free(p.ids);
    return s;
}
