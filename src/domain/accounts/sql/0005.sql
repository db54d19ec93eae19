-- SPDX-License-Identifier: Apache-2.0
-- Of a delegated role: the assignment it comes from. '' = granted.
ALTER TABLE assignment ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE INDEX assignment_origin ON assignment (origin);
