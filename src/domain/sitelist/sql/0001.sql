-- SPDX-License-Identifier: Apache-2.0
-- The official list of guarded sites. Every decision makes a whole new version; the list as it stood on a day is the
-- version whose valid_from..valid_to holds the day. An entry carries its site's label, so that a host agency reads its
-- own line and not the list. Days are texts; valid_to is the last day, NULL: in force.

CREATE TABLE site_list (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    dated TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    authority TEXT NOT NULL,
    title TEXT,
    kind TEXT NOT NULL,
    previous TEXT,
    review_due TEXT,
    review_ref TEXT,
    review_late INTEGER NOT NULL DEFAULT 0,
    reviewed_on TEXT,
    entries INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX site_list_from ON site_list (valid_from);

CREATE TABLE site_list_entry (
    id TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    site TEXT NOT NULL,
    rank INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    ground TEXT,
    field TEXT,
    number TEXT NOT NULL,
    dated TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX site_list_entry_list ON site_list_entry (list, rank);
CREATE INDEX site_list_entry_site ON site_list_entry (site, valid_from);

-- A request to change the list, with the day by which it must be decided.
CREATE TABLE site_case (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    site TEXT,
    name TEXT NOT NULL,
    received TEXT NOT NULL,
    due TEXT,
    ref TEXT,
    note TEXT,
    state TEXT NOT NULL DEFAULT 'open',
    late INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    closed_on TEXT,
    list TEXT,
    reason TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX site_case_state ON site_case (state, due);
