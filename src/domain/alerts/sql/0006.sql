-- SPDX-License-Identifier: Apache-2.0
-- Rules that people write: each saved text with its life, what its back-test found, what its shadow counts.

CREATE TABLE rule_text (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,              -- of its rule
    version TEXT NOT NULL,           -- the engine's hash
    text TEXT NOT NULL,              -- YAML: one rule and the event documents it needs
    state TEXT NOT NULL,             -- draft, shadow, active, superseded, retired
    agency TEXT NOT NULL,
    type TEXT NOT NULL,
    level TEXT NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT,
    sentence_vi TEXT,
    sentence_en TEXT,
    cancel_vi TEXT,
    cancel_en TEXT,
    portable INTEGER NOT NULL,
    stratum INTEGER NOT NULL,
    sites TEXT NOT NULL,             -- JSON: ids it is limited to; [] = every site
    budget INTEGER NOT NULL,         -- findings a week that its writer answers for
    note TEXT,
    author TEXT,                     -- who saved it last
    authors TEXT NOT NULL,           -- everyone who saved it, parted by blanks
    changed_at BIGINT NOT NULL,
    shadow_at BIGINT,
    trial_state TEXT NOT NULL,       -- '', asked, done, failed
    trial_asked BIGINT,              -- which asking; rows of another one are of no account
    trial_from BIGINT,
    trial_to BIGINT,
    trial_over INTEGER,              -- more findings in some week than the budget
    trial_problem_vi TEXT,
    trial_problem_en TEXT,
    approver TEXT,
    approved_at BIGINT,
    reason TEXT,                     -- of the approval
    ended_by TEXT,
    ended_at BIGINT,
    ended_why TEXT,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rule_text_name ON rule_text (name, state);
CREATE INDEX rule_text_trial ON rule_text (trial_state);

-- What a back-test found at one site; seen by who may see the site.
CREATE TABLE rule_trial_site (
    id TEXT PRIMARY KEY,             -- text and site
    text TEXT NOT NULL,
    site TEXT NOT NULL,
    asked BIGINT NOT NULL,
    only_draft BIGINT NOT NULL,
    only_active BIGINT NOT NULL,
    both BIGINT NOT NULL,
    weeks TEXT NOT NULL,             -- JSON: [draft, active] a week, the last one first
    examples TEXT NOT NULL,          -- JSON
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rule_trial_site_text ON rule_trial_site (text, asked);

-- How far a back-test is; forgotten when it ends.
CREATE TABLE rule_progress (
    text TEXT PRIMARY KEY,
    asked BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What a rule in the shadow would have alerted of, by day.
CREATE TABLE rule_shadow (
    id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    site TEXT NOT NULL,              -- '' = over the sites
    day TEXT NOT NULL,
    n BIGINT NOT NULL,
    examples TEXT NOT NULL,          -- JSON
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rule_shadow_rule ON rule_shadow (rule, version, day);
