-- SPDX-License-Identifier: Apache-2.0
-- Alerts and the rules they come from.

CREATE TABLE rule (
    name TEXT PRIMARY KEY,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    level TEXT NOT NULL,
    version TEXT NOT NULL,
    situation TEXT,
    sentence_vi TEXT,
    sentence_en TEXT,
    file TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL DEFAULT 0,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE alert (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    zone TEXT,
    source TEXT,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    grouped TEXT NOT NULL,
    cause TEXT,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    level TEXT NOT NULL,
    rank INTEGER NOT NULL,
    situation TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    raised_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    count BIGINT NOT NULL DEFAULT 1,
    evidence TEXT NOT NULL,
    evidence_n BIGINT NOT NULL,
    last_seq BIGINT NOT NULL DEFAULT 0,
    explain_vi TEXT,
    explain_en TEXT,
    cancel_vi TEXT,
    cancel_en TEXT,
    bypassed INTEGER NOT NULL DEFAULT 0,
    test INTEGER NOT NULL DEFAULT 0,
    ack_by TEXT,
    ack_at BIGINT,
    disposition TEXT,
    note TEXT,
    closed_by TEXT,
    closed_at BIGINT,
    cleared_at BIGINT,
    incident TEXT,
    incident_number TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX alert_state ON alert (state, last_at);
CREATE INDEX alert_site ON alert (site, last_at);
CREATE INDEX alert_merge ON alert (rule, grouped, state);
CREATE INDEX alert_source ON alert (source, state);
CREATE INDEX alert_incident ON alert (incident);
CREATE INDEX alert_last ON alert (last_at);

-- What became of the alerts of a rule at a site.
CREATE TABLE rule_record (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    site TEXT NOT NULL,
    n BIGINT NOT NULL DEFAULT 0,
    n_false BIGINT NOT NULL DEFAULT 0,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (rule, site)
);

CREATE TABLE alert_counter (
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agency, year)
);
