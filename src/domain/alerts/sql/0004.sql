-- SPDX-License-Identifier: Apache-2.0
-- What the alarms of a desk amount to. Days and slots of ten minutes are counted since 1970 in Viet Nam's time. An
-- alert that changes what it is counted under (its disposition, a flag) is taken out of one row and put into another.
ALTER TABLE alert ADD COLUMN chattering INTEGER NOT NULL DEFAULT 0;
ALTER TABLE alert ADD COLUMN fleeting INTEGER NOT NULL DEFAULT 0;

CREATE TABLE alert_day (
    day INTEGER NOT NULL,
    site TEXT NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    source TEXT NOT NULL,            -- '' = no device's
    rank INTEGER NOT NULL,
    disposition TEXT NOT NULL,       -- '' = nobody has said yet; 'absorbed' = part of another alert
    n BIGINT NOT NULL,
    chattering BIGINT NOT NULL,
    fleeting BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (day, site, rule, rule_version, source, rank, disposition, label, world)
);
CREATE INDEX alert_day_rule ON alert_day (rule, site, day);

CREATE TABLE alert_slot (
    slot BIGINT NOT NULL,
    site TEXT NOT NULL,
    n BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (slot, site, label, world)
);

-- The last two times a rule called for the same thing, whether or not the alert was the same.
CREATE TABLE alert_pace (
    site TEXT NOT NULL,
    rule TEXT NOT NULL,
    grouped TEXT NOT NULL,
    test INTEGER NOT NULL,
    last_at BIGINT NOT NULL,
    before_at BIGINT NOT NULL DEFAULT 0,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (site, rule, grouped, test, world)
);

CREATE TABLE alarm_budget (
    id TEXT PRIMARY KEY,             -- the site, or the agency whose desk it is
    agency TEXT NOT NULL,
    site TEXT NOT NULL,              -- '' = all the desk's
    accepted INTEGER NOT NULL,       -- false alarms a month
    set_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0
);

-- What this node has already.
INSERT INTO alert_day SELECT (raised_at + 25200000000) / 86400000000 AS day, site, rule, rule_version,
    COALESCE(source, '') AS source, rank,
    COALESCE(disposition, CASE WHEN absorbed_into IS NULL THEN '' ELSE 'absorbed' END) AS disposition,
    count(*), 0, 0, label, world FROM alert WHERE test = 0 GROUP BY 1, 2, 3, 4, 5, 6, 7, label, world;
INSERT INTO alert_slot SELECT (raised_at + 25200000000) / 600000000 AS slot, site, count(*), label, world FROM alert
    WHERE test = 0 GROUP BY 1, 2, label, world;
