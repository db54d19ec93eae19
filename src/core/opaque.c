// SPDX-License-Identifier: Apache-2.0
// SIV: the tag is a keyed hash of what is sealed, and the nonce of the stream that covers it. The same thing has so the
// same text every time, and every changed character is found out. A name's tag has 64 bits, as each guess is a request;
// that a partner meets two events with one tag, and learns the difference of their numbers, takes some 2^32 of them.
// There is no table of names: they hold across restarts, rebuilds and backups, as long as the node key does.
#include "core/opaque.h"

#include "base/clock.h"
#include "core/core.h"

#include <sodium.h>

enum { NAME_TAG = 8, NAME_BYTES = 15, NAME_FIVES = 3, NAME_TEXT = 24 };
#define SEQ_MASK ((INT64_C(1) << VG_SEQ_BITS) - 1)

// --- sealing --------------------------------------------------------------------------------------
typedef struct seal {
    unsigned char mac[32], stream[32];
} seal;

static seal seal_for(const vg_opaque *o, const char *what)
{
    unsigned char both[64];
    seal s;
    crypto_generichash(both, sizeof both, (const unsigned char *)what, strlen(what), o->key,
                       sizeof o->key);
    memcpy(s.mac, both, 32);
    memcpy(s.stream, both + 32, 32);
    return s;
}

static void make_tag(const seal *s, const unsigned char *p, size_t n,
                     unsigned char tag[VG_SEALED_TAG])
{
    crypto_generichash(tag, VG_SEALED_TAG, p, n, s->mac, sizeof s->mac);
}

static void cover(const seal *s, const unsigned char *tag, size_t n_tag, unsigned char *p, size_t n)
{
    unsigned char nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};
    memcpy(nonce, tag, n_tag);
    crypto_stream_xchacha20_xor(p, p, n, nonce, s->stream);
}

// b is the tag, then n bytes.
static void close_up(const seal *s, unsigned char *b, size_t n_tag, size_t n)
{
    unsigned char tag[VG_SEALED_TAG];
    make_tag(s, b + n_tag, n, tag);
    memcpy(b, tag, n_tag);
    cover(s, b, n_tag, b + n_tag, n);
}

static bool open_up(const seal *s, unsigned char *b, size_t n_tag, size_t n)
{
    unsigned char tag[VG_SEALED_TAG];
    cover(s, b, n_tag, b + n_tag, n);
    make_tag(s, b + n_tag, n, tag);
    return sodium_memcmp(tag, b, n_tag) == 0;
}

void vg_sealed_say(const vg_opaque *o, const char *what, const void *p, size_t n, char *out)
{
    const seal s = seal_for(o, what);
    unsigned char *b = vg_alloc(VG_SEALED_TAG + n);
    memcpy(b + VG_SEALED_TAG, p, n);
    close_up(&s, b, VG_SEALED_TAG, n);
    sodium_bin2base64(out, VG_SEALED(n), b, VG_SEALED_TAG + n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    free(b);
}

bool vg_sealed_read(const vg_opaque *o, const char *what, vg_str text, void *out, size_t n)
{
    const seal s = seal_for(o, what);
    unsigned char *b = vg_alloc(VG_SEALED_TAG + n);
    size_t got = 0;
    const bool ok = sodium_base642bin(b, VG_SEALED_TAG + n, text.p, text.n, NULL, &got, NULL,
                                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
                    got == VG_SEALED_TAG + n && open_up(&s, b, VG_SEALED_TAG, n);
    if (ok) {
        memcpy(out, b + VG_SEALED_TAG, n);
    }
    free(b);
    return ok;
}

// --- who ------------------------------------------------------------------------------------------
void vg_opaque_for(const vg_core *c, const vg_principal *who, vg_opaque *ret)
{
    unsigned char key[32];
    ret->plain = who->custodian || who->kind == VG_P_SYSTEM || who->kind == VG_P_LOCAL;
    vg_core_key(c, "opaque", key);
    crypto_generichash(ret->key, sizeof ret->key, (const unsigned char *)who->agency,
                       strlen(who->agency), key, sizeof key);
    sodium_memzero(key, sizeof key);
}

int64_t vg_time_told(const vg_opaque *o, int64_t us)
{
    return o->plain || us < 0 ? us : us - us % VG_MS_US;
}

const vg_opaque *vg_opaque_at(const vg_db *db)
{
    static const vg_opaque own = {.plain = true};
    const vg_opaque *o = vg_db_reader(db);
    return o ? o : &own;
}

// --- names of events ------------------------------------------------------------------------------
static bool stored_id(vg_str name, int64_t *ret_id)
{
    const char *dash = memchr(name.p, '-', name.n);
    const size_t at = dash ? (size_t)(dash - name.p) : 0;
    int64_t log, seq;
    if (!dash || vg_str_i64((vg_str){name.p, at}, 1, UINT16_MAX, &log, NULL) != VG_OK ||
        vg_str_i64((vg_str){dash + 1, name.n - at - 1}, 1, SEQ_MASK >> 1, &seq, NULL) != VG_OK) {
        return false;
    }
    *ret_id = VG_EVENT_ROWID(log, seq);
    return true;
}

void vg_event_say(const vg_opaque *o, int64_t id, char out[VG_EVENT_NAME])
{
    unsigned char b[NAME_BYTES];
    if (o->plain) {
        snprintf(out, VG_EVENT_NAME, "%lld-%lld", (long long)(id >> VG_SEQ_BITS),
                 (long long)(id & SEQ_MASK));
        return;
    }
    const seal s = seal_for(o, "event");
    for (int i = 0; i < NAME_BYTES - NAME_TAG; i++) {
        b[NAME_TAG + i] = (unsigned char)(id >> (8 * i));
    }
    close_up(&s, b, NAME_TAG, NAME_BYTES - NAME_TAG);
    out[0] = 'e';
    vg_base32(b, NAME_FIVES, out + 1);
}

bool vg_event_named(const vg_opaque *o, vg_str name, int64_t *ret_id)
{
    unsigned char b[NAME_BYTES];
    if (o->plain) {
        return stored_id(name, ret_id);
    }
    const seal s = seal_for(o, "event");
    if (name.n != 1 + NAME_TEXT || name.p[0] != 'e' ||
        !vg_unbase32((vg_str){name.p + 1, NAME_TEXT}, NAME_FIVES, b) ||
        !open_up(&s, b, NAME_TAG, NAME_BYTES - NAME_TAG)) {
        return false;
    }
    int64_t id = 0;
    for (int i = NAME_BYTES - NAME_TAG - 1; i >= 0; i--) {
        id = id << 8 | b[NAME_TAG + i];
    }
    *ret_id = id;
    return true;
}

bool vg_event_say_stored(const vg_opaque *o, vg_str stored, char out[VG_EVENT_NAME])
{
    int64_t id;
    *out = 0;
    if (!stored.n || !stored_id(stored, &id)) {
        return false;
    }
    vg_event_say(o, id, out);
    return true;
}

// --- names within JSON ----------------------------------------------------------------------------
static vg_str unquoted(vg_str raw)
{
    return raw.n > 1 && *raw.p == '"' ? (vg_str){raw.p + 1, raw.n - 2} : (vg_str){"", 0};
}

static bool in_words(vg_str key, const char *const *words)
{
    while (*words && !vg_str_eqc(key, *words)) {
        words++;
    }
    return *words != NULL;
}

static void say_key(vg_jw *out, vg_str key)
{
    char name[48];
    snprintf(name, sizeof name, "%.*s", VG_FMT(key));
    vg_jw_key(out, name);
}

// Things have texts for ids; labels are counted.
static bool is_count(vg_str key, vg_str item)
{
    return vg_str_eqc(key, "id") && item.n && *item.p != '"';
}

// A text is a name where `named` says so.
static void say_value(const vg_opaque *o, vg_str raw, bool named, vg_jw *out)
{
    static const char *const numbers[] = {"log", "seq", "last_seq", "seqs", "label", NULL};
    static const char *const names[] = {"name", "evidence", NULL};
    char name[VG_EVENT_NAME];
    vg_str key = {"", 0}, item, seq;
    if (raw.n && (*raw.p == '{' || *raw.p == '[')) {
        const bool object = *raw.p == '{';
        const bool event = object && vg_js_find(raw, "seq", &seq);
        vg_jw_open(out, *raw.p);
        for (size_t at = 0; vg_js_each(raw, &at, &key, &item);) {
            if (object && (in_words(key, numbers) || is_count(key, item))) {
                continue;
            }
            if (object) {
                say_key(out, key);
            }
            const bool here = object && in_words(key, names);
            say_value(o, item, object ? here && (event || *item.p == '[') : named, out);
        }
        vg_jw_close(out, object ? '}' : ']');
    } else if (named && vg_event_say_stored(o, unquoted(raw), name)) {
        vg_jw_str(out, vg_str_c(name));
    } else {
        vg_jw_raw(out, raw);
    }
}

void vg_cites_say(const vg_opaque *o, vg_str json, vg_jw *out)
{
    if (o->plain) {
        vg_jw_raw(out, json);
    } else {
        say_value(o, json, false, out);
    }
}
