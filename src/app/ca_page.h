// SPDX-License-Identifier: Apache-2.0
// Handing the site's public root certificate to people's devices: the certificate in the forms that phones and
// computers take, and one page that says how, without script, to be read on a phone and to be printed. The same for
// the node (GET /ca, open to all: the certificate is public) and for `vonggac handover` (app/verb_handover.c).
#pragma once

#include "http/http.h"

typedef struct vg_ca_page {
    char dir[440];      // DATA/tls
    char running[440];  // DATA/handover.json, where a handover under way says its address
    const char *name;   // of the node
    const char
        *http;  // where this page itself is handed over ("http://192.0.2.1:8088/"); NULL: the node
    const char *https;  // where the node is to be opened afterwards ("https://…/"), or NULL
} vg_ca_page;

enum { VG_CA_ROUTES = 4 };

// Fills rq->reply for /ca, /ca.crt, /ca.mobileconfig, /ca.css (and / when it is handed over); false: another path.
bool vg_ca_answer(const vg_ca_page *page, vg_http_request *rq, vg_lang lang);
// Writes the node's own routes and returns how many; core NULL: for the description only.
size_t vg_ca_routes(vg_core *core, vg_http_raw out[VG_CA_ROUTES]);
