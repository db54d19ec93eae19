-- SPDX-License-Identifier: Apache-2.0
-- Legal bases have a module of their own (law).
DROP TABLE law_ref;
