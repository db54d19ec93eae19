// SPDX-License-Identifier: Apache-2.0
// A problem carries the catalogue key beside the text, so that the console may say it its own way. The
// type is a stable URN of the code. Deliberately absent: where in the program it happened (that is
// logged), and anything about things the reader may not see: handlers answer ENOTFOUND without detail.
#include "http/problem.h"

#include "base/json.h"
#include "base/log.h"

enum { PROBLEM_MAX = 8192, RETRY_S = 2 };

vg_lang http_accept_language(vg_str header)
{
    for (size_t i = 0; i + 1 < header.n; i++) {
        const bool start = i == 0 || header.p[i - 1] == ',' || header.p[i - 1] == ' ';
        const char a = (char)(header.p[i] | 0x20), b = (char)(header.p[i + 1] | 0x20);
        if (start && a == 'v' && b == 'i') {
            return VG_VI;
        }
        if (start && a == 'e' && b == 'n') {
            return VG_EN;
        }
    }
    return VG_VI;
}

static void write_problem(vg_buf *out, vg_lang lang, const vg_err *err, int status)
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
        vg_tr_err(&text, lang, err);
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
    vg_jw_close(&w, '}');
    vg_buf_done(&text);
}

void http_problem_as(vg_http_request *rq, vg_lang lang, const vg_err *err, int status, int retry_s)
{
    vg_http_reply *r = &rq->reply;
    if (status >= 500 && err->code != VG_EUNAVAIL && err->code != VG_EFULL) {
        vg_log(VG_ERROR, "http.fault", "code=%s where=%s detail=\"%s\"", vg_status_name(err->code),
               err->where ? err->where : "", err->detail);
    }
    vg_buf_done(&r->body);
    vg_buf_init(&r->body, PROBLEM_MAX);
    write_problem(&r->body, lang, err, status);
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
