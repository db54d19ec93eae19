-- SPDX-License-Identifier: Apache-2.0
-- Who is told of what, when, over which link. Times are microseconds UTC; minutes are of Viet Nam's day.

CREATE TABLE notice_rule (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,            -- tells of this agency's alerts and of shared ones, to its own people
    site TEXT NOT NULL,              -- '' = every site
    name TEXT NOT NULL,
    link TEXT NOT NULL,
    role TEXT NOT NULL,              -- '' = the link's own recipients
    min_rank INTEGER NOT NULL,       -- 0 low … 3 critical
    after_s BIGINT NOT NULL,         -- 0 = at once, else only if nobody has acknowledged by then
    repeat_s BIGINT NOT NULL,        -- 0 = once
    repeat_max INTEGER NOT NULL,
    quiet_from INTEGER NOT NULL,     -- -1 = no quiet hours
    quiet_to INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE notice_pending (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    alert TEXT NOT NULL,
    site TEXT NOT NULL,
    due BIGINT NOT NULL,
    times INTEGER NOT NULL,          -- sent so far
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX notice_pending_rule ON notice_pending (rule);

CREATE TABLE notice_address (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,              -- of link: smtp, sms
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX notice_address_user ON notice_address (user_id, kind);

-- The clear copy of a personal part; gone when the address is.
CREATE TABLE notice_card (
    address TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE notice_test (
    link TEXT PRIMARY KEY,
    site TEXT NOT NULL,              -- whose desk hears of a failure
    every_s BIGINT NOT NULL,
    state TEXT NOT NULL,             -- waiting, passed, failed, new
    last_at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
