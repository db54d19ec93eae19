// SPDX-License-Identifier: Apache-2.0
// The spool folder as smsd would read it.
#include "notify/senders.h"

#include "notify/peer_test.h"

#include <dirent.h>
#include <sys/stat.h>

#define ALERT "{\"number\":\"CB-NHNN-0001\",\"urgency\":3,\"site\":\"NHNN\",\"title\":\"Kho tiền\"}"

typedef struct rig {
    node *node;
    vg_arena *a;
    void *spool;
    char folder[400];
} rig;

static void open_spool(rig *r, const char *options)
{
    const char *problem = NULL;
    const vg_link l = {.id = "0123456789abcdef",
                       .name = "s",
                       .address = "tin-nhan",
                       .user = "",
                       .options = options};
    r->spool = vg_sender_sms.open(r->node->core, &l, VG_S(""), &problem);
    assert_non_null(r->spool);
    snprintf(r->folder, sizeof r->folder, "%s/folders/tin-nhan", r->node->dir);
}

static int setup(void **state)
{
    rig *r = vg_alloc(sizeof *r);
    r->node = node_create();
    r->a = vg_arena_create(1 << 20);
    open_spool(r, "{}");
    *state = r;
    return 0;
}

static int teardown(void **state)
{
    rig *r = *state;
    vg_sender_sms.close(r->spool);
    node_destroy(r->node);
    vg_arena_destroy(r->a);
    free(r);
    return 0;
}

static vg_parcel_result send_to(rig *r, const char *kind, const char *to)
{
    const vg_parcel p = {.number = 41,
                         .kind = kind,
                         .to = to,
                         .body = VG_S(ALERT),
                         .created_us = vg_time_civil(2026, 11, 22, 7, 5, 9)};
    vg_parcel_result ret = {0};
    vg_sender_sms.send(r->spool, r->a, &p, 1, &ret);
    return ret;
}

// Files that smsd would take: not those that end in .LOCK, and there must be none of those left.
static int count_files(const rig *r)
{
    DIR *d = opendir(r->folder);
    int n = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        assert_null(strstr(e->d_name, ".LOCK"));
        n += e->d_name[0] != '.';
    }
    closedir(d);
    return n;
}

static size_t read_file(const rig *r, int i, char *out, size_t cap)
{
    char path[500];
    snprintf(path, sizeof path, "%s/vonggac-0123456789abcdef-41-%d", r->folder, i);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    const size_t n = fread(out, 1, cap - 1, f);
    assert_int_equal(fclose(f), 0);
    out[n] = '\0';
    return n;
}

static void each_recipient_has_a_file(void **state)
{
    rig *r = *state;
    char text[1024];
    assert_null(send_to(r, "alert", "+84901234567,0912345678,84987654321").problem);
    assert_int_equal(count_files(r), 3);
    const char *const numbers[] = {"84901234567", "84912345678", "84987654321"};
    for (int i = 0; i < 3; i++) {
        char head[80];
        read_file(r, i, text, sizeof text);
        snprintf(head, sizeof head, "To: %s\nAlphabet: UCS\n\n", numbers[i]);
        assert_memory_equal(text, head, strlen(head));
    }
}

static void the_text_is_ucs2_and_short(void **state)
{
    rig *r = *state;
    char file[1024];
    static const unsigned char bao[] = {0, 'B', 0, 0xe1, 0, 'o', 0, ' ', 0x01, 0x11, 0x1e, 0xd9};
    assert_null(send_to(r, "alert", "84901234567").problem);
    const size_t n = read_file(r, 0, file, sizeof file);
    const char *text = strstr(file, "\n\n") + 2;
    const size_t bytes = n - (size_t)(text - file);
    assert_int_equal(bytes % 2, 0);
    assert_true(bytes / 2 <= 70);
    assert_memory_equal(text, bao, sizeof bao);  // "Báo độ"
}

static void plain_letters_on_wish(void **state)
{
    rig *r = *state;
    char file[1024];
    vg_sender_sms.close(r->spool);
    open_spool(r, "{\"unaccented\":true}");
    assert_null(send_to(r, "alert", "84901234567").problem);
    read_file(r, 0, file, sizeof file);
    assert_string_equal(file, "To: 84901234567\nAlphabet: ISO\n\n"
                              "Bao dong CB-NHNN-0001 (khan cap) 14:05 22/11. Mo vong gac de xem.");
}

static void a_repeat_replaces(void **state)
{
    rig *r = *state;
    assert_null(send_to(r, "alert", "84901234567").problem);
    assert_null(send_to(r, "alert", "84901234567").problem);
    assert_int_equal(count_files(r), 1);
}

static void a_folder_that_is_gone_is_the_links_problem(void **state)
{
    rig *r = *state;
    assert_int_equal(rmdir(r->folder), 0);
    const vg_parcel_result v = send_to(r, "alert", "84901234567");
    assert_string_equal(v.problem, "link.folder");
    assert_false(v.for_good);
    assert_string_equal(vg_sender_sms.idle(r->spool, r->a), "link.folder");
    assert_string_equal(send_to(r, "test", "").problem, "link.folder");
    assert_int_equal(mkdir(r->folder, 0700), 0);
    assert_null(vg_sender_sms.idle(r->spool, r->a));
    assert_null(send_to(r, "test", "").problem);
    assert_int_equal(count_files(r), 0);
}

static void a_folder_that_nobody_empties_too(void **state)
{
    rig *r = *state;
    for (int i = 0; i < 1000; i++) {
        char path[500];
        snprintf(path, sizeof path, "%s/old-%d", r->folder, i);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fclose(f);
    }
    assert_string_equal(send_to(r, "alert", "84901234567").problem, "link.not_emptied");
    assert_int_equal(count_files(r), 1000);
}

static void nobody_to_send_to(void **state)
{
    rig *r = *state;
    const char *const bad[] = {
        "", "ab", "12", "0901234567x", "../../etc/passwd", "12345678901234567"};
    for (size_t i = 0; i < VG_LEN(bad); i++) {
        const vg_parcel_result v = send_to(r, "alert", bad[i]);
        assert_string_equal(v.problem, "link.no_recipient");
        assert_true(v.for_good);
    }
    assert_int_equal(count_files(r), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_recipient_has_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(the_text_is_ucs2_and_short, setup, teardown),
        cmocka_unit_test_setup_teardown(plain_letters_on_wish, setup, teardown),
        cmocka_unit_test_setup_teardown(a_repeat_replaces, setup, teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_gone_is_the_links_problem, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_nobody_empties_too, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_to_send_to, setup, teardown),
    };
    return cmocka_run_group_tests_name("notify.sms_out", tests, NULL, NULL);
}
