-- SPDX-License-Identifier: Apache-2.0
-- Posture: at which level sites stand, from when until when. Times in microseconds.

-- What the program ships: an edition replaces the one before it.
CREATE TABLE posture_edition (
    digest TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE posture_level (
    code TEXT PRIMARY KEY,
    rank INTEGER NOT NULL,
    two INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    about_vi TEXT,
    about_en TEXT,
    origin TEXT NOT NULL,
    ref TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What was declared. site '' = every site of the node. rank as it was when declared. state: planned, in_force,
-- stepped_down, over.
CREATE TABLE posture_period (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    level TEXT NOT NULL,
    rank INTEGER NOT NULL,
    event TEXT NOT NULL,
    reason TEXT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    state TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    prolonged INTEGER NOT NULL DEFAULT 0,
    ended_at BIGINT,
    ended_by TEXT,
    ended_reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX posture_period_state ON posture_period (state, site);
