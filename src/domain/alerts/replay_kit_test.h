// SPDX-License-Identifier: Apache-2.0
// For the tests that ask whether a replay says what the journal says.
#pragma once

#include "domain/alerts/replay.h"
#include "domain/test_kit.h"

// Of a node that is shut.
static inline alerts_compared kit_replay(const kit *k)
{
    char path[128];
    vg_db *db;
    vg_err err = {0};
    alerts_compared x;
    snprintf(path, sizeof path, "%s/vonggac.db", k->dir);
    assert_int_equal(vg_db_open(path, VG_DB_READER, &db, &err), VG_OK);
    assert_int_equal(alerts_replay_compare(db, k->dir, &x, &err), VG_OK);
    vg_db_close(db);
    return x;
}
