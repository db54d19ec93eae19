// SPDX-License-Identifier: Apache-2.0
// What is served is public and fixed: a certificate, a page, a style. Over plain HTTP anybody in between could put his
// own certificate there; what stops him is the fingerprint, read aloud against the node's own screen or a printed
// sheet, and the page says so first. Deliberately absent: any input, any cookie, the certificate's key.
#include "app/ca_page.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/qr.h"
#include "net/tls_ca.h"

#include <sodium.h>

enum { PAGE_MAX = 256 << 10, NOTE_MAX = 4096 };

static const char STYLE[] =
    "body{font:16px/1.5 system-ui,'Noto Sans',sans-serif;margin:0 "
    "auto;max-width:52rem;padding:16px;"
    "color:#181d22;background:#fff}h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;"
    "margin:1.5rem 0 .25rem}.print{font:600 1.05rem/1.7 ui-monospace,'DejaVu Sans Mono',monospace;"
    "border:2px solid #181d22;padding:8px "
    "12px;word-spacing:.4em;overflow-wrap:anywhere}.qr{display:"
    "flex;gap:24px;align-items:center;flex-wrap:wrap;margin:16px 0}.qr "
    "svg{width:190px;height:190px;"
    "border:1px solid #8b97a3}.get{display:inline-block;padding:10px 16px;background:#0f55b3;color:"
    "#fff;text-decoration:none;border-radius:4px}.warn{border-left:4px solid #865300;padding-left:"
    "12px}a{color:#0f55b3}.get:focus-visible,a:focus-visible{outline:3px solid "
    "#181d22;outline-offset:"
    "2px}li{margin:.25rem 0}nav{display:flex;gap:16px;justify-content:flex-end}"
    "@media(prefers-color-scheme:dark){body{color:#dde3e9;background:#101418}a{color:#7db4ff}.get{"
    "color:#fff;background:#2f6fce}.print{border-color:#dde3e9}.get:focus-visible,a:focus-visible{"
    "outline-color:#fff}.warn{border-color:#f2b544}}"
    "@media "
    "print{nav,.get{display:none}body{color:#000;background:#fff;font-size:12px;max-width:none;"
    "padding:0}section{break-inside:avoid}.print{border-color:#000}a{color:#000}}";

static void text(vg_buf *b, vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (strchr("&<>\"'", s.p[i]) && s.p[i]) {
            vg_buf_f(b, "&#%d;", s.p[i]);
        } else {
            vg_buf_ch(b, s.p[i]);
        }
    }
}

static void said(vg_buf *b, vg_lang lang, const char *key, const char *const *args)
{
    vg_buf t;
    vg_buf_init(&t, 8192);
    vg_tr_add(&t, lang, key, args);
    text(b, vg_buf_str(&t));
    vg_buf_done(&t);
}

static void para(vg_buf *b, vg_lang lang, const char *tag, const char *key, const char *const *args)
{
    vg_buf_f(b, "<%s>", tag);
    said(b, lang, key, args);
    vg_buf_f(b, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

// The lines of a catalogue text as a numbered list.
static void steps(vg_buf *b, vg_lang lang, const char *key)
{
    const char *at = vg_tr(lang, key);
    vg_buf_c(b, "<ol>");
    while (*at) {
        const size_t n = strcspn(at, "\n");
        vg_buf_c(b, "<li>");
        text(b, (vg_str){at, n});
        vg_buf_c(b, "</li>");
        at += n + (at[n] == '\n');
    }
    vg_buf_c(b, "</ol>\n");
}

// What a handover under way wrote for the node's own page; false: there is none, or its time is over.
static bool handed_at(const vg_ca_page *page, vg_arena *a, vg_str *ret)
{
    char note[NOTE_MAX];
    FILE *f = fopen(page->running, "re");
    const size_t n = f ? fread(note, 1, sizeof note, f) : 0;
    if (f) {
        fclose(f);
    }
    const vg_str body = {note, n};
    if (!n || vg_js_i64(body, "until", 0) < vg_now_us()) {
        return false;
    }
    *ret = vg_str_dup(a, vg_js_str(a, body, "address"));
    return ret->n > 0;
}

static void write_address(const vg_ca_page *page, vg_buf *b, vg_lang lang, vg_arena *a)
{
    vg_str at = vg_str_c(page->http);
    if (!at.n && !handed_at(page, a, &at)) {
        para(b, lang, "p", "ca.no_handover", NULL);
        vg_buf_c(b, "<pre>vonggac handover --data … --listen 0.0.0.0:8088</pre>\n");
        return;
    }
    const char *z = vg_str_z(a, at);
    vg_buf_c(b, "<div class=\"qr\">");
    (void)!vg_qr_svg(b, z ? z : "", vg_tr(lang, "ca.qr"));
    vg_buf_c(b, "<div>");
    para(b, lang, "p", "ca.open", NULL);
    vg_buf_c(b, "<p><b>");
    text(b, at);
    vg_buf_c(b, "</b></p></div></div>\n");
}

// In groups of four digits, to be read aloud. Never on a page that came unprotected: it would say what the page's
// maker likes, and is not what the phone's own certificate is to be compared with.
static void write_print(vg_buf *b, const char *print, vg_lang lang)
{
    para(b, lang, "h2", "ca.print", NULL);
    vg_buf_c(b, "<p class=\"print\" translate=\"no\">");
    for (const char *p = print; *p; p++) {
        if (*p != ':') {
            vg_buf_ch(b, *p);
        } else if ((p - print) % 6 == 5) {
            vg_buf_ch(b, ' ');
        }
    }
    vg_buf_c(b, "</p>\n");
}

static const struct {
    const char *title, *steps, *get;
} devices[] = {
    {"ca.android", "ca.android.steps", "/ca.crt"},
    {"ca.iphone", "ca.iphone.steps", "/ca.mobileconfig"},
    {"ca.windows", "ca.windows.steps", "/ca.crt"},
};

static void write_page(const vg_ca_page *page, const char *print, vg_lang lang, vg_http_request *rq)
{
    vg_buf *b = &rq->reply.body;
    const char *const name[] = {"name", page->name, NULL};
    vg_buf_f(
        b,
        "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
        " content=\"width=device-width,initial-scale=1\"><link rel=\"stylesheet\" "
        "href=\"/ca.css\"><title>",
        lang == VG_EN ? "en" : "vi");
    said(b, lang, "ca.title", name);
    vg_buf_f(b,
             "</title></head><body><nav><a href=\"?lang=vi\" lang=\"vi\">Tiếng Việt</a><a "
             "href=\"?lang=en\" lang=\"en\">English</a>%s</nav><main>\n",
             page->http ? "" : "<a href=\"/\">Vọng gác</a>");
    para(b, lang, "h1", "ca.title", name);
    para(b, lang, "p", "ca.why", NULL);
    if (!page->http) {
        write_print(b, print, lang);
    }
    para(b, lang, "p class=\"warn\"", page->http ? "ca.compare_phone" : "ca.compare_desk", NULL);
    write_address(page, b, lang, rq->arena);
    for (size_t i = 0; i < VG_LEN(devices); i++) {
        vg_buf_c(b, "<section>");
        para(b, lang, "h2", devices[i].title, NULL);
        vg_buf_f(b, "<p><a class=\"get\" href=\"%s\">", devices[i].get);
        said(b, lang, "ca.get", NULL);
        vg_buf_c(b, "</a></p>\n");
        steps(b, lang, devices[i].steps);
        vg_buf_c(b, "</section>\n");
    }
    para(b, lang, "h2", "ca.after", NULL);
    para(b, lang, "p", page->https ? "ca.after_at" : "ca.after_text",
         (const char *const[]){"address", page->https ? page->https : "", NULL});
    para(b, lang, "p", "ca.remove", NULL);
    vg_buf_c(b, "</main></body></html>\n");
    rq->reply.type = "text/html; charset=utf-8";
}

static void uuid(vg_buf *b, const char *print, const char *salt)
{
    unsigned char h[VG_HASH_BYTES];
    char t[160], hex[33];
    const int n = snprintf(t, sizeof t, "%s%s", salt, print);
    vg_hash(t, (size_t)n, h);
    vg_hex(h, 16, hex);
    vg_buf_f(b, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

// An iPhone takes a certificate as a profile: it asks once, names the node and can be removed as one thing.
static void write_profile(const vg_ca_page *page, const vg_buf *der, const char *print,
                          vg_lang lang, vg_http_request *rq)
{
    vg_buf *b = &rq->reply.body;
    const size_t need = sodium_base64_encoded_len(der->n, sodium_base64_VARIANT_ORIGINAL);
    char *base64 = vg_arena_get(rq->arena, need);
    if (!base64) {
        b->failed = true;
        return;
    }
    sodium_bin2base64(base64, need, (const unsigned char *)der->p, der->n,
                      sodium_base64_VARIANT_ORIGINAL);
    vg_buf_c(
        b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD "
           "PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version="
           "\"1.0\"><dict><key>PayloadContent</key><array><dict><key>PayloadType</key><string>"
           "com.apple.security.root</string><key>PayloadVersion</key><integer>1</integer><key>"
           "PayloadIdentifier</key><string>vonggac.ca.root</string><key>PayloadUUID</key><string>");
    uuid(b, print, "root");
    vg_buf_f(b,
             "</string><key>PayloadDisplayName</key><string>vonggac CA</string><key>"
             "PayloadCertificateFileName</key><string>vonggac-ca.crt</string><key>PayloadContent"
             "</key><data>%s</data></dict></array><key>PayloadType</key><string>Configuration"
             "</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key>"
             "<string>vonggac.ca</string><key>PayloadUUID</key><string>",
             base64);
    uuid(b, print, "profile");
    vg_buf_c(b, "</string><key>PayloadDisplayName</key><string>");
    said(b, lang, "ca.title", (const char *const[]){"name", page->name, NULL});
    vg_buf_c(b, "</string></dict></plist>\n");
    rq->reply.type = "application/x-apple-aspen-config";
    vg_http_set(rq, "Content-Disposition", "attachment; filename=\"vonggac-ca.mobileconfig\"");
}

static vg_lang lang_of(vg_http_request *rq, vg_lang lang)
{
    vg_str asked;
    return vg_http_query(rq, "lang", &asked) ? vg_lang_parse(asked) : lang;
}

static void write_public(const vg_ca_page *page, vg_http_request *rq, vg_lang lang)
{
    vg_buf der = {0};
    char print[VG_TLS_PRINT];
    if (vg_tls_ca_public(page->dir, &der, print, NULL) != VG_OK) {
        rq->reply.status = 404;
        vg_buf_c(&rq->reply.body, "404\n");
        rq->reply.type = "text/plain; charset=utf-8";
        return;
    }
    if (vg_str_eqc(rq->path, "/ca.crt")) {
        vg_buf_add(&rq->reply.body, der.p, der.n);
        rq->reply.type = "application/x-x509-ca-cert";
        vg_http_set(rq, "Content-Disposition", "attachment; filename=\"vonggac-ca.crt\"");
    } else if (vg_str_eqc(rq->path, "/ca.mobileconfig")) {
        write_profile(page, &der, print, lang, rq);
    } else {
        write_page(page, print, lang, rq);
    }
    vg_buf_done(&der);
}

bool vg_ca_answer(const vg_ca_page *page, vg_http_request *rq, vg_lang lang)
{
    static const char *const paths[] = {"/ca", "/ca.crt", "/ca.mobileconfig"};
    if (vg_str_eqc(rq->path, "/ca.css")) {
        rq->reply.fixed = (vg_str){STYLE, sizeof STYLE - 1};
        rq->reply.type = "text/css; charset=utf-8";
        return true;
    }
    bool ours = page->http && vg_str_eqc(rq->path, "/");
    for (size_t i = 0; i < VG_LEN(paths); i++) {
        ours = ours || vg_str_eqc(rq->path, paths[i]);
    }
    if (!ours || !vg_str_eqc(rq->method, "GET")) {
        return false;
    }
    vg_buf_init(&rq->reply.body, PAGE_MAX);
    vg_http_set(rq, "Cache-Control", "no-store");
    write_public(page, rq, lang_of(rq, lang));
    return true;
}

static void get_ca(void *ctx, vg_http_raw_call *call)
{
    vg_ca_page page = {.name = vg_conf_get(vg_core_conf(ctx), "node.name", "vọng gác")};
    snprintf(page.dir, sizeof page.dir, "%s/tls", vg_core_dir(ctx));
    snprintf(page.running, sizeof page.running, "%s/handover.json", vg_core_dir(ctx));
    (void)!vg_ca_answer(&page, call->rq, call->lang);
}

size_t vg_ca_routes(vg_core *core, vg_http_raw out[VG_CA_ROUTES])
{
    static const char *const routes[VG_CA_ROUTES] = {"GET /ca", "GET /ca.crt",
                                                     "GET /ca.mobileconfig", "GET /ca.css"};
    for (size_t i = 0; i < VG_CA_ROUTES; i++) {
        out[i] = (vg_http_raw){routes[i], NULL, 0, get_ca, core};
    }
    return VG_CA_ROUTES;
}
