-- SPDX-License-Identifier: Apache-2.0
-- A confirmed notice as it is posted at the gate: whoever keeps the gate reads it, under the gate's label. Earlier
-- versions stay: a visitor was told one of that number.
CREATE TABLE posted_notice (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    site TEXT NOT NULL,
    n INTEGER NOT NULL,
    text_vi TEXT NOT NULL,
    text_en TEXT NOT NULL,
    contact TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'posted',
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX posted_notice_site ON posted_notice (site, n);
