-- SPDX-License-Identifier: Apache-2.0
-- Who looked at whose passages, and what for.

CREATE TABLE gate_lookup (
    id TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    site TEXT NOT NULL,
    agency TEXT NOT NULL,
    purpose TEXT NOT NULL,
    note TEXT,
    incident TEXT,
    looked_by TEXT NOT NULL,
    many INTEGER NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_lookup_by ON gate_lookup (looked_by, at);
