-- SPDX-License-Identifier: Apache-2.0
-- What arrives at a point by itself, what a device decided there by itself, and since when somebody waited.

-- auto: none (whoever keeps the point decides), records (the device lets through: what it says is a passage).
-- reader: which door or channel of the source, as it reports it; NULL: any.
ALTER TABLE gate_point ADD COLUMN auto TEXT NOT NULL DEFAULT 'none';
ALTER TABLE gate_point ADD COLUMN reader TEXT;
CREATE INDEX gate_point_source ON gate_point (source) WHERE source IS NOT NULL;

-- asked: when the guard was told the advice; NULL: not known. source: the device that decided by itself.
ALTER TABLE passage ADD COLUMN asked BIGINT;
ALTER TABLE passage ADD COLUMN source TEXT;
ALTER TABLE refusal ADD COLUMN asked BIGINT;
ALTER TABLE refusal ADD COLUMN source TEXT;

-- Who or what stands at a point now, as its device told. Of the moment and of a day at most, so beside the journal, which
-- has the signal. shown: the plate or the number as it was read; find: the same, to be known again by.
CREATE TABLE arrival (
    id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    point TEXT NOT NULL,
    source TEXT NOT NULL,
    told TEXT NOT NULL,
    shown TEXT NOT NULL,
    find TEXT NOT NULL,
    way TEXT,
    holder TEXT,
    expected TEXT,
    maybe TEXT,
    say TEXT NOT NULL,
    reasons TEXT NOT NULL,
    captured BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    decided BIGINT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX arrival_point ON arrival (point, find, at);
CREATE INDEX arrival_at ON arrival (at);
