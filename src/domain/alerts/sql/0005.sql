-- SPDX-License-Identifier: Apache-2.0
-- When the order of events was found not to bear an alert out.
ALTER TABLE alert ADD COLUMN amended_at BIGINT;
