// SPDX-License-Identifier: Apache-2.0
// Tiles: what lies there is given, everything else is not there: other names, other kinds, links, giants.
#include "app/tiles_route.h"
#include "domain/test_kit.h"

#include <fcntl.h>

typedef struct answer {
    bool found;
    size_t n;
} answer;

static answer ask(kit *k, const char *z, const char *x, const char *y)
{
    vg_http_raw raw[VG_RAW_ROUTES];
    vg_tiles_routes(k->core, NULL, raw);
    vg_http_request rq = {.arena = vg_arena_create(1 << 16)};
    vg_http_raw_call call = {.rq = &rq, .param = {vg_str_c(z), vg_str_c(x), vg_str_c(y)}};
    raw[1].fn(raw[1].ctx, &call);
    const answer a = {rq.reply.type && strcmp(rq.reply.type, "image/png") == 0, rq.reply.body.n};
    vg_buf_done(&rq.reply.body);
    vg_arena_destroy(rq.arena);
    return a;
}

static void put(kit *k, const char *name, const char *head, size_t n)
{
    char path[256];
    snprintf(path, sizeof path, "%s/tiles/7/101/%s", k->dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(head, 1, 8, f), 8);
    for (size_t i = 8; i < n; i++) {
        assert_int_equal(fputc('x', f), 'x');
    }
    assert_int_equal(fclose(f), 0);
}

static void test_only_tiles(void **state)
{
    (void)state;
    kit *k = kit_open();
    char path[256], link_path[280];
    static const char png[] = "\x89PNG\r\n\x1a\n";
    for (const char *const *d = (const char *const[]){"tiles", "tiles/7", "tiles/7/101", NULL}; *d;
         d++) {
        snprintf(path, sizeof path, "%s/%s", k->dir, *d);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    put(k, "56.png", png, 900);
    put(k, "57.png", "GIF89a..", 900);
    put(k, "58.png", png, (1 << 20) + 1);
    snprintf(path, sizeof path, "%s/node.key", k->dir);
    snprintf(link_path, sizeof link_path, "%s/tiles/7/101/59.png", k->dir);
    assert_int_equal(symlink(path, link_path), 0);
    snprintf(path, sizeof path, "%s/tiles/7/101/60.png", k->dir);
    assert_int_equal(mkdir(path, 0700), 0);
    const answer good = ask(k, "7", "101", "56");
    assert_true(good.found);
    assert_int_equal(good.n, 900);
    static const char *const bad[][3] = {
        {"7", "101", "57"},    {"7", "101", "58"},   {"7", "101", "59"},
        {"7", "101", "60"},    {"7", "101", "61"},   {"7", "101", "56.png"},
        {"7", "101", "../56"}, {"7", "128", "56"},   {"-7", "101", "56"},
        {"23", "101", "56"},   {"7", "101", ""},     {"7", "101", "0x38"},
        {"7", "..", "56"},     {"7", "101", "56\n"}, {"99999999999999999999", "1", "1"},
    };
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_false(ask(k, bad[i][0], bad[i][1], bad[i][2]).found);
    }
    kit_done(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_only_tiles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
