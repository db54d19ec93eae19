-- SPDX-License-Identifier: Apache-2.0
-- Checklists: templates by version, runs of them, answers, findings.

-- One row a version, never changed but for its state. source is the YAML, spec the same for screens.
CREATE TABLE checklist_template (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    agency TEXT NOT NULL DEFAULT '',
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    signs INTEGER NOT NULL,
    within_s BIGINT NOT NULL,
    source TEXT NOT NULL,
    spec TEXT NOT NULL,
    by_user TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency, code, version)
);

CREATE TABLE checklist (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    post TEXT,
    template TEXT NOT NULL,
    subject TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    started_by TEXT,
    due_at BIGINT,
    overdue INTEGER NOT NULL DEFAULT 0,
    skipped TEXT NOT NULL DEFAULT '[]',
    items_n INTEGER NOT NULL DEFAULT 0,
    answered_n INTEGER NOT NULL DEFAULT 0,
    findings_n INTEGER NOT NULL DEFAULT 0,
    first_by TEXT,
    first_at BIGINT,
    first_note TEXT,
    second_by TEXT,
    second_at BIGINT,
    second_note TEXT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX checklist_state ON checklist (state, at);
CREATE INDEX checklist_site ON checklist (site, at);

CREATE TABLE checklist_answer (
    id TEXT PRIMARY KEY,
    checklist TEXT NOT NULL,
    item TEXT NOT NULL,
    value TEXT NOT NULL,
    note TEXT,
    evidence TEXT,
    by_user TEXT,
    answered_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (checklist, item)
);

CREATE TABLE checklist_finding (
    id TEXT PRIMARY KEY,
    checklist TEXT NOT NULL,
    number TEXT NOT NULL,
    item TEXT NOT NULL,
    site TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    value TEXT NOT NULL,
    note TEXT,
    law TEXT,
    level TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (checklist, item)
);

CREATE TABLE checklist_counter (
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agency, year)
);
