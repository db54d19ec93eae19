// SPDX-License-Identifier: Apache-2.0
// Webhooks: each parcel is one POST of JSON, signed as our own receiver wants it (ingest/webhook/webhook.h), so
// that one node can tell another. The host and the path are the link's; no redirect is followed, and where the
// name leads is looked at (core/egress.h). The id comes from link and parcel, so a repeat is known as one; the
// time is signed anew for each try. The answer's body is thrown away and not waited for beyond ANSWER_MAX. A
// link of kind cap_out goes the same way with a CAP message as its body.
#include "notify/cap_out.h"
#include "notify/dial.h"
#include "notify/message.h"
#include "notify/senders.h"

#include "base/clock.h"
#include "base/log.h"
#include "ingest/webhook/webhook.h"

#include <sodium.h>

enum { BODY_MAX = 16384, ANSWER_MAX = 65536, KEY_MAX = 256 };

typedef struct hook {
    vg_core *core;
    vg_dial *dial;
    char link[VG_ID_TEXT], host[VG_LINK_HOST];
    uint16_t port;
    unsigned char key[KEY_MAX];
    size_t key_len, answered;
    vg_arena *texts;          // of cap
    const vg_cap_style *cap;  // NULL: our own JSON
} hook;

// --- one request --------------------------------------------------------------------------------
static bool is_kind(vg_str kind)
{
    static const char *const KINDS[] = {
#define X(name, urgency) #name,
#include "core/signal_kinds.def"
#undef X
    };
    for (size_t i = 0; i < VG_LEN(KINDS); i++) {
        if (vg_str_eqc(kind, KINDS[i])) {
            return true;
        }
    }
    return false;
}

// A test is a poll: the other node hears that the line lives, and no alarm comes of it.
static void write_body(const hook *k, vg_arena *a, const vg_parcel *p, vg_buf *b)
{
    char id[80];
    if (k->cap) {
        vg_cap_write(b, a, k->cap, p);
        return;
    }
    vg_jw w = vg_jw_on(b);
    const vg_str kind = vg_js_str(a, p->body, "kind"), verb = vg_js_str(a, p->body, "verb");
    snprintf(id, sizeof id, "%s-%lld", k->link, (long long)p->number);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "id", id);
    vg_jw_ktime(&w, "time", vg_js_i64(p->body, "at", p->created_us));
    vg_jw_ki64(&w, "seq", p->number);
    if (strcmp(p->kind, "test") == 0) {
        vg_jw_kz(&w, "verb", "poll");
    } else {
        vg_jw_kz(&w, "verb", vg_str_eqc(verb, "restore") ? "restore" : "raise");
        vg_jw_kstr(&w, "kind", is_kind(kind) ? kind : VG_S("other"));
        vg_jw_kstr(&w, "text", vg_message_short(a, p, false));
    }
    vg_jw_close(&w, '}');
}

static struct curl_slist *headers(const hook *k, vg_str body)
{
    char at[24], line[160], hex[2 * crypto_auth_hmacsha256_BYTES + 1];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state h;
    snprintf(at, sizeof at, "%lld", (long long)(vg_now_us() / VG_SECOND_US));
    crypto_auth_hmacsha256_init(&h, k->key, k->key_len);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)at, strlen(at));
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&h, (const unsigned char *)body.p, body.n);
    crypto_auth_hmacsha256_final(&h, mac);
    vg_hex(mac, sizeof mac, hex);
    struct curl_slist *list =
        curl_slist_append(NULL, k->cap ? "Content-Type: application/cap+xml; charset=utf-8"
                                       : "Content-Type: application/json");
    list = curl_slist_append(list, "Expect:");
    snprintf(line, sizeof line, "%s: %s", VG_WEBHOOK_TIMESTAMP, at);
    list = curl_slist_append(list, line);
    if (k->key_len) {
        snprintf(line, sizeof line, "%s: sha256=%s", VG_WEBHOOK_SIGNATURE, hex);
        list = curl_slist_append(list, line);
    }
    return list;
}

static size_t on_answer(char *p, size_t size, size_t n, void *ctx)
{
    (void)p;
    hook *k = ctx;
    k->answered += size * n;
    return k->answered <= ANSWER_MAX ? size * n : 0;
}

// What is the link's own fault (address, key, clock) is asked again: the desk sees that it is down meanwhile.
static void judge(const hook *k, long code, const char *problem, vg_parcel_result *ret)
{
    if (code >= 200 && code < 300) {
        return;
    }
    if (code == 401 || code == 403) {
        ret->problem = "link.bad_login";
    } else if (code >= 400) {
        ret->problem = "link.refused";
        ret->for_good = code < 500 && code != 404 && code != 408 && code != 429;
    } else {
        ret->problem = problem ? problem : "link.bad_answer";
    }
    vg_log(VG_WARN, "webhook.failed", "link=%s problem=%s code=%ld", k->link, ret->problem, code);
}

static void send_one(hook *k, vg_arena *a, const vg_parcel *p, vg_parcel_result *ret)
{
    CURL *h = vg_dial_handle(k->dial);
    vg_buf body;
    vg_buf_init(&body, BODY_MAX);
    write_body(k, a, p, &body);
    if (body.failed || body.n == 0) {  // half a message would be signed as a whole one
        *ret = (vg_parcel_result){.problem = "link.refused", .for_good = true};
        vg_buf_done(&body);
        return;
    }
    struct curl_slist *list = headers(k, vg_buf_str(&body));
    k->answered = 0;
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)body.n);
    curl_easy_setopt(h, CURLOPT_POSTFIELDS, body.p);
    const char *problem = vg_dial_perform(k->dial);
    judge(k, vg_dial_code(k->dial), problem, ret);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(h, CURLOPT_POSTFIELDS, NULL);
    curl_slist_free_all(list);
    vg_buf_done(&body);
}

static void send_all(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    hook *k = state;
    const char *down = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!vg_dial_may_leave(k->core, &v[i], k->host, k->port, &ret[i])) {
            continue;
        }
        if (down) {
            ret[i].problem = down;
            continue;
        }
        send_one(k, a, &v[i], &ret[i]);
        down = ret[i].for_good ? NULL : ret[i].problem;
    }
}

// --- settings -----------------------------------------------------------------------------------
static void close_hook(void *state)
{
    hook *k = state;
    vg_dial_destroy(k->dial);
    vg_arena_destroy(k->texts);
    sodium_memzero(k->key, sizeof k->key);
    free(k);
}

typedef struct url {
    char scheme[8], path[900];
} url;

// Scheme, host, port and path; a login in the URL or a fragment is a slip, not a setting.
static bool split(hook *k, const char *address, url *ret)
{
    bool ok = false;
    char *part[4] = {NULL, NULL, NULL, NULL};
    CURLU *u = curl_url();
    if (curl_url_set(u, CURLUPART_URL, address, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_USER, &part[0], 0) != CURLUE_OK &&
        curl_url_get(u, CURLUPART_FRAGMENT, &part[0], 0) != CURLUE_OK &&
        curl_url_get(u, CURLUPART_SCHEME, &part[0], 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &part[1], 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_PORT, &part[2], CURLU_DEFAULT_PORT) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_PATH, &part[3], 0) == CURLUE_OK) {
        char *query = NULL;
        int64_t port = 0;
        size_t n = strlen(part[1]);
        const bool six = part[1][0] == '[' && n > 2;
        (void)curl_url_get(u, CURLUPART_QUERY, &query, 0);
        snprintf(k->host, sizeof k->host, "%.*s", (int)(six ? n - 2 : n), part[1] + six);
        snprintf(ret->scheme, sizeof ret->scheme, "%s", part[0]);
        const int len = snprintf(ret->path, sizeof ret->path, "%s%s%s", part[3], query ? "?" : "",
                                 query ? query : "");
        ok = (strcmp(part[0], "https") == 0 || strcmp(part[0], "http") == 0) && n < VG_LINK_HOST &&
             len > 0 && (size_t)len < sizeof ret->path &&
             vg_str_i64(vg_str_c(part[2]), 1, 65535, &port, NULL) == VG_OK;
        k->port = (uint16_t)port;
        curl_free(query);
    }
    for (size_t i = 0; i < VG_LEN(part); i++) {
        curl_free(part[i]);
    }
    curl_url_cleanup(u);
    return ok;
}

static bool set_up(hook *k, vg_arena *a, const vg_link *link, vg_str secret)
{
    url u;
    if (secret.n > sizeof k->key || !split(k, link->address, &u)) {
        return false;
    }
    memcpy(k->key, secret.p, secret.n);
    k->key_len = secret.n;
    const vg_dial_to to = {.core = k->core,
                           .label = link->label,
                           .scheme = u.scheme,
                           .host = k->host,
                           .port = k->port,
                           .path = u.path,
                           .ca = vg_js_str(a, vg_str_c(link->options), "ca"),
                           .url = true};
    k->dial = vg_dial_create(&to);
    if (!k->dial) {
        return false;
    }
    CURL *h = vg_dial_handle(k->dial);
    return curl_easy_setopt(h, CURLOPT_POST, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_USERAGENT, "vonggac") == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_answer) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_WRITEDATA, k) == CURLE_OK;
}

static void *open_hook(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    hook *k = vg_alloc(sizeof *k);
    vg_arena *a = vg_arena_create(65536);
    *k = (hook){.core = core};
    memcpy(k->link, link->id, sizeof k->link);
    const bool ok = set_up(k, a, link, secret);
    vg_arena_destroy(a);
    if (ok) {
        return k;
    }
    close_hook(k);
    *ret_problem = "link.options";
    return NULL;
}

static void *open_cap(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    hook *k = open_hook(core, link, secret, ret_problem);
    if (k) {
        const vg_str options = vg_str_c(link->options);
        k->texts = vg_arena_create(65536);
        vg_cap_style *style = vg_arena_get(k->texts, sizeof *style);
        *style = (vg_cap_style){
            .sender = vg_str_dup(k->texts, vg_js_str(k->texts, options, "sender")),
            .addresses = vg_str_dup(k->texts, vg_js_str(k->texts, options, "addresses")),
            .restriction = vg_str_dup(k->texts, vg_js_str(k->texts, options, "restriction"))};
        k->cap = style;
    }
    return k;
}

const vg_sender_kind vg_sender_cap = {
    .kind = "cap_out", .open = open_cap, .close = close_hook, .send = send_all};

const vg_sender_kind vg_sender_webhook = {
    .kind = "webhook_out", .open = open_hook, .close = close_hook, .send = send_all};
