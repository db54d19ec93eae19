-- SPDX-License-Identifier: Apache-2.0
-- The number of a paper once more, under the key that terminals carry (domain/holder.h).

ALTER TABLE gate_card ADD COLUMN doc_away BLOB;

-- Let through by a terminal that could not ask the ban list, and found in it afterwards. entries: numbers of entries.
CREATE TABLE gate_miss (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    passage TEXT NOT NULL,
    holder TEXT NOT NULL,
    point TEXT NOT NULL,
    entries TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    outcome TEXT,
    why TEXT,
    settled_by TEXT,
    settled_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_miss_site ON gate_miss (site, at);
