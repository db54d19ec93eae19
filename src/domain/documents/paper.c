// SPDX-License-Identifier: Apache-2.0
// The codec. What is read is written again and compared: there is one spelling of a header, so a signature never
// covers two readings. The limit of a file holds before anything is allocated for it. Signed inside, closed outside:
// who carries the file learns its length and nothing else, not even from whom it is.
#include "domain/documents/paper.h"

#include "base/clock.h"
#include "base/id.h"

#include <sodium.h>

enum { MAGIC = 4, SIGNATURE = crypto_sign_BYTES, LENGTH = 4, TEXT_MAX = 2048, ID_CHARS = 16 };
static const char MAGIC_OF[2][MAGIC + 1] = {"VGP1", "VGR1"};
#define AT_MAX (INT64_C(253402300799) * VG_SECOND_US)  // the year 9999

static vg_status damaged(vg_err *err)
{
    return vg_fail(err, VG_ECONFLICT, "file", "documents.damaged", "%s", "");
}

// --- keys -----------------------------------------------------------------------------------------
void paper_keys_from(const unsigned char seed[32], const unsigned char box_seed[32],
                     paper_keys *ret)
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    memcpy(ret->seed, seed, sizeof ret->seed);
    crypto_sign_seed_keypair(ret->sign, secret, seed);
    crypto_box_seed_keypair(ret->box, ret->box_secret, box_seed);
    sodium_memzero(secret, sizeof secret);
}

void paper_fingerprint(const unsigned char sign[PAPER_KEY], const unsigned char box[PAPER_KEY],
                       char out[PAPER_FINGERPRINT])
{
    unsigned char both[2 * PAPER_KEY], hash[VG_HASH_BYTES];
    memcpy(both, sign, PAPER_KEY);
    memcpy(both + PAPER_KEY, box, PAPER_KEY);
    vg_hash(both, sizeof both, hash);
    for (size_t g = 0; g < 6; g++) {
        uint64_t v = 0;
        for (size_t i = 0; i < 5; i++) {
            v = v << 8 | hash[5 * g + i];
        }
        snprintf(out + 6 * g, PAPER_FINGERPRINT - 6 * g, "%05u%s", (unsigned)(v % 100000),
                 g < 5 ? " " : "");
    }
}

// --- the header -----------------------------------------------------------------------------------
static void put_key(vg_jw *w, const char *name, const unsigned char key[32])
{
    char hex[65];
    vg_hex(key, 32, hex);
    vg_jw_kz(w, name, hex);
}

void paper_head_write(const paper_head *h, vg_buf *out)
{
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_ki64(&w, "v", 1);
    vg_jw_kz(&w, "what", h->receipt ? "receipt" : "paper");
    vg_jw_kstr(&w, "sent", h->sent);
    put_key(&w, "from", h->from);
    put_key(&w, "to", h->to);
    vg_jw_ki64(&w, "at", h->at_us);
    vg_jw_kstr(&w, "agency", h->agency);
    vg_jw_kstr(&w, "number", h->number);
    vg_jw_kstr(&w, "receiver", h->receiver);
    put_key(&w, "hash", h->hash);
    if (!h->receipt) {
        vg_jw_kstr(&w, "dated", h->dated);
        vg_jw_kstr(&w, "subject", h->subject);
        vg_jw_kstr(&w, "kind", h->kind);
        vg_jw_ki64(&w, "secrecy", h->secrecy);
        vg_jw_kstr(&w, "until", h->until);
        vg_jw_kstr(&w, "term_ref", h->term_ref);
        vg_jw_kstr(&w, "file_name", h->file_name);
        vg_jw_ki64(&w, "bytes", h->bytes);
    }
    vg_jw_close(&w, '}');
}

typedef struct reading {
    const json_t *o;
    vg_arena *a;
    bool ok;
} reading;

static vg_str text_of(reading *r, const char *name)
{
    const json_t *v = json_object_get(r->o, name);
    const vg_str s = {json_string_value(v), json_string_length(v)};
    r->ok = r->ok && json_is_string(v) && s.n <= TEXT_MAX;
    return r->ok ? vg_str_dup(r->a, s) : VG_S("");
}

static int64_t number_of(reading *r, const char *name, int64_t max)
{
    const json_t *v = json_object_get(r->o, name);
    const int64_t n = json_integer_value(v);
    r->ok = r->ok && json_is_integer(v) && n >= 0 && n <= max;
    return n;
}

static void key_of(reading *r, const char *name, unsigned char out[32])
{
    const char *hex = json_string_value(json_object_get(r->o, name));
    r->ok = r->ok && hex && vg_unhex(vg_str_c(hex), out, 32);
}

static bool members(reading *r, paper_head *h)
{
    const vg_str what = text_of(r, "what");
    h->receipt = vg_str_eqc(what, "receipt");
    h->sent = text_of(r, "sent");
    key_of(r, "from", h->from);
    key_of(r, "to", h->to);
    key_of(r, "hash", h->hash);
    h->at_us = number_of(r, "at", AT_MAX);
    h->agency = text_of(r, "agency");
    h->number = text_of(r, "number");
    h->receiver = text_of(r, "receiver");
    if (!h->receipt) {
        h->dated = text_of(r, "dated");
        h->subject = text_of(r, "subject");
        h->kind = text_of(r, "kind");
        h->secrecy = number_of(r, "secrecy", 3);
        h->until = text_of(r, "until");
        h->term_ref = text_of(r, "term_ref");
        h->file_name = text_of(r, "file_name");
        h->bytes = number_of(r, "bytes", PAPER_FILE_BYTES);
    }
    return r->ok && h->sent.n == ID_CHARS;
}

static bool spelled_so(const paper_head *h, vg_str text)
{
    vg_buf b;
    vg_buf_init(&b, 2 * PAPER_HEAD_BYTES);
    paper_head_write(h, &b);
    const bool same = !b.failed && vg_str_eq(vg_buf_str(&b), text);
    vg_buf_done(&b);
    return same;
}

vg_status paper_head_read(vg_str text, vg_arena *a, paper_head *ret, vg_err *err)
{
    json_t *o;
    paper_head h = {0};
    if (text.n > PAPER_HEAD_BYTES || vg_json_parse(text, PAPER_HEAD_BYTES, &o, NULL) != VG_OK) {
        return damaged(err);
    }
    reading r = {o, a, json_is_object(o)};
    const bool ok = members(&r, &h) && spelled_so(&h, text);
    json_decref(o);
    if (!ok) {
        return damaged(err);
    }
    *ret = h;
    return VG_OK;
}

void paper_head_hash(vg_str header, unsigned char out[VG_HASH_BYTES])
{
    vg_hash(header.p, header.n, out);
}

// --- inside ---------------------------------------------------------------------------------------
static size_t message(bool receipt, vg_str header, unsigned char out[64])
{
    static const char tag[] = "vgpaper1";
    memcpy(out, tag, sizeof tag - 1);
    memcpy(out + sizeof tag - 1, MAGIC_OF[receipt], MAGIC);
    vg_hash(header.p, header.n, out + sizeof tag - 1 + MAGIC);
    return sizeof tag - 1 + MAGIC + VG_HASH_BYTES;
}

static void put_inside(bool receipt, vg_str header, vg_str file, const unsigned char seed[32],
                       vg_buf *out)
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES],
        sig[SIGNATURE], msg[64];
    const unsigned char length[LENGTH] = {(unsigned char)(header.n >> 24),
                                          (unsigned char)(header.n >> 16),
                                          (unsigned char)(header.n >> 8), (unsigned char)header.n};
    crypto_sign_seed_keypair(public, secret, seed);
    crypto_sign_detached(sig, NULL, msg, message(receipt, header, msg), secret);
    sodium_memzero(secret, sizeof secret);
    vg_buf_add(out, length, sizeof length);
    vg_buf_s(out, header);
    vg_buf_add(out, sig, sizeof sig);
    vg_buf_s(out, file);
}

vg_status paper_close(bool receipt, vg_str header, vg_str file, const paper_keys *keys,
                      const unsigned char box[PAPER_KEY], vg_buf *ret, vg_err *err)
{
    vg_buf in;
    if (header.n > PAPER_HEAD_BYTES || file.n > PAPER_FILE_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "file", "documents.too_big", "%d", PAPER_FILE_BYTES >> 20);
    }
    vg_buf_init(&in, PAPER_BYTES);
    put_inside(receipt, header, file, keys->seed, &in);
    const size_t n = in.n + crypto_box_SEALBYTES;
    unsigned char *sealed = vg_alloc(n);
    const bool ok =
        !in.failed && crypto_box_seal(sealed, (const unsigned char *)in.p, in.n, box) == 0;
    if (ok) {
        vg_buf_add(ret, MAGIC_OF[receipt], MAGIC);
        vg_buf_add(ret, sealed, n);
    }
    free(sealed);
    vg_buf_done(&in);
    return ok && !ret->failed ? VG_OK
                              : vg_fail(err, VG_EINVALID, "to", "documents.bad_card", "%s", "");
}

vg_status paper_open(vg_str bytes, bool receipt, const paper_keys *keys, vg_buf *ret, vg_err *err)
{
    if (bytes.n > PAPER_BYTES) {
        return vg_fail(err, VG_ETOOBIG, "file", "documents.too_big", "%d", PAPER_FILE_BYTES >> 20);
    }
    if (bytes.n <= MAGIC + crypto_box_SEALBYTES || memcmp(bytes.p, MAGIC_OF[receipt], MAGIC) != 0) {
        return vg_fail(err, VG_ECONFLICT, "file", "documents.no_paper", "%s", "");
    }
    const size_t n = bytes.n - MAGIC - crypto_box_SEALBYTES;
    unsigned char *inside = vg_alloc(n);
    if (crypto_box_seal_open(inside, (const unsigned char *)bytes.p + MAGIC, bytes.n - MAGIC,
                             keys->box, keys->box_secret) != 0) {
        free(inside);
        return vg_fail(err, VG_ECONFLICT, "file", "documents.not_for_us", "%s", "");
    }
    vg_buf_init(ret, PAPER_BYTES);
    vg_buf_add(ret, inside, n);
    sodium_memzero(inside, n);
    free(inside);
    return VG_OK;
}

static bool parts(vg_str inside, vg_str *header, const unsigned char **sig, vg_str *file)
{
    const unsigned char *p = (const unsigned char *)inside.p;
    if (inside.n < LENGTH + SIGNATURE) {
        return false;
    }
    const size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
    if (n > PAPER_HEAD_BYTES || n > inside.n - LENGTH - SIGNATURE) {
        return false;
    }
    *header = (vg_str){inside.p + LENGTH, n};
    *sig = p + LENGTH + n;
    *file = (vg_str){inside.p + LENGTH + n + SIGNATURE, inside.n - LENGTH - n - SIGNATURE};
    return true;
}

static bool file_fits(const paper_head *h, vg_str file)
{
    unsigned char hash[VG_HASH_BYTES];
    if (h->receipt) {
        return file.n == 0;
    }
    vg_hash(file.p, file.n, hash);
    return (int64_t)file.n == h->bytes && memcmp(hash, h->hash, sizeof hash) == 0;
}

vg_status paper_read(vg_str inside, bool receipt, vg_arena *a, paper_head *ret, vg_str *ret_header,
                     vg_str *ret_file, vg_err *err)
{
    vg_str header, file;
    const unsigned char *sig;
    unsigned char msg[64];
    paper_head h = {0};
    if (!parts(inside, &header, &sig, &file)) {
        return damaged(err);
    }
    VG_TRY(paper_head_read(header, a, &h, err));
    if (crypto_sign_verify_detached(sig, msg, message(receipt, header, msg), h.from) != 0) {
        return vg_fail(err, VG_ECONFLICT, "file", "documents.bad_signature", "%s", "");
    }
    if (h.receipt != receipt || !file_fits(&h, file)) {
        return damaged(err);
    }
    *ret = h;
    *ret_header = header;
    *ret_file = file;
    return VG_OK;
}
