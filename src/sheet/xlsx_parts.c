// SPDX-License-Identifier: Apache-2.0
// An XLSX comes from outside and is a ZIP of XML: both are known for bombs. So: the directory's size is looked at
// before libzip reads it; every byte unpacked counts against one budget, whatever the directory promised; XML
// with a DOCTYPE is refused before any entity could be declared; depth and length of tokens are bounded, so
// expat never holds more than about a megabyte.
#include "sheet/xlsx_parts.h"

#include <expat.h>
#include <zip.h>

enum { ENTRIES_MAX = 2000, PIECE = 64 << 10, TOKEN_MAX = 1 << 20, DEPTH_MAX = 64, EOCD_BYTES = 22 };

struct xlsx_zip {
    zip_t *zip;
    size_t unpacked;
};

// The end record of the directory: how many entries it speaks of. False: not to be found.
static bool entries_of(vg_str file, size_t *ret)
{
    const size_t most = file.n < EOCD_BYTES + 65536 ? file.n : EOCD_BYTES + 65536;
    for (size_t back = EOCD_BYTES; back <= most; back++) {
        const unsigned char *p = (const unsigned char *)file.p + (file.n - back);
        if (memcmp(p, "PK\x05\x06", 4) == 0) {
            *ret = (size_t)p[10] | (size_t)p[11] << 8;
            return true;
        }
    }
    return false;
}

static vg_status damaged(vg_err *err, const char *what)
{
    return vg_fail(err, VG_EINVALID, "file", "sheet.damaged", "%s", what);
}

vg_status xlsx_zip_open(vg_str file, xlsx_zip **ret, vg_err *err)
{
    size_t entries = 0;
    if (!entries_of(file, &entries)) {
        return damaged(err, "zip");
    }
    if (entries > ENTRIES_MAX) {
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_many_parts", "%d", ENTRIES_MAX);
    }
    zip_error_t ze;
    zip_error_init(&ze);
    zip_source_t *src = zip_source_buffer_create(file.p, file.n, 0, &ze);
    zip_t *zip = src ? zip_open_from_source(src, ZIP_RDONLY | ZIP_CHECKCONS, &ze) : NULL;
    if (!zip) {
        zip_source_free(src);
    }
    zip_error_fini(&ze);
    if (!zip) {
        return damaged(err, "zip");
    }
    if (zip_get_num_entries(zip, 0) > ENTRIES_MAX) {
        zip_discard(zip);
        return vg_fail(err, VG_ETOOBIG, "file", "sheet.too_many_parts", "%d", ENTRIES_MAX);
    }
    *ret = vg_alloc(sizeof **ret);
    (*ret)->zip = zip;
    return VG_OK;
}

void xlsx_zip_close(xlsx_zip *z)
{
    if (z) {
        zip_discard(z->zip);
        free(z);
    }
}

bool xlsx_zip_has(xlsx_zip *z, const char *part)
{
    return zip_name_locate(z->zip, part, ZIP_FL_NOCASE) >= 0;
}

// --- XML ----------------------------------------------------------------------------------------
typedef struct parse {
    const xlsx_handler *h;
    XML_Parser xml;
    int depth;
    bool refused;
} parse;

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void on_begin(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
    parse *p = ctx;
    if (++p->depth > DEPTH_MAX) {
        p->refused = true;
        XML_StopParser(p->xml, XML_FALSE);
        return;
    }
    p->h->begin(p->h->ctx, local(name), attributes);
}

static void on_end(void *ctx, const XML_Char *name)
{
    parse *p = ctx;
    p->depth--;
    p->h->end(p->h->ctx, local(name));
}

static void on_text(void *ctx, const XML_Char *text, int n)
{
    parse *p = ctx;
    if (p->h->text) {
        p->h->text(p->h->ctx, (vg_str){text, (size_t)n});
    }
}

static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *sys, const XML_Char *pub,
                       int internal)
{
    parse *p = ctx;
    (void)name, (void)sys, (void)pub, (void)internal;
    p->refused = true;
    XML_StopParser(p->xml, XML_FALSE);
}

static vg_status feed(xlsx_zip *z, zip_file_t *f, parse *p, vg_err *err)
{
    size_t fed = 0;
    for (;;) {
        void *piece = XML_GetBuffer(p->xml, PIECE);
        const zip_int64_t n = piece ? zip_fread(f, piece, PIECE) : -1;
        if (n < 0) {
            return damaged(err, "part");
        }
        z->unpacked += (size_t)n;
        fed += (size_t)n;
        if (z->unpacked > VG_SHEET_UNPACKED_BYTES) {
            return vg_fail(err, VG_ETOOBIG, "file", "sheet.unpacks_too_big", "%d",
                           VG_SHEET_UNPACKED_BYTES >> 20);
        }
        if (XML_ParseBuffer(p->xml, (int)n, n == 0) != XML_STATUS_OK || p->refused) {
            return damaged(err, p->refused ? "doctype" : "xml");
        }
        const XML_Index done = XML_GetCurrentByteIndex(p->xml);
        if (done >= 0 && fed > (size_t)done && fed - (size_t)done > TOKEN_MAX) {
            return vg_fail(err, VG_ETOOBIG, "file", "sheet.cell_too_long", "%d", TOKEN_MAX >> 10);
        }
        if (n == 0 || (p->h->stop && p->h->stop(p->h->ctx))) {
            return VG_OK;
        }
    }
}

vg_status xlsx_parse(xlsx_zip *z, const char *part, const xlsx_handler *h, vg_err *err)
{
    zip_file_t *f = zip_fopen(z->zip, part, ZIP_FL_NOCASE);
    if (!f) {
        return xlsx_zip_has(z, part)
                   ? damaged(err, part)
                   : vg_fail(err, VG_ENOTFOUND, "file", "sheet.damaged", "%s", part);
    }
    parse p = {.h = h, .xml = XML_ParserCreate(NULL)};
    XML_SetUserData(p.xml, &p);
    XML_SetElementHandler(p.xml, on_begin, on_end);
    XML_SetCharacterDataHandler(p.xml, on_text);
    XML_SetStartDoctypeDeclHandler(p.xml, on_doctype);
    const vg_status st = feed(z, f, &p, err);
    XML_ParserFree(p.xml);
    zip_fclose(f);
    return st;
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2) {
        if (strcmp(local(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}
