-- SPDX-License-Identifier: Apache-2.0
-- Who has put the page of first steps aside. What is done and what is not stands nowhere: it is counted.

CREATE TABLE start_dismissal (
    user_id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
