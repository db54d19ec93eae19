-- SPDX-License-Identifier: Apache-2.0
-- What the register says of a site besides its name: where it lies (a row of place_unit), the field it serves, on what
-- ground it is listed, what is to be protected in it, and whose part it is. What a post must overlook. Fixtures: the
-- things that stand at a site and are not zones, posts, gates or sources.
ALTER TABLE site ADD COLUMN place TEXT;
ALTER TABLE site ADD COLUMN field TEXT;
ALTER TABLE site ADD COLUMN ground TEXT;
ALTER TABLE site ADD COLUMN asset_class TEXT;
ALTER TABLE site ADD COLUMN part_of TEXT;
ALTER TABLE site ADD COLUMN host_unit TEXT;
CREATE INDEX site_part_of ON site (part_of);

ALTER TABLE post ADD COLUMN overlooks TEXT;
ALTER TABLE post ADD COLUMN special INTEGER NOT NULL DEFAULT 0;

CREATE TABLE fixture (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT,
    note TEXT,
    agency TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX fixture_site ON fixture (site, kind, at);
