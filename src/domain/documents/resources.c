// SPDX-License-Identifier: Apache-2.0
// What is listed: papers, what was decided of them, the two registers of what went and came (for print: one line each,
// as the paper books have them), correspondents. The header and keys of a sending are not columns: the file has them.
#include "domain/documents/documents_impl.h"

static const vg_col document_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"agency", VG_COL_TEXT, "t.agency"},
    {"agency_name", VG_COL_TEXT, "a.name"},
    {"site", VG_COL_TEXT, "t.site"},
    {"site_name", VG_COL_TEXT, "s.name"},
    {"number", VG_COL_TEXT, "t.number"},
    {"dated", VG_COL_TEXT, "t.dated"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"compartment", VG_COL_TEXT, "t.compartment"},
    {"secrecy", VG_COL_INT, "t.secrecy"},
    {"until", VG_COL_TEXT, "t.until"},
    {"term_ref", VG_COL_TEXT, "t.term_ref"},
    {"remind_at", VG_COL_TIME, "t.remind_at"},
    {"reminded", VG_COL_BOOL, "t.reminded"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"file_name", VG_COL_TEXT, "t.file_name"},
    {"file_bytes", VG_COL_INT, "t.file_bytes"},
    {"file_hash", VG_COL_TEXT, "t.file_hash"},
    {"changed_at", VG_COL_TIME, "t.changed_at"},
    {NULL},
};
static const vg_col decision_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},         {"document", VG_COL_TEXT, "t.document"},
    {"what", VG_COL_TEXT, "t.what"},     {"before", VG_COL_TEXT, "t.before"},
    {"after", VG_COL_TEXT, "t.after"},   {"reason", VG_COL_TEXT, "t.reason"},
    {"late", VG_COL_BOOL, "t.late"},     {"by_name", VG_COL_TEXT, "u.name"},
    {"decided_at", VG_COL_TIME, "t.at"}, {NULL},
};
static const vg_col sending_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"sent_at", VG_COL_TIME, "t.at"},
    {"document", VG_COL_TEXT, "t.document"},
    {"doc_number", VG_COL_TEXT, "t.doc_number"},
    {"secrecy", VG_COL_INT, "t.secrecy"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"to_name", VG_COL_TEXT, "t.to_name"},
    {"receiver", VG_COL_TEXT, "t.receiver"},
    {"way", VG_COL_TEXT, "t.way"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {"receipt_number", VG_COL_TEXT, "t.receipt_number"},
    {"receipt_by", VG_COL_TEXT, "t.receipt_by"},
    {"receipt_at", VG_COL_TIME, "t.receipt_at"},
    {"receipted_at", VG_COL_TIME, "t.receipted_at"},
    {NULL},
};
static const vg_col receiving_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"number", VG_COL_TEXT, "t.number"},
    {"received_at", VG_COL_TIME, "t.at"},
    {"document", VG_COL_TEXT, "t.document"},
    {"doc_number", VG_COL_TEXT, "t.doc_number"},
    {"secrecy", VG_COL_INT, "t.secrecy"},
    {"subject", VG_COL_TEXT, "t.subject"},
    {"from_name", VG_COL_TEXT, "t.from_name"},
    {"receiver", VG_COL_TEXT, "t.receiver"},
    {"by_name", VG_COL_TEXT, "u.name"},
    {NULL},
};
static const vg_col correspondent_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},       {"agency", VG_COL_TEXT, "t.agency"},
    {"name", VG_COL_TEXT, "t.name"},   {"fingerprint", VG_COL_TEXT, "t.fingerprint"},
    {"state", VG_COL_TEXT, "t.state"}, {"reason", VG_COL_TEXT, "t.reason"},
    {"added_at", VG_COL_TIME, "t.at"}, {NULL},
};

static const vg_filter of_document[] = {{"document", "t.document = ?", VG_F_ID}, {NULL}};
static const vg_filter documents_by[] = {
    {"site", "t.site = ?", VG_F_ID}, {"secrecy", "t.secrecy = ?", VG_F_INT}, {NULL}};

#define BY(column) " LEFT JOIN v_user_account u ON u.id = t." column

const vg_resource documents_resources[] = {
    {"documents", "/documents", "documents.read", "document",
     "v_document t LEFT JOIN v_agency a ON a.id = t.agency LEFT JOIN v_site s ON s.id = t.site",
     "t", document_cols, documents_by, "t.at"},
    {"document-decisions", "/document-decisions", "documents.read", "document_decision",
     "v_document_decision t" BY("by_user"), "t", decision_cols, of_document, "t.at"},
    {"document-sendings", "/document-sendings", "documents.read", "document_sending",
     "v_document_sending t" BY("sent_by"), "t", sending_cols, of_document, "t.at"},
    {"document-receivings", "/document-receivings", "documents.read", "document_receiving",
     "v_document_receiving t" BY("received_by"), "t", receiving_cols, of_document, "t.at"},
    {"correspondents", "/correspondents", "documents.read", "correspondent", "v_correspondent t",
     "t", correspondent_cols, NULL, "t.at"},
    {NULL},
};
