-- SPDX-License-Identifier: Apache-2.0
-- Personal data: what is processed and why, how long it is kept, what people ask, what went wrong, what visitors are
-- told. Every row is of one agency, in its personal compartment. Times in microseconds, days as texts.

-- What the program ships: an edition replaces the one before it.
CREATE TABLE privacy_edition (
    digest TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE retention_class (
    code TEXT PRIMARY KEY,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    days INTEGER NOT NULL,
    about_vi TEXT NOT NULL,
    about_en TEXT NOT NULL,
    enforced INTEGER NOT NULL,
    fixed INTEGER NOT NULL,
    how_vi TEXT,
    how_en TEXT,
    origin TEXT NOT NULL,
    ref TEXT,
    rank INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE notice_text (
    code TEXT PRIMARY KEY,
    text_vi TEXT NOT NULL,
    text_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What an agency decided instead of the default.
CREATE TABLE retention_choice (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    class TEXT NOT NULL,
    days INTEGER NOT NULL,
    ref TEXT,
    reason TEXT NOT NULL,
    chosen_by TEXT,
    chosen_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE processing (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    ground TEXT NOT NULL,
    ref TEXT NOT NULL,
    data TEXT NOT NULL,
    people TEXT NOT NULL,
    recipients TEXT NOT NULL,
    retention TEXT NOT NULL,
    started TEXT NOT NULL,
    due BIGINT,
    due_ref TEXT,
    late INTEGER NOT NULL DEFAULT 0,
    assessed_on TEXT,
    assessment TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    ended_on TEXT,
    reason TEXT,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE subject_request (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    site TEXT,
    person TEXT,
    holder TEXT NOT NULL,
    opened_by TEXT,
    received_at BIGINT NOT NULL,
    ack_due BIGINT,
    ack_ref TEXT,
    ack_late INTEGER NOT NULL DEFAULT 0,
    acknowledged_at BIGINT,
    due BIGINT,
    ref TEXT,
    late INTEGER NOT NULL DEFAULT 0,
    extended_until TEXT,
    extend_reason TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    closed_at BIGINT,
    reason TEXT,
    forgotten INTEGER NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX subject_request_number ON subject_request (agency, year, n);
CREATE INDEX subject_request_holder ON subject_request (holder);

-- Who asks and for what, written beside the journal so that it can be erased (volatile).
CREATE TABLE subject_request_card (
    request TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    contact TEXT,
    wish TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE breach (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    year INTEGER NOT NULL,
    n INTEGER NOT NULL,
    number TEXT NOT NULL,
    site TEXT,
    found_at BIGINT NOT NULL,
    what TEXT NOT NULL,
    data TEXT NOT NULL,
    people TEXT NOT NULL,
    about_count INTEGER,
    measures TEXT,
    due BIGINT,
    ref TEXT,
    late INTEGER NOT NULL DEFAULT 0,
    notices INTEGER NOT NULL DEFAULT 0,
    notified_at BIGINT,
    state TEXT NOT NULL DEFAULT 'open',
    closed_at BIGINT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX breach_number ON breach (agency, year, n);

CREATE TABLE breach_notice (
    id TEXT PRIMARY KEY,
    breach TEXT NOT NULL,
    n INTEGER NOT NULL,
    sent_at BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    reference TEXT NOT NULL,
    complete INTEGER NOT NULL,
    late_reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX breach_notice_of ON breach_notice (breach);

CREATE TABLE visitor_notice (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    n INTEGER NOT NULL,
    text_vi TEXT NOT NULL,
    text_en TEXT NOT NULL,
    contact TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'draft',
    confirmed_by TEXT,
    confirmed_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visitor_notice_site ON visitor_notice (site, n);
