-- SPDX-License-Identifier: Apache-2.0
-- The SHA-256 of the certificate that a device shows when it reports over TLS, 64 hexadecimal digits; NULL or '': none.
ALTER TABLE source ADD COLUMN certificate TEXT;
