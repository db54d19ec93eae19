-- SPDX-License-Identifier: Apache-2.0
-- What stands on which article or on which number: a value of a closed set, a deadline, a checklist's item. An
-- edition replaces the whole list: it says what the console shows today, no paper stands on it.
CREATE TABLE law_basis (
    id TEXT PRIMARY KEY,
    thing TEXT NOT NULL,
    ref TEXT,
    term TEXT,
    rank INTEGER NOT NULL,
    origin TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX law_basis_thing ON law_basis (thing, rank);
