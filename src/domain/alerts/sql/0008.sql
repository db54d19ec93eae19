-- SPDX-License-Identifier: Apache-2.0
-- Of an alert across sites (site is ''): the site of its last event, where an incident is opened unless said otherwise.
ALTER TABLE alert ADD COLUMN place TEXT;
