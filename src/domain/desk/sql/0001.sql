-- SPDX-License-Identifier: Apache-2.0
-- The duty desk: kinds of situation, incidents, their log and tasks.

CREATE TABLE situation (
    code TEXT PRIMARY KEY,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    grp TEXT NOT NULL,
    family TEXT NOT NULL,
    law TEXT,
    valid_from TEXT,
    valid_to TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL DEFAULT 0,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE incident (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    situation TEXT NOT NULL,
    family TEXT NOT NULL,
    title TEXT NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    opened_at BIGINT NOT NULL,
    opened_by TEXT,
    owner TEXT,
    first_sign_at BIGINT,
    first_sign TEXT,
    found_by TEXT,
    surprise INTEGER,
    harm TEXT,
    summary TEXT,
    closed_at BIGINT,
    closed_by TEXT,
    alerts_n INTEGER NOT NULL DEFAULT 0,
    tasks_open_n INTEGER NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX incident_state ON incident (state, at);
CREATE INDEX incident_site ON incident (site, state, at);
CREATE INDEX incident_at ON incident (at);

CREATE TABLE incident_alert (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    alert TEXT NOT NULL,
    number TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (incident, alert)
);

-- id is the name of the journal event ("3-142").
CREATE TABLE incident_log (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    by_user TEXT,
    kind TEXT NOT NULL,
    text TEXT,
    data TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX incident_log_incident ON incident_log (incident, at);

CREATE TABLE task (
    id TEXT PRIMARY KEY,
    incident TEXT NOT NULL,
    site TEXT NOT NULL,
    title TEXT NOT NULL,
    assignee TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    due_at BIGINT,
    overdue INTEGER NOT NULL DEFAULT 0,
    done_at BIGINT,
    done_by TEXT,
    note TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX task_incident ON task (incident, at);
CREATE INDEX task_state ON task (state, at);

CREATE TABLE incident_counter (
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agency, year)
);
