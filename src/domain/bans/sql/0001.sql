-- SPDX-License-Identifier: Apache-2.0
-- Who is not let in without somebody deciding so: why, on what evidence, on whose word, until when. Who it is stands in
-- ban_card. Times in microseconds.

CREATE TABLE ban_entry (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    reason TEXT NOT NULL,
    incident TEXT,
    document TEXT,
    expires BIGINT NOT NULL,
    review_due BIGINT NOT NULL,
    reviews INTEGER NOT NULL DEFAULT 0,
    review_late INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'proposed',
    proposed_by TEXT,
    decided_by TEXT,
    decided_at BIGINT,
    why TEXT,
    ended_at BIGINT,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ban_entry_number ON ban_entry (agency, year, n);
CREATE INDEX ban_entry_at ON ban_entry (at);

-- Beside the journal so that it can be erased (volatile). aliases: a JSON list of names.
CREATE TABLE ban_card (
    entry TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL DEFAULT '[]',
    born INTEGER,
    doc_kind TEXT,
    doc_key BLOB,
    doc_last TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ban_card_doc ON ban_card (doc_key) WHERE doc_key IS NOT NULL;

CREATE TABLE ban_review (
    id TEXT PRIMARY KEY,
    entry TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    next_due BIGINT,
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX ban_review_of ON ban_review (entry, at);
CREATE INDEX ban_review_at ON ban_review (at);
