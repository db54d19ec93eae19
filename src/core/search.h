// SPDX-License-Identifier: Apache-2.0
// Search over everything by folded words. The index is a table of words kept from the modules' tables
// (vg_resource.search) in the transaction that changes them; it is volatile: a rebuild throws it away, and the
// scribe makes what is missing anew, a few rows at a time.
#pragma once

#include "core/module.h"

typedef struct vg_search_index vg_search_index;

#define VG_SEARCH_SQL                                                                              \
    "CREATE TABLE search_doc (doc INTEGER PRIMARY KEY, kind BIGINT NOT NULL, id TEXT NOT NULL,"    \
    " digest BIGINT NOT NULL, label INTEGER NOT NULL, world BIGINT NOT NULL);"                     \
    "CREATE UNIQUE INDEX search_doc_id ON search_doc (id, kind);"                                  \
    "CREATE TABLE search_word (doc BIGINT NOT NULL, word TEXT NOT NULL, kind BIGINT NOT NULL,"     \
    " weight INTEGER NOT NULL, at BIGINT NOT NULL, label INTEGER NOT NULL, world BIGINT NOT "      \
    "NULL);"                                                                                       \
    "CREATE INDEX search_word_at ON search_word (label, word, at DESC, doc, kind, weight, world);" \
    "CREATE INDEX search_word_doc ON search_word (doc, word, weight, label, world);"               \
    "CREATE TABLE search_state (kind BIGINT PRIMARY KEY, signature BIGINT NOT NULL,"               \
    " upto BIGINT NOT NULL, done INTEGER NOT NULL);"
// The form of today: one B-tree for the words; what a row's words are stands with the row.
#define VG_SEARCH_AGAIN_SQL                                                                       \
    "DROP TABLE search_word; DROP TABLE search_doc; DELETE FROM search_state;"                    \
    "CREATE TABLE search_doc (doc INTEGER PRIMARY KEY, kind BIGINT NOT NULL, id TEXT NOT NULL,"   \
    " at BIGINT NOT NULL, words TEXT NOT NULL, label INTEGER NOT NULL, world BIGINT NOT NULL);"   \
    "CREATE UNIQUE INDEX search_doc_id ON search_doc (id, kind);"                                 \
    "CREATE TABLE search_word (label INTEGER NOT NULL, word TEXT NOT NULL, at BIGINT NOT NULL,"   \
    " doc BIGINT NOT NULL, kind BIGINT NOT NULL, weight INTEGER NOT NULL, world BIGINT NOT NULL," \
    " PRIMARY KEY (label, word, at DESC, doc)) WITHOUT ROWID;"
extern const vg_field vg_search_fields[];
vg_status vg_search_read(vg_read *rd, const vg_args *args, vg_err *err) VG_USE_RESULT;

// Scribe thread, writer connection.
vg_status vg_search_open(vg_db *db, vg_search_index **ret, vg_err *err) VG_USE_RESULT;
void vg_search_close(vg_search_index *x);  // NULL is fine
// Brings the index up to what this transaction changed.
vg_status vg_search_flush(vg_search_index *x, vg_db *db, vg_err *err) VG_USE_RESULT;
// Indexes some rows that have not been yet; false in ret_more when all are.
bool vg_search_building(const vg_search_index *x);  // any thread
vg_status vg_search_build(vg_search_index *x, vg_db *db, vg_err *err) VG_USE_RESULT;
// Before a rebuild, in its transaction: the index is emptied, and nothing is kept up until the next start.
vg_status vg_search_forget(vg_search_index *x, vg_db *db, vg_err *err) VG_USE_RESULT;
