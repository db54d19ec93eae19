-- SPDX-License-Identifier: Apache-2.0
-- Authorised tests of gates. Times in microseconds.

-- As planned and as it ended; of the compartment "vulnerability", which whoever keeps a gate does not see.
CREATE TABLE gate_test (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    tester TEXT NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    planned_by TEXT,
    state TEXT NOT NULL DEFAULT 'planned',
    done_at BIGINT,
    passage TEXT,
    note TEXT,
    closed_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_test_site ON gate_test (site, at);
CREATE INDEX gate_test_at ON gate_test (at);

-- What the gate is told once it is over; the rates are made of these.
CREATE TABLE gate_test_told (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT,
    kind TEXT NOT NULL,
    caught INTEGER NOT NULL,
    done BIGINT NOT NULL,
    passage TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_test_told_site ON gate_test_told (site, done);
CREATE INDEX gate_test_told_at ON gate_test_told (at);
CREATE INDEX gate_test_told_passage ON gate_test_told (passage) WHERE passage IS NOT NULL;

-- A shortcoming that a test showed.
CREATE TABLE gate_finding (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT,
    test TEXT NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    note TEXT,
    done BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_finding_site ON gate_finding (site, at);
CREATE INDEX gate_finding_at ON gate_finding (at);
