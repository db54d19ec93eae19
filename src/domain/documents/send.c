// SPDX-License-Identifier: Apache-2.0
// Sending: the register of what went out. The header is written and journaled when somebody decides to send, so what is
// carried away later is fixed then; the file itself is made when it is fetched, each time anew for the same receiver,
// and nothing is sent by the program: a person carries it. A receipt is taken in once, from the node it was sent to,
// for the very header that was sent.
#include "domain/documents/documents_impl.h"

#include "base/clock.h"

#include <sodium.h>

static const char *const ways[] = {"hand", "usb", "post", NULL};

const vg_field documents_send_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"to", VG_F_ID, VG_REQUIRED},
    {"receiver", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"way", VG_F_ENUM, VG_REQUIRED, .values = ways},
    {NULL},
};
const vg_field documents_taken_fields[] = {
    {"sent", VG_F_ID, VG_REQUIRED},
    {"sign", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"hash", VG_F_TEXT, VG_REQUIRED, .max = 64},
    {"at", VG_F_INT, VG_REQUIRED, .min = 0, .max = INT64_MAX},
    {"number", VG_F_TEXT, VG_REQUIRED, .max = 110},
    {"receiver", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {NULL},
};

// --- sending --------------------------------------------------------------------------------------
static vg_status write_header(vg_cx *cx, const documents_row *row, const documents_peer *to,
                              const vg_args *args, const char *id, vg_buf *out, vg_err *err)
{
    paper_keys own;
    vg_str agency;
    paper_head h = {.sent = vg_str_c(id),
                    .number = row->number,
                    .receiver = vg_arg_str(args, "receiver"),
                    .at_us = cx->now_us,
                    .dated = row->dated,
                    .subject = row->subject,
                    .kind = row->kind,
                    .until = row->until,
                    .term_ref = row->term_ref,
                    .file_name = row->file_name,
                    .secrecy = row->secrecy,
                    .bytes = row->file_bytes};
    VG_TRY(vg_look(cx, "SELECT name FROM agency WHERE id = ?", vg_str_c(row->agency), &agency, 1,
                   err));
    h.agency = agency;
    documents_keys(cx->core, vg_str_c(row->agency), &own);
    memcpy(h.from, own.sign, sizeof h.from);
    memcpy(h.to, to->sign, sizeof h.to);
    sodium_memzero(&own, sizeof own);
    if (!vg_unhex(row->file_hash, h.hash, sizeof h.hash)) {
        return vg_fail(err, VG_ECONFLICT, "id", "documents.no_file", "%s", "");
    }
    paper_head_write(&h, out);
    return VG_OK;
}

static void put_sending(vg_cx *cx, const documents_row *row, const documents_peer *to,
                        const vg_number *number, vg_str header)
{
    unsigned char hash[VG_HASH_BYTES];
    char hex[65];
    vg_jw_kz(&cx->body, "document", row->id);
    vg_jw_kz(&cx->body, "agency", row->agency);
    vg_jw_kstr(&cx->body, "to_name", to->name);
    vg_jw_ki64(&cx->body, "year", number->year);
    vg_jw_ki64(&cx->body, "n", number->n);
    vg_jw_kz(&cx->body, "number", number->text);
    vg_jw_kstr(&cx->body, "doc_number", row->number);
    vg_jw_kstr(&cx->body, "subject", row->subject);
    vg_jw_ki64(&cx->body, "secrecy", row->secrecy);
    vg_jw_kstr(&cx->body, "header", header);
    paper_head_hash(header, hash);
    vg_hex(hash, sizeof hash, hex);
    vg_jw_kz(&cx->body, "hash", hex);
    vg_hex(to->box, PAPER_KEY, hex);
    vg_jw_kz(&cx->body, "box", hex);
    vg_jw_kstr(&cx->body, "file", row->file);
    vg_jw_kz(&cx->body, "by", cx->who->user);
}

VG_HANDLER(documents_send)
{
    documents_row row;
    documents_peer to;
    vg_number number;
    char id[VG_ID_TEXT];
    vg_buf header;
    VG_TRY(documents_at(cx, vg_arg_str(args, "id"), &row, err));
    VG_TRY(documents_peer_at(cx, vg_arg_str(args, "to"), row.agency, &to, err));
    if (!row.file.n) {
        return vg_fail(err, VG_ECONFLICT, "id", "documents.no_file", "%s", "");
    }
    VG_TRY(vg_number_next(cx, "SELECT max(n) FROM document_sending WHERE agency = ? AND year = ?",
                          row.agency, "CG", &number, err));
    vg_new_id(cx, id);
    vg_buf_init(&header, PAPER_HEAD_BYTES);
    vg_status st = write_header(cx, &row, &to, args, id, &header, err);
    if (st == VG_OK) {
        vg_body(cx);
        vg_body_args(cx, args, "");
        put_sending(cx, &row, &to, &number, vg_buf_str(&header));
        st = vg_say(cx, &(vg_saying){"documents.sent", row.site, id, row.label}, err);
    }
    vg_buf_done(&header);
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kz(&cx->reply, "number", number.text);
    return st;
}

VG_FOLDER(documents_on_sent)
{
    return vg_put(ap, e,
                  "INSERT INTO document_sending (id, document, agency, year, n, number,"
                  " correspondent, to_name, receiver, way, doc_number, subject, secrecy, header,"
                  " hash, box_key, file, sent_by, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject document agency year n number to to_name receiver way doc_number"
                  " subject secrecy header hash box file by @at @label @world",
                  err);
}

// --- the file that is carried ---------------------------------------------------------------------
vg_status documents_package(vg_core *core, vg_principal *who, vg_arena *a, vg_str sending,
                            documents_file *ret, vg_err *err)
{
    vg_str c[5];
    vg_buf clear;
    paper_keys own;
    unsigned char box[PAPER_KEY];
    VG_TRY(documents_look(core, who, a,
                          "SELECT header, file, box_key, number, agency FROM v_document_sending"
                          " WHERE id = ?",
                          sending, c, VG_LEN(c), err));
    if (!vg_unhex(c[2], box, sizeof box)) {
        return vg_fail(err, VG_ECORRUPT, "to", NULL, "%s", "");
    }
    VG_TRY(documents_load(core, c[1], &clear, err));
    documents_keys(core, c[4], &own);
    vg_buf_init(&ret->bytes, PAPER_BYTES);
    const vg_status st = paper_close(false, c[0], vg_buf_str(&clear), &own, box, &ret->bytes, err);
    sodium_memzero(&own, sizeof own);
    vg_buf_done(&clear);
    ret->name = vg_str_z(a, vg_str_f(a, "%.*s.vgp", VG_FMT(c[3])));
    return st;
}

// --- the receipt that comes back ------------------------------------------------------------------
static vg_status is_of(const vg_str c[7], const vg_args *args, vg_err *err)
{
    if (!vg_str_eq(c[2], vg_arg_str(args, "sign")) || !vg_str_eq(c[3], vg_arg_str(args, "hash"))) {
        return vg_fail(err, VG_ECONFLICT, "file", "documents.other_receipt", "%s", "");
    }
    return c[4].n ? vg_fail(err, VG_ECONFLICT, "file", "documents.receipted", "%.*s", VG_FMT(c[6]))
                  : VG_OK;
}

VG_HANDLER(documents_receipt_take)
{
    vg_str c[7], site;
    VG_TRY(vg_look(cx,
                   "SELECT s.agency, s.label, p.sign_key, s.hash, COALESCE(s.receipt_number, ''),"
                   " s.document, s.number FROM document_sending s"
                   " JOIN correspondent p ON p.id = s.correspondent WHERE s.id = ?",
                   vg_arg_str(args, "sent"), c, VG_LEN(c), err));
    const int32_t label = (int32_t)vg_int(c[1]);
    VG_TRY(vg_seen(cx, label, "file", err));
    VG_TRY(
        vg_look(cx, "SELECT COALESCE(site, '') FROM document WHERE id = ?", c[5], &site, 1, err));
    const char *at = vg_str_z(cx->arena, site), *id = vg_str_z(cx->arena, vg_arg_str(args, "sent"));
    VG_TRY(vg_require_own(cx, "documents.edit", at, vg_str_z(cx->arena, c[0]), err));
    VG_TRY(is_of(c, args, err));
    vg_body(cx);
    vg_body_args(cx, args, "sent sign");
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_kstr(&cx->reply, "number", c[6]);
    return vg_say(cx, &(vg_saying){"documents.receipted", at, id, label}, err);
}

VG_FOLDER(documents_on_receipted)
{
    return vg_put(ap, e,
                  "UPDATE document_sending SET receipt_at = ?, receipt_number = ?, receipt_by = ?,"
                  " receipted_at = ? WHERE id = ?",
                  "at number receiver @at @subject", err);
}
