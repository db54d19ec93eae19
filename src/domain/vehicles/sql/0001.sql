-- SPDX-License-Identifier: Apache-2.0
-- Vehicles and goods at the gates: who is expected, how long a stay may last, what was looked into and why, what was
-- carried in and out. All of the compartment "gate". Times in microseconds.

CREATE TABLE vehicle_expected (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    goods TEXT,
    host TEXT,
    state TEXT NOT NULL DEFAULT 'expected',
    holder TEXT,
    reason TEXT,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX vehicle_expected_site ON vehicle_expected (site, state, ends);
CREATE INDEX vehicle_expected_starts ON vehicle_expected (starts);

-- Plate and driver; written beside the journal so that it can be erased (volatile). find: as vg_plate has it.
CREATE TABLE vehicle_plate (
    expected TEXT PRIMARY KEY,
    plate TEXT NOT NULL,
    find TEXT NOT NULL,
    driver TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX vehicle_plate_find ON vehicle_plate (find);

-- How long a vehicle of a class may stay inside; class '': any that has no line of its own.
CREATE TABLE vehicle_limit (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    class TEXT NOT NULL,
    max_min INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (site, class)
);

-- A vehicle that is inside and has a limit: one row a holder.
CREATE TABLE vehicle_stay (
    holder TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    since BIGINT NOT NULL,
    due BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'in_time',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX vehicle_stay_site ON vehicle_stay (site, due);

CREATE TABLE vehicle_check (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT NOT NULL,
    holder TEXT NOT NULL,
    suspicion TEXT NOT NULL,
    under INTEGER NOT NULL DEFAULT 0,
    boot INTEGER NOT NULL DEFAULT 0,
    result TEXT NOT NULL,
    note TEXT,
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX vehicle_check_site ON vehicle_check (site, at);

CREATE TABLE goods_move (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT NOT NULL,
    way TEXT NOT NULL,
    what TEXT NOT NULL,
    quantity TEXT,
    paper TEXT,
    holder TEXT,
    advice TEXT NOT NULL,
    why TEXT,
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX goods_move_site ON goods_move (site, at);

-- Whose goods; volatile, as a name is personal.
CREATE TABLE goods_owner (
    move TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
