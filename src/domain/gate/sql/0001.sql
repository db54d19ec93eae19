-- SPDX-License-Identifier: Apache-2.0
-- Who and what comes and goes. Areas and points are shared facts of a site; holders, badges, passages and where
-- somebody is are of the compartment "gate". Times in microseconds.

CREATE TABLE gate_area (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    parent TEXT,
    zone TEXT,
    passback TEXT NOT NULL DEFAULT 'none',
    again_min INTEGER,
    most INTEGER,
    alone_s INTEGER,
    airlock INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_area_site ON gate_area (site, at);

-- Lists of an area: who may make the pair of a two-person area ('a', 'b'), who must be first in ('first').
CREATE TABLE gate_area_list (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL,
    list TEXT NOT NULL,
    holder TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (area, list, holder)
);

CREATE TABLE gate_point (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    gate TEXT,
    outer_area TEXT,
    inner_area TEXT NOT NULL,
    ways TEXT NOT NULL DEFAULT 'both',
    lane TEXT NOT NULL DEFAULT 'person',
    source TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_point_site ON gate_point (site, at);

-- Somebody or something that passes: a person of ours, a visitor, a contractor, a vehicle. Who it is stands in
-- gate_card.
CREATE TABLE gate_holder (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT,
    kind TEXT NOT NULL,
    class TEXT,
    person TEXT,
    valid_until BIGINT,
    import TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    reason TEXT,
    at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_holder_at ON gate_holder (at);
CREATE INDEX gate_holder_person ON gate_holder (person);

-- Written beside the journal so that it can be erased (volatile). doc_key: keyed hash of the number of a paper;
-- key: the folded name or plate, to find by.
CREATE TABLE gate_card (
    holder TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    find TEXT NOT NULL,
    company TEXT,
    phone TEXT,
    born INTEGER,
    doc_kind TEXT,
    doc_key BLOB,
    doc_last TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_card_doc ON gate_card (doc_key);
CREATE INDEX gate_card_find ON gate_card (find);

CREATE TABLE badge (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    holder TEXT NOT NULL,
    valid_until BIGINT,
    state TEXT NOT NULL DEFAULT 'issued',
    reason TEXT,
    ended_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX badge_code ON badge (code, state);
CREATE INDEX badge_holder ON badge (holder, at);
CREATE INDEX badge_at ON badge (at);

-- A passage is a fact. moved: when, by the clock of the node; told: as the terminal's clock had it. What follows from
-- the passages before it (was_*, flags) is worked out again when an earlier one comes later.
CREATE TABLE passage (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'move',
    holder TEXT NOT NULL,
    holder_kind TEXT NOT NULL,
    class TEXT,
    badge TEXT,
    point TEXT,
    way TEXT,
    from_area TEXT,
    to_area TEXT,
    again_us BIGINT NOT NULL DEFAULT 0,
    moved BIGINT NOT NULL,
    told BIGINT,
    advice TEXT NOT NULL,
    reasons TEXT NOT NULL DEFAULT '[]',
    why TEXT,
    decided_by TEXT,
    terminal TEXT,
    terminal_seq BIGINT,
    purpose TEXT,
    import TEXT,
    evidence TEXT NOT NULL,
    flags INTEGER NOT NULL DEFAULT 0,
    is_known INTEGER NOT NULL DEFAULT 0,
    is_site TEXT,
    is_area TEXT,
    is_since BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX passage_holder ON passage (holder, moved, id);
CREATE INDEX passage_site ON passage (site, moved);
CREATE INDEX passage_moved ON passage (moved);
CREATE INDEX passage_import_of ON passage (import) WHERE import IS NOT NULL;

-- Turned away: no passage, but told.
CREATE TABLE refusal (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT NOT NULL,
    way TEXT NOT NULL,
    holder TEXT,
    badge TEXT,
    advice TEXT NOT NULL,
    reasons TEXT NOT NULL DEFAULT '[]',
    why TEXT,
    decided_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX refusal_site ON refusal (site, at);

-- Where everybody is who is inside, by his last passage: one row a holder.
CREATE TABLE presence (
    holder TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    area TEXT NOT NULL,
    holder_kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    passage TEXT NOT NULL,
    flags INTEGER NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX presence_area ON presence (area, since);
CREATE INDEX presence_site ON presence (site, since);

-- Who may pass where and when, as an expression: what it is true of is asked about or stopped.
CREATE TABLE gate_rule (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    condition TEXT NOT NULL,
    say TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_rule_site ON gate_rule (site, at);

-- A log of passages brought in from a file, so that it can be taken back whole.
CREATE TABLE passage_import (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    source TEXT NOT NULL,
    rows BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'open',
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX passage_import_site ON passage_import (site, at);
