-- SPDX-License-Identifier: Apache-2.0
-- Who looked at the personal part of whose record, and why. Nothing of the record itself.
CREATE TABLE person_lookup (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
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
CREATE INDEX person_lookup_at ON person_lookup (at);
CREATE INDEX person_lookup_of ON person_lookup (person, at);
CREATE INDEX person_lookup_by ON person_lookup (looked_by, at);
