// SPDX-License-Identifier: Apache-2.0
// A SIEM's lines against the journal. Only seals count: one proves all before it, and it names the key, so that
// lines of other nodes in the same file are told apart. Exports quote in their own ways: backslashes are
// passed over. The journal itself is not proven here, verify does that first.
#include "core/witness.h"

#include "journal/keys.h"

#include <errno.h>

enum { LINE_BYTES = 8192 };

// The value of name="…" in the line, or the empty view.
static vg_str value_of(const char *line, const char *name)
{
    char want[24];
    const int n = snprintf(want, sizeof want, " %s=\"", name);
    const char *at = strstr(line, want);
    const char *end = at ? strchr(at + n, '"') : NULL;
    return end ? (vg_str){at + n, (size_t)(end - at - n)} : (vg_str){"", 0};
}

static vg_status look_up(vg_db *db, uint32_t log, int64_t seq,
                         const unsigned char hash[VG_HASH_BYTES], const char **ret_why, vg_err *err)
{
    vg_rows *r;
    VG_TRY(vg_rows_open(db, "SELECT hash FROM event WHERE id = ?",
                        VG_VALS(vg_i(VG_EVENT_ROWID(log, seq))), &r, err));
    if (!vg_rows_next(r)) {
        *ret_why = "witness.lacks";
    } else {
        const vg_str have = vg_row_str(r, 0);
        *ret_why = have.n == VG_HASH_BYTES && memcmp(have.p, hash, VG_HASH_BYTES) == 0
                       ? NULL
                       : "witness.differs";
    }
    return vg_rows_close(r, err);
}

static vg_status compare_line(vg_db *db, const vg_seal_keys *keys, const char *line,
                              vg_witness_report *ret, vg_err *err)
{
    unsigned char hash[VG_HASH_BYTES], theirs[32];
    int64_t log = 0, seq = 0;
    const char *sd = strstr(line, "[vonggac@32473 ");
    if (!sd || !vg_unhex(value_of(sd, "key"), theirs, sizeof theirs) ||
        !vg_unhex(value_of(sd, "hash"), hash, sizeof hash) ||
        vg_str_i64(value_of(sd, "log"), 1, (1 << 20) - 1, &log, NULL) != VG_OK ||
        vg_str_i64(value_of(sd, "seq"), 1, INT64_C(1) << (VG_SEQ_BITS - 1), &seq, NULL) != VG_OK) {
        return VG_OK;
    }
    if (!vg_seal_key_ours(keys, theirs)) {
        ret->others++;
        return VG_OK;
    }
    VG_TRY(look_up(db, (uint32_t)log, seq, hash, &ret->why, err));
    if (ret->why) {
        ret->bad_log = (uint32_t)log;
        ret->bad_seq = seq;
        return vg_fail(err, VG_ECORRUPT, "witness", ret->why, "%lld-%lld", (long long)log,
                       (long long)seq);
    }
    ret->lines++;
    return VG_OK;
}

static void drop_backslashes(char *z)
{
    char *to = z;
    for (const char *p = z; *p; p++) {
        if (*p != '\\') {
            *to++ = *p;
        }
    }
    *to = '\0';
}

static vg_status compare_file(vg_db *db, const vg_seal_keys *keys, const char *path,
                              vg_witness_report *ret, vg_err *err)
{
    char line[LINE_BYTES];
    vg_status s = VG_OK;
    *ret = (vg_witness_report){0};
    FILE *f = fopen(path, "re");
    if (!f) {
        return vg_fail(err, VG_ENOTFOUND, "witness", NULL, "%s: %s", path, strerror(errno));
    }
    while (s == VG_OK && fgets(line, sizeof line, f)) {
        drop_backslashes(line);
        s = compare_line(db, keys, line, ret, err);
    }
    if (fclose(f) != 0 || (s == VG_OK && ret->lines == 0)) {
        return vg_fail(err, VG_ENOTFOUND, "witness", "witness.none", "%s", path);
    }
    return s;
}

vg_status vg_witness_compare(vg_db *db, const unsigned char key[32], const char *path,
                             vg_witness_report *ret, vg_err *err)
{
    vg_seal_keys keys;
    VG_TRY(vg_seal_keys_load(db, key, &keys, NULL, err));
    const vg_status s = compare_file(db, &keys, path, ret, err);
    vg_seal_keys_done(&keys);
    return s;
}
