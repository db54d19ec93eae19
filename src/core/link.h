// SPDX-License-Identifier: Apache-2.0
// Links: what the node speaks to on its own initiative, or reads as a client: brokers, mail hosts, watched
// folders, monitoring centres. The links module keeps them; whoever serves one (ingest, notify, app) reads
// them here and reports whether it is up. Devices that call in are sources (register.h), not links.
#pragma once

#include "core/core.h"

enum { VG_LINK_HOST = 256, VG_LINK_FOLDER = 512 };

struct vg_link {
    char id[VG_ID_TEXT];
    char site[VG_ID_TEXT];  // "" = the node's
    int32_t label;          // for vg_egress_*
    int64_t version;        // another number: its settings or its secret changed
    const char *name, *address, *user;
    const char *options;  // JSON object, checked against the kind's fields (domain/links/kinds.c)
};

// Any thread but the scribe's. Up to 256 of a kind.
vg_status vg_links_read(vg_core *c, const char *kind, vg_arena *a, vg_link **ret, size_t *n,
                        vg_err *err) VG_USE_RESULT;
// Another number: some link was added, changed or removed since. Any thread.
uint64_t vg_links_generation(const vg_core *c);
// The password, token or key of a link; VG_ENOTFOUND if it has none. Wipe it after use.
vg_status vg_link_secret(vg_core *c, vg_arena *a, const char *id, vg_str *ret,
                         vg_err *err) VG_USE_RESULT;
// "host:port" of its address, IPv6 without its brackets. False: it has none.
bool vg_link_host(const vg_link *l, char host[VG_LINK_HOST], uint16_t *ret_port);
// The folder that its address names: what the machine's administrator wrote under [folders] in vonggac.ini,
// else DATA/folders/NAME (made when it is not there). A name is lower case letters, digits and hyphens; any
// other, or one too long: VG_EINVALID.
vg_status vg_link_folder(vg_core *c, const vg_link *l, char out[VG_LINK_FOLDER],
                         vg_err *err) VG_USE_RESULT;
// Says that a link works, or why not: problem is a catalogue key ("link.refused"), NULL = up. Equal states
// are not journaled twice. Waits for the commit; not on the scribe's thread.
void vg_link_report(vg_core *c, const char *id, const char *problem);
