-- SPDX-License-Identifier: Apache-2.0
-- Statements of a site's dossier (hồ sơ điều tra cơ bản). A statement is never altered: a newer one of the same heading
-- takes its place (supersedes), or it is withdrawn with a reason; all stay readable in order of time.
CREATE TABLE dossier_statement (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    agency TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    source TEXT NOT NULL,
    as_of TEXT NOT NULL,
    secrecy TEXT NOT NULL DEFAULT 'normal',
    supersedes TEXT,
    superseded_by TEXT,
    state TEXT NOT NULL DEFAULT 'current',
    reason TEXT,
    stated_by TEXT,
    verified_by TEXT,
    verified_at BIGINT,
    verified_note TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX dossier_statement_site ON dossier_statement (site, heading, state, as_of);
