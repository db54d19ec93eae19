-- SPDX-License-Identifier: Apache-2.0
-- When an outage began and when the last one ended, so that one prolonged by short steps counts as one. What was told
-- before this says neither.
ALTER TABLE source ADD COLUMN disabled_since BIGINT;
ALTER TABLE source ADD COLUMN disabled_ended BIGINT;
ALTER TABLE zone ADD COLUMN bypass_since BIGINT;
ALTER TABLE zone ADD COLUMN bypass_ended BIGINT;
