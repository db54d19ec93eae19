-- SPDX-License-Identifier: Apache-2.0
-- came: when a device of the point told of whoever was decided about; NULL: none did.

ALTER TABLE passage ADD COLUMN came BIGINT;
ALTER TABLE refusal ADD COLUMN came BIGINT;
