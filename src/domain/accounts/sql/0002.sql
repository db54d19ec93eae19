-- SPDX-License-Identifier: Apache-2.0
-- Second factor (its secrets are in the vault), roles for a time, changes that somebody else confirms. Times in
-- microseconds; begins and ends: 0 = none.

ALTER TABLE user_account ADD COLUMN factor_at BIGINT;
ALTER TABLE user_account ADD COLUMN recovery_left INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN begins BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN ends BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN reason TEXT;

CREATE TABLE permission_change (
    id TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    site TEXT NOT NULL,
    clearance INTEGER NOT NULL,
    begins BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    reason TEXT NOT NULL,
    by_user TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    late INTEGER NOT NULL DEFAULT 0,
    confirm_by BIGINT NOT NULL,
    confirmed_by TEXT,
    confirmed_at BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX permission_change_open ON permission_change (state, at);
