-- SPDX-License-Identifier: Apache-2.0
-- How much a place reports in an hour: what "usual" is made of. Hours since 1970 in Viet Nam's time; an hour without
-- reports has no row. fleeting: signs that began and ended within a minute.
CREATE TABLE zone_hour (
    zone TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    hour BIGINT NOT NULL,
    n BIGINT NOT NULL,
    fleeting BIGINT NOT NULL DEFAULT 0,
    label INTEGER NOT NULL,
    world BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (zone, kind, source, hour, label, world)
);
CREATE INDEX zone_hour_zone ON zone_hour (zone, hour);
