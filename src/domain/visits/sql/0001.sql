-- SPDX-License-Identifier: Apache-2.0
-- Visitors: who is expected, on whose word, and whether they came and left. Who a visitor is stands in the gate's card;
-- before the list of a delegation is released, in visit_card. Times in microseconds.

CREATE TABLE visit (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT,
    host_user TEXT,
    office TEXT,
    purpose TEXT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    areas TEXT NOT NULL DEFAULT '[]',
    escort INTEGER NOT NULL DEFAULT 0,
    release_at BIGINT,
    released_at BIGINT,
    state TEXT NOT NULL DEFAULT 'approved',
    reason TEXT,
    guests INTEGER NOT NULL DEFAULT 0,
    overdue_at BIGINT,
    planned_by TEXT,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_site ON visit (site, starts);
CREATE INDEX visit_at ON visit (at);
CREATE INDEX visit_host ON visit (host_user, ends);
CREATE INDEX visit_person ON visit (host, ends);

-- invite: hash of the code that was shown once.
CREATE TABLE visit_guest (
    id TEXT PRIMARY KEY,
    visit TEXT NOT NULL,
    site TEXT NOT NULL,
    holder TEXT,
    state TEXT NOT NULL DEFAULT 'expected',
    invite TEXT,
    invite_until BIGINT,
    rules_n INTEGER NOT NULL DEFAULT 0,
    notice_n INTEGER NOT NULL DEFAULT 0,
    told_at BIGINT,
    arrived_at BIGINT,
    left_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_guest_of ON visit_guest (visit, at);
CREATE INDEX visit_guest_holder ON visit_guest (holder);
CREATE INDEX visit_guest_invite ON visit_guest (invite) WHERE invite IS NOT NULL;
CREATE INDEX visit_guest_at ON visit_guest (at);

-- Beside the journal until the list is released, then the gate's card takes over (volatile).
CREATE TABLE visit_card (
    guest TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    company TEXT,
    born INTEGER,
    doc_kind TEXT,
    doc_key BLOB,
    doc_last TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What has to be agreed before a visit counts, and who did. area NULL: the site.
CREATE TABLE visit_step (
    id TEXT PRIMARY KEY,
    visit TEXT NOT NULL,
    site TEXT NOT NULL,
    area TEXT,
    need TEXT NOT NULL,
    named TEXT,
    state TEXT NOT NULL DEFAULT 'pending',
    decided_by TEXT,
    decided_at BIGINT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_step_of ON visit_step (visit, at);
CREATE INDEX visit_step_at ON visit_step (at);

-- Who has to agree: for the site ('') or an area of it.
CREATE TABLE visit_approval (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    area TEXT NOT NULL DEFAULT '',
    need TEXT NOT NULL,
    named TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (site, area)
);

CREATE TABLE visit_setting (
    site TEXT PRIMARY KEY,
    closing_min INTEGER,
    host_most INTEGER,
    escort_s INTEGER,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- House rules: the text that a visitor was told is the one of that number.
CREATE TABLE visit_rules (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    n INTEGER NOT NULL,
    text_vi TEXT NOT NULL,
    text_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_rules_site ON visit_rules (site, n);

CREATE TABLE visit_certificate (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    holder TEXT NOT NULL,
    what TEXT NOT NULL,
    number TEXT,
    until BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_certificate_of ON visit_certificate (holder, until);
CREATE INDEX visit_certificate_at ON visit_certificate (at);
