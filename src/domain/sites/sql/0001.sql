-- SPDX-License-Identifier: Apache-2.0
-- What is protected, and the devices that report from it. Times are microseconds UTC.

CREATE TABLE law_ref (
    code TEXT PRIMARY KEY,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    about TEXT NOT NULL,
    certainty TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL DEFAULT 0,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE site (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    agency TEXT NOT NULL,
    address TEXT,
    key_site INTEGER NOT NULL DEFAULT 0,
    decision TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    version BIGINT NOT NULL DEFAULT 1,
    at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (agency, code)
);
CREATE INDEX site_at ON site (at);

CREATE TABLE post (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    central INTEGER NOT NULL DEFAULT 0,
    sector TEXT,
    orders TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX post_site ON post (site, at);

-- arm_state, alarm_state and the rest of the live state are folded from signals; alarms and troubles count
-- the open rows of zone_condition.
CREATE TABLE zone (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    arm_state TEXT NOT NULL DEFAULT 'disarmed',
    arm_at BIGINT,
    alarms INTEGER NOT NULL DEFAULT 0,
    troubles INTEGER NOT NULL DEFAULT 0,
    alarm_kind TEXT,
    alarm_since BIGINT,
    bypass_until BIGINT,
    bypass_owner TEXT,
    bypass_reason TEXT,
    device_bypass INTEGER NOT NULL DEFAULT 0,
    last_signal_at BIGINT,
    last_signal_kind TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX zone_site ON zone (site, at);

-- One row per thing a device can say about a zone; open is 1 while it says so.
CREATE TABLE zone_condition (
    id TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    source TEXT NOT NULL,
    area TEXT NOT NULL,
    point TEXT NOT NULL,
    kind TEXT NOT NULL,
    trouble INTEGER NOT NULL,
    open INTEGER NOT NULL,
    since BIGINT NOT NULL,
    ended BIGINT,
    evidence TEXT NOT NULL,
    unproven_restore BIGINT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX zone_condition_zone ON zone_condition (zone, open, since);

CREATE TABLE gate (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gate_site ON gate (site, at);

CREATE TABLE contact (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    role TEXT NOT NULL,
    agency TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX contact_site ON contact (site, at);

-- Personal data of a contact, written beside the journal so that it can be erased (volatile).
CREATE TABLE contact_card (
    contact TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE source (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    agency TEXT NOT NULL,
    name TEXT NOT NULL,
    proto TEXT NOT NULL,
    address TEXT NOT NULL,
    zone TEXT,
    kind TEXT,
    deadline_s INTEGER NOT NULL DEFAULT 0,
    time_ahead_s INTEGER NOT NULL DEFAULT 20,
    time_late_s INTEGER NOT NULL DEFAULT 40,
    rate_per_s INTEGER NOT NULL DEFAULT 0,
    key_len INTEGER NOT NULL DEFAULT 0,
    encrypted_required INTEGER NOT NULL DEFAULT 0,
    lenient_length INTEGER NOT NULL DEFAULT 0,
    accept_clock INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0,
    disabled_until BIGINT,
    disabled_reason TEXT,
    disabled_by TEXT,
    state TEXT NOT NULL DEFAULT 'never',
    state_since BIGINT,
    points_n INTEGER NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (proto, address)
);
CREATE INDEX source_site ON source (site, at);
CREATE INDEX source_state ON source (state, at);

CREATE TABLE source_point (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    area TEXT NOT NULL DEFAULT '',
    point TEXT NOT NULL,
    zone TEXT NOT NULL,
    kind TEXT,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    UNIQUE (source, area, point)
);

-- Last sign of life, folded by the scribe once per source and batch (volatile).
CREATE TABLE source_seen (
    source TEXT PRIMARY KEY,
    last_seen BIGINT NOT NULL DEFAULT 0,
    peer TEXT,
    skew_ms BIGINT NOT NULL DEFAULT 0,
    signals BIGINT NOT NULL DEFAULT 0,
    polls BIGINT NOT NULL DEFAULT 0,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- Devices that speak to us and stand in no register. At most 1,000 rows.
CREATE TABLE waiting_source (
    id TEXT PRIMARY KEY,
    proto TEXT NOT NULL,
    address TEXT NOT NULL,
    peer TEXT,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    count BIGINT NOT NULL DEFAULT 1,
    last_text TEXT,
    state TEXT NOT NULL DEFAULT 'waiting',
    source TEXT,
    reason TEXT,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX waiting_source_state ON waiting_source (state, last_seen);

CREATE TABLE drawing (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    floor TEXT,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX drawing_site ON drawing (site, at);

-- The picture itself, too big for the journal, which keeps its digest (volatile).
CREATE TABLE drawing_image (
    drawing TEXT PRIMARY KEY,
    svg TEXT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE mark (
    id TEXT PRIMARY KEY,
    drawing TEXT NOT NULL,
    site TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object TEXT,
    caption TEXT,
    shape TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX mark_drawing ON mark (drawing, at);
CREATE INDEX mark_site ON mark (site, at);
