// SPDX-License-Identifier: Apache-2.0
// Log-ins that outlive a restart: each browser session is kept in the vault (encrypted by the node key, never
// journaled) under the hash of its token, so a duty officer does not have to log in again at 3 a.m. because
// the node was restarted.
#pragma once

#include "core/core.h"
#include "http/session.h"

// After a log-in, on the log-in's thread: waits for the disk. A failure is logged, the session works anyway.
void http_session_keep(vg_core *core, const http_caller *c);
void http_session_keep_later(vg_core *core, const http_caller *c);     // any thread, does not wait
void http_session_forget(vg_core *core, const http_session_key *key);  // any thread, does not wait
// Journals that who ended n sessions of user. Any thread, does not wait: ending does not depend on it.
void http_session_note(vg_core *core, const vg_principal *who, const char *user, size_t n);
// A command whose answer nobody waits for. Takes over the buffer of its arguments; any thread.
void http_run_later(vg_core *core, const char *name, const vg_principal *who, vg_cmd_id id,
                    const vg_buf *args);
// At start: those that have not expired; their people are read anew by the source.
void http_sessions_load(vg_core *core, http_sessions *s);
