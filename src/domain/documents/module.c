// SPDX-License-Identifier: Apache-2.0
// The documents module as tables: papers with a level of secrecy, and their way between nodes. Each noun has a file;
// what they do is said there. Files come and go by raw routes (documents.h), never inside a command.
#include "core/second.h"
#include "domain/documents/documents_impl.h"

extern const vg_embedded vg_sql_documents[];
extern const vg_module vg_module_documents;

static const vg_table tables[] = {
    {"document", VG_PROJECTION},
    {"document_decision", VG_PROJECTION},
    {"correspondent", VG_PROJECTION},
    {"document_sending", VG_PROJECTION},
    {"document_receiving", VG_PROJECTION},
    {"document_file", VG_VAULT},
    {NULL},
};

static const vg_event_def events[] = {
    {"documents.added", 1, documents_on_added},
    {"documents.file_put", 1, documents_on_file_put},
    {"documents.term_set", 1, documents_on_term_set},
    {"documents.term_near", 1, documents_on_near, "attention"},
    {"documents.prolonged", 1, documents_on_decided, "info"},
    {"documents.level_changed", 1, documents_on_decided, "info"},
    {"documents.declassified", 1, documents_on_decided, "info"},
    {"documents.correspondent_added", 1, documents_on_peer_added, "info"},
    {"documents.correspondent_retired", 1, documents_on_peer_retired, "info"},
    {"documents.sent", 1, documents_on_sent, "info"},
    {"documents.receipted", 1, documents_on_receipted, "info"},
    {"documents.received", 1, documents_on_received, "info"},
    {"documents.refused", 1, documents_on_refused, "attention"},
    {NULL},
};

static const vg_command commands[] = {
    {"documents.add", "POST /documents", "documents.edit_own", documents_add_fields, documents_add},
    {"documents.level", "POST /documents/{id}/level", "documents.edit_own", documents_level_fields,
     documents_level, .second = documents_level_second},
    {"documents.prolong", "POST /documents/{id}/prolong", "documents.edit_own",
     documents_prolong_fields, documents_prolong},
    {"documents.send", "POST /documents/{id}/send", "documents.edit_own", documents_send_fields,
     documents_send},
    {"documents.correspondent_add", "POST /correspondents", "documents.edit_own",
     documents_peer_fields, documents_peer_add, .second = vg_second_always},
    {"documents.correspondent_retire", "POST /correspondents/{id}/retire", "documents.edit_own",
     documents_retire_fields, documents_peer_retire},
    {"documents.file_put", NULL, "documents.edit_own", documents_file_fields, documents_file_put},
    {"documents.take", NULL, "documents.edit_own", documents_take_fields, documents_take},
    {"documents.receipt_take", NULL, "documents.edit_own", documents_taken_fields,
     documents_receipt_take},
    {"documents.refuse", NULL, "documents.edit_own", documents_refuse_fields, documents_refuse},
    {"documents.term_due", NULL, "documents.edit", documents_due_fields, documents_near},
    {NULL},
};

// By number, never by subject: the list of what is due is read over shoulders.
static const vg_deadline_def deadlines[] = {
    {"documents.term", "documents.term_due",
     "SELECT t.number, '/documents/' || t.id FROM v_document t WHERE t.id = ?"},
    {NULL},
};

static const vg_query queries[] = {
    {"documents.card", "GET /own-card", "documents.read", NULL, documents_card},
    {NULL},
};

const vg_module vg_module_documents = {
    .name = "documents",
    .sql = vg_sql_documents,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = documents_resources,
    .queries = queries,
    .deadlines = deadlines,
};
