// SPDX-License-Identifier: Apache-2.0
// The second module as tables: what waits for a second person, and how it was decided.
#include "domain/second/second.h"

extern const vg_embedded vg_sql_second[];
extern const vg_module vg_module_second;

static const vg_table tables[] = {
    {"second_request", VG_PROJECTION},
    {NULL},
};

static const vg_event_def events[] = {
    {"second.asked", 1, second_on_asked, "attention"},
    {"second.approved", 1, second_on_approved, "attention"},
    {"second.refused", 1, second_on_refused, "info"},
    {"second.withdrawn", 1, second_on_withdrawn, "info"},
    {"second.expired", 1, second_on_expired, "attention"},
    {NULL},
};

// Whose it is to decide is found by trying the command itself: no permission of its own.
static const vg_command commands[] = {
    {"second.ask", NULL, "core.internal", second_ask_fields, second_ask},
    {"second.approve", "POST /second-requests/{id}/approve", "see.shared", second_id_fields,
     second_approve},
    {"second.refuse", "POST /second-requests/{id}/refuse", "see.shared", second_refuse_fields,
     second_refuse},
    {"second.withdraw", "POST /second-requests/{id}/withdraw", "see.shared", second_id_fields,
     second_withdraw},
    {"second.expire", NULL, "core.internal", second_due_fields, second_expire},
    {NULL},
};

static const vg_query queries[] = {
    {"second.waiting", "GET /second/waiting", "see.shared", NULL, second_waiting},
    {NULL},
};

static const vg_col request_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"command", VG_COL_TEXT, "t.command"},
    {"args", VG_COL_JSON, "t.args"},
    {"site", VG_COL_TEXT, "t.site"},
    {"asker", VG_COL_TEXT, "t.asker"},
    {"asker_name", VG_COL_TEXT, "a.name"},
    {"state", VG_COL_TEXT, "t.state"},
    {"asked_at", VG_COL_TIME, "t.at"},
    {"expires", VG_COL_TIME, "t.expires"},
    {"decided_by", VG_COL_TEXT, "t.decided_by"},
    {"decided_by_name", VG_COL_TEXT, "d.name"},
    {"decided_at", VG_COL_TIME, "t.decided_at"},
    {"reason", VG_COL_TEXT, "t.reason"},
    {NULL},
};
static const vg_filter request_filters[] = {{"state", "t.state = ?", VG_F_TEXT}, {NULL}};

static const vg_resource resources[] = {
    {"second_requests", "/second-requests", "see.shared", "second_request",
     "v_second_request t LEFT JOIN v_user_account a ON a.id = t.asker"
     " LEFT JOIN v_user_account d ON d.id = t.decided_by",
     "t", request_cols, request_filters, "t.at"},
    {NULL},
};

static const vg_deadline_def deadlines[] = {
    {"second.expires", "second.expire",
     "SELECT COALESCE(a.name, '–'), '/second' FROM v_second_request t"
     " LEFT JOIN v_user_account a ON a.id = t.asker WHERE t.id = ?"},
    {NULL},
};

const vg_module vg_module_second = {
    .name = "second",
    .sql = vg_sql_second,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .deadlines = deadlines,
};
