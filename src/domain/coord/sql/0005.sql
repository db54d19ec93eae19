-- SPDX-License-Identifier: Apache-2.0
-- The name under which a clause speaks of its compartment and ceiling (draft.c), '' = none; and the paper that was
-- signed by hand, if there is one.
ALTER TABLE clause ADD COLUMN named TEXT NOT NULL DEFAULT '';
ALTER TABLE regulation ADD COLUMN signed BIGINT;
ALTER TABLE regulation ADD COLUMN signer TEXT;
ALTER TABLE regulation ADD COLUMN paper_number TEXT;
