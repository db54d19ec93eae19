-- SPDX-License-Identifier: Apache-2.0
-- What one person asked for and another must approve. args: as they were given, to be run as they are.

CREATE TABLE second_request (
    id TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    args TEXT NOT NULL,
    if_match TEXT NOT NULL DEFAULT '',
    site TEXT NOT NULL DEFAULT '',
    asker TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    expires BIGINT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX second_request_state ON second_request (state, at);
CREATE INDEX second_request_asker ON second_request (asker, state);
