// SPDX-License-Identifier: Apache-2.0
// Every part has a fixed form and stands in a fixed place, so the same words cannot be written in two ways, and no part
// of the signed text can hold the line end that closes it.
#include "http/device_words.h"

#include "base/clock.h"

static const char TAG[] = "vonggac request 1";
enum { TS_MAX = 15 };

// The n characters after name, which the rest must start with.
static bool take(vg_str *rest, const char *name, size_t n, vg_str *ret)
{
    const size_t head = strlen(name);
    if (!vg_str_starts(*rest, name) || rest->n < head + n) {
        return false;
    }
    *ret = (vg_str){rest->p + head, n};
    *rest = (vg_str){rest->p + head + n, rest->n - head - n};
    return true;
}

static bool take_account(vg_str *rest, char out[VG_ID_TEXT])
{
    vg_str id;
    if (!take(rest, "", VG_ID_TEXT - 1, &id)) {
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        if (!strchr("0123456789abcdefghjkmnpqrstvwxyz", id.p[i]) || !id.p[i]) {
            return false;
        }
        out[i] = id.p[i];
    }
    out[id.n] = '\0';
    return true;
}

static bool take_time(vg_str *rest, http_device_words *ret)
{
    int64_t ms;
    size_t n = 4;
    while (n < rest->n && rest->p[n] >= '0' && rest->p[n] <= '9') {
        n++;
    }
    if (n - 4 > TS_MAX || !take(rest, ";ts=", n > 4 ? n - 4 : 1, &ret->ts) ||
        vg_str_i64(ret->ts, 0, INT64_MAX / VG_MS_US, &ms, NULL) != VG_OK) {
        return false;
    }
    ret->at_us = ms * VG_MS_US;
    return true;
}

bool http_device_parse(vg_str header, http_device_words *ret)
{
    vg_str sig;
    *ret = (http_device_words){0};
    return take_account(&header, ret->account) && take_time(&header, ret) &&
           take(&header, ";nonce=", HTTP_NONCE_TEXT, &ret->nonce_text) &&
           take(&header, ";body=", HTTP_DIGEST_TEXT, &ret->body_text) &&
           take(&header, ";sig=", VG_DEVICE_SIG_TEXT, &sig) && header.n == 0 &&
           vg_base64url(ret->nonce_text, ret->nonce, sizeof ret->nonce) &&
           vg_base64url(ret->body_text, ret->body, sizeof ret->body) &&
           vg_base64url(sig, ret->sig, sizeof ret->sig);
}

vg_str http_device_text(vg_arena *a, const http_device_words *w, vg_str method, vg_str target)
{
    return vg_str_f(a, "%s\n%s\n%.*s\n%.*s\n%.*s\n%.*s %.*s", TAG, w->account, VG_FMT(w->ts),
                    VG_FMT(w->nonce_text), VG_FMT(w->body_text), VG_FMT(method), VG_FMT(target));
}
