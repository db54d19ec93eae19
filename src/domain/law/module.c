// SPDX-License-Identifier: Apache-2.0
// The law module as tables. Each noun has a file; what they do is said there.
#include "domain/law/law.h"

#include "domain/day.h"

extern const vg_embedded vg_sql_law[];
extern const vg_module vg_module_law;

static const vg_table tables[] = {
    {"law_edition", VG_PROJECTION, true}, {"law_act", VG_PROJECTION, true},
    {"law_article", VG_PROJECTION, true}, {"law_term", VG_PROJECTION, true},
    {"law_basis", VG_PROJECTION, true},   {NULL},
};

static const vg_event_def events[] = {
    {"law.shipped", 1, law_on_shipped},
    {"law.act_put", 1, law_on_act_put, "info"},
    {"law.article_put", 1, law_on_article_put, "info"},
    {"law.term_put", 1, law_on_term_put, "info"},
    {NULL},
};

static const vg_command commands[] = {
    {"law.ship", NULL, "law.edit", law_ship_fields, law_ship},
    {"law.act_put", "POST /law-refs", "law.edit", law_act_put_fields, law_act_put},
    {"law.article_put", "POST /law-articles", "law.edit", law_article_put_fields, law_article_put},
    {"law.term_put", "POST /law-terms", "law.edit", law_term_put_fields, law_term_put},
    {NULL},
};

static const vg_query queries[] = {
    {"law.basis", "GET /law-basis", "sites.read", NULL, law_basis},
    {NULL},
};

static const vg_col act_cols[] = {
    {"id", VG_COL_TEXT, "t.code"},
    {"kind", VG_COL_TEXT, "t.kind"},
    {"number", VG_COL_TEXT, "t.number"},
    {"title_vi", VG_COL_TEXT, "t.title_vi"},
    {"title_en", VG_COL_TEXT, "t.title_en"},
    {"about", VG_COL_TEXT, "t.about"},
    {"issued", VG_COL_TEXT, "t.issued"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {"replaced_by", VG_COL_TEXT, "t.replaced_by"},
    {"replaced_by_title", VG_COL_TEXT, "r.title_vi"},
    {"certainty", VG_COL_TEXT, "t.certainty"},
    {"note", VG_COL_TEXT, "t.note"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"rank", VG_COL_INT, "t.rank"},
    {NULL},
};
static const vg_filter act_filters[] = {
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT},
    {"kind", "t.kind = ?", VG_F_TEXT},
    {"certainty", "t.certainty = ?", VG_F_TEXT},
    {NULL},
};
static const vg_col article_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"act", VG_COL_TEXT, "t.act"},
    {"number", VG_COL_TEXT, "t.number"},
    {"heading", VG_COL_TEXT, "t.heading"},
    {"text", VG_COL_TEXT, "t.text"},
    {"valid_from", VG_COL_TEXT, "t.valid_from"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {"certainty", VG_COL_TEXT, "t.certainty"},
    {"note", VG_COL_TEXT, "t.note"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"rank", VG_COL_INT, "t.rank"},
    {NULL},
};
static const vg_filter article_filters[] = {
    {"act", "t.act = ?", VG_F_TEXT},
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT},
    {NULL}};
static const vg_col term_cols[] = {
    {"id", VG_COL_TEXT, "t.id"},
    {"code", VG_COL_TEXT, "t.code"},
    {"value", VG_COL_INT, "t.value"},
    {"unit", VG_COL_TEXT, "t.unit"},
    {"ref", VG_COL_TEXT, "t.ref"},
    {"valid_from", VG_COL_TEXT, "NULLIF(t.valid_from, '')"},
    {"valid_to", VG_COL_TEXT, "t.valid_to"},
    {"certainty", VG_COL_TEXT, "t.certainty"},
    {"note", VG_COL_TEXT, "t.note"},
    {"origin", VG_COL_TEXT, "t.origin"},
    {"rank", VG_COL_INT, "t.rank"},
    {NULL},
};
static const vg_filter term_filters[] = {
    {"code", "t.code = ?", VG_F_TEXT},
    {"on", VG_STOOD_ON("t.valid_from", "t.valid_to"), VG_F_TEXT},
    {NULL}};
static const vg_col edition_cols[] = {
    {"id", VG_COL_TEXT, "t.digest"},
    {"acts", VG_COL_INT, "t.acts"},
    {"articles", VG_COL_INT, "t.articles"},
    {"terms", VG_COL_INT, "t.terms"},
    {"at", VG_COL_TIME, "t.at"},
    {NULL},
};

static const vg_resource resources[] = {
    {"law-refs", "/law-refs", "sites.read", "law_act",
     "v_law_act t LEFT JOIN v_law_act r ON r.code = t.replaced_by", "t", act_cols, act_filters,
     "t.at"},
    {"law-articles", "/law-articles", "sites.read", "law_article", "v_law_article t", "t",
     article_cols, article_filters, "t.at"},
    {"law-terms", "/law-terms", "sites.read", "law_term", "v_law_term t", "t", term_cols,
     term_filters, "t.at"},
    {"law-editions", "/law-editions", "sites.read", "law_edition", "v_law_edition t", "t",
     edition_cols, NULL, "t.at"},
    {NULL},
};

const vg_module vg_module_law = {
    .name = "law",
    .sql = vg_sql_law,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = resources,
    .queries = queries,
    .start = law_start,
};
