// SPDX-License-Identifier: Apache-2.0
// The witness's reader: every seal once, in order, from where it was left; what may not leave stays.
#include "core/witness.h"

#include "core/core_kit_test.h"
#include "core/link.h"

typedef struct rig {
    node *node;
    vg_arena *a;
    vg_witness_line *v;
    size_t n;
} rig;

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    *r = (rig){.node = node_create(), .a = vg_arena_create((size_t)64 << 20)};
    node_furnish(r->node);
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    node_destroy(r->node);
    vg_arena_destroy(r->a);
    free(r);
    return 0;
}

static void read_on(rig *r)
{
    vg_err err = {0};
    if (vg_witness_read(r->node->core, "x", "", r->a, &r->v, &r->n, &err) != VG_OK) {
        fail_msg("%s", err.detail);
    }
}

static void keep(rig *r)
{
    assert_int_equal(vg_witness_keep(r->node->core, "x", r->v, r->n, NULL), VG_OK);
}

static size_t seals(const rig *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        n += r->v[i].kind == NULL;
    }
    return n;
}

// All that was written is under a seal.
static void settle(rig *r)
{
    node_until(r->node,
               "SELECT NOT EXISTS (SELECT 1 FROM log l WHERE (SELECT max(id) FROM event WHERE id >="
               " l.log << 40 AND id < (l.log + 1) << 40) > COALESCE((SELECT max(id) FROM seal WHERE"
               " id >= l.log << 40 AND id < (l.log + 1) << 40), 0))",
               1, 5000);
}

static void it_begins_with_the_heads_and_goes_on(void **state)
{
    rig *r = *state;
    settle(r);
    read_on(r);
    assert_int_equal(seals(r), (size_t)node_int(r->node, "SELECT count(*) FROM log"));
    for (size_t i = 0; i < r->n; i++) {
        if (!r->v[i].kind) {
            vg_arena *a = r->a;
            const vg_str sql =
                vg_str_f(a, "SELECT max(id) FROM seal WHERE id >> 40 = %u", r->v[i].log);
            assert_int_equal(node_int(r->node, vg_str_z(a, sql)),
                             VG_EVENT_ROWID(r->v[i].log, r->v[i].seq));
        }
    }
    const size_t before = r->n;
    read_on(r);
    assert_int_equal(r->n, before);  // not kept: told again
    keep(r);
    read_on(r);
    assert_int_equal(r->n, 0);
    assert_int_equal(node_run(r->node, "sites.zone_add",
                              "{\"site\":\"%s\",\"name\":\"Y\",\"class\":\"vault\"}",
                              r->node->site),
                     VG_OK);
    settle(r);
    read_on(r);
    assert_true(seals(r) >= 1);
}

static void a_week_away_is_caught_up(void **state)
{
    rig *r = *state;
    settle(r);
    read_on(r);
    keep(r);
    const int64_t was = node_int(r->node, "SELECT count(*) FROM seal");
    for (int i = 0; i < 600; i++) {
        assert_int_equal(node_run(r->node, "sites.zone_add",
                                  "{\"site\":\"%s\",\"name\":\"Z%d\",\"class\":\"vault\"}",
                                  r->node->site, i),
                         VG_OK);
    }
    settle(r);
    const int64_t now = node_int(r->node, "SELECT count(*) FROM seal");
    assert_true(now - was >= 2);
    int64_t seen = 0, last = 0;
    for (read_on(r); r->n; read_on(r)) {
        for (size_t i = 0; i < r->n; i++) {
            const int64_t id = VG_EVENT_ROWID(r->v[i].log, r->v[i].seq);
            assert_true(id > last || r->v[i].log != (uint32_t)(last >> 40) || r->v[i].kind == NULL);
            last = id;
            seen += r->v[i].kind == NULL;
        }
        keep(r);
        settle(r);
    }
    assert_true(seen >= now - was);  // keeping writes no event, so no more of them come
    assert_int_equal(node_int(r->node, "SELECT count(*) FROM seal"), now);
}

static void urgent_events_come_before_their_seal(void **state)
{
    rig *r = *state;
    settle(r);
    read_on(r);
    keep(r);
    char link[VG_ID_TEXT];
    assert_int_equal(
        node_run(r->node, "links.add", "{\"kind\":\"syslog\",\"name\":\"s\",\"address\":\"h:1\"}"),
        VG_OK);
    node_id(r->node, link);
    vg_link_report(r->node->core, link, "link.unreachable");
    settle(r);
    read_on(r);
    size_t at = r->n;
    for (size_t i = 0; i < r->n; i++) {
        if (r->v[i].kind && strcmp(r->v[i].kind, "links.down") == 0) {
            at = i;
            assert_string_equal(r->v[i].urgency, "attention");
        }
        assert_true(!r->v[i].kind || strcmp(r->v[i].kind, "links.added") != 0);  // "info"
    }
    assert_true(at + 1 < r->n);
    assert_true(r->v[at + 1].seq >= r->v[at].seq && r->v[at + 1].log == r->v[at].log);
}

// Another agency's measures are not for the node's witness, though their seal is.
static void what_is_not_ours_is_not_told(void **state)
{
    rig *r = *state;
    settle(r);
    read_on(r);
    keep(r);
    char link[VG_ID_TEXT];
    assert_int_equal(
        node_run(r->node, "links.add",
                 "{\"kind\":\"syslog\",\"name\":\"s\",\"address\":\"h:1\",\"site\":\"%s\"}",
                 r->node->site),
        VG_OK);
    node_id(r->node, link);
    vg_link_report(r->node->core, link, "link.unreachable");
    settle(r);
    read_on(r);
    for (size_t i = 0; i < r->n; i++) {
        assert_true(!r->v[i].kind || strcmp(r->v[i].kind, "links.down") != 0);
    }
    assert_true(seals(r) >= 1);
    assert_int_equal(vg_witness_read(r->node->core, "x", r->node->agency, r->a, &r->v, &r->n, NULL),
                     VG_OK);
    size_t found = 0;
    for (size_t i = 0; i < r->n; i++) {
        found += r->v[i].kind && strcmp(r->v[i].kind, "links.down") == 0;
    }
    assert_int_equal(found, 1);
}

// What a SIEM kept, in some export's dress, held against the journal: as it is, changed, cut.
static void write_file(rig *r, const char *path, unsigned char spoil)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("Nov 22 14:05:09 relay something else [other@1 key=\"x\"]\n", f);
    for (size_t i = 0; i < r->n; i++) {
        char hash[2 * VG_HASH_BYTES + 1], key[65];
        vg_witness_line l = r->v[i];
        l.hash[0] ^= spoil;
        vg_hex(l.hash, sizeof l.hash, hash);
        vg_hex(l.key, sizeof l.key, key);
        fprintf(f, "{\"msg\":\"[vonggac@32473 log=\\\"%u\\\" seq=\\\"%lld\\\" hash=\\\"%s\\\"",
                l.log, (long long)l.seq, hash);
        fprintf(f, l.kind ? "]\"}\n" : " key=\\\"%s\\\"]\"}\n", key);
    }
    // Another node's: same place, other key and hash.
    fprintf(f, "[vonggac@32473 log=\"1\" seq=\"1\" hash=\"%064d\" key=\"%064d\"]\n", 0, 0);
    assert_int_equal(fclose(f), 0);
}

static vg_status compare(rig *r, const unsigned char key[32], const char *path,
                         vg_witness_report *ret, vg_err *err)
{
    vg_db *db;
    assert_int_equal(vg_inner_take(r->node->core, &db, NULL), VG_OK);
    const vg_status s = vg_witness_compare(db, key, path, ret, err);
    vg_inner_give(r->node->core, db);
    return s;
}

static void what_was_kept_is_held_against_the_journal(void **state)
{
    rig *r = *state;
    char path[400];
    unsigned char key[32], other[32] = {9};
    vg_witness_report rep;
    vg_err err = {0};
    snprintf(path, sizeof path, "%s/siem.log", r->node->dir);
    settle(r);
    read_on(r);
    for (size_t i = 0; i < r->n; i++) {
        if (!r->v[i].kind) {
            memcpy(key, r->v[i].key, sizeof key);
        }
    }
    write_file(r, path, 0);
    assert_int_equal(compare(r, key, path, &rep, &err), VG_OK);
    assert_int_equal(rep.lines, seals(r));
    assert_int_equal(rep.others, 1);
    assert_int_equal(compare(r, other, path, &rep, &err), VG_ENOTFOUND);  // none of ours
    write_file(r, path, 1);
    assert_int_equal(compare(r, key, path, &rep, &err), VG_ECORRUPT);
    assert_string_equal(rep.why, "witness.differs");
    r->v[r->n - 1].seq += 1000;  // the journal was cut since
    r->v += r->n - 1;
    r->n = 1;
    write_file(r, path, 0);
    assert_int_equal(compare(r, key, path, &rep, &err), VG_ECORRUPT);
    assert_string_equal(rep.why, "witness.lacks");
    assert_int_equal(compare(r, key, "/nowhere/at/all", &rep, &err), VG_ENOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_begins_with_the_heads_and_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_week_away_is_caught_up, setup, teardown),
        cmocka_unit_test_setup_teardown(urgent_events_come_before_their_seal, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_ours_is_not_told, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_kept_is_held_against_the_journal, setup, teardown),
    };
    return cmocka_run_group_tests_name("core.witness", tests, NULL, NULL);
}
