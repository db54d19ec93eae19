// SPDX-License-Identifier: Apache-2.0
// The ban list in memory, for the gate to ask: names and numbers of what is in force, by the site or the agency it
// counts for, so that one place's entries never crowd out another's. The bans module makes it from its cards at start and
// keeps it current after each commit; the gate reaches it by vg_core_state(core, "bans"). Any thread.
#pragma once

#include "ident/match.h"

enum { VG_BAN_HITS = 8 };

typedef struct vg_banlist vg_banlist;
vg_banlist *vg_banlist_create(void);
void vg_banlist_destroy(vg_banlist *l);  // NULL is fine
// key: a site, or the agency whose sites all count. An entry of the same ref is replaced.
void vg_banlist_put(vg_banlist *l, const char *key, const vg_match_entry *e);
void vg_banlist_drop(vg_banlist *l, const char *ref);
size_t vg_banlist_count(vg_banlist *l);
// The best first. n is at most VG_BAN_HITS of each scope.
size_t vg_banlist_find(vg_banlist *l, const char *key, const vg_match_query *q,
                       vg_match_candidate out[VG_BAN_HITS]);

// What vg_core_state(core, "bans") is.
struct vg_core;
typedef struct vg_bans {
    vg_banlist *list;
    struct vg_core *core;
    _Atomic bool unsure;  // something could not be read again: the list may lack an entry
} vg_bans;

// Of what kind a paper's number is. A number by hand says it only by its form.
// 0: not known, and then only the number itself tells.
uint8_t vg_ban_doc_kind(vg_str doc_kind, vg_str number);
