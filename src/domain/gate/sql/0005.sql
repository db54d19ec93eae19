-- SPDX-License-Identifier: Apache-2.0
-- Who is alone in a two-person area, since when, and until when he may be: one row an area.

CREATE TABLE gate_alone (
    area TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    holder TEXT NOT NULL,
    since BIGINT NOT NULL,
    due BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'in_time',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
