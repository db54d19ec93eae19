-- SPDX-License-Identifier: Apache-2.0
-- A clause may name several sites. It has a row here for each then, and clause.site is the first of them, so that
-- whoever forgets these rows opens less, not more.
CREATE TABLE clause_site (
    id TEXT PRIMARY KEY,
    regulation TEXT NOT NULL,
    clause TEXT NOT NULL,
    n INTEGER NOT NULL,
    site TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX clause_site_of ON clause_site (clause, n);
