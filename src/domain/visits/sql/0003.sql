-- SPDX-License-Identifier: Apache-2.0
-- Whether a contractor without any certificate is asked about: NULL or 1 is yes.

ALTER TABLE visit_setting ADD COLUMN certificates INTEGER;
