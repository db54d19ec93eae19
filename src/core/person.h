// SPDX-License-Identifier: Apache-2.0
// Personal data in the journal: the personal part of an event is encrypted under a key of the person it is about,
// and the key lies in the vault, wrapped by the node key. Erasing a person is destroying that key: the chain is
// over the ciphertext and stays whole, no projection reads it, and every copy of the journal is noise from then on.
#pragma once

#include "core/module.h"

// Encrypts under the person's key, which is made when there is none; ret lives in cx->arena.
vg_status vg_person_seal(vg_cx *cx, const char *person, vg_str clear, vg_str *ret,
                         vg_err *err) VG_USE_RESULT;
// What vg_person_seal made, in the clear, in a. db is unscoped; whether the reader may see it is the caller's
// matter. VG_EGONE: the key was destroyed (a key made since does not open what was sealed before).
vg_status vg_person_open(vg_core *core, vg_db *db, vg_arena *a, const char *person, vg_str box,
                         vg_str *ret, vg_err *err) VG_USE_RESULT;
// Destroys the key and says so with core.person_erased (subject: the person; why is told by the event of whoever
// asked). Clear copies in cards go by reactions of their modules to that event. VG_ENOTFOUND: there is no key.
vg_status vg_person_erase(vg_cx *cx, const char *person, vg_err *err) VG_USE_RESULT;
