-- SPDX-License-Identifier: Apache-2.0
-- Evacuations and who is accounted for. Times in microseconds.

-- That there is one is a shared fact of the site. area NULL: all of the site. kind: real, drill.
CREATE TABLE muster (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    area TEXT,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    declared_by TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    ended_at BIGINT,
    ended_by TEXT,
    ended_reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX muster_site ON muster (site, at);
CREATE INDEX muster_at ON muster (at);

-- Everybody of whom it is to be known where he is. origin: listed (inside by record), tapped (only his badge told of
-- him), added (by name). area, point, seen_at: where he was last seen. What follows from the marks: state and what
-- goes with it, worked out anew with every mark.
CREATE TABLE muster_person (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    muster TEXT NOT NULL,
    holder TEXT,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    key TEXT,
    area TEXT,
    point TEXT,
    seen_at BIGINT,
    state TEXT NOT NULL DEFAULT 'unknown',
    state_at BIGINT,
    state_point TEXT,
    state_by TEXT,
    state_why TEXT,
    after_end INTEGER NOT NULL DEFAULT 0,
    marks INTEGER NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX muster_person_of ON muster_person (muster, at);
CREATE INDEX muster_person_holder ON muster_person (holder, muster);
CREATE UNIQUE INDEX muster_person_key ON muster_person (muster, key) WHERE key IS NOT NULL;
CREATE INDEX muster_person_at ON muster_person (at);

-- The name of somebody who was added by hand; written beside the journal so that it can be erased (volatile).
CREATE TABLE muster_name (
    person TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    note TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What somebody said of one of them. marked: when, by the clock of the node; told: as the telephone's clock had it.
CREATE TABLE muster_mark (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    muster TEXT NOT NULL,
    person TEXT NOT NULL,
    state TEXT NOT NULL,
    marked BIGINT NOT NULL,
    told BIGINT,
    point TEXT,
    why TEXT,
    by_user TEXT,
    after_end INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX muster_mark_person ON muster_mark (person, marked);
CREATE INDEX muster_mark_of ON muster_mark (muster, marked);
