// SPDX-License-Identifier: Apache-2.0
// The bank, the police and a third agency at one table, and how they come to a regulation.
#pragma once

#include "domain/test_kit.h"

typedef struct table {  // who sits at it
    kit *k;
    char fire[VG_ID_TEXT];  // a third agency
    vg_principal *bank[2], *police[2], *third, *guard;
    char source[VG_ID_TEXT], until[VG_TIME_TEXT], review[VG_TIME_TEXT], from[VG_TIME_TEXT],
        signed_on[VG_TIME_TEXT];
} table;

static inline table sit(void)
{
    table t = {.k = kit_world()};
    kit *k = t.k;
    kit_do(k, "accounts.agency_add", "{\"code\":\"PC\",\"name\":\"Phòng cháy\"}");
    kit_id(k, t.fire);
    t.bank[0] = kit_user(k, "nh1", k->bank, "agency_officer", "");
    t.bank[1] = kit_user(k, "nh2", k->bank, "agency_officer", "");
    t.police[0] = kit_user(k, "ca1", k->police, "site_commander", "");
    t.police[1] = kit_user(k, "ca2", k->police, "site_commander", "");
    t.third = kit_user(k, "pc1", t.fire, "site_commander", "");
    t.guard = kit_user(k, "ca3", k->police, "guard", "");
    kit_source(k, "0001", k->vault, false, t.source);  // the bank's means
    vg_time_rfc3339(vg_now_us() - VG_SECOND_US, t.from);
    vg_time_rfc3339(vg_now_us() - VG_SECOND_US, t.signed_on);
    vg_time_rfc3339(vg_now_us() + 86400 * VG_SECOND_US, t.review);
    vg_time_rfc3339(vg_now_us() + 2 * 86400 * VG_SECOND_US, t.until);
    return t;
}

static inline vg_status draft(table *t, const char *clauses, char id[VG_ID_TEXT])
{
    const vg_status st =
        kit_try(t->k, t->bank[0], "coord.draft",
                "{\"number\":\"12/QCPH\",\"title\":\"Phối hợp bảo vệ kho quỹ\",\"parties\":"
                "[\"%s\",\"%s\"],\"clauses\":%s,\"valid_from\":\"%s\",\"valid_until\":\"%s\","
                "\"review_due\":\"%s\",\"signed\":\"%s\",\"signer\":\"Hai thủ trưởng\","
                "\"paper_number\":\"9/QC\"}",
                t->k->bank, t->k->police, clauses, t->from, t->until, t->review, t->signed_on);
    if (st == VG_OK) {
        kit_id(t->k, id);
    }
    return st;
}

static const char *clause(table *t, const char *more)
{
    static char text[1024];
    snprintf(text, sizeof text,
             "[{\"from\":\"%s\",\"to\":\"%s\",\"compartment\":\"means\",\"site\":\"%s\",%s}]",
             t->k->bank, t->k->police, t->k->site, more);
    return text;
}

static inline void copy_of(table *t, const char *agency, char out[VG_ID_TEXT])
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT id FROM regulation WHERE agency = '%s'", agency);
    snprintf(out, VG_ID_TEXT, "%s", kit_text(t->k, sql));
}

static inline vg_status act(table *t, vg_principal *who, const char *name, const char *id)
{
    return kit_try(t->k, who, name, "{\"id\":\"%s\"}", id);
}

static inline void sign(table *t, vg_principal *const who[2], const char *id)
{
    assert_int_equal(act(t, who[0], "coord.agree", id), VG_OK);
    assert_int_equal(act(t, who[0], "coord.agree", id), VG_EDENIED);  // he proposed it himself
    assert_int_equal(act(t, who[1], "coord.agree", id), VG_OK);
}

// Drafted, offered and agreed by all: the copies' ids.
static inline void in_force(table *t, const char *more, char bank[VG_ID_TEXT],
                            char police[VG_ID_TEXT])
{
    assert_int_equal(draft(t, clause(t, more), bank), VG_OK);
    assert_int_equal(act(t, t->bank[0], "coord.offer", bank), VG_OK);
    copy_of(t, t->k->police, police);
    sign(t, t->bank, bank);
    sign(t, t->police, police);
}

static inline bool reads_source(table *t, vg_principal *who)
{
    return strstr(kit_list(t->k, who, "sources"), t->source) != NULL;
}

static const char ALWAYS[] = "\"condition\":\"always\"";

static const char PEAK[] = "\"condition\":\"posture\",\"posture\":\"cao_diem\"";

static inline void raise(table *t, const char *site, const char *level, const char *event,
                         int64_t until_us, char id[VG_ID_TEXT])
{
    char until[VG_TIME_TEXT];
    vg_time_rfc3339(vg_now_us() + until_us, until);
    kit_do(t->k, "posture.declare",
           "{%s%s%s\"level\":\"%s\",\"event\":\"%s\",\"reason\":\"x\",\"until\":\"%s\"}",
           *site ? "\"site\":\"" : "", site, *site ? "\"," : "", level, event, until);
    kit_id(t->k, id);
}

static inline void step_down(table *t, const char *id)
{
    kit_do(t->k, "posture.step_down", "{\"id\":\"%s\",\"reason\":\"x\"}", id);
}

static inline void settled(table *t)
{
    kit_wait(t->k, "SELECT count(*) = 0 FROM reaction_due", 1);
}

static const int64_t HOUR_US = 3600 * VG_SECOND_US;
