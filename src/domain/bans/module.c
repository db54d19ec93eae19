// SPDX-License-Identifier: Apache-2.0
// The bans module as tables: who is not let in without somebody deciding so. The gate asks the list; it is made here.
#include "domain/bans/bans.h"

extern const vg_embedded vg_sql_bans[];
extern const vg_module vg_module_bans;

static const vg_table tables[] = {
    {"ban_entry", VG_PROJECTION},
    {"ban_card", VG_VOLATILE},
    {"ban_review", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"bans.proposed", 1, bans_on_proposed, "info"},
    {"bans.decided", 1, bans_on_decided, "info"},
    {"bans.reviewed", 1, bans_on_reviewed, "info"},
    {"bans.review_late", 1, bans_on_review_late, "attention"},
    {"bans.ended", 1, bans_on_ended, "info"},
    {"bans.forgotten", 1, bans_on_forgotten},
    {"bans.looked", 1, NULL},
    {NULL},
};

static const vg_command commands[] = {
    {"bans.propose", "POST /bans", "bans.edit_own", bans_propose_fields, bans_propose},
    {"bans.decide", "POST /bans/{id}/decide", "bans.approve_own", bans_decide_fields, bans_decide},
    {"bans.review", "POST /bans/{id}/review", "bans.approve_own", bans_review_fields, bans_review},
    {"bans.look", "POST /bans/{id}/look", "bans.look_own", bans_look_fields, bans_look},
    {"bans.end", "POST /bans/{id}/end", "bans.edit_own", bans_end_fields, bans_end},
    {"bans.expire_due", NULL, "bans.edit", bans_due_fields, bans_expire},
    {"bans.review_due", NULL, "bans.edit", bans_due_fields, bans_review_late},
    {"bans.erase_due", NULL, "bans.edit", bans_due_fields, bans_erase},
    {"bans.forget", NULL, "bans.edit", bans_forget_fields, bans_forget},
    {NULL},
};

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "bans.forget", to_forget},
    {NULL},
};

// By number, never by name: a deadline is seen by whoever sees the label.
#define LOOK "SELECT t.number, '/bans/' || t.id FROM v_ban_entry t WHERE t.id = ?"
static const vg_deadline_def deadlines[] = {
    {"bans.expire", "bans.expire_due", LOOK},
    {"bans.review", "bans.review_due", LOOK},
    {"bans.erase", "bans.erase_due", LOOK},
    {NULL},
};

const vg_module vg_module_bans = {
    .name = "bans",
    .sql = vg_sql_bans,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = bans_resources,
    .reactions = reactions,
    .deadlines = deadlines,
    .start = bans_start,
    .close = bans_close,
};
