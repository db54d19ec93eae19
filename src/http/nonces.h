// SPDX-License-Identifier: Apache-2.0
// Which signed requests were here already: a bounded memory of each account's last nonces. Any thread.
#pragma once

#include "http/device_words.h"

enum { HTTP_NONCE_WINDOW_S = 120, HTTP_NONCES = 256, HTTP_NONCE_ACCOUNTS = 512 };

typedef struct http_nonces http_nonces;
typedef enum http_nonce_answer {
    HTTP_NONCE_NEW,
    HTTP_NONCE_STALE,
    HTTP_NONCE_SEEN
} http_nonce_answer;

// Nothing that was signed before since_us is taken: what was here before the start is not known any more.
http_nonces *http_nonces_create(int64_t since_us);
void http_nonces_destroy(http_nonces *m);
// Only after the signature was found good: strangers fill nothing. *ret_note: it is time to say that it was seen.
http_nonce_answer http_nonces_take(http_nonces *m, const http_device_words *w, int64_t now_us,
                                   bool *ret_note);
