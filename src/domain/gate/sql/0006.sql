-- SPDX-License-Identifier: Apache-2.0
-- Two records of one holder, kept by different hands (two terminals, or a terminal and the node), that cannot both be
-- true: the later passage (id) against the one before it (other).

CREATE TABLE gate_clash (
    id TEXT PRIMARY KEY,
    other TEXT NOT NULL,
    site TEXT NOT NULL,
    holder TEXT NOT NULL,
    moved BIGINT NOT NULL,
    terminal TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_clash_holder ON gate_clash (holder, moved);
