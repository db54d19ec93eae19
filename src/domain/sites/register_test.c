// SPDX-License-Identifier: Apache-2.0
// The register of a site: where it lies, whose part it is, what a post overlooks, and who may know of which fixture.
#include "domain/test_kit.h"

static void a_site_says_where_it_lies(void **state)
{
    (void)state;
    kit *k = kit_world();
    char branch[VG_ID_TEXT];
    static const char change[] = "{\"id\":\"%s\",\"%s\":\"%s\"}";
    kit_do(k, "sites.site_update", change, k->site, "place", "25@2025-07-01");
    assert_non_null(strstr(kit_list(k, NULL, "sites"), "\"place_name\":\"Tỉnh Phú Thọ\""));
    assert_int_equal(kit_try(k, NULL, "sites.site_update", change, k->site, "place", "99@"),
                     VG_EINVALID);
    kit_do(
        k, "sites.site_add",
        "{\"code\":\"PGD\",\"name\":\"Phòng giao dịch\",\"kind\":\"state_bank\",\"agency\":\"%s\","
        "\"part_of\":\"%s\",\"host_unit\":\"Phòng Kế toán\",\"field\":\"economy\",\"ground\":"
        "\"valuable_assets\",\"asset_class\":\"money\"}",
        k->bank, k->site);
    kit_id(k, branch);
    assert_non_null(strstr(kit_list(k, NULL, "sites"), "\"part_of_name\":\"Chi nhánh\""));
    assert_int_equal(kit_try(k, NULL, "sites.site_update", change, k->site, "part_of", branch),
                     VG_EINVALID);
    assert_string_equal(k->err.key, "sites.part_of_itself");
    assert_int_equal(kit_try(k, NULL, "sites.site_update", change, k->site, "part_of", k->site),
                     VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_fixture_is_known_by_what_it_is(void **state)
{
    (void)state;
    kit *k = kit_world();
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    vg_principal *police = kit_user(k, "duty", k->police, "duty_officer", "");
    vg_principal *guard = kit_user(k, "guard", k->bank, "guard", k->site);
    static const struct {
        const char *kind;
        bool partner, guard;
    } kinds[] = {{"store", false, false},
                 {"camera", false, false},
                 {"assembly", true, true},
                 {"patrol_point", false, true},
                 {"checkpoint", false, true}};
    char id[VG_ID_TEXT];
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        assert_int_equal(kit_try(k, bank, "sites.fixture_add",
                                 "{\"site\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\"}", k->site,
                                 kinds[i].kind, kinds[i].kind),
                         VG_OK);
        kit_id(k, id);
        char text[64];
        snprintf(text, sizeof text, "\"kind\":\"%s\"", kinds[i].kind);
        assert_non_null(strstr(kit_list(k, bank, "fixtures"), text));
        assert_int_equal(strstr(kit_list(k, police, "fixtures"), text) != NULL, kinds[i].partner);
        assert_int_equal(strstr(kit_list(k, guard, "fixtures"), text) != NULL, kinds[i].guard);
    }
    kit_do(k, "sites.fixture_update", "{\"id\":\"%s\",\"zone\":\"%s\",\"note\":\"cạnh cổng\"}", id,
           k->fence);
    assert_int_equal(
        kit_try(k, NULL, "sites.fixture_update", "{\"id\":\"%s\",\"zone\":\"%s\"}", id, k->site),
        VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void a_post_overlooks_what_is_there(void **state)
{
    (void)state;
    kit *k = kit_world();
    char post[VG_ID_TEXT], camera[VG_ID_TEXT];
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    kit_do(k, "sites.fixture_add",
           "{\"site\":\"%s\",\"kind\":\"camera\",\"name\":\"C1\",\"agency\":\"%s\"}", k->site,
           k->police);
    kit_id(k, camera);
    static const char add[] = "{\"site\":\"%s\",\"name\":\"Vọng gác\",\"overlooks\":[\"%s\"]}";
    assert_int_equal(kit_try(k, bank, "sites.post_add", add, k->site, k->fence), VG_OK);
    kit_id(k, post);
    assert_non_null(strstr(kit_list(k, bank, "posts"), k->fence));
    assert_int_equal(kit_try(k, bank, "sites.post_add", add, k->site, k->site), VG_EINVALID);
    // another agency's camera is not there for who may not know of it
    assert_int_equal(kit_try(k, bank, "sites.post_update", "{\"id\":\"%s\",\"overlooks\":[\"%s\"]}",
                             post, camera),
                     VG_EINVALID);
    assert_int_equal(kit_try(k, bank, "sites.post_update",
                             "{\"id\":\"%s\",\"overlooks\":[\"%s\",\"%s\"],\"special\":true}", post,
                             k->fence, k->vault),
                     VG_OK);
    kit_same_after_rebuild(k);
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_says_where_it_lies),
        cmocka_unit_test(a_fixture_is_known_by_what_it_is),
        cmocka_unit_test(a_post_overlooks_what_is_there),
    };
    return cmocka_run_group_tests_name("domain.sites.register", tests, NULL, NULL);
}
