// SPDX-License-Identifier: Apache-2.0
// The links module from outside: commands in, what is served out.
#include "core/outbox.h"
#include "domain/test_kit.h"

#define FOLDER "\"kind\":\"csv\",\"name\":\"f\",\"address\":\"nhap\""
#define BROKER "\"kind\":\"mqtt\",\"name\":\"b\",\"address\":\"127.0.0.1:1883\""

static int setup(void **state)
{
    *state = kit_world();
    return 0;
}

static int teardown(void **state)
{
    kit_done(*state);
    return 0;
}

static size_t served(kit *k, const char *kind, vg_link *first)
{
    vg_arena *a = vg_arena_create(1 << 20);
    vg_link *v = NULL;
    size_t n = 0;
    assert_int_equal(vg_links_read(k->core, kind, a, &v, &n, &k->err), VG_OK);
    if (n) {
        *first = v[0];
    }
    vg_arena_destroy(a);
    return n;
}

static void a_link_is_served_until_it_is_switched_off_or_removed(void **state)
{
    kit *k = *state;
    vg_link l;
    char id[VG_ID_TEXT];
    const uint64_t before = vg_links_generation(k->core);
    kit_do(k, "links.add", "{" BROKER ",\"site\":\"%s\",\"options\":{\"map\":\"frigate\"}}",
           k->site);
    kit_member(k, "id", id, sizeof id);
    assert_int_equal(served(k, "mqtt", &l), 1);
    assert_string_equal(l.id, id);
    assert_string_equal(l.site, k->site);
    assert_int_equal(served(k, "smtp", &l), 0);
    assert_true(vg_links_generation(k->core) > before);
    kit_do(k, "links.switch", "{\"id\":\"%s\",\"enabled\":false}", id);
    assert_int_equal(served(k, "mqtt", &l), 0);
    kit_do(k, "links.switch", "{\"id\":\"%s\",\"enabled\":true}", id);
    assert_int_equal(served(k, "mqtt", &l), 1);
    kit_do(k, "links.remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(served(k, "mqtt", &l), 0);
}

static void a_secret_is_kept_in_the_vault_and_goes_with_its_link(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT];
    vg_str secret;
    vg_arena *a = vg_arena_create(1 << 20);
    kit_do(k, "links.add",
           "{\"kind\":\"smtp\",\"name\":\"m\",\"address\":\"mail.invalid:587\",\"secret\":\"hush-"
           "hush\","
           "\"options\":{\"from\":\"a@b.invalid\"}}");
    kit_member(k, "id", id, sizeof id);
    assert_int_equal(vg_link_secret(k->core, a, id, &secret, &k->err), VG_OK);
    assert_true(vg_str_eqc(secret, "hush-hush"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE body LIKE '%%hush%%'"), 0);
    kit_do(k, "links.remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(vg_link_secret(k->core, a, id, &secret, &k->err), VG_ENOTFOUND);
    vg_arena_destroy(a);
}

static void only_changes_of_state_are_events(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT];
    kit_do(k, "links.add", "{" BROKER ",\"site\":\"%s\",\"options\":{\"map\":\"frigate\"}}",
           k->site);
    kit_member(k, "id", id, sizeof id);
    const uint64_t generation = vg_links_generation(k->core);
    for (int i = 0; i < 3; i++) {
        vg_link_report(k->core, id, "link.unreachable");
    }
    vg_link_report(k->core, id, "link.bad_login");
    vg_link_report(k->core, id, NULL);
    vg_link_report(k->core, id, NULL);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'links.down'"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'links.up'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM link WHERE state = 'up'"), 1);
    assert_true(vg_links_generation(k->core) == generation);
}

static size_t due(kit *k, const char *link, vg_arena *a, vg_parcel **ret)
{
    size_t n = 0;
    int64_t next;
    assert_int_equal(vg_outbox_take(k->core, link, a, ret, &n, &next, &k->err), VG_OK);
    return n;
}

static void settle(kit *k, int64_t number, const char *problem, bool for_good)
{
    const vg_parcel_result r = {number, problem, for_good};
    assert_int_equal(vg_outbox_settle(k->core, &r, 1, &k->err), VG_OK);
}

static void a_parcel_is_sent_once_or_tried_again_later(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT];
    vg_parcel *p = NULL;
    vg_arena *a = vg_arena_create(1 << 22);
    kit_do(k, "links.add", "{" BROKER ",\"site\":\"%s\",\"options\":{\"map\":\"frigate\"}}",
           k->site);
    kit_member(k, "id", id, sizeof id);
    kit_do(k, "links.try", "{\"id\":\"%s\"}", id);
    kit_do(k, "links.try", "{\"id\":\"%s\"}", id);
    kit_do(k, "links.try", "{\"id\":\"%s\"}", id);
    assert_int_equal(due(k, id, a, &p), 3);
    const int64_t number[] = {p[0].number, p[1].number, p[2].number};
    assert_true(number[0] < number[1] && number[1] < number[2]);
    settle(k, number[0], NULL, false);
    settle(k, number[0], NULL, false);  // told twice: harmless
    settle(k, number[1], "link.unreachable", false);
    settle(k, number[2], "link.refused", true);
    assert_int_equal(due(k, id, a, &p), 0);  // the second waits for its next try
    kit_close(k);
    kit_reopen(k);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM outbox WHERE attempts = 1"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'core.sent'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'core.send_failed'"), 1);
    kit_do(k, "links.remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM outbox"), 0);
    vg_arena_destroy(a);
}

typedef struct slip {
    const char *args, *field;
} slip;

static void mistakes_name_the_field(void **state)
{
    static const slip slips[] = {
        {"{\"kind\":\"mqtt\",\"name\":\"b\",\"address\":\"127.0.0.1\"}", "address"},
        {"{\"kind\":\"mqtt\",\"name\":\"b\",\"address\":\"a b:1\"}", "address"},
        {"{\"kind\":\"sms\",\"name\":\"b\",\"address\":\"/etc/passwd\"}", "address"},
        {"{\"kind\":\"sms\",\"name\":\"b\",\"address\":\"../x\"}", "address"},
        {"{\"kind\":\"webhook_out\",\"name\":\"b\",\"address\":\"ftp://x\"}", "address"},
        {"{" BROKER "}", "map"},
        {"{" BROKER ",\"options\":{\"map\":\"frigate\",\"topik\":\"x\"}}", "topik"},
        {"{" BROKER ",\"options\":{\"map\":\"frigate\"}}", "site"},
        {"{" BROKER ",\"options\":{\"map\":\"generic\"}}", "rules"},
        {"{" BROKER ",\"options\":{\"map\":\"frigate\",\"scope\":\"Cổng\"}}", "scope"},
        {"{" BROKER
         ",\"options\":{\"map\":\"generic\",\"rules\":[{\"topic\":\"a/#/b\",\"device\":1,"
         "\"kind\":\"smoke\"}]}}",
         "rules[0].topic"},
        {"{" BROKER ",\"options\":{\"map\":\"generic\",\"rules\":[{\"topic\":\"a/+\",\"device\":2,"
         "\"kind\":\"smoke\"},{\"topic\":\"a\",\"device\":1,\"is\":\"greater\",\"value\":\"x\","
         "\"kind\":\"heat\"}]}}",
         "rules[1].value"},
        {"{" FOLDER
         ",\"options\":{\"source\":\"0123456789abcdef\",\"columns\":{\"kind\":{\"column\":"
         "\"A\",\"map\":{\"x\":\"smoek\"}}}}}",
         "columns.kind"},
        {"{" FOLDER ",\"options\":{\"source\":\"0123456789abcdef\",\"columns\":{\"text\":2}}}",
         "columns.kind"},
    };
    kit *k = *state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        assert_int_equal(kit_try(k, NULL, "links.add", "%s", slips[i].args), VG_EINVALID);
        assert_string_equal(k->err.field, slips[i].field);
    }
}

static int64_t to_confirm(kit *k, const char *what)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM permission_change WHERE what LIKE '%s' AND state = 'open'",
             what);
    return kit_int(k, sql);
}

// A link that sends is looked at by another: made, turned elsewhere, switched on. Not one that only reads, nor what
// takes away.
static void what_goes_out_is_looked_at_by_another(void **state)
{
    kit *k = *state;
    char id[VG_ID_TEXT], change[VG_ID_TEXT];
    vg_principal *admin = kit_user(k, "lq", k->bank, "site_commander", "");
    vg_principal *auditor = kit_user(k, "lt", k->bank, "auditor", "");
    vg_principal *stranger = kit_user(k, "la", k->police, "auditor", "");
    assert_int_equal(kit_try(k, admin, "links.add",
                             "{" BROKER ",\"site\":\"%s\",\"options\":{\"map\":\"frigate\"}}",
                             k->site),
                     VG_OK);
    assert_int_equal(to_confirm(k, "%"), 0);
    assert_int_equal(kit_try(k, admin, "links.add",
                             "{\"kind\":\"webhook_out\",\"name\":\"Trung tâm\",\"site\":\"%s\","
                             "\"address\":\"https://tt.invalid/a\"}",
                             k->site),
                     VG_OK);
    kit_member(k, "id", id, sizeof id);
    assert_int_equal(to_confirm(k, "links.added"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM deadline WHERE kind = 'accounts.change'"), 1);
    kit_id(k, id);
    snprintf(change, sizeof change, "%s", kit_text(k, "SELECT id FROM permission_change"));
    // a name, a switch off: nothing goes anywhere new
    kit_try(k, admin, "links.update", "{\"id\":\"%s\",\"name\":\"Trung tâm 2\"}", id);
    kit_try(k, admin, "links.update", "{\"id\":\"%s\",\"address\":\"https://tt.invalid/a\"}", id);
    kit_try(k, admin, "links.switch", "{\"id\":\"%s\",\"enabled\":false}", id);
    kit_try(k, admin, "links.update", "{\"id\":\"%s\",\"address\":\"https://x.invalid/b\"}", id);
    assert_int_equal(to_confirm(k, "links.changed"), 0);
    kit_try(k, admin, "links.switch", "{\"id\":\"%s\",\"enabled\":true}", id);
    assert_int_equal(to_confirm(k, "links.changed"), 1);
    kit_try(k, admin, "links.update", "{\"id\":\"%s\",\"address\":\"https://x.invalid/c\"}", id);
    assert_int_equal(to_confirm(k, "links.changed"), 2);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM permission_change WHERE detail LIKE"
                                " 'https://x.invalid/%'"),
                     2);
    assert_int_equal(kit_try(k, admin, "links.remove", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(to_confirm(k, "%"), 3);
    const char *confirm = "accounts.change_confirm";
    assert_int_equal(kit_try(k, stranger, confirm, "{\"id\":\"%s\"}", change), VG_ENOTFOUND);
    assert_null(strstr(kit_list(k, stranger, "permission_changes"), "tt.invalid"));
    assert_non_null(strstr(kit_list(k, auditor, "permission_changes"), "https://tt.invalid/a"));
    assert_int_equal(kit_try(k, auditor, confirm, "{\"id\":\"%s\"}", change), VG_OK);
    assert_int_equal(to_confirm(k, "%"), 2);
    kit_same_after_rebuild(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_link_is_served_until_it_is_switched_off_or_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_secret_is_kept_in_the_vault_and_goes_with_its_link, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(only_changes_of_state_are_events, setup, teardown),
        cmocka_unit_test_setup_teardown(a_parcel_is_sent_once_or_tried_again_later, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(mistakes_name_the_field, setup, teardown),
        cmocka_unit_test_setup_teardown(what_goes_out_is_looked_at_by_another, setup, teardown),
    };
    return cmocka_run_group_tests_name("domain.links", tests, NULL, NULL);
}
