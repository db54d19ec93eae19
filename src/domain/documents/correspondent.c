// SPDX-License-Identifier: Apache-2.0
// Other agencies, here or on other nodes, that an agency exchanges papers with. Each is known by two keys from its card, a
// small file that may come any way at all: what makes it theirs is that its digits were read out over the telephone and
// that two persons entered it. Agencies on one node have keys of their own: each from the node's kept key for papers and
// the agency's id, so a paper to one of them opens as nobody else's, and neither a backup nor a new node key loses one.
// Who lost its keys gets a new entry; the old one is retired and stays for what was sent under it.
#include "domain/documents/documents_impl.h"

#include <sodium.h>

const vg_field documents_peer_fields[] = {
    {"agency", VG_F_ID},
    {"name", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"card", VG_F_JSON, VG_REQUIRED, .max = 2048},
    {NULL},
};
const vg_field documents_retire_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {"reason", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {NULL},
};

static void own_of(vg_core *core, const char *purpose, vg_str agency, unsigned char out[32])
{
    unsigned char root[32];
    vg_core_key(core, purpose, root);
    crypto_generichash(out, 32, (const unsigned char *)agency.p, agency.n, root, sizeof root);
    sodium_memzero(root, sizeof root);
}

void documents_keys(vg_core *core, vg_str agency, paper_keys *ret)
{
    unsigned char seed[32], box[32];
    own_of(core, "papers.sign", agency, seed);
    own_of(core, "papers.box", agency, box);
    paper_keys_from(seed, box, ret);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(box, sizeof box);
}

// --- cards ----------------------------------------------------------------------------------------
static vg_status whose_card(vg_read *rd, vg_str *ret_id, vg_str *ret_name, vg_err *err)
{
    vg_rows *r;
    bool found;
    VG_TRY(vg_rows_open(rd->db,
                        "SELECT id, name FROM v_agency WHERE CASE WHEN ? = '' THEN custodian = 1"
                        " ELSE id = ? END ORDER BY at LIMIT 1",
                        VG_VALS(vg_z(rd->who->agency), vg_z(rd->who->agency)), &r, err));
    if ((found = vg_rows_next(r))) {
        *ret_id = vg_str_dup(rd->arena, vg_row_str(r, 0));
        *ret_name = vg_str_dup(rd->arena, vg_row_str(r, 1));
    }
    VG_TRY(vg_rows_close(r, err));
    return found ? VG_OK : vg_fail(err, VG_ENOTFOUND, "", NULL, "%s", "");
}

vg_status documents_card(vg_read *rd, const vg_args *args, vg_err *err)
{
    paper_keys keys;
    vg_str agency = {0}, name = {0};
    char hex[65], digits[PAPER_FINGERPRINT];
    (void)args;
    VG_TRY(whose_card(rd, &agency, &name, err));
    documents_keys(rd->core, agency, &keys);
    vg_jw_open(&rd->out, '{');
    vg_jw_key(&rd->out, "card");
    vg_jw_open(&rd->out, '{');
    vg_jw_ki64(&rd->out, "vonggac_card", 1);
    vg_jw_kz(&rd->out, "node", vg_conf_get(vg_core_conf(rd->core), "node.name", ""));
    vg_jw_kstr(&rd->out, "agency", name);
    vg_hex(keys.sign, 32, hex);
    vg_jw_kz(&rd->out, "sign", hex);
    vg_hex(keys.box, 32, hex);
    vg_jw_kz(&rd->out, "box", hex);
    vg_jw_close(&rd->out, '}');
    paper_fingerprint(keys.sign, keys.box, digits);
    vg_jw_kz(&rd->out, "fingerprint", digits);
    vg_jw_close(&rd->out, '}');
    sodium_memzero(&keys, sizeof keys);
    return VG_OK;
}

static bool read_card(vg_cx *cx, vg_str card, documents_peer *ret)
{
    unsigned char shared[32];
    return vg_js_i64(card, "vonggac_card", 0) == 1 &&
           vg_unhex(vg_js_str(cx->arena, card, "sign"), ret->sign, PAPER_KEY) &&
           vg_unhex(vg_js_str(cx->arena, card, "box"), ret->box, PAPER_KEY) &&
           crypto_core_ed25519_is_valid_point(ret->sign) == 1 &&
           crypto_scalarmult(shared, ret->sign, ret->box) == 0;  // a point of small order is no key
}

// --- the register ---------------------------------------------------------------------------------
vg_status documents_peer_at(vg_cx *cx, vg_str id, const char *agency, documents_peer *ret,
                            vg_err *err)
{
    vg_str c[6];
    VG_TRY(vg_look(cx,
                   "SELECT name, sign_key, box_key, agency, state, label FROM correspondent"
                   " WHERE id = ?",
                   id, c, VG_LEN(c), err));
    if (!vg_str_eqc(c[3], agency)) {
        return vg_fail(err, VG_ENOTFOUND, "to", NULL, "%s", "");
    }
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[5]), "to", err));
    if (!vg_str_eqc(c[4], "active")) {
        return vg_fail(err, VG_ECONFLICT, "to", "documents.retired", "%s", "");
    }
    *ret = (documents_peer){.id = vg_str_z(cx->arena, id), .name = c[0]};
    return vg_unhex(c[1], ret->sign, PAPER_KEY) && vg_unhex(c[2], ret->box, PAPER_KEY)
               ? VG_OK
               : vg_fail(err, VG_ECORRUPT, "to", NULL, "%s", "");
}

static vg_status fresh(vg_cx *cx, const documents_peer *p, const char *agency, vg_err *err)
{
    paper_keys own;
    int64_t known = 0;
    char hex[65];
    documents_keys(cx->core, vg_str_c(agency), &own);
    const bool self = memcmp(own.sign, p->sign, PAPER_KEY) == 0;
    sodium_memzero(&own, sizeof own);
    if (self) {
        return vg_fail(err, VG_EINVALID, "card", "documents.own_card", "%s", "");
    }
    vg_hex(p->sign, PAPER_KEY, hex);
    VG_TRY(vg_one_i64(cx->db,
                      "SELECT 1 FROM correspondent WHERE agency = ? AND sign_key = ? AND"
                      " state = 'active'",
                      VG_VALS(vg_z(agency), vg_z(hex)), 0, &known, err));
    return known ? vg_fail(err, VG_ECONFLICT, "card", "documents.card_known", "%s", "") : VG_OK;
}

VG_HANDLER(documents_peer_add)
{
    documents_peer p = {0};
    const char *agency;
    char id[VG_ID_TEXT], hex[65], digits[PAPER_FINGERPRINT];
    int32_t label = 0;
    VG_TRY(documents_agency(cx, args, "", &agency, err));
    if (!read_card(cx, vg_arg_str(args, "card"), &p)) {
        return vg_fail(err, VG_EINVALID, "card", "documents.bad_card", "%s", "");
    }
    VG_TRY(fresh(cx, &p, agency, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_COORD, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    paper_fingerprint(p.sign, p.box, digits);
    vg_body(cx);
    vg_body_args(cx, args, "agency card");
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_kz(&cx->body, "opens", agency);  // a third person looks at where papers may go
    vg_jw_kstr(&cx->body, "to", vg_arg_str(args, "name"));
    vg_hex(p.sign, PAPER_KEY, hex);
    vg_jw_kz(&cx->body, "sign", hex);
    vg_hex(p.box, PAPER_KEY, hex);
    vg_jw_kz(&cx->body, "box", hex);
    vg_jw_kz(&cx->body, "fingerprint", digits);
    vg_jw_kz(&cx->reply, "id", id);
    return vg_say(cx, &(vg_saying){"documents.correspondent_added", "", id, label}, err);
}

VG_FOLDER(documents_on_peer_added)
{
    return vg_put(ap, e,
                  "INSERT INTO correspondent (id, agency, name, sign_key, box_key, fingerprint, at,"
                  " label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject agency name sign box fingerprint @at @label @world", err);
}

VG_HANDLER(documents_peer_retire)
{
    vg_str c[2] = {0};
    documents_peer p = {0};
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT agency, label FROM correspondent WHERE id = ?", id, c, 2, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[1]), "id", err));
    const char *agency = vg_str_z(cx->arena, c[0]);
    VG_TRY(vg_require_own(cx, "documents.edit", "", agency, err));
    VG_TRY(documents_peer_at(cx, id, agency, &p, err));
    vg_jw_kstr(vg_body(cx), "reason", vg_arg_str(args, "reason"));
    vg_jw_kz(&cx->body, "opens", agency);
    vg_jw_kstr(&cx->body, "to", p.name);
    vg_jw_kz(&cx->reply, "id", p.id);
    return vg_say(
        cx, &(vg_saying){"documents.correspondent_retired", "", p.id, (int32_t)vg_int(c[1])}, err);
}

VG_FOLDER(documents_on_peer_retired)
{
    return vg_put(ap, e, "UPDATE correspondent SET state = 'retired', reason = ? WHERE id = ?",
                  "reason @subject", err);
}
