-- SPDX-License-Identifier: Apache-2.0
-- In which language he was told the rules and the notice; NULL: not said.

ALTER TABLE visit_guest ADD COLUMN told_lang TEXT;
