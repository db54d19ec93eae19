-- SPDX-License-Identifier: Apache-2.0
-- Agencies and those who log in. Password hashes are in the vault, not here.

CREATE TABLE agency (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    custodian INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL DEFAULT 0,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE user_account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    agency TEXT NOT NULL,
    clearance INTEGER NOT NULL DEFAULT 0,
    lang TEXT NOT NULL DEFAULT 'vi',
    disabled INTEGER NOT NULL DEFAULT 0,
    last_login BIGINT,
    failed INTEGER NOT NULL DEFAULT 0,
    password_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX user_account_agency ON user_account (agency, at);

CREATE TABLE assignment (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    site TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'active',
    granted_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX assignment_user ON assignment (user_id, state);

CREATE TABLE token (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    agency TEXT NOT NULL,
    role TEXT NOT NULL,
    site TEXT NOT NULL DEFAULT '',
    hash TEXT NOT NULL UNIQUE,
    expires BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    made_by TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX token_agency ON token (agency, at);
