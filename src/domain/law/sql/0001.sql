-- SPDX-License-Identifier: Apache-2.0
-- Legal bases as dated data. Dates are texts of whole days; valid_to is the last day in force; NULL is not known.
-- origin: shipped with the program, or own: entered at this node, never overwritten by a shipped edition.

CREATE TABLE law_edition (
    digest TEXT PRIMARY KEY,
    acts INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE law_act (
    code TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    number TEXT,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    about TEXT NOT NULL,
    issued TEXT,
    valid_from TEXT,
    valid_to TEXT,
    replaced_by TEXT,
    certainty TEXT NOT NULL,
    note TEXT,
    origin TEXT NOT NULL,
    rank INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE law_article (
    id TEXT PRIMARY KEY,
    act TEXT NOT NULL,
    number TEXT,
    heading TEXT NOT NULL,
    text TEXT,
    valid_from TEXT,
    valid_to TEXT,
    certainty TEXT NOT NULL,
    note TEXT,
    origin TEXT NOT NULL,
    rank INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX law_article_act ON law_article (act);

-- A number that comes from the law. One row per code and first day; the row in force on a day is the one with the
-- latest valid_from not after it.
CREATE TABLE law_term (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    value INTEGER NOT NULL,
    unit TEXT NOT NULL,
    ref TEXT NOT NULL,
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to TEXT,
    certainty TEXT NOT NULL,
    note TEXT,
    origin TEXT NOT NULL,
    rank INTEGER NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX law_term_code ON law_term (code, valid_from);
