-- SPDX-License-Identifier: Apache-2.0
-- Whose people stand where. Times are microseconds UTC.

CREATE TABLE force_type (
    code TEXT PRIMARY KEY,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL DEFAULT 0,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE unit (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT,
    force TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency, code)
);
CREATE INDEX unit_at ON unit (at);
CREATE INDEX unit_parent ON unit (parent);

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    unit TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX person_at ON person (at);
CREATE INDEX person_unit ON person (unit, at);

-- What makes a person out of the row, written beside the journal so that it can be erased (volatile).
CREATE TABLE person_card (
    person TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    code TEXT,
    name TEXT NOT NULL,
    rank TEXT,
    title TEXT,
    phone TEXT,
    since BIGINT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency, code)
);
