-- SPDX-License-Identifier: Apache-2.0
-- Imports under way and done. All volatile: what was decided stands in the journal, what it made in the tables of
-- its modules; the rows themselves lie in an encrypted file beside the database. Times are microseconds UTC.

CREATE TABLE import_job (
    id TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    file TEXT NOT NULL,
    agency TEXT NOT NULL,
    by_user TEXT NOT NULL,
    by_name TEXT NOT NULL,
    state TEXT NOT NULL,
    mapping TEXT,
    rows BIGINT NOT NULL DEFAULT 0,
    added BIGINT NOT NULL DEFAULT 0,
    changed BIGINT NOT NULL DEFAULT 0,
    same BIGINT NOT NULL DEFAULT 0,
    wrong BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,
    problem_vi TEXT,
    problem_en TEXT,
    digest TEXT,
    at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX import_job_at ON import_job (at);
CREATE INDEX import_job_state ON import_job (state);

-- What was found in the file, for the page (personal data: goes with the job).
CREATE TABLE import_preview (
    job TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- How a file with these column names was read the last time.
CREATE TABLE import_shape (
    agency TEXT NOT NULL,
    target TEXT NOT NULL,
    shape TEXT NOT NULL,
    mapping TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (agency, target, shape)
);
