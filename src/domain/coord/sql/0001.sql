-- SPDX-License-Identifier: Apache-2.0
-- Coordination regulations. Every party keeps its own copy, with its own label, as it would on paper; `document` is the
-- same in all copies. A clause in force is a grant (core/grant.h). Times in microseconds, 0 = none.

CREATE TABLE regulation (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    review_due BIGINT NOT NULL,
    review_late INTEGER NOT NULL DEFAULT 0,
    reviewed_at BIGINT,
    state TEXT NOT NULL DEFAULT 'draft',
    drafted_by TEXT,
    in_force_at BIGINT,
    ended_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX regulation_copy ON regulation (document, agency);

CREATE TABLE regulation_party (
    id TEXT PRIMARY KEY,
    regulation TEXT NOT NULL,
    party TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'asked',
    proposed_by TEXT,
    agreed_by TEXT,
    agreed_at BIGINT,
    withdrawn_at BIGINT,
    reason TEXT,
    contact TEXT,
    phone TEXT,
    answered_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX regulation_party_of ON regulation_party (regulation);

CREATE TABLE clause (
    id TEXT PRIMARY KEY,
    regulation TEXT NOT NULL,
    n INTEGER NOT NULL,
    giver TEXT NOT NULL,
    taker TEXT NOT NULL,
    compartment TEXT NOT NULL,
    site TEXT NOT NULL,
    ceiling INTEGER NOT NULL,
    condition TEXT NOT NULL,
    situation TEXT,
    minutes INTEGER NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX clause_of ON clause (regulation);

-- What an incident opened. Both sides keep a copy; `opening` is the same in both.
CREATE TABLE opening (
    id TEXT PRIMARY KEY,
    opening TEXT NOT NULL,
    document TEXT NOT NULL,
    n INTEGER NOT NULL,
    agency TEXT NOT NULL,
    giver TEXT NOT NULL,
    taker TEXT NOT NULL,
    compartment TEXT NOT NULL,
    site TEXT NOT NULL,
    ceiling INTEGER NOT NULL,
    incident TEXT NOT NULL,
    incident_number TEXT NOT NULL,
    until BIGINT NOT NULL,
    sealed_at BIGINT,
    sealed_why TEXT,
    sealed_by TEXT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX opening_same ON opening (opening);
CREATE INDEX opening_incident ON opening (incident);

-- What a partner may know of a force: fixed fields, no names, no counts of people, no arms, no routes.
CREATE TABLE capability (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    class TEXT NOT NULL,
    groups INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    until BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'offered',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX capability_site ON capability (site, state);
