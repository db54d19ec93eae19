// SPDX-License-Identifier: Apache-2.0
// The one way XML comes in. The whole document is in memory and given to expat in one piece, so no token is
// read twice. What costs is bounded before it is spent: bytes by the caller, elements, depth and attributes as
// they come, the tree by the arena. A document type is refused at its start, before a declaration in it is
// read: with it go entities, default attributes and everything that grows or fetches.
//
// Invariants: the tree holds only what stood in the text (and the five built-in entities and character
// references, resolved); every name is split at expat's separator, which no namespace can contain.
// Deliberately absent: validation, mixed content, comments, base URIs, other encodings.
#include "base/xml.h"

#include <expat.h>

enum { BYTES = 1 << 20, NODES = 8192, DEPTH = 32, DEPTH_MAX = 256, ATTRS = 32 };
#define SEPARATOR '\n'

typedef struct open_element {
    vg_xml *node;
    vg_xml *last;  // child
} open_element;

typedef struct reader {
    XML_Parser parser;
    vg_arena *arena;
    vg_xml_limits max;
    unsigned nodes, depth;
    open_element open[DEPTH_MAX + 1];  // [0] holds the root
    vg_buf text;                       // of the innermost element, since its start
    vg_str ns;                         // the last namespace: mostly the next one too
    vg_status st;
    const char *key;
    const char *what;
} reader;

static void give_up(reader *r, vg_status st, const char *key, const char *what)
{
    if (r->st == VG_OK) {
        r->st = st;
        r->key = key;
        r->what = what;
        (void)XML_StopParser(r->parser, XML_FALSE);
    }
}

static vg_str keep(reader *r, vg_str s)
{
    const vg_str kept = s.n ? vg_str_dup(r->arena, s) : VG_S("");
    if (!kept.p) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "arena");
        return VG_S("");
    }
    return kept;
}

static void split(reader *r, const char *full, vg_str *ret_ns, vg_str *ret_name)
{
    const char *cut = strrchr(full, SEPARATOR);
    const vg_str ns = {full, cut ? (size_t)(cut - full) : 0};
    if (!vg_str_eq(ns, r->ns)) {
        r->ns = keep(r, ns);
    }
    *ret_ns = r->ns;
    *ret_name = keep(r, vg_str_c(cut ? cut + 1 : full));
}

static bool room_for(reader *r, unsigned attrs)
{
    if (attrs > r->max.attrs) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "attributes");
    } else if (r->depth >= r->max.depth) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "depth");
    } else if (attrs + 1 > r->max.nodes - r->nodes) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "elements");
    }
    r->nodes += attrs + 1;
    return r->st == VG_OK;
}

static void read_attrs(reader *r, vg_xml *n, const XML_Char **atts, unsigned count)
{
    vg_xml_attr *v = count ? vg_arena_get(r->arena, count * sizeof *v) : NULL;
    if (count && !v) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "arena");
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        split(r, atts[2 * i], &v[i].ns, &v[i].name);
        v[i].value = keep(r, vg_str_c(atts[2 * i + 1]));
    }
    n->attrs = v;
    n->n_attrs = count;
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **atts)
{
    reader *r = ctx;
    unsigned count = 0;
    if (r->st != VG_OK) {
        return;
    }
    while (atts[2 * (size_t)count]) {
        count++;
    }
    vg_xml *n = room_for(r, count) ? vg_arena_get(r->arena, sizeof *n) : NULL;
    if (!n) {
        give_up(r, VG_ETOOBIG, "err.xml_too_big", "arena");
        return;
    }
    n->text = VG_S("");
    split(r, name, &n->ns, &n->name);
    read_attrs(r, n, atts, count);
    open_element *parent = &r->open[r->depth];
    if (parent->last) {
        parent->last->next = n;
    } else {
        parent->node->child = n;
    }
    parent->last = n;
    r->open[++r->depth] = (open_element){n, NULL};
    vg_buf_reset(&r->text);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
    reader *r = ctx;
    (void)name;
    if (r->st != VG_OK) {
        return;
    }
    const open_element *o = &r->open[r->depth--];
    if (!o->last) {
        o->node->text = keep(r, vg_buf_str(&r->text));
    }
    vg_buf_reset(&r->text);
}

static void XMLCALL on_text(void *ctx, const XML_Char *p, int n)
{
    reader *r = ctx;
    if (r->st == VG_OK && !r->open[r->depth].last) {
        vg_buf_add(&r->text, p, (size_t)n);
    }
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal_subset)
{
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)has_internal_subset;
    give_up(ctx, VG_EINVALID, "err.xml_doctype", "");
}

static vg_xml_limits with_defaults(const vg_xml_limits *l)
{
    vg_xml_limits m = l ? *l : (vg_xml_limits){0};
    m.bytes = m.bytes ? m.bytes : BYTES;
    m.nodes = m.nodes ? m.nodes : NODES;
    m.depth = m.depth ? m.depth : DEPTH;
    m.depth = m.depth < DEPTH_MAX ? m.depth : DEPTH_MAX;
    m.attrs = m.attrs ? m.attrs : ATTRS;
    return m;
}

static vg_status outcome(const reader *r, bool well_formed, vg_err *err)
{
    const unsigned long line = XML_GetCurrentLineNumber(r->parser);
    const unsigned long column = XML_GetCurrentColumnNumber(r->parser) + 1;
    if (r->st == VG_ETOOBIG) {
        return vg_fail(err, r->st, "", r->key, "%s", r->what);
    }
    if (r->st != VG_OK) {
        return vg_fail(err, r->st, "", r->key, "%lu:%lu", line, column);
    }
    if (!well_formed) {
        return vg_fail(err, VG_EINVALID, "", "err.xml", "%lu:%lu %s", line, column,
                       XML_ErrorString(XML_GetErrorCode(r->parser)));
    }
    return VG_OK;
}

static vg_status read_all(reader *r, vg_str text, vg_err *err)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_start, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    (void)XML_SetParamEntityParsing(r->parser, XML_PARAM_ENTITY_PARSING_NEVER);
    vg_buf_init(&r->text, r->max.bytes * 2);  // Latin-1 grows in UTF-8
    const bool ok = XML_Parse(r->parser, text.p, (int)text.n, XML_TRUE) == XML_STATUS_OK;
    vg_buf_done(&r->text);
    return outcome(r, ok, err);
}

vg_status vg_xml_parse(vg_arena *a, vg_str text, const vg_xml_limits *limits, const vg_xml **ret,
                       vg_err *err)
{
    const vg_xml_limits max = with_defaults(limits);
    if (text.n > max.bytes || text.n > INT32_MAX / 4) {
        return vg_fail(err, VG_ETOOBIG, "", "err.body_too_big", "%zu > %zu", text.n, max.bytes);
    }
    vg_xml top = {0};
    reader *r = vg_alloc(sizeof *r);
    *r = (reader){.arena = a, .max = max, .ns = VG_S(""), .open[0].node = &top};
    r->parser = XML_ParserCreateNS(NULL, SEPARATOR);
    const vg_status st =
        r->parser ? read_all(r, text, err) : vg_fail(err, VG_EINTERNAL, "", NULL, "expat");
    XML_ParserFree(r->parser);
    free(r);
    if (st == VG_OK) {
        *ret = top.child;
    }
    return st;
}

// --- looking ------------------------------------------------------------------------------------
static const vg_xml *first(const vg_xml *n, vg_str name)
{
    while (n && !vg_str_eq(n->name, name)) {
        n = n->next;
    }
    return n;
}

const vg_xml *vg_xml_child(const vg_xml *n, const char *name)
{
    return n ? first(n->child, vg_str_c(name)) : NULL;
}

const vg_xml *vg_xml_next(const vg_xml *n, const char *name)
{
    return n ? first(n->next, vg_str_c(name)) : NULL;
}

const vg_xml *vg_xml_at(const vg_xml *n, const char *path)
{
    while (n && *path) {
        const size_t step = strcspn(path, "/");
        n = first(n->child, (vg_str){path, step});
        path += step + (path[step] == '/');
    }
    return n;
}

vg_str vg_xml_text(const vg_xml *n, const char *path)
{
    const vg_xml *at = vg_xml_at(n, path);
    return at ? vg_str_trim(at->text) : VG_S("");
}

vg_str vg_xml_attr_of(const vg_xml *n, const char *name)
{
    for (size_t i = 0; n && i < n->n_attrs; i++) {
        if (vg_str_eqc(n->attrs[i].name, name)) {
            return n->attrs[i].value;
        }
    }
    return VG_S("");
}
