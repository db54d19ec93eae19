// SPDX-License-Identifier: Apache-2.0
// Templates are the catalogue's: notify.<kind>.subject, .body, .short, .short_plain; a kind without its own
// takes those of "other". A subject travels in the clear and stands on locked screens: number and site's code
// only. What does not fit a short message is cut at its end, where the advice to open the console stands.
#include "notify/message.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

enum { WORDS = 512, LETTER_MAX = 32768 };

typedef struct words {
    char number[64], site[64], title[400], urgency[64], time[24], when[16];
} words;

static void copy(char *out, size_t cap, vg_str s)
{
    s.n = s.n < cap ? s.n : cap - 1;
    s.n = vg_utf8_prefix(s);
    for (size_t i = 0; i < s.n; i++) {
        out[i] = (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i];
    }
    out[s.n] = '\0';
}

static words read_words(vg_arena *a, const vg_parcel *p)
{
    words w = {0};
    char key[32];
    int at[6];
    copy(w.number, sizeof w.number, vg_js_str(a, p->body, "number"));
    copy(w.site, sizeof w.site, vg_js_str(a, p->body, "site"));
    copy(w.title, sizeof w.title, vg_js_str(a, p->body, "title"));
    snprintf(key, sizeof key, "notify.urgency.%lld",
             (long long)vg_js_i64(p->body, "urgency", 1) % 10);
    copy(w.urgency, sizeof w.urgency, vg_str_c(vg_tr(VG_VI, key)));
    vg_time_split(vg_js_i64(p->body, "at", p->created_us), 7 * 60, at);
    snprintf(w.time, sizeof w.time, "%02d/%02d/%04d %02d:%02d", at[2], at[1], at[0], at[3], at[4]);
    snprintf(w.when, sizeof w.when, "%02d:%02d %02d/%02d", at[3], at[4], at[2], at[1]);
    return w;
}

static vg_str fill(vg_arena *a, const vg_parcel *p, const char *part, const words *w)
{
    char key[80];
    vg_buf b;
    snprintf(key, sizeof key, "notify.%.40s.%s", p->kind, part);
    if (!vg_tr_known(key)) {
        snprintf(key, sizeof key, "notify.other.%s", part);
    }
    vg_buf_init(&b, LETTER_MAX);
    vg_tr_add(&b, VG_VI, key,
              (const char *const[]){"number", w->number, "site", w->site, "title", w->title,
                                    "urgency", w->urgency, "time", w->time, "when", w->when, NULL});
    const vg_str ret = vg_str_dup(a, vg_str_trim(vg_buf_str(&b)));
    vg_buf_done(&b);
    return ret;
}

vg_letter vg_message_letter(vg_arena *a, const vg_parcel *p)
{
    const words w = read_words(a, p);
    vg_buf b;
    vg_str lines = {"", 0}, line;
    vg_buf_init(&b, LETTER_MAX);
    vg_buf_s(&b, fill(a, p, "body", &w));
    if (strcmp(p->kind, "alert") != 0 && vg_js_find(p->body, "lines", &lines)) {
        for (size_t at = 0; vg_js_each(lines, &at, NULL, &line);) {
            vg_buf_c(&b, "\n");
            vg_buf_s(&b, vg_js_decode(a, line));
        }
    }
    vg_buf_c(&b, "\n");
    const vg_letter ret = {fill(a, p, "subject", &w), vg_str_dup(a, vg_buf_str(&b))};
    vg_buf_done(&b);
    return ret;
}

// Bytes of the longest beginning with at most n UTF-16 units.
static size_t fitting(vg_str s, size_t n)
{
    size_t i = 0, units = 0;
    while (i < s.n) {
        const unsigned char c = (unsigned char)s.p[i];
        const size_t len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        units += len == 4 ? 2 : 1;
        if (units > n) {
            break;
        }
        i += len;
    }
    return i;
}

// Letters without their marks, in lower case; figures and signs that ASCII and GSM-7 agree on.
static void make_plain(char *z, size_t cap)
{
    char folded[WORDS];
    const size_t n = strlen(z);
    bool ascii = true;
    for (size_t i = 0; i < n; i++) {
        ascii = ascii && (unsigned char)z[i] < 0x80;
    }
    if (!ascii) {
        const size_t n_folded = vg_fold_to((vg_str){z, n}, folded, sizeof folded);
        snprintf(z, cap, "%.*s", (int)n_folded, folded);
    }
    for (size_t i = 0; z[i]; i++) {
        z[i] = (unsigned char)z[i] >= 0x80 || strchr("`^[]{}\\|~$@_", z[i]) ? '.' : z[i];
    }
}

vg_str vg_message_short(vg_arena *a, const vg_parcel *p, bool plain)
{
    words w = read_words(a, p);
    if (plain) {
        make_plain(w.number, sizeof w.number);
        make_plain(w.site, sizeof w.site);
        make_plain(w.title, sizeof w.title);
        make_plain(w.urgency, sizeof w.urgency);
    }
    vg_str s = fill(a, p, plain ? "short_plain" : "short", &w);
    s.n = plain ? (s.n < VG_SMS_PLAIN ? s.n : VG_SMS_PLAIN) : fitting(s, VG_SMS_UCS2);
    return s;
}
