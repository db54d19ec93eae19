-- SPDX-License-Identifier: Apache-2.0
-- The number of a paper once more, under the key that terminals carry (domain/holder.h).

ALTER TABLE ban_card ADD COLUMN doc_away BLOB;
