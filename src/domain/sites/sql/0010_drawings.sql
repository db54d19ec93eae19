-- SPDX-License-Identifier: Apache-2.0
-- Drawings become structured geometry: a frame in metres, and elements in layers. A layer holds what has one label,
-- so that a partner's view of a plan lacks what he may not know, and its version counts without him. Marks of 0001
-- are elements now; no released journal holds any.
DROP TABLE mark;
DROP TABLE drawing;
CREATE TABLE drawing (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    name TEXT NOT NULL,
    floor TEXT,
    level INTEGER NOT NULL DEFAULT 0,
    frame TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    picture_width INTEGER,
    picture_height INTEGER,
    digest TEXT,
    bytes INTEGER,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX drawing_site ON drawing (site, at);

CREATE TABLE drawing_layer (
    id TEXT PRIMARY KEY,
    drawing TEXT NOT NULL,
    site TEXT NOT NULL,
    version BIGINT NOT NULL,
    n INTEGER NOT NULL,
    elements TEXT NOT NULL,
    saved_by TEXT,
    saved_at BIGINT NOT NULL,
    note TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX drawing_layer_drawing ON drawing_layer (drawing, at);
CREATE INDEX drawing_layer_site ON drawing_layer (site, at);

-- Zones joined by a door, an opening or a gate: one row a passage, zone_a and zone_b in no order of meaning.
CREATE TABLE zone_link (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    drawing TEXT NOT NULL,
    element TEXT NOT NULL,
    kind TEXT NOT NULL,
    zone_a TEXT NOT NULL,
    zone_b TEXT NOT NULL,
    ord INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'active',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX zone_link_drawing ON zone_link (drawing, at);
CREATE INDEX zone_link_site ON zone_link (site, state, at);

-- Where a site is on the map. Degrees as decimal text of six places: exact, and the same on every store.
CREATE TABLE site_position (
    id TEXT PRIMARY KEY,
    lat TEXT,
    lon TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
