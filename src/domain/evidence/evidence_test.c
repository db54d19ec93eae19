// SPDX-License-Identifier: Apache-2.0
// Bundles made by a real node and checked without it: what is whole passes, any changed byte is found, what may not be
// read is not in it, and erasing a person takes nothing from what was proven. Random cases print their seed.
#include "base/prop_test.h"
#include "domain/test_kit.h"
// after the kit: cmocka's names
#include "core/object.h"
#include "domain/evidence/evidence_impl.h"

#include <sys/stat.h>

#define HIDDEN "Chim-Ung-Hai"
#define NAME "Lê Văn Mẫu"
static const char PICTURE[] = "\xFF\xD8\xFF\xE0 a picture \xFF\xD9";

typedef struct scene {
    kit *k;
    vg_principal *bank, *police;
    char incident[VG_ID_TEXT], contact[VG_ID_TEXT], path[128];
    uint32_t log;
} scene;

// An incident of the bank with an alert, a picture, the bank's contact, and the police's own business in between.
static scene make_scene(void)
{
    scene s = {.k = kit_world()};
    kit *k = s.k;
    char source[VG_ID_TEXT], name[VG_OBJECT_NAME], alert[VG_ID_TEXT], sql[160];
    s.bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    s.police = kit_user(k, "police", k->police, "duty_officer", "");
    kit_source(k, "1001", k->vault, true, source);
    assert_int_equal(vg_object_put(vg_core_objects(k->core), (vg_str){PICTURE, sizeof PICTURE - 1},
                                   vg_now_us() + 3600 * VG_SECOND_US, name, &k->err),
                     VG_OK);
    vg_signal g =
        kit_make(k, &(kit_sig){"1001", "vault_alarm", "", VG_SIG_RAISE, VG_SIG_AUTHENTICATED});
    memcpy(g.image, name, sizeof name);
    kit_signals(k, &g, 1);
    kit_wait(k, "SELECT count(*) FROM alert", 1);
    snprintf(alert, sizeof alert, "%s", kit_text(k, "SELECT id FROM alert"));
    for (int i = 0; i < 2; i++) {
        kit_do(k, "sites.contact_add",
               "{\"site\":\"%s\",\"name\":\"Trần Thử\",\"role\":\"" HIDDEN "\",\"agency\":\"%s\"}",
               k->site, k->police);
    }
    kit_do(k, "alerts.open_incident", "{\"id\":\"%s\"}", alert);
    kit_wait(k, "SELECT count(*) FROM incident_alert", 1);
    snprintf(s.incident, sizeof s.incident, "%s", kit_text(k, "SELECT id FROM incident"));
    kit_do(k, "sites.contact_add",
           "{\"site\":\"%s\",\"name\":\"" NAME "\",\"role\":\"Trưởng kho\",\"agency\":\"%s\"}",
           k->site, k->bank);
    kit_id(k, s.contact);
    kit_do(k, "desk.log", "{\"id\":\"%s\",\"text\":\"đã đến nơi\",\"kind\":\"note\"}", s.incident);
    snprintf(sql, sizeof sql, "SELECT log FROM log WHERE site = '%s'", k->site);
    s.log = (uint32_t)kit_int(k, sql);
    snprintf(s.path, sizeof s.path, "%s/bundle.zip", k->dir);
    return s;
}

static vg_status make_as(scene *s, vg_principal *who, const evidence_ask *ask, evidence_made *made)
{
    evidence_from from;
    s->k->err = (vg_err){0};
    unlink(s->path);
    assert_int_equal(evidence_from_core(s->k->core, who, &from, &s->k->err), VG_OK);
    const vg_status st = evidence_make(&from, ask, s->path, made, &s->k->err);
    evidence_from_done(&from);
    if (st != VG_OK) {
        print_message("made: %s %s\n", s->k->err.key ? s->k->err.key : "", s->k->err.detail);
    }
    return st;
}

static bool holds(const char *path, const char *text)
{
    evidence_files f = {0};
    vg_err err = {0};
    bool found = false;
    assert_int_equal(evidence_read(path, &f, &err), VG_OK);
    for (size_t i = 0; i < f.n; i++) {
        found =
            found || (f.v[i].bytes.n && memmem(f.v[i].bytes.p, f.v[i].bytes.n, text, strlen(text)));
    }
    evidence_files_done(&f);
    return found;
}

static void own_key(scene *s, unsigned char seed[32], unsigned char key[32])
{
    vg_core_key(s->k->core, "seal", seed);
    vg_journal_public_key(seed, key);
}

static void a_bundle_proves_itself(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.incident = s.incident, .reason = "YC 12"};
    evidence_made made;
    evidence_report r;
    unsigned char seed[32], key[32], other[32] = {1};
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    own_key(&s, seed, key);
    assert_int_equal(evidence_check(s.path, key, &r, &k->err), VG_OK);
    assert_int_equal(evidence_check(s.path, NULL, &r, &k->err), VG_OK);
    assert_true(r.events >= 5 && r.events == made.events);
    assert_true(r.withheld >= 2 && r.withheld == made.withheld);
    assert_int_equal(r.pictures, 1);
    assert_true(r.seals >= 1 && r.n_last >= 1);
    assert_string_equal(made.number, "VV-NH-0001");
    assert_true(holds(s.path, "đã đến nơi"));
    assert_true(holds(s.path, "\"incident\":\""));
    assert_true(holds(s.path, "vault_alarm"));
    assert_false(holds(s.path, HIDDEN));
    assert_int_equal(evidence_check(s.path, other, &r, &k->err), VG_ECORRUPT);
    assert_string_equal(k->err.key, "evidence.other_key");
    assert_int_equal(make_as(&s, s.bank, &(evidence_ask){.incident = k->site}, &made),
                     VG_ENOTFOUND);
    kit_done(k);
}

static void what_was_made_is_journaled(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.incident = s.incident, .reason = "YC 12"};
    evidence_made made;
    vg_buf args;
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    vg_buf_init(&args, 8192);
    evidence_note(&ask, &made, &args);
    assert_int_equal(kit_run_as(k, s.bank, "evidence.note", vg_buf_z(&args)), VG_OK);
    vg_buf_done(&args);
    assert_non_null(strstr(kit_list(k, s.bank, "evidence_bundles"), made.hash));
    assert_non_null(strstr(k->text, "\"reason\":\"YC 12\""));
    assert_null(strstr(kit_list(k, s.police, "evidence_bundles"), made.hash));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'evidence.made'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// A stretch of the log: the bank sees its own, the police theirs, the local operator all of it.
static void each_sees_his_own(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    vg_principal local = {.kind = VG_P_LOCAL};
    const evidence_ask ask = {.log = s.log, .from = 1, .to = 1000};
    evidence_made made;
    evidence_report r;
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    assert_true(made.withheld > 0);
    assert_int_equal(evidence_check(s.path, NULL, &r, &k->err), VG_OK);
    assert_int_equal(r.personal, 1);
    assert_true(holds(s.path, NAME));
    assert_false(holds(s.path, HIDDEN) || holds(s.path, "Trần Thử"));
    assert_int_equal(make_as(&s, s.police, &ask, &made), VG_OK);
    assert_true(holds(s.path, HIDDEN) && holds(s.path, "Trần Thử"));
    assert_false(holds(s.path, NAME) || holds(s.path, "Trưởng kho"));
    assert_int_equal(make_as(&s, &local, &ask, &made), VG_OK);
    assert_int_equal(made.withheld, 0);
    assert_true(holds(s.path, HIDDEN) && holds(s.path, NAME));
    vg_principal_done(&local);
    kit_done(k);
}

static void who_may(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    vg_principal *own = kit_user(k, "own", k->bank, "duty_officer", k->site);
    vg_principal *auditor = kit_user(k, "auditor", k->bank, "auditor", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    const evidence_ask ask = {.incident = s.incident}, none = {.incident = k->site};
    assert_int_equal(evidence_may(k->core, s.bank, &ask, &k->err), VG_OK);
    assert_int_equal(evidence_may(k->core, own, &ask, &k->err), VG_OK);
    assert_int_equal(evidence_may(k->core, auditor, &ask, &k->err), VG_OK);
    assert_int_equal(evidence_may(k->core, guard, &ask, &k->err), VG_EDENIED);
    assert_int_equal(evidence_may(k->core, s.police, &ask, &k->err), VG_EDENIED);  // not his own
    assert_int_equal(evidence_may(k->core, s.bank, &none, &k->err), VG_ENOTFOUND);
    kit_done(k);
}

// --- changed bundles --------------------------------------------------------------------------------
static vg_status check_files_of(const evidence_files *f, const char *path, vg_err *err)
{
    evidence_report r;
    unlink(path);
    assert_int_equal(evidence_write(f, path, err), VG_OK);
    *err = (vg_err){0};
    return evidence_check(path, NULL, &r, err);
}

static void any_byte_of_any_file(void **state)
{
    (void)state;
    scene s = make_scene();
    vg_prop prop = vg_prop_seed("evidence");
    evidence_made made;
    evidence_files f = {0};
    vg_err err = {0};
    char path[140];
    assert_int_equal(
        make_as(&s, s.bank, &(evidence_ask){.log = s.log, .from = 1, .to = 1000}, &made), VG_OK);
    assert_int_equal(evidence_read(s.path, &f, &err), VG_OK);
    snprintf(path, sizeof path, "%s/changed.zip", s.k->dir);
    assert_int_equal(check_files_of(&f, path, &err), VG_OK);  // packed anew
    for (size_t i = 0; i < f.n; i++) {
        vg_buf *b = &f.v[i].bytes;
        for (int n = 0; b->n && n < 25; n++) {
            const size_t at = vg_prop_below(&prop, b->n);
            const char bit = (char)(1 << vg_prop_below(&prop, 8));
            b->p[at] ^= bit;
            if (check_files_of(&f, path, &err) != VG_ECORRUPT || !err.key) {
                fail_msg("%s: byte %zu, bit %d went unnoticed", f.v[i].name, at, bit);
            }
            b->p[at] ^= bit;
        }
    }
    evidence_files_done(&f);
    kit_done(s.k);
}

static bool same_files(const evidence_files *a, const char *path)
{
    evidence_files b = {0};
    bool same = evidence_read(path, &b, NULL) == VG_OK && a->n == b.n;
    for (size_t i = 0; same && i < b.n; i++) {
        const evidence_file *x = evidence_file_of(a, vg_str_c(b.v[i].name));
        same = x && vg_str_eq(vg_buf_str(&x->bytes), vg_buf_str(&b.v[i].bytes));
    }
    evidence_files_done(&b);
    return same;
}

// Of the ZIP around them: found, or without meaning (a time in the directory).
static void any_byte_of_the_zip(void **state)
{
    (void)state;
    scene s = make_scene();
    vg_prop prop = vg_prop_seed("evidence-zip");
    evidence_made made;
    evidence_files f = {0};
    evidence_report r;
    char path[140], *bytes = vg_alloc(1 << 20);
    assert_int_equal(make_as(&s, s.bank, &(evidence_ask){.incident = s.incident}, &made), VG_OK);
    assert_int_equal(evidence_read(s.path, &f, NULL), VG_OK);
    FILE *in = fopen(s.path, "rb");
    const size_t n = fread(bytes, 1, 1 << 20, in);
    fclose(in);
    snprintf(path, sizeof path, "%s/changed.zip", s.k->dir);
    for (int i = 0; i < 300; i++) {
        const size_t at = vg_prop_below(&prop, n);
        const char bit = (char)(1 << vg_prop_below(&prop, 8));
        bytes[at] ^= bit;
        FILE *out = fopen(path, "wb");
        assert_int_equal(fwrite(bytes, 1, n, out), n);
        fclose(out);
        if (evidence_check(path, NULL, &r, NULL) == VG_OK && !same_files(&f, path)) {
            fail_msg("byte %zu of the ZIP, bit %d: other contents pass", at, bit);
        }
        bytes[at] ^= bit;
    }
    free(bytes);
    evidence_files_done(&f);
    kit_done(s.k);
}

// --- forgers with a key ----------------------------------------------------------------------------
static void put_hash(json_t *o, vg_str bytes)
{
    unsigned char hash[VG_HASH_BYTES];
    char hex[2 * VG_HASH_BYTES + 1];
    vg_hash(bytes.p, bytes.n, hash);
    vg_hex(hash, sizeof hash, hex);
    json_object_set_new(o, "hash", json_string(hex));
    json_object_set_new(o, "size", json_integer((json_int_t)bytes.n));
}

// The manifest says what the files are now, and is signed with this seed.
static void sign_anew(evidence_files *f, const unsigned char seed[32])
{
    unsigned char key[32], secret[64], sig[64], msg[64];
    char hex[130];
    json_t *m, *one;
    size_t i;
    evidence_file *manifest = evidence_file_of(f, VG_S(EVIDENCE_MANIFEST)),
                  *signature = evidence_file_of(f, VG_S(EVIDENCE_SIGNATURE));
    assert_int_equal(vg_json_parse(vg_buf_str(&manifest->bytes), 1 << 20, &m, NULL), VG_OK);
    json_array_foreach(json_object_get(m, "files"), i, one)
    {
        const evidence_file *x =
            evidence_file_of(f, vg_str_c(json_string_value(json_object_get(one, "name"))));
        put_hash(one, vg_buf_str(&x->bytes));
    }
    crypto_sign_seed_keypair(key, secret, seed);
    vg_hex(key, sizeof key, hex);
    json_object_set_new(m, "key", json_string(hex));
    char *text = json_dumps(m, JSON_COMPACT);
    vg_buf_reset(&manifest->bytes);
    vg_buf_c(&manifest->bytes, text);
    crypto_sign_detached(sig, NULL, msg, evidence_message(vg_buf_str(&manifest->bytes), msg),
                         secret);
    vg_hex(sig, sizeof sig, hex);
    vg_buf_reset(&signature->bytes);
    vg_buf_f(&signature->bytes, "%s\n", hex);
    free(text);
    json_decref(m);
}

static void edit(evidence_files *f, const char *name, const char *from, const char *to)
{
    vg_buf *b = &evidence_file_of(f, vg_str_c(name))->bytes, out;
    const char *at = memmem(b->p, b->n, from, strlen(from));
    assert_non_null(at);
    vg_buf_init(&out, 1 << 20);
    vg_buf_add(&out, b->p, (size_t)(at - b->p));
    vg_buf_c(&out, to);
    vg_buf_add(&out, at + strlen(from), b->n - (size_t)(at - b->p) - strlen(from));
    vg_buf_done(b);
    *b = out;
}

// The n-th line of the chain that begins so, with its line feed; returned as a text of its own.
static char *chain_line(const evidence_files *f, const char *begins, int n)
{
    const vg_buf *b = &evidence_file_of(f, VG_S(EVIDENCE_CHAIN))->bytes;
    for (const char *p = b->p; p < b->p + b->n;) {
        const char *end = memchr(p, '\n', (size_t)(b->p + b->n - p));
        assert_non_null(end++);
        if (strncmp(p, begins, strlen(begins)) == 0 && n-- == 0) {
            char *line = vg_alloc((size_t)(end - p) + 1);
            memcpy(line, p, (size_t)(end - p));
            return line;
        }
        p = end;
    }
    fail_msg("no line %s", begins);
    return NULL;
}

static void swap_leaves(evidence_files *f)
{
    char *a = chain_line(f, "{\"leaf\"", 0), *b = chain_line(f, "{\"leaf\"", 1);
    edit(f, EVIDENCE_CHAIN, a, "?");
    edit(f, EVIDENCE_CHAIN, b, a);
    edit(f, EVIDENCE_CHAIN, "?", b);
    free(a);
    free(b);
}

static void drop_leaf(evidence_files *f)
{
    char *a = chain_line(f, "{\"leaf\"", 0);
    edit(f, EVIDENCE_CHAIN, a, "");
    free(a);
}

static void other_leaf(evidence_files *f)
{
    char *a = chain_line(f, "{\"leaf\"", 0), *b = vg_strdup(a);
    b[12] = b[12] == 'a' ? 'b' : 'a';
    edit(f, EVIDENCE_CHAIN, a, b);
    free(a);
    free(b);
}

// As if an event of ours stood where the withheld one does.
static void hide_one(evidence_files *f)
{
    char *a = chain_line(f, "{\"event\"", 1), *b = chain_line(f, "{\"leaf\"", 0);
    edit(f, EVIDENCE_CHAIN, a, b);
    free(a);
    free(b);
}

static void drop_seals(evidence_files *f)
{
    vg_buf *b = &evidence_file_of(f, VG_S(EVIDENCE_CHAIN))->bytes;
    const char *last = b->p + b->n - 1;
    while (last > b->p && last[-1] != '\n') {
        last--;
    }
    assert_int_equal(strncmp(last, "{\"seal\"", 7), 0);
    b->n = (size_t)(last - b->p);
}

static void other_time(evidence_files *f)
{
    edit(f, EVIDENCE_LINES, "\"at\":\"2", "\"at\":\"1");
}

static void other_words(evidence_files *f)
{
    edit(f, EVIDENCE_LINES, "đã đến nơi", "chưa đến nơi");
}

static void other_name(evidence_files *f)
{
    edit(f, EVIDENCE_LINES, NAME, "Lê Văn Khác");
}

static void other_picture(evidence_files *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (strncmp(f->v[i].name, "objects/", 8) == 0) {
            f->v[i].bytes.p[5] ^= 1;
        }
    }
}

static void a_key_does_not_help(void **state)
{
    (void)state;
    static const struct {
        void (*change)(evidence_files *f);
        const char *key;
    } cases[] = {{swap_leaves, "evidence.bad_chain"},
                 {drop_leaf, NULL},
                 {other_leaf, "evidence.bad_chain"},
                 {hide_one, NULL},
                 {drop_seals, NULL},
                 {other_time, "evidence.bad_event"},
                 {other_words, "evidence.bad_chain"},
                 {other_name, "evidence.bad_event"},
                 {other_picture, "evidence.bad_picture"}};
    scene s = make_scene();
    evidence_made made;
    unsigned char seed[32], key[32];
    const unsigned char forger[32] = {9};
    char path[140];
    vg_err err = {0};
    snprintf(path, sizeof path, "%s/forged.zip", s.k->dir);
    own_key(&s, seed, key);
    assert_int_equal(
        make_as(&s, s.bank, &(evidence_ask){.log = s.log, .from = 1, .to = 1000}, &made), VG_OK);
    for (size_t i = 0; i <= VG_LEN(cases); i++) {
        evidence_files f = {0};
        assert_int_equal(evidence_read(s.path, &f, &err), VG_OK);
        if (i == VG_LEN(cases)) {  // nothing changed, another's key: the seals are not his
            sign_anew(&f, forger);
            assert_int_equal(check_files_of(&f, path, &err), VG_ECORRUPT);
            assert_string_equal(err.key, "evidence.bad_seal");
            sign_anew(&f, seed);
            assert_int_equal(check_files_of(&f, path, &err), VG_OK);
        } else {
            cases[i].change(&f);
            sign_anew(&f, seed);
            if (check_files_of(&f, path, &err) != VG_ECORRUPT || !err.key ||
                (cases[i].key && strcmp(err.key, cases[i].key) != 0)) {
                fail_msg("case %zu: %s %s", i, err.key ? err.key : "unnoticed", err.detail);
            }
        }
        evidence_files_done(&f);
    }
    kit_done(s.k);
}

// --- another node key -----------------------------------------------------------------------------
// Of the manifest: the member goes, and the signature is right again.
static void without(evidence_files *f, const char *member, const unsigned char seed[32])
{
    json_t *m;
    evidence_file *manifest = evidence_file_of(f, VG_S(EVIDENCE_MANIFEST));
    assert_int_equal(vg_json_parse(vg_buf_str(&manifest->bytes), 1 << 20, &m, NULL), VG_OK);
    if (strcmp(member, "rotations") == 0) {
        assert_int_equal(json_object_del(m, member), 0);
    } else {
        json_t *first = json_array_get(json_object_get(m, "rotations"), 0);
        char hex[129] = "";
        snprintf(hex, sizeof hex, "%s", json_string_value(json_object_get(first, member)));
        hex[5] = hex[5] == '0' ? '1' : '0';
        json_object_set_new(first, member, json_string(hex));
    }
    char *text = json_dumps(m, JSON_COMPACT);
    vg_buf_reset(&manifest->bytes);
    vg_buf_c(&manifest->bytes, text);
    free(text);
    json_decref(m);
    sign_anew(f, seed);
}

static void a_bundle_over_a_change_of_key(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.log = s.log, .from = 1, .to = 1000};
    evidence_made made;
    evidence_report r;
    unsigned char seed[32], old[32], key[32], told[32];
    char before[140];
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    snprintf(before, sizeof before, "%s/before.zip", k->dir);
    assert_int_equal(rename(s.path, before), 0);
    own_key(&s, seed, old);
    kit_close(k);
    assert_int_equal(vg_core_rotate(k->dir, told, &k->err), VG_OK);
    kit_reopen(k);
    kit_do(k, "desk.log", "{\"id\":\"%s\",\"text\":\"sau khi thay khóa\",\"kind\":\"note\"}",
           s.incident);
    own_key(&s, seed, key);
    assert_memory_equal(key, told, sizeof key);
    assert_memory_not_equal(key, old, sizeof key);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    assert_int_equal(evidence_check(s.path, key, &r, &k->err), VG_OK);
    assert_int_equal(r.pictures, 1);  // named under a key that is kept
    assert_int_equal(r.personal, 1);
    assert_true(holds(s.path, "\"rotations\""));
    assert_int_equal(evidence_check(before, old, &r, &k->err), VG_OK);
    assert_int_equal(evidence_check(before, key, &r, &k->err), VG_ECORRUPT);
    static const char *const PARTS[] = {"rotations", "old", "new", "heads", "by_old", "by_new"};
    for (size_t i = 0; i < VG_LEN(PARTS); i++) {
        char path[140];
        vg_err err = {0};
        evidence_files f = {0};
        snprintf(path, sizeof path, "%s/changed.zip", k->dir);
        assert_int_equal(evidence_read(s.path, &f, &err), VG_OK);
        without(&f, PARTS[i], seed);
        assert_int_equal(check_files_of(&f, path, &err), VG_ECORRUPT);
        assert_string_equal(err.key, i ? "evidence.bad_rotation" : "evidence.bad_seal");
        evidence_files_done(&f);
    }
    kit_same_after_rebuild(k);
    kit_done(k);
}

// --- against cards that others kept -----------------------------------------------------------------
static void card_into(kit *k, const char *path)
{
    char card[VG_ANCHOR_TEXT];
    kit_do(k, "core.anchor", "{}");
    kit_member(k, "card", card, sizeof card);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fprintf(f, "của nút tỉnh\n%s\n", card) > 0);
    assert_int_equal(fclose(f), 0);
}

// A card of this node, signed by it, of a history that is not this one.
static void forged_card(scene *s, const char *path, int64_t at_us)
{
    unsigned char seed[32], key[32], secret[64], msg[47] = "vganch1", sig[64];
    char k[65], d[65], g[129];
    own_key(s, seed, key);
    memset(msg + 7, 7, 32);
    for (int i = 0; i < 8; i++) {
        msg[39 + i] = (unsigned char)((uint64_t)at_us >> (8 * i));
    }
    crypto_sign_seed_keypair(key, secret, seed);
    crypto_sign_detached(sig, NULL, msg, sizeof msg, secret);
    vg_hex(key, 32, k);
    vg_hex(msg + 7, 32, d);
    vg_hex(sig, 64, g);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fprintf(f, "vonggac-anchor 1 %s %s %lld %s\n", k, d, (long long)at_us, g) > 0);
    assert_int_equal(fclose(f), 0);
}

static void cards_agree_or_contradict_or_say_nothing(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.log = s.log, .from = 1, .to = 1000};
    evidence_made made;
    evidence_report r;
    char dir[140], one[180], late[180], forged[180];
    snprintf(dir, sizeof dir, "%s/cards", k->dir);
    snprintf(one, sizeof one, "%s/one", dir);
    snprintf(late, sizeof late, "%s/late", dir);
    snprintf(forged, sizeof forged, "%s/forged", dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    card_into(k, late);  // after the bundle: says nothing of it
    assert_int_equal(evidence_check_anchors(s.path, NULL, dir, &r, &k->err), VG_OK);
    assert_int_equal(r.cards, 1);
    assert_int_equal(r.holding + r.covered, 0);
    assert_int_equal(evidence_check_anchors(s.path, NULL, forged, &r, &k->err), VG_ENOTFOUND);
    // what is before a card is covered, what is after it is not
    assert_int_equal(rename(late, one), 0);
    kit_do(k, "desk.log", "{\"id\":\"%s\",\"text\":\"sau thẻ neo\",\"kind\":\"note\"}", s.incident);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    assert_int_equal(evidence_check_anchors(s.path, NULL, one, &r, &k->err), VG_OK);
    assert_int_equal(r.holding, 1);
    assert_true(r.covered > 0 && r.covered < r.events);
    // a bundle of what was before reaches on to the next card
    card_into(k, late);
    assert_int_equal(make_as(&s, s.bank, &(evidence_ask){.log = s.log, .from = 1, .to = 2}, &made),
                     VG_OK);
    assert_int_equal(evidence_check_anchors(s.path, NULL, dir, &r, &k->err), VG_OK);
    assert_true(r.events > 0 && r.covered == r.events);
    assert_int_equal(r.cards, 2);
    // a card of another history, from the bundle's time, contradicts; from before it, it says nothing
    usleep(2100 * 1000);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    forged_card(&s, forged, r.first_us + 1);
    assert_int_equal(evidence_check_anchors(s.path, NULL, dir, &r, &k->err), VG_ECORRUPT);
    assert_string_equal(k->err.key, "evidence.anchor_lacks");
    assert_non_null(strstr(k->err.detail, "forged"));
    forged_card(&s, forged, 1000);
    assert_int_equal(evidence_check_anchors(s.path, NULL, dir, &r, &k->err), VG_OK);
    assert_int_equal(r.holding, 2);
    kit_done(k);
}

// Whoever makes a bundle of another history cannot prove its place with the old card: with the node's own key, too.
static void a_proof_of_another_place(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.log = s.log, .from = 1, .to = 1000};
    evidence_made made;
    evidence_files f = {0};
    vg_err err = {0};
    unsigned char seed[32], key[32];
    char path[140], card[180];
    snprintf(path, sizeof path, "%s/changed.zip", k->dir);
    snprintf(card, sizeof card, "%s/card", k->dir);
    own_key(&s, seed, key);
    card_into(k, card);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    assert_int_equal(evidence_read(s.path, &f, &err), VG_OK);
    vg_buf *b = &evidence_file_of(&f, VG_S(EVIDENCE_ANCHORS))->bytes;
    char *hash = memmem(b->p, b->n, "\"hash\":\"", 8);
    assert_non_null(hash);
    hash[8] = hash[8] == '0' ? '1' : '0';
    sign_anew(&f, seed);
    assert_int_equal(check_files_of(&f, path, &err), VG_ECORRUPT);
    assert_string_equal(err.key, "evidence.anchor_differs");
    evidence_files_done(&f);
    kit_done(k);
}

// --- erasing ----------------------------------------------------------------------------------------
static void proven(kit *k)
{
    vg_db *db;
    vg_verify_report rep;
    unsigned char seed[32], key[32];
    vg_core_key(k->core, "seal", seed);
    vg_journal_public_key(seed, key);
    assert_int_equal(vg_inner_take(k->core, &db, &k->err), VG_OK);
    assert_int_equal(vg_journal_verify(db, key, &rep, &k->err), VG_OK);
    vg_inner_give(k->core, db);
}

static void erasing_a_person(void **state)
{
    (void)state;
    scene s = make_scene();
    kit *k = s.k;
    const evidence_ask ask = {.log = s.log, .from = 1, .to = 1000};
    evidence_made made;
    evidence_report r;
    char before[140];
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    snprintf(before, sizeof before, "%s/before.zip", k->dir);
    assert_int_equal(rename(s.path, before), 0);
    assert_int_equal(made.erased, 0);
    kit_do(k, "core.forget", "{\"person\":\"%s\",\"reason\":\"theo yêu cầu\"}", s.contact);
    kit_wait(k, "SELECT count(*) FROM contact WHERE state = 'removed'", 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM contact_card WHERE name = '" NAME "'"), 0);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'core.person_erased'"), 1);
    proven(k);
    kit_same_after_rebuild(k);
    assert_int_equal(evidence_check(before, NULL, &r, &k->err), VG_OK);
    assert_int_equal(r.personal, 1);
    assert_int_equal(make_as(&s, s.bank, &ask, &made), VG_OK);
    assert_int_equal(made.erased, 1);
    assert_int_equal(evidence_check(s.path, NULL, &r, &k->err), VG_OK);
    assert_int_equal(r.personal, 0);
    assert_int_equal(r.erased, 1);
    assert_true(holds(s.path, "\"erased\":true"));
    assert_false(holds(s.path, NAME));
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bundle_proves_itself),
        cmocka_unit_test(what_was_made_is_journaled),
        cmocka_unit_test(each_sees_his_own),
        cmocka_unit_test(who_may),
        cmocka_unit_test(any_byte_of_any_file),
        cmocka_unit_test(any_byte_of_the_zip),
        cmocka_unit_test(a_key_does_not_help),
        cmocka_unit_test(a_bundle_over_a_change_of_key),
        cmocka_unit_test(cards_agree_or_contradict_or_say_nothing),
        cmocka_unit_test(a_proof_of_another_place),
        cmocka_unit_test(erasing_a_person),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
