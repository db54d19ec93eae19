// SPDX-License-Identifier: Apache-2.0
// Mail by SMTP submission. STARTTLS unless the link says "tls" (from the first byte) or "none", and a
// password never without one of them. A batch goes over one connection, closed behind it. The Message-ID comes
// from the link and the parcel's number, so that a letter sent twice after a crash is known as one. Several
// recipients do not see one another. The letter says what notify/message.h says and is in base64, so that no
// relay rewrites it. What the host refuses with 5xx is refused for good; what is the link's own fault (sender,
// login) is not.
#include "notify/dial.h"
#include "notify/message.h"
#include "notify/senders.h"

#include "base/clock.h"
#include "base/log.h"

#include <sodium.h>

enum { LETTER_MAX = 65536, PEOPLE_MAX = 64, WORD_BYTES = 42 };

typedef struct post {
    vg_core *core;
    vg_dial *dial;
    char link[VG_ID_TEXT], from[128], host[VG_LINK_HOST];
    uint16_t port;
} post;

// --- the letter ---------------------------------------------------------------------------------
static void add_base64(vg_buf *b, vg_str s)
{
    char line[4 * 57];
    for (size_t i = 0; i < s.n; i += 57) {
        const size_t n = s.n - i < 57 ? s.n - i : 57;
        sodium_bin2base64(line, sizeof line, (const unsigned char *)s.p + i, n,
                          sodium_base64_VARIANT_ORIGINAL);
        vg_buf_c(b, line);
        vg_buf_c(b, "\r\n");
    }
}

// RFC 2047: words of at most 75 characters, none cut inside a character.
static void add_subject(vg_buf *b, vg_str s)
{
    vg_buf_c(b, "Subject:");
    for (size_t i = 0; i < s.n;) {
        char word[80];
        size_t n = s.n - i < WORD_BYTES ? s.n - i : WORD_BYTES;
        while (i + n < s.n && n > 1 && ((unsigned char)s.p[i + n] & 0xc0) == 0x80) {
            n--;
        }
        sodium_bin2base64(word, sizeof word, (const unsigned char *)s.p + i, n,
                          sodium_base64_VARIANT_ORIGINAL);
        vg_buf_f(b, "%s =?UTF-8?B?%s?=", i ? "\r\n" : "", word);
        i += n;
    }
    vg_buf_c(b, "\r\n");
}

static void add_date(vg_buf *b, int64_t us)
{
    static const char *const DAYS[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int t[6];
    const int64_t local_s = us / VG_SECOND_US + 7 * 3600;
    vg_time_split(us, 7 * 60, t);
    vg_buf_f(b, "Date: %s, %02d %s %04d %02d:%02d:%02d +0700\r\n", DAYS[local_s / 86400 % 7], t[2],
             MONTHS[t[1] - 1], t[0], t[3], t[4], t[5]);
}

static void write_letter(const post *m, vg_arena *a, const vg_parcel *p, vg_str to, vg_buf *b)
{
    const vg_letter l = vg_message_letter(a, p);
    const bool one = !memchr(to.p, ',', to.n);
    add_date(b, p->created_us);
    vg_buf_f(b, "From: <%s>\r\n", m->from);
    vg_buf_f(b, one ? "To: <%.*s>\r\n" : "To: undisclosed-recipients:;\r\n", VG_FMT(to));
    add_subject(b, l.subject);
    vg_buf_f(b, "Message-ID: <%lld.%s@%s>\r\n", (long long)p->number, m->link,
             strchr(m->from, '@') + 1);
    vg_buf_c(b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    add_base64(b, l.body);
}

// --- sending ------------------------------------------------------------------------------------
typedef struct reading {
    vg_str left;
} reading;

static size_t on_read(char *out, size_t size, size_t n, void *ctx)
{
    reading *r = ctx;
    size_t k = size * n;
    k = k < r->left.n ? k : r->left.n;
    memcpy(out, r->left.p, k);
    r->left.p += k;
    r->left.n -= k;
    return k;
}

static bool is_address(vg_str s)
{
    size_t at_signs = 0;
    for (size_t i = 0; i < s.n; i++) {
        at_signs += s.p[i] == '@';
        if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("<>,;:\"()[]\\", s.p[i])) {
            return false;
        }
    }
    return s.n > 2 && s.n < 128 && at_signs == 1 && s.p[0] != '@' && s.p[s.n - 1] != '@';
}

// What is no address is left out: the others shall hear of it.
static struct curl_slist *recipients(vg_arena *a, vg_str to)
{
    struct curl_slist *list = NULL;
    size_t count = 0;
    while (to.n && count < PEOPLE_MAX) {
        const char *comma = memchr(to.p, ',', to.n);
        const vg_str one = vg_str_trim((vg_str){to.p, comma ? (size_t)(comma - to.p) : to.n});
        if (is_address(one)) {
            list = curl_slist_append(list, vg_str_z(a, vg_str_f(a, "<%.*s>", VG_FMT(one))));
            count++;
        }
        const size_t skip = comma ? (size_t)(comma - to.p) + 1 : to.n;
        to.p += skip;
        to.n -= skip;
    }
    return list;
}

static void judge(post *m, const char *problem, vg_parcel_result *ret)
{
    const long code = vg_dial_code(m->dial);
    const bool sender = strncmp(vg_dial_words(m->dial), "MAIL failed", 11) == 0;
    const bool spoken = code >= 400 && strcmp(problem, "link.bad_login") != 0 &&
                        strcmp(problem, "link.certificate") != 0 &&
                        strcmp(problem, "link.no_tls") != 0;
    ret->problem = spoken ? "link.refused" : problem;
    ret->for_good = spoken && code >= 500 && !sender;
    vg_log(VG_WARN, "mail.failed", "link=%s problem=%s code=%ld", m->link, ret->problem, code);
}

static void send_one(post *m, vg_arena *a, const vg_parcel *p, bool last, vg_parcel_result *ret)
{
    const vg_str to = vg_str_trim(vg_str_c(p->to && *p->to ? p->to : m->from));
    struct curl_slist *people = recipients(a, to);
    CURL *h = vg_dial_handle(m->dial);
    vg_buf letter;
    if (!people) {
        *ret = (vg_parcel_result){.problem = "link.no_recipient", .for_good = true};
        return;
    }
    vg_buf_init(&letter, LETTER_MAX);
    write_letter(m, a, p, to, &letter);
    reading r = {vg_buf_str(&letter)};
    curl_easy_setopt(h, CURLOPT_READDATA, &r);
    curl_easy_setopt(h, CURLOPT_INFILESIZE, (long)r.left.n);
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, people);
    curl_easy_setopt(h, CURLOPT_FORBID_REUSE, last ? 1L : 0L);
    const char *problem = vg_dial_perform(m->dial);
    if (problem) {
        judge(m, problem, ret);
    }
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, NULL);
    curl_easy_setopt(h, CURLOPT_READDATA, NULL);
    curl_slist_free_all(people);
    vg_buf_done(&letter);
}

// A host that cannot be dealt with is not asked again in this batch; one that refused a letter is.
static void send_all(void *state, vg_arena *a, const vg_parcel *v, size_t n, vg_parcel_result *ret)
{
    post *m = state;
    const char *down = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!vg_dial_may_leave(m->core, &v[i], m->host, m->port, &ret[i])) {
            continue;
        }
        if (down) {
            ret[i].problem = down;
            continue;
        }
        send_one(m, a, &v[i], i + 1 == n, &ret[i]);
        if (ret[i].problem && !ret[i].for_good && strcmp(ret[i].problem, "link.refused") != 0) {
            down = ret[i].problem;
        }
    }
}

// --- settings -----------------------------------------------------------------------------------
static void close_post(void *state)
{
    post *m = state;
    vg_dial_destroy(m->dial);
    free(m);
}

static bool set_login(CURL *h, const char *user, vg_str secret)
{
    char password[256];
    if (!*user) {
        return true;
    }
    if (secret.n >= sizeof password) {
        return false;
    }
    memcpy(password, secret.p, secret.n);
    password[secret.n] = '\0';
    const bool ok = curl_easy_setopt(h, CURLOPT_USERNAME, user) == CURLE_OK &&
                    curl_easy_setopt(h, CURLOPT_PASSWORD, password) == CURLE_OK;
    sodium_memzero(password, sizeof password);
    return ok;
}

static bool set_mail(post *m, vg_arena *a, bool starttls)
{
    CURL *h = vg_dial_handle(m->dial);
    const char *from = vg_str_z(a, vg_str_f(a, "<%s>", m->from));
    return curl_easy_setopt(h, CURLOPT_USE_SSL,
                            (long)(starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE)) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L) == CURLE_OK &&
           curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read) == CURLE_OK;
}

static bool set_up(post *m, vg_arena *a, const vg_link *link, vg_str secret)
{
    const vg_str options = vg_str_c(link->options), from = vg_js_str(a, options, "from"),
                 tls = vg_js_str(a, options, "tls");
    const bool none = vg_str_eqc(tls, "none"), whole = vg_str_eqc(tls, "tls");
    if (!is_address(from) || (none && *link->user) || !vg_link_host(link, m->host, &m->port)) {
        return false;
    }
    snprintf(m->from, sizeof m->from, "%.*s", VG_FMT(from));
    const vg_dial_to to = {
        .core = m->core,
        .label = link->label,
        .scheme = whole ? "smtps" : "smtp",
        .host = m->host,
        .port = m->port,
        // The name this node greets with: the sender's domain, not the machine's name.
        .path = vg_str_z(a, vg_str_f(a, "/%s", strchr(m->from, '@') + 1)),
        .ca = vg_js_str(a, options, "ca")};
    m->dial = vg_dial_create(&to);
    return m->dial && set_mail(m, a, !none && !whole) &&
           set_login(vg_dial_handle(m->dial), link->user, secret);
}

static void *open_post(vg_core *core, const vg_link *link, vg_str secret, const char **ret_problem)
{
    post *m = vg_alloc(sizeof *m);
    vg_arena *a = vg_arena_create(65536);
    *m = (post){.core = core};
    memcpy(m->link, link->id, sizeof m->link);
    const bool ok = set_up(m, a, link, secret);
    vg_arena_destroy(a);
    if (ok) {
        return m;
    }
    close_post(m);
    *ret_problem = "link.options";
    return NULL;
}

const vg_sender_kind vg_sender_mail = {
    .kind = "smtp", .open = open_post, .close = close_post, .send = send_all};
