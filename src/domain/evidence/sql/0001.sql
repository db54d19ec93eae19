-- SPDX-License-Identifier: Apache-2.0
-- Evidence bundles that were made: what of, for what reason, how much was shown. The file itself is not kept here; its
-- hash says whether a file somebody has is the one.

CREATE TABLE evidence_bundle (
    id TEXT PRIMARY KEY,
    incident TEXT,
    alert TEXT,
    number TEXT,
    log INTEGER,
    seq_from BIGINT,
    seq_to BIGINT,
    events BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    hash TEXT NOT NULL,
    reason TEXT,
    by_user TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX evidence_bundle_incident ON evidence_bundle (incident, at);
