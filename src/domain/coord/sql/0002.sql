-- SPDX-License-Identifier: Apache-2.0
-- A clause may wait for a posture (src/domain/posture): posture, rank = the level it asks for at least, '' = none;
-- event = the name of the event a period must carry, '' = none.
ALTER TABLE clause ADD COLUMN posture TEXT NOT NULL DEFAULT '';
ALTER TABLE clause ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clause ADD COLUMN event TEXT NOT NULL DEFAULT '';
-- What a posture opened: incident is empty then, and the end is the posture's.
ALTER TABLE opening ADD COLUMN posture TEXT NOT NULL DEFAULT '';
ALTER TABLE opening ADD COLUMN posture_level TEXT NOT NULL DEFAULT '';
ALTER TABLE opening ADD COLUMN event TEXT NOT NULL DEFAULT '';
CREATE INDEX opening_posture ON opening (posture);
