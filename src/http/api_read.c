// SPDX-License-Identifier: Apache-2.0
// GET: pages, rows and queries, always through a reader scoped to the caller. A parameter nobody declared is
// an error that is told, not ignored. A row's entity tag is a hash of its text, so it says nothing but
// "the same as you saw".
#include "http/http_impl.h"

static vg_status unknown_parameter(vg_str name, vg_err *err)
{
    char field[48];
    snprintf(field, sizeof field, "%.*s", (int)(name.n > 47 ? 47 : name.n), name.p);
    return vg_fail(err, VG_EINVALID, field, "http.err.parameter", "%s", field);
}

static vg_status add_filter(const vg_resource *r, const vg_http_pair *p, vg_page *page, vg_err *err)
{
    for (size_t i = 0; r->filters && r->filters[i].param; i++) {
        if (!vg_str_eqc(p->name, r->filters[i].param)) {
            continue;
        }
        if (page->n_filters == VG_LEN(page->filter)) {
            return vg_fail(err, VG_ETOOBIG, "", "http.err.parameters", "%zu", VG_LEN(page->filter));
        }
        page->filter[page->n_filters].index = i;
        page->filter[page->n_filters++].value = p->value;
        return VG_OK;
    }
    return unknown_parameter(p->name, err);
}

// format: 'j' JSON, 'c' CSV, 'x' XLSX
static vg_status read_page(const vg_http_request *rq, const vg_resource *r, vg_page *page,
                           char *ret_format, vg_err *err)
{
    *ret_format = 'j';
    *page = (vg_page){.limit = 50, .cursor = {"", 0}};
    for (size_t i = 0; i < rq->n_query; i++) {
        const vg_http_pair *p = &rq->query[i];
        if (vg_str_eqc(p->name, "limit")) {
            int64_t n;
            if (vg_str_i64(p->value, 1, 500, &n, err) != VG_OK) {
                return vg_fail(err, VG_EINVALID, "limit", "err.out_of_range", "%s", "1–500");
            }
            page->limit = (int)n;
        } else if (vg_str_eqc(p->name, "cursor")) {
            page->cursor = p->value;
        } else if (vg_str_eqc(p->name, "format")) {
            if (!vg_str_eqc(p->value, "csv") && !vg_str_eqc(p->value, "xlsx")) {
                return vg_fail(err, VG_EINVALID, "format", "err.field_enum", "%s",
                               "format: csv, xlsx");
            }
            *ret_format = p->value.p[0];
        } else {
            VG_TRY(add_filter(r, p, page, err));
        }
    }
    return VG_OK;
}

// Ends a read: the JSON in out, or the problem.
static void reply(http_call *c, vg_status st, vg_buf *out, vg_err *err)
{
    if (st == VG_OK && out->failed) {
        st = vg_fail(err, VG_ETOOBIG, "", "http.err.reply", "%d", HTTP_REPLY_MAX);
    }
    if (st == VG_OK) {
        http_json(c->rq, out);
    } else {
        vg_buf_done(out);
        http_fail(c, err);
    }
}

void http_get_list(http_call *c, const vg_resource *r)
{
    vg_err err = {0};
    vg_page page;
    vg_db *db;
    vg_buf out = http_json_buf();
    vg_jw w = vg_jw_on(&out);
    char format;
    vg_status st = read_page(c->rq, r, &page, &format, &err);
    if (st == VG_OK && format != 'j') {
        vg_buf_done(&out);
        http_export(c, c->h->exporter, r, &page, format == 'x');
        return;
    }
    if (st == VG_OK) {
        st = vg_reader_take(c->h->core, &c->caller.who, &db, &err);
    }
    if (st == VG_OK) {
        st = vg_resource_list(r, db, &page, &w, &err);
        vg_reader_give(c->h->core, db);
    }
    reply(c, st, &out, &err);
}

// 304 when the caller has this very text.
static bool unchanged(http_call *c, const vg_buf *out)
{
    unsigned char h[VG_HASH_BYTES];
    char hex[33];
    vg_hash(out->p, out->n, h);
    vg_hex(h, 16, hex);
    const vg_str tag = vg_str_f(c->rq->arena, "W/\"%s\"", hex);
    vg_http_set(c->rq, "ETag", tag.p ? tag.p : "\"\"");
    return vg_http_etag_matches(vg_http_header(c->rq, "If-None-Match"), tag);
}

void http_get_row(http_call *c, const vg_resource *r)
{
    vg_err err = {0};
    vg_db *db;
    vg_buf out = http_json_buf();
    vg_jw w = vg_jw_on(&out);
    vg_status st = c->rq->n_query ? unknown_parameter(c->rq->query[0].name, &err) : VG_OK;
    if (st == VG_OK) {
        st = vg_reader_take(c->h->core, &c->caller.who, &db, &err);
    }
    if (st == VG_OK) {
        st = vg_resource_row(r, db, c->match.param[0].value, 0, NULL, &w, &err);
        vg_reader_give(c->h->core, db);
    }
    if (st == VG_OK && unchanged(c, &out)) {
        vg_buf_done(&out);
        c->rq->reply.status = 304;
        vg_http_set(c->rq, "Cache-Control", "private, no-cache");
        return;
    }
    reply(c, st, &out, &err);
}

// --- queries ------------------------------------------------------------------------------------
static vg_status set_member(json_t *object, const char *name, vg_str value, vg_err *err)
{
    if (json_object_get(object, name)) {
        return vg_fail(err, VG_EINVALID, name, "http.err.parameter_twice", "%s", name);
    }
    json_t *text = json_stringn(value.p, value.n);
    if (!text || json_object_set_new(object, name, text) != 0) {
        return vg_fail(err, VG_EINVALID, name, "err.not_utf8", "%s", "");
    }
    return VG_OK;
}

static bool is_field(const vg_field *fields, vg_str name)
{
    for (const vg_field *f = fields; f && f->name; f++) {
        if (vg_str_eqc(name, f->name)) {
            return true;
        }
    }
    return false;
}

vg_status http_merge_params(const http_call *c, const vg_field *fields, json_t *object, vg_err *err)
{
    for (size_t i = 0; i < c->match.n_params; i++) {
        VG_TRY(set_member(object, c->match.param[i].name, c->match.param[i].value, err));
    }
    for (size_t i = 0; i < c->rq->n_query; i++) {
        const vg_http_pair *p = &c->rq->query[i];
        if (!is_field(fields, p->name)) {
            return unknown_parameter(p->name, err);
        }
        const char *name = vg_str_z(c->rq->arena, p->name);
        if (!name) {
            return vg_fail(err, VG_ETOOBIG, "", NULL, "%s", "");
        }
        VG_TRY(set_member(object, name, p->value, err));
    }
    return VG_OK;
}

static vg_status run_query(http_call *c, const vg_query *q, vg_buf *out, vg_err *err)
{
    vg_args args;
    json_t *object = json_object();
    vg_read rd = {
        .core = c->h->core, .arena = c->rq->arena, .who = &c->caller.who, .out = vg_jw_on(out)};
    vg_status st = http_merge_params(c, q->fields, object, err);
    if (st == VG_OK) {
        st = vg_args_parse(c->rq->arena, q->fields, object, &args, err);
    }
    if (st == VG_OK) {
        st = vg_reader_take(c->h->core, &c->caller.who, &rd.db, err);
    }
    if (st == VG_OK) {
        st = q->run(&rd, &args, err);
        vg_reader_give(c->h->core, rd.db);
    }
    json_decref(object);
    return st;
}

void http_get_query(http_call *c, const vg_query *q)
{
    vg_err err = {0};
    vg_buf out = http_json_buf();
    const vg_status st = run_query(c, q, &out, &err);
    reply(c, st, &out, &err);
}
