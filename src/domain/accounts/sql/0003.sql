-- SPDX-License-Identifier: Apache-2.0
-- Accounts of devices: one device each, bound by its public key. Times in microseconds.

CREATE TABLE device_account (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    agency TEXT NOT NULL,
    role TEXT NOT NULL,
    site TEXT NOT NULL,
    place TEXT,
    expires BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    device TEXT,
    device_key TEXT,
    fingerprint TEXT,
    bound_at BIGINT,
    code_until BIGINT,
    made_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX device_account_site ON device_account (site, at);

CREATE TABLE device_seen (
    account TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
