-- SPDX-License-Identifier: Apache-2.0
-- A stair or a lift stands in a zone of each floor it is drawn on, under one name (name: folded, "cau thang a"). Where
-- two floors have it, the zones it stands in are neighbours: a zone_link with a second drawing.
CREATE TABLE zone_landing (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    drawing TEXT NOT NULL,
    element TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    ord INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX zone_landing_drawing ON zone_landing (drawing);
CREATE INDEX zone_landing_name ON zone_landing (site, kind, name);
ALTER TABLE zone_link ADD COLUMN drawing_b TEXT;
