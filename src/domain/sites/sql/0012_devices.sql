-- SPDX-License-Identifier: Apache-2.0
-- Devices that speak HTTP: the networks a source may speak from, the largest body it may send, and how long its
-- pictures are kept (0: what the node's configuration says).
ALTER TABLE source ADD COLUMN peers TEXT;
ALTER TABLE source ADD COLUMN body_kb INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN image_days INTEGER NOT NULL DEFAULT 0;
