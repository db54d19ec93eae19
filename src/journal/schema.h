// SPDX-License-Identifier: Apache-2.0
// The journal's own tables. For src/journal and the migration at open.
#pragma once

// id = log << 40 | seq, so appending goes to the right edge of one B-tree. Two indexes: what happened to
// a thing, and what happened of a kind.
static const char VG_JOURNAL_SCHEMA[] =
    "CREATE TABLE IF NOT EXISTS journal_format (format INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS log (log INTEGER PRIMARY KEY, site TEXT NOT NULL UNIQUE);"
    "INSERT OR IGNORE INTO log (log, site) VALUES (1, '');"
    "CREATE TABLE IF NOT EXISTS event ("
    " id INTEGER PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, label INTEGER NOT NULL,"
    " purpose INTEGER NOT NULL, world BIGINT NOT NULL, site TEXT NOT NULL, subject TEXT NOT NULL,"
    " actor TEXT NOT NULL, command BLOB NOT NULL, cause BIGINT NOT NULL, captured BIGINT NOT NULL,"
    " received BIGINT NOT NULL, recorded BIGINT NOT NULL, source TEXT NOT NULL,"
    " source_seq BIGINT NOT NULL, body TEXT NOT NULL, personal BLOB, person TEXT, hash BLOB NOT "
    "NULL, salt BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS event_subject ON event (subject, id);"
    "CREATE INDEX IF NOT EXISTS event_kind ON event (kind, id);"
    "CREATE TABLE IF NOT EXISTS seal_key (id INTEGER PRIMARY KEY, salt BLOB NOT NULL, heads TEXT "
    "NOT "
    "NULL);"
    "CREATE TABLE IF NOT EXISTS seal ("
    " id INTEGER PRIMARY KEY, hash BLOB NOT NULL, sealed BIGINT NOT NULL, key BLOB NOT NULL,"
    " signature BLOB NOT NULL);";
