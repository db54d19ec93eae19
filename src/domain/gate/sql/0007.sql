-- SPDX-License-Identifier: Apache-2.0
-- A visitor inside who must be accompanied and whose escorts have all left: since when, and until when that may be. id:
-- the passage he came in by; gone: the event of the last escort's leaving. One row a visitor.

CREATE TABLE gate_unescorted (
    holder TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    site TEXT NOT NULL,
    since BIGINT NOT NULL,
    due BIGINT NOT NULL,
    came TEXT NOT NULL,
    gone TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'in_time',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
