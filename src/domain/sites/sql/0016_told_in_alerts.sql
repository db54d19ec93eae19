-- SPDX-License-Identifier: Apache-2.0
-- Whether alerts, which all with a role at the site read, may tell the source's name and what it sent. NULL: nobody
-- said; then only of sources of the agency the site belongs to.
ALTER TABLE source ADD COLUMN told_in_alerts INTEGER;
