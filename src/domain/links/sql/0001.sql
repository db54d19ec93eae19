-- SPDX-License-Identifier: Apache-2.0
-- Valid on SQLite and PostgreSQL. Times are microseconds UTC; label and world are what views filter by.

CREATE TABLE link (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,              -- '' = the node's
    agency TEXT NOT NULL,            -- '' = the node's
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    login TEXT NOT NULL,
    options TEXT NOT NULL,
    has_secret INTEGER NOT NULL,
    enabled INTEGER NOT NULL,
    state TEXT NOT NULL,             -- new, up, down
    state_since BIGINT NOT NULL,
    problem TEXT NOT NULL,           -- catalogue key, '' = none
    version BIGINT NOT NULL DEFAULT 1,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX link_kind ON link (kind);
