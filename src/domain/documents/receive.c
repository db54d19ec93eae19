// SPDX-License-Identifier: Apache-2.0
// Receiving: a file from another agency is opened with the receiving agency's key, checked against a registered correspondent's, and
// becomes a paper here with the level and the term it came with, in the register of what came in. The sender's level
// is never lowered on the way, and a profile that may not hold it refuses it. What is refused leaves nothing but an
// event that says why.
#include "domain/documents/documents_impl.h"

#include "base/clock.h"

#include <sodium.h>

const vg_field documents_take_fields[] = {
    {"agency", VG_F_ID},
    {"from", VG_F_ID, VG_REQUIRED},
    {"site", VG_F_ID},
    {"compartment", VG_F_ENUM, VG_REQUIRED, .values = documents_compartments},
    {"sent", VG_F_ID, VG_REQUIRED},
    {"paper", VG_F_TEXT, VG_REQUIRED, .max = 64},  // hash of the header
    {"origin", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"receiver", VG_F_TEXT, .max = 120},
    {"doc_number", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {"dated", VG_F_TEXT, VG_REQUIRED, .max = 10},
    {"subject", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"kind", VG_F_TEXT, VG_REQUIRED, .max = 20},
    {"secrecy", VG_F_INT, VG_REQUIRED, .min = 0, .max = 3},
    {"until", VG_F_TEXT, .max = 10},
    {"term_ref", VG_F_TEXT, .max = 60},
    {"file", VG_F_ID, VG_REQUIRED},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 200},
    {"bytes", VG_F_INT, VG_REQUIRED, .min = 1, .max = PAPER_FILE_BYTES},
    {"hash", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {NULL},
};
const vg_field documents_refuse_fields[] = {
    {"agency", VG_F_ID},
    {"why", VG_F_TEXT, VG_REQUIRED, .max = 60},
    {NULL},
};

// --- into the register ----------------------------------------------------------------------------
static vg_status not_twice(vg_cx *cx, const char *agency, vg_str sent, vg_err *err)
{
    vg_rows *r;
    vg_status st = VG_OK;
    VG_TRY(vg_rows_open(cx->db,
                        "SELECT number FROM document_receiving WHERE agency = ? AND sent = ?",
                        VG_VALS(vg_z(agency), vg_t(sent)), &r, err));
    if (vg_rows_next(r)) {
        st = vg_fail(err, VG_ECONFLICT, "file", "documents.received_before", "%.*s",
                     VG_FMT(vg_row_str(r, 0)));
    }
    const vg_status closed = vg_rows_close(r, err);
    return st != VG_OK ? st : closed;
}

static void put_received(vg_cx *cx, const vg_args *args, const documents_row *row,
                         const vg_number *number)
{
    char receiving[VG_ID_TEXT];
    vg_new_id(cx, receiving);
    vg_body(cx);
    vg_body_args(cx, args, "agency until term_ref receiver");
    vg_jw_kz(&cx->body, "receiving", receiving);
    vg_jw_kz(&cx->body, "agency", row->agency);
    vg_jw_ki64(&cx->body, "year", number->year);
    vg_jw_ki64(&cx->body, "n", number->n);
    vg_jw_kz(&cx->body, "number", number->text);
    vg_jw_kz(&cx->body, "receiver", cx->who->name);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    vg_jw_kz(&cx->reply, "id", row->id);
    vg_jw_kz(&cx->reply, "receiving", receiving);
    vg_jw_kz(&cx->reply, "number", number->text);
}

VG_HANDLER(documents_take)
{
    char id[VG_ID_TEXT];
    vg_number number;
    documents_peer from;
    vg_site_ref site = {.id = ""};
    documents_row row = {.number = vg_arg_str(args, "doc_number"),
                         .dated = vg_arg_str(args, "dated"),
                         .compartment = vg_arg_str(args, "compartment"),
                         .secrecy = vg_arg_i64(args, "secrecy", 0)};
    if (vg_arg_has(args, "site")) {
        VG_TRY(vg_site_at(cx, vg_arg_str(args, "site"), "sites.read", &site, err));
    }
    row.site = site.id;
    VG_TRY(documents_agency(cx, args, row.site, &row.agency, err));
    VG_TRY(documents_peer_at(cx, vg_arg_str(args, "from"), row.agency, &from, err));
    VG_TRY(not_twice(cx, row.agency, vg_arg_str(args, "sent"), err));
    VG_TRY(documents_label(cx, &row, &row.label, err));
    VG_TRY(vg_number_next(cx, "SELECT max(n) FROM document_receiving WHERE agency = ? AND year = ?",
                          row.agency, "TN", &number, err));
    VG_TRY(documents_take_staged(cx, vg_arg_str(args, "file"), err));
    vg_new_id(cx, id);
    row.id = id;
    put_received(cx, args, &row, &number);
    VG_TRY(vg_say(cx, &(vg_saying){"documents.received", row.site, id, row.label}, err));
    return documents_say_term(cx, &row, vg_arg_str(args, "until"), vg_arg_str(args, "term_ref"),
                              err);
}

VG_FOLDER(documents_on_received)
{
    VG_TRY(vg_put(ap, e,
                  "INSERT INTO document (id, agency, site, number, dated, subject, kind,"
                  " compartment, secrecy, origin, file, file_name, file_bytes, file_hash,"
                  " changed_at, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency site doc_number dated subject kind compartment secrecy origin"
                  " file name bytes hash @at @at @label @world",
                  err));
    return vg_put(ap, e,
                  "INSERT INTO document_receiving (id, document, agency, year, n, number, sent,"
                  " correspondent, from_name, receiver, doc_number, subject, secrecy, hash,"
                  " received_by, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "receiving @subject agency year n number sent from origin receiver doc_number"
                  " subject secrecy paper by @at @label @world",
                  err);
}

VG_HANDLER(documents_refuse)
{
    const char *agency;
    int32_t label = 0;
    VG_TRY(documents_agency(cx, args, "", &agency, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_COORD, "", VG_S_NORMAL, &label, err));
    vg_jw_kstr(vg_body(cx), "why", vg_arg_str(args, "why"));
    return vg_say(cx, &(vg_saying){"documents.refused", "", "", label}, err);
}

VG_FOLDER(documents_on_refused)
{
    (void)ap, (void)e, (void)err;
    return VG_OK;
}

// --- what comes in as a file ----------------------------------------------------------------------
typedef struct coming {
    vg_buf inside;
    vg_arena *a;
    paper_head head;
    vg_str header, file;
    vg_str peer, peer_name;  // of its sender
} coming;

// The registered correspondent of the caller's agency whose key it is. One that is retired sends no more papers.
static vg_status known_sender(vg_core *core, vg_principal *who, coming *c, vg_err *err)
{
    vg_str found[2];
    char hex[65];
    vg_hex(c->head.from, PAPER_KEY, hex);
    const vg_status st = documents_look(core, who, c->a,
                                        "SELECT id, name FROM v_correspondent WHERE sign_key = ?"
                                        " ORDER BY state = 'active' DESC, at DESC LIMIT 1",
                                        vg_str_c(hex), found, 2, err);
    if (st == VG_ENOTFOUND) {
        return vg_fail(err, VG_ECONFLICT, "file", "documents.unknown_sender", "%.*s",
                       VG_FMT(c->head.agency));
    }
    c->peer = found[0];
    c->peer_name = found[1];
    return st;
}

vg_status documents_whose(vg_core *core, vg_principal *who, vg_arena *a, vg_str *ret, vg_err *err)
{
    if (*who->agency) {
        *ret = vg_str_dup(a, vg_str_c(who->agency));
        return VG_OK;
    }
    return documents_look(core, who, a,
                          "SELECT id FROM v_agency WHERE custodian = ? ORDER BY at LIMIT 1",
                          VG_S("1"), ret, 1, err);
}

static vg_status come_in(vg_core *core, vg_principal *who, vg_str bytes, bool receipt, coming *c,
                         vg_err *err)
{
    paper_keys own;
    vg_str agency = {"", 0};
    c->a = vg_arena_create(256 << 10);
    VG_TRY(documents_whose(core, who, c->a, &agency, err));
    documents_keys(core, agency, &own);
    vg_status st = paper_open(bytes, receipt, &own, &c->inside, err);
    if (st == VG_OK) {
        st = paper_read(vg_buf_str(&c->inside), receipt, c->a, &c->head, &c->header, &c->file, err);
    }
    if (st == VG_OK && memcmp(c->head.to, own.sign, PAPER_KEY) != 0) {
        st = vg_fail(err, VG_ECONFLICT, "file", "documents.not_for_us", "%s", "");
    }
    sodium_memzero(&own, sizeof own);
    return st == VG_OK ? known_sender(core, who, c, err) : st;
}

static void coming_done(coming *c)
{
    vg_arena_destroy(c->a);
    vg_buf_done(&c->inside);
}

// Says in the journal that a file was refused, and why. That the saying fails does not change the refusal.
static void note_refusal(vg_core *core, const vg_principal *who, const vg_err *why)
{
    vg_buf args;
    vg_buf_init(&args, 512);
    vg_jw w = vg_jw_on(&args);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "why", why->key ? why->key : "status");
    vg_jw_close(&w, '}');
    (void)!documents_run(core, who, "documents.refuse", &args, NULL, NULL);
    vg_buf_done(&args);
}

static void put_take(const coming *c, vg_str compartment, vg_str site, const char *file,
                     vg_buf *out)
{
    unsigned char hash[VG_HASH_BYTES];
    char hex[65];
    vg_jw w = vg_jw_on(out);
    vg_jw_open(&w, '{');
    vg_jw_kstr(&w, "from", c->peer);
    vg_jw_kstr(&w, "compartment", compartment);
    if (site.n) {
        vg_jw_kstr(&w, "site", site);
    }
    vg_jw_kstr(&w, "sent", c->head.sent);
    paper_head_hash(c->header, hash);
    vg_hex(hash, sizeof hash, hex);
    vg_jw_kz(&w, "paper", hex);
    vg_jw_kstr(&w, "origin", c->peer_name);
    vg_jw_kstr(&w, "doc_number", c->head.number);
    vg_jw_kstr(&w, "dated", c->head.dated);
    vg_jw_kstr(&w, "subject", c->head.subject);
    vg_jw_kstr(&w, "kind", c->head.kind);
    vg_jw_ki64(&w, "secrecy", c->head.secrecy);
    if (c->head.until.n) {
        vg_jw_kstr(&w, "until", c->head.until);
        vg_jw_kstr(&w, "term_ref", c->head.term_ref);
    }
    vg_jw_kz(&w, "file", file);
    vg_jw_kstr(&w, "name", c->head.file_name);
    vg_jw_ki64(&w, "bytes", c->head.bytes);
    vg_hex(c->head.hash, sizeof c->head.hash, hex);
    vg_jw_kz(&w, "hash", hex);
    vg_jw_close(&w, '}');
}

vg_status documents_receive(vg_core *core, vg_principal *who, vg_str compartment, vg_str site,
                            vg_str bytes, vg_buf *reply, vg_err *err)
{
    coming c = {0};
    vg_buf args;
    char file[VG_ID_TEXT];
    vg_id_random(file);
    vg_buf_init(&args, 64 << 10);
    vg_status st = come_in(core, who, bytes, false, &c, err);
    if (st == VG_OK) {
        st = documents_stage(core, file, c.file, err);
    }
    if (st == VG_OK) {
        put_take(&c, compartment, site, file, &args);
        st = documents_run(core, who, "documents.take", &args, reply, err);
        documents_unstage(core, file);
    }
    if (st != VG_OK) {
        note_refusal(core, who, err);
    }
    vg_buf_done(&args);
    coming_done(&c);
    return st;
}

// --- receipts -------------------------------------------------------------------------------------
vg_status documents_receipt(vg_core *core, vg_principal *who, vg_str bytes, vg_buf *reply,
                            vg_err *err)
{
    coming c = {0};
    vg_buf args;
    char hex[65];
    vg_buf_init(&args, 16 << 10);
    vg_status st = come_in(core, who, bytes, true, &c, err);
    if (st == VG_OK) {
        vg_jw w = vg_jw_on(&args);
        vg_jw_open(&w, '{');
        vg_jw_kstr(&w, "sent", c.head.sent);
        vg_hex(c.head.from, PAPER_KEY, hex);
        vg_jw_kz(&w, "sign", hex);
        vg_hex(c.head.hash, VG_HASH_BYTES, hex);
        vg_jw_kz(&w, "hash", hex);
        vg_jw_ki64(&w, "at", c.head.at_us);
        vg_jw_kstr(&w, "number", c.head.number);
        vg_jw_kstr(&w, "receiver", c.head.receiver);
        vg_jw_close(&w, '}');
        st = documents_run(core, who, "documents.receipt_take", &args, reply, err);
    }
    if (st != VG_OK) {
        note_refusal(core, who, err);
    }
    vg_buf_done(&args);
    coming_done(&c);
    return st;
}

static bool receipt_head(vg_core *core, const vg_str c[10], paper_head *h, paper_keys *own,
                         unsigned char box[PAPER_KEY])
{
    documents_keys(core, c[9], own);
    *h = (paper_head){.receipt = true,
                      .sent = c[0],
                      .agency = c[1],
                      .number = c[2],
                      .receiver = c[3],
                      .at_us = vg_int(c[4])};
    memcpy(h->from, own->sign, PAPER_KEY);
    return vg_unhex(c[5], h->hash, VG_HASH_BYTES) && vg_unhex(c[6], h->to, PAPER_KEY) &&
           vg_unhex(c[7], box, PAPER_KEY);
}

vg_status documents_receipt_of(vg_core *core, vg_principal *who, vg_arena *a, vg_str receiving,
                               documents_file *ret, vg_err *err)
{
    vg_str c[10];
    vg_buf header;
    paper_head h;
    paper_keys own;
    unsigned char box[PAPER_KEY];
    VG_TRY(documents_look(
        core, who, a,
        "SELECT t.sent, COALESCE(g.name, ''), t.number, t.receiver, t.at, t.hash, p.sign_key,"
        " p.box_key, t.doc_number, t.agency FROM v_document_receiving t"
        " JOIN v_correspondent p ON p.id = t.correspondent"
        " LEFT JOIN v_agency g ON g.id = t.agency WHERE t.id = ?",
        receiving, c, VG_LEN(c), err));
    vg_buf_init(&header, PAPER_HEAD_BYTES);
    vg_buf_init(&ret->bytes, PAPER_BYTES);
    vg_status st = receipt_head(core, c, &h, &own, box)
                       ? VG_OK
                       : vg_fail(err, VG_ECORRUPT, "to", NULL, "%s", "");
    if (st == VG_OK) {
        paper_head_write(&h, &header);
        st = paper_close(true, vg_buf_str(&header), VG_S(""), &own, box, &ret->bytes, err);
    }
    sodium_memzero(&own, sizeof own);
    vg_buf_done(&header);
    ret->name = vg_str_z(a, vg_str_f(a, "%.*s.vgr", VG_FMT(c[2])));
    return st;
}
