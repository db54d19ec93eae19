// SPDX-License-Identifier: Apache-2.0
// The picture store: whole or absent, refused when full, gone when its time is over.
#include "core/object.h"

#include "base/clock.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

static const unsigned char KEY[32] = "a key of a node that is not ours", OTHER[32] = "another";
#define T0 (INT64_C(1795000000) * VG_SECOND_US)

typedef struct world {
    char dir[64];
    vg_objects *o;
    vg_err err;
} world;

static int make(void **state)
{
    world *w = vg_alloc(sizeof *w);
    snprintf(w->dir, sizeof w->dir, "/tmp/vonggac-objects-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    const vg_objects_limits max = {.bytes = 5000, .count = 4, .object_bytes = 4000};
    assert_int_equal(vg_objects_open(w->dir, KEY, &max, &w->o, &w->err), VG_OK);
    *state = w;
    return 0;
}

static int end(void **state)
{
    world *w = *state;
    char command[96];
    vg_objects_close(w->o);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    const int gone = system(command);
    free(w);
    return gone;
}

static vg_status put(world *w, const char *text, int64_t until_us, char name[VG_OBJECT_NAME])
{
    w->err = (vg_err){0};
    return vg_object_put(w->o, vg_str_c(text), until_us, name, &w->err);
}

static vg_status get(world *w, const char *name, const char *wanted)
{
    vg_buf b;
    vg_buf_init(&b, VG_OBJECT_BYTES);
    const vg_status st = vg_object_get(w->o, vg_str_c(name), &b, &w->err);
    if (st == VG_OK) {
        assert_true(vg_str_eqc(vg_buf_str(&b), wanted));
    }
    vg_buf_done(&b);
    return st;
}

static void sweep_all(world *w, int64_t now_us)
{
    for (int i = 0; i < 256; i++) {
        vg_objects_sweep(w->o, now_us);
    }
}

static vg_objects_stats figures(world *w)
{
    vg_objects_stats f;
    vg_objects_figures(w->o, &f);
    return f;
}

static void what_was_put_is_read_again(void **state)
{
    world *w = *state;
    char a[VG_OBJECT_NAME], b[VG_OBJECT_NAME], c[VG_OBJECT_NAME];
    assert_int_equal(put(w, "one", T0, a), VG_OK);
    assert_int_equal(put(w, "two", T0, b), VG_OK);
    assert_int_equal(put(w, "one", T0, c), VG_OK);
    assert_string_equal(a, c);
    assert_string_not_equal(a, b);
    assert_int_equal(get(w, a, "one"), VG_OK);
    assert_int_equal(get(w, b, "two"), VG_OK);
    assert_int_equal(figures(w).count, 2);
}

static void another_key_gives_another_name(void **state)
{
    world *w = *state;
    char mine[VG_OBJECT_NAME], other[VG_OBJECT_NAME];
    vg_objects *o = NULL;
    assert_int_equal(put(w, "one", T0, mine), VG_OK);
    assert_int_equal(vg_objects_open(w->dir, OTHER, NULL, &o, &w->err), VG_OK);
    assert_int_equal(vg_object_put(o, VG_S("one"), T0, other, &w->err), VG_OK);
    assert_string_not_equal(mine, other);
    vg_objects_close(o);
}

static void one_picture_can_be_proven(void **state)
{
    world *w = *state;
    char name[VG_OBJECT_NAME], other[VG_OBJECT_NAME], again[VG_OBJECT_NAME];
    unsigned char proof[32], wrong[32];
    assert_int_equal(put(w, "one", T0, name), VG_OK);
    assert_int_equal(put(w, "two", T0, other), VG_OK);
    vg_object_proof(KEY, VG_S("one"), proof);
    vg_object_proof(OTHER, VG_S("one"), wrong);
    vg_object_name(VG_S("one"), proof, again);
    assert_string_equal(name, again);
    vg_object_name(VG_S("one"), wrong, again);
    assert_string_not_equal(name, again);
    vg_object_name(VG_S("two"), proof, again);  // the proof of one says nothing of another
    assert_string_not_equal(other, again);
}

static void what_is_no_name_is_refused(void **state)
{
    world *w = *state;
    static const char *const bad[] = {"",
                                      "..",
                                      "../lock",
                                      "ab",
                                      "ABCDEF0123456789012345678901234567890123",
                                      "abcdef012345678901234567890123456789012/"};
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        assert_int_equal(get(w, bad[i], ""), VG_EINVALID);
    }
    assert_int_equal(get(w, "abcdef0123456789012345678901234567890123", ""), VG_EGONE);
    assert_string_equal(w->err.key, "err.object_gone");
}

static void a_picture_goes_when_its_time_is_over(void **state)
{
    world *w = *state;
    char a[VG_OBJECT_NAME], b[VG_OBJECT_NAME];
    assert_int_equal(put(w, "short", T0 + 10 * VG_SECOND_US, a), VG_OK);
    assert_int_equal(put(w, "long", T0 + 10 * VG_SECOND_US, b), VG_OK);
    assert_int_equal(put(w, "long", T0 + 90 * VG_SECOND_US, b), VG_OK);  // kept longer
    assert_int_equal(put(w, "long", T0 + 20 * VG_SECOND_US, b), VG_OK);  // never shorter
    sweep_all(w, T0);
    assert_int_equal(get(w, a, "short"), VG_OK);
    sweep_all(w, T0 + 30 * VG_SECOND_US);
    assert_int_equal(get(w, a, ""), VG_EGONE);
    assert_int_equal(get(w, b, "long"), VG_OK);
    assert_int_equal(figures(w).count, 1);
    assert_int_equal(figures(w).bytes, 4);
    assert_int_equal(figures(w).swept, 1);
    sweep_all(w, T0 + 100 * VG_SECOND_US);
    assert_int_equal(figures(w).count, 0);
}

static void caps_refuse_and_time_gives_room(void **state)
{
    world *w = *state;
    char name[VG_OBJECT_NAME], text[4100];
    memset(text, 'x', sizeof text);
    text[4001] = 0;
    assert_int_equal(put(w, text, T0, name), VG_ETOOBIG);
    assert_int_equal(put(w, "", T0, name), VG_ETOOBIG);
    text[3000] = 0;
    assert_int_equal(put(w, text, T0, name), VG_OK);
    text[0] = 'y';
    assert_int_equal(put(w, text, T0, name), VG_EFULL);  // bytes
    assert_string_equal(w->err.key, "err.objects_full");
    assert_int_equal(put(w, "1", T0, name), VG_OK);
    assert_int_equal(put(w, "2", T0, name), VG_OK);
    assert_int_equal(put(w, "3", T0, name), VG_OK);
    assert_int_equal(put(w, "4", T0, name), VG_EFULL);   // count
    assert_int_equal(put(w, "3", T0 + 1, name), VG_OK);  // is there already
    sweep_all(w, T0 + VG_SECOND_US);
    assert_int_equal(put(w, "4", T0 + 9 * VG_SECOND_US, name), VG_OK);
    assert_int_equal(figures(w).refused, 2);
}

static void a_full_disk_leaves_nothing_behind(void **state)
{
    world *w = *state;
    char name[VG_OBJECT_NAME], text[3001], path[128];
    struct rlimit old, small;
    memset(text, 'z', sizeof text);
    text[3000] = 0;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 1000;  // the write stops half way, as on a full disk
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const vg_status st = put(w, text, T0, name);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(st, VG_EIO);
    assert_int_equal(figures(w).count, 0);
    assert_int_equal(figures(w).bytes, 0);
    snprintf(path, sizeof path, "%s/new", w->dir);
    DIR *d = opendir(path);
    int files = 0;
    for (const struct dirent *e; (e = readdir(d));) {
        files += e->d_name[0] != '.';
    }
    closedir(d);
    assert_int_equal(files, 0);
    assert_int_equal(put(w, text, T0, name), VG_OK);
}

static void a_start_counts_what_is_there(void **state)
{
    world *w = *state;
    char name[VG_OBJECT_NAME], path[128];
    assert_int_equal(put(w, "one", T0, name), VG_OK);
    snprintf(path, sizeof path, "%s/new/7", w->dir);  // what a crash left
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    vg_objects_close(w->o);
    assert_int_equal(vg_objects_open(w->dir, KEY, NULL, &w->o, &w->err), VG_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    sweep_all(w, T0 - VG_SECOND_US);
    assert_int_equal(figures(w).count, 1);
    assert_int_equal(figures(w).bytes, 3);
    assert_int_equal(get(w, name, "one"), VG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_put_is_read_again, make, end),
        cmocka_unit_test_setup_teardown(another_key_gives_another_name, make, end),
        cmocka_unit_test_setup_teardown(one_picture_can_be_proven, make, end),
        cmocka_unit_test_setup_teardown(what_is_no_name_is_refused, make, end),
        cmocka_unit_test_setup_teardown(a_picture_goes_when_its_time_is_over, make, end),
        cmocka_unit_test_setup_teardown(caps_refuse_and_time_gives_room, make, end),
        cmocka_unit_test_setup_teardown(a_full_disk_leaves_nothing_behind, make, end),
        cmocka_unit_test_setup_teardown(a_start_counts_what_is_there, make, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
