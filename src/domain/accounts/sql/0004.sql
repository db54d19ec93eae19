-- SPDX-License-Identifier: Apache-2.0
-- Of changes that open data to others: who else had a hand in it, and where it goes. '' = nobody, nowhere.
ALTER TABLE permission_change ADD COLUMN also_by TEXT NOT NULL DEFAULT '';
ALTER TABLE permission_change ADD COLUMN detail TEXT NOT NULL DEFAULT '';
