// SPDX-License-Identifier: Apache-2.0
// The first things checked of a bundle: who signed the manifest, which keys he had before, and that the files are those
// it names, each with its hash.
#include "base/clock.h"
#include "domain/evidence/evidence_impl.h"
#include "journal/chain.h"
#include "journal/keys.h"

#include <sodium.h>

vg_status evidence_bad(vg_err *err, const char *key, const char *what)
{
    return vg_fail(err, VG_ECORRUPT, "file", key, "%.100s", what);
}

static vg_status check_signature(const evidence_files *files, const evidence_manifest *m,
                                 vg_str text, vg_err *err)
{
    unsigned char sig[crypto_sign_BYTES], msg[64];
    char again[2 * crypto_sign_BYTES + 2];
    const evidence_file *x = evidence_file_of(files, VG_S(EVIDENCE_SIGNATURE));
    const vg_str said = x ? vg_buf_str(&x->bytes) : (vg_str){"", 0};
    if (said.n != 2 * crypto_sign_BYTES + 1 ||
        !vg_unhex((vg_str){said.p, 2 * crypto_sign_BYTES}, sig, sizeof sig)) {
        return evidence_bad(err, "evidence.bad_signature", EVIDENCE_SIGNATURE);
    }
    vg_hex(sig, sizeof sig, again);  // one way of writing it
    again[2 * crypto_sign_BYTES] = '\n';
    const size_t n = evidence_message(text, msg);
    if (memcmp(again, said.p, said.n) != 0 ||
        crypto_sign_verify_detached(sig, msg, n, m->key) != 0) {
        return evidence_bad(err, "evidence.bad_signature", EVIDENCE_MANIFEST);
    }
    return VG_OK;
}

static vg_status read_changes(evidence_manifest *m, vg_err *err)
{
    const json_t *list = json_object_get(m->tree, "rotations");
    const size_t n = json_array_size(list);
    const unsigned char *next = m->key;
    if (n > VG_KEY_CHANGES) {
        return evidence_bad(err, "evidence.bad_manifest", EVIDENCE_MANIFEST);
    }
    m->changes = vg_alloc((n + 1) * sizeof *m->changes);
    m->n_changes = n;
    for (size_t i = n; i-- > 0;) {  // back from the present one
        char *text = json_dumps(json_array_get(list, i), JSON_COMPACT | JSON_ENCODE_ANY);
        const bool ok = text && vg_key_change_read(vg_str_c(text), &m->changes[i]) &&
                        memcmp(m->changes[i].new_key, next, sizeof m->key) == 0;
        free(text);
        if (!ok) {
            return evidence_bad(err, "evidence.bad_rotation", EVIDENCE_MANIFEST);
        }
        next = m->changes[i].old_key;
    }
    return VG_OK;
}

vg_status evidence_manifest_read(const evidence_files *files, const unsigned char *key,
                                 evidence_manifest *m, evidence_report *rep, vg_err *err)
{
    int64_t journal;
    const evidence_file *x = evidence_file_of(files, VG_S(EVIDENCE_MANIFEST));
    if (!x ||
        vg_json_parse(vg_buf_str(&x->bytes), EVIDENCE_MANIFEST_BYTES, &m->tree, NULL) != VG_OK) {
        return evidence_bad(err, "evidence.bad_manifest", EVIDENCE_MANIFEST);
    }
    if (!evidence_i64(m->tree, "format", 1, INT32_MAX, &m->format) ||
        !evidence_i64(m->tree, "journal", 1, INT32_MAX, &journal) ||
        !evidence_unhex(m->tree, "key", m->key, sizeof m->key)) {
        return evidence_bad(err, "evidence.bad_manifest", EVIDENCE_MANIFEST);
    }
    if (m->format > EVIDENCE_FORMAT || journal != VG_JOURNAL_FORMAT) {
        return vg_fail(err, VG_ECORRUPT, "file", "evidence.other_format", "%lld/%lld",
                       (long long)m->format, (long long)journal);
    }
    vg_hex(m->key, sizeof m->key, rep->key);
    if (key && sodium_memcmp(key, m->key, sizeof m->key) != 0) {
        return evidence_bad(err, "evidence.other_key", rep->key);
    }
    VG_TRY(check_signature(files, m, vg_buf_str(&x->bytes), err));
    const char *node = json_string_value(json_object_get(m->tree, "node"));
    const char *made = json_string_value(json_object_get(m->tree, "made"));
    snprintf(rep->node, sizeof rep->node, "%s", node ? node : "");
    snprintf(rep->made, sizeof rep->made, "%s", made ? made : "");
    return read_changes(m, err);
}

static vg_status check_file(const evidence_files *files, const json_t *said, bool *seen,
                            vg_err *err)
{
    unsigned char expect[VG_HASH_BYTES], hash[VG_HASH_BYTES];
    int64_t size;
    const char *name = json_string_value(json_object_get(said, "name"));
    const evidence_file *x = name ? evidence_file_of(files, vg_str_c(name)) : NULL;
    if (!x) {
        return evidence_bad(err, "evidence.missing_file", name ? name : "");
    }
    vg_hash(x->bytes.p, x->bytes.n, hash);
    if (!evidence_i64(said, "size", 0, INT32_MAX, &size) || (size_t)size != x->bytes.n ||
        !evidence_unhex(said, "hash", expect, sizeof expect) ||
        sodium_memcmp(expect, hash, sizeof hash) != 0) {
        return evidence_bad(err, "evidence.bad_file", name);
    }
    seen[x - files->v] = true;
    return VG_OK;
}

vg_status evidence_files_check(const evidence_files *files, const evidence_manifest *m, vg_err *err)
{
    static const char *const own[] = {EVIDENCE_MANIFEST, EVIDENCE_SIGNATURE};
    static const char *const wanted[] = {EVIDENCE_LINES, EVIDENCE_CHAIN, EVIDENCE_OBJECTS,
                                         EVIDENCE_ANCHORS};
    bool seen[EVIDENCE_FILES] = {false};
    const json_t *list = json_object_get(m->tree, "files");
    for (size_t i = 0; i < json_array_size(list); i++) {
        VG_TRY(check_file(files, json_array_get(list, i), seen, err));
    }
    for (size_t i = 0; i < VG_LEN(own); i++) {
        seen[evidence_file_of(files, vg_str_c(own[i])) - files->v] = true;
    }
    for (size_t i = 0; i < files->n; i++) {
        if (!seen[i]) {
            return evidence_bad(err, "evidence.stray_file", files->v[i].name);
        }
    }
    for (size_t i = 0; i < VG_LEN(wanted) - (m->format < 2); i++) {
        if (!evidence_file_of(files, vg_str_c(wanted[i]))) {
            return evidence_bad(err, "evidence.missing_file", wanted[i]);
        }
    }
    return VG_OK;
}

void evidence_manifest_done(evidence_manifest *m)
{
    json_decref(m->tree);
    free(m->changes);
}
