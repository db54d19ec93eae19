// SPDX-License-Identifier: Apache-2.0
// Drawings against the real core: a plan saved is the plan read, in layers by secrecy; whoever does not see a layer
// neither reads nor loses it; two editors do not overwrite one another; what is refused says why and where;
// neighbours follow the doors; the fold repeated. The grammar alone: canonical texts, mutations.
#include "base/prop_test.h"
#include "domain/sites/drawing.h"
#include "domain/test_kit.h"

static vg_status save_args(kit *k, vg_principal *who, const char *match, const char *args)
{
    static const vg_principal local = {.kind = VG_P_LOCAL};
    vg_command_call call = {.name = "sites.plan_save",
                            .args = vg_str_c(args),
                            .who = who ? who : &local,
                            .if_match = vg_str_c(match),
                            .id = vg_cmd_random()};
    vg_core_run(k->core, &call);
    snprintf(k->reply, sizeof k->reply, "%.*s", VG_FMT(vg_buf_str(&call.reply)));
    vg_buf_done(&call.reply);
    k->err = call.err;
    return call.st;
}

static vg_status save_as(kit *k, vg_principal *who, const char *drawing, const char *match,
                         const char *elements)
{
    char args[ARGS_MAX];
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"elements\":%s}", drawing, elements);
    return save_args(k, who, match, args);
}

// The answer of GET /drawings/{id}/plan, for one person.
static const char *plan_of(kit *k, vg_principal *who, const char *drawing)
{
    static vg_principal local = {.kind = VG_P_LOCAL};
    static const vg_field fields[] = {{"id", VG_F_ID, VG_IN_PATH}, {NULL}};
    vg_buf b;
    vg_args args = {.fields = fields, .n = 1};
    args.v[0].present = true;
    args.v[0].s = vg_str_c(drawing);
    vg_buf_init(&b, sizeof k->text - 1);
    vg_read rd = {.core = k->core, .who = who ? who : &local, .arena = vg_arena_create(1 << 20)};
    rd.out = vg_jw_on(&b);
    memset(&k->err, 0, sizeof k->err);
    assert_int_equal(vg_reader_take(k->core, who ? who : &local, &rd.db, &k->err), VG_OK);
    const vg_status st = sites_plan(&rd, &args, &k->err);
    vg_reader_give(k->core, rd.db);
    vg_arena_destroy(rd.arena);
    snprintf(k->text, sizeof k->text, "%.*s", VG_FMT(vg_buf_str(&b)));
    vg_buf_done(&b);
    return st == VG_OK ? k->text : "";
}

static void version_of(kit *k, vg_principal *who, const char *drawing, char out[32])
{
    const char *at = strstr(plan_of(k, who, drawing), "\"version\":");
    assert_non_null(at);
    snprintf(out, 32, "\"%lld\"", (long long)strtoll(at + 10, NULL, 10));
}

// The elements of a plan as they are read.
static const char *plan_elements(kit *k, const char *drawing)
{
    static char text[ARGS_MAX];
    const char *at = strstr(plan_of(k, NULL, drawing), "\"elements\":");
    int deep = 0;
    size_t n = 0;
    assert_non_null(at);
    for (at += 11; *at && n + 1 < sizeof text; at++) {
        deep += *at == '[' ? 1 : *at == ']' ? -1 : 0;
        text[n++] = *at;
        if (deep == 0) {
            break;
        }
    }
    text[n] = '\0';
    return text;
}

static void add_drawing(kit *k, char out[VG_ID_TEXT])
{
    kit_do(k, "sites.drawing_add",
           "{\"site\":\"%s\",\"name\":\"Tầng 1\",\"floor\":\"1\",\"level\":0,"
           "\"frame\":{\"width\":40,\"height\":30,\"grid\":0.5}}",
           k->site);
    kit_id(k, out);
}

// Two rooms side by side with a door between, written as text with the ids of the usual world.
static char *two_rooms(kit *k, const char *more)
{
    static char text[ARGS_MAX];
    snprintf(text, sizeof text,
             "[{\"id\":\"a\",\"kind\":\"zone\",\"object\":\"%s\",\"points\":[[0,0],[10,0],[10,10],["
             "0,10]]},"
             "{\"id\":\"b\",\"kind\":\"zone\",\"object\":\"%s\",\"points\":[[10,0],[20,0],[20,10],["
             "10,10]]},"
             "{\"id\":\"w\",\"kind\":\"wall\",\"points\":[[10,0],[10,10]]},"
             "{\"id\":\"d\",\"kind\":\"door\",\"points\":[[10,4],[10,5]]}%s]",
             k->fence, k->vault, more);
    return text;
}

static void test_saved_is_read(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], v[32];
    add_drawing(k, id);
    assert_int_equal(save_as(k, NULL, id, "", two_rooms(k, "")), VG_OK);
    assert_non_null(strstr(k->reply, "\"version\":2"));
    const char *read = plan_of(k, NULL, id);
    assert_non_null(strstr(read, "{\"id\":\"d\",\"kind\":\"door\",\"points\":[[10,4],[10,5]]}"));
    assert_non_null(
        strstr(read, "\"frame\":{\"width\":40,\"height\":30,\"grid\":0.5,\"north\":0}"));
    // the same again is no new version
    version_of(k, NULL, id, v);
    assert_int_equal(save_as(k, NULL, id, v, two_rooms(k, "")), VG_OK);
    assert_non_null(strstr(k->reply, "\"changed\":0"));
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.plan_drawn'"), 1);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_layers_by_secrecy(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], source[VG_ID_TEXT], post[VG_ID_TEXT], more[512], v[32], theirs[32];
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    vg_principal *bank = kit_user(k, "bank", k->bank, "agency_officer", k->site);
    kit_source(k, "1001", k->vault, true, source);
    kit_do(k, "sites.post_add", "{\"site\":\"%s\",\"name\":\"Vọng gác\",\"agency\":\"%s\"}",
           k->site, k->bank);
    kit_id(k, post);
    add_drawing(k, id);
    snprintf(more, sizeof more,
             ",{\"id\":\"cam\",\"kind\":\"camera\",\"object\":\"%s\",\"points\":[[12.345,1]],"
             "\"angle\":45},"
             "{\"id\":\"p\",\"kind\":\"post\",\"object\":\"%s\",\"points\":[[1,1]]}",
             source, post);
    assert_int_equal(save_as(k, bank, id, "", two_rooms(k, more)), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM drawing_layer"), 3);
    assert_non_null(strstr(plan_of(k, bank, id),
                           "\"points\":[[12.35,1]],\"angle\":45,\"view\":90,\"range\":10}"));
    assert_null(strstr(plan_of(k, staff, id), "\"cam\""));
    assert_null(strstr(kit_list(k, staff, "drawing-layers"), "\"cam\""));
    assert_null(strstr(kit_list(k, staff, "events"), "\"cam\""));
    version_of(k, staff, id, theirs);
    // who sees less saves without hurting what he does not see, and his version knows nothing of it
    assert_int_equal(
        save_as(k, staff, id, theirs,
                "[{\"id\":\"n\",\"kind\":\"note\",\"label\":\"Sảnh\",\"points\":[[5,5]]}]"),
        VG_OK);
    assert_non_null(strstr(plan_of(k, bank, id), "\"cam\""));
    assert_null(strstr(plan_of(k, bank, id), "\"door\""));
    version_of(k, staff, id, theirs);
    version_of(k, bank, id, v);
    snprintf(more, sizeof more,
             "[{\"id\":\"p\",\"kind\":\"post\",\"object\":\"%s\",\"points\":[[2,1]]}]", post);
    assert_int_equal(save_as(k, bank, id, v, more), VG_OK);
    assert_null(strstr(plan_of(k, bank, id), "\"cam\""));
    // the bank took the note away too, which the staff sees; the moved post he does not
    version_of(k, bank, id, v);
    version_of(k, staff, id, theirs);
    snprintf(more, sizeof more,
             "[{\"id\":\"p\",\"kind\":\"post\",\"object\":\"%s\",\"points\":[[3,1]]}]", post);
    assert_int_equal(save_as(k, bank, id, v, more), VG_OK);
    assert_int_equal(save_as(k, staff, id, theirs, "[]"), VG_OK);
    // what he may not know of is no different from what is not there
    snprintf(more, sizeof more,
             "[{\"id\":\"p\",\"kind\":\"post\",\"object\":\"%s\",\"points\":[[2,1]]}]", post);
    version_of(k, staff, id, theirs);
    assert_int_equal(save_as(k, staff, id, theirs, more), VG_EINVALID);
    assert_string_equal(k->err.key, "sites.object_elsewhere");
    kit_same_after_rebuild(k);
    kit_done(k);
}

// Cameras, stores and patrol points of the register: each only as what it is, each for whom it is.
static void test_fixtures(void **state)
{
    (void)state;
    static const char *const kinds[] = {"store", "camera", "assembly", "patrol_point",
                                        "checkpoint"};
    kit *k = kit_world();
    char id[VG_ID_TEXT], thing[5][VG_ID_TEXT], text[1024], v[32];
    vg_principal *staff = kit_user(k, "staff", k->police, "staff_officer", "");
    add_drawing(k, id);
    size_t n = 0;
    for (size_t i = 0; i < VG_LEN(kinds); i++) {
        kit_do(k, "sites.fixture_add",
               "{\"site\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\",\"agency\":\"%s\"}", k->site,
               kinds[i], kinds[i], k->bank);
        kit_id(k, thing[i]);
        n += (size_t)snprintf(
            text + n, sizeof text - n,
            "%s{\"id\":\"f%zu\",\"kind\":\"%s\",\"object\":\"%s\",\"points\":[[%zu,1]]}",
            i ? "," : "[", i, kinds[i], thing[i], i + 1);
    }
    snprintf(text + n, sizeof text - n, "]");
    assert_int_equal(save_as(k, NULL, id, "", text), VG_OK);
    assert_null(strstr(plan_of(k, staff, id), thing[0]));
    assert_null(strstr(plan_of(k, staff, id), thing[1]));
    assert_non_null(strstr(plan_of(k, staff, id), thing[2]));
    assert_null(strstr(plan_of(k, staff, id), thing[3]));
    version_of(k, NULL, id, v);
    snprintf(text, sizeof text,
             "[{\"id\":\"c\",\"kind\":\"camera\",\"object\":\"%s\",\"points\":[[1,1]]}]", thing[0]);
    assert_int_equal(save_as(k, NULL, id, v, text), VG_EINVALID);
    kit_do(k, "sites.fixture_update", "{\"id\":\"%s\",\"state\":\"removed\"}", thing[1]);
    snprintf(text, sizeof text,
             "[{\"id\":\"c\",\"kind\":\"camera\",\"object\":\"%s\",\"points\":[[1,1]]}]", thing[1]);
    assert_int_equal(save_as(k, NULL, id, v, text), VG_EINVALID);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_two_editors(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], v[32];
    add_drawing(k, id);
    assert_int_equal(save_as(k, NULL, id, "", two_rooms(k, "")), VG_OK);
    version_of(k, NULL, id, v);
    assert_int_equal(save_as(k, NULL, id, v, "[]"), VG_OK);
    assert_int_equal(save_as(k, NULL, id, v, two_rooms(k, "")), VG_EPRECOND);
    assert_string_equal(k->err.key, "sites.plan_changed");
    assert_int_equal(save_as(k, NULL, id, "", two_rooms(k, "")), VG_EPRECOND);
    assert_string_equal(k->err.key, "sites.plan_version_needed");
    assert_int_equal(save_as(k, NULL, id, "\"x\"", two_rooms(k, "")), VG_EPRECOND);
    // a new picture is a change too
    version_of(k, NULL, id, v);
    kit_do(k, "sites.drawing_picture",
           "{\"id\":\"%s\",\"svg\":\"<svg viewBox='0 0 80 60'><script>x</script><path d='M0 "
           "0'/></svg>\"}",
           id);
    assert_int_equal(save_as(k, NULL, id, v, "[]"), VG_EPRECOND);
    assert_string_equal(kit_text(k, "SELECT svg FROM drawing_image"),
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 80 60\"><path "
                        "d=\"M0 0\"></path></svg>");
    assert_non_null(
        strstr(plan_of(k, NULL, id), "\"picture\":{\"x\":0,\"y\":0,\"width\":40,\"percent\":100}"));
    kit_do(k, "sites.drawing_remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(save_as(k, NULL, id, v, "[]"), VG_ENOTFOUND);
    assert_string_equal(plan_of(k, NULL, id), "");
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_neighbours(void **state)
{
    (void)state;
    kit *k = kit_world();
    char id[VG_ID_TEXT], v[32];
    add_drawing(k, id);
    assert_int_equal(save_as(k, NULL, id, "", two_rooms(k, "")), VG_OK);
    const char *links = kit_list(k, NULL, "zone-links");
    assert_non_null(strstr(links, "\"element\":\"d\",\"kind\":\"door\""));
    assert_non_null(strstr(links, "\"zone_a_name\":\"Hàng rào\""));
    assert_non_null(strstr(links, "\"zone_b_name\":\"Kho tiền\""));
    // a second way is a second link; a moved wall alone changes no neighbours
    version_of(k, NULL, id, v);
    assert_int_equal(
        save_as(k, NULL, id, v,
                two_rooms(k, ",{\"id\":\"o\",\"kind\":\"opening\",\"points\":[[10,7],[10,9]]}")),
        VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM zone_link WHERE state = 'active'"), 2);
    version_of(k, NULL, id, v);
    assert_int_equal(save_as(k, NULL, id, v, "[]"), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM zone_link WHERE state = 'active'"), 0);
    version_of(k, NULL, id, v);
    assert_int_equal(save_as(k, NULL, id, v, two_rooms(k, "")), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM zone_link WHERE state = 'active'"), 1);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.graph_drawn'"), 4);
    kit_do(k, "sites.drawing_remove", "{\"id\":\"%s\"}", id);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM zone_link WHERE state = 'active'"), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

// One room on a floor of this level, with what stands in it.
static void add_floor(kit *k, int level, const char *zone, const char *stairs, char id[VG_ID_TEXT])
{
    char elements[600];
    kit_do(k, "sites.drawing_add",
           "{\"site\":\"%s\",\"name\":\"Tầng %d\",\"level\":%d,"
           "\"frame\":{\"width\":40,\"height\":30,\"grid\":0.5}}",
           k->site, level, level);
    kit_id(k, id);
    snprintf(elements, sizeof elements,
             "[{\"id\":\"a\",\"kind\":\"zone\",\"object\":\"%s\",\"points\":[[0,0],[10,0],"
             "[10,10],[0,10]]}%s]",
             zone, stairs);
    assert_int_equal(save_as(k, NULL, id, "", elements), VG_OK);
}

#define STAIR(id, kind, name) \
    ",{\"id\":\"" id "\",\"kind\":\"" kind "\",\"label\":\"" name "\",\"points\":[[5,5]]}"
#define FLOOR_LINKS \
    "SELECT count(*) FROM zone_link WHERE state = 'active' AND drawing_b IS NOT NULL"

static void test_floors_joined(void **state)
{
    (void)state;
    kit *k = kit_world();
    char ground[VG_ID_TEXT], first[VG_ID_TEXT], second[VG_ID_TEXT], hall[VG_ID_TEXT], v[32];
    kit_do(k, "sites.zone_add", "{\"site\":\"%s\",\"name\":\"Sảnh tầng 2\",\"class\":\"public\"}",
           k->site);
    kit_id(k, hall);
    add_floor(k, 0, k->fence, STAIR("s", "stair", "Cầu thang A") STAIR("l", "lift", "Thang máy 1"),
              ground);
    assert_int_equal(kit_int(k, FLOOR_LINKS), 0);
    // the same name, however it is written; a lift of another name, and a stair that stands in no zone, join nothing
    add_floor(k, 1, k->vault,
              STAIR("s", "stair", "CẦU THANG  A")
                  STAIR("l", "lift", "Thang máy 2") ",{\"id\":\"o\",\"kind\":\"stair\",\"label\":"
                                                    "\"Thang B\",\"points\":[[20,20]]}",
              first);
    assert_int_equal(kit_int(k, FLOOR_LINKS), 1);
    assert_non_null(strstr(kit_list(k, NULL, "zone-links"), "\"kind\":\"stair\""));
    // a stair passes the floor between, a lift does not stop there
    add_floor(k, 2, hall, STAIR("s", "stair", "Cầu thang A") STAIR("l", "lift", "Thang máy 1"),
              second);
    assert_int_equal(kit_int(k, FLOOR_LINKS " AND kind = 'stair'"), 2);
    assert_int_equal(kit_int(k, FLOOR_LINKS " AND kind = 'lift'"), 1);
    // saving a plan again says nothing new; moving the stair out of the zone takes the links away
    version_of(k, NULL, first, v);
    const int64_t drawn = kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.graph_drawn'");
    assert_int_equal(save_as(k, NULL, first, v, plan_elements(k, first)), VG_OK);
    assert_int_equal(kit_int(k, "SELECT count(*) FROM event WHERE kind = 'sites.graph_drawn'"),
                     drawn);
    // with the floor between gone, the stair joins what is left
    kit_do(k, "sites.drawing_remove", "{\"id\":\"%s\"}", first);
    assert_int_equal(kit_int(k, FLOOR_LINKS " AND kind = 'stair'"), 1);
    version_of(k, NULL, second, v);
    assert_int_equal(save_as(k, NULL, second, v, "[]"), VG_OK);
    assert_int_equal(kit_int(k, FLOOR_LINKS), 0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_a_floor_put_between(void **state)
{
    (void)state;
    kit *k = kit_world();
    char low[VG_ID_TEXT], high[VG_ID_TEXT], mid[VG_ID_TEXT], hall[VG_ID_TEXT], v[32];
    char elements[ARGS_MAX], args[ARGS_MAX];
    kit_do(k, "sites.zone_add", "{\"site\":\"%s\",\"name\":\"Sảnh\",\"class\":\"public\"}",
           k->site);
    kit_id(k, hall);
    add_floor(k, 0, k->fence, STAIR("s", "stair", "A"), low);
    add_floor(k, 3, k->vault, STAIR("s", "stair", "A"), high);
    add_floor(k, 5, hall, STAIR("s", "stair", "A"), mid);
    assert_int_equal(kit_int(k, FLOOR_LINKS), 2);
    // its level is told anew: it lies between the others now, and they are no neighbours any more
    snprintf(elements, sizeof elements, "%s", plan_elements(k, mid));
    version_of(k, NULL, mid, v);
    snprintf(args, sizeof args, "{\"id\":\"%s\",\"level\":1,\"elements\":%s}", mid, elements);
    assert_int_equal(save_args(k, NULL, v, args), VG_OK);
    assert_int_equal(kit_int(k, FLOOR_LINKS), 2);
    assert_int_equal(kit_int(k, FLOOR_LINKS " AND zone_a <> (SELECT id FROM zone WHERE name ="
                                            " 'Sảnh') AND zone_b <> (SELECT id FROM zone WHERE"
                                            " name = 'Sảnh')"),
                     0);
    kit_same_after_rebuild(k);
    kit_done(k);
}

static void test_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *element, *field, *key;
    } CASES[] = {
        {"{\"id\":\"x\",\"kind\":\"tunnel\",\"points\":[[1,1]]}", "elements[4].kind",
         "sites.plan_kind"},
        {"{\"id\":\"x\",\"kind\":\"note\",\"label\":\"a\",\"points\":[[1,1]],\"svg\":1}",
         "elements[4].kind", "sites.plan_kind"},
        {"{\"id\":\"X\",\"kind\":\"note\",\"label\":\"a\",\"points\":[[1,1]]}", "elements[4].id",
         "sites.plan_id"},
        {"{\"id\":\"w\",\"kind\":\"note\",\"label\":\"a\",\"points\":[[1,1]]}", "elements[4].id",
         "sites.plan_id"},
        {"{\"id\":\"x\",\"kind\":\"note\",\"points\":[[1,1]]}", "elements[4].label",
         "sites.plan_label"},
        {"{\"id\":\"x\",\"kind\":\"wall\",\"points\":[[1,1]]}", "elements[4].points",
         "sites.plan_points"},
        {"{\"id\":\"x\",\"kind\":\"door\",\"points\":[[1,1],[2,2],[3,3]]}", "elements[4].points",
         "sites.plan_points"},
        {"{\"id\":\"x\",\"kind\":\"wall\",\"points\":[[1,1],[1,1]]}", "elements[4].points",
         "sites.plan_no_length"},
        {"{\"id\":\"x\",\"kind\":\"wall\",\"points\":[[1,1],[40.02,1]]}", "elements[4].points",
         "sites.plan_outside"},
        {"{\"id\":\"x\",\"kind\":\"wall\",\"points\":[[1,1],[null,1]]}", "elements[4].points",
         "sites.plan_outside"},
        {"{\"id\":\"x\",\"kind\":\"wall\",\"points\":[[1,1],[1e300,1]]}", "elements[4].points",
         "sites.plan_outside"},
        {"{\"id\":\"x\",\"kind\":\"zone\",\"object\":\"0000000000000000\",\"points\":[[0,0],[9,9],["
         "9,0],[0,9]]}",
         "elements[4].points", "sites.plan_crossing"},
        {"{\"id\":\"x\",\"kind\":\"zone\",\"object\":\"0000000000000000\",\"points\":[[0,0],[0.1,0]"
         ",[0.1,0.1]]}",
         "elements[4].points", "sites.plan_small"},
        {"{\"id\":\"x\",\"kind\":\"zone\",\"points\":[[0,0],[9,0],[9,9]]}", "elements[4].object",
         "sites.plan_object"},
        {"{\"id\":\"x\",\"kind\":\"zone\",\"object\":\"0000000000000000\",\"points\":[[0,0],[9,0],["
         "9,9]]}",
         "elements[4].object", "sites.object_elsewhere"},
        {"{\"id\":\"x\",\"kind\":\"camera\",\"object\":\"0000000000000000\",\"points\":[[1,1]],"
         "\"view\":361}",
         "elements[4].view", "sites.plan_view"},
        {"{\"id\":\"x\",\"kind\":\"source\",\"object\":\"0000000000000000\",\"points\":[[1,1]]},"
         "{\"id\":\"y\",\"kind\":\"camera\",\"object\":\"0000000000000000\",\"points\":[[2,1]]}",
         "elements[5].object", "sites.plan_twice"},
        {"7", "elements[4].kind", "sites.plan_kind"},
    };
    kit *k = kit_world();
    char id[VG_ID_TEXT], more[512];
    add_drawing(k, id);
    for (size_t i = 0; i < VG_LEN(CASES); i++) {
        snprintf(more, sizeof more, ",%s", CASES[i].element);
        assert_int_equal(save_as(k, NULL, id, "", two_rooms(k, more)), VG_EINVALID);
        assert_string_equal(k->err.field, CASES[i].field);
        assert_string_equal(k->err.key, CASES[i].key);
    }
    static const char *const FRAMES[] = {"{\"width\":0.5,\"height\":9}",
                                         "{\"width\":9}",
                                         "[]",
                                         "{\"width\":9,\"height\":2001}",
                                         "{\"width\":9,\"height\":9,\"h\":1}",
                                         "{\"width\":9,\"height\":9,\"picture\":{\"x\":1}}"};
    for (size_t i = 0; i < VG_LEN(FRAMES); i++) {
        assert_int_equal(kit_try(k, NULL, "sites.drawing_add",
                                 "{\"site\":\"%s\",\"name\":\"x\",\"frame\":%s}", k->site,
                                 FRAMES[i]),
                         VG_EINVALID);
    }
    assert_int_equal(kit_int(k, "SELECT count(*) FROM drawing_layer"), 0);
    kit_done(k);
}

static void test_place_on_the_map(void **state)
{
    (void)state;
    kit *k = kit_world();
    kit_do(k, "sites.site_place", "{\"id\":\"%s\",\"lat\":21.028511,\"lon\":105.8}", k->site);
    assert_non_null(
        strstr(kit_list(k, NULL, "site-positions"), "\"lat\":21.028511,\"lon\":105.800000"));
    assert_int_equal(
        kit_try(k, NULL, "sites.site_place", "{\"id\":\"%s\",\"lat\":91,\"lon\":1}", k->site),
        VG_EINVALID);
    assert_int_equal(kit_try(k, NULL, "sites.site_place", "{\"id\":\"%s\",\"lat\":9}", k->site),
                     VG_EINVALID);
    kit_do(k, "sites.site_place", "{\"id\":\"%s\"}", k->site);
    assert_non_null(strstr(kit_list(k, NULL, "site-positions"), "\"lat\":null"));
    kit_same_after_rebuild(k);
    kit_done(k);
}

// --- the grammar alone ----------------------------------------------------------------------------
static void random_elements(vg_prop *g, vg_buf *b, size_t n)
{
    static const char *const kinds[] = {"wall", "barrier", "door", "opening"};
    vg_buf_ch(b, '[');
    for (size_t i = 0; i < n; i++) {
        const size_t kind = vg_prop_below(g, 4), corners = kind < 2 ? 2 + vg_prop_below(g, 6) : 2;
        vg_buf_f(b, "%s{\"id\":\"e%zu\",\"kind\":\"%s\",\"points\":[", i ? "," : "", i,
                 kinds[kind]);
        for (size_t c = 0; c < corners; c++) {  // ever further right: never twice in one place
            vg_buf_f(b, "%s[%zu.%03u,%u.%02u]", c ? "," : "", c * 5,
                     (unsigned)vg_prop_below(g, 1000), (unsigned)vg_prop_below(g, 30),
                     (unsigned)vg_prop_below(g, 100));
        }
        vg_buf_c(b, "]}");
    }
    vg_buf_ch(b, ']');
}

static void write_all(const plan *p, vg_buf *b)
{
    vg_jw w = vg_jw_on(b);
    vg_jw_open(&w, '[');
    for (size_t i = 0; i < p->n; i++) {
        plan_write(&w, &p->v[i]);
    }
    vg_jw_close(&w, ']');
}

// What is written reads back to the same text; a text cut or bent anywhere is read or refused, never more.
static void test_canonical(void **state)
{
    (void)state;
    vg_prop g = vg_prop_seed("plan");
    const plan_frame f = {5000, 3000, .grid_cm = 50};
    for (int i = 0; i < 400; i++) {
        vg_arena *a = vg_arena_create(8 << 20);
        vg_buf in, once, twice;
        plan p, q;
        vg_err err = {0};
        vg_buf_init(&in, PLAN_BYTES_MAX);
        vg_buf_init(&once, PLAN_BYTES_MAX);
        vg_buf_init(&twice, PLAN_BYTES_MAX);
        random_elements(&g, &in, 1 + vg_prop_below(&g, 20));
        assert_int_equal(plan_read(a, vg_buf_str(&in), &f, &p, &err), VG_OK);
        write_all(&p, &once);
        assert_int_equal(plan_read(a, vg_buf_str(&once), &f, &q, &err), VG_OK);
        write_all(&q, &twice);
        assert_int_equal(once.n, twice.n);
        assert_memory_equal(once.p, twice.p, once.n);
        for (int m = 0; m < 20; m++) {
            in.p[vg_prop_below(&g, in.n)] = (char)vg_prop_below(&g, 256);
            const vg_status st = plan_read(a, vg_buf_str(&in), &f, &q, &err);
            assert_true(st == VG_OK || st == VG_EINVALID || st == VG_ETOOBIG);
        }
        vg_buf_done(&in);
        vg_buf_done(&once);
        vg_buf_done(&twice);
        vg_arena_destroy(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saved_is_read),
        cmocka_unit_test(test_layers_by_secrecy),
        cmocka_unit_test(test_fixtures),
        cmocka_unit_test(test_two_editors),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_floors_joined),
        cmocka_unit_test(test_a_floor_put_between),
        cmocka_unit_test(test_refused_in_words),
        cmocka_unit_test(test_place_on_the_map),
        cmocka_unit_test(test_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
