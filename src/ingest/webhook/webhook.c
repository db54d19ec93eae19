// SPDX-License-Identifier: Apache-2.0
// First the signature over the raw bytes, then JSON: nothing is parsed for a stranger. Members we do not
// know are refused, so that a misspelt "zonne" is found the first time an integrator tries. What passed
// is authenticated (where the source has a certificate: if that was shown too): HMAC over time and content, fresh,
// and kept from being played again by the gate.
// It never touches a socket and never journals; the HTTP layer hands the signals over and settles.
#include "ingest/webhook/webhook.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "ingest/repeats.h"

#include <pthread.h>
#include <sodium.h>

// --- signature ------------------------------------------------------------------------------------

static bool signature_ok(const vg_webhook_request *r)
{
    static const unsigned char NOBODY[32];
    unsigned char given[crypto_auth_hmacsha256_BYTES], mac[crypto_auth_hmacsha256_BYTES];
    const bool keyed = r->source && r->source->key_len > 0;
    vg_str hex = r->signature;
    if (vg_str_starts(hex, "sha256=")) {
        hex = (vg_str){hex.p + 7, hex.n - 7};
    }
    crypto_auth_hmacsha256_state h;  // computed for strangers too: an unknown source takes as long
    crypto_auth_hmacsha256_init(&h, keyed ? r->source->key : NOBODY,
                                keyed ? r->source->key_len : sizeof NOBODY);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)r->timestamp.p, r->timestamp.n);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)r->body.p, r->body.n);
    crypto_auth_hmacsha256_final(&h, mac);
    return vg_unhex(hex, given, sizeof given) && sodium_memcmp(given, mac, sizeof mac) == 0 &&
           keyed;
}

vg_status vg_webhook_verify(const vg_webhook_request *r, vg_err *err)
{
    int64_t at_s;
    if (r->body.n > VG_WEBHOOK_BODY_MAX) {
        return vg_fail(err, VG_ETOOBIG, "body", "err.body_too_big", "%d", VG_WEBHOOK_BODY_MAX);
    }
    if (!signature_ok(r)) {
        return vg_fail(err, VG_EAUTH, VG_WEBHOOK_SIGNATURE, "ingest.err.signature", "%s", "");
    }
    if (vg_str_i64(r->timestamp, 0, INT64_C(99999999999), &at_s, NULL) != VG_OK ||
        llabs(at_s - r->now_us / VG_SECOND_US) > VG_WEBHOOK_WINDOW_S) {
        return vg_fail(err, VG_EAUTH, VG_WEBHOOK_TIMESTAMP, "ingest.err.timestamp", "%lld",
                       (long long)(r->now_us / VG_SECOND_US));
    }
    if (r->source->flags & VG_SRC_DISABLED) {
        return vg_fail(err, VG_EDENIED, "source", "ingest.err.source_disabled", "%s", "");
    }
    return VG_OK;
}

// --- body -----------------------------------------------------------------------------------------

typedef struct reader {  // one event being read
    vg_arena *a;
    vg_signal *s;
    int index;  // in "events", -1 for a lone one
    bool has_kind, has_verb;
    vg_err *err;
} reader;

typedef struct member {
    const char *name;
    vg_status (*read)(reader *r, const char *name, const json_t *v);
    size_t at, size;  // of a text field in vg_signal
} member;

static vg_status refuse(const reader *r, const char *name, const char *key, const char *detail)
{
    char path[64];
    if (r->index >= 0) {
        snprintf(path, sizeof path, "events[%d].%.30s", r->index, name);
    } else {
        snprintf(path, sizeof path, "%.40s", name);
    }
    return vg_fail(r->err, VG_EINVALID, path, key, "%.80s", detail);
}

static const char *const VERBS[] = {
    [VG_SIG_RAISE] = "raise",   [VG_SIG_RESTORE] = "restore", [VG_SIG_ARM] = "arm",
    [VG_SIG_DISARM] = "disarm", [VG_SIG_BYPASS] = "bypass",   [VG_SIG_UNBYPASS] = "unbypass",
    [VG_SIG_TEST] = "test",     [VG_SIG_POLL] = "poll",       [VG_SIG_OTHER] = "other",
};

static const char *const KINDS[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
};

static int index_of(const char *const *list, size_t n, const char *name)
{
    for (size_t i = 0; name && i < n; i++) {
        if (strcmp(list[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static vg_status read_kind(reader *r, const char *name, const json_t *v)
{
    const int i = index_of(KINDS, VG_LEN(KINDS), json_string_value(v));
    if (i < 0) {
        return refuse(r, name, "ingest.err.kind", json_is_string(v) ? json_string_value(v) : "");
    }
    snprintf(r->s->kind, sizeof r->s->kind, "%s", KINDS[i]);
    r->has_kind = true;
    return VG_OK;
}

static vg_status read_verb(reader *r, const char *name, const json_t *v)
{
    const int i = index_of(VERBS, VG_LEN(VERBS), json_string_value(v));
    if (i < 0) {
        return refuse(r, name, "ingest.err.verb", json_is_string(v) ? json_string_value(v) : "");
    }
    r->s->verb = (uint8_t)i;
    r->has_verb = true;
    return VG_OK;
}

static vg_status read_time(reader *r, const char *name, const json_t *v)
{
    const char *z = json_string_value(v);
    if (!z || vg_time_parse(vg_str_c(z), &r->s->captured_us, NULL) != VG_OK) {
        return refuse(r, name, "err.time_format", z ? z : "");
    }
    return VG_OK;
}

static vg_status read_seq(reader *r, const char *name, const json_t *v)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0) {
        return refuse(r, name, "err.not_a_number", "");
    }
    r->s->source_seq = json_integer_value(v);
    return VG_OK;
}

static vg_status normal(reader *r, const char *name, const json_t *v, vg_str *ret)
{
    if (!json_is_string(v)) {
        return refuse(r, name, "ingest.err.not_text", "");
    }
    const vg_str raw = {json_string_value(v), json_string_length(v)};
    vg_err why = {0};
    if (vg_nfc(r->a, raw, ret, &why) != VG_OK) {
        return refuse(r, name, why.key ? why.key : "err.not_utf8", why.detail);
    }
    return VG_OK;
}

static const member *member_of(const char *name);

// Names of places and people: a cut one would be another one.
static vg_status read_name(reader *r, const char *name, const json_t *v)
{
    const member *m = member_of(name);
    vg_str s = {"", 0};
    VG_TRY(normal(r, name, v, &s));
    if (s.n >= m->size) {
        return refuse(r, name, "ingest.err.too_long", s.p);
    }
    char *to = (char *)r->s + m->at;
    if (*to && strcmp(name, "zone") == 0) {
        return VG_OK;  // "point" says it
    }
    memset(to, 0, m->size);
    memcpy(to, s.p, s.n);
    return VG_OK;
}

static vg_status read_text(reader *r, const char *name, const json_t *v)
{
    vg_str s = {"", 0};
    VG_TRY(normal(r, name, v, &s));
    s.n = s.n < sizeof r->s->text ? s.n : sizeof r->s->text - 1;
    memcpy(r->s->text, s.p, vg_utf8_prefix(s));
    return VG_OK;
}

static vg_status read_id(reader *r, const char *name, const json_t *v)
{
    return json_string_length(v) > 0 && json_string_length(v) <= 64
               ? VG_OK
               : refuse(r, name, "ingest.err.id", "");
}

#define TEXT_FIELD(f) offsetof(vg_signal, f), sizeof(((vg_signal *)0)->f)
static const member MEMBERS[] = {
    {"kind", read_kind, 0, 0},
    {"verb", read_verb, 0, 0},
    {"point", read_name, TEXT_FIELD(point)},
    {"zone", read_name, TEXT_FIELD(point)},  // the word most devices use; where both stand, "point"
    {"area", read_name, TEXT_FIELD(area)},
    {"user", read_name, TEXT_FIELD(user)},
    {"code", read_name, TEXT_FIELD(code)},
    {"time", read_time, 0, 0},
    {"text", read_text, 0, 0},
    {"seq", read_seq, 0, 0},
    {"id", read_id, 0, 0},
};

static const member *member_of(const char *name)
{
    for (size_t i = 0; i < VG_LEN(MEMBERS); i++) {
        if (strcmp(MEMBERS[i].name, name) == 0) {
            return &MEMBERS[i];
        }
    }
    return NULL;
}

// The kind that goes without saying; raise and restore must name one.
static const char *kind_of_verb(uint8_t verb)
{
    static const char *const KIND[] = {
        [VG_SIG_ARM] = "armed",         [VG_SIG_DISARM] = "disarmed", [VG_SIG_BYPASS] = "bypassed",
        [VG_SIG_UNBYPASS] = "bypassed", [VG_SIG_TEST] = "test",       [VG_SIG_POLL] = "",
        [VG_SIG_OTHER] = "other",
    };
    return KIND[verb];
}

static vg_status read_event(reader *r, const json_t *o)
{
    const char *name;
    json_t *v;
    if (!json_is_object(o)) {
        return refuse(r, "", "ingest.err.not_object", "");
    }
    union {
        const json_t *borrowed;
        json_t *plain;
    } u = {o};  // jansson's iterators want a plain pointer, and change nothing
    json_object_foreach(u.plain, name, v)
    {
        const member *m = member_of(name);
        if (!m) {
            return refuse(r, name, "ingest.err.member", name);
        }
        VG_TRY(m->read(r, name, v));
    }
    if (!r->has_kind) {
        const char *kind = kind_of_verb(r->s->verb);
        if (!kind) {
            return refuse(r, "kind", "ingest.err.kind", "");
        }
        snprintf(r->s->kind, sizeof r->s->kind, "%s", kind);
    }
    return VG_OK;
}

static void begin(vg_signal *s, const vg_webhook_request *q)
{
    memset(s, 0, sizeof *s);
    s->source = q->source->index;
    s->flags = vg_source_shown(q->source, q->certificate) ? VG_SIG_AUTHENTICATED : 0;
    s->received_us = q->now_us;
    s->source_seq = -1;
    snprintf(s->proto, sizeof s->proto, "webhook");
    snprintf(s->address, sizeof s->address, "%s", q->source->address);
    snprintf(s->peer, sizeof s->peer, "%s", q->peer ? q->peer : "");
}

static vg_status read_list(vg_arena *a, const vg_webhook_request *q, const json_t *top,
                           vg_webhook_events *e, vg_err *err)
{
    const json_t *list = json_object_get(top, "events");
    const size_t n = json_array_size(list);
    reader whole = {.a = a, .index = -1, .err = err};
    if (!json_is_array(list) || n == 0 || n > VG_WEBHOOK_EVENTS_MAX) {
        return refuse(&whole, "events", "ingest.err.events", "");
    }
    if (json_object_size(top) > 1 + (json_object_get(top, "id") != NULL)) {
        return refuse(&whole, "events", "ingest.err.member", "");
    }
    for (size_t i = 0; i < n; i++) {
        reader r = {.a = a, .s = &e->v[i], .index = (int)i, .err = err};
        begin(r.s, q);
        VG_TRY(read_event(&r, json_array_get(list, i)));
    }
    e->n = n;
    return VG_OK;
}

static vg_status read_top(vg_arena *a, const vg_webhook_request *q, const json_t *top,
                          vg_webhook_events *e, vg_err *err)
{
    const json_t *id = json_object_get(top, "id");
    reader r = {.a = a, .s = &e->v[0], .index = -1, .err = err};
    if (id) {
        VG_TRY(read_id(&r, "id", id));
        e->id = vg_str_dup(a, (vg_str){json_string_value(id), json_string_length(id)});
    }
    if (json_object_get(top, "events")) {
        return read_list(a, q, top, e, err);
    }
    begin(r.s, q);
    e->n = 1;
    return read_event(&r, top);
}

vg_status vg_webhook_parse(vg_arena *a, const vg_webhook_request *r, vg_webhook_events *ret,
                           vg_err *err)
{
    json_t *top = NULL;
    vg_webhook_events e = {.v = ret->v};
    VG_TRY(vg_json_parse(r->body, VG_WEBHOOK_BODY_MAX, &top, err));
    const vg_status st = read_top(a, r, top, &e, err);
    json_decref(top);
    if (st == VG_OK) {
        *ret = e;
    }
    return st;
}

#define KEEP_US (VG_WEBHOOK_KEEP_S * VG_SECOND_US)

// --- gate -----------------------------------------------------------------------------------------

struct vg_webhook_gate {
    pthread_mutex_t lock;
    repeats *seen;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

vg_webhook_gate *vg_webhook_gate_create(const unsigned char key[VG_INGEST_KEY_BYTES])
{
    vg_webhook_gate *g = vg_alloc(sizeof *g);
    pthread_mutex_init(&g->lock, NULL);
    g->seen = repeats_create();
    memcpy(g->key, key, sizeof g->key);
    return g;
}

void vg_webhook_gate_destroy(vg_webhook_gate *g)
{
    if (g) {
        pthread_mutex_destroy(&g->lock);
        repeats_destroy(g->seen);
        free(g);
    }
}

vg_ingest_identity vg_webhook_identity(const vg_webhook_gate *g, const vg_webhook_request *r,
                                       vg_str id)
{
    unsigned char text[VG_ID_TEXT + 1 + 128] = "", mac[crypto_auth_hmacsha256_BYTES] = "";
    vg_ingest_identity ret;
    memcpy(text, r->source->id, VG_ID_TEXT);
    if (id.n) {
        text[VG_ID_TEXT] = 1;
        memcpy(text + VG_ID_TEXT + 1, id.p, id.n < 128 ? id.n : 128);
    } else {  // the bytes it stands for: their spelling may vary
        const vg_str hex = r->signature;
        const size_t skip = vg_str_starts(hex, "sha256=") ? 7 : 0;
        (void)vg_unhex((vg_str){hex.p + skip, hex.n - skip}, mac, sizeof mac);
        memcpy(text + VG_ID_TEXT + 1, mac, sizeof mac);
    }
    crypto_shorthash((unsigned char *)&ret, text, sizeof text, g->key);
    return ret;
}

vg_webhook_claim vg_webhook_claim_it(vg_webhook_gate *g, const vg_ingest_identity *id,
                                     int64_t now_us)
{
    pthread_mutex_lock(&g->lock);
    const repeat *e = repeats_find(g->seen, id, now_us);
    const vg_webhook_claim claim = !e         ? VG_WEBHOOK_NEW
                                   : e->batch ? VG_WEBHOOK_PENDING
                                              : VG_WEBHOOK_DONE;
    if (!e) {
        // Any non-NULL mark makes it pending: the gate has no batches.
        const repeat fresh = {*id, now_us + KEEP_US, (struct batch *)g};
        (void)repeats_add(g->seen, &fresh, now_us);
    }
    pthread_mutex_unlock(&g->lock);
    return claim;
}

void vg_webhook_learn(vg_webhook_gate *g, const vg_ingest_identity *id, int64_t recorded_us)
{
    const repeat e = {.id = *id, .until_us = recorded_us + KEEP_US};
    pthread_mutex_lock(&g->lock);
    if (!repeats_find(g->seen, id, recorded_us)) {
        (void)repeats_add(g->seen, &e, recorded_us);
    }
    pthread_mutex_unlock(&g->lock);
}

void vg_webhook_settle(vg_webhook_gate *g, const vg_ingest_identity *id, bool committed)
{
    pthread_mutex_lock(&g->lock);
    (committed ? repeats_commit : repeats_forget)(g->seen, id);
    pthread_mutex_unlock(&g->lock);
}
