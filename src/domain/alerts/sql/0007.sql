-- SPDX-License-Identifier: Apache-2.0
-- Storms of alerts at a site: since when, how many in the last ten minutes, at most, and in all.
CREATE TABLE alert_storm (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    state TEXT NOT NULL,             -- on, over
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    last_at BIGINT NOT NULL,         -- of the newest alert
    n BIGINT NOT NULL,               -- in the ten minutes up to it
    peak BIGINT NOT NULL,
    total BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX alert_storm_site ON alert_storm (site, state);

-- A sign of danger to life is among what the alert cites.
ALTER TABLE alert ADD COLUMN life INTEGER NOT NULL DEFAULT 0;
UPDATE alert SET life = 1 WHERE cause IN ('panic', 'duress', 'holdup', 'fire', 'smoke', 'gas', 'medical', 'emergency')
    OR evidence LIKE '%"kind":"panic"%' OR evidence LIKE '%"kind":"duress"%' OR evidence LIKE '%"kind":"holdup"%'
    OR evidence LIKE '%"kind":"fire"%' OR evidence LIKE '%"kind":"smoke"%' OR evidence LIKE '%"kind":"gas"%'
    OR evidence LIKE '%"kind":"medical"%' OR evidence LIKE '%"kind":"emergency"%';
