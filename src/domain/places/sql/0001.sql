-- SPDX-License-Identifier: Apache-2.0
-- Administrative units with the days between which they stood. A row is one unit under one name and rank: a renamed or
-- promoted unit is a new row of the same code. id is code@valid_from. valid_to is the last day, NULL: it stands.
-- exact is 0 where the first day is only the day of the edition it was first seen in.

CREATE TABLE place_edition (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    as_of TEXT NOT NULL,
    digest TEXT NOT NULL,
    complete INTEGER NOT NULL,
    units INTEGER NOT NULL,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    ended INTEGER NOT NULL DEFAULT 0,
    origin TEXT NOT NULL,
    actor TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE place_unit (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    bare TEXT NOT NULL,
    level INTEGER NOT NULL,
    parent TEXT,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    exact INTEGER NOT NULL,
    law TEXT,
    edition TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX place_unit_code ON place_unit (code, valid_from);
CREATE INDEX place_unit_bare ON place_unit (bare);
CREATE INDEX place_unit_parent ON place_unit (parent, valid_to);

-- Into what a unit that no longer stands went: one row a successor. A unit without one ended without a known heir.
CREATE TABLE place_successor (
    id TEXT PRIMARY KEY,
    unit TEXT NOT NULL,
    code TEXT NOT NULL,
    law TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX place_successor_unit ON place_successor (unit);
