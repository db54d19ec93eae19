-- SPDX-License-Identifier: Apache-2.0
-- Visits under way whose guests must be accompanied: looked at whenever somebody of the house comes or goes.

CREATE INDEX visit_escorted ON visit (site) WHERE escort = 1 AND state = 'arrived';
