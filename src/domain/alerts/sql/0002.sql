-- SPDX-License-Identifier: Apache-2.0
-- An alert that became part of another one names it.

ALTER TABLE alert ADD COLUMN absorbed_into TEXT;
ALTER TABLE alert ADD COLUMN absorbed_number TEXT;
