// SPDX-License-Identifier: Apache-2.0
// A problem carries the catalogue key beside the text, so that the console may say it its own way. The
// type is a stable URN of the code. Deliberately absent: where in the program it happened and what the
// database said (that is logged, under a reference the reader can tell), and anything about things the reader
// may not see: handlers answer ENOTFOUND without detail.
#include "http/problem.h"

#include "base/id.h"
#include "base/json.h"
#include "base/log.h"

enum { PROBLEM_MAX = 8192, RETRY_S = 2 };

// "q=0.8" of a part as thousandths; 1000 when nothing is said.
static int quality(vg_str part)
{
    const char *q = memmem(part.p, part.n, ";q=", 3);
    const char *end = part.p + part.n;
    int v = 0, unit = 1000;
    if (!q) {
        return 1000;
    }
    for (q += 3; q < end && (*q == '.' || (*q >= '0' && *q <= '9')); q++) {
        if (*q == '.') {
            continue;
        }
        v += (*q - '0') * unit;
        unit /= 10;
    }
    return v;
}

static bool speaks(vg_str part, const char *tag)
{
    return part.n >= 2 && (part.p[0] | 0x20) == tag[0] && (part.p[1] | 0x20) == tag[1] &&
           (part.n == 2 || part.p[2] == '-' || part.p[2] == ';' || part.p[2] == ' ');
}

vg_lang http_accept_language(vg_str header)
{
    vg_lang best = VG_VI;
    int best_q = 0;
    for (size_t i = 0; i < header.n;) {
        const char *comma = memchr(header.p + i, ',', header.n - i);
        const size_t end = comma ? (size_t)(comma - header.p) : header.n;
        const vg_str part = vg_str_trim((vg_str){header.p + i, end - i});
        const int q = quality(part);
        if (q > best_q && (speaks(part, "vi") || speaks(part, "en"))) {
            best = speaks(part, "en") ? VG_EN : VG_VI;
            best_q = q;
        }
        i = end + 1;
    }
    return best;
}

// --- what is not the reader's -------------------------------------------------------------------
enum { REFERENCE_TEXT = 9 };

// A fault of ours, or the database's own words: the detail goes to the log.
static bool is_inner(const vg_err *err, int status)
{
    return (status >= 500 && err->code != VG_EUNAVAIL && err->code != VG_EFULL) ||
           (err->key && strncmp(err->key, "err.store.", 10) == 0);
}

static void note_fault(const vg_err *err, char reference[REFERENCE_TEXT])
{
    char id[VG_ID_TEXT];
    vg_id_random(id);
    snprintf(reference, REFERENCE_TEXT, "%.8s", id);
    vg_log(VG_ERROR, "http.fault", "reference=%s code=%s where=%s detail=\"%s\"", reference,
           vg_status_name(err->code), err->where ? err->where : "", err->detail);
}

static void say(vg_buf *text, vg_lang lang, const vg_err *err, int status, const char *reference)
{
    vg_err plain = *err;
    if (!*reference) {
        vg_tr_err(text, lang, err);
        return;
    }
    plain.detail[0] = '\0';
    plain.key = status >= 500 ? "http.err.fault" : err->key;
    vg_tr_err(text, lang, &plain);
    vg_buf_c(text, ". ");
    vg_tr_add(text, lang, "http.err.reference",
              (const char *const[]){"reference", reference, NULL});
}

static void write_problem(vg_buf *out, vg_lang lang, const vg_err *err, int status,
                          const char *reference)
{
    char title_key[48], type[64];
    const char *code = vg_status_name(err->code);
    vg_buf text;
    vg_buf_init(&text, 2048);
    snprintf(title_key, sizeof title_key, "http.title.%d", status);
    // What is hidden is refused like what never was: not found has no field and no detail to differ in.
    const bool unseen = err->code == VG_ENOTFOUND;
    if (unseen) {
        vg_buf_c(&text, vg_tr(lang, title_key));
    } else {
        say(&text, lang, err, status, reference);
    }
    snprintf(type, sizeof type, "urn:vonggac:problem:%s", code);
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "type", type);
    vg_jw_kz(&w, "title", vg_tr(lang, title_key));
    vg_jw_ki64(&w, "status", status);
    vg_jw_kstr(&w, "detail", vg_buf_str(&text));
    vg_jw_kz(&w, "code", code);
    if (err->field[0] && !unseen) {
        vg_jw_kz(&w, "field", err->field);
    }
    vg_jw_kz(&w, "key", unseen ? NULL : err->key);
    if (*reference) {
        vg_jw_kz(&w, "reference", reference);
    }
    vg_jw_close(&w, '}');
    vg_buf_done(&text);
}

void http_problem_as(vg_http_request *rq, vg_lang lang, const vg_err *err, int status, int retry_s)
{
    vg_http_reply *r = &rq->reply;
    char reference[REFERENCE_TEXT] = "";
    if (is_inner(err, status)) {
        note_fault(err, reference);
    }
    vg_buf_done(&r->body);
    vg_buf_init(&r->body, PROBLEM_MAX);
    write_problem(&r->body, lang, err, status, reference);
    r->status = status;
    r->type = "application/problem+json";
    vg_http_set(rq, "Content-Language", lang == VG_VI ? "vi" : "en");
    vg_http_set(rq, "Cache-Control", "no-store");
    if (retry_s > 0) {
        const vg_str v = vg_str_f(rq->arena, "%d", retry_s);
        vg_http_set(rq, "Retry-After", v.p ? v.p : "2");
    }
}

void http_problem(vg_http_request *rq, vg_lang lang, const vg_err *err)
{
    const int status = vg_status_http(err->code);
    http_problem_as(rq, lang, err, status, status == 429 || status == 503 ? RETRY_S : 0);
}
