// SPDX-License-Identifier: Apache-2.0
// The sources that speak HTTP, by token, for the register as it is now. Made anew when the register changed.
#pragma once

#include "ingest/ingest.h"

typedef struct who who;
typedef struct who_list who_list;  // one state of the register, shared until released

who *who_create(vg_register *sources);
void who_destroy(who *w);
const who_list *who_acquire(who *w);
void who_release(who *w, const who_list *l);
const vg_register_snap *who_snap(const who_list *l);
// NULL: nobody has it. Takes as long for a wrong token as for a right one, up to the last comparison.
const vg_source *who_by_token(const who_list *l, vg_str token);
// In any case the register was typed or the device spells; NULL if unknown.
const vg_source *who_by_address(const who_list *l, const char *proto, const char *address);
// The largest body of a source that names this peer's network or has this certificate (NULL: none); 0: none does.
size_t who_body_of_peer(const who_list *l, const char *peer, const unsigned char *certificate);
size_t who_body(const vg_source *s);  // the source's own, or the default
