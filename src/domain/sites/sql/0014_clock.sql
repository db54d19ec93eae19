-- SPDX-License-Identifier: Apache-2.0
-- How far the source's clock was ahead (or, negative, behind) when it was found to be off; NULL: it is right.
ALTER TABLE source ADD COLUMN clock_off_ms INTEGER;
