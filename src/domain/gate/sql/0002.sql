-- SPDX-License-Identifier: Apache-2.0
-- Terminals that wrote down passages without a connection: how far their queue has come, and every entry of it by its
-- hash, so that one sent twice is one and two of one number are seen.

CREATE TABLE gate_terminal (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    seq BIGINT NOT NULL DEFAULT 0,
    head TEXT,
    offset_us BIGINT NOT NULL DEFAULT 0,
    forks BIGINT NOT NULL DEFAULT 0,
    gaps BIGINT NOT NULL DEFAULT 0,
    synced BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_terminal_site ON gate_terminal (site, at);

CREATE TABLE gate_queue (
    terminal TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (terminal, seq, hash)
);
