-- SPDX-License-Identifier: Apache-2.0
-- When a party's point of contact is to be called again to see that somebody answers.
ALTER TABLE regulation_party ADD COLUMN check_due BIGINT;
