-- SPDX-License-Identifier: Apache-2.0
-- What ingest was last told of a thing (core/signal_state.h); written by the scribe with the signal.
CREATE TABLE signal_state (
    thing BIGINT PRIMARY KEY,        -- keyed hash
    proto TEXT NOT NULL,
    value BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX signal_state_at ON signal_state (at);
