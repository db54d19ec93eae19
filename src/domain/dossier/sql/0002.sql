-- SPDX-License-Identifier: Apache-2.0
-- How long a statement's level holds, and when that is due for a decision. Days as texts, times in microseconds.
ALTER TABLE dossier_statement ADD COLUMN until TEXT;
ALTER TABLE dossier_statement ADD COLUMN term_ref TEXT;
ALTER TABLE dossier_statement ADD COLUMN remind_at BIGINT;
ALTER TABLE dossier_statement ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dossier_statement ADD COLUMN prolonged_by TEXT;
ALTER TABLE dossier_statement ADD COLUMN prolonged_reason TEXT;
