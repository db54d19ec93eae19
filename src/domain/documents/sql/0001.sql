-- SPDX-License-Identifier: Apache-2.0
-- Papers with a secrecy level and its term, what was sent and received of them, and with whom. Days as texts, times in
-- microseconds. A row carries the label of its paper as it was when the row was written; only a paper's own moves.

CREATE TABLE document (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT,
    number TEXT NOT NULL,
    dated TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    compartment TEXT NOT NULL,
    secrecy INTEGER NOT NULL,
    until TEXT,
    term_ref TEXT,
    remind_at BIGINT,
    reminded INTEGER NOT NULL DEFAULT 0,
    origin TEXT,
    file TEXT,
    file_name TEXT,
    file_bytes BIGINT,
    file_hash TEXT,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What was decided of a paper's secrecy.
CREATE TABLE document_decision (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    what TEXT NOT NULL,
    before TEXT,
    after TEXT,
    reason TEXT NOT NULL,
    late INTEGER NOT NULL DEFAULT 0,
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX document_decision_of ON document_decision (document);

-- Another node, known by its keys.
CREATE TABLE correspondent (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    name TEXT NOT NULL,
    sign_key TEXT NOT NULL,
    box_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX correspondent_key ON correspondent (agency, sign_key);

CREATE TABLE document_sending (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    correspondent TEXT NOT NULL,
    to_name TEXT NOT NULL,
    receiver TEXT NOT NULL,
    way TEXT NOT NULL,
    doc_number TEXT NOT NULL,
    subject TEXT NOT NULL,
    secrecy INTEGER NOT NULL,
    header TEXT NOT NULL,
    hash TEXT NOT NULL,
    box_key TEXT NOT NULL,
    file TEXT NOT NULL,
    sent_by TEXT,
    receipt_at BIGINT,
    receipt_number TEXT,
    receipt_by TEXT,
    receipted_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX document_sending_number ON document_sending (agency, year, n);
CREATE INDEX document_sending_of ON document_sending (document);

CREATE TABLE document_receiving (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    sent TEXT NOT NULL,
    correspondent TEXT NOT NULL,
    from_name TEXT NOT NULL,
    receiver TEXT NOT NULL,
    doc_number TEXT NOT NULL,
    subject TEXT NOT NULL,
    secrecy INTEGER NOT NULL,
    hash TEXT NOT NULL,
    received_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX document_receiving_number ON document_receiving (agency, year, n);
CREATE INDEX document_receiving_sent ON document_receiving (agency, sent);
CREATE INDEX document_receiving_of ON document_receiving (document);

-- The files, encrypted under a key of the node's (vault: no view, not journaled; their digests are).
CREATE TABLE document_file (
    id TEXT PRIMARY KEY,
    box BLOB NOT NULL
);
